#include "vrp.h"

#include <stdlib.h>

bool vrp_may_serve(const struct vrp *v, size_t type, size_t stop)
{
	const struct vehicle *b = &v->vehicles[type];
	for (size_t d = 0; d < v->dims; d++)
		if (v->load[stop * v->dims + d] > b->capacity[d])
			return false;
	if (v->needs[stop] & ~b->skills)
		return false;
	double leave = fmax(fmax(b->open, v->open[b->depot]), v->release[stop]);
	double start = fmax(leave + vrp_hours(v, b->depot, stop), v->open[stop]);
	double back = start + v->service[stop] + vrp_hours(v, stop, b->depot);
	double least = vrp_hours(v, b->depot, stop) + v->service[stop] + vrp_hours(v, stop, b->depot);
	return start <= v->close[stop] && back <= fmin(b->close, v->close[b->depot]) &&
	       least <= b->longest;
}

struct near {
	double km;
	uint32_t stop;
};

static int by_km(const void *x, const void *y)
{
	const struct near *a = x, *b = y;
	return a->km != b->km ? (a->km > b->km) - (a->km < b->km) : (a->stop > b->stop) - (a->stop < b->stop);
}

uint32_t *vrp_neighbours(struct arena *a, const struct vrp *v, size_t count)
{
	size_t stops = v->places - v->depots;
	uint32_t *out = arena_array(a, uint32_t, stops * count);
	struct near *list = arena_array(a, struct near, stops);
	for (size_t i = 0; i < stops; i++) {
		size_t n = 0, from = v->depots + i;
		for (size_t to = v->depots; to < v->places; to++)
			if (to != from)
				list[n++] = (struct near){vrp_km(v, from, to) + vrp_km(v, to, from), (uint32_t)to};
		qsort(list, n, sizeof *list, by_km);
		for (size_t k = 0; k < count; k++)
			out[i * count + k] = list[k].stop;
	}
	return out;
}
