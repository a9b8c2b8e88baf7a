/* Routes: which handler answers which method and path. THE table is in src/app/routes.c.
 *
 *	{"GET", "/api/runs/{id}/plan", run_plan, .doc = "the report of a run"},
 *	{"POST", "/api/scenarios", scenario_create, .roles = ROLES_PLANNING,
 *		.scopes = SCOPE_SCENARIOS_WRITE, .body = &scenario_body, .doc = "a new scenario"},
 *
 * A {name} segment is a positive integer. GET routes answer HEAD too. */
#ifndef RECIRCUIT_ROUTER_H
#define RECIRCUIT_ROUTER_H

#include "err.h"
#include "record.h"
#include "reply.h"
#include "request.h"

#include <stdbool.h>
#include <stddef.h>

typedef bool route_handler(struct request *rq, struct reply *rp, struct err *e);

/* Several requests of a route, answered in one transaction that works for nobody yet: a merger says
 * for whom each part is. It answers each request by itself; where it fails, nothing has happened and
 * each is handed to the handler alone. */
struct merged {
	struct request *rq;
	struct reply *rp;
	bool is_done; /* else err says why not */
	struct err err;
};
typedef bool route_merger(struct merged *list, size_t count, struct err *e);

/* A body taken as bytes. */
struct raw_body {
	const char *types; /* "application/x-ndjson|text/csv" */
	size_t limit;      /* bytes */
};

struct route {
	const char *method, *pattern;
	route_handler *handler;
	const struct record *query; /* null: no parameter is known */
	const struct record *body;  /* null: no body is read; else application/json */
	const struct raw_body *raw; /* in its place: the handler reads the bytes */
	route_merger *merge;        /* beside the handler, for requests that come at once */
	bool is_repeatable;         /* by Idempotency-Key (idempotency.h), whatever the handler */
	bool leaves_trace;          /* a GET whose transaction writes: who has read what */
	unsigned roles;             /* who may (identity.h); 0: everybody */
	unsigned scopes;    /* of which a token needs one; 0: no token may, unless everybody may */
	bool needs_account; /* a visitor who acts in a role without one is not enough */
	bool is_costly; /* computes for a tenth of a second, or takes much memory: has executors of its own */
	const char *doc;
};

struct route_table {
	const struct route *list;
	size_t count;
};

/* The route of a path, with its path values. Without one: null, and `allow` (size bytes) holds the
 * methods that the path knows, "" when it knows none. */
const struct route *router_find(const struct route_table *table, const char *method,
	const char *path, int64_t values[REQUEST_PATH_VALUES], char *allow, size_t size);

bool route_is_safe(const struct route *route); /* GET: changes nothing */

/* ERR_ANONYMOUS (401) for a visitor who must connect, ERR_FORBIDDEN (403) for whoever may not. */
must_use bool route_allows(const struct route *route, const struct identity *who, struct err *e);

#endif
