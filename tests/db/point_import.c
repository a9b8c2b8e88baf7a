/* Importing collection points: one verdict a line, real points in place of the estimated ones, and
 * nothing lost. tests/db/sinoe.csv is an invented directory in SINOE's layout. */
#include "buf.h"
#include "file.h"
#include "points.h"
#include "share.h"
#include "text.h"

static struct point_report import_closing(struct points *f, const char *text)
{
	static const struct point_import_options closing = {.closes_missing = true};
	return points_import_with(f, text, &closing);
}

static const char *directory(struct points *f)
{
	struct err e;
	const char *path;
	char *text;
	assert_ok(share_path(f->arena, "tests/db/sinoe.csv", &path, &e), e);
	assert_ok(file_read(f->arena, path, 1 << 20, &text, NULL, &e), e);
	return text;
}

/* ---- Verdicts ---- */

static void each_line_has_its_verdict(void **state)
{
	struct points *f = *state;
	static const struct {
		size_t line;
		enum point_verdict verdict;
		bool is_warning;
		const char *commune, *remark;
	} expected[] = {
		{2, POINT_OLDER, false, "45234", "ligne 3"},
		{3, POINT_CREATED, false, "45234", ""},
		{4, POINT_CREATED, false, "45284", ""},
		{6, POINT_CREATED, false, "41018", ""},
		{7, POINT_CREATED, true, "37261", "sans coordonnées"},
		{8, POINT_CREATED, true, "18033", "coordonnées impossibles (0 ; 0)"},
		{9, POINT_CREATED, true, "36044", "échangées"},
		{10, POINT_CREATED, true, "28085", "km de sa commune"},
		{11, POINT_CREATED, true, "45004", "45999 n’existe pas : rattaché"},
		{12, POINT_REFUSED, false, "45998", "45998 n’existe pas"},
		{13, POINT_GONE, false, "45208", "2019"},
		{14, POINT_OUTSIDE, false, "97105", "outre-mer"},
		{15, POINT_CREATED, false, "45208", ""},
		{16, POINT_REFUSED, false, "", "N_SERVICE"},
		{17, POINT_REFUSED, false, "", "6 cellules au lieu de 16"},
		{18, POINT_CREATED, false, "75056", ""},
		{19, POINT_CREATED, false, "01004", ""},
		{20, POINT_REFUSED, false, "", "C_SERVICE"},
		{21, POINT_REFUSED, false, "", "guillemet jamais refermé"},
		{22, POINT_CREATED, false, "2A004", ""},
		{23, POINT_REFUSED, false, "", "ANNEE"},
		{24, POINT_REFUSED, false, "", "C_COMM"},
	};
	struct point_report r = points_import(f, directory(f));
	assert_int_equal(r.count, sizeof expected / sizeof *expected);
	for (size_t i = 0; i < r.count; i++) {
		const struct point_line *l = &r.lines[i];
		if (l->line != expected[i].line || l->verdict != expected[i].verdict ||
			l->is_warning != expected[i].is_warning ||
			!text_eq(l->commune, expected[i].commune) ||
			!strstr(l->remark, expected[i].remark) ||
			!*l->remark != !*expected[i].remark)
			fail_msg("line %zu: %s, %s, %s", l->line, point_verdict_name(l->verdict, 1),
				l->commune, l->remark);
	}
	assert_int_equal(r.verdicts[POINT_CREATED], 12);
	assert_int_equal(r.verdicts[POINT_REFUSED], 7);
	assert_int_equal(r.warnings, 5);
	assert_int_equal(r.survey_year, 2025);
}

