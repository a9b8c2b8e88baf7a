/* Problem P handed whole to GLPK's branch and cut: exact, for small models. */
#ifndef RECIRCUIT_SOLVER_MILP_H
#define RECIRCUIT_SOLVER_MILP_H

#include "answer.h"

/* Assignment variables the model would have; above MILP_CELLS_MAX GLPK gets nowhere in a minute. */
size_t milp_cells(const struct model *m);
#define MILP_CELLS_MAX 20000

/* Writes the model as a free MPS file, for any other solver; "-" is standard output. Columns are
 * named as in milp.c with ranks from 1 (x_point_site_flow_year). ERR_TOO_LARGE above
 * MILP_EXPORT_CELLS_MAX. */
must_use bool milp_export(struct arena *a, const struct model *m, const char *path, struct err *e);
#define MILP_EXPORT_CELLS_MAX 4000000

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
