/* The proved bound on rounds: set partitioning by column generation (GLPK), with capacity inequalities, then all rounds
 * that a better plan could use.
 *
 *	struct columns_answer c;
 *	columns_bound(a, &vrp, &known, &options, &c);	c.bound <= cost of every plan
 *
 *	min  sum_r c_r y_r + sum_i penalty_i o_i   rounds r, stops left out o
 *	     sum_r (visits of i by r) y_r + o_i >= 1
 *	     sum_{r of type t} y_r <= vehicles of t
 *	     capacity inequalities (crossing.h)
 *
 * Rounds are priced exactly in the end (labels.h), so the value of the linear programme is a bound, less the
 * margin that rounding errors may cost. Where the gap that is left allows, every round whose reduced cost is within it is
 * listed and the whole numbers are decided by GLPK: then the best plan is proved.
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
	double value;   /* of the linear programme */
	bool is_better; /* `best` was improved by the whole numbers */
	size_t columns, crossings, enumerated;
};

bool columns_bound(struct arena *a, const struct vrp *v, struct rounds *best,
	const struct columns_options *o, struct columns_answer *out);

#endif
