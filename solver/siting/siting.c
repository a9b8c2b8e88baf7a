#include "siting.h"

#include "bound.h"
#include "carry.h"
#include "clock.h"
#include "ladder.h"
#include "search.h"
#include "separate.h"
#include "team.h"
#include "whole.h"

#include <math.h>
#include <string.h>

/* Work, chosen on the reference scenario and on generated networks. */
enum {
	NEIGHBOURS = 16, /* points to a leaf when points are sorted */
	FIRST_SEARCHES = 2,
	SEARCH_EVERY = 3, /* rounds */
	SEARCHES_IDLE = 4,
	WARM_ROUNDS = 8,
	WARM_ITERATIONS = 15,
};

struct run {
	const struct model *model;
	const struct engine_options *o;
	size_t threads;
	double began, end_s;
	struct ladder ladder;
	struct search search;
	struct plan *plan; /* the best, on all points; no levels until there is one */
};

static bool is_over(void *context)
{
	const struct run *r = context;
	return (r->o->stop && *r->o->stop) || clock_seconds() > r->end_s;
}

static void allow(struct run *r, double part)
{
	r->end_s = r->o->time_limit_s > 0 ? r->began + part * r->o->time_limit_s : INFINITY;
}

static void report(const struct run *r, double bound, double cost, const char *stage)
{
	struct progress p = {clock_seconds() - r->began, bound, cost, stage};
	if (r->o->progress)
		r->o->progress(r->o->context, &p);
}

bool siting_fits(const struct model *m)
{
	return m->flows <= RELAX_FLOWS_MAX;
}

static double cost_of(const struct run *r, size_t n)
{
	return n == 0 && r->plan->level ? r->plan->cost.total : r->search.best_cost;
}

/* What the bound of a rung opens, on the rung where plans are searched; lines that it opens now and
 * then are likely. */
static int *opened(struct run *r, size_t n, struct arena *a)
{
	static const double NOW_AND_THEN = 0.01;
	const struct model *m = r->ladder.rungs[r->ladder.plan_rung].m,
			   *small = r->ladder.rungs[n].m;
	int *level = arena_array(a, int, m->sites * m->flows * m->years);
	for (size_t c = 0; c < m->sites * m->flows; c++)
		for (size_t t = 0; t < m->years; t++) {
			size_t s =
				n > r->ladder.plan_rung ? r->ladder.rungs[n].zones.stage_of[t] : t;
			const struct relax *x = &r->ladder.rungs[n].relax;
			level[c * m->years + t] = x->path[c * small->years + s];
			if (x->mean_open[c * small->years + s] > NOW_AND_THEN)
				r->search.flows[c % m->flows].is_likely[c / m->flows] = true;
		}
	return level;
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
	allow(r, LADDER_TIME);
	for (size_t n = 0; n < SEARCH_POOL; n++) {
		if (isinf(r->search.pool_cost[n]) || (r->plan->level && is_over(r)))
			continue;
		route_plan(r, a, m, r->search.pool[n]);
		r->search.pool_cost[n] = INFINITY;
	}
}

/* A round on one rung: the bound rises while plans are searched from what it opened before. Neither
 * sees what the other does, so it is the same whether they take turns or not. */
struct shift {
	struct run *r;
	size_t rung;
	double target;
	const int *opened;
};

static void work_shift(void *context, size_t job, size_t thread)
{
	const struct shift *s = context;
	struct rung *rung = &s->r->ladder.rungs[s->rung];
	(void)thread;
	if (job == 0)
		relax_run(&rung->relax, rung->iterations, s->target, is_over, s->r);
	else
		search_round(&s->r->search, s->opened, is_over, s->r);
}

