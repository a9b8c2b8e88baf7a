#include "ascent.h"

#include <limits.h>
#include <math.h>
#include <string.h>

/* Step factor, and how it follows success and failure; averaging weight. As in Barahona and Chudak
 * (2005), adjusted on generated networks. */
static const double FIRST_STEP = 0.5, LEAST_STEP = 1e-4, STEP_UP = 1.1, STEP_DOWN = 0.8;
static const double AVERAGE = 0.1;
enum { PATIENCE = 8, COVER_CELLS = 3000 };

static bool is_outlet(const struct model *m, const struct line *line)
{
	return line->is_fixed && line->start != LEVEL_NONE &&
	       isinf(m->capacity[line->first + (size_t)line->start]);
}

static double volume(const struct model *m, size_t k, size_t t)
{
	double sum = 0;
	for (size_t i = 0; i < m->points; i++)
		sum += model_tonnes(m, k, t)[i];
	return sum;
}

static void init_cover(struct ascent *s, struct arena *a)
{
	double total = volume(s->m, s->k, 0);
	s->cells = total > 0 ? COVER_CELLS : 0;
	s->cell_t = total / COVER_CELLS;
	s->cover_best = arena_array(a, double, s->cells + 1);
	s->cover_pick = arena_array(a, int8_t, s->line_count * (s->cells + 1));
	s->cover_node = arena_array(a, double, s->line_count *(MODEL_LEVELS_MAX + 1));
}

void ascent_init(struct ascent *s, struct arena *a, const struct model *m, size_t k)
{
	size_t cells = m->years * m->points;
	size_t *lines = arena_array(a, size_t, m->sites);
	*s = (struct ascent){
		.m = m,
		.k = k,
		.lines = lines,
		.ceiling = arena_array(a, double, cells),
		.price = arena_array(a, double, cells),
		.share = arena_array(a, double, m->sites * m->years),
		.lack = arena_array(a, double, cells),
		.mean_open = arena_array(a, double, m->sites * m->years),
		.mean_size = arena_array(a, double, m->sites * m->years),
		.trial = arena_array(a, double, cells),
		.served = arena_array(a, double, cells),
		.line_cost = arena_array(a, double, m->sites),
		.order = arena_array(a, size_t, m->sites),
		.most = INT_MAX,
		.path = arena_array(a, int, m->sites * m->years),
	};
	pricing_init(&s->pricing, a, m);
	bool has_outlet = false;
	for (size_t c = 0; c < cells; c++)
		s->ceiling[c] = INFINITY;
	for (size_t j = 0; j < m->sites; j++) {
		const struct line *line = model_line(m, j, k);
		if (!line->levels || (line->is_fixed && line->start == LEVEL_NONE))
			continue;
		if (!is_outlet(m, line)) {
			lines[s->line_count++] = j;
			continue;
		}
		has_outlet = true;
		for (size_t t = 0; t < m->years; t++)
			for (size_t i = 0; i < m->points; i++)
				s->ceiling[t * m->points + i] = fmin(
					s->ceiling[t * m->points + i], model_cost(m, i, j, k, t));
	}
	s->must_cover = m->years == 1 && !has_outlet;
	if (s->must_cover)
		init_cover(s, a);
}

/* The cheapest sets of levels that cover each amount of volume, line after line. */
static double cover(struct ascent *s)
{
	enum { WIDTH = MODEL_LEVELS_MAX + 1 };
	const struct model *m = s->m;
	double *best = s->cover_best;
	for (size_t c = 0; c <= s->cells; c++)
		best[c] = c ? INFINITY : 0;
	for (size_t n = 0; n < s->line_count; n++) {
		const struct line *line = model_line(m, s->lines[n], s->k);
		const double *node = s->cover_node + n * WIDTH;
		int8_t *pick = s->cover_pick + n * (s->cells + 1);
		/* from the largest amount down, so that each line counts once */
		for (size_t c = s->cells + 1; c-- > 0;) {
			double cheapest = line->is_fixed ? INFINITY : best[c] + node[0];
			int level = LEVEL_NONE;
			for (int l = 0; l < line->levels; l++) {
				double u = m->capacity[line->first + (size_t)l] / s->cell_t;
				size_t step = u >= (double)s->cells ? s->cells : (size_t)ceil(u);
				double before = best[c > step ? c - step : 0];
				/* covering less than c is also what a larger step from 0 does */
				double cost = before + node[l + 1];
				if (cost < cheapest) {
					cheapest = cost;
					level = l;
				}
			}
			pick[c] = (int8_t)level;
			best[c] = cheapest;
		}
	}
	size_t c = s->cells;
	for (size_t n = s->line_count; n-- > 0;) {
		const struct line *line = model_line(m, s->lines[n], s->k);
		int level = s->cover_pick[n * (s->cells + 1) + c];
		s->path[n] = level;
		s->line_cost[n] = s->cover_node[n * WIDTH + (size_t)(level + 1)];
		if (level == LEVEL_NONE)
			continue;
		double u = m->capacity[line->first + (size_t)level] / s->cell_t;
		size_t step = u >= (double)s->cells ? s->cells : (size_t)ceil(u);
		c = c > step ? c - step : 0;
	}
	return best[s->cells];
}

