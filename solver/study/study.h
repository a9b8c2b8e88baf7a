/* What a network's file asks beyond one plan, and its answers: tipping points, tornado, frontiers,
 * draws, coalitions. FORMAT.md describes the `study` member and the answer.
 *
 *	struct study s;
 *	if (!study_read(a, bytes, n, &net, &s, e) ||
 *		!study_run(a, &s, threads, seed, stop, &ear, e)) ...
 *	study_write(a, &j, &s, sha256) */
#ifndef RECIRCUIT_SOLVER_STUDY_H
#define RECIRCUIT_SOLVER_STUDY_H

#include "coalition.h"
#include "draws.h"
#include "gamefile.h"
#include "jout.h"
#include "partners.h"
#include "tipping.h"

enum { STUDY_FRONTIERS_MAX = 6, STUDY_FRONTIER_STEPS = 7 };

/* What is known of one driver, and what is asked of it. */
struct subject {
	struct range range;
	double least, most;
	bool wants_tipping, wants_tornado;
	struct tipping tipping;
	struct trial low, high;
};

/* At a value of one driver, where another makes the answer flip. */
struct frontier {
	size_t across, along; /* subjects */
	double at[STUDY_FRONTIER_STEPS];
	struct tipping tipping[STUDY_FRONTIER_STEPS];
};

struct study {
	const struct network *net;
	double gap, time_limit_s; /* of each search */
	struct subject subject[DRIVERS_MAX];
	size_t subjects;
	struct frontier frontier[STUDY_FRONTIERS_MAX];
	size_t frontiers;
	size_t draw_count;
	uint64_t draw_seed;
	size_t player[COALITION_PLAYERS_MAX]; /* regions */
	size_t players;                       /* 0: no sharing is asked for */
	double second_look; /* times time_limit_s, for groups that leave stability open; 0: none */

	struct outcome here;
	struct draws draws;
	struct coalitions coalitions;
	struct gamefile game; /* the coalitions' costs, bounds and tonnes */
	struct sharing sharing;
	struct partners partners;
	double seconds;
};

/* Who follows: a French noun phrase, and how far it is. May be null. */
struct ear {
	void (*tell)(void *context, const char *stage, size_t done, size_t total, double seconds);
	void *context;
};

/* A network without a `study` member is an error. */
must_use bool study_read(struct arena *a, const char *bytes, size_t n, const struct network *net,
	struct study *s, struct err *e);

must_use bool study_run(struct arena *a, struct study *s, size_t threads, uint64_t seed,
	const volatile sig_atomic_t *stop, const struct ear *ear, struct err *e);

void study_write(struct arena *a, struct jout *j, const struct study *s, const char *sha256);

#endif
