#include "pool.h"

#include "chance.h"

#include <string.h>

enum { POOL_MAX = 1 << 15, SLOTS = 1 << 16 };

void pool_init(struct pool *p, struct arena *a, const struct vrp *v)
{
	*p = (struct pool){.a = a, .v = v};
	p->list = arena_array(a, struct pooled, POOL_MAX);
	p->slot = arena_array(a, uint32_t, SLOTS);
}

static uint64_t mix(uint64_t of)
{
	uint64_t state = (of + 1) * 0x9E3779B97F4A7C15u;
	return chance_next(&state);
}

static void keep(struct pool *p, const struct pooled *new)
{
	size_t at = new->key % SLOTS;
	while (p->slot[at] && p->list[p->slot[at] - 1].key != new->key)
		at = (at + 1) % SLOTS;
	struct pooled *old = p->slot[at] ? &p->list[p->slot[at] - 1] : NULL;
	if (old ? old->cost <= new->cost : p->count == POOL_MAX)
		return;
	if (!old) {
		old = &p->list[p->count++];
		p->slot[at] = (uint32_t)p->count;
	}
	uint16_t *visit = arena_array(p->a, uint16_t, new->size);
	memcpy(visit, new->visit, new->size * sizeof *visit);
	*old = *new;
	old->visit = visit;
}

void pool_keep(struct pool *p, const struct layout *x)
{
	const struct vrp *v = p->v;
	uint16_t visit[UINT16_MAX];
	for (size_t n = 0; !x->absents && n < x->loops; n++) {
		const struct loop *l = &x->loop[n];
		if (!l->size)
			continue;
		const struct vehicle *b = &v->vehicles[l->site];
		struct pooled r = {.key = mix(l->site),
			.cost = b->fixed,
			.load = l->load,
			.site = l->site,
			.visit = visit};
		r.cost += b->per_km * vrp_km(v, l->site, l->first);
		for (uint32_t i = l->first; !vrp_is_depot(v, i); i = x->next[i]) {
			r.key += mix(i);
			r.cost += b->per_km * vrp_km(v, i, x->next[i]);
			visit[r.size++] = (uint16_t)i;
		}
		keep(p, &r);
	}
}

void pool_join(struct pool *p, const struct pool *from)
{
	for (size_t n = 0; n < from->count; n++)
		keep(p, &from->list[n]);
}
