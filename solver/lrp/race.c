#include "race.h"

#include "chance.h"
#include "choice.h"
#include "clock.h"
#include "sets.h"
#include "team.h"

#include <stdlib.h>
#include <string.h>

enum {
	NEAR = 100,          /* neighbours that a ruin may reach */
	SETS_MAX = 1200,     /* at the start */
	TRIAL = 2000,        /* iterations, to learn the speed */
	SHORTEST = 1000,     /* iterations of a set, or fewer sets are tried */
	TURN = 100000,       /* iterations, all threads, of a turn */
	LAST = 2,            /* sets in the last heats */
	POOL_ROOM = 1 << 15, /* rounds of a thread */
};

/* Each heat: its share of the time, temperatures in mean ways to a near stop, and how many sets go on: a part, no fewer than. */
static const struct heat {
	double share, hot, cold;
	size_t part, least;
	bool is_last; /* every thread works on the best set, or on one about as good; rounds are kept */
} heats[] = {
	{0.16, 0.6, 0.03, 5, 8, false},
	{0.16, 0.6, 0.03, 4, 4, false},
	{0.18, 1.0, 0.03, 3, 2, false},
	{0.25, 3.0, 0.02, 1, 1, true},
	{0.20, 1.0, 0.02, 1, 1, true},
};
enum { HEATS = sizeof heats / sizeof *heats };
static const double CHOICE_SHARE = 0.05; /* of the time, for putting together anew, twice */
static const double CHOICE_MOST = 10;    /* s */
static const double AS_GOOD = 1.002;

void race_init(struct race *r, struct arena *a, const struct vrp *v, const struct lrp_options *o,
	double began)
{
	size_t stops = v->places - v->depots, stride = stops - 1 < NEAR ? stops - 1 : NEAR;
	uint32_t *near = vrp_neighbours(a, v, stride);
	*r = (struct race){.v = v, .o = o, .threads = (size_t)o->threads, .began = began};
	double sum = 0;
	size_t few = stride < 3 ? stride : 3;
	for (size_t i = 0; i < stops; i++)
		for (size_t k = 0; k < few; k++)
			sum += vrp_km(v, v->depots + i, near[i * stride + k]);
	r->unit = few ? v->least_per_km * sum / (double)(stops * few) : 1;
	r->chain = arena_array(a, struct chain, r->threads);
	r->pool = arena_array(a, struct pool, r->threads);
	r->own = team_arenas(a, r->threads);
	for (size_t n = 0; n < r->threads; n++) {
		chain_init(&r->chain[n], r->own[n], v, near, stride);
		pool_init(&r->pool[n], r->own[n], v, POOL_ROOM);
		r->chain[n].deadline = o->time_limit_s > 0 ? began + o->time_limit_s : INFINITY;
		r->chain[n].stop = o->stop;
	}
}

static bool is_over(const struct race *r)
{
	double limit = r->o->time_limit_s;
	return (r->o->stop && *r->o->stop) || (limit > 0 && clock_seconds() >= r->began + limit);
}

static void search(void *context, size_t job, size_t thread)
{
	struct race *r = context;
	struct runner *x = &r->runner[job];
	struct chain *c = &r->chain[thread];
	if (is_over(r) && x->best)
		return;
	c->random =
		(r->o->seed + 1) * 0x9E3779B97F4A7C15u ^ (r->salt + job + 1) * 0xD1B54A32D192ED03u;
	c->random |= 1;
	c->pool = r->is_kept ? &r->pool[thread] : NULL;
	chain_begin(c, x->opening, x->best);
	chain_run(c, r->iterations, r->hot * r->unit, r->cold * r->unit);
	if (!x->best) {
		x->best = arena_one(r->own[thread], struct layout);
		layout_init(x->best, r->own[thread], r->v);
	} else if (c->best.cost >= x->best->cost) {
		return;
	}
	layout_copy(x->best, &c->best);
	x->cost = c->best.absents ? c->best.cost : layout_cost(&c->best);
}

static int by_cost(const void *a, const void *b)
{
	const struct runner *x = a, *y = b;
	return (x->cost > y->cost) - (x->cost < y->cost);
}

/* Sets that use the same sites are one: the better stays. Infinite costs come last. */
static void rank(struct race *r)
{
	qsort(r->runner, r->runners, sizeof *r->runner, by_cost);
	size_t kept = 0;
	for (size_t n = 0; n < r->runners; n++) {
		bool is_new = true;
		for (size_t m = 0; m < kept && is_new; m++) {
			is_new = false;
			for (size_t d = 0; d < r->v->depots; d++)
				is_new |= !r->runner[n].best->begins[d] !=
					  !r->runner[m].best->begins[d];
		}
		if (is_new)
			r->runner[kept++] = r->runner[n];
	}
	r->runners = kept;
}

