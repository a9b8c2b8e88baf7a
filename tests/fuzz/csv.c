/* Any bytes are a file to refuse or lines to read: what is read is UTF-8, lines only go forward,
 * and what we write of it reads back the same. */
#include "csv.h"
#include "fuzz.h"

enum { KEY, NAME, COLUMNS };
static const struct csv_column columns[COLUMNS] = {[KEY] = {"k", false}, [NAME] = {"n", false}};
static const struct csv_limits limits = {.lines = 4000, .columns = 20, .line_bytes = 300};

/* The same cells, once written and read again: but for the apostrophe of formulas. */
static bool is_same(const char *before, const char *after)
{
	return strcmp(before, after) == 0 || (*after == '\'' && strcmp(before, after + 1) == 0);
}

static void write_and_read_back(struct arena *a, const char *key, const char *name)
{
	struct buf b;
	struct csv_out out;
	struct csv *c;
	struct err e;
	buf_init(&b, a, BUF_NO_LIMIT);
	csv_out_init(&out, &b, CSV_FRENCH);
	csv_put_text(&out, "k"), csv_put_text(&out, "n"), csv_end_line(&out);
	csv_put_text(&out, key), csv_put_text(&out, name), csv_end_line(&out);
	require(csv_open(a, b.data, b.len, columns, COLUMNS, NULL, &c, &e));
	if (!*key && !*name)
		return; /* a blank line: passed over */
	require(csv_next(c, &e) == CSV_RECORD);
	require(is_same(key, csv_cell(c, KEY)) && is_same(name, csv_cell(c, NAME)));
	require(csv_next(c, &e) == CSV_END);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct csv *c;
	struct err e = {0};
	size_t line = 1;
	if (csv_open(a, (const char *)data, size, columns, COLUMNS, &limits, &c, &e))
		for (enum csv_event ev; (ev = csv_next(c, &e)) != CSV_END;) {
			require(csv_line(c) > line);
			line = csv_line(c);
			if (ev == CSV_BROKEN) {
				require(e.kind == ERR_MALFORMED);
				require_reason(&e);
				continue;
			}
			const char *key = csv_cell(c, KEY), *name = csv_cell(c, NAME);
			require(text_is_utf8(key, strlen(key)) && text_is_utf8(name, strlen(name)));
			write_and_read_back(a, key, name);
		}
	else
		require(e.kind != ERR_NONE);
	arena_free(a);
	return 0;
}
