/* CSV as people send it (RFC 4180 and what spreadsheets make of it), from bytes in memory; and CSV
 * as we send it.
 *
 *	static const struct csv_column columns[] = {[KEY] = {"C_SERVICE", true}, [NAME] = {...}};
 *	struct csv *c;
 *	if (!csv_open(a, bytes, len, columns, 2, NULL, &c, e)) ...	not a CSV, or a column is
 * missing for (enum csv_event ev; (ev = csv_next(c, &why)) != CSV_END;) if (ev == CSV_BROKEN)
 * complain(csv_line(c), why.message); else use(csv_cell(c, KEY));
 *
 * The first line names the columns: they may be in any order, in any case, among others. The
 * separator, `,` or `;`, is the one the first line has most of. Text is UTF-8, with or without its
 * mark (BOM), or Windows-1252 (of which Latin-1 is a part), whichever fits the file better; cells
 * are always given as UTF-8. Lines end in LF or CRLF; a quoted cell may hold both, and quotes
 * doubled.
 *
 * Strict, but a broken line costs that line alone: reading goes on at the next one in the file. A
 * line of empty cells is passed over. */
#ifndef RECIRCUIT_CSV_H
#define RECIRCUIT_CSV_H

#include "arena.h"
#include "buf.h"
#include "err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct csv_column {
	const char *name;
	bool is_required;
};

struct csv_limits {
	size_t lines;      /* in the file */
	size_t columns;    /* in a record */
	size_t line_bytes; /* in a record, line breaks in quotes included */
};

struct csv;

/* Null limits: a million lines, 500 columns, 64 KiB. Refuses a file that is empty, too long,
 * another format altogether, or without a required column (all those missing are named). `bytes`
 * must outlive the reader. */
must_use bool csv_open(struct arena *a, const char *bytes, size_t len,
	const struct csv_column *columns, size_t count, const struct csv_limits *limits,
	struct csv **csv, struct err *e);

enum csv_event { CSV_RECORD, CSV_BROKEN, CSV_END };

/* The next record; when it is broken *why says how. */
enum csv_event csv_next(struct csv *c, struct err *why);

/* Where that record begins, 1 being the first line of the file. */
size_t csv_line(const struct csv *c);

/* Whether the file has that column of the table. */
bool csv_has(const struct csv *c, size_t column);

/* A cell of the current record, until the next csv_next; "" when the file has no such column. */
const char *csv_cell(const struct csv *c, size_t column);

/* ---- Writing ----
 *
 *	struct csv_out out;
 *	csv_out_init(&out, &b, CSV_PLAIN);
 *	csv_put_text(&out, name), csv_put_real(&out, 12.5), csv_end_line(&out);
 *
 * A text that a spreadsheet would run as a formula (it begins with = + - @, a tab or a line break)
 * is given an apostrophe in front. */
enum csv_style {
	CSV_PLAIN,  /* commas, decimal points: RFC 4180 */
	CSV_FRENCH, /* what a French spreadsheet opens at a click: BOM, semicolons, decimal commas
		     */
};

struct csv_out {
	struct buf *buf;
	enum csv_style style;
	bool has_cell; /* on the line being written */
};

void csv_out_init(struct csv_out *out, struct buf *b, enum csv_style style);
void csv_put_text(struct csv_out *out, const char *s); /* null: an empty cell */
void csv_put_int(struct csv_out *out, int64_t v);
void csv_put_real(struct csv_out *out, double v); /* not finite: an empty cell */
void csv_end_line(struct csv_out *out);

#endif
