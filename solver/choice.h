/* The multiple-choice cover of one flow: at most one level a line, enough capacity in all.
 *
 *	choice_init(&c, a, m, k, t);
 *	value = choice_solve(&c, cost, mask, level);
 *
 * Mathematics. min sum_jl g_jl y_jl,  sum_l y_jl <= 1 (= 1 for lines that cannot be without),
 * sum_jl u_jl y_jl >= D,  y in {0,1}, by dynamic programming over capacity. Capacities are counted
 * in units: their greatest common divisor where that leaves a short table, otherwise a small part of
 * D with capacities rounded up, so that the value stays a bound. Source: Kellerer, Pferschy,
 * Pisinger (2004), ch. 11. */
#ifndef RECIRCUIT_SOLVER_CHOICE_H
#define RECIRCUIT_SOLVER_CHOICE_H

#include "model.h"

/* Which levels of a line may still be taken: bit l + 1 for level l, bit 0 for nothing. */
typedef uint32_t level_mask;

#define MASK_OF(level) ((level_mask)1 << ((level) + 1))

struct choice {
	const struct model *m;
	size_t flow;
	uint32_t need;   /* units */
	uint32_t *units; /* [site][level], capped at need */
	double *table;   /* [site + 1][need + 1] cost of covering so much with the sites before */
	double *back;    /* the same from behind, for choice_rises */
	int8_t *pick;    /* [site][need + 1] */
};

/* Tonnes of year t are what has to be covered. */
void choice_init(struct choice *c, struct arena *a, const struct model *m, size_t k, size_t t);

/* cost[site][MODEL_LEVELS_MAX], mask[site]; level[site] out. Infinite when there is no cover. */
double choice_solve(struct choice *c, const double *cost, const level_mask *mask, int *level);

/* After choice_solve with the same arguments: takes out of mask[] every choice that would bring the
 * value to `most` or above. Returns how many. */
size_t choice_fix(struct choice *c, const double *cost, level_mask *mask, double most);

#endif
