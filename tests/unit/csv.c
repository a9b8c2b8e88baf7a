/* CSV: every way to quote, encode and break a line, and what we write read back. */
#include "csv.h"

#include "clock.h"
#include "scratch.h"
#include "text.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { KEY, NAME, NOTE, COLUMNS };
static const struct csv_column columns[COLUMNS] = {
	[KEY] = {"KEY", true}, [NAME] = {"NAME", true}, [NOTE] = {"NOTE", false}};

/* What a reader says of a file, as one text: `2:a|b` for a record and its cells KEY and NAME,
 * `3:!` for a broken line, with blanks between. */
static const char *read_bytes(
	struct arena *a, const char *bytes, size_t len, const struct csv_limits *limits)
{
	struct csv *c;
	struct err e = {0};
	/* A copy of its own size, so that a sanitizer sees what reads past the end. */
	char *copy = arena_alloc(a, 0);
	arena_defer(a, free, copy = malloc(len ? len : 1));
	memcpy(copy, bytes, len);
	if (!csv_open(a, copy, len, columns, COLUMNS, limits, &c, &e))
		return arena_printf(a, "refused: %s", e.message);
	struct buf said;
	buf_init(&said, a, BUF_NO_LIMIT);
	for (enum csv_event ev; (ev = csv_next(c, &e)) != CSV_END;) {
		buf_printf(&said, "%s%zu:", said.len ? " " : "", csv_line(c));
		if (ev == CSV_BROKEN)
			buf_puts(&said, "!");
		else
			buf_printf(&said, "%s|%s", csv_cell(c, KEY), csv_cell(c, NAME));
	}
	return said.data;
}

static const char *read_text(struct arena *a, const char *text)
{
	return read_bytes(a, text, strlen(text), NULL);
}

