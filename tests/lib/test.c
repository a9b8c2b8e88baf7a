#include "test.h"

int test_arena_new(void **state)
{
	*state = arena_new();
	return 0;
}

int test_arena_free(void **state)
{
	arena_free(*state);
	return 0;
}

/* Marsaglia's xorshift64. */
double test_draw(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return (double)(*seed >> 11) / 9007199254740992.0;
}

size_t test_pick(uint64_t *seed, size_t count)
{
	return (size_t)(test_draw(seed) * (double)count);
}
