#include "bound.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STATES = MODEL_LEVELS_MAX + 1, COVER_UNITS = 2000 };

/* A point that gains by going to a site: so much per tonne. */
struct gain {
	double per_tonne, tonnes;
};

/* The most that `room` tonnes can earn; the points that earn it come first. What is left to decide
 * is [low, high): a third of it is looked at again each time, on average. */
static double most_earned(struct gain *g, size_t *count, double room)
{
	size_t low = 0, high = *count;
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
	*count = low;
	return earned;
}

/* What a line earns at most within each of its capacities in a year (worth[level], not positive).
 */
static void line_worth(const struct model *m, const struct certificate *c, size_t j, size_t k,
	size_t t, struct gain *gains, double *worth)
{
	const struct line *line = model_line(m, j, k);
	const double *w = model_tonnes(m, k, t);
	const double *price = c->price + (k * m->years + t) * m->points;
	size_t count = 0;
	for (size_t i = 0; i < m->points; i++) {
		double gain = price[i] - model_cost(m, i, j, k, t);
		if (gain > 0 && w[i] > 0)
			gains[count++] = (struct gain){gain, w[i]};
	}
	/* What a smaller capacity takes is among what a larger one takes. */
	for (int l = line->levels; l-- > 0;)
		worth[l] = -most_earned(gains, &count, m->capacity[line->first + (size_t)l]);
}

/* cost[year][state]: state 0 is nothing, state l + 1 is level l; present value. */
static void line_costs(const struct model *m, const struct certificate *c, size_t j, size_t k,
	struct gain *gains, double (*cost)[STATES])
{
	const struct line *line = model_line(m, j, k);
	double worth[MODEL_LEVELS_MAX] = {0};
	for (size_t t = 0; t < m->years; t++) {
		line_worth(m, c, j, k, t, gains, worth);
		double share = c->share ? c->share[(j * m->flows + k) * m->years + t] : 0;
		cost[t][0] = line->is_fixed && line->start != LEVEL_NONE ? INFINITY : 0;
		for (int l = 0; l < line->levels; l++)
			cost[t][l + 1] =
				line->is_fixed && line->start != l
					? INFINITY
					: m->discount[t] *
						  (m->running[(line->first + (size_t)l) * m->years +
							      t] +
							  share + worth[l]);
	}
}

static double cheapest_path(const struct model *m, size_t j, size_t k, double (*cost)[STATES])
{
	const struct line *line = model_line(m, j, k);
	double now[STATES], next[STATES], best = INFINITY;
	for (int s = 0; s <= line->levels; s++)
		now[s] = s - 1 == line->start ? 0 : INFINITY;
	for (size_t t = 0; t < m->years; t++) {
		for (int s = 0; s <= line->levels; s++) {
			next[s] = INFINITY;
			for (int b = 0; b <= line->levels; b++) {
				double v = now[b] + cost[t][s] +
					   m->discount[t] *
						   model_change_cost(m, line, b - 1, s - 1, t);
				if (v < next[s])
					next[s] = v;
			}
		}
		memcpy(now, next, sizeof now);
	}
	for (int s = 0; s <= line->levels; s++)
		if (now[s] < best)
			best = now[s];
	return best;
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
static double cheapest_cover(const struct model *m, size_t k, double (*cost)[STATES])
{
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
					   m->discount[0] *
						   model_change_cost(m, line, line->start, l, 0);
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

static bool shares_are_right(const struct model *m, const struct certificate *c)
{
	for (size_t j = 0; j < m->sites && c->share; j++)
		for (size_t t = 0; t < m->years; t++) {
			double sum = 0, whole = m->site_cost[j * m->years + t];
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

/* Of the sites with lines that are not fixed only so many can be platforms: the others close. */
static double best_platforms(const struct model *m, double *gain)
{
	double value = 0;
	for (int n = 0; n < m->max_platforms; n++) {
		size_t best = m->sites;
		for (size_t j = 0; j < m->sites; j++)
			if (gain[j] < 0 && (best == m->sites || gain[j] < gain[best]))
				best = j;
		if (best == m->sites)
			break;
		value += gain[best];
		gain[best] = 0;
	}
	return value;
}

double bound_evaluate(const struct model *m, const struct certificate *c)
{
	if (!shares_are_right(m, c))
		return -INFINITY;
	struct arena *a = arena_new();
	struct gain *gains = arena_array(a, struct gain, m->points);
	double(*cost)[STATES] =
		arena_calloc(a, m->years > m->sites ? m->years : m->sites, sizeof *cost);
	double *gain = arena_array(a, double, m->sites);
	double bound = 0;
	for (size_t k = 0; k < m->flows; k++) {
		for (size_t t = 0; t < m->years; t++)
			for (size_t i = 0; i < m->points; i++)
				bound += m->discount[t] * model_tonnes(m, k, t)[i] *
					 c->price[(k * m->years + t) * m->points + i];
		if (m->years == 1 && m->max_platforms < 0) {
			for (size_t j = 0; j < m->sites; j++)
				line_costs(m, c, j, k, gains, &cost[j]);
			bound += cheapest_cover(m, k, cost);
			continue;
		}
		for (size_t j = 0; j < m->sites; j++) {
			const struct line *line = model_line(m, j, k);
			line_costs(m, c, j, k, gains, cost);
			double path = cheapest_path(m, j, k, cost);
			double nothing = m->discount[0] *
					 model_change_cost(m, line, line->start, LEVEL_NONE, 0);
			if (m->max_platforms < 0 || line->is_fixed) {
				bound += path;
			} else {
				bound += nothing;
				gain[j] += path - nothing;
			}
		}
	}
	if (m->max_platforms >= 0)
		bound += best_platforms(m, gain);
	arena_free(a);
	return bound;
}
