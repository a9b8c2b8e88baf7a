/* Present value, rates of return and payback, each worked out by hand. */
#include "cashflow.h"

#include "test.h"

enum { YEARS = 3 };

/* An investment on the first day of each year, and what comes in through it. */
static struct cashflow flow(
	struct arena *a, const double invested[YEARS + 1], const double running[YEARS])
{
	struct cashflow f = cashflow_new(a, YEARS);
	memcpy(f.invested, invested, (YEARS + 1) * sizeof *invested);
	memcpy(f.running, running, YEARS * sizeof *running);
	return f;
}
#define FLOW(a, ...) flow((a), __VA_ARGS__)
#define INVESTED(...) \
	(const double[YEARS + 1]) \
	{ \
		__VA_ARGS__ \
	}
#define RUNNING(...) \
	(const double[YEARS]) \
	{ \
		__VA_ARGS__ \
	}

static void assert_irr(struct irr irr, enum irr_kind kind, double rate)
{
	assert_int_equal(irr.kind, kind);
	if (isnan(rate))
		assert_true(isnan(irr.rate));
	else
		assert_near(irr.rate, rate, 1e-9);
}

/* -100 on the first day, 40 a year, 20 back at the end, at 25 %:
 *	-100 + 40 (1 + 0.8 + 0.64) + 20 x 0.512 = 7.84 */
static void the_value_is_the_discounted_sum(void **state)
{
	struct cashflow f = FLOW(*state, INVESTED(-100, 0, 0, 20), RUNNING(40, 40, 40));
	assert_close(cashflow_npv(&f, 0.25), 7.84);
	assert_close(cashflow_npv(&f, 0), 40);
}

/* -110 + 50 x + 36 x^2 + ... : chosen so that the root is known.
 *	x = 1/2	-60 + 60 x + 120 x^2		= 0	rate 100 %
 *	x = 4/5	-112 + 68 x + 90 x^2		= 0	rate 25 %
 *	x = 2	-8 + 2 x + x^2			= 0	rate -50 % */
static void one_change_of_sign_gives_the_one_rate(void **state)
{
	struct arena *a = *state;
	struct cashflow double_ = FLOW(a, INVESTED(-120, 0, 0, 0), RUNNING(60, 60, 120));
	struct cashflow quarter = FLOW(a, INVESTED(-180, 0, 90, 0), RUNNING(68, 68, 0));
	struct cashflow loss = FLOW(a, INVESTED(-8, 0, 0, 0), RUNNING(0, 2, 1));
	assert_irr(cashflow_irr(&double_, 0), IRR_ONE, 1);
	assert_irr(cashflow_irr(&quarter, 0), IRR_ONE, 0.25);
	assert_irr(cashflow_irr(&loss, 0), IRR_ONE, -0.5);
}

static void money_that_comes_first_is_a_loan(void **state)
{
	struct cashflow f = FLOW(*state, INVESTED(0, 0, 0, 0), RUNNING(60, -60, -120));
	assert_irr(cashflow_irr(&f, 0), IRR_LOAN, 1);
}

static void money_one_way_has_no_rate(void **state)
{
	struct arena *a = *state;
	struct cashflow out = FLOW(a, INVESTED(-10, 0, 0, 0), RUNNING(1, -1, 0));
	struct cashflow in = FLOW(a, INVESTED(0, 0, 0, 5), RUNNING(1, 0, 1));
	struct cashflow none = FLOW(a, INVESTED(0, 0, 0, 0), RUNNING(0, 0, 0));
	assert_irr(cashflow_irr(&out, 0), IRR_NONE, NAN);
	assert_irr(cashflow_irr(&in, 0), IRR_NONE, NAN);
	assert_irr(cashflow_irr(&none, 0), IRR_NONE, NAN);
}

