/* What collection has besides the problems of the literature: days, several windows a day, drivers who rest, hours that
 * cost, and points that are visited several times a week.
 *
 * A vehicle type of such a problem is a type on one day. day.h drives one round by these rules; weekly.h is
 * how the search keeps them. `vrp.open` and `vrp.close` are only rough (the widest hours): windows are here. */
#ifndef RECIRCUIT_ROUNDS_RULES_H
#define RECIRCUIT_ROUNDS_RULES_H

#include "vrp.h"

enum { RULES_VISITS_MAX = 512 }; /* of one vehicle's day, unloadings too */

/* Work may begin from `open` to `late`: it ends before the gate closes. */
struct begin {
	double open, late;
};

struct rules {
	size_t days;
	bool is_around;             /* the days follow each other without end */
	const uint32_t *first;      /* [day][place], and one more: its windows in `begins` */
	const struct begin *begins; /* in order */

	double driving_most, before_break, rest; /* hours; infinite, infinite, 0: no such rule */

	double pace;         /* hours per km where that is the same on all ways; else 0 */
	const double *alone; /* [place][type] EUR of a round for it only; infinite: cannot be */
	const uint64_t *
		kin; /* [place] bits: the vehicles that could; two without a common one share no round */
	const double *latest; /* [type] to begin the last unloading */
	const uint32_t *twin; /* [place] another visit of the same pick-up, in a ring; or itself */
	const uint32_t *gap;  /* [place] days between two of them */
	double step;          /* EUR: what the search takes for a step */
};

static inline uint32_t rules_days_between(const struct rules *r, uint32_t a, uint32_t b)
{
	uint32_t straight = a < b ? b - a : a - b, around = (uint32_t)r->days - straight;
	return r->is_around && around < straight ? around : straight;
}

/* May two stops be in one round? */
static inline bool rules_are_kin(const struct rules *r, size_t a, size_t b)
{
	return r->kin[a] & r->kin[b];
}

/* The earliest that work may begin at the place on that day, not before `hour`; infinite: not any more. */
static inline double rules_begin(const struct vrp *v, uint32_t day, uint32_t place, double hour)
{
	const struct rules *r = v->rules;
	const uint32_t *first = r->first + day * v->places + place;
	for (uint32_t n = first[0]; n < first[1]; n++)
		if (hour <= r->begins[n].late + 1e-7)
			return fmax(hour, r->begins[n].open);
	return INFINITY;
}

/* The latest, not after `hour`; minus infinite: not yet. */
static inline double rules_latest(const struct vrp *v, uint32_t day, uint32_t place, double hour)
{
	const struct rules *r = v->rules;
	const uint32_t *first = r->first + day * v->places + place;
	for (uint32_t n = first[1]; n-- > first[0];)
		if (hour >= r->begins[n].open - 1e-7)
			return fmin(hour, r->begins[n].late);
	return -INFINITY;
}

static inline double rules_hours_cost(const struct vehicle *b, double hours)
{
	return b->per_hour * hours + b->per_overtime * fmax(0, hours - b->overtime_after);
}

#endif
