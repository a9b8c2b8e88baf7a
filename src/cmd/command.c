#include "command.h"

#include "cluster.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

bool command_options(const char *usage, const struct option_spec *specs, size_t count, int argc,
	char **argv, void *target, bool *is_done, struct err *e)
{
	/* --help is looked for first: it must work even beside a bad option. */
	*is_done = false;
	for (int i = 1; i < argc; i++)
		*is_done = *is_done || strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0;
	if (*is_done) {
		printf("%s\n\nOptions :\n", usage);
		options_help(stdout, specs, count);
		return true;
	}
	int first;
	if (!options_parse(specs, count, argc, argv, target, &first, e))
		return false;
	if (first < argc)
		return err_set(e, ERR_USAGE, "argument inattendu : %s", argv[first]);
	return true;
}

bool command_database(struct arena *a, const char **conninfo, struct err *e)
{
	const char *named = getenv("RECIRCUIT_DB");
	if (named && *named) {
		*conninfo = named;
		return true;
	}
	struct cluster *cluster;
	if (!cluster_open(a, "var", &cluster, e))
		return false;
	*conninfo = cluster_conninfo(cluster);
	return true;
}

/* A signal has no argument to pass state through: the one mutable global of the program. */
static atomic_bool is_asked_to_stop;

static void ask_to_stop(int number)
{
	(void)number;
	atomic_store(&is_asked_to_stop, true);
}

const atomic_bool *command_stop_flag(void)
{
	struct sigaction act = {.sa_handler = ask_to_stop};
	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
	return &is_asked_to_stop;
}
