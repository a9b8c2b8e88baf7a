/* A search under way (siting.h): what it works on, how long it may, and the best plan so far.
 *
 *	run_allow(&r, part);			of its time, from now on
 *	run_is_over(&r)				asked by all that takes long
 *	run_cost(&r, n)				of the best plan, as a rung sees it */
#ifndef RECIRCUIT_SOLVER_RUN_H
#define RECIRCUIT_SOLVER_RUN_H

#include "answer.h"
#include "ladder.h"
#include "search.h"
#include "sketch.h"

struct run {
	const struct model *model;
	const struct engine_options *o;
	size_t threads;
	double began, from_s, left_s, end_s; /* the ladder begins at from_s and has left_s */
	struct ladder ladder;
	struct search search;
	struct sketch sketch; /* of the top, where that joins years */
	bool has_sketch;
	struct plan *plan; /* the best, on all points; no levels until there is one */
};

/* Whether it was stopped or has no time left; context is the run. */
bool run_is_over(void *context);

void run_allow(struct run *r, double part);

void run_report(const struct run *r, double bound, double cost, const char *stage);

/* Whether plans are searched on this rung by the sketch. */
bool run_is_sketched(const struct run *r, size_t n);

/* Of the best plan, on the points or on zones. */
double run_cost(const struct run *r, size_t n);

/* What the bound of a rung opens, and what it puts on each line of a site's cost, for the search of plans. */
struct proposal {
	int *level;    /* [site][flow][year] */
	double *share; /* the same */
};

struct proposal run_propose(struct run *r, size_t n, struct arena *a);

#endif
