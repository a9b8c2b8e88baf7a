/* One rung of the ladder: the bound rises, while plans are searched from what it opened before.
 *
 *	climb_rung(&r, a, n);
 *	climb_is_enough(&r, n)			the gap is as small there as it has to be */
#ifndef RECIRCUIT_SOLVER_CLIMB_H
#define RECIRCUIT_SOLVER_CLIMB_H

#include "run.h"

bool climb_is_enough(const struct run *r, size_t n);

/* Without a plan the prices themselves say what to aim at. New inequalities come from arena a. */
void climb_rung(struct run *r, struct arena *a, size_t n);

#endif
