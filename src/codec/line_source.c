#include "csv.h"
#include "line_cells.h"
#include "text.h"

#include <jansson.h>
#include <string.h>

enum { NAMES = 3 /* of a column */ };

/* Of the register, and nothing to us: a member with such a name is passed over. */
static const char *const others[] = {"reportAs", "wasteCodeBale", "wasteIsDangerous",
	"weighingHour", "initialEmitter", "emitter", "broker", "trader", "noTraceability", "next",
	"declarationNumber", "notificationNumber", "movementNumber", "isDirectSupply",
	"transporter"};

/* ---- JSON ---- */

static void release_json(void *json)
{
	json_decref(json);
}

static bool refuse_kind(size_t field, struct err *e)
{
	struct line_field f = line_field(field);
	return err_set(
		e, ERR_INVALID, "« %s » (%s) doit être un texte ou un nombre", f.name, f.label);
}

/* ["18033","45234"] -> "18033,45234" */
static bool join(
	struct arena *a, size_t field, const json_t *array, const char **cell, struct err *e)
{
	struct line_field f = line_field(field);
	char *all = arena_strdup(a, "");
	size_t count = json_array_size(array);
	if (count > LINE_COMMUNES_MOST)
		return err_set(e, ERR_INVALID, "« %s » (%s) nomme plus de %d communes", f.name,
			f.label, LINE_COMMUNES_MOST);
	for (size_t i = 0; i < count; i++) {
		const char *item = json_string_value(json_array_get(array, i));
		if (!item)
			return refuse_kind(field, e);
		all = arena_printf(a, "%s%s%s", all, i ? "," : "", item);
	}
	*cell = *all ? all : NULL;
	return true;
}

static bool cell_of_json(
	struct arena *a, size_t field, const json_t *v, const char **cell, struct err *e)
{
	switch (json_typeof(v)) {
	case JSON_NULL: *cell = NULL; return true;
	case JSON_TRUE: *cell = "true"; return true;
	case JSON_FALSE: *cell = "false"; return true;
	case JSON_INTEGER:
		*cell = arena_printf(a, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
		return true;
	case JSON_REAL: *cell = arena_printf(a, "%.15g", json_real_value(v)); return true;
	case JSON_STRING: {
		const char *text = text_trim(arena_strdup(a, json_string_value(v)));
		*cell = *text ? text : NULL;
		return true;
	}
	case JSON_ARRAY:
		return field == LINE_COMMUNES ? join(a, field, v, cell, e) : refuse_kind(field, e);
	case JSON_OBJECT: break;
	}
	return refuse_kind(field, e);
}

static size_t find_field(const char *name)
{
	size_t i = 0;
	while (i < LINE_FIELDS && !text_eq(line_field(i).name, name))
		i++;
	return i;
}

static bool is_other(const char *name)
{
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (text_starts(name, others[i]))
			return true;
	return false;
}

static bool cells_of_json(
	struct arena *a, json_t *object, const char *cells[LINE_FIELDS], struct err *e)
{
	for (void *it = json_object_iter(object); it; it = json_object_iter_next(object, it)) {
		const char *name = json_object_iter_key(it);
		size_t i = find_field(name);
		if (i == LINE_FIELDS && !is_other(name))
			return err_set(
				e, ERR_INVALID, "« %.60s » n’est pas un champ du registre", name);
		if (i < LINE_FIELDS &&
			!cell_of_json(a, i, json_object_iter_value(it), &cells[i], e))
			return false;
	}
	return true;
}

/* What is refused before its fields are looked at is named all the same, if it can be. */
static void name(struct arena *a, json_t *object, struct line *line)
{
	struct err ignored;
	const char *cells[LINE_FIELDS] = {0};
	cells[LINE_PUBLIC_ID] =
		json_string_value(json_object_get(object, line_field(LINE_PUBLIC_ID).name));
	if (!line_from_cells(a, cells, line, &ignored))
		return;
}

bool line_from_json(
	struct arena *a, const char *bytes, size_t len, struct line *line, struct err *e)
{
	json_error_t why;
	const char *cells[LINE_FIELDS] = {0};
	memset(line, 0, sizeof *line);
	json_t *object = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, &why);
	arena_defer(a, release_json, object);
	if (!object)
		return err_set(
			e, ERR_MALFORMED, "ce n’est pas du JSON valable (colonne %d)", why.column);
	if (!json_is_object(object))
		return err_set(e, ERR_MALFORMED, "ce n’est pas un objet JSON { … }");
	if (cells_of_json(a, object, cells, e))
		return line_from_cells(a, cells, line, e);
	name(a, object, line);
	return false;
}

/* ---- Files ---- */

struct line_source {
	enum line_format format;
	const char *at, *end; /* JSON: what is still to read */
	size_t number;
	struct csv *csv;
	size_t columns[LINE_FIELDS]; /* of the CSV table below, COLUMNS = none */
};

