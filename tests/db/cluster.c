/* The private cluster: there when somebody uses it, gone after the last one, whatever happens. */
#include "cluster.h"

#include "clock.h"
#include "db.h"
#include "file.h"
#include "scratch.h"

#include <errno.h>
#include <libpq-fe.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* Tests share one folder, since making the data takes a second; each opens and leaves the cluster.
 */
struct fixture {
	struct arena *arena;
	const char *folder, *pid_file;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	f->arena = arena_new();
	f->folder = arena_printf(f->arena, "%s/var", scratch_folder(f->arena));
	f->pid_file = arena_printf(f->arena, "%s/pg/postmaster.pid", f->folder);
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

/* A user of the cluster: the arena's end is its departure. */
static struct arena *enter(const char *folder, const char **conninfo)
{
	struct arena *a = arena_new();
	struct cluster *c;
	struct err e;
	assert_ok(cluster_open(a, folder, &c, &e), e);
	*conninfo = arena_strdup(a, cluster_conninfo(c));
	return a;
}

static bool answers(const char *conninfo)
{
	return PQping(conninfo) == PQPING_OK;
}

static void run_sql(const char *conninfo, const char *sql)
{
	struct arena *a = arena_new();
	struct db *db;
	struct err e;
	bool ok = db_open(a, conninfo, NULL, &db, &e) && db_script(db, sql, &e);
	arena_free(a);
	assert_ok(ok, e);
}

static bool exists(const char *path)
{
	return access(path, F_OK) == 0;
}

static pid_t postmaster(const struct fixture *f)
{
	char *text;
	struct err e;
	assert_ok(file_read(f->arena, f->pid_file, 1 << 16, &text, NULL, &e), e);
	return (pid_t)strtol(text, NULL, 10);
}

/* In another process, a user who says `ready` by a byte in the pipe and waits to be killed, or
 * leaves at once. */
static pid_t fork_user(const char *folder, bool stays, int ready)
{
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid)
		return pid;
	struct arena *a = arena_new();
	struct cluster *c;
	struct err e;
	bool ok = cluster_open(a, folder, &c, &e);
	if (!ok)
		fprintf(stderr, "%s\n", e.message);
	ok = ok && answers(cluster_conninfo(c)) && write(ready, "", 1) == 1;
	if (stays)
		pause();
	arena_free(a);
	_exit(ok ? 0 : 1);
}

static void wait_for(pid_t pid, int signal_or_zero)
{
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (signal_or_zero)
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == signal_or_zero);
	else
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void two_programs_may_start_it_from_nothing_at_once(void **state)
{
	struct fixture *f = *state;
	int ready[2];
	assert_int_equal(pipe(ready), 0);
	pid_t one = fork_user(f->folder, false, ready[1]);
	pid_t other = fork_user(f->folder, false, ready[1]);
	wait_for(one, 0);
	wait_for(other, 0);
	close(ready[0]);
	close(ready[1]);
	assert_true(exists(arena_printf(f->arena, "%s/pg/PG_VERSION", f->folder)));
	assert_false(exists(f->pid_file));
}

static void the_last_user_stops_it_and_the_data_stays(void **state)
{
	struct fixture *f = *state;
	const char *conninfo, *again;
	struct arena *first = enter(f->folder, &conninfo);
	struct arena *second = enter(f->folder, &again);
	run_sql(conninfo, "CREATE TABLE kept AS SELECT 42 AS answer");
	arena_free(first);
	assert_true(answers(again));
	char *copy = strdup(again);
	arena_free(second);
	assert_false(answers(copy));
	assert_false(exists(f->pid_file));
	free(copy);

	struct arena *third = enter(f->folder, &conninfo);
	run_sql(conninfo, "DO $$ BEGIN ASSERT (SELECT answer FROM kept) = 42; END $$");
	arena_free(third);
}

