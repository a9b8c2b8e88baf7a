#include "point_import.h"

#include "buf.h"
#include "csv.h"
#include "insee.h"
#include "jout.h"
#include "text.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Rows of table source and of the comment on collection_point.origin. */
static const char origin[] = "sinoe", source[] = "sinoe_annuaire";

enum column { SERVICE, NAME, COMMUNE, YEAR, ADDRESS, POSTCODE, TOWN, LATITUDE, LONGITUDE, COLUMNS };
static const struct csv_column columns[COLUMNS] = {
	[SERVICE] = {"C_SERVICE", true},
	[NAME] = {"N_SERVICE", true},
	[COMMUNE] = {"C_COMM", true},
	[YEAR] = {"ANNEE", false}, /* without it every line is of the present */
	[ADDRESS] = {"AD1_SITE", false},
	[POSTCODE] = {"CP_SITE", false},
	[TOWN] = {"L_VILLE_SITE", false},
	[LATITUDE] = {"GPS_LAT", false},
	[LONGITUDE] = {"GPS_LONG", false},
};

enum {
	KEY_MOST = 40, /* characters, more than any real one */
	NAME_MOST = 200,
	YEAR_FIRST = 2000,
	YEAR_LAST = 2100,
	/* Surveys are held every two years and the directory is sometimes opened early: what the
	 * year before the latest had is still there. */
	SURVEY_SPAN = 1,
	/* A mistyped year is not a survey: one line in so many has to bear it. */
	SURVEY_SHARE = 100,
	FAR_KM = 20, /* from the point of the commune; the largest communes reach 20 km */
};

/* Metropolitan France with Corsica, degrees. No latitude of it is a longitude of it. */
static const double west = -5.5, east = 10, south = 41, north = 51.5;

/* One line of the file. */
struct site {
	struct point_line out;
	bool is_judged; /* `out.verdict` holds */
	int year;       /* 0 when unknown */
	const char *insee, *address;
	double lon, lat; /* NaN: none */
};

struct import {
	struct arena *arena;
	struct db *db;
	const struct point_import_options *options;
	struct csv *csv;
	struct site *sites;
	size_t count, room;
	struct point_report *report;
};

const char *point_verdict_name(enum point_verdict verdict, size_t count)
{
#define POINT_NAMES(verdict, one, several) [verdict] = {one, several},
	static const char *const names[][2] = {POINT_VERDICTS(POINT_NAMES)};
#undef POINT_NAMES
	return names[verdict][count > 1];
}

static void judge(struct site *s, enum point_verdict verdict, const char *remark)
{
	s->out.verdict = verdict;
	s->out.remark = remark;
	s->out.is_warning = false;
	s->is_judged = true;
}

/* Remarks of one line add up. */
static void warn(struct import *im, struct site *s, const char *remark)
{
	s->out.is_warning = true;
	s->out.remark =
		*s->out.remark ? arena_printf(im->arena, "%s ; %s", s->out.remark, remark) : remark;
}

/* ---- Cells ---- */

/* The bytes of a blank or of a control character at s, 0 for anything else. U+0080 to U+00A0 are
 * controls (terminals obey some) and the no-break space. */
static size_t blank_length(const char *s)
{
	const unsigned char *p = (const unsigned char *)s;
	if (*p && (*p <= ' ' || *p == 0x7F))
		return 1;
	return p[0] == 0xC2 && p[1] >= 0x80 && p[1] <= 0xA0 ? 2 : 0;
}

/* One line of plain text: runs of blanks and control characters become one space, none at the
 * ends. */
static char *clean(struct arena *a, const char *s)
{
	char *copy = arena_alloc(a, strlen(s) + 1), *p = copy;
	for (size_t n; *s;) {
		if (!(n = blank_length(s))) {
			*p++ = *s++;
			continue;
		}
		if (p != copy && p[-1] != ' ')
			*p++ = ' ';
		s += n;
	}
	if (p != copy && p[-1] == ' ')
		p--;
	*p = '\0';
	return copy;
}

