/* Every kind of model, tiny, against the enumeration of all plans. */
#include "siting.h"
#include "brute.h"
#include "check.h"
#include "engine.h"
#include "relax.h"
#include "test.h"

#include <math.h>

enum { POINTS = 6, SITES = 4, FLOWS = 2, YEARS = 2, LEVELS = 2 };

static const double EXACT = 2e-6; /* what an engine calls proved, and rounding */
static const double ABOUT = 0.01;

/* A model with room for the largest of the kind; arrays are the test's to change. */
struct small {
	struct model model;
	double discount[YEARS], tonnes[FLOWS * YEARS * POINTS], haul[FLOWS][SITES * POINTS];
	double rate[FLOWS * YEARS], gate[SITES * FLOWS * YEARS], site_cost[SITES * YEARS];
	double capacity[SITES * FLOWS * LEVELS];
	double running[SITES * FLOWS * LEVELS * YEARS], build[SITES * FLOWS * LEVELS * YEARS];
	double closing[SITES * FLOWS * LEVELS * YEARS];
	const double *hauls[FLOWS];
	struct line lines[SITES * FLOWS];
};

struct shape {
	size_t points, sites, flows, years;
	int levels;
	bool is_single, has_fixed, has_number, is_free; /* is_free: no capacities */
	bool is_general; /* straight to the engine for models of every kind, however small */
};

static void make_line(struct small *x, const struct shape *s, size_t j, size_t k, uint64_t *state)
{
	struct line *line = &x->lines[j * s->flows + k];
	*line = (struct line){.levels = s->levels, .start = LEVEL_NONE, .first = x->model.levels};
	x->model.levels += (size_t)s->levels;
	double u = 0;
	for (int l = 0; l < s->levels; l++) {
		size_t n = line->first + (size_t)l;
		u += floor(4 + 12 * test_draw(state));
		x->capacity[n] = s->is_free ? INFINITY : u;
		double yearly = floor(10 + 30 * test_draw(state) + 2 * u);
		for (size_t t = 0; t < s->years; t++) {
			x->running[n * s->years + t] = yearly;
			x->build[n * s->years + t] = floor(yearly * 1.5);
			x->closing[n * s->years + t] = floor(yearly * 0.2) * (l + 1);
		}
	}
	if (!s->has_fixed)
		return;
	if (j == 0) {
		/* The outside option: always there, dear, without limit. */
		*line = (struct line){.levels = 1, .is_fixed = true, .first = line->first};
		x->capacity[line->first] = INFINITY;
		x->gate[j * s->flows * s->years + k * s->years] += 15;
	} else if (test_draw(state) < 0.4) {
		line->start = (int)test_pick(state, (size_t)s->levels);
	}
}

static void make(struct small *x, const struct shape *s, uint64_t *state)
{
	memset(x, 0, sizeof *x);
	struct model *m = &x->model;
	*m = (struct model){.points = s->points,
		.sites = s->sites,
		.flows = s->flows,
		.years = s->years,
		.is_single_sourced = s->is_single,
		.max_platforms = s->has_number ? 2 : -1,
		.min_platforms = s->has_number ? 1 + (int)test_pick(state, 2) : 0,
		.discount = x->discount,
		.tonnes = x->tonnes,
		.haul = x->hauls,
		.rate = x->rate,
		.gate = x->gate,
		.site_cost = x->site_cost,
		.lines = x->lines,
		.capacity = x->capacity,
		.running = x->running,
		.build = x->build,
		.close = x->closing};
	for (size_t t = 0; t < s->years; t++)
		x->discount[t] = t ? 0.9 : 1;
	for (size_t n = 0; n < s->flows * s->years * s->points; n++)
		x->tonnes[n] = test_draw(state) < 0.1 ? 0 : floor(1 + 6 * test_draw(state));
	for (size_t k = 0; k < s->flows; k++) {
		x->hauls[k] = x->haul[k];
		for (size_t t = 0; t < s->years; t++)
			x->rate[k * s->years + t] = 1 + test_draw(state);
		for (size_t j = 0; j < s->sites; j++)
			for (size_t i = 0; i < s->points; i++)
				x->haul[k][j * s->points + i] =
					j && test_draw(state) < 0.05 ? INFINITY
								     : floor(12 * test_draw(state));
	}
	for (size_t n = 0; n < s->sites * s->flows * s->years; n++)
		x->gate[n] = floor(6 * test_draw(state)) - 2;
	for (size_t n = 0; n < s->sites * s->years; n++)
		x->site_cost[n] = floor(20 * test_draw(state));
	for (size_t j = 0; j < s->sites; j++)
		for (size_t k = 0; k < s->flows; k++)
			make_line(x, s, j, k, state);
}

