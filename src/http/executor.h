/* Executors: threads that may block, fed by a bounded queue.
 *
 * The loop pushes exchanges whose connection is suspended; an executor runs the handler, leaves the
 * response in the exchange and resumes the connection. */
#ifndef RECIRCUIT_HTTP_EXECUTOR_H
#define RECIRCUIT_HTTP_EXECUTOR_H

#include "err.h"
#include "exchange.h"

#include <stdatomic.h>

struct executors {
	struct server *server;
	pthread_t *threads;
	size_t count;
	size_t at_once; /* exchanges of one route that a thread takes together */

	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t changed;
	struct exchange *first, **last;
	size_t waiting;
	size_t taken[2]; /* how many the last batch had, and the one before it */
	bool is_closed;

	atomic_bool is_hasty; /* stopping is late: answer what waits with 503 */
};

must_use bool executors_start(struct executors *x, struct server *s, struct arena *a, size_t count,
	size_t at_once, struct err *e);

/* Only the loop pushes, so a queue with room keeps it until the loop's next push. */
bool executors_have_room(struct executors *x, size_t limit);
void executors_push(struct executors *x, struct exchange *exchange);

/* Lets the queue run dry, then ends the threads. */
void executors_stop(struct executors *x);

#endif
