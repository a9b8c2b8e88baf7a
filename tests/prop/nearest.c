/* The platform that comes nearest to being worth it, on tiny networks against all single platforms. */
#include "nearest.h"
#include "check.h"
#include "test.h"
#include "tiny.h"

enum { STATES = 730, ROUNDS = 60 };

/* The levels of one line over the years, counted up; false after the last. Level -1 in all years, or a
 * level in each. */
static bool next_path(int *level, size_t years, int levels)
{
	for (size_t t = 0; t < years; t++) {
		if (++level[t] < levels)
			return true;
		level[t] = 0;
	}
	return false;
}

/* The cheapest plan with one line open all along, by trying each; flows add up where plants have no
 * limit, so the best lines of a site are found one by one. */
static double best_of_site(struct arena *a, const struct model *m, size_t j, double base)
{
	struct plan p = plan_status_quo(a, m);
	double saved = 0, least = INFINITY, site = 0;
	for (size_t t = 0; t < m->years; t++)
		site += m->discount[t] * m->site_cost[j * m->years + t];
	for (size_t k = 0; k < m->flows; k++) {
		int *level = plan_level(m, &p, j, k), levels = model_line(m, j, k)->levels;
		double best = INFINITY;
		for (size_t t = 0; t < m->years; t++)
			level[t] = 0;
		while (levels) {
			assert_true(plan_route(a, m, &p));
			best = fmin(best, p.cost.total - site - base);
			if (!next_path(level, m->years, levels))
				break;
		}
		for (size_t t = 0; t < m->years; t++)
			level[t] = LEVEL_NONE;
		saved += fmin(best, 0);
		least = fmin(least, best);
	}
	return base + site + (saved < 0 ? saved : least);
}

static void is_the_best_single_platform_where_plants_have_no_limit(void **state)
{
	uint64_t seed = 577215;
	int seen = 0;
	for (int n = 0; n < ROUNDS; n++, arena_reset(*state)) {
		struct arena *a = *state;
		struct tiny t = tiny_draw(&seed, STATES);
		struct model m;
		struct err e;
		t.max_platforms = -1;
		t.is_single_sourced = false;
		for (size_t j = 0; j < t.sites; j++)
			memset(t.site[j].capacity_t, 0, sizeof t.site[j].capacity_t);
		tiny_model(a, &t, NULL, &m);
		struct plan today, p;
		double *price = arena_array(a, double, m.sites *m.flows *m.years);
		size_t site = m.sites;
		if (!model_check(&m, &e))
			continue;
		today = plan_status_quo(a, &m);
		if (!plan_route_priced(a, &m, &today, price))
			continue;
		double best = INFINITY;
		for (size_t j = 0; j < t.sites; j++)
			if (!t.site[j].is_existing)
				best = fmin(best, best_of_site(a, &m, j, today.cost.total));
		bool is_found = nearest_find(a, &m, price, &p, &site);
		assert_int_equal(is_found, isfinite(best));
		if (!is_found)
			continue;
		struct cost cost;
		assert_ok(check_plan(a, &m, &p, &cost, &e), e);
		if (fabs(cost.total - best) > 1e-6 * (1 + fabs(best)))
			tiny_fail(a, &t, "%.6f instead of %.6f", cost.total, best);
		assert_false(t.site[site].is_existing);
		seen++;
	}
	assert_true(seen > 20);
}

/* Where plants are full it may not be the best, but it is one that holds. */
static void holds_where_plants_are_full(void **state)
{
	uint64_t seed = 141421;
	int seen = 0;
	for (int n = 0; n < ROUNDS; n++, arena_reset(*state)) {
		struct arena *a = *state;
		struct tiny t = tiny_draw(&seed, STATES);
		struct model m;
		struct err e;
		struct cost cost;
		size_t site;
		tiny_model(a, &t, NULL, &m);
		struct plan today = plan_status_quo(a, &m), p;
		double *price = arena_array(a, double, m.sites *m.flows *m.years);
		if (!model_check(&m, &e) || !plan_route_priced(a, &m, &today, price))
			continue;
		bool is_found = nearest_find(a, &m, price, &p, &site);
		if (m.is_single_sourced || m.max_platforms == 0)
			assert_false(is_found);
		if (!is_found)
			continue;
		assert_ok(check_plan(a, &m, &p, &cost, &e), e);
		assert_close(cost.total, p.cost.total);
		seen++;
	}
	assert_true(seen > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(is_the_best_single_platform_where_plants_have_no_limit),
		WITH_AN_ARENA(holds_where_plants_are_full),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
