/* Rounds of good plans, each set of stops once for each type of vehicle, in its cheapest order.
 *
 *	pool_init(&p, a, &vrp, room);
 *	pool_add(&p, &round);
 *	pool_take(&p, &round);		of a plan, settled
 *	pool_join(&p, &other);
 *
 * One thread at a time. A full pool takes nothing new. A set is known by a sum of random numbers: two that clash cost a round of the pool,
 * nothing else. */
#ifndef RECIRCUIT_ROUNDS_POOL_H
#define RECIRCUIT_ROUNDS_POOL_H

#include "rounds.h"

struct pooled {
	uint64_t key;      /* pool_add sets it */
	double cost, load; /* EUR, with the vehicle; of the first dimension */
	uint16_t type, size;
	uint16_t *visit; /* [size] places, unloadings in between */
};

struct pool {
	struct arena *a;
	const struct vrp *v;
	struct pooled *list;
	size_t count, room;
	uint32_t *slot; /* of a hash table: rank in `list`, from 1 */
	size_t slots;
};

void pool_init(struct pool *p, struct arena *a, const struct vrp *v, size_t room);
void pool_add(struct pool *p, const struct pooled *r);
void pool_take(struct pool *p, const struct round *r);
void pool_join(struct pool *p, const struct pool *from);

#endif
