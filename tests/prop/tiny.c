/* What must hold on any network, on hundreds so small that every plan can be tried. */
#include "tiny.h"
#include "account.h"
#include "brute.h"
#include "check.h"
#include "engine.h"
#include "test.h"

#include <math.h>

enum { STATES = 730 }; /* 3^6: what a brute force tries in a millisecond or so */

/* Costs come from sums of doubles, and from a simplex whose zero is 1e-7. */
static const double TOLERANCE = 1e-6;

static double slack(double cost)
{
	return TOLERANCE * (1 + fabs(cost));
}

/* The optimum, infinite when there is no plan, not a number when the engine does not take such
 * models; with what the answer says of itself checked. */
static double solve(struct arena *a, const struct tiny *t)
{
	struct network net;
	struct model m;
	struct engine_options o = {.threads = 1, .seed = 1};
	struct answer answer;
	struct cost cost;
	struct account acc;
	struct err e;
	tiny_model(a, t, &net, &m);
	if (!model_check(&m, &e)) {
		assert_says(e.message, "n’est relié à aucun site");
		return INFINITY;
	}
	if (!engine_solve(a, &m, &o, &answer, &e)) {
		assert_true(m.is_single_sourced);
		assert_says(e.message, "pas encore pris en charge");
		return NAN;
	}
	if (answer.status == ANSWER_INFEASIBLE)
		return INFINITY;
	assert_int_equal(answer.status, ANSWER_OPTIMAL);
	if (!check_plan(a, &m, &answer.plan, &cost, &e))
		tiny_fail(a, t, "%s", e.message);
	assert_true(fabs(cost.total - answer.plan.cost.total) <= slack(cost.total));
	assert_true(answer.bound <= cost.total + slack(cost.total));
	account_make(a, &net, &answer.plan, &acc);
	assert_true(fabs(acc.total_eur - cost.total) <= slack(cost.total));
	return answer.plan.cost.total;
}

static double optimum(struct arena *a, const struct tiny *t)
{
	struct model m;
	tiny_model(a, t, NULL, &m);
	return brute_force(&m);
}

/* Says which network it is: the file is what a bug needs. */
static void assert_equal_cost(struct arena *a, const struct tiny *t, double found, double expected)
{
	if (isnan(found) || (isinf(found) && isinf(expected)))
		return;
	if (!(fabs(found - expected) <= slack(expected)))
		tiny_fail(a, t, "%.6f instead of %.6f", found, expected);
}

static void the_engine_finds_the_optimum(void **state)
{
	uint64_t seed = 20270101;
	int feasible = 0, building = 0;
	for (int n = 0; n < 300; n++) {
		struct arena *a = *state;
		struct tiny t = tiny_draw(&seed, STATES);
		struct tiny none = t;
		double best = optimum(a, &t);
		assert_equal_cost(a, &t, solve(a, &t), best);
		none.max_platforms = 0;
		feasible += isfinite(best);
		building += optimum(a, &none) > best + slack(best);
		arena_reset(a);
	}
	/* Or else nothing was shown. */
	assert_in_range(feasible, 150, 299);
	assert_true(building > 60);
}

/* Stopped early, an answer still has a bound that no plan beats and a plan that holds. */
static void an_early_stop_leaves_a_true_bound(void **state)
{
	uint64_t seed = 271828;
	int shown = 0, apart = 0;
	for (int n = 0; n < 200; n++) {
		struct arena *a = *state;
		struct tiny t = tiny_draw(&seed, STATES);
		struct engine_options o = {.threads = 1, .seed = 1, .gap = 0.3};
		struct model m;
		struct answer answer;
		struct cost cost;
		struct err e;
		t.is_single_sourced = false;
		tiny_model(a, &t, NULL, &m);
		double best = brute_force(&m);
		if (isfinite(best) && best > 0) {
			assert_ok(engine_solve(a, &m, &o, &answer, &e), e);
			if (!(answer.bound <= best + slack(best)))
				tiny_fail(a, &t, "%.6f above %.6f", answer.bound, best);
			assert_ok(check_plan(a, &m, &answer.plan, &cost, &e), e);
			assert_true(cost.total >= best - slack(best));
			shown++;
			apart += answer.bound < best - slack(best);
		}
		arena_reset(a);
	}
	assert_true(shown > 100 && apart > 10);
}

