/* Reads location-routing files as C. Prodhon lays them out: numbers, with white space between them.
 *
 *	stops n, sites m; m x (x y); n x (x y); capacity of a vehicle; m capacities of sites; n loads;
 *	m costs of opening a site; cost of a round; 0 or 1
 *
 * The last says what a way costs: 0: its length times 100, rounded up to a whole number; 1: its length. A site is named
 * d1, d2, ..., a stop by its rank from 1. A vehicle begins and ends at one site; any number may. */
#ifndef RECIRCUIT_LRP_LRPFILE_H
#define RECIRCUIT_LRP_LRPFILE_H

#include "err.h"
#include "vrp.h"

must_use bool lrpfile_read(
	struct arena *a, const char *data, size_t len, struct vrp *v, struct err *e);

#endif