/* Bound with a cover: first what each level of each line costs, then the choice of all together,
 * then who the chosen ones serve (priced again, which is cheaper than keeping all selections). */
static double evaluate_cover(struct ascent *s, const double *price)
{
	enum { WIDTH = MODEL_LEVELS_MAX + 1 };
	for (size_t n = 0; n < s->line_count; n++) {
		size_t j = s->lines[n];
		const struct line *line = model_line(s->m, j, s->k);
		pricing_line(&s->pricing, j, s->k, price, s->share + j);
		for (int l = LEVEL_NONE; l < line->levels; l++)
			s->cover_node[n * WIDTH + (size_t)(l + 1)] =
				s->pricing.node[l + 1] +
				s->m->discount[0] *
					model_change_cost(s->m, line, line->start, l, 0);
	}
	double value = cover(s);
	for (size_t n = 0; n < s->line_count; n++) {
		if (s->path[n] == LEVEL_NONE)
			continue;
		pricing_line(&s->pricing, s->lines[n], s->k, price, s->share + s->lines[n]);
		pricing_choose(&s->pricing, s->path[n]);
		pricing_serve(&s->pricing, s->served);
	}
	return value;
}

/* Takes line n into the evaluation: its path is the one just priced. */
static void take(struct ascent *s, size_t n)
{
	size_t years = s->m->years;
	pricing_serve(&s->pricing, s->served);
	memcpy(s->path + n * years, s->pricing.path, years * sizeof *s->path);
}

/* Bound without a cover: every line that pays is opened, but at least `least` and at most `most` of
 * those that are free. */
static double evaluate_paths(struct ascent *s, const double *price)
{
	size_t years = s->m->years, free_count = 0;
	double value = 0;
	for (size_t n = 0; n < s->line_count; n++) {
		size_t j = s->lines[n];
		const struct line *line = model_line(s->m, j, s->k);
		pricing_line(&s->pricing, j, s->k, price, s->share + j * years);
		s->line_cost[n] = s->pricing.total;
		if (line->is_fixed || line->start != LEVEL_NONE) {
			take(s, n);
			value += s->pricing.total;
			continue;
		}
		for (size_t t = 0; t < years; t++)
			s->path[n * years + t] = LEVEL_NONE;
		size_t at = free_count++;
		for (; at && s->line_cost[s->order[at - 1]] > s->line_cost[n]; at--)
			s->order[at] = s->order[at - 1];
		s->order[at] = n;
	}
	for (size_t at = 0; at < free_count && (int)at < s->most; at++) {
		size_t n = s->order[at], j = s->lines[n];
		if ((int)at >= s->least && s->line_cost[n] >= 0)
			break;
		pricing_line(&s->pricing, j, s->k, price, s->share + j * years);
		take(s, n);
		value += s->line_cost[n];
	}
	return value;
}

double ascent_evaluate(struct ascent *s, const double *price)
{
	const struct model *m = s->m;
	memset(s->served, 0, m->years * m->points * sizeof *s->served);
	double value = 0;
	for (size_t t = 0; t < m->years; t++) {
		const double *w = model_tonnes(m, s->k, t), *row = price + t * m->points;
		double sum = 0;
		for (size_t i = 0; i < m->points; i++)
			if (w[i] > 0)
				sum += w[i] * row[i];
		value += m->discount[t] * sum;
	}
	s->evaluations++;
	return value + (s->must_cover ? evaluate_cover(s, price) : evaluate_paths(s, price));
}

/* The cheapest a point can be served at in a year, whatever the capacities. */
static double cheapest(const struct model *m, size_t i, size_t k, size_t t)
{
	double best = INFINITY;
	for (size_t j = 0; j < m->sites; j++)
		if (model_line(m, j, k)->levels)
			best = fmin(best, model_cost(m, i, j, k, t));
	return best;
}

