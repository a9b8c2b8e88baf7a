/* A synthetic week of collection, to measure: déchèteries of a region the size and shape of Centre-Val de Loire, three hubs, six
 * flows of electrical waste, a fleet that is enough. Invented, and the same for a seed everywhere. */
#ifndef RECIRCUIT_ROUNDS_WEEK_H
#define RECIRCUIT_ROUNDS_WEEK_H

#include "jout.h"

#include <stdint.h>

/* The question (solver/FORMAT.md). */
void week_generate(struct arena *a, struct jout *j, size_t points, uint64_t seed);

#endif
