/* The rounds of a week in the names, words and places that people read, and what their tonnes cost beside what the
 * siting model assumes: the answer of recircuit-solve rounds read against its question. */
#ifndef RECIRCUIT_JOBS_WEEKPLAN_H
#define RECIRCUIT_JOBS_WEEKPLAN_H

#include "haulage.h"
#include "jin.h"

struct weekplan {
	struct buf report; /* docs/http-api.md */
	struct buf brief;  /* the run's verdict */
	struct haulage_table haulage;
};

must_use bool weekplan_make(struct arena *a, const struct due *due, const struct jin *answer,
	struct weekplan *out, struct err *e);

#endif
