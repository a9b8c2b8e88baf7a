/* Plans rounds: the best that two or more threads find in the time given.
 *
 *	struct routing_options o = {.time_limit_s = 10, .threads = 2, .seed = 1};
 *	struct rounds best;
 *	routing_solve(a, &vrp, &o, &best);
 *
 * Each turn the rounds are parted along a line in a random direction, every thread anneals its part, and the parts are
 * put together again: the threads share the work, not only the luck. Same problem, options and seed give
 * the same rounds when `turns` ends the search, not the clock. */
#ifndef RECIRCUIT_ROUNDS_ROUTING_H
#define RECIRCUIT_ROUNDS_ROUTING_H

#include "rounds.h"

#include <signal.h>

struct routing_options {
	double time_limit_s; /* 0: none */
	int64_t turns;       /* 0: as many as the time allows */
	int threads;
	uint64_t seed;
	const volatile sig_atomic_t *stop; /* may be null */
	void (*progress)(
		void *context, double seconds, double cost); /* a better one; may be null */
	void *context;
};

struct routing_answer {
	struct rounds best;
	int64_t iterations;
	double seconds;
};

void routing_solve(struct arena *a, const struct vrp *v, const struct routing_options *o,
	struct routing_answer *out);

#endif
