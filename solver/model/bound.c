#include "bound.h"

#include "team.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STATES = MODEL_LEVELS_MAX + 1, COVER_UNITS = 2000 };

/* A point that gains by going to a site: so much per tonne. */
struct gain {
	double per_tonne, tonnes;
};

/* The most that `room` tonnes can earn. What is left to decide is [low, high): a third of it is
 * looked at again each time, on average. */
static double most_earned(struct gain *g, size_t count, double room)
{
	size_t low = 0, high = count;
	double earned = 0;
	while (low < high && room > 0) {
		double pivot = g[low + (high - low) / 2].per_tonne, tonnes = 0, worth = 0;
		size_t better = low;
		for (size_t n = low; n < high; n++)
			if (g[n].per_tonne > pivot) {
				struct gain swap = g[n];
				g[n] = g[better];
				g[better++] = swap;
				tonnes += swap.tonnes;
				worth += swap.per_tonne * swap.tonnes;
			}
		if (tonnes > room) {
			high = better;
			continue;
		}
		earned += worth;
		room -= tonnes;
		low = better;
		/* Those equal to the pivot, then those below it. */
		for (size_t n = low; n < high && room > 0; n++)
			if (g[n].per_tonne >= pivot) {
				struct gain swap = g[n];
				g[n] = g[low];
				g[low++] = swap;
				double part = swap.tonnes < room ? swap.tonnes : room;
				earned += part * pivot;
				room -= part;
			}
	}
	return earned;
}

/* Gains in drawers, a drawer for each part of the way to the highest: only in the one where the room ends
 * points have to be told apart. */
enum { DRAWERS = 128 };
static const uint32_t NOBODY = UINT32_MAX;

struct drawers {
	double tonnes[DRAWERS], worth[DRAWERS];
	uint32_t first[DRAWERS]; /* NOBODY: empty */
	uint32_t *next;          /* [gain] in the same drawer */
	struct gain *inside;     /* [gain] of one drawer, scratch */
};

static void sort_out(struct drawers *s, const struct gain *g, size_t count)
{
	double highest = 0;
	for (size_t n = 0; n < count; n++)
		highest = g[n].per_tonne > highest ? g[n].per_tonne : highest;
	double scale = highest > 0 ? DRAWERS / highest : 0;
	for (size_t b = 0; b < DRAWERS; b++) {
		s->tonnes[b] = s->worth[b] = 0;
		s->first[b] = NOBODY;
	}
	for (size_t n = 0; n < count; n++) {
		double at = g[n].per_tonne * scale;
		size_t b = at < DRAWERS - 1 ? (size_t)at : DRAWERS - 1;
		s->tonnes[b] += g[n].tonnes;
		s->worth[b] += g[n].tonnes * g[n].per_tonne;
		s->next[n] = s->first[b];
		s->first[b] = (uint32_t)n;
	}
}

/* The most that `room` tonnes can earn. */
static double drawn(struct drawers *s, const struct gain *g, double room)
{
	double earned = 0;
	for (size_t b = DRAWERS; b-- > 0; room -= s->tonnes[b]) {
		if (s->tonnes[b] > room) {
			size_t count = 0;
			for (uint32_t n = s->first[b]; n != NOBODY; n = s->next[n])
				s->inside[count++] = g[n];
			return earned + most_earned(s->inside, count, room);
		}
		earned += s->worth[b];
	}
	return earned;
}

/* A rounding inequality in a year: what it asks for, and what a level of a near line does for it. */
struct need {
	double volume, rest, whole;
	double step; /* what the second unit counts for; 0: there is none */
};

static bool is_in(const struct model *m, const struct rounding *r, size_t i)
{
	return r->centre == ROUNDING_EVERYWHERE ||
	       m->haul[r->flow][(size_t)r->centre * m->points + i] <= r->radius;
}

