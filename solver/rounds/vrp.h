/* The vehicle routing problem of collection, as plain numbers.
 *
 * Places are depots, then stops; a round leaves its vehicle's depot, visits stops and ends there, unloading
 * in between (a new *trip*) where the vehicle may. Stops without a round cost their penalty.
 *
 *	min  sum_rounds fixed + per_km km  +  sum_unserved penalty
 *	     load of every trip <= capacity, in every dimension (weight, volume, ...)
 *	     open <= start of service <= close at every place; a trip leaves after its stops are released
 *	     a vehicle has the skills that its stops need; no more rounds of a type than vehicles
 *
 * Stops lie after depots, and every vehicle of a problem read so far has the same depot. Units are free but
 * consistent: km and hours for collection; the files of the literature have theirs. */
#ifndef RECIRCUIT_ROUNDS_VRP_H
#define RECIRCUIT_ROUNDS_VRP_H

#include "arena.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { VRP_DIMS_MAX = 4, VRP_UNLIMITED = INT32_MAX };

struct vehicle {
	int count;                     /* there are so many; VRP_UNLIMITED: any number */
	uint32_t depot;                /* starts, unloads and ends here */
	double capacity[VRP_DIMS_MAX]; /* of one trip */
	double fixed;                  /* EUR per round */
	double per_km;                 /* EUR */
	double open, close;            /* leaves no earlier, is back no later */
	int trips;                     /* at most, in one round */
	uint32_t skills;               /* bits */

	/* With rules only (rules.h). */
	uint32_t day;
	double per_hour, overtime_after, per_overtime; /* EUR, hours, EUR more */
};

/* A depot that is open only if it is paid for; vehicle type t starts at depot t then. */
struct hub {
	double fixed; /* EUR, where it has a round */
	double room;  /* load of the first dimension, of all its rounds */
};

struct rules;

struct vrp {
	size_t places, depots, types;
	size_t dims;              /* of load */
	const char *const *names; /* [place]; may be null */

	const double *km, *hours; /* [from][to]; may be the same matrix */
	const double *km_back;    /* [to][from] */
	double least_per_km;      /* of all vehicles */
	const double *x, *y; /* [place], to tell what lies on which side; any projection will do */

	const double *load;    /* [place][dim] */
	const double *service; /* [place] time spent there; a depot's is that of unloading */
	const double *open, *close, *release; /* [place] */
	const double *penalty;          /* [place] of no visit; infinite: it must be visited */
	const uint32_t *needs;          /* [place] skills, bits */
	const struct vehicle *vehicles; /* [type] */
	const struct hub *sites;       /* [depot]; null: depots are there and take everything */

	double grain; /* every plan costs a multiple of it; 0: not so */

	/* What is nowhere used need not be looked at. */
	bool has_time; /* a window, a release, a shift */
	bool has_releases;
	bool has_trips; /* some vehicle may unload on the way */
	const struct rules *rules; /* of weeks, drivers and hours that cost; null: none (rules.h) */
};

static inline double vrp_km(const struct vrp *v, size_t from, size_t to)
{
	return v->km[from * v->places + to];
}

static inline double vrp_hours(const struct vrp *v, size_t from, size_t to)
{
	return v->hours[from * v->places + to];
}

static inline bool vrp_is_depot(const struct vrp *v, size_t place)
{
	return place < v->depots;
}

static inline double vrp_later(double a, double b)
{
	return a > b ? a : b;
}

static inline double vrp_sooner(double a, double b)
{
	return a < b ? a : b;
}

/* May a vehicle of this type serve this stop at all, by itself? */
bool vrp_may_serve(const struct vrp *v, size_t type, size_t stop);

/* The `count` nearest stops of each stop, nearest first: [stop - depots][count]. */
uint32_t *vrp_neighbours(struct arena *a, const struct vrp *v, size_t count);

/* The same problem, whose place p is order[p] here; depots stay first. */
struct vrp vrp_renumbered(struct arena *a, const struct vrp *v, const uint32_t *order);

#endif
