/* Schema migrations: sql/migrations/NNNN_title.sql, applied in order, each in a transaction.
 *
 * The table schema_migration keeps version, name and SHA-256 of every applied file. An applied file
 * that changed since, or is missing, is an error that names it; so is a database that is ahead of
 * the files. An advisory lock makes concurrent callers wait for each other. The connection is one
 * that was opened with the statements of sql/queries. */
#ifndef RECIRCUIT_MIGRATE_H
#define RECIRCUIT_MIGRATE_H

#include "db.h"

/* Applies what is missing; *applied counts the files run now (may be null). */
must_use bool migrate_apply(struct db *db, const char *folder, int *applied, struct err *e);

/* ERR_UNAVAILABLE unless the database is exactly at the version of the files. */
must_use bool migrate_check(struct db *db, const char *folder, int *version, struct err *e);

#endif
