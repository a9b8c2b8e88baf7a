/* The time of many searches: never more in all than was given, and what one leaves is for others. */
#include "purse.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void each_has_its_own_and_what_others_left(void **unused)
{
	(void)unused;
	struct purse p;
	purse_init(&p, 4, 2);
	assert_true(purse_take(&p) == 2);
	purse_return(&p, 1.5);
	assert_true(fabs(purse_take(&p) - 2.5) < 1e-12);
	purse_return(&p, 2.5);
	assert_true(fabs(purse_take(&p) - 3.75) < 1e-12);
	purse_return(&p, 3.75);
	assert_true(purse_take(&p) == 6); /* three times its own, at most */
}

static void who_takes_longer_takes_it_from_others(void **unused)
{
	(void)unused;
	struct purse p;
	double taken = 0;
	purse_init(&p, 100, 1);
	for (int n = 0; n < 100; n++) {
		double seconds = purse_take(&p), longer = n % 2 ? 1.3 * seconds : 0.4 * seconds;
		purse_return(&p, seconds - longer);
		taken += longer;
	}
	assert_true(taken < 101);
	purse_init(&p, 2, 1);
	purse_take(&p);
	purse_return(&p, -5);
	assert_true(purse_take(&p) > 0); /* a look, at least */
}

static void without_a_limit_there_is_none(void **unused)
{
	(void)unused;
	struct purse p;
	purse_init(&p, 3, 0);
	for (int n = 0; n < 3; n++) {
		assert_true(purse_take(&p) == 0);
		purse_return(&p, -10);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_has_its_own_and_what_others_left),
		cmocka_unit_test(who_takes_longer_takes_it_from_others),
		cmocka_unit_test(without_a_limit_there_is_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
