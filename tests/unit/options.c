/* The command line: every way of writing an option, and every wrong one refused by name. */
#include "options.h"

#include "test.h"

#include <stdlib.h>

struct target {
	bool is_loud;
	int64_t port;
	double gap;
	const char *name;
};

static const struct option_spec specs[] = {
	{"loud", 'l', OPTION_FLAG, offsetof(struct target, is_loud), NULL, "parle fort"},
	{"port", 'p', OPTION_INT, offsetof(struct target, port), "N", "port d’écoute"},
	{"gap", 0, OPTION_REAL, offsetof(struct target, gap), "G", "écart"},
	{"name", 'n', OPTION_TEXT, offsetof(struct target, name), "NOM", "nom"},
};
enum { SPECS = sizeof specs / sizeof *specs, WORDS_MAX = 12 };

/* A command line as one text, cut at blanks. */
static int words(struct arena *a, const char *line, char *argv[WORDS_MAX + 1])
{
	int argc = 0;
	char *rest = arena_strdup(a, line);
	for (char *word; (word = strsep(&rest, " ")) && argc < WORDS_MAX;)
		argv[argc++] = word;
	argv[argc] = NULL;
	return argc;
}

static void reads_every_way_of_writing(void **state)
{
	static const char *const lines[] = {
		"x --loud --port 81 --gap 0.5 --name a b",
		"x -l -p 81 --gap=0.5 -na b",
		"x b -lp81 --name=a --gap .5",
		"x --loud --name=a --port=81 --gap=5e-1 -- b",
	};
	for (size_t n = 0; n < sizeof lines / sizeof *lines; n++) {
		char *argv[WORDS_MAX + 1];
		int argc = words(*state, lines[n], argv), first;
		struct target t = {.port = 1};
		struct err e;
		assert_ok(options_parse(specs, SPECS, argc, argv, &t, &first, &e), e);
		assert_true(t.is_loud && t.port == 81 && t.gap == 0.5);
		assert_string_equal(t.name, "a");
		assert_int_equal(argc - first, 1);
		assert_string_equal(argv[first], "b");
	}
}

static void leaves_defaults_and_plain_words(void **state)
{
	char *argv[WORDS_MAX + 1];
	int argc = words(*state, "x - -- -l", argv), first;
	struct target t = {.port = 8080};
	struct err e;
	assert_ok(options_parse(specs, SPECS, argc, argv, &t, &first, &e), e);
	assert_true(!t.is_loud && t.port == 8080 && !t.name);
	assert_int_equal(argc - first, 2);
	assert_string_equal(argv[first], "-");
	assert_string_equal(argv[first + 1], "-l");
}

static void negative_numbers_are_values(void **state)
{
	char *argv[WORDS_MAX + 1];
	int argc = words(*state, "x --port -1 --gap -2.5", argv), first;
	struct target t = {0};
	struct err e;
	assert_ok(options_parse(specs, SPECS, argc, argv, &t, &first, &e), e);
	assert_true(t.port == -1 && t.gap == -2.5);
}

static void refuses_the_wrong_ones_by_name(void **state)
{
	static const struct {
		const char *line, *said;
	} cases[] = {
		{"x --nope", "option inconnue ou mal écrite : --nope"},
		{"x -z", "-z"},
		{"x --port", "--port attend une valeur"},
		{"x -p", "-p attend une valeur"},
		{"x --port abc", "--port attend un nombre entier, pas « abc »"},
		{"x --port 1.5", "--port attend un nombre entier, pas « 1.5 »"},
		{"x --port 99999999999999999999", "--port attend un nombre entier"},
		{"x --gap nan", "--gap attend un nombre, pas « nan »"},
		{"x --gap 0,5", "--gap attend un nombre, pas « 0,5 »"},
		{"x --loud=yes", "--loud=yes"},
		{"x b --nope=3 c", "--nope=3"},
		{"x -lz b", ": -z"},
		{"x a -zl b", ": -z"},
		{"x a -é b", ": -é"},
		{"x -lp", "-p attend une valeur"},
	};
	for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
		char *argv[WORDS_MAX + 1];
		int argc = words(*state, cases[n].line, argv), first;
		struct target t = {0};
		struct err e;
		assert_refused(options_parse(specs, SPECS, argc, argv, &t, &first, &e), e,
			ERR_USAGE, cases[n].said);
	}
}

static void help_names_every_option(void **unused)
{
	(void)unused;
	char *text = NULL;
	size_t n;
	FILE *out = open_memstream(&text, &n);
	options_help(out, specs, SPECS);
	fclose(out);
	for (size_t i = 0; i < SPECS; i++) {
		assert_says(text, specs[i].name);
		assert_says(text, specs[i].doc);
	}
	assert_says(text, "-p, --port N");
	assert_says(text, "    --gap G");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(reads_every_way_of_writing),
		WITH_AN_ARENA(leaves_defaults_and_plain_words),
		WITH_AN_ARENA(negative_numbers_are_values),
		WITH_AN_ARENA(refuses_the_wrong_ones_by_name),
		cmocka_unit_test(help_names_every_option),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
