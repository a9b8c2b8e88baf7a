#include "query.h"

#include "file.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

enum { FILE_LIMIT = 1 << 20 };

static const char marker[] = "-- name: ";

struct growing {
	struct arena *arena;
	struct query *list;
	size_t count, cap;
};

static void add(struct growing *g, const char *name, const char *sql)
{
	if (g->count == g->cap) {
		g->cap = g->cap ? g->cap * 2 : 64;
		struct query *more = arena_array(g->arena, struct query, g->cap);
		if (g->count)
			memcpy(more, g->list, g->count * sizeof *more);
		g->list = more;
	}
	g->list[g->count++] = (struct query){name, sql};
}

/* The next line that begins with the marker, or null. */
static char *find_marker(char *text)
{
	while (!text_starts(text, marker)) {
		text = strchr(text, '\n');
		if (!text)
			return NULL;
		text++;
	}
	return text;
}

/* Whether anything but comments and blanks is there: PostgreSQL would run nothing without a word.
 */
static bool is_statement(const char *sql)
{
	for (;;) {
		sql += strspn(sql, " \t\r\n");
		if (!text_starts(sql, "--"))
			return *sql;
		sql += strcspn(sql, "\n");
	}
}

/* Cuts one file at its markers, in place. */
static bool cut(struct growing *g, const char *file, char *text, struct err *e)
{
	for (char *at = find_marker(text), *next; at; at = next) {
		char *name = at + strlen(marker), *sql = name + strcspn(name, "\n");
		if (*sql)
			*sql++ = '\0';
		next = find_marker(sql);
		if (next)
			next[-1] = '\0';
		name = text_trim(name);
		if (!*name || next == sql || !is_statement(sql))
			return err_set(
				e, ERR_SYSTEM, "%s : requête « %s » vide ou sans nom", file, name);
		add(g, name, sql);
	}
	return true;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct query *)a)->name, ((const struct query *)b)->name);
}

bool query_load(struct arena *a, const char *folder, struct query_set *set, struct err *e)
{
	char **files;
	size_t count;
	if (!file_list(a, folder, ".sql", &files, &count, e))
		return false;
	struct growing g = {.arena = a};
	for (size_t i = 0; i < count; i++) {
		char *text;
		if (!file_read(a, arena_printf(a, "%s/%s", folder, files[i]), FILE_LIMIT, &text,
			    NULL, e) ||
			!cut(&g, files[i], text, e))
			return false;
	}
	if (g.count)
		qsort(g.list, g.count, sizeof *g.list, by_name);
	for (size_t i = 1; i < g.count; i++)
		if (text_eq(g.list[i - 1].name, g.list[i].name))
			return err_set(e, ERR_SYSTEM, "requête SQL définie deux fois : %s",
				g.list[i].name);
	*set = (struct query_set){g.list, g.count};
	return true;
}

const struct query *query_find(const struct query_set *set, const char *name)
{
	struct query key = {name, NULL};
	return set->count ? bsearch(&key, set->list, set->count, sizeof key, by_name) : NULL;
}
