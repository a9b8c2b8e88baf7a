/* What the prices of inequalities are where their volumes are others: in years from stages, on points from zones, for
 * another network (carry.h, heir.h).
 *
 *	claim_of(&stair, nu, largest)		what a price meant where it was found
 *	claim_rent(&claim, &stair, largest, idle)	what it is now, by itself
 *	claims_settle(claims, cuts, count, m, price)	all of them together
 *
 * Mathematics. A line of one unit U that takes all it may, u = min(U, D), earns u p - nu (u - a(u)) on tonnes worth p far
 * away: nu (u - a(u)) is its *rent*, and it is kept. So nu becomes rent / (u - a(u)) of the new volume; a line that takes
 * all tonnes of S pays none at any price, which then stays. Near a multiple of U the same rent takes too high a price:
 * it is at most a few times what it was, and what lines get even when they stand empty, nu a(u), all inequalities
 * together, at most what it was or a part of what a line costs a year. What is lacking of the rent comes off
 * p. */
#ifndef RECIRCUIT_SOLVER_CLAIM_H
#define RECIRCUIT_SOLVER_CLAIM_H

#include "cut.h"

/* EUR of the year. */
struct claim {
	double nu;     /* per tonne */
	double rent;   /* of a line of one unit */
	double credit; /* of the flow's largest line */
};

struct claim claim_of(const struct stair *s, double nu, double largest);

struct rent {
	double nu, off; /* EUR of the year per tonne */
};

/* What the flow's largest line may get a year for standing empty: EUR, a part of what it costs at the cheapest site. */
double claim_idle(const struct model *m, size_t k, double largest);

struct rent claim_rent(
	const struct claim *before, const struct stair *s, double largest, double idle);

/* Sets the prices of the inequalities, and takes them off the worth of tonnes: price[flow][year][point].
 * claims[cut][year]; no cut (null): none any more. */
void claims_settle(const struct claim *claims, struct cut **cuts, size_t count,
	const struct model *m, double *price);

#endif
