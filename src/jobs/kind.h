/* The kinds of runs: what a plan, a study and rounds ask, how the solver answers, what of it is kept.
 *
 * To add one: three functions and a line in the table of kind.c, and its name in run_kind_check (sql/migrations). */
#ifndef RECIRCUIT_JOBS_KIND_H
#define RECIRCUIT_JOBS_KIND_H

#include "jin.h"
#include "job.h"

struct kind {
	const char *name;
	/* The rows of one moment as the question, which stays in the job. */
	bool (*read)(struct job *job, struct buf *question, struct err *e);
	enum outcome (*solve)(struct job *job, struct err *e);
	/* The answer as rows, in the caller's transaction; *brief becomes the run's verdict. */
	bool (*store)(struct job *job, const char *bytes, const struct jin *answer,
		const struct rows *run, const char **brief, struct err *e);
};

/* `name` is one the database allows. */
const struct kind *kind_find(const char *name);

#endif
