/* The planner's guide: each number that a reader can redo on paper must stand there as the code works it out. */
#ifndef RECIRCUIT_TESTS_GUIDE_H
#define RECIRCUIT_TESTS_GUIDE_H

#include "arena.h"

/* The guide with all its blanks plain: it breaks lines where it likes, and thousands are apart. */
const char *guide_text(struct arena *a);

/* The number as the guide writes it, between two words that are there once. */
void assert_written(
	struct arena *a, const char *before, double value, int decimals, const char *after);

#endif
