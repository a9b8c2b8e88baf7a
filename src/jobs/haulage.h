/* What the tonnes of rounds cost to fetch, by hub, stream and distance, beside what the siting model assumes for the same
 * tonnes: direct trips with full trailers. A scenario may take its haulage from here.
 *
 *	haulage_init(&h, a, due, question, &parameters);
 *	haulage_share(&h, hub, cost_eur, pickups, count);		for each round
 *	haulage_write(&h, j);						once, when all are shared
 *	if (!haulage_store(a, db, run, &h, e)) ...
 *
 * The cost of a round is shared among its loads in proportion to what each would take by itself: its volume times
 * the hours there and back and on the spot. So the shares of a round sum to its cost, and a far or slow load
 * pays more than a near one. */
#ifndef RECIRCUIT_JOBS_HAULAGE_H
#define RECIRCUIT_JOBS_HAULAGE_H

#include "collection.h"
#include "due.h"
#include "jout.h"
#include "network.h"
#include "parameters.h"

/* The tonnes of a hub, a stream and a band of distances. */
struct haulage_cell {
	size_t hub, flow; /* rows of due.hubs and due.flows */
	double below_km, tonnes, rounds_eur, estimate_eur;
};

struct haulage_table {
	struct arena *arena;
	const struct due *due;
	const struct collection *question;
	struct parameters *parameters;
	struct network direct; /* the tariff of direct trips, as a siting network has it */
	size_t cells;          /* those with tonnes, once written */
	struct haulage_cell
		*cell;       /* [hub][flow][band]; once written, the first are those with tonnes */
	double estimate_eur; /* of all tonnes that were picked up, once written */
};

void haulage_init(struct haulage_table *h, struct arena *a, const struct due *due,
	const struct collection *question, struct parameters *parameters);

/* A round from `hub`, a place of the question; `pickups`: places in the question's list. */
void haulage_share(
	struct haulage_table *h, size_t hub, double cost_eur, const size_t *pickups, size_t count);

/* Writes the member "haulage" of docs/http-api.md. */
void haulage_write(struct haulage_table *h, struct jout *j);

/* The rows of rounds_haulage, in the caller's transaction. */
must_use bool haulage_store(struct arena *a, struct db *db, const char *run,
	const struct haulage_table *h, struct err *e);

#endif
