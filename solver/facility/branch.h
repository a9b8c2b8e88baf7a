/* Branch and bound for a facility problem: finds a plan and proves it.
 *
 *	branch_solve(a, &f, &options, &result);
 *
 * The root ascends long, harvests plans and improves them; then arcs that can hardly matter are set
 * aside, and the tree is searched on open/closed (then, with single sources, on who serves whom).
 *
 * Threads. The search goes in rounds: the best few nodes of the pool each become a task that dives
 * for a fixed number of nodes, knowing only the best plan of the round's start; what tasks leave is
 * merged in their order. The tree is therefore the same with any number of threads. */
#ifndef RECIRCUIT_SOLVER_BRANCH_H
#define RECIRCUIT_SOLVER_BRANCH_H

#include "dual.h"
#include "answer.h"

struct branch_result {
	double cost;       /* infinite: no plan */
	double bound;      /* proved */
	double root_bound; /* what `price` proves alone */
	bool *is_open;     /* [site] */
	uint32_t *to;      /* [point] site, single sources only */
	double *price;     /* [point] per unit of demand */
	int64_t nodes;
	bool is_complete; /* nothing is left to search */
};

void branch_solve(struct arena *a, const struct facility *f, const struct engine_options *o,
	double begin_s, struct branch_result *r);

#endif
