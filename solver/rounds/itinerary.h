/* Whole plans of a question (collection.h): every figure that the answer shows, worked out from the question and from who
 * visits what in which order, by none of the code that finds rounds.
 *
 *	struct itinerary it;
 *	itinerary_make(a, &collection, outings, count, &it, e);
 *
 * Figures are rounded to a millionth when they are all there, so that a third of an hour costs a third. */
#ifndef RECIRCUIT_ROUNDS_ITINERARY_H
#define RECIRCUIT_ROUNDS_ITINERARY_H

#include "posing.h"
#include "timing.h"

#define UNLOADING SIZE_MAX

/* One vehicle's day: visits in order; an unloading between two trips has the pickup UNLOADING. */
struct outing {
	size_t carrier, day, length;
	const struct visit *visit;
};

enum halt_kind { HALT_START, HALT_PICKUP, HALT_UNLOAD, HALT_END };
extern const char *const halt_words[];

struct halt {
	enum halt_kind kind;
	size_t place, trip; /* trip: from 1 */
	struct visit visit; /* of a pick-up */
	double km, driving; /* since the one before */
	struct hour at;
	double aboard[CARGO_DIMS]; /* on leaving */
};

#define COST_PARTS(X) \
	X(fixed) \
	X(km) \
	X(hours) \
	X(overtime)

struct cost_parts {
	double fixed, km, hours, overtime; /* EUR */
};

struct outing_sums {
	const struct outing *outing;
	size_t number, trips; /* number: which of the carriers of its kind that day, from 1 */
	size_t halts;
	const struct halt *halt;
	size_t pauses;
	const struct pause *pause; /* `leg` is a place in `halt` */
	double leave, back, hours, driving, km;
	struct cost_parts eur;
	double cost;
};

struct itinerary {
	const struct collection *c;
	size_t rounds;
	struct outing_sums *round;
	size_t visits, unserved_count;
	struct visit *unserved;
	bool is_complete;
	double km, hours, driving;
	double cargo[CARGO_DIMS];
	double *units; /* [flow] collected */
	struct cost_parts eur;
	double penalties, cost;
};

static inline double itinerary_clean(double x)
{
	return round(x * 1e6) / 1e6;
}

/* False: a rule is broken; the message names round, pick-up and rule. */
must_use bool itinerary_make(struct arena *a, const struct collection *c,
	const struct outing *outings, size_t count, struct itinerary *out, struct err *e);

/* In the order in which people read: by day, hub, carrier, first pick-up. */
void itinerary_sort(
	struct arena *a, const struct collection *c, struct outing *outings, size_t count);

/* How many empty skips a trip takes along: as many as it brings back full ones. */
double itinerary_empties(const struct itinerary *it, const struct outing_sums *s, size_t trip);

#endif
