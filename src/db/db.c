#include "db.h"

#include "jout.h"
#include "query.h"
#include "text.h"

#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* PostgreSQL's own type numbers (pg_type.dat); they never change. */
enum {
	OID_BOOL = 16,
	OID_INT8 = 20,
	OID_INT2 = 21,
	OID_INT4 = 23,
	OID_JSON = 114,
	OID_FLOAT4 = 700,
	OID_FLOAT8 = 701,
	OID_TEXT_ARRAY = 1009,
	OID_TIMESTAMPTZ = 1184,
	OID_NUMERIC = 1700,
	OID_JSONB = 3802
};

struct db {
	PGconn *conn;
	const struct query_set *queries;
	bool *is_prepared; /* one flag per query, of this connection */
	bool is_service;   /* acts as recircuit_app */
	char sqlstate[6];
};

static void release_conn(void *conn)
{
	PQfinish(conn);
}

static void release_result(void *result)
{
	PQclear(result);
}

/* libpq's text ends in a newline and may have several lines; the first says it. */
static int first_line(const char *message)
{
	return (int)strcspn(message, "\n");
}

static void drop_notice(void *context, const PGresult *result)
{
	(void)context;
	(void)result;
}

/* Text in UTF-8, reals that read back to the same double, dates as ISO 8601 in UTC. */
static const char session[] = "SET client_encoding = 'UTF8'; SET extra_float_digits = 1;"
			      "SET datestyle = 'ISO'; SET timezone = 'UTC'";

/* Why this login cannot act as the role of the service. */
static bool say_role(const struct db *db, struct err *e)
{
	if (text_eq(db->sqlstate, "42501"))
		return err_set(e, ERR_UNAVAILABLE,
			"l’utilisateur %s de la base ne peut pas agir comme « recircuit_app » ; "
			"faites faire par un administrateur : GRANT recircuit_app TO %s",
			PQuser(db->conn), PQuser(db->conn));
	return err_set(e, ERR_UNAVAILABLE,
		"le rôle « recircuit_app » manque à la base : lancez « recircuit migrate »");
}

static bool set_session_up(struct db *db, struct err *e)
{
	if (PQstatus(db->conn) != CONNECTION_OK) {
		const char *why = PQerrorMessage(db->conn);
		return err_set(e, ERR_UNAVAILABLE, "base de données injoignable : %.*s",
			first_line(why), why);
	}
	PQsetNoticeReceiver(db->conn, drop_notice, NULL);
	if (!db_script(db, session, e))
		return false;
	return !db->is_service || db_script(db, "SET ROLE recircuit_app", e) || say_role(db, e);
}

static bool open(struct arena *a, const char *conninfo, const struct query_set *queries,
	bool is_service, struct db **out, struct err *e)
{
	struct db *db = arena_one(a, struct db);
	db->queries = queries;
	db->is_service = is_service;
	db->is_prepared = arena_array(a, bool, queries ? queries->count + 1 : 1);
	db->conn = PQconnectdb(conninfo);
	arena_defer(a, release_conn, db->conn);
	if (!set_session_up(db, e))
		return false;
	*out = db;
	return true;
}

bool db_open(struct arena *a, const char *conninfo, const struct query_set *queries,
	struct db **out, struct err *e)
{
	return open(a, conninfo, queries, false, out, e);
}

bool db_open_service(struct arena *a, const char *conninfo, const struct query_set *queries,
	struct db **out, struct err *e)
{
	struct rows faults;
	if (!open(a, conninfo, queries, true, out, e) ||
		!db_query(a, *out, "service_fault", NULL, 0, &faults, e))
		return false;
	return !faults.count || err_set(e, ERR_UNAVAILABLE, "%s", rows_text(&faults, 0, 0));
}

bool db_ready(struct db *db, struct err *e)
{
	/* A server that went away has left bytes or an end of file on the socket; libpq sees it
	 * only when made to look, and the second look notices the end of file. */
	if (PQconsumeInput(db->conn)) {
		PQisBusy(db->conn);
		PQconsumeInput(db->conn);
	}
	if (PQstatus(db->conn) == CONNECTION_OK)
		return true;
	PQreset(db->conn);
	if (db->queries)
		memset(db->is_prepared, 0, db->queries->count * sizeof *db->is_prepared);
	return set_session_up(db, e);
}