/* The reason given for the only broken line. */
static const char *reason(
	struct arena *a, const char *bytes, size_t len, const struct csv_limits *limits)
{
	struct csv *c;
	static struct err e;
	assert_ok(csv_open(a, bytes, len, columns, COLUMNS, limits, &c, &e), e);
	while (csv_next(c, &e) == CSV_RECORD)
		;
	return e.message;
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

static void reads_plain_and_quoted_cells(void **state)
{
	struct arena *a = *state;
	assert_string_equal(read_text(a, "KEY,NAME\n1,Blois\n2,Tours\n"), "2:1|Blois 3:2|Tours");
	assert_string_equal(
		read_text(a, "KEY,NAME\n1,\"Blois, Loir-et-Cher\"\n"), "2:1|Blois, Loir-et-Cher");
	assert_string_equal(
		read_text(a, "KEY,NAME\n1,\"dite \"\"La Belle\"\"\"\n"), "2:1|dite \"La Belle\"");
	assert_string_equal(read_text(a, "KEY,NAME\n\"\",\"\"\"\"\n"), "2:|\"");
	assert_string_equal(read_text(a, "\"KEY\",\"NAME\"\n\"1\",\"\"\n"), "2:1|");
}

static void a_quoted_cell_may_hold_line_breaks_and_lines_are_still_counted(void **state)
{
	struct arena *a = *state;
	assert_string_equal(
		read_text(a, "KEY,NAME\n1,\"rue\nhaute\r\n\"\n2,b\n"), "2:1|rue\nhaute\r\n 5:2|b");
	assert_string_equal(
		read_text(a, "KEY,\"NAME\"\n1,\"\n\n\"\nx\n2,b\n"), "2:1|\n\n 5:! 6:2|b");
}

static void line_ends_are_lf_or_crlf_and_the_last_may_be_missing(void **state)
{
	struct arena *a = *state;
	assert_string_equal(read_text(a, "KEY,NAME\r\n1,a\r\n2,b\r\n"), "2:1|a 3:2|b");
	assert_string_equal(read_text(a, "KEY,NAME\r\n1,a\n2,b"), "2:1|a 3:2|b");
	assert_string_equal(read_text(a, "KEY,NAME\n1,\"a\""), "2:1|a");
	assert_string_equal(read_text(a, "KEY,NAME\n1,"), "2:1|");
	assert_string_equal(read_text(a, "KEY,NAME"), "");
}

static void the_first_line_says_the_separator(void **state)
{
	struct arena *a = *state;
	assert_string_equal(read_text(a, "KEY;NAME\n1;a,b\n"), "2:1|a,b");
	assert_string_equal(read_text(a, "KEY,NAME\n1,a;b\n"), "2:1|a;b");
	assert_string_equal(read_text(a, "KEY;NAME;\"a,b,c,d\"\n1;x;y\n"), "2:1|x");
}

static void columns_are_found_by_name_wherever_they_are(void **state)
{
	struct arena *a = *state;
	assert_string_equal(read_text(a, "x,name , y, Key\n0,b,0,1\n"), "2:1|b");
	struct csv *c;
	struct err e;
	const char text[] = "NAME,KEY\na,1\n";
	assert_ok(csv_open(a, text, strlen(text), columns, COLUMNS, NULL, &c, &e), e);
	assert_true(csv_has(c, NAME));
	assert_false(csv_has(c, NOTE));
	assert_int_equal(csv_next(c, &e), CSV_RECORD);
	assert_string_equal(csv_cell(c, NOTE), "");
	assert_int_equal(csv_next(c, &e), CSV_END);
	assert_int_equal(csv_next(c, &e), CSV_END);
}

static void names_every_missing_column(void **state)
{
	struct arena *a = *state;
	assert_non_null(strstr(read_text(a, "NOTE;x\n1;2\n"), "KEY, NAME"));
	assert_non_null(strstr(read_text(a, "NOTE;x\n1;2\n"), "« ; »"));
	assert_non_null(strstr(read_text(a, "KEY,NAME,key\n1,2,3\n"), "KEY est là deux fois"));
}

static void utf8_may_have_its_mark(void **state)
{
	struct arena *a = *state;
	assert_string_equal(read_text(a, "\xEF\xBB\xBFKEY;NAME\n1;Orléans\n"), "2:1|Orléans");
	assert_string_equal(read_text(a, "\xEF\xBB\xBF\"KEY\";NAME\n1;œuf\n"), "2:1|œuf");
}

static void latin1_and_windows_1252_are_recognised(void **state)
{
	struct arena *a = *state;
	assert_string_equal(read_text(a, "KEY;NAME\n1;Orl\xE9"
					 "ans\n2;\xC9tampes\n"),
		"2:1|Orléans 3:2|Étampes");
	assert_string_equal(
		read_text(a, "KEY;NAME\n1;\x9Cuf \x80 l\x92\xE9t\xE9\n"), "2:1|œuf € l’été");
	/* Quotes and line breaks work the same. */
	assert_string_equal(read_text(a, "KEY;NAME\n1;\"\xE9\"\"\xE8\n;\"\n"), "2:1|é\"è\n;");
	/* 0x81 is nothing in Windows-1252: that line alone. */
	assert_string_equal(read_text(a, "KEY;NAME\n1;\xE9\x81\n2;\xE9\n"), "2:! 3:2|é");
}

static void a_damaged_utf8_file_loses_the_damaged_line_only(void **state)
{
	struct arena *a = *state;
	assert_string_equal(read_text(a, "KEY;NAME\n1;Orléans\n2;Orl\xE9"
					 "ans\n3;Étampes\n"),
		"2:1|Orléans 3:! 4:3|Étampes");
	assert_string_equal(read_text(a, "\xEF\xBB\xBFKEY;NAME\n1;Orl\xE9"
					 "ans\n2;b\n"),
		"2:! 3:2|b");
}

static void a_zero_byte_breaks_its_line_only(void **state)
{
	static const char text[] = "KEY,NAME\n1,a\0b\n2,b\n";
	assert_string_equal(read_bytes(*state, text, sizeof text - 1, NULL), "2:! 3:2|b");
	static const char latin[] = "KEY,NAME\n1,\xE9\0b\n2,\xE9\n";
	assert_string_equal(read_bytes(*state, latin, sizeof latin - 1, NULL), "2:! 3:2|é");
}

static void a_broken_line_costs_that_line_only(void **state)
{
	struct arena *a = *state;
	static const struct {
		const char *line, *why;
	} broken[] = {
		{"1", "1 cellule au lieu de 2"},
		{"1,a,b", "3 cellules au lieu de 2"},
		{"1,a\"b", "guillemet au milieu"},
		{"1,\"a\"b", "après le guillemet"},
		{"1,\"a\" ", "après le guillemet"},
		{"1, \"a\"", "guillemet au milieu"},
		{"1,a\rb", "retour chariot"},
		{"1,\"a\"\rb", "retour chariot"},
	};
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
		const char *text = arena_printf(a, "KEY,NAME\n0,x\n%s\n2,b\n", broken[i].line);
		assert_string_equal(read_text(a, text), "2:0|x 3:! 4:2|b");
		const char *why = reason(a, text, strlen(text), NULL);
		if (!strstr(why, broken[i].why))
			fail_msg("%s: %s", broken[i].line, why);
	}
}

