/* One line of the legal register: its fields, the rules it is held to, how it is read.
 *
 *	struct line line;
 *	if (!line_from_json(a, bytes, len, &line, e)) ...	why, naming the field and its value
 *
 *	struct line_source *source;
 *	if (!line_source_open(a, bytes, len, LINE_CSV, &source, e)) ...		not such a file at all
 *	while ((event = line_source_next(source, b, &line, &why)) != LINE_END) ...
 *
 * The fields are the incoming line of the national register (RNDTS), and a few of ours: the table in
 * src/codec/line.c, which documents (docs/data.md) and forms read too. What is judged here is what a
 * line says by itself; what needs the register (does the commune exist, is the date too old, is the
 * line known already) is judged by statement line_write. A new field is a line of that table, a
 * member of struct line and a column there. */
#ifndef RECIRCUIT_LINE_H
#define RECIRCUIT_LINE_H

#include "arena.h"
#include "err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum line_reason { LINE_DECLARES, LINE_EDITS, LINE_CANCELS };

enum {
	LINE_PUBLIC_ID_MOST = 36,
	LINE_COMMUNES_MOST = 100,
	LINE_BYTES_MOST = 64 << 10, /* of a line of a file */
	LINE_FILE_LINES_MOST = 10000
};

/* Null, or 0, where nothing was said. A line that cancels needs its public_id alone. */
struct line {
	const char *public_id;
	enum line_reason reason;
	int64_t point;                     /* collection point */
	const char *const *municipalities; /* INSEE codes */
	size_t municipality_count;
	const char *flow;
	const char *low_code; /* "20 01 35" */
	const char *day;      /* "2026-11-29" */
	int64_t weight_kg;
	bool is_estimate;
	int64_t volume_l;
	const char *transport_mode; /* "ROAD" */
	const char *description;
	enum line_pop { LINE_POP_UNSAID, LINE_POP_NO, LINE_POP_YES } pop;
	const char *carrier_siret, *carrier_name;
	const char *destination_siret, *destination_name;
	const char *producer_siret, *producer_name;
	const char *operation_code; /* "R4" */
	const char *operation_mode; /* "RECYCLAGE" */
};

/*	name in the register's	heading of its	plain	label			needed unless
 *	interface, our JSON	spreadsheet	column	(French)		it cancels */
struct line_field {
	const char *name, *heading, *plain, *label;
	bool is_required;
};
size_t line_field_count(void);
struct line_field line_field(size_t index);

/* Where it is refused, line->public_id is still there if it could be read, else null. Texts point into
 * the arena. ERR_MALFORMED when the bytes are not a JSON object, ERR_INVALID when a rule is broken. */
must_use bool line_from_json(
	struct arena *a, const char *bytes, size_t len, struct line *line, struct err *e);

/* JSON lines, or a CSV file (csv.h) with the columns in any of their three names; others are passed
 * over. Reads one line at a time: `bytes` must outlive the source, nothing else is kept. */
enum line_format { LINE_JSON, LINE_CSV };
enum line_event { LINE_READ, LINE_REFUSED, LINE_END };
struct line_source;

must_use bool line_source_open(struct arena *a, const char *bytes, size_t len,
	enum line_format format, struct line_source **source, struct err *e);
enum line_event line_source_next(
	struct line_source *s, struct arena *a, struct line *line, struct err *why);
size_t line_source_number(const struct line_source *s); /* of that line; 1 is the file's first */

/* A day that is, as 2026-11-29. */
bool line_is_day(const char *s);

/* Fourteen digits with a valid key: Luhn's, or the sum of digits for La Poste, whose sites outnumber
 * the keys. */
bool line_is_siret(const char *digits);

#endif
