/* Errors: said once, at the cause, and passed on whole. */
#include "test.h"

static void is_the_whole_story_of_a_return(void **unused)
{
	(void)unused;
	struct err e;
	assert_false(err_set(&e, ERR_CONFLICT, "le calcul %d est pris", 12));
	assert_int_equal(e.kind, ERR_CONFLICT);
	assert_string_equal(e.message, "le calcul 12 est pris");
}

static void a_prefix_keeps_the_kind_and_the_words(void **unused)
{
	(void)unused;
	struct err e;
	err_set(&e, ERR_INVALID, "100 %% de trop");
	assert_false(err_prefix(&e, "%s ligne %d : ", "points.csv", 3));
	assert_string_equal(e.message, "points.csv ligne 3 : 100 % de trop");
	assert_int_equal(e.kind, ERR_INVALID);
}

static void what_is_too_long_is_cut_at_a_character(void **unused)
{
	(void)unused;
	char words[4096];
	struct err e;
	for (size_t shift = 0; shift < 3; shift++) {
		memset(words, 'x', shift);
		for (size_t i = shift; i + 3 < sizeof words; i += 3)
			memcpy(words + i, "\xe2\x82\xac", 3); /* € */
		words[sizeof words - 4] = '\0';
		err_set(&e, ERR_SYSTEM, "%s", words);
		assert_in_range(strlen(e.message), 1000, sizeof e.message - 1);
		assert_int_equal((strlen(e.message) - shift) % 3, 0);
		err_prefix(&e, "%s : ", "fichier");
		assert_in_range(strlen(e.message), 1000, sizeof e.message - 1);
		assert_int_equal((strlen(e.message) - shift - strlen("fichier : ")) % 3, 0);
		err_prefix(&e, "%s", words);
		assert_int_equal((strlen(e.message) - shift) % 3, 0);
	}
}

static void every_kind_has_its_statuses_and_title(void **unused)
{
	(void)unused;
	assert_int_equal(err_exit_status(ERR_NONE), 0);
	for (int kind = ERR_NONE + 1; kind <= ERR_SYSTEM; kind++) {
		assert_in_range(err_exit_status((enum err_kind)kind), 1, 125);
		assert_in_range(err_http_status((enum err_kind)kind), 400, 599);
		assert_true(strlen(err_title((enum err_kind)kind)) > 3);
	}
	/* What FORMAT.md and docs promise to scripts. */
	assert_int_equal(err_exit_status(ERR_USAGE), 64);
	assert_int_equal(err_exit_status(ERR_INVALID), 2);
	assert_int_equal(err_exit_status(ERR_MALFORMED), 2);
	assert_int_equal(err_exit_status(ERR_INFEASIBLE), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_the_whole_story_of_a_return),
		cmocka_unit_test(a_prefix_keeps_the_kind_and_the_words),
		cmocka_unit_test(what_is_too_long_is_cut_at_a_character),
		cmocka_unit_test(every_kind_has_its_statuses_and_title),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
