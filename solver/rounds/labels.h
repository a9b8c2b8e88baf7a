/* The rounds of least reduced cost, by labels (ng-routes: Baldacci, Mingozzi, Roberti 2011).
 *
 *	struct labels_ask ask = {.v = &vrp, .type = t, .arc = reduced, .memory = ng, .most = 50};
 *	double least = labels_price(a, &ask, found, &count);
 *
 * A label is a way from the depot to a stop: its reduced cost, loads, the hour it is ready, and the stops that
 * it must not visit again. It forgets a stop on leaving for one in whose neighbourhood that stop is not; so
 * it may come back much later. One label rules out another that ends at the same stop, costs no less, is no
 * lighter nor earlier and remembers no more, after what the other has already paid of subset inequalities. All rounds that keep the rules are among those priced, so the
 * least reduced cost found is a true lower bound on theirs; with `is_quick` (memories are not compared)
 * it is not, but much is found in little time.
 *
 * Where all ways cost the same in both directions and there are no hours, labels are extended up to half the
 * capacity only, and rounds are put together of two of them.
 *
 * One trip a round: vehicles that unload on the way are not priced here. */
#ifndef RECIRCUIT_ROUNDS_LABELS_H
#define RECIRCUIT_ROUNDS_LABELS_H

#include "vrp.h"

#include <signal.h>

enum { LABELS_WORDS = 4, LABELS_STOPS = 64 * LABELS_WORDS, LABELS_DIMS = 2 };

/* A set of stops, by their number from 0. */
struct stops {
	uint64_t word[LABELS_WORDS];
};

struct column {
	double cost, reduced; /* EUR */
	uint32_t type, length;
	uint32_t *visit;  /* [length] stops */
	struct stops set; /* of them */
	bool is_simple;   /* no stop twice, and the set is known */
};

/* What an inequality on three stops costs each two visits of a round (subset.h). */
struct subset {
	struct stops members, memory;
	double penalty; /* EUR */
};

enum { LABELS_SUBSETS = 128 };

/* Lists of labels are by so many parts of the capacity. */
enum { LABELS_BUCKETS = 64 };

struct labels_ask {
	const struct vrp *v;
	uint32_t type;
	const double *arc;          /* [from][to] reduced cost of the way, with the vehicle's own */
	const struct stops *memory; /* [stop] who is remembered there */
	const struct subset *subset;
	size_t subsets; /* up to LABELS_SUBSETS */
	size_t most;    /* columns wanted */
	double below;   /* reduced cost of a column that is wanted */
	size_t room;    /* labels, at most */
	bool is_quick;
	bool is_symmetric;
	double deadline;                   /* clock_seconds() */
	const volatile sig_atomic_t *stop; /* may be null */
};

/* least[place][bucket]: for a symmetric problem without hours, the least reduced cost of what may follow at a place, up to the depot, with room for
 * a load in this part of the capacity. False when `room` or the time was too small. */
bool labels_ends(struct arena *a, const struct labels_ask *ask, double *least);
size_t labels_bucket(const struct vrp *v, uint32_t type, double load);

/* The least reduced cost; minus infinity when `room` or the time was too small to know it. The columns are the arena's. */
double labels_price(
	struct arena *a, const struct labels_ask *ask, struct column *out, size_t *count);

#endif
