/* Models of every kind: many flows, levels and years, by bound and search in turn.
 *
 *	siting_solve(a, m, options, &answer, e);
 *
 * 1. On zones (zones.h): plans are searched (search.h, sketch.h), and the bound rises (relax.h), first on few
 *    zones and stages of years, then on more; what it opens is proposed to the search.
 * 2. On all points: the multipliers are carried down (carry.h) and rise a little more; the best plan
 *    of the zones is routed exactly.
 * 3. The bound is evaluated from the multipliers by bound.c: that is the one reported.
 * Budgets of work decide how long each step takes, not the clock, unless time runs out; a brisk search goes on after one pass
 * only where the clock says that it was quick. */
#ifndef RECIRCUIT_SOLVER_SITING_H
#define RECIRCUIT_SOLVER_SITING_H

#include "answer.h"

/* Single sources are assigned at the end; the bound is that of split ones. */
bool siting_fits(const struct model *m);

must_use bool siting_solve(struct arena *a, const struct model *m, const struct engine_options *o,
	struct answer *out, struct err *e);

/* Multipliers for an answer that another engine found: its plan, if any, and bound are there. */
void siting_certify(
	struct arena *a, const struct model *m, const struct engine_options *o, struct answer *out);

#endif
