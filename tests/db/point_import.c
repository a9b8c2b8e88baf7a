/* Importing collection points: one verdict a line, real points in place of the estimated ones, and
 * nothing lost whatever the file. tests/db/sinoe.csv is an invented directory in SINOE's layout. */
#include "point_import.h"

#include "buf.h"
#include "clock.h"
#include "file.h"
#include "migrate.h"
#include "scratch.h"
#include "share.h"
#include "text.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define HEADER "C_SERVICE,N_SERVICE,C_COMM,ANNEE,AD1_SITE,GPS_LAT,GPS_LONG\n"
#define BLOIS  "1,Déchèterie de Blois,41018,2025,rue Haute,47.58,1.32\n"
#define TOURS  "2,Déchèterie de Tours,37261,2025,rue Basse,47.39,0.70\n"
#define AMILLY "3,Déchèterie d’Amilly,45004,2025,rue Neuve,47.98,2.76\n"

/* One database for all tests; each begins without real points. */
struct world {
	struct arena *arena;
	const char *conninfo;
	struct db *db;
};

struct fixture {
	struct world *world;
	struct arena *arena;
	struct db *db;
};

static int build(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	struct err e;
	w->arena = arena_new();
	w->conninfo = scratch_database(w->arena, "point_import");
	assert_ok(db_open(w->arena, w->conninfo, scratch_queries(w->arena), &w->db, &e), e);
	*state = w;
	return 0;
}

static int demolish(void **state)
{
	struct world *w = *state;
	arena_free(w->arena);
	free(w);
	return 0;
}

static int set_up(void **state)
{
	struct world *w = *state;
	struct fixture *f = calloc(1, sizeof *f);
	struct err e;
	*f = (struct fixture){.world = w, .arena = arena_new(), .db = w->db};
	assert_ok(db_script(f->db,
			  "DELETE FROM collection_point WHERE origin <> 'estimated';"
			  "SELECT derived.refresh_estimated_points()",
			  &e),
		e);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	*state = f->world;
	arena_free(f->arena);
	free(f);
	return 0;
}

/* The database agrees with `claim`, a boolean expression. */
static void assert_db(struct fixture *f, const char *claim)
{
	struct err e;
	const char *sql = arena_printf(f->arena, "DO $t$ BEGIN ASSERT (%s); END $t$", claim);
	if (!db_script(f->db, sql, &e))
		fail_msg("%s: %s", claim, e.message);
}

static struct point_report import_with(
	struct fixture *f, const char *text, const struct point_import_options *o)
{
	struct point_report report;
	struct err e;
	assert_ok(point_import(f->arena, f->db, text, strlen(text), o, &report, &e), e);
	return report;
}

static struct point_report import(struct fixture *f, const char *text)
{
	static const struct point_import_options plain = {0};
	return import_with(f, text, &plain);
}

static struct point_report import_closing(struct fixture *f, const char *text)
{
	static const struct point_import_options closing = {.closes_missing = true};
	return import_with(f, text, &closing);
}

/* Exactly `count` lines, all with this verdict. */
static void assert_all(const struct point_report *r, enum point_verdict verdict, size_t count)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->lines[i].verdict != verdict)
			fail_msg("line %zu: %s, %s", r->lines[i].line,
				point_verdict_name(r->lines[i].verdict, 1), r->lines[i].remark);
	assert_int_equal(r->count, count);
	assert_int_equal(r->verdicts[verdict], count);
}

