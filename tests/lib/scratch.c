#include "scratch.h"

#include "cluster.h"
#include "db.h"
#include "migrate.h"
#include "reference.h"
#include "share.h"

#include <ftw.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st, (void)type, (void)at;
	return remove(path);
}

void scratch_remove(const char *path)
{
	nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static void remove_folder(void *path)
{
	scratch_remove(path);
}

const char *scratch_folder(struct arena *a)
{
	char *path = arena_printf(a, "%s/recircuit-test-XXXXXX", P_tmpdir);
	if (!mkdtemp(path))
		fail_msg("%s cannot be made", path);
	arena_defer(a, remove_folder, path);
	return path;
}

/* A later dbname wins over an earlier one. */
static const char *to(struct arena *a, const char *conninfo, const char *database)
{
	return arena_printf(a, "%s dbname=%s", conninfo, database);
}

static bool load_queries(struct arena *a, struct query_set *queries, struct err *e)
{
	const char *folder;
	return share_path(a, "sql/queries", &folder, e) && query_load(a, folder, queries, e);
}

static bool run_script(struct arena *a, const char *conninfo, const char *sql, struct err *e)
{
	struct db *db;
	return db_open(a, conninfo, NULL, &db, e) && db_script(db, sql, e);
}

/* Brings the template to the files as they are now; quick when they have not changed. */
static bool fill_template(struct arena *a, const char *conninfo, struct err *e)
{
	struct query_set queries;
	struct db *db;
	const char *sql;
	bool did_load;
	return share_path(a, "sql", &sql, e) && load_queries(a, &queries, e) &&
	       db_open(a, to(a, conninfo, "test_template"), &queries, &db, e) &&
	       migrate_apply(db, arena_printf(a, "%s/migrations", sql), NULL, e) &&
	       reference_load(a, db, sql, &did_load, e);
}

/* Connections end here: a database that somebody is connected to cannot be a template. */
static bool make_template(const char *conninfo, struct err *e)
{
	struct arena *a = arena_new();
	struct err ignored; /* it is there, or filling it will say why it is not */
	bool is_new = run_script(a, conninfo, "CREATE DATABASE test_template", &ignored);
	(void)is_new;
	bool ok = fill_template(a, conninfo, e);
	arena_free(a);
	return ok;
}

static const char drop_template[] = "DROP DATABASE IF EXISTS test_template WITH (FORCE)";

bool scratch_server(struct arena *a, const char *folder, bool keeps_template, const char **conninfo,
	struct err *e)
{
	static const char *const settings[] = {
		"ALTER SYSTEM SET fsync = off",
		"ALTER SYSTEM SET full_page_writes = off",
		"ALTER SYSTEM SET synchronous_commit = off",
		"SELECT pg_reload_conf()",
	};
	struct cluster *cluster;
	if (!cluster_open(a, folder, &cluster, e))
		return false;
	*conninfo = cluster_conninfo(cluster);
	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
		if (!run_script(a, *conninfo, settings[i], e))
			return false;
	if (keeps_template && make_template(*conninfo, e))
		return true;
	return run_script(a, *conninfo, drop_template, e) && make_template(*conninfo, e);
}

/* The suite's server, or one of our own in <program>.var. */
static const char *server(struct arena *a)
{
	const char *conninfo = getenv("RECIRCUIT_DB");
	if (conninfo && *conninfo)
		return conninfo;
	char program[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
	assert_true(n > 0);
	program[n] = '\0';
	struct err e;
	assert_ok(scratch_server(a, arena_printf(a, "%s.var", program), true, &conninfo, &e), e);
	return conninfo;
}

struct database {
	const char *server, *drop;
};

static void drop_database(void *database)
{
	struct database *d = database;
	struct arena *a = arena_new();
	struct db *db;
	struct err e;
	if (!db_open(a, d->server, NULL, &db, &e) || !db_script(db, d->drop, &e))
		fprintf(stderr, "%s: %s\n", d->drop, e.message);
	arena_free(a);
}

static const char *make(struct arena *a, const char *name, const char *template)
{
	struct database *d = arena_one(a, struct database);
	const char *database = arena_printf(a, "test_%s_%d", name, (int)getpid());
	d->server = server(a);
	d->drop = arena_printf(a, "DROP DATABASE IF EXISTS %s WITH (FORCE)", database);
	const char *create = arena_printf(a, "CREATE DATABASE %s TEMPLATE %s", database, template);
	struct arena *scratch = arena_new();
	struct db *db;
	struct err e;
	bool ok = db_open(scratch, d->server, NULL, &db, &e) && db_script(db, d->drop, &e) &&
		  db_script(db, create, &e);
	arena_free(scratch);
	assert_ok(ok, e);
	arena_defer(a, drop_database, d);
	return to(a, d->server, database);
}

const char *scratch_database(struct arena *a, const char *name)
{
	return make(a, name, "test_template");
}

const char *scratch_empty_database(struct arena *a, const char *name)
{
	return make(a, name, "template0");
}

const struct query_set *scratch_queries(struct arena *a)
{
	struct query_set *queries = arena_one(a, struct query_set);
	struct err e;
	assert_ok(load_queries(a, queries, &e), e);
	return queries;
}
