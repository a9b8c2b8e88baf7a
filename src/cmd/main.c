#include "command.h"
#include "log.h"
#include "text.h"

#include <signal.h>
#include <stdio.h>

static const struct command commands[] = {
	{"serve", cmd_serve, "ouvre le service HTTP et la carte"},
	{"migrate", cmd_migrate, "met le schéma et les données de référence à jour"},
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void print_help(FILE *out)
{
	fputs("Recircuit : faut-il une plateforme DEEE partagée entre régions, et où ?\n\n"
	      "Usage : recircuit COMMANDE [options]\n\nCommandes :\n",
		out);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].doc);
	fputs("\n« recircuit COMMANDE --help » dit tout sur une commande.\n"
	      "RECIRCUIT_DB donne la base PostgreSQL (conninfo de libpq) ; sans elle, Recircuit "
	      "tient\n"
	      "la sienne dans var/.\n",
		out);
}

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (text_eq(commands[i].name, name))
			return &commands[i];
	return NULL;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		print_help(stderr);
		return err_exit_status(ERR_USAGE);
	}
	if (text_eq(argv[1], "--help") || text_eq(argv[1], "-h") || text_eq(argv[1], "help")) {
		print_help(stdout);
		return 0;
	}
	if (text_eq(argv[1], "--version")) {
		puts("recircuit " RECIRCUIT_VERSION);
		return 0;
	}
	const struct command *c = find_command(argv[1]);
	if (!c) {
		fprintf(stderr, "recircuit : la commande « %s » n'existe pas (recircuit --help)\n",
			argv[1]);
		return err_exit_status(ERR_USAGE);
	}
	log_init(LOG_INFO);
	signal(SIGPIPE, SIG_IGN);
	struct arena *a = arena_new();
	struct err e = {0};
	bool is_done = c->run(a, argc - 1, argv + 1, &e);
	arena_free(a);
	if (is_done)
		return 0;
	fprintf(stderr, "recircuit %s : %s\n", c->name, e.message);
	return err_exit_status(e.kind);
}
