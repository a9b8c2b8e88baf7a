/* Which sites are platforms, at given multipliers: those that have to be open, those that save, no more and no fewer
 * than may be. */
#ifndef RECIRCUIT_SOLVER_PLATFORMS_H
#define RECIRCUIT_SOLVER_PLATFORMS_H

#include "tolls.h"

/* What a site's lines that are not fixed come to, beside having nothing. */
struct choice {
	double gain; /* what they save at best, at most 0 */
	double least; /* what opening the least bad of them costs when none saves anything; infinite: has none */
};

/* What they come to; choices[site] are used up. */
double platforms_best(const struct model *m, const struct tolls *tolls, struct choice *choices);

#endif
