#include "choice.h"

#include "clock.h"

#include <glpk.h>
#include <stdlib.h>
#include <string.h>

enum { TURNS = 6 /* of cutting */, MOST = 4000 /* rounds decided upon */ };

static const double BROKEN = 0.05, SMALLEST_GAIN = 1e-6;

/* One programme: columns are sites, then rounds; rows are stops, then sites, then what was cut. */
struct choice {
	struct arena *a;
	const struct vrp *v;
	const struct pooled *const *list;
	size_t count;
	glp_prob *lp;
	double deadline;
	const volatile sig_atomic_t *stop;
};

static void free_problem(void *lp)
{
	glp_delete_prob(lp);
}

static int column_of(const struct choice *c, size_t n)
{
	return (int)(c->v->depots + n + 1);
}

static int stop_row(const struct choice *c, size_t place)
{
	return (int)(place - c->v->depots + 1);
}

static int site_row(const struct choice *c, size_t site)
{
	return (int)(c->v->places - c->v->depots + site + 1);
}

static void add_round(struct choice *c, size_t n)
{
	const struct pooled *r = c->list[n];
	int row[UINT8_MAX + 2], k = 0;
	double value[UINT8_MAX + 2];
	for (size_t p = 0; p < r->size; p++) {
		row[++k] = stop_row(c, r->visit[p]);
		value[k] = 1;
	}
	row[++k] = site_row(c, r->type);
	value[k] = r->load;
	int j = column_of(c, n);
	glp_set_col_bnds(c->lp, j, GLP_LO, 0, 0);
	glp_set_obj_coef(c->lp, j, r->cost);
	glp_set_mat_col(c->lp, j, k, row, value);
}

static void begin(struct choice *c)
{
	const struct vrp *v = c->v;
	glp_term_out(GLP_OFF);
	c->lp = glp_create_prob();
	arena_defer(c->a, free_problem, c->lp);
	glp_add_rows(c->lp, (int)v->places);
	glp_add_cols(c->lp, (int)(v->depots + c->count));
	for (size_t i = v->depots; i < v->places; i++)
		glp_set_row_bnds(c->lp, stop_row(c, i), GLP_LO, 1, 0);
	for (size_t d = 0; d < v->depots; d++) {
		int row[2] = {0, site_row(c, d)};
		double room[2] = {0, -v->sites[d].room};
		glp_set_row_bnds(c->lp, row[1], GLP_UP, 0, 0);
		glp_set_col_bnds(c->lp, (int)d + 1, GLP_DB, 0, 1);
		glp_set_obj_coef(c->lp, (int)d + 1, v->sites[d].fixed);
		glp_set_mat_col(c->lp, (int)d + 1, 1, row, room);
	}
	for (size_t n = 0; n < c->count; n++)
		add_round(c, n);
}

static bool solve(struct choice *c)
{
	glp_smcp how;
	glp_init_smcp(&how);
	how.msg_lev = GLP_MSG_OFF;
	how.meth = GLP_DUALP;
	how.tm_lim = (int)fmin(1e9, fmax(1, 1000 * (c->deadline - clock_seconds())));
	return !glp_simplex(c->lp, &how) && glp_get_status(c->lp) == GLP_OPT;
}

static bool visits(const struct pooled *r, uint32_t stop)
{
	for (size_t p = 0; p < r->size; p++)
		if (r->visit[p] == stop)
			return true;
	return false;
}

/* A stop is served from a site no more than the site is open. */
static bool cut(struct choice *c)
{
	const struct vrp *v = c->v;
	double *served = arena_array(c->a, double, v->places * v->depots);
	int *column = arena_array(c->a, int, c->count + 2);
	double *one = arena_array(c->a, double, c->count + 2);
	bool is_cut = false;
	for (size_t n = 0; n < c->count; n++) {
		const struct pooled *r = c->list[n];
		double y = glp_get_col_prim(c->lp, column_of(c, n));
		for (size_t p = 0; y > 1e-9 && p < r->size; p++)
			served[r->visit[p] * v->depots + r->type] += y;
	}
	for (uint32_t i = (uint32_t)v->depots; i < v->places; i++)
		for (size_t d = 0; d < v->depots; d++) {
			double z = glp_get_col_prim(c->lp, (int)d + 1);
			if (served[i * v->depots + d] <= z + BROKEN)
				continue;
			int k = 0;
			for (size_t n = 0; n < c->count; n++)
				if (c->list[n]->type == d && visits(c->list[n], i)) {
					column[++k] = column_of(c, n);
					one[k] = 1;
				}
			column[++k] = (int)d + 1;
			one[k] = -1;
			int row = glp_add_rows(c->lp, 1);
			glp_set_row_bnds(c->lp, row, GLP_UP, 0, 0);
			glp_set_mat_row(c->lp, row, k, column, one);
			is_cut = true;
		}
	return is_cut;
}

