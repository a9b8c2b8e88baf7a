#include "siting.h"

#include "bound.h"
#include "carry.h"
#include "climb.h"
#include "clock.h"
#include "heir.h"
#include "whole.h"

#include <math.h>
#include <string.h>

/* Work, chosen on the reference scenario and on generated networks. */
enum {
	NEIGHBOURS = 16, /* points to a leaf when points are sorted */
	FIRST_SEARCHES = 2,
	SEARCHES_IDLE = 4,
	WARM_SEARCHES_IDLE = 1,
	WARM_ROUNDS = 8,
	WARM_ITERATIONS = 15,
};

bool siting_fits(const struct model *m)
{
	return m->flows <= RELAX_FLOWS_MAX;
}

static void route_plan(struct run *r, struct arena *a, const struct model *m, const int *level)
{
	size_t lines = m->sites * m->flows * m->years;
	struct plan plan = {.level = arena_array(a, int, lines)};
	memcpy(plan.level, level, lines * sizeof *level);
	bool is_routed = m->is_single_sourced ? whole_route(a, m, &plan) : plan_route(a, m, &plan);
	if (is_routed && r->o->seen)
		r->o->seen(r->o->context, &plan);
	if (is_routed && (!r->plan->level || plan.cost.total < r->plan->cost.total))
		*r->plan = plan;
}

/* The best plans of the zones, with all points. Each is routed once. */
static void take_plan(struct run *r, struct arena *a, const struct model *m)
{
	if (r->search.best_cost < INFINITY && !r->plan->level)
		route_plan(r, a, m, r->search.best);
	run_allow(r, LADDER_TIME);
	for (size_t n = 0; n < SEARCH_POOL; n++) {
		if (isinf(r->search.pool_cost[n]) || (r->plan->level && run_is_over(r)))
			continue;
		route_plan(r, a, m, r->search.pool[n]);
		r->search.pool_cost[n] = INFINITY;
	}
}

/* Plans of stages of years go to where years count one by one. */
static void give_sketch(struct run *r)
{
	sketch_give(&r->sketch, &r->search);
	search_retime(&r->search, run_is_over, r);
}

static double *plan_prices(const struct search *s, struct arena *a)
{
	size_t cells = s->m->years * s->m->points;
	double *price = arena_array(a, double, s->m->flows *cells);
	for (size_t k = 0; k < s->m->flows; k++)
		descent_prices(&s->flows[k], price + k * cells);
	return price;
}

/* Prices at the top of the ladder: those of the best plan. */
static void begin_prices(struct run *r, struct arena *a)
{
	const struct model *m = r->ladder.rungs[r->ladder.plan_rung].m;
	struct rung *top = &r->ladder.rungs[r->ladder.count - 1];
	double *price = plan_prices(r->has_sketch ? &r->sketch.search : &r->search, a);
	if (!r->has_sketch && top != &r->ladder.rungs[r->ladder.plan_rung]) {
		const struct model *few = top->m;
		double *zone_price = arena_array(a, double, few->flows * few->years * few->points);
		carry_up(&r->ladder.top_zones, m, price, zone_price);
		price = zone_price;
	}
	relax_start(&top->relax, price);
}

/* The certificate with the points in the order of the model. */
static void certify(const struct run *r, struct arena *a, const uint32_t *order, struct answer *out)
{
	const struct model *m = r->ladder.rungs[0].m;
	const struct relax *x = &r->ladder.rungs[0].relax;
	relax_certificate(x, a, &out->certificate);
	double *price = arena_array(a, double, m->flows * m->years * m->points);
	for (size_t c = 0; c < m->flows * m->years; c++)
		for (size_t i = 0; i < m->points; i++)
			price[c * m->points + order[i]] = out->certificate.price[c * m->points + i];
	out->certificate.price = price;
}

void siting_certify(
	struct arena *a, const struct model *m, const struct engine_options *o, struct answer *out)
{
	enum { ITERATIONS = 200 };
	struct arena *scratch = arena_new();
	struct run *r = arena_alloc(scratch, sizeof *r);
	*r = (struct run){.o = o, .end_s = INFINITY, .plan = &out->plan};
	uint32_t *order = arena_array(scratch, uint32_t, m->points);
	for (size_t i = 0; i < m->points; i++)
		order[i] = (uint32_t)i;
	r->ladder.rungs[0].m = m;
	r->ladder.count = 1;
	search_init(&r->search, scratch, m, o->seed);
	if (out->plan.level)
		search_offer(&r->search, out->plan.level);
	relax_init(&r->ladder.rungs[0].relax, scratch, m, 1);
	begin_prices(r, scratch);
	relax_run(&r->ladder.rungs[0].relax, ITERATIONS, out->bound, run_is_over, r);
	certify(r, a, order, out);
	arena_free(scratch);
	out->certified = bound_evaluate(m, &out->certificate);
	out->bound = fmax(out->bound, out->certified);
}

