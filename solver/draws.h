/* How the answer holds when all drivers move at once: seeded draws over their credible ranges.
 *
 * Latin hypercube (McKay, Beckman, Conover 1979): each driver's range is cut into as many slices of
 * equal probability as there are draws, each slice is used once, in an order of its own. Within its
 * range a driver follows a triangle with its top where the driver stands today. Each draw is
 * re-optimised from today's plan. Plans found are then compared over the draws: the regret of a plan
 * in a draw is what it costs there above the best known plan of that draw (Savage 1951). */
#ifndef RECIRCUIT_SOLVER_DRAWS_H
#define RECIRCUIT_SOLVER_DRAWS_H

#include "driver.h"
#include "outcome.h"

enum { DRAWS_MAX = 5000, DRAWS_PLANS = 8, DRAWS_REGRETS = 100 };

struct range {
	const struct driver *driver;
	double low, high;
};

struct draw {
	double *at; /* [range] values of the drivers */
	enum viability answer;
	double before, cost, bound;
	uint64_t plan; /* which sites are platforms, as a hash of their ranks */
	int *level;    /* [site][flow][year] */
};

/* A set of sites that was best in some draw, with the levels of the draw nearest to today. */
struct contender {
	uint64_t plan;
	const int *level;
	size_t best_in;               /* draws */
	double worst_regret, regrets; /* EUR: the largest, and the mean, over the draws compared */
};

struct draws {
	size_t count;
	struct draw *draw;
	size_t *open_in;  /* [site] draws whose plan has a platform there */
	double *capacity; /* [site] mean capacity there in the last year, t, over those draws */
	struct contender contender[DRAWS_PLANS]; /* most often best first */
	size_t contender_count, compared;        /* draws over which regrets were found */
};

must_use bool draws_make(struct arena *a, const struct network *net, const struct range *ranges,
	size_t range_count, size_t count, const struct outcome *here, const struct task *task,
	size_t threads, void (*told)(void *context, size_t done, size_t total), void *context,
	struct draws *out, struct err *e);

/* The value (before - cost) that only this share of the draws falls below. */
double draws_quantile(struct arena *a, const struct draws *d, double share);

#endif