static struct answer solve(struct arena *a, const struct model *m, int threads, uint64_t seed)
{
	struct engine_options o = {.threads = threads, .seed = seed, .time_limit_s = 20};
	struct answer answer = {.status = ANSWER_UNKNOWN};
	struct err e = {0};
	if (!model_check(m, &e) || !engine_solve(a, m, &o, &answer, &e))
		fail_msg("%s", e.message);
	return answer;
}

/* The general engine, cold, and again from its own answer. */
static struct answer solve_generally(struct arena *a, const struct model *m, int threads)
{
	struct engine_options o = {.threads = threads, .seed = 1, .time_limit_s = 20};
	struct answer cold = {.status = ANSWER_UNKNOWN}, warm = cold;
	struct err e = {0};
	assert_true(siting_solve(a, m, &o, &cold, &e));
	if (!cold.plan.level)
		return cold;
	o.start = &cold.plan;
	o.start_certificate = &cold.certificate;
	assert_true(siting_solve(a, m, &o, &warm, &e));
	double slack = EXACT * (1 + fabs(cold.plan.cost.total));
	assert_true(warm.plan.level && warm.plan.cost.total <= cold.plan.cost.total + slack);
	/* Shares of site costs are found anew: about as good. */
	assert_true(warm.certified >= cold.certified - ABOUT * fabs(cold.certified));
	return warm;
}

/* One kind of model: what is claimed is true, and where a proof is promised it is complete. */
static void check_kind(const struct shape *s, int rounds, bool is_exact, double allowed)
{
	uint64_t state = 0x2545F4914F6CDD1Du + s->points + 7 * s->flows + 31 * s->years;
	struct arena *a = arena_new();
	int feasible = 0;
	double worst = 0;
	for (int round = 0; round < rounds; round++, arena_reset(a)) {
		struct small x;
		struct err e = {0};
		make(&x, s, &state);
		if (!model_check(&x.model, &e))
			continue; /* a point without a lane */
		double best = brute_force(&x.model);
		struct answer answer = s->is_general ? solve_generally(a, &x.model, 1 + round % 2)
						     : solve(a, &x.model, 1 + round % 2, 1);
		if (isinf(best)) {
			assert_true(answer.status == ANSWER_INFEASIBLE ||
				    answer.status == ANSWER_UNKNOWN);
			continue;
		}
		feasible++;
		double slack = EXACT * (1 + fabs(best));
		if (answer.bound > best + slack)
			fail_msg("round %d: bound %.6f above the optimum %.6f", round, answer.bound,
				best);
		assert_true(answer.certified == bound_evaluate(&x.model, &answer.certificate));
		assert_true(
			answer.certified == bound_evaluate_by(&x.model, &answer.certificate, 3));
		assert_true(answer.certified <= best + slack);
		if (answer.status == ANSWER_UNKNOWN && !is_exact)
			continue;
		assert_true(answer.status == ANSWER_OPTIMAL || answer.status == ANSWER_FEASIBLE);
		struct cost paid;
		if (!check_plan(a, &x.model, &answer.plan, &paid, &e))
			fail_msg("round %d: %s", round, e.message);
		double cost = answer.plan.cost.total;
		assert_true(fabs(cost - paid.total) <= slack);
		assert_true(cost >= best - slack);
		assert_true(answer.bound <= cost + slack);
		if (is_exact && (cost > best + slack || answer.bound < best - slack))
			fail_msg("round %d: cost %.6f, bound %.6f, optimum %.6f", round, cost,
				answer.bound, best);
		double excess = (cost - best) / (1 + fabs(best));
		worst = excess > worst ? excess : worst;
	}
	arena_free(a);
	if (feasible < rounds / 4)
		fail_msg("only %d of %d models were feasible", feasible, rounds);
	if (worst > allowed)
		fail_msg("a plan costs %.1f %% more than the best", 100 * worst);
}

static void one_flow_one_level_is_proved(void **unused)
{
	(void)unused;
	check_kind(&(struct shape){6, 4, 1, 1, 1, false, false, false, false, false}, 60, true, 1);
	check_kind(&(struct shape){6, 4, 1, 1, 1, false, true, false, false, false}, 60, true, 1);
}