static void is_utf8_in_utc_with_postgis_and_no_network(void **state)
{
	struct fixture *f = *state;
	const char *conninfo;
	struct arena *a = enter(f->folder, &conninfo);
	run_sql(conninfo, "CREATE EXTENSION postgis;"
			  "DO $$ BEGIN "
			  "ASSERT current_setting('listen_addresses') = '';"
			  "ASSERT current_setting('server_encoding') = 'UTF8';"
			  "ASSERT current_setting('lc_collate') = 'C.UTF-8';"
			  "ASSERT current_setting('log_timezone') = 'UTC';"
			  "ASSERT current_setting('fsync') = 'on';"
			  "ASSERT lower('ÉTÉ') = 'été';"
			  "ASSERT ST_AsText(ST_Point(1, 2)) = 'POINT(1 2)'; END $$");
	struct stat st;
	assert_int_equal(stat(arena_printf(f->arena, "%s/pg", f->folder), &st), 0);
	assert_int_equal(st.st_mode & 077, 0);
	arena_free(a);
}

/* Whether the service may work in that cluster as things are; *e says why not. */
static bool serves(struct cluster *c, struct err *e)
{
	static const char who[] = "DO $$ BEGIN IF session_user <> 'recircuit_app' OR current_user "
				  "<> 'recircuit_app' THEN RAISE 'somebody else'; END IF; END $$";
	struct arena *a = arena_new();
	struct db *db;
	bool ok = db_open_service(a, cluster_service_conninfo(c), scratch_queries(a), &db, e) &&
		  db_script(db, who, e);
	arena_free(a);
	return ok;
}