static const char *directory(struct fixture *f)
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
	struct fixture *f = *state;
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
	struct point_report r = import(f, directory(f));
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
	struct fixture *f = *state;
	import(f, directory(f));
	assert_db(f, "SELECT count(*) = 12 AND bool_and(is_open AND source = 'sinoe_annuaire')"
		     "  FROM collection_point WHERE origin = 'sinoe'");
	assert_db(f, "SELECT (name, commune, address, precision, ST_X(location), ST_Y(location)) ="
		     "       ('Déchèterie du Pont', '45234', '12 rue des Essais, 45000 Orléans',"
		     "        'exact', 1.9021, 47.9012)"
		     "  FROM collection_point WHERE origin = 'sinoe' AND origin_id = '9001'");
	assert_db(f, "SELECT (name, address) = ('Déchèterie \"Les Prés\", quai nord',"
		     "       'ZA des Prés bâtiment 2, 45800 Saint-Jean-de-Braye')"
		     "  FROM collection_point WHERE origin = 'sinoe' AND origin_id = '9002'");
	assert_db(f, "SELECT (ST_X(location), ST_Y(location)) = (1.3182, 47.5834)"
		     "  FROM collection_point WHERE origin = 'sinoe' AND origin_id = '9003'");
	assert_db(f, "SELECT (ST_X(location), ST_Y(location)) = (1.6913, 46.8062)"
		     "  FROM collection_point WHERE origin = 'sinoe' AND origin_id = '9006'");
	assert_db(f, "SELECT count(*) = 2 FROM collection_point p JOIN commune c"
		     "    ON c.insee = p.commune AND ST_Equals(c.location, p.location)"
		     " WHERE p.origin = 'sinoe' AND p.precision = 'approximate'"
		     "   AND p.origin_id IN ('9004', '9005')");
	assert_db(f, "SELECT address IS NOT DISTINCT FROM '01500 Ambérieu-en-Bugey'"
		     "  FROM collection_point WHERE origin = 'sinoe' AND origin_id = '9016'");
	assert_db(f, "SELECT name = '=HYPERLINK(\"http://exemple.invalid\")'"
		     "  FROM collection_point WHERE origin = 'sinoe' AND origin_id = '9012'");
}

static void importing_again_changes_nothing(void **state)
{
	struct fixture *f = *state;
	struct point_report first = import(f, directory(f));
	assert_db(f, "SELECT count(*) > 0 FROM collection_point WHERE origin = 'sinoe'");
	struct err e;
	assert_ok(db_script(f->db,
			  "CREATE TEMP TABLE known ON COMMIT PRESERVE ROWS AS "
			  "SELECT id, xmin::text AS version FROM collection_point",
			  &e),
		e);
	struct point_report again = import(f, directory(f));
	assert_int_equal(again.count, first.count);
	assert_int_equal(again.verdicts[POINT_SAME], first.verdicts[POINT_CREATED]);
	assert_int_equal(again.verdicts[POINT_CREATED] + again.verdicts[POINT_CHANGED], 0);
	assert_int_equal(again.estimated_closed + again.estimated_opened, 0);
	assert_db(f, "SELECT count(*) = 0 FROM collection_point p FULL JOIN known k"
		     "    ON k.id = p.id AND k.version = p.xmin::text WHERE p.id IS NULL OR k.id "
		     "IS NULL");
	assert_ok(db_script(f->db, "DROP TABLE known", &e), e);
}

static void says_what_changed(void **state)
{
	struct fixture *f = *state;
	import(f, HEADER BLOIS TOURS AMILLY);
	struct point_report r =
		import(f, HEADER "1,Déchèterie du Nord,41018,2025,rue Haute,47.58,1.32\n"
				 "2,Déchèterie de Tours,37261,2025,quai Bas,47.40,0.70\n" AMILLY);
	assert_int_equal(r.verdicts[POINT_CHANGED], 2);
	assert_string_equal(r.lines[0].remark, "nom");
	assert_string_equal(r.lines[1].remark, "adresse, position");
	assert_int_equal(r.lines[2].verdict, POINT_SAME);
}

/* ---- The network ---- */

static void estimated_points_give_way_where_real_ones_are(void **state)
{
	struct fixture *f = *state;
	static const char open_in[] =
		"SELECT count(*) %s 0 FROM collection_point p JOIN commune c ON c.insee = p.commune"
		" WHERE p.is_open AND p.origin = 'estimated' AND c.departement = '%s'";
	assert_db(f, arena_printf(f->arena, open_in, ">", "41"));
	struct point_report r = import(f, HEADER BLOIS);
	assert_true(r.estimated_closed > 0);
	assert_db(f, arena_printf(f->arena, open_in, "=", "41"));
	assert_db(f, arena_printf(f->arena, open_in, ">", "37"));
	assert_db(f, arena_printf(f->arena,
			     "SELECT count(*) = %zu FROM collection_point p JOIN commune c"
			     "    ON c.insee = p.commune WHERE NOT p.is_open"
			     "   AND p.origin = 'estimated' AND c.departement = '41'",
			     r.estimated_closed));

	/* When a newer directory moves the only real point away, they come back. */
	r = import(f, HEADER "1,Déchèterie de Blois,37261,2025,rue Haute,47.39,0.70\n");
	assert_true(r.estimated_opened > 0);
	assert_db(f, arena_printf(f->arena, open_in, ">", "41"));
	assert_db(f, arena_printf(f->arena, open_in, "=", "37"));
}

