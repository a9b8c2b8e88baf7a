/* Hybrid genetic search for an endless fleet without hours (Vidal et al. 2014, Vidal 2022): two plans of a herd are crossed, the child is parted into
 * rounds (genome_split), improved (polish.h), and joins the herd.
 *
 *	if (breeding_can(&vrp)) {
 *		struct breeding b;
 *		breeding_init(&b, a, &vrp, threads, seed);
 *		breeding_meet(&b, &genome);		a plan from elsewhere
 *		breeding_run(&b, births);		b.herd.best
 *	}
 *
 * Children of one litter have parents of the herd as it was before and grow up side by side, one on each thread; they join it
 * in order, so that the result does not depend on how many threads there are.
 *
 * Stronger than one chain of ruin and recreate on some hundred stops; on more it takes too long to breed. */
#ifndef RECIRCUIT_ROUNDS_BREEDING_H
#define RECIRCUIT_ROUNDS_BREEDING_H

#include "herd.h"
#include "polish.h"

#include <signal.h>

enum { BREEDING_LITTER = 16 };

struct birth {
	struct genome child, mended; /* mended: the child within capacities */
	bool is_grown, is_mended;
	uint64_t random;
};

struct breeding {
	const struct vrp *v;
	struct fleet fleet;
	struct herd herd;
	struct birth litter[BREEDING_LITTER];
	struct polish *polish; /* [thread] */
	double **scratch;      /* [thread] */
	size_t threads;
	bool *is_taken;
	uint64_t random;
	int64_t births, founders, idle;    /* idle: since the best was found */
	double deadline;                   /* clock_seconds(); infinite: none */
	const volatile sig_atomic_t *stop; /* may be null */
};

/* One depot, types without end, one load, the same way back, no hours, skills, trips or stops left out. */
bool breeding_can(const struct vrp *v);

void breeding_init(
	struct breeding *b, struct arena *a, const struct vrp *v, size_t threads, uint64_t seed);
void breeding_meet(struct breeding *b, const struct genome *g);
/* So many, in whole litters. */
void breeding_run(struct breeding *b, int64_t births);

#endif
