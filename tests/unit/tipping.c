/* Closing a flip in: the bracket is the least that what was tried proves. */
#include "tipping.h"

#include "test.h"

/* Below `flip` viable, from it on not; sure everywhere, or nowhere between `from` and `to`, or here and there. */
struct fake {
	struct attempt attempt; /* first */
	double flip, from, to;
	uint64_t *seed; /* one in two has no sure answer; null: none */
	double last_viable, first_not;
	int count;
};

static bool look(struct attempt *attempt, double value, struct trial *out)
{
	struct fake *f = (struct fake *)attempt;
	bool is_open = (value >= f->from && value < f->to) || (f->seed && test_draw(f->seed) < 0.5);
	*out = (struct trial){.value = value,
		.answer = is_open           ? UNDECIDED
			  : value < f->flip ? VIABLE
					    : NOT_VIABLE};
	if (out->answer == VIABLE)
		f->last_viable = fmax(f->last_viable, value);
	if (out->answer == NOT_VIABLE)
		f->first_not = fmin(f->first_not, value);
	f->count++;
	return true;
}

static struct side close_in(
	struct fake *f, const char *driver, double near, double far, double width)
{
	struct side side = {.flips = true,
		.near = {.value = near, .answer = VIABLE},
		.far = {.value = far, .answer = NOT_VIABLE}};
	f->attempt.make = look;
	f->last_viable = near;
	f->first_not = far;
	assert_true(tipping_close_in(driver_find(driver), width, &f->attempt, &side));
	assert_true(side.near.value < f->flip && f->flip <= side.far.value);
	return side;
}

static void halves_until_it_is_narrow(void **state)
{
	(void)state;
	struct fake fee = {.flip = -17.3};
	struct side side = close_in(&fee, "gate_fees", -100, 100, 1);
	assert_true(side.far.value - side.near.value <= 1);
	assert_int_equal(fee.count, 8);
}

/* Factors are as far apart as their ratio says: a part in a hundred is as narrow at a tenth as at ten. */
static void a_factor_is_closed_in_by_its_ratio(void **state)
{
	(void)state;
	static const double flips[] = {0.11, 1.544, 9.1};
	for (size_t n = 0; n < sizeof flips / sizeof *flips; n++) {
		struct fake capex = {.flip = flips[n]};
		struct side side = close_in(&capex, "capex", 0.1, 10, 0.01);
		assert_true(log(side.far.value / side.near.value) <= 0.01);
	}
}

static void what_is_open_is_closed_in_from_both_ends(void **state)
{
	(void)state;
	struct fake fee = {.flip = 22, .from = 20, .to = 30};
	struct side side = close_in(&fee, "gate_fees", 0, 100, 0.1);
	assert_true(side.near.value > 15 && side.near.value < 20);
	assert_true(side.far.value >= 30 && side.far.value < 40);
}

/* A value may be sure although one nearer to the flip was: nothing that was proved is given up. */
static void no_proof_is_given_up(void **state)
{
	(void)state;
	uint64_t seed = 1234;
	int beyond = 0;
	for (int n = 0; n < 500; n++) {
		struct fake fee = {.flip = test_draw(&seed) * 100, .seed = &seed};
		struct side side = close_in(&fee, "gate_fees", -1, 101, 0.1);
		assert_near(side.near.value, fee.last_viable, 0);
		assert_near(side.far.value, fee.first_not, 0);
		beyond += fee.count == 9;
	}
	assert_true(beyond > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(halves_until_it_is_narrow),
		cmocka_unit_test(a_factor_is_closed_in_by_its_ratio),
		cmocka_unit_test(what_is_open_is_closed_in_from_both_ends),
		cmocka_unit_test(no_proof_is_given_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
