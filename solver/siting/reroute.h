/* Who goes where within limits, once it is decided what is open.
 *
 *	if (reroute(a, m, &plan, mu)) ...	levels are there; shipments and cost follow
 *
 * Mathematics. With levels given, budgets hold or do not. What is left is a transport problem for each
 * flow and year, joined by rows: emissions, and what sites take of all flows. Dantzig and Wolfe (1960):
 *	min sum_bc cost_c theta_c,  sum_bc use_cr theta_c <= rhs_r  [mu_r],  sum_c theta_c = 1 for each b
 * where b is a flow of a year and c one of its routings. A routing at the prices mu (transport.h on
 * limit.h's model) either enters or proves that none is missing. Splits are optimal; single sources are
 * those of whole.h, kept where they happen to be within the limits. */
#ifndef RECIRCUIT_SOLVER_REROUTE_H
#define RECIRCUIT_SOLVER_REROUTE_H

#include "plan.h"

struct reroute_options {
	bool (*is_over)(void *context); /* may be null */
	void *context;
	double *mu; /* [limit] what one unit more of each limit on routing would save, present EUR; or null */
};

/* False when no routing was found that keeps to the limits. */
must_use bool reroute(
	struct arena *a, const struct model *m, struct plan *p, const struct reroute_options *o);

#endif
