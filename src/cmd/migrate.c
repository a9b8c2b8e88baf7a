#include "migrate.h"

#include "command.h"
#include "reference.h"
#include "share.h"

#include <stdio.h>

bool cmd_migrate(struct arena *a, int argc, char **argv, struct err *e)
{
	const char *conninfo, *migrations, *sql;
	struct db *db;
	int applied;
	bool is_done, did_load;
	if (!command_options("Usage : recircuit migrate", NULL, 0, argc, argv, NULL, &is_done, e))
		return false;
	if (is_done)
		return true;
	if (!share_path(a, "sql/migrations", &migrations, e) || !share_path(a, "sql", &sql, e) ||
		!command_database(a, &conninfo, e) || !db_open(a, conninfo, NULL, &db, e) ||
		!migrate_apply(db, migrations, &applied, e) ||
		!reference_load(a, db, sql, &did_load, e))
		return false;
	printf("Schéma : %d migration(s) appliquée(s). Données de référence : %s.\n", applied,
		did_load ? "chargées" : "déjà à jour");
	return true;
}
