/* A rounding inequality (rounding.h) in one year, as the judge of bounds reads it.
 *
 *	need_of(m, r, t)		what it asks for
 *	need_met(&n, r, capacity)	what a level of a near line does for it */
#ifndef RECIRCUIT_SOLVER_NEED_H
#define RECIRCUIT_SOLVER_NEED_H

#include "model.h"
#include "rounding.h"

struct need {
	double volume, rest, whole;
	double step; /* what the second unit counts for; 0: there is none */
};

struct need need_of(const struct model *m, const struct rounding *r, size_t t);
double need_met(const struct need *n, const struct rounding *r, double capacity);

/* Whether point i is in S, and whether line (j, k) is near. */
bool need_is_in(const struct model *m, const struct rounding *r, size_t i);
bool need_is_near(const struct model *m, const struct rounding *r, size_t j, size_t k);

#endif
