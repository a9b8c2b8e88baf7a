/* JSON from outside: every error names its path, the first one sticks, nothing odd gets in. */
#include "jin.h"

#include "test.h"

#include <math.h>

static struct jin parse(struct arena *a, const char *text, struct err *e)
{
	struct jin root;
	*e = (struct err){0};
	assert_ok(jin_parse(a, text, strlen(text), &root, e), *e);
	return root;
}

static void reads_what_is_there(void **state)
{
	struct err e;
	struct jin root = parse(*state,
		"{\"n\": -3, \"x\": 2.5, \"t\": \"été\", \"b\": true, \"l\": [1, 2.5, \"x\"], "
		"\"o\": {\"k\": 1}, \"z\": null}",
		&e);
	assert_int_equal(jin_int(&root, "n", -10, 10), -3);
	assert_true(jin_real(&root, "x", 0, 10) == 2.5);
	assert_true(jin_real(&root, "n", -10, 10) == -3);
	assert_string_equal(jin_text(&root, "t", 10), "été");
	assert_true(jin_bool(&root, "b"));
	struct jin list = jin_array(&root, "l", 0, 3), object = jin_object(&root, "o");
	assert_int_equal(list.count, 3);
	struct jin first = jin_item(&list, 0), second = jin_item(&list, 1),
		   third = jin_item(&list, 2);
	assert_int_equal(jin_value_int(&first, 0, 9), 1);
	assert_true(jin_value_real(&second, 0, 9) == 2.5);
	assert_string_equal(jin_value_text(&third, 9), "x");
	assert_true(jin_is_number(&second) && !jin_is_number(&third));
	assert_int_equal(jin_int(&object, "k", 0, 9), 1);
	assert_true(jin_has(&root, "o") && !jin_has(&root, "z") && !jin_has(&root, "absent"));
	assert_false(jin_failed(&root));
}

static void null_and_absent_take_the_default(void **state)
{
	struct err e;
	struct jin root = parse(*state, "{\"z\": null}", &e);
	assert_true(jin_real_or(&root, "z", 0, 1, 7.5) == 7.5);
	assert_int_equal(jin_int_or(&root, "absent", 0, 1, 9), 9);
	assert_true(jin_bool_or(&root, "z", true));
	assert_string_equal(jin_text_or(&root, "z", 5, "rien"), "rien");
	assert_false(jin_failed(&root));
}

/* One reading of a document, which must fail. */
typedef void reader(const struct jin *root);

static void real(const struct jin *root)
{
	jin_real(root, "x", 0, 10);
}

static void integer(const struct jin *root)
{
	jin_int(root, "x", 0, 10);
}

static void boolean(const struct jin *root)
{
	jin_bool(root, "x");
}

static void text(const struct jin *root)
{
	jin_text(root, "x", 4);
}

static void array(const struct jin *root)
{
	jin_array(root, "x", 1, 2);
}

static void object(const struct jin *root)
{
	jin_object(root, "x");
}

static void deep(const struct jin *root)
{
	struct jin list = jin_array(root, "x", 0, 9);
	for (size_t n = 0; n < list.count; n++) {
		struct jin item = jin_item(&list, n), inside = jin_object(&item, "place");
		struct jin pair = jin_array(&inside, "at", 2, 2), north = jin_item(&pair, 1);
		jin_value_real(&north, -90, 90);
	}
}

static void only(const struct jin *root)
{
	static const char *const known[] = {"y", NULL};
	jin_only(root, known);
}

static void every_error_names_its_path(void **state)
{
	static const struct {
		reader *read;
		const char *document, *said;
	} cases[] = {
		{real, "{}", "x : valeur manquante"},
		{real, "{\"x\": null}", "x : valeur manquante"},
		{real, "{\"x\": \"3\"}", "x : un nombre est attendu"},
		{real, "{\"x\": 10.5}", "x : 10.5 est hors des bornes [0, 10]"},
		{real, "{\"x\": -1e-300}", "x : -1e-300 est hors des bornes"},
		{real, "[1]", "un objet JSON est attendu"},
		{integer, "{\"x\": 2.0}", "x : un nombre entier est attendu"},
		{integer, "{\"x\": 11}", "x : 11 est hors des bornes [0, 10]"},
		{boolean, "{\"x\": 1}", "x : true ou false est attendu"},
		{text, "{\"x\": 1}", "x : un texte est attendu"},
		{text, "{\"x\": \"trop long\"}", "x : texte trop long (plus de 4 octets)"},
		{array, "{\"x\": {}}", "x : une liste est attendue"},
		{array, "{\"x\": []}", "x : 0 élément : il en faut de 1 à 2"},
		{array, "{\"x\": [1,2,3]}", "x : 3 éléments"},
		{object, "{\"x\": [1]}", "x : un objet JSON est attendu"},
		{deep, "{\"x\": [{\"place\": {\"at\": [0, 1]}}, {\"place\": {\"at\": [0, 91]}}]}",
			"x[1].place.at[1] : 91 est hors des bornes [-90, 90]"},
		{deep, "{\"x\": [{\"place\": {\"at\": [0]}}]}", "x[0].place.at : 1 élément"},
		{deep, "{\"x\": [{}]}", "x[0].place : valeur manquante"},
		{deep, "{\"x\": [3]}", "x[0] : un objet JSON est attendu"},
		{only, "{\"y\": 1, \"yy\": 2}", "champ inconnu « yy »"},
	};
	for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
		struct err e;
		struct jin root = parse(*state, cases[n].document, &e);
		cases[n].read(&root);
		if (!jin_failed(&root))
			fail_msg("accepted: %s", cases[n].document);
		assert_int_equal(e.kind, ERR_INVALID);
		assert_says(e.message, cases[n].said);
	}
}

