/* The engine for networks: many flows, levels and years.
 *
 * Flows meet only in the cost of open sites. So each flow has its own Lagrangian ascent (ascent.h)
 * and its own local search (improve.h), run side by side; between rounds the cost of each site is
 * split anew over the flows that use it, and the searches learn which sites others already pay for.
 * Rounds begin on zones (zones.h); prices and plans are then carried over to all points, where the
 * bound is raised further and proved, and the plan routed exactly. */
#ifndef RECIRCUIT_SOLVER_DESIGN_H
#define RECIRCUIT_SOLVER_DESIGN_H

#include "engine.h"

/* As engine_solve, for split sourcing and any number of platforms. */
must_use bool design_solve(struct arena *a, const struct model *m, const struct engine_options *o,
	struct answer *out, struct err *e);

#endif
