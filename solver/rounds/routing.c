#include "routing.h"

#include "anneal.h"
#include "breeding.h"
#include "chance.h"
#include "clock.h"
#include "insertion.h"
#include "partition.h"
#include "rules.h"
#include "team.h"
#include "weekly.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
	NEAR_RUIN = 200,    /* neighbours that a ruin may reach */
	NEAR_INSERT = 40,   /* stops before and after whom a stop may go, */
	NEAR_WEEKLY = 35,   /* with rules: most of them are there on other days */
	TURN = 20000,       /* iterations of a thread, */
	TURN_WEEKLY = 1000, /* the same with rules, which take longer, */
	TURN_A_STOP = 400,  /* but no more than so many for each stop */
	ROUNDS_TO_PART = 4, /* a thread, at least; else all threads anneal the whole */
};

/* Breeding: births in a turn. It goes further than one long cooling with so many processor seconds, times the cube of the stops; where
 * no clock ends the search, on up to so many stops. */
enum { BIRTHS = 50, BREEDING_MOST = 450 };
static const double BREEDING_S = 2.7e-7;

enum { POOL_ROOM = 1 << 15 }; /* rounds of a thread */

/* In mean steps: a worsening of one step is taken almost always at first, almost never at the end. */
static const double HOT = 3, COLD = 0.03;
static const double COLD_TIMED = 0.1;      /* with windows, which leave fewer small steps */
static const double BEFORE_BREEDING = 0.1; /* of the time, for a first plan by annealing */
/* Of the time: when rounds are put together anew, how long that may take. */
static const double COMBINE_AT = 0.9, COMBINE_SHARE = 0.06;
/* As published (Christiaens, Vanden Berghe 2020). */
static const double MEAN_RUIN = 10, LONGEST_STRING = 10; /* stops */

struct routing {
	const struct vrp *v;
	const struct routing_options *o;
	struct ground ground;
	struct rounds now, best;
	struct anneal *part; /* [thread] */
	uint32_t **seeds;    /* [thread] stops of its own */
	size_t threads;
	double unit; /* EUR: mean cost of going to the nearest stops */
	double heat;
	bool is_parted;
	struct pool pool; /* of all threads */
	struct partition_options combining;
	bool is_combined;
	atomic_bool is_combining;
	uint64_t random;
	uint32_t *order;           /* [round] */
	double *key;               /* [round] */
	struct breeding *breeding; /* null: the problem is not one to breed plans of */
};

static double mean_step(const struct vrp *v, const uint32_t *near, size_t stride)
{
	double sum = 0, per_km = INFINITY;
	size_t stops = v->places - v->depots, count = stride < 3 ? stride : 3;
	for (size_t t = 0; t < v->types; t++)
		per_km = fmin(per_km, v->vehicles[t].per_km);
	for (size_t i = 0; i < stops; i++)
		for (size_t k = 0; k < count; k++)
			sum += vrp_km(v, v->depots + i, near[i * stride + k]);
	return count ? per_km * sum / (double)(stops * count) : 1;
}

static void add_rounds(struct rounds *to, const struct rounds *from)
{
	for (size_t r = 0; r < from->count; r++) {
		const struct round *x = &from->round[r];
		if (!x->length)
			continue;
		for (uint32_t p = 0; p < x->length; p++)
			if (!vrp_is_depot(to->v, x->visit[p]))
				rounds_admit(to, x->visit[p]);
		rounds_add(to, x->type, x->visit, x->length);
	}
	for (size_t n = 0; n < from->absents; n++)
		rounds_admit(to, from->absent[n]);
}

/* `to` is the union of the parts, of what they are or of the best that they were. */
static void unite(const struct routing *x, struct rounds *to, bool is_best)
{
	rounds_clear(to);
	for (size_t n = 0; n < x->threads; n++)
		add_rounds(to, is_best ? &x->part[n].best : &x->part[n].s);
}

static int by_key(const void *a, const void *b, void *context)
{
	const double *key = context;
	uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
	return key[i] != key[j] ? (key[i] > key[j]) - (key[i] < key[j]) : (i > j) - (i < j);
}