static void a_stray_quote_does_not_take_the_following_lines_away(void **state)
{
	struct arena *a = *state;
	assert_string_equal(read_text(a, "KEY,NAME\n1,\"a\n2,b\n3,c\n"), "2:! 3:2|b 4:3|c");
	const char open[] = "KEY,NAME\n1,\"a\n2,b\n";
	assert_non_null(strstr(reason(a, open, strlen(open), NULL), "jamais refermé"));
	/* The quote of line 4 closes the one of line 2: what follows it tells. */
	assert_string_equal(
		read_text(a, "KEY,NAME\n1,\"a\n2,b\n3,\"c\"\n4,d\n"), "2:! 3:2|b 4:3|c 5:4|d");
}

static void blank_lines_are_passed_over(void **state)
{
	struct arena *a = *state;
	assert_string_equal(
		read_text(a, "KEY,NAME\n\n1,a\n\r\n,\n,,,,\n\"\",\n2,b\n\n\n"), "3:1|a 8:2|b");
}

static void limits_hold(void **state)
{
	struct arena *a = *state;
	static const struct csv_limits limits = {.lines = 6, .columns = 3, .line_bytes = 16};
	static const char long_line[] = "KEY,NAME\n1,0123456789abcdef\n2,b\n";
	static const char long_quoted[] = "KEY,NAME\n1,\"012345\n6789ab\n\n\"\n";
	static const char fits[] = "KEY,NAME\n1,0123456789abc\n2,b\n";
	static const char accents[] = "KEY,NAME\n1,0123456789aébc\n2,b\n";
	static const char wide[] = "KEY,NAME\n1,a,b,c\n2,b\n";
	static const char tall[] = "KEY,NAME\n1,a\n2,b\n3,c\n4,d\n5,e\n6,f\n";
	assert_string_equal(read_bytes(a, long_line, strlen(long_line), &limits), "2:! 3:2|b");
	assert_non_null(
		strstr(reason(a, long_line, strlen(long_line), &limits), "plus de 16 octets"));
	assert_string_equal(
		read_bytes(a, long_quoted, strlen(long_quoted), &limits), "2:! 3:! 5:!");
	assert_string_equal(read_bytes(a, fits, strlen(fits), &limits), "2:1|0123456789abc 3:2|b");
	assert_non_null(strstr(reason(a, accents, strlen(accents), &limits), "octets"));
	assert_string_equal(read_bytes(a, wide, strlen(wide), &limits), "2:! 3:2|b");
	assert_non_null(strstr(reason(a, wide, strlen(wide), &limits), "plus de 3 colonnes"));
	assert_string_equal(
		read_bytes(a, tall, strlen(tall), &limits), "refused: plus de 6 lignes");
}

static void says_what_it_was_given_instead_of_csv(void **state)
{
	struct arena *a = *state;
	static const struct {
		const char *bytes, *why;
	} others[] = {
		{"", "vide"},
		{"\xEF\xBB\xBF", "vide"},
		{"PK\x03\x04rest", "classeur"},
		{"\xD0\xCF\x11\xE0rest", "Excel"},
		{"\x1F\x8Brest", "compressé"},
		{"\xFF\xFEK\0E\0", "UTF-16"},
		{"KEY,NAME\r1,a\r2,b\r", "ligne 1 : retour chariot isolé"},
		{"KEY,\"NAME\n1,a\n", "ligne 1 : guillemet jamais refermé"},
		{"<!DOCTYPE html>\n", "KEY, NAME"},
	};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		const char *said = read_text(a, others[i].bytes);
		if (!text_starts(said, "refused: ") || !strstr(said, others[i].why))
			fail_msg("%s: %s", others[i].bytes, said);
	}
}

/* Lines that each open a quote could make a reader look at the whole rest of the file each time:
 * minutes, where one pass takes a few milliseconds. */
static void hostile_quotes_are_read_in_linear_time(void **state)
{
	static const struct csv_limits limits = {1000000, 10, 1 << 30};
	struct arena *a = *state;
	static const char *const lines[] = {"\"\n", "\"\"\"\n", "a\"\n", "\"a\"\"\n", "\"\"x\n"};
	double began = clock_cpu_seconds();
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct buf b;
		buf_init(&b, a, BUF_NO_LIMIT);
		buf_puts(&b, "KEY,NAME\n");
		for (size_t n = 0; n < 400000; n++)
			buf_puts(&b, lines[i]);
		struct csv *c;
		struct err e;
		assert_ok(csv_open(a, b.data, b.len, columns, COLUMNS, &limits, &c, &e), e);
		size_t broken = 0;
		while (csv_next(c, &e) != CSV_END)
			broken++;
		assert_true(broken >= 100000 && broken <= 400000);
	}
	assert_true(clock_cpu_seconds() - began < 10);
}

