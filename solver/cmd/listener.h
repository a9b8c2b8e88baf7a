/* Who follows a computation: people on stderr, the service on descriptor 3 when it was open at
 * start. And who may end it: Ctrl-C, SIGTERM, a listener that is gone. */
#ifndef RECIRCUIT_SOLVER_LISTENER_H
#define RECIRCUIT_SOLVER_LISTENER_H

#include "answer.h"

struct listener {
	bool is_quiet, has_service;
};

/* Catches the signals; *listener_stop() is not zero once the computation should end. */
void listener_start(struct listener *l, bool is_quiet);
const volatile sig_atomic_t *listener_stop(void);

/* An engine_options.progress; `context` is the listener. */
void listener_tell(void *context, const struct progress *p);

/* The same for a study, which counts what is done: `context` is the listener. */
void listener_count(void *context, const char *stage, size_t done, size_t total, double seconds);

#endif
