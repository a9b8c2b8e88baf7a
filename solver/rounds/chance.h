/* Pseudo-random numbers: xorshift64* (Vigna 2016). The state must not be zero. */
#ifndef RECIRCUIT_ROUNDS_CHANCE_H
#define RECIRCUIT_ROUNDS_CHANCE_H

#include <stddef.h>
#include <stdint.h>

static inline uint64_t chance_next(uint64_t *state)
{
	uint64_t x = *state;
	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	*state = x;
	return x * 0x2545F4914F6CDD1Du;
}

/* In [0, 1). */
static inline double chance_real(uint64_t *state)
{
	return (double)(chance_next(state) >> 11) * 0x1p-53;
}

/* Below n. */
static inline size_t chance_below(uint64_t *state, size_t n)
{
	return (size_t)(((chance_next(state) >> 32) * (uint64_t)n) >> 32);
}

#endif
