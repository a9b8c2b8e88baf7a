/* One round: its visits in order, unloadings in between (a depot among the visits); leaving and coming back are understood.
 *
 *	round_settle(&vrp, &x);		times, distance, load and cost from the visits
 *
 * `ready` is when its vehicle can leave a visit at the earliest, `late` when it must have come at the latest for the rest to hold. */
#ifndef RECIRCUIT_ROUNDS_ROUND_H
#define RECIRCUIT_ROUNDS_ROUND_H

#include "vrp.h"

struct round {
	uint32_t type, length, room;
	uint32_t *visit;           /* [length] places */
	double *ready, *late;      /* [length]; has_time only */
	double load[VRP_DIMS_MAX]; /* of all trips together */
	double km, cost;
	double hours, idle, driving; /* with rules only; idle: waits and rests */
	uint32_t trips, needs;       /* needs: skills, of all stops */
	bool is_touched, is_kept;
};

void round_settle(const struct vrp *v, struct round *x);
/* Visit p is new: from it on vehicles are ready later, before it they must come sooner, until that makes
 * no difference any more. */
void round_insert_times(const struct vrp *v, struct round *x, uint32_t p);
/* Unloadings with nothing between them, at the beginning or at the end are of no use. */
void round_drop_idle_trips(const struct vrp *v, struct round *x);
/* By load and skills. */
bool round_can_drive(const struct vrp *v, const struct round *x, const struct vehicle *b);

/* When the vehicle may leave its depot for its next trip. */
static inline double round_start(const struct vrp *v, uint32_t type)
{
	const struct vehicle *b = &v->vehicles[type];
	return vrp_later(b->open, v->open[b->depot]);
}

static inline double round_end(const struct vrp *v, uint32_t type)
{
	const struct vehicle *b = &v->vehicles[type];
	return vrp_sooner(b->close, v->close[b->depot]);
}

#endif