static void what_is_recorded_is_what_the_line_says(void **state)
{
	struct points *f = *state;
	points_import(f, directory(f));
	points_assert(f, "SELECT count(*) = 12 AND bool_and(is_open AND source = 'sinoe_annuaire')"
			 "  FROM collection_point WHERE origin = 'sinoe'");
	points_assert(f,
		"SELECT (name, commune, address, precision, ST_X(location), ST_Y(location)) ="
		"       ('Déchèterie du Pont', '45234', '12 rue des Essais, 45000 Orléans',"
		"        'exact', 1.9021, 47.9012)"
		"  FROM collection_point WHERE origin = 'sinoe' AND origin_id = '9001'");
	points_assert(f, "SELECT (name, address) = ('Déchèterie \"Les Prés\", quai nord',"
			 "       'ZA des Prés bâtiment 2, 45800 Saint-Jean-de-Braye')"
			 "  FROM collection_point WHERE origin = 'sinoe' AND origin_id = '9002'");
	points_assert(f, "SELECT (ST_X(location), ST_Y(location)) = (1.3182, 47.5834)"
			 "  FROM collection_point WHERE origin = 'sinoe' AND origin_id = '9003'");
	points_assert(f, "SELECT (ST_X(location), ST_Y(location)) = (1.6913, 46.8062)"
			 "  FROM collection_point WHERE origin = 'sinoe' AND origin_id = '9006'");
	points_assert(f, "SELECT count(*) = 2 FROM collection_point p JOIN commune c"
			 "    ON c.insee = p.commune AND ST_Equals(c.location, p.location)"
			 " WHERE p.origin = 'sinoe' AND p.precision = 'approximate'"
			 "   AND p.origin_id IN ('9004', '9005')");
	points_assert(f, "SELECT address IS NOT DISTINCT FROM '01500 Ambérieu-en-Bugey'"
			 "  FROM collection_point WHERE origin = 'sinoe' AND origin_id = '9016'");
	points_assert(f, "SELECT name = '=HYPERLINK(\"http://exemple.invalid\")'"
			 "  FROM collection_point WHERE origin = 'sinoe' AND origin_id = '9012'");
}

static void importing_again_changes_nothing(void **state)
{
	struct points *f = *state;
	struct point_report first = points_import(f, directory(f));
	points_assert(f, "SELECT count(*) > 0 FROM collection_point WHERE origin = 'sinoe'");
	struct err e;
	assert_ok(db_script(f->db,
			  "CREATE TEMP TABLE known ON COMMIT PRESERVE ROWS AS "
			  "SELECT id, xmin::text AS version FROM collection_point",
			  &e),
		e);
	struct point_report again = points_import(f, directory(f));
	assert_int_equal(again.count, first.count);
	assert_int_equal(again.verdicts[POINT_SAME], first.verdicts[POINT_CREATED]);
	assert_int_equal(again.verdicts[POINT_CREATED] + again.verdicts[POINT_CHANGED], 0);
	assert_int_equal(again.estimated_closed + again.estimated_opened, 0);
	points_assert(f,
		"SELECT count(*) = 0 FROM collection_point p FULL JOIN known k"
		"    ON k.id = p.id AND k.version = p.xmin::text WHERE p.id IS NULL OR k.id "
		"IS NULL");
	assert_ok(db_script(f->db, "DROP TABLE known", &e), e);
}

static void says_what_changed(void **state)
{
	struct points *f = *state;
	points_import(f, POINTS_HEADER POINTS_BLOIS POINTS_TOURS POINTS_AMILLY);
	struct point_report r = points_import(f, POINTS_HEADER
		"1,Déchèterie du Nord,41018,2025,rue Haute,47.58,1.32\n"
		"2,Déchèterie de Tours,37261,2025,quai Bas,47.40,0.70\n" POINTS_AMILLY);
	assert_int_equal(r.verdicts[POINT_CHANGED], 2);
	assert_string_equal(r.lines[0].remark, "nom");
	assert_string_equal(r.lines[1].remark, "adresse, position");
	assert_int_equal(r.lines[2].verdict, POINT_SAME);
}

/* ---- The network ---- */

