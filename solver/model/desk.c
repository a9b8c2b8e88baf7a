#include "desk.h"

#include <math.h>
#include <string.h>

enum { STATES = COVERING_STATES, BLOCK = 16 };

/* The prices of one flow, with what the inequalities add for lines that are far from all discs. */
static void add_roundings(
	const struct model *m, const struct certificate *c, size_t k, double *price)
{
	memcpy(price, c->price + k * m->years * m->points, m->years * m->points * sizeof *price);
	for (size_t n = 0; n < c->rounding_count; n++)
		for (size_t i = 0; i < m->points; i++)
			if (c->roundings[n].flow == k && need_is_in(m, &c->roundings[n], i))
				for (size_t t = 0; t < m->years; t++)
					price[t * m->points + i] += c->roundings[n].price[t];
}

static size_t block_end(const struct desk *d, size_t b)
{
	return (b + 1) * BLOCK < d->m->points ? (b + 1) * BLOCK : d->m->points;
}

static void find_most(struct desk *d)
{
	for (size_t t = 0; t < d->m->years; t++)
		for (size_t b = 0; b < d->blocks; b++) {
			double most = -INFINITY;
			for (size_t i = b * BLOCK; i < block_end(d, b); i++)
				most = fmax(most, d->price[t * d->m->points + i]);
			d->most[t * d->blocks + b] = most;
		}
}

static void find_least(struct desk *d, size_t j)
{
	const double *haul = d->m->haul[d->k] + j * d->m->points;
	for (size_t b = 0; b < d->blocks; b++) {
		d->least[b] = INFINITY;
		for (size_t i = b * BLOCK; i < block_end(d, b); i++)
			d->least[b] = haul[i] < d->least[b] ? haul[i] : d->least[b];
	}
}

/* Haulage to site j as the price of emissions has it. */
static const double *haul_row(const struct desk *d, size_t j, size_t t)
{
	const struct model *m = d->m;
	const double *haul = m->haul[d->k] + j * m->points;
	if (d->tolls.emission[t] <= 0)
		return haul;
	for (size_t i = 0; i < m->points; i++)
		d->row[i] = haul[i] + d->tolls.emission[t] * m->emission[j * m->points + i];
	return d->row;
}

/* A change of levels as the price of budgets has it; EUR of year t. */
static double change_cost(const struct desk *d, size_t j, int from, int to, size_t t)
{
	const struct model *m = d->m;
	const struct line *line = model_line(m, j, d->k);
	double eur = model_change_cost(m, line, from, to, t), price = 0;
	if (to <= from || !m->outlay || !d->c->limits)
		return eur;
	for (size_t n = 0; n < m->limit_count; n++)
		if (m->limits[n].kind == LIMIT_BUDGET && d->c->limits[n] > 0)
			price += d->c->limits[n] * model_payments(m, &m->limits[n], j, d->k, t);
	double rise = m->outlay[line->first + (size_t)to] -
		      (from == LEVEL_NONE ? 0 : m->outlay[line->first + (size_t)from]);
	return eur + price * rise / m->discount[t];
}

static void list_points(struct desk *d, struct arena *a)
{
	const struct model *m = d->m;
	for (size_t n = 0; n < d->c->rounding_count; n++) {
		d->inside[n] = arena_array(a, uint32_t, m->points);
		for (size_t i = 0; i < m->points; i++)
			if (need_is_in(m, &d->c->roundings[n], i))
				d->inside[n][d->count[n]++] = (uint32_t)i;
	}
}

/* The prices that line (j,k) meets in year t. */
static const double *line_prices(struct desk *d, size_t j, size_t t)
{
	const struct model *m = d->m;
	const double *row = d->price + t * m->points;
	bool is_own = false;
	for (size_t n = 0; n < d->c->rounding_count; n++) {
		const struct rounding *r = &d->c->roundings[n];
		if (!need_is_near(m, r, j, d->k) || r->price[t] == 0)
			continue;
		if (!is_own) {
			memcpy(d->own, row, m->points * sizeof *row);
			is_own = true;
		}
		for (size_t i = 0; i < d->count[n]; i++)
			d->own[d->inside[n][i]] -= r->price[t];
	}
	return is_own ? d->own : row;
}

/* Off the yearly cost of level l of line (j,k). */
static double line_credit(const struct desk *d, size_t j, size_t t, double capacity)
{
	double credit = 0;
	for (size_t n = 0; n < d->c->rounding_count; n++) {
		const struct rounding *r = &d->c->roundings[n];
		if (need_is_near(d->m, r, j, d->k))
			credit +=
				r->price[t] * need_met(&d->needs[n * d->m->years + t], r, capacity);
	}
	return credit;
}

/* What line (j, k) gains by each point in year t. */
struct lane_row {
	const double *price, *haul, *tonnes;
	const double *most; /* [block] */
	double rate, gate;
};

