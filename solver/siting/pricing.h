/* What one line is worth at given prices: the best levels year by year, exactly.
 *
 *	pricing_init(&p, a, model);			one per thread
 *	pricing_estimate(&p, j, k, &prices);		what every level earns at most
 *	pricing_path(&p, j, k, &prices);		p.total, p.path
 *	pricing_serve(&p, j, k, &prices, served);	who that path serves
 *
 * Mathematics. At prices pi_it per tonne, level l of line (j,k) in year t earns
 *	V_lt = max { sum_i g_it w_it x_i : sum_i w_it x_i <= u_l, 0 <= x <= 1 },  g = pi - c
 * a continuous knapsack. Any threshold h >= 0 bounds it from above,
 *	V_lt <= h u_l + sum_i w_it max(0, g_it - h)
 * with equality at the gain of the last point taken. That is remembered from the last time, so the
 * estimate is near, and costs one pass without choosing among points. The threshold of the largest level
 * bounds all the others too: theirs are only tried where a path wants them. The right side is convex in
 * h, with slope u_l less the tonnes that gain more than h: where more is to be known, tangents on either
 * side of the least close it in, and the knapsack itself is solved when three passes do not.
 * The cost of a path y_0, y_1, ... is
 *	sum_t d_t ( G_lt + share_t - credit_lt - V_lt ) + d_t A(y_t-1 -> y_t)
 * where share_t is the part of the site's own cost put on this line and credit_lt what
 * inequalities (rounding.h) grant it; the cheapest path is found by dynamic programming over
 * levels, O(T L^2). Its levels are then looked at more closely, and the path sought again, until
 * it is the cheapest with exact values: estimates are optimistic, so no other path is cheaper. */
#ifndef RECIRCUIT_SOLVER_PRICING_H
#define RECIRCUIT_SOLVER_PRICING_H

#include "knapsack.h"
#include "lanes.h"
#include "model.h"

struct prices {
	const double *point;  /* [year][point] EUR per tonne; null: see pricing_path */
	const double *most;   /* [year][block] not below those of the block (lanes.h) */
	const double *share;  /* [year] EUR of the year; null: none */
	const double *credit; /* [year][MODEL_LEVELS_MAX] EUR of the year; null: none */
	bool is_rough;        /* estimates will do */
};

/* How well V is known: by another level's threshold, by its own, as good as exactly. */
enum nearness { WORTH_BORROWED, WORTH_ESTIMATED, WORTH_EXACT };

struct pricing {
	const struct model *m;
	const struct lanes *lanes;
	double *threshold;       /* [level][year] h */
	double *density;         /* [level][year] tonnes per EUR of gain around it; 0: unknown */
	double *over;            /* [flow][year][MODEL_LEVELS_MAX] tonnes above h without room */
	double *worth;           /* [flow][year][MODEL_LEVELS_MAX] V, or more */
	unsigned char *nearness; /* [flow][year][MODEL_LEVELS_MAX] enum nearness */
	struct item *items;      /* [point] */
	double *node;            /* [year][state] present cost of being in a level (0: nothing) */
	int *from;               /* [year][state] best state before, see pricing.c */

	double total; /* present cost of the best path that has the line open in some year, or
			 closes it; a lower bound when it is not below `idle` */
	double idle;  /* that of having nothing from the first year on */
	int *path;    /* [year] the best path; nothing where that is as good */
};

void pricing_init(
	struct pricing *p, struct arena *a, const struct model *m, const struct lanes *lanes);

/* The line has levels. One pass over the points. */
void pricing_estimate(struct pricing *p, size_t j, size_t k, const struct prices *at);

/* After pricing_estimate at the same point prices; without those (null) what is known has to do. A fixed line
 * keeps its level. */
void pricing_path(struct pricing *p, size_t j, size_t k, const struct prices *at);

/* Both. */
void pricing_line(struct pricing *p, size_t j, size_t k, const struct prices *at);

/* What level l takes in year t; items[0 .. taken) of which the last one only for *last of it.
 * Returns V. */
double pricing_take(struct pricing *p, size_t j, size_t k, size_t t, int l, const struct prices *at,
	size_t *taken, double *last);

#endif
