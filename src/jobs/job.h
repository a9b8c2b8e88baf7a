/* One run under way, in the hands of the worker that claimed it: its question, the solver at work, its answer as rows.
 *
 *	job = arena_one(a, struct job); ...			what the claim says
 *	enum outcome outcome = job_do(job, &why);		a folder, the question, kind->solve, kind->store
 *
 * What differs between plans, studies and rounds is in kind.h, which has the solver run with job_solve. Meanwhile what
 * the solver says of its progress becomes rows and the lease is renewed every second. */
#ifndef RECIRCUIT_JOBS_JOB_H
#define RECIRCUIT_JOBS_JOB_H

#include "due.h"
#include "instance.h"
#include "worker.h"

/* The lease covers a worker that hangs; one that dies is known at once by its lock. */
enum { JOB_LEASE_S = 60, JOB_ANSWER_LIMIT = 1 << 30, JOB_SHAPES = 3 };

/* How a run ended for us. */
enum outcome { OUTCOME_DONE, OUTCOME_FAILED, OUTCOME_CANCELLED, OUTCOME_LOST, OUTCOME_STOPPED };

struct job {
	struct arena *arena;
	struct db *db;
	const struct worker_options *options;
	const char *id, *attempt, *frozen, *seed;
	const struct kind *kind;
	const char *folder, *network, *answer, *shape; /* paths */
	struct instance instance;                      /* of a plan and of a study */
	struct due due;                                /* of rounds */
	char *shapes[JOB_SHAPES];                      /* of rounds: the answer once more */
};

/* From the question to the rows; e says why it is OUTCOME_FAILED or OUTCOME_LOST. */
enum outcome job_do(struct job *job, struct err *e);

/* Runs one command of the solver to its end. `kept` is a status other than 0 that leaves an answer too. */
enum outcome job_solve(struct job *job, const char *const argv[], int kept, struct err *e);

/* Has the connection act as a worker: one that was reset has forgotten it. */
must_use bool job_ready(struct db *db, struct err *e);

#endif
