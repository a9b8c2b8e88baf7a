/* SINOE's `annuaire des déchèteries`: one line per site and survey year, of which the latest counts. */
#include "point_file.h"

#include "text.h"

enum { YEAR = POINT_COLUMNS, COLUMNS };
static const struct csv_column columns[COLUMNS] = {
	[POINT_KEY] = {"C_SERVICE", true},
	[POINT_NAME] = {"N_SERVICE", true},
	[POINT_COMMUNE] = {"C_COMM", true},
	[POINT_ADDRESS] = {"AD1_SITE", false},
	[POINT_POSTCODE] = {"CP_SITE", false},
	[POINT_TOWN] = {"L_VILLE_SITE", false},
	[POINT_LATITUDE] = {"GPS_LAT", false},
	[POINT_LONGITUDE] = {"GPS_LONG", false},
	[YEAR] = {"ANNEE", false}, /* without it every line is of the present */
};

enum {
	YEAR_FIRST = 2000,
	YEAR_LAST = 2100,
	/* Surveys are held every two years and the directory is sometimes opened early: what the
	 * year before the latest had is still there. */
	SURVEY_SPAN = 1,
	/* A mistyped year is not a survey: one line in so many has to bear it. */
	SURVEY_SHARE = 100,
};

static void read_year(struct point_file *f, struct site *s)
{
	const char *text = point_cell(f, YEAR);
	int64_t year;
	if (!csv_has(f->csv, YEAR))
		return;
	if (text_to_int64(text, &year) && year >= YEAR_FIRST && year <= YEAR_LAST)
		s->year = (int)year;
	else
		point_judge(s, POINT_REFUSED,
			arena_printf(f->arena, "ANNEE n’est pas une année : « %.20s »", text));
}

/* The year of the latest survey of the file; 0 when it has none. */
static int survey_year(const struct point_file *f)
{
	size_t lines[YEAR_LAST + 1] = {0}, all = 0;
	for (size_t i = 0; i < f->count; i++) {
		lines[f->sites[i].year]++;
		all += f->sites[i].year != 0;
	}
	for (int year = YEAR_LAST; year >= YEAR_FIRST; year--)
		if (lines[year] && lines[year] * SURVEY_SHARE >= all)
			return year;
	return 0;
}

static void leave_out_the_gone(struct point_file *f)
{
	int latest = f->survey_year = survey_year(f);
	for (size_t i = 0; i < f->count; i++) {
		struct site *s = &f->sites[i];
		if (!s->is_judged && s->year < latest - SURVEY_SPAN)
			point_judge(s, POINT_GONE,
				arena_printf(f->arena,
					"dernière enquête %d ; l’annuaire va jusqu’à %d", s->year,
					latest));
	}
}

static void settle(struct point_file *f)
{
	point_keep_latest(f);
	leave_out_the_gone(f);
}

const struct point_format point_sinoe = {
	.origin = "sinoe",
	.source = "sinoe_annuaire",
	.title = "annuaire des déchèteries de SINOE",
	.columns = columns,
	.column_count = COLUMNS,
	.read = read_year,
	.settle = settle,
};
