/* The bound on rounds where inequalities, the census and the search tree have work to do: ten stops or so, against dynamic
 * programming over all sets. */
#include "columns.h"
#include "clock.h"
#include "judge.h"
#include "subset.h"
#include "test.h"

enum { STOPS_MAX = 11, PLACES_MAX = STOPS_MAX + 1, SETS = 1 << STOPS_MAX, CASES = 25 };

static const double TOLERANCE = 1e-6;

struct world {
	struct vrp v;
	double km[PLACES_MAX * PLACES_MAX], x[PLACES_MAX], y[PLACES_MAX], load[PLACES_MAX],
		zero[PLACES_MAX], close[PLACES_MAX], penalty[PLACES_MAX];
	uint32_t needs[PLACES_MAX];
	struct vehicle vehicles[2];
};

static double whole(uint64_t *seed, size_t low, size_t high)
{
	return (double)(low + test_pick(seed, high - low + 1));
}

static void draw(struct world *w, size_t types, bool is_optional, uint64_t *seed)
{
	*w = (struct world){0};
	size_t places = 1 + (size_t)whole(seed, STOPS_MAX - 3, STOPS_MAX);
	for (size_t i = 0; i < places; i++) {
		w->x[i] = whole(seed, 0, 100);
		w->y[i] = whole(seed, 0, 100);
		w->load[i] = i ? whole(seed, 1, 9) : 0;
		w->close[i] = INFINITY;
		w->penalty[i] = is_optional ? whole(seed, 10, 90) : INFINITY;
	}
	for (size_t i = 0; i < places; i++)
		for (size_t j = 0; j < places; j++)
			w->km[i * places + j] =
				floor(hypot(w->x[i] - w->x[j], w->y[i] - w->y[j]) + 0.5);
	for (size_t t = 0; t < types; t++)
		w->vehicles[t] = (struct vehicle){.count = VRP_UNLIMITED,
			.capacity = {whole(seed, 12, 24)},
			.fixed = types > 1 ? whole(seed, 0, 20) : 0,
			.per_km = 1,
			.close = INFINITY,
			.trips = 1};
	w->v = (struct vrp){.places = places,
		.depots = 1,
		.types = types,
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
		.grain = 1};
}

/* round[set]: the shortest way from the depot through these stops and back (Held, Karp 1962). */
static void shortest(const struct vrp *v, double *round)
{
	static double way[SETS][STOPS_MAX];
	size_t stops = v->places - 1;
	for (size_t set = 1; set < (size_t)1 << stops; set++) {
		round[set] = INFINITY;
		for (size_t i = 0; i < stops; i++) {
			size_t rest = set & ~((size_t)1 << i);
			way[set][i] = INFINITY;
			if (!(set >> i & 1))
				continue;
			if (!rest)
				way[set][i] = vrp_km(v, 0, i + 1);
			for (size_t j = 0; j < stops; j++)
				if (rest >> j & 1)
					way[set][i] = fmin(way[set][i],
						way[rest][j] + vrp_km(v, j + 1, i + 1));
			round[set] = fmin(round[set], way[set][i] + vrp_km(v, i + 1, 0));
		}
	}
}

static double optimum(const struct vrp *v)
{
	static double round[SETS], best[SETS];
	size_t stops = v->places - 1;
	shortest(v, round);
	best[0] = 0;
	for (size_t set = 1; set < (size_t)1 << stops; set++) {
		double load = 0, cost = INFINITY;
		for (size_t i = 0; i < stops; i++)
			load += set >> i & 1 ? v->load[i + 1] : 0;
		for (size_t t = 0; t < v->types; t++)
			if (load <= v->vehicles[t].capacity[0])
				cost = fmin(cost, v->vehicles[t].fixed + round[set]);
		round[set] = cost;
	}
	for (size_t set = 1; set < (size_t)1 << stops; set++) {
		size_t low = set & -set, i = (size_t)__builtin_ctzll(set);
		best[set] = best[set & ~low] + v->penalty[i + 1];
		for (size_t part = set; part; part = (part - 1) & set)
			if (part & low)
				best[set] = fmin(best[set], best[set & ~part] + round[part]);
	}
	return best[((size_t)1 << stops) - 1];
}

/* From rounds of one stop each, the bound must say what the optimum is, and find it. */
static void prove(struct arena *a, const struct vrp *v)
{
	struct rounds best;
	struct columns_options o = {.deadline = clock_seconds() + 100};
	struct columns_answer out;
	rounds_init(&best, a, v);
	for (uint32_t i = 1; i < v->places; i++) {
		uint32_t t = 0;
		while (v->load[i] > v->vehicles[t].capacity[0])
			t++;
		rounds_add(&best, t, &i, 1);
	}
	double least = optimum(v);
	assert_true(columns_bound(a, v, &best, &o, &out));
	assert_near(out.bound, least, TOLERANCE);
	assert_near(best.cost, least, TOLERANCE);
}

static void proves_what_dynamic_programming_finds(void **state)
{
	uint64_t seed = 1;
	for (size_t n = 0; n < CASES; n++) {
		struct world w;
		struct arena *a = arena_new();
		draw(&w, 1 + n % 2, n % 3 == 2, &seed);
		prove(a, &w.v);
		arena_free(a);
	}
	(void)state;
}

/* Whatever the memory, a round counts no more than visits / 2, and no less with every stop remembered. */
static void a_smaller_memory_counts_less(void **state)
{
	uint64_t seed = 2;
	struct world w;
	draw(&w, 1, false, &seed);
	size_t stops = w.v.places - 1;
	for (size_t n = 0; n < 2000; n++) {
		uint32_t visit[STOPS_MAX];
		struct column c = {.length = (uint32_t)whole(&seed, 1, stops), .visit = visit};
		struct subset s = {0}, all;
		size_t visits = 0;
		for (size_t k = 0; k < 3; k++)
			s.members.word[0] |= (uint64_t)1 << test_pick(&seed, stops);
		s.memory.word[0] = s.members.word[0] | test_pick(&seed, (size_t)1 << stops);
		all = s;
		memset(&all.memory, 0xff, sizeof all.memory);
		for (uint32_t p = 0; p < c.length; p++) {
			visit[p] = 1 + (uint32_t)test_pick(&seed, stops);
			visits += s.members.word[0] >> (visit[p] - 1) & 1;
		}
		int small = subset_count(&s, &w.v, &c), full = subset_count(&all, &w.v, &c);
		assert_true(small <= full);
		assert_int_equal(full, visits / 2);
		for (uint32_t p = 0; p < c.length / 2; p++) {
			uint32_t kept = visit[p];
			visit[p] = visit[c.length - 1 - p];
			visit[c.length - 1 - p] = kept;
		}
		assert_int_equal(subset_count(&s, &w.v, &c), small); /* the same backwards */
	}
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(proves_what_dynamic_programming_finds),
		WITH_AN_ARENA(a_smaller_memory_counts_less),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
