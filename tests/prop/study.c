/* Studies of tiny networks, each number held against all plans tried one by one: outcomes, tipping
 * points, the costs of groups and their shares (draws.c has the draws). */
#include "study.h"
#include "doubt.h"
#include "economy.h"
#include "test.h"
#include "truth.h"

/* ---- outcomes ---- */

static void outcomes_are_those_of_all_plans_tried(void **state)
{
	uint64_t seed = 1711;
	int seen[3] = {0}, infeasible = 0;
	for (int n = 0; n < 120; n++, arena_reset(*state)) {
		struct network net;
		struct outcome o;
		struct err e = {0};
		truth_draw(*state, &seed, &net);
		if (!outcome_find(*state, &net, &truth_task, &o, &e)) {
			assert_int_equal(e.kind, ERR_INVALID); /* a flow that no site offers */
			continue;
		}
		double least = truth_cost(*state, &net);
		if (isnan(o.before)) {
			assert_true(isinf(truth_today(*state, &net)) && o.answer == UNDECIDED);
			assert_int_equal(isnan(o.cost), isinf(least));
			if (!isinf(least))
				truth_is_about(o.cost, least);
			infeasible++;
			continue;
		}
		truth_is_about(o.before, truth_today(*state, &net));
		truth_is_about(o.cost, least);
		assert_true(o.bound <= least + 1e-6 * (1 + fabs(least)));
		truth_agrees(*state, &net, o.answer);
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
		truth_draw(*state, &seed, &net);
		if (!outcome_find(*state, &net, &truth_task, &here, &e) || isnan(here.before))
			continue;
		struct task warm = truth_task;
		warm.begin = &here;
		warm.wants_answer_only = n % 2;
		dear = driver_apply(*state, driver_find("capex"), &net, 0.3 + test_draw(&seed) * 2);
		assert_ok(outcome_find(*state, &dear, &warm, &there, &e), e);
		double least = truth_cost(*state, &dear);
		assert_true(there.bound <= least + 1e-6 * (1 + fabs(least)));
		assert_true(there.cost >= least - 1e-6 * (1 + fabs(least)));
		truth_agrees(*state, &dear, there.answer);
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
	truth_agrees(a, &there, t->answer);
}

/* One side of a driver, outwards (`way`) to `end`. True when it flips there. */
static bool check_side(struct arena *a, const struct network *net, const struct tipping *t,
	const struct side *side, double way, double end)
{
	const struct driver *d = t->driver;
	if (!side->flips) {
		struct network there = driver_apply(a, d, net, end);
		if (!side->is_open)
			truth_agrees(a, &there, t->here.answer);
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
		truth_draw(*state, &seed, &net);
		if (!outcome_find(*state, &net, &truth_task, &here, &e) || here.answer == UNDECIDED)
			continue;
		const struct driver *d = driver_find(ids[n % 4]);
		assert_ok(tipping_find(
				  *state, &net, d, d->least, d->most, &here, &truth_task, &t, &e),
			e);
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
		truth_draw(*state, &seed, &net);
		if (isinf(truth_today(*state, &net)))
			continue;
		for (size_t i = 0; i < driver_count; i++) {
			const struct driver *d = &driver_table[i];
			double value[2], size = 0;
			for (int end = 0; end < 2; end++) {
				struct network x =
					driver_apply(*state, d, &net, end ? d->high : d->low);
				double before = truth_today(*state, &x);
				value[end] = before - truth_cost(*state, &x);
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
		truth_draw(*state, &seed, &net);
		size = truth_today(*state, &net);
		for (double factor = 1; factor < 5 && !isinf(size); factor *= 2) {
			struct network longer = lengthen(*state, &net, factor);
			double value = truth_today(*state, &longer) - truth_cost(*state, &longer);
			if (factor > 1) {
				assert_true(value >= before - 1e-9 * (1 + size));
				rises += value > before + 1;
			}
			before = value;
		}
	}
	assert_true(rises > 10);
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
		truth_draw(*state, &seed, &net);
		for (size_t i = 0; i < net.points; i++)
			gives[net.point[i].region] = true;
		if (!gives[0] || !gives[1] ||
			!coalition_solve(*state, &net, players, 2, &truth_task, 1 + (size_t)n % 2,
				NULL, NULL, &c, &e))
			continue;
		for (coalition s = 1; s < 4; s++) {
			const bool is_in[] = {s & 1, s & 2};
			struct network part = coalition_network(*state, &net, is_in);
			double least = truth_cost(*state, &part);
			truth_is_about(c.outcome[s].cost, least);
			assert_true(c.outcome[s].bound <= least + 1e-6 * (1 + fabs(least)));
			double before = truth_today(*state, &part);
			assert_int_equal(isnan(c.outcome[s].before), isinf(before));
			if (!isinf(before))
				truth_is_about(c.outcome[s].before, before);
		}
		seen++;
	}
	assert_true(seen > 20);
}

/* One search a group and what groups take over from each other: never dearer than its parts where these go together, and
 * the bound never above; of the whole never below what was proved of it before. */
static void groups_take_over_what_others_found(void **state)
{
	static const size_t players[] = {0, 1};
	struct task hasty = truth_task;
	hasty.gap = 0.2;
	uint64_t seed = 4711;
	int seen = 0;
	for (int n = 0; n < 60; n++, arena_reset(*state)) {
		struct network net;
		struct coalitions c;
		struct outcome here;
		struct err e = {0};
		bool gives[2] = {false};
		truth_draw(*state, &seed, &net);
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
			double least = truth_cost(*state, &part);
			double slack = 1e-6 * (1 + fabs(least));
			assert_true(c.outcome[s].cost >= least - slack);
			assert_true(c.outcome[s].bound <= least + slack);
			seen++;
		}
		if (!ok || net.min_platforms)
			continue;
		double proved = fmin(here.bound, c.outcome[3].cost);
		assert_true(c.outcome[3].bound >= proved - 1e-9 * fabs(proved));
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
		truth_draw(*state, &seed, &net);
		if (!study_read(*state, text, strlen(text), &net, &s, &e) ||
			!study_run(*state, &s, 1, 1, NULL, NULL, &e))
			continue;
		const struct outcome *all = &s.coalitions.outcome[3];
		for (enum rule r = 0; r < RULES; r++) {
			const struct shares *x = &s.sharing.by[r];
			if (!x->is_defined)
				continue;
			truth_is_about(x->share[0] + x->share[1], all->cost);
			for (size_t p = 0; p < 2 && x->stability == STABLE; p++)
				assert_true(
					x->share[p] <= s.coalitions.outcome[(size_t)1 << p].bound +
							       game_grain(&s.game.game));
			certain += x->stability == STABLE;
		}
		truth_is_about(s.here.cost, all->cost);
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
		truth_draw(*state, &seed, &net);
		coalition members = 1 + (coalition)n % 3;
		const bool is_in[] = {members & 1, members & 2};
		struct network part = coalition_network(*state, &net, is_in);
		if (!part.points || !outcome_find(*state, &part, &truth_task, &known, &e) ||
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
		assert_ok(
			doubt_look(*state, &net, players, 2, members, &truth_task, &known, &e), e);
		assert_near(known.cost, best.cost, slack);
		assert_near(known.bound, best.bound, slack);
		assert_int_equal(known.answer, best.answer);
		better += best.cost < best.before - slack;
		/* and where a search has hardly any time, what is known stays */
		struct task hasty = truth_task;
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
		WITH_AN_ARENA(groups_cost_what_all_their_plans_say),
		WITH_AN_ARENA(groups_take_over_what_others_found),
		WITH_AN_ARENA(shares_add_up_and_are_as_stable_as_is_said),
		WITH_AN_ARENA(a_second_look_finds_the_rest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
