/* A rounding inequality (rounding.h) and its state in an ascent (relax.h).
 *
 *	sizes_init(&sizes, a, model);
 *	cut_init(&c, a, model, &sizes, &rounding);
 *	cut_is_near(&c, j, line), cut_is_inside(&c, model, i)
 */
#ifndef RECIRCUIT_SOLVER_CUT_H
#define RECIRCUIT_SOLVER_CUT_H

#include "model.h"
#include "rounding.h"
#include "stair.h"

/* The different capacities of lines that are not fixed. */
struct sizes {
	double *capacity; /* [size] rising */
	size_t count;
	uint32_t *of_level; /* [level] its rank */
};

void sizes_init(struct sizes *s, struct arena *a, const struct model *m);

struct cut {
	struct rounding rounding; /* its price: the best so far */
	bool is_everywhere;       /* all points, near all sites */
	uint32_t *points;         /* S */
	size_t count;
	struct stair *stair; /* [year] what is asked for, what levels count for */
	double *counts;      /* [year][size] what a level of each of the sizes counts for */
	double *price, *trial, *last; /* [year] nu: the best, under way, of the last evaluation */
	double *slack, *mean_slack;   /* [year] need less what was met; average */
};

/* The prices of the rounding, or none (null), are where the ascent begins. */
void cut_init(struct cut *c, struct arena *a, const struct model *m, const struct sizes *sizes,
	const struct rounding *in);

bool cut_is_near(const struct cut *c, size_t j, const struct line *line);
bool cut_is_inside(const struct cut *c, const struct model *m, size_t i);

/* Whether it is the same inequality, prices apart. Only those on all points are compared. */
bool cut_is(const struct cut *c, const struct rounding *r);

#endif
