/* What must hold of any rounds, on problems so small that every plan can be tried: the brute force is
 * written from the definition in vrp.h and nothing else. */
#include "clock.h"
#include "columns.h"
#include "judge.h"
#include "routing.h"
#include "test.h"

enum { STOPS_MAX = 6, TYPES_MAX = 3, CASES = 40 };

static const double TOLERANCE = 1e-6;

/* What a case has besides loads and one vehicle type without end. */
enum feature {
	TWO_LOADS = 1,
	WINDOWS = 2,
	RELEASES = 4,
	TRIPS = 8,
	MIXED = 16,
	SKILLS = 32,
	OPTIONAL = 64,
	LOPSIDED = 128
};

struct world {
	struct vrp v;
	double km[49], hours[49], load[7 * 2], service[7], open[7], close[7], release[7],
		penalty[7];
	double back[49], x[7], y[7];
	uint32_t needs[7];
	struct vehicle vehicles[TYPES_MAX];
};

static double whole(uint64_t *seed, size_t low, size_t high)
{
	return (double)(low + test_pick(seed, high - low + 1));
}

static void join(struct world *w)
{
	struct vrp *v = &w->v;
	v->km = w->km;
	v->km_back = w->back;
	v->hours = w->hours;
	v->load = w->load;
	v->service = w->service;
	v->open = w->open;
	v->close = w->close;
	v->release = w->release;
	v->penalty = w->penalty;
	v->needs = w->needs;
	v->vehicles = w->vehicles;
	v->x = w->x;
	v->y = w->y;
	for (size_t i = 0; i < v->places; i++)
		for (size_t j = 0; j < v->places; j++)
			w->back[j * v->places + i] = w->km[i * v->places + j];
}

static void draw_fleet(struct world *w, unsigned features, uint64_t *seed)
{
	struct vrp *v = &w->v;
	v->types = features & MIXED ? 1 + test_pick(seed, TYPES_MAX) : 1;
	v->least_per_km = INFINITY;
	for (size_t t = 0; t < v->types; t++) {
		w->vehicles[t] = (struct vehicle){
			.count = features & MIXED ? (int)whole(seed, 0, 2) : VRP_UNLIMITED,
			.capacity = {whole(seed, 8, 20), whole(seed, 8, 20)},
			.fixed = features & MIXED ? whole(seed, 0, 20) : 0,
			.per_km = features & MIXED ? whole(seed, 1, 3) : 1,
			.close = features & WINDOWS ? whole(seed, 60, 120) : INFINITY,
			.trips = features & TRIPS ? (int)whole(seed, 1, 3) : 1,
			.skills = features & SKILLS ? (uint32_t)test_pick(seed, 4) : 0,
		};
		v->least_per_km = fmin(v->least_per_km, w->vehicles[t].per_km);
		v->has_trips |= w->vehicles[t].trips > 1;
	}
}

static void draw(struct world *w, unsigned features, uint64_t *seed)
{
	*w = (struct world){0};
	struct vrp *v = &w->v;
	v->places = 1 + (size_t)whole(seed, 1, STOPS_MAX - (features & TRIPS ? 1 : 0));
	v->depots = 1;
	v->dims = features & TWO_LOADS ? 2 : 1;
	v->grain = 1;
	v->has_time = features & (WINDOWS | RELEASES | TRIPS);
	v->has_releases = features & RELEASES;
	for (size_t i = 0; i < v->places; i++) {
		w->x[i] = whole(seed, 0, 20);
		w->y[i] = whole(seed, 0, 20);
		for (size_t d = 0; i && d < v->dims; d++)
			w->load[i * v->dims + d] = whole(seed, 0, 9);
		w->service[i] = features & (WINDOWS | TRIPS) ? whole(seed, 0, 4) : 0;
		w->close[i] = INFINITY;
		if (i && features & WINDOWS) {
			w->open[i] = whole(seed, 0, 40);
			w->close[i] = w->open[i] + whole(seed, 5, 60);
		}
		w->release[i] = i && features & RELEASES ? whole(seed, 0, 30) : 0;
		w->needs[i] = i && features & SKILLS && !test_pick(seed, 3) ? 1 : 0;
		w->penalty[i] = features & OPTIONAL ? whole(seed, 5, 50) : INFINITY;
	}
	for (size_t i = 0; i < v->places; i++)
		for (size_t j = 0; j < v->places; j++) {
			double d = ceil(hypot(w->x[i] - w->x[j], w->y[i] - w->y[j]));
			w->hours[i * v->places + j] = d;
			bool is_up = features & LOPSIDED && w->y[j] > w->y[i];
			w->km[i * v->places + j] = is_up ? d + 2 : d;
		}
	draw_fleet(w, features, seed);
	join(w);
}

