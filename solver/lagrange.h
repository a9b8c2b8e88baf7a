/* The Lagrangian bound of a whole model: many flows, levels and years.
 *
 *	lagrange_init(&g, a, m, threads);
 *	lagrange_ascend(&g, evaluations, target, is_over, context);	again and again
 *	lagrange_fix(&g, cutoff);		levels that no better plan takes
 *	lagrange_narrow(&g, a, margin);		lanes that matter no more
 *
 * Mathematics (docs/model.md, sections 1 and 2). Prices pi_ikt per tonne relax sum_j x_ijkt = 1.
 * Shares phi_jkt >= 0 with sum_k phi_jkt <= F_jt stand for the site cost (they relax y <= z). Then
 *	L = sum_kt d_t sum_i w pi + sum_k M_k(pi, phi)
 *	V_jktl = min { sum_i w (c - pi) x : sum_i w x <= u_jkl, 0 <= x <= 1 }	continuous
 * knapsacks, one nested selection for all levels of a line one year:	M_k = multiple-choice cover
 * (choice.h) over V + G + phi + A: y stays integer and must have room for all tonnes many years:
 * M_k = sum over lines of the shortest path over levels, A on the arcs a number of platforms: the
 * best so many sites instead of the cover. Any (pi, phi) is a valid bound; bound.c evaluates it
 * again, by other code, on every lane. Only lanes that may matter are stored: for each point the
 * sites that are cheapest to reach. The price of a point never passes the cheapest lane left out
 * (its ceiling), so the bound holds for all lanes. Ascent: volume algorithm, as in dual.c. */
#ifndef RECIRCUIT_SOLVER_LAGRANGE_H
#define RECIRCUIT_SOLVER_LAGRANGE_H

#include "choice.h"
#include "knapsack.h"
#include "model.h"

/* Those of site j are [first[j], first[j + 1]), by rising point. */
struct lanes {
	size_t *first;
	uint32_t *point;
	double *haul;
};

struct lagrange {
	const struct model *m;
	size_t threads;
	struct lanes *lanes;    /* [flow] */
	double *ceiling;        /* [flow][year][point] */
	level_mask *mask;       /* [site][flow][year] what may still be taken */
	struct choice *choices; /* [flow]; null unless one year */
	bool has_number;        /* the number of platforms is limited */

	double *price;     /* [flow][year][point], EUR per tonne of the year: the best so far */
	double *share;     /* [site][flow][year], EUR of the year */
	double value;      /* the bound they give */
	double *lack;      /* direction: 1 - what is served, deflected */
	double *line_way;  /* [site][flow][year] the same for the shares */
	double *mean_line; /* [site][flow][year] average of the line being open */
	double step;       /* part of the way to the target that a step aims at */
	double mean_price;

	double *worth;         /* [level][year] V of the last evaluation */
	int *level;            /* [site][flow][year] what it chose */
	double *line_value;    /* [site][flow] of the chosen path (many years) */
	double *nothing_value; /* [site][flow] of closing what stands at once */
	double *flow_value;    /* [flow] M_k */
	double *served;        /* [flow][year][point] */
	double last_value;

	double *trial, *trial_share;
	const double *at, *at_share; /* what is being evaluated */
	struct item **items;         /* [thread] */
	double **cost;               /* [thread][site][level] */
	level_mask **line_mask;      /* [thread][site] */
	int **choice_level;          /* [thread][site] */
	int8_t **path_from;          /* [thread][year][state] */
	uint32_t *by_gain;           /* [site] */
	double *tonnes_price;        /* [flow] sum d w pi */
	int64_t evaluations;
};

/* Begins from `price` and keeps lanes up to `margin` (a part of the price) above it; all lanes,
 * from a guess, when it is null. */
void lagrange_init(struct lagrange *g, struct arena *a, const struct model *m, size_t threads,
	const double *price, double margin);

/* Stops early when is_over says so or the value passes `cutoff`. */
void lagrange_ascend(struct lagrange *g, int evaluations, double target, double cutoff,
	bool (*is_over)(void *context), void *context);

/* Evaluates at the best prices. */
double lagrange_refresh(struct lagrange *g);

/* The last evaluation must be at the best prices. Returns how many choices were ruled out. */
size_t lagrange_fix(struct lagrange *g, double cutoff);

/* Part of the tonnes whose price is at its ceiling. */
double lagrange_pressed(const struct lagrange *g);

/* Keeps the lanes that prices may reach by rising by this part, and no others. */
void lagrange_narrow(struct lagrange *g, struct arena *a, double margin);

static inline size_t lagrange_index(const struct model *m, size_t j, size_t k, size_t t)
{
	return (j * m->flows + k) * m->years + t;
}

#endif
