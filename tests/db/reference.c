/* Loading the reference data: once, wholly or not at all, and again only when a file has changed. */
#include "reference.h"

#include "file.h"
#include "migrate.h"
#include "share.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A migrated database and a folder with two views and one table of our own making. */
struct fixture {
	struct arena *arena;
	struct db *db;
	const char *folder;
};

static void put(struct fixture *f, const char *name, const char *text)
{
	struct err e;
	const char *path = arena_printf(f->arena, "%s/%s", f->folder, name);
	assert_ok(file_write(path, text, strlen(text), &e), e);
}

static void make(struct fixture *f, const char *name)
{
	struct err e;
	assert_ok(file_make_folder(arena_printf(f->arena, "%s/%s", f->folder, name), 0755, &e), e);
}

static const char towns_csv[] = "code,name\n24,\"Blois, sur Loire\"\n28,Chartres\n";

/* The files as they should be. */
static void lay_out(struct fixture *f)
{
	put(f, "views/10_town.sql", "CREATE OR REPLACE VIEW town_name AS SELECT name FROM town;");
	put(f, "reference/towns.csv", towns_csv);
	put(f, "reference/load/10_town.sql",
		"DELETE FROM town;\n-- copy: towns.csv into town(code, name)\n"
		"UPDATE town SET name = upper(name) WHERE code = 28;\n");
}

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	struct err e;
	const char *migrations;
	f->arena = arena_new();
	f->folder = scratch_folder(f->arena);
	assert_ok(db_open(f->arena, scratch_empty_database(f->arena, "reference"),
			  scratch_queries(f->arena), &f->db, &e),
		e);
	assert_ok(share_path(f->arena, "sql/migrations", &migrations, &e), e);
	assert_ok(migrate_apply(f->db, migrations, NULL, &e), e);
	assert_ok(db_script(f->db, "CREATE TABLE town (code int PRIMARY KEY, name text NOT NULL)",
			  &e),
		e);
	make(f, "views");
	make(f, "reference/load");
	lay_out(f);
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

static bool load(struct fixture *f, bool *did_load, struct err *e)
{
	return reference_load(f->arena, f->db, f->folder, did_load, e);
}

/* Fails, with PostgreSQL's own words, when the condition does not hold. */
static void assert_sql(struct fixture *f, const char *condition)
{
	struct err e;
	const char *sql = arena_printf(f->arena, "DO $t$ BEGIN ASSERT (%s); END $t$", condition);
	if (!db_script(f->db, sql, &e))
		fail_msg("%s: %s", condition, e.message);
}

static void fills_the_tables_and_remembers_the_files(void **state)
{
	struct fixture *f = *state;
	struct err e;
	bool did_load = false;
	assert_ok(load(f, &did_load, &e), e);
	assert_true(did_load);
	assert_sql(f, "SELECT count(*) = 2 FROM town");
	assert_sql(f, "SELECT name = 'Blois, sur Loire' FROM town WHERE code = 24");
	assert_sql(f, "SELECT name = 'CHARTRES' FROM town_name WHERE name ~ 'CH'");
	assert_sql(f, "SELECT count(*) = 3 FROM reference_load");
}

static void does_nothing_the_second_time(void **state)
{
	struct fixture *f = *state;
	struct err e;
	bool did_load;
	assert_ok(load(f, &did_load, &e), e);
	assert_ok(db_script(f->db, "DELETE FROM town", &e), e); /* it would come back */
	assert_ok(load(f, &did_load, &e), e);
	assert_false(did_load);
	assert_sql(f, "NOT EXISTS (SELECT FROM town)");
}

