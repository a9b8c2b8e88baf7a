#include "covering.h"

#include <math.h>

enum { COVERING_UNITS = 2000 };

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
				return total / COVERING_UNITS;
			while (b > 0) {
				double rest = fmod(a, b);
				a = b;
				b = rest;
			}
			unit = a;
		}
	}
	return unit > 0 && total / unit < 2 * COVERING_UNITS ? unit : total / COVERING_UNITS;
}

double covering_cheapest(const struct model *m, size_t k, const double (*cost)[COVERING_STATES])
{
	double total = total_tonnes(m, k), unit = total > 0 ? cover_unit(m, k, total) : 1;
	size_t need = (size_t)ceil(total / unit * (1 - 1e-9));
	struct arena *scratch = arena_new();
	double *cover = arena_array(scratch, double, need + 1);
	double *next = arena_array(scratch, double, need + 1);
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
				double v = cover[rest] + cost[j][l + 1];
				if (v < next[s])
					next[s] = v;
			}
		}
		double *swap = cover;
		cover = next;
		next = swap;
	}
	double value = cover[need];
	arena_free(scratch);
	return value;
}
