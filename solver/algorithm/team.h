/* Several threads on one list of independent jobs.
 *
 *	team_run(threads, jobs, work, context);		work(context, job, thread) for each job
 *
 * Jobs are handed out one by one, so they need not be equal; results must not depend on which
 * thread does which. `thread` is below `threads`, for scratch memory. */
#ifndef RECIRCUIT_SOLVER_TEAM_H
#define RECIRCUIT_SOLVER_TEAM_H

#include "arena.h"
#include "err.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

void team_run(size_t threads, size_t jobs, void (*work)(void *context, size_t job, size_t thread),
	void *context);

/* An arena for each thread; they end with `a`. */
struct arena **team_arenas(struct arena *a, size_t threads);

/* How far the jobs are, and the first that failed. `told` hears of each, one at a time; may be null. */
struct tally {
	size_t total, done;
	atomic_bool has_failed; /* what is left need not be done */
	struct err *e;
	void (*told)(void *context, size_t done, size_t total);
	void *context;
	pthread_mutex_t mutex;
};

/* A job is over. */
void tally_add(struct tally *t, bool ok, const struct err *why);

#endif
