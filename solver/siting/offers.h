/* What sites offer at given prices: one evaluation of the relaxation (relax.h).
 *
 *	offers_rows(&r);			after the multipliers under way changed
 *	double value = offers_evaluate(&r);	L there; r->path, r->served, slacks of inequalities
 *
 * Each site prices its lines twice: without a share of its own cost, which says how to split it, and
 * with it. Lines far from paying sleep until prices have risen enough to wake them. Sites are dealt
 * into a fixed number of heaps whose sums are added in order. */
#ifndef RECIRCUIT_SOLVER_OFFERS_H
#define RECIRCUIT_SOLVER_OFFERS_H

#include "relax.h"

/* near: prices with what discs add; far: with what all inequalities add. */
void offers_rows(struct relax *r);

double offers_evaluate(struct relax *r);

#endif
