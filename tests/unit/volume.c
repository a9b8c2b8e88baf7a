/* What is said of the tonnes follows from the figures: who is far below, what was replaced, how the
 * whole compares; and a gap is rounded up. */
#include "volume.h"
#include "arena.h"
#include "err.h"
#include "jin.h"
#include "text.h"

#include <libpq-fe.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void clear(void *result)
{
	PQclear(result);
}

/* Rows as a query gives them; a null pointer is NULL. */
static struct rows rows_of(struct arena *a, const char *const *cells, size_t count, size_t columns)
{
	PGresAttDesc attributes[12] = {0};
	PGresult *r = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
	for (size_t c = 0; c < columns; c++)
		attributes[c].name = (char *)(uintptr_t) "column";
	assert_true(PQsetResultAttrs(r, (int)columns, attributes));
	for (size_t n = 0; n < count * columns; n++)
		assert_true(PQsetvalue(r, (int)(n / columns), (int)(n % columns),
			(char *)(uintptr_t)cells[n], cells[n] ? (int)strlen(cells[n]) : -1));
	arena_defer(a, clear, r);
	return (struct rows){.result = r, .count = count, .columns = columns};
}

/* region, name, population, published_t, collected_t, household_t, replaced, survey, survey_year,
 * france_kg, share_low, share_high */
#define ROW(code, name, people, published, collected, household, replaced) \
	code, name, people, published, collected, household, replaced, "Enquête", "2021", "15", \
		"0.5", "0.6"

static struct jin write(struct arena *a, const char *const *cells, size_t count)
{
	static const char *const years[] = {"2027", "1.2"};
	struct instance in = {
		.volumes = rows_of(a, cells, count, 12), .years = rows_of(a, years, 1, 2)};
	struct buf b;
	struct jout j;
	struct jin *root = arena_one(a, struct jin);
	struct err e = {0};
	buf_init(&b, a, BUF_NO_LIMIT);
	jout_init(&j, &b);
	jout_open(&j, '{');
	volume_write(a, &j, &in);
	jout_close(&j);
	if (!jin_parse(a, b.data, b.len, root, &e))
		fail_msg("%s", e.message);
	return jin_object(root, "volumes");
}

/* The note that begins with these words, or "". */
static const char *note(const struct jin *volumes, const char *opening)
{
	struct jin notes = jin_array(volumes, "notes", 0, 100);
	for (size_t n = 0; n < notes.count; n++) {
		struct jin item = jin_item(&notes, n);
		const char *text = jin_value_text(&item, 4000);
		if (text_starts(text, opening))
			return text;
	}
	return "";
}

static void assert_says(const char *text, const char *words)
{
	if (!strstr(text, words))
		fail_msg("« %s » is not in: %s", words, text);
}

static int set_up(void **state)
{
	*state = arena_new();
	return 0;
}

static int tear_down(void **state)
{
	arena_free(*state);
	return 0;
}

static void what_is_odd_is_said_with_its_figures(void **state)
{
	static const char *const cells[] = {
		ROW("24", "Centre", "1000000", "7000", "8000", "16000", "Cher"),
		ROW("11", "Capitale", "2000000", "2000", "2000", "4000", NULL),
		ROW("52", "Ouest", "1000000", "9000", "9000", "18000", NULL),
	};
	struct jin v = write(*state, cells, 3);
	const char *low = note(&v, "Capitale"), *replaced = note(&v, "Centre"),
		   *all = note(&v, "Ensemble");
	assert_says(low, "seulement 1,0\u00a0kg par habitant apportés en déchèterie en 2021");
	assert_says(
		low, "d’où 2,0\u00a0kg tous canaux confondus, contre 8,5\u00a0kg et 17,0\u00a0kg");
	assert_says(low, "(Enquête)");
	assert_says(replaced, "gisement de 16,0\u00a0kt, alors que le tonnage publié");
	assert_says(replaced, "en donnerait 14,0\u00a0kt, et 11,7\u00a0kt si la part des "
			      "collectivités était de 60\u00a0%");
	assert_says(replaced, "ce département : Cher");
	assert_says(all, "38,0\u00a0kt en 2021, soit 9,5\u00a0kg par habitant");
	assert_says(all, "ce serait 60,0\u00a0kt. L’écart vient de cette région : Capitale");
	assert_string_equal(note(&v, "Ouest"), "");
	struct jin regions = jin_array(&v, "regions", 3, 3), centre = jin_item(&regions, 0);
	assert_true(jin_real(&centre, "first_year_t", 0, 1e9) > 19199.9 &&
		    jin_real(&centre, "first_year_t", 0, 1e9) < 19200.1);
	assert_string_equal(jin_text(&centre, "replaced", 100), "Cher");
}

static void what_is_ordinary_is_not(void **state)
{
	static const char *const cells[] = {
		ROW("24", "Centre", "1000000", "8000", "8000", "16000", NULL),
		ROW("52", "Ouest", "1000000", "7000", "7000", "14000", NULL),
	};
	struct jin v = write(*state, cells, 2);
	struct jin notes = jin_array(&v, "notes", 1, 1);
	assert_int_equal(notes.count, 1);
	assert_null(strstr(note(&v, "Ensemble"), "vient de"));
}

static void one_region_has_nobody_to_be_below(void **state)
{
	static const char *const cells[] = {
		ROW("11", "Capitale", "2000000", "2000", "2000", "4000", NULL)};
	struct jin v = write(*state, cells, 1);
	assert_string_equal(note(&v, "Capitale"), "");
}

static void a_gap_is_rounded_up(void **state)
{
	assert_string_equal(text_french_gap(*state, 0.02101), "2,11\u00a0%");
	assert_string_equal(text_french_gap(*state, 0.0211), "2,11\u00a0%");
	assert_string_equal(text_french_gap(*state, 0.00001), "0,01\u00a0%");
	assert_string_equal(text_french_gap(*state, 0), "0,00\u00a0%");
}

int main(void)
{
#define IN_AN_ARENA(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		IN_AN_ARENA(what_is_odd_is_said_with_its_figures),
		IN_AN_ARENA(what_is_ordinary_is_not),
		IN_AN_ARENA(one_region_has_nobody_to_be_below),
		IN_AN_ARENA(a_gap_is_rounded_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
