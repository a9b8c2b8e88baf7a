#include "chain.h"

#include "chance.h"
#include "clock.h"

#include <string.h>

enum {
	NEAR_INSERT = 30, /* neighbours beside whom a stop may go */
	BLINK_BITS = 127, /* one place in so many and one is overlooked */
	LOOK_EVERY = 256,
	KEEP_EVERY = 1000, /* iterations, for the pool */
};

static const double MEAN_RUIN = 10, LONGEST_STRING = 10; /* stops */
static const double SMALLEST_GAIN = 1e-9;                /* EUR */
static const double GOOD = 0.01; /* within so much of the best a layout's rounds are kept */

void chain_init(
	struct chain *c, struct arena *a, const struct vrp *v, const uint32_t *near, size_t stride)
{
	*c = (struct chain){.v = v, .near = near, .stride = stride, .deadline = INFINITY};
	layout_init(&c->now, a, v);
	layout_init(&c->before, a, v);
	layout_init(&c->best, a, v);
	c->far = arena_array(a, double, v->places);
	c->left_out = arena_array(a, uint32_t, v->places);
	c->ruined = arena_array(a, uint32_t, v->places);
}

/* ---- Ruin ---- */

static void take(struct chain *c, uint32_t stop, size_t count)
{
	for (uint32_t next; count--; stop = next) {
		next = c->now.next[stop];
		layout_remove(&c->now, stop);
	}
}

/* So many stops in a row, with `stop` among them; half of the times another string inside stays. */
static void take_string(struct chain *c, uint32_t stop, size_t count)
{
	struct layout *x = &c->now;
	size_t size = x->loop[x->of[stop]].size, kept = 0;
	if (count < size && count > 1 && chance_real(&c->random) < 0.5)
		for (kept = 1; count + kept < size && chance_real(&c->random) > 0.01;)
			kept++;
	uint32_t from = stop, to = stop;
	size_t taken = count + kept, back = chance_below(&c->random, taken), n = 1;
	for (; n <= back && !vrp_is_depot(c->v, x->prev[from]); n++)
		from = x->prev[from];
	for (; n < taken && !vrp_is_depot(c->v, x->next[to]); n++)
		to = x->next[to];
	for (; n < taken; n++)
		from = x->prev[from];
	size_t before = kept ? 1 + chance_below(&c->random, count - 1) : count;
	uint32_t after = from;
	for (n = 0; kept && n < before + kept; n++)
		after = x->next[after];
	take(c, from, before);
	if (kept)
		take(c, after, count - before);
}

static void ruin(struct chain *c)
{
	struct layout *x = &c->now;
	size_t stops = c->v->places - c->v->depots;
	double mean = x->rounds ? (double)(stops - x->absents) / (double)x->rounds : 0;
	double longest = fmin(LONGEST_STRING, mean), most = 4 * MEAN_RUIN / (1 + longest) - 1;
	size_t strings = (size_t)(1 + most * chance_real(&c->random)), done = 0;
	uint32_t seed = (uint32_t)(c->v->depots + chance_below(&c->random, stops));
	const uint32_t *near = c->near + (seed - c->v->depots) * c->stride;
	c->stamp++;
	for (size_t n = 0; n <= c->stride && done < strings; n++) {
		uint32_t stop = n ? near[n - 1] : seed, loop = x->of[stop];
		if (loop == LAYOUT_ABSENT || c->ruined[loop] == c->stamp)
			continue;
		c->ruined[loop] = c->stamp;
		size_t taken =
			(size_t)(1 + fmin(longest, x->loop[loop].size) * chance_real(&c->random));
		take_string(c, stop, taken < x->loop[loop].size ? taken : x->loop[loop].size);
		done++;
	}
}

/* ---- Recreate ---- */

struct place {
	double cost;
	uint32_t loop, after, site; /* loop LAYOUT_ABSENT: a round of its own */
};

static bool has_room(const struct layout *x, uint32_t loop, double load)
{
	const struct loop *l = &x->loop[loop];
	return l->load + load <= x->v->vehicles[l->site].capacity[0] &&
	       x->load[l->site] + load <= x->v->sites[l->site].room;
}

