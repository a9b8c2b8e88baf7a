#include "weekly.h"

#include "chance.h"
#include "day.h"

#include <string.h>

/* One in so many and one: a place or a vehicle is overlooked, a stop goes in whatever it costs, one that was left out before is
 * looked at again. */
enum { BLINK_BITS = 127, VEHICLE_BITS = 7, GENEROUS_BITS = 31, AGAIN_BITS = 3 };
enum { ABSENTS_TO_LOOK_AT = 64 };

static const double BROKEN = 1e8;       /* EUR */
static const double FLOAT_HOURS = 1e-5; /* what hours by floats may be off */

static bool blinks(uint64_t *random)
{
	return !(chance_next(random) >> 32 & BLINK_BITS);
}

/* The cheapest vehicle for the first stop of a round need not be the one for all of it. */
static bool blinks_at_a_vehicle(uint64_t *random)
{
	return !(chance_next(random) >> 32 & VEHICLE_BITS);
}

void weekly_settle(const struct vrp *v, struct round *x)
{
	const struct vehicle *b = &v->vehicles[x->type];
	struct day day;
	/* Where there is no way past a stop, taking it out breaks the round: such a step is not taken. */
	if (!day_drive(v, x->type, x->visit, x->length, &day))
		day.cost = BROKEN;
	x->cost = day.cost;
	x->hours = day.hours;
	x->idle = fmax(0, day.hours - day.driving - day.busy);
	x->driving = day.driving;
	uint32_t at = b->depot;
	double now = b->open;
	for (uint32_t p = 0; p < x->length; p++) {
		uint32_t to = x->visit[p];
		now = rules_begin(v, b->day, to, now + vrp_hours(v, at, to)) + v->service[to];
		x->ready[p] = now;
		at = to;
	}
	double late = v->rules->latest[x->type];
	at = b->depot;
	for (uint32_t p = x->length; p--;) {
		uint32_t from = x->visit[p];
		late = rules_latest(
			v, b->day, from, late - vrp_hours(v, from, at) - v->service[from]);
		x->late[p] = late;
		at = from;
	}
}

struct search {
	const struct rounds *s;
	const struct vrp *v;
	const double *load;
	const float *to, *from; /* km of the stop to all places and from them; or null */
	uint32_t stop;
	uint32_t days; /* bits: not too near another visit of the same pick-up */
	struct spot best;
};

uint32_t weekly_free_days(const struct rounds *s, uint32_t stop)
{
	const struct vrp *v = s->v;
	const struct rules *r = v->rules;
	uint32_t days = s->held ? s->held[stop] : (uint32_t)((1u << r->days) - 1);
	for (uint32_t t = r->twin[stop]; t != stop; t = r->twin[t]) {
		if (s->where[t].round >= ROUNDS_OTHERS)
			continue;
		uint32_t taken = v->vehicles[s->round[s->where[t].round].type].day;
		for (uint32_t d = 0; d < r->days; d++)
			if (rules_days_between(r, d, taken) < r->gap[stop])
				days &= ~(1u << d);
	}
	return days;
}

static bool is_elsewhere(const struct rounds *part, uint32_t stop)
{
	return part->where[stop].round == ROUNDS_OTHERS;
}

/* Those present elsewhere stay on their days; an absent one there might come back on any. */
static uint32_t days_apart(const struct rounds *part, const struct rounds *all, uint32_t stop)
{
	const struct vrp *v = part->v;
	uint32_t round = all->where[stop].round;
	if (round < ROUNDS_OTHERS)
		return 1u << v->vehicles[all->round[round].type].day;
	for (uint32_t t = v->rules->twin[stop]; t != stop; t = v->rules->twin[t])
		if (is_elsewhere(part, t) && all->where[t].round >= ROUNDS_OTHERS)
			return 0;
	return weekly_free_days(all, stop);
}

void weekly_hold(struct rounds *part, const struct rounds *all)
{
	const struct vrp *v = part->v;
	const struct rules *r = v->rules;
	if (!part->held)
		part->held = arena_array(part->a, uint32_t, v->places);
	for (uint32_t i = (uint32_t)v->depots; i < v->places; i++) {
		bool is_apart = false;
		for (uint32_t t = r->twin[i]; t != i; t = r->twin[t])
			is_apart |= is_elsewhere(part, t);
		part->held[i] =
			is_apart ? days_apart(part, all, i) : (uint32_t)((1u << r->days) - 1);
	}
}