static void a_changed_file_is_loaded_again(void **state)
{
	static const struct {
		const char *name, *text;
	} changes[] = {
		{"reference/towns.csv", "code,name\n24,Blois\n36,Châteauroux\n45,Orléans\n"},
		{"views/10_town.sql", "CREATE OR REPLACE VIEW town_name AS SELECT name FROM town "
				      "WHERE code <> 24;"},
		{"reference/load/20_more.sql", "INSERT INTO town VALUES (99, 'Ailleurs');"},
	};
	struct fixture *f = *state;
	struct err e;
	bool did_load;
	assert_ok(load(f, &did_load, &e), e);
	for (size_t n = 0; n < sizeof changes / sizeof *changes; n++) {
		put(f, changes[n].name, changes[n].text);
		assert_ok(load(f, &did_load, &e), e);
		assert_true(did_load);
		assert_ok(load(f, &did_load, &e), e);
		assert_false(did_load);
	}
	assert_sql(f,
		"SELECT string_agg(name, ',' ORDER BY code) = 'Blois,Châteauroux,Orléans,Ailleurs' "
		"FROM town");
	assert_sql(f, "SELECT count(*) = 3 FROM town_name");
}

/* Something else goes wrong each time; the rows, the view and the memory of files stay. */
static void a_broken_file_leaves_the_database_as_it_was(void **state)
{
	static const struct {
		const char *name, *text, *said;
	} wrongs[] = {
		{"reference/towns.csv", "code,name\n24,Blois\nx,Chartres\n",
			"reference/towns.csv : "},
		{"reference/towns.csv", "code,name\n24,Blois\n24,Chartres\n",
			"reference/towns.csv : "},
		{"reference/towns.csv", "code,name\n24\n", "reference/towns.csv : "},
		{"reference/towns.csv", "code,name\n24,\"Blois\n", "reference/towns.csv : "},
		{"reference/towns.csv", "code,nom\n24,Blois\n", "reference/towns.csv : "},
		{"reference/towns.csv", "code,name\n24,Blo\xe9\n", "reference/towns.csv : "},
		{"reference/load/10_town.sql",
			"DELETE FROM town;\n-- copy: towns.csv into town(code, name)\nSELECT 1 / "
			"0;",
			"reference/load/10_town.sql : "},
		{"reference/load/10_town.sql",
			"DELETE FROM town;\n-- copy: absent.csv into town(code, name)\n",
			"absent.csv"},
		{"reference/load/10_town.sql", "DELETE FROM town;\n-- copy: towns.csv\n",
			"towns.csv"},
		{"reference/load/99_last.sql", "SELECT * FROM nowhere;",
			"reference/load/99_last.sql : "},
		{"views/10_town.sql", "DROP VIEW town_name; CREATE VIEW", "views/10_town.sql : "},
	};
	struct fixture *f = *state;
	struct err e = {0};
	bool did_load;
	assert_ok(load(f, &did_load, &e), e);
	assert_ok(db_script(f->db, "CREATE TABLE before AS SELECT * FROM reference_load", &e), e);
	for (size_t n = 0; n < sizeof wrongs / sizeof *wrongs; n++) {
		put(f, wrongs[n].name, wrongs[n].text);
		if (load(f, &did_load, &e))
			fail_msg("accepted: %s", wrongs[n].text);
		assert_says(e.message, wrongs[n].said);
		assert_sql(f,
			"SELECT string_agg(name, ',' ORDER BY name) = 'Blois, sur Loire,CHARTRES' "
			"FROM town_name");
		assert_sql(f,
			"NOT EXISTS (SELECT * FROM before EXCEPT SELECT * FROM reference_load)"
			" AND (SELECT count(*) FROM reference_load) = 3");
		unlink(arena_printf(f->arena, "%s/%s", f->folder, wrongs[n].name));
		lay_out(f);
	}
	assert_ok(load(f, &did_load, &e), e);
	assert_false(did_load);
}

#define ON_A_DATABASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_A_DATABASE(fills_the_tables_and_remembers_the_files),
		ON_A_DATABASE(does_nothing_the_second_time),
		ON_A_DATABASE(a_changed_file_is_loaded_again),
		ON_A_DATABASE(a_broken_file_leaves_the_database_as_it_was),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
