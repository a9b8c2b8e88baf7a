#include "columns.h"

#include "clock.h"
#include "crossing.h"
#include "labels.h"

#include <glpk.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	MEMORY = 10,         /* neighbours that an ng-route remembers */
	QUICK_ROOM = 200000, /* labels */
	ROOM = 3000000,
	A_TURN = 60,          /* columns added at once */
	CROSSINGS_MAX = 400,
	CROSSINGS_A_TURN = 30,
	ENUMERATED_MAX = 20000,
};

static const double TINY = 1e-7;

struct master {
	struct arena *a;
	const struct vrp *v;
	const struct columns_options *o;
	glp_prob *lp;
	size_t stops;
	struct column *column; /* those of rounds; the first columns of the programme are the stops left out */
	size_t count, room;
	struct crossing crossing[CROSSINGS_MAX];
	size_t crossings;
	double *arc; /* [place][place] */
	struct stops *memory;
	bool is_symmetric;
};

static void free_problem(void *lp)
{
	glp_delete_prob(lp);
}

static bool is_out_of_time(const struct master *m)
{
	return clock_seconds() >= m->o->deadline || (m->o->stop && *m->o->stop);
}

static int type_row(const struct master *m, size_t type)
{
	return (int)(m->stops + type + 1);
}

static int crossing_row(const struct master *m, size_t n)
{
	return (int)(m->stops + m->v->types + n + 1);
}

static void add_column(struct master *m, const struct column *c)
{
	const struct vrp *v = m->v;
	if (m->count == m->room) {
		struct column *more = arena_array(m->a, struct column, 2 * m->room);
		memcpy(more, m->column, m->count * sizeof *more);
		m->column = more;
		m->room *= 2;
	}
	m->column[m->count++] = *c;
	size_t rows = m->stops + v->types + m->crossings;
	int *row = arena_array(m->a, int, rows + 1), n = 0;
	double *value = arena_array(m->a, double, rows + 1), *by_row = arena_array(m->a, double, rows + 1);
	for (uint32_t p = 0; p < c->length; p++)
		by_row[c->visit[p] - v->depots + 1]++;
	by_row[type_row(m, c->type)] = 1;
	for (size_t k = 0; k < m->crossings; k++)
		by_row[crossing_row(m, k)] = crossing_count(&m->crossing[k], v, c);
	for (size_t r = 1; r <= rows; r++)
		if (by_row[r] != 0) {
			row[++n] = (int)r;
			value[n] = by_row[r];
		}
	int j = glp_add_cols(m->lp, 1);
	glp_set_col_bnds(m->lp, j, GLP_LO, 0, 0);
	glp_set_obj_coef(m->lp, j, c->cost);
	glp_set_mat_col(m->lp, j, n, row, value);
}

static void add_crossing(struct master *m, const struct crossing *c)
{
	int *column = arena_array(m->a, int, m->count + 1), n = 0;
	double *value = arena_array(m->a, double, m->count + 1);
	for (size_t k = 0; k < m->count; k++) {
		int crossings = crossing_count(c, m->v, &m->column[k]);
		if (crossings) {
			column[++n] = (int)(m->stops + k + 1);
			value[n] = crossings;
		}
	}
	m->crossing[m->crossings++] = *c;
	int i = glp_add_rows(m->lp, 1);
	glp_set_row_bnds(m->lp, i, GLP_LO, c->least, 0);
	glp_set_mat_row(m->lp, i, n, column, value);
}

static void make_memory(struct master *m, size_t size)
{
	const struct vrp *v = m->v;
	size_t count = m->stops - 1 < size ? m->stops - 1 : size;
	uint32_t *near = vrp_neighbours(m->a, v, count);
	m->memory = arena_array(m->a, struct stops, m->stops);
	for (size_t i = 0; i < m->stops; i++) {
		m->memory[i].word[i / 64] |= (uint64_t)1 << (i % 64);
		for (size_t k = 0; k < count; k++) {
			size_t j = near[i * count + k] - v->depots;
			m->memory[i].word[j / 64] |= (uint64_t)1 << (j % 64);
		}
	}
}

