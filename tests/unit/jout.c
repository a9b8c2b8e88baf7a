/* What is written is JSON, and reads back to the same values. */
#include "jout.h"

#include "test.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

struct page {
	struct buf b;
	struct jout j;
};

static struct page *begin(void **state)
{
	struct page *p = arena_one(*state, struct page);
	buf_init(&p->b, *state, BUF_NO_LIMIT);
	jout_init(&p->j, &p->b);
	return p;
}

static void places_commas_and_brackets(void **state)
{
	struct page *p = begin(state);
	struct jout *j = &p->j;
	jout_open(j, '{');
	jout_kv_int(j, "a", -1);
	jout_key(j, "empty"), jout_open(j, '['), jout_close(j);
	jout_key(j, "list"), jout_open(j, '[');
	jout_int(j, 1), jout_null(j), jout_bool(j, false), jout_open(j, '{'), jout_close(j);
	jout_close(j);
	jout_kv_text(j, "t", NULL);
	jout_kv_bool(j, "b", true);
	jout_key(j, "raw"), jout_raw(j, "[1]");
	jout_close(j);
	assert_string_equal(p->b.data, "{\"a\":-1,\"empty\":[],\"list\":[1,null,false,{}],"
				       "\"t\":null,\"b\":true,\"raw\":[1]}");
}

static void escapes_what_must_be(void **state)
{
	struct page *p = begin(state);
	jout_open(&p->j, '[');
	jout_text(&p->j, "l'\"été\"\\\n\t\x01\x1f</script>");
	jout_close(&p->j);
	json_t *back = json_loads(p->b.data, 0, NULL);
	assert_non_null(back);
	assert_string_equal(
		json_string_value(json_array_get(back, 0)), "l'\"été\"\\\n\t\x01\x1f</script>");
	json_decref(back);
}

static void reals_read_back_to_the_same_double(void **state)
{
	static const double cases[] = {0, -0.0, 1, 12, 0.1, 1.0 / 3, 1e21, 1e-7,
		123456789.123456789, 5e-324, 1.7976931348623157e308, -2.5e-10, 9007199254740993.0};
	uint64_t seed = 99;
	for (size_t n = 0; n < 2000; n++) {
		double v =
			n < sizeof cases / sizeof *cases
				? cases[n]
				: ldexp(test_draw(&seed) - 0.5, (int)test_pick(&seed, 600) - 300);
		struct page *p = begin(state);
		jout_real(&p->j, v);
		assert_true(strtod(p->b.data, NULL) == v);
		/* GDAL takes the type of a column from its first value. */
		if (!strpbrk(p->b.data, ".e"))
			fail_msg("%s does not look like a real", p->b.data);
	}
}

static void short_reals_stay_short(void **state)
{
	static const struct {
		double v;
		const char *text;
	} cases[] = {{12, "12.0"}, {0.1, "0.1"}, {-2.5, "-2.5"}, {1e21, "1e+21"}, {0, "0.0"}};
	for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
		struct page *p = begin(state);
		jout_real(&p->j, cases[n].v);
		assert_string_equal(p->b.data, cases[n].text);
	}
}

static void no_number_is_null(void **state)
{
	struct page *p = begin(state);
	jout_open(&p->j, '[');
	jout_real(&p->j, NAN), jout_real(&p->j, INFINITY), jout_fixed(&p->j, -INFINITY, 2);
	jout_fixed(&p->j, 1e300, 2), jout_fixed(&p->j, 2.345, 1);
	jout_close(&p->j);
	assert_memory_equal(p->b.data, "[null,null,null,1000000", 23);
	assert_string_equal(p->b.data + p->b.len - 5, ",2.3]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(places_commas_and_brackets),
		WITH_AN_ARENA(escapes_what_must_be),
		WITH_AN_ARENA(reals_read_back_to_the_same_double),
		WITH_AN_ARENA(short_reals_stay_short),
		WITH_AN_ARENA(no_number_is_null),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