static void the_service_logs_in_as_a_role_that_cannot_go_round_the_wall(void **state)
{
	struct fixture *f = *state;
	struct arena *a = arena_new();
	struct cluster *c;
	struct err e;
	assert_ok(cluster_open(a, f->folder, &c, &e), e);
	const char *owner = cluster_conninfo(c);
	assert_false(serves(c, &e)); /* nobody has made the role yet */
	assert_int_equal(e.kind, ERR_UNAVAILABLE);
	run_sql(owner, "CREATE ROLE recircuit_app LOGIN; CREATE TABLE ours (x integer)");
	assert_ok(serves(c, &e), e);
	static const struct {
		const char *spoil, *restore, *said;
	} cases[] = {
		{"ALTER ROLE recircuit_app SUPERUSER", "ALTER ROLE recircuit_app NOSUPERUSER",
			"super-utilisateur"},
		{"ALTER ROLE recircuit_app BYPASSRLS", "ALTER ROLE recircuit_app NOBYPASSRLS",
			"BYPASSRLS"},
		{"ALTER TABLE ours OWNER TO recircuit_app", "ALTER TABLE ours OWNER TO recircuit",
			"possède la table « ours »"},
		{"CREATE ROLE landlord; ALTER TABLE ours OWNER TO landlord; GRANT landlord TO "
		 "recircuit_app",
			"ALTER TABLE ours OWNER TO recircuit; DROP ROLE landlord",
			"peut agir comme qui la possède"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		run_sql(owner, cases[i].spoil);
		assert_false(serves(c, &e));
		assert_int_equal(e.kind, ERR_UNAVAILABLE);
		assert_non_null(strstr(e.message, cases[i].said));
		run_sql(owner, cases[i].restore);
		assert_ok(serves(c, &e), e);
	}
	run_sql(owner, "DROP TABLE ours; DROP ROLE recircuit_app");
	arena_free(a);
}

static void ctrl_c_in_the_terminal_is_not_for_the_server(void **state)
{
	struct fixture *f = *state;
	const char *conninfo;
	struct arena *a = enter(f->folder, &conninfo);
	assert_int_not_equal(getsid(postmaster(f)), getsid(0));
	arena_free(a);
}

static void a_killed_user_leaves_it_to_the_next(void **state)
{
	struct fixture *f = *state;
	const char *conninfo;
	char byte;
	int ready[2];
	assert_int_equal(pipe(ready), 0);
	pid_t killed = fork_user(f->folder, true, ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	close(ready[1]);
	kill(killed, SIGKILL);
	wait_for(killed, SIGKILL);
	pid_t running = postmaster(f);

	struct arena *a = enter(f->folder, &conninfo);
	assert_int_equal(postmaster(f), running);
	arena_free(a);
	assert_false(exists(f->pid_file));
}

static void a_killed_server_starts_again_with_its_data(void **state)
{
	struct fixture *f = *state;
	const char *conninfo, *again;
	struct arena *before = enter(f->folder, &conninfo);
	run_sql(conninfo, "CREATE TABLE committed AS SELECT 1 AS one");
	kill(postmaster(f), SIGKILL);
	struct arena *after = enter(f->folder, &again);
	run_sql(again, "DO $$ BEGIN ASSERT (SELECT one FROM committed) = 1; END $$");
	arena_free(after);
	assert_true(answers(conninfo)); /* the first user is still there */
	arena_free(before);
	assert_false(exists(f->pid_file));
}

/* The number in a stale postmaster.pid may by now be somebody else's. */
static void never_signals_a_stranger(void **state)
{
	struct fixture *f = *state;
	const char *conninfo;
	struct arena *a = enter(f->folder, &conninfo);
	kill(postmaster(f), SIGKILL);
	while (answers(conninfo))
		clock_sleep(0.01);
	pid_t stranger = fork();
	if (stranger == 0) {
		pause();
		_exit(0);
	}
	FILE *file = fopen(f->pid_file, "r+");
	assert_non_null(file);
	fprintf(file, "%d\n", (int)stranger);
	fclose(file);
	arena_free(a);
	assert_true(exists(f->pid_file));
	assert_int_equal(waitpid(stranger, NULL, WNOHANG), 0); /* alive */
	kill(stranger, SIGKILL);
	waitpid(stranger, NULL, 0);

	a = enter(f->folder, &conninfo);
	arena_free(a);
}

/* Makes its data there, which shows initdb's part too. */
static void a_folder_may_have_any_name(void **state)
{
	struct fixture *f = *state;
	const char *conninfo, *parent = scratch_folder(f->arena);
	const char *folder =
		arena_printf(f->arena, "%s/l'été \"2027\" $HOME `id` \\ ; %%s/var", parent);
	struct arena *a = enter(folder, &conninfo);
	run_sql(conninfo, "SELECT 1");
	char *copy = strdup(conninfo);
	arena_free(a);
	assert_false(answers(copy));
	free(copy);
}

/* Moves the data to a folder of this name, uses it there, and moves it back. */
static void works_when_moved_to(struct fixture *f, const char *name)
{
	const char *conninfo, *folder = arena_printf(f->arena, "%s/../%s", f->folder, name);
	assert_int_equal(rename(f->folder, folder), 0);
	struct arena *a = enter(folder, &conninfo);
	run_sql(conninfo, "DO $$ BEGIN ASSERT (SELECT answer FROM kept) = 42; END $$");
	char *copy = strdup(conninfo);
	arena_free(a);
	assert_false(answers(copy));
	free(copy);
	assert_int_equal(rename(folder, f->folder), 0);
}

/* Beyond the 107 bytes of a socket's path. */
static void a_folder_may_be_deep(void **state)
{
	char name[201] = "";
	memset(name, 'd', sizeof name - 1);
	works_when_moved_to(*state, name);
}

/* Which libpq takes for two hosts. */
static void a_folder_may_have_a_comma(void **state)
{
	works_when_moved_to(*state, "Tours, Blois");
}

static void starts_over_what_an_interrupted_start_left(void **state)
{
	struct fixture *f = *state;
	struct err e;
	const char *conninfo, *folder = scratch_folder(f->arena);
	const char *half = arena_printf(f->arena, "%s/99.pg.new", folder);
	assert_ok(file_make_folder(arena_printf(f->arena, "%s/base", half), 0700, &e), e);
	arena_free(enter(folder, &conninfo));
	assert_false(exists(half));
	assert_true(exists(arena_printf(f->arena, "%s/pg/PG_VERSION", folder)));
}

static void the_callers_environment_does_not_matter(void **state)
{
	struct fixture *f = *state;
	const char *conninfo;
	static const char *const names[] = {"PGPORT", "PGDATA", "PGHOST", "PGDATABASE", "PGUSER"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		setenv(names[i], "7777", 1);
	arena_free(enter(f->folder, &conninfo));
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unsetenv(names[i]);
}

static void a_folder_that_cannot_be_made_is_said_in_french(void **state)
{
	struct fixture *f = *state;
	struct arena *a = arena_new();
	struct cluster *c;
	struct err e;
	const char *file = arena_printf(a, "%s/file", scratch_folder(f->arena));
	assert_ok(file_write(file, "", 0, &e), e);
	assert_false(cluster_open(a, arena_printf(a, "%s/var", file), &c, &e));
	assert_int_equal(e.kind, ERR_SYSTEM);
	assert_non_null(strstr(e.message, "ne peut pas être créé"));
	arena_free(a);
}

static void a_refused_setting_is_said_with_postgresql_s_reason(void **state)
{
	struct fixture *f = *state;
	struct arena *a = arena_new();
	struct cluster *c;
	struct err e;
	const char *path = arena_printf(a, "%s/pg/postgresql.conf", f->folder);
	struct stat before;
	assert_int_equal(stat(path, &before), 0);
	FILE *file = fopen(path, "a");
	assert_non_null(file);
	fprintf(file, "shared_buffers = 'beaucoup'\n");
	fclose(file);
	bool ok = cluster_open(a, f->folder, &c, &e);
	assert_int_equal(truncate(path, before.st_size), 0);
	assert_false(ok);
	assert_non_null(strstr(e.message, "postgresql.conf"));
	assert_non_null(strstr(e.message, "FATAL"));
	arena_free(a);
}

/* Root, where user namespaces are refused: a false `unshare` stands for that. */
static void root_without_namespaces_runs_it_as_another_user(void **state)
{
	struct fixture *f = *state;
	if (geteuid() != 0)
		skip();
	struct err e;
	const char *tools = scratch_folder(f->arena), *parent = scratch_folder(f->arena);
	const char *unshare = arena_printf(f->arena, "%s/unshare", tools);
	assert_ok(file_write(unshare, "#!/bin/sh\nexit 1\n", 17, &e), e);
	assert_int_equal(chmod(unshare, 0755), 0);
	char *path = strdup(getenv("PATH"));
	setenv("PATH", arena_printf(f->arena, "%s:%s", tools, path), 1);
	for (int is_open = 0; is_open < 2; is_open++) {
		const char *conninfo, *folder = arena_printf(f->arena, "%s/%d", parent, is_open);
		assert_int_equal(chmod(parent, is_open ? 0755 : 0700), 0);
		struct arena *a = enter(folder, &conninfo);
		run_sql(conninfo, "CREATE TABLE t ()");
		arena_free(a);
		/* In its folder where the user can reach it, else in the temporary folder. */
		assert_int_equal(exists(arena_printf(f->arena, "%s/pg", folder)), is_open);
		a = enter(folder, &conninfo);
		run_sql(conninfo, "SELECT FROM t");
		char *data = strdup(strchr(conninfo, '\'') + 1);
		*strchr(data, '\'') = '\0';
		arena_free(a);
		struct stat st;
		assert_int_equal(stat(data, &st), 0);
		assert_int_not_equal(st.st_uid, 0);
		if (!is_open)
			scratch_remove(arena_strndup(f->arena, data, strlen(data) - strlen("/pg")));
		free(data);
	}
	setenv("PATH", path, 1);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_programs_may_start_it_from_nothing_at_once),
		cmocka_unit_test(the_last_user_stops_it_and_the_data_stays),
		cmocka_unit_test(is_utf8_in_utc_with_postgis_and_no_network),
		cmocka_unit_test(the_service_logs_in_as_a_role_that_cannot_go_round_the_wall),
		cmocka_unit_test(ctrl_c_in_the_terminal_is_not_for_the_server),
		cmocka_unit_test(a_killed_user_leaves_it_to_the_next),
		cmocka_unit_test(a_killed_server_starts_again_with_its_data),
		cmocka_unit_test(never_signals_a_stranger),
		cmocka_unit_test(a_folder_may_have_any_name),
		cmocka_unit_test(a_folder_may_be_deep),
		cmocka_unit_test(a_folder_may_have_a_comma),
		cmocka_unit_test(starts_over_what_an_interrupted_start_left),
		cmocka_unit_test(the_callers_environment_does_not_matter),
		cmocka_unit_test(a_folder_that_cannot_be_made_is_said_in_french),
		cmocka_unit_test(a_refused_setting_is_said_with_postgresql_s_reason),
		cmocka_unit_test(root_without_namespaces_runs_it_as_another_user),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
