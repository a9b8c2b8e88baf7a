/* Bound: sum_ikt d_t w_ikt min_j ( c_ijkt + a_jkt )
 *
 * a_jkt = min_l ( G_jklt + r_jklt ) / u_jkl is the lowest cost per tonne of any level at full use,
 * so a line that treats load <= u pays at least a load. r is a rent for building: the fall of the
 * discounted build cost from one year to the next, r_lt = ( d_t B_lt - d_t+1 B_l,t+1 ) / d_t, with
 * B = 0 past the horizon. The rents of the years from building on add up to what building cost.
 * Where some rent is negative, or a larger level's rent is below a smaller one's, rents are left
 * out for that line (0 is always valid, as costs are not negative). Site costs are left out. */
#include "tangent.h"

#include <math.h>

static double rent(const struct model *m, size_t level, size_t t)
{
	const double *build = m->build + level * m->years;
	double next = t + 1 < m->years ? m->discount[t + 1] * build[t + 1] : 0;
	return build[t] - next / m->discount[t];
}

static bool has_fair_rents(const struct model *m, const struct line *line)
{
	for (int l = 0; l < line->levels; l++)
		for (size_t t = 0; t < m->years; t++) {
			double smaller = l ? rent(m, line->first + (size_t)l - 1, t) : 0;
			if (rent(m, line->first + (size_t)l, t) < smaller)
				return false;
		}
	return line->start == LEVEL_NONE;
}

static double unit_cost(const struct model *m, const struct line *line, size_t t, bool with_rent)
{
	double best = INFINITY;
	for (int l = 0; l < line->levels; l++) {
		size_t at = line->first + (size_t)l;
		double cost = m->running[at * m->years + t] + (with_rent ? rent(m, at, t) : 0);
		best = fmin(best, isfinite(m->capacity[at]) ? cost / m->capacity[at] : 0);
	}
	return line->is_fixed ? 0 : best;
}

double tangent_bound(const struct model *m)
{
	struct arena *scratch = arena_new();
	double *best = arena_array(scratch, double, m->points);
	double bound = 0;
	for (size_t k = 0; k < m->flows; k++)
		for (size_t t = 0; t < m->years; t++) {
			for (size_t i = 0; i < m->points; i++)
				best[i] = INFINITY;
			for (size_t j = 0; j < m->sites; j++) {
				const struct line *line = model_line(m, j, k);
				if (!line->levels || (line->is_fixed && line->start == LEVEL_NONE))
					continue;
				double unit = unit_cost(m, line, t, has_fair_rents(m, line));
				for (size_t i = 0; i < m->points; i++)
					best[i] = fmin(best[i], model_cost(m, i, j, k, t) + unit);
			}
			const double *w = model_tonnes(m, k, t);
			for (size_t i = 0; i < m->points; i++)
				if (w[i] > 0)
					bound += m->discount[t] * w[i] * best[i];
		}
	arena_free(scratch);
	return bound;
}
