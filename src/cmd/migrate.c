#include "migrate.h"

#include "command.h"
#include "house.h"

#include <stdio.h>

bool cmd_migrate(int argc, char **argv, struct err *e)
{
	static const struct usage usage = {
		.program = "recircuit",
		.name = "migrate",
		.arguments = "",
		.doc = "Applique les fichiers de sql/migrations qui manquent à la base. Un fichier "
		       "déjà "
		       "appliqué qui a changé est une erreur qui le nomme.",
	};
	bool done;
	int first;
	if (!program_options(&usage, argc, argv, NULL, &done, &first, e) || done)
		return done;
	struct arena *a = arena_new();
	struct house house;
	struct db *db;
	int applied;
	bool ok = house_open(a, &house, e) && db_open(a, house.conninfo, &house.queries, &db, e) &&
		  migrate_apply(db, house.migrations, &applied, e);
	if (ok)
		printf("%d migration%s appliquée%s.\n", applied, applied > 1 ? "s" : "",
			applied > 1 ? "s" : "");
	arena_free(a);
	return ok;
}