/* `known`: rounds to begin with; may be null. */
static void begin(struct master *m, const struct rounds *known, const struct rounds *best)
{
	const struct vrp *v = m->v;
	m->lp = glp_create_prob();
	arena_defer(m->a, free_problem, m->lp);
	m->room = 1024;
	m->column = arena_array(m->a, struct column, m->room);
	m->arc = arena_array(m->a, double, v->places * v->places);
	glp_add_rows(m->lp, (int)(m->stops + v->types));
	glp_add_cols(m->lp, (int)m->stops);
	for (size_t i = 0; i < m->stops; i++) {
		int row[2] = {0, (int)i + 1};
		double one[2] = {0, 1};
		glp_set_row_bnds(m->lp, row[1], GLP_LO, 1, 0);
		glp_set_col_bnds(m->lp, row[1], GLP_LO, 0, 0);
		glp_set_obj_coef(m->lp, row[1], rounds_penalty(best, (uint32_t)(v->depots + i)));
		glp_set_mat_col(m->lp, row[1], 1, row, one);
	}
	for (size_t t = 0; t < v->types; t++) {
		bool is_free = v->vehicles[t].count == VRP_UNLIMITED;
		glp_set_row_bnds(m->lp, type_row(m, t), is_free ? GLP_FR : GLP_UP, 0, v->vehicles[t].count);
	}
	for (size_t r = 0; known && r < known->count; r++) {
		const struct round *x = &known->round[r];
		if (x->length)
			add_column(m, &(struct column){.cost = x->cost, .type = x->type, .length = x->length, .visit = x->visit});
	}
}

static bool solve(struct master *m)
{
	glp_smcp how;
	glp_init_smcp(&how);
	how.msg_lev = GLP_MSG_OFF;
	how.meth = GLP_DUALP;
	int left = (int)fmax(1, 1000 * (m->o->deadline - clock_seconds()));
	how.tm_lim = left;
	return !glp_simplex(m->lp, &how) && glp_get_status(m->lp) == GLP_OPT;
}

/* What being at a place costs a round, reduced: half on coming, half on leaving. */
static double own_cost(const struct master *m, const struct vehicle *b, size_t type, size_t place)
{
	if (vrp_is_depot(m->v, place))
		return b->fixed - glp_get_row_dual(m->lp, type_row(m, type));
	return -glp_get_row_dual(m->lp, (int)(place - m->v->depots + 1));
}

static void price_arcs(struct master *m, size_t type)
{
	const struct vrp *v = m->v;
	const struct vehicle *b = &v->vehicles[type];
	for (size_t i = 0; i < v->places; i++)
		for (size_t j = 0; j < v->places; j++) {
			double cost = b->per_km * vrp_km(v, i, j);
			cost += (own_cost(m, b, type, i) + own_cost(m, b, type, j)) / 2;
			m->arc[i * v->places + j] = cost;
		}
	for (size_t k = 0; k < m->crossings; k++) {
		double dual = glp_get_row_dual(m->lp, crossing_row(m, k));
		if (dual <= TINY)
			continue;
		for (size_t i = 0; i < v->places; i++)
			for (size_t j = 0; j < v->places; j++)
				if (crossing_has(&m->crossing[k], v, i) != crossing_has(&m->crossing[k], v, j))
					m->arc[i * v->places + j] -= dual;
	}
}

/* Adds rounds of negative reduced cost. False: there is none; *margin is what the value of the programme may be above a
 * bound, minus infinity where that is not known. */
static bool price(struct master *m, bool is_quick, double *margin)
{
	const struct vrp *v = m->v;
	bool is_any = false;
	*margin = 0;
	for (uint32_t t = 0; t < v->types; t++) {
		struct column found[A_TURN];
		size_t count = 0;
		price_arcs(m, t);
		struct arena *own = arena_new();
		struct labels_ask ask = {.v = v, .type = t, .arc = m->arc, .memory = m->memory, .most = A_TURN,
			.below = -1e-6, .room = is_quick ? QUICK_ROOM : ROOM, .is_quick = is_quick, .is_symmetric = m->is_symmetric};
		double least = labels_price(own, &ask, found, &count);
		for (size_t n = 0; n < count; n++) {
			uint32_t *visit = arena_array(m->a, uint32_t, found[n].length);
			memcpy(visit, found[n].visit, found[n].length * sizeof *visit);
			found[n].visit = visit;
			add_column(m, &found[n]);
		}
		arena_free(own);
		is_any |= count > 0;
		double most = v->vehicles[t].count == VRP_UNLIMITED ? (double)m->stops : v->vehicles[t].count;
		*margin += most * fmin(least, 0);
	}
	return is_any;
}