static void tell(const struct race *r, double *told)
{
	const struct runner *x = &r->runner[0];
	if (!r->o->progress || x->best->absents || x->cost >= *told)
		return;
	*told = x->cost;
	r->o->progress(r->o->context, clock_seconds() - r->began, x->cost);
}

static double total(const struct race *r)
{
	int64_t sum = 0;
	for (size_t n = 0; n < r->threads; n++)
		sum += r->chain[n].iterations;
	return (double)sum;
}

static double left_share(size_t from)
{
	double sum = 2 * CHOICE_SHARE;
	for (size_t h = from; h < HEATS; h++)
		sum += heats[h].share;
	return sum;
}

/* How many iterations, of all threads, this heat has: its share of the time that is left. */
static double budget(const struct race *r, size_t h)
{
	if (r->o->turns > 0)
		return (double)r->o->turns * TURN * heats[h].share;
	double left = r->o->time_limit_s - (clock_seconds() - r->began);
	return left * heats[h].share / left_share(h) * (double)r->threads * r->speed;
}

static void measure(struct race *r)
{
	double before = total(r), began = clock_seconds();
	r->iterations = TRIAL;
	r->hot = heats[0].hot;
	r->cold = heats[0].cold;
	team_run(r->threads, r->runners < r->threads ? r->runners : r->threads, search, r);
	r->speed = (total(r) - before) / (double)r->threads / fmax(clock_seconds() - began, 1e-6);
}

static void enter(struct race *r, struct arena *a)
{
	const struct vrp *v = r->v;
	struct site_set *sets = sets_make(a, v, SETS_MAX, &r->runners);
	r->runner = arena_array(a, struct runner, r->runners + r->threads);
	for (size_t n = 0; n < r->runners; n++) {
		r->runner[n].cost = INFINITY;
		r->runner[n].opening = arena_array(a, double, v->depots);
		for (size_t d = 0; d < v->depots; d++)
			r->runner[n].opening[d] = sets[n].is_open[d] ? 0 : INFINITY;
	}
	measure(r);
	double able = budget(r, 0) / SHORTEST;
	if (able < (double)r->runners)
		r->runners = (size_t)fmax(able, (double)r->threads);
	r->sets = r->runners;
}

/* A runner for each thread: the best sets, as far as they are about as good as the best. */
static void line_up(struct race *r, struct arena *a)
{
	size_t good = 1;
	while (good < r->runners && good < r->threads &&
		r->runner[good].cost <= AS_GOOD * r->runner[0].cost)
		good++;
	for (size_t n = good; n < r->threads; n++) {
		const struct runner *from = &r->runner[n % good];
		r->runner[n] = *from;
		r->runner[n].best = arena_one(a, struct layout);
		layout_init(r->runner[n].best, a, r->v);
		layout_copy(r->runner[n].best, from->best);
	}
	r->runners = r->threads;
}

static void run_heat(struct race *r, struct arena *a, size_t h)
{
	const struct heat *heat = &heats[h];
	double before = total(r), began = clock_seconds();
	if (heat->is_last)
		line_up(r, a);
	r->iterations = (int64_t)fmax(1, budget(r, h) / (double)r->runners);
	r->hot = heat->hot;
	r->cold = heat->cold;
	r->is_kept = heat->is_last;
	r->salt += 100003;
	team_run(r->threads, r->runners, search, r);
	r->speed = (total(r) - before) / (double)r->threads / fmax(clock_seconds() - began, 1e-6);
	rank(r);
	size_t next = r->runners / heat->part;
	next = next < heat->least ? heat->least : next;
	r->runners = next < r->runners ? next : r->runners;
}

/* What the threads met, put together anew. */
static void choose(struct race *r, struct arena *a)
{
	struct pool all;
	struct runner *x = &r->runner[0];
	double limit = r->o->time_limit_s, most = CHOICE_MOST;
	if (is_over(r))
		return;
	pool_init(&all, a, r->v, r->threads * POOL_ROOM);
	for (size_t n = 0; n < r->threads; n++)
		pool_join(&all, &r->pool[n]);
	layout_pool(x->best, &all);
	if (r->o->turns <= 0)
		most = fmin(most, CHOICE_SHARE * limit);
	if (choice_make(a, &all, x->best, clock_seconds() + most, r->o->stop))
		x->cost = layout_cost(x->best);
}

void race_run(struct race *r, struct arena *a)
{
	double told = INFINITY;
	enter(r, a);
	for (size_t h = 0; h < HEATS; h++) {
		run_heat(r, a, h);
		tell(r, &told);
		if (heats[h].is_last) {
			choose(r, a);
			tell(r, &told);
		}
	}
}
