/* Words, numbers and the first error of a text file. */
#include "scan.h"
#include "test.h"

#include <math.h>
#include <string.h>

static struct scan scan_of(const char *text, struct err *e)
{
	return scan_begin(text, strlen(text), e);
}

static void reads_words_and_numbers_across_lines(void **state)
{
	struct err e;
	struct scan s = scan_of("NAME : seven\n 12\t0.5\r\n-3 4 rest of it\nlast", &e);
	char word[SCAN_WORD_MAX + 1];
	double list[2];
	s.also = ':';
	assert_int_equal(scan_word(&s, word), 4);
	assert_string_equal(word, "NAME");
	assert_int_equal(scan_peek(&s, word), 5);
	assert_int_equal(scan_word(&s, word), 5);
	assert_string_equal(word, "seven");
	assert_int_equal(scan_count(&s, 1, 12, "un nombre"), 12);
	assert_near(scan_number(&s, 0, 1, "une part"), 0.5, 0);
	scan_numbers(&s, list, 2, -3, 4, "un écart");
	assert_near(list[0], -3, 0);
	assert_near(list[1], 4, 0);
	scan_skip_line(&s);
	assert_false(scan_is_done(&s));
	assert_int_equal(scan_word(&s, word), 4);
	assert_true(scan_is_done(&s));
	assert_int_equal(scan_word(&s, word), 0);
	assert_false(s.is_wrong);
	(void)state;
}

/* The first stands, and what is read after it is 0. */
static void says_the_first_that_is_wrong_and_its_line(void **state)
{
	static const char long_word[] =
		"\n11111111111111111111111111111111111111111111111111111111111111111";
	static const struct {
		const char *text, *words;
	} cases[] = {
		{"", "ligne 1 : le fichier s’arrête trop tôt, il manque la charge"},
		{"\n\n", "ligne 3 : le fichier s’arrête trop tôt"},
		{"1\nx", "ligne 2 : « x » n’est pas un nombre valable (la charge)"},
		{"1\nnan", "« nan »"},
		{"1 1e999", "« 1e999 »"},
		{"1\n\n2.5", "ligne 3 : la charge doit être un nombre entier, pas 2.5"},
		{"1 -1", "la charge vaut -1, hors de 0 à 9"},
		{"1 9999999", "la charge vaut 9999999"},
		{long_word, "n’est pas un nombre valable"},
	};
	for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
		struct err e = {0};
		struct scan s = scan_of(cases[n].text, &e);
		while (!s.is_wrong)
			scan_count(&s, 0, 9, "la charge");
		assert_int_equal(scan_count(&s, 0, 9, "la charge"), 0);
		assert_false(scan_wrong(&s, "autre chose"));
		assert_says(e.message, cases[n].words);
		assert_int_equal(e.kind, ERR_INVALID);
	}
	(void)state;
}

static void a_number_without_end_has_only_a_least(void **state)
{
	struct err e = {0};
	struct scan s = scan_of("1e300 -1", &e);
	assert_near(scan_number(&s, 0, INFINITY, "un coût"), 1e300, 0);
	scan_number(&s, 0, INFINITY, "un coût");
	assert_true(s.is_wrong);
	assert_says(e.message, "un coût vaut -1, moins de 0");
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_words_and_numbers_across_lines),
		cmocka_unit_test(says_the_first_that_is_wrong_and_its_line),
		cmocka_unit_test(a_number_without_end_has_only_a_least),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
