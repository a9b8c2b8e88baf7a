#include "pool.h"

#include "chance.h"

#include <string.h>

void pool_init(struct pool *p, struct arena *a, const struct vrp *v, size_t room)
{
	*p = (struct pool){.a = a, .v = v, .room = room, .slots = 2 * room};
	p->list = arena_array(a, struct pooled, room);
	p->slot = arena_array(a, uint32_t, p->slots);
}

static uint64_t mix(uint64_t of)
{
	uint64_t state = (of + 1) * 0x9E3779B97F4A7C15u;
	return chance_next(&state);
}

static uint64_t key_of(const struct vrp *v, const struct pooled *r)
{
	uint64_t key = mix(v->places + r->type);
	for (size_t n = 0; n < r->size; n++)
		if (!vrp_is_depot(v, r->visit[n]))
			key += mix(r->visit[n]);
	return key;
}

/* Where the slot of this key is, or would be. */
static uint32_t *slot_of(const struct pool *p, uint64_t key)
{
	size_t at = key % p->slots;
	while (p->slot[at] && p->list[p->slot[at] - 1].key != key)
		at = (at + 1) % p->slots;
	return &p->slot[at];
}

void pool_add(struct pool *p, const struct pooled *new)
{
	uint64_t key = key_of(p->v, new);
	uint32_t *slot = slot_of(p, key);
	if (*slot ? p->list[*slot - 1].cost <= new->cost : p->count == p->room)
		return;
	if (!*slot)
		*slot = (uint32_t)++p->count;
	struct pooled *own = &p->list[*slot - 1];
	uint16_t *visit = arena_array(p->a, uint16_t, new->size);
	memcpy(visit, new->visit, new->size * sizeof *visit);
	*own = *new;
	own->key = key;
	own->visit = visit;
}

void pool_take(struct pool *p, const struct round *r)
{
	uint16_t visit[UINT8_MAX];
	if (!r->length || r->length > UINT8_MAX)
		return;
	for (uint32_t n = 0; n < r->length; n++)
		visit[n] = (uint16_t)r->visit[n];
	pool_add(p, &(struct pooled){.cost = r->cost,
			    .load = r->load[0],
			    .type = (uint16_t)r->type,
			    .size = (uint16_t)r->length,
			    .visit = visit});
}

void pool_join(struct pool *p, const struct pool *from)
{
	for (size_t n = 0; n < from->count; n++)
		pool_add(p, &from->list[n]);
}
