#include "reroute.h"

#include "limit.h"
#include "transport.h"
#include "whole.h"

#include <glpk.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 200, PENALTIES = 3 };

static const double GAIN = 1e-9, ENOUGH = 2e-6, LEFT = 1e-7, PART = 1e-12;

/* A limit that the routing decides: `sign` turns "at least" into "at most". */
struct row {
	size_t limit;
	double sign, scale, most;
};

/* A routing of one flow in one year. */
struct column {
	struct routing routing;
	size_t flow, year;
};

struct master {
	const struct model *m;
	struct arena *arena;
	glp_prob *lp;
	struct row *rows;
	size_t row_count;
	struct column
		*columns; /* column n of the list is column row_count + n + 1 of the program */
	size_t column_count, column_room;
	double penalty;
	const struct reroute_options *options;
	double missing; /* what routings not yet there would save at most, present EUR */
};

static void release(void *lp)
{
	glp_delete_prob(lp);
}

static bool is_open(const struct model *m, const struct plan *p, size_t j, size_t t)
{
	for (size_t k = 0; k < m->flows; k++)
		if (plan_level(m, p, j, k)[t] != LEVEL_NONE)
			return true;
	return false;
}

static bool is_of_routing(const struct model *m, const struct plan *p, const struct limit *limit)
{
	return limit->kind == LIMIT_EMISSION || limit->kind == LIMIT_MOST ||
	       (limit->kind == LIMIT_LEAST && is_open(m, p, limit->site, limit->year));
}

/* Use of a limit by a routing, in the limit's unit. */
static double use_of(const struct model *m, const struct limit *limit, const struct column *c)
{
	double use = 0;
	if (limit->year != LIMIT_HORIZON && limit->year != c->year)
		return 0;
	for (size_t n = 0; n < c->routing.count; n++) {
		const struct shipment *s = &c->routing.shipments[n];
		if (limit->kind == LIMIT_EMISSION)
			use += s->tonnes * m->rate[c->flow * m->years + c->year] *
			       m->emission[s->site * m->points + s->point];
		else if (s->site == limit->site)
			use += s->tonnes;
	}
	return use;
}

/* What the routing really costs, present value. */
static double cost_of(const struct model *m, const struct column *c)
{
	double cost = 0;
	for (size_t n = 0; n < c->routing.count; n++) {
		const struct shipment *s = &c->routing.shipments[n];
		cost += s->tonnes * model_cost(m, s->point, s->site, c->flow, c->year);
	}
	return m->discount[c->year] * cost;
}

static int block_row(const struct master *w, size_t k, size_t t)
{
	return (int)(w->row_count + k * w->m->years + t + 1);
}

static double add_column(struct master *w, const struct column *c)
{
	if (w->column_count == w->column_room) {
		struct column *more = arena_array(w->arena, struct column, 2 * w->column_room);
		memcpy(more, w->columns, w->column_count * sizeof *more);
		w->columns = more;
		w->column_room *= 2;
	}
	struct column *own = &w->columns[w->column_count++];
	*own = *c;
	own->routing.shipments = arena_array(w->arena, struct shipment, c->routing.count);
	if (c->routing.count)
		memcpy(own->routing.shipments, c->routing.shipments,
			c->routing.count * sizeof *own->routing.shipments);
	int *index = arena_array(w->arena, int, w->row_count + 2), filled = 0;
	double *value = arena_array(w->arena, double, w->row_count + 2);
	for (size_t r = 0; r < w->row_count; r++) {
		double use = use_of(w->m, &w->m->limits[w->rows[r].limit], c);
		if (use == 0)
			continue;
		index[++filled] = (int)r + 1;
		value[filled] = w->rows[r].sign * use / w->rows[r].scale;
	}
	index[++filled] = block_row(w, c->flow, c->year);
	value[filled] = 1;
	int at = glp_add_cols(w->lp, 1);
	double cost = cost_of(w->m, c);
	glp_set_col_bnds(w->lp, at, GLP_LO, 0, 0);
	glp_set_obj_coef(w->lp, at, cost);
	glp_set_mat_col(w->lp, at, filled, index, value);
	return cost;
}

