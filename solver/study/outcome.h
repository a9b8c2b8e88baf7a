/* What a network comes to: with and without new platforms, and what that proves.
 *
 *	struct outcome out;
 *	if (!outcome_find(a, &net, &task, &out, e)) ...
 *	out.answer == VIABLE: a cheaper plan is in out.level
 *
 * Studies ask this of hundreds of networks that differ little, so each search may begin from the
 * answer to another, and may end as soon as the answer alone is sure. */
#ifndef RECIRCUIT_SOLVER_OUTCOME_H
#define RECIRCUIT_SOLVER_OUTCOME_H

#include "answer.h"
#include "network.h"
#include "report.h"

struct outcome {
	enum viability answer;
	/* EUR, present values. NAN where today's plants cannot take everything, or no plan was found;
	 * the answer then is UNDECIDED: there is nothing to compare. */
	double before;      /* cost of the status quo */
	double cost, bound; /* of the best plan found, and of any plan */
	double gap;
	int *level; /* [site][flow][year] of that plan, or of where the search began */
	struct certificate certificate;
	double seconds;
};

struct task {
	double gap, time_limit_s;
	int threads;
	uint64_t seed;
	bool is_brisk;          /* one pass, whatever the gap it leaves, unless that is quick */
	bool wants_answer_only; /* ends once the answer is sure, whatever the gap */
	const struct outcome
		*begin; /* of a network with the same points, sites and years; or null */
	const volatile sig_atomic_t *stop;
};

/* ERR_CANCELLED when stopped. */
must_use bool outcome_find(struct arena *a, const struct network *net, const struct task *task,
	struct outcome *out, struct err *e);

#endif
