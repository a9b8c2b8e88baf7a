/* The solver's answer in the words and figures people read: the report of docs/http-api.md. Its parts have files of their
 * own: what each site does (sites.h), what the cost is made of (breakdown.h), figures (figure.h), tonnes (volume.h). */
#ifndef RECIRCUIT_JOBS_VERDICT_H
#define RECIRCUIT_JOBS_VERDICT_H

#include "instance.h"
#include "jin.h"

struct verdict {
	struct buf report;     /* JSON, docs/http-api.md "The report of a plan" */
	struct buf reductions; /* JSON array of French notes */
	struct buf brief;      /* JSON {answer, sentence, value_eur, ...}: what lists show */
};

/* `answer` is the solver's output, already checked. `run` is the run_get row of the run. */
must_use bool verdict_make(struct arena *a, struct db *db, const struct instance *in,
	const struct jin *answer, const struct rows *run, struct verdict *out, struct err *e);

#endif
