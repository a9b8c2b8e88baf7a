/* Why no plan exists: the limits that bind, how far each would have to move, in words a planner can act
 * on.
 *
 *	struct explanation why;
 *	explain_find(a, &model, &why);		the figures, for the answer's file
 *	explain_infeasible(a, &model, e);	the same as a sentence
 *
 * For each flow, from the plainest to the least plain: capacities of all sites together with the number
 * of platforms allowed, then capacities that the lanes can reach. What is missing is exact for the flow
 * and the year by themselves: with less room added, no plan can exist. It may not be enough where flows
 * compete for the platforms allowed. */
#ifndef RECIRCUIT_SOLVER_EXPLAIN_H
#define RECIRCUIT_SOLVER_EXPLAIN_H

#include "model.h"

/* What one flow lacks: in the first year that it does, and in the worst one. */
struct lack {
	size_t flow, year, worst_year;
	double tonnes,
		capacity_t; /* to treat in `year`, and room for; capacity within reach only */
	double missing_t, worst_missing_t;
	bool is_out_of_reach; /* there is room, where no lane leads */
};

struct explanation {
	struct lack
		*lacks; /* by flow; none when only single sources or the number of platforms bind */
	size_t count;
	int platforms_needed; /* at least so many for the tonnes; -1: no number is enough */
};

void explain_find(struct arena *a, const struct model *m, struct explanation *out);

/* For a model that an engine has proved infeasible. Sets ERR_INFEASIBLE and returns false. */
bool explain_infeasible(struct arena *a, const struct model *m, struct err *e);

#endif