static char *cell(struct import *im, enum column column)
{
	return clean(im->arena, csv_cell(im->csv, column));
}

static size_t characters(const char *s)
{
	size_t n = 0;
	for (; *s; s++)
		n += (*s & 0xC0) != 0x80;
	return n;
}

/* Spreadsheets take the zero of 01004 away. */
static char *restore_zero(struct arena *a, char *code)
{
	return strlen(code) == 4 && isdigit((unsigned char)*code) ? arena_printf(a, "0%s", code)
								  : code;
}

static void read_commune(struct import *im, struct site *s)
{
	char *insee = restore_zero(im->arena, cell(im, COMMUNE));
	for (char *p = insee; *p; p++)
		*p = (char)toupper((unsigned char)*p);
	s->out.commune = s->insee = insee;
	if (!insee_is_code(insee)) {
		s->out.commune = "";
		judge(s, POINT_REFUSED,
			*insee ? arena_printf(im->arena,
					 "C_COMM n’est pas un code INSEE : « %.30s »", insee)
			       : "C_COMM, le code INSEE de la commune, manque");
		return;
	}
	if (text_starts(insee, "97") || text_starts(insee, "98"))
		judge(s, POINT_OUTSIDE, "outre-mer, que le modèle ne couvre pas");
	s->out.commune = s->insee = insee_whole_city(insee);
}

static bool is_within(double v, double low, double high)
{
	return v >= low && v <= high;
}

/* A decimal comma is as good as a point. */
static double degrees(const char *text)
{
	char plain[32];
	double v;
	if (strlen(text) >= sizeof plain)
		return NAN;
	strcpy(plain, text);
	char *comma = strchr(plain, ',');
	if (comma)
		*comma = '.';
	return text_to_double(plain, &v) ? v : NAN;
}

static void read_location(struct import *im, struct site *s)
{
	const char *lat_text = cell(im, LATITUDE), *lon_text = cell(im, LONGITUDE);
	double lat = degrees(lat_text), lon = degrees(lon_text);
	s->lon = s->lat = NAN;
	if (is_within(lat, south, north) && is_within(lon, west, east)) {
		s->lat = lat;
		s->lon = lon;
	} else if (is_within(lon, south, north) && is_within(lat, west, east)) {
		s->lat = lon;
		s->lon = lat;
		warn(im, s, "GPS_LAT et GPS_LONG étaient échangées");
	} else if (!*lat_text || !*lon_text) {
		warn(im, s, "sans coordonnées : placé au point de la commune");
	} else {
		warn(im, s,
			arena_printf(im->arena,
				"coordonnées impossibles (%.20s ; %.20s) : placé au point de la "
				"commune",
				lat_text, lon_text));
	}
}

/* "12 rue Haute, 45000 Orléans", from what there is of it; null when there is nothing. */
static const char *read_address(struct import *im)
{
	const char *street = cell(im, ADDRESS), *town = cell(im, TOWN);
	const char *postcode = restore_zero(im->arena, cell(im, POSTCODE));
	char *address = arena_printf(im->arena, "%s%s%s%s%s", street,
		*street && (*postcode || *town) ? ", " : "", postcode,
		*postcode && *town ? " " : "", town);
	return *address ? address : NULL;
}

static void read_year(struct import *im, struct site *s)
{
	const char *text = cell(im, YEAR);
	int64_t year;
	if (!csv_has(im->csv, YEAR))
		return;
	if (text_to_int64(text, &year) && year >= YEAR_FIRST && year <= YEAR_LAST)
		s->year = (int)year;
	else
		judge(s, POINT_REFUSED,
			arena_printf(im->arena, "ANNEE n’est pas une année : « %.20s »", text));
}

