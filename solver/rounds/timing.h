/* When a vehicle is where: one round of a question (collection.h), by none of the code that finds rounds.
 *
 * The rule (solver/FORMAT.md): a vehicle comes back as early as it can, and leaves as late as it can for that. Work begins
 * and ends within one opening. Rests are taken on arrival, or on the way where the driving allowed is used up. */
#ifndef RECIRCUIT_ROUNDS_TIMING_H
#define RECIRCUIT_ROUNDS_TIMING_H

#include "collection.h"

struct call { /* at a place, in order; hub first and last */
	size_t place;
	const struct timetable *hours;
	double work; /* hours */
};

struct hour {
	double arrive, begin, leave;
};

struct pause {
	double begin, end;
	size_t leg; /* on the way to, or on arrival at, calls[leg] */
};

struct timing {
	struct hour *hour; /* [call] */
	struct pause *pause;
	size_t pauses;
	double driving;
};

enum fault {
	FAULT_NONE,
	FAULT_NO_WAY,
	FAULT_WINDOW,  /* at calls[where] */
	FAULT_SHIFT,   /* back too late, or the hub is closed */
	FAULT_DRIVING, /* more than a day's */
};

/* `where` is the call at which it fails; `out` may be null: then only whether it does is looked at. */
enum fault timing_make(struct arena *a, const struct collection *c, const struct carrier *b,
	size_t day, const struct call *call, size_t calls, struct timing *out, size_t *where);

#endif
