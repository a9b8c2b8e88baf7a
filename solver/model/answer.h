/* What a solver is asked, and what it answers. engine.h is the door; each engine behind it speaks this. */
#ifndef RECIRCUIT_SOLVER_ANSWER_H
#define RECIRCUIT_SOLVER_ANSWER_H

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
	double seconds, bound, cost; /* bound is minus infinite until one is proved, cost infinite until there is a plan */
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
	bool is_brisk;                     /* one pass, unless that takes less than a tenth of its time */
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

#endif
