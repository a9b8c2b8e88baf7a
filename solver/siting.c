#include "siting.h"

#include "bound.h"
#include "carry.h"
#include "clock.h"
#include "relax.h"
#include "search.h"
#include "separate.h"
#include "team.h"
#include "whole.h"
#include "zones.h"

#include <math.h>
#include <string.h>

/* Work, chosen on the reference scenario and on generated networks. */
enum {
	RUNGS = 3,
	LANES_AIMED = 3000000, /* of one evaluation on zones */
	ZONES_MIN = 200,
	ZONES_MAX = 1000,
	COARSER = 5,     /* half as many zones as a fifth .. */
	STAGES = 3,      /* .. and as many stages, at most, on the coarsest rung */
	NEIGHBOURS = 16, /* points to a leaf when points are sorted */
	FIRST_SEARCHES = 2,
	ZONE_ITERATIONS = 100,
	POINT_ITERATIONS = 5,
	SEARCH_EVERY = 3, /* rounds */
	SEARCHES_IDLE = 4,
	WARM_ROUNDS = 3,
	WARM_ITERATIONS = 15,
};

/* Evaluating the certificate anew takes the rest of the time. */
static const double LAST_TIME = 0.93;

/* A model of the ladder: points at the bottom, the fewest zones on top. */
struct rung {
	const struct model *m;
	struct zones zones; /* made from the rung below; unused at the bottom */
	struct relax relax;
	int rounds, iterations; /* of the ascent there */
	int first_cuts;         /* round from which inequalities are looked for */
	double until;           /* part of the time when it has to end */
};

