/* Where nothing new is worth it: the one platform that comes nearest to it, as a plan that can be
 * checked.
 *
 *	struct plan p;
 *	size_t site;
 *	if (nearest_find(a, &m, prices, &p, &site)) ...	p.cost.total - C0 is what it misses
 *
 * The status quo's prices p_jkt of room at existing plants (plan_route_priced) give each tonne what its
 * treatment is worth today: lambda_ikt = min over existing j of c_ijkt + p_jkt. A new line of capacity
 * u can save at most
 *	S_jkt(u) = max { sum_i (lambda_ikt - c_ijkt) w_ikt x_i : sum_i w_ikt x_i <= u, 0 <= x <= 1 }
 * in a year, a continuous knapsack; the best levels over the years are a shortest path on
 *	sum_t d_t (G_jklt - S_jkt(u_l)) + A
 * that is open from the first year to the last: a platform that opens for the last year alone would lose
 * less, and say nothing. A site takes its lines that save, or else its least bad one, and pays
 * F_jt. The sites that look best this way are then routed exactly; the cheapest is
 * the answer. What it misses is thus exhibited: with that much less cost this very platform breaks
 * even. Another one, or several together, might need less; the bound of the answer says how little
 * there is to be found. */
#ifndef RECIRCUIT_SOLVER_NEAREST_H
#define RECIRCUIT_SOLVER_NEAREST_H

#include "plan.h"

/* `price` [site][flow][year]. False when there is no platform to try: no free line, none allowed, or
 * points that go whole to one site, for which routing is another problem. */
bool nearest_find(struct arena *a, const struct model *m, const double *price, struct plan *out,
	size_t *site);

#endif
