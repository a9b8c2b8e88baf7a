/* The Lagrangian bound of a network of several years, all flows together.
 *
 *	relax_init(&r, a, model, threads);
 *	relax_start(&r, price);
 *	relax_run(&r, iterations, target);		r.value, r.price, r.share: a certificate
 *
 * Mathematics. Relax "every tonne goes somewhere" with prices pi_ikt per tonne:
 *	L(pi) = sum_kt d_t sum_i w pi + sum_j S_j(pi)
 * S_j is what site j costs at best: the cheapest paths of levels of its lines (pricing.h) and its own
 * cost F_jt in the years that any of them is open. Any shares of F_jt over the lines that add up to it
 * separate the lines and give a bound. They are set anew in each evaluation, in proportion to what
 * each line would earn were the site free. When lines stay open all years no other fixed proportions
 * do better: as long as the lines together earn more than F, each can bear its share, and otherwise
 * all stay closed.
 * Outlets without limit (fixed lines of infinite capacity) cap the price of each point at their cost
 * there: a higher price would earn nothing.
 * Ascent: the volume algorithm (Barahona, Anbil 2000; Barahona, Chudak 2005). Sites are dealt into a
 * fixed number of heaps whose sums are added in order: the same figures with any number of threads. */
#ifndef RECIRCUIT_SOLVER_RELAX_H
#define RECIRCUIT_SOLVER_RELAX_H

#include "pricing.h"

enum { RELAX_HEAPS = 8, RELAX_FLOWS_MAX = 64 };

struct relax {
	const struct model *m;
	size_t threads;
	double *ceiling; /* [flow][year][point] cost of the cheapest outlet without limit */

	double *price;     /* [flow][year][point] the best so far */
	double *share;     /* [site][flow][year] that belongs to it */
	double value;      /* L there; minus infinity at first */
	double *lack;      /* [flow][year][point] average of 1 - served */
	double *mean_open; /* [site][flow][year] average of y */
	double step;
	int failures;

	/* the last evaluation */
	double *trial, *served; /* [flow][year][point] */
	double *trial_share;    /* [site][flow][year] */
	int *path;              /* [site][flow][year] */
	const double *at;       /* the prices */

	/* [heap] */
	struct pricing pricing[RELAX_HEAPS];
	double *heap_served[RELAX_HEAPS];
	double heap_value[RELAX_HEAPS];
};

void relax_init(struct relax *r, struct arena *a, const struct model *m, size_t threads);

/* price[flow][year][point] may be anything; mean_open starts at nothing. */
void relax_start(struct relax *r, const double *price);

/* `target` is what the best plan costs; iterations end early when is_over says so. */
void relax_run(struct relax *r, int iterations, double target, bool (*is_over)(void *context),
	void *context);

#endif
