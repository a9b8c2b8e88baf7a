/* A question about collection rounds, as the file of FORMAT.md says it: places, what waits there, vehicles, rules.
 *
 *	struct collection c;
 *	if (!collection_read(a, bytes, n, &c, e)) ...
 *	timing.h drives a vehicle through a list of stops, itinerary.h adds up whole plans from these fields alone
 *	posing.h makes numbers for the search (vrp.h)
 *
 * Hubs come first among places, then points. All texts and arrays live in the arena. */
#ifndef RECIRCUIT_ROUNDS_COLLECTION_H
#define RECIRCUIT_ROUNDS_COLLECTION_H

#include "distance.h"
#include "err.h"
#include "timetable.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

enum {
	DAYS_MAX = 14,
	HUBS_MAX = 32,
	COLLECTED_MAX = 32,
	SKILLS_MAX = 32,
	STOPS_MAX = 4000,
	DAY_STOPS_MAX = 512, /* of one vehicle */
	ROUND_THE_WEEK = 5   /* with so many days the last and the first are neighbours */
};

/* What a trip carries, each with its own capacity. */
#define CARGO_DIMS_LIST(X) \
	X(CARGO_WEIGHT, "weight_kg", "kg", "kg") \
	X(CARGO_VOLUME, "volume_m3", "m³", "m³") \
	X(CARGO_PLACES, "places", "place au sol", "places au sol") \
	X(CARGO_SKIPS, "skips", "benne", "bennes")
#define CARGO_ENUM(name, key, one, several) name,
enum cargo { CARGO_DIMS_LIST(CARGO_ENUM) CARGO_DIMS };
#undef CARGO_ENUM
extern const char *const cargo_key[CARGO_DIMS];
/* « 1 benne », « 2 bennes »: in French what is below 2 is singular. */
const char *cargo_text(struct arena *a, enum cargo d, double amount);

struct collected {
	const char *id, *name, *container;
	double cargo[CARGO_DIMS]; /* of one unit */
};

struct locale {
	const char *id, *name, *address;
	struct place at;
	struct timetable hours;
	double unload_h; /* hubs */
};

struct lot {
	size_t flow;
	double units;
};

struct pickup {
	const char *id;
	size_t place; /* a point */
	size_t lots;
	const struct lot *lot;
	double cargo[CARGO_DIMS]; /* of one visit */
	double service_h;
	struct timetable hours;
	uint32_t skills, hubs, flows; /* bits: needed; any of these; carried */
	size_t visits, gap;           /* in all days; days between two at least */
	double penalty;               /* EUR a visit; infinite: it must be made */
};

struct carrier {
	const char *id, *name;
	size_t hub;
	int count;
	uint32_t days; /* bits */
	double start, end;
	int trips;
	double capacity[CARGO_DIMS]; /* of a trip; infinite without limit */
	uint32_t skills, flows;      /* bits */
	double eur_day, eur_km, eur_h, overtime_after, eur_overtime_h;
};

struct driving_rules {
	double most, before_break, rest; /* hours; infinite, infinite, 0: no rule */
};

struct collection {
	const char *name;
	size_t days, hubs, places, flows, pickups, carriers, skills;
	uint64_t seed;
	bool has_coordinates;
	const char *const *day; /* names */
	const struct collected *flow;
	const struct locale *place;
	const struct pickup *pickup;
	const struct carrier *carrier;
	const char *const *skill; /* words, by bit */
	struct driving_rules driving;
	const double *km, *hours; /* [from][to] places; infinite: no way */
};

must_use bool collection_read(
	struct arena *a, const char *bytes, size_t n, struct collection *c, struct err *e);

/* Places in their lists; the count when there is none of that id. */
size_t collection_find_place(const struct collection *c, const char *id);
size_t collection_find_pickup(const struct collection *c, const char *id);
size_t collection_find_carrier(const struct collection *c, const char *id);
size_t collection_find_day(const struct collection *c, const char *name);

static inline double collection_km(const struct collection *c, size_t from, size_t to)
{
	return c->km[from * c->places + to];
}

static inline double collection_hours(const struct collection *c, size_t from, size_t to)
{
	return c->hours[from * c->places + to];
}

/* Days between two, the shorter way where weeks follow each other. */
size_t collection_days_between(const struct collection *c, size_t a, size_t b);

#endif
