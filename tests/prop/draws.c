/* Draws over tiny networks: slices, seeds, the best plan of each draw held against all plans tried one by one, and what
 * plans kept as they are lose. */
#include "draws.h"
#include "economy.h"
#include "test.h"
#include "truth.h"

enum { DRAWS = 40, RANGES = 3 };

static void make_ranges(const struct network *net, struct range ranges[RANGES])
{
	static const char *const ids[RANGES] = {"capex", "haulage_price", "discount_rate"};
	static const double low[] = {0.5, 0.8, -0.01}, high[] = {2, 1.5, 0.03};
	for (size_t r = 0; r < RANGES; r++) {
		ranges[r].driver = driver_find(ids[r]);
		bool is_value = ranges[r].driver->kind == DRIVER_VALUE;
		double by = is_value ? driver_central(ranges[r].driver, net) : 0;
		ranges[r].low = by + low[r];
		ranges[r].high = by + high[r];
	}
}

/* The share of a triangle's area left of v. */
static double triangle_share(double low, double top, double high, double v)
{
	if (v <= top)
		return (v - low) * (v - low) / ((high - low) * (top - low));
	return 1 - (high - v) * (high - v) / ((high - low) * (high - top));
}

static bool make_draws(struct arena *a, const struct network *net, uint64_t seed, size_t threads,
	struct range ranges[RANGES], struct outcome *here, struct draws *d)
{
	struct err e = {0};
	struct task seeded = truth_task;
	seeded.seed = seed;
	make_ranges(net, ranges);
	if (!outcome_find(a, net, &truth_task, here, &e) || isnan(here->before))
		return false;
	assert_ok(draws_make(
			  a, net, ranges, RANGES, DRAWS, here, &seeded, threads, NULL, NULL, d, &e),
		e);
	return true;
}

/* A tiny network and draws over it. */
struct drawn {
	struct network net;
	struct outcome here;
	struct range ranges[RANGES];
	struct draws draws;
};

/* False when it has no status quo. */
static bool draw_any(struct arena *a, uint64_t *seed, uint64_t draws_seed, struct drawn *x)
{
	truth_draw(a, seed, &x->net);
	return make_draws(a, &x->net, draws_seed, 1, x->ranges, &x->here, &x->draws);
}

/* The network as draw k has it. */
static struct network network_of(struct arena *a, const struct drawn *x, size_t k)
{
	struct network there = x->net;
	for (size_t r = 0; r < RANGES; r++)
		there = driver_apply(a, x->ranges[r].driver, &there, x->draws.draw[k].at[r]);
	return there;
}

static void each_slice_of_a_range_is_drawn_once(void **state)
{
	uint64_t seed = 1979;
	struct drawn x;
	while (!draw_any(*state, &seed, 5, &x))
		;
	for (size_t r = 0; r < RANGES; r++) {
		bool is_used[DRAWS] = {false};
		for (size_t n = 0; n < DRAWS; n++) {
			double at = x.draws.draw[n].at[r];
			assert_true(at >= x.ranges[r].low && at <= x.ranges[r].high);
			double share = triangle_share(x.ranges[r].low,
				driver_central(x.ranges[r].driver, &x.net), x.ranges[r].high, at);
			size_t slice = (size_t)(share * DRAWS);
			assert_in_range(slice, 0, DRAWS - 1);
			assert_false(is_used[slice]);
			is_used[slice] = true;
		}
	}
}

static void draws_follow_from_the_seed_alone(void **state)
{
	uint64_t seed = 31;
	int seen = 0, differs = 0;
	for (int n = 0; n < 12; n++, arena_reset(*state)) {
		struct network net;
		struct outcome here;
		struct range ranges[RANGES];
		struct draws one, two, other;
		truth_draw(*state, &seed, &net);
		if (!make_draws(*state, &net, 7, 1, ranges, &here, &one))
			continue;
		assert_true(make_draws(*state, &net, 7, 2, ranges, &here, &two));
		assert_true(make_draws(*state, &net, 8, 1, ranges, &here, &other));
		for (size_t k = 0; k < DRAWS; k++) {
			for (size_t r = 0; r < RANGES; r++) {
				assert_near(one.draw[k].at[r], two.draw[k].at[r], 0);
				differs += one.draw[k].at[r] != other.draw[k].at[r];
			}
			assert_near(one.draw[k].cost, two.draw[k].cost, 0);
			assert_int_equal(one.draw[k].plan, two.draw[k].plan);
		}
		seen++;
	}
	assert_true(seen > 3 && differs > DRAWS);
}

static void draws_and_regrets_are_those_of_all_plans_tried(void **state)
{
	uint64_t seed = 2718;
	int seen = 0, plans = 0;
	for (int n = 0; n < 80; n++, arena_reset(*state)) {
		struct drawn x;
		if (!draw_any(*state, &seed, 3, &x))
			continue;
		const struct draws *d = &x.draws;
		for (size_t k = 0; k < DRAWS; k += 9) {
			struct network there = network_of(*state, &x, k);
			truth_is_about(d->draw[k].cost, truth_cost(*state, &there));
			truth_agrees(*state, &there, d->draw[k].answer);
		}
		size_t wins = 0;
		for (size_t k = 0; k < d->contender_count; k++) {
			const struct contender *c = &d->contender[k];
			assert_int_equal(c->is_today, k == 0);
			assert_true(c->regrets <= c->worst_regret * (1 + 1e-9) + 1e-9);
			assert_true(c->regrets >= 0 && c->loses_in <= d->compared);
			wins += c->best_in;
		}
		assert_true(wins <= DRAWS);
		plans += d->contender_count > 1;
		seen++;
	}
	assert_true(seen > 8 && plans > 3);
}

