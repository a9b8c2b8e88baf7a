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

static const struct command subjects[] = {
	{"reference", load_reference, "les données de référence livrées avec le programme"},
	{"points", load_points, "de vrais points de collecte, à la place des points estimés"},
	{"distances", load_distances,
		"des distances par la route, à la place de la règle à vol d’oiseau"},
	{"lines", load_lines, "des lignes du registre chronologique, au nom d’un opérateur"},
};

bool cmd_load(int argc, char **argv, struct err *e)
{
	static const struct command_group group = {
		"recircuit", "load", subjects, sizeof subjects / sizeof *subjects};
	return program_group(&group, argc, argv, e);
}