/* The cost of one round in this order (0 unloads), infinite when a rule is broken. */
static double try_round(
	const struct vrp *v, const struct vehicle *b, const uint32_t *visit, size_t n)
{
	double cost = b->fixed, now = b->open;
	size_t trips = 0;
	uint32_t at = 0;
	for (size_t p = 0; p <= n; p++) {
		uint32_t to = p < n ? visit[p] : 0;
		if (!at) {
			double load[2] = {0};
			trips++;
			for (size_t q = p; q < n && visit[q]; q++) {
				now = fmax(now, v->release[visit[q]]);
				if (v->needs[visit[q]] & ~b->skills)
					return INFINITY;
				for (size_t d = 0; d < v->dims; d++)
					load[d] += v->load[visit[q] * v->dims + d];
			}
			for (size_t d = 0; d < v->dims; d++)
				if (load[d] > b->capacity[d])
					return INFINITY;
		}
		cost += b->per_km * vrp_km(v, at, to);
		now = fmax(now + vrp_hours(v, at, to), v->open[to]);
		if (v->has_time && now > v->close[to])
			return INFINITY;
		if (p < n)
			now += v->service[to];
		at = to;
	}
	return trips > (size_t)b->trips || (v->has_time && now > b->close) ? INFINITY : cost;
}

/* best[set] = the cheapest round through exactly these stops, of this vehicle. */
static void try_all(const struct vrp *v, const struct vehicle *b, uint32_t *visit, size_t n,
	size_t set, double *best)
{
	if (n && visit[n - 1])
		best[set] = fmin(best[set], try_round(v, b, visit, n));
	for (uint32_t i = 0; i < v->places; i++) {
		bool is_unloading = !i;
		if (is_unloading ? b->trips < 2 || !n || !visit[n - 1] : set >> (i - 1) & 1)
			continue;
		visit[n] = i;
		if (!is_unloading || n + 1 < 2 * v->places)
			try_all(v, b, visit, n + 1, is_unloading ? set : set | (size_t)1 << (i - 1),
				best);
	}
}

static double brute(const struct vrp *v)
{
	enum { SETS = 1 << STOPS_MAX };
	size_t stops = v->places - 1, sets = (size_t)1 << stops;
	double least[SETS];
	for (size_t set = 0; set < sets; set++) {
		least[set] = 0;
		for (size_t i = 0; i < stops; i++)
			if (!(set >> i & 1))
				least[set] += v->penalty[i + 1];
	}
	/* now[set]: the cheapest way to serve just these with the vehicles so far; they come one by one.
	 * least[set]: the penalties of the others. */
	double now[SETS];
	for (size_t set = 0; set < sets; set++)
		now[set] = set ? INFINITY : 0;
	for (size_t t = 0; t < v->types; t++) {
		double best[SETS];
		uint32_t visit[4 * STOPS_MAX];
		for (size_t set = 0; set < sets; set++)
			best[set] = INFINITY;
		try_all(v, &v->vehicles[t], visit, 0, 0, best);
		for (size_t k = 0; k < stops && (int)k < v->vehicles[t].count; k++)
			for (size_t set = sets; set--;)
				for (size_t part = set; part; part = (part - 1) & set)
					now[set] = fmin(now[set], now[set & ~part] + best[part]);
	}
	double found = INFINITY;
	for (size_t set = 0; set < sets; set++)
		found = fmin(found, now[set] + least[set]);
	return found;
}

struct outcome {
	double cost, bound; /* cost is infinite when a stop that must be visited is not */
	struct ruling ruling;
};

static struct outcome solve(struct arena *a, const struct vrp *v, uint64_t seed)
{
	struct routing_options o = {.turns = 3, .threads = 1, .seed = seed};
	struct columns_options c = {.deadline = clock_seconds() + 20};
	struct routing_answer found = {0};
	struct columns_answer proof;
	struct outcome out = {.bound = -INFINITY};
	struct err e;
	routing_solve(a, v, &o, &found);
	if (columns_bound(a, v, &found.best, &c, &proof))
		out.bound = proof.bound;
	struct tour *tours = arena_array(a, struct tour, found.best.count);
	size_t count = 0;
	for (size_t r = 0; r < found.best.count; r++) {
		const struct round *x = &found.best.round[r];
		if (x->length)
			tours[count++] = (struct tour){x->type, x->length, x->visit};
	}
	assert_ok(judge_rounds(a, v, tours, count, &out.ruling, &e), e);
	out.cost = out.ruling.is_complete ? out.ruling.cost : INFINITY;
	if (out.ruling.is_complete)
		assert_near(out.cost, found.best.cost, TOLERANCE);
	return out;
}

static bool is_proved(const struct outcome *o)
{
	return isfinite(o->cost) && o->bound >= o->cost - TOLERANCE;
}

/* Each feature by itself, then all sorts together. */
static void compare_with_brute_force(
	struct arena *a, unsigned features, size_t *found, size_t *proved)
{
	uint64_t seed = 1000 + features;
	for (size_t n = 0; n < CASES; n++) {
		struct world w;
		draw(&w, features, &seed);
		double least = brute(&w.v);
		struct outcome o = solve(a, &w.v, n + 1);
		if (o.cost < least - TOLERANCE)
			fail_msg("features %u case %zu: %g is below the optimum %g", features, n,
				o.cost, least);
		if (isfinite(least) && o.bound > least + TOLERANCE)
			fail_msg("features %u case %zu: the bound %g is above the optimum %g",
				features, n, o.bound, least);
		*found += o.cost <= least + TOLERANCE || (isinf(o.cost) && isinf(least));
		*proved += is_proved(&o);
	}
}

