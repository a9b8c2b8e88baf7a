/* A synthetic France for benchmarks: clustered towns, Zipf populations, six flows. docs/model.md
 * gives every figure. Same arguments, same network, on any machine.
 *
 *	struct generate_size size = {.points = 35000, .sites = 500, .years = 1, .seed = 1};
 *	generate_france(a, &size, &network, e) */
#ifndef RECIRCUIT_SOLVER_GENERATE_H
#define RECIRCUIT_SOLVER_GENERATE_H

#include "network.h"

#include <stdint.h>

struct generate_size {
	size_t points, sites, years;
	uint64_t seed;
	bool is_tight; /* capacities bind; otherwise they are a thousand times larger */
};

enum { GENERATE_FLOWS = 6, GENERATE_LEVELS = 3 };

/* ERR_TOO_LARGE when the size is absurd: memory is estimated first. */
must_use bool generate_france(
	struct arena *a, const struct generate_size *size, struct network *net, struct err *e);

#endif