/* The bound rises on one rung. Without a plan the prices themselves say what to aim at. */
static void climb(struct run *r, struct arena *a, size_t n)
{
	/* A round that raises the bound by less than this share of the cost is not worth its time;
	 * a gap on zones that is this part of what is asked for is enough; points that have prices
	 * of their own lose less. */
	static const double LEAST_RISE = 3e-5, LEAST_ZONE_RISE = 1.5e-4, ENOUGH = 0.8,
			    WARM_ENOUGH = 0.9, UNKNOWN_GAP = 0.05;
	struct rung *rung = &r->ladder.rungs[n];
	struct relax *x = &rung->relax;
	int idle = 0;
	allow(r, rung->until);
	relax_run(x, 1, 0, is_over, r);
	for (int round = 0; round < rung->rounds && !is_over(r); round++) {
		double before = x->value, cost = cost_of(r, n);
		double target = cost < INFINITY ? cost : x->value + UNKNOWN_GAP * fabs(x->value);
		struct shift shift = {r, n, target, NULL};
		struct arena *scratch = arena_new();
		bool is_small = n >= r->ladder.warm_rung;
		bool is_turn =
			rung->is_warm ? round == 0 : round % SEARCH_EVERY == SEARCH_EVERY - 1;
		bool is_searching = is_small && is_turn;
		if (is_searching && !rung->is_warm)
			shift.opened = opened(r, n, scratch);
		team_run(r->threads, is_searching ? 2 : 1, work_shift, &shift);
		arena_free(scratch);
		cost = cost_of(r, n);
		report(r, x->value, cost,
			n ? "plans et borne, sur des zones" : "borne, sur tous les points");
		double gap = (cost - x->value) / fabs(cost);
		if (gap <= (!n                     ? 1
				   : rung->is_warm ? WARM_ENOUGH
						   : ENOUGH) *
					r->o->gap ||
			gap <= 1e-6)
			break;
		double least = n ? LEAST_ZONE_RISE : LEAST_RISE;
		idle = x->value - before < least * fabs(x->value) ? idle + 1 : 0;
		if (idle == (n ? 2 : 6))
			break;
		if (round >= rung->first_cuts && round % 2)
			separate_discs(x, a);
	}
}

/* Prices at the top of the ladder: those of the best plan. */
static void begin_prices(struct run *r, struct arena *a)
{
	const struct model *m = r->ladder.rungs[r->ladder.plan_rung].m;
	struct rung *top = &r->ladder.rungs[r->ladder.count - 1];
	size_t cells = m->years * m->points;
	double *price = arena_array(a, double, m->flows *cells);
	for (size_t k = 0; k < m->flows; k++)
		descent_prices(&r->search.flows[k], price + k * cells);
	if (top != &r->ladder.rungs[r->ladder.plan_rung]) {
		const struct model *few = top->m;
		double *zone_price = arena_array(a, double, few->flows * few->years * few->points);
		carry_up(&top->zones, m, price, zone_price);
		price = zone_price;
	}
	relax_start(&top->relax, price);
}

/* The certificate with the points in the order of the model. */
static void certify(const struct run *r, struct arena *a, const uint32_t *order, struct answer *out)
{
	const struct model *m = r->ladder.rungs[0].m;
	relax_certificate(&r->ladder.rungs[0].relax, a, &out->certificate);
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
	relax_run(&r->ladder.rungs[0].relax, ITERATIONS, out->bound, is_over, r);
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
		climb(r, scratch, n);
	}
}

/* From the multipliers of an earlier answer: a little on zones, and the same change on the points. */
static void climb_warm(struct run *r, struct arena *scratch, struct arena *a, const struct model *m,
	const uint32_t *order)
{
	const struct certificate *c = r->o->start_certificate;
	struct rung *bottom = &r->ladder.rungs[0], *rung = &r->ladder.rungs[r->ladder.warm_rung];
	double *price = arena_array(scratch, double, m->flows * m->years * m->points);
	for (size_t n = 0; n < m->flows * m->years; n++)
		for (size_t i = 0; i < m->points; i++)
			price[n * m->points + i] = c->price[n * m->points + order[i]];
	double *zone_price = price;
	if (rung != bottom) {
		size_t cells = m->flows * m->years * rung->m->points;
		zone_price = arena_array(scratch, double, cells);
		carry_up(&r->ladder.warm_zones, bottom->m, price, zone_price);
	}
	relax_init(&rung->relax, scratch, rung->m, r->threads);
	for (size_t n = 0; n < c->rounding_count; n++)
		(void)relax_add_cut(&rung->relax, scratch, &c->roundings[n]);
	relax_start(&rung->relax, zone_price);
	struct rung usual = *rung;
	rung->is_warm = true;
	if (rung != bottom) {
		rung->rounds = WARM_ROUNDS;
		rung->iterations = WARM_ITERATIONS;
		rung->first_cuts = WARM_ROUNDS;
	}
	climb(r, scratch, r->ladder.warm_rung);
	rung->is_warm = false;
	rung->rounds = usual.rounds;
	rung->iterations = usual.iterations;
	rung->first_cuts = usual.first_cuts;
	take_plan(r, a, m);
	if (rung == bottom)
		return;
	relax_init(&bottom->relax, scratch, bottom->m, r->threads);
	carry_change(
		&bottom->relax, scratch, &rung->relax, &r->ladder.warm_zones, price, zone_price);
	climb(r, scratch, 0);
}

