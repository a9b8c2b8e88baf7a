/* A model with fewer points: neighbours put together, so that thousands of evaluations fit in the
 * time of one.
 *
 *	zones_init(&z, a, m, count);	z.model is solved like any other
 *	zones_prolong(&z, m, ...);	its prices say what those of the points are
 *
 * Points are told apart by their haulage to a few sites far from each other (landmarks), which
 * places them as well as coordinates would, and halved again and again where most tonnes are
 * spread most (a k-d tree). A zone's haulage is the mean of its points' by weight. Nothing proved
 * on zones is proved: bounds are evaluated on all points. */
#ifndef RECIRCUIT_SOLVER_ZONES_H
#define RECIRCUIT_SOLVER_ZONES_H

#include "model.h"

struct zones {
	struct model model;
	uint32_t *zone_of; /* [point] */
	double *weight;    /* [point] tonnes of all flows and years */
};

void zones_init(struct zones *z, struct arena *a, const struct model *m, size_t count);

/* Prices of the points from those of the zones (flow, year, zone): the zone's, and most of what the
 * point is farther from the open site that is cheapest for the zone. openness[site][flow][year]
 * tells how open a site is. */
void zones_prolong(const struct zones *z, const struct model *m, const double *zone_price,
	const double *openness, double *price);

#endif
