/* Where a driver makes the answer flip, between two values that prove it.
 *
 * On either side of where the driver stands, outwards to its least and its most: if the outermost
 * value gives the same sure answer, and so do values in between, it does not flip there; where the
 * value only goes one way with the driver, the outermost says it for all, and one side needs no
 * search. Otherwise
 * the flip is closed in by bisection on sure answers only. Where the gap leaves the answer open
 * ("undecided"), both ends are moved separately: what remains is the least bracket that proofs
 * allow. Source: bisection; the definition is that of docs/model.md, viability. */
#ifndef RECIRCUIT_SOLVER_TIPPING_H
#define RECIRCUIT_SOLVER_TIPPING_H

#include "driver.h"
#include "outcome.h"

struct trial {
	double value; /* of the driver */
	enum viability answer;
	double before, cost, bound; /* EUR, present value: the proof */
};

enum { TIPPING_TRIALS = 40 };

/* One side of a driver. */
struct side {
	bool flips;
	struct trial near, far; /* the last sure answer like today's, the first unlike it */
	bool is_open;           /* no value on this side has a sure answer that differs, but some
	                           have none that is sure */
};

struct tipping {
	const struct driver *driver;
	struct trial here;
	struct side below, above;
	struct trial trials[TIPPING_TRIALS]; /* all that was computed, by rising value */
	size_t trial_count;
};

/* least <= where the driver stands <= most. `here` is the outcome of the network as it is. */
must_use bool tipping_find(struct arena *a, const struct network *net, const struct driver *d,
	double least, double most, const struct outcome *here, const struct task *task,
	struct tipping *out, struct err *e);

/* How a value is looked at; false to give up. */
struct attempt {
	bool (*make)(struct attempt *attempt, double value, struct trial *out);
};

/* Moves the near and the far end of a flip, whose answers are sure and differ, towards each other until what lies
 * between is no wider than `width` (factors: by their ratio's logarithm), or has no sure answer but there. */
must_use bool tipping_close_in(
	const struct driver *d, double width, struct attempt *attempt, struct side *side);

#endif