static void read_name(struct import *im, struct site *s)
{
	if (!*s->out.name)
		judge(s, POINT_REFUSED, "N_SERVICE, le nom, manque");
	else if (characters(s->out.name) > NAME_MOST)
		judge(s, POINT_REFUSED,
			arena_printf(im->arena, "N_SERVICE a plus de %d caractères", NAME_MOST));
}

static void read_site(struct import *im, struct site *s)
{
	s->out.key = cell(im, SERVICE);
	s->out.name = cell(im, NAME);
	if (!*s->out.key || characters(s->out.key) > KEY_MOST) {
		judge(s, POINT_REFUSED,
			*s->out.key ? arena_printf(im->arena, "C_SERVICE a plus de %d caractères",
					      KEY_MOST)
				    : "C_SERVICE, l’identifiant du site, manque");
		s->out.key = "";
		return;
	}
	static void (*const steps[])(struct import *, struct site *) = {
		read_year, read_name, read_commune, read_location};
	for (size_t i = 0; i < sizeof steps / sizeof *steps && !s->is_judged; i++)
		steps[i](im, s);
	s->address = read_address(im);
}

static struct site *add_site(struct import *im)
{
	if (im->count == im->room) {
		im->room = im->room ? 2 * im->room : 1024;
		struct site *more = arena_array(im->arena, struct site, im->room);
		if (im->count)
			memcpy(more, im->sites, im->count * sizeof *more);
		im->sites = more;
	}
	struct site *s = &im->sites[im->count++];
	s->out.line = csv_line(im->csv);
	s->out.key = s->out.name = s->out.commune = s->out.commune_name = s->out.remark = "";
	return s;
}

static bool read_file(struct import *im, const char *bytes, size_t len, struct err *e)
{
	if (!csv_open(im->arena, bytes, len, columns, COLUMNS, NULL, &im->csv, e))
		return false;
	struct err why;
	for (enum csv_event ev; (ev = csv_next(im->csv, &why)) != CSV_END;) {
		struct site *s = add_site(im);
		if (ev == CSV_BROKEN)
			judge(s, POINT_REFUSED, arena_strdup(im->arena, why.message));
		else
			read_site(im, s);
	}
	return im->count || err_set(e, ERR_INVALID, "le fichier ne contient aucun point");
}

/* ---- Which line of a site counts ---- */

/* Sites together, their latest line first; in one year the last one wins. Lines without a site go
 * to the end. */
static int by_site_latest_first(const void *left, const void *right)
{
	const struct site *a = *(struct site *const *)left, *b = *(struct site *const *)right;
	if (!*a->out.key || !*b->out.key)
		return !*a->out.key - !*b->out.key;
	int order = strcmp(a->out.key, b->out.key);
	if (order)
		return order;
	if (a->year != b->year)
		return a->year < b->year ? 1 : -1;
	return a->out.line < b->out.line ? 1 : -1;
}

/* Even a line that is refused for another reason: one verdict a site is enough. */
static void keep_latest_lines(struct import *im)
{
	struct site **sorted = arena_array(im->arena, struct site *, im->count);
	for (size_t i = 0; i < im->count; i++)
		sorted[i] = &im->sites[i];
	qsort(sorted, im->count, sizeof *sorted, by_site_latest_first);
	const struct site *latest = NULL;
	for (size_t i = 0; i < im->count && *sorted[i]->out.key; i++) {
		if (!latest || !text_eq(latest->out.key, sorted[i]->out.key))
			latest = sorted[i];
		else
			judge(sorted[i], POINT_OLDER,
				arena_printf(im->arena, "la ligne %zu dit le même site%s",
					latest->out.line,
					latest->year > sorted[i]->year ? ", plus récemment" : ""));
	}
}

/* The year of the latest survey of the file; 0 when it has none. */
static int survey_year(const struct import *im)
{
	size_t lines[YEAR_LAST + 1] = {0}, all = 0;
	for (size_t i = 0; i < im->count; i++) {
		lines[im->sites[i].year]++;
		all += im->sites[i].year != 0;
	}
	for (int year = YEAR_LAST; year >= YEAR_FIRST; year--)
		if (lines[year] && lines[year] * SURVEY_SHARE >= all)
			return year;
	return 0;
}

