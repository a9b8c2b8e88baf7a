/* Numbers and characters from outside: the whole text or nothing. */
#include "text.h"

#include "test.h"

#include <locale.h>
#include <math.h>

static void reads_whole_integers(void **unused)
{
	(void)unused;
	static const struct {
		const char *text;
		int64_t value;
	} good[] = {{"0", 0}, {"-12", -12}, {"007", 7}, {"9223372036854775807", INT64_MAX},
		{"-9223372036854775808", INT64_MIN}};
	static const char *const bad[] = {"", "-", " 1", "1 ", "+1", "1.0", "1e3", "0x10", "--1",
		"9223372036854775808", "-9223372036854775809", "un", "1\n"};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		int64_t v = -1;
		assert_true(text_to_int64(good[i].text, &v));
		assert_true(v == good[i].value);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		int64_t v = 77;
		if (text_to_int64(bad[i], &v))
			fail_msg("« %s » was read", bad[i]);
		assert_int_equal(v, 77);
	}
}

static void reads_whole_reals(void **unused)
{
	(void)unused;
	static const struct {
		const char *text;
		double value;
	} good[] = {{"0", 0}, {"-1.5", -1.5}, {".5", .5}, {"1e3", 1000}, {"1E-2", .01}, {"+2", 2},
		{"1.7976931348623157e308", 1.7976931348623157e308}};
	static const char *const bad[] = {"", ".", "-", "1,5", "1 000", " 1", "1 ", "nan", "NaN",
		"inf", "-infinity", "1e999", "-1e999", "0x1p3", "1e", "1.2.3", "e5"};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		double v = 77;
		assert_true(text_to_double(good[i].text, &v));
		assert_true(v == good[i].value);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		double v = 77;
		if (text_to_double(bad[i], &v))
			fail_msg("« %s » was read", bad[i]);
		assert_true(v == 77);
	}
}

/* What is too small for a double is zero as near as it can be told, not a mistake. */
static void reads_reals_smaller_than_any_double(void **unused)
{
	(void)unused;
	double v = 77;
	assert_true(text_to_double("1e-320", &v));
	assert_true(v > 0 && v < 1e-319);
	assert_true(text_to_double("1e-999", &v));
	assert_true(v == 0);
}

static void accepts_utf_8_and_nothing_else(void **unused)
{
	(void)unused;
#define T(s) \
	{ \
		s, sizeof s - 1 \
	}
	static const struct {
		const char *bytes;
		size_t n;
	} good[] = {T(""), T("abc"), T("é"), T("€"), T("\xf0\x9f\x9a\x9b"), T("\x7f"),
		T("\xed\x9f\xbf") /* U+D7FF */, T("\xee\x80\x80") /* U+E000 */,
		T("\xf4\x8f\xbf\xbf") /* U+10FFFF */, T("\xc2\x80"), T("\xe0\xa0\x80"),
		T("\xf0\x90\x80\x80")},
	  bad[] = {T("a\0b"), T("\x80"), T("\xbf"), T("\xc3"), T("\xe2\x82"), T("\xf0\x9f\x9a"),
		  T("\xc0\x80"), T("\xc1\xbf") /* overlong */, T("\xe0\x80\x80"), T("\xe0\x9f\xbf"),
		  T("\xf0\x80\x80\x80"), T("\xf0\x8f\xbf\xbf"), T("\xed\xa0\x80") /* surrogates */,
		  T("\xed\xbf\xbf"), T("\xf4\x90\x80\x80"), T("\xf5\x80\x80\x80"), T("\xff"),
		  T("\xfe"), T("\xe9t\xe9") /* Latin-1 */, T("\xc3(")};
#undef T
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		if (!text_is_utf8(good[i].bytes, good[i].n))
			fail_msg("good text %zu was refused", i);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (text_is_utf8(bad[i].bytes, bad[i].n))
			fail_msg("bad text %zu was accepted", i);
}

static void looks_no_further_than_asked(void **unused)
{
	(void)unused;
	assert_true(text_is_utf8("ab\xff", 2));
	assert_false(text_is_utf8("\xc3\xa9", 1));
}

#define THIN "\u202f"
#define LESS "\u2212"

static void writes_numbers_as_the_french_do(void **state)
{
	static const struct {
		double value;
		int decimals;
		const char *text;
	} cases[] = {
		{0, 0, "0"},
		{999, 0, "999"},
		{1000, 0, "1" THIN "000"},
		{1234567.8, 1, "1" THIN "234" THIN "567,8"},
		{-1234.5, 2, LESS "1" THIN "234,50"},
		{-0.04, 1, "0,0"}, /* no "minus nothing" */
		{-0.06, 1, LESS "0,1"},
		{999999.96, 1, "1" THIN "000" THIN "000,0"},
		{123456, 0, "123" THIN "456"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(text_french_number(*state, cases[i].value, cases[i].decimals),
			cases[i].text);
	assert_true(strlen(text_french_number(*state, 1e300, 2)) > 301);
}

/* What has no value has a dash, as in a printed table, never "nan" cut in threes. */
static void writes_no_number_as_a_dash(void **state)
{
	assert_string_equal(text_french_number(*state, NAN, 1), "–");
	assert_string_equal(text_french_number(*state, INFINITY, 0), "–");
	assert_string_equal(text_french_number(*state, -INFINITY, 0), "–");
}

static void repairs_what_is_not_utf8(void **state)
{
	char bad[] = "a\xff\xc3\xa9\xed\xa0\x80 \xc3";
	(void)state;
	text_repair(bad);
	assert_string_equal(bad, "a?\xc3\xa9??? ");
}

static void drops_a_character_cut_in_half(void **state)
{
	static const char whole[] = "aé€\xf0\x9f\x9a\x9b";
	static const size_t kept[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10};
	for (size_t n = 0; n <= sizeof whole - 1; n++) {
		char *cut = arena_strndup(*state, whole, n);
		text_drop_half_character(cut);
		assert_int_equal(strlen(cut), kept[n]);
	}
}

static void trims_in_place(void **state)
{
	assert_string_equal(text_trim(arena_strdup(*state, " \t a b \r\n")), "a b");
	assert_string_equal(text_trim(arena_strdup(*state, "   ")), "");
	assert_string_equal(text_trim(arena_strdup(*state, "")), "");
	assert_string_equal(text_trim(arena_strdup(*state, "été ")), "été");
}

static void pads_by_what_is_seen(void **state)
{
	assert_string_equal(text_pad(*state, "été", 5), "  été");
	assert_string_equal(text_pad(*state, "été", -5), "été  ");
	assert_string_equal(text_pad(*state, "trop long", 4), "trop long");
}

static void compares_beginnings(void **unused)
{
	(void)unused;
	assert_true(text_starts("candidate:45234", "candidate:"));
	assert_false(text_starts("cand", "candidate:"));
	assert_true(text_eq("a", "a"));
	assert_false(text_eq("a", "A"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_whole_integers),
		cmocka_unit_test(reads_whole_reals),
		cmocka_unit_test(reads_reals_smaller_than_any_double),
		cmocka_unit_test(accepts_utf_8_and_nothing_else),
		cmocka_unit_test(looks_no_further_than_asked),
		WITH_AN_ARENA(writes_numbers_as_the_french_do),
		WITH_AN_ARENA(writes_no_number_as_a_dash),
		WITH_AN_ARENA(drops_a_character_cut_in_half),
		WITH_AN_ARENA(repairs_what_is_not_utf8),
		WITH_AN_ARENA(trims_in_place),
		WITH_AN_ARENA(pads_by_what_is_seen),
		cmocka_unit_test(compares_beginnings),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