static struct lane_row lanes_of(struct desk *d, size_t j, size_t t)
{
	const struct model *m = d->m;
	return (struct lane_row){.price = line_prices(d, j, t),
		.haul = haul_row(d, j, t),
		.tonnes = model_tonnes(m, d->k, t),
		.most = d->most + t * d->blocks,
		.rate = m->rate[d->k * m->years + t],
		.gate = m->gate[(j * m->flows + d->k) * m->years + t] +
			d->tolls.tonne[j * m->years + t]};
}

/* Two points at a time, in two sums: one waits for itself. The same on every machine. */
enum { PACK = 2 };
typedef double pack __attribute__((vector_size(PACK * sizeof(double))));
typedef int64_t mask __attribute__((vector_size(PACK * sizeof(double))));

static pack load(const double *from)
{
	pack v;
	memcpy(&v, from, sizeof v);
	return v;
}

static pack earned_by(const struct lane_row *r, size_t i, double off)
{
	pack gain = load(r->price + i) - (r->rate * load(r->haul + i) + off);
	return (pack)((mask)gain & (gain > 0)) * load(r->tonnes + i);
}

/* Whether points of the block may gain, with so much off; rounding is on the safe side. */
static bool may_gain(const struct desk *d, const struct lane_row *r, size_t b, double off)
{
	double cost = r->rate * d->least[b];
	return !(r->most[b] - off < cost - 1e-9 * (fabs(cost) + fabs(off)));
}

/* What the site could earn with room for all, beyond the rent of its capacity. */
static double earned_by_all(const struct desk *d, const struct lane_row *r, double rent)
{
	double off = r->gate + rent;
	pack even = {0}, odd = {0};
	double rest = 0;
	for (size_t b = 0; b < d->blocks; b++) {
		if (!may_gain(d, r, b, off))
			continue;
		size_t i = b * BLOCK, end = block_end(d, b);
		for (; i + 2 * PACK <= end; i += 2 * PACK) {
			even += earned_by(r, i, off);
			odd += earned_by(r, i + PACK, off);
		}
		for (; i < end; i++) {
			double gain = r->price[i] - (r->rate * r->haul[i] + off);
			rest += gain > 0 ? gain * r->tonnes[i] : 0;
		}
	}
	even += odd;
	return even[0] + even[1] + rest;
}

/* worth[level]: what each capacity earns, exactly. */
static void earn(struct desk *d, const struct line *line, const struct lane_row *r, double *worth)
{
	const struct model *m = d->m;
	size_t count = 0;
	for (size_t b = 0; b < d->blocks; b++) {
		if (!may_gain(d, r, b, r->gate))
			continue;
		for (size_t i = b * BLOCK; i < block_end(d, b); i++) {
			double gain = r->price[i] - (r->rate * r->haul[i] + r->gate);
			d->gains[count] = (struct gain){gain, r->tonnes[i]};
			count += gain > 0 && r->tonnes[i] > 0;
		}
	}
	drawers_fill(&d->drawers, d->gains, count);
	for (int l = 0; l < line->levels; l++)
		worth[l] = drawers_earn(&d->drawers, m->capacity[line->first + (size_t)l]);
}

/* What is no rent is none. */
static double rent_of(const struct desk *d, size_t j, size_t t)
{
	const struct model *m = d->m;
	double rent = d->c->rent ? d->c->rent[(j * m->flows + d->k) * m->years + t] : 0;
	return rent > 0 && isfinite(rent) ? rent : 0;
}

/* cost[year][state]: state 0 is nothing, state l + 1 is level l; present value. No more than that
 * unless it is to be exact. */
static void line_costs(struct desk *d, size_t j, bool is_exact, double (*cost)[STATES])
{
	const struct model *m = d->m;
	const struct line *line = model_line(m, j, d->k);
	bool has_limit = line->levels && isfinite(m->capacity[line->first]);
	find_least(d, j);
	for (size_t t = 0; t < m->years; t++) {
		double worth[MODEL_LEVELS_MAX] = {0};
		struct lane_row r = lanes_of(d, j, t);
		if (is_exact && has_limit) {
			earn(d, line, &r, worth);
		} else if (line->levels) {
			double rent = has_limit ? rent_of(d, j, t) : 0;
			double all = earned_by_all(d, &r, rent);
			for (int l = 0; l < line->levels; l++)
				worth[l] = all +
					   (rent > 0 ? rent * m->capacity[line->first + (size_t)l]
						     : 0);
		}
		double share = d->c->share ? d->c->share[(j * m->flows + d->k) * m->years + t] : 0;
		cost[t][0] = line->is_fixed && line->start != LEVEL_NONE ? INFINITY : 0;
		for (int l = 0; l < line->levels; l++) {
			size_t level = line->first + (size_t)l;
			double eur = m->running[level * m->years + t] + share - worth[l] -
				     line_credit(d, j, t, m->capacity[level]) -
				     d->tolls.level[j * m->years + t];
			cost[t][l + 1] = line->is_fixed && line->start != l ? INFINITY
									    : m->discount[t] * eur;
		}
	}
}

