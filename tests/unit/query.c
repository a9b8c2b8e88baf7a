/* The catalogue of named statements: cut at its markers, each name once. */
#include "query.h"

#include "file.h"
#include "test.h"

static void put(struct arena *a, const char *folder, const char *name, const char *text)
{
	struct err e;
	assert_ok(file_write(arena_printf(a, "%s/%s", folder, name), text, strlen(text), &e), e);
}

static const struct query *find(const struct query_set *set, const char *name)
{
	const struct query *q = query_find(set, name);
	if (!q)
		fail_msg("%s is not there", name);
	return q;
}

static void finds_each_statement_by_its_name(void **state)
{
	const char *folder = scratch_folder(*state);
	put(*state, folder, "site.sql",
		"-- What all of them need to know.\n"
		"-- name: site_list\n-- Result: id.\nSELECT id\n  FROM site;\n\n"
		"-- name: site_get \nSELECT '-- name: not one';");
	put(*state, folder, "flow.sql", "-- name: flow_list\nSELECT 1;\n");
	put(*state, folder, "notes.txt", "-- name: note\nSELECT 1;\n");
	struct query_set set;
	struct err e;
	assert_ok(query_load(*state, folder, &set, &e), e);
	assert_int_equal(set.count, 3);
	assert_string_equal(
		find(&set, "site_list")->sql, "-- Result: id.\nSELECT id\n  FROM site;\n");
	assert_string_equal(find(&set, "site_get")->sql, "SELECT '-- name: not one';");
	assert_string_equal(find(&set, "flow_list")->sql, "SELECT 1;\n");
	assert_null(query_find(&set, "site"));
	assert_null(query_find(&set, "note"));
}

static void an_empty_folder_has_none(void **state)
{
	struct query_set set;
	struct err e;
	assert_ok(query_load(*state, scratch_folder(*state), &set, &e), e);
	assert_int_equal(set.count, 0);
	assert_null(query_find(&set, "anything"));
}

static void refuses_two_of_one_name(void **state)
{
	const char *folder = scratch_folder(*state);
	struct query_set set;
	struct err e;
	put(*state, folder, "a.sql", "-- name: x\nSELECT 1;\n");
	put(*state, folder, "b.sql", "-- name: y\nSELECT 1;\n-- name: x\nSELECT 2;\n");
	assert_refused(
		query_load(*state, folder, &set, &e), e, ERR_SYSTEM, "définie deux fois : x");
}

static void refuses_a_name_without_a_statement(void **state)
{
	struct query_set set;
	struct err e;
	static const char *const bad[] = {"-- name: x", "-- name: x\n", "-- name: x\n\n  \n",
		"-- name: x\n-- only a comment\n", "-- name: x\n-- name: y\nSELECT 1;\n"};
	for (size_t n = 0; n < sizeof bad / sizeof *bad; n++) {
		const char *folder = scratch_folder(*state);
		put(*state, folder, "a.sql", bad[n]);
		assert_refused(query_load(*state, folder, &set, &e), e, ERR_SYSTEM, "« x »");
		assert_says(e.message, "a.sql");
	}
}

static void refuses_a_marker_without_a_name(void **state)
{
	const char *folder = scratch_folder(*state);
	struct query_set set;
	struct err e;
	put(*state, folder, "a.sql", "-- name:  \nSELECT 1;\n");
	assert_refused(query_load(*state, folder, &set, &e), e, ERR_SYSTEM, "a.sql");
}

static void names_a_folder_that_is_not_there(void **state)
{
	struct query_set set;
	struct err e;
	assert_refused(query_load(*state, "/no/such/folder", &set, &e), e, ERR_NOT_FOUND,
		"/no/such/folder");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(finds_each_statement_by_its_name),
		WITH_AN_ARENA(an_empty_folder_has_none),
		WITH_AN_ARENA(refuses_two_of_one_name),
		WITH_AN_ARENA(refuses_a_name_without_a_statement),
		WITH_AN_ARENA(refuses_a_marker_without_a_name),
		WITH_AN_ARENA(names_a_folder_that_is_not_there),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
