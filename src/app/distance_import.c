#include "distance_import.h"

#include "csv.h"
#include "jout.h"
#include "text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum column { FROM, TO, KM, MINUTES, COLUMNS };
static const struct csv_column columns[COLUMNS] = {
	[FROM] = {"from", true},
	[TO] = {"to", true},
	[KM] = {"km", true},
	[MINUTES] = {"min", false},
};

enum { CHUNK = 20000 }; /* lines sent to the database at once */

static const double KM_MOST = 3000, MINUTES_MOST = 6000;
static const double KM_H_MOST = 110; /* of a lorry, with margin: faster is worth a look */
/* A road may look shorter than the crow's flight where a commune stands for a place in it. */
static const double STRAIGHT_SHARE = 0.9;

struct import {
	struct arena *arena;
	struct db *db;
	struct distance_report *report;
};

const char *distance_verdict_name(enum distance_verdict verdict, size_t count)
{
#define DISTANCE_NAMES(verdict, one, several) [verdict] = {one, several},
	static const char *const names[][2] = {DISTANCE_VERDICTS(DISTANCE_NAMES)};
#undef DISTANCE_NAMES
	return names[verdict][count > 1];
}

static void judge(struct distance_line *l, enum distance_verdict verdict, const char *remark)
{
	l->verdict = verdict;
	l->remark = remark;
	l->is_judged = true;
}

/* A decimal comma is as good as a point; NaN when it is no number. */
static double number(const char *text)
{
	char plain[32];
	double v;
	if (strlen(text) >= sizeof plain)
		return NAN;
	strcpy(plain, text);
	char *comma = strchr(plain, ',');
	if (comma)
		*comma = '.';
	return text_to_double(text_trim(plain), &v) ? v : NAN;
}

/* Spreadsheets take the zero of 01004 away. */
static const char *place(struct arena *a, const char *cell)
{
	char *s = text_trim(arena_strdup(a, cell));
	return strlen(s) == 4 && strspn(s, "0123456789") == 4 ? arena_printf(a, "0%s", s) : s;
}

static void read_line(struct arena *a, const struct csv *c, struct distance_line *l)
{
	const char *minutes = csv_cell(c, MINUTES);
	l->from = place(a, csv_cell(c, FROM));
	l->to = place(a, csv_cell(c, TO));
	l->km = number(csv_cell(c, KM));
	l->minutes = *minutes ? number(minutes) : NAN;
	if (!*l->from || !*l->to || strlen(l->from) > 120 || strlen(l->to) > 120)
		judge(l, DISTANCE_REFUSED, "from ou to manque ou est trop long");
	else if (!(l->km >= 0 && l->km <= KM_MOST))
		judge(l, DISTANCE_REFUSED, "km n’est pas un nombre de 0 à 3 000");
	else if (*minutes && !(l->minutes >= 0 && l->minutes <= MINUTES_MOST))
		judge(l, DISTANCE_REFUSED, "min n’est pas un nombre de 0 à 6 000");
}

static bool read_file(
	struct arena *a, const char *bytes, size_t len, struct distance_report *r, struct err *e)
{
	struct csv *c;
	struct err why;
	size_t room = 0;
	if (!csv_open(a, bytes, len, columns, COLUMNS, NULL, &c, e))
		return false;
	for (enum csv_event ev; (ev = csv_next(c, &why)) != CSV_END; r->count++) {
		if (r->count == room) {
			struct distance_line *more =
				arena_array(a, struct distance_line, room = room ? 2 * room : 1024);
			if (r->count)
				memcpy(more, r->lines, r->count * sizeof *more);
			r->lines = more;
		}
		struct distance_line *l = &r->lines[r->count];
		*l = (struct distance_line){.line = csv_line(c),
			.from = "",
			.to = "",
			.remark = "",
			.km = NAN,
			.minutes = NAN};
		if (ev == CSV_BROKEN)
			judge(l, DISTANCE_REFUSED, arena_strdup(a, why.message));
		else
			read_line(a, c, l);
	}
	return r->count || err_set(e, ERR_INVALID, "le fichier ne contient aucune distance");
}

static int by_pair_latest_first(const void *left, const void *right)
{
	const struct distance_line *a = *(struct distance_line *const *)left;
	const struct distance_line *b = *(struct distance_line *const *)right;
	int order = strcmp(a->from, b->from);
	if (!order)
		order = strcmp(a->to, b->to);
	return order ? order : a->line < b->line ? 1 : -1;
}

static void keep_latest(struct arena *a, struct distance_report *r)
{
	struct distance_line **sorted = arena_array(a, struct distance_line *, r->count);
	size_t good = 0;
	for (size_t i = 0; i < r->count; i++)
		if (!r->lines[i].is_judged)
			sorted[good++] = &r->lines[i];
	qsort(sorted, good, sizeof *sorted, by_pair_latest_first);
	for (size_t i = 1; i < good; i++)
		if (text_eq(sorted[i]->from, sorted[i - 1]->from) &&
			text_eq(sorted[i]->to, sorted[i - 1]->to))
			judge(sorted[i], DISTANCE_OLDER, "une ligne plus loin dit la même paire");
}

