/* The rounds of a week in the names, words and places that people read, and what their tonnes cost beside what the
 * siting model assumes: the answer of recircuit-solve rounds read against its question. */
#ifndef RECIRCUIT_JOBS_WEEKPLAN_H
#define RECIRCUIT_JOBS_WEEKPLAN_H

#include "due.h"
#include "jin.h"

/* The tonnes of a hub, a stream and a band of distances. */
struct haulage_cell {
	size_t hub, flow; /* rows of due.hubs and due.flows */
	double below_km, tonnes, rounds_eur, estimate_eur;
};

struct weekplan {
	struct buf report; /* docs/http-api.md */
	struct buf brief;  /* the run's verdict */
	size_t cells;
	const struct haulage_cell *cell;
	const struct due *due;
};

must_use bool weekplan_make(struct arena *a, const struct due *due, const struct jin *answer,
	struct weekplan *out, struct err *e);

/* The rows of rounds_haulage, in the caller's transaction. */
must_use bool weekplan_store_haulage(struct arena *a, struct db *db, const char *run,
	const struct weekplan *plan, struct err *e);

#endif
