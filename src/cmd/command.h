/* A subcommand: main.c holds their table, and one file each holds them. */
#ifndef RECIRCUIT_CMD_COMMAND_H
#define RECIRCUIT_CMD_COMMAND_H

#include "arena.h"
#include "err.h"
#include "options.h"

#include <stdatomic.h>

struct command {
	const char *name;
	/* argv[0] is the name. What it prints is for people, in French. */
	bool (*run)(struct arena *a, int argc, char **argv, struct err *e);
	const char *doc; /* one line of --help, French */
};

bool cmd_serve(struct arena *a, int argc, char **argv, struct err *e);
bool cmd_migrate(struct arena *a, int argc, char **argv, struct err *e);

/* The options of a command; --help among them prints `usage` and the table, then *is_done. Plain
 * arguments are refused. */
must_use bool command_options(const char *usage, const struct option_spec *specs, size_t count,
	int argc, char **argv, void *target, bool *is_done, struct err *e);

/* RECIRCUIT_DB, or the private cluster in var/, started when needed. */
must_use bool command_database(struct arena *a, const char **conninfo, struct err *e);

/* True once the process was asked to end (SIGINT, SIGTERM). */
const atomic_bool *command_stop_flag(void);

#endif