/* What each contender costs in each draw, [draw][contender]: its levels as they are, tonnes routed anew. */
static void cost_contenders(struct arena *a, const struct drawn *x, double cost[][DRAWS_PLANS])
{
	const struct draws *d = &x->draws;
	for (size_t k = 0; k < d->count; k++) {
		struct network there = network_of(a, x, k);
		struct model m;
		economy_model(a, &there, &m);
		for (size_t c = 0; c < d->contender_count; c++) {
			size_t lines = m.sites * m.flows * m.years;
			struct plan p = {.level = arena_array(a, int, lines)};
			memcpy(p.level, d->contender[c].level, lines * sizeof *p.level);
			cost[k][c] = plan_route(a, &m, &p) ? p.cost.total : INFINITY;
		}
	}
}

/* Regret, value at risk and losses from their definitions; the plan shown has the least worst regret. */
static void regrets_and_risks_are_those_of_their_definitions(void **state)
{
	uint64_t seed = 161803;
	int seen = 0, losses = 0;
	for (int n = 0; n < 80; n++, arena_reset(*state)) {
		struct drawn any;
		double cost[DRAWS][DRAWS_PLANS], value[DRAWS];
		if (!draw_any(*state, &seed, 4, &any))
			continue;
		const struct draws *d = &any.draws;
		assert_int_equal(d->compared, DRAWS);
		cost_contenders(*state, &any, cost);
		for (size_t c = 0; c < d->contender_count; c++) {
			const struct contender *x = &d->contender[c];
			double worst = 0, sum = 0;
			size_t loses = 0;
			for (size_t k = 0; k < DRAWS; k++) {
				double best = d->draw[k].cost;
				for (size_t q = 0; q < d->contender_count; q++)
					best = fmin(best, cost[k][q]);
				worst = fmax(worst, cost[k][c] - best);
				sum += cost[k][c] - best;
				value[k] = d->draw[k].before - cost[k][c];
				loses += value[k] < -VIABILITY_TOLERANCE * fabs(any.here.before);
			}
			if (isinf(worst))
				assert_true(isinf(x->worst_regret));
			else
				truth_is_about(x->worst_regret, worst);
			if (!isinf(sum))
				truth_is_about(x->regrets, sum / DRAWS);
			assert_int_equal(x->loses_in, loses);
			losses += loses > 0;
			/* at most one draw in twenty is below, and with it they are that many */
			double hair = 1e-6 * (1 + fabs(any.here.before));
			size_t below = 0, up_to = 0;
			for (size_t k = 0; k < DRAWS; k++) {
				below += value[k] < x->value_at_risk - hair;
				up_to += value[k] <= x->value_at_risk + hair;
			}
			assert_true(below < DRAWS / 20 && up_to >= DRAWS / 20);
			seen++;
		}
	}
	assert_true(seen > 15 && losses > 5);
}

/* Plants of today so tight that most growth is too much for them: such draws have no answer, the rest
 * of the study has. */
static void draws_without_a_status_quo_are_left_open(void **state)
{
	uint64_t seed = 1848;
	int open = 0;
	for (int n = 0; n < 200 && open < 5; n++, arena_reset(*state)) {
		struct network net;
		struct outcome here;
		struct draws d;
		struct err e = {0};
		const struct range growth = {driver_find("volume_growth"), -0.3, 3};
		truth_draw(*state, &seed, &net);
		if (!outcome_find(*state, &net, &truth_task, &here, &e) || isnan(here.before))
			continue;
		assert_ok(draws_make(*state, &net, &growth, 1, 20, &here, &truth_task, 1, NULL,
				  NULL, &d, &e),
			e);
		for (size_t k = 0; k < d.count; k++) {
			struct network there =
				driver_apply(*state, growth.driver, &net, d.draw[k].at[0]);
			bool is_open = isinf(truth_today(*state, &there));
			assert_int_equal(isnan(d.draw[k].before), is_open);
			if (is_open)
				assert_int_equal(d.draw[k].answer, UNDECIDED);
			open += is_open;
		}
		assert_true(d.contender[0].regrets >= 0);
	}
	assert_true(open >= 5);
}

static void a_chance_has_wilsons_range(void **state)
{
	(void)state;
	struct chance half = draws_chance(5, 0, 10), none = draws_chance(0, 0, 10);
	assert_near(half.low, 0.2366, 1e-4);
	assert_near(half.high, 0.7634, 1e-4);
	assert_near(none.low, 0, 1e-12);
	assert_near(none.high, 0.2775, 1e-4);
	struct chance open = draws_chance(5, 5, 10);
	assert_near(open.low, half.low, 1e-12);
	assert_near(open.high, 1, 1e-12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(each_slice_of_a_range_is_drawn_once),
		WITH_AN_ARENA(draws_follow_from_the_seed_alone),
		WITH_AN_ARENA(draws_and_regrets_are_those_of_all_plans_tried),
		WITH_AN_ARENA(regrets_and_risks_are_those_of_their_definitions),
		WITH_AN_ARENA(draws_without_a_status_quo_are_left_open),
		WITH_AN_ARENA(a_chance_has_wilsons_range),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
