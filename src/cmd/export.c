#include "command.h"
#include "file.h"
#include "house.h"
#include "instance.h"
#include "text.h"

struct export_options {
	const char *scenario, *output;
};

static const struct option_spec specs[] = {
	{"scenario", 's', OPTION_TEXT, offsetof(struct export_options, scenario), "ID",
		"numéro ou code du scénario (reference par défaut)"},
	{"output", 'o', OPTION_TEXT, offsetof(struct export_options, output), "FICHIER",
		"où écrire (sortie standard par défaut)"},
};

/* The network that a run of the scenario would solve now. */
static bool export_network(struct arena *a, const struct export_options *o, struct err *e)
{
	struct house house;
	struct db *db;
	struct rows rows;
	struct instance instance;
	if (!house_open(a, &house, e) || !house_connect(a, &house, &db, e) ||
		!db_query(a, db, "scenario_freeze", &o->scenario, 1, &rows, e))
		return false;
	if (!rows.count)
		return err_set(e, ERR_NOT_FOUND, "scénario inconnu : %s", o->scenario);
	return instance_make(a, db, rows_text(&rows, 0, 1), &instance, e) &&
	       file_write(o->output, instance.network.data, instance.network.len, e);
}

bool cmd_export(int argc, char **argv, struct err *e)
{
	static const struct usage usage = {
		.program = "recircuit",
		.name = "export",
		.arguments = "network",
		.doc = "Écrit le réseau d’un scénario dans le format de recircuit-solve.",
		.specs = specs,
		.spec_count = sizeof specs / sizeof *specs,
		.plain = 1,
	};
	struct export_options o = {.scenario = "reference", .output = "-"};
	bool done;
	int first;
	if (!program_options(&usage, argc, argv, &o, &done, &first, e) || done)
		return done;
	if (!text_eq(argv[first], "network"))
		return err_set(e, ERR_USAGE,
			"rien de tel à écrire : « %s » ; voir recircuit export --help",
			argv[first]);
	struct arena *a = arena_new();
	bool ok = export_network(a, &o, e);
	arena_free(a);
	return ok;
}
