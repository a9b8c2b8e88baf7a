/* A population of plans, some within capacities and some not, kept good and different (Vidal et al. 2012, 2022).
 *
 *	struct herd h;
 *	herd_init(&h, a, &vrp, &fleet);
 *	herd_add(&h, &genome);			dies again when there are too many
 *	const struct genome *g = herd_pick(&h, &random);	the better of two
 *
 * The fitness of one is its rank by cost plus, less as more of the best are spared, its rank by difference from the five most like
 * it. Those that are the same as another go first. The fine on loads above the capacity follows how many of the last
 * hundred children were within it, as first grown. */
#ifndef RECIRCUIT_ROUNDS_HERD_H
#define RECIRCUIT_ROUNDS_HERD_H

#include "genome.h"

enum {
	HERD_LEAST = 25, /* of either kind, after a cull */
	HERD_MOST = 65,  /* before */
	HERD_ROOM = HERD_MOST + 1,
	HERD_RECENT = 100
};

struct flock {
	struct genome *member[HERD_ROOM]; /* cheapest first */
	double fitness[HERD_ROOM];
	float apart[HERD_ROOM][HERD_ROOM]; /* by slot */
	size_t slot[HERD_ROOM];            /* [member] */
	size_t count;
};

struct herd {
	const struct vrp *v;
	struct flock fit, unfit; /* within capacities, and not */

	struct genome best;                 /* within capacities; its cost is infinite: none yet */
	double fine, fine_least, fine_most; /* EUR a unit of load */
	bool recent[HERD_RECENT];
	size_t noted;
	bool is_stale; /* fitness is to be worked out anew */
};

void herd_init(struct herd *h, struct arena *a, const struct vrp *v, const struct fleet *f);
/* Copies it. True when it is the best so far. */
bool herd_add(struct herd *h, const struct genome *g);
const struct genome *herd_pick(struct herd *h, uint64_t *random);
/* Was the last child within capacities before it was mended? The fine follows; call herd_adapt every HERD_RECENT children. */
void herd_note(struct herd *h, bool is_fit);
void herd_adapt(struct herd *h);
/* All go, the best is still known. */
void herd_clear(struct herd *h);

#endif
