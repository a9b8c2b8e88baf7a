/* A cost game: who would pay how much alone, in each group, and all together; and the questions about
 * a sharing of the common cost that need no optimisation.
 *
 * Players are numbered from 0; a coalition is a set of them, bit i for player i, and indexes every
 * table. A share x has one entry per player and is efficient: it sums to the cost of all.
 *
 * cost[S] is what a plan exhibits: no coalition needs to pay more. bound[S], where there is one, is
 * proved: no coalition can pay less. */
#ifndef RECIRCUIT_SOLVER_GAME_H
#define RECIRCUIT_SOLVER_GAME_H

#include "arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GAME_PLAYERS_MAX = 15 };

typedef uint32_t coalition; /* a set of players */

struct game {
	size_t players;      /* 1 to GAME_PLAYERS_MAX */
	const double *cost;  /* [coalition] of the empty one: 0 */
	const double *bound; /* [coalition] at most the cost; null: not known */
	const double *
		weight; /* [player] not negative, their sum positive; null: the cost of each alone */
};

coalition game_everyone(const struct game *g);

/* What differs by less than this is equal: a billionth of the largest cost of all together or of one
 * alone. It covers the rounding of the costs and of the linear programmes, and is a cent on ten
 * million. Costs of other coalitions do not count: one that is beyond reach must not blur the rest. */
double game_grain(const struct game *g);

/* sum[S] = what the members of S pay. */
void game_sums(size_t players, const double *share, double *sum);

/* The Shapley value (1953): each pays what it adds to the cost of those already there, on average over
 * all orders of arrival. O(2^n n). */
void game_shapley(const struct game *g, double *share);

/* The weights of the rules that know any: those given, or else the costs of each alone. False when
 * these cannot weigh: one is negative, or all are zero. */
bool game_weights(const struct game *g, double *weight);

/* In proportion to the weights; false when there are none (game_weights). */
bool game_proportional(const struct game *g, double *share);

/* A coalition that pays more than it would by itself, beyond the grain. */
struct objection {
	coalition members;
	double pays, alone;
};

/* All of them, the one with most to gain first. */
size_t game_objections(struct arena *a, const struct game *g, const double *share,
	const struct objection **objections);

/* Whether a share is in the core of the true game, known only to lie between bound and cost. */
enum stability {
	STABLE,         /* no coalition pays more than is proved that it must */
	STABLE_PERHAPS, /* the gaps hide the answer */
	STABLE_NOT      /* a coalition is shown a cheaper plan of its own */
};

enum stability game_stability(struct arena *a, const struct game *g, const double *share);

/* Whether a player who joins ever costs more than it costs alone: the largest such excess and who joins
 * whom. Not positive where none does, as in every game whose coalitions could also act apart. */
struct misfit {
	coalition members;
	size_t joining;
	double excess;
};

struct misfit game_misfit(const struct game *g);

#endif