enum { COLUMNS = LINE_FIELDS * NAMES };

static bool open_csv(
	struct arena *a, const char *bytes, size_t len, struct line_source *s, struct err *e)
{
	static const struct csv_limits limits = {/* the heading, and the end of the last line */
		.lines = LINE_FILE_LINES_MOST + 2,
		.columns = 500,
		.line_bytes = LINE_BYTES_MOST};
	struct csv_column *table = arena_array(a, struct csv_column, COLUMNS);
	for (size_t i = 0; i < LINE_FIELDS; i++) {
		const struct line_field f = line_field(i);
		table[i * NAMES].name = f.name;
		table[i * NAMES + 1].name = f.heading;
		table[i * NAMES + 2].name = f.plain;
	}
	if (!csv_open(a, bytes, len, table, COLUMNS, &limits, &s->csv, e))
		return false;
	for (size_t i = 0; i < LINE_FIELDS; i++) {
		size_t c = i * NAMES, last = c + NAMES;
		while (c < last && !csv_has(s->csv, c))
			c++;
		s->columns[i] = c < last ? c : COLUMNS;
		if (c == last && i == 0)
			return err_set(e, ERR_INVALID,
				"il manque dans la première ligne la colonne %s (ou « %s », ou %s)",
				line_field(i).name, line_field(i).heading, line_field(i).plain);
	}
	return true;
}

static size_t count_ends(const char *p, const char *end)
{
	size_t n = 0;
	while (p < end && (p = memchr(p, '\n', (size_t)(end - p))))
		n++, p++;
	return n;
}

bool line_source_open(struct arena *a, const char *bytes, size_t len, enum line_format format,
	struct line_source **source, struct err *e)
{
	static const char bom[] = "\xEF\xBB\xBF";
	struct line_source *s = *source = arena_one(a, struct line_source);
	s->format = format;
	if (format == LINE_CSV)
		return open_csv(a, bytes, len, s, e);
	s->at = bytes;
	s->end = bytes + len;
	if (len >= strlen(bom) && memcmp(bytes, bom, strlen(bom)) == 0)
		s->at += strlen(bom);
	if (count_ends(s->at, s->end) > LINE_FILE_LINES_MOST)
		return err_set(e, ERR_TOO_LARGE, "plus de %d lignes", LINE_FILE_LINES_MOST);
	return true;
}

/* A cell as it was meant: without blanks around it, nor the apostrophe that keeps spreadsheets from
 * running it as a formula (csv_put_text puts it). Null when nothing is left. */
static const char *tidy(struct arena *a, const char *cell)
{
	char *s = text_trim(arena_strdup(a, cell));
	if (*s == '\'' && s[1] && strchr("=+-@", s[1]))
		s++;
	return *s ? s : NULL;
}

static enum line_event next_csv(
	struct line_source *s, struct arena *a, struct line *line, struct err *why)
{
	const char *cells[LINE_FIELDS] = {0};
	memset(line, 0, sizeof *line);
	enum csv_event event = csv_next(s->csv, why);
	s->number = csv_line(s->csv);
	switch (event) {
	case CSV_END: return LINE_END;
	case CSV_BROKEN: return LINE_REFUSED;
	case CSV_RECORD: break;
	}
	for (size_t i = 0; i < LINE_FIELDS; i++)
		if (s->columns[i] != COLUMNS)
			cells[i] = tidy(a, csv_cell(s->csv, s->columns[i]));
	return line_from_cells(a, cells, line, why) ? LINE_READ : LINE_REFUSED;
}

static enum line_event next_json(
	struct line_source *s, struct arena *a, struct line *line, struct err *why)
{
	while (s->at < s->end) {
		const char *start = s->at, *stop = memchr(start, '\n', (size_t)(s->end - start));
		stop = stop ? stop : s->end;
		s->at = stop < s->end ? stop + 1 : s->end;
		s->number++;
		while (start < stop && strchr(" \t\r", *start) && *start)
			start++;
		if (start == stop)
			continue;
		if ((size_t)(stop - start) > LINE_BYTES_MOST) {
			memset(line, 0, sizeof *line);
			err_set(why, ERR_MALFORMED, "plus de %d octets", LINE_BYTES_MOST);
			return LINE_REFUSED;
		}
		return line_from_json(a, start, (size_t)(stop - start), line, why) ? LINE_READ
										   : LINE_REFUSED;
	}
	return LINE_END;
}

enum line_event line_source_next(
	struct line_source *s, struct arena *a, struct line *line, struct err *why)
{
	return s->format == LINE_CSV ? next_csv(s, a, line, why) : next_json(s, a, line, why);
}

size_t line_source_number(const struct line_source *s)
{
	return s->number;
}
