/* A smaller model that stands for a large one: points grouped into zones, a choice of candidate
 * sites, years grouped into stages. Its optimum is an estimate of the large one's, not a bound; the
 * plan is lifted back and priced on every point and year. */
#ifndef RECIRCUIT_SOLVER_REDUCE_H
#define RECIRCUIT_SOLVER_REDUCE_H

#include "plan.h"

struct reduction {
	struct model model;
	size_t *site_of;  /* [small site] -> site */
	size_t *stage_of; /* [year] -> stage */
};

struct reduce_sizes {
	size_t zones, candidates, stages; /* at most; existing plants are all kept */
};

void reduce_make(struct arena *a, const struct model *m, const struct reduce_sizes *sizes,
	struct reduction *out);

/* The levels of a plan of the small model, on the large one; not yet priced. */
struct plan reduce_lift(struct arena *a, const struct model *m, const struct reduction *r,
	const struct plan *small);

#endif
