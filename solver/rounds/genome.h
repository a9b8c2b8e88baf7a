/* A plan for an endless fleet, as breeding sees it: rounds one after another, loads allowed to exceed the capacity.
 *
 *	struct genome g;
 *	genome_init(&g, a, &vrp);
 *	genome_cross(&child, &mother, &father, scratch, &random);	a giant tour
 *	genome_split(&child, &vrp, &fleet, fine, scratch);		parted into rounds
 *
 * Place 0 is the depot; stops are the places from 1. Vehicles are the cheapest for each round at the fine of the time when it was made. */
#ifndef RECIRCUIT_ROUNDS_GENOME_H
#define RECIRCUIT_ROUNDS_GENOME_H

#include "fleet.h"
#include "pool.h"

struct genome {
	uint32_t *giant; /* [stop] all stops, round after round */
	uint32_t *first; /* [round], and one more: where its part of the giant tour begins */
	uint32_t rounds;
	uint32_t *prev, *next; /* [place], 0 at the ends of rounds */
	double cost,
		excess; /* of all rounds: EUR without fines; load above the vehicles' capacities */
};

void genome_init(struct genome *g, struct arena *a, const struct vrp *v);
void genome_take(struct genome *g, const struct rounds *from, const struct fleet *f);
/* `to` becomes this plan; every stop is one of its own. */
void genome_give(const struct genome *g, const struct fleet *f, struct rounds *to);
/* Its rounds join the pool; all must be within the capacity. */
void genome_pool(
	const struct genome *g, const struct vrp *v, const struct fleet *f, struct pool *p);
void genome_copy(struct genome *to, const struct genome *from, const struct vrp *v);

/* What else follows from giant, first and rounds. */
void genome_settle(struct genome *g, const struct vrp *v, const struct fleet *f, double fine);

/* Share of stops with another neighbour (broken pairs, Prins 2009). */
double genome_distance(const struct genome *a, const struct genome *b, const struct vrp *v);

/* Ordered crossover (Oliver, Smith, Holland 1987): a part of the mother's giant tour, the others in the order of the
 * father's. `is_taken` [place] is scratch. */
void genome_cross(struct genome *child, const struct genome *mother, const struct genome *father,
	bool *is_taken, const struct vrp *v, uint64_t *random);

/* The best parting of the giant tour into rounds, up to 1.5 times the largest capacity, at `fine` EUR a unit above it (Prins 2004).
 * `scratch` has room for two numbers a place. */
void genome_split(
	struct genome *g, const struct vrp *v, const struct fleet *f, double fine, double *scratch);

#endif
