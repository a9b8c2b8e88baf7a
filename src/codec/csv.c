#include "csv.h"

#include "text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct csv_limits default_limits = {
	.lines = 1000000, .columns = 500, .line_bytes = 64 << 10};

enum encoding { UTF8, WINDOWS_1252 };

static const size_t NOWHERE = SIZE_MAX;
static const char bom[] = "\xEF\xBB\xBF";

struct csv {
	struct csv_limits limits;
	enum encoding encoding;
	char separator;
	const char *at, *end; /* what is still to read */
	size_t next_line;     /* number of the line at `at` */
	size_t line;          /* where the current record begins */
	struct buf text;      /* its cells in UTF-8, each ended by a zero byte */
	size_t *starts;       /* where each cell begins in `text` */
	size_t cells;         /* in the current record */
	size_t width;         /* cells in the first line: every record has as many */
	size_t *places;       /* of the caller's columns in a record, or NOWHERE */
};

/* ---- Encodings ---- */

/* 0x80 to 0x9F; 0 where Windows-1252 has no character. The rest of it is Latin-1. */
static const uint16_t windows_1252[32] = {0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
	0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D,
	0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178};

static bool add_windows_1252(struct buf *b, const char *s, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		unsigned c = (unsigned char)s[i];
		if (c >= 0x80 && c < 0xA0)
			c = windows_1252[c - 0x80];
		if (!c)
			return err_set(e, ERR_MALFORMED, "l’octet 0x%02X n’est pas un caractère",
				(unsigned char)s[i]);
		char utf8[3];
		size_t length = 0;
		if (c < 0x80) {
			utf8[length++] = (char)c;
		} else if (c < 0x800) {
			utf8[length++] = (char)(0xC0 | c >> 6);
			utf8[length++] = (char)(0x80 | (c & 0x3F));
		} else {
			utf8[length++] = (char)(0xE0 | c >> 12);
			utf8[length++] = (char)(0x80 | (c >> 6 & 0x3F));
			utf8[length++] = (char)(0x80 | (c & 0x3F));
		}
		buf_add(b, utf8, length);
	}
	return true;
}

static bool add_text(struct csv *c, const char *s, size_t n, struct err *e)
{
	if (c->encoding == WINDOWS_1252)
		return add_windows_1252(&c->text, s, n, e);
	if (!text_is_utf8(s, n))
		return err_set(e, ERR_MALFORMED, "le texte n’est pas de l’UTF-8");
	buf_add(&c->text, s, n);
	return true;
}

/* Bytes of the UTF-8 sequence that begins with the non-ASCII byte *s, 0 when there is none. */
static size_t sequence_length(const char *s, size_t left)
{
	unsigned char first = (unsigned char)*s;
	size_t n = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
	return n <= left && text_is_utf8(s, n) ? n : 0;
}

/* Two accented letters of Windows-1252 rarely form a sequence of UTF-8, and a damaged UTF-8 file
 * still has many more good sequences than bad bytes: the majority tells which it is. */
static enum encoding guess_encoding(const char *s, size_t n)
{
	size_t good = 0, bad = 0;
	for (size_t i = 0; i < n;) {
		if ((unsigned char)s[i] < 0x80) {
			i++;
			continue;
		}
		size_t length = sequence_length(s + i, n - i);
		good += length != 0;
		bad += length == 0;
		i += length ? length : 1;
	}
	return bad > good ? WINDOWS_1252 : UTF8;
}

/* ---- Records ---- */

/* Each of these reads one cell into `text` and returns what follows it, null when it is broken. */

static const char *read_plain(struct csv *c, const char *p, const char *end, struct err *e)
{
	const char *start = p;
	while (p < end && *p != c->separator && *p != '\n' && *p != '\r' && *p != '"')
		p++;
	if (p < end && *p == '"') {
		err_set(e, ERR_MALFORMED,
			"guillemet au milieu d’une cellule qui n’en a pas au début");
		return NULL;
	}
	return add_text(c, start, (size_t)(p - start), e) ? p : NULL;
}

static const char *read_quoted(struct csv *c, const char *p, const char *end, struct err *e)
{
	for (;;) {
		const char *quote = memchr(p, '"', (size_t)(end - p));
		if (!quote) {
			err_set(e, ERR_MALFORMED, "guillemet jamais refermé");
			return NULL;
		}
		if (!add_text(c, p, (size_t)(quote - p), e))
			return NULL;
		p = quote + 1;
		if (p == end || *p != '"')
			return p;
		buf_putc(&c->text, '"');
		p++;
	}
}

