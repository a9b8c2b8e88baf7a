/* Ruin and recreate under simulated annealing for rounds from several sites: one chain on one layout.
 *
 *	chain_init(&c, a, &vrp, near, stride);
 *	chain_begin(&c, opening, start);		start: a layout, or null: all stops absent
 *	chain_run(&c, iterations, hot, cold);		temperatures, EUR
 *
 * As solver/rounds/anneal.h, and besides: every round that was touched moves to the site, among those with room, from which
 * its circle is entered at the least cost; and a stop may begin a round at any site that may be open. */
#ifndef RECIRCUIT_LRP_CHAIN_H
#define RECIRCUIT_LRP_CHAIN_H

#include "layout.h"

#include <signal.h>

struct pool;

struct chain {
	struct layout now, before, best;
	const struct vrp *v;
	const uint32_t *near; /* [stop][stride], nearest first */
	size_t stride;
	uint64_t random;
	int64_t iterations; /* so far */
	double *far;        /* [place] to the nearest site that may be open */
	uint32_t *left_out; /* [place] so often */
	uint32_t *ruined;   /* [loop] the last iteration that touched it */
	uint32_t stamp;
	struct pool *pool;                 /* keeps the rounds of good layouts; may be null */
	double deadline;                   /* clock_seconds() */
	const volatile sig_atomic_t *stop; /* may be null */
};

void chain_init(
	struct chain *c, struct arena *a, const struct vrp *v, const uint32_t *near, size_t stride);
void chain_begin(struct chain *c, const double *opening, const struct layout *start);
void chain_run(struct chain *c, int64_t iterations, double hot, double cold);

#endif
