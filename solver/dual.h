/* The Lagrangian bound of a facility problem and its ascent.
 *
 *	dual_init(&d, a, f, arcs);			one per thread
 *	dual_start(&d, status, price);			a node of the tree: decisions and prices
 *	dual_ascend(&d, iterations, target, cutoff);
 *	dual_fix(&d, cutoff);				more decisions, from reduced costs
 *
 * Mathematics. Relax sum_j x_ij = 1 with a price pi_i per unit of demand w_i:
 *	L(pi) = sum_i w_i pi_i + min_y sum_j rho_j(pi) y_j
 *	rho_j = f_j + min { sum_i w_i (c_ij - pi_i) x_i : sum_i w_i x_i <= u_j, 0 <= x <= 1 }
 * with x integer under single sourcing, and y kept integer subject to what every plan satisfies:
 * sum_j u_j y_j >= sum_i w_i and the number of open sites. Any pi gives a valid bound. The cover is
 * solved by branch and bound, within an effort; then its own relaxation is what counts.
 * Ascent: the volume algorithm (Barahona and Anbil 2000; Barahona and Chudak 2005): steps along an
 * average of subgradients that also estimates the fractional solution, from which we branch. Prices
 * are kept below ceiling_i, so that arcs dearer than that never matter and need not be stored. */
#ifndef RECIRCUIT_SOLVER_DUAL_H
#define RECIRCUIT_SOLVER_DUAL_H

#include "facility.h"
#include "knapsack.h"

enum site_status { SITE_FREE, SITE_OPEN, SITE_CLOSED };

/* The lanes worth looking at: those of site j are [first[j], first[j + 1]), by rising point. */
struct arcs {
	size_t *first;
	uint32_t *point;
	double *cost;     /* per unit of demand */
	double *ceiling;  /* [point] no price may pass it */
	bool is_complete; /* every point of every site: the ceilings are infinite */
};

/* All lanes cheaper than the ceiling (null: all there are). A copy of the ceilings is kept. */
void arcs_init(struct arena *a, struct arcs *arcs, const struct facility *f, const double *ceiling);

struct dual {
	const struct facility *f;
	const struct arcs *arcs;
	uint8_t *status;          /* [site] of the node; belongs to the caller */
	const uint8_t *is_barred; /* [site][point] lanes closed by branching; null: none */

	/* the best prices so far, and the averages that belong to the ascent */
	double *price;
	double value;
	double *lack;      /* [point] average of 1 - what is served */
	double *mean_open; /* [site] average of y: the fractional solution */
	double *mean_flow; /* [arc] average of x under single sourcing; null otherwise */
	double step;

	/* the last evaluation */
	double last_value, price_total;
	double *rho;        /* [site] */
	bool *is_in;        /* [site] y */
	double *served;     /* [point] sum_j x_ij */
	struct item *items; /* [arc] of a site, those taken first */
	size_t *taken;      /* [site] */
	double *last;       /* [site] share of the last one taken */

	double *trial;     /* [point] */
	uint32_t *free_at; /* [item of the cover] its site */
	double *free_price, *free_volume;
	struct cover cover;
	double cover_need, cover_base; /* left to cover, and the bound without the cover */
	uint32_t *by_rho;              /* [site] scratch */
	int64_t evaluations;
};

void dual_init(struct dual *d, struct arena *a, const struct facility *f, const struct arcs *arcs);

/* `price` is copied; decisions in `status` are added to by dual_fix. */
void dual_start(struct dual *d, uint8_t *status, const double *price);

/* At most so many evaluations; stops when the value passes `cutoff`. `target` is about where the
 * optimum is thought to be (the cost of the best plan). */
void dual_ascend(struct dual *d, int iterations, double target, double cutoff);

/* From far away: deflected subgradients that may go down before they go up (Camerini, Fratta,
 * Maffioli 1975). It leaves no averages. */
void dual_climb(struct dual *d, int evaluations, double target, double cutoff);

/* Evaluates at the best prices, so that rho, is_in and served belong to them. */
double dual_refresh(struct dual *d);

/* Decides sites that would take the bound to `cutoff` if decided otherwise. Returns how many; the
 * last evaluation must be that of the best prices. */
size_t dual_fix(struct dual *d, double cutoff);

/* How far the bound would rise were site j decided against what the last evaluation did. */
double dual_flip(const struct dual *d, size_t j);

#endif
