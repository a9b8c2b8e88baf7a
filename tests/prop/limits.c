/* Limits on plans, on networks so small that every plan can be tried. */
#include "account.h"
#include "bound.h"
#include "brute.h"
#include "check.h"
#include "economy.h"
#include "engine.h"
#include "generate.h"
#include "limit.h"
#include "test.h"
#include "tiny.h"
#include "within.h"

#include <math.h>

enum { STATES = 250, KINDS = LIMIT_OPEN + 1 };

static const double TOLERANCE = 2e-6;

static double slack(double cost)
{
	return TOLERANCE * (1 + fabs(cost));
}

/* One kind of limit, or several at once. */
static struct tiny draw(uint64_t *seed, int kind)
{
	struct tiny t = tiny_draw(seed, STATES);
	for (int other = 0; other < KINDS; other++)
		if (other == kind || (kind == KINDS && test_draw(seed) < 0.5))
			tiny_limit(&t, (enum limit_kind)other, seed);
	return t;
}

/* A model that has limits and a lane for every point. */
static bool make(struct arena *a, const struct tiny *t, struct network *net, struct model *m)
{
	struct err e;
	tiny_model(a, t, net, m);
	return model_check(m, &e) && m->limit_count;
}

static void assert_holds(struct arena *a, const struct tiny *t, const struct network *net,
	const struct model *m, const struct answer *answer, double best)
{
	struct cost cost;
	struct account acc;
	struct err e;
	if (!check_plan(a, m, &answer->plan, &cost, &e))
		tiny_fail(a, t, "%s", e.message);
	assert_true(fabs(cost.total - answer->plan.cost.total) <= slack(cost.total));
	if (!(cost.total >= best - slack(best)))
		tiny_fail(a, t, "%.6f is less than the best, %.6f", cost.total, best);
	account_make(a, net, &answer->plan, &acc);
	assert_true(fabs(acc.total_eur - cost.total) <= slack(cost.total));
	/* The accounts see the same use of limits as the model does. */
	double *excess = arena_array(a, double, m->limit_count);
	limit_measure(m, &answer->plan, excess);
	for (size_t n = 0; n < m->limit_count; n++) {
		const struct limit *limit = &m->limits[n];
		double use = account_use(&acc, net, limit), value = limit->value;
		if (limit->kind == LIMIT_LEAST && excess[n] == 0)
			continue; /* closed, or just kept */
		double said = limit->kind == LIMIT_OPEN || limit->kind == LIMIT_LEAST ? value - use
										      : use - value;
		assert_true(fabs(said - excess[n]) <= 1e-6 * (1 + fabs(value) + fabs(use)));
	}
}

static void assert_bound(struct arena *a, const struct tiny *t, const struct model *m,
	const struct answer *answer, double best)
{
	if (answer->bound > best + slack(best) || answer->certified > best + slack(best))
		tiny_fail(a, t, "bounds %.6f and %.6f above %.6f", answer->bound, answer->certified,
			best);
	assert_true(answer->certified == bound_evaluate(m, &answer->certificate));
	assert_non_null(answer->certificate.limits);
}

/* Every kind by itself, then any of them together: the optimum, whole or not at all. */
static void small_models_are_solved_to_the_optimum(void **state)
{
	for (int kind = 0; kind <= KINDS; kind++) {
		uint64_t seed = 577215 + (uint64_t)kind;
		int feasible = 0, infeasible = 0, binding = 0;
		for (int n = 0; n < 60; n++) {
			struct arena *a = *state;
			struct tiny t = draw(&seed, kind);
			struct engine_options o = {.threads = 1, .seed = 1};
			struct answer answer;
			struct network net;
			struct model m;
			struct err e;
			if (!make(a, &t, &net, &m))
				continue;
			double best = brute_force(&m);
			assert_ok(engine_solve(a, &m, &o, &answer, &e), e);
			if (isinf(best) != (answer.status == ANSWER_INFEASIBLE))
				tiny_fail(a, &t, "kind %d: best %g, status %d", kind, best,
					answer.status);
			infeasible += isinf(best);
			if (isfinite(best)) {
				struct model loose = m;
				loose.limit_count = 0;
				feasible++;
				binding += brute_force(&loose) < best - slack(best);
				assert_holds(a, &t, &net, &m, &answer, best);
				assert_bound(a, &t, &m, &answer, best);
				if (!(answer.plan.cost.total <= best + slack(best)))
					tiny_fail(a, &t, "kind %d: %.6f instead of %.6f", kind,
						answer.plan.cost.total, best);
			}
			arena_reset(a);
		}
		if (feasible < 20 || binding < 5)
			fail_msg("kind %d: %d feasible, %d not, %d binding", kind, feasible,
				infeasible, binding);
	}
}

