/* The HTTP server: one event loop that never blocks, K executors that may.
 *
 *	client -> loop: head, body (limit, deadline) -> bounded queue (full: 503 at once)
 *	client <- loop: reply <- executor k: identify, may the caller?, decode, begin, handler, end
 *
 * Routes that cost much (a password is hashed) have a queue and executors of their own, few: the
 * others never wait for them, and what they take at once is bounded.
 *
 * Routes that merge (small writes) have an executor of their own, which takes all that wait there, up
 * to a few hundred, and has them answered in one transaction: while it is made safe on disk, the next
 * ones gather.
 *
 * Each executor owns one state, made and used through the hooks (for the product: a connection to
 * the database; this layer does not know). Each request is one begin ... end on that state.
 *
 *	struct server *s;
 *	if (!server_open(a, &config, &s, e)) ...	listens, starts the executors
 *	log(server_port(s));
 *	server_run(s, &stop);				until *stop; then answers what was begun
 *	arena_free(a); */
#ifndef RECIRCUIT_SERVER_H
#define RECIRCUIT_SERVER_H

#include "arena.h"
#include "assets.h"
#include "err.h"
#include "router.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct server;

struct server_hooks {
	void *shared; /* constant, given to open and identify */
	/* The state of one executor, which ends with the arena. When it fails the request at hand
	 * is answered by the error and the next one tries again. */
	bool (*open)(struct arena *a, void *shared, void **state, struct err *e);
	/* Says who asks (rq->who), after which the route's roles are checked and the request is
	 * decoded. */
	bool (*identify)(void *shared, void *state, struct request *rq, struct err *e);
	/* Around each handler. A null request: for requests that are merged, on behalf of nobody yet.
	 * `is_kept`: the handler succeeded; when end then fails, the client reads that error. */
	bool (*begin)(void *state, const struct request *rq, struct err *e);
	bool (*end)(void *state, bool is_kept, struct err *e);
	/* Calls the route's handler, and does what is done around it. Null: the handler alone. */
	route_handler *handle;
};

struct server_config {
	const char *address; /* "127.0.0.1", "::", a host name */
	int port;            /* 0: any free one */
	size_t executors;
	size_t queue_length;     /* requests waiting for an executor */
	size_t costly_executors; /* of the routes that are costly */
	size_t costly_queue_length;
	size_t merging_queue_length;  /* of the routes that are merged, which have one executor */
	size_t body_limit;            /* bytes */
	unsigned connections;         /* in total */
	unsigned address_connections; /* from one address; 0: no limit (behind a proxy) */
	bool is_behind_proxy;         /* X-Forwarded-For and X-Forwarded-Proto are its word */
	double head_s, request_s;     /* to send the request line; then head and body */
	double reply_s, idle_s;       /* to read the reply; between two requests */
	double stop_s;                /* to answer what was begun when stopping */
	const struct route_table *routes;
	const struct assets *assets; /* null: none */
	struct server_hooks hooks;
};

/* Limits and deadlines that suit a small machine; the caller adds address, port, routes, hooks. */
struct server_config server_defaults(void);

must_use bool server_open(
	struct arena *a, const struct server_config *config, struct server **server, struct err *e);
int server_port(const struct server *s);
void server_run(struct server *s, const atomic_bool *stop);

#endif
