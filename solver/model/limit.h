/* Limits of a model (model.h) as the engine sees them: what a plan makes of them, and the model that
 * their prices make.
 *
 *	limit_measure(m, &plan, excess);		g of each limit
 *	if (limit_hold(m, excess)) ...
 *	struct model priced = limit_price(a, m, mu);	P(mu): plain, no limits any more
 *
 * Mathematics. For mu >= 0 the plan x of P(mu) costs cost(x) + mu g(x), but for a constant: the
 * Lagrangian relaxation of the limits (bound.h says what moves). P(mu) is a model like any other, so
 * every engine solves it and bounds it; a plan of P(mu) that keeps to the limits is a plan of P.
 *
 * Haulage is a matrix that all years share, and a price of emissions may differ between years. Where
 * emissions grow with haulage along a line, E = s (haul - b), as they do when hours follow from km,
 * rate (1 + p s) and gate - rate p s b say the same. Otherwise P(mu) takes the mean price of all years
 * (limit_price_year is exact, for one year): prices of points found there prove less, never too much,
 * because the bound is evaluated from mu itself. */
#ifndef RECIRCUIT_SOLVER_LIMIT_H
#define RECIRCUIT_SOLVER_LIMIT_H

#include "plan.h"

/* excess[limit] = g of the plan: at most 0 where it keeps to it. Shipments count as they are. */
void limit_measure(const struct model *m, const struct plan *p, double *excess);

/* Within what the checker tolerates; limit_levels_hold: those that do not depend on shipments. */
bool limit_hold(const struct model *m, const double *excess);
bool limit_levels_hold(const struct model *m, const double *excess);

/* Emissions as a line of haulage, the same for all flows: E = slope (haul - base). */
struct trend {
	bool is_exact;
	double slope, base;
};

struct trend limit_trend(const struct model *m);

struct model limit_price(struct arena *a, const struct model *m, const double *mu);
struct model limit_price_year(
	struct arena *a, const struct model *m, const double *mu, size_t year);

/* A limit that no plan can keep to, seen without a search: least (for LIMIT_MOST: most) is what the
 * value would have to be. False when there is none, which does not prove that a plan exists. */
struct conflict {
	size_t limit;
	double needed;
};

bool limit_find_conflict(const struct model *m, struct conflict *out);

#endif
