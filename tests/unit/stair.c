/* Rounded capacities: what whole lines count for is never less than is asked for. */
#include "stair.h"

#include "test.h"

#include <math.h>

static double whole_draw(uint64_t *state, size_t most)
{
	return 1 + (double)test_pick(state, most);
}

static void whole_lines_and_the_rest_suffice(void **unused)
{
	(void)unused;
	uint64_t state = 0x9E3779B97F4A7C15u;
	int seconds = 0;
	for (int round = 0; round < 200000; round++) {
		double unit = whole_draw(&state, 60), volume = whole_draw(&state, 200);
		struct stair s = stair_of(volume, unit, whole_draw(&state, 60));
		seconds += s.step > 0;
		double room = 0, counts = 0;
		for (size_t n = test_pick(&state, 8); n > 0; n--) {
			double u = whole_draw(&state, 70), lines = whole_draw(&state, 3);
			room += lines * fmin(u, volume);
			counts += lines * stair_at(&s, u);
		}
		double elsewhere = fmax(0, volume - room);
		if (counts + elsewhere < s.need - 1e-9)
			fail_msg("unit %.0f, second %.0f, %.0f t: %.0f counted, %.0f asked", s.unit,
				s.second, volume, counts + elsewhere, s.need);
	}
	assert_true(seconds > 1000);
}

static void a_second_unit_tells_mixes_apart(void **unused)
{
	(void)unused;
	/* 294 t by lines of 35 t, then of 4 t: 8 large ones leave 14 t, four small ones. */
	struct stair s = stair_of(294, 35, 4);
	assert_true(fabs(s.need - 36 * 2) < 1e-9);
	assert_true(fabs(stair_at(&s, 35) - 4 * 2) < 1e-9);
	assert_true(fabs(stair_at(&s, 12) - 3 * 2) < 1e-9);
	assert_true(fabs(stair_at(&s, 4) - 1 * 2) < 1e-9);
	/* A second unit that does not fit is none: 5 of 8 t are more than 35 t. */
	assert_true(stair_of(315, 35, 8).step == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_lines_and_the_rest_suffice),
		cmocka_unit_test(a_second_unit_tells_mixes_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
