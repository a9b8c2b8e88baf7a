#include "census.h"

#include "clock.h"

#include <math.h>
#include <string.h>

enum { ODDS = LABELS_SUBSETS / 64, LOOK_EVERY = 1024 };

#define NONE UINT32_MAX

struct way {
	double reduced, cost, hour, load[LABELS_DIMS];
	struct stops seen;
	uint64_t odd[ODDS];
	uint32_t stop, before, length;
	uint32_t same; /* of the same place in the table */
	bool is_beaten;
};

struct census {
	struct arena *a;
	const struct census_ask *ask;
	const struct labels_ask *labels;
	const struct vrp *v;
	const struct vehicle *vehicle;
	struct way *way;
	size_t count, capacity;
	uint32_t *slot, *done; /* hash tables: ways by stops and end; rounds by stops, from 1 */
	size_t slots;          /* a power of two */
	struct column *round;
	size_t rounds, room;
	bool is_full;
};

static bool has(const struct stops *s, size_t i)
{
	return s->word[i / 64] >> (i % 64) & 1;
}

static uint64_t hash(const struct stops *s, uint32_t end)
{
	uint64_t h = end * 0x9E3779B97F4A7C15u;
	for (size_t w = 0; w < LABELS_WORDS; w++) {
		h ^= s->word[w];
		h *= 0xD6E8FEB86659FD93u;
		h ^= h >> 32;
	}
	return h;
}

static bool is_same(const struct stops *a, const struct stops *b)
{
	return !memcmp(a, b, sizeof *a);
}

static double pay(const struct census *c, const struct way *from, size_t i, struct way *new)
{
	double sum = 0;
	for (size_t k = 0; k < c->labels->subsets; k++) {
		const struct subset *s = &c->labels->subset[k];
		uint64_t bit = (uint64_t)1 << (k % 64);
		bool is_odd = from && from->odd[k / 64] & bit && has(&s->memory, i);
		if (has(&s->members, i)) {
			sum += is_odd ? s->penalty : 0;
			is_odd = !is_odd;
		}
		new->odd[k / 64] |= is_odd ? bit : 0;
	}
	return sum;
}

/* What it takes at least to end a round that is there with this load. */
static double least_to_end(const struct census *c, const struct way *w)
{
	if (!c->ask->ends)
		return -INFINITY;
	double room = c->vehicle->capacity[0] - w->load[0];
	return c->ask->ends[w->stop * LABELS_BUCKETS + labels_bucket(c->v, c->labels->type, room)];
}

/* Enters the table, unless one with the same stops and end is as good. */
static void enter(struct census *c, const struct way *new)
{
	uint32_t *slot = &c->slot[hash(&new->seen, new->stop) & (c->slots - 1)];
	for (uint32_t n = *slot; n != NONE; n = c->way[n].same) {
		struct way *old = &c->way[n];
		if (old->is_beaten || old->stop != new->stop || !is_same(&old->seen, &new->seen))
			continue;
		if (old->cost <= new->cost && old->hour <= new->hour)
			return;
		old->is_beaten = new->cost <= old->cost &&new->hour <= old->hour;
	}
	if (c->count == c->labels->room) {
		c->is_full = true;
		return;
	}
	if (c->count == c->capacity) {
		struct way *more = arena_array(c->a, struct way, 2 * c->capacity);
		memcpy(more, c->way, c->count * sizeof *more);
		c->way = more;
		c->capacity *= 2;
	}
	c->way[c->count] = *new;
	c->way[c->count].same = *slot;
	*slot = (uint32_t)c->count++;
}

