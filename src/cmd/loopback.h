/* One HTTP exchange with our own service on this machine; for the demonstration only. */
#ifndef RECIRCUIT_CMD_LOOPBACK_H
#define RECIRCUIT_CMD_LOOPBACK_H

#include "arena.h"
#include "err.h"

#include <stddef.h>

struct reply_text {
	int status;
	const char *location; /* "" when there is none */
	const char *body;
	size_t body_len;
};

/* `url` is what the service said it listens on: http://ADDRESS:PORT. A null body is a GET. */
must_use bool loopback(struct arena *a, const char *url, const char *path, const char *body,
	struct reply_text *reply, struct err *e);

#endif
