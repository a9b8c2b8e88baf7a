/* What must hold of any rounds of a question of ours, on questions so small that every plan can be tried (brute_rounds.h);
 * questions go through their file. */
#include "brute_rounds.h"
#include "planning.h"
#include "routing.h"
#include "test.h"

#include <stdlib.h>

enum { CASES = 30 };

static const double TOLERANCE = 1e-4; /* EUR: hours are judged to a millionth */

/* What a case has besides one vehicle, one day and loads. */
enum feature {
	DAYS = 1,
	WINDOWS = 2,
	HOURS = 4,
	DRIVING = 8,
	TRIPS = 16,
	FLEET = 32,
	OPTIONAL = 64,
	OFTEN = 128,
	SKIPS = 256,
	HUBS = 512,
	NO_WAYS = 1024,
	OPENINGS = 2048,  /* of hubs */
	BOUND = 4096,     /* vehicles to flows, pick-ups to hubs */
	PACKED = 8192,    /* volume and floor, several flows a visit, weights known better */
	LOPSIDED = 16384, /* there is not back, and hours are not km */
};

static double whole(uint64_t *seed, size_t low, size_t high)
{
	return (double)(low + test_pick(seed, high - low + 1));
}

static const char *const day_names[] = {"lundi", "mardi", "mercredi", "jeudi", "vendredi"};

/* Windows of a quarter of an hour's grain, one or two a day, of `least` hours. */
static void write_windows(struct jout *j, size_t days, double least, uint64_t *seed)
{
	jout_key(j, "windows");
	jout_open(j, '[');
	for (size_t d = 0; d < days; d++) {
		double open = 6 + whole(seed, 0, 16) / 4;
		for (size_t n = 0, count = 1 + test_pick(seed, 2); n < count; n++) {
			double close = fmin(24, open + least + whole(seed, 2, 16) / 4);
			jout_open(j, '{');
			jout_key(j, "days");
			jout_open(j, '[');
			jout_text(j, day_names[d]);
			jout_close(j);
			jout_kv_real(j, "open_h", open);
			jout_kv_real(j, "close_h", close);
			jout_close(j);
			open = fmin(24, close + whole(seed, 1, 8) / 4);
		}
	}
	jout_close(j);
}

static void write_words(struct jout *j, const char *key, const char *one, const char *other)
{
	jout_key(j, key);
	jout_open(j, '[');
	jout_text(j, one);
	if (other)
		jout_text(j, other);
	jout_close(j);
}

static void write_matrix(struct jout *j, size_t places, unsigned features, uint64_t *seed)
{
	double x[8], y[8];
	for (size_t i = 0; i < places; i++) {
		x[i] = whole(seed, 0, 60);
		y[i] = whole(seed, 0, 60);
	}
	jout_key(j, "matrix");
	jout_open(j, '{');
	for (int table = 0; table < (features & LOPSIDED ? 2 : 1); table++) {
		jout_key(j, table ? "hours" : "km");
		jout_open(j, '[');
		for (size_t i = 0; i < places; i++) {
			jout_open(j, '[');
			for (size_t k = 0; k < places; k++) {
				double way = ceil(hypot(x[i] - x[k], y[i] - y[k]));
				if (features & LOPSIDED && i != k)
					way = table ? way / whole(seed, 30, 60)
						    : way + whole(seed, 0, 20);
				if (i != k && features & NO_WAYS && !test_pick(seed, 6))
					jout_null(j);
				else
					jout_real(j, way);
			}
			jout_close(j);
		}
		jout_close(j);
	}
	jout_close(j);
}

