/* Better open sets for a facility problem, one exact move at a time.
 *
 *	local_init(&s, a, f);			one per thread
 *	cost = local_cost(&s, is_open);		of this set, exact; infinite when it cannot serve
 * all cost = local_improve(&s, is_open, cost, limit);
 *
 * Demand may be split, or there are no capacities (single sources: see assign.h).
 *
 * Mathematics. With capacities a set is priced by the exact transport, which follows each change.
 * Opening j can save at most V_j = max { sum_i w_i (lambda_i - c_ij) x_i : sum_i w_i x_i <= u_j }
 * where lambda are the transport's own prices of the points: moves that this rules out are never
 * tried. Moves: close k; open j; open j and close k. Without capacities every pair is priced at
 * once from the two nearest open sites of each point (Whitaker 1983; Resende and Werneck 2007). */
#ifndef RECIRCUIT_SOLVER_LOCAL_H
#define RECIRCUIT_SOLVER_LOCAL_H

#include "facility.h"
#include "knapsack.h"
#include "transport.h"

struct local {
	const struct facility *f;
	struct transport flow;   /* with capacities */
	struct item *items;      /* [point] scratch */
	double *point_price;     /* [point] */
	double *saving;          /* [site] */
	uint32_t *order;         /* [site] */
	double *load;            /* [site] */
	uint32_t *near, *second; /* [point] nearest open sites, without capacities */
	double *loss;            /* [site] */
	double *pair;            /* [site] extra saved when this one closes too */
	bool *kept;              /* [site] */
	int64_t trials;
};

void local_init(struct local *s, struct arena *a, const struct facility *f);

/* So that results do not depend on what was asked before. */
void local_forget(struct local *s);

double local_cost(struct local *s, const bool *is_open);

/* Changes is_open to a set that no move improves, or the best after `limit` trials. Returns its
 * cost. Sites in `closed` (null: none) stay closed. */
double local_improve(
	struct local *s, bool *is_open, double cost, const bool *closed, int64_t limit);

#endif
