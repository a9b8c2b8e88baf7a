/* Files of collection points as they come: encodings, what cannot be held, other files, large ones; and what the command says
 * of them. */
#include "buf.h"
#include "clock.h"
#include "file.h"
#include "migrate.h"
#include "points.h"
#include "share.h"
#include "text.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

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
	struct points *f = *state;
	struct arena *a = f->arena;
	static const char plain[] = POINTS_HEADER POINTS_BLOIS POINTS_TOURS POINTS_AMILLY;
	const char *excel = rewrite(a, plain, ';', "\r\n");
	const char *variants[] = {
		excel,
		arena_printf(a, "\xEF\xBB\xBF%s", excel),
		to_latin1(a, plain),
		to_latin1(a, excel),
		rewrite(a, plain, ',', "\r\n"),
	};
	struct point_report r = points_import(f, plain);
	points_assert_all(&r, POINT_CREATED, 3);
	for (size_t i = 0; i < sizeof variants / sizeof *variants; i++) {
		r = points_import(f, variants[i]);
		points_assert_all(&r, POINT_SAME, 3);
	}
}

static void names_cannot_drive_a_terminal(void **state)
{
	struct points *f = *state;
	struct point_report r =
		points_import(f, POINTS_HEADER "1,\" Déchèterie \x1B[31mrouge\r\n\xC2\x9B"
					       "2J\xC2\xA0 d’ici\t\",41018,2025,,47.58,1.32\n");
	points_assert_all(&r, POINT_CREATED, 1);
	assert_string_equal(r.lines[0].name, "Déchèterie [31mrouge 2J d’ici");
}

static void refuses_what_it_cannot_hold(void **state)
{
	struct points *f = *state;
	char wide[300];
	memset(wide, 'x', sizeof wide);
	wide[sizeof wide - 1] = '\0';
	struct point_report r = points_import(f,
		arena_printf(f->arena,
			POINTS_HEADER "1,%s,41018,2025,,47.58,1.32\n%s,a,41018,2025,,47.58,1.32\n"
				      "3,a,4101X,2025,,47.58,1.32\n4,a,41018,1925,,47.58,1.32\n",
			wide, wide));
	points_assert_all(&r, POINT_REFUSED, 4);
}

static void absurd_coordinates_fall_back_on_the_commune(void **state)
{
	struct points *f = *state;
	static const char *const absurd[] = {"0,0", "91,2", "nan,inf", "47.58,", ",1.32",
		"47°35,1°19", "\"1,2,3\",2", "-47.58,-1.32", "1e1,1e1", "47.58,47.58",
		"000000000000000000000000000000000000047.58,1.32"};
	struct buf b;
	buf_init(&b, f->arena, BUF_NO_LIMIT);
	buf_puts(&b, POINTS_HEADER);
	enum { COUNT = sizeof absurd / sizeof *absurd };
	for (size_t i = 0; i < COUNT; i++)
		buf_printf(&b, "%zu,Déchèterie,41018,2025,,%s\n", i, absurd[i]);
	struct point_report r = points_import(f, b.data);
	points_assert_all(&r, POINT_CREATED, COUNT);
	assert_int_equal(r.warnings, COUNT);
	points_assert(f,
		"SELECT bool_and(p.precision = 'approximate' AND ST_Equals(p.location, c.location))"
		"  FROM collection_point p JOIN commune c ON c.insee = p.commune"
		" WHERE p.origin = 'sinoe'");
}

static void another_file_or_an_empty_database_is_refused_whole(void **state)
{
	struct points *f = *state;
	static const struct point_import_options plain = {0};
	struct point_report r;
	struct err e;
	static const char other[] = "identifiant,nom\n1,a\n", empty[] = POINTS_HEADER;
	assert_false(point_import(f->arena, f->db, other, strlen(other), &plain, &r, &e));
	assert_non_null(strstr(e.message, "C_SERVICE, N_SERVICE, C_COMM"));
	assert_false(point_import(f->arena, f->db, empty, strlen(empty), &plain, &r, &e));
	assert_non_null(strstr(e.message, "aucun point"));

	struct db *bare;
	static const char good[] = POINTS_HEADER POINTS_BLOIS;
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
	struct points *f = *state;
	enum { LINES = 10000 };
	struct buf b;
	buf_init(&b, f->arena, BUF_NO_LIMIT);
	buf_puts(&b, POINTS_HEADER);
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
	struct point_report r = points_import(f, b.data);
	double first_s = clock_seconds() - began;
	began = clock_seconds();
	struct point_report again = points_import(f, b.data);
	double again_s = clock_seconds() - began;
	assert_int_equal(r.verdicts[POINT_CREATED], LINES);
	assert_int_equal(again.verdicts[POINT_SAME], LINES);
	printf("# %d lines: %.2f s, and again %.2f s\n", LINES, first_s, again_s);
	assert_true(first_s < 60 && again_s < 60); /* a search of all for each would take many */
}

/* ---- The command ---- */

/* The programs of this build: <build>/tests/db/point_file is ours. */
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
static int command(struct points *f, const char *arguments, const char **out)
{
	const char *line = arena_printf(f->arena, "RECIRCUIT_DB=\"%s\" '%s' load points %s 2>&1",
		f->conninfo, program(f->arena), arguments);
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
	struct points *f = *state;
	struct err e;
	const char *good = arena_printf(f->arena, "%s/good.csv", scratch_folder(f->arena));
	const char *bad, *out;
	static const char text[] = POINTS_HEADER POINTS_BLOIS POINTS_TOURS;
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_POINTS(semicolons_crlf_bom_and_windows_text_say_the_same),
		WITH_POINTS(names_cannot_drive_a_terminal),
		WITH_POINTS(refuses_what_it_cannot_hold),
		WITH_POINTS(absurd_coordinates_fall_back_on_the_commune),
		WITH_POINTS(another_file_or_an_empty_database_is_refused_whole),
		WITH_POINTS(ten_thousand_lines_take_seconds),
		WITH_POINTS(the_exit_status_says_whether_all_is_well),
	};
	return cmocka_run_group_tests(tests, points_build, points_demolish);
}
