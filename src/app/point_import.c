#include "point_import.h"

#include "point_file.h"

#include "buf.h"
#include "jout.h"
#include "text.h"

enum { FAR_KM = 20 }; /* from the point of the commune; the largest communes reach 20 km */

struct import {
	struct arena *arena;
	struct db *db;
	const struct point_import_options *options;
	struct point_file file;
	struct point_report *report;
};

const char *point_verdict_name(enum point_verdict verdict, size_t count)
{
#define POINT_NAMES(verdict, one, several) [verdict] = {one, several},
	static const char *const names[][2] = {POINT_VERDICTS(POINT_NAMES)};
#undef POINT_NAMES
	return names[verdict][count > 1];
}

/* ---- The database ---- */

static const char *sites_as_json(struct import *im)
{
	struct buf b;
	struct jout j;
	buf_init(&b, im->arena, BUF_NO_LIMIT);
	jout_init(&j, &b);
	jout_open(&j, '[');
	for (size_t i = 0; i < im->file.count; i++) {
		const struct site *s = &im->file.sites[i];
		if (s->is_judged)
			continue;
		jout_open(&j, '{');
		jout_kv_int(&j, "line", (int64_t)s->out.line);
		jout_kv_text(&j, "key", s->out.key);
		jout_kv_text(&j, "name", s->out.name);
		jout_kv_text(&j, "insee", s->insee);
		jout_kv_text(&j, "departement", s->departement);
		jout_kv_text(&j, "kind", s->kind);
		jout_kv_text(&j, "address", s->address);
		jout_kv_real(&j, "lon", s->lon); /* NaN is written as null */
		jout_kv_real(&j, "lat", s->lat);
		jout_close(&j);
	}
	jout_close(&j);
	return b.data;
}

/* The sites that the file says are there, recorded or not. */
static const char *keys_as_json(struct import *im)
{
	struct buf b;
	struct jout j;
	buf_init(&b, im->arena, BUF_NO_LIMIT);
	jout_init(&j, &b);
	jout_open(&j, '[');
	for (size_t i = 0; i < im->file.count; i++) {
		const struct site *s = &im->file.sites[i];
		bool is_there = s->out.verdict != POINT_GONE && s->out.verdict != POINT_OLDER;
		if (is_there && *s->out.key)
			jout_text(&j, s->out.key);
	}
	jout_close(&j);
	return b.data;
}

/* What the database did with one site. */
static void take_outcome(struct import *im, struct site *s, const struct rows *rows, size_t r)
{
	enum { LINE, INSEE, COMMUNE_NAME, OUTCOME, CHANGES, AWAY_KM };
	static const struct {
		const char *outcome;
		enum point_verdict verdict;
	} verdicts[] = {
		{"created", POINT_CREATED}, {"changed", POINT_CHANGED}, {"same", POINT_SAME}};
	if (rows_is_null(rows, r, INSEE)) {
		point_judge(s, POINT_REFUSED,
			*s->insee
				? arena_printf(im->arena, "la commune %s n’existe pas", s->insee)
				: "sans code de commune, et sans coordonnées près d’une commune du "
				  "département du code postal");
		return;
	}
	size_t v = 0;
	while (!text_eq(verdicts[v].outcome, rows_text(rows, r, OUTCOME)))
		v++;
	s->out.verdict = verdicts[v].verdict;
	s->is_judged = true;
	s->out.commune = rows_text(rows, r, INSEE);
	s->out.commune_name = rows_text(rows, r, COMMUNE_NAME);
	double away_km = rows_is_null(rows, r, AWAY_KM) ? 0 : rows_real(rows, r, AWAY_KM);
	if (!*s->insee)
		point_warn(im->arena, s, "sans code de commune : rattaché à la plus proche");
	else if (!text_eq(s->insee, s->out.commune))
		point_warn(im->arena, s,
			arena_printf(im->arena,
				"la commune %s n’existe pas : rattaché à la plus proche",
				s->insee));
	else if (away_km > FAR_KM)
		point_warn(im->arena, s,
			arena_printf(im->arena, "à %s km de sa commune",
				text_french_number(im->arena, away_km, 0)));
	const char *changes = rows_text(rows, r, CHANGES);
	if (*changes)
		s->out.remark = *s->out.remark
					? arena_printf(im->arena, "%s ; %s", changes, s->out.remark)
					: changes;
}

static bool record_sites(struct import *im, struct err *e)
{
	struct rows rows;
	const char *params[] = {
		im->file.format->origin, im->file.format->source, sites_as_json(im)};
	if (!db_query(im->arena, im->db, "point_import", params, 3, &rows, e))
		return false;
	for (size_t i = 0, r = 0; i < im->file.count; i++) /* both by line */
		if (!im->file.sites[i].is_judged)
			take_outcome(im, &im->file.sites[i], &rows, r++);
	return true;
}

