/* Is this plan feasible, and what does it cost? Recomputed from the model alone, in the plainest
 * way there is; shares nothing with any optimiser. */
#ifndef RECIRCUIT_SOLVER_CHECK_H
#define RECIRCUIT_SOLVER_CHECK_H

#include "plan.h"

/* Tonnes may differ by this share of a volume or a capacity: what sums of doubles lose. */
#define CHECK_TOLERANCE 1e-6

/* ERR_INFEASIBLE names the first constraint that does not hold: flow, year, point, site (1-based)
 * and both figures. Otherwise *cost is what the plan costs (present values). */
must_use bool check_plan(struct arena *a, const struct model *m, const struct plan *p,
	struct cost *cost, struct err *e);

#endif
