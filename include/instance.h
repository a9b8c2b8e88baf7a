/* What a run asks, as the network file of solver/FORMAT.md: rows in, bytes out. */
#ifndef RECIRCUIT_INSTANCE_H
#define RECIRCUIT_INSTANCE_H

#include "buf.h"
#include "db.h"

/* Of a study; as many as the solver takes. */
enum { INSTANCE_DRAWS_MAX = 5000 };

/* Rows that the answer is read against later: the network's own order. */
struct instance {
	struct rows points; /* network_point_list */
	struct rows flows;  /* network_flow_list */
	struct rows sites;  /* network_site_list */
	struct rows years;  /* network_year_list */
	struct rows parameters;
	struct rows haul_bands;  /* network_haul_band_list; none: direct trips */
	struct rows volumes;     /* network_volume_list: what the tonnes rest on */
	const char *volume_mode; /* estimated, recorded or recorded_where_covered */
	bool is_recorded;        /* not estimated */
	struct rows supply;      /* network_supply_list, when recorded */
	struct rows lanes;       /* network_lane_list: distances that were imported */
	struct buf network;      /* the bytes */
};

/* `frozen` is the run's frozen definition. The same rows give the same bytes. */
must_use bool instance_make(
	struct arena *a, struct db *db, const char *frozen, struct instance *out, struct err *e);

#endif
