#include "command.h"
#include "mps.h"
#include "question.h"
#include "text.h"

struct export_options {
	const char *format, *from, *output;
	bool is_single_sourced;
};

static const struct option_spec specs[] = {
	{"format", 'f', OPTION_TEXT, offsetof(struct export_options, format), "NOM",
		"format écrit : mps"},
	{"from", 0, OPTION_TEXT, offsetof(struct export_options, from), "NOM",
		"format du réseau lu : network (par défaut) ou un format de la littérature"},
	{"single-source", 0, OPTION_FLAG, offsetof(struct export_options, is_single_sourced), NULL,
		"un point n’envoie un flux qu’à un seul site"},
	{"output", 'o', OPTION_TEXT, offsetof(struct export_options, output), "FICHIER",
		"où écrire (sortie standard par défaut)"},
};

bool solve_export(int argc, char **argv, struct err *e)
{
	static const struct usage usage = {
		.program = "recircuit-solve",
		.name = "export",
		.arguments = "RÉSEAU",
		.doc = "Écrit le modèle en nombres entiers, pour tout autre solveur.",
		.specs = specs,
		.spec_count = sizeof specs / sizeof *specs,
		.plain = 1,
	};
	struct export_options o = {.format = "mps", .from = "network", .output = "-"};
	bool done;
	int first;
	if (!program_options(&usage, argc, argv, &o, &done, &first, e) || done)
		return done;
	if (!text_eq(o.format, "mps"))
		return err_set(e, ERR_USAGE, "export écrit --format mps, pas « %s »", o.format);
	struct arena *a = arena_new();
	struct question q;
	bool ok = question_read(a, o.from, o.is_single_sourced, argv[first], &q, e) &&
		  mps_export(a, &q.model, o.output, e);
	arena_free(a);
	return ok;
}