static void the_first_error_sticks(void **state)
{
	struct err e;
	struct jin root = parse(*state, "{\"a\": \"x\", \"b\": 5, \"l\": [1]}", &e);
	jin_int(&root, "a", 0, 9);
	assert_int_equal(jin_int(&root, "b", 0, 9), 0);
	assert_string_equal(jin_text(&root, "a", 9), "");
	assert_false(jin_has(&root, "b"));
	assert_int_equal(jin_array(&root, "l", 0, 9).count, 0);
	assert_int_equal(jin_int_or(&root, "b", 0, 9, 3), 3);
	jin_fail(&root, "autre chose");
	assert_says(e.message, "a : un nombre entier est attendu");
}

static void an_item_past_the_end_is_missing_not_a_crash(void **state)
{
	struct err e;
	struct jin root = parse(*state, "{\"l\": [[1]]}", &e);
	struct jin list = jin_array(&root, "l", 0, 9), pair = jin_item(&list, 0);
	struct jin absent = jin_item(&pair, 1);
	assert_true(jin_value_real(&absent, 0, 9) == 0);
	assert_says(e.message, "l[0][1] : un nombre est attendu");
}

static void refuses_what_is_not_json(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
	} bad[] = {
#define T(s) {s, sizeof s - 1}
		T(""),
		T("{"),
		T("{\"a\": 1,}"),
		T("{\"a\": 1} x"),
		T("{\"a\": NaN}"),
		T("{\"a\": Infinity}"),
		T("{\"a\": 1e999}"),
		T("{\"a\": 1, \"a\": 2}"),
		T("{\"a\": {\"b\": 1, \"b\": 1}}"),
		T("{\"a\": \"\xe9\"}"),
		T("{\"a\": \"\\ud800\"}"),
		T("{\"a\": \"x\\u0000y\"}"),
		T("{\"a\": 99999999999999999999}"),
		T("{'a': 1}"),
		T("\xef\xbb\xbf{}"),
		T("{\"a\"\0: 1}"),
		T("1"),
		T("null"),
#undef T
	};
	for (size_t n = 0; n < sizeof bad / sizeof *bad; n++) {
		struct jin root;
		struct err e;
		assert_refused(jin_parse(*state, bad[n].bytes, bad[n].n, &root, &e), e,
			ERR_MALFORMED, "JSON illisible, ligne ");
	}
}

static void writes_a_value_again(void **state)
{
	static const char text[] = "{\"a\":[1,2.5,null,\"é\"],\"b\":{\"c\":true}}";
	struct jin root;
	struct err e;
	assert_ok(jin_parse(*state, text, sizeof text - 1, &root, &e), e);
	assert_string_equal(jin_dump(*state, &root), text);
	struct jin list = jin_array(&root, "a", 4, 4), item = jin_item(&list, 3);
	assert_string_equal(jin_dump(*state, &item), "\"é\"");
	struct jin missing = {.reader = root.reader};
	assert_string_equal(jin_dump(*state, &missing), "null");
}

static void survives_depth(void **state)
{
	enum { DEPTH = 100000 };
	char *text = arena_alloc(*state, DEPTH + 1);
	memset(text, '[', DEPTH);
	struct jin root;
	struct err e;
	assert_refused(jin_parse(*state, text, DEPTH, &root, &e), e, ERR_MALFORMED, "JSON");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(reads_what_is_there),
		WITH_AN_ARENA(null_and_absent_take_the_default),
		WITH_AN_ARENA(every_error_names_its_path),
		WITH_AN_ARENA(the_first_error_sticks),
		WITH_AN_ARENA(an_item_past_the_end_is_missing_not_a_crash),
		WITH_AN_ARENA(refuses_what_is_not_json),
		WITH_AN_ARENA(writes_a_value_again),
		WITH_AN_ARENA(survives_depth),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