static void leave_out_the_gone(struct import *im)
{
	int latest = im->report->survey_year = survey_year(im);
	for (size_t i = 0; i < im->count; i++) {
		struct site *s = &im->sites[i];
		if (!s->is_judged && s->year < latest - SURVEY_SPAN)
			judge(s, POINT_GONE,
				arena_printf(im->arena,
					"dernière enquête %d ; l’annuaire va jusqu’à %d", s->year,
					latest));
	}
}

/* ---- The database ---- */

static const char *sites_as_json(struct import *im)
{
	struct buf b;
	struct jout j;
	buf_init(&b, im->arena, BUF_NO_LIMIT);
	jout_init(&j, &b);
	jout_open(&j, '[');
	for (size_t i = 0; i < im->count; i++) {
		const struct site *s = &im->sites[i];
		if (s->is_judged)
			continue;
		jout_open(&j, '{');
		jout_kv_int(&j, "line", (int64_t)s->out.line);
		jout_kv_text(&j, "key", s->out.key);
		jout_kv_text(&j, "name", s->out.name);
		jout_kv_text(&j, "insee", s->insee);
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
	for (size_t i = 0; i < im->count; i++) {
		const struct site *s = &im->sites[i];
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
		judge(s, POINT_REFUSED,
			arena_printf(im->arena, "la commune %s n’existe pas", s->insee));
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
	if (!text_eq(s->insee, s->out.commune))
		warn(im, s,
			arena_printf(im->arena,
				"la commune %s n’existe pas : rattaché à la plus proche",
				s->insee));
	else if (away_km > FAR_KM)
		warn(im, s,
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
	const char *params[] = {origin, source, sites_as_json(im)};
	if (!db_query(im->arena, im->db, "point_import", params, 3, &rows, e))
		return false;
	for (size_t i = 0, r = 0; i < im->count; i++) /* both by line */
		if (!im->sites[i].is_judged)
			take_outcome(im, &im->sites[i], &rows, r++);
	return true;
}

/* A line whose site cannot be read may be that of any point that seems missing. */
static bool has_nameless_lines(const struct import *im)
{
	for (size_t i = 0; i < im->count; i++)
		if (!*im->sites[i].out.key)
			return true;
	return false;
}

static bool find_missing(struct import *im, struct rows *missing, bool *closes, struct err *e)
{
	*closes = im->options->closes_missing && !has_nameless_lines(im);
	const char *params[] = {origin, keys_as_json(im), *closes ? "true" : "false"};
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
	enum { KEY, POINT_NAME, INSEE, COMMUNE_NAME };
	struct point_report *report = im->report;
	report->lines = arena_array(im->arena, struct point_line, im->count + missing->count);
	for (size_t i = 0; i < im->count; i++)
		report->lines[report->count++] = im->sites[i].out;
	for (size_t r = 0; r < missing->count; r++)
		report->lines[report->count++] = (struct point_line){
			.verdict = closes ? POINT_CLOSED : POINT_MISSING,
			.key = rows_text(missing, r, KEY),
			.name = rows_text(missing, r, POINT_NAME),
			.commune = rows_text(missing, r, INSEE),
			.commune_name = rows_text(missing, r, COMMUNE_NAME),
			.remark = "n’est plus dans le fichier",
		};
	for (size_t i = 0; i < report->count; i++) {
		report->verdicts[report->lines[i].verdict]++;
		report->warnings += report->lines[i].is_warning;
	}
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
	const char *params[] = {source};
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
		!refresh_estimated(im, e))
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
	if (!read_file(&im, bytes, len, e))
		return false;
	keep_latest_lines(&im);
	leave_out_the_gone(&im);
	if (!db_begin(db, e))
		return false;
	bool ok = transact(&im, e);
	if (!ok)
		db_rollback(db);
	return ok;
}
