/* Studies of tiny networks, each number held against all plans tried one by one: outcomes, tipping
 * points, draws, the costs of groups and their shares. */
#include "study.h"
#include "brute.h"
#include "doubt.h"
#include "economy.h"
#include "test.h"
#include "tiny.h"

enum { STATES = 260 };

static const struct task task = {.gap = 1e-9, .time_limit_s = 20, .threads = 1, .seed = 1};

static void draw_network(struct arena *a, uint64_t *seed, struct network *net)
{
	struct model m;
	struct tiny t = tiny_draw(seed, STATES);
	t.is_single_sourced = false;
	tiny_model(a, &t, net, &m);
}

static double least_cost(struct arena *a, const struct network *net)
{
	struct model m;
	economy_model(a, net, &m);
	return brute_force(&m);
}

/* Infinite when today's plants cannot take everything. */
static double cost_today(struct arena *a, const struct network *net)
{
	struct model m;
	economy_model(a, net, &m);
	struct plan p = plan_status_quo(a, &m);
	return plan_route(a, &m, &p) ? p.cost.total : INFINITY;
}

/* The answer that trying everything gives; UNDECIDED within a hair of the threshold. */
static enum viability true_answer(struct arena *a, const struct network *net)
{
	double before = cost_today(a, net), value = before - least_cost(a, net);
	double edge = VIABILITY_TOLERANCE * fabs(before);
	if (fabs(value - edge) < 0.1 * edge)
		return UNDECIDED;
	return value > edge ? VIABLE : NOT_VIABLE;
}

static void assert_agrees(struct arena *a, const struct network *net, enum viability answer)
{
	enum viability expected = true_answer(a, net);
	if (answer != UNDECIDED && expected != UNDECIDED)
		assert_int_equal(answer, expected);
}

static void assert_about(double found, double expected)
{
	assert_near(found, expected, 1e-6 * (1 + fabs(expected)));
}

/* ---- outcomes ---- */

static void outcomes_are_those_of_all_plans_tried(void **state)
{
	uint64_t seed = 1711;
	int seen[3] = {0}, infeasible = 0;
	for (int n = 0; n < 120; n++, arena_reset(*state)) {
		struct network net;
		struct outcome o;
		struct err e = {0};
		draw_network(*state, &seed, &net);
		if (!outcome_find(*state, &net, &task, &o, &e)) {
			assert_int_equal(e.kind, ERR_INVALID); /* a flow that no site offers */
			continue;
		}
		double least = least_cost(*state, &net);
		if (isnan(o.before)) {
			assert_true(isinf(cost_today(*state, &net)) && o.answer == UNDECIDED);
			assert_int_equal(isnan(o.cost), isinf(least));
			if (!isinf(least))
				assert_about(o.cost, least);
			infeasible++;
			continue;
		}
		assert_about(o.before, cost_today(*state, &net));
		assert_about(o.cost, least);
		assert_true(o.bound <= least + 1e-6 * (1 + fabs(least)));
		assert_agrees(*state, &net, o.answer);
		seen[o.answer]++;
	}
	assert_true(seen[VIABLE] > 10 && seen[NOT_VIABLE] > 10 && infeasible > 5);
}

/* Beginning from another network's plan, and ending once the answer is sure, leave it as it is. */
static void an_answer_does_not_depend_on_where_the_search_begins(void **state)
{
	uint64_t seed = 90125;
	int seen = 0;
	for (int n = 0; n < 60; n++, arena_reset(*state)) {
		struct network net, dear;
		struct outcome here, there;
		struct err e = {0};
		draw_network(*state, &seed, &net);
		if (!outcome_find(*state, &net, &task, &here, &e) || isnan(here.before))
			continue;
		struct task warm = task;
		warm.begin = &here;
		warm.wants_answer_only = n % 2;
		dear = driver_apply(*state, driver_find("capex"), &net, 0.3 + test_draw(&seed) * 2);
		assert_ok(outcome_find(*state, &dear, &warm, &there, &e), e);
		double least = least_cost(*state, &dear);
		assert_true(there.bound <= least + 1e-6 * (1 + fabs(least)));
		assert_true(there.cost >= least - 1e-6 * (1 + fabs(least)));
		assert_agrees(*state, &dear, there.answer);
		seen++;
	}
	assert_true(seen > 20);
}

