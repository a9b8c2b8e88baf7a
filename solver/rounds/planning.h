/* The answer to a question about collection (solver/FORMAT.md, recircuit-rounds-plan-1): found, written, read back and
 * held against the question.
 *
 *	struct outing *outings;
 *	planning_outings(a, &posing, &rounds, &outings, &count);	what the search found
 *	itinerary_make(...); planning_write(a, &j, &head, &itinerary);
 *
 *	planning_check(a, &collection, sha256, &root, &itinerary, e);	a file, every figure of it worked out again */
#ifndef RECIRCUIT_ROUNDS_PLANNING_H
#define RECIRCUIT_ROUNDS_PLANNING_H

#include "itinerary.h"
#include "jin.h"
#include "jout.h"
#include "rounds.h"

struct planning_head {
	const char *sha256;
	uint64_t seed;
	double seconds;
	int64_t iterations;
	double bound; /* minus infinity: none is known */
};

struct outing *planning_outings(struct arena *a, const struct collection *c, const struct posing *p,
	const struct rounds *s, size_t *count);

void planning_write(struct arena *a, struct jout *j, const struct planning_head *head,
	const struct itinerary *it);

must_use bool planning_check(struct arena *a, const struct collection *c, const char *sha256,
	struct jin *root, struct itinerary *out, struct err *e);

#endif