static bool may_go(const struct search *f, uint32_t type)
{
	return f->days >> f->v->vehicles[type].day & 1 &&
	       f->v->rules->alone[f->stop * f->v->types + type] < INFINITY;
}

/* The largest load of the trip around `position`, with the stop. */
static bool fits(const struct search *f, const struct round *x, uint32_t position)
{
	const struct vrp *v = f->v;
	const double *capacity = v->vehicles[x->type].capacity;
	if (x->trips == 1) {
		for (size_t d = 0; d < v->dims; d++)
			if (x->load[d] + f->load[d] > capacity[d])
				return false;
		return true;
	}
	uint32_t from = position, to = position;
	while (from && !vrp_is_depot(v, x->visit[from - 1]))
		from--;
	while (to < x->length && !vrp_is_depot(v, x->visit[to]))
		to++;
	for (size_t d = 0; d < v->dims; d++) {
		double load = f->load[d];
		for (uint32_t p = from; p < to; p++)
			load += v->load[x->visit[p] * v->dims + d];
		if (load > capacity[d])
			return false;
	}
	return true;
}

/* No less than what the round will cost more, with so much more way and work. */
static double least_more(
	const struct search *f, const struct round *x, double km, double driving, double work)
{
	const struct vehicle *b = &f->v->vehicles[x->type];
	double hours = x->hours - x->idle + driving + work;
	return b->fixed + b->per_km * (x->km + km) + rules_hours_cost(b, hours) - x->cost;
}

/* The round with `add` put in before `position`, driven. */
static bool drive_with(const struct search *f, const struct round *x, uint32_t position,
	const uint32_t *add, uint32_t count, double *more)
{
	uint32_t visit[RULES_VISITS_MAX];
	struct day day;
	if (x->length + count > RULES_VISITS_MAX)
		return false;
	memcpy(visit, x->visit, position * sizeof *visit);
	memcpy(visit + position, add, count * sizeof *visit);
	memcpy(visit + position + count, x->visit + position,
		(x->length - position) * sizeof *visit);
	if (!day_drive(f->v, x->type, visit, x->length + count, &day))
		return false;
	*more = day.cost - x->cost;
	return true;
}

/* By way of the stop, hours: there, on, and what is saved. */
struct detour {
	double km, there, on, saved;
};

/* `straight`: km from prev to next without it. Where hours follow from km they need not be looked up. */
static struct detour detour_of(
	const struct search *f, uint32_t prev, uint32_t next, double straight)
{
	const struct vrp *v = f->v;
	double there = f->from ? (double)f->from[prev] : vrp_km(v, prev, f->stop),
	       on = f->to ? (double)f->to[next] : vrp_km(v, f->stop, next), pace = v->rules->pace;
	struct detour d = {.km = there + on - straight};
	d.there = pace > 0 ? pace * there : vrp_hours(v, prev, f->stop);
	d.on = pace > 0 ? pace * on : vrp_hours(v, f->stop, next);
	d.saved = pace > 0 ? pace * straight : vrp_hours(v, prev, next);
	return d;
}

/* Rests apart, is the stop reached in time, and what follows? */
static bool is_late(
	const struct search *f, const struct round *x, uint32_t position, const struct detour *d)
{
	const struct vrp *v = f->v;
	const struct vehicle *b = &v->vehicles[x->type];
	double now = position ? x->ready[position - 1] : b->open;
	now = rules_begin(v, b->day, f->stop, now + d->there);
	double late = position < x->length ? x->late[position] : v->rules->latest[x->type];
	return now + v->service[f->stop] + d->on > late + FLOAT_HOURS;
}

static void try_visit(struct search *f, uint32_t r, uint32_t position, double straight)
{
	const struct vrp *v = f->v;
	const struct round *x = &f->s->round[r];
	const struct vehicle *b = &v->vehicles[x->type];
	uint32_t prev = position ? x->visit[position - 1] : b->depot;
	uint32_t next = position < x->length ? x->visit[position] : b->depot;
	struct detour d = detour_of(f, prev, next, straight);
	double driving = d.there + d.on - d.saved;
	double more = least_more(f, x, d.km, driving, v->service[f->stop]);
	if (more >= f->best.cost || x->driving + driving > v->rules->driving_most + FLOAT_HOURS ||
		!fits(f, x, position) || is_late(f, x, position, &d) ||
		!drive_with(f, x, position, &f->stop, 1, &more) || more >= f->best.cost)
		return;
	f->best = (struct spot){WAY_VISIT, r, position, x->type, more};
}

