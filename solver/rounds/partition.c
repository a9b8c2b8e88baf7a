#include "partition.h"

#include "chance.h"
#include "clock.h"

#include <glpk.h>
#include <stdlib.h>

enum {
	A_TURN = 400, /* rounds that join at once */
	MOST = 2000,  /* rounds decided upon, besides those of the linear programme */
	DIVES = 20,   /* at most */
	NODES = 5000, /* of GLPK's search tree */
	FEW = 500,    /* rounds that GLPK's search tree decides upon, after the dives */
};

static const double NEGATIVE = 1e-6; /* a reduced cost below minus this is worth a column */
static const double SMALLEST_GAIN = 1e-6;
static const double TAKEN = 0.8, NOTHING = 1e-6; /* shares of a round: taken at once, not at all */
static const double LOOSE = 0.2;                 /* of a share, by chance, after the first dive */
static const double SLACK =
	0.002; /* a dive may come to so much more than the best: stops that two rounds visit spare some */

/* Rows are stops, then types; columns are stops left out, then rounds. */
struct partition {
	struct arena *a;
	const struct vrp *v;
	const struct pool *pool;
	const struct partition_options *o;
	glp_prob *lp;
	size_t stops;
	uint32_t *round; /* [column - stops - 1] of the pool */
	size_t count;
	bool *is_in;      /* [round of the pool] */
	double *reduced;  /* [the same] */
	bool is_branched; /* the whole numbers are those of GLPK's search tree, not of a dive */
	double loose;
	uint64_t random;
};

static void free_problem(void *lp)
{
	glp_delete_prob(lp);
}

static bool is_over(const struct partition *x)
{
	return clock_seconds() >= x->o->deadline || (x->o->stop && *x->o->stop);
}

static int stop_row(const struct partition *x, size_t place)
{
	return (int)(place - x->v->depots + 1);
}

static int type_row(const struct partition *x, size_t type)
{
	return (int)(x->stops + type + 1);
}

static int column_of(const struct partition *x, size_t n)
{
	return (int)(x->stops + n + 1);
}

static void begin(struct partition *x, const struct rounds *best)
{
	const struct vrp *v = x->v;
	glp_term_out(GLP_OFF);
	x->lp = glp_create_prob();
	arena_defer(x->a, free_problem, x->lp);
	glp_add_rows(x->lp, (int)(x->stops + v->types));
	glp_add_cols(x->lp, (int)x->stops);
	for (size_t i = v->depots; i < v->places; i++) {
		int row[2] = {0, stop_row(x, i)};
		double one[2] = {0, 1};
		glp_set_row_bnds(
			x->lp, row[1], v->has_time || v->has_trips ? GLP_FX : GLP_LO, 1, 1);
		glp_set_col_bnds(x->lp, row[1], GLP_DB, 0, 1);
		glp_set_obj_coef(x->lp, row[1], rounds_penalty(best, (uint32_t)i));
		glp_set_mat_col(x->lp, row[1], 1, row, one);
	}
	for (size_t t = 0; t < v->types; t++) {
		bool is_free = v->vehicles[t].count == VRP_UNLIMITED;
		glp_set_row_bnds(
			x->lp, type_row(x, t), is_free ? GLP_FR : GLP_UP, 0, v->vehicles[t].count);
	}
}

static void add(struct partition *x, uint32_t n)
{
	const struct pooled *r = &x->pool->list[n];
	int row[UINT8_MAX + 2], k = 0;
	double one[UINT8_MAX + 2];
	for (size_t p = 0; p < r->size; p++)
		if (!vrp_is_depot(x->v, r->visit[p])) {
			row[++k] = stop_row(x, r->visit[p]);
			one[k] = 1;
		}
	row[++k] = type_row(x, r->type);
	one[k] = 1;
	int j = glp_add_cols(x->lp, 1);
	glp_set_col_bnds(x->lp, j, GLP_DB, 0, 1);
	glp_set_obj_coef(x->lp, j, r->cost);
	glp_set_mat_col(x->lp, j, k, row, one);
	x->round[x->count++] = n;
	x->is_in[n] = true;
}

static bool solve(struct partition *x, int method)
{
	glp_smcp how;
	glp_init_smcp(&how);
	how.msg_lev = GLP_MSG_OFF;
	how.meth = method;
	how.tm_lim = (int)fmin(1e9, fmax(1, 1000 * (x->o->deadline - clock_seconds())));
	return !is_over(x) && !glp_simplex(x->lp, &how) && glp_get_status(x->lp) == GLP_OPT;
}

