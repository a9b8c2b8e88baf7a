/* The mixed-integer program of problem P (model.h), strong formulation:
 *
 * columns  x[i,j,k,t] in [0,1]   share of a point's flow that goes to a line	cost d c w
 *          y[j,k,l,t] in {0,1}   level open, lines that are not fixed		cost d G
 *          v[j,k,t] >= 0         what changing level costs			cost d
 *          z[j,t] in {0,1}       platform open					cost d F
 *          p[j] in {0,1}         site ever a platform		(where their number is limited)
 * rows     assign    sum_j x = 1
 *          capacity  sum_i w x <= sum_l u y	(a fixed line: <= u)
 *          link      x <= sum_l y			(lines that are not fixed)
 *          open      sum_l y <= z
 *          rise      v >= sum_l build_lt (y_lt - y_l,t-1)
 *          fall      v >= sum_l close_lt (y_l,t-1 - y_lt)
 *          cover     sum_jl u y >= volume that fixed lines cannot take	(implied, tightens)
 *          is one    sum_l y <= p for each line and year; p <= sum y
 *          platforms min_platforms <= sum_j p <= max_platforms
 *          bought    r[j,k,t] >= sum_l outlay_l (y_lt - y_l,t-1), r >= 0	(where there is a budget)
 *          limits    budget     sum payments r <= value
 *                    emission   sum w rate E x <= value
 *                    most, least  sum w x <= value, sum w x >= value z
 *                    open       sum y >= 1
 * With at most one level open, rise and fall give exactly the separable change cost of model.h,
 * because build and close do not fall as levels rise. Source: strong formulation of capacitated facility location, e.g.
 * Cornuejols, Sridharan, Thizy (1991). */
#ifndef RECIRCUIT_SOLVER_PROGRAM_H
#define RECIRCUIT_SOLVER_PROGRAM_H

#include "model.h"

#include <glpk.h>

struct program {
	const struct model *m;
	glp_prob *lp;
	int *x;         /* [flow][year][site][point] column, 0: none */
	int *y;         /* [level][year] */
	int *z;         /* [site][year] */
	int *limit_row; /* [limit] */
	int *rise;      /* [site][flow][year] column r, 0: none */

	/* A row under way, 1-based as GLPK wants it. */
	int *index;
	double *value;
	int filled;
};

/* Assignment variables the model would have. */
size_t program_cells(const struct model *m);

/* The arena's. */
struct program program_make(struct arena *a, const struct model *m);

/* Where a column x is in `x`. */
static inline size_t program_x(const struct model *m, size_t i, size_t j, size_t k, size_t t)
{
	return ((k * m->years + t) * m->sites + j) * m->points + i;
}

static inline bool program_is_free(const struct line *line)
{
	return line->levels && !line->is_fixed;
}

/* Its rank. */
int program_add_column(struct program *b, int kind, double low, double high, double cost);

#endif
