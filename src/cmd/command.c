#include "command.h"

#include "text.h"

#include <stdio.h>

/* "recircuit export [options] network", without a blank at the end. */
static void say_usage(char *line, size_t size, const struct usage *u)
{
	snprintf(line, size, "recircuit %s%s%s%s", u->name, u->spec_count ? " [options]" : "",
		*u->arguments ? " " : "", u->arguments);
}

bool command_options(const struct usage *u, int argc, char **argv, void *target, bool *done,
	int *first, struct err *e)
{
	char line[200];
	say_usage(line, sizeof line, u);
	for (int i = 1; i < argc; i++)
		if (text_eq(argv[i], "--help") || text_eq(argv[i], "-h")) {
			printf("Usage : %s\n\n%s\n", line, u->doc);
			if (u->spec_count)
				printf("\nOptions\n");
			options_help(stdout, u->specs, u->spec_count);
			*done = true;
			return true;
		}
	*done = false;
	if (!options_parse(u->specs, u->spec_count, argc, argv, target, first, e))
		return false;
	if (argc - *first != u->plain)
		return err_set(e, ERR_USAGE, "usage : %s", line);
	return true;
}