bool distance_read(struct arena *a, const char *bytes, size_t len, struct distance_report *report,
	struct err *e)
{
	*report = (struct distance_report){0};
	if (!read_file(a, bytes, len, report, e))
		return false;
	keep_latest(a, report);
	return true;
}

static const char *lines_as_json(
	struct import *im, struct distance_line *const *lines, size_t count)
{
	struct buf b;
	struct jout j;
	buf_init(&b, im->arena, BUF_NO_LIMIT);
	jout_init(&j, &b);
	jout_open(&j, '[');
	for (size_t i = 0; i < count; i++) {
		jout_open(&j, '{');
		jout_kv_int(&j, "line", (int64_t)lines[i]->line);
		jout_kv_text(&j, "from", lines[i]->from);
		jout_kv_text(&j, "to", lines[i]->to);
		jout_kv_real(&j, "km", lines[i]->km);
		jout_kv_real(&j, "minutes", lines[i]->minutes); /* NaN is written as null */
		jout_close(&j);
	}
	jout_close(&j);
	return b.data;
}

static void warn(struct import *im, struct distance_line *l, const char *remark)
{
	l->is_warning = true;
	l->remark = *l->remark ? arena_printf(im->arena, "%s ; %s", l->remark, remark) : remark;
}

static void take_outcome(
	struct import *im, struct distance_line *l, const struct rows *rows, size_t r)
{
	enum { LINE, OUTCOME, STRAIGHT_KM };
	static const struct {
		const char *outcome;
		enum distance_verdict verdict;
		const char *remark;
	} verdicts[] = {
		{"created", DISTANCE_CREATED, ""},
		{"changed", DISTANCE_CHANGED, ""},
		{"same", DISTANCE_SAME, ""},
		{"no_from", DISTANCE_REFUSED,
			"from n’est ni une commune (code INSEE) ni un point de collecte"},
		{"no_to", DISTANCE_REFUSED, "to n’est ni une commune (code INSEE) ni un site"},
	};
	size_t v = 0;
	while (!text_eq(verdicts[v].outcome, rows_text(rows, r, OUTCOME)))
		v++;
	judge(l, verdicts[v].verdict, verdicts[v].remark);
	if (l->verdict == DISTANCE_REFUSED)
		return;
	double straight = rows_real(rows, r, STRAIGHT_KM);
	if (l->km < STRAIGHT_SHARE * straight)
		warn(im, l,
			arena_printf(im->arena, "plus court qu’à vol d’oiseau (%s km)",
				text_french_number(im->arena, straight, 1)));
	if (l->minutes * KM_H_MOST < 60 * l->km)
		warn(im, l, "plus de 110 km/h de moyenne");
}

static bool record(struct import *im, const char *matrix, struct err *e)
{
	struct distance_report *r = im->report;
	struct distance_line **chunk = arena_array(im->arena, struct distance_line *, CHUNK);
	for (size_t i = 0; i < r->count;) {
		size_t n = 0;
		for (; i < r->count && n < CHUNK; i++)
			if (!r->lines[i].is_judged)
				chunk[n++] = &r->lines[i];
		struct rows rows;
		const char *params[] = {matrix, lines_as_json(im, chunk, n)};
		if (!db_query(im->arena, im->db, "distance_import", params, 2, &rows, e))
			return false;
		for (size_t k = 0; k < n; k++) /* both by line */
			take_outcome(im, chunk[k], &rows, k);
	}
	return true;
}

static bool transact(struct import *im, const struct distance_import_options *o, struct err *e)
{
	struct rows rows;
	const char *params[] = {o->name, o->scenario};
	if (!db_query(im->arena, im->db, "distance_matrix_hold", params, 2, &rows, e))
		return false;
	if (!rows.count)
		return err_set(e, ERR_NOT_FOUND, "scénario inconnu : %s", o->scenario);
	if (!record(im, rows_text(&rows, 0, 0), e))
		return false;
	for (size_t i = 0; i < im->report->count; i++) {
		im->report->verdicts[im->report->lines[i].verdict]++;
		im->report->warnings += im->report->lines[i].is_warning;
	}
	if (!o->is_dry_run)
		return db_commit(im->db, e);
	db_rollback(im->db);
	return true;
}

bool distance_import(struct arena *a, struct db *db, const char *bytes, size_t len,
	const struct distance_import_options *o, struct distance_report *report, struct err *e)
{
	struct import im = {a, db, report};
	if (!distance_read(a, bytes, len, report, e) || !db_begin(db, e))
		return false;
	bool ok = transact(&im, o, e);
	if (!ok)
		db_rollback(db);
	return ok;
}