/* What each way carries, both directions together. */
static double *find_flow(struct master *m)
{
	const struct vrp *v = m->v;
	double *flow = arena_array(m->a, double, v->places * v->places);
	for (size_t k = 0; k < m->count; k++) {
		double y = glp_get_col_prim(m->lp, (int)(m->stops + k + 1));
		const struct column *c = &m->column[k];
		uint32_t at = 0;
		for (uint32_t p = 0; y > 1e-9 && p <= c->length; p++) {
			uint32_t to = p < c->length ? c->visit[p] : 0;
			flow[at * v->places + to] += y;
			flow[to * v->places + at] += y;
			at = to;
		}
	}
	return flow;
}

static bool cut(struct master *m)
{
	struct crossing found[CROSSINGS_A_TURN];
	size_t room = CROSSINGS_MAX - m->crossings;
	if (m->v->types > 1 || m->v->dims != 1 || !room)
		return false;
	size_t count = crossing_find(m->a, m->v, find_flow(m), 0.02, found,
		room < CROSSINGS_A_TURN ? room : CROSSINGS_A_TURN);
	for (size_t n = 0; n < count; n++)
		add_crossing(m, &found[n]);
	return count > 0;
}

/* The bound of the linear programme: priced out, cut, priced out again. */
static double find_bound(struct master *m)
{
	double bound = -INFINITY;
	for (bool is_quick = true; !is_out_of_time(m);) {
		double margin;
		if (!solve(m))
			break;
		bool is_any = price(m, is_quick, &margin);
		if (getenv("V") ) fprintf(stderr, "lp %.3f quick %d columns %zu cuts %zu margin %g\n", glp_get_obj_val(m->lp), is_quick, m->count, m->crossings, margin);
		if (!is_quick)
			bound = fmax(bound, glp_get_obj_val(m->lp) + margin - 1e-6);
		if (is_any) {
			is_quick = true;
		} else if (is_quick) {
			is_quick = false;
		} else {
			if (isinf(margin) || !cut(m))
				break;
			is_quick = true;
		}
	}
	return bound;
}

static bool is_symmetric(const struct vrp *v)
{
	for (size_t i = 0; i < v->places; i++)
		for (size_t j = 0; j < i; j++)
			if (vrp_km(v, i, j) != vrp_km(v, j, i))
				return false;
	return true;
}

static int by_set(const void *a, const void *b)
{
	const struct column *x = *(const struct column *const *)a, *y = *(const struct column *const *)b;
	int order = memcmp(&x->set, &y->set, sizeof x->set);
	return order ? order : (x->cost > y->cost) - (x->cost < y->cost);
}

/* Of the rounds through the same stops, the cheapest. */
static size_t keep_cheapest(struct arena *a, struct column *list, size_t count)
{
	struct column **order = arena_array(a, struct column *, count + 1);
	for (size_t n = 0; n < count; n++)
		order[n] = &list[n];
	qsort(order, count, sizeof *order, by_set);
	struct column *kept = arena_array(a, struct column, count + 1);
	size_t out = 0;
	for (size_t n = 0; n < count; n++)
		if (!out || memcmp(&kept[out - 1].set, &order[n]->set, sizeof kept->set))
			kept[out++] = *order[n];
	memcpy(list, kept, out * sizeof *list);
	return out;
}

/* Every round with which a plan could be better than the best known: its reduced cost is within the gap. */
static bool enumerate(struct arena *a, struct master *m, double gap, struct column **list, size_t *count)
{
	const struct vrp *v = m->v;
	struct stops *all = arena_array(a, struct stops, m->stops);
	memset(all, 0xff, m->stops * sizeof *all);
	*list = arena_array(a, struct column, v->types * ENUMERATED_MAX);
	*count = 0;
	for (uint32_t t = 0; t < v->types; t++) {
		struct arena *own = arena_new();
		struct column *found = arena_array(own, struct column, ENUMERATED_MAX);
		size_t more = 0;
		price_arcs(m, t);
		struct labels_ask ask = {.v = v, .type = t, .arc = m->arc, .memory = all, .most = ENUMERATED_MAX,
			.below = gap + 1e-6, .room = ROOM, .is_whole = true, .is_symmetric = m->is_symmetric};
		bool is_known = !isinf(labels_price(own, &ask, found, &more)) || !more;
		more = keep_cheapest(own, found, more);
		for (size_t n = 0; n < more; n++) {
			uint32_t *visit = arena_array(a, uint32_t, found[n].length);
			memcpy(visit, found[n].visit, found[n].length * sizeof *visit);
			found[n].visit = visit;
			(*list)[(*count)++] = found[n];
		}
		arena_free(own);
		if (!is_known)
			return false;
	}
	return true;
}

