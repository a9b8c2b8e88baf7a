/* What a round costs with the cheapest vehicle of an endless fleet, loads above its capacity at a fine.
 *
 *	struct fleet f;
 *	fleet_init(&f, a, &vrp);
 *	double eur = fleet_cost(&f, fine, km, load);	of one round; nothing for none
 *
 *	min over types t of  fixed_t + per_km_t km + fine max(0, load - capacity_t)
 *
 * One depot, one dimension of load. EUR; the fine is EUR a unit of load. */
#ifndef RECIRCUIT_ROUNDS_FLEET_H
#define RECIRCUIT_ROUNDS_FLEET_H

#include "vrp.h"

/* A vehicle as it is looked at millions of times. */
struct fleet_type {
	double fixed, per_km, capacity;
};

struct fleet {
	const struct fleet_type *type; /* [type] */
	size_t types;
	double least_per_km, most_per_km, capacity; /* capacity: of the largest */
	double nothing;                             /* less load is none */
};

struct fleet_choice {
	uint32_t type;
	double cost, excess; /* EUR, without the fine; load above its capacity */
};

void fleet_init(struct fleet *f, struct arena *a, const struct vrp *v);

/* Which vehicle that is, for a round of some stops. */
struct fleet_choice fleet_choose(const struct fleet *f, double fine, double km, double load);

static inline double fleet_cost_of(const struct fleet_type *b, double fine, double km, double load)
{
	double cost = b->fixed + b->per_km * km;
	return load > b->capacity ? cost + fine * (load - b->capacity) : cost;
}

static inline double fleet_cost(const struct fleet *f, double fine, double km, double load)
{
	if (load < f->nothing && km < 1e-9)
		return 0;
	double least = fleet_cost_of(f->type, fine, km, load);
	for (size_t t = 1; t < f->types; t++)
		least = vrp_sooner(least, fleet_cost_of(&f->type[t], fine, km, load));
	return least;
}

#endif
