/* What a test makes and what ends with its arena: folders, databases.
 *
 * `make check` starts one cluster for the whole suite and names it in RECIRCUIT_DB; a test run by
 * hand without it starts its own beside the program. Databases are copied from a template, which
 * takes a fraction of a second. When something cannot be had, the test
 * fails with the reason. */
#ifndef RECIRCUIT_TESTS_SCRATCH_H
#define RECIRCUIT_TESTS_SCRATCH_H

#include "arena.h"
#include "err.h"
#include "query.h"

/* Fails the test with the error's own words. */
#define assert_ok(ok, e) \
	do { \
		if (!(ok)) \
			fail_msg("%s", (e).message); \
	} while (0)

/* An empty folder in the system's temporary folder. */
const char *scratch_folder(struct arena *a);

/* A folder and all that is in it, made by something else. */
void scratch_remove(const char *path);

/* The conninfo of a database ready to serve: schema, views and reference data. `name` is the test
 * file's; each call with the same name drops the database of the call before. */
const char *scratch_database(struct arena *a, const char *name);

/* The same with nothing in it. */
const char *scratch_empty_database(struct arena *a, const char *name);

/* The statements of sql/queries. */
const struct query_set *scratch_queries(struct arena *a);

/* Starts the suite's cluster (fsync off: nothing in it is worth a disk's patience) and makes its
 * template, anew or from the one of the last time, which takes in files that changed but not code.
 */
must_use bool scratch_server(struct arena *a, const char *folder, bool keeps_template,
	const char **conninfo, struct err *e);

#endif