static void estimated_points_give_way_where_real_ones_are(void **state)
{
	struct points *f = *state;
	static const char open_in[] =
		"SELECT count(*) %s 0 FROM collection_point p JOIN commune c ON c.insee = p.commune"
		" WHERE p.is_open AND p.origin = 'estimated' AND c.departement = '%s'";
	points_assert(f, arena_printf(f->arena, open_in, ">", "41"));
	struct point_report r = points_import(f, POINTS_HEADER POINTS_BLOIS);
	assert_true(r.estimated_closed > 0);
	points_assert(f, arena_printf(f->arena, open_in, "=", "41"));
	points_assert(f, arena_printf(f->arena, open_in, ">", "37"));
	points_assert(f, arena_printf(f->arena,
				 "SELECT count(*) = %zu FROM collection_point p JOIN commune c"
				 "    ON c.insee = p.commune WHERE NOT p.is_open"
				 "   AND p.origin = 'estimated' AND c.departement = '41'",
				 r.estimated_closed));

	/* When a newer directory moves the only real point away, they come back. */
	r = points_import(
		f, POINTS_HEADER "1,Déchèterie de Blois,37261,2025,rue Haute,47.39,0.70\n");
	assert_true(r.estimated_opened > 0);
	points_assert(f, arena_printf(f->arena, open_in, ">", "41"));
	points_assert(f, arena_printf(f->arena, open_in, "=", "37"));
}

static void the_map_shows_the_tonnes_of_the_new_points(void **state)
{
	struct points *f = *state;
	points_import(f, POINTS_HEADER POINTS_BLOIS POINTS_TOURS);
	points_assert(f, "SELECT count(*) = 2 FROM collection_point p"
			 "  JOIN derived.point_shown t ON t.point = p.id AND t.tonnes > 0"
			 " WHERE p.origin = 'sinoe'");
	points_assert(f, "SELECT count(*) = 0 FROM collection_point p"
			 "  JOIN derived.point_shown t ON t.point = p.id WHERE NOT p.is_open");
}

static void estimated_points_are_approximate(void **state)
{
	points_assert(*state, "SELECT bool_and(precision = 'approximate') FROM collection_point"
			      " WHERE origin = 'estimated'");
}

static void missing_points_are_said_and_closed_when_asked(void **state)
{
	struct points *f = *state;
	static const char newer[] =
		POINTS_HEADER POINTS_BLOIS "9,Déchèterie d’Adon,45001,2025,,47.77,2.79\n";
	points_import(f, POINTS_HEADER POINTS_BLOIS POINTS_TOURS POINTS_AMILLY);

	struct point_report r = points_import(f, newer);
	assert_int_equal(r.verdicts[POINT_MISSING], 1);
	assert_int_equal(r.lines[2].line, 0);
	assert_string_equal(
		r.lines[2].key, "3"); /* not 2: the file says nothing of the Indre-et-Loire */
	points_assert(f, "SELECT bool_and(is_open) FROM collection_point WHERE origin = 'sinoe'");

	r = import_closing(f, newer);
	assert_int_equal(r.verdicts[POINT_CLOSED], 1);
	points_assert(f, "SELECT NOT is_open AND valid_to = current_date FROM collection_point"
			 " WHERE origin = 'sinoe' AND origin_id = '3'");
	points_assert(
		f, "SELECT count(*) = 3 FROM collection_point WHERE origin = 'sinoe' AND is_open");

	r = import_closing(f, newer);
	assert_int_equal(r.verdicts[POINT_CLOSED] + r.verdicts[POINT_MISSING], 0);

	r = points_import(f, POINTS_HEADER POINTS_AMILLY);
	assert_int_equal(r.lines[0].verdict, POINT_CHANGED);
	assert_string_equal(r.lines[0].remark, "rouvert");
	points_assert(f, "SELECT is_open AND valid_to IS NULL FROM collection_point"
			 " WHERE origin = 'sinoe' AND origin_id = '3'");
}

static void nothing_is_closed_while_a_line_may_be_the_missing_one(void **state)
{
	struct points *f = *state;
	points_import(f, POINTS_HEADER POINTS_BLOIS "4,Déchèterie de Mer,41136,2025,,47.70,1.51\n");
	struct point_report r =
		import_closing(f, POINTS_HEADER POINTS_BLOIS "4,Déchèterie de Mer,41136\n");
	assert_true(r.is_closing_withheld);
	assert_int_equal(r.verdicts[POINT_MISSING], 1);
	points_assert(f, "SELECT bool_and(is_open) FROM collection_point WHERE origin = 'sinoe'");

	/* A refused line that names its site does not withhold, nor is its site missing. */
	r = import_closing(f, POINTS_HEADER POINTS_BLOIS "4,,41136,2025,,47.70,1.51\n");
	assert_false(r.is_closing_withheld);
	assert_int_equal(r.verdicts[POINT_MISSING] + r.verdicts[POINT_CLOSED], 0);
}

