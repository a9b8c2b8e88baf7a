/* Why no plan exists: the constraint that cannot hold, in words a planner can act on.
 *
 * Looks, from the plainest to the least plain, at capacities over all sites and the number of
 * platforms allowed, at capacities that the lanes can reach, and at single sources; the first that
 * fails is said with its figures. */
#ifndef RECIRCUIT_SOLVER_EXPLAIN_H
#define RECIRCUIT_SOLVER_EXPLAIN_H

#include "model.h"

/* For a model that an engine has proved infeasible. Sets ERR_INFEASIBLE and returns false. */
bool explain_infeasible(struct arena *a, const struct model *m, struct err *e);

#endif
