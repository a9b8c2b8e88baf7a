/* The solver as a child process: started, listened to, stopped, reaped. A crash there costs one
 * run, never the service.
 *
 *	struct child c;
 *	if (!child_start(a, argv, &limits, &c, e)) ...
 *	while (child_wait_line(&c, 1.0, line, sizeof line)) ...		lines of its descriptor 3
 *	child_finish(&c)						its exit status, reaped
 *
 * It has a process group of its own (Ctrl-C in a terminal reaches the service only), no inherited
 * descriptors but its standard ones and 3, and limits on memory and processor time. A child still
 * running when the arena ends is killed. */
#ifndef RECIRCUIT_CHILD_H
#define RECIRCUIT_CHILD_H

#include "arena.h"
#include "err.h"

#include <stddef.h>
#include <sys/types.h>

struct child_limits {
	size_t memory_bytes; /* address space; 0: none */
	unsigned cpu_s;      /* processor seconds; 0: none */
};

enum child_event { CHILD_LINE, CHILD_QUIET, CHILD_CLOSED };

struct child {
	pid_t pid;
	int progress_fd, error_fd;
	char pending[8192]; /* of descriptor 3, up to the next newline */
	size_t pending_len;
	char error[1024]; /* the last line it wrote to stderr, once that is whole or the last */
	char half[1024];  /* of stderr, up to the next newline; what is longer is cut */
	size_t half_len;
};

/* argv[0] is looked for as posix_spawnp does. */
must_use bool child_start(struct arena *a, const char *const argv[],
	const struct child_limits *limits, struct child **c, struct err *e);

/* The next line of descriptor 3 (CHILD_LINE), or CHILD_QUIET after timeout_s, or CHILD_CLOSED once
 * the child has closed it, which is when it ends. */
enum child_event child_wait_line(struct child *c, double timeout_s, char *line, size_t size);

void child_ask_stop(struct child *c); /* SIGTERM: it gives its best plan and ends */

/* Waits for the end. Exit status, or 128 + signal. */
int child_finish(struct child *c);

#endif
