/* recircuit backup and restore: the whole database in one file of pg_dump's, and back into an empty one.
 *
 * A backup appears under its name once it is whole and on the disk; a restore is one transaction. What is computed from
 * the tables (schema derived) is not in it: it is built anew. */
#include "child.h"
#include "command.h"
#include "file.h"
#include "house.h"
#include "reference.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool run(struct arena *a, const char *const argv[], const char *what, struct err *e)
{
	static const struct child_limits none;
	struct child *c;
	char line[256];
	if (!child_start(a, argv, &none, &c, e))
		return err_prefix(e, "%s : ", argv[0]);
	while (child_wait_line(c, 1, line, sizeof line) != CHILD_CLOSED)
		;
	return child_finish(c) == 0 || err_set(e, ERR_SYSTEM, "%s : %s", what, c->error);
}

static bool sync_path(const char *path, int flags, struct err *e)
{
	int fd = open(path, flags | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;
	if (!ok)
		err_set(e, ERR_SYSTEM, "%s : %s", path, err_system_text(errno));
	if (fd >= 0)
		close(fd);
	return ok;
}

/* For its owner's eyes alone, before anything is in it. */
static bool make_private(const char *path, struct err *e)
{
	unlink(path);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return (fd >= 0 && close(fd) == 0) ||
	       err_set(e, ERR_SYSTEM, "%s : %s", path, err_system_text(errno));
}

/* The file and its name survive a power cut from here on. */
static bool keep(struct arena *a, const char *part, const char *path, struct err *e)
{
	if (!sync_path(part, O_RDONLY, e))
		return false;
	if (rename(part, path) != 0)
		return err_set(e, ERR_SYSTEM, "%s : %s", path, err_system_text(errno));
	return sync_path(dirname(arena_strdup(a, path)), O_RDONLY | O_DIRECTORY, e);
}

static bool say(struct arena *a, struct db *db, const char *path, const char *what, struct err *e)
{
	struct rows rows;
	if (!db_query(a, db, "backup_counts", NULL, 0, &rows, e))
		return false;
	printf("%s %s : %s organisations, %s comptes, %s lignes, %s calculs.\n", path, what,
		rows_text(&rows, 0, 0), rows_text(&rows, 0, 1), rows_text(&rows, 0, 2),
		rows_text(&rows, 0, 3));
	return true;
}

static bool back_up(struct arena *a, const struct house *h, const char *path, struct err *e)
{
	struct db *db;
	const char *part = arena_printf(a, "%s.part", path);
	const char *const argv[] = {"pg_dump", "--format=custom", "--exclude-schema=derived",
		"--no-password", arena_printf(a, "--dbname=%s", h->conninfo),
		arena_printf(a, "--file=%s", part), NULL};
	if (!house_connect(a, h, &db, e))
		return false;
	bool ok = make_private(part, e) && run(a, argv, "la sauvegarde n’a pas pu être faite", e) &&
		  keep(a, part, path, e);
	if (!ok)
		unlink(part);
	return ok && say(a, db, path, "contient", e);
}

static bool restore(struct arena *a, const struct house *h, const char *path, struct err *e)
{
	struct db *db;
	struct rows rows;
	const char *const argv[] = {"pg_restore", "--exit-on-error", "--single-transaction",
		"--no-owner", "--no-password", arena_printf(a, "--dbname=%s", h->conninfo), path,
		NULL};
	if (access(path, R_OK) != 0)
		return err_set(e, ERR_NOT_FOUND, "%s : %s", path, err_system_text(errno));
	if (!db_open(a, h->conninfo, &h->queries, &db, e) ||
		!db_query(a, db, "backup_is_empty", NULL, 0, &rows, e))
		return false;
	if (!rows_bool(&rows, 0, 0))
		return err_set(e, ERR_CONFLICT,
			"cette base n’est pas vide : une sauvegarde se rend dans une base neuve "
			"(RECIRCUIT_VAR ou RECIRCUIT_DB dit laquelle)");
	if (!db_query(a, db, "backup_role", NULL, 0, NULL, e) ||
		!run(a, argv,
			arena_printf(a, "%s n’a pas pu être rendue, la base reste vide", path), e))
		return false;
	return house_connect(a, h, &db, e) && reference_rebuild(a, db, h->sql, e) &&
	       say(a, db, path, "rendue", e);
}

struct errand_words {
	struct usage usage;
	bool (*run)(struct arena *a, const struct house *h, const char *path, struct err *e);
};

static bool with_house(const struct errand_words *w, int argc, char **argv, struct err *e)
{
	bool done;
	int first;
	if (!program_options(&w->usage, argc, argv, NULL, &done, &first, e) || done)
		return done;
	struct arena *a = arena_new();
	struct house house;
	bool ok = house_open(a, &house, e) && w->run(a, &house, argv[first], e);
	arena_free(a);
	return ok;
}

bool cmd_backup(int argc, char **argv, struct err *e)
{
	static const struct errand_words words = {
		{"recircuit", "backup", "FICHIER",
			"Sauvegarde toute la base dans un fichier, pendant que le service tourne. "
			"Il contient des données confidentielles.",
			NULL, 0, 1},
		back_up};
	return with_house(&words, argc, argv, e);
}

bool cmd_restore(int argc, char **argv, struct err *e)
{
	static const struct errand_words words = {
		{"recircuit", "restore", "FICHIER",
			"Rend une sauvegarde dans une base vide, en entier ou pas du tout.", NULL,
			0, 1},
		restore};
	return with_house(&words, argc, argv, e);
}
