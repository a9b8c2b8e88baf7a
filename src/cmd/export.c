#include "command.h"
#include "due.h"
#include "file.h"
#include "house.h"
#include "instance.h"
#include "text.h"

struct export_options {
	const char *scenario, *output, *asked;
};

static const struct option_spec specs[] = {
	{"scenario", 's', OPTION_TEXT, offsetof(struct export_options, scenario), "ID",
		"numéro ou code du scénario (reference par défaut)"},
	{"ask", 'a', OPTION_TEXT, offsetof(struct export_options, asked), "JSON",
		"tournées voulues, comme dans POST /api/rounds : {\"hubs\": [...], \"week\": 12}"},
	{"output", 'o', OPTION_TEXT, offsetof(struct export_options, output), "FICHIER",
		"où écrire (sortie standard par défaut)"},
};

static bool open_database(struct arena *a, struct db **db, struct err *e)
{
	struct house *house = arena_one(a, struct house);
	return house_open(a, house, e) && house_connect(a, house, db, e);
}

/* The network that a run of the scenario would solve now. */
static bool export_network(struct arena *a, const struct export_options *o, struct err *e)
{
	struct db *db;
	struct rows rows;
	struct instance instance;
	if (!open_database(a, &db, e) ||
		!db_query(a, db, "scenario_freeze", &o->scenario, 1, &rows, e))
		return false;
	if (!rows.count)
		return err_set(e, ERR_NOT_FOUND, "scénario inconnu : %s", o->scenario);
	return instance_make(a, db, rows_text(&rows, 0, 1), &instance, e) &&
	       file_write(o->output, instance.network.data, instance.network.len, e);
}

/* The rounds that POST /api/rounds would ask for now. */
static bool export_rounds(struct arena *a, const struct export_options *o, struct err *e)
{
	struct db *db;
	struct rows asked, faults, frozen;
	struct due due;
	if (!open_database(a, &db, e) ||
		!db_query(a, db, "rounds_complete", &o->asked, 1, &asked, e))
		return false;
	const char *params[] = {o->scenario, rows_text(&asked, 0, 0)};
	if (!db_query(a, db, "rounds_fault", params + 1, 1, &faults, e) ||
		!db_query(a, db, "rounds_freeze", params, 2, &frozen, e))
		return false;
	if (faults.count)
		return err_set(e, ERR_INVALID, "%s", rows_text(&faults, 0, 0));
	if (!frozen.count)
		return err_set(e, ERR_NOT_FOUND, "scénario inconnu : %s", o->scenario);
	return due_make(a, db, rows_text(&frozen, 0, 0), &due, e) &&
	       file_write(o->output, due.question.data, due.question.len, e);
}

static const struct {
	const char *name;
	bool (*write)(struct arena *a, const struct export_options *o, struct err *e);
} things[] = {
	{"network", export_network},
	{"rounds", export_rounds},
};
enum { THINGS = sizeof things / sizeof *things };

bool cmd_export(int argc, char **argv, struct err *e)
{
	static const struct usage usage = {
		.program = "recircuit",
		.name = "export",
		.arguments = "network|rounds",
		.doc = "Écrit, dans le format de recircuit-solve, le réseau d’un scénario, ou les "
		       "tournées\nd’une semaine (--ask).",
		.specs = specs,
		.spec_count = sizeof specs / sizeof *specs,
		.plain = 1,
	};
	struct export_options o = {.scenario = "reference", .output = "-", .asked = "{}"};
	bool done;
	int first;
	if (!program_options(&usage, argc, argv, &o, &done, &first, e) || done)
		return done;
	size_t n = 0;
	while (n < THINGS && !text_eq(argv[first], things[n].name))
		n++;
	if (n == THINGS)
		return err_set(e, ERR_USAGE,
			"rien de tel à écrire : « %s » ; voir recircuit export --help",
			argv[first]);
	struct arena *a = arena_new();
	bool ok = things[n].write(a, &o, e);
	arena_free(a);
	return ok;
}
