/* The bound again, from the multipliers alone, by code that shares nothing with the optimiser.
 *
 *	struct certificate c = {price, share};
 *	double bound = bound_evaluate(&model, &c);	no plan costs less
 *
 * Mathematics: L(pi, nu, phi) of relax.h on every lane, in double precision: prices pi of points,
 * nu of rounding inequalities, shares phi of the costs of sites. With one year and any number of
 * platforms the lines of a flow must besides have room for all tonnes together (a cover, by dynamic
 * programming). Shares that are negative or exceed the cost of a site are refused (minus infinity),
 * and so are negative nu; any prices of points will do.
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
};

double bound_evaluate(const struct model *m, const struct certificate *c);

#endif
