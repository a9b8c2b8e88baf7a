/* Which groups are worth a second look, on a game of three that can be done on paper. */
#include "doubt.h"

#include "test.h"

enum { A = 1, B = 2, C = 4, ALL = 7, MOST = 8 };

/* Alone 10, two 16, all three 21: Shapley, nucleolus and proportional are 7 each; a group of one has 3 to spare, of two
 * 2. `bound` is changed from what leaves nothing open. */
struct example {
	struct game game;
	double cost[8], bound[8];
	struct sharing sharing;
	bool is_seen[8];
	coalition list[MOST];
};

static void make(struct example *x)
{
	static const double cost[] = {0, 10, 10, 16, 10, 16, 16, 21};
	*x = (struct example){.game = {.players = 3}};
	for (coalition s = 0; s < 8; s++)
		x->cost[s] = x->bound[s] = cost[s];
	x->game.cost = x->cost;
	x->game.bound = x->bound;
}

static size_t find(struct arena *a, struct example *x, size_t most)
{
	struct err e;
	assert_ok(sharing_find(a, &x->game, &x->sharing, &e), e);
	return doubt_find(a, &x->game, &x->sharing, x->is_seen, most, x->list);
}

static void nothing_is_looked_at_where_all_is_settled(void **state)
{
	struct example x;
	make(&x);
	assert_int_equal(find(*state, &x, MOST), 0);
	x.bound[A | B] = 14.1; /* 14 are paid */
	assert_int_equal(find(*state, &x, MOST), 0);
}

static void the_groups_that_fall_short_come_worst_first(void **state)
{
	struct example x;
	make(&x);
	x.bound[A | C] = 13.9;
	x.bound[B | C] = 11;
	x.bound[A] = 6.5;
	assert_int_equal(find(*state, &x, MOST), 3);
	assert_int_equal(x.list[0], B | C);
	assert_int_equal(x.list[1], A);
	assert_int_equal(x.list[2], A | C);
	assert_int_equal(find(*state, &x, 2), 0);
}

static void who_was_seen_settles_nothing_more(void **state)
{
	struct example x;
	make(&x);
	x.bound[A | B] = 13;
	assert_int_equal(find(*state, &x, MOST), 1);
	x.is_seen[A | B] = true;
	assert_int_equal(find(*state, &x, MOST), 0);
}

/* Weighed 2, 2 and 3, tonnes share 6, 6 and 9: only there a group of two at 14.5 falls short. */
static void the_rule_with_the_fewest_comes_first(void **state)
{
	static const double weight[] = {2, 2, 3};
	struct example x;
	make(&x);
	x.game.weight = weight;
	x.bound[B | C] = 14.5;
	x.bound[A] = x.bound[B] = 6.9;
	assert_int_equal(find(*state, &x, MOST), 1);
	assert_int_equal(x.list[0], B | C);
	x.is_seen[B | C] = true;
	assert_int_equal(find(*state, &x, MOST), 2);
	assert_int_equal(x.list[0] | x.list[1], A | B);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(nothing_is_looked_at_where_all_is_settled),
		WITH_AN_ARENA(the_groups_that_fall_short_come_worst_first),
		WITH_AN_ARENA(who_was_seen_settles_nothing_more),
		WITH_AN_ARENA(the_rule_with_the_fewest_comes_first),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
