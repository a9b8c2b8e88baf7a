/* Which regions to invite: what each brings to the others, the fewest for whom a platform is worth it,
 * and the groups that gain most.
 *
 *	struct partners p;
 *	partners_find(a, &coalitions, &p);
 *
 * The value of a group S is V(S) = before(S) - c(S), what its plan saves against its own status quo. It
 * is known within [before - cost, before - bound]: the lower end is exhibited, the upper end proved. All
 * that is said here says whether those ranges leave another answer open. */
#ifndef RECIRCUIT_SOLVER_PARTNERS_H
#define RECIRCUIT_SOLVER_PARTNERS_H

#include "coalition.h"
#include "game.h"

/* A group that is best in some sense; `is_sure`: no other can be better, whatever the gaps hide. */
struct pick {
	coalition members; /* 0: none */
	bool is_sure;
};

struct partner {
	double brings_least, brings_most; /* V(all) - V(all but it), EUR */
	struct pick smallest;             /* the fewest viable together with it */
};

struct partners {
	struct partner *by;      /* [player] */
	struct pick smallest;    /* the fewest viable together; among these, who saves most */
	struct pick best;        /* who saves most; the fewest of those that save as much */
	struct pick best_by_ton; /* who saves most per tonne */
};

void partners_find(struct arena *a, const struct coalitions *c, struct partners *out);

#endif