static void make_rows(struct master *w, const struct plan *p)
{
	const struct model *m = w->m;
	w->rows = arena_array(w->arena, struct row, m->limit_count);
	for (size_t n = 0; n < m->limit_count; n++) {
		const struct limit *limit = &m->limits[n];
		if (!is_of_routing(m, p, limit))
			continue;
		double sign = limit->kind == LIMIT_LEAST ? -1 : 1;
		double scale = limit->value > 0 ? limit->value : 1;
		w->rows[w->row_count++] = (struct row){n, sign, scale, sign * limit->value / scale};
	}
	glp_set_obj_dir(w->lp, GLP_MIN);
	glp_add_rows(w->lp, (int)(w->row_count + m->flows * m->years));
	for (size_t b = 0; b < m->flows * m->years; b++)
		glp_set_row_bnds(w->lp, (int)(w->row_count + b + 1), GLP_FX, 1, 1);
	if (w->row_count)
		glp_add_cols(w->lp, (int)w->row_count);
	for (size_t r = 0; r < w->row_count; r++) {
		int c = (int)r + 1;
		glp_set_row_bnds(w->lp, c, GLP_UP, 0, w->rows[r].most);
		glp_set_col_bnds(w->lp, c, GLP_LO, 0, 0);
		glp_set_mat_col(w->lp, c, 1, (int[]){0, c}, (double[]){0, -1});
	}
}

static void set_penalty(struct master *w, double penalty)
{
	w->penalty = penalty;
	for (size_t r = 0; r < w->row_count; r++)
		glp_set_obj_coef(w->lp, (int)r + 1, penalty);
}

static bool solve(struct master *w)
{
	glp_smcp o;
	glp_init_smcp(&o);
	o.msg_lev = GLP_MSG_OFF;
	return !glp_simplex(w->lp, &o) && glp_get_status(w->lp) == GLP_OPT;
}

static double excess_left(const struct master *w)
{
	double left = 0;
	for (size_t r = 0; r < w->row_count; r++)
		left += glp_get_col_prim(w->lp, (int)r + 1);
	return left;
}

/* Prices of the limits in the present master. */
static void read_prices(const struct master *w, double *mu)
{
	memset(mu, 0, w->m->limit_count * sizeof *mu);
	for (size_t r = 0; r < w->row_count; r++)
		mu[w->rows[r].limit] =
			fmax(0, -glp_get_row_dual(w->lp, (int)r + 1) / w->rows[r].scale);
}

static double level_capacity(
	const struct model *m, const struct plan *p, size_t j, size_t k, size_t t)
{
	int level = plan_level(m, p, j, k)[t];
	return level == LEVEL_NONE ? 0 : m->capacity[model_line(m, j, k)->first + (size_t)level];
}

/* The best routing of every flow and year at the prices. *has_new: one of them was missing. False when the
 * open lines cannot take everything. */
static bool route_all(
	struct master *w, const struct plan *p, const double *mu, bool is_first, bool *has_new)
{
	const struct model *m = w->m;
	struct arena *scratch = arena_new();
	double *capacity = arena_array(scratch, double, m->sites), total = 0;
	bool is_routed = true;
	*has_new = false;
	w->missing = 0;
	for (size_t t = 0; t < m->years && is_routed; t++) {
		struct model priced = limit_price_year(scratch, m, mu, t);
		for (size_t k = 0; k < m->flows && is_routed; k++) {
			struct column c = {.flow = k, .year = t};
			for (size_t j = 0; j < m->sites; j++)
				capacity[j] = level_capacity(m, p, j, k, t);
			is_routed = transport_solve(
				scratch, is_first ? m : &priced, k, t, capacity, NULL, &c.routing);
			if (!is_routed)
				break;
			double worth =
				is_first ? INFINITY : glp_get_row_dual(w->lp, block_row(w, k, t));
			double cost = m->discount[t] * c.routing.cost;
			if (cost >= worth - GAIN * (1 + fabs(worth)))
				continue;
			total += fabs(add_column(w, &c));
			w->missing += is_first ? 0 : worth - cost;
			*has_new = true;
		}
	}
	if (is_first)
		set_penalty(w, 10 * (1 + total));
	arena_free(scratch);
	return is_routed;
}

