/* Location-routing: which sites to open, and the rounds that begin at each.
 *
 *	struct lrp_options o = {.time_limit_s = 60, .threads = 2, .seed = 1};
 *	struct lrp_answer found;
 *	lrp_solve(a, &vrp, &o, &found);
 *
 *	min  sum_s f_s z_s + sum_r c_r y_r		sites s, rounds r (c_r: vehicle and way)
 *	     sum_r (visits of i by r) y_r = 1
 *	     sum_{r from s} load_r y_r <= room_s z_s
 *
 * Sets of open sites race (race.h): all that have the room, each with a short search for its rounds; the better part with a
 * longer one, and so on. The rounds met on the way by the last of them are put together anew by GLPK (choice.h). The same problem,
 * options and seed give the same answer when `turns` ends the search, not the clock. */
#ifndef RECIRCUIT_LRP_LRP_H
#define RECIRCUIT_LRP_LRP_H

#include "judge.h"

#include <signal.h>

struct lrp_options {
	double time_limit_s; /* 0: none */
	int64_t turns;       /* 0: as many as the time allows */
	int threads;
	uint64_t seed;
	const volatile sig_atomic_t *stop; /* may be null */
	void (*progress)(
		void *context, double seconds, double cost); /* a better one; may be null */
	void *context;
};

struct lrp_answer {
	const struct tour *tours; /* of what is served: not all when it fits nowhere */
	size_t count;
	int64_t iterations;
	size_t sets; /* of open sites, that were tried */
	double seconds;
};

void lrp_solve(
	struct arena *a, const struct vrp *v, const struct lrp_options *o, struct lrp_answer *out);

#endif
