#include "vrp.h"

#include "nearest.h"
#include "rules.h"

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

/* km: those that share no vehicle come last. */
static const double NO_KIN = 1e6;

uint32_t *vrp_neighbours(struct arena *a, const struct vrp *v, size_t count)
{
	size_t stops = v->places - v->depots;
	struct arena *scratch = arena_new();
	uint32_t *out = arena_array(a, uint32_t, stops * count);
	struct nearest *list = arena_array(scratch, struct nearest, stops);
	for (size_t i = 0; count && i < stops; i++) {
		size_t n = 0, from = v->depots + i, row = from * v->places;
		for (size_t to = v->depots; to < v->places; to++) {
			bool is_kin = !v->rules || rules_are_kin(v->rules, from, to);
			if (to != from)
				list[n++] =
					(struct nearest){v->km[row + to] + v->km_back[row + to] +
								 (is_kin ? 0 : NO_KIN),
						(uint32_t)to};
		}
		nearest_sort(list, n, count);
		for (size_t k = 0; k < count; k++)
			out[i * count + k] = list[k].place;
	}
	arena_free(scratch);
	return out;
}

static const double *reordered(
	struct arena *a, const double *old, size_t count, size_t width, const uint32_t *order)
{
	if (!old)
		return NULL;
	double *list = arena_array(a, double, count *width);
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < width; k++)
			list[i * width + k] = old[order[i] * width + k];
	return list;
}

static const double *reordered_square(
	struct arena *a, const double *old, size_t count, const uint32_t *order)
{
	double *list = arena_array(a, double, count *count);
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < count; k++)
			list[i * count + k] = old[order[i] * count + order[k]];
	return list;
}

struct vrp vrp_renumbered(struct arena *a, const struct vrp *v, const uint32_t *order)
{
	size_t n = v->places;
	struct vrp out = *v;
	const double **by_place[] = {
		&out.x, &out.y, &out.service, &out.open, &out.close, &out.release, &out.penalty};
	for (size_t k = 0; k < sizeof by_place / sizeof *by_place; k++)
		*by_place[k] = reordered(a, *by_place[k], n, 1, order);
	out.load = reordered(a, v->load, n, v->dims, order);
	out.km = reordered_square(a, v->km, n, order);
	out.hours = v->hours == v->km ? out.km : reordered_square(a, v->hours, n, order);
	out.km_back = v->km_back == v->km ? out.km : reordered_square(a, v->km_back, n, order);
	uint32_t *needs = arena_array(a, uint32_t, n);
	const char **names = v->names ? arena_array(a, const char *, n) : NULL;
	for (size_t i = 0; i < n; i++) {
		needs[i] = v->needs[order[i]];
		if (names)
			names[i] = v->names[order[i]];
	}
	out.needs = needs;
	out.names = names;
	return out;
}
