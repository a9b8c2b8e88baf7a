/* How far places lie apart by road: the great circle, longer by a factor that depends on how far it is. Networks and
 * rounds have the same rule. */
#ifndef RECIRCUIT_SOLVER_DISTANCE_H
#define RECIRCUIT_SOLVER_DISTANCE_H

#include "arena.h"
#include "jin.h"

struct place {
	double lat, lon; /* WGS 84 degrees */
	double up[3];    /* the same as a unit vector (distance_place) */
};

struct distance_band {
	double below_km; /* great-circle distance the band ends at; infinite for the last */
	double factor;   /* road km per great-circle km */
};

struct place distance_place(double lat, double lon);
struct place distance_place_read(const struct jin *at); /* its members lat and lon */

/* The member `distance_bands`. */
const struct distance_band *distance_bands_read(
	struct arena *a, const struct jin *at, size_t *count);

double distance_road_km(const struct distance_band *band, size_t bands, const struct place *a,
	const struct place *b);

#endif