static void give(struct routing *x, size_t thread, uint32_t r)
{
	struct anneal *part = &x->part[thread];
	const struct round *from = &x->now.round[r];
	for (uint32_t p = 0; p < from->length; p++)
		if (!vrp_is_depot(x->v, from->visit[p])) {
			rounds_admit(&part->s, from->visit[p]);
			x->seeds[thread][part->ruin.seed_count++] = from->visit[p];
		}
	rounds_add(&part->s, from->type, from->visit, from->length);
}

/* Rounds by where they lie along a random direction, as many stops to each thread. */
static void part(struct routing *x, bool may_part)
{
	const struct vrp *v = x->v;
	double angle = 6.283185307179586 * chance_real(&x->random), c = cos(angle), s = sin(angle);
	size_t count = 0, stops = 0;
	for (uint32_t r = 0; r < x->now.count; r++) {
		const struct round *y = &x->now.round[r];
		double sum = 0, n = 0;
		for (uint32_t p = 0; p < y->length; p++)
			if (!vrp_is_depot(v, y->visit[p])) {
				sum += c * v->x[y->visit[p]] + s * v->y[y->visit[p]];
				n++;
			}
		if (!y->length)
			continue;
		x->key[r] = sum / n;
		x->order[count++] = r;
		stops += (size_t)n;
	}
	x->is_parted = may_part && count >= ROUNDS_TO_PART * x->threads;
	qsort_r(x->order, count, sizeof *x->order, by_key, x->key);
	for (size_t n = 0; n < x->threads; n++) {
		struct anneal *y = &x->part[n];
		rounds_clear(&y->s);
		y->ruin.seed_count = 0;
		for (size_t t = 0; t < v->types; t++) {
			int left = x->now.left[t];
			bool is_any = v->vehicles[t].count == VRP_UNLIMITED || !x->is_parted;
			y->s.left[t] =
				is_any ? left
				       : left / (int)x->threads + ((size_t)left % x->threads > n);
		}
	}
	size_t given = 0;
	for (size_t n = 0; n < count; n++) {
		size_t thread = given * x->threads / (stops ? stops : 1);
		uint32_t r = x->order[n];
		given += x->now.round[r].length;
		for (size_t m = 0; m < x->threads; m++)
			if (!x->is_parted || m == (thread < x->threads ? thread : x->threads - 1)) {
				/* rounds_add takes its vehicle from those left: it has brought it along. */
				if (v->vehicles[x->now.round[r].type].count != VRP_UNLIMITED)
					x->part[m].s.left[x->now.round[r].type]++;
				give(x, m, r);
			}
	}
	for (size_t n = 0; n < x->now.absents; n++) {
		size_t own = chance_below(&x->random, x->threads);
		for (size_t m = 0; m < x->threads; m++)
			if (!x->is_parted || m == own) {
				rounds_admit(&x->part[m].s, x->now.absent[n]);
				x->seeds[m][x->part[m].ruin.seed_count++] = x->now.absent[n];
			}
	}
	for (size_t n = 0; n < x->threads; n++) {
		if (v->rules)
			weekly_hold(&x->part[n].s, &x->now);
		rounds_copy(&x->part[n].best, &x->part[n].s);
	}
}

static void work(void *context, size_t job, size_t thread)
{
	(void)thread;
	struct routing *x = context;
	int64_t most = TURN_A_STOP * (int64_t)(x->v->places - x->v->depots),
		turn = x->v->rules ? TURN_WEEKLY : TURN;
	anneal_run(&x->part[job], most < turn ? most : turn, x->heat);
}

static void turn(struct routing *x)
{
	part(x, true);
	team_run(x->threads, x->threads, work, x);
	if (x->is_parted) {
		double best = 0;
		for (size_t n = 0; n < x->threads; n++)
			best += x->part[n].best.cost;
		if (best < x->best.cost - 1e-9)
			unite(x, &x->best, true);
		unite(x, &x->now, false);
		return;
	}
	size_t least = 0;
	for (size_t n = 0; n < x->threads; n++) {
		if (x->part[n].best.cost < x->best.cost - 1e-9)
			rounds_copy(&x->best, &x->part[n].best);
		if (x->part[n].s.cost < x->part[least].s.cost)
			least = n;
	}
	rounds_copy(&x->now, &x->part[least].s);
}

