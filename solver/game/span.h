/* The space that some coalitions span, as rows of zeros and ones; without rounding.
 *
 *	span_init(&s, players);
 *	if (span_add(&s, members)) ...		it was not in it: the rank has risen
 *	span_mark(&s, is_in);			all 2^n coalitions at once
 *
 * Arithmetic is modulo the prime 2^31 - 1. A determinant of zeros and ones of order 15 is at most
 * 16^8 / 2^15 = 2^17 (Hadamard), so it is zero modulo the prime only when it is zero: ranks are exact. */
#ifndef RECIRCUIT_SOLVER_SPAN_H
#define RECIRCUIT_SOLVER_SPAN_H

#include "game.h"

struct span {
	size_t players, rank;
	size_t pivot[GAME_PLAYERS_MAX];                  /* [row] the column of its one */
	int64_t row[GAME_PLAYERS_MAX][GAME_PLAYERS_MAX]; /* reduced: zero in the others' pivots */
};

void span_init(struct span *s, size_t players);

/* False when the coalition was in the span already. */
bool span_add(struct span *s, coalition members);

void span_mark(const struct span *s, bool *is_in);

#endif
