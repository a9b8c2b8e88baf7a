/* What every test in C begins with: cmocka and what it needs, an arena for each test, and the two
 * questions asked of whatever can fail.
 *
 *	static void refuses_an_empty_name(void **state)
 *	{
 *		struct arena *a = *state;
 *		struct err e;
 *		assert_refused(thing_read(a, "", &e), e, ERR_INVALID, "le nom manque");
 *	}
 *	...
 *	WITH_AN_ARENA(refuses_an_empty_name), */
#ifndef RECIRCUIT_TESTS_TEST_H
#define RECIRCUIT_TESTS_TEST_H

#include "arena.h"
#include "err.h"
#include "scratch.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

int test_arena_new(void **state);
int test_arena_free(void **state);

#define WITH_AN_ARENA(f) cmocka_unit_test_setup_teardown(f, test_arena_new, test_arena_free)

/* The text holds the words; says both when it does not. */
#define assert_says(text, words) \
	do { \
		if (!strstr((text), (words))) \
			fail_msg("« %s » is not in: %s", (words), (text)); \
	} while (0)

/* It failed, for this kind of reason, in these words. */
#define assert_refused(ok, e, expected, words) \
	do { \
		(e) = (struct err){0}; \
		if (ok) \
			fail_msg("accepted, « %s » was expected", (words)); \
		assert_says((e).message, (words)); \
		assert_int_equal((e).kind, (expected)); \
	} while (0)

/* Within `by`; cmocka's own compares floats. */
#define assert_near(found, expected, by) \
	do { \
		double near_ = (found), to_ = (expected); \
		if (!(fabs(near_ - to_) <= (by))) \
			fail_msg("%.12g is not %.12g", near_, to_); \
	} while (0)

/* Relative, for sums of money. */
#define assert_close(found, expected) \
	do { \
		double found_ = (found), expected_ = (expected); \
		if (!(fabs(found_ - expected_) <= 1e-9 * (1 + fabs(expected_)))) \
			fail_msg("%.12g is not %.12g", found_, expected_); \
	} while (0)

/* Seeded random numbers: the same everywhere. [0, 1) */
double test_draw(uint64_t *seed);

/* 0 to count - 1. */
size_t test_pick(uint64_t *seed, size_t count);

#endif
