/* Why a visit is in no round, and what would serve it: for people, from the question and from the plan as it stands.
 *
 *	struct absence *why = absence_explain(a, &collection, &itinerary);	[unserved]
 *
 * A visit that no vehicle could make even by itself is told what the vehicle that comes nearest lacks; one that could be
 * made, what it would cost. Every remedy is tried before it is told. */
#ifndef RECIRCUIT_ROUNDS_ABSENCE_H
#define RECIRCUIT_ROUNDS_ABSENCE_H

#include "itinerary.h"

enum { REMEDIES_MAX = 4 };

struct remedy {
	const char *kind, *text;
	double value;
};

struct absence {
	const char *reason, *text;
	size_t remedies;
	struct remedy remedy[REMEDIES_MAX];
};

struct absence *absence_explain(
	struct arena *a, const struct collection *c, const struct itinerary *it);

/* "8 h 05" */
const char *absence_hour(struct arena *a, double hour);

#endif
