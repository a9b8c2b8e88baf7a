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

#include "bound.h"
#include "plan.h"

#include <signal.h>

enum answer_status {
	ANSWER_OPTIMAL,    /* gap within the tolerance asked for */
	ANSWER_FEASIBLE,   /* a plan, and a bound below it */
	ANSWER_INFEASIBLE, /* proved: no plan exists */
	ANSWER_UNKNOWN     /* stopped before a plan was found */
};

struct progress {
	double seconds, bound, cost; /* cost is infinite until there is a plan */
	const char *stage;           /* a short French noun phrase, for people */
};

struct engine_options {
	double time_limit_s; /* 0: no limit */
	double gap;          /* stop once (cost - bound) / cost <= gap; 0: prove it */
	int threads;         /* at least 1 */
	uint64_t seed;
	/* Where to begin: the answer to the same question with other figures (points, sites, flows
	 * and years are the same). Either may be null; no figure of theirs is taken on trust. */
	const struct plan *start;
	const struct certificate *start_certificate;
	const volatile sig_atomic_t *stop; /* non-zero asks to stop; may be null */
	void (*progress)(void *context, const struct progress *p); /* may be null */
	/* Every plan that was routed on all points, the best and those near it; may be null. */
	void (*seen)(void *context, const struct plan *p);
	void *context;
};

struct answer {
	enum answer_status status;
	struct plan plan;
	double bound; /* no plan costs less; present value, EUR */
	/* Multipliers and what they prove alone (bound_evaluate). `bound` is higher where a search
	 * tree has proved more. May be missing (null, minus infinity) when infeasible. */
	struct certificate certificate;
	double certified;
	double gap; /* (cost - bound) / cost, 0 when cost is 0 */
	double seconds, cpu_seconds;
	const char *const *notes; /* what the answer rests on: reductions, in French */
	size_t note_count;
	int64_t nodes;
};

must_use bool engine_solve(struct arena *a, const struct model *m, const struct engine_options *o,
	struct answer *out, struct err *e);

#endif
