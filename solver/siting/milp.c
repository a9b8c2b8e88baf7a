#include "milp.h"

#include "clock.h"
#include "program.h"
#include "reroute.h"

#include <math.h>

enum { CELLS_MAX = 2000 }; /* assignment variables */

bool milp_is_small(const struct model *m)
{
	return program_cells(m) <= CELLS_MAX;
}

struct watch {
	const struct engine_options *options;
	double start, bound;
	int nodes;
};

static double best_cost(glp_tree *tree)
{
	glp_prob *lp = glp_ios_get_prob(tree);
	return glp_mip_status(lp) == GLP_FEAS || glp_mip_status(lp) == GLP_OPT ? glp_mip_obj_val(lp)
									       : INFINITY;
}

static void watch_tree(glp_tree *tree, void *context)
{
	struct watch *w = context;
	const struct engine_options *o = w->options;
	int node = glp_ios_best_node(tree);
	glp_ios_tree_size(tree, NULL, NULL, &w->nodes);
	if (node)
		w->bound = fmax(w->bound, glp_ios_node_bound(tree, node));
	if (o->progress && glp_ios_reason(tree) == GLP_ISELECT) {
		struct progress p = {
			clock_seconds() - w->start, w->bound, best_cost(tree), "recherche exacte"};
		o->progress(o->context, &p);
	}
	if (o->stop && *o->stop)
		glp_ios_terminate(tree);
}

static void read_levels(const struct program *b, struct plan *plan)
{
	const struct model *m = b->m;
	for (size_t j = 0; j < m->sites; j++)
		for (size_t k = 0; k < m->flows; k++) {
			const struct line *line = model_line(m, j, k);
			for (size_t t = 0; t < m->years && program_is_free(line); t++) {
				plan_level(m, plan, j, k)[t] = LEVEL_NONE;
				for (int l = 0; l < line->levels; l++) {
					size_t at = (line->first + (size_t)l) * m->years + t;
					if (glp_mip_col_val(b->lp, b->y[at]) > 0.5)
						plan_level(m, plan, j, k)[t] = l;
				}
			}
		}
}

/* With a single site a point, what goes where is GLPK's decision too: no transport comes after. */
static void read_shipments(struct arena *a, const struct program *b, struct plan *plan)
{
	const struct model *m = b->m;
	plan->shipment_count = 0;
	plan->shipments = arena_array(a, struct shipment, m->flows * m->years * m->points);
	for (size_t k = 0; k < m->flows; k++)
		for (size_t t = 0; t < m->years; t++)
			for (size_t i = 0; i < m->points; i++)
				for (size_t j = 0; j < m->sites; j++) {
					int x = b->x[program_x(m, i, j, k, t)];
					if (x && glp_mip_col_val(b->lp, x) > 0.5)
						plan->shipments[plan->shipment_count++] =
							(struct shipment){(uint32_t)k, (uint32_t)t,
								(uint32_t)i, (uint32_t)j,
								model_tonnes(m, k, t)[i]};
				}
	plan->cost = plan_cost(m, plan);
}

/* What a unit more of each limit would save in the linear relaxation: where the prices of a bound begin. */
static const double *read_limit_prices(struct arena *a, const struct program *b)
{
	double *mu = arena_array(a, double, b->m->limit_count);
	for (size_t n = 0; n < b->m->limit_count; n++)
		mu[n] = fabs(glp_get_row_dual(b->lp, b->limit_row[n]));
	return mu;
}

bool milp_solve(struct arena *a, const struct model *m, const struct engine_options *o,
	struct answer *out, struct err *e)
{
	struct watch watch = {.options = o, .start = clock_seconds(), .bound = -INFINITY};
	double cpu = clock_cpu_seconds();
	glp_term_out(GLP_OFF);
	struct program b = program_make(a, m);
	double spent = clock_seconds() - watch.start;
	int limit_ms = o->time_limit_s > 0
			       ? (int)fmin(INT32_MAX, fmax(1, 1000 * (o->time_limit_s - spent)))
			       : INT32_MAX;

