/* Location-routing on problems so small that every plan can be tried; the brute force is written from lrp.h's
 * definition and nothing else. */
#include "lrp.h"
#include "layout.h"
#include "test.h"

enum {
	STOPS_MAX = 6,
	SITES_MAX = 4,
	PLACES_MAX = STOPS_MAX + SITES_MAX,
	SETS = 1 << STOPS_MAX,
	CASES = 120
};

static const double TOLERANCE = 1e-6;

struct world {
	struct vrp v;
	double km[PLACES_MAX * PLACES_MAX], x[PLACES_MAX], y[PLACES_MAX], load[PLACES_MAX],
		zero[PLACES_MAX], close[PLACES_MAX], penalty[PLACES_MAX];
	uint32_t needs[PLACES_MAX];
	struct hub sites[SITES_MAX];
	struct vehicle vehicles[SITES_MAX];
};

static double whole(uint64_t *seed, size_t low, size_t high)
{
	return (double)(low + test_pick(seed, high - low + 1));
}

static void draw(struct world *w, uint64_t *seed)
{
	*w = (struct world){0};
	size_t depots = (size_t)whole(seed, 1, SITES_MAX),
	       places = depots + (size_t)whole(seed, 1, STOPS_MAX);
	double capacity = whole(seed, 9, 20), fixed = whole(seed, 0, 10);
	for (size_t i = 0; i < places; i++) {
		w->x[i] = whole(seed, 0, 20);
		w->y[i] = whole(seed, 0, 20);
		w->load[i] = i < depots ? 0 : whole(seed, 0, 9);
		w->close[i] = w->penalty[i] = INFINITY;
	}
	for (size_t i = 0; i < places; i++)
		for (size_t j = 0; j < places; j++)
			w->km[i * places + j] = ceil(hypot(w->x[i] - w->x[j], w->y[i] - w->y[j]));
	for (uint32_t d = 0; d < depots; d++) {
		w->sites[d] = (struct hub){whole(seed, 0, 40), whole(seed, 5, 30)};
		w->vehicles[d] = (struct vehicle){.count = VRP_UNLIMITED,
			.depot = d,
			.capacity = {capacity},
			.fixed = fixed,
			.per_km = 1,
			.close = INFINITY,
			.trips = 1};
	}
	w->v = (struct vrp){.places = places,
		.depots = depots,
		.types = depots,
		.dims = 1,
		.km = w->km,
		.km_back = w->km,
		.hours = w->km,
		.least_per_km = 1,
		.x = w->x,
		.y = w->y,
		.load = w->load,
		.service = w->zero,
		.open = w->zero,
		.close = w->close,
		.release = w->zero,
		.penalty = w->penalty,
		.needs = w->needs,
		.vehicles = w->vehicles,
		.sites = w->sites,
		.grain = 1};
}

static size_t bit_of(const struct vrp *v, size_t place)
{
	return (size_t)1 << (place - v->depots);
}

static double load_of(const struct vrp *v, size_t set)
{
	double sum = 0;
	for (size_t i = v->depots; i < v->places; i++)
		sum += set & bit_of(v, i) ? v->load[i] : 0;
	return sum;
}

/* best[set]: the cheapest round from this site through exactly these stops. */
static void try_orders(
	const struct vrp *v, size_t site, size_t at, double cost, size_t set, double *best)
{
	if (set)
		best[set] = fmin(best[set], v->vehicles[site].fixed + cost + vrp_km(v, at, site));
	for (size_t i = v->depots; i < v->places; i++)
		if (!(set & bit_of(v, i)) &&
			load_of(v, set | bit_of(v, i)) <= v->vehicles[site].capacity[0])
			try_orders(v, site, i, cost + vrp_km(v, at, i), set | bit_of(v, i), best);
}

static double brute(const struct vrp *v)
{
	size_t sets = (size_t)1 << (v->places - v->depots);
	double now[SETS];
	for (size_t set = 0; set < sets; set++)
		now[set] = set ? INFINITY : 0;
	for (size_t site = 0; site < v->depots; site++) {
		double round[SETS], whole_site[SETS];
		for (size_t set = 0; set < sets; set++)
			round[set] = whole_site[set] = set ? INFINITY : 0;
		try_orders(v, site, site, 0, 0, round);
		for (size_t set = 1; set < sets; set++)
			for (size_t part = set; part; part = (part - 1) & set)
				whole_site[set] = fmin(
					whole_site[set], whole_site[set & ~part] + round[part]);
		for (size_t set = sets; set--;)
			for (size_t part = set; part; part = (part - 1) & set)
				if (load_of(v, part) <= v->sites[site].room)
					now[set] =
						fmin(now[set], now[set & ~part] + whole_site[part] +
								       v->sites[site].fixed);
	}
	return now[sets - 1];
}

