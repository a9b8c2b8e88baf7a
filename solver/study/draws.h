/* How the answer holds when all drivers move at once: seeded draws over their credible ranges.
 *
 * Latin hypercube (McKay, Beckman, Conover 1979): each driver's range is cut into as many slices of
 * equal probability as there are draws, each slice is used once, in an order of its own. Within its
 * range a driver follows a triangle with its top where the driver stands today. Each draw is
 * re-optimised from today's plan. Today's plan and those that were best most often are then kept as they
 * are over the draws: the regret of a plan in a draw is what it costs there above the best known plan of
 * that draw (Savage 1951), its value what it saves there against the status quo, or loses. */
#ifndef RECIRCUIT_SOLVER_DRAWS_H
#define RECIRCUIT_SOLVER_DRAWS_H

#include "driver.h"
#include "outcome.h"

enum { DRAWS_MAX = 5000, DRAWS_PLANS = 8, DRAWS_REGRETS = 100 };

/* The value at risk is what a plan is worth in the worst draw but this share of them. */
#define DRAWS_RISK 0.05

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

/* A set of sites that was best in some draw, with the levels of the first of those; or today's plan. */
struct contender {
	uint64_t plan;
	const int *level;
	bool is_today;
	size_t best_in;               /* draws */
	double worst_regret, regrets; /* EUR: the largest, and the mean, over the draws compared */
	double value_at_risk; /* EUR: kept as it is, it is worth less in DRAWS_RISK of them */
	size_t loses_in;      /* of the draws compared: it costs more than the status quo */
};

/* A line of a platform, as large as this in the last year of so many draws. */
struct frequent {
	size_t site, flow;
	double capacity;
	size_t count;
};

struct draws {
	size_t count;
	struct draw *draw;
	size_t *open_in;  /* [site] draws whose plan has a platform there */
	double *capacity; /* [site] mean capacity there in the last year, t, over those draws */
	struct frequent *line; /* by site, flow and size */
	size_t lines;
	struct contender contender[DRAWS_PLANS]; /* today's, then the most often best */
	size_t contender_count, compared;        /* draws over which regrets were found */
};

must_use bool draws_make(struct arena *a, const struct network *net, const struct range *ranges,
	size_t range_count, size_t count, const struct outcome *here, const struct task *task,
	size_t threads, void (*told)(void *context, size_t done, size_t total), void *context,
	struct draws *out, struct err *e);

/* The value (before - cost) that only this share of the draws falls below. */
double draws_quantile(struct arena *a, const struct draws *d, double share);

/* The gap (cost - bound) / |cost| that only this share of the draws is within. */
double draws_gap_quantile(struct arena *a, const struct draws *d, double share);

/* The share of draws, for `count` of them, that all there could be would have: 95 % of such ranges hold
 * it (Wilson 1927). `open` more may or may not belong to the `hits`. Stratified draws vary less than
 * independent ones, so the range errs on the wide side. */
struct chance {
	double low, high;
};

struct chance draws_chance(size_t hits, size_t open, size_t count);

#endif
