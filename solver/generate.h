/* A synthetic France for benchmarks: clustered towns, Zipf populations, six flows. Section 9 of
 * docs/model.md gives every figure. Same arguments, same network, on any machine.
 *
 *	generate_france(a, &size, &france);	then france.model, or the places to write a file */
#ifndef RECIRCUIT_SOLVER_GENERATE_H
#define RECIRCUIT_SOLVER_GENERATE_H

#include "model.h"

struct generate_size {
	size_t points, sites, years;
	uint64_t seed;
	bool is_tight; /* capacities bind; otherwise they are a thousand times larger */
};

struct place {
	double lat, lon;
	double people; /* 0 for a site */
};

struct france {
	struct model model;
	const struct place *points, *sites;
};

enum { GENERATE_FLOWS = 6, GENERATE_LEVELS = 3 };

/* ERR_INVALID when the size is absurd: memory is estimated first. */
must_use bool generate_france(
	struct arena *a, const struct generate_size *size, struct france *out, struct err *e);

#endif