static struct need need_of(const struct model *m, const struct rounding *r, size_t t)
{
	struct need n = {0};
	for (size_t i = 0; i < m->points; i++)
		if (is_in(m, r, i))
			n.volume += model_tonnes(m, r->flow, t)[i];
	n.whole = ceil(n.volume / r->unit);
	n.rest = n.volume - r->unit * (n.whole - 1);
	double steps = r->second > 0 ? ceil(n.rest / r->second) : 0;
	if (steps >= 2 && steps * r->second <= r->unit) {
		n.step = n.rest - (steps - 1) * r->second;
		n.rest = n.step * steps;
	}
	return n;
}

static double met_by(const struct need *n, const struct rounding *r, double capacity)
{
	double u = capacity < n->volume ? capacity : n->volume, units = floor(u / r->unit);
	double met = n->rest * units;
	double part = u - r->unit * units;
	if (n->step > 0) {
		double steps = floor(part / r->second), left = part - steps * r->second;
		part = n->step * (steps + (left < n->step ? left / n->step : 1));
	}
	met += part < n->rest ? part : n->rest;
	/* Rounding of u / unit must not make it more than the inequality asks for. */
	return met < n->rest * n->whole ? met : n->rest * n->whole;
}

static bool serves_near(const struct model *m, const struct rounding *r, size_t j, size_t k)
{
	return r->flow == k && r->is_near[j] && !model_line(m, j, k)->is_fixed;
}

/* The prices of one flow, with what the inequalities add for lines that are far from all discs. */
static void add_roundings(
	const struct model *m, const struct certificate *c, size_t k, double *price)
{
	memcpy(price, c->price + k * m->years * m->points, m->years * m->points * sizeof *price);
	for (size_t n = 0; n < c->rounding_count; n++)
		for (size_t i = 0; i < m->points; i++)
			if (c->roundings[n].flow == k && is_in(m, &c->roundings[n], i))
				for (size_t t = 0; t < m->years; t++)
					price[t * m->points + i] += c->roundings[n].price[t];
}

/* What the multipliers of limits add to costs, EUR of the year. */
struct tolls {
	double *tonne;    /* [site][year] per tonne that it takes */
	double *site;     /* [site][year] while it is open */
	double *level;    /* [site][year] off each line that is open there */
	bool *is_open;    /* [site][year] has to be */
	double *emission; /* [year] per t of CO2 */
	double constant;  /* present value */
	double size;      /* of what that is made of, signs aside */
};

/* False when a multiplier proves nothing. */
static bool read_tolls(struct arena *a, const struct model *m, const double *mu, struct tolls *out)
{
	size_t cells = m->sites * m->years;
	*out = (struct tolls){.tonne = arena_array(a, double, cells),
		.site = arena_array(a, double, cells),
		.level = arena_array(a, double, cells),
		.is_open = arena_array(a, bool, cells),
		.emission = arena_array(a, double, m->years)};
	for (size_t n = 0; n < m->limit_count; n++) {
		const struct limit *limit = &m->limits[n];
		size_t at = limit->site * m->years + limit->year;
		double price = mu ? mu[n] : 0;
		if (!(price >= 0) || !isfinite(price))
			return false;
		double worth = price * limit->value;
		out->size += worth;
		switch (limit->kind) {
		case LIMIT_BUDGET: out->constant -= worth; break;
		case LIMIT_EMISSION:
			for (size_t t = 0; t < m->years; t++)
				if (limit->year == LIMIT_HORIZON || limit->year == t)
					out->emission[t] += price / m->discount[t];
			out->constant -= worth;
			break;
		case LIMIT_MOST:
			out->tonne[at] += price / m->discount[limit->year];
			out->constant -= worth;
			break;
		case LIMIT_LEAST:
			out->tonne[at] -= price / m->discount[limit->year];
			out->site[at] += worth / m->discount[limit->year];
			break;
		case LIMIT_OPEN:
			out->level[at] += price / m->discount[limit->year];
			out->is_open[at] = true;
			out->constant += price;
			out->size += price;
			break;
		}
	}
	for (size_t c = 0; c < cells; c++)
		if (out->is_open[c]) {
			double eur = m->discount[c % m->years] * (m->site_cost[c] + out->site[c]);
			out->constant += eur;
			out->size += eur;
		}
	return true;
}

