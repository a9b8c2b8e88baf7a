#include "columns.h"

#include "clock.h"
#include "crossing.h"
#include "labels.h"

#include <glpk.h>
#include <stdlib.h>
#include <string.h>

enum {
	MEMORY = 10,         /* neighbours that an ng-route remembers */
	QUICK_ROOM = 200000, /* labels */
	ROOM = 3000000,
	A_TURN = 60, /* columns added at once */
	CROSSINGS_MAX = 400,
	CROSSINGS_A_TURN = 30,
	ENUMERATED_MAX = 20000,
};

static const double TINY = 1e-7;     /* a dual below is none */
static const double NEGATIVE = 1e-6; /* a reduced cost below minus this is worth a column */
static const double ROUNDING = 1e-4; /* in grains, of a bound */
static const double BROKEN = 0.02;   /* by which an inequality is worth adding */

struct master {
	struct arena *a, *scratch;
	const struct vrp *v;
	const struct columns_options *o;
	glp_prob *lp;
	size_t stops;
	struct column *
		column; /* those of rounds; the first columns of the programme are the stops left out */
	size_t count, room;
	struct crossing crossing[CROSSINGS_MAX];
	size_t crossings;
	double *arc;  /* [place][place] */
	double *dual; /* [row] of the programme, of the sign that its row asks for */
	struct stops *memory;
	double value;       /* of the duals, which is that of the programme */
	bool is_priced_out; /* no round has a reduced cost below -NEGATIVE */
	bool is_symmetric;
	bool has_options; /* some stop may be left out */
};

static void free_problem(void *lp)
{
	glp_delete_prob(lp);
}

static void free_arena(void *a)
{
	arena_free(a);
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
	struct arena *own = arena_new();
	int *row = arena_array(own, int, rows + 1), n = 0;
	double *value = arena_array(own, double, rows + 1),
	       *by_row = arena_array(own, double, rows + 1);
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
	arena_free(own);
}

static void add_crossing(struct master *m, const struct crossing *c)
{
	struct arena *own = arena_new();
	int *column = arena_array(own, int, m->count + 1), n = 0;
	double *value = arena_array(own, double, m->count + 1);
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
	arena_free(own);
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

/* `known`: rounds to begin with; may be null. Where rounds are whole a stop is visited once exactly; the
 * linear programme is content with at least once, which costs no bound that we know of and keeps duals >= 0. */
static void begin(struct master *m, const struct rounds *known, const struct rounds *best)
{
	const struct vrp *v = m->v;
	glp_term_out(GLP_OFF);
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
		glp_set_row_bnds(m->lp, row[1], known ? GLP_LO : GLP_FX, 1, 1);
		glp_set_col_bnds(m->lp, row[1], GLP_LO, 0, 0);
		glp_set_obj_coef(m->lp, row[1], rounds_penalty(best, (uint32_t)(v->depots + i)));
		glp_set_mat_col(m->lp, row[1], 1, row, one);
	}
	for (size_t t = 0; t < v->types; t++) {
		bool is_free = v->vehicles[t].count == VRP_UNLIMITED;
		glp_set_row_bnds(
			m->lp, type_row(m, t), is_free ? GLP_FR : GLP_UP, 0, v->vehicles[t].count);
	}
	for (size_t r = 0; known && r < known->count; r++) {
		const struct round *x = &known->round[r];
		if (x->length)
			add_column(m, &(struct column){.cost = x->cost,
					      .type = x->type,
					      .length = x->length,
					      .visit = x->visit});
	}
}

/* The duals, within what makes their value a bound: stops up to their penalty, vehicles not above 0. */
static void keep_duals(struct master *m)
{
	const struct vrp *v = m->v;
	m->dual = arena_array(m->scratch, double, m->stops + v->types + m->crossings + 1);
	m->value = 0;
	for (size_t i = 1; i <= m->stops; i++) {
		double most = glp_get_obj_coef(m->lp, (int)i);
		m->dual[i] = fmin(fmax(glp_get_row_dual(m->lp, (int)i), 0), most);
		m->value += m->dual[i];
	}
	for (size_t t = 0; t < v->types; t++)
		if (v->vehicles[t].count != VRP_UNLIMITED) {
			int row = type_row(m, t);
			m->dual[row] = fmin(glp_get_row_dual(m->lp, row), 0);
			m->value += v->vehicles[t].count * m->dual[row];
		}
	for (size_t k = 0; k < m->crossings; k++) {
		int row = crossing_row(m, k);
		double dual = glp_get_row_dual(m->lp, row);
		m->dual[row] = dual > TINY ? dual : 0;
		m->value += m->crossing[k].least * m->dual[row];
	}
}