/* There and back from the depot, before a trip or after the last. */
static void try_trips(struct search *f, uint32_t r)
{
	const struct vrp *v = f->v;
	const struct round *x = &f->s->round[r];
	const struct vehicle *b = &v->vehicles[x->type];
	if ((int)x->trips >= b->trips)
		return;
	double km = vrp_km(v, b->depot, f->stop) + vrp_km(v, f->stop, b->depot);
	double driving = vrp_hours(v, b->depot, f->stop) + vrp_hours(v, f->stop, b->depot);
	double least = least_more(f, x, km, driving, v->service[f->stop] + v->service[b->depot]);
	if (least >= f->best.cost || x->driving + driving > v->rules->driving_most + 1e-7)
		return;
	double more;
	if (drive_with(f, x, 0, (const uint32_t[]){f->stop, b->depot}, 2, &more) &&
		more < f->best.cost)
		f->best = (struct spot){WAY_TRIP_FIRST, r, 0, x->type, more};
	for (uint32_t p = 1; p <= x->length && least < f->best.cost; p++) {
		if (p < x->length && !vrp_is_depot(v, x->visit[p]))
			continue;
		if (drive_with(f, x, p, (const uint32_t[]){b->depot, f->stop}, 2, &more) &&
			more < f->best.cost)
			f->best = (struct spot){WAY_TRIP, r, p, x->type, more};
	}
}

/* Days and vehicles cost the same more often than not: which comes first is drawn. */
static void try_round(struct search *f, uint64_t *random)
{
	const struct vrp *v = f->v;
	size_t begin = chance_below(random, v->types);
	for (size_t n = 0; n < v->types; n++) {
		uint32_t t = (uint32_t)((begin + n) % v->types);
		double cost = v->rules->alone[f->stop * v->types + t];
		if (cost < f->best.cost && f->s->left[t] > 0 && may_go(f, t) &&
			!blinks_at_a_vehicle(random))
			f->best = (struct spot){WAY_ROUND, 0, 0, t, cost};
	}
}

static void try_everywhere(struct search *f)
{
	const struct rounds *s = f->s;
	for (uint32_t r = 0; r < s->count; r++) {
		const struct round *x = &s->round[r];
		uint32_t at = s->v->vehicles[x->type].depot;
		for (uint32_t p = 0; x->length && may_go(f, x->type) && p <= x->length; p++) {
			uint32_t to = p < x->length ? x->visit[p] : s->v->vehicles[x->type].depot;
			try_visit(f, r, p, vrp_km(s->v, at, to));
			at = to;
		}
	}
}

static struct search search_for(const struct rounds *s, uint32_t stop, double most)
{
	return (struct search){.s = s,
		.v = s->v,
		.load = s->v->load + stop * s->v->dims,
		.stop = stop,
		.days = weekly_free_days(s, stop),
		.best = {.cost = most}};
}

/* What so many km more may cost at most, in a round that could take the stop at all. */
static bool is_worth(const struct search *f, uint32_t round, double km)
{
	const struct vrp *v = f->v;
	const struct round *x = &f->s->round[round];
	const struct vehicle *b = &v->vehicles[x->type];
	double per_km = b->per_km + b->per_hour * v->rules->pace;
	double spare = f->best.cost - b->per_hour * (v->service[f->stop] - x->idle);
	return may_go(f, x->type) && per_km * km < spare;
}

static void try_after(struct search *f, const struct ground *g, uint64_t *random)
{
	const struct rounds *s = f->s;
	const uint32_t *part = g->after_first + (f->stop - g->depots);
	for (uint32_t n = part[0]; n < part[1]; n++) {
		struct beside x = g->after[n];
		struct side next = s->next[x.stop];
		struct where at = s->where[x.stop];
		double km = (double)(x.km + f->to[next.place] - next.km);
		if (at.round < ROUNDS_OTHERS && is_worth(f, at.round, km) && !blinks(random))
			try_visit(f, at.round, at.rank + 1, (double)next.km);
	}
}

