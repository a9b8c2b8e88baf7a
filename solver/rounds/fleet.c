#include "fleet.h"

void fleet_init(struct fleet *f, struct arena *a, const struct vrp *v)
{
	struct fleet_type *type = arena_array(a, struct fleet_type, v->types);
	*f = (struct fleet){.type = type, .types = v->types, .least_per_km = INFINITY};
	for (size_t t = 0; t < v->types; t++) {
		const struct vehicle *b = &v->vehicles[t];
		type[t] = (struct fleet_type){b->fixed, b->per_km, b->capacity[0]};
		f->least_per_km = vrp_sooner(f->least_per_km, b->per_km);
		f->most_per_km = vrp_later(f->most_per_km, b->per_km);
		f->capacity = vrp_later(f->capacity, b->capacity[0]);
	}
	f->nothing = 1e-9 * f->capacity;
}

struct fleet_choice fleet_choose(const struct fleet *f, double fine, double km, double load)
{
	uint32_t best = 0;
	double least = INFINITY;
	for (uint32_t t = 0; t < f->types; t++) {
		double cost = fleet_cost_of(&f->type[t], fine, km, load);
		if (cost < least) {
			least = cost;
			best = t;
		}
	}
	const struct fleet_type *b = &f->type[best];
	return (struct fleet_choice){
		best, b->fixed + b->per_km * km, vrp_later(0, load - b->capacity)};
}
