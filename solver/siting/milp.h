/* Problem P (program.h) handed whole to GLPK's branch and cut: exact, for small models. The bound is GLPK's best node bound, or
 * the LP relaxation before the first one. */
#ifndef RECIRCUIT_SOLVER_MILP_H
#define RECIRCUIT_SOLVER_MILP_H

#include "answer.h"

/* Few enough assignment variables for GLPK to get somewhere. */
bool milp_is_small(const struct model *m);

/* min s >= 0 such that a plan exists when every limit of a kind gives way by s and all others are kept. False
 * when there is none, or none was found in time. */
must_use bool milp_least_excess(
	const struct model *m, enum limit_kind kind, double seconds, double *excess);

/* As engine_solve. The plan has levels and its cost; its shipments are those of plan_route (reroute.h
 * within limits), or GLPK's own where a point has a single site. Of the certificate there are only the
 * prices of limits, those of the linear relaxation. */
must_use bool milp_solve(struct arena *a, const struct model *m, const struct engine_options *o,
	struct answer *out, struct err *e);

#endif
