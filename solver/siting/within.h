/* Models with limits (model.h): budgets, emissions, what sites take, sites that have to be open.
 *
 *	within_solve(a, m, options, &answer, e);
 *
 * Small models go to GLPK whole (milp.c has a row for each limit). Otherwise the limits are relaxed with
 * prices mu >= 0: P(mu) is a plain model (limit.h), which siting.h bounds and solves. Each plan it meets
 * says how high L(mu) can be at most, at every mu, and the next mu is where that is highest (planes.h). The
 * status quo says so too. The bound of the answer is L(mu) as bound.c evaluates it at the best mu.
 *
 * Plans: those of P(mu) whose lines keep to the limits are routed within them (reroute.h), and changed line by
 * line from there (fit.h). No plan is given that breaks a limit: when none is found and none is proved
 * impossible, the answer is unknown, with the bound. */
#ifndef RECIRCUIT_SOLVER_WITHIN_H
#define RECIRCUIT_SOLVER_WITHIN_H

#include "answer.h"

must_use bool within_solve(struct arena *a, const struct model *m, const struct engine_options *o,
	struct answer *out, struct err *e);

/* The same by prices alone, however small the model is. */
must_use bool within_search(struct arena *a, const struct model *m, const struct engine_options *o,
	struct answer *out, struct err *e);

#endif