static void the_map_shows_the_tonnes_of_the_new_points(void **state)
{
	struct fixture *f = *state;
	import(f, HEADER BLOIS TOURS);
	assert_db(f, "SELECT count(*) = 2 FROM collection_point p"
		     "  JOIN derived.point_shown t ON t.point = p.id AND t.tonnes > 0"
		     " WHERE p.origin = 'sinoe'");
	assert_db(f, "SELECT count(*) = 0 FROM collection_point p"
		     "  JOIN derived.point_shown t ON t.point = p.id WHERE NOT p.is_open");
}

static void estimated_points_are_approximate(void **state)
{
	assert_db(*state, "SELECT bool_and(precision = 'approximate') FROM collection_point"
			  " WHERE origin = 'estimated'");
}

static void missing_points_are_said_and_closed_when_asked(void **state)
{
	struct fixture *f = *state;
	static const char newer[] = HEADER BLOIS "9,Déchèterie d’Adon,45001,2025,,47.77,2.79\n";
	import(f, HEADER BLOIS TOURS AMILLY);

	struct point_report r = import(f, newer);
	assert_int_equal(r.verdicts[POINT_MISSING], 1);
	assert_int_equal(r.lines[2].line, 0);
	assert_string_equal(
		r.lines[2].key, "3"); /* not 2: the file says nothing of the Indre-et-Loire */
	assert_db(f, "SELECT bool_and(is_open) FROM collection_point WHERE origin = 'sinoe'");

	r = import_closing(f, newer);
	assert_int_equal(r.verdicts[POINT_CLOSED], 1);
	assert_db(f, "SELECT NOT is_open AND valid_to = current_date FROM collection_point"
		     " WHERE origin = 'sinoe' AND origin_id = '3'");
	assert_db(
		f, "SELECT count(*) = 3 FROM collection_point WHERE origin = 'sinoe' AND is_open");

	r = import_closing(f, newer);
	assert_int_equal(r.verdicts[POINT_CLOSED] + r.verdicts[POINT_MISSING], 0);

	r = import(f, HEADER AMILLY);
	assert_int_equal(r.lines[0].verdict, POINT_CHANGED);
	assert_string_equal(r.lines[0].remark, "rouvert");
	assert_db(f, "SELECT is_open AND valid_to IS NULL FROM collection_point"
		     " WHERE origin = 'sinoe' AND origin_id = '3'");
}

static void nothing_is_closed_while_a_line_may_be_the_missing_one(void **state)
{
	struct fixture *f = *state;
	import(f, HEADER BLOIS "4,Déchèterie de Mer,41136,2025,,47.70,1.51\n");
	struct point_report r = import_closing(f, HEADER BLOIS "4,Déchèterie de Mer,41136\n");
	assert_true(r.is_closing_withheld);
	assert_int_equal(r.verdicts[POINT_MISSING], 1);
	assert_db(f, "SELECT bool_and(is_open) FROM collection_point WHERE origin = 'sinoe'");

	/* A refused line that names its site does not withhold, nor is its site missing. */
	r = import_closing(f, HEADER BLOIS "4,,41136,2025,,47.70,1.51\n");
	assert_false(r.is_closing_withheld);
	assert_int_equal(r.verdicts[POINT_MISSING] + r.verdicts[POINT_CLOSED], 0);
}

static void a_site_the_latest_survey_dropped_is_gone(void **state)
{
	struct fixture *f = *state;
	import(f, HEADER BLOIS "4,Déchèterie de Mer,41136,2025,,47.70,1.51\n");
	struct point_report r = import_closing(f,
		HEADER "1,Déchèterie de Blois,41018,2027,rue Haute,47.58,1.32\n" BLOIS
		       "4,Déchèterie de Mer,41136,2025,,47.70,1.51\n");
	assert_int_equal(r.lines[0].verdict, POINT_SAME);
	assert_int_equal(r.lines[1].verdict, POINT_OLDER);
	assert_int_equal(r.lines[2].verdict, POINT_GONE);
	assert_int_equal(r.lines[3].verdict, POINT_CLOSED);
	assert_string_equal(r.lines[3].key, "4");
}