/* One rung after the other, from the top. */
static void climb_down(struct run *r, struct arena *scratch, struct arena *a, const struct model *m)
{
	for (size_t n = r->ladder.count; n-- > 0;) {
		relax_init(&r->ladder.rungs[n].relax, scratch, r->ladder.rungs[n].m, r->threads);
		if (n + 1 == r->ladder.count)
			begin_prices(r, scratch);
		else
			carry_down(&r->ladder.rungs[n].relax, scratch,
				&r->ladder.rungs[n + 1].relax, &r->ladder.rungs[n + 1].zones);
		if (n == 0)
			take_plan(r, a, m);
		climb_rung(r, scratch, n);
		if (r->has_sketch && n + 1 == r->ladder.count)
			give_sketch(r);
	}
}

/* Puts the multipliers of an earlier answer on a rung. */
static void begin_again(struct run *r, struct arena *a, size_t n, const struct heir *h)
{
	struct rung *rung = &r->ladder.rungs[n];
	relax_init(&rung->relax, a, rung->m, r->threads);
	heir_start(h, a, &rung->relax, n);
	rung->is_warm = true;
	relax_look(&rung->relax);
}

/* Whether the multipliers of an earlier answer prove enough here, as far as zones can tell. */
static bool is_still_enough(struct run *r, struct arena *a, const struct heir *h)
{
	begin_again(r, a, r->ladder.warm_rung, h);
	return climb_is_enough(r, r->ladder.warm_rung);
}

/* Whether the prices of the best plan prove more than the multipliers of an earlier answer. */
static bool is_anew_better(struct run *r, struct arena *a, const struct heir *h)
{
	size_t last = r->ladder.count - 1;
	struct rung *top = &r->ladder.rungs[last];
	if (last > 0) {
		relax_init(&top->relax, a, top->m, r->threads);
		begin_prices(r, a);
		relax_look(&top->relax);
	}
	double anew = last > 0 ? top->relax.value : -INFINITY;
	begin_again(r, a, last, h);
	top->is_warm = anew <= top->relax.value;
	return !top->is_warm;
}

/* From the top to zones and years: what changed above is added to what years were worth, unless that proves less than
 * giving years what their stage is worth: where volumes grow at another pace, other years are short of room. */
static void change_years(struct run *r, struct arena *a, const struct heir *h)
{
	size_t zones = r->ladder.warm_rung, last = r->ladder.count - 1;
	struct rung *rung = &r->ladder.rungs[zones];
	struct relax *top = &r->ladder.rungs[last].relax;
	struct relax *anew = arena_alloc(a, sizeof *anew);
	relax_init(anew, a, rung->m, r->threads);
	carry_down(anew, a, top, &r->ladder.top_zones);
	relax_look(anew);
	relax_init(&rung->relax, a, rung->m, r->threads);
	carry_change(&rung->relax, a, top, &r->ladder.top_zones, h->worth[zones], h->worth[last]);
	relax_look(&rung->relax);
	if (anew->value > rung->relax.value)
		rung->relax = *anew;
}

/* From the multipliers of an earlier answer: they rise on few zones, change as much on more, and on the
 * points. */
static void climb_warm(struct run *r, struct arena *scratch, struct arena *a, const struct model *m,
	const struct heir *h)
{
	size_t zones = r->ladder.warm_rung, last = r->ladder.count - 1;
	struct rung *bottom = &r->ladder.rungs[0], *rung = &r->ladder.rungs[zones];
	struct rung *top = &r->ladder.rungs[last];
	if (top->is_warm && top != bottom)
		climb_rung(r, scratch, last);
	if (r->has_sketch)
		give_sketch(r);
	if (top->is_warm && top != rung && rung != bottom) {
		change_years(r, scratch, h);
		rung->iterations = WARM_ITERATIONS;
		rung->rounds = WARM_ROUNDS;
		climb_rung(r, scratch, zones);
	}
	take_plan(r, a, m);
	if (rung != bottom) {
		relax_init(&bottom->relax, scratch, bottom->m, r->threads);
		carry_change(&bottom->relax, scratch, &rung->relax, &r->ladder.warm_zones,
			h->worth[0], h->worth[zones]);
	} else if (top->is_warm && top != bottom) {
		relax_init(&bottom->relax, scratch, bottom->m, r->threads);
		carry_change(&bottom->relax, scratch, &top->relax, &r->ladder.top_zones,
			h->worth[0], h->worth[last]);
	}
	bottom->is_warm = true;
	climb_rung(r, scratch, 0);
}

/* The bound has said what it can: plans are searched on, while that helps. */
static void search_on(struct run *r, struct arena *a, const struct model *m)
{
	const struct relax *x = &r->ladder.rungs[0].relax;
	run_allow(r, LADDER_TIME);
	int most = r->o->start_certificate ? WARM_SEARCHES_IDLE : SEARCHES_IDLE;
	for (int idle = 0; idle < most && !run_is_over(r);) {
		double cost = run_cost(r, 0);
		if (cost - x->value <= fmax(r->o->gap, 1e-6) * fabs(cost))
			break;
		struct arena *scratch = arena_new();
		struct proposal p = run_propose(r, 0, scratch);
		search_round(&r->search, p.level, p.share, run_is_over, r);
		arena_free(scratch);
		take_plan(r, a, m);
		idle = run_cost(r, 0) < cost ? 0 : idle + 1;
		run_report(r, x->value, run_cost(r, 0), "plans");
	}
}

