/* Whether rounds keep every rule, and what they cost: worked out from the problem alone, by none of the code that
 * finds rounds (rounds.h, insertion.h, labels.h).
 *
 *	struct ruling ruling;
 *	judge_rounds(a, &vrp, tours, count, &ruling, e);
 *
 * A vehicle leaves each depot as soon as it may: at its opening, when unloaded and once all stops of the trip are
 * released. It waits where it comes early. */
#ifndef RECIRCUIT_ROUNDS_JUDGE_H
#define RECIRCUIT_ROUNDS_JUDGE_H

#include "err.h"
#include "vrp.h"

/* One vehicle's day: what it visits in order, unloadings (a depot) in between. */
struct tour {
	uint32_t type, length;
	const uint32_t *visit; /* [length] places */
};

struct sums {
	double km, fixed_cost, km_cost; /* EUR */
	double leave, back;             /* hours */
	double load[VRP_DIMS_MAX];      /* of all trips */
	uint32_t trips;
};

struct ruling {
	struct sums *of;    /* [tour] */
	uint32_t *unserved; /* stops without a round */
	size_t unserved_count;
	bool is_complete;                      /* every stop that must be visited is */
	double fixed_cost, km_cost, penalties; /* EUR; those of stops that may be left out */
	double site_cost;  /* EUR, of depots that have a round; 0 without sites */
	double *site_load; /* [depot]; null without sites */
	bool *is_open;     /* [depot] a round begins here; null without sites */
	double cost;
};

/* False: a rule is broken; the message names tour (from 1), place and rule. */
must_use bool judge_rounds(struct arena *a, const struct vrp *v, const struct tour *tours,
	size_t count, struct ruling *out, struct err *e);

/* Why a stop is in no round, for people, and a word for programs. */
struct reason {
	const char *word; /* capacity, skill, window, price, fleet */
	const char *text;
};
struct reason judge_absence(struct arena *a, const struct vrp *v, uint32_t stop);

#endif