static void no_plan_beats_the_optimum_and_no_bound_passes_it(void **state)
{
	static const unsigned cases[] = {0, TWO_LOADS, WINDOWS, RELEASES | TRIPS, WINDOWS | TRIPS,
		MIXED, SKILLS | MIXED, OPTIONAL, LOPSIDED, OPTIONAL | MIXED,
		WINDOWS | MIXED | OPTIONAL,
		TWO_LOADS | WINDOWS | RELEASES | TRIPS | MIXED | SKILLS | OPTIONAL | LOPSIDED};
	size_t found = 0, proved = 0, total = 0;
	for (size_t n = 0; n < sizeof cases / sizeof *cases; n++, total += CASES)
		compare_with_brute_force(*state, cases[n], &found, &proved);
	print_message("optimum found %zu, proved %zu of %zu\n", found, proved, total);
	assert_true(100 * found >= 98 * total);
	assert_true(2 * proved >= total);
}

/* Stops in another order, the depot stays. */
static void permute(const struct world *w, struct world *out, uint64_t *seed)
{
	size_t order[7] = {0}, n = w->v.places;
	*out = *w;
	for (size_t i = 1; i < n; i++)
		order[i] = i;
	for (size_t i = n - 1; i > 1; i--) {
		size_t j = 1 + test_pick(seed, i), kept = order[i];
		order[i] = order[j];
		order[j] = kept;
	}
	for (size_t i = 0; i < n; i++) {
		size_t from = order[i];
		for (size_t d = 0; d < w->v.dims; d++)
			out->load[i * w->v.dims + d] = w->load[from * w->v.dims + d];
		out->service[i] = w->service[from];
		out->open[i] = w->open[from];
		out->close[i] = w->close[from];
		out->penalty[i] = w->penalty[from];
		out->needs[i] = w->needs[from];
		out->x[i] = w->x[from];
		out->y[i] = w->y[from];
		for (size_t j = 0; j < n; j++) {
			out->km[i * n + j] = w->km[from * n + order[j]];
			out->hours[i * n + j] = w->hours[from * n + order[j]];
		}
	}
	join(out);
}

static void the_order_of_stops_changes_no_proved_cost(void **state)
{
	uint64_t seed = 7;
	size_t compared = 0;
	for (size_t n = 0; n < CASES; n++) {
		struct world w, other;
		draw(&w, n % 2 ? WINDOWS : MIXED | OPTIONAL, &seed);
		permute(&w, &other, &seed);
		struct outcome a = solve(*state, &w.v, 1), b = solve(*state, &other.v, 1);
		if (!is_proved(&a) || !is_proved(&b))
			continue;
		assert_near(a.cost, b.cost, TOLERANCE);
		compared++;
	}
	assert_true(2 * compared > CASES);
}

static void a_vehicle_more_or_a_window_less_never_costs_more(void **state)
{
	uint64_t seed = 8;
	size_t compared = 0;
	for (size_t n = 0; n < CASES; n++) {
		struct world w;
		draw(&w, MIXED | OPTIONAL | WINDOWS, &seed);
		struct outcome before = solve(*state, &w.v, 1);
		if (n % 2)
			w.vehicles[0].count++;
		else
			w.close[1] = INFINITY;
		struct outcome after = solve(*state, &w.v, 1);
		if (!is_proved(&before) || !is_proved(&after))
			continue;
		assert_true(after.cost <= before.cost + TOLERANCE);
		compared++;
	}
	assert_true(2 * compared > CASES);
}

static void same_seed_and_turns_same_rounds(void **state)
{
	uint64_t seed = 9;
	for (size_t n = 0; n < CASES; n++) {
		struct world w;
		draw(&w, n % 2 ? RELEASES | TRIPS : MIXED, &seed);
		struct routing_options o = {.turns = 2, .threads = 2, .seed = n};
		struct routing_answer x = {0}, y = {0};
		routing_solve(*state, &w.v, &o, &x);
		routing_solve(*state, &w.v, &o, &y);
		assert_int_equal(x.best.count, y.best.count);
		for (size_t r = 0; r < x.best.count; r++) {
			const struct round *p = &x.best.round[r], *q = &y.best.round[r];
			assert_int_equal(p->length, q->length);
			assert_true(!p->length ||
				    (p->type == q->type && !memcmp(p->visit, q->visit,
								   p->length * sizeof *p->visit)));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(no_plan_beats_the_optimum_and_no_bound_passes_it),
		WITH_AN_ARENA(the_order_of_stops_changes_no_proved_cost),
		WITH_AN_ARENA(a_vehicle_more_or_a_window_less_never_costs_more),
		WITH_AN_ARENA(same_seed_and_turns_same_rounds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
