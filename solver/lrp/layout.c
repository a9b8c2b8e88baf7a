#include "layout.h"

#include "judge.h"

#include <string.h>

void layout_init(struct layout *x, struct arena *a, const struct vrp *v)
{
	double longest = 0, dearest = 0;
	for (size_t i = 0; i < v->places; i++)
		for (size_t d = 0; d < v->depots; d++)
			longest = fmax(longest, vrp_km(v, d, i) + vrp_km(v, i, d));
	for (size_t t = 0; t < v->types; t++)
		dearest = fmax(dearest,
			v->vehicles[t].fixed + v->sites[t].fixed + v->vehicles[t].per_km * longest);
	*x = (struct layout){.v = v, .missing = 10 * (1 + dearest)};
	uint16_t *links = arena_array(a, uint16_t, 4 * v->places);
	x->next = links;
	x->prev = links + v->places;
	x->of = links + 2 * v->places;
	x->absent = links + 3 * v->places;
	x->loop = arena_array(a, struct loop, v->places);
	x->load = arena_array(a, double, v->depots);
	x->begins = arena_array(a, uint16_t, v->depots);
}

void layout_clear(struct layout *x, const double *opening)
{
	const struct vrp *v = x->v;
	x->opening = opening;
	x->loops = x->rounds = x->absents = 0;
	memset(x->load, 0, v->depots * sizeof *x->load);
	memset(x->begins, 0, v->depots * sizeof *x->begins);
	for (size_t i = v->depots; i < v->places; i++) {
		x->of[i] = LAYOUT_ABSENT;
		x->absent[x->absents++] = (uint16_t)i;
	}
	x->cost = x->missing * (double)x->absents;
}

void layout_copy(struct layout *to, const struct layout *from)
{
	const struct vrp *v = from->v;
	memcpy(to->next, from->next, 4 * v->places * sizeof *to->next);
	memcpy(to->loop, from->loop, from->loops * sizeof *to->loop);
	memcpy(to->load, from->load, v->depots * sizeof *to->load);
	memcpy(to->begins, from->begins, v->depots * sizeof *to->begins);
	to->opening = from->opening;
	to->loops = from->loops;
	to->rounds = from->rounds;
	to->absents = from->absents;
	to->cost = from->cost;
}

static double per_km(const struct layout *x, uint32_t site)
{
	return x->v->vehicles[site].per_km;
}

static void drop_absent(struct layout *x, uint32_t stop)
{
	size_t n = 0;
	while (x->absent[n] != stop)
		n++;
	x->absent[n] = x->absent[--x->absents];
	x->cost -= x->missing;
}

static void bear(struct layout *x, uint32_t loop, uint32_t stop, double sign)
{
	double load = sign * x->v->load[stop];
	x->loop[loop].load += load;
	x->load[x->loop[loop].site] += load;
}

static void link_up(struct layout *x, uint32_t loop, uint32_t before, uint32_t after)
{
	struct loop *l = &x->loop[loop];
	if (before < x->v->depots)
		l->first = (uint16_t)after;
	else
		x->next[before] = (uint16_t)after;
	if (after < x->v->depots)
		l->last = (uint16_t)before;
	else
		x->prev[after] = (uint16_t)before;
}

void layout_insert(struct layout *x, uint32_t loop, uint32_t after, uint32_t stop)
{
	const struct vrp *v = x->v;
	struct loop *l = &x->loop[loop];
	uint32_t next = after < v->depots ? l->first : x->next[after];
	x->cost += per_km(x, l->site) *
		   (vrp_km(v, after, stop) + vrp_km(v, stop, next) - vrp_km(v, after, next));
	link_up(x, loop, after, stop);
	link_up(x, loop, stop, next);
	x->prev[stop] = (uint16_t)after;
	x->next[stop] = (uint16_t)next;
	x->of[stop] = (uint16_t)loop;
	l->size++;
	bear(x, loop, stop, 1);
	drop_absent(x, stop);
}

static uint32_t free_slot(struct layout *x)
{
	if (x->rounds < x->loops)
		for (uint32_t l = 0; l < x->loops; l++)
			if (!x->loop[l].size)
				return l;
	return (uint32_t)x->loops++;
}

static void settle_at(struct layout *x, uint32_t site)
{
	if (!x->begins[site]++)
		x->cost += x->opening[site];
}

static void leave(struct layout *x, uint32_t site)
{
	if (!--x->begins[site])
		x->cost -= x->opening[site];
}

