#include "stair.h"

#include <math.h>

struct stair stair_of(double volume, double unit, double second)
{
	double whole = ceil(volume / unit);
	struct stair s = {.unit = unit,
		.second = second,
		.volume = volume,
		.rest = volume - unit * (whole - 1)};
	double steps = second > 0 ? ceil(s.rest / second) : 0;
	if (steps > 1 && steps * second <= unit) {
		s.step = s.rest - second * (steps - 1);
		s.rest = s.step * steps;
	}
	s.need = volume > 0 ? s.rest * whole : 0;
	return s;
}

double stair_at(const struct stair *s, double capacity)
{
	if (capacity >= s->volume)
		return s->need;
	double whole = floor(capacity / s->unit), part = capacity - s->unit * whole;
	if (s->step > 0) {
		double steps = floor(part / s->second);
		part = s->step * steps + fmin(s->step, part - s->second * steps);
	}
	return s->rest * whole + fmin(s->rest, part);
}
