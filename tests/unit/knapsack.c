/* Knapsacks against every subset. */
#include "knapsack.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { ITEMS = 11 };

static double draw(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (double)(*state >> 11) / 9007199254740992.0;
}

static void make(struct item *items, uint64_t *state, bool is_integral)
{
	for (uint32_t n = 0; n < ITEMS; n++)
		items[n] = (struct item){
			.ratio = is_integral ? floor(1 + 4 * draw(state)) : draw(state),
			.weight = is_integral ? floor(1 + 9 * draw(state)) : 0.1 + draw(state),
			.id = n};
}

static double best_subset(const struct item *items, double room)
{
	double best = 0;
	for (unsigned set = 0; set < 1u << ITEMS; set++) {
		double weight = 0, profit = 0;
		for (int n = 0; n < ITEMS; n++)
			if (set >> n & 1) {
				weight += items[n].weight;
				profit += items[n].weight * items[n].ratio;
			}
		if (weight <= room && profit > best)
			best = profit;
	}
	return best;
}

static void whole_items_are_exact(void **unused)
{
	(void)unused;
	uint64_t state = 77;
	for (int round = 0; round < 400; round++) {
		struct item items[ITEMS], copy[ITEMS];
		make(items, &state, round % 2);
		memcpy(copy, items, sizeof copy);
		double room = (round % 2 ? 40 : 4) * draw(&state), weight = 0, profit = 0;
		size_t taken;
		double value = knapsack_whole(items, ITEMS, room, 1000000, &taken);
		for (size_t n = 0; n < taken; n++) {
			weight += items[n].weight;
			profit += items[n].weight * items[n].ratio;
		}
		assert_true(weight <= room);
		assert_true(fabs(profit - value) < 1e-9);
		assert_true(fabs(value - best_subset(copy, room)) < 1e-9);
	}
}

static void a_short_search_still_bounds(void **unused)
{
	(void)unused;
	uint64_t state = 99;
	for (int round = 0; round < 400; round++) {
		struct item items[ITEMS], copy[ITEMS];
		make(items, &state, false);
		memcpy(copy, items, sizeof copy);
		double room = 4 * draw(&state);
		size_t taken;
		double value = knapsack_whole(items, ITEMS, room, round % 5, &taken);
		assert_true(value >= best_subset(copy, room) - 1e-9);
	}
}

static void divided_items_fill_the_room(void **unused)
{
	(void)unused;
	uint64_t state = 5;
	for (int round = 0; round < 400; round++) {
		struct item items[ITEMS];
		make(items, &state, round % 2);
		double room = (round % 2 ? 60 : 6) * draw(&state), last, weight = 0, profit = 0;
		size_t taken;
		double value = knapsack_continuous(items, ITEMS, room, &taken, &last);
		double worst_in = INFINITY, best_out = 0;
		for (size_t n = 0; n < ITEMS; n++) {
			double share = n + 1 < taken ? 1 : n + 1 == taken ? last : 0;
			weight += share * items[n].weight;
			profit += share * items[n].weight * items[n].ratio;
			if (share > 0 && items[n].ratio < worst_in)
				worst_in = items[n].ratio;
			if (share < 1 && items[n].ratio > best_out)
				best_out = items[n].ratio;
		}
		assert_true(fabs(profit - value) < 1e-9);
		assert_true(weight <= room + 1e-9);
		assert_true(taken == ITEMS || fabs(weight - room) < 1e-9);
		assert_true(worst_in >= best_out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_items_are_exact),
		cmocka_unit_test(a_short_search_still_bounds),
		cmocka_unit_test(divided_items_fill_the_room),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