static void without_capacities_is_proved(void **unused)
{
	(void)unused;
	check_kind(&(struct shape){6, 4, 1, 1, 1, false, false, false, true, false}, 60, true, 1);
	check_kind(&(struct shape){6, 4, 1, 1, 1, false, false, true, true, false}, 60, true, 1);
}

static void single_sources_are_proved(void **unused)
{
	(void)unused;
	check_kind(&(struct shape){6, 4, 1, 1, 1, true, false, false, false, false}, 60, true, 1);
	check_kind(&(struct shape){6, 4, 1, 1, 1, true, true, false, false, false}, 60, true, 1);
}

static void a_number_of_platforms_is_kept(void **unused)
{
	(void)unused;
	check_kind(&(struct shape){6, 4, 1, 1, 1, false, true, true, false, false}, 60, true, 1);
	check_kind(
		&(struct shape){6, 3, 2, 1, 2, false, true, true, false, false}, 20, false, 0.25);
}

static void many_flows_and_levels_are_bounded(void **unused)
{
	(void)unused;
	check_kind(
		&(struct shape){6, 3, 2, 1, 2, false, false, false, false, false}, 20, false, 0.25);
	check_kind(
		&(struct shape){6, 3, 2, 1, 2, false, true, false, false, false}, 20, false, 0.25);
}

static void years_are_bounded(void **unused)
{
	(void)unused;
	check_kind(
		&(struct shape){6, 3, 1, 2, 2, false, false, false, false, false}, 15, false, 0.25);
	check_kind(
		&(struct shape){5, 2, 2, 2, 2, false, true, false, false, false}, 15, false, 0.25);
}

static void the_general_engine_is_right_when_small(void **unused)
{
	(void)unused;
	check_kind(&(struct shape){.points = 6,
			   .sites = 3,
			   .flows = 2,
			   .years = 1,
			   .levels = 2,
			   .is_general = true},
		20, false, 0.25);
	check_kind(&(struct shape){.points = 5,
			   .sites = 2,
			   .flows = 2,
			   .years = 2,
			   .levels = 2,
			   .has_fixed = true,
			   .is_general = true},
		15, false, 0.25);
	check_kind(&(struct shape){.points = 6,
			   .sites = 3,
			   .flows = 2,
			   .years = 1,
			   .levels = 2,
			   .has_fixed = true,
			   .has_number = true,
			   .is_general = true},
		20, false, 0.25);
	check_kind(&(struct shape){.points = 6,
			   .sites = 3,
			   .flows = 1,
			   .years = 2,
			   .levels = 2,
			   .has_fixed = true,
			   .has_number = true,
			   .is_general = true},
		15, false, 0.25);
}

static void single_sources_of_many_flows_are_bounded(void **unused)
{
	(void)unused;
	check_kind(&(struct shape){.points = 6,
			   .sites = 3,
			   .flows = 2,
			   .years = 1,
			   .levels = 2,
			   .is_single = true,
			   .has_fixed = true},
		15, false, 0.25);
	check_kind(&(struct shape){.points = 6,
			   .sites = 3,
			   .flows = 2,
			   .years = 1,
			   .levels = 2,
			   .is_single = true,
			   .has_fixed = true,
			   .is_general = true},
		15, false, 0.5);
	check_kind(&(struct shape){.points = 6,
			   .sites = 3,
			   .flows = 1,
			   .years = 2,
			   .levels = 2,
			   .is_single = true,
			   .has_fixed = true,
			   .is_general = true},
		15, false, 0.5);
}

static void same_seed_same_answer(void **unused)
{
	(void)unused;
	static const struct shape shapes[] = {{6, 4, 1, 1, 1, false, true, false, false, false},
		{6, 4, 1, 1, 1, true, true, false, false, false},
		{6, 3, 2, 2, 2, false, true, false, false, false}};
	uint64_t state = 4242;
	struct arena *a = arena_new();
	for (size_t n = 0; n < sizeof shapes / sizeof *shapes; n++) {
		struct small x;
		make(&x, &shapes[n], &state);
		const struct model *m = &x.model;
		struct answer one = solve(a, m, 1, 7), two = solve(a, m, 2, 7);
		assert_true(one.status == two.status);
		assert_true(one.bound == two.bound);
		assert_true(one.nodes == two.nodes);
		assert_true(one.plan.cost.total == two.plan.cost.total);
		assert_memory_equal(one.plan.level, two.plan.level,
			m->sites * m->flows * m->years * sizeof *one.plan.level);
		assert_true(one.plan.shipment_count == two.plan.shipment_count);
		assert_memory_equal(one.plan.shipments, two.plan.shipments,
			one.plan.shipment_count * sizeof *one.plan.shipments);
	}
	arena_free(a);
}

