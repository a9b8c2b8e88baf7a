#include "columns.h"

#include "branching.h"
#include "census.h"
#include "clock.h"
#include "cutting.h"
#include "labels.h"
#include "listed.h"
#include "master.h"
#include "routing.h"

#include <stdlib.h>
#include <string.h>

enum {
	MEMORY = 10,         /* neighbours that an ng-route remembers */
	QUICK_ROOM = 200000, /* labels */
	ROOM = 3000000,
	A_TURN = 120,          /* columns added at once */
	STARTS = 30,           /* short searches whose rounds are the first columns */
	CENSUS_ROOM = 1000000, /* ways */
	CENSUS_MOST = 300000,  /* rounds */
	FEW = 400,             /* rounds among which whole numbers are decided at once */
	LISTED_A_TURN = 300,   /* columns added at once, from a list */
	FIRST = 600,           /* listed rounds that the search tree begins with */
	MANY = 800,            /* columns; those that the gap excludes leave then */
	STALE_TURNS = 4,       /* of cutting without a gain */
};

static const double NEGATIVE = 1e-6; /* a reduced cost below minus this is worth a column */
static const double ROUNDING = 1e-4; /* in grains, of a bound */
static const double PULL = 0.75;     /* to the centre */
static const double WIDE = 0.1,
		    CLOSE = 0.002; /* between programme and bound, relative: full pull, none */
static const double GAIN = 0.02; /* of the gap: a turn of cutting that closes less gains nothing */
static const double CENSUS_SHARE = 0.15; /* of the time left */
static const double WORTH = 0.75;        /* of the gap that was too wide to list: try again */
static const double START_SHARE = 0.1;   /* of the time left, for the first columns */

struct proof {
	struct master m;
	struct arena *a;
	const struct vrp *v;
	const struct columns_options *o;
	struct rounds *best;
	struct columns_answer *out;
	struct stops *memory;
	bool is_symmetric;
	double most_rounds; /* of a plan that is better */
	double failed_gap;  /* of the last census that did not end */
};

static void make_memory(struct proof *p, size_t size)
{
	const struct vrp *v = p->v;
	size_t stops = v->places - v->depots, count = stops - 1 < size ? stops - 1 : size;
	uint32_t *near = vrp_neighbours(p->a, v, count);
	p->memory = arena_array(p->a, struct stops, stops);
	for (size_t i = 0; i < stops; i++) {
		p->memory[i].word[i / 64] |= (uint64_t)1 << (i % 64);
		for (size_t k = 0; k < count; k++) {
			size_t j = near[i * count + k] - v->depots;
			p->memory[i].word[j / 64] |= (uint64_t)1 << (j % 64);
		}
	}
}

/* The column's visits for good: it was found in memory that goes. */
static void adopt(struct arena *a, struct column *c)
{
	uint32_t *visit = arena_array(a, uint32_t, c->length);
	memcpy(visit, c->visit, c->length * sizeof *visit);
	c->visit = visit;
}

static void add_rounds(struct proof *p, const struct rounds *s)
{
	for (size_t r = 0; r < s->count; r++) {
		const struct round *x = &s->round[r];
		if (!x->length)
			continue;
		struct column c = {
			.cost = x->cost, .type = x->type, .length = x->length, .visit = x->visit};
		adopt(p->a, &c);
		master_add_column(&p->m, &c);
	}
}

