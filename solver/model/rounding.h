/* Inequalities that say what an integer number of lines implies: mixed-integer rounding.
 *
 * Mathematics. One flow k, a set S of points, a set N of sites, a unit U > 0; in year t let
 *	D = sum_{i in S} w_it,   n = ceil(D / U),   r = D - U (n - 1)		0 < r <= U
 * The tonnes of S go to lines of N that are not fixed, a level of capacity u taking at most
 * min(u, D) of them, or elsewhere:
 *	sum_{i in S} w x (elsewhere) + sum_{j in N, l} min(u_jl, D) y_jlt >= D
 * With y whole, rounding it (Nemhauser, Wolsey 1990) gives
 *	sum_{i in S} w x (elsewhere) + sum_{j in N, l} a(min(u_jl, D)) y_jlt >= r n
 *	a(u) = r floor(u / U) + min(r, u - U floor(u / U))
 * A second unit V < U rounds what is left of the first: with n' = ceil(r / V), q = r - V (n' - 1),
 * where n' > 1 and n' V <= U (Dash, Gunluk 2006),
 *	sum_{i in S} w x (elsewhere) + sum_{j in N, l} a(min(u_jl, D)) y_jlt >= q n' n
 *	a(u) = q n' floor(u / U) + min(q n', q floor(v / V) + min(q, v - V floor(v / V)))
 *	v = u - U floor(u / U)
 * With S all points and N all sites: enough large lines, or enough tonnes at existing plants. With
 * fewer, enough lines around there. The relaxation without it smears half lines over the map.
 * Dualised with nu_t >= 0: a line of N has nu a(u) off its yearly cost, every other line earns nu
 * more per tonne of S, and the bound gains d nu times the right-hand side.
 *
 * S is a disc: the points whose haulage to a centre is not above a radius. */
#ifndef RECIRCUIT_SOLVER_ROUNDING_H
#define RECIRCUIT_SOLVER_ROUNDING_H

#include <stdbool.h>
#include <stddef.h>

enum { ROUNDING_EVERYWHERE = -1 };

struct rounding {
	size_t flow;
	double unit;
	double second;       /* 0, or where it does not fit: one unit only */
	int centre;          /* site, or ROUNDING_EVERYWHERE: S is all points */
	double radius;       /* haulage per unit of rate: model.haul */
	const bool *is_near; /* [site] N */
	const double *price; /* [year] nu, EUR of the year per tonne */
};

#endif
