/* Sets of sites that could be open together, the likelier first.
 *
 *	struct site_set *list = sets_make(a, &vrp, most, &count);
 *
 * All that have room for everything, where there are not too many; else those that a local search from the cheapest sites
 * meets (a site more, less, or another). They come by an estimate: opening costs, vehicles that the load fills, and for
 * each stop its share of the way to its site and the way to its nearest stops; stops that lose most by going elsewhere choose
 * first. */
#ifndef RECIRCUIT_LRP_SETS_H
#define RECIRCUIT_LRP_SETS_H

#include "vrp.h"

struct site_set {
	bool *is_open; /* [site] */
	double estimate;
};

struct site_set *sets_make(struct arena *a, const struct vrp *v, size_t most, size_t *count);

#endif
