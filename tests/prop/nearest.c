/* The platform that comes nearest to being worth it, on tiny networks against all single platforms. */
#include "nearest.h"
#include "check.h"
#include "test.h"
#include "tiny.h"

enum { STATES = 730, ROUNDS = 60 };

/* Discounted tonnes that a site treats. */
static double tonnes_of(const struct model *m, const struct plan *p, size_t j)
{
	double sum = 0;
	for (size_t n = 0; n < p->shipment_count; n++)
		sum += p->shipments[n].site == j
			       ? m->discount[p->shipments[n].year] * p->shipments[n].tonnes
			       : 0;
	return sum;
}

/* The levels of a site's lines over the years, counted up like a number of as many digits: each line is
 * open in no year, or in all. False after the last. */
static bool next_plan(const struct model *m, struct plan *p, size_t j)
{
	for (size_t k = 0; k < m->flows; k++) {
		int *level = plan_level(m, p, j, k), levels = model_line(m, j, k)->levels;
		for (size_t t = 0; t < m->years && levels; t++) {
			if (level[0] == LEVEL_NONE) {
				for (size_t n = 0; n < m->years; n++)
					level[n] = 0;
				return true;
			}
			if (++level[t] < levels)
				return true;
			level[t] = 0;
		}
		for (size_t t = 0; t < m->years; t++)
			level[t] = LEVEL_NONE;
	}
	return false;
}

/* The least that a site misses per tonne, by trying all its plans; infinite when no tonne comes. */
static double best_of_site(const struct model *m, size_t j, double base)
{
	struct arena *a = arena_new();
	struct plan p = plan_status_quo(a, m);
	double best = INFINITY;
	while (next_plan(m, &p, j)) {
		struct arena *scratch = arena_new();
		assert_true(plan_route(scratch, m, &p));
		double tonnes = tonnes_of(m, &p, j);
		if (tonnes > 0)
			best = fmin(best, (p.cost.total - base) / tonnes);
		arena_free(scratch);
	}
	arena_free(a);
	return best;
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
				best = fmin(best, best_of_site(&m, j, today.cost.total));
		bool is_found = nearest_find(a, &m, &today, price, &p, &site);
		assert_int_equal(is_found, isfinite(best));
		if (!is_found)
			continue;
		struct cost cost;
		assert_ok(check_plan(a, &m, &p, &cost, &e), e);
		double miss = (cost.total - today.cost.total) / tonnes_of(&m, &p, site);
		if (fabs(miss - best) > 1e-6 * (1 + fabs(best)))
			tiny_fail(a, &t, "%.6f instead of %.6f", miss, best);
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
		bool is_found = nearest_find(a, &m, &today, price, &p, &site);
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
