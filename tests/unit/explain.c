/* Why there is no plan, and what each limit lacks, on models whose room can be counted on fingers. */
#include "explain.h"

#include "test.h"

#include <math.h>

enum { POINTS = 2, SITES = 2, FLOWS = 2, YEARS = 2, LINES = SITES * FLOWS };

/* Points give 60 and 40 t of flow 1, half of it of flow 2, a fifth more in the second year. Site 1 stands,
 * 90 t of each flow; site 2 may be built, 50 t of each. */
struct small {
	struct model m;
	struct line lines[LINES];
	double tonnes[FLOWS * YEARS * POINTS], haul[SITES * POINTS], rate[FLOWS * YEARS];
	double gate[LINES * YEARS], site_cost[SITES * YEARS], discount[YEARS];
	double capacity[LINES], zero[LINES * YEARS];
	const double *hauls[FLOWS];
};

static struct small *make(struct arena *a)
{
	struct small *x = arena_one(a, struct small);
	x->m = (struct model){.points = POINTS, .sites = SITES, .flows = FLOWS, .years = YEARS};
	x->m.max_platforms = -1;
	x->m.discount = x->discount, x->m.tonnes = x->tonnes, x->m.haul = x->hauls;
	x->m.rate = x->rate, x->m.gate = x->gate, x->m.site_cost = x->site_cost;
	x->m.lines = x->lines, x->m.levels = LINES, x->m.capacity = x->capacity;
	x->m.running = x->m.build = x->m.close = x->zero;
	for (size_t k = 0; k < FLOWS; k++) {
		x->hauls[k] = x->haul;
		for (size_t t = 0; t < YEARS; t++) {
			double *w = x->tonnes + (k * YEARS + t) * POINTS;
			w[0] = (t ? 72 : 60) / (k ? 2.0 : 1.0);
			w[1] = (t ? 48 : 40) / (k ? 2.0 : 1.0);
		}
	}
	for (size_t n = 0; n < LINES; n++) {
		bool is_fixed = n < FLOWS;
		x->lines[n] = (struct line){1, is_fixed ? 0 : LEVEL_NONE, is_fixed, n};
		x->capacity[n] = is_fixed ? 90 : 50;
	}
	return x;
}

static void a_plan_that_exists_lacks_nothing(void **state)
{
	struct small *x = make(*state);
	struct explanation why;
	explain_find(*state, &x->m, &why);
	assert_int_equal(why.count, 0);
	assert_int_equal(why.platforms_needed, 1);
}

/* 100 t for 90, then 120 t for 90; one platform would do. */
static void says_what_is_short_when_no_platform_is_allowed(void **state)
{
	struct small *x = make(*state);
	struct explanation why;
	struct err e;
	x->m.max_platforms = 0;
	explain_find(*state, &x->m, &why);
	assert_int_equal(why.count, 1);
	assert_int_equal(why.lacks[0].flow, 0);
	assert_int_equal(why.lacks[0].year, 0);
	assert_int_equal(why.lacks[0].worst_year, 1);
	assert_close(why.lacks[0].tonnes, 100);
	assert_close(why.lacks[0].capacity_t, 90);
	assert_close(why.lacks[0].missing_t, 10);
	assert_close(why.lacks[0].worst_missing_t, 30);
	assert_false(why.lacks[0].is_out_of_reach);
	assert_int_equal(why.platforms_needed, 1);
	assert_refused(explain_infeasible(*state, &x->m, &e), e, ERR_INFEASIBLE,
		"il manque 10 t de capacité par an, et 30 t en 2 ; il faudrait permettre au moins "
		"1 "
		"plateforme(s) au lieu de 0");
}

/* Each flow says its own; 90 + 10 t for 100, then 120: 20 missing. Flow 2: 20 + 10 for 50, then 60. */
static void says_it_of_every_flow(void **state)
{
	struct small *x = make(*state);
	struct explanation why;
	struct err e;
	x->capacity[1] = 20;
	x->capacity[2] = x->capacity[3] = 10;
	explain_find(*state, &x->m, &why);
	assert_int_equal(why.count, 2);
	assert_int_equal(why.lacks[0].year, 1);
	assert_close(why.lacks[0].missing_t, 20);
	assert_close(why.lacks[1].missing_t, 20);
	assert_close(why.lacks[1].worst_missing_t, 30);
	assert_int_equal(why.platforms_needed, -1);
	assert_refused(explain_infeasible(*state, &x->m, &e), e, ERR_INFEASIBLE,
		"; flux 2 : il manque jusqu’à 30 t (2)");
}

/* Point 1 reaches the plant alone: 90 t for its 96 t in year 2, though there is room for all. */
static void says_what_no_lane_reaches(void **state)
{
	struct small *x = make(*state);
	struct explanation why;
	struct err e;
	x->haul[POINTS] = INFINITY;
	x->tonnes[POINTS] = 96;
	x->capacity[2] = 100;
	explain_find(*state, &x->m, &why);
	assert_int_equal(why.count, 1);
	assert_true(why.lacks[0].is_out_of_reach);
	assert_int_equal(why.lacks[0].year, 1);
	assert_close(why.lacks[0].missing_t, 6);
	assert_refused(explain_infeasible(*state, &x->m, &e), e, ERR_INFEASIBLE,
		"les sites que les points peuvent atteindre");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(a_plan_that_exists_lacks_nothing),
		WITH_AN_ARENA(says_what_is_short_when_no_platform_is_allowed),
		WITH_AN_ARENA(says_it_of_every_flow),
		WITH_AN_ARENA(says_what_no_lane_reaches),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