struct run {
	const struct model *model;
	const struct engine_options *o;
	size_t threads;
	double began, end_s;
	struct rung rungs[RUNGS];
	size_t rung_count;
	size_t plan_rung; /* plans are searched there: few zones will do, but all years */
	size_t warm_rung; /* where the ascent begins from an earlier answer */
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

/* The ladder: the points in an order where neighbours follow each other, zones, few zones. */
static void make_rungs(struct run *r, struct arena *a, const struct model *m)
{
	double others = (double)m->sites * (double)m->flows * (double)m->years;
	size_t count = (size_t)fmax(ZONES_MIN, fmin(ZONES_MAX, LANES_AIMED / others));
	struct rung *rung = r->rungs;
	rung->m = m;
	*rung = (struct rung){.m = m,
		.rounds = 400,
		.iterations = POINT_ITERATIONS,
		.first_cuts = 1000,
		.until = LAST_TIME};
	if (m->points > count + count / 2) {
		zones_init(&rung[1].zones, a, m, count, m->years);
		rung++;
		rung->m = &rung->zones.model;
	}
	r->plan_rung = r->warm_rung = (size_t)(rung - r->rungs);
	rung->rounds = 12;
	rung->iterations = ZONE_ITERATIONS;
	rung->first_cuts = 1;
	rung->until = rung == r->rungs ? LAST_TIME : 0.42;
	if (rung->m->points > ZONES_MIN / 2) {
		zones_init(&rung[1].zones, a, rung->m, 2 * rung->m->points / COARSER, STAGES);
		rung++;
		*rung = (struct rung){.m = &rung->zones.model,
			.zones = rung->zones,
			.rounds = 12,
			.iterations = ZONE_ITERATIONS,
			.first_cuts = 3,
			.until = 0.25};
		rung->m = &rung->zones.model;
		if (rung->m->years == m->years)
			r->plan_rung++;
	}
	r->rung_count = (size_t)(rung - r->rungs) + 1;
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
	const struct model *m = r->rungs[r->plan_rung].m, *small = r->rungs[n].m;
	int *level = arena_array(a, int, m->sites * m->flows * m->years);
	for (size_t c = 0; c < m->sites * m->flows; c++)
		for (size_t t = 0; t < m->years; t++) {
			size_t s = n > r->plan_rung ? r->rungs[n].zones.stage_of[t] : t;
			const struct relax *x = &r->rungs[n].relax;
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
	allow(r, LAST_TIME);
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
	struct rung *rung = &s->r->rungs[s->rung];
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
	 * a gap on zones that is this part of what is asked for is enough. */
	static const double LEAST_RISE = 3e-5, LEAST_ZONE_RISE = 1.5e-4, ENOUGH = 0.8,
			    UNKNOWN_GAP = 0.05;
	struct rung *rung = &r->rungs[n];
	struct relax *x = &rung->relax;
	int idle = 0;
	allow(r, rung->until);
	relax_run(x, 1, 0, is_over, r);
	for (int round = 0; round < rung->rounds && !is_over(r); round++) {
		double before = x->value, cost = cost_of(r, n);
		double target = cost < INFINITY ? cost : x->value + UNKNOWN_GAP * fabs(x->value);
		struct shift shift = {r, n, target, NULL};
		struct arena *scratch = arena_new();
		bool is_searching = n > 0 && round % SEARCH_EVERY == SEARCH_EVERY - 1;
		if (is_searching)
			shift.opened = opened(r, n, scratch);
		team_run(r->threads, is_searching ? 2 : 1, work_shift, &shift);
		arena_free(scratch);
		cost = cost_of(r, n);
		report(r, x->value, cost,
			n ? "plans et borne, sur des zones" : "borne, sur tous les points");
		double gap = (cost - x->value) / fabs(cost);
		if (gap <= (n ? ENOUGH : 1) * r->o->gap || gap <= 1e-6)
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
	const struct model *m = r->rungs[r->plan_rung].m;
	struct rung *top = &r->rungs[r->rung_count - 1];
	size_t cells = m->years * m->points;
	double *price = arena_array(a, double, m->flows *cells);
	for (size_t k = 0; k < m->flows; k++)
		descent_prices(&r->search.flows[k], price + k * cells);
	if (top != &r->rungs[r->plan_rung]) {
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
	const struct model *m = r->rungs[0].m;
	relax_certificate(&r->rungs[0].relax, a, &out->certificate);
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
	r->rungs[0].m = m;
	r->rung_count = 1;
	search_init(&r->search, scratch, m, o->seed);
	if (out->plan.level)
		search_offer(&r->search, out->plan.level);
	relax_init(&r->rungs[0].relax, scratch, m, 1);
	begin_prices(r, scratch);
	relax_run(&r->rungs[0].relax, ITERATIONS, out->bound, is_over, r);
	certify(r, a, order, out);
	arena_free(scratch);
	out->certified = bound_evaluate(m, &out->certificate);
	out->bound = fmax(out->bound, out->certified);
}

/* One rung after the other, from the top. */
static void climb_down(struct run *r, struct arena *scratch, struct arena *a, const struct model *m)
{
	for (size_t n = r->rung_count; n-- > 0;) {
		relax_init(&r->rungs[n].relax, scratch, r->rungs[n].m, r->threads);
		if (n + 1 == r->rung_count)
			begin_prices(r, scratch);
		else
			carry_down(&r->rungs[n].relax, scratch, &r->rungs[n + 1].relax,
				&r->rungs[n + 1].zones);
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
	struct rung *bottom = &r->rungs[0], *rung = &r->rungs[r->warm_rung];
	double *price = arena_array(scratch, double, m->flows * m->years * m->points);
	for (size_t n = 0; n < m->flows * m->years; n++)
		for (size_t i = 0; i < m->points; i++)
			price[n * m->points + i] = c->price[n * m->points + order[i]];
	double *zone_price = price;
	if (rung != bottom) {
		size_t cells = m->flows * m->years * rung->m->points;
		zone_price = arena_array(scratch, double, cells);
		carry_up(&rung->zones, bottom->m, price, zone_price);
	}
	relax_init(&rung->relax, scratch, rung->m, r->threads);
	for (size_t n = 0; n < c->rounding_count; n++)
		(void)relax_add_cut(&rung->relax, scratch, &c->roundings[n]);
	relax_start(&rung->relax, zone_price);
	struct rung usual = *rung;
	if (rung != bottom) {
		rung->rounds = WARM_ROUNDS;
		rung->iterations = WARM_ITERATIONS;
		rung->first_cuts = WARM_ROUNDS;
	}
	climb(r, scratch, r->warm_rung);
	rung->rounds = usual.rounds;
	rung->iterations = usual.iterations;
	rung->first_cuts = usual.first_cuts;
	take_plan(r, a, m);
	if (rung == bottom)
		return;
	relax_init(&bottom->relax, scratch, bottom->m, r->threads);
	carry_change(&bottom->relax, scratch, &rung->relax, &rung->zones, price, zone_price);
	climb(r, scratch, 0);
}

/* The bound has said what it can: plans are searched on, while that helps. */
static void search_on(struct run *r, struct arena *a, const struct model *m)
{
	const struct relax *x = &r->rungs[0].relax;
	allow(r, LAST_TIME);
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
	make_rungs(r, scratch, &sorted);
	search_init(&r->search, scratch, r->rungs[r->plan_rung].m, o->seed);
	allow(r, 0.15);
	if (o->start)
		search_offer(&r->search, o->start->level);
	for (int n = 0; n < (o->start ? 1 : FIRST_SEARCHES) && !is_over(r); n++)
		search_round(&r->search, NULL, is_over, r);
	out->certified = -INFINITY;
	if (o->start_certificate) {
		climb_warm(r, scratch, a, m, leaves.order);
		settle_bound(r, a, leaves.order, out);
	}
	if (!is_proved(r, out) && (!o->start_certificate || !is_over(r))) {
		climb_down(r, scratch, a, m);
		take_plan(r, a, m);
		search_on(r, a, m);
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
