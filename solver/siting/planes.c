#include "planes.h"

#include <glpk.h>
#include <math.h>
#include <string.h>

enum { PLANES_MAX = 2000 };

/* A breath of cost keeps prices that change nothing at zero. */
static const double BREATH = 1e-9;

/* cost + mu g of a plan, at any mu. */
struct plane {
	double cost;
	const double *excess; /* [limit] */
};

struct planes {
	struct arena *arena;
	size_t limits, count;
	struct plane plane[PLANES_MAX];
};

struct planes *planes_new(struct arena *a, size_t limits)
{
	struct planes *ps = arena_alloc(a, sizeof *ps);
	ps->arena = a;
	ps->limits = limits;
	return ps;
}

void planes_add(struct planes *ps, double cost, const double *excess)
{
	if (ps->count == PLANES_MAX)
		return;
	double *own = arena_array(ps->arena, double, ps->limits);
	memcpy(own, excess, ps->limits * sizeof *own);
	ps->plane[ps->count++] = (struct plane){cost, own};
}

/* One for which the program is well scaled. */
static double largest_cost(const struct planes *ps)
{
	double size = 1;
	for (size_t p = 0; p < ps->count; p++)
		size = fmax(size, fabs(ps->plane[p].cost));
	return size;
}

static void release(void *lp)
{
	glp_delete_prob(lp);
}

bool planes_top(const struct planes *ps, const struct price_box *box, double *mu, double *height)
{
	struct arena *scratch = arena_new();
	glp_prob *lp = glp_create_prob();
	arena_defer(scratch, release, lp);
	int limits = (int)ps->limits;
	int *index = arena_array(scratch, int, ps->limits + 2);
	double *value = arena_array(scratch, double, ps->limits + 2), size = largest_cost(ps);
	glp_set_obj_dir(lp, GLP_MAX);
	glp_add_cols(lp, limits + 1);
	for (int n = 0; n < limits; n++) {
		double at = box->centre[n] / box->unit[n], low = fmax(0, at - box->radius);
		glp_set_col_bnds(lp, n + 1, GLP_DB, low, at + box->radius);
		glp_set_obj_coef(lp, n + 1, -BREATH);
	}
	glp_set_col_bnds(lp, limits + 1, GLP_FR, 0, 0);
	glp_set_obj_coef(lp, limits + 1, 1);
	glp_add_rows(lp, (int)ps->count);
	for (size_t p = 0; p < ps->count; p++) {
		int filled = 0;
		for (int n = 0; n < limits; n++)
			if (ps->plane[p].excess[n] != 0) {
				index[++filled] = n + 1;
				value[filled] = -ps->plane[p].excess[n] * box->unit[n] / size;
			}
		index[++filled] = limits + 1;
		value[filled] = 1;
		glp_set_row_bnds(lp, (int)p + 1, GLP_UP, 0, ps->plane[p].cost / size);
		glp_set_mat_row(lp, (int)p + 1, filled, index, value);
	}
	glp_smcp o;
	glp_init_smcp(&o);
	o.msg_lev = GLP_MSG_OFF;
	bool is_found = !glp_simplex(lp, &o) && glp_get_status(lp) == GLP_OPT;
	for (int n = 0; n < limits && is_found; n++)
		mu[n] = fmax(0, glp_get_col_prim(lp, n + 1)) * box->unit[n];
	*height = glp_get_col_prim(lp, limits + 1) * size;
	arena_free(scratch);
	return is_found;
}
