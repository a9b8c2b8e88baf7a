/* Local search on rounds of an endless fleet without hours (fleet.h), loads above the capacity at a fine.
 *
 *	struct polish d;
 *	polish_init(&d, a, &vrp, &fleet, granular);
 *	polish_run(&d, &genome, fine, &random);	the genome is as good as moves make it
 *
 * Moves, each of a stop U and one V near it (X after U, Y after V): U, or U and X either way round, goes after V;
 * U, or U and X, change places with V, or V and Y; ways of one round are reversed, of two exchange their ends (2-opt and 2-opt*).
 * Then SWAP* (exchange.h). The first move that gains is made. Stops whose rounds did not change since they were
 * last looked at are passed over. */
#ifndef RECIRCUIT_ROUNDS_POLISH_H
#define RECIRCUIT_ROUNDS_POLISH_H

#include "genome.h"
#include "nearest.h"

/* The three best places for a stop in a round. */
struct places3 {
	int64_t when; /* move */
	double more[3];
	uint32_t after[3]; /* nodes */
};

/* Nodes are the places from 1, then where each round leaves, then where each comes back: so every node has one before it and
 * one after it, except at these ends. */
struct polish {
	const struct vrp *v;
	size_t stops, rounds, rounds_max;
	const uint32_t *near; /* [stop - 1][granular] */
	size_t granular;
	const struct fleet *fleet;
	double fine;
	const float *km; /* [place][place], the same both ways; what moves are weighed by */

	uint32_t *place;                  /* [node] */
	uint32_t *prev, *next, *of, *pos; /* [node] of: round */
	double *weight;                   /* [node] its load */
	double *upto, *way;               /* [node] load and km of the round up to it */
	double *load, *km_of;             /* [round] */
	double *cost;                     /* [round] EUR with its fine */
	double *spare;              /* [round] km that it may be longer by and yet cost less, at most */
	uint32_t *length;           /* [round] */
	double *turn;               /* [round] direction of its middle */
	uint32_t *from, *to;        /* [round] sector, in 65536ths of a turn */
	int64_t *changed, *swapped; /* [round] move */
	int64_t *looked;            /* [stop] move */
	int64_t moves;
	double gained, gain; /* EUR, by all moves of a run; by the one that was tried last */
	uint32_t *angle;     /* [place] */

	struct places3 *best3; /* [round][place] */
	double *saved;         /* [place] by its going */
	uint32_t *order, *round_order;
	struct nearest *by_turn;
};

void polish_init(struct polish *d, struct arena *a, const struct vrp *v, const struct fleet *f,
	size_t granular);
void polish_run(struct polish *d, struct genome *g, double fine, uint64_t *random);

/* What moves and exchanges are made of. */

#define POLISH_LEAST_GAIN 1e-6 /* sums of doubles differ by less */
enum { POLISH_TURN = 65536 };

/* Round r anew, from its links. */
void polish_settle(struct polish *d, uint32_t r);

static inline uint32_t polish_leave(const struct polish *d, size_t round)
{
	return (uint32_t)(d->stops + 1 + round);
}

static inline uint32_t polish_back(const struct polish *d, size_t round)
{
	return (uint32_t)(d->stops + 1 + d->rounds_max + round);
}

static inline bool polish_is_end(const struct polish *d, uint32_t node)
{
	return node > d->stops;
}

static inline double polish_km(const struct polish *d, uint32_t from, uint32_t to)
{
	return (double)d->km[d->place[from] * (d->stops + 1) + d->place[to]];
}

/* Of round r, so much longer and with so much more load, above what it costs. */
static inline double polish_more(const struct polish *d, uint32_t r, double km, double load)
{
	return fleet_cost(d->fleet, d->fine, d->km_of[r] + km, d->load[r] + load) - d->cost[r];
}

static inline void polish_join(struct polish *d, uint32_t a, uint32_t b)
{
	d->next[a] = b;
	d->prev[b] = a;
}

static inline void polish_take_out(struct polish *d, uint32_t u)
{
	polish_join(d, d->prev[u], d->next[u]);
}

static inline void polish_put_after(struct polish *d, uint32_t u, uint32_t v)
{
	uint32_t y = d->next[v];
	polish_join(d, v, u);
	polish_join(d, u, y);
}

static inline uint32_t polish_turned(uint32_t from, uint32_t to)
{
	return (to - from) % POLISH_TURN;
}

#endif