/* The engine of large models, on small ones: never a plan that breaks a limit, never a bound too high. */
static void prices_find_plans_and_bounds(void **state)
{
	int found = 0, missed = 0;
	double worst = 0;
	for (int kind = 0; kind <= KINDS; kind++) {
		uint64_t seed = 915965 + (uint64_t)kind;
		for (int n = 0; n < 25; n++) {
			struct arena *a = *state;
			struct tiny t = draw(&seed, kind);
			struct engine_options o = {.threads = 1, .seed = 1};
			struct answer answer;
			struct network net;
			struct model m;
			struct err e;
			t.is_single_sourced = n % 5 == 0;
			if (!make(a, &t, &net, &m))
				continue;
			double best = brute_force(&m);
			assert_ok(within_search(a, &m, &o, &answer, &e), e);
			if (answer.plan.level)
				assert_holds(a, &t, &net, &m, &answer, best);
			if (isfinite(best)) {
				assert_bound(a, &t, &m, &answer, best);
			}
			/* Single sources are found where they happen to keep to the limits. */
			if (isfinite(best) && !m.is_single_sourced) {
				found += answer.plan.level != NULL;
				missed += !answer.plan.level;
				if (answer.plan.level)
					worst = fmax(worst,
						(answer.plan.cost.total - best) / (1 + fabs(best)));
			}
			arena_reset(a);
		}
	}
	if (found < 60 || missed > found / 5 || worst > 0.5)
		fail_msg("%d found, %d missed, at most %.1f %% above the best", found, missed,
			100 * worst);
}

/* Lanes whose hours are given do not emit as they cost: each has an emission of its own. */
static void emissions_need_not_follow_haulage(void **state)
{
	uint64_t seed = 693147;
	int found = 0, binding = 0;
	for (int n = 0; n < 40; n++) {
		struct arena *a = *state;
		struct tiny t = draw(&seed, LIMIT_EMISSION);
		struct engine_options o = {.threads = 1, .seed = 1};
		struct answer exact, priced;
		struct model m, loose;
		struct cost cost;
		struct err e;
		t.is_single_sourced = false;
		if (!make(a, &t, NULL, &m))
			continue;
		double *own = arena_array(a, double, m.sites *m.points);
		for (size_t c = 0; c < m.sites * m.points; c++)
			own[c] = m.emission[c] * (0.3 + 1.4 * test_draw(&seed));
		m.emission = own;
		assert_false(limit_trend(&m).is_exact && m.sites * m.points > 2);
		loose = m;
		loose.limit_count = 0;
		double best = brute_force(&m);
		assert_ok(engine_solve(a, &m, &o, &exact, &e), e);
		assert_int_equal(exact.status == ANSWER_INFEASIBLE, isinf(best));
		assert_ok(within_search(a, &m, &o, &priced, &e), e);
		if (isfinite(best)) {
			assert_true(fabs(exact.plan.cost.total - best) <= slack(best));
			assert_bound(a, &t, &m, &exact, best);
			assert_bound(a, &t, &m, &priced, best);
			binding += brute_force(&loose) < best - slack(best);
		}
		if (priced.plan.level) {
			assert_ok(check_plan(a, &m, &priced.plan, &cost, &e), e);
			found++;
		}
		arena_reset(a);
	}
	if (found < 12 || binding < 3)
		fail_msg("%d found, %d binding", found, binding);
}

/* Any multipliers whatever: the bound they prove is below the optimum. */
static void random_multipliers_prove_nothing_false(void **state)
{
	uint64_t seed = 662743;
	int shown = 0, priced = 0;
	for (int n = 0; n < 300; n++) {
		struct arena *a = *state;
		struct tiny t = draw(&seed, KINDS);
		struct network net;
		struct model m;
		if (make(a, &t, &net, &m)) {
			size_t cells = m.flows * m.years * m.points,
			       lines = m.sites * m.flows * m.years;
			double *price = arena_array(a, double, cells);
			double *share = arena_array(a, double, lines);
			double *mu = arena_array(a, double, m.limit_count);
			double best = brute_force(&m), scale = 300 * test_draw(&seed);
			for (size_t c = 0; c < cells; c++)
				price[c] = scale * (0.5 + test_draw(&seed));
			for (size_t r = 0; r < m.limit_count; r++)
				mu[r] = test_draw(&seed) < 0.5             ? 0
					: m.limits[r].kind == LIMIT_BUDGET ? test_draw(&seed)
					: m.limits[r].kind == LIMIT_EMISSION
						? 500 * test_draw(&seed)
						: 50 * test_draw(&seed);
			for (size_t j = 0; j < m.sites; j++)
				for (size_t y = 0; y < m.years; y++) {
					bool is_open = false;
					for (size_t r = 0; r < m.limit_count; r++)
						is_open |= m.limits[r].kind == LIMIT_OPEN &&
							   m.limits[r].site == j;
					for (size_t k = 0; k < m.flows && !is_open; k++)
						share[(j * m.flows + k) * m.years + y] =
							m.site_cost[j * m.years + y] /
							(double)m.flows;
				}
			struct certificate c = {.price = price, .share = share, .limits = mu};
			double bound = bound_evaluate(&m, &c);
			assert_true(isfinite(bound) || (isinf(best) && bound > 0));
			if (isfinite(best) && bound > best + slack(best))
				tiny_fail(a, &t, "bound %.6f above %.6f", bound, best);
			struct certificate free_of = c;
			free_of.limits = NULL;
			priced += bound != bound_evaluate(&m, &free_of);
			shown += isfinite(best);
			mu[test_pick(&seed, m.limit_count)] = -1e-3;
			assert_true(bound_evaluate(&m, &c) == -INFINITY);
			mu[0] = NAN;
			assert_true(bound_evaluate(&m, &c) == -INFINITY);
		}
		arena_reset(a);
	}
	assert_true(shown > 60 && priced > 100);
}

