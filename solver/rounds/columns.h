/* The proved bound on rounds: set partitioning by column generation (master.h) with inequalities (cutting.h), then all rounds that a better
 * plan could use (census.h) and a search tree among them (branching.h).
 *
 *	struct columns_answer c;
 *	columns_bound(a, &vrp, &known, &options, &c);	c.bound <= cost of every plan
 *
 * Rounds are priced exactly in the end (labels.h), so the value of the linear programme is a bound, less the margin that rounding errors may
 * cost. `known` becomes a better plan where one is met.
 *
 * For up to LABELS_STOPS stops and one trip a round; false where it cannot say anything in time. */
#ifndef RECIRCUIT_ROUNDS_COLUMNS_H
#define RECIRCUIT_ROUNDS_COLUMNS_H

#include "rounds.h"

#include <signal.h>

struct columns_options {
	double deadline; /* clock_seconds() */
	const volatile sig_atomic_t *stop;
};

struct columns_answer {
	double bound;
	bool is_better; /* `best` was improved by the whole numbers */
	size_t columns, crossings, subsets, enumerated, nodes;
};

bool columns_bound(struct arena *a, const struct vrp *v, struct rounds *best,
	const struct columns_options *o, struct columns_answer *out);

#endif
