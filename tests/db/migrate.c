/* Migrations: applied once, in order, wholly; anything odd is an error that names the file. */
#include "migrate.h"

#include "file.h"
#include "scratch.h"
#include "share.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A new database and a folder with two migrations. */
struct fixture {
	struct arena *arena;
	const char *folder, *conninfo;
	const struct query_set *queries;
	struct db *db;
};

static const char *file(struct fixture *f, const char *name)
{
	return arena_printf(f->arena, "%s/%s", f->folder, name);
}

static void put(struct fixture *f, const char *name, const char *sql)
{
	struct err e;
	assert_ok(file_write(file(f, name), sql, strlen(sql), &e), e);
}

static struct db *connect(struct fixture *f)
{
	struct db *db;
	struct err e;
	assert_ok(db_open(f->arena, f->conninfo, f->queries, &db, &e), e);
	return db;
}

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	f->arena = arena_new();
	f->folder = scratch_folder(f->arena);
	f->queries = scratch_queries(f->arena);
	f->conninfo = scratch_empty_database(f->arena, "migrate");
	f->db = connect(f);
	put(f, "0001_town.sql", "CREATE TABLE town (name text PRIMARY KEY);");
	put(f, "0002_towns.sql", "INSERT INTO town VALUES ('Orléans');\n");
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	arena_free(f->arena);
	free(f);
	return 0;
}

static int apply(struct fixture *f)
{
	struct err e;
	int applied;
	assert_ok(migrate_apply(f->db, f->folder, &applied, &e), e);
	return applied;
}

/* Applying is refused, for the reasons given. */
static void refuse(struct fixture *f, enum err_kind kind, const char *why, const char *name)
{
	struct err e;
	int applied;
	assert_false(migrate_apply(f->db, f->folder, &applied, &e));
	if (e.kind != kind || !strstr(e.message, why) || !strstr(e.message, name))
		fail_msg("kind %d: %s", e.kind, e.message);
	assert_int_equal(applied, 0);
}

static void applies_once(void **state)
{
	struct fixture *f = *state;
	struct err e;
	int version;
	assert_int_equal(apply(f), 2);
	assert_int_equal(apply(f), 0);
	put(f, "0003_more.sql", "INSERT INTO town VALUES ('Tours');");
	assert_int_equal(apply(f), 1);
	assert_ok(migrate_check(f->db, f->folder, &version, &e), e);
	assert_int_equal(version, 3);
	assert_ok(
		db_script(f->db, "DO $$ BEGIN ASSERT (SELECT count(*) FROM town) = 2; END $$", &e),
		e);
}

static void records_the_files_as_sha256sum_would(void **state)
{
	struct fixture *f = *state;
	struct err e;
	put(f, "0001_town.sql", "CREATE TABLE town (name text);\n");
	apply(f);
	/* printf 'CREATE TABLE town (name text);\n' | sha256sum */
	assert_ok(db_script(f->db,
			  "DO $$ BEGIN ASSERT (SELECT (name, sha256) = ('0001_town.sql', "
			  "'0c5aa7520b9cc31c9f438a6ee1cbd595b3953eb09882df08fd92496861253102')"
			  "FROM schema_migration WHERE version = 1); END $$",
			  &e),
		e);
}

static void check_says_what_to_run_before_anything_is_applied(void **state)
{
	struct fixture *f = *state;
	struct err e;
	int version;
	assert_false(migrate_check(f->db, f->folder, &version, &e));
	assert_int_equal(e.kind, ERR_UNAVAILABLE);
	assert_non_null(strstr(e.message, "recircuit migrate"));
	assert_int_equal(version, 0);
}

static void refuses_a_changed_file_by_name(void **state)
{
	struct fixture *f = *state;
	struct err e;
	apply(f);
	put(f, "0002_towns.sql",
		"INSERT INTO town VALUES ('Orléans'); -- a blank more is a change\n");
	refuse(f, ERR_CONFLICT, "a changé", "0002_towns.sql");
	assert_false(migrate_check(f->db, f->folder, NULL, &e));
	assert_int_equal(e.kind, ERR_UNAVAILABLE);
}

static void refuses_a_missing_file_by_name(void **state)
{
	struct fixture *f = *state;
	put(f, "0003_more.sql", "SELECT 1;");
	apply(f);
	assert_int_equal(remove(file(f, "0002_towns.sql")), 0);
	refuse(f, ERR_CONFLICT, "manque", "0002_towns.sql");
}

static void refuses_a_renamed_file_by_its_old_name(void **state)
{
	struct fixture *f = *state;
	apply(f);
	assert_int_equal(rename(file(f, "0002_towns.sql"), file(f, "0002_cities.sql")), 0);
	refuse(f, ERR_CONFLICT, "manque", "0002_towns.sql");
}

static void refuses_a_database_that_is_ahead(void **state)
{
	struct fixture *f = *state;
	struct err e;
	apply(f);
	assert_int_equal(remove(file(f, "0002_towns.sql")), 0);
	refuse(f, ERR_CONFLICT, "plus récente", "0002_towns.sql");
	assert_false(migrate_check(f->db, f->folder, NULL, &e));
	assert_int_equal(e.kind, ERR_UNAVAILABLE);
}

