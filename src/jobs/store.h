/* The solver's plan as rows: lines and shipments, in the caller's transaction. */
#ifndef RECIRCUIT_JOBS_STORE_H
#define RECIRCUIT_JOBS_STORE_H

#include "instance.h"
#include "jin.h"

/* plan_line and plan_shipment of run `id`; the plan row itself exists already. */
must_use bool store_plan(struct arena *a, struct db *db, const char *id, const struct instance *in,
	const struct jin *answer, struct err *e);

/* What happens to a capacity between two years: keep, open, close, expand or shrink. */
const char *store_action(double before, double now);

#endif
