/* Every round with which a plan could cost less than the best known: elementary, and of reduced cost below the gap (Baldacci,
 * Christofides, Mingozzi 2008).
 *
 *	struct census_ask ask = {.labels = as for pricing, with below = gap, .ends = ends};
 *	census_take(a, &ask, &list, &count);
 *
 * Ways from the depot grow by one stop at a time. Of two through the same stops to the same end the dearer goes, by what it really costs:
 * no best plan needs it. A way goes too when the least that ending its round takes (labels_ends) brings it above the gap. Of
 * rounds through the same stops the cheapest is kept. */
#ifndef RECIRCUIT_ROUNDS_CENSUS_H
#define RECIRCUIT_ROUNDS_CENSUS_H

#include "labels.h"

struct census_ask {
	const struct labels_ask *labels;
	const double *ends; /* [place][LABELS_BUCKETS] of labels_ends; null: not known */
};

/* False when labels->room or labels->most were too few, or the time. */
bool census_take(
	struct arena *a, const struct census_ask *ask, struct column **list, size_t *count);

#endif
