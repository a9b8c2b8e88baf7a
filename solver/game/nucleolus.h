/* The nucleolus (Schmeidler 1969): of all shares of c(N), the one whose excesses x(S) - c(S), from the
 * largest down, are lexicographically least. It is unique, in the least core, and so in the core when
 * there is one.
 *
 * All shares compete, those too that ask more of a player than it pays alone: Schmeidler's nucleolus
 * leaves these out, and is the same wherever a player who joins never costs more than alone (game_misfit;
 * Maschler, Peleg, Shapley 1979) or the core is not empty. What we compute is also called prenucleolus.
 *
 * Method (after Kopelowitz 1967; Maschler, Peleg, Shapley 1979; Potters, Reijnierse, Ansing 1996):
 *
 *	min level   such that x(S) - c(S) <= level for all S not in the span of the fixed ones
 *	            x(S) - c(S) = its value        for the fixed ones; x(N) = c(N)
 *
 * over and over. A row with a positive dual is tight in every optimum (complementary slackness): these
 * are fixed. The duals sum to one over at most n + 1 basic rows, so the largest is at least 1 / (n + 1): there
 * always is one, well above rounding, it was not in the span, and the rank of the fixed ones rises: at most
 * n - 1 programmes. A tight coalition that is missed meets the same level again in the next one; those in
 * the span, however many, can no longer change and are not looked at. */
#ifndef RECIRCUIT_SOLVER_NUCLEOLUS_H
#define RECIRCUIT_SOLVER_NUCLEOLUS_H

#include "err.h"
#include "game.h"

must_use bool nucleolus(struct arena *a, const struct game *g, double *share, struct err *e);

#endif
