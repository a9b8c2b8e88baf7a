/* Rounds of good layouts, each set of stops once from each site, in its cheapest order.
 *
 *	pool_init(&p, a, &vrp);
 *	pool_keep(&p, &layout);		all rounds of it
 *	pool_join(&p, &other);
 *
 * One thread at a time. A set is known by a sum of random numbers: two that clash cost a round of the pool, nothing else. */
#ifndef RECIRCUIT_LRP_POOL_H
#define RECIRCUIT_LRP_POOL_H

#include "layout.h"

struct pooled {
	uint64_t key;
	double cost, load; /* EUR, with the vehicle, without the site */
	uint16_t site, size;
	uint16_t *visit;
};

struct pool {
	struct arena *a;
	const struct vrp *v;
	struct pooled *list;
	size_t count;
	uint32_t *slot; /* of a hash table: rank in `list`, from 1 */
};

void pool_init(struct pool *p, struct arena *a, const struct vrp *v);
void pool_keep(struct pool *p, const struct layout *x);
void pool_join(struct pool *p, const struct pool *from);

#endif
