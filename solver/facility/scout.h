/* Looks for better plans while others prove.
 *
 *	scout_init(&s, a, f, gap, root_status);		one for the search
 *	scout_step(&s, &best);				one job of each round, on any one thread
 *
 * Iterated local search on open sets: a good set, a few sites changed at random among those
 * that the root left undecided, then the local search of local.h, or a long assignment for single
 * sources. How much a step does is counted in trials, never in seconds: the same search, the same
 * answer. */
#ifndef RECIRCUIT_SOLVER_SCOUT_H
#define RECIRCUIT_SOLVER_SCOUT_H

#include "primal.h"

struct scout {
	const struct facility *f;
	struct primal primal;
	bool *is_closed;   /* [site] for good */
	uint32_t *movable; /* sites that the root left undecided */
	size_t movable_count;
	bool *set;  /* [site] */
	bool *here; /* [site] where the walk is, when demand may be split */
	double here_cost;
	uint64_t random;
	size_t turn;         /* of the pool's sets */
	size_t rounds, rest; /* rounds so far; steps in a row that found nothing */
};

void scout_init(struct scout *s, struct arena *a, const struct facility *f, double gap,
	const uint8_t *status);

/* Takes over the plan when it is better than its own; what it finds is in s->primal.best. */
void scout_step(struct scout *s, const struct best *known);

#endif