/* The best rounds, and those of short searches: their duals are near the last ones from the start. */
static void begin(struct proof *p)
{
	double began = clock_seconds();
	master_begin(&p->m, p->a, p->v, p->best, p->o->deadline, p->o->stop, false);
	add_rounds(p, p->best);
	master_guess_center(&p->m, p->best);
	for (uint64_t n = 0; n < STARTS; n++) {
		double now = clock_seconds();
		if (now - began > START_SHARE * (p->o->deadline - began) || master_is_over(&p->m))
			break;
		struct arena *own = arena_new();
		struct routing_options o = {
			.turns = 1, .threads = 1, .seed = 1000 + n, .stop = p->o->stop};
		struct routing_answer found = {0};
		routing_solve(own, p->v, &o, &found);
		if (found.best.cost < p->best->cost - NEGATIVE) {
			rounds_copy(p->best, &found.best);
			p->out->is_better = true;
		}
		add_rounds(p, &found.best);
		arena_free(own);
	}
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* Rounds begin at different stops and end at different ones: so many, at most, cost less than the best plan. */
static double count_rounds(const struct proof *p)
{
	const struct vrp *v = p->v;
	double fixed = INFINITY, cost = 0, count = 0;
	double *out = arena_array(p->a, double, p->m.stops),
	       *back = arena_array(p->a, double, p->m.stops);
	for (size_t t = 0; t < v->types; t++)
		fixed = fmin(fixed, v->vehicles[t].fixed);
	for (size_t i = 0; i < p->m.stops; i++) {
		out[i] = v->least_per_km * vrp_km(v, 0, v->depots + i);
		back[i] = v->least_per_km * vrp_km(v, v->depots + i, 0);
	}
	qsort(out, p->m.stops, sizeof *out, by_size);
	qsort(back, p->m.stops, sizeof *back, by_size);
	for (size_t i = 0; i < p->m.stops; i++) {
		cost += fixed + out[i] + back[i];
		count += cost <= p->best->cost;
	}
	return fmax(count, 1);
}

static struct labels_ask ask_for(const struct proof *p, uint32_t type, const struct subset *subset)
{
	struct labels_ask ask = {
		.v = p->v,
		.type = type,
		.arc = p->m.arc,
		.memory = p->memory,
		.subset = subset,
		.room = ROOM,
		.is_symmetric = p->is_symmetric,
		.deadline = p->o->deadline,
		.stop = p->o->stop,
	};
	return ask;
}

/* Adds rounds of negative reduced cost; false when none was found. The duals' value plus *margin is a bound; minus
 * infinity where that is not known. */
static bool price(struct proof *p, bool is_quick, double *margin)
{
	const struct vrp *v = p->v;
	struct subset subset[LABELS_SUBSETS];
	size_t subsets = master_subsets(&p->m, subset, LABELS_SUBSETS);
	bool is_any = false;
	*margin = 0;
	for (uint32_t t = 0; t < v->types; t++) {
		struct column found[A_TURN];
		size_t count = 0;
		struct arena *own = arena_new();
		master_price_arcs(&p->m, t);
		struct labels_ask ask = ask_for(p, t, subset);
		ask.subsets = subsets;
		ask.most = A_TURN;
		ask.below = -NEGATIVE;
		ask.is_quick = is_quick;
		if (is_quick)
			ask.room = QUICK_ROOM;
		double least = labels_price(own, &ask, found, &count);
		for (size_t n = 0; n < count; n++) {
			if (master_reduced(&p->m, &found[n]) >= -NEGATIVE)
				continue; /* at the prices of the programme it is worth nothing */
			adopt(p->a, &found[n]);
			master_add_column(&p->m, &found[n]);
			is_any = true;
		}
		arena_free(own);
		double most = fmin(p->most_rounds, v->vehicles[t].count);
		*margin += most * fmin(least, 0);
	}
	return is_any;
}

static bool cut_crossings(struct proof *p)
{
	size_t count = cutting_crossings(&p->m);
	p->out->crossings += count;
	return count > 0;
}

static bool cut_subsets(struct proof *p, size_t room, bool is_whole)
{
	size_t count = cutting_subsets(&p->m, room, is_whole);
	p->out->subsets += count;
	return count > 0;
}

/* ---- What a bound proves ---- */

static double rounded(const struct proof *p, double bound)
{
	double grain = p->v->grain;
	return grain > 0 ? grain * ceil(bound / grain - ROUNDING) : bound;
}

static void raise_to(struct proof *p, double bound)
{
	p->out->bound = fmax(p->out->bound, fmin(rounded(p, bound), p->best->cost));
}

static bool is_proved(const struct proof *p)
{
	return p->out->bound >= p->best->cost - NEGATIVE;
}

/* A better plan costs at most so much. */
static double target(const struct proof *p)
{
	return p->best->cost - fmax(p->v->grain, 10 * NEGATIVE);
}

/* ---- Whole numbers ---- */

/* The cheapest round of each that a better plan could use; false when there are too many. */
static bool take_census(struct proof *p, double gap, struct listed *list)
{
	const struct vrp *v = p->v;
	struct subset subset[LABELS_SUBSETS];
	size_t subsets = master_subsets(&p->m, subset, LABELS_SUBSETS);
	double now = clock_seconds(), deadline = now + CENSUS_SHARE * (p->o->deadline - now);
	size_t room = 0;
	*list = (struct listed){0};
	for (uint32_t t = 0; t < v->types; t++) {
		struct arena *own = arena_new();
		struct column *found = NULL;
		size_t count = 0;
		master_price_arcs(&p->m, t);
		struct labels_ask ask = ask_for(p, t, subset);
		ask.subsets = subsets;
		ask.deadline = deadline;
		double *ends = arena_array(own, double, v->places *LABELS_BUCKETS);
		bool is_bounded = p->is_symmetric && !v->has_time && labels_ends(own, &ask, ends);
		ask.room = CENSUS_ROOM;
		ask.most = CENSUS_MOST;
		ask.below = gap + NEGATIVE * (double)(p->m.stops + 1);
		struct census_ask census = {&ask, is_bounded ? ends : NULL};
		bool is_known = census_take(own, &census, &found, &count);
		struct column *more = arena_array(p->a, struct column, room + count + 1);
		if (room)
			memcpy(more, list->round, room * sizeof *more);
		for (size_t n = 0; is_known && n < count; n++) {
			adopt(p->a, &found[n]);
			more[room++] = found[n];
		}
		list->round = more;
		list->count = room;
		arena_free(own);
		if (!is_known)
			return false;
	}
	list->place = arena_array(p->a, uint32_t, list->count + 1);
	return true;
}

/* The best plan of the listed rounds, or the proof that none is better. */
static void decide(struct proof *p, struct listed *list)
{
	struct master *whole = arena_one(p->a, struct master);
	struct branching_answer found;
	master_begin(whole, p->a, p->v, p->best, p->o->deadline, p->o->stop, true);
	listed_withdraw(list);
	listed_add(whole, list, NULL, INFINITY, FIRST);
	for (size_t n = 0; n < p->m.cuts; n++)
		master_add_cut(whole, &p->m.cut[n]);
	branching_run(p->a, whole, list, p->best, &found);
	p->out->is_better |= found.is_better;
	p->out->nodes = found.nodes;
	raise_to(p, found.bound);
}

/* From here on the listed rounds are all there are: cutting costs no labels. */
static void settle(struct proof *p, struct listed *list)
{
	p->out->enumerated = list->count;
	struct master *old = arena_one(p->a, struct master);
	*old = p->m;
	master_begin(&p->m, p->a, p->v, p->best, p->o->deadline, p->o->stop, false);
	add_rounds(p, p->best);
	for (size_t n = 0; n < old->cuts; n++)
		master_add_cut(&p->m, &old->cut[n]);
	double last = -INFINITY;
	for (size_t stale = 0; !master_is_over(&p->m);) {
		if (!master_solve(&p->m))
			break;
		double least = listed_price(&p->m, list);
		if (listed_add(&p->m, list, NULL, -NEGATIVE, LISTED_A_TURN))
			continue;
		double value = p->m.value + p->most_rounds * fmin(least, 0);
		raise_to(p, value);
		if (is_proved(p))
			return;
		listed_strike(list, target(p) - value + NEGATIVE * (double)(p->m.stops + 1));
		stale = value < last + GAIN * (p->best->cost - value) ? stale + 1 : 0;
		last = fmax(last, value);
		if (list->count <= FEW || stale == STALE_TURNS)
			break;
		bool is_cut = cut_crossings(p);
		if (!cut_subsets(p, MASTER_CUTS, true) && !is_cut)
			break;
	}
	if (!master_is_over(&p->m))
		decide(p, list);
}

/* Priced out; false when the proof is over or there is nothing left to cut. */
static bool go_on(struct proof *p)
{
	struct listed list;
	double gap = target(p) - p->m.value;
	if (is_proved(p))
		return false;
	if (p->m.count > MANY)
		master_strike(&p->m, gap);
	if (cut_crossings(p))
		return true;
	if (gap < WORTH * p->failed_gap) {
		if (take_census(p, gap, &list)) {
			settle(p, &list);
			return false;
		}
		p->failed_gap = gap;
	}
	return cut_subsets(p, LABELS_SUBSETS, false);
}

/* The bound of the linear programme: priced out, cut, priced out again. Prices lie between those of the programme and the centre, those
 * of the best bound so far (smoothing: Wentges 1997), because a programme with few columns has wild ones. */
static void find_bound(struct proof *p)
{
	double pull = PULL, most = PULL;
	for (bool is_quick = true; !master_is_over(&p->m);) {
		double margin;
		if (!master_solve(&p->m))
			return;
		master_blend(&p->m, pull);
		bool is_any = price(p, is_quick, &margin);
		double bound = p->m.value + margin;
		if (!is_quick) {
			raise_to(p, bound);
			if (bound > p->m.center_bound)
				master_keep_center(&p->m, bound);
			if (is_proved(p))
				return;
			double open = (p->m.lp_value - p->m.center_bound) / fabs(p->m.lp_value);
			most = open < CLOSE ? 0 : PULL * fmin(1, open / WIDE);
		}
		if (is_any) {
			pull = most;
			is_quick = true;
			continue;
		}
		if (!is_quick && pull <= 0) {
			if (isinf(margin) || !go_on(p))
				return;
			pull = most;
		} else if (!is_quick) {
			/* Nothing at these prices: nearer to the programme's. */
			pull = most > 0 && pull > PULL / 4 ? pull - PULL / 3 : 0;
		}
		is_quick = !is_quick;
	}
}

static bool is_symmetric(const struct vrp *v)
{
	for (size_t i = 0; i < v->places; i++)
		for (size_t j = 0; j < i; j++)
			if (vrp_km(v, i, j) != vrp_km(v, j, i))
				return false;
	return true;
}

bool columns_bound(struct arena *a, const struct vrp *v, struct rounds *best,
	const struct columns_options *o, struct columns_answer *out)
{
	*out = (struct columns_answer){.bound = -INFINITY};
	if (v->places - v->depots > LABELS_STOPS || v->places == v->depots || v->has_trips ||
		v->has_releases || v->depots > 1 || v->dims > LABELS_DIMS || v->rules)
		return false;
	struct proof *p = arena_one(a, struct proof);
	*p = (struct proof){
		.a = a, .v = v, .o = o, .best = best, .out = out, .failed_gap = INFINITY};
	p->is_symmetric = is_symmetric(v);
	make_memory(p, MEMORY);
	begin(p);
	p->most_rounds = count_rounds(p);
	find_bound(p);
	out->columns = p->m.count;
	return out->bound > 0; /* no cost is negative: less says nothing */
}
