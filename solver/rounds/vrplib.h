/* Reads VRPLIB files: CVRP, VRPTW, heterogeneous fleets, several trips with release times.
 *
 * Distances: VRPTW and multi-trip files are truncated to one decimal, the others rounded to the nearest
 * integer. Hours are the same matrix. Unit distance costs are hundredths, as are fixed costs. */
#ifndef RECIRCUIT_ROUNDS_VRPLIB_H
#define RECIRCUIT_ROUNDS_VRPLIB_H

#include "err.h"
#include "vrp.h"

must_use bool vrplib_read(
	struct arena *a, const char *data, size_t len, struct vrp *v, struct err *e);

#endif
