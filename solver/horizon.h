/* The engine for plans over several years where existing outlets can take everything: the usual
 * question of a region. Plans by improve.h, the bound by relax.h, first on zones, then on all
 * points; the bound reported is evaluated anew by bound.c. */
#ifndef RECIRCUIT_SOLVER_HORIZON_H
#define RECIRCUIT_SOLVER_HORIZON_H

#include "engine.h"

/* Several years; every flow has an outlet without limit; nothing but fixed lines stands at first.
 */
bool horizon_fits(const struct model *m);

/* As engine_solve, split sourcing. */
must_use bool horizon_solve(struct arena *a, const struct model *m, const struct engine_options *o,
	struct answer *out, struct err *e);

#endif