static double solve(struct arena *a, const struct tiny *t)
{
	struct engine_options o = {.threads = 1, .seed = 1};
	struct answer answer;
	struct network net;
	struct model m;
	struct err e;
	tiny_model(a, t, &net, &m);
	if (!model_check(&m, &e))
		return INFINITY;
	assert_ok(engine_solve(a, &m, &o, &answer, &e), e);
	return answer.status == ANSWER_INFEASIBLE ? INFINITY : answer.plan.cost.total;
}

static void loosen(struct tiny *t)
{
	t->budget_eur *= 1.4;
	t->budget_eur_year *= 1.4;
	t->max_co2_t *= 1.2;
	t->max_co2_t_year *= 1.2;
	t->min_platforms = 0;
	for (size_t j = 0; j < t->sites; j++) {
		t->site[j].max_t *= 1.3;
		t->site[j].min_t *= 0.6;
		t->site[j].forced = FORCED_NOT;
	}
}

static void looser_limits_never_cost_more(void **state)
{
	for (int kind = 0; kind <= KINDS; kind++) {
		uint64_t seed = 831907 + (uint64_t)kind;
		int lower = 0;
		for (int n = 0; n < 40; n++) {
			struct arena *a = *state;
			struct tiny t = draw(&seed, kind), looser = t;
			loosen(&looser);
			double before = solve(a, &t), after = solve(a, &looser);
			if (isfinite(before) && !(after <= before + slack(before)))
				tiny_fail(a, &t, "kind %d: from %.6f to %.6f", kind, before, after);
			lower += isfinite(after) && after < before - slack(after);
			arena_reset(a);
		}
		assert_true(lower >= 3);
	}
}

/* A network of towns, sites and flows too large for GLPK: a plan within limits near what it would use. */
static void a_larger_network_is_solved_within_limits(void **state)
{
	static const struct generate_size size = {
		.points = 120, .sites = 20, .years = 2, .seed = 4, .is_tight = true};
	struct arena *a = *state;
	struct network net;
	struct model m;
	struct err e;
	struct engine_options o = {.threads = 2, .seed = 1, .gap = 0.02};
	struct answer loose, answer;
	struct cost cost;
	struct account acc;
	assert_ok(generate_france(a, &size, &net, &e), e);
	net.haulage.kgco2_km = 1;
	economy_model(a, &net, &m);
	assert_ok(engine_solve(a, &m, &o, &loose, &e), e);
	assert_non_null(loose.plan.level);
	account_make(a, &net, &loose.plan, &acc);
	double capex = 0;
	for (size_t j = 0; j < net.sites; j++)
		capex += acc.site_capex[j];
	net.budget_eur = 1.02 * capex;
	net.max_co2_t = 0.95 * (acc.co2_t[0] + acc.co2_t[1]);
	economy_model(a, &net, &m);
	assert_int_equal(m.limit_count, 2);
	assert_ok(engine_solve(a, &m, &o, &answer, &e), e);
	assert_non_null(answer.plan.level);
	assert_ok(check_plan(a, &m, &answer.plan, &cost, &e), e);
	assert_true(answer.certified == bound_evaluate(&m, &answer.certificate));
	assert_true(answer.certified >= loose.certified - 0.01 * fabs(loose.certified));
	/* The same again, with another number of threads. */
	struct answer again;
	o.threads = 1;
	assert_ok(engine_solve(a, &m, &o, &again, &e), e);
	assert_true(again.plan.cost.total == answer.plan.cost.total);
	assert_true(again.certified == answer.certified);
	if (!(answer.gap < 0.08))
		fail_msg("a gap of %.2f %%", 100 * answer.gap);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(small_models_are_solved_to_the_optimum),
		WITH_AN_ARENA(prices_find_plans_and_bounds),
		WITH_AN_ARENA(emissions_need_not_follow_haulage),
		WITH_AN_ARENA(random_multipliers_prove_nothing_false),
		WITH_AN_ARENA(looser_limits_never_cost_more),
		WITH_AN_ARENA(a_larger_network_is_solved_within_limits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
