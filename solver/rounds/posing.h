/* A question about collection (collection.h) as numbers for the search (vrp.h, rules.h).
 *
 *	struct posing p;
 *	posing_make(a, &collection, &p);
 *	routing_solve(a, &p.vrp, ...);
 *
 * Places of the problem are the hubs, then every visit of every pick-up that some vehicle could make by
 * itself; a type is a vehicle on one day. Visits that no vehicle could make are left out: absence.h says why. */
#ifndef RECIRCUIT_ROUNDS_POSING_H
#define RECIRCUIT_ROUNDS_POSING_H

#include "collection.h"
#include "vrp.h"

struct visit {
	size_t pickup, number; /* number: from 0, of the pick-up's visits */
};

struct kind {
	size_t carrier, day;
};

struct posing {
	struct vrp vrp;
	const struct visit *visit; /* [place]; of hubs nothing */
	const struct kind *kind;   /* [type] */
};

void posing_make(struct arena *a, const struct collection *c, struct posing *out);

#endif
