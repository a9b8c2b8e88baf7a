/* The certificate's bound: right by hand on one line, and not to be talked up. */
#include "bound.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* One site, one flow, one year, two points of 10 t at 3 and 5 EUR/t; room for 15 or 30 t. */
static const double HAUL[] = {3, 5};
static const double *const HAULS[] = {HAUL};
static const double ONE[] = {1}, ZEROS[] = {0, 0}, TONNES[] = {10, 10}, CAPACITY[] = {15, 30},
		    RUNNING[] = {20, 40}, SITE[] = {7};
static const struct line LINE = {.levels = 2, .start = LEVEL_NONE};

static struct model make(void)
{
	return (struct model){.points = 2,
		.sites = 1,
		.flows = 1,
		.years = 1,
		.max_platforms = -1,
		.discount = ONE,
		.tonnes = TONNES,
		.haul = HAULS,
		.rate = ONE,
		.gate = ZEROS,
		.site_cost = SITE,
		.lines = &LINE,
		.levels = 2,
		.capacity = CAPACITY,
		.running = RUNNING,
		.build = ZEROS,
		.close = ZEROS};
}

static void is_what_the_formula_says(void **unused)
{
	(void)unused;
	struct model m = make();
	/* 15 t are not enough: the cover makes it the large level, 40 + 7 - 10 x 2 - 10 x 1. */
	const double price[] = {5, 6};
	struct certificate c = {price, SITE};
	assert_true(fabs(bound_evaluate(&m, &c) - (50 + 60 + 47 - 30)) < 1e-9);
	/* The plan costs 40 + 7 + 30 + 50 = 127: these prices prove it optimal. */
	const double low[] = {0, 0};
	c.price = low;
	assert_true(fabs(bound_evaluate(&m, &c) - 47) < 1e-9);
}

static void refuses_shares_above_the_cost(void **unused)
{
	(void)unused;
	struct model m = make();
	const double price[] = {5, 6}, more[] = {7.1}, less[] = {-1};
	struct certificate c = {price, more};
	assert_true(bound_evaluate(&m, &c) == -INFINITY);
	c.share = less;
	assert_true(bound_evaluate(&m, &c) == -INFINITY);
}

static void high_prices_prove_nothing(void **unused)
{
	(void)unused;
	struct model m = make();
	for (int n = 0; n < 100; n++) {
		const double price[] = {5.0 * n, 100.0 - n};
		struct certificate c = {price, SITE};
		assert_true(bound_evaluate(&m, &c) <= 127 + 1e-9);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_what_the_formula_says),
		cmocka_unit_test(refuses_shares_above_the_cost),
		cmocka_unit_test(high_prices_prove_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
