/* The catalogue of named SQL statements, read once from sql/queries/ at start and constant after.
 *
 * A file <resource>.sql holds statements that each begin with `-- name: resource_verb`, then
 * comment lines (parameters, shape of the result), then the SQL up to the next name. */
#ifndef RECIRCUIT_QUERY_H
#define RECIRCUIT_QUERY_H

#include "arena.h"
#include "err.h"

#include <stddef.h>

struct query {
	const char *name; /* "point_list" */
	const char *sql;
};

struct query_set {
	const struct query *list; /* sorted by name */
	size_t count;
};

must_use bool query_load(struct arena *a, const char *folder, struct query_set *set, struct err *e);
const struct query *query_find(const struct query_set *set, const char *name);

#endif