static void write_pickups(struct jout *j, struct arena *a, size_t points, size_t days,
	unsigned features, uint64_t *seed)
{
	size_t left = BRUTE_VISITS_MOST;
	jout_key(j, "pickups");
	jout_open(j, '[');
	for (size_t n = 0; n < points && left; n++) {
		size_t visits = features & OFTEN && left > 1 ? 1 + test_pick(seed, 2) : 1;
		left -= visits;
		jout_open(j, '{');
		jout_kv_text(j, "id", arena_printf(a, "c%zu", n));
		jout_kv_text(j, "point", arena_printf(a, "p%zu", n));
		jout_kv_real(j, "service_min", 15 * whole(seed, 0, 4));
		jout_kv_int(j, "visits", (int64_t)visits);
		if (features & OFTEN)
			jout_kv_int(j, "gap_days", (int64_t)(1 + test_pick(seed, 2)));
		if (features & OPTIONAL)
			jout_kv_real(j, "penalty_eur", whole(seed, 20, 150));
		if (features & FLEET && !test_pick(seed, 3)) {
			jout_key(j, "skills");
			jout_open(j, '[');
			jout_text(j, "grue");
			jout_close(j);
		}
		if (features & WINDOWS && test_pick(seed, 2))
			write_windows(j, days, 0, seed);
		if (features & BOUND && !test_pick(seed, 3))
			write_words(j, "hubs", test_pick(seed, 2) ? "h0" : "h1", NULL);
		jout_key(j, "loads");
		jout_open(j, '[');
		jout_open(j, '{');
		bool is_skip = features & (SKIPS | BOUND) && test_pick(seed, 2);
		jout_kv_text(j, "flow", is_skip ? "benne" : "cage");
		jout_kv_real(j, "units", features & SKIPS ? 1 : whole(seed, 1, 9));
		jout_close(j);
		if (features & PACKED && test_pick(seed, 2)) {
			jout_open(j, '{');
			jout_kv_text(j, "flow", "palette");
			jout_kv_real(j, "units", whole(seed, 1, 4));
			if (test_pick(seed, 2))
				jout_kv_real(j, "weight_kg", whole(seed, 1, 5));
			jout_close(j);
		}
		jout_close(j);
		jout_close(j);
	}
	jout_close(j);
}

static void write_vehicles(struct jout *j, struct arena *a, size_t hubs, size_t days,
	unsigned features, uint64_t *seed)
{
	size_t types = features & FLEET ? 2 : hubs;
	jout_key(j, "vehicles");
	jout_open(j, '[');
	for (size_t n = 0; n < types; n++) {
		jout_open(j, '{');
		jout_kv_text(j, "id", arena_printf(a, "v%zu", n));
		jout_kv_text(j, "hub", arena_printf(a, "h%zu", n % hubs));
		jout_kv_int(j, "count", features & FLEET ? (int64_t)test_pick(seed, 3) : 2);
		jout_kv_int(j, "trips", features & (TRIPS | SKIPS) ? 3 : 1);
		jout_kv_real(j, "start_h", 6 + whole(seed, 0, 2));
		jout_kv_real(j, "end_h", 12 + whole(seed, 0, 6));
		if (features & DAYS && days > 1 && !test_pick(seed, 3)) {
			jout_key(j, "days");
			jout_open(j, '[');
			jout_text(j, day_names[test_pick(seed, days)]);
			jout_close(j);
		}
		jout_key(j, "capacity");
		jout_open(j, '{');
		jout_kv_real(j, "weight_kg", whole(seed, 8, 20));
		jout_kv_real(j, "skips", features & (SKIPS | BOUND) ? whole(seed, 1, 2) : 0);
		if (features & PACKED) {
			jout_kv_real(j, "volume_m3", whole(seed, 6, 24));
			jout_kv_real(j, "places", whole(seed, 3, 8));
		}
		jout_close(j);
		if (features & BOUND && test_pick(seed, 2))
			write_words(j, "flows", n % 2 ? "cage" : "benne", "palette");
		jout_key(j, "skills");
		jout_open(j, '[');
		if (features & FLEET && test_pick(seed, 2))
			jout_text(j, "grue");
		jout_close(j);
		jout_kv_real(j, "eur_day", whole(seed, 0, 40));
		jout_kv_real(j, "eur_km", whole(seed, 0, 2));
		jout_kv_real(j, "eur_h", features & HOURS ? whole(seed, 0, 30) : 0);
		if (features & HOURS) {
			jout_kv_real(j, "overtime_after_h", whole(seed, 1, 5));
			jout_kv_real(j, "eur_overtime_h", whole(seed, 0, 20));
		}
		jout_close(j);
	}
	jout_close(j);
}