/* The best path of a line over the years, from its start; *open: of those on which it is ever open. */
static double cheapest_path(const struct desk *d, size_t j, double (*cost)[STATES], double *open)
{
	const struct model *m = d->m;
	const struct line *line = model_line(m, j, d->k);
	double now[STATES], next[STATES];
	double never = m->discount[0] * change_cost(d, j, line->start, LEVEL_NONE, 0) + cost[0][0];
	now[0] = INFINITY; /* closed again after it was open */
	for (int s = 1; s <= line->levels; s++)
		now[s] = m->discount[0] * change_cost(d, j, line->start, s - 1, 0) + cost[0][s];
	for (size_t t = 1; t < m->years; t++) {
		for (int s = 0; s <= line->levels; s++) {
			next[s] = s ? never + cost[t][s] +
						  m->discount[t] *
							  change_cost(d, j, LEVEL_NONE, s - 1, t)
				    : INFINITY;
			for (int b = 0; b <= line->levels; b++) {
				double v = now[b] + cost[t][s] +
					   m->discount[t] * change_cost(d, j, b - 1, s - 1, t);
				if (v < next[s])
					next[s] = v;
			}
		}
		memcpy(now, next, sizeof now);
		never += cost[t][0];
	}
	*open = INFINITY;
	for (int s = 0; s <= line->levels; s++)
		if (now[s] < *open)
			*open = now[s];
	return never < *open ? never : *open;
}

struct line_worth desk_weigh(struct desk *d, size_t j)
{
	const struct model *m = d->m;
	const struct line *line = model_line(m, j, d->k);
	struct line_worth w = {
		.nothing = m->discount[0] * change_cost(d, j, line->start, LEVEL_NONE, 0),
		.open = INFINITY};
	if (!line->levels)
		return w;
	/* Most lines do not pay, whatever they could take. */
	line_costs(d, j, line->is_fixed, d->cost);
	if (!line->is_fixed) {
		w.path = w.nothing;
		if (cheapest_path(d, j, d->cost, &w.open) >= w.nothing)
			return w;
		line_costs(d, j, true, d->cost);
	}
	w.path = cheapest_path(d, j, d->cost, &w.open);
	return w;
}

void desk_first_year(struct desk *d, size_t j, double cost[COVERING_STATES])
{
	const struct line *line = model_line(d->m, j, d->k);
	line_costs(d, j, true, d->cost);
	memcpy(cost, d->cost[0], sizeof d->cost[0]);
	for (int l = LEVEL_NONE; l < line->levels; l++)
		cost[l + 1] += d->m->discount[0] * change_cost(d, j, line->start, l, 0);
}

/* What a thread works with besides what all share. */
static void furnish(struct desk *d, struct arena *a)
{
	const struct model *m = d->m;
	d->row = arena_array(a, double, m->points);
	d->own = arena_array(a, double, m->points);
	d->gains = arena_array(a, struct gain, m->points + 1);
	drawers_init(&d->drawers, a, m->points);
	d->least = arena_array(a, double, d->blocks);
	d->cost = arena_calloc(a, m->years, sizeof *d->cost);
}

void desks_init(struct desk *desks, size_t threads, struct arena *a, const struct model *m,
	const struct certificate *c, const struct tolls *tolls)
{
	struct desk d = {
		.tolls = *tolls,
		.m = m,
		.c = c,
		.price = arena_array(a, double, m->years * m->points),
		.blocks = (m->points + BLOCK - 1) / BLOCK,
		.most = arena_array(a, double, m->years *((m->points + BLOCK - 1) / BLOCK)),
		.needs = arena_array(a, struct need, c->rounding_count * m->years + 1),
		.inside = arena_array(a, uint32_t *, c->rounding_count + 1),
		.count = arena_array(a, size_t, c->rounding_count + 1),
	};
	list_points(&d, a);
	for (size_t n = 0; n < c->rounding_count; n++)
		for (size_t t = 0; t < m->years; t++)
			d.needs[n * m->years + t] = need_of(m, &c->roundings[n], t);
	for (size_t n = 0; n < threads; n++) {
		desks[n] = d;
		furnish(&desks[n], a);
	}
}

void desks_turn(struct desk *desks, size_t threads, size_t k)
{
	for (size_t n = 0; n < threads; n++)
		desks[n].k = k;
	add_roundings(desks->m, desks->c, k, desks->price);
	find_most(desks);
}