static void the_order_of_lists_changes_nothing(void **state)
{
	uint64_t seed = 161803;
	int feasible = 0;
	for (int n = 0; n < 80; n++) {
		struct arena *a = *state;
		struct tiny t = tiny_draw(&seed, STATES), shuffled = tiny_shuffle(&t, &seed);
		double cost = solve(a, &t);
		if (!isnan(cost))
			assert_equal_cost(a, &t, solve(a, &shuffled), cost);
		feasible += isfinite(cost);
		arena_reset(a);
	}
	assert_true(feasible > 30);
}

/* Each makes the question easier; false when it cannot on this network. */
typedef bool relaxation(struct tiny *t, uint64_t *seed);

static bool more_capacity(struct tiny *t, uint64_t *seed)
{
	size_t l = test_pick(seed, t->levels);
	for (; l < t->levels; l++)
		t->level[l].capacity_t *= 1.5;
	return true;
}

static bool more_room_today(struct tiny *t, uint64_t *seed)
{
	size_t k = test_pick(seed, t->flows);
	t->site[0].capacity_t[k] *= 2;
	return t->site[0].offers[k] && t->site[0].capacity_t[k] > 0;
}

static bool one_more_candidate(struct tiny *t, uint64_t *seed)
{
	size_t j = t->sites++;
	t->site[j] = t->site[j - 1];
	t->site[j].is_existing = false;
	t->site[j].name = (int)j;
	t->site[j].lat += 0.3 * test_draw(seed);
	return t->sites <= 4 && t->flows * t->years <= 2;
}

static bool a_lower_fee(struct tiny *t, uint64_t *seed)
{
	t->site[0].gate_eur_t[test_pick(seed, t->flows)] -= 50 * test_draw(seed);
	return true;
}

static bool cheaper_haulage(struct tiny *t, uint64_t *seed)
{
	t->eur_km *= test_draw(seed);
	return true;
}

static bool cheaper_equipment(struct tiny *t, uint64_t *seed)
{
	double share = test_draw(seed);
	for (size_t l = 0; l < t->levels; l++)
		t->level[l].capex_eur *= share;
	return true;
}

static bool no_limit_on_platforms(struct tiny *t, uint64_t *seed)
{
	(void)seed;
	bool was = t->max_platforms >= 0;
	t->max_platforms = -1;
	return was;
}

static void relaxing_never_raises_the_cost(void **state)
{
	static const struct {
		const char *name;
		relaxation *relax;
	} relaxations[] = {
		{"more_capacity", more_capacity},
		{"more_room_today", more_room_today},
		{"one_more_candidate", one_more_candidate},
		{"a_lower_fee", a_lower_fee},
		{"cheaper_haulage", cheaper_haulage},
		{"cheaper_equipment", cheaper_equipment},
		{"no_limit_on_platforms", no_limit_on_platforms},
	};
	for (size_t r = 0; r < sizeof relaxations / sizeof *relaxations; r++) {
		uint64_t seed = 141421 + r;
		int tried = 0, lower = 0;
		for (int n = 0; n < 400 && tried < 25; n++) {
			struct arena *a = *state;
			struct tiny t = tiny_draw(&seed, STATES), easier = t;
			if (!relaxations[r].relax(&easier, &seed))
				continue;
			tried++;
			double before = solve(a, &t), after = solve(a, &easier);
			if (isnan(before)) {
				tried--;
				continue;
			}
			if (isfinite(before) && !(after <= before + slack(before)))
				tiny_fail(a, &t, "%s: from %.6f to %.6f", relaxations[r].name,
					before, after);
			lower += after < before - slack(after);
			arena_reset(a);
		}
		if (tried < 25 || !lower)
			fail_msg("%s: %d tried, %d lower", relaxations[r].name, tried, lower);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(the_engine_finds_the_optimum),
		WITH_AN_ARENA(an_early_stop_leaves_a_true_bound),
		WITH_AN_ARENA(the_order_of_lists_changes_nothing),
		WITH_AN_ARENA(relaxing_never_raises_the_cost),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
