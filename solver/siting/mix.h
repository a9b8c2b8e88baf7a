/* Another mix of levels for the lines of a flow: one or two lines close, up to three open.
 *
 *	mix_init(&x, a, &d);
 *	while (mix_improve(&x, draw, is_over, context))	d is better: descend again, and ask again
 *
 * Where capacity is short, single moves lead nowhere: half a large line is no plan, and three small
 * ones must come before it can go. So the lines that close and those that open are chosen together.
 * What closing leaves without room says which sets of levels just suffice: they cover it, and do not
 * without any one of them. Those that save most before haulage are tried: each level is opened where
 * it is best given those before it (descent.h), and the whole move is priced exactly. */
#ifndef RECIRCUIT_SOLVER_MIX_H
#define RECIRCUIT_SOLVER_MIX_H

#include "descent.h"

enum { MIX_OPENED = 3, MIX_CLOSED = 2, MIX_TRIALS = 200 };

struct mix_move {
	size_t closed[MIX_CLOSED]; /* the same twice: one line */
	int opened[MIX_OPENED];    /* levels, falling */
	int count;
	double merit;
};

/* What is known of a flow's levels by their rank in a line: the largest capacity, the least cost of
 * having it all along. */
struct mix_rank {
	double capacity, cost;
};

struct mix {
	struct descent *d;
	struct mix_rank ranks[MODEL_LEVELS_MAX];
	int rank_count;
	size_t *lines; /* those in use */
	int *kept;     /* [site][year] scratch */
	int *none;     /* [year] */
	struct mix_move best[MIX_TRIALS];
	size_t best_count, trials; /* at most so many are tried */
};

void mix_init(struct mix *x, struct arena *a, struct descent *d);

/* Makes the first move found that lowers the cost; false when there is none. The same seed tries
 * the same moves. */
bool mix_improve(struct mix *x, uint64_t seed, bool (*is_over)(void *context), void *context);

#endif
