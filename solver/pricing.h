/* What one line is worth at given prices: the best levels year by year, exactly.
 *
 *	pricing_init(&p, a, model);			one per thread
 *	pricing_line(&p, j, k, price, share);		p.total, p.path
 *	pricing_serve(&p, served);			who that path would serve
 *
 * Mathematics. At prices pi_it per tonne, level l of line (j,k) in year t earns at most
 *	V_lt = max { sum_i (pi_it - c_it) w_it x_i : sum_i w_it x_i <= u_l, 0 <= x <= 1 }
 * a continuous knapsack. Levels nest: what a small level takes is among what a large one takes, so
 * selection runs from the largest down, each on the winners of the one before. The cost of a path
 * y_0, y_1, ... is
 *	sum_t d_t ( G_lt + share_t - V_lt ) + d_t A(y_t-1 -> y_t)
 * where share_t is the part of the site's own cost put on this line; the cheapest path is found by
 * dynamic programming over levels, O(T L^2). */
#ifndef RECIRCUIT_SOLVER_PRICING_H
#define RECIRCUIT_SOLVER_PRICING_H

#include "knapsack.h"
#include "model.h"

/* What a level takes: the first `taken` items, `last_id` for the share `last` only. */
struct pick {
	double value; /* EUR of the year */
	size_t taken;
	double last;
	uint32_t last_id;
};

struct pricing {
	const struct model *m;
	struct item *items; /* [year][point], those of value first */
	struct pick *picks; /* [year][level] */
	double *node;       /* [year][level + 1] present cost of being in a level (0: nothing) */
	int *from;          /* [year][state] best state before, see pricing.c */
	size_t *gathered;   /* [year] items of value */
	size_t k;

	double total; /* present cost of the best path that opens the line in some year */
	int *path;    /* [year] that path */
};

void pricing_init(struct pricing *p, struct arena *a, const struct model *m);

/* price[year][point], EUR per tonne; share[year] of the site's cost, null for none. The line has
 * levels; one that is fixed keeps its level. A total that is not negative is only a lower bound on
 * what opening the line would cost. */
void pricing_line(struct pricing *p, size_t j, size_t k, const double *price, const double *share);

/* Adds to served[year][point] the share of each point that the best path serves. */
void pricing_serve(const struct pricing *p, double *served);

#endif
