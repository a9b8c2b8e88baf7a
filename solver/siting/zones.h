/* A model with fewer points and fewer years: neighbours put together, so that thousands of
 * evaluations fit in the time of one.
 *
 *	zones_init(&z, a, m, count, stages);	z.model is solved like any other
 *
 * Points are told apart by their haulage to a few sites far from each other (landmarks), which
 * places them as well as coordinates would, and halved again and again where most tonnes are
 * spread most (a k-d tree). A zone's haulage is the mean of its points' by weight. Years that follow
 * each other become a stage: what is paid every year is its mean by discount, what is paid once is
 * paid in its first year. Nothing proved on zones is proved: bounds are evaluated on all points. */
#ifndef RECIRCUIT_SOLVER_ZONES_H
#define RECIRCUIT_SOLVER_ZONES_H

#include "model.h"

struct zones {
	struct model model;
	uint32_t *zone_of; /* [point] */
	size_t *stage_of;  /* [year] */
	double *part;      /* [year] its part in the discount of its stage */
	uint32_t *order;   /* [point] neighbours follow each other */
	double *weight;    /* [point] tonnes of all flows and years */
};

void zones_init(
	struct zones *z, struct arena *a, const struct model *m, size_t count, size_t stages);

/* Zones of zones, from the points that the lower ones were made of. The lower ones join no years. */
struct zones zones_join(
	struct arena *a, const struct zones *lower, const struct zones *upper, size_t points);

/* The same model with its points in another order: point i is m's order[i]. */
struct model zones_sort(struct arena *a, const struct model *m, const uint32_t *order);

#endif
