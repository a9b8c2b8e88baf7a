/* What somebody who reads a table can work out of the cells withheld from it: the least and the most
 * that each can be, by linear programming, given all sums and that nothing is below zero.
 *
 * Attackers: a reader; and each organisation, which knows its own part of every cell, and the whole
 * of a cell where it is alone. */
#ifndef RECIRCUIT_APP_ATTACK_H
#define RECIRCUIT_APP_ATTACK_H

#include "arena.h"
#include "err.h"

#include <stdbool.h>
#include <stddef.h>

/* sum of signs[i] * x[cells[i]] = value, which is known. */
struct attack_sum {
	size_t *cells, count;
	double *signs;
	double value;
};

struct attack {
	size_t cells, organisations;
	double *tonnes;     /* what each is */
	double *own;        /* [cell * organisations + organisation] */
	bool *is_sensitive; /* must stay within SECRECY_WIDTH both ways; the others undetermined */
	struct attack_sum *sums;
	size_t sum_count;
};

/* *found is a cell that somebody brackets too closely; at->cells when there is none. */
must_use bool attack_find(struct arena *a, const struct attack *at, size_t *found, struct err *e);

#endif