/* What is worked out of one flow: all lines share it. */
struct desk {
	const struct model *m;
	const struct certificate *c;
	size_t k;
	double *price;      /* [year][point] for lines that are far */
	double *own;        /* [point] for the line under way */
	double size;        /* of all that is summed up, signs aside */
	struct need *needs; /* [rounding][year] */
	uint32_t **inside;  /* [rounding] the points of S */
	size_t *count;      /* [rounding] how many */
	struct gain *gains; /* [point] */
	struct drawers drawers;
	struct tolls tolls;
	double *row; /* [point] haulage of the line under way, where emissions have a price */
	double (*cost)[STATES];
	/* Points in blocks: none gains where the highest price is below the least cost. */
	size_t blocks;
	double *most; /* [year][block] of the prices for lines that are far: no line meets higher ones */
	double *least; /* [block] haulage to the site under way */
};

enum { BLOCK = 16 };

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
			if (is_in(m, &d->c->roundings[n], i))
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
		if (!serves_near(m, r, j, d->k) || r->price[t] == 0)
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
		if (serves_near(d->m, r, j, d->k))
			credit += r->price[t] * met_by(&d->needs[n * d->m->years + t], r, capacity);
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

static pack earned_by(const struct lane_row *r, size_t i)
{
	pack gain = load(r->price + i) - (r->rate * load(r->haul + i) + r->gate);
	return (pack)((mask)gain & (gain > 0)) * load(r->tonnes + i);
}

/* Whether points of the block may gain; rounding is on the safe side. */
static bool may_gain(const struct desk *d, const struct lane_row *r, size_t b)
{
	double cost = r->rate * d->least[b];
	return !(r->most[b] - r->gate < cost - 1e-9 * (fabs(cost) + fabs(r->gate)));
}

