/* Takes strings of neighbouring stops out of neighbouring rounds (SISR: Christiaens, Vanden Berghe 2020).
 *
 *	ruin(&s, &r, &random);
 */
#ifndef RECIRCUIT_ROUNDS_RUIN_H
#define RECIRCUIT_ROUNDS_RUIN_H

#include "rounds.h"

struct ruin {
	const uint32_t *near; /* [stop][near_count], nearest first */
	size_t near_count;
	const uint32_t *seeds; /* stops to begin at: this set's own */
	size_t seed_count;
	double mean;    /* stops taken out, on average */
	double longest; /* string, stops */
};

void ruin(struct rounds *s, const struct ruin *r, uint64_t *random);

#endif
