/* A program of subcommands, from a table.
 *
 *	static const struct command commands[] = {{"serve", cmd_serve, "sert l’interface"}, ...};
 *	static const struct program program = {"recircuit", "...", commands, COUNT, "Environnement ..."};
 *	int main(int argc, char **argv) { return program_main(&program, argc, argv); }
 *
 * The table gives the dispatch, --help and the errors of wrong use; each subcommand its own options. */
#ifndef RECIRCUIT_PROGRAM_H
#define RECIRCUIT_PROGRAM_H

#include "err.h"
#include "options.h"

struct command {
	const char *name;
	bool (*run)(int argc, char **argv, struct err *e); /* argv[0] is the subcommand */
	const char *doc;
};

struct program {
	const char *name, *purpose;
	const struct command *commands;
	size_t count;
	const char *epilogue; /* last of --help */
};

/* Runs the subcommand that argv names; what went wrong goes to stderr in one line. Returns the
 * exit status. */
int program_main(const struct program *p, int argc, char **argv);

/* A subcommand that is itself a table of some: recircuit load points. */
struct command_group {
	const char *program, *name; /* "recircuit", "load" */
	const struct command *commands;
	size_t count;
};

must_use bool program_group(const struct command_group *g, int argc, char **argv, struct err *e);

/* Reads the options of a subcommand; prints its help and sets *done when asked to. `plain` is how
 * many plain arguments it wants; *first is the index of the first one. */
struct usage {
	const char *program, *name, *arguments, *doc;
	const struct option_spec *specs;
	size_t spec_count;
	int plain;
};

must_use bool program_options(const struct usage *u, int argc, char **argv, void *target,
	bool *done, int *first, struct err *e);

#endif