static int by_place(const void *a, const void *b)
{
	const struct shipment *x = a, *y = b;
	if (x->flow != y->flow)
		return x->flow < y->flow ? -1 : 1;
	if (x->year != y->year)
		return x->year < y->year ? -1 : 1;
	if (x->point != y->point)
		return x->point < y->point ? -1 : 1;
	return x->site < y->site ? -1 : x->site > y->site;
}

/* The mean of the routings by theta. */
static void blend(struct arena *a, const struct master *w, struct plan *p)
{
	const struct model *m = w->m;
	double *whole = arena_array(w->arena, double, m->flows * m->years);
	double *theta = arena_array(w->arena, double, w->column_count);
	size_t count = 0;
	for (size_t n = 0; n < w->column_count; n++) {
		const struct column *c = &w->columns[n];
		theta[n] = glp_get_col_prim(w->lp, (int)(w->row_count + n + 1));
		theta[n] = theta[n] > PART ? theta[n] : 0;
		whole[c->flow * m->years + c->year] += theta[n];
		count += theta[n] > 0 ? c->routing.count : 0;
	}
	struct shipment *all = arena_array(a, struct shipment, count);
	size_t filled = 0;
	for (size_t n = 0; n < w->column_count; n++) {
		const struct column *c = &w->columns[n];
		for (size_t s = 0; s < c->routing.count && theta[n] > 0; s++) {
			all[filled] = c->routing.shipments[s];
			all[filled++].tonnes *= theta[n] / whole[c->flow * m->years + c->year];
		}
	}
	if (count)
		qsort(all, count, sizeof *all, by_place);
	p->shipments = all;
	p->shipment_count = 0;
	for (size_t n = 0; n < count; n++) {
		struct shipment *last = p->shipment_count ? &all[p->shipment_count - 1] : NULL;
		if (last && by_place(last, &all[n]) == 0)
			last->tonnes += all[n].tonnes;
		else
			all[p->shipment_count++] = all[n];
	}
	p->cost = plan_cost(m, p);
}

/* Routings enter until none is missing. */
static bool generate(struct master *w, const struct plan *p, double *mu)
{
	bool has_new;
	if (!route_all(w, p, mu, true, &has_new))
		return false;
	for (int penalty = 0; penalty < PENALTIES; penalty++) {
		for (int round = 0; round < ROUNDS; round++) {
			if (!solve(w))
				return false;
			read_prices(w, mu);
			if (!route_all(w, p, mu, false, &has_new))
				return false;
			if (!has_new || w->missing <= ENOUGH * fabs(glp_get_obj_val(w->lp)) ||
				(w->options->is_over && w->options->is_over(w->options->context)))
				break;
		}
		if (!solve(w))
			return false;
		if (excess_left(w) <= LEFT)
			return true;
		set_penalty(w, 100 * w->penalty);
	}
	return false;
}

static bool is_within(const struct model *m, const struct plan *p)
{
	struct arena *scratch = arena_new();
	double *excess = arena_array(scratch, double, m->limit_count);
	limit_measure(m, p, excess);
	bool holds = limit_hold(m, excess);
	arena_free(scratch);
	return holds;
}

bool reroute(
	struct arena *a, const struct model *m, struct plan *p, const struct reroute_options *o)
{
	double *mu = o->mu;
	if (mu)
		memset(mu, 0, m->limit_count * sizeof *mu);
	if (!(m->is_single_sourced ? whole_route(a, m, p) : plan_route(a, m, p)))
		return false;
	if (is_within(m, p))
		return true;
	if (m->is_single_sourced)
		return false;
	struct arena *scratch = arena_new();
	struct master w = {.m = m,
		.options = o,
		.arena = scratch,
		.lp = glp_create_prob(),
		.columns = arena_array(scratch, struct column, 64),
		.column_room = 64};
	arena_defer(scratch, release, w.lp);
	double *price = arena_array(scratch, double, m->limit_count);
	make_rows(&w, p);
	bool is_found = w.row_count && generate(&w, p, price);
	if (is_found) {
		blend(a, &w, p);
		is_found = is_within(m, p);
		if (mu)
			memcpy(mu, price, m->limit_count * sizeof *mu);
	}
	arena_free(scratch);
	return is_found;
}
