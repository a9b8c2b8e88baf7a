/* Models of every kind: many flows, levels and years, by bound and improvement in turn.
 *
 *	siting_solve(a, m, options, begin_s, &answer, e);
 *
 * 1. On zones (zones.h): the bound rises (lagrange.h), its choices become plans (improve.h), the
 *    best plan rules choices out, and so on while it pays.
 * 2. On all points: prices are prolonged and rise a little more; the best plans of the zones are
 *    routed exactly.
 * 3. The bound is evaluated from the multipliers by bound.c: that is the one reported. */
#ifndef RECIRCUIT_SOLVER_SITING_H
#define RECIRCUIT_SOLVER_SITING_H

#include "engine.h"

must_use bool siting_solve(struct arena *a, const struct model *m, const struct engine_options *o,
	double begin_s, struct answer *out, struct err *e);

#endif
