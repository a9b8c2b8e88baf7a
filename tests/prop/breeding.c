/* What must hold of plans that are bred: moves gain what they say, splits are the best, crossing loses nobody, and what a pool of their rounds gives
 * is no worse than they are. */
#include "breeding.h"
#include "chance.h"
#include "partition.h"
#include "test.h"

enum { PLACES = 13, CASES = 200, TYPES = 3 };

struct world {
	struct vrp v;
	double km[PLACES * PLACES], load[PLACES], x[PLACES], y[PLACES], penalty[PLACES],
		zero[PLACES];
	uint32_t needs[PLACES];
	struct vehicle vehicle[TYPES];
	struct fleet fleet;
};

/* Of one type, or of three whose fixed costs and costs a km grow with capacity; the largest holds 20. */
static void draw(struct arena *a, struct world *w, size_t types, uint64_t *seed)
{
	*w = (struct world){0};
	for (size_t t = 0; t < types; t++) {
		bool is_last = t + 1 == types;
		w->vehicle[t] = (struct vehicle){.count = VRP_UNLIMITED,
			.capacity = {is_last ? 20 : 8 + 6 * (double)t},
			.fixed = types > 1 ? (double)test_pick(seed, 20 + 20 * t) : 0,
			.per_km = is_last ? 1 : 0.5 + 0.25 * (double)t,
			.close = INFINITY};
	}
	for (size_t i = 0; i < PLACES; i++) {
		w->x[i] = (double)test_pick(seed, 100);
		w->y[i] = (double)test_pick(seed, 100);
		w->load[i] = i ? (double)test_pick(seed, 10) : 0;
		/* Nobody without load at the depot. */
		w->x[i] += w->x[i] == w->x[0] && w->y[i] == w->y[0];
		w->penalty[i] = INFINITY;
	}
	for (size_t i = 0; i < PLACES; i++)
		for (size_t j = 0; j < PLACES; j++)
			w->km[i * PLACES + j] =
				(double)(float)hypot(w->x[i] - w->x[j], w->y[i] - w->y[j]);
	w->v = (struct vrp){.places = PLACES,
		.depots = 1,
		.types = types,
		.dims = 1,
		.km = w->km,
		.km_back = w->km,
		.hours = w->km,
		.x = w->x,
		.y = w->y,
		.load = w->load,
		.service = w->zero,
		.open = w->zero,
		.close = w->penalty,
		.release = w->zero,
		.penalty = w->penalty,
		.needs = w->needs,
		.vehicles = w->vehicle};
	w->v.least_per_km = w->vehicle[0].per_km;
	fleet_init(&w->fleet, a, &w->v);
}

static void shuffle(struct genome *g, uint64_t *seed)
{
	for (uint32_t n = 0; n + 1 < PLACES; n++) {
		size_t k = test_pick(seed, n + 1);
		g->giant[n] = g->giant[k];
		g->giant[k] = n + 1;
	}
}

static void assert_whole(const struct genome *g)
{
	size_t seen[PLACES] = {0};
	assert_int_equal(g->first[g->rounds], PLACES - 1);
	for (size_t n = 0; n + 1 < PLACES; n++)
		seen[g->giant[n]]++;
	for (size_t i = 1; i < PLACES; i++)
		assert_int_equal(seen[i], 1);
}

/* Of one round, with the cheapest vehicle. */
static double price(const struct world *w, double km, double load, double fine)
{
	double least = INFINITY;
	for (size_t t = 0; t < w->v.types; t++) {
		const struct vehicle *b = &w->vehicle[t];
		double over = fmax(0, load - b->capacity[0]);
		least = fmin(least, b->fixed + b->per_km * km + fine * over);
	}
	return least;
}

/* With fines, from the giant tour alone. */
static double cost_of(const struct world *w, const struct genome *g, double fine)
{
	double cost = 0;
	for (uint32_t r = 0; r < g->rounds; r++) {
		double load = 0, km = 0;
		uint32_t at = 0;
		for (uint32_t n = g->first[r]; n < g->first[r + 1]; n++) {
			km += w->km[at * PLACES + g->giant[n]];
			at = g->giant[n];
			load += w->load[at];
		}
		cost += price(w, km + w->km[at * PLACES], load, fine);
	}
	return cost;
}

