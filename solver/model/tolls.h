/* What the multipliers of limits (model.h) add to costs, for the judge of bounds.
 *
 *	if (!tolls_read(&tolls, a, m, mu)) ...		a multiplier that proves nothing */
#ifndef RECIRCUIT_SOLVER_TOLLS_H
#define RECIRCUIT_SOLVER_TOLLS_H

#include "model.h"

/* EUR of the year. */
struct tolls {
	double *tonne;    /* [site][year] per tonne that it takes */
	double *site;     /* [site][year] while it is open */
	double *level;    /* [site][year] off each line that is open there */
	bool *is_open;    /* [site][year] has to be */
	double *emission; /* [year] per t of CO2 */
	double constant;  /* present value */
	double size;      /* of what that is made of, signs aside */
};

must_use bool tolls_read(
	struct tolls *out, struct arena *a, const struct model *m, const double *mu);

/* Whether a limit wants site j open in some year. */
bool tolls_want_open(const struct tolls *tolls, const struct model *m, size_t j);

#endif
