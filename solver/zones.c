/* Farthest-first centres (Gonzalez 1985) in the space of the costs of a vehicle to each site,
 * points weighted by the root of their tonnes, so that dense country gets more zones than empty
 * land and large towns do not take all; each point then joins its nearest centre. A zone's tonnes
 * are its points' sums; its lanes cost their mean by tonnes. */
#include "zones.h"

#include <math.h>
#include <string.h>

enum { PROBES = 24 }; /* sites that distances between points are measured by */

static double *point_weights(struct arena *a, const struct model *m)
{
	double *weight = arena_array(a, double, m->points);
	for (size_t k = 0; k < m->flows; k++)
		for (size_t t = 0; t < m->years; t++)
			for (size_t i = 0; i < m->points; i++)
				weight[i] += m->discount[t] * model_tonnes(m, k, t)[i];
	return weight;
}

/* Points far apart differ in their costs to some of the probes. A lane only one of them has counts
 * as much as all the others together can. */
static double difference(const double *a, const double *b, size_t probes)
{
	double sum = 0;
	for (size_t p = 0; p < probes; p++)
		sum += isfinite(a[p]) && isfinite(b[p])   ? fabs(a[p] - b[p])
		       : isfinite(a[p]) == isfinite(b[p]) ? 0
							  : 1e9;
	return sum;
}

static size_t heaviest(const double *v, size_t n)
{
	size_t best = 0;
	for (size_t i = 1; i < n; i++)
		if (v[i] > v[best])
			best = i;
	return best;
}

static size_t *group(struct arena *a, const struct model *m, const double *weight, size_t zones)
{
	size_t probes = m->sites < PROBES ? m->sites : PROBES;
	struct arena *scratch = arena_new();
	double *place = arena_array(scratch, double, m->points *probes);
	for (size_t p = 0; p < probes; p++)
		for (size_t i = 0; i < m->points; i++)
			place[i * probes + p] = m->haul[0][p * m->sites / probes * m->points + i];
	size_t *zone_of = arena_array(a, size_t, m->points);
	double *nearest = arena_array(scratch, double, m->points);
	double *pull = arena_array(scratch, double, m->points);
	for (size_t i = 0; i < m->points; i++) {
		nearest[i] = INFINITY;
		pull[i] = weight[i];
	}
	for (size_t z = 0; z < zones; z++) {
		size_t centre = heaviest(pull, m->points);
		for (size_t i = 0; i < m->points; i++) {
			double d = difference(place + i * probes, place + centre * probes, probes);
			if (d < nearest[i]) {
				nearest[i] = d;
				zone_of[i] = z;
			}
			pull[i] = sqrt(weight[i]) * nearest[i];
		}
	}
	arena_free(scratch);
	return zone_of;
}

static const double *mean_lanes(struct arena *a, const struct model *m, const double *haul,
	const size_t *zone_of, const double *weight, const double *total, size_t zones)
{
	double *mean = arena_array(a, double, m->sites *zones);
	for (size_t j = 0; j < m->sites; j++)
		for (size_t i = 0; i < m->points; i++)
			if (weight[i] > 0)
				mean[j * zones + zone_of[i]] +=
					weight[i] / total[zone_of[i]] * haul[j * m->points + i];
	return mean;
}

void zones_make(struct arena *a, const struct model *m, size_t count, struct zones *out)
{
	size_t zones = count < m->points ? count : m->points;
	double *weight = point_weights(a, m);
	size_t *zone_of = group(a, m, weight, zones);
	double *total = arena_array(a, double, zones);
	for (size_t i = 0; i < m->points; i++)
		total[zone_of[i]] += weight[i];
	double *tonnes = arena_array(a, double, m->flows * m->years * zones);
	for (size_t kt = 0; kt < m->flows * m->years; kt++)
		for (size_t i = 0; i < m->points; i++)
			tonnes[kt * zones + zone_of[i]] += m->tonnes[kt * m->points + i];
	const double **haul = arena_array(a, const double *, m->flows);
	for (size_t k = 0; k < m->flows; k++)
		haul[k] = k && m->haul[k] == m->haul[k - 1]
				  ? haul[k - 1]
				  : mean_lanes(a, m, m->haul[k], zone_of, weight, total, zones);
	out->model = *m;
	out->model.points = zones;
	out->model.tonnes = tonnes;
	out->model.haul = haul;
	out->zone_of = zone_of;
}
