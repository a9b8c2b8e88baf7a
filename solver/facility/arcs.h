/* The lanes of a facility problem that are worth looking at, site after site.
 *
 *	arcs_init(a, &arcs, f, ceiling);
 *	for (size_t n = arcs.first[j]; n < arcs.first[j + 1]; n++) ...	those of site j
 *
 * No price may pass the ceiling of its point, so a lane that costs more can never be used by a
 * relaxation and is left out. */
#ifndef RECIRCUIT_SOLVER_ARCS_H
#define RECIRCUIT_SOLVER_ARCS_H

#include "facility.h"

struct arcs {
	size_t *first;   /* [site + 1] */
	uint32_t *point; /* rising within a site */
	double *cost;    /* per unit of demand; of all of it where there are no capacities */
	double *weight;  /* demand of the point */
	double *ceiling; /* [point] no price may pass it */
};

/* All lanes cheaper than the ceiling (null: all there are) but those marked in is_out [site][point]
 * (may be null). A copy of the ceilings is kept. With single sources, lanes of points that are too
 * large for the site are left out. */
void arcs_init(struct arena *a, struct arcs *arcs, const struct facility *f, const double *ceiling,
	const uint8_t *is_out);

#endif
