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

/* They only tell sooner which lines do not pay: the same is proved with any, odd ones too. */
static void rents_change_nothing(void **unused)
{
	(void)unused;
	enum { YEARS = 2 };
	static const double discount[YEARS] = {1, 0.9}, rate[YEARS] = {1, 1}, zeros[2 * YEARS],
			    tonnes[2 * YEARS] = {10, 10, 12, 14}, site[YEARS] = {7, 7},
			    running[2 * YEARS] = {20, 20, 40, 40};
	struct model m = make();
	m.years = YEARS;
	m.discount = discount;
	m.rate = rate;
	m.tonnes = tonnes;
	m.gate = m.build = m.close = zeros;
	m.site_cost = site;
	m.running = running;
	const double rents[] = {-1, 0, 0.5, 1, 2, 3, 1e9, INFINITY, NAN};
	for (int n = 0; n < 40; n++) {
		const double price[2 * YEARS] = {3 + 0.1 * n, 5, 7 - 0.1 * n, 6 + 0.05 * n};
		struct certificate c = {.price = price, .share = site};
		double without = bound_evaluate(&m, &c);
		for (size_t x = 0; x < sizeof rents / sizeof *rents; x++) {
			const double rent[YEARS] = {rents[x], rents[(x + (size_t)n) % 9]};
			c.rent = rent;
			assert_true(fabs(bound_evaluate(&m, &c) - without) < 1e-9);
		}
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

/* Two sites whose lines save nothing at these prices: as many are paid as have to be platforms. */
static void platforms_that_have_to_be_are_paid(void **unused)
{
	(void)unused;
	static const double haul[] = {0, 9, 0, 9}, tonnes[] = {30, 5}, capacity[] = {20, 20},
			    running[] = {40, 50}, price[] = {0, 0}, zeros[4];
	static const double *const hauls[] = {haul};
	static const struct line lines[] = {
		{.levels = 1, .start = LEVEL_NONE}, {.levels = 1, .start = LEVEL_NONE, .first = 1}};
	static const double bounds[] = {0, 40, 90};
	struct model m = make();
	struct certificate c = {.price = price};
	m.sites = m.levels = 2;
	m.max_platforms = 2;
	m.tonnes = tonnes, m.haul = hauls, m.gate = m.site_cost = m.build = m.close = zeros;
	m.lines = lines, m.capacity = capacity, m.running = running;
	for (m.min_platforms = 0; m.min_platforms <= 2; m.min_platforms++)
		assert_true(fabs(bound_evaluate(&m, &c) - bounds[m.min_platforms]) < 1e-9);
}

/* The small level costs 100 to buy, the large one 150; only the large one has room for all. */
static void prices_of_limits_count_what_is_used_less_what_is_free(void **unused)
{
	(void)unused;
	static const double outlay[] = {100, 150}, emission[] = {1, 2}, low[] = {0, 0};
	static const int life[] = {1};
	struct limit limits[] = {{LIMIT_BUDGET, 0, LIMIT_HORIZON, 120}, {LIMIT_EMISSION, 0, 0, 30},
		{LIMIT_MOST, 0, 0, 15}, {LIMIT_LEAST, 0, 0, 12}, {LIMIT_OPEN, 0, 0, 1}};
	double mu[] = {0, 0, 0, 0, 0};
	struct model m = make();
	struct certificate c = {.price = low, .share = SITE, .limits = mu};
	m.outlay = outlay, m.life = life, m.emission = emission;
	m.limits = limits;
	m.limit_count = 1;
	mu[0] = 0.1;
	assert_true(fabs(bound_evaluate(&m, &c) - (47 + 15 - 12)) < 1e-9);
	/* Points at 3 and 5 EUR/t, 1 and 2 t of CO2: at 8 EUR/t the second would gain 3, then loses 1. */
	const double price[] = {3, 8};
	c.price = price;
	m.limit_count = 2;
	mu[0] = 0;
	assert_true(fabs(bound_evaluate(&m, &c) - (30 + 80 + 47 - 30)) < 1e-9);
	mu[1] = 1;
	assert_true(fabs(bound_evaluate(&m, &c) - (30 + 80 + 47 - 10 - 30)) < 1e-9);
	mu[1] = 2;
	assert_true(fabs(bound_evaluate(&m, &c) - (30 + 80 + 47 - 60)) < 1e-9);
	/* A tonne costs 1 more, 15 of them are free; then 1 less, and 12 on top of the site. */
	m.limit_count = 4;
	mu[1] = 0, mu[2] = 1;
	assert_true(fabs(bound_evaluate(&m, &c) - (30 + 80 + 47 - 20 - 15)) < 1e-9);
	mu[2] = 0, mu[3] = 1;
	assert_true(fabs(bound_evaluate(&m, &c) - (30 + 80 + 47 - 50)) < 1e-9);
	const double more[] = {19};
	c.share = more;
	assert_true(fabs(bound_evaluate(&m, &c) - (30 + 80 + 59 - 50)) < 1e-9);
	/* Where it has to be open its cost is paid anyway, and no line bears any of it. */
	m.limit_count = 5;
	assert_true(bound_evaluate(&m, &c) == -INFINITY);
	c.share = ZEROS;
	mu[3] = 0, mu[4] = 5;
	assert_true(fabs(bound_evaluate(&m, &c) - (30 + 80 + 40 - 5 - 30 + 5 + 7)) < 1e-9);
	mu[4] = INFINITY;
	assert_true(bound_evaluate(&m, &c) == -INFINITY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_what_the_formula_says),
		cmocka_unit_test(refuses_shares_above_the_cost),
		cmocka_unit_test(high_prices_prove_nothing),
		cmocka_unit_test(rents_change_nothing),
		cmocka_unit_test(rounding_counts_whole_lines),
		cmocka_unit_test(platforms_that_have_to_be_are_paid),
		cmocka_unit_test(prices_of_limits_count_what_is_used_less_what_is_free),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