/* ---- Writing ---- */

static const char *written(struct arena *a, enum csv_style style, const char *s, double v)
{
	struct buf b;
	struct csv_out out;
	buf_init(&b, a, BUF_NO_LIMIT);
	csv_out_init(&out, &b, style);
	csv_put_text(&out, s);
	csv_put_real(&out, v);
	csv_put_int(&out, -7);
	csv_end_line(&out);
	return b.data;
}

static void writes_what_spreadsheets_open(void **state)
{
	struct arena *a = *state;
	assert_string_equal(written(a, CSV_PLAIN, "Tours", 12.5), "Tours,12.5,-7\r\n");
	assert_string_equal(written(a, CSV_FRENCH, "Tours", 12.5), "\xEF\xBB\xBFTours;12,5;-7\r\n");
	assert_string_equal(written(a, CSV_PLAIN, "a,b", -0.1), "\"a,b\",-0.1,-7\r\n");
	assert_string_equal(written(a, CSV_PLAIN, "a;b", 1e300), "a;b,1e+300,-7\r\n");
	assert_string_equal(written(a, CSV_PLAIN, "a\"b", NAN), "\"a\"\"b\",,-7\r\n");
	assert_string_equal(written(a, CSV_PLAIN, NULL, INFINITY), ",,-7\r\n");
}

static void texts_that_would_run_as_formulas_do_not(void **state)
{
	struct arena *a = *state;
	static const char *const formulas[] = {
		"=1+1", "+33 2 38", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"};
	for (size_t i = 0; i < sizeof formulas / sizeof *formulas; i++) {
		const char *line = written(a, CSV_PLAIN, formulas[i], 0);
		assert_non_null(strstr(line, arena_printf(a, "'%s", formulas[i])));
		assert_true(*line == '\'' || text_starts(line, "\"'"));
	}
	assert_string_equal(written(a, CSV_PLAIN, "=A(\"x\")", 0), "\"'=A(\"\"x\"\")\",0,-7\r\n");
	assert_string_equal(written(a, CSV_PLAIN, "a=1", 0), "a=1,0,-7\r\n");
}

static void what_is_written_reads_back(void **state)
{
	struct arena *a = *state;
	static const char *const texts[] = {
		"", "a", "a,b;c", "\"", "\"\"", "a\r\nb", " blanc ", "œ€", ";", ",", "a\"b\"c"};
	for (enum csv_style style = CSV_PLAIN; style <= CSV_FRENCH; style++)
		for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
			struct buf b;
			struct csv_out out;
			buf_init(&b, a, BUF_NO_LIMIT);
			csv_out_init(&out, &b, style);
			csv_put_text(&out, "KEY"), csv_put_text(&out, "NAME"), csv_end_line(&out);
			csv_put_int(&out, 1), csv_put_text(&out, texts[i]), csv_end_line(&out);
			assert_string_equal(read_bytes(a, b.data, b.len, NULL),
				arena_printf(a, "2:1|%s", texts[i]));
		}
}

#define IN_AN_ARENA(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_AN_ARENA(reads_plain_and_quoted_cells),
		IN_AN_ARENA(a_quoted_cell_may_hold_line_breaks_and_lines_are_still_counted),
		IN_AN_ARENA(line_ends_are_lf_or_crlf_and_the_last_may_be_missing),
		IN_AN_ARENA(the_first_line_says_the_separator),
		IN_AN_ARENA(columns_are_found_by_name_wherever_they_are),
		IN_AN_ARENA(names_every_missing_column),
		IN_AN_ARENA(utf8_may_have_its_mark),
		IN_AN_ARENA(latin1_and_windows_1252_are_recognised),
		IN_AN_ARENA(a_damaged_utf8_file_loses_the_damaged_line_only),
		IN_AN_ARENA(a_zero_byte_breaks_its_line_only),
		IN_AN_ARENA(a_broken_line_costs_that_line_only),
		IN_AN_ARENA(a_stray_quote_does_not_take_the_following_lines_away),
		IN_AN_ARENA(blank_lines_are_passed_over),
		IN_AN_ARENA(limits_hold),
		IN_AN_ARENA(says_what_it_was_given_instead_of_csv),
		IN_AN_ARENA(hostile_quotes_are_read_in_linear_time),
		IN_AN_ARENA(writes_what_spreadsheets_open),
		IN_AN_ARENA(texts_that_would_run_as_formulas_do_not),
		IN_AN_ARENA(what_is_written_reads_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
