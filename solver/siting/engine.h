/* One door to whatever solves a model.
 *
 *	struct engine_options o = {.time_limit_s = 60, .gap = 0.005, .threads = 2, .seed = 1};
 *	struct answer answer;
 *	if (!engine_solve(a, &model, &o, &answer, e)) ...
 *
 * The caller checks the model first (model_check). An engine may be stopped at any moment
 * (deadline, gap, *stop set by a signal handler): it then gives its best plan and a valid bound.
 * Same model, options and seed give the same answer, byte for byte, unless time ran out. */
#ifndef RECIRCUIT_SOLVER_ENGINE_H
#define RECIRCUIT_SOLVER_ENGINE_H

#include "answer.h"

must_use bool engine_solve(struct arena *a, const struct model *m, const struct engine_options *o,
	struct answer *out, struct err *e);

#endif