static void combine_beside(void *context, size_t job, size_t thread)
{
	struct routing *x = context;
	if (!job) {
		partition_make(&x->pool, &x->best, &x->combining);
		atomic_store(&x->is_combining, false);
		return;
	}
	do
		work(x, job, thread);
	while (x->o->turns <= 0 && atomic_load(&x->is_combining));
}

/* One thread puts the rounds met so far together anew; the others go on from the best plan meanwhile. */
static void combine(struct routing *x, double began)
{
	double limit = x->o->time_limit_s;
	x->is_combined = true;
	if (!x->part[0].pool)
		return;
	rounds_copy(&x->now, &x->best);
	part(x, false);
	for (size_t n = 0; n < x->threads; n++)
		pool_join(&x->pool, x->part[n].pool);
	for (size_t r = 0; r < x->best.count; r++)
		pool_take(&x->pool, &x->best.round[r]);
	for (size_t n = 0; x->breeding && n < x->breeding->herd.fit.count; n++)
		genome_pool(x->breeding->herd.fit.member[n], x->v, &x->breeding->fleet, &x->pool);
	x->combining = (struct partition_options){
		limit > 0 ? began + limit * (COMBINE_AT + COMBINE_SHARE) : INFINITY, x->o->stop,
		chance_next(&x->random)};
	atomic_store(&x->is_combining, true);
	team_run(x->threads, x->threads, combine_beside, x);
	for (size_t n = 1; n < x->threads; n++)
		if (x->part[n].best.cost < x->best.cost - 1e-9)
			rounds_copy(&x->best, &x->part[n].best);
	rounds_copy(&x->now, &x->best);
}

/* The herd meets the best plan where that is not its own, and gives back a better one. */
static void breed(struct routing *x)
{
	struct breeding *b = x->breeding;
	if (!x->best.absents && x->best.cost < b->herd.best.cost - 1e-9) {
		genome_take(&b->litter[0].child, &x->best, &b->fleet);
		breeding_meet(b, &b->litter[0].child);
	}
	breeding_run(b, BIRTHS);
	if (b->herd.best.cost < x->best.cost - 1e-9)
		genome_give(&b->herd.best, &b->fleet, &x->best);
}

/* Every stop is put where it costs least, the farthest from the depot first. */
static void begin(struct arena *a, struct routing *x)
{
	struct rounds *s = &x->now;
	const struct vrp *v = x->v;
	size_t count = s->absents;
	uint32_t *list = arena_array(a, uint32_t, count);
	double *far = arena_array(a, double, v->places);
	for (size_t n = 0; n < count; n++) {
		list[n] = s->absent[n];
		far[list[n]] = -vrp_km(v, v->vehicles[0].depot, list[n]);
	}
	qsort_r(list, count, sizeof *list, by_key, far);
	for (size_t n = 0; n < count; n++) {
		struct spot spot;
		rounds_begin(s);
		if (!insertion_find(s, &x->ground, list[n], &x->random, &spot))
			continue;
		rounds_insert(s, list[n], &spot);
		rounds_settle(s);
	}
	rounds_begin(s);
	rounds_copy(&x->best, s);
}

/* As planned on places renumbered, on the places as they came. */
static void give_back(struct arena *a, const struct rounds *from, const uint32_t *order,
	const struct vrp *v, struct rounds *to)
{
	uint32_t *visit = arena_array(a, uint32_t, 2 * v->places);
	rounds_init(to, a, v);
	for (size_t r = 0; r < from->count; r++) {
		const struct round *x = &from->round[r];
		if (!x->length)
			continue;
		for (uint32_t p = 0; p < x->length; p++)
			visit[p] = order[x->visit[p]];
		rounds_add(to, x->type, visit, x->length);
	}
}

static bool is_worth_breeding(const struct routing_options *o, double stops)
{
	if (o->turns > 0)
		return stops <= BREEDING_MOST;
	return o->time_limit_s * o->threads >= BREEDING_S * stops * stops * stops;
}