/* -100 + 230 x - 132 x^2 is nil at rates of 10 % and 20 %: neither is said. */
static void two_rates_are_not_one(void **state)
{
	struct cashflow f = FLOW(*state, INVESTED(-100, 0, 0, 0), RUNNING(0, 230, -132));
	assert_close(cashflow_npv(&f, 0.1) + 1, 1);
	assert_close(cashflow_npv(&f, 0.2) + 1, 1);
	assert_irr(cashflow_irr(&f, 0), IRR_SEVERAL, NAN);
}

/* Renewed in the middle: three changes of sign, but sums -100, 20, -30, 90 would change thrice too;
 * with 120 in year 1 sums are -100, -40, -70, 50: once, so one rate above zero, at
 * -100 + 60 x - 30 x^2 + 120 x^3 = 0. */
static void a_renewal_leaves_one_rate_where_that_is_proved(void **state)
{
	struct arena *a = *state;
	struct cashflow one = FLOW(a, INVESTED(-100, 0, -30, 120), RUNNING(0, 60, 0));
	struct irr irr = cashflow_irr(&one, 0);
	assert_int_equal(irr.kind, IRR_ONE);
	assert_true(irr.rate > 0);
	assert_near(cashflow_npv(&one, irr.rate), 0, 1e-9);
	struct cashflow several = FLOW(a, INVESTED(-100, 0, -50, 120), RUNNING(0, 120, 0));
	assert_irr(cashflow_irr(&several, 0), IRR_SEVERAL, NAN);
}

static void what_is_rounding_changes_no_sign(void **state)
{
	struct cashflow f = FLOW(*state, INVESTED(1e-7, 0, 0, 0), RUNNING(0, -1e-7, 0));
	assert_irr(cashflow_irr(&f, 1e-6), IRR_NONE, NAN);
	assert_irr(cashflow_irr(&f, 0), IRR_LOAN, 0);
}

/* At 25 %: -180 then 105 through the first year: -75 at its end; 84 through the second: 75/84 of it. */
static void the_payback_falls_within_a_year(void **state)
{
	struct arena *a = *state;
	struct cashflow f = FLOW(a, INVESTED(-180, 0, 0, 0), RUNNING(105, 105, 0));
	assert_close(cashflow_payback(&f, 0.25, 0), 1 + 75.0 / 84);
	struct cashflow first = FLOW(a, INVESTED(-50, 0, 0, 0), RUNNING(100, 0, 0));
	assert_close(cashflow_payback(&first, 0.25, 0), 0.5);
}

static void the_payback_may_wait_for_the_residual_value(void **state)
{
	struct cashflow f = FLOW(*state, INVESTED(-100, 0, 0, 100), RUNNING(20, 20, 20));
	assert_close(cashflow_payback(&f, 0, 0), 3);
}

/* Paid back after a year, then invested again: what counts is the last time. */
static void the_payback_holds_to_the_end(void **state)
{
	struct arena *a = *state;
	struct cashflow f = FLOW(a, INVESTED(-100, -60, 0, 0), RUNNING(100, 40, 40));
	assert_close(cashflow_payback(&f, 0, 0), 2.5);
	struct cashflow never = FLOW(a, INVESTED(-100, 0, -60, 0), RUNNING(100, 10, 40));
	assert_true(isnan(cashflow_payback(&never, 0, 0)));
	struct cashflow free_ = FLOW(a, INVESTED(0, 0, 0, 0), RUNNING(1, 0, 0));
	assert_close(cashflow_payback(&free_, 0, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(the_value_is_the_discounted_sum),
		WITH_AN_ARENA(one_change_of_sign_gives_the_one_rate),
		WITH_AN_ARENA(money_that_comes_first_is_a_loan),
		WITH_AN_ARENA(money_one_way_has_no_rate),
		WITH_AN_ARENA(two_rates_are_not_one),
		WITH_AN_ARENA(a_renewal_leaves_one_rate_where_that_is_proved),
		WITH_AN_ARENA(what_is_rounding_changes_no_sign),
		WITH_AN_ARENA(the_payback_falls_within_a_year),
		WITH_AN_ARENA(the_payback_may_wait_for_the_residual_value),
		WITH_AN_ARENA(the_payback_holds_to_the_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
