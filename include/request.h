/* A request as a handler sees it: everything is read, decoded and checked.
 *
 * Made by the server thread, handed to one executor through the queue. `query` and `body` are the
 * structs that the route's record tables describe; `state` is what the executor carries (app.h). */
#ifndef RECIRCUIT_REQUEST_H
#define RECIRCUIT_REQUEST_H

#include "arena.h"
#include "identity.h"
#include "record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { REQUEST_PATH_VALUES = 4, REQUEST_PAIRS = 32 };

struct request {
	struct arena *arena;        /* of this request; ends when the reply has been handed over */
	void *state;                /* of the executor */
	const struct identity *who; /* never null; known once the transaction has begun */
	const struct route *route;
	const char *id; /* in the log, in X-Request-Id and in problem documents */
	const char *method, *path, *uri;
	int64_t path_values[REQUEST_PATH_VALUES]; /* the {…} of the pattern, left to right */
	const void *query;                        /* the route's query struct, null without one */
	const void *body;                         /* the route's body struct, null without one */

	/* As received. */
	struct pair pairs[REQUEST_PAIRS]; /* of the query string */
	size_t pair_count;
	const char *type;  /* of the body, in lower case, without parameters; null when absent */
	const char *bytes; /* of the body */
	size_t byte_count;
	const char *address; /* of the client, as text */
	bool is_https;       /* between the client and the proxy before us */
	bool accepts_gzip;
	/* Headers; null when absent. A new one is a line in exchange.c. */
	const char *if_none_match, *idempotency_key, *authorization, *cookie;
	const char *host, *origin, *fetch_site, *forwarded_for, *forwarded_proto;
};

#endif