static void price(struct partition *x)
{
	const struct vrp *v = x->v;
	double *dual = arena_array(x->a, double, v->places + v->types);
	for (size_t i = v->depots; i < v->places; i++)
		dual[i] = glp_get_row_dual(x->lp, stop_row(x, i));
	for (size_t t = 0; t < v->types; t++)
		dual[v->places + t] = glp_get_row_dual(x->lp, type_row(x, t));
	for (size_t n = 0; n < x->pool->count; n++) {
		const struct pooled *r = &x->pool->list[n];
		x->reduced[n] = r->cost - dual[v->places + r->type];
		for (size_t p = 0; p < r->size; p++)
			x->reduced[n] -= dual[r->visit[p]]; /* a depot's is 0 */
	}
}

static int by_reduced(const void *a, const void *b, void *context)
{
	const double *reduced = context;
	uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
	return reduced[i] != reduced[j] ? (reduced[i] > reduced[j]) - (reduced[i] < reduced[j])
					: (i > j) - (i < j);
}

/* Rounds of the pool whose reduced cost is below, the least first. */
static size_t join(struct partition *x, double below, size_t most)
{
	uint32_t *list = arena_array(x->a, uint32_t, x->pool->count + 1);
	size_t count = 0;
	for (uint32_t n = 0; n < x->pool->count; n++)
		if (!x->is_in[n] && x->reduced[n] < below)
			list[count++] = n;
	qsort_r(list, count, sizeof *list, by_reduced, x->reduced);
	count = count < most ? count : most;
	for (size_t n = 0; n < count; n++)
		add(x, list[n]);
	return count;
}

/* Those whose reduced cost is above leave. */
static void strike(struct partition *x, double most)
{
	int *gone = arena_array(x->a, int, x->count + 1), out = 0;
	size_t kept = 0;
	for (size_t n = 0; n < x->count; n++)
		if (x->reduced[x->round[n]] <= most)
			x->round[kept++] = x->round[n];
		else
			gone[++out] = column_of(x, n);
	x->count = kept;
	if (out)
		glp_del_cols(x->lp, out, gone);
}

/* The linear programme of the whole pool. */
static bool relax(struct partition *x)
{
	do {
		if (!solve(x, GLP_PRIMAL))
			return false;
		price(x);
	} while (join(x, -NEGATIVE, A_TURN));
	return true;
}

/* What the programme wants most is taken; false: all is whole. */
static bool take_most(struct partition *x)
{
	int best = 0;
	double most = 0;
	for (int j = 1; j <= column_of(x, x->count) - 1; j++) {
		double y = glp_get_col_prim(x->lp, j), key = y + x->loose * chance_real(&x->random);
		if (y < NOTHING || glp_get_col_type(x->lp, j) == GLP_FX)
			continue;
		if (y > TAKEN)
			glp_set_col_bnds(x->lp, j, GLP_FX, 1, 1);
		if (y < 1 - NOTHING && key > most) {
			most = key;
			best = j;
		}
	}
	if (best)
		glp_set_col_bnds(x->lp, best, GLP_FX, 1, 1);
	return best;
}

/* False: there is no plan below `most` on this way. */
static bool dive(struct partition *x, double most)
{
	for (int j = 1; j < column_of(x, x->count); j++)
		glp_set_col_bnds(x->lp, j, GLP_DB, 0, 1);
	do {
		if (!solve(x, GLP_DUALP) || glp_get_obj_val(x->lp) > most)
			return false;
	} while (take_most(x));
	return true;
}

/* EUR that a round spares without its visit p. */
static double spared(const struct vrp *v, const struct pooled *r, size_t p)
{
	const struct vehicle *b = &v->vehicles[r->type];
	size_t prev = p ? r->visit[p - 1] : b->depot,
	       next = p + 1 < r->size ? r->visit[p + 1] : b->depot, at = r->visit[p];
	return b->per_km * (vrp_km(v, prev, at) + vrp_km(v, at, next) - vrp_km(v, prev, next));
}

static const struct pooled *taken(const struct partition *x, size_t n)
{
	int j = column_of(x, n);
	double y = x->is_branched ? glp_mip_col_val(x->lp, j) : glp_get_col_prim(x->lp, j);
	return y > 0.5 ? &x->pool->list[x->round[n]] : NULL;
}

