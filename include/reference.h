/* Loads what sql/reference/ holds, and rebuilds what is computed from it, when either has changed.
 *
 * sql/views/ .sql files rebuild schema "derived"; sql/reference/load/ files fill the tables. A line
 * `-- copy: FILE.csv into TABLE(columns)` stands for the rows of sql/reference/FILE.csv. All of it
 * is one transaction: a broken file leaves the database as it was. The SHA-256 of every file is
 * kept in table reference_load; when all are known, nothing is done. */
#ifndef RECIRCUIT_REFERENCE_H
#define RECIRCUIT_REFERENCE_H

#include "db.h"

/* `folder` is sql/. *did_load says whether anything was to do. */
must_use bool reference_load(
	struct arena *a, struct db *db, const char *folder, bool *did_load, struct err *e);

/* Schema "derived" alone, on tables that are filled. */
must_use bool reference_rebuild(
	struct arena *a, struct db *db, const char *folder, struct err *e);

#endif