static void moves_gain_what_they_say_until_none_does(void **state)
{
	uint64_t seed = 1, random = 5;
	int64_t moves = 0;
	for (size_t n = 0; n < CASES; n++) {
		struct arena *a = *state;
		struct world w;
		struct polish d;
		struct genome g;
		double scratch[2 * PLACES], fine = (double)test_pick(&seed, 20);
		draw(a, &w, n % 3 ? TYPES : 1, &seed);
		genome_init(&g, a, &w.v);
		polish_init(&d, a, &w.v, &w.fleet, n % 2 ? 20 : 4);
		shuffle(&g, &seed);
		genome_split(&g, &w.v, &w.fleet, fine, scratch);
		double before = cost_of(&w, &g, fine);
		polish_run(&d, &g, fine, &random);
		double after = cost_of(&w, &g, fine);
		moves += d.moves;
		assert_whole(&g);
		assert_near(before - d.gained, after, 1e-6);
		assert_near(g.cost + fine * g.excess, after, 1e-6);
		polish_run(&d, &g, fine, &random);
		if (n % 2) /* with all stops near, what is left is no better from anywhere */
			assert_near(d.gained, 0, 1e-6);
	}
	assert_true(moves > 5 * CASES);
}

/* The best parting from stop n on, all tried. */
static double part(const struct world *w, const struct genome *g, size_t n, double fine)
{
	double best = n + 1 < PLACES ? INFINITY : 0, load = 0, km = 0;
	uint32_t at = 0;
	for (size_t m = n; m + 1 < PLACES; m++) {
		km += w->km[at * PLACES + g->giant[m]];
		at = g->giant[m];
		load += w->load[at];
		if (load <= 1.5 * w->fleet.capacity || m == n)
			best = fmin(best, price(w, km + w->km[at * PLACES], load, fine) +
						  part(w, g, m + 1, fine));
	}
	return best;
}

static void no_parting_of_a_tour_costs_less_than_the_split(void **state)
{
	uint64_t seed = 2;
	for (size_t n = 0; n < CASES; n++) {
		struct world w;
		struct genome g;
		double scratch[2 * PLACES], fine = (double)test_pick(&seed, 10);
		draw(*state, &w, n % 2 ? TYPES : 1, &seed);
		genome_init(&g, *state, &w.v);
		shuffle(&g, &seed);
		genome_split(&g, &w.v, &w.fleet, fine, scratch);
		assert_whole(&g);
		assert_near(cost_of(&w, &g, fine), part(&w, &g, 0, fine), 1e-6);
	}
}

static void a_child_has_every_stop_once_and_its_mothers_middle(void **state)
{
	uint64_t seed = 3, random = 3;
	for (size_t n = 0; n < CASES; n++) {
		struct world w;
		struct genome g[3];
		double scratch[2 * PLACES];
		bool is_taken[PLACES];
		draw(*state, &w, n % 2 ? TYPES : 1, &seed);
		for (size_t k = 0; k < 3; k++)
			genome_init(&g[k], *state, &w.v);
		shuffle(&g[0], &seed);
		shuffle(&g[1], &seed);
		genome_cross(&g[2], &g[0], &g[1], is_taken, &w.v, &random);
		size_t same = 0;
		for (size_t k = 0; k + 1 < PLACES; k++)
			same += g[2].giant[k] == g[0].giant[k];
		assert_true(same > 0);
		genome_split(&g[2], &w.v, &w.fleet, 1, scratch);
		assert_whole(&g[2]);
		assert_near(genome_distance(&g[2], &g[2], &w.v), 0, 0);
	}
}

static void a_herd_keeps_its_best_and_its_bounds(void **state)
{
	uint64_t seed = 4;
	struct world w;
	struct breeding b;
	double best = INFINITY;
	draw(*state, &w, TYPES, &seed);
	assert_true(breeding_can(&w.v));
	breeding_init(&b, *state, &w.v, 2, 7);
	for (size_t n = 0; n < 50; n++) {
		breeding_run(&b, 20);
		assert_true(b.herd.fit.count <= HERD_MOST && b.herd.unfit.count <= HERD_MOST);
		assert_true(b.herd.best.cost <= best);
		best = b.herd.best.cost;
		for (size_t k = 1; k < b.herd.fit.count; k++)
			assert_true(b.herd.fit.member[k - 1]->cost <= b.herd.fit.member[k]->cost);
	}
	assert_near(cost_of(&w, &b.herd.best, 1e6), best, 1e-6);
	w.vehicle[1].count = 1;
	assert_false(breeding_can(&w.v));
}

