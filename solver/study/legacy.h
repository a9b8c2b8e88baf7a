/* The multipliers of a network, for some of its regions by themselves.
 *
 *	struct legacy l;
 *	legacy_init(&l, a, &net, &certificate);		once
 *	struct certificate c = legacy_for(&l, a, is_in);	of coalition_network(a, &net, is_in)
 *
 * Tonnes keep what they are worth, lines their rent (heir.h), although there are fewer of them. Discs around sites
 * that are not there any more end up in the prices of the points in them. What that proves is proved anew. */
#ifndef RECIRCUIT_SOLVER_LEGACY_H
#define RECIRCUIT_SOLVER_LEGACY_H

#include "bound.h"
#include "network.h"

struct legacy {
	const struct network *net;
	const struct certificate
		*certificate; /* null: there is none, or none that can be passed on */
	struct model model;
};

void legacy_init(struct legacy *l, struct arena *a, const struct network *net,
	const struct certificate *certificate);

struct certificate legacy_for(const struct legacy *l, struct arena *a, const bool *is_in);

#endif
