#include "arcs.h"

#include <math.h>

static bool is_wanted(
	const struct facility *f, size_t j, size_t i, const double *ceiling, const uint8_t *is_out)
{
	if (is_out && is_out[j * f->points + i])
		return false;
	if (f->is_single && f->demand[i] > f->capacity[j])
		return false;
	return f->unit[j * f->points + i] < (ceiling ? ceiling[i] : INFINITY);
}

void arcs_init(struct arena *a, struct arcs *arcs, const struct facility *f, const double *ceiling,
	const uint8_t *is_out)
{
	size_t count = 0;
	for (size_t j = 0; j < f->sites; j++)
		for (size_t i = 0; i < f->points; i++)
			count += is_wanted(f, j, i, ceiling, is_out);
	*arcs = (struct arcs){
		.first = arena_array(a, size_t, f->sites + 1),
		.point = arena_array(a, uint32_t, count),
		.cost = arena_array(a, double, count),
		.weight = arena_array(a, double, count),
		.ceiling = arena_array(a, double, f->points),
	};
	for (size_t i = 0; i < f->points; i++)
		arcs->ceiling[i] = ceiling ? ceiling[i] : INFINITY;
	size_t n = 0;
	for (size_t j = 0; j < f->sites; j++) {
		for (size_t i = 0; i < f->points; i++) {
			if (!is_wanted(f, j, i, ceiling, is_out))
				continue;
			double c = f->unit[j * f->points + i];
			arcs->point[n] = (uint32_t)i;
			arcs->weight[n] = f->demand[i];
			arcs->cost[n++] = f->is_capacitated ? c : c * f->demand[i];
		}
		arcs->first[j + 1] = n;
	}
}