/* Which kind of error an SQLSTATE class is for the user. */
static enum err_kind kind_of(const char *sqlstate)
{
	static const struct {
		const char *prefix;
		enum err_kind kind;
	} kinds[] = {
		{"23505", ERR_CONFLICT},    /* unique_violation */
		{"23503", ERR_CONFLICT},    /* foreign_key_violation */
		{"23", ERR_INVALID},        /* other integrity constraints */
		{"22", ERR_INVALID},        /* data exceptions */
		{"40", ERR_CONFLICT},       /* serialization, deadlock */
		{"57014", ERR_UNAVAILABLE}, /* statement_timeout */
		{"55P03", ERR_UNAVAILABLE}, /* lock_timeout */
		{"57P", ERR_UNAVAILABLE},   /* shutting down */
		{"53", ERR_UNAVAILABLE},    /* disk full, too many connections */
		{"08", ERR_UNAVAILABLE},    /* connection */
	};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (text_starts(sqlstate, kinds[i].prefix))
			return kinds[i].kind;
	return ERR_SYSTEM;
}

static bool fail(struct db *db, const PGresult *result, const char *what, struct err *e)
{
	const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
	const char *why = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	snprintf(db->sqlstate, sizeof db->sqlstate, "%s", state ? state : "");
	if (!why)
		why = PQerrorMessage(db->conn);
	enum err_kind kind =
		PQstatus(db->conn) != CONNECTION_OK ? ERR_UNAVAILABLE : kind_of(db->sqlstate);
	return err_set(e, kind, "base de données, %s : %.*s", what, first_line(why), why);
}

static bool prepare(struct db *db, const struct query *q, struct err *e)
{
	bool *is_prepared = &db->is_prepared[q - db->queries->list];
	if (*is_prepared)
		return true;
	PGresult *r = PQprepare(db->conn, q->name, q->sql, 0, NULL);
	*is_prepared = PQresultStatus(r) == PGRES_COMMAND_OK;
	bool ok = *is_prepared || fail(db, r, q->name, e);
	PQclear(r);
	return ok;
}

bool db_query(struct arena *a, struct db *db, const char *name, const char *const *params,
	size_t count, struct rows *rows, struct err *e)
{
	const struct query *q = db->queries ? query_find(db->queries, name) : NULL;
	if (!q)
		return err_set(e, ERR_SYSTEM, "requête SQL inconnue : %s", name);
	if (!prepare(db, q, e))
		return false;
	PGresult *r = PQexecPrepared(db->conn, name, (int)count, params, NULL, NULL, 0);
	arena_defer(a, release_result, r);
	ExecStatusType status = PQresultStatus(r);
	if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
		return fail(db, r, name, e);
	if (rows)
		*rows = (struct rows){r, (size_t)PQntuples(r), (size_t)PQnfields(r)};
	return true;
}

/* The line of the script that the server points at, or 0. It counts characters, not bytes. */
static int error_line(const PGresult *r, const char *sql)
{
	const char *position = PQresultErrorField(r, PG_DIAG_STATEMENT_POSITION);
	long left = position ? strtol(position, NULL, 10) : 0;
	int line = left > 0;
	for (; *sql && left > 1; sql++) {
		line += *sql == '\n';
		left -= (sql[1] & 0xC0) != 0x80;
	}
	return line;
}

bool db_script(struct db *db, const char *sql, struct err *e)
{
	PGresult *r = PQexec(db->conn, sql);
	ExecStatusType status = PQresultStatus(r);
	bool ok = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ||
		  status == PGRES_EMPTY_QUERY;
	if (!ok) {
		char what[32] = "script";
		int line = error_line(r, sql);
		if (line)
			snprintf(what, sizeof what, "ligne %d", line);
		fail(db, r, what, e);
	}
	PQclear(r);
	return ok;
}

bool db_begin(struct db *db, struct err *e)
{
	return db_script(db, "BEGIN", e);
}

bool db_begin_read_only(struct db *db, struct err *e)
{
	return db_script(db, "BEGIN READ ONLY", e);
}

bool db_commit(struct db *db, struct err *e)
{
	/* COMMIT of a failed transaction answers ROLLBACK without an error of its own. */
	if (PQtransactionStatus(db->conn) == PQTRANS_INERROR)
		return err_set(e, ERR_SYSTEM, "base de données : la transaction avait échoué");
	return db_script(db, "COMMIT", e);
}

void db_rollback(struct db *db)
{
	struct err ignored;
	if (PQtransactionStatus(db->conn) != PQTRANS_IDLE && !db_script(db, "ROLLBACK", &ignored))
		return; /* the connection is dead, and the transaction with it */
}

bool db_copy_in(struct db *db, const char *sql, const char *data, size_t len, struct err *e)
{
	enum { CHUNK = 1 << 20 };
	PGresult *r = PQexec(db->conn, sql);
	bool ok = PQresultStatus(r) == PGRES_COPY_IN || fail(db, r, "COPY", e);
	PQclear(r);
	if (!ok)
		return false;
	for (size_t at = 0; at < len; at += CHUNK) {
		size_t n = len - at < CHUNK ? len - at : CHUNK;
		if (PQputCopyData(db->conn, data + at, (int)n) != 1)
			break; /* the result below says why */
	}
	PQputCopyEnd(db->conn, NULL);
	ok = true;
	while ((r = PQgetResult(db->conn))) {
		if (PQresultStatus(r) != PGRES_COMMAND_OK && ok)
			ok = fail(db, r, "COPY", e);
		PQclear(r);
	}
	return ok;
}

