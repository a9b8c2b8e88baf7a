/* The models that an ascent goes through: few zones on top, all points at the bottom.
 *
 *	ladder_init(&l, a, m);		points of m in an order where neighbours follow each other
 *	for (size_t n = l.count; n-- > 0;) ... l.rungs[n].relax
 *
 * Each rung says how much work it is worth. Relaxations are the user's to begin (carry.h). */
#ifndef RECIRCUIT_SOLVER_LADDER_H
#define RECIRCUIT_SOLVER_LADDER_H

#include "relax.h"
#include "zones.h"

enum { LADDER_RUNGS = 5 };

/* Part of the time that the bottom may take: evaluating the certificate anew takes the rest. */
static const double LADDER_TIME = 0.93;

struct rung {
	const struct model *m;
	struct zones zones; /* made from the rung below; unused at the bottom */
	struct relax relax;
	int rounds, iterations; /* of the ascent there */
	int first_cuts;         /* round from which inequalities are looked for */
	bool is_warm;           /* begins from an earlier answer */
	double until;           /* part of the time when it has to end */
};

struct ladder {
	struct rung rungs[LADDER_RUNGS];
	size_t count;
	bool is_light; /* few lines, and some flow needs hardly more than one: what sites cost matters */
	bool is_tight;           /* every flow needs several lines */
	size_t plan_rung;        /* plans are searched there: all years, and zones enough */
	size_t warm_rung;        /* where the ascent begins from an earlier answer, .. */
	struct zones warm_zones; /* .. made of the points */
	struct zones top_zones;  /* the coarsest, made of the zones of that rung */
};

void ladder_init(struct ladder *l, struct arena *a, const struct model *m);

#endif
