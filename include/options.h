/* Command-line options and their environment twins, from a table.
 *
 *	static const struct option_spec specs[] = {
 *		{"port", 'p', OPTION_INT, offsetof(struct serve, port), "N", "port to listen on"},
 *	};
 *	options_parse(specs, count, argc, argv, &serve, &rest, e)
 *
 * One table gives the parser, --help and the documentation. `--name value`, `--name=value`, `-n
 * value`; `--` ends the options; a lone `-` is an argument. */
#ifndef RECIRCUIT_OPTIONS_H
#define RECIRCUIT_OPTIONS_H

#include "err.h"

#include <stddef.h>
#include <stdio.h>

enum option_type { OPTION_FLAG, OPTION_INT, OPTION_REAL, OPTION_TEXT };

struct option_spec {
	const char *name;      /* long name, without dashes */
	char letter;           /* short name, or 0 */
	enum option_type type; /* bool, int64_t, double, const char * in the target */
	size_t offset;         /* offsetof the field in the target struct */
	const char *value;     /* name of the value in --help, null for flags */
	const char *doc;       /* one line */
};

/* Fills the fields of `target` whose options appear; the caller sets defaults beforehand.
 * *first is the index in argv of the first plain argument; plain arguments are moved to the end in
 * order. Unknown options and bad values are ERR_USAGE. */
must_use bool options_parse(const struct option_spec *specs, size_t count, int argc, char **argv,
	void *target, int *first, struct err *e);

/* The option lines of --help. */
void options_help(FILE *out, const struct option_spec *specs, size_t count);

#endif
