#include "ground.h"

#include "nearest.h"
#include "rules.h"

enum { CURVE_BITS = 16 };

/* Infinite where no vehicle can go from one right to the other. */
static double key_of(const struct vrp *v, size_t from, size_t to)
{
	if (v->rules && !rules_are_kin(v->rules, from, to))
		return INFINITY;
	bool fits = false;
	for (size_t t = 0; t < v->types && !fits; t++) {
		fits = true;
		for (size_t d = 0; d < v->dims; d++)
			fits &= v->load[from * v->dims + d] + v->load[to * v->dims + d] <=
				v->vehicles[t].capacity[d];
	}
	if (!fits)
		return INFINITY;
	if (!v->has_time)
		return vrp_km(v, from, to);
	double way = v->service[from] + vrp_hours(v, from, to);
	if (vrp_later(v->open[from], v->release[from]) + way > v->close[to])
		return INFINITY;
	return vrp_km(v, from, to);
}

/* The list of each stop, of those after which it comes (is_after) or before. */
static void list_beside(struct arena *a, const struct vrp *v, size_t count, bool is_after,
	const uint32_t **first, const struct beside **list)
{
	size_t stops = v->places - v->depots;
	struct arena *scratch = arena_new();
	struct nearest *pair = arena_array(scratch, struct nearest, stops);
	uint32_t *begin = arena_array(a, uint32_t, stops + 1);
	struct beside *out = arena_array(a, struct beside, stops * count);
	for (size_t i = 0; i < stops; i++) {
		size_t at = v->depots + i, n = 0, filled = begin[i];
		for (size_t other = v->depots; other < v->places; other++) {
			double key = is_after ? key_of(v, other, at) : key_of(v, at, other);
			if (other != at && !isinf(key))
				pair[n++] = (struct nearest){key, (uint32_t)other};
		}
		nearest_sort(pair, n, count);
		for (size_t k = 0; k < n && k < count; k++) {
			size_t stop = pair[k].place;
			double km = is_after ? vrp_km(v, stop, at) : vrp_km(v, at, stop);
			out[filled++] = (struct beside){pair[k].place, (float)km};
		}
		begin[i + 1] = (uint32_t)filled;
	}
	arena_free(scratch);
	*first = begin;
	*list = out;
}

static bool is_fleet_short(const struct vrp *v)
{
	double room = 0, load = 0;
	for (size_t t = 0; t < v->types; t++)
		room += v->vehicles[t].count * v->vehicles[t].capacity[0];
	for (size_t i = v->depots; i < v->places; i++)
		load += v->load[i * v->dims];
	return v->types > 1 && !v->rules && room <= 2 * load;
}

void ground_init(struct ground *g, struct arena *a, const struct vrp *v, size_t count)
{
	size_t size = v->places * v->places;
	float *to = arena_array(a, float, size), *from = to;
	for (size_t i = 0; i < size; i++)
		to[i] = (float)v->km[i];
	if (v->km_back != v->km) {
		from = arena_array(a, float, size);
		for (size_t i = 0; i < size; i++)
			from[i] = (float)v->km_back[i];
	}
	*g = (struct ground){.places = v->places, .depots = v->depots, .to = to, .from = from};
	g->is_fleet_short = is_fleet_short(v);
	list_beside(a, v, count, true, &g->after_first, &g->after);
	g->before_first = g->after_first;
	g->before = g->after;
	if (v->has_time || from != to)
		list_beside(a, v, count, false, &g->before_first, &g->before);
}

/* How far along Hilbert's curve a point lies, x and y of CURVE_BITS bits. */
static uint32_t along_curve(uint32_t x, uint32_t y)
{
	uint32_t sum = 0;
	for (uint32_t side = 1u << (CURVE_BITS - 1); side; side /= 2) {
		uint32_t right = (x & side) != 0, up = (y & side) != 0;
		sum += side * side * ((3 * right) ^ up);
		if (up)
			continue;
		if (right) {
			x = side - 1 - (x & (side - 1));
			y = side - 1 - (y & (side - 1));
		}
		uint32_t kept = x;
		x = y;
		y = kept;
	}
	return sum;
}

uint32_t *ground_order(struct arena *a, const struct vrp *v)
{
	uint32_t *order = arena_array(a, uint32_t, v->places);
	struct nearest *pair = arena_array(a, struct nearest, v->places);
	double left = INFINITY, low = INFINITY, side = 0;
	for (size_t i = 0; v->rules && i < v->places; i++)
		order[i] = (uint32_t)i;
	if (v->rules)
		return order;
	for (size_t i = 0; i < v->places; i++) {
		left = fmin(left, v->x[i]);
		low = fmin(low, v->y[i]);
	}
	for (size_t i = 0; i < v->places; i++)
		side = fmax(side, fmax(v->x[i] - left, v->y[i] - low));
	double scale = side > 0 ? ((1 << CURVE_BITS) - 1) / side : 0;
	for (size_t i = 0; i < v->places; i++)
		pair[i] = (struct nearest){along_curve((uint32_t)(scale * (v->x[i] - left)),
						   (uint32_t)(scale * (v->y[i] - low))),
			(uint32_t)i};
	nearest_sort(pair + v->depots, v->places - v->depots, v->places - v->depots);
	for (size_t i = 0; i < v->places; i++)
		order[i] = pair[i].place;
	return order;
}
