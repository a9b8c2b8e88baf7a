/* The best place for a stop that is absent.
 *
 *	struct spot spot;
 *	if (insertion_find(&s, &ground, stop, &random, &spot)) rounds_insert(&s, stop, &spot);
 *
 * Places beside the nearest stops are looked at first (granular neighbourhood), then rounds and trips of its
 * own; all places only where none of those will do. Now and then a place is overlooked on purpose (a
 * *blink*), which is what keeps a greedy insertion from always making the same mistake.
 * False when the stop fits nowhere, or its penalty is less than the cheapest place. */
#ifndef RECIRCUIT_ROUNDS_INSERTION_H
#define RECIRCUIT_ROUNDS_INSERTION_H

#include "ground.h"
#include "rounds.h"

bool insertion_find(const struct rounds *s, const struct ground *g, uint32_t stop, uint64_t *random,
	struct spot *out);

#endif
