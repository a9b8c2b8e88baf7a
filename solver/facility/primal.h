/* Plans for a facility problem, from what the relaxation suggests.
 *
 *	primal_init(&p, a, f, gap);			one per thread
 *	primal_start(&p, cost);				other work begins; plans must beat `cost`
 *	primal_try(&p, is_open, kicks);			prices a set
 *	primal_harvest(&p, &dual);			prices what the last ascent suggests
 *	primal_improve(&p, trials);			looks around the best set
 *	while (primal_insist(&p)) ...			single sources: on one set after another
 *
 * A set of open sites is priced by the exact transport. With single sources that cost is a bound
 * for the set, and only a set that it does not rule out is assigned (assign.h). Sets priced lately
 * are not priced again. */
#ifndef RECIRCUIT_SOLVER_PRIMAL_H
#define RECIRCUIT_SOLVER_PRIMAL_H

#include "assign.h"
#include "dual.h"
#include "local.h"

enum { PRIMAL_SEEN = 1024 /* a power of two */, PRIMAL_POOL = 24 };

/* A set that was assigned, with the cost found so far. */
struct candidate {
	double cost;
	bool *is_open;
	bool is_insisted;
};

struct best {
	double cost; /* infinite: none */
	bool *is_open;
	uint32_t *to; /* [point] single sources only */
};

struct primal {
	const struct facility *f;
	double gap; /* relative: what counts as no gap at all */
	struct local local;
	struct assign assign;
	struct best best;
	int kicks;       /* of the sets that are harvested */
	bool *trial;     /* [site] */
	bool *around;    /* [site] */
	uint32_t *order; /* [site] */
	uint64_t seen[PRIMAL_SEEN];
	struct candidate pool[PRIMAL_POOL]; /* single sources: the best sets, by rising cost */
	size_t pool_count;
};

void primal_init(struct primal *p, struct arena *a, const struct facility *f, double gap);
void primal_start(struct primal *p, double cost);

/* What a bound must reach to rule out anything better than `cost`. */
double primal_cutoff(const struct facility *f, double gap, double cost);

/* Prices a set unless it was priced lately, or once more; `kicks` (assign.h) are for single
 * sources. */
void primal_try(struct primal *p, const bool *is_open, int kicks);
void primal_retry(struct primal *p, const bool *is_open, int kicks);

/* Remembers a set among the best. */
void primal_add(struct primal *p, double cost, const bool *is_open);

void primal_harvest(struct primal *p, const struct dual *d);
void primal_improve(struct primal *p, int64_t trials);

/* Single sources: a longer search for an assignment of the best set that had none yet. False: all
 * had. */
bool primal_insist(struct primal *p);

/* A set, and who serves whom with single sources (in p->assign.to), known to be a plan. */
void primal_take(struct primal *p, double cost, const bool *is_open);

void best_init(struct best *b, struct arena *a, const struct facility *f);
void best_copy(struct best *to, const struct best *from, const struct facility *f);

#endif
