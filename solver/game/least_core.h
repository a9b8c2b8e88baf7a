/* The least core (Shapley, Shubik 1966; Maschler, Peleg, Shapley 1979): the shares whose worst excess is
 * smallest,
 *
 *	epsilon = min e such that some x with x(N) = c(N) has x(S) <= c(S) + e for all S but N.
 *
 * Not positive: the core is not empty (Gillies 1959), and -epsilon is what every coalition can be left to
 * gain at once. Positive: what every coalition would have to be willing to lose. */
#ifndef RECIRCUIT_SOLVER_LEAST_CORE_H
#define RECIRCUIT_SOLVER_LEAST_CORE_H

#include "err.h"
#include "game.h"

/* NaN for a single player: there is no coalition but all. */
must_use bool least_core(struct arena *a, const struct game *g, double *epsilon, struct err *e);

#endif