/* The file of a question with these features. */
static struct buf draw(struct arena *a, unsigned features, uint64_t *seed)
{
	struct buf b;
	struct jout out, *j = &out;
	buf_init(&b, a, BUF_NO_LIMIT);
	jout_init(j, &b);
	size_t days = features & (DAYS | OFTEN) ? 2 + test_pick(seed, features & OFTEN ? 4 : 2) : 1;
	size_t points = 1 + test_pick(seed, BRUTE_VISITS_MOST), hubs = features & HUBS ? 2 : 1;
	jout_open(j, '{');
	jout_kv_text(j, "format", "recircuit-rounds-1");
	jout_key(j, "days");
	jout_open(j, '[');
	for (size_t d = 0; d < days; d++)
		jout_text(j, day_names[d]);
	jout_close(j);
	jout_key(j, "haulage");
	jout_open(j, '{');
	jout_kv_real(j, "speed_km_h", 40);
	jout_close(j);
	if (features & DRIVING) {
		jout_key(j, "driving");
		jout_open(j, '{');
		jout_kv_real(j, "max_h", whole(seed, 4, 9));
		jout_kv_real(j, "before_break_h", whole(seed, 2, 8) / 4);
		jout_kv_real(j, "break_min", 15 * whole(seed, 1, 3));
		jout_close(j);
	}
	write_matrix(j, hubs + points, features, seed);
	jout_key(j, "flows");
	jout_open(j, '[');
	jout_raw(j, features & PACKED ? "{\"id\": \"cage\", \"weight_kg\": 1, \"volume_m3\": 1.5}"
				      : "{\"id\": \"cage\", \"weight_kg\": 1}");
	jout_raw(j, "{\"id\": \"benne\", \"weight_kg\": 4, \"skips\": 1}");
	jout_raw(j, "{\"id\": \"palette\", \"volume_m3\": 0.5, \"weight_kg\": 2, \"places\": 1}");
	jout_close(j);
	jout_key(j, "hubs");
	jout_open(j, '[');
	for (size_t h = 0; h < hubs; h++) {
		jout_open(j, '{');
		jout_kv_text(j, "id", arena_printf(a, "h%zu", h));
		jout_kv_real(j, "unload_min", 15 * whole(seed, 0, 2));
		if (features & OPENINGS)
			write_windows(j, days, 4, seed);
		jout_close(j);
	}
	jout_close(j);
	jout_key(j, "points");
	jout_open(j, '[');
	for (size_t n = 0; n < points; n++) {
		jout_open(j, '{');
		jout_kv_text(j, "id", arena_printf(a, "p%zu", n));
		jout_close(j);
	}
	jout_close(j);
	write_pickups(j, a, points, days, features, seed);
	write_vehicles(j, a, hubs, days, features, seed);
	jout_close(j);
	return b;
}

/* ---- What is asked of the search ---- */

static void question(struct arena *a, const struct buf *b, struct collection *c)
{
	struct err e;
	assert_ok(collection_read(a, b->data, b->len, c, &e), e);
}

/* Infinite when a visit that must be made is not. */
static double solve(
	struct arena *a, const struct collection *c, uint64_t seed, struct itinerary *it)
{
	struct posing p;
	struct routing_options o = {.turns = 3, .threads = 1, .seed = seed};
	struct routing_answer found = {0};
	struct err e;
	size_t count;
	posing_make(a, c, &p);
	if (p.vrp.places > p.vrp.depots)
		routing_solve(a, &p.vrp, &o, &found);
	struct outing *outings = planning_outings(a, c, &p, &found.best, &count);
	assert_ok(itinerary_make(a, c, outings, count, it, &e), e);
	if (it->is_complete && p.vrp.places - p.vrp.depots == it->visits + it->unserved_count)
		assert_near(it->cost, found.best.cost, TOLERANCE);
	return it->is_complete ? it->cost : INFINITY;
}

/* The best of a few searches: what is compared are optima. */
static double solve_well(struct arena *a, const struct collection *c)
{
	double least = INFINITY;
	for (uint64_t seed = 1; seed <= 4; seed++) {
		struct itinerary it;
		least = fmin(least, solve(a, c, seed, &it));
	}
	return least;
}

