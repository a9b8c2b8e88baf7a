#include "program.h"

#include "text.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

/* "recircuit export [options] network", without a blank at the end. */
static void say_usage(char *line, size_t size, const struct usage *u)
{
	snprintf(line, size, "%s %s%s%s%s", u->program, u->name, u->spec_count ? " [options]" : "",
		*u->arguments ? " " : "", u->arguments);
}

bool program_options(const struct usage *u, int argc, char **argv, void *target, bool *done,
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

bool program_group(const struct command_group *g, int argc, char **argv, struct err *e)
{
	const char *name = argc > 1 ? argv[1] : "";
	for (size_t c = 0; c < g->count; c++)
		if (text_eq(g->commands[c].name, name))
			return g->commands[c].run(argc - 1, argv + 1, e);
	if (!text_eq(name, "--help") && !text_eq(name, "-h"))
		return err_set(e, ERR_USAGE, "%s après %s %s ; voir %s %s --help",
			*name ? "mot inconnu" : "il manque un mot", g->program, g->name, g->program,
			g->name);
	printf("Usage : %s %s QUOI [options]\n\n", g->program, g->name);
	for (size_t c = 0; c < g->count; c++)
		printf("  %-10s %s\n", g->commands[c].name, g->commands[c].doc);
	printf("\n« %s %s QUOI --help » dit les options de chacun.\n", g->program, g->name);
	return true;
}

static void help(const struct program *p)
{
	printf("%s %s : %s\n\nUsage : %s COMMANDE [options]\n\n", p->name, RECIRCUIT_VERSION,
		p->purpose, p->name);
	for (size_t c = 0; c < p->count; c++)
		printf("  %-13s %s\n", p->commands[c].name, p->commands[c].doc);
	printf("\n« %s COMMANDE --help » dit les options de chacune.\n\n%s", p->name, p->epilogue);
}

static bool run(const struct program *p, int argc, char **argv, struct err *e)
{
	const char *name = argc > 1 ? argv[1] : "";
	if (text_eq(name, "--help") || text_eq(name, "-h") || text_eq(name, "help")) {
		help(p);
		return true;
	}
	if (text_eq(name, "--version")) {
		printf("%s\n", RECIRCUIT_VERSION);
		return true;
	}
	for (size_t c = 0; c < p->count; c++)
		if (text_eq(p->commands[c].name, name))
			return p->commands[c].run(argc - 1, argv + 1, e);
	if (!*name)
		return err_set(e, ERR_USAGE, "il manque une commande ; voir %s --help", p->name);
	return err_set(e, ERR_USAGE, "commande inconnue « %s » ; voir %s --help", name, p->name);
}

int program_main(const struct program *p, int argc, char **argv)
{
	struct err e = {0};
	signal(SIGPIPE, SIG_IGN);
	bool ok = run(p, argc, argv, &e);
	if (!ok)
		fprintf(stderr, "%s : %s\n", p->name, e.message);
	return ok ? EXIT_SUCCESS : err_exit_status(e.kind);
}
