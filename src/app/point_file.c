#include "point_file.h"

#include "insee.h"
#include "text.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* In the order in which they are tried. */
static const struct point_format *const formats[] = {&point_sinoe, &point_acteurs};
enum { FORMAT_COUNT = sizeof formats / sizeof *formats };

enum {
	KEY_MOST = 64, /* characters, more than any real one */
	NAME_MOST = 200,
};

/* Metropolitan France with Corsica, degrees. No latitude of it is a longitude of it. */
static const double west = -5.5, east = 10, south = 41, north = 51.5;

void point_judge(struct site *s, enum point_verdict verdict, const char *remark)
{
	s->out.verdict = verdict;
	s->out.remark = remark;
	s->out.is_warning = false;
	s->is_judged = true;
}

void point_warn(struct arena *a, struct site *s, const char *remark)
{
	s->out.is_warning = true;
	s->out.remark = *s->out.remark ? arena_printf(a, "%s ; %s", s->out.remark, remark) : remark;
}

/* The name of a column in this file's format. */
static const char *head(const struct point_file *f, enum point_column column)
{
	return f->format->columns[column].name;
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

char *point_cell(struct point_file *f, size_t column)
{
	return clean(f->arena, csv_cell(f->csv, column));
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

/* The département that a postcode begins with; Corsica has two under 20. "" when there is none. */
static const char *departement_of(struct arena *a, char *postcode)
{
	postcode = restore_zero(a, postcode);
	if (strlen(postcode) != 5 || strspn(postcode, "0123456789") != 5)
		return "";
	if (text_starts(postcode, "20"))
		return postcode[2] < '2' ? "2A" : "2B";
	return arena_strndup(a, postcode, 2);
}

static void read_commune(struct point_file *f, struct site *s)
{
	char *insee = restore_zero(f->arena, point_cell(f, POINT_COMMUNE));
	for (char *p = insee; *p; p++)
		*p = (char)toupper((unsigned char)*p);
	s->out.commune = s->insee = insee;
	if (!*insee && f->format->may_lack_commune) {
		s->departement = departement_of(f->arena, point_cell(f, POINT_POSTCODE));
		return;
	}
	if (!insee_is_code(insee)) {
		s->out.commune = "";
		point_judge(s, POINT_REFUSED,
			*insee ? arena_printf(f->arena, "%s n’est pas un code INSEE : « %.30s »",
					 head(f, POINT_COMMUNE), insee)
			       : arena_printf(f->arena, "%s, le code INSEE de la commune, manque",
					 head(f, POINT_COMMUNE)));
		return;
	}
	if (text_starts(insee, "97") || text_starts(insee, "98"))
		point_judge(s, POINT_OUTSIDE, "outre-mer, que le modèle ne couvre pas");
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

static void read_location(struct point_file *f, struct site *s)
{
	const char *lat_text = point_cell(f, POINT_LATITUDE),
		   *lon_text = point_cell(f, POINT_LONGITUDE);
	double lat = degrees(lat_text), lon = degrees(lon_text);
	s->lon = s->lat = NAN;
	if (is_within(lat, south, north) && is_within(lon, west, east)) {
		s->lat = lat;
		s->lon = lon;
	} else if (is_within(lon, south, north) && is_within(lat, west, east)) {
		s->lat = lon;
		s->lon = lat;
		point_warn(f->arena, s,
			arena_printf(f->arena, "%s et %s étaient échangées",
				head(f, POINT_LATITUDE), head(f, POINT_LONGITUDE)));
	} else if (!*lat_text || !*lon_text) {
		point_warn(f->arena, s, "sans coordonnées : placé au point de la commune");
	} else {
		point_warn(f->arena, s,
			arena_printf(f->arena,
				"coordonnées impossibles (%.20s ; %.20s) : placé au point de la "
				"commune",
				lat_text, lon_text));
	}
}

/* "12 rue Haute, 45000 Orléans", from what there is of it; null when there is nothing. */
static const char *read_address(struct point_file *f)
{
	const char *street = point_cell(f, POINT_ADDRESS), *town = point_cell(f, POINT_TOWN);
	const char *postcode = restore_zero(f->arena, point_cell(f, POINT_POSTCODE));
	char *address = arena_printf(f->arena, "%s%s%s%s%s", street,
		*street && (*postcode || *town) ? ", " : "", postcode,
		*postcode && *town ? " " : "", town);
	return *address ? address : NULL;
}

static void read_name(struct point_file *f, struct site *s)
{
	if (!*s->out.name)
		point_judge(s, POINT_REFUSED,
			arena_printf(f->arena, "%s, le nom, manque", head(f, POINT_NAME)));
	else if (characters(s->out.name) > NAME_MOST)
		point_judge(s, POINT_REFUSED,
			arena_printf(f->arena, "%s a plus de %d caractères", head(f, POINT_NAME),
				NAME_MOST));
}

static void read_site(struct point_file *f, struct site *s)
{
	s->out.key = point_cell(f, POINT_KEY);
	s->out.name = point_cell(f, POINT_NAME);
	if (!*s->out.key || characters(s->out.key) > KEY_MOST) {
		point_judge(s, POINT_REFUSED,
			*s->out.key ? arena_printf(f->arena, "%s a plus de %d caractères",
					      head(f, POINT_KEY), KEY_MOST)
				    : arena_printf(f->arena, "%s, l’identifiant du site, manque",
					      head(f, POINT_KEY)));
		s->out.key = "";
		return;
	}
	void (*const steps[])(struct point_file *, struct site *) = {
		f->format->read, read_name, read_commune, read_location};
	for (size_t i = 0; i < sizeof steps / sizeof *steps && !s->is_judged; i++)
		steps[i](f, s);
	s->address = read_address(f);
}

static struct site *add_site(struct point_file *f)
{
	if (f->count == f->room) {
		f->room = f->room ? 2 * f->room : 1024;
		struct site *more = arena_array(f->arena, struct site, f->room);
		if (f->count)
			memcpy(more, f->sites, f->count * sizeof *more);
		f->sites = more;
	}
	struct site *s = &f->sites[f->count++];
	s->out.line = csv_line(f->csv);
	s->out.key = s->out.name = s->out.commune = s->out.commune_name = s->out.remark = "";
	s->departement = "";
	s->kind = "decheterie";
	return s;
}

/* The first format that has all its columns there. What is missing is said of the first one, the
 * directory that most files are. */
static bool open_file(struct point_file *f, const char *bytes, size_t len, struct err *e)
{
	for (size_t n = 0; n < FORMAT_COUNT; n++) {
		struct err other;
		f->format = formats[n];
		if (csv_open(f->arena, bytes, len, f->format->columns, f->format->column_count,
			    NULL, &f->csv, n ? &other : e))
			return true;
	}
	return false;
}

bool point_file_read(
	struct arena *a, const char *bytes, size_t len, struct point_file *f, struct err *e)
{
	*f = (struct point_file){.arena = a};
	if (!open_file(f, bytes, len, e))
		return false;
	struct err why;
	for (enum csv_event ev; (ev = csv_next(f->csv, &why)) != CSV_END;) {
		struct site *s = add_site(f);
		if (ev == CSV_BROKEN)
			point_judge(s, POINT_REFUSED, arena_strdup(a, why.message));
		else
			read_site(f, s);
	}
	if (!f->count)
		return err_set(e, ERR_INVALID, "le fichier ne contient aucun point");
	f->format->settle(f);
	return true;
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

void point_keep_latest(struct point_file *f)
{
	struct site **sorted = arena_array(f->arena, struct site *, f->count);
	for (size_t i = 0; i < f->count; i++)
		sorted[i] = &f->sites[i];
	qsort(sorted, f->count, sizeof *sorted, by_site_latest_first);
	const struct site *latest = NULL;
	for (size_t i = 0; i < f->count && *sorted[i]->out.key; i++) {
		if (!latest || !text_eq(latest->out.key, sorted[i]->out.key))
			latest = sorted[i];
		else
			point_judge(sorted[i], POINT_OLDER,
				arena_printf(f->arena, "la ligne %zu dit le même site%s",
					latest->out.line,
					latest->year > sorted[i]->year ? ", plus récemment" : ""));
	}
}