/* A brisk search leaves most of its time to others, and makes one pass where that takes long. */
static bool has_turn(const struct run *r)
{
	static const double BRISK_TIME = 0.1; /* part of it */
	double part = r->o->time_limit_s > 0 ? BRISK_TIME * r->o->time_limit_s : 0;
	return !r->o->is_brisk || !r->plan->level || clock_seconds() - r->began < part;
}

/* Plans and bound by turns, while time is left and a turn closes a part of the gap. */
static void work_on(struct run *r, struct arena *scratch, struct arena *a, const struct model *m)
{
	static const double LEAST_CLOSED = 1e-4; /* of the cost */
	double closed = INFINITY;
	while (closed > LEAST_CLOSED && has_turn(r)) {
		double cost = run_cost(r, 0), gap = cost - r->ladder.rungs[0].relax.value;
		search_on(r, a, m);
		if (run_is_over(r) || gap <= r->o->gap * fabs(cost) || isinf(cost))
			break;
		climb_rung(r, scratch, 0);
		closed = (gap - (run_cost(r, 0) - r->ladder.rungs[0].relax.value)) / fabs(cost);
	}
}

/* From the answer to much the same question. */
static void solve_warm(struct run *r, struct arena *scratch, struct arena *a, const struct model *m,
	const uint32_t *order)
{
	struct heir heir;
	heir_init(&heir, scratch, &r->ladder, r->o->start_certificate, order);
	if (!is_still_enough(r, scratch, &heir) && is_anew_better(r, scratch, &heir))
		climb_down(r, scratch, a, m);
	else
		climb_warm(r, scratch, a, m, &heir);
	work_on(r, scratch, a, m);
}

/* Plans are searched on the top first, where that has fewer years, or else where they are looked for anyway. */
static void begin_plans(struct run *r, struct arena *a)
{
	const struct engine_options *o = r->o;
	const struct zones *z = &r->ladder.rungs[r->ladder.count - 1].zones;
	bool is_light = o->start_certificate ? !r->ladder.is_tight : r->ladder.is_light;
	r->has_sketch = is_light && r->ladder.count > 1 && z->model.years < r->model->years;
	run_allow(r, 0.15);
	if (o->start)
		search_offer(&r->search, o->start->level);
	if (o->start_certificate)
		search_offer(&r->search, plan_status_quo(a, r->model).level);
	if (r->has_sketch)
		sketch_init(&r->sketch, a, z, o->seed);
	if (r->has_sketch && o->start)
		sketch_take(&r->sketch, o->start->level);
	bool has_plan = r->search.best_cost < INFINITY;
	int searches = has_plan && o->start_certificate ? 0 : o->start ? 1 : FIRST_SEARCHES;
	for (int n = 0; n < searches && !run_is_over(r); n++)
		if (r->has_sketch)
			sketch_round(&r->sketch, run_is_over, r);
		else
			search_round(&r->search, NULL, NULL, run_is_over, r);
	if (r->has_sketch)
		sketch_give(&r->sketch, &r->search);
}

bool siting_solve(struct arena *a, const struct model *m, const struct engine_options *o,
	struct answer *out, struct err *e)
{
	double cpu = clock_cpu_seconds(), began = clock_seconds();
	struct arena *scratch = arena_new();
	struct run *r = arena_alloc(scratch, sizeof *r);
	*r = (struct run){.model = m,
		.o = o,
		.began = began,
		.from_s = began,
		.left_s = o->time_limit_s,
		.threads = o->threads > 1 ? (size_t)o->threads : 1,
		.plan = &out->plan};
	struct zones leaves;
	size_t leaf_count = m->points / NEIGHBOURS;
	zones_init(&leaves, scratch, m, leaf_count ? leaf_count : 1, m->years);
	struct model sorted = zones_sort(scratch, m, leaves.order);
	ladder_init(&r->ladder, scratch, &sorted);
	search_init(&r->search, scratch, r->ladder.rungs[r->ladder.plan_rung].m, o->seed);
	begin_plans(r, scratch);
	if (o->start_certificate) {
		r->from_s = clock_seconds();
		r->left_s = fmax(0, began + o->time_limit_s - r->from_s);
		solve_warm(r, scratch, a, m, leaves.order);
	} else {
		climb_down(r, scratch, a, m);
		take_plan(r, a, m);
		work_on(r, scratch, a, m);
	}
	certify(r, a, leaves.order, out);
	out->certified = bound_evaluate_by(m, &out->certificate, r->threads);
	out->bound = out->certified;
	arena_free(scratch);
	if (out->plan.level) {
		double cost = out->plan.cost.total;
		out->bound = fmin(out->bound, cost);
		out->gap = cost != 0 ? (cost - out->bound) / fabs(cost) : 0;
		out->status = out->gap <= fmax(o->gap, 1e-6) ? ANSWER_OPTIMAL : ANSWER_FEASIBLE;
	}
	out->seconds = clock_seconds() - began;
	out->cpu_seconds = clock_cpu_seconds() - cpu;
	(void)e;
	return true;
}