static void the_best_plan_is_found_and_no_plan_is_better(void **state)
{
	static const unsigned cases[] = {0, DAYS, WINDOWS, WINDOWS | HOURS, DRIVING | HOURS,
		DRIVING | WINDOWS | HOURS, TRIPS | HOURS, FLEET | DAYS, OPTIONAL | HOURS,
		OFTEN | OPTIONAL, OFTEN | WINDOWS, SKIPS, SKIPS | HOURS | WINDOWS, HUBS | FLEET,
		NO_WAYS | OPTIONAL, OPENINGS | TRIPS | HOURS, BOUND | HUBS | OPTIONAL,
		PACKED | TRIPS, LOPSIDED | DRIVING | HOURS,
		OPENINGS | PACKED | LOPSIDED | TRIPS | HUBS | DAYS | HOURS,
		DAYS | WINDOWS | HOURS | DRIVING | TRIPS | FLEET | OPTIONAL | SKIPS | HUBS};
	struct arena *own = arena_new();
	size_t found = 0, total = 0;
	(void)state;
	for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
		uint64_t seed = 100 + cases[n];
		size_t here = 0;
		for (size_t k = 0; k < CASES; k++, total++) {
			struct collection c;
			struct itinerary it;
			struct buf b = draw(own, cases[n], &seed);
			question(own, &b, &c);
			double least = brute_rounds(&c), cost = solve(own, &c, k + 1, &it);
			if (cost < least - TOLERANCE)
				fail_msg("features %u case %zu: %.9g is below the optimum %.9g\n%s",
					cases[n], k, cost, least, b.data);
			here += cost <= least + TOLERANCE;
			arena_reset(own);
		}
		if (here < CASES)
			print_message(
				"features %u: optimum found %zu of %d\n", cases[n], here, CASES);
		found += here;
	}
	print_message("optimum found %zu of %zu\n", found, total);
	assert_true(100 * found >= 98 * total);
	arena_free(own);
}

/* The same question with its pick-ups in the opposite order. */
static void the_order_of_pickups_changes_nothing(void **state)
{
	uint64_t seed = 7;
	for (size_t n = 0; n < CASES; n++) {
		struct collection c, other;
		struct buf b = draw(
			*state, n % 2 ? WINDOWS | HOURS | DAYS : FLEET | OPTIONAL | TRIPS, &seed);
		question(*state, &b, &c);
		other = c;
		struct pickup *list = arena_array(*state, struct pickup, c.pickups);
		for (size_t i = 0; i < c.pickups; i++)
			list[i] = c.pickup[c.pickups - 1 - i];
		other.pickup = list;
		double x = solve_well(*state, &c), y = solve_well(*state, &other);
		if (!isinf(x) || !isinf(y))
			assert_near(x, y, TOLERANCE);
	}
}

static void a_vehicle_more_never_costs_more(void **state)
{
	uint64_t seed = 8;
	for (size_t n = 0; n < CASES; n++) {
		struct collection c;
		struct buf b = draw(*state, FLEET | WINDOWS | HOURS | OPTIONAL | DAYS, &seed);
		question(*state, &b, &c);
		double before = solve_well(*state, &c);
		struct carrier *list = arena_array(*state, struct carrier, c.carriers);
		memcpy(list, c.carrier, c.carriers * sizeof *list);
		list[n % c.carriers].count++;
		c.carrier = list;
		double after = solve_well(*state, &c);
		if (after > before + TOLERANCE)
			fail_msg("case %zu (%zu): %g became %g; the optimum is %g\n%s", n,
				n % c.carriers, before, after, brute_rounds(&c), b.data);
	}
}