static void routing_init(struct routing *x, struct arena *a, const struct vrp *v,
	const struct routing_options *o, double began)
{
	size_t stops = v->places - v->depots,
	       stride = stops - 1 < NEAR_RUIN ? stops - 1 : NEAR_RUIN;
	uint32_t *near = vrp_neighbours(a, v, stride);
	*x = (struct routing){.v = v,
		.o = o,
		.threads = (size_t)o->threads,
		.random = o->seed * 2 + 1,
		.unit = v->rules ? v->rules->step : mean_step(v, near, stride)};
	ground_init(&x->ground, a, v, v->rules ? NEAR_WEEKLY : NEAR_INSERT);
	x->order = arena_array(a, uint32_t, stops);
	x->key = arena_array(a, double, stops);
	x->part = arena_array(a, struct anneal, x->threads);
	x->seeds = arena_array(a, uint32_t *, x->threads);
	rounds_init(&x->now, a, v);
	rounds_init(&x->best, a, v);
	for (size_t n = 0; n < x->threads; n++) {
		struct arena *own = arena_new();
		arena_defer(a, (void (*)(void *))arena_free, own);
		x->seeds[n] = arena_array(a, uint32_t, stops);
		x->part[n] = (struct anneal){
			.ruin = {near, stride, x->seeds[n], 0, MEAN_RUIN, LONGEST_STRING},
			.ground = &x->ground,
			.random = chance_next(&x->random),
			.left_out = arena_array(a, uint32_t, v->places),
			.deadline = o->time_limit_s > 0 ? began + o->time_limit_s : INFINITY,
			.stop = o->stop,
		};
		if (!v->rules && v->places < UINT16_MAX) {
			x->part[n].pool = arena_array(a, struct pool, 1);
			pool_init(x->part[n].pool, own, v, POOL_ROOM);
		}
		rounds_init(&x->part[n].s, own, v);
		rounds_init(&x->part[n].best, own, v);
	}
	if (x->part[0].pool)
		pool_init(&x->pool, a, v, 2 * x->threads * POOL_ROOM);
	if (is_worth_breeding(o, (double)stops) && breeding_can(v)) {
		x->breeding = arena_array(a, struct breeding, 1);
		breeding_init(x->breeding, a, v, x->threads, chance_next(&x->random));
		x->breeding->deadline = x->part[0].deadline;
		x->breeding->stop = o->stop;
	}
}

void routing_solve(struct arena *a, const struct vrp *v, const struct routing_options *o,
	struct routing_answer *out)
{
	double began = clock_seconds();
	struct arena *own = arena_new();
	const uint32_t *order = ground_order(own, v);
	struct vrp near = v->rules ? *v : vrp_renumbered(own, v, order);
	struct routing x;
	routing_init(&x, own, &near, o, began);
	begin(own, &x);
	double told = INFINITY;
	for (int64_t n = 0; !(o->stop && *o->stop); n++) {
		double seconds = clock_seconds() - began;
		bool is_late = o->time_limit_s > 0 && seconds >= o->time_limit_s;
		/* Where turns are counted the clock may end the search, not steer it. */
		double done = o->turns > 0          ? (double)n / (double)o->turns
			      : o->time_limit_s > 0 ? seconds / o->time_limit_s
						    : 0;
		if (is_late || done >= 1)
			break;
		if (done >= COMBINE_AT && !x.is_combined)
			combine(&x, began);
		double share_annealed = x.breeding ? BEFORE_BREEDING : 1;
		if (done < share_annealed) {
			double cold = near.has_time && !near.rules ? COLD_TIMED : COLD;
			x.heat = x.unit * HOT * pow(cold / HOT, done / share_annealed);
			turn(&x);
		} else {
			breed(&x);
		}
		if (o->progress && x.best.cost < told)
			o->progress(o->context, seconds, told = x.best.cost);
	}
	for (size_t n = 0; n < x.threads; n++)
		out->iterations += x.part[n].iterations;
	out->iterations += x.breeding ? x.breeding->births : 0;
	give_back(a, &x.best, order, v, &out->best);
	arena_free(own);
	out->seconds = clock_seconds() - began;
}
