#include "vrp.h"

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
	return start <= v->close[stop] && back <= fmin(b->close, v->close[b->depot]);
}

struct near {
	double km;
	uint32_t stop;
};

uint32_t *vrp_neighbours(struct arena *a, const struct vrp *v, size_t count)
{
	size_t stops = v->places - v->depots;
	uint32_t *out = arena_array(a, uint32_t, stops * count);
	struct near *list = arena_array(a, struct near, count);
	for (size_t i = 0; count && i < stops; i++) {
		size_t n = 0, from = v->depots + i;
		for (size_t to = v->depots; to < v->places; to++) {
			double km = vrp_km(v, from, to) + vrp_km(v, to, from);
			if (to == from || (n == count && km >= list[n - 1].km))
				continue;
			size_t k = n < count ? n++ : n - 1;
			for (; k && list[k - 1].km > km; k--)
				list[k] = list[k - 1];
			list[k] = (struct near){km, (uint32_t)to};
		}
		for (size_t k = 0; k < count; k++)
			out[i * count + k] = list[k].stop;
	}
	return out;
}