/* One window becomes two with a closed hour between. */
static void a_window_split_never_costs_less(void **state)
{
	static const uint32_t whole_day[] = {0, 1}, in_two[] = {0, 2};
	uint64_t seed = 9;
	for (size_t n = 0; n < CASES; n++) {
		struct collection c;
		struct buf b = draw(*state, HOURS | OPTIONAL | (n % 2 ? DRIVING : TRIPS), &seed);
		question(*state, &b, &c);
		struct pickup *list = arena_array(*state, struct pickup, c.pickups);
		struct opening one[] = {{8, 17}},
			       two[] = {{8, 9 + (double)(n % 5)}, {11 + (double)(n % 5), 17}};
		memcpy(list, c.pickup, c.pickups * sizeof *list);
		c.pickup = list;
		list[0].hours = (struct timetable){whole_day, one, NULL};
		double before = solve_well(*state, &c);
		list[0].hours = (struct timetable){in_two, two, NULL};
		assert_true(solve_well(*state, &c) >= before - TOLERANCE);
	}
}

static const char *answer_text(struct arena *a, const struct itinerary *it)
{
	struct planning_head head = {.sha256 = "abc", .seed = 1, .bound = -INFINITY};
	struct buf b;
	struct jout j;
	buf_init(&b, a, BUF_NO_LIMIT);
	jout_init(&j, &b);
	planning_write(a, &j, &head, it);
	return b.data;
}

static void same_seed_same_answer(void **state)
{
	uint64_t seed = 10;
	for (size_t n = 0; n < CASES / 3; n++) {
		struct collection c;
		struct itinerary x, y;
		struct buf b =
			draw(*state, FLEET | WINDOWS | HOURS | OPTIONAL | OFTEN | TRIPS, &seed);
		question(*state, &b, &c);
		solve(*state, &c, n, &x);
		solve(*state, &c, n, &y);
		assert_string_equal(answer_text(*state, &x), answer_text(*state, &y));
	}
}

static bool check(struct arena *a, const struct collection *c, const char *text, struct err *e)
{
	struct jin root;
	struct itinerary it;
	return jin_parse(a, text, strlen(text), &root, e) &&
	       planning_check(a, c, "abc", &root, &it, e);
}

/* Every number of every answer, one by one, is made larger. */
static void no_number_of_an_answer_can_be_changed(void **state)
{
	static const char *const free[] = {"\"seed\":", "\"seconds\":", "\"iterations\":"};
	struct arena *own = arena_new();
	uint64_t seed = 11;
	size_t changed = 0;
	for (size_t n = 0; n < 6; n++) {
		struct collection c;
		struct itinerary it;
		struct err e = {0};
		struct buf b = draw(*state,
			FLEET | WINDOWS | HOURS | OPTIONAL | DRIVING | SKIPS |
				(n % 2 ? OFTEN : HUBS),
			&seed);
		question(*state, &b, &c);
		solve(*state, &c, 1, &it);
		const char *text = answer_text(*state, &it);
		assert_ok(check(*state, &c, text, &e), e);
		for (const char *at = strchr(text, ':'); at; at = strchr(at + 1, ':')) {
			bool is_free = false;
			for (size_t k = 0; k < sizeof free / sizeof *free; k++) {
				size_t length = strlen(free[k]);
				is_free |= (size_t)(at + 1 - text) >= length &&
					   !strncmp(at + 1 - length, free[k], length);
			}
			if (is_free || !strchr("-0123456789", at[1]))
				continue;
			char *end;
			double value = strtod(at + 1, &end);
			bool is_whole = !memchr(at + 1, '.', (size_t)(end - at - 1));
			const char *other =
				arena_printf(own, is_whole ? "%.*s%.0f%s" : "%.*s%.6f%s",
					(int)(at + 1 - text), text, value + 1, end);
			if (check(own, &c, other, &e))
				fail_msg("accepted: %.80s... with %g + 1", at - 12, value);
			changed++;
			arena_reset(own);
		}
	}
	assert_true(changed > 300);
	arena_free(own);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(the_best_plan_is_found_and_no_plan_is_better),
		WITH_AN_ARENA(the_order_of_pickups_changes_nothing),
		WITH_AN_ARENA(a_vehicle_more_never_costs_more),
		WITH_AN_ARENA(a_window_split_never_costs_less),
		WITH_AN_ARENA(same_seed_same_answer),
		WITH_AN_ARENA(no_number_of_an_answer_can_be_changed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
