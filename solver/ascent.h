/* The Lagrangian bound of one flow over all years, and its ascent.
 *
 *	ascent_init(&s, a, model, k);
 *	ascent_start(&s, price);			prices, and the site costs' split in s.share
 *	ascent_run(&s, iterations, target);
 *
 * Mathematics. Relax "every tonne goes somewhere" with prices pi_it per tonne, and y <= z with
 *shares phi_jt >= 0 of the site cost that add up, over flows, to at most F_jt. What is left of one
 *flow is L_k(pi, phi) = sum_t d_t sum_i w_it pi_it + sum_j P_j(pi, phi) with P_j the present cost
 *of line j's cheapest path of levels (pricing.h), 0 for a line that stays closed. With one year and
 *no outlet without limit, the paths of all lines are chosen together so that their capacities cover
 *the volume: a multiple-choice knapsack, solved exactly on rounded capacities (up) and volume
 *(down), which keeps the bound valid. The bound of the whole network is the sum of L_k over flows
 *for one split phi. Outlets without limit (fixed lines of infinite capacity) cap the price of each
 *point at their cost there: a higher price would earn nothing. Ascent: the volume algorithm
 *(Barahona, Anbil 2000): steps along an average of violations, which also averages y into an
 *estimate of the fractional optimum. */
#ifndef RECIRCUIT_SOLVER_ASCENT_H
#define RECIRCUIT_SOLVER_ASCENT_H

#include "pricing.h"

struct ascent {
	const struct model *m;
	size_t k;
	size_t line_count;
	const size_t *lines; /* sites whose line has a limit or is free to change */
	double *ceiling;     /* [year][point] cost of the cheapest outlet without limit */
	bool must_cover;     /* one year, no outlet without limit */
	int least, most; /* lines to open at some time, fixed ones apart: a branch of the bound */

	double *price;     /* [year][point] the best so far */
	double value;      /* L_k there */
	double *share;     /* [site][year] phi, of the caller */
	double *lack;      /* [year][point] average of 1 - served */
	double *mean_open; /* [site][year] average of y */
	double *mean_size; /* [site][year] average of capacity, t */
	double step;
	int failures;

	/* the last evaluation */
	double *trial;     /* [year][point] */
	double *served;    /* [year][point] */
	double *line_cost; /* [line] of its best path that opens it */
	size_t *order;     /* [line] scratch */
	int *path;         /* [line][year] */
	struct pricing pricing;
	int64_t evaluations;

	/* the cover, when there is one */
	size_t cells;       /* of the volume */
	double cell_t;      /* tonnes per cell */
	double *cover_best; /* [cell] */
	int8_t *cover_pick; /* [line][cell] */
	double *cover_node; /* [line][level + 1] */
};

void ascent_init(struct ascent *s, struct arena *a, const struct model *m, size_t k);

/* Prices may be anything; null starts from each point's cheapest cost. */
void ascent_start(struct ascent *s, const double *price);

/* L_k at `price`; leaves paths and served. */
double ascent_evaluate(struct ascent *s, const double *price);

/* `target` is about what the flow's best plan costs, under the same split. */
void ascent_run(struct ascent *s, int iterations, double target);

#endif
