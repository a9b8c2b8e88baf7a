/* What the solver says, as JSON: the answer, and for a network its accounts beside those of the
 * status quo. FORMAT.md describes every field. */
#ifndef RECIRCUIT_SOLVER_REPORT_H
#define RECIRCUIT_SOLVER_REPORT_H

#include "engine.h"
#include "jout.h"
#include "question.h"

/* Value of the platforms and what the figures prove about it (docs/model.md, viability). */
enum viability { VIABLE, NOT_VIABLE, UNDECIDED };

/* Values below this share of the status quo's cost count as none. */
#define VIABILITY_TOLERANCE 1e-6

enum viability viability_of(double status_quo, double cost, double bound);
const char *viability_name(enum viability v);

void report_write(struct arena *a, struct jout *j, const struct question *q, uint64_t seed,
	const struct answer *answer);

#endif