static void take(struct rounds *best, const struct master *m)
{
	rounds_clear(best);
	for (size_t i = 0; i < m->stops; i++)
		rounds_admit(best, (uint32_t)(m->v->depots + i));
	for (size_t k = 0; k < m->count; k++)
		if (glp_mip_col_val(m->lp, (int)(m->stops + k + 1)) > 0.5)
			rounds_add(best, m->column[k].type, m->column[k].visit, m->column[k].length);
}

/* Only plans that cost at most so much count. */
static void ask_for_better(struct master *m, double most)
{
	size_t columns = m->stops + m->count;
	int *column = arena_array(m->a, int, columns + 1), i = glp_add_rows(m->lp, 1);
	double *cost = arena_array(m->a, double, columns + 1);
	for (size_t k = 1; k <= columns; k++) {
		column[k] = (int)k;
		cost[k] = glp_get_obj_coef(m->lp, (int)k);
	}
	glp_set_row_bnds(m->lp, i, GLP_UP, 0, most);
	glp_set_mat_row(m->lp, i, (int)columns, column, cost);
}

/* The whole numbers among the rounds that are left: the best plan, or the proof that none is better. */
static void decide(struct arena *a, struct master *m, struct rounds *best, struct columns_answer *out)
{
	struct column *list;
	size_t count;
	if (!enumerate(a, m, best->cost - out->value, &list, &count))
		return;
	struct master whole = {.a = a, .v = m->v, .o = m->o, .stops = m->stops, .crossings = 0};
	begin(&whole, NULL, best);
	for (size_t n = 0; n < count; n++)
		add_column(&whole, &list[n]);
	for (size_t n = 0; n < m->crossings; n++)
		add_crossing(&whole, &m->crossing[n]);
	for (size_t k = 0; k < whole.stops + whole.count; k++)
		glp_set_col_kind(whole.lp, (int)k + 1, GLP_BV);
	ask_for_better(&whole, best->cost - (m->o->is_whole_cost ? 1 : 0));
	glp_iocp how;
	glp_init_iocp(&how);
	how.br_tech = GLP_BR_PCH;
	how.cov_cuts = how.clq_cuts = GLP_ON;
	how.msg_lev = GLP_MSG_OFF;
	how.presolve = GLP_ON;
	how.tm_lim = (int)fmax(1, 1000 * (m->o->deadline - clock_seconds()));
	int failure = glp_intopt(whole.lp, &how);
	out->enumerated = count;
	if (failure == GLP_ENOPFS || (!failure && glp_mip_status(whole.lp) == GLP_NOFEAS)) {
		out->bound = best->cost;
	} else if (!failure && glp_mip_status(whole.lp) == GLP_OPT) {
		if (glp_mip_obj_val(whole.lp) < best->cost - 1e-6) {
			take(best, &whole);
			out->is_better = true;
		}
		out->bound = best->cost;
	}
}

bool columns_bound(struct arena *a, const struct vrp *v, struct rounds *best, const struct columns_options *o,
	struct columns_answer *out)
{
	*out = (struct columns_answer){.bound = -INFINITY};
	if (v->places - v->depots > LABELS_STOPS || v->has_trips || v->depots > 1 || v->dims > 2)
		return false;
	struct master *m = arena_alloc(a, sizeof *m);
	*m = (struct master){.a = a, .v = v, .o = o, .stops = v->places - v->depots};
	m->is_symmetric = is_symmetric(v);
	make_memory(m, MEMORY);
	begin(m, best, best);
	out->bound = out->value = find_bound(m);
	out->columns = m->count;
	out->crossings = m->crossings;
	if (isinf(out->bound))
		return false;
	if (o->is_whole_cost)
		out->bound = ceil(out->bound - 1e-4);
	if (out->bound < best->cost - 1e-6 && !is_out_of_time(m))
		decide(a, m, best, out);
	return true;
}