/* Each stop in one of the rounds taken. */
static void lay_out(const struct partition *x, struct rounds *out)
{
	const struct vrp *v = x->v;
	const struct pooled *r, **home = arena_array(x->a, const struct pooled *, v->places);
	double *least = arena_array(x->a, double, v->places);
	uint32_t visit[UINT8_MAX];
	rounds_clear(out);
	for (size_t i = v->depots; i < v->places; i++)
		rounds_admit(out, (uint32_t)i);
	for (size_t n = 0; n < x->count; n++)
		for (size_t p = 0; (r = taken(x, n)) && p < r->size; p++) {
			double by = spared(v, r, p);
			if (!home[r->visit[p]] || by < least[r->visit[p]]) {
				home[r->visit[p]] = r;
				least[r->visit[p]] = by;
			}
		}
	for (size_t n = 0; n < x->count; n++) {
		uint32_t length = 0, served = 0;
		for (size_t p = 0; (r = taken(x, n)) && p < r->size; p++)
			if (vrp_is_depot(v, r->visit[p]) || home[r->visit[p]] == r) {
				served += !vrp_is_depot(v, r->visit[p]);
				visit[length++] = r->visit[p];
			}
		if (served)
			rounds_add(out, r->type, visit, length);
	}
}

static bool keep_better(struct partition *x, struct rounds *found, struct rounds *best)
{
	lay_out(x, found);
	rounds_retype_all(found);
	if (found->cost >= best->cost - SMALLEST_GAIN)
		return false;
	rounds_copy(best, found);
	return true;
}

static void end_in_time(glp_tree *tree, void *info)
{
	const struct partition *x = info;
	int nodes;
	glp_ios_tree_size(tree, NULL, NULL, &nodes);
	if (nodes > NODES || (x->o->stop && *x->o->stop))
		glp_ios_terminate(tree);
}

/* All whole numbers, of plans that cost `most` at most. */
static bool branch(struct partition *x, double most)
{
	int columns = column_of(x, x->count) - 1, row = glp_add_rows(x->lp, 1);
	int *column = arena_array(x->a, int, (size_t)columns + 1);
	double *cost = arena_array(x->a, double, (size_t)columns + 1);
	for (int j = 1; j <= columns; j++) {
		glp_set_col_kind(x->lp, j, GLP_BV);
		column[j] = j;
		cost[j] = glp_get_obj_coef(x->lp, j);
	}
	glp_set_row_bnds(x->lp, row, GLP_UP, 0, most);
	glp_set_mat_row(x->lp, row, columns, column, cost);
	glp_iocp how;
	glp_init_iocp(&how);
	how.br_tech = GLP_BR_PCH;
	how.msg_lev = GLP_MSG_OFF;
	how.presolve = GLP_ON;
	how.tm_lim = (int)fmin(1e9, fmax(1, 1000 * (x->o->deadline - clock_seconds())));
	how.cb_func = end_in_time;
	how.cb_info = x;
	glp_intopt(x->lp, &how);
	x->is_branched = true;
	return glp_mip_status(x->lp) == GLP_OPT || glp_mip_status(x->lp) == GLP_FEAS;
}

/* The best of some dives; of all plans, where rounds are few. */
static bool decide(struct partition *x, struct rounds *best)
{
	bool is_better = false;
	struct rounds found;
	double most = best->cost * (1 + SLACK), gain = fmax(SMALLEST_GAIN, x->v->grain);
	rounds_init(&found, x->a, x->v);
	for (size_t n = 0; n < DIVES && !is_over(x); n++) {
		x->loose = n ? LOOSE : 0;
		if (dive(x, most))
			is_better |= keep_better(x, &found, best);
	}
	if (x->count <= FEW && !is_over(x) && branch(x, best->cost - gain))
		is_better |= keep_better(x, &found, best);
	return is_better;
}

bool partition_make(const struct pool *p, struct rounds *best, const struct partition_options *o)
{
	struct arena *a = arena_new();
	const struct vrp *v = p->v;
	struct partition x = {.a = a,
		.v = v,
		.pool = p,
		.o = o,
		.stops = v->places - v->depots,
		.round = arena_array(a, uint32_t, p->count + 1),
		.is_in = arena_array(a, bool, p->count + 1),
		.reduced = arena_array(a, double, p->count + 1),
		.random = o->seed};
	bool is_better = false;
	begin(&x, best);
	if (relax(&x)) {
		double gap = best->cost - fmax(SMALLEST_GAIN, v->grain) - glp_get_obj_val(x.lp);
		strike(&x, fmax(gap, 0));
		join(&x, gap, MOST);
		if (gap > 0)
			is_better = decide(&x, best);
	}
	arena_free(a);
	return is_better;
}
