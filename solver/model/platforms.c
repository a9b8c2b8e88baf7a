#include "platforms.h"

#include <math.h>

static double choice_cost(const struct choice *c)
{
	return c->gain < 0 ? c->gain : c->least;
}

double platforms_best(const struct model *m, const struct tolls *tolls, struct choice *choices)
{
	double value = 0;
	int most = m->max_platforms >= 0 ? m->max_platforms : (int)m->sites, chosen = 0;
	for (size_t j = 0; j < m->sites; j++) {
		if (!tolls_want_open(tolls, m, j) || !isfinite(choice_cost(&choices[j])))
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
