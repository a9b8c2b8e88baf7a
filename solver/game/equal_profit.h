/* The equal profit method (Frisk, Göthe-Lundgren, Jörnsten, Rönnqvist 2010): the members' savings, each per
 * unit of its weight, as alike as stability allows.
 *
 *	r_i = (c({i}) - x_i) / w_i		with w_i = c({i}): the relative saving, as published
 *	min max_ij (r_i - r_j)		such that x(N) = c(N), x(S) <= c(S) + max(0, epsilon)
 *
 * epsilon is that of the least core: shares stay in the core when there is one, else in the least core.
 * The published programme may have many optima. Ours goes on as the nucleolus does: the largest
 * difference is made least, then the next one among the pairs not yet decided, and so on; so the answer is
 * unique and does not depend on the order of the players. Each programme has a row r_i - r_j <= level per
 * undecided ordered pair; one with a positive dual is tight in every optimum and is fixed, which decides all
 * pairs it connects: at most n - 1 programmes.
 *
 * A player without weight has no relative saving: it pays what the nucleolus says, which is stable. */
#ifndef RECIRCUIT_SOLVER_EQUAL_PROFIT_H
#define RECIRCUIT_SOLVER_EQUAL_PROFIT_H

#include "err.h"
#include "game.h"

/* `weight` as game_weights gives them, `epsilon` as least_core, `middle` the nucleolus. */
must_use bool equal_profit(struct arena *a, const struct game *g, const double *weight,
	double epsilon, const double *middle, double *share, struct err *e);

#endif