static int by_key(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* Those that the gap cannot leave out; their columns are deleted from the programme too. */
static void narrow(struct choice *c, double gap)
{
	double *reduced = arena_array(c->a, double, c->count), *sorted;
	for (size_t n = 0; n < c->count; n++)
		reduced[n] = glp_get_col_dual(c->lp, column_of(c, n));
	if (c->count > MOST) {
		sorted = arena_array(c->a, double, c->count);
		memcpy(sorted, reduced, c->count * sizeof *sorted);
		qsort(sorted, c->count, sizeof *sorted, by_key);
		gap = fmin(gap, sorted[MOST]);
	}
	const struct pooled **kept = arena_array(c->a, const struct pooled *, c->count);
	int *gone = arena_array(c->a, int, c->count + 1), out = 0;
	size_t count = 0;
	for (size_t n = 0; n < c->count; n++)
		if (reduced[n] <= gap)
			kept[count++] = c->list[n];
		else
			gone[++out] = column_of(c, n);
	if (out)
		glp_del_cols(c->lp, out, gone);
	c->list = kept;
	c->count = count;
}

static void end_when_asked(glp_tree *tree, void *info)
{
	const struct choice *c = info;
	if (c->stop && *c->stop)
		glp_ios_terminate(tree);
}

/* The rounds chosen; a stop that two of them visit stays in the first. */
static void lay_out(const struct choice *c, struct layout *x)
{
	layout_clear(x, x->opening);
	for (size_t n = 0; n < c->count; n++) {
		const struct pooled *r = c->list[n];
		if (glp_mip_col_val(c->lp, column_of(c, n)) < 0.5)
			continue;
		uint32_t loop = 0, after = UINT32_MAX;
		for (size_t p = 0; p < r->size; p++) {
			uint32_t stop = r->visit[p];
			if (x->of[stop] != LAYOUT_ABSENT)
				continue;
			if (after == UINT32_MAX)
				loop = layout_begin_loop(x, r->type, stop);
			else
				layout_insert(x, loop, after, stop);
			after = stop;
		}
	}
}

static void decide(struct choice *c, double most)
{
	for (size_t k = 0; k < c->v->depots + c->count; k++)
		glp_set_col_kind(c->lp, (int)k + 1, GLP_BV);
	glp_iocp how;
	glp_init_iocp(&how);
	how.br_tech = GLP_BR_PCH;
	how.msg_lev = GLP_MSG_OFF;
	how.presolve = GLP_ON;
	how.tm_lim = (int)fmin(1e9, fmax(1, 1000 * (c->deadline - clock_seconds())));
	how.cb_func = end_when_asked;
	how.cb_info = c;
	/* Only what is better counts. */
	int columns = (int)(c->v->depots + c->count), i = glp_add_rows(c->lp, 1);
	int *column = arena_array(c->a, int, (size_t)columns + 1);
	double *cost = arena_array(c->a, double, (size_t)columns + 1);
	for (int k = 1; k <= columns; k++) {
		column[k] = k;
		cost[k] = glp_get_obj_coef(c->lp, k);
	}
	glp_set_row_bnds(c->lp, i, GLP_UP, 0, most);
	glp_set_mat_row(c->lp, i, columns, column, cost);
	glp_intopt(c->lp, &how);
}

bool choice_make(struct arena *a, const struct pool *p, struct layout *best, double deadline,
	const volatile sig_atomic_t *stop)
{
	struct choice c = {.a = a, .v = p->v, .deadline = deadline, .stop = stop};
	const struct pooled **list = arena_array(a, const struct pooled *, p->count);
	for (size_t n = 0; n < p->count; n++)
		if (p->list[n].size <= UINT8_MAX)
			list[c.count++] = &p->list[n];
	c.list = list;
	if (!c.count || best->absents)
		return false;
	begin(&c);
	bool is_solved = solve(&c);
	for (size_t n = 0; n < TURNS && is_solved && cut(&c); n++)
		is_solved = solve(&c);
	if (!is_solved)
		return false;
	double cost = layout_cost(best), gain = fmax(SMALLEST_GAIN, p->v->grain);
	double gap = cost - gain - glp_get_obj_val(c.lp);
	if (gap < 0)
		return false;
	narrow(&c, gap);
	decide(&c, cost - gain);
	int status = glp_mip_status(c.lp);
	if (status != GLP_OPT && status != GLP_FEAS)
		return false;
	struct layout found;
	layout_init(&found, a, p->v);
	found.opening = best->opening;
	lay_out(&c, &found);
	if (layout_cost(&found) >= cost)
		return false;
	layout_copy(best, &found);
	return true;
}
