/* What is published of recorded lines, for anybody: fixed tables, of which a request only picks rows. */
#include "answer.h"
#include "routes.h"

#include "csv.h"
#include "text.h"

#include <math.h>

enum { LATEST = 0 };

struct statistic_params {
	int64_t year;
	const char *level, *flow, *format;
};

static const struct statistic_params defaults = {.year = LATEST, .format = "json"};
static const struct field fields[] = {
	{"year", FIELD_INT, .min = 2000, .max = 2100, .label = "année",
		.offset = offsetof(struct statistic_params, year)},
	{"level", FIELD_TEXT, .choices = "total|region|departement|epci", .label = "niveau",
		.offset = offsetof(struct statistic_params, level)},
	{"flow", FIELD_TEXT, .min = 1, .max = 40, .label = "flux, ou all pour leur somme",
		.offset = offsetof(struct statistic_params, flow)},
	{"format", FIELD_TEXT, .choices = "json|csv", .label = "format de la réponse",
		.offset = offsetof(struct statistic_params, format)},
};
const struct record statistic_query = RECORD(fields, struct statistic_params, &defaults);

/* The state of a cell, to people. */
static const char *state_words(const char *state)
{
	return text_eq(state, "shown")   ? ""
	       : text_eq(state, "empty") ? "aucune ligne enregistrée"
					 : "non diffusé (secret statistique)";
}

static void write_csv(
	struct request *rq, struct reply *rp, const struct rows *rows, const char *year)
{
	static const char *const heads[] = {"Année", "Niveau", "Code", "Territoire", "Département",
		"Flux", "Tonnes enregistrées", "Remarque", "Tonnes attendues", "Couverture"};
	enum {
		YEAR,
		LEVEL,
		CODE,
		NAME,
		DEPARTEMENT,
		FLOW,
		FLOW_LABEL,
		STATE,
		TONNES,
		EXPECTED,
		COVERAGE
	};
	struct csv_out out;
	rp->type = "text/csv; charset=utf-8";
	reply_header(rp, "Content-Disposition",
		arena_printf(
			rq->arena, "attachment; filename=\"recircuit-statistiques-%s.csv\"", year));
	csv_out_init(&out, &rp->body, CSV_FRENCH);
	for (size_t h = 0; h < sizeof heads / sizeof *heads; h++)
		csv_put_text(&out, heads[h]);
	csv_end_line(&out);
	for (size_t r = 0; r < rows->count; r++) {
		bool is_shown = !rows_is_null(rows, r, TONNES);
		csv_put_int(&out, rows_int(rows, r, YEAR));
		csv_put_text(&out, rows_text(rows, r, LEVEL));
		csv_put_text(&out, rows_text(rows, r, CODE));
		csv_put_text(&out, rows_text(rows, r, NAME));
		csv_put_text(&out, rows_text(rows, r, DEPARTEMENT));
		csv_put_text(&out, rows_text(rows, r, FLOW_LABEL));
		csv_put_real(&out, is_shown ? rows_real(rows, r, TONNES) : NAN);
		csv_put_text(&out, state_words(rows_text(rows, r, STATE)));
		csv_put_real(&out, round(rows_real(rows, r, EXPECTED) * 10) / 10);
		csv_put_real(
			&out, is_shown ? round(rows_real(rows, r, COVERAGE) * 1e4) / 1e4 : NAN);
		csv_end_line(&out);
	}
}

bool statistic_list(struct request *rq, struct reply *rp, struct err *e)
{
	const struct statistic_params *q = rq->query;
	struct rows releases, rows = {0};
	if (!ask(rq, "statistic_release_list", NULL, 0, &releases, e))
		return false;
	size_t r = 0;
	while (q->year != LATEST && r < releases.count && rows_int(&releases, r, 0) != q->year)
		r++;
	if (r == releases.count && (q->year != LATEST || text_eq(q->format, "csv")))
		return err_set(e, ERR_NOT_FOUND, "Aucune statistique n’est publiée%s.",
			q->year == LATEST ? "" : " pour cette année");
	if (r < releases.count) {
		const char *params[] = {column_text(&releases, r, "year"), q->level, q->flow};
		if (!ask(rq, "statistic_list", params, 3, &rows, e))
			return false;
		if (text_eq(q->format, "csv")) {
			write_csv(rq, rp, &rows, params[0]);
			return true;
		}
	}
	struct jout *j = reply_json(rp);
	jout_open(j, '{');
	rows_as_list(&releases, "releases", j);
	jout_key(j, "year");
	if (r < releases.count)
		rows_json_value(&releases, r, 0, j);
	else
		jout_null(j);
	if (r < releases.count)
		rows_as_list(&rows, "cells", j);
	else
		jout_key(j, "cells"), jout_raw(j, "[]");
	jout_close(j);
	return true;
}