	*out = (struct answer){.status = ANSWER_UNKNOWN,
		.bound = -INFINITY,
		.certified = -INFINITY,
		.gap = INFINITY};
	glp_smcp simplex;
	glp_init_smcp(&simplex);
	simplex.presolve = GLP_ON;
	simplex.meth = GLP_DUALP;
	simplex.tm_lim = limit_ms;
	int failed = glp_simplex(b.lp, &simplex);
	if (failed == GLP_ENOPFS || glp_get_status(b.lp) == GLP_NOFEAS)
		out->status = ANSWER_INFEASIBLE;
	if (!failed && glp_get_status(b.lp) == GLP_OPT) {
		watch.bound = glp_get_obj_val(b.lp);
		if (m->limit_count)
			out->certificate.limits = read_limit_prices(a, &b);
		glp_iocp search;
		glp_init_iocp(&search);
		search.br_tech = GLP_BR_PCH;
		search.bt_tech = GLP_BT_BLB;
		search.mir_cuts = GLP_ON;
		search.cov_cuts = GLP_ON;
		search.fp_heur = GLP_ON;
		search.mip_gap = o->gap;
		search.tm_lim = (int)fmax(1, limit_ms - 1000 * (clock_seconds() - watch.start));
		search.cb_func = watch_tree;
		search.cb_info = &watch;
		failed = glp_intopt(b.lp, &search);
		if (glp_mip_status(b.lp) == GLP_NOFEAS)
			out->status = ANSWER_INFEASIBLE;
	}
	int status = glp_mip_status(b.lp);
	if (out->status == ANSWER_INFEASIBLE) {
		out->bound = INFINITY;
	} else if (status == GLP_OPT || status == GLP_FEAS) {
		out->plan = plan_status_quo(a, m);
		read_levels(&b, &out->plan);
		if (m->is_single_sourced)
			read_shipments(a, &b, &out->plan);
		else if (!reroute(a, m, &out->plan, &(struct reroute_options){0}))
			return err_set(e, ERR_SYSTEM, "le plan de GLPK ne passe pas le transport");
		/* With a gap allowed, GLPK says optimal without a bound of its own. */
		if (status == GLP_OPT && !failed && o->gap == 0)
			watch.bound = glp_mip_obj_val(b.lp);
		out->bound = fmin(watch.bound, out->plan.cost.total);
		double cost = out->plan.cost.total;
		out->gap = cost > out->bound ? (cost - out->bound) / fabs(cost) : 0;
		out->status = out->gap <= o->gap + 1e-9 ? ANSWER_OPTIMAL : ANSWER_FEASIBLE;
	} else {
		out->bound = watch.bound;
	}
	out->nodes = watch.nodes > 0 ? watch.nodes : 1;
	out->seconds = clock_seconds() - watch.start;
	out->cpu_seconds = clock_cpu_seconds() - cpu;
	return true;
}

/* The column by which all limits of a kind give way together, the only one that costs anything. */
static int add_excess(struct program *b, struct arena *a, enum limit_kind kind)
{
	int *row = arena_array(a, int, b->m->limit_count + 1), filled = 0;
	double *value = arena_array(a, double, b->m->limit_count + 1);
	for (int c = 1; c <= glp_get_num_cols(b->lp); c++)
		glp_set_obj_coef(b->lp, c, 0);
	for (size_t n = 0; n < b->m->limit_count; n++) {
		if (b->m->limits[n].kind != kind)
			continue;
		row[++filled] = b->limit_row[n];
		value[filled] = glp_get_row_type(b->lp, b->limit_row[n]) == GLP_LO ? 1 : -1;
	}
	int column = program_add_column(b, GLP_CV, 0, INFINITY, 1);
	glp_set_mat_col(b->lp, column, filled, row, value);
	return column;
}

bool milp_least_excess(const struct model *m, enum limit_kind kind, double seconds, double *excess)
{
	struct arena *a = arena_new();
	glp_smcp simplex;
	glp_iocp search;
	glp_term_out(GLP_OFF);
	struct program b = program_make(a, m);
	int column = add_excess(&b, a, kind);
	glp_init_smcp(&simplex);
	glp_init_iocp(&search);
	search.tm_lim = (int)(1000 * seconds);
	simplex.tm_lim = search.tm_lim;
	bool is_found = !glp_simplex(b.lp, &simplex) && glp_get_status(b.lp) == GLP_OPT &&
			!glp_intopt(b.lp, &search) && glp_mip_status(b.lp) == GLP_OPT;
	if (is_found)
		*excess = glp_mip_col_val(b.lp, column);
	arena_free(a);
	return is_found;
}
