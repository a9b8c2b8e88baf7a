#include "breeding.h"

#include "chance.h"
#include "clock.h"

enum {
	GRANULAR = 20,
	FOUNDERS = 4 * HERD_LEAST, /* from tours by lot */
	IDLE_MOST = 20000,         /* births without a better one: all begin anew */
};

static const double REPAIR =
	10; /* times the fine; every second plan above capacities is tried so */

bool breeding_can(const struct vrp *v)
{
	const struct vehicle *b = v->vehicles;
	if (v->depots != 1 || v->types != 1 || v->dims != 1 || v->has_time || v->has_trips ||
		v->rules || b->fixed > 0 || b->count != VRP_UNLIMITED || v->km_back != v->km ||
		v->places < 5 || !(b->per_km > 0))
		return false;
	for (size_t i = 1; i < v->places; i++)
		if (!isinf(v->penalty[i]) || !vrp_may_serve(v, 0, i) || !(v->load[i] >= 0))
			return false;
	return true;
}

void breeding_init(struct breeding *b, struct arena *a, const struct vrp *v, uint64_t seed)
{
	*b = (struct breeding){.v = v, .random = seed, .deadline = INFINITY};
	polish_init(&b->polish, a, v, GRANULAR);
	herd_init(&b->herd, a, v);
	genome_init(&b->child, a, v);
	b->is_taken = arena_array(a, bool, v->places);
	b->scratch = arena_array(a, double, 2 * v->places);
}

void breeding_meet(struct breeding *b, const struct genome *g)
{
	herd_add(&b->herd, g);
}

static bool is_over(const struct breeding *b)
{
	return clock_seconds() >= b->deadline || (b->stop && *b->stop);
}

/* The child, once parted, grows up. */
static void grow(struct breeding *b)
{
	struct herd *h = &b->herd;
	bool is_best;
	genome_split(&b->child, b->v, h->fine, b->scratch);
	polish_run(&b->polish, &b->child, h->fine, &b->random);
	is_best = herd_add(h, &b->child);
	if (b->child.excess > 0 && chance_below(&b->random, 2)) {
		polish_run(&b->polish, &b->child, REPAIR * h->fine, &b->random);
		if (b->child.excess <= 0)
			is_best |= herd_add(h, &b->child);
	}
	b->idle = is_best ? 0 : b->idle + 1;
	if (!(++b->births % HERD_RECENT))
		herd_adapt(h);
}

static void draw_tour(struct breeding *b)
{
	uint32_t *giant = b->child.giant;
	for (uint32_t n = 0; n + 1 < b->v->places; n++) {
		size_t k = chance_below(&b->random, n + 1);
		giant[n] = giant[k];
		giant[k] = n + 1;
	}
}

void breeding_run(struct breeding *b, int64_t births)
{
	struct herd *h = &b->herd;
	for (int64_t n = 0; n < births && !is_over(b); n++) {
		if (b->idle >= IDLE_MOST) {
			herd_clear(h);
			b->births = b->idle = 0;
		}
		if (b->births < FOUNDERS)
			draw_tour(b);
		else
			genome_cross(&b->child, herd_pick(h, &b->random), herd_pick(h, &b->random),
				b->is_taken, b->v, &b->random);
		grow(b);
	}
}
