/* Instances of the literature as files: each format is read, and whatever is wrong with one is
 * refused in French with its line, wherever it is cut and whichever number is spoilt. */
#include "formats.h"

#include "engine.h"
#include "text.h"

#include "test.h"

#include <ctype.h>

/* Two sites and two points (pmed: three nodes), with their optimum. */
static const struct {
	const char *format, *text;
	double cost;
} small[] = {
	{"orlib", "2 2\n9 1\n3 1.5\n2 3 4\n2 4 3\n", 8},
	{"uflp", "FILE: small\n2 2 0\n1 5 3 4\n2 5 4 3\n", 12},
	{"tbed", "2 2\n2 2\n9 3\n1 1.5\n3 4\n4 3\n", 14.5},
	{"cfl",
		"[DEPOTS]\ncapacity fixcost varcost\n9 1 0\n3 1 1\n[CUSTOMERS]\ndemand\n2\n2\n"
		"[COSTMATRIX]\n[MATRIX]\nDim 2 2\n3 4\n4 3\n",
		8},
	{"holmberg", "2 2\n9 1\n3 1\n2 2\n3 4\n4 1\n", 6},
	{"yang", "2 2\n9 1\n3 1\n2 2\n3 4\n4 1\n", 6},
	{"delmaire", "2 2\n3 4\n4 1\n2 2\n1 1\n9 3\n", 6},
	{"pmed", "3 2 1\n1 2 5\n2 3 4\n", 9},
};

enum { SMALL = sizeof small / sizeof *small };

static bool read_text(
	struct arena *a, const char *format, const char *text, struct model *m, struct err *e)
{
	return format_read(a, format_find(format), text, strlen(text), m, e);
}

/* The next word at or after `at`, by its ends; false when there is none. */
static bool find_word(const char *text, size_t at, size_t *begin, size_t *end)
{
	while (isspace((unsigned char)text[at]))
		at++;
	*begin = *end = at;
	while (text[*end] && !isspace((unsigned char)text[*end]))
		++*end;
	return *end > *begin;
}

static bool is_number(const char *word)
{
	return isdigit((unsigned char)*word);
}

static void every_format_is_read(void **state)
{
	struct arena *a = *state;
	struct engine_options o = {.time_limit_s = 10, .threads = 1};
	size_t known = 0;
	for (const struct format *f = format_table(); f->name; f++)
		known++;
	assert_int_equal(known, SMALL);
	for (size_t n = 0; n < SMALL; n++) {
		struct model m;
		struct answer answer;
		struct err e;
		assert_ok(read_text(a, small[n].format, small[n].text, &m, &e), e);
		assert_ok(engine_solve(a, &m, &o, &answer, &e), e);
		assert_int_equal(answer.status, ANSWER_OPTIMAL);
		assert_near(answer.plan.cost.total, small[n].cost, 1e-9);
	}
}

static void a_cut_file_is_refused_wherever_it_ends(void **state)
{
	struct arena *a = *state;
	for (size_t n = 0; n < SMALL; n++) {
		size_t begin = 0, end = 0;
		while (find_word(small[n].text, end, &begin, &end)) {
			struct model m;
			struct err e;
			const char *cut = arena_printf(a, "%.*s", (int)begin, small[n].text);
			assert_refused(
				read_text(a, small[n].format, cut, &m, &e), e, ERR_INVALID, "");
		}
	}
}

static void a_spoilt_number_is_refused_wherever_it_is(void **state)
{
	static const char *const spoilt[] = {
		"-1", "-0.5", "nan", "inf", "1e999", "1e", "x", "\x80", "1,5", "0x10"};
	struct arena *a = *state;
	for (size_t n = 0; n < SMALL; n++)
		for (size_t k = 0; k < sizeof spoilt / sizeof *spoilt; k++) {
			size_t begin = 0, end = 0;
			while (find_word(small[n].text, end, &begin, &end)) {
				struct model m;
				struct err e;
				if (!is_number(small[n].text + begin))
					continue;
				const char *text = arena_printf(a, "%.*s%s%s", (int)begin,
					small[n].text, spoilt[k], small[n].text + end);
				assert_refused(read_text(a, small[n].format, text, &m, &e), e,
					ERR_INVALID, "");
			}
		}
}

/* Huge but finite: refused, or answered without a figure that is none. */
static void a_huge_number_does_no_harm(void **state)
{
	static const char *const huge[] = {"1e308", "1e300", "1e-300", "0"};
	struct arena *a = *state;
	struct engine_options o = {.time_limit_s = 10, .threads = 1};
	for (size_t n = 0; n < SMALL; n++)
		for (size_t k = 0; k < sizeof huge / sizeof *huge; k++) {
			size_t begin = 0, end = 0;
			while (find_word(small[n].text, end, &begin, &end)) {
				struct model m;
				struct answer answer;
				struct err e;
				if (!is_number(small[n].text + begin))
					continue;
				const char *text = arena_printf(a, "%.*s%s%s", (int)begin,
					small[n].text, huge[k], small[n].text + end);
				if (read_text(a, small[n].format, text, &m, &e) &&
					engine_solve(a, &m, &o, &answer, &e))
					assert_true(answer.bound >= -INFINITY);
			}
		}
}

static void sizes_beyond_memory_are_refused_with_the_figure(void **state)
{
	struct arena *a = *state;
	for (size_t n = 0; n < SMALL; n++) {
		struct model m;
		struct err e;
		if (text_eq(small[n].format, "cfl"))
			continue; /* its sizes are counted, not announced */
		assert_refused(
			read_text(a, small[n].format, "1000000000 1000000000 1\n5 1\n", &m, &e), e,
			ERR_INVALID, "il faudrait environ");
		assert_says(e.message, "Gio");
	}
}

static void sizes_beyond_the_file_are_refused(void **state)
{
	struct arena *a = *state;
	struct model m;
	struct err e;
	assert_refused(
		read_text(a, "orlib", "2000 2000\n5 1\n", &m, &e), e, ERR_INVALID, "tronqué");
	assert_refused(read_text(a, "cfl",
			       "[DEPOTS]\ntitles\n9 1 0\n[CUSTOMERS]\ntitle\n2\n[MATRIX]\n"
			       "Dim 1000000000 1000000000\n3\n",
			       &m, &e),
		e, ERR_INVALID, "1 dépôts et 1 clients");
}

static void what_follows_the_end_is_refused(void **state)
{
	struct arena *a = *state;
	for (size_t n = 0; n < SMALL; n++) {
		struct model m;
		struct err e;
		const char *text = arena_printf(a, "%s 7\n", small[n].text);
		assert_refused(read_text(a, small[n].format, text, &m, &e), e, ERR_INVALID,
			"il reste du texte");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(every_format_is_read),
		WITH_AN_ARENA(a_cut_file_is_refused_wherever_it_ends),
		WITH_AN_ARENA(a_spoilt_number_is_refused_wherever_it_is),
		WITH_AN_ARENA(a_huge_number_does_no_harm),
		WITH_AN_ARENA(sizes_beyond_memory_are_refused_with_the_figure),
		WITH_AN_ARENA(sizes_beyond_the_file_are_refused),
		WITH_AN_ARENA(what_follows_the_end_is_refused),
	};
	return cmocka_run_group_tests_name("formats", tests, NULL, NULL);
}
