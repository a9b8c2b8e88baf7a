/* A subcommand: one line of the table in main.c and one file. */
#ifndef RECIRCUIT_CMD_COMMAND_H
#define RECIRCUIT_CMD_COMMAND_H

#include "err.h"
#include "options.h"

/* Reads the options of a subcommand; prints its help and sets *done when asked to. `plain` is how
 * many plain arguments it wants; *first is the index of the first one. */
struct usage {
	const char *name, *arguments, *doc;
	const struct option_spec *specs;
	size_t spec_count;
	int plain;
};

must_use bool command_options(const struct usage *u, int argc, char **argv, void *target,
	bool *done, int *first, struct err *e);

must_use bool cmd_serve(int argc, char **argv, struct err *e);
must_use bool cmd_work(int argc, char **argv, struct err *e);
must_use bool cmd_migrate(int argc, char **argv, struct err *e);
must_use bool cmd_load(int argc, char **argv, struct err *e);
must_use bool cmd_export(int argc, char **argv, struct err *e);
must_use bool cmd_demo(int argc, char **argv, struct err *e);

#endif
