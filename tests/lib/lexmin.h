/* Lexicographic minima, plainly: minimise the largest of the functions a_k x - b_k, then the next one, and so on, where x sums
 * to the total and some rows are at most zero. A function is settled when another programme finds that it cannot be
 * lower while the rest is at the level reached: no duals, no ranks, no rows left out. Slow on purpose. */
#ifndef RECIRCUIT_TESTS_LEXMIN_H
#define RECIRCUIT_TESTS_LEXMIN_H

#include <stdbool.h>
#include <stddef.h>

enum { LEXMIN_UNKNOWNS_MAX = 15, LEXMIN_ROWS_MAX = 1 << 8 };

/* Zeroed, then filled; solving settles the rows. */
struct lexmin {
	size_t unknowns, count;
	double total;
	struct {
		double factor[LEXMIN_UNKNOWNS_MAX], constant, settled_at;
		bool is_hard, is_settled; /* hard: at most zero, and nothing more */
	} row[LEXMIN_ROWS_MAX];
};

/* x in share; returns the first level. Levels closer than the tolerance are one. */
double lexmin_solve(struct lexmin *f, double tolerance, double *share);

#endif