static void a_site_the_latest_survey_dropped_is_gone(void **state)
{
	struct points *f = *state;
	points_import(f, POINTS_HEADER POINTS_BLOIS "4,Déchèterie de Mer,41136,2025,,47.70,1.51\n");
	struct point_report r = import_closing(f,
		POINTS_HEADER "1,Déchèterie de Blois,41018,2027,rue Haute,47.58,1.32\n" POINTS_BLOIS
			      "4,Déchèterie de Mer,41136,2025,,47.70,1.51\n");
	assert_int_equal(r.lines[0].verdict, POINT_SAME);
	assert_int_equal(r.lines[1].verdict, POINT_OLDER);
	assert_int_equal(r.lines[2].verdict, POINT_GONE);
	assert_int_equal(r.lines[3].verdict, POINT_CLOSED);
	assert_string_equal(r.lines[3].key, "4");
}

static void a_mistyped_year_sends_nobody_away(void **state)
{
	struct points *f = *state;
	struct buf b;
	buf_init(&b, f->arena, BUF_NO_LIMIT);
	buf_puts(&b, POINTS_HEADER "0,Déchèterie,41018,2052,,47.58,1.32\n");
	for (int i = 1; i <= 150; i++)
		buf_printf(&b, "%d,Déchèterie %d,41018,2025,,47.58,1.32\n", i, i);
	struct point_report r = points_import(f, b.data);
	assert_int_equal(r.survey_year, 2025);
	points_assert_all(&r, POINT_CREATED, 151);
}

static void of_two_lines_of_one_year_the_last_counts(void **state)
{
	struct points *f = *state;
	struct point_report r = points_import(
		f, POINTS_HEADER POINTS_BLOIS "1,Déchèterie Sud,41018,2025,rue Haute,47.58,1.32\n");
	assert_int_equal(r.lines[0].verdict, POINT_OLDER);
	assert_int_equal(r.lines[1].verdict, POINT_CREATED);
	points_assert(
		f, "SELECT name = 'Déchèterie Sud' FROM collection_point WHERE origin = 'sinoe'");
}

static void a_dry_run_says_the_same_and_keeps_nothing(void **state)
{
	struct points *f = *state;
	static const struct point_import_options dry = {.is_dry_run = true};
	struct point_report said = points_import_with(f, directory(f), &dry);
	points_assert(f, "SELECT count(*) = 0 FROM collection_point WHERE origin = 'sinoe'");
	points_assert(f, "SELECT bool_and(is_open) FROM collection_point");
	struct point_report done = points_import(f, directory(f));
	assert_int_equal(said.estimated_closed, done.estimated_closed);
	assert_memory_equal(said.verdicts, done.verdicts, sizeof said.verdicts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_POINTS(each_line_has_its_verdict),
		WITH_POINTS(what_is_recorded_is_what_the_line_says),
		WITH_POINTS(importing_again_changes_nothing),
		WITH_POINTS(says_what_changed),
		WITH_POINTS(estimated_points_give_way_where_real_ones_are),
		WITH_POINTS(the_map_shows_the_tonnes_of_the_new_points),
		WITH_POINTS(estimated_points_are_approximate),
		WITH_POINTS(missing_points_are_said_and_closed_when_asked),
		WITH_POINTS(nothing_is_closed_while_a_line_may_be_the_missing_one),
		WITH_POINTS(a_site_the_latest_survey_dropped_is_gone),
		WITH_POINTS(a_mistyped_year_sends_nobody_away),
		WITH_POINTS(of_two_lines_of_one_year_the_last_counts),
		WITH_POINTS(a_dry_run_says_the_same_and_keeps_nothing),
	};
	return cmocka_run_group_tests(tests, points_build, points_demolish);
}