static void a_mistyped_year_sends_nobody_away(void **state)
{
	struct fixture *f = *state;
	struct buf b;
	buf_init(&b, f->arena, BUF_NO_LIMIT);
	buf_puts(&b, HEADER "0,Déchèterie,41018,2052,,47.58,1.32\n");
	for (int i = 1; i <= 150; i++)
		buf_printf(&b, "%d,Déchèterie %d,41018,2025,,47.58,1.32\n", i, i);
	struct point_report r = import(f, b.data);
	assert_int_equal(r.survey_year, 2025);
	assert_all(&r, POINT_CREATED, 151);
}

static void of_two_lines_of_one_year_the_last_counts(void **state)
{
	struct fixture *f = *state;
	struct point_report r =
		import(f, HEADER BLOIS "1,Déchèterie Sud,41018,2025,rue Haute,47.58,1.32\n");
	assert_int_equal(r.lines[0].verdict, POINT_OLDER);
	assert_int_equal(r.lines[1].verdict, POINT_CREATED);
	assert_db(f, "SELECT name = 'Déchèterie Sud' FROM collection_point WHERE origin = 'sinoe'");
}

static void a_dry_run_says_the_same_and_keeps_nothing(void **state)
{
	struct fixture *f = *state;
	static const struct point_import_options dry = {.is_dry_run = true};
	struct point_report said = import_with(f, directory(f), &dry);
	assert_db(f, "SELECT count(*) = 0 FROM collection_point WHERE origin = 'sinoe'");
	assert_db(f, "SELECT bool_and(is_open) FROM collection_point");
	struct point_report done = import(f, directory(f));
	assert_int_equal(said.estimated_closed, done.estimated_closed);
	assert_memory_equal(said.verdicts, done.verdicts, sizeof said.verdicts);
}

/* ---- Files as they come ---- */

/* The same lines as a spreadsheet of this kind would write them. */
static const char *rewrite(struct arena *a, const char *text, char separator, const char *end)
{
	struct buf b;
	buf_init(&b, a, BUF_NO_LIMIT);
	for (; *text; text++)
		if (*text == '\n')
			buf_puts(&b, end);
		else
			buf_putc(&b, *text == ',' ? separator : *text);
	return b.data;
}

static const char *to_latin1(struct arena *a, const char *text)
{
	struct buf b;
	buf_init(&b, a, BUF_NO_LIMIT);
	for (const unsigned char *p = (const unsigned char *)text; *p; p++)
		if (*p < 0x80)
			buf_putc(&b, (char)*p);
		else if (*p == 0xE2) /* ’, the only one of our lines beyond Latin-1 */
			buf_putc(&b, '\x92'), p += 2;
		else
			buf_putc(&b, (char)(*p << 6 | (p[1] & 0x3F))), p++;
	return b.data;
}

static void semicolons_crlf_bom_and_windows_text_say_the_same(void **state)
{
	struct fixture *f = *state;
	struct arena *a = f->arena;
	static const char plain[] = HEADER BLOIS TOURS AMILLY;
	const char *excel = rewrite(a, plain, ';', "\r\n");
	const char *variants[] = {
		excel,
		arena_printf(a, "\xEF\xBB\xBF%s", excel),
		to_latin1(a, plain),
		to_latin1(a, excel),
		rewrite(a, plain, ',', "\r\n"),
	};
	struct point_report r = import(f, plain);
	assert_all(&r, POINT_CREATED, 3);
	for (size_t i = 0; i < sizeof variants / sizeof *variants; i++) {
		r = import(f, variants[i]);
		assert_all(&r, POINT_SAME, 3);
	}
}

static void names_cannot_drive_a_terminal(void **state)
{
	struct fixture *f = *state;
	struct point_report r = import(f, HEADER "1,\" Déchèterie \x1B[31mrouge\r\n\xC2\x9B"
						 "2J\xC2\xA0 d’ici\t\",41018,2025,,47.58,1.32\n");
	assert_all(&r, POINT_CREATED, 1);
	assert_string_equal(r.lines[0].name, "Déchèterie [31mrouge 2J d’ici");
}

