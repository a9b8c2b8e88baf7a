#include "need.h"

#include <math.h>

bool need_is_in(const struct model *m, const struct rounding *r, size_t i)
{
	return r->centre == ROUNDING_EVERYWHERE ||
	       m->haul[r->flow][(size_t)r->centre * m->points + i] <= r->radius;
}

struct need need_of(const struct model *m, const struct rounding *r, size_t t)
{
	struct need n = {0};
	for (size_t i = 0; i < m->points; i++)
		if (need_is_in(m, r, i))
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

double need_met(const struct need *n, const struct rounding *r, double capacity)
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

bool need_is_near(const struct model *m, const struct rounding *r, size_t j, size_t k)
{
	return r->flow == k && r->is_near[j] && !model_line(m, j, k)->is_fixed;
}
