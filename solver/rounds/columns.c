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

static void begin(struct master *m, const struct rounds *best)
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
	for (size_t r = 0; r < best->count; r++) {
		const struct round *x = &best->round[r];
		if (x->length)
			add_column(m, &(struct column){x->cost, 0, x->type, x->length, x->visit});
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

static void price_arcs(struct master *m, size_t type)
{
	const struct vrp *v = m->v;
	const struct vehicle *b = &v->vehicles[type];
	for (size_t i = 0; i < v->places; i++)
		for (size_t j = 0; j < v->places; j++) {
			double cost = b->per_km * vrp_km(v, i, j);
			if (!vrp_is_depot(v, j))
				cost -= glp_get_row_dual(m->lp, (int)(j - v->depots + 1));
			if (vrp_is_depot(v, i))
				cost += b->fixed - glp_get_row_dual(m->lp, type_row(m, type));
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
			.below = -1e-6, .room = is_quick ? QUICK_ROOM : ROOM, .is_quick = is_quick};
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

/* What the way back costs at least, reduced: as the way there, read backwards. */
static bool is_symmetric(const struct vrp *v)
{
	for (size_t i = 0; i < v->places; i++)
		for (size_t j = 0; j < i; j++)
			if (vrp_km(v, i, j) != vrp_km(v, j, i))
				return false;
	return true;
}

bool columns_bound(struct arena *a, const struct vrp *v, struct rounds *best, const struct columns_options *o,
	struct columns_answer *out)
{
	*out = (struct columns_answer){.bound = -INFINITY};
	if (v->places - v->depots > LABELS_STOPS || v->has_trips || v->depots > 1 || v->dims > 2)
		return false;
	struct master *m = arena_alloc(a, sizeof *m);
	*m = (struct master){.a = a, .v = v, .o = o, .stops = v->places - v->depots};
	make_memory(m, MEMORY);
	begin(m, best);
	out->bound = find_bound(m);
	if (o->is_whole_cost && !isinf(out->bound))
		out->bound = ceil(out->bound - 1e-4);
	out->columns = m->count;
	out->crossings = m->crossings;
	(void)is_symmetric;
	return !isinf(out->bound);
}
