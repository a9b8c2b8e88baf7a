/* What the solver says, as JSON: the answer, and for a network its accounts beside those of the
 * status quo. FORMAT.md describes every field. */
#ifndef RECIRCUIT_SOLVER_REPORT_H
#define RECIRCUIT_SOLVER_REPORT_H

#include "answer.h"
#include "finance.h"
#include "jout.h"
#include "question.h"

void report_write(struct arena *a, struct jout *j, const struct question *q, uint64_t seed,
	const struct answer *answer);

#endif