/* What the site could earn with room for all. */
static double earned_by_all(const struct desk *d, const struct lane_row *r)
{
	pack even = {0}, odd = {0};
	double rest = 0;
	for (size_t b = 0; b < d->blocks; b++) {
		if (!may_gain(d, r, b))
			continue;
		size_t i = b * BLOCK, end = block_end(d, b);
		for (; i + 2 * PACK <= end; i += 2 * PACK) {
			even += earned_by(r, i);
			odd += earned_by(r, i + PACK);
		}
		for (; i < end; i++) {
			double gain = r->price[i] - (r->rate * r->haul[i] + r->gate);
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
		if (!may_gain(d, r, b))
			continue;
		for (size_t i = b * BLOCK; i < block_end(d, b); i++) {
			double gain = r->price[i] - (r->rate * r->haul[i] + r->gate);
			d->gains[count] = (struct gain){gain, r->tonnes[i]};
			count += gain > 0 && r->tonnes[i] > 0;
		}
	}
	sort_out(&d->drawers, d->gains, count);
	for (int l = 0; l < line->levels; l++)
		worth[l] = drawn(&d->drawers, d->gains, m->capacity[line->first + (size_t)l]);
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
			double all = earned_by_all(d, &r);
			for (int l = 0; l < line->levels; l++)
				worth[l] = all;
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

static double total_tonnes(const struct model *m, size_t k)
{
	double total = 0;
	for (size_t i = 0; i < m->points; i++)
		total += model_tonnes(m, k, 0)[i];
	return total;
}

/* A unit all capacities of the flow are multiples of, if there is one that makes a short table. */
static double cover_unit(const struct model *m, size_t k, double total)
{
	double unit = 0;
	for (size_t j = 0; j < m->sites; j++) {
		const struct line *line = model_line(m, j, k);
		for (int l = 0; l < line->levels; l++) {
			double a = m->capacity[line->first + (size_t)l], b = unit;
			if (a >= total)
				continue;
			if (fmod(a, 1) != 0)
				return total / COVER_UNITS;
			while (b > 0) {
				double rest = fmod(a, b);
				a = b;
				b = rest;
			}
			unit = a;
		}
	}
	return unit > 0 && total / unit < 2 * COVER_UNITS ? unit : total / COVER_UNITS;
}

/* One year: lines of a flow at most one level each, room for all tonnes in all. `cost` holds one
 * line after another. */
static double cheapest_cover(const struct desk *d, double (*cost)[STATES])
{
	const struct model *m = d->m;
	size_t k = d->k;
	double total = total_tonnes(m, k), unit = total > 0 ? cover_unit(m, k, total) : 1;
	size_t need = (size_t)ceil(total / unit * (1 - 1e-9));
	double *cover = malloc((need + 1) * sizeof *cover),
	       *next = malloc((need + 1) * sizeof *next);
	if (!cover || !next)
		abort();
	for (size_t s = 0; s <= need; s++)
		cover[s] = s ? INFINITY : 0;
	for (size_t j = 0; j < m->sites; j++) {
		const struct line *line = model_line(m, j, k);
		for (size_t s = 0; s <= need; s++) {
			next[s] = INFINITY;
			for (int l = LEVEL_NONE; l < line->levels; l++) {
				double u =
					l == LEVEL_NONE ? 0 : m->capacity[line->first + (size_t)l];
				double units = ceil(u / unit * (1 - 1e-12));
				size_t rest = units < (double)s ? s - (size_t)units : 0;
				double v = cover[rest] + cost[j][l + 1] +
					   m->discount[0] * change_cost(d, j, line->start, l, 0);
				if (v < next[s])
					next[s] = v;
			}
		}
		double *swap = cover;
		cover = next;
		next = swap;
	}
	double value = cover[need];
	free(cover);
	free(next);
	return value;
}

static bool shares_are_right(
	const struct model *m, const struct certificate *c, const struct tolls *tolls)
{
	for (size_t j = 0; j < m->sites && c->share; j++)
		for (size_t t = 0; t < m->years; t++) {
			size_t at = j * m->years + t;
			double sum = 0,
			       whole = tolls->is_open[at] ? 0 : m->site_cost[at] + tolls->site[at];
			for (size_t k = 0; k < m->flows; k++) {
				double share = c->share[(j * m->flows + k) * m->years + t];
				if (!(share >= 0))
					return false;
				sum += share;
			}
			if (!(sum <= whole * (1 + 1e-12)))
				return false;
		}
	return true;
}

static bool roundings_are_right(const struct model *m, const struct certificate *c)
{
	for (size_t n = 0; n < c->rounding_count; n++) {
		const struct rounding *r = &c->roundings[n];
		if (r->flow >= m->flows || !(r->unit > 0) || !isfinite(r->unit) ||
			!(r->second >= 0) || !isfinite(r->second) ||
			r->centre < ROUNDING_EVERYWHERE || r->centre >= (int)m->sites)
			return false;
		for (size_t t = 0; t < m->years; t++)
			if (!(r->price[t] >= 0))
				return false;
	}
	return true;
}

/* What a site's lines that are not fixed come to, beside having nothing. */
struct choice {
	double gain; /* what they save at best, at most 0 */
	double least; /* what opening the least bad of them costs when none saves anything; infinite: has none */
};

static double choice_cost(const struct choice *c)
{
	return c->gain < 0 ? c->gain : c->least;
}

/* Whether a limit wants the site open in some year. */
static bool is_ever_due(const struct model *m, const struct tolls *tolls, size_t j)
{
	for (size_t t = 0; t < m->years; t++)
		if (tolls->is_open[j * m->years + t])
			return true;
	return false;
}

/* The sites that are platforms: those that have to be open, those that save, no more and no fewer than may be. */
static double best_platforms(
	const struct model *m, const struct tolls *tolls, struct choice *choices)
{
	double value = 0;
	int most = m->max_platforms >= 0 ? m->max_platforms : (int)m->sites, chosen = 0;
	for (size_t j = 0; j < m->sites; j++) {
		if (!is_ever_due(m, tolls, j) || !isfinite(choice_cost(&choices[j])))
			continue;
		value += choice_cost(&choices[j]);
		choices[j] = (struct choice){0, INFINITY};
		chosen++;
	}
	for (int n = chosen; n < most; n++) {
		size_t best = m->sites;
		for (size_t j = 0; j < m->sites; j++)
			if (isfinite(choice_cost(&choices[j])) &&
				(best == m->sites ||
					choice_cost(&choices[j]) < choice_cost(&choices[best])))
				best = j;
		if (best == m->sites || (n >= m->min_platforms && choices[best].gain >= 0))
			break;
		value += choice_cost(&choices[best]);
		choices[best] = (struct choice){0, INFINITY};
	}
	return value;
}

/* The best path of a line over the years; what having nothing from the start on would cost, and being open in
 * some year, at the least. */
static double line_value(struct desk *d, size_t j, double *nothing, double *open)
{
	const struct model *m = d->m;
	const struct line *line = model_line(m, j, d->k);
	*nothing = m->discount[0] * change_cost(d, j, line->start, LEVEL_NONE, 0);
	*open = INFINITY;
	if (!line->levels)
		return 0;
	/* Most lines do not pay, whatever they could take. */
	line_costs(d, j, line->is_fixed, d->cost);
	if (!line->is_fixed) {
		if (cheapest_path(d, j, d->cost, open) >= *nothing)
			return *nothing;
		line_costs(d, j, true, d->cost);
	}
	return cheapest_path(d, j, d->cost, open);
}

static double tonnes_value(struct desk *d)
{
	const struct model *m = d->m;
	double value = 0;
	for (size_t t = 0; t < m->years; t++) {
		const double *w = model_tonnes(m, d->k, t);
		const double *price = d->c->price + (d->k * m->years + t) * m->points;
		for (size_t i = 0; i < m->points; i++) {
			value += m->discount[t] * w[i] * price[i];
			d->size += m->discount[t] * w[i] * fabs(price[i]);
		}
		for (size_t n = 0; n < d->c->rounding_count; n++) {
			const struct need *need = &d->needs[n * m->years + t];
			if (d->c->roundings[n].flow != d->k || need->volume <= 0)
				continue;
			double worth = m->discount[t] * d->c->roundings[n].price[t] * need->rest *
				       need->whole;
			value += worth;
			d->size += worth;
		}
	}
	return value;
}

/* With one year and any number of platforms: all lines of the flow together. */
static bool has_cover(const struct model *m)
{
	return m->years == 1 && m->max_platforms < 0;
}

static double cover_value(struct desk *d)
{
	for (size_t j = 0; j < d->m->sites; j++)
		line_costs(d, j, true, &d->cost[j]);
	return cheapest_cover(d, d->cost);
}

/* Whether some sites have to be platforms, whatever they save. */
static bool has_due(const struct model *m)
{
	for (size_t n = 0; n < m->limit_count; n++)
		if (m->limits[n].kind == LIMIT_OPEN)
			return true;
	return m->min_platforms > 0;
}

static bool has_number(const struct model *m)
{
	return m->max_platforms >= 0 || has_due(m);
}

/* What a line of the flow comes to; `desk` is each thread's own. */
struct line_worth {
	double path, nothing, open;
};

struct flow_work {
	struct desk *desks;       /* [thread] */
	struct line_worth *worth; /* [site] */
};

static void weigh_line(void *context, size_t j, size_t thread)
{
	struct flow_work *w = context;
	struct line_worth *x = &w->worth[j];
	x->path = line_value(&w->desks[thread], j, &x->nothing, &x->open);
}

/* Line by line; choices: what has to be chosen among where the number of platforms matters. */
static double flow_value(
	struct desk *desks, size_t threads, struct line_worth *worth, struct choice *choices)
{
	const struct model *m = desks->m;
	struct flow_work work = {desks, worth};
	double value = 0;
	team_run(threads, m->sites, weigh_line, &work);
	for (size_t j = 0; j < m->sites; j++) {
		const struct line_worth *x = &worth[j];
		if (!has_number(m) || model_line(m, j, desks->k)->is_fixed) {
			value += x->path;
			continue;
		}
		value += x->nothing;
		choices[j].gain += x->path - x->nothing;
		if (x->open - x->nothing < choices[j].least)
			choices[j].least = x->open - x->nothing > 0 ? x->open - x->nothing : 0;
	}
	return value;
}

/* What a thread works with besides what all share. */
static void furnish(struct desk *d, struct arena *a)
{
	const struct model *m = d->m;
	d->row = arena_array(a, double, m->points);
	d->own = arena_array(a, double, m->points);
	d->gains = arena_array(a, struct gain, m->points + 1);
	d->drawers.next = arena_array(a, uint32_t, m->points);
	d->drawers.inside = arena_array(a, struct gain, m->points);
	d->least = arena_array(a, double, d->blocks);
	d->cost = arena_calloc(a, m->years > m->sites ? m->years : m->sites, sizeof *d->cost);
}

double bound_evaluate(const struct model *m, const struct certificate *c)
{
	return bound_evaluate_by(m, c, 1);
}

double bound_evaluate_by(const struct model *m, const struct certificate *c, size_t threads)
{
	struct arena *a = arena_new();
	struct tolls tolls;
	if (!read_tolls(a, m, c->limits, &tolls) || !shares_are_right(m, c, &tolls) ||
		!roundings_are_right(m, c)) {
		arena_free(a);
		return -INFINITY;
	}
	struct desk *desks = arena_array(a, struct desk, threads), *d = desks;
	*d = (struct desk){
		.tolls = tolls,
		.size = tolls.size,
		.m = m,
		.c = c,
		.price = arena_array(a, double, m->years * m->points),
		.blocks = (m->points + BLOCK - 1) / BLOCK,
		.most = arena_array(a, double, m->years *((m->points + BLOCK - 1) / BLOCK)),
		.needs = arena_array(a, struct need, c->rounding_count * m->years + 1),
		.inside = arena_array(a, uint32_t *, c->rounding_count + 1),
		.count = arena_array(a, size_t, c->rounding_count + 1),
	};
	list_points(d, a);
	for (size_t n = 0; n < c->rounding_count; n++)
		for (size_t t = 0; t < m->years; t++)
			d->needs[n * m->years + t] = need_of(m, &c->roundings[n], t);
	for (size_t n = 0; n < threads; n++) {
		desks[n] = *d;
		furnish(&desks[n], a);
	}
	struct choice *choices = arena_array(a, struct choice, m->sites);
	struct line_worth *worth = arena_array(a, struct line_worth, m->sites);
	double bound = tolls.constant, lines = 0, covers = has_cover(m) ? 0 : -INFINITY;
	for (size_t j = 0; j < m->sites; j++)
		choices[j].least = INFINITY;
	for (size_t k = 0; k < m->flows; k++) {
		for (size_t n = 0; n < threads; n++)
			desks[n].k = k;
		add_roundings(m, c, k, d->price);
		find_most(d);
		bound += tonnes_value(d);
		if (has_cover(m))
			covers += cover_value(d);
		if (!has_cover(m) || has_due(m))
			lines += flow_value(desks, threads, worth, choices);
	}
	if (has_number(m))
		lines += best_platforms(m, &tolls, choices);
	/* Both are true: of a cover that says nothing of numbers, and of numbers, the better. */
	bound += has_cover(m) && !has_due(m) ? covers : fmax(lines, covers);
	/* Every site may earn on every tonne: so much may sums of this size be off. Multipliers that
	 * are large and cancel out prove little. */
	bound -= 4 * DBL_EPSILON * (double)(m->sites + 1) * d->size;
	arena_free(a);
	return bound;
}
