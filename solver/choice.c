#include "choice.h"

#include <math.h>
#include <string.h>

enum { UNITS_MAX = 3000, UNITS_ROUNDED = 1000 };

static double divisor(double a, double b)
{
	while (b >= 0.5) {
		double r = fmod(a, b);
		a = b;
		b = r;
	}
	return a;
}

/* The unit in tonnes. */
static double choose_unit(const struct model *m, size_t k, double total)
{
	double unit = 0;
	for (size_t j = 0; j < m->sites; j++) {
		const struct line *line = model_line(m, j, k);
		for (int l = 0; l < line->levels; l++) {
			double u = m->capacity[line->first + (size_t)l];
			if (u >= total)
				continue;
			if (u != floor(u) || u < 1)
				return total / UNITS_ROUNDED;
			unit = unit > 0 ? divisor(u > unit ? u : unit, u > unit ? unit : u) : u;
		}
	}
	return unit > 0 && total / unit <= UNITS_MAX ? unit : total / UNITS_ROUNDED;
}

void choice_init(struct choice *c, struct arena *a, const struct model *m, size_t k, size_t t)
{
	double total = 0;
	const double *w = model_tonnes(m, k, t);
	for (size_t i = 0; i < m->points; i++)
		total += w[i];
	*c = (struct choice){.m = m, .flow = k};
	c->units = arena_array(a, uint32_t, m->sites * MODEL_LEVELS_MAX);
	if (total <= 0)
		return;
	double unit = choose_unit(m, k, total);
	c->need = (uint32_t)ceil(total / unit * (1 - 1e-9));
	for (size_t j = 0; j < m->sites; j++) {
		const struct line *line = model_line(m, j, k);
		for (int l = 0; l < line->levels; l++) {
			double u = ceil(m->capacity[line->first + (size_t)l] / unit * (1 - 1e-12));
			c->units[j * MODEL_LEVELS_MAX + (size_t)l] =
				u < (double)c->need ? (uint32_t)u : c->need;
		}
	}
	size_t width = c->need + 1;
	c->table = arena_array(a, double, (m->sites + 1) * width);
	c->back = arena_array(a, double, (m->sites + 1) * width);
	c->pick = arena_array(a, int8_t, m->sites * width);
}

/* One line more: `to` from `from`. */
static void add_line(const struct choice *c, size_t j, const double *cost, level_mask mask,
	const double *from, double *to, int8_t *pick)
{
	size_t width = c->need + 1;
	const struct line *line = model_line(c->m, j, c->flow);
	for (size_t s = 0; s < width; s++) {
		to[s] = mask & MASK_OF(LEVEL_NONE) ? from[s] : INFINITY;
		if (pick)
			pick[s] = LEVEL_NONE;
	}
	for (int l = 0; l < line->levels; l++) {
		if (!(mask & MASK_OF(l)))
			continue;
		size_t u = c->units[j * MODEL_LEVELS_MAX + (size_t)l];
		double g = cost[j * MODEL_LEVELS_MAX + (size_t)l];
		for (size_t s = 0; s < width; s++) {
			double v = from[s > u ? s - u : 0] + g;
			if (v < to[s]) {
				to[s] = v;
				if (pick)
					pick[s] = (int8_t)l;
			}
		}
	}
}

/* The cheapest choice of every line alone; false when that is not a cover. */
static bool choose_freely(const struct choice *c, const double *cost, const level_mask *mask,
	int *level, double *value)
{
	size_t covered = 0;
	*value = 0;
	for (size_t j = 0; j < c->m->sites; j++) {
		const struct line *line = model_line(c->m, j, c->flow);
		double best = mask[j] & MASK_OF(LEVEL_NONE) ? 0 : INFINITY;
		level[j] = LEVEL_NONE;
		for (int l = 0; l < line->levels; l++)
			if ((mask[j] & MASK_OF(l)) &&
				cost[j * MODEL_LEVELS_MAX + (size_t)l] < best) {
				best = cost[j * MODEL_LEVELS_MAX + (size_t)l];
				level[j] = l;
			}
		*value += best;
		if (level[j] != LEVEL_NONE)
			covered += c->units[j * MODEL_LEVELS_MAX + (size_t)level[j]];
	}
	return covered >= c->need;
}

double choice_solve(struct choice *c, const double *cost, const level_mask *mask, int *level)
{
	size_t sites = c->m->sites, width = c->need + 1;
	double value;
	if (choose_freely(c, cost, mask, level, &value))
		return value;
	for (size_t s = 0; s < width; s++)
		c->table[s] = s ? INFINITY : 0;
	for (size_t j = 0; j < sites; j++)
		add_line(c, j, cost, mask[j], c->table + j * width, c->table + (j + 1) * width,
			c->pick + j * width);
	size_t s = c->need;
	value = c->table[sites * width + s];
	for (size_t j = sites; j-- > 0;) {
		level[j] = isinf(value) ? LEVEL_NONE : c->pick[j * width + s];
		if (level[j] != LEVEL_NONE) {
			size_t u = c->units[j * MODEL_LEVELS_MAX + (size_t)level[j]];
			s = s > u ? s - u : 0;
		}
	}
	return value;
}

/* The cheapest cover when line j gives `u` units. */
static double without_line(const struct choice *c, size_t j, size_t u)
{
	size_t width = c->need + 1;
	const double *before = c->table + j * width, *behind = c->back + (j + 1) * width;
	size_t need = c->need > u ? c->need - u : 0;
	double best = INFINITY;
	for (size_t s = 0; s <= need; s++) {
		double v = before[s] + behind[need - s];
		best = v < best ? v : best;
	}
	return best;
}

size_t choice_fix(struct choice *c, const double *cost, level_mask *mask, double most)
{
	size_t sites = c->m->sites, width = c->need + 1, fixed = 0;
	if (!c->table)
		return 0;
	for (size_t s = 0; s < width; s++)
		c->table[s] = c->back[sites * width + s] = s ? INFINITY : 0;
	for (size_t j = 0; j < sites; j++)
		add_line(c, j, cost, mask[j], c->table + j * width, c->table + (j + 1) * width,
			NULL);
	for (size_t j = sites; j-- > 0;)
		add_line(c, j, cost, mask[j], c->back + (j + 1) * width, c->back + j * width, NULL);
	for (size_t j = 0; j < sites; j++) {
		level_mask kept = mask[j];
		const struct line *line = model_line(c->m, j, c->flow);
		for (int l = LEVEL_NONE; l < line->levels; l++) {
			if (!(mask[j] & MASK_OF(l)))
				continue;
			size_t u = l == LEVEL_NONE ? 0 : c->units[j * MODEL_LEVELS_MAX + (size_t)l];
			double g = l == LEVEL_NONE ? 0 : cost[j * MODEL_LEVELS_MAX + (size_t)l];
			if (without_line(c, j, u) + g >= most)
				kept &= ~MASK_OF(l);
		}
		/* The tables belong to the masks they were made with: all marks hold together. */
		if (kept && kept != mask[j]) {
			fixed += (size_t)__builtin_popcount(mask[j] ^ kept);
			mask[j] = kept;
		}
	}
	return fixed;
}
