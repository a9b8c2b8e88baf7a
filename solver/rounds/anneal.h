/* Ruin and recreate under simulated annealing: one chain on one set of rounds.
 *
 *	anneal_run(&chain, iterations, heat);	temperature, EUR
 *
 * `s` moves, `best` is the best it was. The absent stops come back one by one, in an order drawn by lot
 * (by chance, load, distance from the depot, hour).
 *
 * A stop that must be visited but fits nowhere counts how often it was left out; rounds that leave out others
 * which were left out less are taken, whatever they cost. So a tight fleet is packed (SISR does the same to save
 * vehicles). */
#ifndef RECIRCUIT_ROUNDS_ANNEAL_H
#define RECIRCUIT_ROUNDS_ANNEAL_H

#include "ground.h"
#include "pool.h"
#include "ruin.h"

#include <signal.h>

struct anneal {
	struct rounds s, best;
	struct ruin ruin;
	const struct ground *ground;
	uint64_t random;
	int64_t iterations;                /* so far */
	uint32_t *left_out;                /* [place] so often */
	double deadline;                   /* clock_seconds(); infinite: none */
	const volatile sig_atomic_t *stop; /* may be null */
	struct pool *pool;                 /* takes rounds of good plans; may be null */
};

void anneal_run(struct anneal *x, int64_t iterations, double heat);

#endif
