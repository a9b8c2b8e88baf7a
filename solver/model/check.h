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

/* Whether the plan is today's plants alone, and as cheap as they can be. `price` [site][flow][year]
 * is EUR of the year per tonne of capacity; by weak duality of the transport problem any prices
 * p >= 0 prove
 *	cost >= sum_kt d_t ( sum_i w_ikt min_j (c_ijkt + p_jkt) - sum_j u_jkt p_jkt )
 * and the right ones prove it to the last euro. Splits are allowed: they only lower the cost. */
must_use bool check_status_quo(struct arena *a, const struct model *m, const struct plan *p,
	const double *price, struct cost *cost, struct err *e);

#endif
