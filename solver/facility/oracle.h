/* What prices prove: the Lagrangian function of a facility problem, and its subgradient.
 *
 *	oracle_init(&o, a, f, arcs);			one per thread
 *	oracle_forget(&o);				other work begins: nothing is known
 *	value = oracle_ask(&o, status, price, false);
 *	oracle_flips(&o, status, rise);		after oracle_ask(..., true)
 *
 * Mathematics. With a price pi_i per unit of demand w_i on sum_j x_ij = 1:
 *	L(pi) = sum_i w_i pi_i + min_y sum_j rho_j(pi) y_j
 *	rho_j = f_j + min { sum_i w_i (c_ij - pi_i) x_i : sum_i w_i x_i <= u_j, 0 <= x <= 1 }
 * with x integer under single sourcing, and y integer subject to what every plan satisfies:
 * sum_j u_j y_j >= sum_i w_i and the number of open sites. Any pi gives a valid bound. The cover is
 * solved as cover.h says.
 *
 * Laziness. Most sites are far too dear to be chosen, and a lower estimate of rho_j says so. When
 * prices rise by d_i, rho_j falls by at most min(sum_i w_i d_i, u_j max_i d_i) over d_i > 0; and the
 * continuous knapsack is below the whole one. So the cover is solved on estimates and those it
 * chooses are made exact, until it chooses exact ones only: its value is then that of the true rho
 * (the others could only become dearer). */
#ifndef RECIRCUIT_SOLVER_ORACLE_H
#define RECIRCUIT_SOLVER_ORACLE_H

#include "arcs.h"
#include "cover.h"

struct oracle {
	const struct facility *f;
	const struct arcs *arcs;
	const uint8_t *is_barred; /* [site][point] lanes closed by branching; null: none */

	/* the last answer */
	double value, price_total;
	double *rho;        /* [site] exact where is_in, a lower estimate elsewhere */
	bool *is_in;        /* [site] y */
	double *served;     /* [point] sum_j x_ij */
	struct item *items; /* [arc] single sources: of a site that is in, those taken first */
	size_t *taken;      /* [site] how many */

	uint8_t *known;   /* [site] how good rho is */
	double *at;       /* [point] the prices rho belongs to */
	bool is_new;      /* there are none yet */
	double *critical; /* [site] gain per unit of the item that fills the site; 0: room is left */
	double *width;    /* [site] how far around it to look next time */
	double *loss; /* [site] of the last full answer: what whole items cost, single sources */
	struct item *band; /* [point] scratch */
	uint32_t *near;    /* [point] scratch */
	double *scaled;    /* [point] price of the whole demand, without capacities */
	uint32_t *by_rho;  /* [site] scratch */
	struct cover cover;
	int64_t asked;
};

void oracle_init(
	struct oracle *o, struct arena *a, const struct facility *f, const struct arcs *arcs);

/* Before prices or bars that have nothing to do with the last ones. Answers do not depend on
 * anything that was asked before it. */
void oracle_forget(struct oracle *o);

/* The bound at these prices; `is_full`: every rho is wanted. */
double oracle_ask(struct oracle *o, const uint8_t *status, const double *price, bool is_full);

/* How far the last answer, a full one, rises at least were free site j decided the other way: a
 * site that is_in closed, another opened. For all free sites at once; rise[site]. */
void oracle_flips(struct oracle *o, const uint8_t *status, double *rise);

/* With single sources, after a full answer: how far rho of site j, not closed, rises at least when
 * point i must go there, respectively must not. For all points; 0 where there is no lane. */
void oracle_lane_rises(struct oracle *o, size_t j, double *with, double *without);

#endif