static bool solve(struct master *m)
{
	glp_smcp how;
	glp_init_smcp(&how);
	how.msg_lev = GLP_MSG_OFF;
	how.meth = GLP_DUALP;
	how.tm_lim = (int)fmin(1e9, fmax(1, 1000 * (m->o->deadline - clock_seconds())));
	arena_reset(m->scratch);
	if (glp_simplex(m->lp, &how) || glp_get_status(m->lp) != GLP_OPT)
		return false;
	keep_duals(m);
	return true;
}

/* What being at a place costs a round, reduced: half on coming, half on leaving. */
static double own_cost(const struct master *m, size_t type, size_t place)
{
	if (vrp_is_depot(m->v, place))
		return m->v->vehicles[type].fixed - m->dual[type_row(m, type)];
	return -m->dual[place - m->v->depots + 1];
}

static void price_arcs(struct master *m, size_t type)
{
	const struct vrp *v = m->v;
	double per_km = v->vehicles[type].per_km;
	for (size_t i = 0; i < v->places; i++)
		for (size_t j = 0; j < v->places; j++)
			m->arc[i * v->places + j] =
				per_km * vrp_km(v, i, j) +
				(own_cost(m, type, i) + own_cost(m, type, j)) / 2;
	for (size_t k = 0; k < m->crossings; k++) {
		const struct crossing *c = &m->crossing[k];
		double dual = m->dual[crossing_row(m, k)];
		for (size_t i = 0; dual > 0 && i < v->places; i++)
			for (size_t j = 0; j < v->places; j++)
				if (crossing_has(c, v, i) != crossing_has(c, v, j))
					m->arc[i * v->places + j] -= dual;
	}
}

static struct labels_ask ask_for(const struct master *m, uint32_t type)
{
	return (struct labels_ask){
		.v = m->v,
		.type = type,
		.arc = m->arc,
		.room = ROOM,
		.is_symmetric = m->is_symmetric,
		.deadline = m->o->deadline,
		.stop = m->o->stop,
	};
}

/* The column's visits for good: it was found in memory that goes. */
static void adopt(struct arena *a, struct column *c)
{
	uint32_t *visit = arena_array(a, uint32_t, c->length);
	memcpy(visit, c->visit, c->length * sizeof *visit);
	c->visit = visit;
}

/* Adds rounds of negative reduced cost; false when none was found. The duals' value plus *margin is a bound; minus
 * infinity where that is not known. */
static bool price(struct master *m, bool is_quick, double *margin)
{
	const struct vrp *v = m->v;
	bool is_any = false;
	*margin = 0;
	for (uint32_t t = 0; t < v->types; t++) {
		struct column found[A_TURN];
		size_t count = 0;
		struct arena *own = arena_new();
		price_arcs(m, t);
		struct labels_ask ask = ask_for(m, t);
		ask.memory = m->memory;
		ask.most = A_TURN;
		ask.below = -NEGATIVE;
		ask.is_quick = is_quick;
		if (is_quick)
			ask.room = QUICK_ROOM;
		double least = labels_price(own, &ask, found, &count);
		for (size_t n = 0; n < count; n++) {
			adopt(m->a, &found[n]);
			add_column(m, &found[n]);
		}
		arena_free(own);
		is_any |= count > 0;
		bool is_free = v->vehicles[t].count == VRP_UNLIMITED;
		*margin += (is_free ? (double)m->stops : v->vehicles[t].count) * fmin(least, 0);
	}
	return is_any;
}