/* The bound has said what it can: plans are searched on, while that helps. */
static void search_on(struct run *r, struct arena *a, const struct model *m)
{
	const struct relax *x = &r->ladder.rungs[0].relax;
	allow(r, LADDER_TIME);
	for (int idle = 0; idle < SEARCHES_IDLE && !is_over(r);) {
		double cost = cost_of(r, 0);
		if (cost - x->value <= fmax(r->o->gap, 1e-6) * fabs(cost))
			break;
		struct arena *scratch = arena_new();
		search_round(&r->search, opened(r, 0, scratch), is_over, r);
		arena_free(scratch);
		take_plan(r, a, m);
		idle = cost_of(r, 0) < cost ? 0 : idle + 1;
		report(r, x->value, cost_of(r, 0), "plans");
	}
}

/* Plans and bound by turns, while time is left and a turn closes a part of the gap. */
static void work_on(struct run *r, struct arena *scratch, struct arena *a, const struct model *m)
{
	static const double LEAST_CLOSED = 1e-4; /* of the cost */
	double closed = INFINITY;
	while (closed > LEAST_CLOSED) {
		double cost = cost_of(r, 0), gap = cost - r->ladder.rungs[0].relax.value;
		search_on(r, a, m);
		if (is_over(r) || gap <= r->o->gap * fabs(cost) || isinf(cost))
			break;
		climb(r, scratch, 0);
		closed = (gap - (cost_of(r, 0) - r->ladder.rungs[0].relax.value)) / fabs(cost);
	}
}

static bool is_proved(const struct run *r, const struct answer *out)
{
	double cost = out->plan.cost.total;
	return out->plan.level && cost - out->certified <= fmax(r->o->gap, 1e-6) * fabs(cost);
}

/* The bound as bound.c sees it; the better of two certificates stays. */
static void settle_bound(struct run *r, struct arena *a, const uint32_t *order, struct answer *out)
{
	struct certificate before = out->certificate;
	double known = out->certified;
	certify(r, a, order, out);
	out->certified = bound_evaluate(r->model, &out->certificate);
	if (known >= out->certified) {
		out->certificate = before;
		out->certified = known;
	}
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
		.threads = o->threads > 1 ? (size_t)o->threads : 1,
		.plan = &out->plan};
	struct zones leaves;
	size_t leaf_count = m->points / NEIGHBOURS;
	zones_init(&leaves, scratch, m, leaf_count ? leaf_count : 1, m->years);
	struct model sorted = zones_sort(scratch, m, leaves.order);
	ladder_init(&r->ladder, scratch, &sorted);
	search_init(&r->search, scratch, r->ladder.rungs[r->ladder.plan_rung].m, o->seed);
	allow(r, 0.15);
	if (o->start)
		search_offer(&r->search, o->start->level);
	int searches = o->start_certificate ? 0 : o->start ? 1 : FIRST_SEARCHES;
	for (int n = 0; n < searches && !is_over(r); n++)
		search_round(&r->search, NULL, is_over, r);
	out->certified = -INFINITY;
	if (o->start_certificate) {
		climb_warm(r, scratch, a, m, leaves.order);
		settle_bound(r, a, leaves.order, out);
	}
	if (!is_proved(r, out) && (!o->start_certificate || !is_over(r))) {
		climb_down(r, scratch, a, m);
		take_plan(r, a, m);
		work_on(r, scratch, a, m);
		settle_bound(r, a, leaves.order, out);
	}
	arena_free(scratch);
	out->bound = out->certified;
	if (out->plan.level) {
		double cost = out->plan.cost.total;
		out->bound = fmin(out->certified, cost);
		out->gap = cost != 0 ? (cost - out->bound) / fabs(cost) : 0;
		out->status = out->gap <= fmax(o->gap, 1e-6) ? ANSWER_OPTIMAL : ANSWER_FEASIBLE;
	}
	out->seconds = clock_seconds() - began;
	out->cpu_seconds = clock_cpu_seconds() - cpu;
	(void)e;
	return true;
}