/* What stands after a cell: one more cell, or nothing (*is_last). */
static const char *read_delimiter(
	struct csv *c, const char *p, const char *end, bool *is_last, struct err *e)
{
	*is_last = p == end || *p != c->separator;
	if (p == end)
		return p;
	if (*p == c->separator || *p == '\n')
		return p + 1;
	if (*p == '\r' && end - p > 1 && p[1] == '\n')
		return p + 2;
	err_set(e, ERR_MALFORMED,
		*p == '\r' ? "retour chariot isolé"
			   : "texte après le guillemet qui ferme une cellule");
	return NULL;
}

/* The record at c->at. Returns what follows it, null when it is broken. */
static const char *read_record(struct csv *c, struct err *e)
{
	size_t left = (size_t)(c->end - c->at);
	bool is_cut = left > c->limits.line_bytes;
	const char *p = c->at, *end = p + (is_cut ? c->limits.line_bytes : left);
	while (is_cut && end > p && (*end & 0xC0) == 0x80)
		end--; /* not in the middle of a character */
	c->cells = c->text.len = 0;
	for (bool is_last = false; !is_last;) {
		if (c->cells == c->limits.columns) {
			err_set(e, ERR_MALFORMED, "plus de %zu colonnes", c->limits.columns);
			return NULL;
		}
		c->starts[c->cells++] = c->text.len;
		bool is_quoted = p < end && *p == '"';
		p = is_quoted ? read_quoted(c, p + 1, end, e) : read_plain(c, p, end, e);
		if (!p || !(p = read_delimiter(c, p, end, &is_last, e)))
			return NULL;
		buf_putc(&c->text, '\0');
	}
	if (is_cut && p == end && p[-1] != '\n') {
		err_set(e, ERR_MALFORMED, "plus de %zu octets", c->limits.line_bytes);
		return NULL;
	}
	return p;
}

static size_t count_lines(const char *p, const char *end)
{
	size_t n = 0;
	while (p < end && (p = memchr(p, '\n', (size_t)(end - p))))
		n++, p++;
	return n;
}

/* Goes past the record read, or past its first line only when it is broken: a stray quote must not
 * take the following lines away. What is then read twice is at most what lies between two lines
 * with an odd number of quotes, so that the whole stays linear. */
static void advance(struct csv *c, const char *next)
{
	c->line = c->next_line;
	if (!next) {
		next = memchr(c->at, '\n', (size_t)(c->end - c->at));
		next = next ? next + 1 : c->end;
	}
	c->next_line += count_lines(c->at, next);
	c->at = next;
}

static bool is_blank(const struct csv *c)
{
	return c->text.len == c->cells; /* nothing but the zeros that end the cells */
}

enum csv_event csv_next(struct csv *c, struct err *why)
{
	while (c->at < c->end) {
		const char *next = read_record(c, why);
		advance(c, next);
		if (!next)
			return CSV_BROKEN;
		if (is_blank(c))
			continue;
		if (c->cells == c->width)
			return CSV_RECORD;
		err_set(why, ERR_MALFORMED, "%zu cellule%s au lieu de %zu", c->cells,
			c->cells > 1 ? "s" : "", c->width);
		return CSV_BROKEN;
	}
	return CSV_END;
}

size_t csv_line(const struct csv *c)
{
	return c->line;
}

bool csv_has(const struct csv *c, size_t column)
{
	return c->places[column] != NOWHERE;
}

const char *csv_cell(const struct csv *c, size_t column)
{
	return csv_has(c, column) ? c->text.data + c->starts[c->places[column]] : "";
}

/* ---- The first line ---- */

/* Outside quotes, up to the first end of line. */
static char guess_separator(const char *p, const char *end)
{
	size_t commas = 0, semicolons = 0;
	bool is_quoted = false;
	for (; p < end && (is_quoted || *p != '\n'); p++) {
		is_quoted ^= *p == '"';
		commas += !is_quoted && *p == ',';
		semicolons += !is_quoted && *p == ';';
	}
	return semicolons > commas ? ';' : ',';
}

static bool find_column(struct csv *c, const char *name, size_t *place, struct err *e)
{
	*place = NOWHERE;
	for (size_t i = 0; i < c->cells; i++) {
		if (strcasecmp(c->text.data + c->starts[i], name) != 0)
			continue;
		if (*place != NOWHERE)
			return err_set(e, ERR_INVALID, "la colonne %s est là deux fois", name);
		*place = i;
	}
	return true;
}

