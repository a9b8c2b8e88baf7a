/* The bound again, from the multipliers alone, by code that shares nothing with the optimiser.
 *
 *	struct certificate c = {price, share};
 *	double bound = bound_evaluate(&model, &c);	no plan costs less
 *
 * Mathematics: L(pi, nu, phi) of relax.h on every lane, in double precision: prices pi of points,
 * nu of rounding inequalities, shares phi of the costs of sites. With one year and any number of
 * platforms the lines of a flow must besides have room for all tonnes together (a cover, by dynamic
 * programming). Where the number of platforms is limited, the sites that save most are platforms, and
 * as many more as have to be, each with its least bad line. Shares that are negative or exceed the cost
 * of a site are refused (minus infinity), and so are negative nu; any prices of points will do.
 *
 * Limits g_n <= 0 (model.h) are relaxed with mu_n >= 0, present EUR per unit:
 *	L(mu) = min over plans without limits of cost + sum_n mu_n g_n
 * g_n is linear in what is open, bought and sent, so mu only moves the costs: of a tonne at a site (most,
 * least) and on a lane (emission), of a site (least), of a level (open) and of going up (budget). Where a
 * site has to be open in a year, z = 1: its cost is paid whatever the lines do, and they share none of it;
 * one of them is open at some time, the least bad if none pays.
 */
#ifndef RECIRCUIT_SOLVER_BOUND_H
#define RECIRCUIT_SOLVER_BOUND_H

#include "model.h"
#include "rounding.h"

struct certificate {
	const double *price; /* [flow][year][point] EUR of the year per tonne */
	const double *share; /* [site][flow][year] EUR of the year; null: no site costs anything */
	const struct rounding *roundings;
	size_t rounding_count;
	const double *limits; /* [limit] mu; null: none of them counts */
	/* For who begins from it with other figures; of no use to the bound, and null where they are the same. */
	const double *volume; /* [rounding][year] tonnes of S, where its price was found */
	const size_t *inside; /* [rounding] how many points are in S */
	/* [site][flow][year] EUR of the year per tonne of capacity: a line earns no more than what its tonnes gain beyond
	 * that, and its capacity times it. Any will do, and null, which is 0: they tell at once that a line does not pay. */
	const double *rent;
};

double bound_evaluate(const struct model *m, const struct certificate *c);

/* The same figure, on several threads. */
double bound_evaluate_by(const struct model *m, const struct certificate *c, size_t threads);

#endif
