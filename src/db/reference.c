#include "reference.h"

#include "digest.h"
#include "file.h"
#include "text.h"

#include <string.h>

enum { FILE_LIMIT = 64 << 20 };

static const char copy_marker[] = "-- copy: ";

struct script {
	const char *name; /* "reference/load/10_source.sql" */
	char *text;
	char sha256[65];
};

struct loader {
	struct arena *arena;
	struct db *db;
	const char *folder;
	struct script *files; /* SQL in the order it runs, then the CSV it copies */
	size_t sql_count, count, room;
};

static bool read_file(struct loader *l, const char *name, struct err *e)
{
	if (l->count == l->room) {
		struct script *more =
			arena_array(l->arena, struct script, l->room = 2 * l->room + 32);
		if (l->count)
			memcpy(more, l->files, l->count * sizeof *more);
		l->files = more;
	}
	struct script *s = &l->files[l->count];
	size_t n;
	s->name = name;
	if (!file_read(l->arena, arena_printf(l->arena, "%s/%s", l->folder, name), FILE_LIMIT,
		    &s->text, &n, e))
		return false;
	digest_sha256(s->text, n, s->sha256);
	l->count++;
	return true;
}

static bool read_folder(struct loader *l, const char *folder, struct err *e)
{
	char **names;
	size_t count;
	if (!file_list(l->arena, arena_printf(l->arena, "%s/%s", l->folder, folder), ".sql", &names,
		    &count, e))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!read_file(l, arena_printf(l->arena, "%s/%s", folder, names[i]), e))
			return false;
	return true;
}

/* A line `-- copy: FILE.csv into TABLE(columns)`, cut into its parts. */
struct copy {
	char *line, *rest; /* where it begins, what follows it */
	const char *file, *target;
};

static bool find_copy(struct arena *a, char *text, struct copy *c)
{
	char *at = strstr(text, copy_marker);
	while (at && at != text && at[-1] != '\n')
		at = strstr(at + 1, copy_marker);
	if (!at)
		return false;
	size_t len = strcspn(at, "\n");
	char *words = arena_strndup(a, at + strlen(copy_marker), len - strlen(copy_marker));
	char *into = strstr(words, " into ");
	if (into)
		*into = '\0';
	*c = (struct copy){at, at + len, arena_printf(a, "reference/%s", text_trim(words)),
		into ? into + strlen(" into ") : ""};
	return true;
}

static bool read_all(struct loader *l, struct err *e)
{
	if (!read_folder(l, "views", e) || !read_folder(l, "reference/load", e))
		return false;
	l->sql_count = l->count;
	for (size_t i = 0; i < l->sql_count; i++) {
		struct copy c;
		for (char *text = l->files[i].text; find_copy(l->arena, text, &c); text = c.rest)
			if (!read_file(l, c.file, e))
				return false;
	}
	return true;
}

/* Whether the database already holds exactly these files. */
static bool is_current(struct loader *l, bool *current, struct err *e)
{
	struct rows rows;
	if (!db_query(l->arena, l->db, "reference_load_list", NULL, 0, &rows, e))
		return false;
	size_t known = 0;
	for (size_t i = 0; i < l->count; i++)
		for (size_t r = 0; r < rows.count; r++)
			known += text_eq(rows_text(&rows, r, 0), l->files[i].name) &&
				 text_eq(rows_text(&rows, r, 1), l->files[i].sha256);
	*current = known == l->count;
	return true;
}

static const struct script *find_file(const struct loader *l, const char *name)
{
	size_t i = l->sql_count;
	while (!text_eq(l->files[i].name, name))
		i++;
	return &l->files[i];
}

/* The SQL before each copy line, then the rows, then the rest. */
static bool run_script(struct loader *l, const struct script *s, struct err *e)
{
	char *text = s->text;
	for (struct copy c; find_copy(l->arena, text, &c); text = c.rest) {
		const struct script *csv = find_file(l, c.file);
		const char *sql = arena_strndup(l->arena, text, (size_t)(c.line - text));
		const char *copy = arena_printf(l->arena,
			"COPY %s FROM STDIN (FORMAT csv, HEADER match, ENCODING 'UTF8')", c.target);
		if (!db_script(l->db, sql, e))
			return err_prefix(e, "%s : ", s->name);
		if (!db_copy_in(l->db, copy, csv->text, strlen(csv->text), e))
			return err_prefix(e, "%s : ", csv->name);
	}
	return db_script(l->db, text, e) || err_prefix(e, "%s : ", s->name);
}

static bool run_all(struct loader *l, struct err *e)
{
	if (!db_begin(l->db, e))
		return false;
	for (size_t i = 0; i < l->sql_count; i++)
		if (!run_script(l, &l->files[i], e))
			return false;
	for (size_t i = 0; i < l->count; i++) {
		const char *params[] = {l->files[i].name, l->files[i].sha256};
		if (!db_query(l->arena, l->db, "reference_load_put", params, 2, NULL, e))
			return false;
	}
	return db_commit(l->db, e);
}

bool reference_load(
	struct arena *a, struct db *db, const char *folder, bool *did_load, struct err *e)
{
	struct loader l = {.arena = a, .db = db, .folder = folder};
	bool current;
	if (!read_all(&l, e) || !is_current(&l, &current, e))
		return false;
	*did_load = !current;
	if (!current && !run_all(&l, e)) {
		db_rollback(db);
		return false;
	}
	return true;
}

bool reference_rebuild(struct arena *a, struct db *db, const char *folder, struct err *e)
{
	struct loader l = {.arena = a, .db = db, .folder = folder};
	if (!read_folder(&l, "views", e) || !db_begin(db, e))
		return false;
	bool ok = true;
	for (size_t i = 0; ok && i < l.count; i++)
		ok = run_script(&l, &l.files[i], e);
	ok = ok && db_query(a, db, "reference_refresh", NULL, 0, NULL, e) && db_commit(db, e);
	if (!ok)
		db_rollback(db);
	return ok;
}
