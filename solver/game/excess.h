/* A linear programme over the shares of a game whose rows are the coalitions' excesses,
 *
 *	x(S) - c(S) <= limit + level		level: a variable to be minimised, or fixed to nothing
 *	x(N) = c(N)
 *
 * of which there are 2^n: only those that some solution broke are ever in it. After each solution all 2^n
 * sums are made, one addition each, and the rows broken most come in, until none is broken.
 *
 *	excess_init(&p, a, g, NULL);
 *	...				columns or rows of the caller's own
 *	if (!excess_solve(&p, e)) ...
 *	excess_share(&p, share);
 *
 * Within, the game is x'_i = (x_i - c({i})) / scale: savings, in parts of the largest one. All that
 * is computed here follows the game when costs are scaled or each player's own cost changes, and so the
 * tolerances are relative to what is at stake, not to the costs. GLPK keeps an environment per thread: a
 * programme belongs to the thread that made it. */
#ifndef RECIRCUIT_SOLVER_EXCESS_H
#define RECIRCUIT_SOLVER_EXCESS_H

#include "err.h"
#include "game.h"

#include <glpk.h>

struct excess {
	const struct game *game;
	glp_prob *lp; /* columns 1 to n: players; n + 1: the level */
	double scale;
	double unit[GAME_PLAYERS_MAX]; /* x'_i per unit of its column */
	double *cost;                  /* [coalition] of the savings game */
	double limit;
	bool *is_out; /* [coalition] its excess is not to be looked at */
	int *row;     /* [coalition] where it is in the programme; 0: nowhere */
	double *sum;  /* [coalition] scratch */

	/* the last solution */
	double column[GAME_PLAYERS_MAX], level;
};

/* `unit` [player]: columns are x'_i / unit_i, or x'_i where it is null. */
void excess_init(struct excess *p, struct arena *a, const struct game *g, const double *unit);

/* Takes the level out: what is left are the rows x(S) - c(S) <= limit, in units of cost. */
void excess_bound_by(struct excess *p, double limit);

must_use bool excess_solve(struct excess *p, struct err *e);

double excess_level(const struct excess *p); /* in units of cost */
void excess_share(const struct excess *p, double *share);

/* How much the optimum leans on a coalition: the dual value of its row, not negative. The duals of all
 * coalitions sum to one. Ask before any row is changed. */
double excess_dual(const struct excess *p, coalition members);

/* From now on x(S) - c(S) stays at the level of the last solution; its row must be there. */
void excess_fix(struct excess *p, coalition members);

/* Its row, if any, no longer binds, and it never comes in. */
void excess_drop(struct excess *p, coalition members);

#endif
