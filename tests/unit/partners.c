/* Who to invite, on groups whose values are written by hand. */
#include "partners.h"

#include "test.h"

/* A group that pays 100 for each member today, and `cost`, proved down to `bound`, with a plan. */
static struct outcome group(coalition s, double cost, double bound)
{
	double before = 100 * __builtin_popcount(s);
	return (struct outcome){.before = before,
		.cost = cost,
		.bound = bound,
		.answer = viability_of(before, cost, bound)};
}

static struct partners find(struct arena *a, const double cost[8], const double bound[8])
{
	struct coalitions c = {.players = 3,
		.outcome = arena_array(a, struct outcome, 8),
		.tonnes = arena_array(a, double, 3)};
	struct partners p;
	for (coalition s = 1; s < 8; s++)
		c.outcome[s] = group(s, cost[s], bound[s]);
	for (size_t i = 0; i < 3; i++)
		c.tonnes[i] = 10 * (double)(i + 1);
	partners_find(a, &c, &p);
	return p;
}

enum { A = 1, B = 2, C = 4 };

/* Alone nothing; A and B save 40, A and C 50, B and C nothing, all three 80. */
static const double cost[8] = {0, 100, 100, 160, 100, 150, 200, 220};

static void names_the_fewest_and_the_best(void **state)
{
	struct partners p = find(*state, cost, cost);
	assert_int_equal(p.smallest.members, A | C);
	assert_int_equal(p.best.members, A | B | C);
	assert_int_equal(p.best_by_ton.members, A | B);
	assert_true(p.smallest.is_sure && p.best.is_sure && p.best_by_ton.is_sure);
	static const double brings[] = {80, 30, 40};
	static const coalition with[] = {A | C, A | B, A | C};
	for (size_t i = 0; i < 3; i++) {
		assert_close(p.by[i].brings_least, brings[i]);
		assert_close(p.by[i].brings_most, brings[i]);
		assert_int_equal(p.by[i].smallest.members, with[i]);
	}
}

/* C alone might save something, A and C might save 100: neither is shown. */
static void says_what_the_gaps_leave_open(void **state)
{
	const double bound[8] = {0, 100, 100, 160, 90, 100, 200, 220};
	struct partners p = find(*state, cost, bound);
	assert_int_equal(p.smallest.members, A | C);
	assert_false(p.smallest.is_sure);
	assert_int_equal(p.best.members, A | B | C);
	assert_false(p.best.is_sure);
	assert_true(p.by[1].smallest.is_sure);
	assert_false(p.by[2].smallest.is_sure);
	assert_close(p.by[1].brings_least, -20);
	assert_close(p.by[1].brings_most, 30);
}

/* B brings nothing to A and C: they are the fewest that save all there is to save. */
static void leaves_out_whoever_brings_nothing(void **state)
{
	const double idle[8] = {0, 100, 100, 200, 100, 150, 200, 250};
	struct partners p = find(*state, idle, idle);
	assert_int_equal(p.best.members, A | C);
	assert_true(p.best.is_sure);
}

static void has_no_one_to_invite_where_nothing_is_worth_it(void **state)
{
	const double none[8] = {0, 100, 100, 200, 100, 200, 200, 300};
	struct partners p = find(*state, none, none);
	assert_int_equal(p.smallest.members, 0);
	assert_int_equal(p.best.members, 0);
	assert_true(p.smallest.is_sure && p.best.is_sure);
	assert_int_equal(p.by[0].smallest.members, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(names_the_fewest_and_the_best),
		WITH_AN_ARENA(says_what_the_gaps_leave_open),
		WITH_AN_ARENA(leaves_out_whoever_brings_nothing),
		WITH_AN_ARENA(has_no_one_to_invite_where_nothing_is_worth_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
