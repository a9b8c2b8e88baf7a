/* Single sources: the shipments of a plan when every point sends a flow of a year to one site.
 *
 *	if (whole_route(a, m, &plan)) ...		levels are there; shipments and cost follow
 *
 * Each flow and year is settled with splits first (transport.h): the points divided are at most as
 * many as the open sites; where none is, that is the optimum. Otherwise points are assigned by
 * assign.h. A heuristic: false does not prove that there is no assignment. */
#ifndef RECIRCUIT_SOLVER_WHOLE_H
#define RECIRCUIT_SOLVER_WHOLE_H

#include "plan.h"

must_use bool whole_route(struct arena *a, const struct model *m, struct plan *p);

#endif
