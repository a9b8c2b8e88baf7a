/* The worker: takes runs from the queue, has the solver answer them, stores the answers.
 *
 * Any number of workers may share a database, on any machines. A worker holds a lease and a session
 * lock on its run and renews the lease while the solver works; every write names (run, attempt), so
 * a worker that was thought dead changes nothing when it comes back. A run is tried again when its
 * worker dies, up to WORKER_ATTEMPTS times. */
#ifndef RECIRCUIT_WORKER_H
#define RECIRCUIT_WORKER_H

#include "db.h"

#include <stdatomic.h>

struct worker_options {
	const char *conninfo; /* of the service: db_open_service */
	const struct query_set *queries;
	const char *solver; /* path of recircuit-solve */
	double time_limit_s, gap;
	int threads;
	bool is_for_plans; /* leaves studies to others, which may keep them for an hour */
	const atomic_bool *stop;
};

enum { WORKER_ATTEMPTS = 3 };

/* ERR_USAGE for limits that no solver would take; to be asked before any run is. */
must_use bool worker_check_limits(double time_limit_s, double gap, int64_t threads, struct err *e);

/* Works until *stop. A run under way then goes back to the queue. */
must_use bool worker_loop(const struct worker_options *o, struct err *e);

#endif
