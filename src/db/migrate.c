#include "migrate.h"

#include "digest.h"
#include "file.h"
#include "query.h"
#include "text.h"

#include <inttypes.h>
#include <string.h>

enum {
	FILE_LIMIT = 16 << 20, /* bytes */
	NUMBER_WIDTH = 4       /* the NNNN of NNNN_title.sql */
};

/* Held to the end of the transaction. Migrations may run for long, and so may the wait for them. */
static const char lock[] = "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;"
			   "SELECT pg_advisory_xact_lock(hashtext('recircuit.schema_migration'))";

struct migration {
	const char *name; /* 0001_geography.sql */
	char *sql;
	char sha256[65];
};

struct migrations {
	struct migration *list; /* sorted by name */
	size_t count;
};

static bool read_files(struct arena *a, const char *folder, struct migrations *files, struct err *e)
{
	char **names;
	if (!file_list(a, folder, ".sql", &names, &files->count, e))
		return err_prefix(e, "migrations : ");
	files->list = arena_array(a, struct migration, files->count);
	for (size_t i = 0; i < files->count; i++) {
		struct migration *m = &files->list[i];
		size_t len;
		m->name = names[i];
		if (!file_read(a, arena_printf(a, "%s/%s", folder, m->name), FILE_LIMIT, &m->sql,
			    &len, e))
			return err_prefix(e, "migration ");
		if (!text_is_utf8(m->sql, len))
			return err_set(e, ERR_INVALID, "migration %s : ce n’est pas du texte UTF-8",
				m->name);
		digest_sha256(m->sql, len, m->sha256);
	}
	return true;
}

/* The NNNN of NNNN_title.sql, or 0. */
static size_t number_of(const char *name)
{
	size_t number = 0;
	for (size_t i = 0; i < NUMBER_WIDTH; i++) {
		if (name[i] < '0' || name[i] > '9')
			return 0;
		number = number * 10 + (size_t)(name[i] - '0');
	}
	return name[NUMBER_WIDTH] == '_' ? number : 0;
}

/* Files are numbered 0001, 0002, ...: list[i] is version i + 1. Two branches that both added a
 * migration meet here. */
static bool check_numbers(const struct migrations *files, struct err *e)
{
	for (size_t i = 0; i < files->count; i++)
		if (number_of(files->list[i].name) != i + 1)
			return err_set(e, ERR_INVALID,
				"migration %s : un fichier « %04zu_titre.sql » était attendu ici "
				"(numéros à quatre chiffres, sans trou ni doublon)",
				files->list[i].name, i + 1);
	return true;
}

static const struct migration *find(const struct migrations *files, const char *name)
{
	for (size_t i = 0; i < files->count; i++)
		if (text_eq(files->list[i].name, name))
			return &files->list[i];
	return NULL;
}

static bool check_applied(const struct migrations *files, size_t version, const char *name,
	const char *sha256, struct err *e)
{
	const struct migration *m = find(files, name);
	size_t newest = files->count ? number_of(files->list[files->count - 1].name) : 0;
	if (!m && version > newest)
		return err_set(e, ERR_CONFLICT,
			"la base est plus récente que ce programme : elle a reçu %s, et il "
			"s’arrête "
			"à la version %zu ; mettez-le à jour",
			name, newest);
	if (!m)
		return err_set(e, ERR_CONFLICT,
			"la migration %s, appliquée à cette base, manque dans les fichiers ; "
			"remettez-la",
			name);
	if (!text_eq(m->sha256, sha256))
		return err_set(e, ERR_CONFLICT,
			"la migration %s a changé depuis qu’elle a été appliquée à cette base ; "
			"remettez l’ancien texte et écrivez une nouvelle migration",
			name);
	return true;
}

/* What the database says it has, held against the files; *version is its last. */
static bool compare(struct arena *a, struct db *db, const struct migrations *files, size_t *version,
	struct err *e)
{
	struct rows there, applied = {0};
	if (!db_query(a, db, "migration_exists", NULL, 0, &there, e))
		return false;
	if (rows_bool(&there, 0, 0) && !db_query(a, db, "migration_list", NULL, 0, &applied, e))
		return false;
	for (size_t r = 0; r < applied.count; r++) {
		size_t number = (size_t)rows_int(&applied, r, 0);
		const char *name = rows_text(&applied, r, 1);
		if (number != r + 1)
			return err_set(e, ERR_CONFLICT,
				"la table schema_migration a été modifiée à la main : elle a %s "
				"mais pas la version %zu",
				name, r + 1);
		if (!check_applied(files, number, name, rows_text(&applied, r, 2), e))
			return false;
	}
	*version = applied.count;
	return check_numbers(files, e);
}

/* Inside a transaction. */
static bool apply_one(
	struct arena *a, struct db *db, const struct migration *m, size_t version, struct err *e)
{
	if (version == 1 && (!db_query(a, db, "migration_create", NULL, 0, NULL, e) ||
				    !db_query(a, db, "migration_describe", NULL, 0, NULL, e)))
		return false;
	const char *number = arena_printf(a, "%zu", version);
	return db_script(db, m->sql, e) &&
	       db_query(a, db, "migration_add", (const char *[]){number, m->name, m->sha256}, 3,
		       NULL, e);
}

/* The next missing file in a transaction of its own, which holds the lock and has just looked at
 * what is applied: a caller who waited finds the work done. */
static bool step(struct db *db, const struct migrations *files, bool *is_done, struct err *e)
{
	struct arena *a = arena_new();
	size_t version;
	bool ok = db_begin(db, e) && db_script(db, lock, e) && compare(a, db, files, &version, e);
	*is_done = ok && version == files->count;
	if (ok && !*is_done) {
		const struct migration *m = &files->list[version];
		ok = (apply_one(a, db, m, version + 1, e) && db_commit(db, e)) ||
		     err_prefix(e, "migration %s : ", m->name);
	}
	db_rollback(db);
	arena_free(a);
	return ok;
}

bool migrate_apply(struct db *db, const char *folder, int *applied, struct err *e)
{
	struct arena *a = arena_new();
	struct migrations files;
	int count = 0;
	bool is_done = false, ok = read_files(a, folder, &files, e);
	while (ok && !is_done) {
		ok = step(db, &files, &is_done, e);
		count += ok && !is_done;
	}
	arena_free(a);
	if (applied)
		*applied = count;
	return ok;
}

bool migrate_check(struct db *db, const char *folder, int *version, struct err *e)
{
	struct arena *a = arena_new();
	struct migrations files;
	size_t there = 0;
	bool ok = read_files(a, folder, &files, e) && compare(a, db, &files, &there, e);
	if (ok && there < files.count)
		ok = err_set(e, ERR_UNAVAILABLE,
			"la base est à la version %zu du schéma et ce programme attend la version "
			"%zu : lancez « recircuit migrate »",
			there, files.count);
	if (!ok)
		e->kind = ERR_UNAVAILABLE;
	if (version)
		*version = (int)there;
	arena_free(a);
	return ok;
}
