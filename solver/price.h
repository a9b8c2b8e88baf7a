/* A plan from its levels: the exact transport of every flow and year, and the cost. */
#ifndef RECIRCUIT_SOLVER_PRICE_H
#define RECIRCUIT_SOLVER_PRICE_H

#include "plan.h"

/* Reads plan->level and fills the shipments and the cost. Where a flow of a year does not fit,
 * ERR_INFEASIBLE names both, with the tonnes and the capacity that is open. */
must_use bool price_plan(struct arena *a, const struct model *m, struct plan *plan, struct err *e);

/* A plan with nothing but what stands before the first year: the status quo. */
struct plan price_status_quo(struct arena *a, const struct model *m);

#endif
