/* A set of rounds that keep every rule, and the stops that no round visits.
 *
 *	struct rounds s;
 *	rounds_init(&s, a, &vrp);			every stop is absent
 *	rounds_begin(&s);				from here on changes can be taken back
 *	rounds_insert(&s, stop, &spot);
 *	rounds_remove(&s, r, position, count);
 *	rounds_settle(&s);				times, distances and costs of what was touched
 *	rounds_retype(&s);				the cheapest vehicle for each
 *	rounds_rollback(&s);				as it was at rounds_begin
 *
 * Round slots without visits are free.
 *
 * Stops of others (ROUNDS_OTHERS) do not exist for this set: so two threads can each work on a
 * part of the rounds. */
#ifndef RECIRCUIT_ROUNDS_ROUNDS_H
#define RECIRCUIT_ROUNDS_ROUNDS_H

#include "round.h"

#define ROUNDS_ABSENT UINT32_MAX
#define ROUNDS_OTHERS (UINT32_MAX - 1)

/* Where a stop may go. */
enum way {
	WAY_VISIT,      /* before the visit at `position` */
	WAY_TRIP_FIRST, /* a trip of its own, before all others */
	WAY_TRIP, /* a trip of its own, after the one that ends at `position` (an unloading, or the end) */
	WAY_ROUND /* a round of its own */
};

struct spot {
	enum way way;
	uint32_t round, position, type; /* the vehicle's type once the stop is there */
	double cost;                    /* EUR more */
};

/* Where a stop is: ROUNDS_ABSENT or ROUNDS_OTHERS, it is in no round. */
struct where {
	uint32_t round, rank;
};

/* What lies beside a stop that is in a round; km is minus infinity when it is in none, so that no place beside it
 * looks good. */
struct side {
	uint32_t place;
	float km;
};

struct kept_visit {
	uint32_t place;
	struct side prev, next;
	double ready, late;
};

struct kept {
	uint32_t round;
	struct round old; /* its visits are in `visits` from `first` */
	size_t first;
};

struct rounds {
	const struct vrp *v;
	struct arena *a;
	struct round *round;
	size_t count, room;
	uint32_t *empty; /* slots without visits */
	size_t empties;
	struct where *where;      /* [place] */
	struct side *prev, *next; /* [place] */
	uint32_t *absent;
	size_t absents;
	int *left; /* [type] vehicles */
	double cost; /* rounds, and penalties of the absent; `missing` for each that must be visited */
	double missing;
	uint32_t *held; /* [place] with rules, in a part: bits of the days it is held to; or null */

	/* What rounds_rollback needs. */
	struct kept *kept;
	size_t kepts;
	struct kept_visit *visits;
	size_t visit_count, visit_room;
	uint32_t *old_absent;
	size_t old_absents;
	uint32_t *old_empty;
	size_t old_empties, old_count;
	double old_cost;
};

void rounds_init(struct rounds *s, struct arena *a, const struct vrp *v);
/* A set without rounds, to which no stop belongs; then, which do. */
void rounds_clear(struct rounds *s);
void rounds_admit(struct rounds *s, uint32_t stop);

void rounds_copy(struct rounds *to, const struct rounds *from);

void rounds_begin(struct rounds *s);
void rounds_rollback(struct rounds *s);
void rounds_insert(struct rounds *s, uint32_t stop, const struct spot *spot);
void rounds_remove(struct rounds *s, uint32_t r, uint32_t position, uint32_t count);
void rounds_settle(struct rounds *s);
/* Each round that was touched since rounds_begin gets the cheapest vehicle that can drive it; after rounds_settle. */
void rounds_retype(struct rounds *s);
/* Every round does; not with rules. */
void rounds_retype_all(struct rounds *s);

/* A whole round, of stops that are absent; for solutions that come from elsewhere. */
void rounds_add(struct rounds *s, uint32_t type, const uint32_t *visit, uint32_t length);

double rounds_penalty(const struct rounds *s, uint32_t stop);

#endif
