/* The Lagrangian bound of a whole model: many flows, levels and years together.
 *
 *	relax_init(&r, a, model, threads);
 *	relax_start(&r, price);
 *	relax_run(&r, iterations, target, is_over, context);
 *	separate_discs(&r, a);				new inequalities, then run again
 *	r.value; relax_certificate(&r, a, &c);
 *
 * Mathematics. Relax "every tonne goes somewhere" with prices pi_ikt per tonne, and rounding
 * inequalities (rounding.h) with nu_ct >= 0:
 *	L(pi, nu) = sum_kt d_t ( sum_i w pi + sum_c nu r n ) + sum_j S_j(pi, nu)
 * S_j is what site j costs at best: the cheapest paths of levels of its lines (pricing.h) and its own
 * cost F_jt in the years that any of them is open. Any shares of F_jt over the lines that add up to it
 * separate the lines and give a bound. They are set anew in each evaluation, in proportion to what
 * each line would earn were the site free. When lines stay open all years no other fixed proportions
 * do better: as long as the lines together earn more than F, each can bear its share, and otherwise
 * all stay closed. Where the number of platforms is limited, only the best so many sites count.
 * Outlets without limit (fixed lines of infinite capacity) cap the price of each point at their cost
 * there: a higher price would earn nothing.
 * Ascent: the volume algorithm (Barahona, Anbil 2000; Barahona, Chudak 2005). The average of the
 * solutions met tends to a solution of the linear relaxation (separate.h). Sites are dealt into a fixed number of heaps whose sums
 * are added in order: the same figures with any number of threads. */
#ifndef RECIRCUIT_SOLVER_RELAX_H
#define RECIRCUIT_SOLVER_RELAX_H

#include "bound.h"
#include "cut.h"
#include "pricing.h"

enum { RELAX_HEAPS = 8, RELAX_FLOWS_MAX = 64, RELAX_CUTS_MAX = 256 };

/* Evaluations whose estimates are not near yet. */
enum { RELAX_FIRST = 2 };

/* What the sites of a heap came to. */
struct heap {
	struct pricing pricing;
	double *served; /* [flow][year][point] */
	double *load;   /* [cut][year] what meets the inequality */
	double *rows;   /* [year][point] of the line under way */
	double *credit; /* [flow][year][MODEL_LEVELS_MAX] of the site under way */
	double value;
};

struct relax {
	const struct model *m;
	size_t threads;
	struct lanes lanes;
	double *ceiling; /* [flow][year][point] cost of the cheapest outlet without limit */

	double *price;     /* [flow][year][point] the best so far */
	double *share;     /* [site][flow][year] that belongs to it */
	double value;      /* L there; minus infinity at first */
	double *lack;      /* [flow][year][point] average of 1 - served */
	double *mean_open; /* [site][flow][year] average of y */
	double step;
	int failures;
	bool is_carried; /* averages come from another relaxation */
	size_t evaluations;
	struct cut *cuts;
	size_t cut_count;
	struct sizes sizes;
	uint32_t *cuts_of; /* [flow][RELAX_CUTS_MAX] its inequalities */
	size_t *cuts_in;   /* [flow] how many */

	/* averages over the years for separate.h; null where that would be too much */
	float *flow_mean;  /* [flow][site][point] x */
	float *level_mean; /* [level] y */
	double mean_scale; /* what is stored is divided by it */

	/* the last evaluation */
	double *trial, *served; /* [flow][year][point] */
	double *trial_share;    /* [site][flow][year] */
	int *path;              /* [site][flow][year] */
	double *site_gain;      /* [site] what its free lines save */
	bool *is_chosen;        /* [site] among the best so many */
	double *near, *far;     /* [flow][year][point] prices plus those of the inequalities */
	double *near_most, *far_most; /* [flow][year][block] */
	/* Lines far from paying are not priced before prices have risen enough. */
	double *last_near;    /* [flow][year][point] */
	double *drift;        /* [flow] how much tonnes may have come to earn more, in all */
	double *largest;      /* [flow] tonnes of the fullest year */
	double *asleep_until; /* [site][flow] drift */

	struct heap heaps[RELAX_HEAPS];
};

void relax_init(struct relax *r, struct arena *a, const struct model *m, size_t threads);

/* price[flow][year][point] may be anything; averages start at nothing. */
void relax_start(struct relax *r, const double *price);

/* `target` is what the best plan costs; iterations end early when is_over says so. */
void relax_run(struct relax *r, int iterations, double target, bool (*is_over)(void *context),
	void *context);

/* What the multipliers prove where they are, however little time is left: without that they are half a certificate. */
void relax_look(struct relax *r);

/* Sets the rows of prices (near, far) to those of the best multipliers. */
void relax_recall(struct relax *r);

/* Adds an inequality, known by its centre, radius and near sites; its prices or none (null). Null
 * when there are too many. */
struct cut *relax_add_cut(struct relax *r, struct arena *a, const struct rounding *in);

/* How many prices of points, and how many lines of a year, there are. */
static inline size_t relax_prices(const struct model *m)
{
	return m->flows * m->years * m->points;
}

static inline size_t relax_lines(const struct model *m)
{
	return m->sites * m->flows * m->years;
}

/* A line that takes everything for ever, at its price: it caps prices and is not priced itself. */
bool relax_is_outlet(const struct model *m, const struct line *line);

/* The largest capacity of a flow's free lines that is below a limit, 0 if there is none. */
double relax_unit(const struct model *m, size_t k, double limit);

/* What a tonne of capacity is worth, [site][flow][year], where that is known from elsewhere: estimates are near at
 * once. */
void relax_rent(struct relax *r, const double *rent);

/* Copies the best multipliers to an arena. */
void relax_certificate(const struct relax *r, struct arena *a, struct certificate *out);

#endif
