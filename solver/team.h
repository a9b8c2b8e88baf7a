/* Several threads on one list of independent jobs.
 *
 *	team_run(threads, jobs, work, context);		work(context, job, thread) for each job
 *
 * Jobs are handed out one by one, so they need not be equal; results must not depend on which
 * thread does which. `thread` is below `threads`, for scratch memory. */
#ifndef RECIRCUIT_SOLVER_TEAM_H
#define RECIRCUIT_SOLVER_TEAM_H

#include <stddef.h>

void team_run(size_t threads, size_t jobs, void (*work)(void *context, size_t job, size_t thread),
	void *context);

#endif
