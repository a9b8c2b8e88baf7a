/* From economics to numbers: builds the model of a network. */
#ifndef RECIRCUIT_SOLVER_ECONOMY_H
#define RECIRCUIT_SOLVER_ECONOMY_H

#include "model.h"
#include "network.h"

void economy_model(struct arena *a, const struct network *net, struct model *m);

/* What buying an asset at the start of year t (0-based) and keeping it to the end of the horizon
 * costs per EUR of its price, in EUR of year t: the price, its renewals every `life` years, less
 * the straight-line residual value at the horizon's end. */
double economy_asset_cost(
	double life_years, double resale_share, double discount_rate, size_t year, size_t years);

/* EUR of a trip, out and back with the network's haulage; one way is `km` long and takes `hours`. `flow` may be null: no
 * haul bands. */
double economy_trip_eur(
	const struct network *net, const struct flow *flow, double km, double hours);

/* EUR per tonne at the door of a new line of this flow, haulage apart. */
double economy_variable_eur_t(const struct flow *f);

#endif
