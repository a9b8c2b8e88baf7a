/* The best path of a line over the years while the other lines of its flow stay as they are, exactly.
 *
 *	if (retime_line(&d, j)) ...			d.cost is lower
 *
 * The paths that pricing proposes take the price of the scarcest tonne for that of all, so they grow too early or
 * too far. Here each year is routed with the line at each of its levels; the cheapest path through these costs
 * is then a matter of dynamic programming, as in pricing.h. */
#ifndef RECIRCUIT_SOLVER_RETIME_H
#define RECIRCUIT_SOLVER_RETIME_H

#include "descent.h"

bool retime_line(struct descent *d, size_t j);

#endif
