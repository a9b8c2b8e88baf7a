/* What is known of L(mu), the least that P(mu) can cost, from plans that were met: where it may still be high.
 *
 *	struct planes *ps = planes_new(a, limits);
 *	planes_add(ps, cost, excess);				for each plan; the list is copied
 *	if (planes_top(ps, &box, mu, &height)) ...		the next prices to try
 *
 * Mathematics. Each plan p says L(mu) <= cost_p + sum_n mu_n g_n(p) for every mu >= 0, where g_n(p) is what it has beyond
 * limit n (limit.h). The next mu is where the least of these planes is highest, within a box around the best mu so far:
 * cutting planes (Kelley 1960; with a box: Marsten, Hogan, Blankenship 1975), a linear program for GLPK. Costs in present
 * EUR, mu in EUR per unit of its limit. */
#ifndef RECIRCUIT_SOLVER_PLANES_H
#define RECIRCUIT_SOLVER_PLANES_H

#include "arena.h"
#include "err.h"

struct planes;

struct planes *planes_new(struct arena *a, size_t limits);

/* Once there are 2000 no more are taken: fewer planes still say what L can be at most. */
void planes_add(struct planes *ps, double cost, const double *excess);

/* Around where, and how far in each direction: radius * unit[n], never below 0. */
struct price_box {
	const double *centre, *unit; /* [limit] */
	double radius;
};

/* The highest point below all planes in the box; *height is what L can be there at most. False when GLPK finds none. */
must_use bool planes_top(
	const struct planes *ps, const struct price_box *box, double *mu, double *height);

#endif