static void order_of_points_does_not_matter(void **unused)
{
	(void)unused;
	static const struct shape s = {6, 4, 1, 1, 1, false, true, false, false, false};
	uint64_t state = 99;
	struct arena *a = arena_new();
	for (int round = 0; round < 20; round++, arena_reset(a)) {
		struct small x, y;
		make(&x, &s, &state);
		y = x;
		y.model.tonnes = y.tonnes;
		y.model.haul = y.hauls;
		y.hauls[0] = y.haul[0];
		for (size_t i = 0; i < POINTS; i++) {
			size_t to = (i * 5 + 2) % POINTS;
			y.tonnes[to] = x.tonnes[i];
			for (size_t j = 0; j < SITES; j++)
				y.haul[0][j * POINTS + to] = x.haul[0][j * POINTS + i];
		}
		double one = solve(a, &x.model, 1, 1).plan.cost.total;
		double two = solve(a, &y.model, 1, 1).plan.cost.total;
		assert_true(fabs(one - two) <= EXACT * (1 + fabs(one)));
	}
	arena_free(a);
}

static void more_room_never_hurts(void **unused)
{
	(void)unused;
	static const struct shape s = {6, 4, 1, 1, 1, false, true, false, false, false};
	uint64_t state = 1001;
	struct arena *a = arena_new();
	for (int round = 0; round < 20; round++, arena_reset(a)) {
		struct small x;
		make(&x, &s, &state);
		double before = solve(a, &x.model, 1, 1).plan.cost.total;
		for (size_t n = 0; n < x.model.levels; n++)
			x.capacity[n] *= 1.3;
		double after = solve(a, &x.model, 1, 1).plan.cost.total;
		assert_true(after <= before + EXACT * (1 + fabs(before)));
	}
	arena_free(a);
}

/* One outlet, dear, and sites where a line saves less than the site costs while two lines save more. */
static void flows_open_together_what_none_would_alone(void **unused)
{
	(void)unused;
	static const struct shape s = {
		.points = 6, .sites = 4, .flows = 2, .years = 2, .levels = 1, .has_fixed = true};
	uint64_t state = 20261129;
	struct arena *a = arena_new();
	for (int round = 0; round < 20; round++, arena_reset(a)) {
		struct small x;
		make(&x, &s, &state);
		for (size_t c = 0; c < s.sites * s.flows; c++) {
			size_t l = x.lines[c].first;
			bool is_outlet = c < s.flows;
			x.lines[c].start = is_outlet ? 0 : LEVEL_NONE;
			x.capacity[l] = is_outlet ? INFINITY : 100;
			for (size_t t = 0; t < s.years; t++) {
				x.running[l * s.years + t] = x.build[l * s.years + t] = 0;
				x.closing[l * s.years + t] = 0;
				x.gate[c * s.years + t] = is_outlet ? 10 : 0;
				x.site_cost[c / s.flows * s.years + t] = is_outlet ? 0 : 90;
			}
		}
		for (size_t k = 0; k < s.flows; k++)
			for (size_t n = 0; n < s.sites * s.points; n++)
				x.haul[k][n] = n < s.points ? 0 : floor(3 * test_draw(&state));
		for (size_t n = 0; n < s.flows * s.years * s.points; n++)
			x.tonnes[n] = 1;
		for (size_t n = 0; n < s.flows * s.years; n++)
			x.rate[n] = 1;
		/* Of 60 EUR a year at the outlet a flow saves at most 60, both together 120 less haulage. */
		double best = brute_force(&x.model);
		double found = solve_generally(a, &x.model, 1).plan.cost.total;
		if (found > best + EXACT * (1 + fabs(best)))
			fail_msg("round %d: %.2f found, %.2f is possible", round, found, best);
	}
	arena_free(a);
}

static bool is_never_over(void *unused)
{
	(void)unused;
	return false;
}

