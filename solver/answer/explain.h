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
 * compete for the platforms allowed.
 *
 * Where flows lack nothing, the limits of the model (model.h) are moved one kind at a time, the others kept:
 * min s >= 0 such that a plan exists when every limit of that kind gives way by s. GLPK says it exactly
 * for small models; for large ones there is what limit_find_conflict sees, at the least. */
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

/* A limit of the model, all of its years and sites together, that alone stands in the way. */
struct barrier {
	enum limit_kind kind;
	double missing; /* EUR, t of CO2, t a year: how far it would have to move, at least */
	bool is_enough; /* then a plan exists, the other limits kept */
};

/* budget, co2, max_t, min_t, forced */
const char *barrier_name(enum limit_kind kind);

struct explanation {
	struct lack
		*lacks; /* by flow; none when only single sources or the number of platforms bind */
	size_t count;
	struct barrier *barriers; /* where no flow lacks anything; none: several at once */
	size_t barrier_count;
	int platforms_needed; /* at least so many for the tonnes; -1: no number is enough */
};

void explain_find(struct arena *a, const struct model *m, struct explanation *out);

/* For a model that an engine has proved infeasible. Sets ERR_INFEASIBLE and returns false. */
bool explain_infeasible(struct arena *a, const struct model *m, struct err *e);

#endif