static void try_after(const struct layout *x, uint32_t loop, uint32_t after, uint32_t next,
	uint32_t stop, struct place *best)
{
	const struct vrp *v = x->v;
	double cost = vrp_km(v, after, stop) + vrp_km(v, stop, next) - vrp_km(v, after, next);
	cost *= v->vehicles[x->loop[loop].site].per_km;
	if (cost < best->cost && has_room(x, loop, v->load[stop]))
		*best = (struct place){cost, loop, after, 0};
}

static void try_rounds(const struct layout *x, uint32_t stop, struct place *best)
{
	const struct vrp *v = x->v;
	double load = v->load[stop];
	for (uint32_t d = 0; d < v->depots; d++) {
		const struct vehicle *b = &v->vehicles[d];
		double cost = b->fixed + b->per_km * (vrp_km(v, d, stop) + vrp_km(v, stop, d)) +
			      (x->begins[d] ? 0 : x->opening[d]);
		if (cost < best->cost && load <= b->capacity[0] &&
			x->load[d] + load <= v->sites[d].room)
			*best = (struct place){cost, LAYOUT_ABSENT, d, d};
	}
}

static bool blinks(struct chain *c)
{
	return !(chance_next(&c->random) >> 32 & BLINK_BITS);
}

static bool put_back(struct chain *c, uint32_t stop)
{
	struct layout *x = &c->now;
	const uint32_t *near = c->near + (stop - c->v->depots) * c->stride;
	size_t count = c->stride < NEAR_INSERT ? c->stride : NEAR_INSERT;
	struct place best = {.cost = INFINITY};
	for (size_t n = 0; n < count; n++) {
		uint32_t beside = near[n], loop = x->of[beside];
		if (loop == LAYOUT_ABSENT)
			continue;
		if (!blinks(c))
			try_after(x, loop, x->prev[beside], beside, stop, &best);
		if (!blinks(c))
			try_after(x, loop, beside, x->next[beside], stop, &best);
	}
	try_rounds(x, stop, &best);
	if (isinf(best.cost)) /* beside none that is near */
		for (uint32_t l = 0; l < x->loops; l++)
			for (uint32_t i = x->loop[l].first;
				x->loop[l].size && !vrp_is_depot(c->v, i); i = x->next[i])
				try_after(x, l, i, x->next[i], stop, &best);
	if (isinf(best.cost))
		return false;
	if (best.loop == LAYOUT_ABSENT)
		best.loop = layout_begin_loop(x, best.site, stop);
	else
		layout_insert(x, best.loop, best.after, stop);
	c->ruined[best.loop] = c->stamp;
	return true;
}

enum order { ORDER_CHANCE, ORDER_LOAD, ORDER_FAR, ORDER_CLOSE };
static const unsigned char orders[] = {0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3};

static double key_of(struct chain *c, enum order order, uint32_t stop)
{
	switch (order) {
	case ORDER_LOAD: return -c->v->load[stop];
	case ORDER_FAR: return -c->far[stop];
	case ORDER_CLOSE: return c->far[stop];
	case ORDER_CHANCE: break;
	}
	return chance_real(&c->random);
}

static void recreate(struct chain *c)
{
	struct layout *x = &c->now;
	enum { MOST = 256 };
	uint16_t list[MOST];
	double key[MOST];
	size_t count = x->absents < MOST ? x->absents : MOST;
	enum order order = orders[chance_below(&c->random, sizeof orders)];
	for (size_t n = 0; n < count; n++) {
		uint16_t stop = x->absent[n];
		double k = key_of(c, order, stop);
		size_t m = n;
		for (; m && key[m - 1] > k; m--) {
			list[m] = list[m - 1];
			key[m] = key[m - 1];
		}
		list[m] = stop;
		key[m] = k;
	}
	for (size_t n = 0; n < count; n++)
		put_back(c, list[n]);
}

