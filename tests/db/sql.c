/* The SQL that the programs carry, held against the schema that they make. */
#include "db.h"
#include "scratch.h"

#include <libpq-fe.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

struct fixture {
	struct arena *arena;
	PGconn *conn;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	f->arena = arena_new();
	f->conn = PQconnectdb(scratch_database(f->arena, "sql"));
	*state = f;
	return PQstatus(f->conn) == CONNECTION_OK ? 0 : -1;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	PQfinish(f->conn);
	arena_free(f->arena);
	free(f);
	return 0;
}

static void every_statement_prepares(void **state)
{
	struct fixture *f = *state;
	const struct query_set *queries = scratch_queries(f->arena);
	size_t refused = 0;
	assert_true(queries->count > 0);
	for (size_t i = 0; i < queries->count; i++) {
		PGresult *r = PQprepare(f->conn, "", queries->list[i].sql, 0, NULL);
		if (PQresultStatus(r) != PGRES_COMMAND_OK) {
			print_error("%s: %s", queries->list[i].name, PQresultErrorMessage(r));
			refused++;
		}
		PQclear(r);
	}
	assert_int_equal(refused, 0);
}

/* Prints what the query finds, and fails when it finds anything. */
static void finds_nothing(struct fixture *f, const char *sql)
{
	PGresult *r = PQexec(f->conn, sql);
	if (PQresultStatus(r) != PGRES_TUPLES_OK)
		fail_msg("%s", PQresultErrorMessage(r));
	int count = PQntuples(r);
	for (int i = 0; i < count; i++)
		print_error("%s\n", PQgetvalue(r, i, 0));
	PQclear(r);
	assert_int_equal(count, 0);
}

#define OURS \
	"n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND c.relkind IN " \
	"('r', 'p', 'v', 'm') AND NOT c.relispartition AND NOT EXISTS (SELECT FROM pg_depend d " \
	"WHERE d.objid = c.oid AND d.deptype = 'e')"

static void every_table_is_described(void **state)
{
	finds_nothing(*state, "SELECT c.oid::regclass FROM pg_class c "
			      "JOIN pg_namespace n ON n.oid = c.relnamespace "
			      "WHERE obj_description(c.oid, 'pg_class') IS NULL AND " OURS);
}

static void every_column_is_described(void **state)
{
	finds_nothing(*state,
		"SELECT c.oid::regclass || '.' || a.attname FROM pg_class c "
		"JOIN pg_namespace n ON n.oid = c.relnamespace "
		"JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
		"WHERE col_description(c.oid, a.attnum) IS NULL AND " OURS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_statement_prepares),
		cmocka_unit_test(every_table_is_described),
		cmocka_unit_test(every_column_is_described),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