bool db_wait(struct db *db, int fd, double timeout_s)
{
	PQconsumeInput(db->conn);
	PGnotify *n = PQnotifies(db->conn);
	if (!n) {
		struct pollfd fds[] = {
			{.fd = PQsocket(db->conn), .events = POLLIN},
			{.fd = fd, .events = POLLIN},
		};
		poll(fds, 2, (int)(timeout_s * 1000)); /* a negative fd is passed over */
		PQconsumeInput(db->conn);
		n = PQnotifies(db->conn);
		if (!n)
			return fds[1].revents != 0;
	}
	for (; n; n = PQnotifies(db->conn))
		PQfreemem(n);
	return true;
}

const char *db_sqlstate(const struct db *db)
{
	return db->sqlstate;
}

bool rows_is_null(const struct rows *rows, size_t r, size_t c)
{
	return PQgetisnull(rows->result, (int)r, (int)c);
}

const char *rows_text(const struct rows *rows, size_t r, size_t c)
{
	return PQgetvalue(rows->result, (int)r, (int)c);
}

int64_t rows_int(const struct rows *rows, size_t r, size_t c)
{
	return strtoll(rows_text(rows, r, c), NULL, 10);
}

double rows_real(const struct rows *rows, size_t r, size_t c)
{
	return strtod(rows_text(rows, r, c), NULL);
}

bool rows_bool(const struct rows *rows, size_t r, size_t c)
{
	return rows_text(rows, r, c)[0] == 't';
}

const char *rows_column_name(const struct rows *rows, size_t c)
{
	return PQfname(rows->result, (int)c);
}

/* {a,"b c",NULL} -> ["a","b c",null]: PostgreSQL's array text, one dimension. */
static void text_array_json(const char *s, struct jout *j)
{
	char item[4096];
	jout_open(j, '[');
	for (s++; *s && *s != '}'; s += *s == ',') {
		bool is_quoted = *s == '"';
		size_t n = 0;
		for (s += is_quoted; *s && (is_quoted ? *s != '"' : *s != ',' && *s != '}'); s++) {
			if (*s == '\\')
				s++;
			if (n < sizeof item - 1)
				item[n++] = *s;
		}
		item[n] = '\0';
		s += is_quoted;
		if (!is_quoted && text_eq(item, "NULL"))
			jout_null(j);
		else
			jout_text(j, item);
	}
	jout_close(j);
}

/* PostgreSQL has already found the fewest digits; what it lacks is the look of a real. */
static void real_json(const char *s, struct jout *j)
{
	char real[64];
	if (s[strspn(s, "-0123456789.e+")] || strlen(s) + sizeof ".0" > sizeof real) {
		jout_real(j, strtod(s, NULL)); /* NaN, Infinity, a long numeric */
		return;
	}
	snprintf(real, sizeof real, "%s%s", s, strpbrk(s, ".e") ? "" : ".0");
	jout_raw(j, real);
}

/* "2026-11-23 20:10:05.123456+00" -> "2026-11-23T20:10:05Z"; the session is in UTC. */
static void timestamp_json(const char *s, struct jout *j)
{
	char iso[] = "0000-00-00T00:00:00Z";
	enum { DATE = 10, TIME = 8 };
	if (strlen(s) < DATE + 1 + TIME || s[DATE] != ' ') { /* infinity, or far from our years */
		jout_text(j, s);
		return;
	}
	memcpy(iso, s, DATE);
	memcpy(iso + DATE + 1, s + DATE + 1, TIME);
	jout_text(j, iso);
}

void rows_json_value(const struct rows *rows, size_t r, size_t c, struct jout *j)
{
	if (rows_is_null(rows, r, c)) {
		jout_null(j);
		return;
	}
	const char *text = rows_text(rows, r, c);
	switch (PQftype(rows->result, (int)c)) {
	case OID_BOOL: jout_bool(j, *text == 't'); break;
	case OID_INT2:
	case OID_INT4:
	case OID_INT8:
	case OID_JSON:
	case OID_JSONB: jout_raw(j, text); break;
	case OID_FLOAT4:
	case OID_FLOAT8:
	case OID_NUMERIC: real_json(text, j); break;
	case OID_TEXT_ARRAY: text_array_json(text, j); break;
	case OID_TIMESTAMPTZ: timestamp_json(text, j); break;
	default: jout_text(j, text);
	}
}

void rows_json(const struct rows *rows, size_t r, struct jout *j)
{
	jout_open(j, '{');
	for (size_t c = 0; c < rows->columns; c++) {
		jout_key(j, rows_column_name(rows, c));
		rows_json_value(rows, r, c, j);
	}
	jout_close(j);
}
