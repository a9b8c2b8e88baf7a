/* The best plan that can be put together from the rounds of a pool: the restricted master of rounds, by GLPK.
 *
 *	partition_make(&pool, &best, &options)	true: `best` is now better
 *
 *	min  sum_r c_r y_r + sum_i penalty_i o_i
 *	     sum_{r visits i} y_r + o_i >= 1	stops i; = 1 with windows or trips, where a round without one of its stops may be none
 *	     sum_{r of type t} y_r <= vehicles of t
 *
 * First its linear programme, which takes rounds from the pool as it needs them; then dives among those that the gap to `best` does
 * not rule out: the rounds that the programme wants most are taken, it is solved again, and so on. Where few rounds are left,
 * GLPK's search tree has the last word. A stop that two rounds visit stays where leaving it spares least.
 *
 * Not for problems with rules: what a week asks of several rounds together is in no column. */
#ifndef RECIRCUIT_ROUNDS_PARTITION_H
#define RECIRCUIT_ROUNDS_PARTITION_H

#include "pool.h"

#include <signal.h>

struct partition_options {
	double deadline;                   /* clock_seconds(); infinite: none */
	const volatile sig_atomic_t *stop; /* may be null */
	uint64_t seed;
};

bool partition_make(const struct pool *p, struct rounds *best, const struct partition_options *o);

#endif
