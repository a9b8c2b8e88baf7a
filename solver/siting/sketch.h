/* Plans on the coarsest model of the ladder, few zones and stages of years, where a search costs a tenth.
 *
 *	sketch_init(&s, a, &zones, seed);		zones join years
 *	sketch_take(&s, level);				a plan [site][flow][year] to begin from
 *	sketch_hear(&s, &relax);			a relaxation on the same zones says what to try
 *	sketch_round(&s, is_over, context);		while it goes on
 *	sketch_give(&s, &search);			its best plans, to a search with all years */
#ifndef RECIRCUIT_SOLVER_SKETCH_H
#define RECIRCUIT_SOLVER_SKETCH_H

#include "relax.h"
#include "search.h"
#include "zones.h"

struct sketch {
	struct search search;
	const struct zones *zones;
	int *opened;   /* [site][flow][stage] of the relaxation */
	double *share; /* the same: parts of what sites cost */
	bool has_heard;
	int *level; /* [site][flow][year], of either, scratch */
};

void sketch_init(struct sketch *s, struct arena *a, const struct zones *z, uint64_t seed);

void sketch_take(struct sketch *s, const int *level);

void sketch_hear(struct sketch *s, const struct relax *r);

void sketch_round(struct sketch *s, bool (*is_over)(void *context), void *context);

void sketch_give(struct sketch *s, struct search *to);

#endif
