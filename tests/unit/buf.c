/* The buffer: grows to its limit, never beyond, and says so. */
#include "buf.h"

#include "test.h"

#include <stdio.h>

static void holds_what_was_added(void **state)
{
	struct buf b;
	buf_init(&b, *state, BUF_NO_LIMIT);
	assert_string_equal(b.data, "");
	buf_puts(&b, "a");
	buf_putc(&b, 'b');
	buf_add(&b, "cde", 2);
	buf_printf(&b, "%d%s", 42, "!");
	buf_puts(&b, "");
	assert_string_equal(b.data, "abcd42!");
	assert_int_equal(b.len, 7);
	assert_false(b.is_full);
}

static void keeps_zero_bytes(void **state)
{
	struct buf b;
	buf_init(&b, *state, 10);
	buf_add(&b, "a\0b", 3);
	assert_int_equal(b.len, 3);
	assert_memory_equal(b.data, "a\0b", 4);
}

static void grows_over_many_blocks(void **state)
{
	struct buf b;
	buf_init(&b, *state, BUF_NO_LIMIT);
	for (int n = 0; n < 100000; n++)
		buf_printf(&b, "%06d", n);
	assert_int_equal(b.len, 600000);
	for (int n = 0; n < 100000; n += 997) {
		char expected[16];
		snprintf(expected, sizeof expected, "%06d", n);
		assert_memory_equal(b.data + 6 * n, expected, 6);
	}
	assert_int_equal(b.data[b.len], '\0');
}

static void is_full_past_its_limit_and_not_before(void **state)
{
	struct buf b;
	buf_init(&b, *state, 4);
	buf_puts(&b, "1234");
	assert_false(b.is_full);
	buf_puts(&b, "");
	assert_false(b.is_full);
	buf_putc(&b, '5');
	assert_true(b.is_full);
	assert_string_equal(b.data, "1234");
}

static void keeps_no_half_of_what_does_not_fit(void **state)
{
	struct buf b;
	buf_init(&b, *state, 5);
	buf_puts(&b, "123");
	buf_printf(&b, "%s", "456");
	assert_true(b.is_full);
	assert_string_equal(b.data, "123");
	buf_puts(&b, "4"); /* would fit, but something before it is missing */
	assert_string_equal(b.data, "123");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(holds_what_was_added),
		WITH_AN_ARENA(keeps_zero_bytes),
		WITH_AN_ARENA(grows_over_many_blocks),
		WITH_AN_ARENA(is_full_past_its_limit_and_not_before),
		WITH_AN_ARENA(keeps_no_half_of_what_does_not_fit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
