/* All lines of one flow in one year together: what enough of them to take everything cost at the least.
 *
 *	covering_cheapest(m, k, cost)		cost[site][state]: 0 nothing, l + 1 level l
 *
 * Each line has one level at most. Capacities are rounded up where they have no common unit, so that the answer is no more
 * than the least. */
#ifndef RECIRCUIT_SOLVER_COVERING_H
#define RECIRCUIT_SOLVER_COVERING_H

#include "model.h"

enum { COVERING_STATES = MODEL_LEVELS_MAX + 1 };

double covering_cheapest(const struct model *m, size_t k, const double (*cost)[COVERING_STATES]);

#endif
