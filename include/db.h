/* PostgreSQL through libpq: one connection, named statements, rows that live in an arena.
 *
 *	struct db *db;
 *	if (!db_open(a, &config, &db, e)) ...
 *	struct rows rows;
 *	const char *params[] = {"24", NULL};
 *	if (!db_query(a, db, "point_list", params, 2, &rows, e)) ...
 *	for (size_t r = 0; r < rows.count; r++) use(rows_text(&rows, r, 0));
 *
 * SQL lives in sql/queries/<resource>.sql under `-- name: resource_verb` and is prepared at its
 * first use on a connection. Parameters and results are text; a null pointer is NULL. A struct db
 * belongs to one thread. */
#ifndef RECIRCUIT_DB_H
#define RECIRCUIT_DB_H

#include "arena.h"
#include "err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct db;
struct query_set; /* query.h */

struct rows {
	void *result; /* PGresult; ends with the arena */
	size_t count, columns;
};

/* Connects (libpq conninfo; several hosts allowed) and sets the session up. Ends with the arena. */
must_use bool db_open(struct arena *a, const char *conninfo, const struct query_set *queries,
	struct db **db, struct err *e);

/* The same for what answers people: acts as the role recircuit_app, which owns nothing, so that
 * row-level security holds for it. ERR_UNAVAILABLE, with what to do, when the role is not there, when
 * this login may not act as it, or when it could go round the wall. */
must_use bool db_open_service(struct arena *a, const char *conninfo,
	const struct query_set *queries, struct db **db, struct err *e);

/* A connection found dead is reset here, once, before the next request uses it (call it between
 * requests, never inside a transaction). */
must_use bool db_ready(struct db *db, struct err *e);

/* A named statement with `count` text parameters. */
must_use bool db_query(struct arena *a, struct db *db, const char *name, const char *const *params,
	size_t count, struct rows *rows, struct err *e);

/* SQL text as it is, possibly several statements; for migrations, set-up and transactions only. An
 * error names the line when the server does. */
must_use bool db_script(struct db *db, const char *sql, struct err *e);

must_use bool db_begin(struct db *db, struct err *e);
must_use bool db_begin_read_only(struct db *db, struct err *e);
must_use bool db_commit(struct db *db, struct err *e);
void db_rollback(struct db *db); /* fine outside a transaction too */

/* COPY ... FROM STDIN: `sql` is the COPY command, `data` its bytes. */
must_use bool db_copy_in(
	struct db *db, const char *sql, const char *data, size_t len, struct err *e);

/* Waits up to timeout_s for a NOTIFY (or, with fd >= 0, for fd to be readable); true when
 * something came. LISTEN first with db_script. */
bool db_wait(struct db *db, int fd, double timeout_s);

/* The SQLSTATE of the last failure on this connection, "" if none: "23505" = unique violation. */
const char *db_sqlstate(const struct db *db);

bool rows_is_null(const struct rows *rows, size_t r, size_t c);
const char *rows_text(const struct rows *rows, size_t r, size_t c); /* "" when NULL */
int64_t rows_int(const struct rows *rows, size_t r, size_t c);
double rows_real(const struct rows *rows, size_t r, size_t c);
bool rows_bool(const struct rows *rows, size_t r, size_t c);
const char *rows_column_name(const struct rows *rows, size_t c);

struct jout;
/* One row as a JSON object, or one value, typed by the column's PostgreSQL type: integers, reals
 * (float4, float8, numeric), booleans, json/jsonb as they are, arrays of text, moments as
 * 2026-11-23T20:10:05Z, the rest as text. */
void rows_json(const struct rows *rows, size_t r, struct jout *j);
void rows_json_value(const struct rows *rows, size_t r, size_t c, struct jout *j);

#endif
