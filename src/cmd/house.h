/* What every subcommand stands on: where the files are, which database, which statements. */
#ifndef RECIRCUIT_CMD_HOUSE_H
#define RECIRCUIT_CMD_HOUSE_H

#include "db.h"
#include "program.h"
#include "query.h"

struct house {
	const char *migrations, *sql, *queries_folder, *web; /* folders */
	const char *solver;   /* recircuit-solve, beside this program */
	const char *conninfo; /* as the owner */
	const char *service;  /* as what answers people: db_open_service */
	struct query_set queries;
};

/* RECIRCUIT_DB names the database (a libpq conninfo, for the owner and the service alike); without it the private cluster in
 * RECIRCUIT_VAR (default var/) is started, and stopped when the arena ends. */
must_use bool house_open(struct arena *a, struct house *h, struct err *e);

/* A connection on a schema that is exactly ours. */
must_use bool house_connect(struct arena *a, const struct house *h, struct db **db, struct err *e);

/* A subcommand that does one thing in the database, as its owner: reads the options, opens the house,
 * and does it in a transaction of its own. `plain` are the arguments that are no options. */
struct errand {
	struct usage usage;
	bool (*run)(
		struct arena *a, struct db *db, const void *options, char **plain, struct err *e);
};

must_use bool house_errand(
	const struct errand *errand, void *options, int argc, char **argv, struct err *e);

#endif
