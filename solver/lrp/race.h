/* The race of sets of open sites: each heat searches for the rounds of every set that is left, and the better part goes on to a
 * heat with fewer sets and more time for each.
 *
 *	race_init(&r, a, &vrp, &options, began);
 *	race_run(&r, a);			r.runner[0] is the best
 */
#ifndef RECIRCUIT_LRP_RACE_H
#define RECIRCUIT_LRP_RACE_H

#include "chain.h"
#include "lrp.h"

struct runner {
	double *opening;     /* [site] 0 or infinite: what the set decides is not decided again */
	struct layout *best; /* null before the first heat */
	double cost;         /* with the sites in use */
};

struct race {
	const struct vrp *v;
	const struct lrp_options *o;
	struct chain *chain; /* [thread] */
	struct pool *pool;   /* [thread] */
	struct arena **own;  /* [thread] */
	struct runner *runner;
	size_t runners, threads, sets;
	double unit;  /* EUR: mean cost of going to the nearest stops */
	double speed; /* iterations a second of a thread */
	double began;
	int64_t iterations; /* of a runner in this heat */
	double hot, cold;   /* EUR */
	bool is_kept;       /* rounds go to the pools */
	uint64_t salt;
};

void race_init(struct race *r, struct arena *a, const struct vrp *v, const struct lrp_options *o,
	double began);
void race_run(struct race *r, struct arena *a);

#endif
