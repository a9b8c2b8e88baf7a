/* Finding sql/ and web/ from where the program is, or from RECIRCUIT_SHARE. */
#include "share.h"

#include "file.h"
#include "scratch.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static int set_up(void **state)
{
	*state = arena_new();
	return 0;
}

static int tear_down(void **state)
{
	arena_free(*state);
	unsetenv("RECIRCUIT_SHARE");
	return 0;
}

static void make(struct arena *a, const char *folder, const char *name)
{
	struct err e;
	assert_ok(file_make_folder(arena_printf(a, "%s/%s", folder, name), 0755, &e), e);
}

static void finds_the_source_tree_from_a_build_folder(void **state)
{
	struct err e;
	const char *path;
	assert_ok(share_path(*state, "sql/queries", &path, &e), e);
	assert_int_equal(access(arena_printf(*state, "%s/../../Makefile", path), R_OK), 0);
}

static void the_environment_variable_wins(void **state)
{
	struct err e;
	const char *path, *folder = scratch_folder(*state);
	make(*state, folder, "sql/queries");
	setenv("RECIRCUIT_SHARE", folder, 1);
	assert_ok(share_path(*state, "sql/queries", &path, &e), e);
	assert_string_equal(path, arena_printf(*state, "%s/sql/queries", folder));
}

static void refuses_a_variable_that_names_nothing(void **state)
{
	struct err e;
	const char *path;
	setenv("RECIRCUIT_SHARE", "/no/such/folder", 1);
	assert_false(share_path(*state, "sql/queries", &path, &e));
	assert_non_null(strstr(e.message, "RECIRCUIT_SHARE=/no/such/folder"));
}

static void refuses_an_incomplete_installation_by_name(void **state)
{
	struct err e;
	const char *path;
	setenv("RECIRCUIT_SHARE", scratch_folder(*state), 1);
	assert_false(share_path(*state, "web/index.html", &path, &e));
	assert_non_null(strstr(e.message, "/web/index.html"));
}

/* This program, copied to <prefix>/bin, prints what it finds when called with an argument. */
static void finds_the_share_of_its_prefix(void **state)
{
	struct arena *a = *state;
	const char *prefix = scratch_folder(a);
	make(a, prefix, "bin");
	make(a, prefix, "share/recircuit/sql/queries");
	char self[PATH_MAX], *program, said[PATH_MAX] = "";
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	assert_true(n > 0);
	self[n] = '\0';
	size_t len;
	struct err e;
	const char *copy = arena_printf(a, "%s/bin/program", prefix);
	assert_ok(file_read(a, self, 1 << 28, &program, &len, &e), e);
	assert_ok(file_write(copy, program, len, &e), e);
	assert_int_equal(chmod(copy, 0755), 0);
	FILE *out = popen(arena_printf(a, "%s sql/queries", copy), "re");
	assert_non_null(fgets(said, sizeof said, out));
	assert_int_equal(pclose(out), 0);
	assert_string_equal(said, arena_printf(a, "%s/share/recircuit/sql/queries\n", prefix));
}

#define WITH_AN_ARENA(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(int argc, char **argv)
{
	if (argc > 1) {
		struct arena *a = arena_new();
		struct err e;
		const char *path;
		bool ok = share_path(a, argv[1], &path, &e);
		puts(ok ? path : e.message);
		arena_free(a);
		return ok ? 0 : 1;
	}
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(finds_the_source_tree_from_a_build_folder),
		WITH_AN_ARENA(the_environment_variable_wins),
		WITH_AN_ARENA(refuses_a_variable_that_names_nothing),
		WITH_AN_ARENA(refuses_an_incomplete_installation_by_name),
		WITH_AN_ARENA(finds_the_share_of_its_prefix),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