static void extend(struct census *c, uint32_t from_way, uint32_t to)
{
	const struct vrp *v = c->v;
	const struct way *from = from_way == NONE ? NULL : &c->way[from_way];
	uint32_t at = from ? from->stop : c->vehicle->depot;
	size_t i = to - v->depots;
	if (from && has(&from->seen, i))
		return;
	struct way new = {.stop = to, .before = from_way, .length = from ? from->length + 1 : 1};
	for (size_t d = 0; d < v->dims; d++) {
		new.load[d] = (from ? from->load[d] : 0) + v->load[to * v->dims + d];
		if (new.load[d] > c->vehicle->capacity[d])
			return;
	}
	if (v->has_time) {
		double now = from ? from->hour : fmax(c->vehicle->open, v->open[at]);
		double start = fmax(now + vrp_hours(v, at, to), v->open[to]);
		if (start > v->close[to])
			return;
		new.hour = start + v->service[to];
		double end = fmin(c->vehicle->close, v->close[c->vehicle->depot]);
		if (new.hour + vrp_hours(v, to, c->vehicle->depot) > end)
			return;
	}
	if (from)
		new.seen = from->seen;
	new.seen.word[i / 64] |= (uint64_t)1 << (i % 64);
	new.reduced = (from ? from->reduced : 0) + c->labels->arc[at * v->places + to];
	new.reduced += pay(c, from, i, &new);
	if (new.reduced + least_to_end(c, &new) >= c->labels->below)
		return;
	new.cost = (from ? from->cost : c->vehicle->fixed) + c->vehicle->per_km *vrp_km(v, at, to);
	enter(c, &new);
}

static void lay(
	struct census *c, const struct way *w, double cost, double reduced, struct column *out)
{
	*out = (struct column){.cost = cost,
		.reduced = reduced,
		.type = c->labels->type,
		.length = w->length,

		.set = w->seen,
		.is_simple = true};
	out->visit = arena_array(c->a, uint32_t, w->length);
	for (uint32_t n = w->length; n--; w = &c->way[w->before])
		out->visit[n] = w->stop;
}

/* The round that ends after this way; of those through the same stops the cheapest. */
static void end(struct census *c, const struct way *w)
{
	const struct vrp *v = c->v;
	uint32_t depot = c->vehicle->depot;
	double reduced = w->reduced + c->labels->arc[w->stop * v->places + depot],
	       cost = w->cost + c->vehicle->per_km * vrp_km(v, w->stop, depot);
	if (reduced >= c->labels->below)
		return;
	size_t at = hash(&w->seen, 0) & (c->slots - 1);
	while (c->done[at] && !is_same(&c->round[c->done[at] - 1].set, &w->seen))
		at = (at + 1) & (c->slots - 1);
	if (c->done[at]) {
		struct column *old = &c->round[c->done[at] - 1];
		if (cost < old->cost)
			lay(c, w, cost, reduced, old);
		return;
	}
	if (c->rounds == c->labels->most) {
		c->is_full = true;
		return;
	}
	if (c->rounds == c->room) {
		struct column *more = arena_array(c->a, struct column, 2 * c->room);
		memcpy(more, c->round, c->rounds * sizeof *more);
		c->round = more;
		c->room *= 2;
	}
	lay(c, w, cost, reduced, &c->round[c->rounds++]);
	c->done[at] = (uint32_t)c->rounds;
}

static bool is_out_of_time(const struct labels_ask *ask)
{
	return clock_seconds() >= ask->deadline || (ask->stop && *ask->stop);
}

static void extend_all(struct census *c, uint32_t from)
{
	for (uint32_t to = (uint32_t)c->v->depots; to < c->v->places; to++)
		if (!(c->v->needs[to] & ~c->vehicle->skills))
			extend(c, from, to);
}

bool census_take(struct arena *a, const struct census_ask *ask, struct column **list, size_t *count)
{
	const struct labels_ask *labels = ask->labels;
	struct census c = {.a = a,
		.ask = ask,
		.labels = labels,
		.v = labels->v,
		.vehicle = &labels->v->vehicles[labels->type],
		.capacity = 4096,
		.room = 1024,
		.slots = 1024};
	while (c.slots < 2 * labels->most || c.slots < labels->room)
		c.slots *= 2;
	c.way = arena_array(a, struct way, c.capacity);
	c.round = arena_array(a, struct column, c.room);
	c.slot = arena_array(a, uint32_t, c.slots);
	c.done = arena_array(a, uint32_t, c.slots);
	memset(c.slot, 0xff, c.slots * sizeof *c.slot);
	extend_all(&c, NONE);
	/* As they come: the shorter first, so that none grows that is beaten later. */
	for (uint32_t n = 0; n < c.count && !c.is_full; n++) {
		if (!(n % LOOK_EVERY) && is_out_of_time(labels))
			c.is_full = true;
		struct way w = c.way[n];
		if (w.is_beaten)
			continue;
		end(&c, &w);
		extend_all(&c, n);
	}
	*list = c.round;
	*count = c.rounds;
	return !c.is_full;
}