static void refuses_what_it_cannot_hold(void **state)
{
	struct fixture *f = *state;
	char wide[300];
	memset(wide, 'x', sizeof wide);
	wide[sizeof wide - 1] = '\0';
	struct point_report r = import(
		f, arena_printf(f->arena,
			   HEADER "1,%s,41018,2025,,47.58,1.32\n%s,a,41018,2025,,47.58,1.32\n"
				  "3,a,4101X,2025,,47.58,1.32\n4,a,41018,1925,,47.58,1.32\n",
			   wide, wide));
	assert_all(&r, POINT_REFUSED, 4);
}

static void absurd_coordinates_fall_back_on_the_commune(void **state)
{
	struct fixture *f = *state;
	static const char *const absurd[] = {"0,0", "91,2", "nan,inf", "47.58,", ",1.32",
		"47°35,1°19", "\"1,2,3\",2", "-47.58,-1.32", "1e1,1e1", "47.58,47.58",
		"000000000000000000000000000000000000047.58,1.32"};
	struct buf b;
	buf_init(&b, f->arena, BUF_NO_LIMIT);
	buf_puts(&b, HEADER);
	enum { COUNT = sizeof absurd / sizeof *absurd };
	for (size_t i = 0; i < COUNT; i++)
		buf_printf(&b, "%zu,Déchèterie,41018,2025,,%s\n", i, absurd[i]);
	struct point_report r = import(f, b.data);
	assert_all(&r, POINT_CREATED, COUNT);
	assert_int_equal(r.warnings, COUNT);
	assert_db(f,
		"SELECT bool_and(p.precision = 'approximate' AND ST_Equals(p.location, c.location))"
		"  FROM collection_point p JOIN commune c ON c.insee = p.commune"
		" WHERE p.origin = 'sinoe'");
}

static void another_file_or_an_empty_database_is_refused_whole(void **state)
{
	struct fixture *f = *state;
	static const struct point_import_options plain = {0};
	struct point_report r;
	struct err e;
	static const char other[] = "identifiant,nom\n1,a\n", empty[] = HEADER;
	assert_false(point_import(f->arena, f->db, other, strlen(other), &plain, &r, &e));
	assert_non_null(strstr(e.message, "C_SERVICE, N_SERVICE, C_COMM"));
	assert_false(point_import(f->arena, f->db, empty, strlen(empty), &plain, &r, &e));
	assert_non_null(strstr(e.message, "aucun point"));

	struct db *bare;
	static const char good[] = HEADER BLOIS;
	const char *migrations, *conninfo = scratch_empty_database(f->arena, "point_import_bare");
	assert_ok(share_path(f->arena, "sql/migrations", &migrations, &e), e);
	assert_ok(db_open(f->arena, conninfo, scratch_queries(f->arena), &bare, &e), e);
	assert_ok(migrate_apply(bare, migrations, NULL, &e), e);
	assert_false(point_import(f->arena, bare, good, strlen(good), &plain, &r, &e));
	assert_non_null(strstr(e.message, "recircuit load reference"));
}

/* ---- Size ---- */

static void ten_thousand_lines_take_seconds(void **state)
{
	struct fixture *f = *state;
	enum { LINES = 10000 };
	struct buf b;
	buf_init(&b, f->arena, BUF_NO_LIMIT);
	buf_puts(&b, HEADER);
	for (int i = 0; i < LINES; i++)
		buf_printf(&b, "%d,\"Déchèterie, n° %d\",%s,2025,%d rue Haute,%.5f,%.5f\n", i, i,
			i % 3 == 0   ? "41018"
			: i % 3 == 1 ? "37261"
				     : "45999",
			i, 47.4 + i % 97 * 1e-3,
			i % 3 == 0   ? 1.32
			: i % 3 == 1 ? 0.70
				     : 2.70);
	double began = clock_seconds();
	struct point_report r = import(f, b.data);
	double first_s = clock_seconds() - began;
	began = clock_seconds();
	struct point_report again = import(f, b.data);
	double again_s = clock_seconds() - began;
	assert_int_equal(r.verdicts[POINT_CREATED], LINES);
	assert_int_equal(again.verdicts[POINT_SAME], LINES);
	printf("# %d lines: %.2f s, and again %.2f s\n", LINES, first_s, again_s);
	assert_true(first_s < 60 && again_s < 60); /* a search of all for each would take many */
}

