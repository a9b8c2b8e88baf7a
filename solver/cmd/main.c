/* recircuit-solve: a filter, files in, JSON out. A new subcommand is one line here and one file. */
#include "command.h"
#include "formats.h"

#include <stdio.h>

static const struct command commands[] = {
	{"plan", solve_plan, "cherche le meilleur plan et une borne qui le prouve"},
	{"check", solve_check, "recalcule la faisabilité et chaque chiffre d’un plan"},
	{"study", solve_study, "points de bascule, sensibilité, tirages, groupes de régions"},
	{"rounds", solve_rounds, "cherche les tournées de collecte les moins chères"},
	{"export", solve_export, "écrit le modèle pour un autre solveur"},
	{"generate", solve_generate, "écrit un réseau de synthèse, pour mesurer"},
	{"share", solve_share, "partage un coût commun entre ceux qui le causent"},
};

/* The formats are a table of their own. */
static void say_formats(char *text, size_t size)
{
	size_t n =
		(size_t)snprintf(text, size, "Formats (« - » lit l’entrée standard)\n  %-10s %s\n",
			"network", "réseau de Recircuit (solver/FORMAT.md)");
	for (const struct format *f = format_table(); f->name && n < size; f++)
		n += (size_t)snprintf(text + n, size - n, "  %-10s %s\n", f->name, f->doc);
	if (n < size)
		n += (size_t)snprintf(text + n, size - n, "  %-10s %s\n", "vrplib",
			"tournées (rounds et check seulement) : CVRP, VRPTW, HFVRP, MTVRPTWR");
	if (n < size)
		snprintf(text + n, size - n,
			"\nCode de sortie : 0 plan trouvé, 2 donnée refusée, 3 aucun plan possible "
			"ou vérification\nmanquée, 8 aucun plan trouvé à temps, 64 commande mal "
			"formée\n");
}

int main(int argc, char **argv)
{
	char formats[4000];
	say_formats(formats, sizeof formats);
	struct program program = {
		.name = "recircuit-solve",
		.purpose = "où, quand et de quelle taille ouvrir des plateformes",
		.commands = commands,
		.count = sizeof commands / sizeof *commands,
		.epilogue = formats,
	};
	return program_main(&program, argc, argv);
}
