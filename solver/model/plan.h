/* An answer to a model: which lines are open when, where every tonne goes, what it costs. */
#ifndef RECIRCUIT_SOLVER_PLAN_H
#define RECIRCUIT_SOLVER_PLAN_H

#include "model.h"

/* A part of what a point gives that goes to one site. */
struct shipment {
	uint32_t flow, year, point, site;
	double tonnes;
};

/* Present values, EUR. */
struct cost {
	double site, running, change, transport; /* transport: haulage and gate together */
	double total;
};

struct plan {
	int *level; /* [site][flow][year], LEVEL_NONE where nothing stands */
	struct shipment *shipments;
	size_t shipment_count; /* ordered by flow, year, point, site */
	struct cost cost;
};

static inline int *plan_level(const struct model *m, const struct plan *p, size_t j, size_t k)
{
	return p->level + (j * m->flows + k) * m->years;
}

/* What stands before the first year and nothing else: the status quo, not yet routed. */
struct plan plan_status_quo(struct arena *a, const struct model *m);

/* The cost of a plan from its levels and shipments. */
struct cost plan_cost(const struct model *m, const struct plan *p);

/* Fills shipments and cost from the levels, by exact transport of each flow and year (split). False
 * when the open lines cannot take everything. */
must_use bool plan_route(struct arena *a, const struct model *m, struct plan *p);

/* The same, with what a tonne of room more would save at each site: price[site][flow][year] EUR of
 * the year, 0 where there is room left. They prove that no routing is cheaper (check.h). */
must_use bool plan_route_priced(
	struct arena *a, const struct model *m, struct plan *p, double *price);

#endif