/* ---- tipping points ---- */

static void assert_trial(
	struct arena *a, const struct network *net, const struct driver *d, const struct trial *t)
{
	struct network there = driver_apply(a, d, net, t->value);
	assert_int_equal(t->answer, viability_of(t->before, t->cost, t->bound));
	assert_agrees(a, &there, t->answer);
}

/* One side of a driver, outwards (`way`) to `end`. True when it flips there. */
static bool check_side(struct arena *a, const struct network *net, const struct tipping *t,
	const struct side *side, double way, double end)
{
	const struct driver *d = t->driver;
	if (!side->flips) {
		struct network there = driver_apply(a, d, net, end);
		if (!side->is_open)
			assert_agrees(a, &there, t->here.answer);
		return false;
	}
	assert_int_equal(side->near.answer, t->here.answer);
	assert_true(side->far.answer != UNDECIDED && side->far.answer != side->near.answer);
	assert_true(way * (side->far.value - side->near.value) > 0);
	assert_true(way * (side->near.value - t->here.value) >= 0);
	assert_true(way * (end - side->far.value) >= -1e-9);
	assert_trial(a, net, d, &side->near);
	assert_trial(a, net, d, &side->far);
	return true;
}

static void tipping_points_lie_between_opposite_proofs(void **state)
{
	static const char *const ids[] = {"capex", "haulage_price", "gate_fees", "opex"};
	uint64_t seed = 8128;
	int flips = 0, stays = 0;
	for (int n = 0; n < 60; n++, arena_reset(*state)) {
		struct network net;
		struct outcome here;
		struct tipping t;
		struct err e = {0};
		draw_network(*state, &seed, &net);
		if (!outcome_find(*state, &net, &task, &here, &e) || here.answer == UNDECIDED)
			continue;
		const struct driver *d = driver_find(ids[n % 4]);
		assert_ok(
			tipping_find(*state, &net, d, d->least, d->most, &here, &task, &t, &e), e);
		bool below = check_side(*state, &net, &t, &t.below, -1, d->least);
		bool above = check_side(*state, &net, &t, &t.above, 1, d->most);
		flips += below + above;
		stays += !below + !above;
		for (size_t k = 1; k < t.trial_count; k++)
			assert_true(t.trials[k - 1].value <= t.trials[k].value);
	}
	assert_true(flips > 12 && stays > 12);
}

/* What spares a search is true: the value goes the way the table says. */
static void values_go_the_way_of_their_drivers(void **state)
{
	uint64_t seed = 4711;
	int seen = 0;
	for (int n = 0; n < 40; n++, arena_reset(*state)) {
		struct network net;
		draw_network(*state, &seed, &net);
		if (isinf(cost_today(*state, &net)))
			continue;
		for (size_t i = 0; i < driver_count; i++) {
			const struct driver *d = &driver_table[i];
			double value[2], size = 0;
			for (int end = 0; end < 2; end++) {
				struct network x =
					driver_apply(*state, d, &net, end ? d->high : d->low);
				double before = cost_today(*state, &x);
				value[end] = before - least_cost(*state, &x);
				size += fabs(before);
			}
			if (d->sense)
				assert_true(d->sense * (value[1] - value[0]) >= -1e-9 * (1 + size));
			seen += d->sense && value[1] != value[0];
		}
	}
	assert_true(seen > 20);
}

/* The same roads, those to existing plants longer by `factor`. */
static struct network lengthen(struct arena *a, const struct network *net, double factor)
{
	struct network longer = *net;
	double *km = arena_array(a, double, net->sites * net->points);
	double *hours = arena_array(a, double, net->sites * net->points);
	for (size_t j = 0; j < net->sites; j++)
		for (size_t i = 0; i < net->points; i++) {
			bool is_existing = net->site[j].kind == SITE_EXISTING;
			size_t lane = j * net->points + i;
			km[lane] = network_km(net, i, j) * (is_existing ? factor : 1);
			hours[lane] = NAN;
		}
	longer.lane_km = km;
	longer.lane_h = hours;
	return longer;
}

