/* Where the bound begins from the answer to much the same question: its multipliers on each rung of the ladder.
 *
 *	heir_init(&h, a, &ladder, &certificate, order);	the points were put in that order
 *	heir_start(&h, a, &relax, n);			the bottom, the rung of zones or the top
 *	h.worth[n]					with carry_change, on the way down
 *
 * Figures are others, so what is kept is what multipliers mean. A tonne keeps its worth: its price and those of the
 * inequalities it is in, which is what it pays far away. Lines keep their rents (claim.h). A disc keeps its number of
 * points: haulage, which its radius is measured in, may have another price.
 */
#ifndef RECIRCUIT_SOLVER_HEIR_H
#define RECIRCUIT_SOLVER_HEIR_H

#include "carry.h"
#include "claim.h"
#include "ladder.h"

struct heir {
	const struct ladder *ladder;
	const struct certificate *certificate;
	double *radius;                    /* [rounding] */
	struct claim *claims;              /* [rounding][year] */
	const double *worth[LADDER_RUNGS]; /* of those rungs: [flow][year][point] */
};

void heir_init(struct heir *h, struct arena *a, const struct ladder *l, const struct certificate *c,
	const uint32_t *order);

/* The relaxation was initialised and has no averages yet. */
void heir_start(const struct heir *h, struct arena *a, struct relax *r, size_t n);

#endif
