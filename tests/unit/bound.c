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
	struct certificate c = {.price = price, .share = SITE};
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
	struct certificate c = {.price = price, .share = more};
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
		struct certificate c = {.price = price, .share = SITE};
		assert_true(bound_evaluate(&m, &c) <= 127 + 1e-9);
	}
}

/* Two sites of 20 t at 40 EUR, 30 t at one point next to both and 5 t at another. Without rounding
 * no prices prove more than 60 EUR for the first: one line and a half. Both are needed, at 80. */
static void rounding_counts_whole_lines(void **unused)
{
	(void)unused;
	static const double haul[] = {0, 9, 0, 9}, tonnes[] = {30, 5}, capacity[] = {20, 20},
			    running[] = {40, 40}, zeros[4];
	static const double *const hauls[] = {haul};
	static const struct line lines[] = {
		{.levels = 1, .start = LEVEL_NONE}, {.levels = 1, .start = LEVEL_NONE, .first = 1}};
	struct model m = make();
	m.sites = m.levels = 2;
	m.max_platforms = 2; /* so that nothing else counts lines */
	m.tonnes = tonnes, m.haul = hauls, m.gate = m.site_cost = m.build = m.close = zeros;
	m.lines = lines, m.capacity = capacity, m.running = running;
	double price[] = {2, 1}, nu[] = {0};
	bool near[] = {true, true};
	struct rounding r = {
		.flow = 0, .unit = 20, .centre = 0, .radius = 3, .is_near = near, .price = nu};
	struct certificate c = {
		.price = price, .share = zeros, .roundings = &r, .rounding_count = 1};
	assert_true(fabs(bound_evaluate(&m, &c) - (60 + 5)) < 1e-9);
	/* D = 30, n = 2, r = 10: 20 nu more, 10 nu off each line; prices fall by nu / 2. */
	price[0] = 0, nu[0] = 4;
	assert_true(fabs(bound_evaluate(&m, &c) - (80 + 5)) < 1e-9);
	/* Far from the disc, the second line earns nu per tonne of it instead. */
	near[1] = false;
	assert_true(fabs(bound_evaluate(&m, &c) - (80 + 5 + 0 - 40)) < 1e-9);
	nu[0] = -1;
	assert_true(bound_evaluate(&m, &c) == -INFINITY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_what_the_formula_says),
		cmocka_unit_test(refuses_shares_above_the_cost),
		cmocka_unit_test(high_prices_prove_nothing),
		cmocka_unit_test(rounding_counts_whole_lines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