static void a_herd_is_the_same_whatever_the_threads(void **state)
{
	uint64_t seed = 5;
	struct world w;
	struct breeding one, three;
	draw(*state, &w, TYPES, &seed);
	breeding_init(&one, *state, &w.v, 1, 9);
	breeding_init(&three, *state, &w.v, 3, 9);
	breeding_run(&one, 1000);
	breeding_run(&three, 1000);
	assert_int_equal(one.births, three.births);
	assert_int_equal(one.herd.fit.count, three.herd.fit.count);
	for (size_t k = 0; k < one.herd.fit.count; k++)
		assert_near(one.herd.fit.member[k]->cost, three.herd.fit.member[k]->cost, 0);
	assert_near(one.herd.fine, three.herd.fine, 0);
}

/* From rounds of eight plans: every stop once, no dearer than the cheapest of the eight, nor than what is known. */
static void a_pool_gives_a_plan_as_good_as_any_in_it(void **state)
{
	uint64_t seed = 8;
	size_t better = 0;
	for (size_t n = 0; n < CASES; n++) {
		struct arena *a = *state;
		struct world w;
		struct pool p;
		struct genome g;
		struct rounds best;
		double scratch[2 * PLACES], least = INFINITY;
		draw(*state, &w, n % 2 ? TYPES : 1, &seed);
		pool_init(&p, a, &w.v, 1000);
		rounds_init(&best, a, &w.v);
		genome_init(&g, a, &w.v);
		for (size_t k = 0; k < 8; k++) {
			shuffle(&g, &seed);
			genome_split(&g, &w.v, &w.fleet, 1e6, scratch);
			assert_true(g.excess <= 0);
			genome_pool(&g, &w.v, &w.fleet, &p);
			least = fmin(least, g.cost);
		}
		struct partition_options o = {.deadline = INFINITY, .seed = n + 1};
		genome_give(&g, &w.fleet, &best);
		double before = best.cost;
		bool is_better = partition_make(&p, &best, &o);
		assert_true(is_better == (best.cost < before));
		assert_true(best.cost <= least + 1e-6);
		assert_int_equal(best.absents, 0);
		genome_take(&g, &best, &w.fleet);
		assert_whole(&g);
		assert_near(cost_of(&w, &g, 1e6), best.cost, 1e-6);
		better += best.cost < least - 1e-6;
	}
	assert_true(better > CASES / 4); /* than each of the eight */
}

static void a_full_pool_takes_nothing_new_but_what_is_cheaper(void **state)
{
	uint64_t seed = 9;
	struct world w;
	struct pool p;
	uint16_t visit[3][3] = {{1, 2, 3}, {3, 1, 2}, {4, 5, 6}};
	draw(*state, &w, TYPES, &seed);
	pool_init(&p, *state, &w.v, 1);
	pool_add(&p, &(struct pooled){.cost = 9, .size = 3, .visit = visit[0]});
	pool_add(&p, &(struct pooled){.cost = 7, .size = 3, .visit = visit[1]});
	pool_add(&p, &(struct pooled){.cost = 8, .size = 3, .visit = visit[0]});
	pool_add(&p, &(struct pooled){.cost = 1, .size = 3, .visit = visit[2]});
	assert_int_equal(p.count, 1);
	assert_int_equal(p.list[0].visit[0], 3);
}

/* Else the fine sinks until no child is within capacities any more. */
static void plans_that_were_mended_do_not_lower_the_fine(void **state)
{
	uint64_t seed = 6;
	struct world w;
	struct breeding b;
	draw(*state, &w, TYPES, &seed);
	breeding_init(&b, *state, &w.v, 1, 3);
	breeding_run(&b, HERD_RECENT);
	struct herd *h = &b.herd;
	double fine = h->fine;
	for (size_t n = 0; n < HERD_RECENT; n++) {
		herd_note(h, false);
		herd_add(h, &h->best);
	}
	herd_adapt(h);
	assert_true(h->fine > fine);
	for (size_t n = 0; n < HERD_RECENT; n++)
		herd_note(h, true);
	fine = h->fine;
	herd_adapt(h);
	assert_true(h->fine < fine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(moves_gain_what_they_say_until_none_does),
		WITH_AN_ARENA(no_parting_of_a_tour_costs_less_than_the_split),
		WITH_AN_ARENA(a_child_has_every_stop_once_and_its_mothers_middle),
		WITH_AN_ARENA(a_herd_keeps_its_best_and_its_bounds),
		WITH_AN_ARENA(a_herd_is_the_same_whatever_the_threads),
		WITH_AN_ARENA(a_pool_gives_a_plan_as_good_as_any_in_it),
		WITH_AN_ARENA(a_full_pool_takes_nothing_new_but_what_is_cheaper),
		WITH_AN_ARENA(plans_that_were_mended_do_not_lower_the_fine),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
