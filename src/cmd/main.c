/* recircuit: the service and its tools. A new subcommand is one line here and one file. */
#include "command.h"
#include "log.h"
#include "text.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static const struct command {
	const char *name;
	bool (*run)(int argc, char **argv, struct err *e);
	const char *doc;
} commands[] = {
	{"serve", cmd_serve, "sert l’interface et l’API HTTP"},
	{"work", cmd_work, "prend les calculs dans la file et les fait"},
	{"migrate", cmd_migrate, "met le schéma de la base à jour"},
	{"export", cmd_export, "écrit le réseau d’un scénario pour recircuit-solve"},
	{"load", cmd_load, "charge les données de référence ou de vrais points de collecte"},
	{"demo", cmd_demo, "fait tout : base, données, calcul de référence, verdict, carte"},
};
enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

static void help(FILE *out)
{
	fprintf(out,
		"recircuit %s : une plateforme DEEE partagée entre régions serait-elle viable ?\n\n"
		"Usage : recircuit COMMANDE [options]\n\n",
		RECIRCUIT_VERSION);
	for (size_t c = 0; c < COMMAND_COUNT; c++)
		fprintf(out, "  %-10s %s\n", commands[c].name, commands[c].doc);
	fprintf(out, "\n« recircuit COMMANDE --help » dit les options de chacune.\n\n"
		     "Environnement\n"
		     "  RECIRCUIT_DB     base PostgreSQL (conninfo libpq) ; sans elle, une base "
		     "privée est\n"
		     "                   démarrée dans var/ et arrêtée à la fin\n"
		     "  RECIRCUIT_VAR    dossier de cette base privée\n"
		     "  RECIRCUIT_SHARE  dossier qui contient sql/ et web/\n");
}

static bool run(int argc, char **argv, struct err *e)
{
	const char *name = argc > 1 ? argv[1] : "";
	if (text_eq(name, "--help") || text_eq(name, "-h") || text_eq(name, "help")) {
		help(stdout);
		return true;
	}
	if (text_eq(name, "--version")) {
		printf("%s\n", RECIRCUIT_VERSION);
		return true;
	}
	for (size_t c = 0; c < COMMAND_COUNT; c++)
		if (text_eq(commands[c].name, name))
			return commands[c].run(argc - 1, argv + 1, e);
	if (!*name)
		return err_set(e, ERR_USAGE, "il manque une commande ; voir recircuit --help");
	return err_set(e, ERR_USAGE, "commande inconnue « %s » ; voir recircuit --help", name);
}

int main(int argc, char **argv)
{
	struct err e = {0};
	signal(SIGPIPE, SIG_IGN);
	bool ok = run(argc, argv, &e);
	if (!ok)
		fprintf(stderr, "recircuit : %s\n", e.message);
	return ok ? EXIT_SUCCESS : err_exit_status(e.kind);
}
