/* The ascent of the Lagrangian bound of a facility problem (oracle.h).
 *
 *	dual_init(&d, a, f, arcs);			one per thread
 *	dual_start(&d, status, price);			a node of the tree: decisions and prices
 *	dual_ascend(&d, iterations, target, cutoff);
 *	dual_fix(&d, cutoff);				more decisions, from reduced costs
 *
 * The volume algorithm (Barahona and Anbil 2000; Barahona and Chudak 2005): steps along an average
 * of subgradients that also estimates the fractional solution, from which we branch. Prices are
 * kept below ceiling_i, so that arcs dearer than that never matter and need not be stored. */
#ifndef RECIRCUIT_SOLVER_DUAL_H
#define RECIRCUIT_SOLVER_DUAL_H

#include "oracle.h"

struct dual {
	const struct facility *f;
	const struct arcs *arcs;
	struct oracle oracle;
	uint8_t *status; /* [site] of the node; belongs to the caller */

	/* the best prices so far, and the averages that belong to the ascent */
	double *price;
	double value;
	double *lack;      /* [point] average of 1 - what is served */
	double *mean_open; /* [site] average of y: the fractional solution */
	double *mean_flow; /* [arc] average of x under single sourcing; null otherwise */
	double step;
	int age, failures; /* evaluations in the averages; those in a row that brought nothing */

	double *trial;          /* [point] */
	double *rise;           /* [site] scratch */
	double *with, *without; /* [point] scratch */
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

/* Evaluates at the best prices in full, and decides sites that would take the bound to `cutoff` if
 * decided otherwise. Returns how many. */
size_t dual_fix(struct dual *d, double cutoff);

/* Evaluates in full, and marks in is_out [site][point] the lanes of single sources that take the
 * bound to `cutoff` if used, and those beside a lane that takes it there if not used. Returns how
 * many are marked now. */
size_t dual_fix_lanes(struct dual *d, double cutoff, uint8_t *is_out);

#endif
