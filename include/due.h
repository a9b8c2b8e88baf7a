/* What falls due in a week of collection, as the question of solver/FORMAT.md: rows in, bytes out. */
#ifndef RECIRCUIT_DUE_H
#define RECIRCUIT_DUE_H

#include "buf.h"
#include "db.h"

/* Columns of rounds_pickup_list and rounds_hub_list. */
enum {
	PICKUP_POINT,
	PICKUP_NAME,
	PICKUP_ADDRESS,
	PICKUP_LON,
	PICKUP_LAT,
	PICKUP_FLOW,
	PICKUP_CONTAINER,
	PICKUP_TURN,
	PICKUP_UNITS,
	PICKUP_UNIT_T,
	PICKUP_UNIT_M3,
	PICKUP_FIRST_DAY,
	PICKUP_LAST_DAY,
	PICKUP_HUB
};
enum { HUB_ID, HUB_CODE, HUB_NAME, HUB_ADDRESS, HUB_LON, HUB_LAT };

/* Rows that the answer is read against later. */
struct due {
	struct rows hubs;    /* rounds_hub_list */
	struct rows flows;   /* network_flow_list */
	struct rows pickups; /* rounds_pickup_list, those no hub takes too */
	struct rows parameters;
	/* Pick-up n of the question is rows first[n] to first[n] + length[n] - 1 of pickups: a skip alone, or all crates of
	 * a point that leave at once for one hub. */
	size_t count, *first, *length;
	struct buf question; /* the bytes */
};

/* `frozen` is the run's frozen definition. The same rows give the same bytes. ERR_INVALID when nothing falls due. */
must_use bool due_make(
	struct arena *a, struct db *db, const char *frozen, struct due *out, struct err *e);

/* Tonnes of a row of pickups. */
double due_tonnes(const struct due *due, size_t row);

#endif