/* A line whose site cannot be read may be that of any point that seems missing. */
static bool has_nameless_lines(const struct import *im)
{
	for (size_t i = 0; i < im->file.count; i++)
		if (!*im->file.sites[i].out.key)
			return true;
	return false;
}

static bool find_missing(struct import *im, struct rows *missing, bool *closes, struct err *e)
{
	*closes = im->options->closes_missing && !has_nameless_lines(im);
	const char *params[] = {
		im->file.format->origin, keys_as_json(im), *closes ? "true" : "false"};
	if (!db_query(im->arena, im->db, "point_missing", params, 3, missing, e))
		return false;
	im->report->is_closing_withheld = im->options->closes_missing && !*closes && missing->count;
	return true;
}

static bool refresh_estimated(struct import *im, struct err *e)
{
	enum { OPENED, CLOSED };
	struct rows rows;
	if (!db_query(im->arena, im->db, "point_refresh_estimated", NULL, 0, &rows, e))
		return false;
	im->report->estimated_opened = (size_t)rows_int(&rows, 0, OPENED);
	im->report->estimated_closed = (size_t)rows_int(&rows, 0, CLOSED);
	return true;
}

/* ---- The whole ---- */

static void write_report(struct import *im, const struct rows *missing, bool closes)
{
	enum { KEY, NAME, INSEE, COMMUNE_NAME };
	struct point_report *report = im->report;
	report->lines = arena_array(im->arena, struct point_line, im->file.count + missing->count);
	for (size_t i = 0; i < im->file.count; i++)
		report->lines[report->count++] = im->file.sites[i].out;
	for (size_t r = 0; r < missing->count; r++)
		report->lines[report->count++] = (struct point_line){
			.verdict = closes ? POINT_CLOSED : POINT_MISSING,
			.key = rows_text(missing, r, KEY),
			.name = rows_text(missing, r, NAME),
			.commune = rows_text(missing, r, INSEE),
			.commune_name = rows_text(missing, r, COMMUNE_NAME),
			.remark = "n’est plus dans le fichier",
		};
	for (size_t i = 0; i < report->count; i++) {
		report->verdicts[report->lines[i].verdict]++;
		report->warnings += report->lines[i].is_warning;
	}
}

/* What two directories now describe is proposed, and left to people to decide. */
static bool propose_merges(struct import *im, struct err *e)
{
	struct rows rows;
	if (!db_query(im->arena, im->db, "merge_propose", NULL, 0, &rows, e))
		return false;
	im->report->merges_proposed = (size_t)rows_int(&rows, 0, 0);
	return true;
}

/* The tonnes that the map shows take seconds to work out: only when the network has changed. */
static bool refresh_shown(struct import *im, struct err *e)
{
	const struct point_report *r = im->report;
	bool has_changed = r->verdicts[POINT_CREATED] || r->verdicts[POINT_CHANGED] ||
			   r->verdicts[POINT_CLOSED] || r->estimated_closed || r->estimated_opened;
	return !has_changed || db_query(im->arena, im->db, "point_refresh_shown", NULL, 0, NULL, e);
}

static bool check_ready(struct import *im, struct err *e)
{
	struct rows rows;
	const char *params[] = {im->file.format->source};
	if (!db_query(im->arena, im->db, "point_import_ready", params, 1, &rows, e))
		return false;
	return rows_bool(&rows, 0, 0) ||
	       err_set(e, ERR_CONFLICT,
		       "la base n’a pas encore les communes : lancez d’abord « recircuit load "
		       "reference »");
}

static bool transact(struct import *im, struct err *e)
{
	struct rows missing;
	bool closes;
	if (!check_ready(im, e) ||
		!db_query(im->arena, im->db, "point_import_lock", NULL, 0, NULL, e) ||
		!record_sites(im, e) || !find_missing(im, &missing, &closes, e) ||
		!refresh_estimated(im, e) || !propose_merges(im, e))
		return false;
	write_report(im, &missing, closes);
	if (im->options->is_dry_run) {
		db_rollback(im->db);
		return true;
	}
	return refresh_shown(im, e) && db_commit(im->db, e);
}

bool point_import(struct arena *a, struct db *db, const char *bytes, size_t len,
	const struct point_import_options *o, struct point_report *report, struct err *e)
{
	*report = (struct point_report){0};
	struct import im = {.arena = a, .db = db, .options = o, .report = report};
	if (!point_file_read(a, bytes, len, &im.file, e))
		return false;
	report->survey_year = im.file.survey_year;
	if (!db_begin(db, e))
		return false;
	bool ok = transact(&im, e);
	if (!ok)
		db_rollback(db);
	return ok;
}
