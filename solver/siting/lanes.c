#include "lanes.h"

#include <math.h>

void lanes_rows(const struct lanes *l, const double *rows, size_t count, double *most)
{
	for (size_t n = 0; n < count; n++)
		for (size_t b = 0; b < l->blocks; b++) {
			const double *row = rows + n * l->points;
			size_t end = (b + 1) * LANES_BLOCK;
			double highest = -INFINITY;
			for (size_t i = b * LANES_BLOCK; i < end && i < l->points; i++)
				highest = row[i] > highest ? row[i] : highest;
			most[n * l->blocks + b] = highest;
		}
}

static const double *least_haul(
	struct arena *a, const struct lanes *l, const struct model *m, size_t k)
{
	double *least = arena_array(a, double, m->sites * l->blocks);
	for (size_t j = 0; j < m->sites; j++)
		for (size_t b = 0; b < l->blocks; b++) {
			const double *haul = m->haul[k] + j * m->points;
			size_t end = (b + 1) * LANES_BLOCK;
			double lowest = INFINITY;
			for (size_t i = b * LANES_BLOCK; i < end && i < m->points; i++)
				lowest = haul[i] < lowest ? haul[i] : lowest;
			least[j * l->blocks + b] = lowest;
		}
	return least;
}

void lanes_init(struct lanes *l, struct arena *a, const struct model *m)
{
	*l = (struct lanes){
		.points = m->points, .blocks = (m->points + LANES_BLOCK - 1) / LANES_BLOCK};
	const double **least = arena_array(a, const double *, m->flows);
	for (size_t k = 0; k < m->flows; k++) {
		for (size_t other = 0; other < k; other++)
			if (m->haul[other] == m->haul[k])
				least[k] = least[other];
		if (!least[k])
			least[k] = least_haul(a, l, m, k);
	}
	l->least = least;
}
