/* recircuit load: fills the database, with the reference data or with what a user has. A new kind
 * of data is one line of the table at the end. */
#include "load.h"

#include "command.h"
#include "house.h"
#include "reference.h"
#include "text.h"

#include <errno.h>
#include <stdio.h>

bool load_conclude(size_t refused, struct err *e)
{
	if (fflush(stdout) != 0)
		return err_set(e, ERR_SYSTEM, "le compte rendu n’a pas pu être écrit : %s",
			err_system_text(errno));
	return !refused || err_set(e, ERR_INVALID, "%zu ligne%s refusée%s", refused,
				   refused > 1 ? "s" : "", refused > 1 ? "s" : "");
}

/* ---- load reference ---- */

static bool load_reference(int argc, char **argv, struct err *e)
{
	static const struct usage usage = {
		.program = "recircuit",
		.name = "load reference",
		.arguments = "",
		.doc = "Charge le découpage administratif, les tonnages, les paramètres et les "
		       "usines "
		       "de sql/reference,\net recalcule ce qui en découle. Ne fait rien quand rien "
		       "n’a "
		       "changé.",
	};
	bool done, did_load;
	int first;
	if (!program_options(&usage, argc, argv, NULL, &done, &first, e) || done)
		return done;
	struct arena *a = arena_new();
	struct house house;
	struct db *db;
	bool ok = house_open(a, &house, e) && house_connect(a, &house, &db, e) &&
		  reference_load(a, db, house.sql, &did_load, e);
	if (ok)
		printf("Données de référence %s.\n", did_load ? "chargées" : "déjà à jour");
	arena_free(a);
	return ok;
}

/* ---- load ---- */

static const struct subject {
	const char *name;
	bool (*run)(int argc, char **argv, struct err *e);
	const char *doc;
} subjects[] = {
	{"reference", load_reference, "les données de référence livrées avec le programme"},
	{"points", load_points, "de vrais points de collecte, à la place des points estimés"},
	{"distances", load_distances,
		"des distances par la route, à la place de la règle à vol d’oiseau"},
};
enum { SUBJECT_COUNT = sizeof subjects / sizeof *subjects };

bool cmd_load(int argc, char **argv, struct err *e)
{
	const char *name = argc > 1 ? argv[1] : "";
	for (size_t s = 0; s < SUBJECT_COUNT; s++)
		if (text_eq(subjects[s].name, name))
			return subjects[s].run(argc - 1, argv + 1, e);
	if (!text_eq(name, "--help") && !text_eq(name, "-h"))
		return err_set(e, ERR_USAGE, "%s ; voir recircuit load --help",
			*name ? "rien de tel à charger" : "il manque ce qu’il faut charger");
	printf("Usage : recircuit load QUOI [options]\n\n");
	for (size_t s = 0; s < SUBJECT_COUNT; s++)
		printf("  %-10s %s\n", subjects[s].name, subjects[s].doc);
	printf("\n« recircuit load QUOI --help » dit les options de chacun.\n");
	return true;
}
