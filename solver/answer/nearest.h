/* Where nothing new is worth it: the one platform that comes nearest to it, as a plan that can be
 * checked. Nearest means least missing for each tonne that it treats, that is the smallest gap between
 * the fee it needs and the fee that shippers would pay: in euros alone, a line that treats next to
 * nothing would always win.
 *
 *	struct plan p;
 *	size_t site;
 *	if (nearest_find(a, &m, &today, prices, &p, &site)) ...	p.cost.total - C0 is what it misses
 *
 * The status quo's prices p_jkt of room at existing plants (plan_route_priced) give each tonne what its
 * treatment is worth today: lambda_ikt = min over existing j of c_ijkt + p_jkt. A new line of capacity
 * u can save at most
 *	S_jkt(u) = max { sum_i (lambda_ikt - c_ijkt) w_ikt x_i : sum_i w_ikt x_i <= u, 0 <= x <= 1 }
 * in a year, a continuous knapsack, with Q_jkt(u) tonnes. A platform that is open from the first year to
 * the last chooses lines and levels to
 *	minimise  ( sum_t d_t (F_jt + sum_k (G_jklt - S_jkt(u_l))) + A ) / sum_tk d_t Q_jkt(u_l)
 * a ratio of sums over shortest paths (Dinkelbach, On nonlinear fractional programming, Management Science
 * 13, 1967). The sites that look best this way are then routed exactly; the nearest is the answer. What it
 * misses is thus exhibited: with that much less cost this very platform breaks even. Another one, or
 * several together, might need less; the bound of the answer says how little there is to be found. */
#ifndef RECIRCUIT_SOLVER_NEAREST_H
#define RECIRCUIT_SOLVER_NEAREST_H

#include "plan.h"

/* `before` is the status quo, routed, and `price` [site][flow][year] what its room is worth. False when there is no platform to try: no free line, none
 * allowed, none that saves a tonne's cost, or
 * points that go whole to one site, for which routing is another problem. */
bool nearest_find(struct arena *a, const struct model *m, const struct plan *before,
	const double *price, struct plan *out, size_t *site);

#endif