static bool read_header(struct csv *c, const struct csv_column *columns, size_t count,
	struct arena *a, struct err *e)
{
	const char *next = read_record(c, e);
	advance(c, next);
	if (!next)
		return err_prefix(e, "ligne 1 : ");
	c->width = c->cells;
	for (size_t i = 0; i < c->cells; i++) {
		char *name = c->text.data + c->starts[i];
		c->starts[i] = (size_t)(text_trim(name) - c->text.data);
	}
	struct buf missing;
	buf_init(&missing, a, sizeof e->message / 2);
	for (size_t i = 0; i < count; i++) {
		if (!find_column(c, columns[i].name, &c->places[i], e))
			return false;
		if (c->places[i] == NOWHERE && columns[i].is_required)
			buf_printf(&missing, "%s%s", missing.len ? ", " : "", columns[i].name);
	}
	if (missing.len)
		return err_set(e, ERR_INVALID,
			"il manque dans la première ligne : %s (séparateur lu : « %c »)",
			missing.data, c->separator);
	return true;
}

/* What people send instead of a CSV file. */
static bool refuse_other_formats(const char *bytes, size_t len, struct err *e)
{
	static const struct {
		const char *start, *doc;
	} others[] = {
		{"PK\x03\x04",
			"c’est un classeur (xlsx, ods) ou une archive zip, pas un fichier CSV"},
		{"\xD0\xCF\x11\xE0", "c’est un classeur Excel (xls), pas un fichier CSV"},
		{"\x1F\x8B", "c’est un fichier compressé (gzip) : décompressez-le d’abord"},
		{"\xFF\xFE", "le texte est en UTF-16 : enregistrez-le en « CSV UTF-8 »"},
		{"\xFE\xFF", "le texte est en UTF-16 : enregistrez-le en « CSV UTF-8 »"},
	};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		size_t n = strlen(others[i].start);
		if (len >= n && memcmp(bytes, others[i].start, n) == 0)
			return err_set(e, ERR_MALFORMED, "%s", others[i].doc);
	}
	return true;
}

bool csv_open(struct arena *a, const char *bytes, size_t len, const struct csv_column *columns,
	size_t count, const struct csv_limits *limits, struct csv **csv, struct err *e)
{
	if (!refuse_other_formats(bytes, len, e))
		return false;
	struct csv *c = arena_one(a, struct csv);
	c->limits = limits ? *limits : default_limits;
	c->at = bytes;
	c->end = bytes + len;
	c->next_line = 1;
	bool has_bom = len >= strlen(bom) && memcmp(bytes, bom, strlen(bom)) == 0;
	if (has_bom)
		c->at += strlen(bom);
	if (c->at == c->end)
		return err_set(e, ERR_MALFORMED, "le fichier est vide");
	if (count_lines(c->at, c->end) > c->limits.lines)
		return err_set(e, ERR_TOO_LARGE, "plus de %zu lignes", c->limits.lines);
	c->encoding = has_bom ? UTF8 : guess_encoding(c->at, (size_t)(c->end - c->at));
	c->separator = guess_separator(c->at, c->end);
	c->starts = arena_array(a, size_t, c->limits.columns);
	c->places = arena_array(a, size_t, count);
	buf_init(&c->text, a, BUF_NO_LIMIT);
	*csv = c;
	return read_header(c, columns, count, a, e);
}

/* ---- Writing ---- */

static char separator_of(const struct csv_out *out)
{
	return out->style == CSV_FRENCH ? ';' : ',';
}

static void begin_cell(struct csv_out *out)
{
	if (out->has_cell)
		buf_putc(out->buf, separator_of(out));
	out->has_cell = true;
}

void csv_out_init(struct csv_out *out, struct buf *b, enum csv_style style)
{
	*out = (struct csv_out){b, style, false};
	if (style == CSV_FRENCH)
		buf_puts(b, bom);
}

void csv_put_text(struct csv_out *out, const char *s)
{
	begin_cell(out);
	if (!s)
		return;
	const char *special = out->style == CSV_FRENCH ? "\";\r\n" : "\",\r\n";
	const char *guard = *s && strchr("=+-@\t\r\n", *s) ? "'" : "";
	if (!s[strcspn(s, special)]) {
		buf_puts(out->buf, guard);
		buf_puts(out->buf, s);
		return;
	}
	buf_putc(out->buf, '"');
	buf_puts(out->buf, guard);
	for (; *s; s++) {
		if (*s == '"')
			buf_putc(out->buf, '"');
		buf_putc(out->buf, *s);
	}
	buf_putc(out->buf, '"');
}

void csv_put_int(struct csv_out *out, int64_t v)
{
	begin_cell(out);
	buf_printf(out->buf, "%" PRId64, v);
}

void csv_put_real(struct csv_out *out, double v)
{
	begin_cell(out);
	if (!isfinite(v))
		return;
	char s[40];
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(s, sizeof s, "%.*g", digits, v);
		if (strtod(s, NULL) == v)
			break;
	}
	char *point = strchr(s, '.');
	if (point && out->style == CSV_FRENCH)
		*point = ',';
	buf_puts(out->buf, s);
}

void csv_end_line(struct csv_out *out)
{
	buf_puts(out->buf, "\r\n");
	out->has_cell = false;
}
