/* The service: the routes of docs/http-api.md, answered from the database. */
#ifndef RECIRCUIT_APP_H
#define RECIRCUIT_APP_H

#include "err.h"
#include "router.h"

#include <stdatomic.h>
#include <stdint.h>

/* Integers as the options reader (options.h) fills them. */
struct app_config {
	const char *address;         /* null: 127.0.0.1 */
	int64_t port;                /* 0: any free one */
	int64_t executors;           /* threads that answer, each with a connection; 0: 4 */
	bool is_behind_proxy;        /* who asks, and how, is what X-Forwarded-* say */
	int64_t address_connections; /* most connections from one address; 0: 256, -1: no limit */
	const char *
		anonymous; /* what a visitor without an account may do: "public" (null) or "planner" */
	const char *conninfo; /* libpq; several hosts allowed; of the service (db_open_service) */
	const char *queries;  /* folder of the named statements */
	const char *web;      /* folder of the interface; null: the API alone */
	/* Called once, when requests are taken; may be null. */
	void (*listening)(void *context, const char *url);
	void *context;
};

/* Serves until *stop, then answers what was begun. The database must be there and its schema in
 * place; it may go away and come back later. */
must_use bool app_serve(const struct app_config *config, const atomic_bool *stop, struct err *e);

/* What it answers: for documents and tests. */
const struct route_table *app_route_table(void);

#endif