static void try_before(struct search *f, const struct ground *g, uint64_t *random)
{
	const struct rounds *s = f->s;
	const uint32_t *part = g->before_first + (f->stop - g->depots);
	for (uint32_t n = part[0]; n < part[1]; n++) {
		struct beside x = g->before[n];
		struct side prev = s->prev[x.stop];
		struct where at = s->where[x.stop];
		double km = (double)(f->from[prev.place] + x.km - prev.km);
		if (at.round < ROUNDS_OTHERS && is_worth(f, at.round, km) && !blinks(random))
			try_visit(f, at.round, at.rank, (double)prev.km);
	}
}

/* A stop that was left out before this step: most of what it could gain from the step it will gain later, where it may be left out or many
 * others wait as well. */
static bool can_wait(const struct rounds *s, uint32_t stop, uint64_t *random)
{
	bool is_crowd = s->old_absents > ABSENTS_TO_LOOK_AT;
	if (!s->kepts || (isinf(s->v->penalty[stop]) && !is_crowd))
		return false;
	if (is_crowd ? chance_below(random, s->old_absents) < ABSENTS_TO_LOOK_AT
		     : !(chance_next(random) >> 32 & AGAIN_BITS))
		return false;
	for (size_t n = 0; n < s->old_absents; n++)
		if (s->old_absent[n] == stop)
			return true;
	return false;
}

bool weekly_find(const struct rounds *s, const struct ground *g, uint32_t stop, uint64_t *random,
	struct spot *out)
{
	const struct vrp *v = s->v;
	if (can_wait(s, stop, random))
		return false;
	/* What is not worth a round by itself may be together with another. */
	bool is_generous = !(chance_next(random) >> 32 & GENEROUS_BITS);
	double most = is_generous ? INFINITY : v->penalty[stop];
	struct search f = search_for(s, stop, most);
	f.to = g->to + stop * g->places;
	f.from = g->from + stop * g->places;
	try_round(&f, random);
	try_after(&f, g, random);
	try_before(&f, g, random);
	if (v->has_trips)
		for (uint32_t r = 0; r < s->count; r++)
			if (s->round[r].length && may_go(&f, s->round[r].type) && !blinks(random))
				try_trips(&f, r);
	if (f.best.cost >= most && isinf(v->penalty[stop]))
		try_everywhere(&f);
	*out = f.best;
	return f.best.cost < most;
}

double weekly_cheapest(const struct rounds *s, uint32_t stop)
{
	uint64_t random = 1;
	struct search f = search_for(s, stop, INFINITY);
	try_round(&f, &random);
	try_everywhere(&f);
	for (uint32_t r = 0; r < s->count; r++)
		if (s->round[r].length && may_go(&f, s->round[r].type))
			try_trips(&f, r);
	return f.best.cost;
}

/* Whether all stops of the round may be driven by this type, on its day. */
static bool can_drive(const struct rounds *s, const struct round *x, uint32_t type)
{
	const struct vrp *v = s->v;
	const struct vehicle *b = &v->vehicles[type];
	double load[VRP_DIMS_MAX] = {0};
	if ((int)x->trips > b->trips || b->depot != v->vehicles[x->type].depot)
		return false;
	for (uint32_t p = 0; p < x->length; p++) {
		uint32_t i = x->visit[p];
		if (vrp_is_depot(v, i)) {
			memset(load, 0, sizeof load);
			continue;
		}
		if (isinf(v->rules->alone[i * v->types + type]))
			return false;
		for (size_t d = 0; d < v->dims; d++)
			if ((load[d] += v->load[i * v->dims + d]) > b->capacity[d])
				return false;
		if (b->day != v->vehicles[x->type].day && v->rules->twin[i] != i &&
			!(weekly_free_days(s, i) >> b->day & 1))
			return false;
	}
	return true;
}

uint32_t weekly_type(const struct rounds *s, const struct round *x)
{
	const struct vrp *v = s->v;
	uint32_t best = x->type;
	double least = x->cost - 1e-9;
	for (uint32_t t = 0; x->length && t < v->types; t++) {
		const struct vehicle *b = &v->vehicles[t];
		double low = b->fixed + b->per_km * x->km + rules_hours_cost(b, x->hours - x->idle);
		struct day day;
		if (low >= least || s->left[t] <= 0 || !can_drive(s, x, t) ||
			!day_drive(v, t, x->visit, x->length, &day) || day.cost >= least)
			continue;
		least = day.cost;
		best = t;
	}
	return best;
}
