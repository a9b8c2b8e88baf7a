#include "siting.h"

#include "bound.h"
#include "clock.h"
#include "improve.h"
#include "lagrange.h"
#include "zones.h"

#include <math.h>
#include <string.h>

enum {
	LANES_AIMED = 1500000, /* of one evaluation on zones */
	ZONES_MIN = 250,
	ZONES_MAX = 1500,
	ROUNDS = 60,
	ROUND_ASCENT = 30,
	ROUND_TRIALS = 100,
	OFFER_TRIALS = 40,
	POINT_ASCENT = 12,
	POINT_ROUNDS = 40,
};

static const double ZONE_SHARE = 0.6, /* of the time for work on zones */
	WIDE = 0.6, CLOSE = 0.4,      /* margins of lanes, before and after prices are near */
	ENOUGH = 2e-4;                /* gap at which zones have said all they can */

struct clock_context {
	const struct engine_options *o;
	double end_s; /* 0: none */
};

static bool is_over(void *context)
{
	const struct clock_context *c = context;
	if (c->o->stop && *c->o->stop)
		return true;
	return c->end_s > 0 && clock_seconds() > c->end_s;
}

struct run {
	const struct model *m;
	const struct engine_options *o;
	double begin_s;
	size_t threads;
	struct clock_context all, part; /* the whole time, and that of work on zones */
};

static void report(const struct run *r, double bound, double cost, const char *stage)
{
	if (!r->o->progress)
		return;
	struct progress p = {.seconds = clock_seconds() - r->begin_s,
		.bound = bound,
		.cost = cost,
		.stage = stage};
	r->o->progress(r->o->context, &p);
}

static size_t zone_count(const struct model *m)
{
	double others = (double)m->sites * (double)m->flows * (double)m->years;
	double zones = LANES_AIMED / others;
	zones = zones < ZONES_MIN ? ZONES_MIN : zones > ZONES_MAX ? ZONES_MAX : zones;
	return (size_t)zones;
}

/* Bound and plans in turn, on zones (or on the points when there are few). */
static void work(const struct run *r, struct arena *a, struct lagrange *g, struct improve *s,
	struct clock_context *clock)
{
	int quiet = 0;
	(void)lagrange_refresh(g);
	double guess = 0;
	for (size_t k = 0; k < g->m->flows; k++)
		guess += g->tonnes_price[k];
	for (int n = 0; n < ROUNDS && !is_over(clock); n++) {
		double bound = g->value, cost = s->best_cost;
		/* The guessed prices hold the fixed costs: all tonnes at these is about the cost.
		 */
		double target = cost < INFINITY ? cost : guess;
		lagrange_ascend(g, n < 6 ? ROUND_ASCENT : 2 * ROUND_ASCENT, target, INFINITY,
			is_over, clock);
		if (n > 0)
			for (size_t k = 0; k < g->m->flows; k++)
				(void)improve_offer(s, k, g->level, OFFER_TRIALS, is_over, clock);
		if (n > 1)
			improve_run(s, ROUND_TRIALS, is_over, clock);
		report(r, g->value, s->best_cost, "zones : borne et plans");
		double gap = (s->best_cost - g->value) / fabs(s->best_cost);
		if (gap <= ENOUGH || gap <= r->o->gap / 4)
			break;
		lagrange_fix(g, s->best_cost * (1 + 1e-3));
		if (n == 3 || n == 10)
			lagrange_narrow(g, a, n == 3 ? WIDE : WIDE / 2);
		bool is_moving = g->value - bound > 2e-5 * fabs(g->value) ||
				 s->best_cost < cost - 1e-5 * fabs(cost);
		quiet = is_moving ? 0 : quiet + 1;
		if (quiet == 8)
			break;
	}
}

static bool take_plan(const struct run *r, struct arena *a, const int *level, struct answer *out)
{
	const struct model *m = r->m;
	struct plan plan = {.level = arena_array(a, int, m->sites * m->flows * m->years)};
	memcpy(plan.level, level, m->sites * m->flows * m->years * sizeof *level);
	if (!plan_route(a, m, &plan))
		return false;
	if (out->status != ANSWER_FEASIBLE || plan.cost.total < out->plan.cost.total)
		out->plan = plan;
	out->status = ANSWER_FEASIBLE;
	return true;
}

bool siting_solve(struct arena *a, const struct model *m, const struct engine_options *o,
	double begin_s, struct answer *out, struct err *e)
{
	struct run r = {.m = m,
		.o = o,
		.begin_s = begin_s,
		.threads = o->threads > 1 ? (size_t)o->threads : 1};
	/* The certificate is evaluated last and takes its time. */
	double end = o->time_limit_s > 0 ? begin_s + 0.95 * o->time_limit_s : 0;
	r.all = (struct clock_context){o, end};
	r.part = (struct clock_context){o, end > 0 ? begin_s + ZONE_SHARE * o->time_limit_s : 0};
	*out = (struct answer){.status = ANSWER_UNKNOWN, .bound = -INFINITY};
	struct arena *scratch = arena_new();
	size_t count = zone_count(m);
	bool has_zones = m->points > count + count / 2;
	struct zones z;
	const struct model *small = m;
	if (has_zones) {
		zones_init(&z, scratch, m, count);
		small = &z.model;
	}
	struct lagrange g;
	struct improve s;
	lagrange_init(&g, scratch, small, r.threads, NULL, 0);
	improve_init(&s, scratch, small, o->seed);
	work(&r, scratch, &g, &s, has_zones ? &r.part : &r.all);
	const double *price = g.price, *share = g.share;
	if (s.best_cost < INFINITY && !take_plan(&r, a, s.best_level, out))
		out->status = ANSWER_UNKNOWN;
	struct lagrange full;
	if (has_zones) {
		double *long_price = arena_array(scratch, double, m->flows * m->years * m->points);
		zones_prolong(&z, m, g.price, g.mean_line, long_price);
		lagrange_init(&full, scratch, m, r.threads, long_price, CLOSE);
		memcpy(full.share, g.share, m->sites * m->flows * m->years * sizeof *g.share);
		memcpy(full.mean_line, g.mean_line,
			m->sites * m->flows * m->years * sizeof *g.share);
		full.step = 1;
		for (int n = 0; n < POINT_ROUNDS && !is_over(&r.all); n++) {
			double before = full.value;
			double cost = out->status == ANSWER_FEASIBLE ? out->plan.cost.total
								     : fabs(full.value) * 1.05;
			lagrange_ascend(&full, POINT_ASCENT, cost, INFINITY, is_over, &r.all);
			report(&r, full.value, cost, "tous les points : borne");
			if (cost - full.value <= o->gap * cost ||
				full.value - before < 2e-6 * fabs(full.value))
				break;
		}
		price = full.price;
		share = full.share;
	}
	size_t prices = m->flows * m->years * m->points, lines = m->sites * m->flows * m->years;
	double *kept_price = arena_array(a, double, prices),
	       *kept_share = arena_array(a, double, lines);
	memcpy(kept_price, price, prices * sizeof *price);
	memcpy(kept_share, share, lines * sizeof *share);
	out->certificate = (struct certificate){.price = kept_price, .share = kept_share};
	out->bound = out->certified = bound_evaluate(m, &out->certificate);
	arena_free(scratch);
	if (out->status == ANSWER_UNKNOWN)
		return true;
	double cost = out->plan.cost.total;
	out->gap = cost > out->bound ? (cost - out->bound) / fabs(cost) : 0;
	if (out->gap <= (o->gap > 1e-6 ? o->gap : 1e-6))
		out->status = ANSWER_OPTIMAL;
	(void)e;
	return true;
}