/* ---- The command ---- */

/* The programs of this build: <build>/tests/db/point_import is ours. */
static const char *program(struct arena *a)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	assert_true(n > 0);
	self[n] = '\0';
	*strstr(self, "/tests/db/") = '\0';
	return arena_printf(a, "%s/recircuit", self);
}

/* The exit status; *out is what it printed. */
static int command(struct fixture *f, const char *arguments, const char **out)
{
	const char *line = arena_printf(f->arena, "RECIRCUIT_DB=\"%s\" '%s' load points %s 2>&1",
		f->world->conninfo, program(f->arena), arguments);
	struct buf b;
	buf_init(&b, f->arena, BUF_NO_LIMIT);
	FILE *p = popen(line, "r");
	assert_non_null(p);
	char chunk[4096];
	for (size_t n; (n = fread(chunk, 1, sizeof chunk, p));)
		buf_add(&b, chunk, n);
	*out = b.data;
	int status = pclose(p);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void the_exit_status_says_whether_all_is_well(void **state)
{
	struct fixture *f = *state;
	struct err e;
	const char *good = arena_printf(f->arena, "%s/good.csv", scratch_folder(f->arena));
	const char *bad, *out;
	static const char text[] = HEADER BLOIS TOURS;
	assert_ok(file_write(good, text, strlen(text), &e), e);
	assert_ok(share_path(f->arena, "tests/db/sinoe.csv", &bad, &e), e);

	assert_int_equal(command(f, good, &out), 0);
	assert_non_null(strstr(out, "créé "));
	assert_non_null(strstr(out, "2 créés, 0 modifié, 0 inchangé, 0 refusé, "));
	assert_int_equal(command(f, arena_printf(f->arena, "--json %s", good), &out), 0);
	assert_true(text_starts(out, "{\"line\":2,\"verdict\":\"inchangé\",\"warning\":false,"));
	assert_non_null(strstr(out, "\n{\"summary\":{\"créé\":0,\"modifié\":0,\"inchangé\":2,"));
	assert_int_equal(command(f, arena_printf(f->arena, "--dry-run %s", bad), &out), 2);
	assert_non_null(strstr(out, "Essai : rien n’a été enregistré."));
	assert_non_null(strstr(out, "7 lignes refusées"));
	assert_int_equal(command(f, "/nowhere.csv", &out), 4);
	assert_int_equal(command(f, "", &out), 64);
	assert_int_equal(command(f, arena_printf(f->arena, "%s >/dev/full", good), &out), 1);
}

#define ON_THE_WORLD(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_THE_WORLD(each_line_has_its_verdict),
		ON_THE_WORLD(what_is_recorded_is_what_the_line_says),
		ON_THE_WORLD(importing_again_changes_nothing),
		ON_THE_WORLD(says_what_changed),
		ON_THE_WORLD(estimated_points_give_way_where_real_ones_are),
		ON_THE_WORLD(the_map_shows_the_tonnes_of_the_new_points),
		ON_THE_WORLD(estimated_points_are_approximate),
		ON_THE_WORLD(missing_points_are_said_and_closed_when_asked),
		ON_THE_WORLD(nothing_is_closed_while_a_line_may_be_the_missing_one),
		ON_THE_WORLD(a_site_the_latest_survey_dropped_is_gone),
		ON_THE_WORLD(a_mistyped_year_sends_nobody_away),
		ON_THE_WORLD(of_two_lines_of_one_year_the_last_counts),
		ON_THE_WORLD(a_dry_run_says_the_same_and_keeps_nothing),
		ON_THE_WORLD(semicolons_crlf_bom_and_windows_text_say_the_same),
		ON_THE_WORLD(names_cannot_drive_a_terminal),
		ON_THE_WORLD(refuses_what_it_cannot_hold),
		ON_THE_WORLD(absurd_coordinates_fall_back_on_the_commune),
		ON_THE_WORLD(another_file_or_an_empty_database_is_refused_whole),
		ON_THE_WORLD(ten_thousand_lines_take_seconds),
		ON_THE_WORLD(the_exit_status_says_whether_all_is_well),
	};
	return cmocka_run_group_tests(tests, build, demolish);
}