/* The farther today's plants are, the more a platform is worth. */
static void dearer_roads_to_existing_plants_only_help(void **state)
{
	uint64_t seed = 777;
	int rises = 0;
	for (int n = 0; n < 40; n++, arena_reset(*state)) {
		struct network net;
		double before = NAN, size;
		draw_network(*state, &seed, &net);
		size = cost_today(*state, &net);
		for (double factor = 1; factor < 5 && !isinf(size); factor *= 2) {
			struct network longer = lengthen(*state, &net, factor);
			double value = cost_today(*state, &longer) - least_cost(*state, &longer);
			if (factor > 1) {
				assert_true(value >= before - 1e-9 * (1 + size));
				rises += value > before + 1;
			}
			before = value;
		}
	}
	assert_true(rises > 10);
}

/* ---- draws ---- */

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
	struct task seeded = task;
	seeded.seed = seed;
	make_ranges(net, ranges);
	if (!outcome_find(a, net, &task, here, &e) || isnan(here->before))
		return false;
	assert_ok(draws_make(
			  a, net, ranges, RANGES, DRAWS, here, &seeded, threads, NULL, NULL, d, &e),
		e);
	return true;
}

static void each_slice_of_a_range_is_drawn_once(void **state)
{
	uint64_t seed = 1979;
	struct network net;
	struct outcome here;
	struct range ranges[RANGES];
	struct draws d;
	do
		draw_network(*state, &seed, &net);
	while (!make_draws(*state, &net, 5, 1, ranges, &here, &d));
	for (size_t r = 0; r < RANGES; r++) {
		bool is_used[DRAWS] = {false};
		for (size_t n = 0; n < DRAWS; n++) {
			double at = d.draw[n].at[r];
			assert_true(at >= ranges[r].low && at <= ranges[r].high);
			double share = triangle_share(ranges[r].low,
				driver_central(ranges[r].driver, &net), ranges[r].high, at);
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
		draw_network(*state, &seed, &net);
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
		struct network net;
		struct outcome here;
		struct range ranges[RANGES];
		struct draws d;
		draw_network(*state, &seed, &net);
		if (!make_draws(*state, &net, 3, 1, ranges, &here, &d))
			continue;
		for (size_t k = 0; k < DRAWS; k += 9) {
			struct network there = net;
			for (size_t r = 0; r < RANGES; r++)
				there = driver_apply(
					*state, ranges[r].driver, &there, d.draw[k].at[r]);
			assert_about(d.draw[k].cost, least_cost(*state, &there));
			assert_agrees(*state, &there, d.draw[k].answer);
		}
		size_t wins = 0;
		for (size_t k = 0; k < d.contender_count; k++) {
			const struct contender *x = &d.contender[k];
			assert_int_equal(x->is_today, k == 0);
			assert_true(x->regrets <= x->worst_regret * (1 + 1e-9) + 1e-9);
			assert_true(x->regrets >= 0 && x->loses_in <= d.compared);
			wins += x->best_in;
		}
		assert_true(wins <= DRAWS);
		plans += d.contender_count > 1;
		seen++;
	}
	assert_true(seen > 8 && plans > 3);
}

/* What each contender costs in each draw, [draw][contender]: its levels as they are, tonnes routed anew. */
static void cost_contenders(struct arena *a, const struct network *net, const struct range *ranges,
	const struct draws *d, double cost[][DRAWS_PLANS])
{
	for (size_t k = 0; k < d->count; k++) {
		struct network there = *net;
		struct model m;
		for (size_t r = 0; r < RANGES; r++)
			there = driver_apply(a, ranges[r].driver, &there, d->draw[k].at[r]);
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
		struct network net;
		struct outcome here;
		struct range ranges[RANGES];
		struct draws d;
		double cost[DRAWS][DRAWS_PLANS], value[DRAWS];
		draw_network(*state, &seed, &net);
		if (!make_draws(*state, &net, 4, 1, ranges, &here, &d))
			continue;
		assert_int_equal(d.compared, DRAWS);
		cost_contenders(*state, &net, ranges, &d, cost);
		for (size_t c = 0; c < d.contender_count; c++) {
			const struct contender *x = &d.contender[c];
			double worst = 0, sum = 0;
			size_t loses = 0;
			for (size_t k = 0; k < DRAWS; k++) {
				double best = d.draw[k].cost;
				for (size_t q = 0; q < d.contender_count; q++)
					best = fmin(best, cost[k][q]);
				worst = fmax(worst, cost[k][c] - best);
				sum += cost[k][c] - best;
				value[k] = d.draw[k].before - cost[k][c];
				loses += value[k] < -VIABILITY_TOLERANCE * fabs(here.before);
			}
			if (isinf(worst))
				assert_true(isinf(x->worst_regret));
			else
				assert_about(x->worst_regret, worst);
			if (!isinf(sum))
				assert_about(x->regrets, sum / DRAWS);
			assert_int_equal(x->loses_in, loses);
			losses += loses > 0;
			/* at most one draw in twenty is below, and with it they are that many */
			double hair = 1e-6 * (1 + fabs(here.before));
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
		draw_network(*state, &seed, &net);
		if (!outcome_find(*state, &net, &task, &here, &e) || isnan(here.before))
			continue;
		assert_ok(draws_make(*state, &net, &growth, 1, 20, &here, &task, 1, NULL, NULL, &d,
				  &e),
			e);
		for (size_t k = 0; k < d.count; k++) {
			struct network there =
				driver_apply(*state, growth.driver, &net, d.draw[k].at[0]);
			bool is_open = isinf(cost_today(*state, &there));
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

/* ---- groups and shares ---- */

static void groups_cost_what_all_their_plans_say(void **state)
{
	static const size_t players[] = {0, 1};
	uint64_t seed = 60902;
	int seen = 0;
	for (int n = 0; n < 80; n++, arena_reset(*state)) {
		struct network net;
		struct coalitions c;
		struct err e = {0};
		bool gives[2] = {false};
		draw_network(*state, &seed, &net);
		for (size_t i = 0; i < net.points; i++)
			gives[net.point[i].region] = true;
		if (!gives[0] || !gives[1] ||
			!coalition_solve(*state, &net, players, 2, &task, 1 + (size_t)n % 2, NULL,
				NULL, &c, &e))
			continue;
		for (coalition s = 1; s < 4; s++) {
			const bool is_in[] = {s & 1, s & 2};
			struct network part = coalition_network(*state, &net, is_in);
			double least = least_cost(*state, &part);
			assert_about(c.outcome[s].cost, least);
			assert_true(c.outcome[s].bound <= least + 1e-6 * (1 + fabs(least)));
			double before = cost_today(*state, &part);
			assert_int_equal(isnan(c.outcome[s].before), isinf(before));
			if (!isinf(before))
				assert_about(c.outcome[s].before, before);
		}
		seen++;
	}
	assert_true(seen > 20);
}

/* One search a group and what groups take over from each other: never dearer than its parts where these go together, and
 * the bound never above. */
static void groups_take_over_what_others_found(void **state)
{
	static const size_t players[] = {0, 1};
	struct task hasty = task;
	hasty.gap = 0.2;
	uint64_t seed = 4711;
	int seen = 0;
	for (int n = 0; n < 60; n++, arena_reset(*state)) {
		struct network net;
		struct coalitions c;
		struct outcome here;
		struct err e = {0};
		bool gives[2] = {false};
		draw_network(*state, &seed, &net);
		for (size_t i = 0; i < net.points; i++)
			gives[net.point[i].region] = true;
		if (!gives[0] || !gives[1] || !outcome_find(*state, &net, &hasty, &here, &e) ||
			isnan(here.cost))
			continue;
		hasty.begin = &here;
		bool ok = coalition_solve(*state, &net, players, 2, &hasty, 2, NULL, NULL, &c, &e);
		hasty.begin = NULL;
		for (coalition s = 1; ok && s < 4; s++) {
			const bool is_in[] = {s & 1, s & 2};
			struct network part = coalition_network(*state, &net, is_in);
			double least = least_cost(*state, &part);
			double slack = 1e-6 * (1 + fabs(least));
			assert_true(c.outcome[s].cost >= least - slack);
			assert_true(c.outcome[s].bound <= least + slack);
			seen++;
		}
	}
	assert_true(seen > 60);
}

/* The whole way: a file's study, from the question to shares that add up. */
static void shares_add_up_and_are_as_stable_as_is_said(void **state)
{
	uint64_t seed = 17;
	int certain = 0;
	for (int n = 0; n < 60; n++, arena_reset(*state)) {
		static const char text[] =
			"{\"study\": {\"gap\": 0, \"sharing\": {\"players\": [\"24\", \"11\"]}}}";
		struct network net;
		struct study s;
		struct err e = {0};
		draw_network(*state, &seed, &net);
		if (!study_read(*state, text, strlen(text), &net, &s, &e) ||
			!study_run(*state, &s, 1, 1, NULL, NULL, &e))
			continue;
		const struct outcome *all = &s.coalitions.outcome[3];
		for (enum rule r = 0; r < RULES; r++) {
			const struct shares *x = &s.sharing.by[r];
			if (!x->is_defined)
				continue;
			assert_about(x->share[0] + x->share[1], all->cost);
			for (size_t p = 0; p < 2 && x->stability == STABLE; p++)
				assert_true(
					x->share[p] <= s.coalitions.outcome[(size_t)1 << p].bound +
							       game_grain(&s.game.game));
			certain += x->stability == STABLE;
		}
		assert_about(s.here.cost, all->cost);
	}
	assert_true(certain > 20);
}

/* A group of which little is known: a second look finds what there is to find, and gives up nothing. */
static void a_second_look_finds_the_rest(void **state)
{
	static const size_t players[] = {0, 1};
	uint64_t seed = 271;
	int seen = 0, better = 0;
	for (int n = 0; n < 60; n++, arena_reset(*state)) {
		struct network net;
		struct outcome known;
		struct err e = {0};
		draw_network(*state, &seed, &net);
		coalition members = 1 + (coalition)n % 3;
		const bool is_in[] = {members & 1, members & 2};
		struct network part = coalition_network(*state, &net, is_in);
		if (!part.points || !outcome_find(*state, &part, &task, &known, &e) ||
			isnan(known.before))
			continue;
		struct outcome best = known;
		double slack = 1e-6 * (1 + fabs(best.cost));
		/* as if only the status quo had been found, and half as much been proved */
		known.cost = known.before;
		known.bound = best.bound - 0.5 * fabs(best.bound);
		known.answer = UNDECIDED;
		for (size_t l = 0; l < part.sites * part.flows * part.years; l++)
			known.level[l] = LEVEL_NONE;
		assert_ok(doubt_look(*state, &net, players, 2, members, &task, &known, &e), e);
		assert_near(known.cost, best.cost, slack);
		assert_near(known.bound, best.bound, slack);
		assert_int_equal(known.answer, best.answer);
		better += best.cost < best.before - slack;
		/* and where a search has hardly any time, what is known stays */
		struct task hasty = task;
		hasty.time_limit_s = 1e-9;
		assert_ok(doubt_look(*state, &net, players, 2, members, &hasty, &known, &e), e);
		assert_true(known.cost <= best.cost + slack && known.bound >= best.bound - slack);
		seen++;
	}
	assert_true(seen > 20 && better > 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(outcomes_are_those_of_all_plans_tried),
		WITH_AN_ARENA(an_answer_does_not_depend_on_where_the_search_begins),
		WITH_AN_ARENA(tipping_points_lie_between_opposite_proofs),
		WITH_AN_ARENA(values_go_the_way_of_their_drivers),
		WITH_AN_ARENA(dearer_roads_to_existing_plants_only_help),
		WITH_AN_ARENA(each_slice_of_a_range_is_drawn_once),
		WITH_AN_ARENA(draws_follow_from_the_seed_alone),
		WITH_AN_ARENA(draws_and_regrets_are_those_of_all_plans_tried),
		WITH_AN_ARENA(regrets_and_risks_are_those_of_their_definitions),
		WITH_AN_ARENA(draws_without_a_status_quo_are_left_open),
		WITH_AN_ARENA(a_chance_has_wilsons_range),
		WITH_AN_ARENA(groups_cost_what_all_their_plans_say),
		WITH_AN_ARENA(groups_take_over_what_others_found),
		WITH_AN_ARENA(shares_add_up_and_are_as_stable_as_is_said),
		WITH_AN_ARENA(a_second_look_finds_the_rest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