/* Infinite when a stop stays without a round. */
static double solve(struct arena *a, const struct vrp *v, uint64_t seed, struct lrp_answer *found)
{
	struct lrp_options o = {.turns = 1, .threads = 2, .seed = seed};
	struct ruling r;
	struct err e;
	lrp_solve(a, v, &o, found);
	assert_ok(judge_rounds(a, v, found->tours, found->count, &r, &e), e);
	return r.is_complete ? r.cost : INFINITY;
}

static void finds_the_optimum_and_nothing_below(void **state)
{
	uint64_t seed = 1;
	size_t found = 0, feasible = 0;
	for (size_t n = 0; n < CASES; n++) {
		struct world w;
		struct lrp_answer answer;
		struct arena *a = arena_new();
		draw(&w, &seed);
		double least = brute(&w.v), cost = solve(a, &w.v, n, &answer);
		if (cost < least - TOLERANCE)
			fail_msg("case %zu: %g is below the optimum %g", n, cost, least);
		if (cost <= least + TOLERANCE || (isinf(cost) && isinf(least)))
			found++;
		if (isfinite(least))
			feasible++;
		arena_free(a);
	}
	(void)state;
	print_message("%zu of %d found, %zu feasible\n", found, CASES, feasible);
	assert_true(2 * feasible > CASES && feasible < CASES);
	assert_true(100 * found >= 98 * CASES);
}

static void same_seed_and_turns_same_rounds(void **state)
{
	uint64_t seed = 2;
	for (size_t n = 0; n < 10; n++) {
		struct world w;
		struct lrp_answer x, y;
		draw(&w, &seed);
		solve(*state, &w.v, n, &x);
		solve(*state, &w.v, n, &y);
		assert_int_equal(x.count, y.count);
		for (size_t r = 0; r < x.count; r++) {
			assert_int_equal(x.tours[r].type, y.tours[r].type);
			assert_int_equal(x.tours[r].length, y.tours[r].length);
			assert_memory_equal(x.tours[r].visit, y.tours[r].visit,
				x.tours[r].length * sizeof *x.tours[r].visit);
		}
	}
}

/* What a layout says it costs is what it costs, whatever was done to it. */
static void a_layout_keeps_its_accounts(void **state)
{
	uint64_t seed = 3;
	for (size_t n = 0; n < CASES; n++) {
		struct world w;
		struct layout x;
		double opening[SITES_MAX];
		draw(&w, &seed);
		layout_init(&x, *state, &w.v);
		for (size_t d = 0; d < w.v.depots; d++)
			opening[d] = w.sites[d].fixed;
		layout_clear(&x, opening);
		for (size_t step = 0; step < 200; step++) {
			uint32_t stop =
				(uint32_t)(w.v.depots + test_pick(&seed, w.v.places - w.v.depots));
			uint32_t other =
				(uint32_t)(w.v.depots + test_pick(&seed, w.v.places - w.v.depots));
			uint32_t site = (uint32_t)test_pick(&seed, w.v.depots);
			if (x.of[stop] != LAYOUT_ABSENT && test_pick(&seed, 2))
				layout_move(&x, x.of[stop], site, stop);
			else if (x.of[stop] != LAYOUT_ABSENT)
				layout_remove(&x, stop);
			else if (x.of[other] != LAYOUT_ABSENT)
				layout_insert(&x, x.of[other],
					test_pick(&seed, 2) ? other : x.prev[other], stop);
			else
				layout_begin_loop(&x, site, stop);
			if (!x.absents)
				assert_near(x.cost, layout_cost(&x), TOLERANCE);
			double load = 0;
			for (size_t i = w.v.depots; i < w.v.places; i++)
				load += x.of[i] == LAYOUT_ABSENT ? 0 : w.v.load[i];
			for (size_t d = 0; d < w.v.depots; d++)
				load -= x.load[d];
			assert_near(load, 0, TOLERANCE);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(finds_the_optimum_and_nothing_below),
		WITH_AN_ARENA(same_seed_and_turns_same_rounds),
		WITH_AN_ARENA(a_layout_keeps_its_accounts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
