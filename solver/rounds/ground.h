/* What the search looks at millions of times, packed so that it stays near the processor.
 *
 *	struct ground g;
 *	ground_init(&g, a, &vrp, count);
 *
 * Beside whom a stop may go (granular neighbourhoods, Toth, Vigo 2003): `after` are the stops that it best
 * comes right after, `before` those right before which. Best is near; pairs whose windows or loads exclude each
 * other are not listed. (Vidal et al. 2013 weigh ways by waiting too: that lost 2 % on clustered windows.)
 *
 * Distances here are floats: good enough to say which place looks best, never what a round costs.
 *
 * Places are best numbered so that near ones have near numbers (vrp_renumbered, ground_order): one line of
 * cache then holds several. */
#ifndef RECIRCUIT_ROUNDS_GROUND_H
#define RECIRCUIT_ROUNDS_GROUND_H

#include "vrp.h"

struct beside {
	uint32_t stop;
	float km; /* between the two */
};

struct ground {
	size_t places, depots;
	const float *to;   /* [from][to] km */
	const float *from; /* [to][from] km */
	/* [stop - depots] begins its part of the list, which ends where the next begins. */
	const uint32_t *after_first, *before_first;
	const struct beside *after, *before;
	bool is_fleet_short; /* vehicles of several types that have no more than twice the room for the load: which drives what matters */
};

/* At most `count` stops before and after each. */
void ground_init(struct ground *g, struct arena *a, const struct vrp *v, size_t count);

/* Depots as they are, then stops along a Hilbert curve over the map; where there are rules, which number places
 * themselves, all as they are. */
uint32_t *ground_order(struct arena *a, const struct vrp *v);

/* The processor fetches what looking for a place for this stop will read. */
static inline void ground_expect(const struct ground *g, uint32_t stop)
{
	size_t i = stop - g->depots;
	const float *to = g->to + stop * g->places;
	for (uint32_t n = g->after_first[i]; n < g->after_first[i + 1]; n += 2)
		__builtin_prefetch(&to[g->after[n].stop]);
}

#endif
