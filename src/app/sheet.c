#include "sheet.h"

#include "csv.h"
#include "jin.h"
#include "text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sheet_params {
	const char *format;
};

static const struct sheet_params as_json = {.format = "json"};
static const struct field fields[] = {
	{"format", FIELD_TEXT, .choices = "json|csv", .label = "format de la réponse",
		.offset = offsetof(struct sheet_params, format)},
};
const struct record sheet_query = RECORD(fields, struct sheet_params, &as_json);

bool sheet_is_asked(const struct request *rq)
{
	const struct sheet_params *q = rq->query;
	return text_eq(q->format, "csv");
}

/* Words of the files that people read in French. */
static const char *word(const char *code)
{
	static const struct {
		const char *code, *word;
	} words[] = {
		{"finance", "Finances"},
		{"plan", "Plan déchets"},
		{"region", "Plan déchets, par région"},
		{"limit", "Limites du scénario"},
		{"why", "Ce qui manque"},
		{"measured", "mesuré"},
		{"published", "publié"},
		{"assumption", "hypothèse"},
		{"viable", "viable"},
		{"not_viable", "non viable"},
		{"undecided", "non tranché"},
		{"certain", "prouvé"},
		{"no", "non"},
		{"1", "part de 1"},
	};
	for (size_t n = 0; code && n < sizeof words / sizeof *words; n++)
		if (text_eq(words[n].code, code))
			return words[n].word;
	return code;
}

/* To nine digits: what sums of doubles leave beyond them means nothing to a reader. */
static double tidy(double v)
{
	char s[40];
	snprintf(s, sizeof s, "%.9g", v);
	return strtod(s, NULL);
}

static bool is_claim(const struct jin *line, const char *key)
{
	struct jin member = {0};
	if (jin_has(line, key))
		member = jin_member(line, key);
	return member.value && jin_is_bool(&member);
}

/* The cell of `key` in `line`, or in the member that its first word names. An object that is not there
 * leaves the cell empty. */
static void put(struct arena *a, struct csv_out *out, const struct sheet_column *column,
	const struct jin *line, const char *key)
{
	const char *dot = strchr(key, '.');
	if (dot) {
		char *first = arena_strndup(a, key, (size_t)(dot - key));
		struct jin nested = {0};
		if (jin_has(line, first))
			nested = jin_object(line, first);
		if (nested.value)
			put(a, out, column, &nested, dot + 1);
		else
			csv_put_text(out, NULL);
	} else if (column->is_number) {
		csv_put_real(out, tidy(jin_real_or(line, key, -1e18, 1e18, NAN)));
	} else if (is_claim(line, key)) {
		csv_put_text(out, jin_bool(line, key) ? "oui" : "non");
	} else {
		csv_put_text(out, word(jin_text_or(line, key, 2000, NULL)));
	}
}

bool sheet_write(struct request *rq, struct reply *rp, const struct sheet *sheet,
	const char *number, const char *json, struct err *e)
{
	struct jin root;
	struct csv_out out;
	if (!jin_parse(rq->arena, json, strlen(json), &root, e))
		return false;
	struct jin lines = jin_array(&root, sheet->list, 0, 100000);
	rp->type = "text/csv; charset=utf-8";
	reply_header(rp, "Content-Disposition",
		arena_printf(rq->arena, "attachment; filename=\"%s-%s.csv\"", sheet->stem, number));
	csv_out_init(&out, &rp->body, CSV_FRENCH);
	for (size_t c = 0; c < sheet->count; c++)
		csv_put_text(&out, sheet->columns[c].head);
	csv_end_line(&out);
	for (size_t n = 0; n < lines.count; n++) {
		struct jin line = jin_item(&lines, n);
		for (size_t c = 0; c < sheet->count; c++)
			put(rq->arena, &out, &sheet->columns[c], &line, sheet->columns[c].key);
		csv_end_line(&out);
	}
	return !jin_failed(&root);
}