static void refuses_gaps_twins_and_odd_names(void **state)
{
	struct fixture *f = *state;
	static const char *const odd[] = {
		"0004_gap.sql", "0002_a_twin.sql", "more.sql", "3_three.sql"};
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
		put(f, odd[i], "SELECT 1;");
		refuse(f, ERR_INVALID, "attendu", ".sql");
		assert_int_equal(remove(file(f, odd[i])), 0);
	}
	assert_int_equal(apply(f), 2);
}

static void broken_sql_leaves_no_trace_and_names_file_and_line(void **state)
{
	struct fixture *f = *state;
	struct err e;
	int applied, version;
	put(f, "0003_broken.sql",
		"CREATE TABLE half (id int);\n"
		"COMMENT ON TABLE half IS 'À moitié, écrite en été';\n"
		"INSERT INTO town VALUES ('Blois');\n"
		"SELECT no_such_column FROM town;\n");
	assert_false(migrate_apply(f->db, f->folder, &applied, &e));
	assert_int_equal(applied, 2);
	assert_non_null(strstr(e.message, "0003_broken.sql"));
	assert_non_null(strstr(e.message, "ligne 4"));
	assert_non_null(strstr(e.message, "no_such_column"));
	assert_ok(db_script(f->db,
			  "DO $$ BEGIN ASSERT to_regclass('half') IS NULL;"
			  "ASSERT (SELECT count(*) FROM town) = 1; END $$",
			  &e),
		e);
	assert_false(migrate_check(f->db, f->folder, &version, &e));
	assert_int_equal(version, 2);

	put(f, "0003_broken.sql",
		"CREATE TABLE half (id int);"); /* never applied: free to change */
	assert_int_equal(apply(f), 1);
}

static void a_broken_first_file_leaves_no_table_at_all(void **state)
{
	struct fixture *f = *state;
	struct err e;
	put(f, "0001_town.sql", "CREATE TABLE town (name text PRIMARY KEY);\nCREATE TABL x;");
	refuse(f, ERR_SYSTEM, "ligne 2", "0001_town.sql");
	assert_ok(db_script(f->db,
			  "DO $$ BEGIN ASSERT to_regclass('schema_migration') IS NULL; END $$", &e),
		e);
}

enum { CALLERS = 4 };

struct caller {
	struct db *db;
	const char *folder;
	int applied;
	bool ok;
	struct err e;
};

static void *call(void *arg)
{
	struct caller *c = arg;
	c->ok = migrate_apply(c->db, c->folder, &c->applied, &c->e);
	return NULL;
}

static void concurrent_callers_share_the_work(void **state)
{
	struct fixture *f = *state;
	struct caller callers[CALLERS] = {0};
	pthread_t threads[CALLERS];
	put(f, "0003_slow.sql", "SELECT pg_sleep(0.2); CREATE TABLE slow (id int);");
	put(f, "0004_slower.sql", "SELECT pg_sleep(0.2); CREATE TABLE slower (id int);");
	for (size_t i = 0; i < CALLERS; i++)
		callers[i] = (struct caller){.db = connect(f), .folder = f->folder};
	for (size_t i = 0; i < CALLERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, call, &callers[i]), 0);
	int applied = 0;
	for (size_t i = 0; i < CALLERS; i++) {
		pthread_join(threads[i], NULL);
		assert_ok(callers[i].ok, callers[i].e);
		applied += callers[i].applied;
	}
	assert_int_equal(applied, 4);
}

/* The project's own files, on a database that is not the template. */
static void the_schema_of_the_programs_applies(void **state)
{
	struct fixture *f = *state;
	struct err e;
	int applied, version;
	const char *migrations;
	assert_ok(share_path(f->arena, "sql/migrations", &migrations, &e), e);
	assert_ok(migrate_apply(f->db, migrations, &applied, &e), e);
	assert_true(applied > 0);
	assert_ok(migrate_check(f->db, migrations, &version, &e), e);
	assert_int_equal(version, applied);
}

#define ON_A_DATABASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_A_DATABASE(applies_once),
		ON_A_DATABASE(records_the_files_as_sha256sum_would),
		ON_A_DATABASE(check_says_what_to_run_before_anything_is_applied),
		ON_A_DATABASE(refuses_a_changed_file_by_name),
		ON_A_DATABASE(refuses_a_missing_file_by_name),
		ON_A_DATABASE(refuses_a_renamed_file_by_its_old_name),
		ON_A_DATABASE(refuses_a_database_that_is_ahead),
		ON_A_DATABASE(refuses_gaps_twins_and_odd_names),
		ON_A_DATABASE(broken_sql_leaves_no_trace_and_names_file_and_line),
		ON_A_DATABASE(a_broken_first_file_leaves_no_table_at_all),
		ON_A_DATABASE(concurrent_callers_share_the_work),
		ON_A_DATABASE(the_schema_of_the_programs_applies),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