/* Whatever time there is: a site's cost is borne by its lines, or the bound would fall by all of them. */
static void a_search_without_time_gives_whole_multipliers(void **unused)
{
	(void)unused;
	static const struct shape s = {
		.points = 6, .sites = 3, .flows = 2, .years = 2, .levels = 2, .has_fixed = true};
	uint64_t state = 11;
	for (int n = 0; n < 20; n++) {
		struct arena *a = arena_new();
		struct small x;
		struct engine_options o = {.threads = 1, .seed = 1, .time_limit_s = 1e-9};
		struct answer answer = {0};
		struct err e;
		make(&x, &s, &state);
		const struct model *m = &x.model;
		assert_ok(siting_solve(a, m, &o, &answer, &e), e);
		assert_true(isfinite(answer.certified));
		for (size_t j = 0; j < m->sites; j++)
			for (size_t t = 0; t < m->years; t++) {
				double whole = m->site_cost[j * m->years + t], sum = 0;
				for (size_t k = 0; k < m->flows; k++)
					sum += answer.certificate
						       .share[(j * m->flows + k) * m->years + t];
				assert_true(fabs(sum - whole) <= 1e-9 * whole);
			}
		arena_free(a);
	}
}

/* One pass leaves what it leaves to others' time; a search that has much more time than that goes on. */
static void a_brisk_search_goes_on_where_a_pass_was_quick(void **unused)
{
	(void)unused;
	static const struct shape s = {
		.points = 6, .sites = 3, .flows = 2, .years = 2, .levels = 2, .has_fixed = true};
	uint64_t state = 29;
	int closer = 0;
	for (int n = 0; n < 40; n++) {
		struct arena *a = arena_new();
		struct small x;
		struct engine_options o = {.threads = 1, .seed = 1, .gap = 1e-6, .is_brisk = true};
		struct answer pass = {0}, longer = {0};
		struct err e;
		make(&x, &s, &state);
		assert_ok(siting_solve(a, &x.model, &o, &pass, &e), e);
		o.time_limit_s = 100;
		assert_ok(siting_solve(a, &x.model, &o, &longer, &e), e);
		if (pass.plan.level) {
			assert_true(longer.gap <= pass.gap + EXACT);
			closer += longer.gap < pass.gap - EXACT;
		}
		arena_free(a);
	}
	assert_true(closer > 2);
}

/* Averages fade by a twentieth each time: after 2,000 times, by more than a float can hold. */
static void averages_outlive_long_ascents(void **unused)
{
	(void)unused;
	enum { ITERATIONS = 3000 };
	static const struct shape s = {
		.points = 6, .sites = 3, .flows = 2, .years = 2, .levels = 2, .has_fixed = true};
	uint64_t state = 7;
	struct arena *a = arena_new();
	struct relax *r = arena_one(a, struct relax);
	struct small x;
	make(&x, &s, &state);
	relax_init(r, a, &x.model, 1);
	relax_start(r, arena_array(a, double, s.flows *s.years *s.points));
	relax_run(r, ITERATIONS, 1000, is_never_over, NULL);
	double part = r->mean_scale / (double)s.years;
	assert_true(isfinite(r->value) && part > 0);
	for (size_t n = 0; n < s.flows * s.sites * s.points; n++) {
		double x_mean = (double)r->flow_mean[n] * part;
		assert_true(x_mean >= 0 && x_mean <= 1 + 1e-3);
	}
	for (size_t n = 0; n < x.model.levels; n++)
		assert_true((double)r->level_mean[n] * part <= 1 + 1e-3);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_flow_one_level_is_proved),
		cmocka_unit_test(without_capacities_is_proved),
		cmocka_unit_test(single_sources_are_proved),
		cmocka_unit_test(a_number_of_platforms_is_kept),
		cmocka_unit_test(many_flows_and_levels_are_bounded),
		cmocka_unit_test(years_are_bounded),
		cmocka_unit_test(the_general_engine_is_right_when_small),
		cmocka_unit_test(single_sources_of_many_flows_are_bounded),
		cmocka_unit_test(a_search_without_time_gives_whole_multipliers),
		cmocka_unit_test(a_brisk_search_goes_on_where_a_pass_was_quick),
		cmocka_unit_test(same_seed_same_answer),
		cmocka_unit_test(order_of_points_does_not_matter),
		cmocka_unit_test(more_room_never_hurts),
		cmocka_unit_test(flows_open_together_what_none_would_alone),
		cmocka_unit_test(averages_outlive_long_ascents),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
