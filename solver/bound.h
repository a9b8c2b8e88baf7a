/* The bound again, from the multipliers alone, by code that shares nothing with the optimiser.
 *
 *	struct certificate c = {price, share};
 *	double bound = bound_evaluate(&model, &c);	no plan costs less
 *
 * Mathematics: L(pi, phi) of lagrange.h, on every lane, in double precision, by sorting. Shares
 * that are negative or exceed the cost of a site are refused (minus infinity); any prices will do.
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
