#include "retime.h"

#include <math.h>
#include <string.h>

enum { STATES = MODEL_LEVELS_MAX + 1 }; /* nothing, then the levels */

/* Present cost of being in a state in year t. */
static double state_cost(struct descent *d, size_t j, size_t t, int level)
{
	const struct model *m = d->m;
	size_t first = model_line(m, j, d->k)->first;
	double eur = descent_year(d, j, t, level);
	if (level != LEVEL_NONE)
		eur += m->running[(first + (size_t)level) * m->years + t] +
		       d->others[j * m->years + t];
	return m->discount[t] * eur;
}

bool retime_line(struct descent *d, size_t j)
{
	const struct model *m = d->m;
	const struct line *line = model_line(m, j, d->k);
	struct arena *scratch = arena_new();
	int *from = arena_array(scratch, int, m->years *STATES);
	int *path = arena_array(scratch, int, m->years);
	double best[STATES], next[STATES], before = d->cost;
	for (int s = 0; s <= line->levels; s++)
		best[s] = s - 1 == line->start ? 0 : INFINITY;
	for (size_t t = 0; t < m->years; t++) {
		for (int s = 0; s <= line->levels; s++) {
			int *via = &from[t * STATES + (size_t)s];
			double stay = state_cost(d, j, t, s - 1);
			next[s] = INFINITY;
			for (int b = 0; b <= line->levels; b++) {
				double v = best[b] + stay +
					   m->discount[t] *
						   model_change_cost(m, line, b - 1, s - 1, t);
				if (v < next[s]) {
					next[s] = v;
					*via = b;
				}
			}
		}
		memcpy(best, next, sizeof best);
		descent_year(d, j, t, d->level[j * m->years + t]);
	}
	int end = 0;
	for (int s = 1; s <= line->levels; s++)
		end = best[s] < best[end] ? s : end;
	for (size_t t = m->years; t-- > 0; end = from[t * STATES + (size_t)end])
		path[t] = end - 1;
	if (memcmp(path, d->level + j * m->years, m->years * sizeof *path))
		descent_put(d, j, path);
	arena_free(scratch);
	return d->cost < before - d->tolerance;
}