/* What each way carries, both directions together. */
static double *find_flow(struct master *m)
{
	const struct vrp *v = m->v;
	double *flow = arena_array(m->scratch, double, v->places * v->places);
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
	if (m->v->types > 1 || m->v->dims != 1 || m->has_options || !room)
		return false;
	size_t count = crossing_find(m->scratch, m->v, find_flow(m), BROKEN, found,
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
		m->is_priced_out = false;
		if (!solve(m))
			break;
		bool is_any = price(m, is_quick, &margin);
		if (!is_quick)
			bound = fmax(bound, m->value + margin);
		if (!is_any && !is_quick) {
			m->is_priced_out = !isinf(margin);
			if (!m->is_priced_out || !cut(m))
				break;
		}
		is_quick = is_any || !is_quick;
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
	const struct column *x = *(const struct column *const *)a,
			    *y = *(const struct column *const *)b;
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
static bool enumerate(
	struct arena *a, struct master *m, double gap, struct column **list, size_t *count)
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
		struct labels_ask ask = ask_for(m, t);
		ask.memory = all;
		ask.most = ENUMERATED_MAX;
		ask.below = gap + NEGATIVE * (double)(m->stops + 1);
		ask.is_whole = true;
		bool is_known = labels_price(own, &ask, found, &more) > -INFINITY;
		more = keep_cheapest(own, found, more);
		for (size_t n = 0; n < more; n++) {
			adopt(a, &found[n]);
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
			rounds_add(
				best, m->column[k].type, m->column[k].visit, m->column[k].length);
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

static void end_when_asked(glp_tree *tree, void *info)
{
	const struct columns_options *o = info;
	if (o->stop && *o->stop)
		glp_ios_terminate(tree);
}

/* The whole numbers among the rounds that are left: the best plan, or the proof that none is better. */
static void decide(
	struct arena *a, struct master *m, struct rounds *best, struct columns_answer *out)
{
	struct column *list;
	size_t count;
	if (!enumerate(a, m, best->cost - m->value, &list, &count))
		return;
	out->enumerated = count;
	struct master whole = {
		.a = a, .scratch = m->scratch, .v = m->v, .o = m->o, .stops = m->stops};
	begin(&whole, NULL, best);
	for (size_t n = 0; n < count; n++)
		add_column(&whole, &list[n]);
	for (size_t n = 0; n < m->crossings; n++)
		add_crossing(&whole, &m->crossing[n]);
	for (size_t k = 0; k < whole.stops + whole.count; k++)
		glp_set_col_kind(whole.lp, (int)k + 1, GLP_BV);
	ask_for_better(&whole, best->cost - m->v->grain);
	glp_iocp how;
	glp_init_iocp(&how);
	how.br_tech = GLP_BR_PCH;
	how.cov_cuts = how.clq_cuts = GLP_ON;
	how.msg_lev = GLP_MSG_OFF;
	how.presolve = GLP_ON;
	how.tm_lim = (int)fmin(1e9, fmax(1, 1000 * (m->o->deadline - clock_seconds())));
	how.cb_func = end_when_asked;
	how.cb_info = (void *)m->o;
	int failure = glp_intopt(whole.lp, &how);
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

bool columns_bound(struct arena *a, const struct vrp *v, struct rounds *best,
	const struct columns_options *o, struct columns_answer *out)
{
	*out = (struct columns_answer){.bound = -INFINITY};
	if (v->places - v->depots > LABELS_STOPS || v->places == v->depots || v->has_trips ||
		v->has_releases || v->depots > 1 || v->dims > LABELS_DIMS || v->rules)
		return false;
	struct master *m = arena_one(a, struct master);
	*m = (struct master){.a = a, .v = v, .o = o, .stops = v->places - v->depots};
	m->scratch = arena_new();
	arena_defer(a, free_arena, m->scratch);
	m->is_symmetric = is_symmetric(v);
	for (size_t i = v->depots; i < v->places; i++)
		m->has_options |= !isinf(v->penalty[i]);
	make_memory(m, MEMORY);
	begin(m, best, best);
	out->bound = find_bound(m);
	out->columns = m->count;
	out->crossings = m->crossings;
	if (isinf(out->bound))
		return false;
	if (v->grain > 0)
		out->bound = v->grain * ceil(out->bound / v->grain - ROUNDING);
	if (m->is_priced_out && out->bound < best->cost - NEGATIVE && !is_out_of_time(m))
		decide(a, m, best, out);
	out->bound = fmin(out->bound, best->cost);
	return true;
}
