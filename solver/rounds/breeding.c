#include "breeding.h"

#include "chance.h"
#include "clock.h"
#include "team.h"

enum {
	GRANULAR = 20,
	FOUNDERS = 4 * HERD_LEAST, /* from tours by lot */
	IDLE_MOST = 20000,         /* births without a better one: all begin anew */
};

static const double REPAIR =
	10; /* times the fine; every second plan above capacities is tried so */

bool breeding_can(const struct vrp *v)
{
	if (v->depots != 1 || v->dims != 1 || v->has_time || v->has_trips || v->rules ||
		v->km_back != v->km || v->places < 5)
		return false;
	double capacity = 0;
	uint32_t needs = 0;
	for (size_t i = 1; i < v->places; i++)
		needs |= v->needs[i];
	for (size_t t = 0; t < v->types; t++) {
		const struct vehicle *b = &v->vehicles[t];
		if (b->count < (int)v->places - 1 || !(b->per_km > 0) || (needs & ~b->skills))
			return false;
		capacity = fmax(capacity, b->capacity[0]);
	}
	/* A stop without load on the depot's own place would look like none. */
	for (size_t i = 1; i < v->places; i++)
		if (!isinf(v->penalty[i]) || !(v->load[i] >= 0) || v->load[i] > capacity ||
			!(v->load[i] > 0 || vrp_km(v, 0, i) > 0))
			return false;
	return true;
}

void breeding_init(
	struct breeding *b, struct arena *a, const struct vrp *v, size_t threads, uint64_t seed)
{
	*b = (struct breeding){.v = v, .threads = threads, .random = seed, .deadline = INFINITY};
	fleet_init(&b->fleet, a, v);
	herd_init(&b->herd, a, v, &b->fleet);
	b->polish = arena_array(a, struct polish, threads);
	b->scratch = arena_array(a, double *, threads);
	for (size_t n = 0; n < threads; n++) {
		polish_init(&b->polish[n], a, v, &b->fleet, GRANULAR);
		b->scratch[n] = arena_array(a, double, 2 * v->places);
	}
	for (size_t n = 0; n < BREEDING_LITTER; n++) {
		genome_init(&b->litter[n].child, a, v);
		genome_init(&b->litter[n].mended, a, v);
	}
	b->is_taken = arena_array(a, bool, v->places);
}

void breeding_meet(struct breeding *b, const struct genome *g)
{
	herd_add(&b->herd, g);
}

static bool is_over(const struct breeding *b)
{
	return clock_seconds() >= b->deadline || (b->stop && *b->stop);
}

static void draw_tour(struct genome *g, const struct vrp *v, uint64_t *random)
{
	for (uint32_t n = 0; n + 1 < v->places; n++) {
		size_t k = chance_below(random, n + 1);
		g->giant[n] = g->giant[k];
		g->giant[k] = n + 1;
	}
}

static void beget(struct breeding *b, struct birth *x)
{
	struct herd *h = &b->herd;
	x->random = chance_next(&b->random);
	x->is_grown = x->is_mended = false;
	if (b->founders < FOUNDERS) {
		b->founders++;
		draw_tour(&x->child, b->v, &b->random);
	} else {
		genome_cross(&x->child, herd_pick(h, &b->random), herd_pick(h, &b->random),
			b->is_taken, b->v, &b->random);
	}
}

static void grow(void *context, size_t job, size_t thread)
{
	struct breeding *b = context;
	struct birth *x = &b->litter[job];
	struct polish *polish = &b->polish[thread];
	if (is_over(b))
		return;
	genome_split(&x->child, b->v, &b->fleet, b->herd.fine, b->scratch[thread]);
	polish_run(polish, &x->child, b->herd.fine, &x->random);
	x->is_grown = true;
	if (x->child.excess <= 0 || chance_below(&x->random, 2))
		return;
	genome_copy(&x->mended, &x->child, b->v);
	polish_run(polish, &x->mended, REPAIR * b->herd.fine, &x->random);
	x->is_mended = x->mended.excess <= 0;
}

static void join(struct breeding *b, const struct birth *x)
{
	struct herd *h = &b->herd;
	if (!x->is_grown)
		return;
	herd_note(h, x->child.excess <= 0);
	bool is_best = herd_add(h, &x->child);
	if (x->is_mended)
		is_best |= herd_add(h, &x->mended);
	b->idle = is_best ? 0 : b->idle + 1;
	if (!(++b->births % HERD_RECENT))
		herd_adapt(h);
}

void breeding_run(struct breeding *b, int64_t births)
{
	for (int64_t n = 0; n < births && !is_over(b); n += BREEDING_LITTER) {
		if (b->idle >= IDLE_MOST) {
			herd_clear(&b->herd);
			b->founders = b->idle = 0;
		}
		for (size_t k = 0; k < BREEDING_LITTER; k++)
			beget(b, &b->litter[k]);
		team_run(b->threads, BREEDING_LITTER, grow, b);
		for (size_t k = 0; k < BREEDING_LITTER; k++)
			join(b, &b->litter[k]);
	}
}