uint32_t layout_begin_loop(struct layout *x, uint32_t site, uint32_t stop)
{
	const struct vrp *v = x->v;
	uint32_t loop = free_slot(x);
	x->loop[loop] = (struct loop){(uint16_t)site, (uint16_t)stop, (uint16_t)stop, 1, 0};
	x->next[stop] = x->prev[stop] = (uint16_t)site;
	x->of[stop] = (uint16_t)loop;
	x->rounds++;
	settle_at(x, site);
	x->cost += v->vehicles[site].fixed +
		   per_km(x, site) * (vrp_km(v, site, stop) + vrp_km(v, stop, site));
	bear(x, loop, stop, 1);
	drop_absent(x, stop);
	return loop;
}

void layout_remove(struct layout *x, uint32_t stop)
{
	const struct vrp *v = x->v;
	uint32_t loop = x->of[stop], prev = x->prev[stop], next = x->next[stop];
	struct loop *l = &x->loop[loop];
	double more = prev == next && vrp_is_depot(v, prev) ? 0 : vrp_km(v, prev, next);
	x->cost += per_km(x, l->site) * (more - vrp_km(v, prev, stop) - vrp_km(v, stop, next));
	bear(x, loop, stop, -1);
	if (!--l->size) {
		x->rounds--;
		x->cost -= v->vehicles[l->site].fixed;
		leave(x, l->site);
	} else {
		link_up(x, loop, prev, next);
	}
	x->of[stop] = LAYOUT_ABSENT;
	x->absent[x->absents++] = (uint16_t)stop;
	x->cost += x->missing;
}

void layout_move(struct layout *x, uint32_t loop, uint32_t site, uint32_t after)
{
	const struct vrp *v = x->v;
	struct loop *l = &x->loop[loop];
	uint32_t old = l->site, first = l->first, last = l->last, next = x->next[after];
	x->cost -= per_km(x, old) * (vrp_km(v, old, first) + vrp_km(v, last, old));
	x->cost += v->vehicles[site].fixed - v->vehicles[old].fixed;
	leave(x, old);
	settle_at(x, site);
	x->load[old] -= l->load;
	x->load[site] += l->load;
	l->site = (uint16_t)site;
	if (after != last) {
		x->next[last] = (uint16_t)first;
		x->prev[first] = (uint16_t)last;
		x->cost += per_km(x, site) * (vrp_km(v, last, first) - vrp_km(v, after, next));
		l->first = (uint16_t)next;
		l->last = (uint16_t)after;
	}
	x->prev[l->first] = x->next[l->last] = (uint16_t)site;
	x->cost += per_km(x, site) * (vrp_km(v, site, l->first) + vrp_km(v, l->last, site));
}

double layout_cost(const struct layout *x)
{
	const struct vrp *v = x->v;
	double cost = x->absents ? INFINITY : 0;
	for (size_t d = 0; d < v->depots; d++)
		cost += x->begins[d] ? v->sites[d].fixed : 0;
	for (size_t n = 0; n < x->loops; n++) {
		const struct loop *l = &x->loop[n];
		if (!l->size)
			continue;
		const struct vehicle *b = &v->vehicles[l->site];
		cost += b->fixed + b->per_km * vrp_km(v, l->site, l->first);
		for (uint32_t i = l->first; !vrp_is_depot(v, i); i = x->next[i])
			cost += b->per_km * vrp_km(v, i, x->next[i]);
	}
	return cost;
}

struct tour *layout_tours(struct arena *a, const struct layout *x, size_t *count)
{
	struct tour *tours = arena_array(a, struct tour, x->rounds);
	*count = 0;
	for (size_t n = 0; n < x->loops; n++) {
		const struct loop *l = &x->loop[n];
		if (!l->size)
			continue;
		uint32_t *visit = arena_array(a, uint32_t, l->size);
		size_t p = 0;
		for (uint32_t i = l->first; !vrp_is_depot(x->v, i); i = x->next[i])
			visit[p++] = i;
		tours[(*count)++] = (struct tour){l->site, l->size, visit};
	}
	return tours;
}

void layout_pool(const struct layout *x, struct pool *p)
{
	const struct vrp *v = x->v;
	uint16_t visit[UINT16_MAX];
	for (size_t n = 0; !x->absents && n < x->loops; n++) {
		const struct loop *l = &x->loop[n];
		const struct vehicle *b = &v->vehicles[l->site];
		struct pooled r = {.load = l->load, .type = l->site, .visit = visit};
		if (!l->size)
			continue;
		r.cost = b->fixed + b->per_km * vrp_km(v, l->site, l->first);
		for (uint32_t i = l->first; !vrp_is_depot(v, i); i = x->next[i]) {
			r.cost += b->per_km * vrp_km(v, i, x->next[i]);
			visit[r.size++] = (uint16_t)i;
		}
		pool_add(p, &r);
	}
}