void ascent_start(struct ascent *s, const double *price)
{
	const struct model *m = s->m;
	for (size_t t = 0; t < m->years; t++)
		for (size_t i = 0; i < m->points; i++) {
			size_t c = t * m->points + i;
			double p = price ? price[c] : cheapest(m, i, s->k, t);
			s->price[c] = fmin(isfinite(p) ? p : 0, s->ceiling[c]);
			s->lack[c] = 0;
		}
	memset(s->mean_open, 0, m->sites * m->years * sizeof *s->mean_open);
	memset(s->mean_size, 0, m->sites * m->years * sizeof *s->mean_size);
	s->value = -INFINITY;
	s->step = FIRST_STEP;
	s->failures = 0;
}

/* A point at its ceiling that is not wholly served takes the outlet: nothing is lacking. */
static double violation(const struct ascent *s, const double *price, size_t c)
{
	double v = 1 - s->served[c];
	return v > 0 && price[c] >= s->ceiling[c] ? 0 : v;
}

/* How violation and average lie to each other, in the metric of the problem. */
struct angles {
	double along;  /* <v, average> */
	double length; /* <v, v> */
};

static struct angles compare(const struct ascent *s)
{
	const struct model *m = s->m;
	struct angles a = {0};
	for (size_t t = 0; t < m->years; t++) {
		const double *w = model_tonnes(m, s->k, t);
		for (size_t i = 0; i < m->points; i++) {
			size_t c = t * m->points + i;
			double v = violation(s, s->trial, c), dw = m->discount[t] * w[i];
			a.along += dw * v * s->lack[c];
			a.length += dw * v * v;
		}
	}
	return a;
}

/* Moves the averages towards the last evaluation. */
static void average_in(struct ascent *s, double weight)
{
	const struct model *m = s->m;
	for (size_t c = 0; c < m->years * m->points; c++)
		s->lack[c] += weight * (violation(s, s->trial, c) - s->lack[c]);
	for (size_t n = 0; n < s->line_count; n++)
		for (size_t t = 0; t < m->years; t++) {
			size_t c = s->lines[n] * m->years + t;
			int level = s->path[n * m->years + t];
			double u = level == LEVEL_NONE
					   ? 0
					   : m->capacity[model_line(m, s->lines[n], s->k)->first +
							 (size_t)level];
			s->mean_open[c] += weight * ((level != LEVEL_NONE) - s->mean_open[c]);
			s->mean_size[c] += weight * (u - s->mean_size[c]);
		}
}

/* The weight that makes the new average shortest, within bounds: Barahona and Anbil (2000). */
static double best_weight(const struct angles *a, double norm)
{
	double bend = norm - 2 * a->along + a->length;
	double weight = bend > 0 ? (norm - a->along) / bend : AVERAGE;
	return fmin(AVERAGE, fmax(AVERAGE / 10, weight));
}

static double lack_norm(const struct ascent *s)
{
	const struct model *m = s->m;
	double sum = 0;
	for (size_t t = 0; t < m->years; t++)
		for (size_t i = 0; i < m->points; i++) {
			double v = s->lack[t * m->points + i];
			sum += m->discount[t] * model_tonnes(m, s->k, t)[i] * v * v;
		}
	return sum;
}

void ascent_run(struct ascent *s, int iterations, double target)
{
	size_t cells = s->m->years * s->m->points;
	for (int n = 0; n < iterations; n++) {
		bool is_first = s->value == -INFINITY;
		double norm = is_first ? 0 : lack_norm(s);
		double room = fmax(target - s->value, 1e-6 * fabs(target));
		double length = norm > 0 ? s->step * room / norm : 0;
		for (size_t c = 0; c < cells; c++)
			s->trial[c] = fmin(s->price[c] + length * s->lack[c], s->ceiling[c]);
		double value = ascent_evaluate(s, s->trial);
		struct angles angles = compare(s);
		average_in(s, is_first ? 1 : best_weight(&angles, norm));
		if (value > s->value) {
			s->value = value;
			memcpy(s->price, s->trial, cells * sizeof *s->price);
			s->failures = 0;
			if (angles.along > 0)
				s->step = fmin(2, s->step * STEP_UP);
		} else if (++s->failures >= PATIENCE) {
			s->step = fmax(LEAST_STEP, s->step * STEP_DOWN);
			s->failures = 0;
		}
	}
}