/* Each round that was touched, entered from the site that makes it cheapest. */
static void resite(struct chain *c, uint32_t loop)
{
	struct layout *x = &c->now;
	const struct vrp *v = c->v;
	const struct loop *l = &x->loop[loop];
	double per_km = v->vehicles[l->site].per_km, least = SMALLEST_GAIN;
	double own = per_km * (vrp_km(v, l->site, l->first) + vrp_km(v, l->last, l->site)) +
		     v->vehicles[l->site].fixed +
		     (x->begins[l->site] == 1 ? x->opening[l->site] : 0);
	uint32_t site = UINT32_MAX, after = 0;
	for (uint32_t d = 0; d < v->depots; d++) {
		const struct vehicle *b = &v->vehicles[d];
		bool is_own = d == l->site;
		double open = x->begins[d] > is_own ? 0 : x->opening[d];
		if (l->load > b->capacity[0] || isinf(open) ||
			(!is_own && x->load[d] + l->load > v->sites[d].room))
			continue;
		for (uint32_t i = l->first; !vrp_is_depot(v, i); i = x->next[i]) {
			uint32_t next = i == l->last ? l->first : x->next[i];
			double way = i == l->last
					     ? 0
					     : vrp_km(v, l->last, l->first) - vrp_km(v, i, next);
			double cost = b->per_km * (vrp_km(v, d, next) + vrp_km(v, i, d) + way) +
				      b->fixed + open;
			if (own - cost > least) {
				least = own - cost;
				site = d;
				after = i;
			}
		}
	}
	if (site != UINT32_MAX)
		layout_move(x, loop, site, after);
}

static void resite_touched(struct chain *c)
{
	for (uint32_t l = 0; l < c->now.loops; l++)
		if (c->now.loop[l].size && c->ruined[l] == c->stamp)
			resite(c, l);
}

/* ---- Anneal ---- */

static double left_out(const struct chain *c)
{
	double sum = 0;
	for (size_t n = 0; n < c->now.absents; n++)
		sum += c->left_out[c->now.absent[n]];
	return sum;
}

void chain_begin(struct chain *c, const double *opening, const struct layout *start)
{
	const struct vrp *v = c->v;
	for (size_t i = v->depots; i < v->places; i++) {
		c->far[i] = INFINITY;
		c->left_out[i] = 0;
		for (size_t d = 0; d < v->depots; d++)
			if (!isinf(opening[d]))
				c->far[i] = fmin(c->far[i], vrp_km(v, d, i));
	}
	c->stamp++;
	if (start) {
		layout_copy(&c->now, start);
		c->now.opening = opening;
	} else {
		layout_clear(&c->now, opening);
		for (size_t n = 0, before = 1; c->now.absents && n < before; n++) {
			before = c->now.absents;
			recreate(c);
		}
	}
	layout_copy(&c->best, &c->now);
}

void chain_run(struct chain *c, int64_t iterations, double hot, double cold)
{
	struct layout *x = &c->now;
	double heat = hot, cooling = pow(cold / hot, (double)LOOK_EVERY / (double)iterations);
	for (int64_t n = 0; n < iterations; n++) {
		if (!(n % LOOK_EVERY)) {
			if (clock_seconds() >= c->deadline || (c->stop && *c->stop))
				return;
			heat = n ? heat * cooling : hot;
		}
		double cost = x->cost, out = left_out(c);
		c->iterations++;
		layout_copy(&c->before, x);
		ruin(c);
		recreate(c);
		resite_touched(c);
		bool is_taken = x->cost < cost - heat * log(chance_real(&c->random) + 1e-300) ||
				left_out(c) < out;
		for (size_t k = 0; k < x->absents; k++)
			c->left_out[x->absent[k]]++;
		if (!is_taken) {
			layout_copy(x, &c->before);
			continue;
		}
		if (x->cost < c->best.cost - SMALLEST_GAIN) {
			layout_copy(&c->best, x);
			if (c->pool)
				layout_pool(x, c->pool);
		} else if (c->pool && !(n % KEEP_EVERY) && x->cost < c->best.cost * (1 + GOOD)) {
			layout_pool(x, c->pool);
		}
	}
}
