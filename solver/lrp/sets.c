#include "sets.h"

#include <stdlib.h>
#include <string.h>

enum { ALL_SITES = 10 /* up to so many, every set is listed */, STARTS = 3, MET_MAX = 20000 };

struct guess {
	const struct vrp *v;
	double load; /* of all stops */
	uint32_t *order;
	double *regret, *room;
	double near; /* EUR, ways between stops: of every set the same */
};

static int by_regret(const void *a, const void *b, void *context)
{
	const double *regret = context;
	uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
	return regret[i] != regret[j] ? (regret[i] < regret[j]) - (regret[i] > regret[j])
				      : (i > j) - (i < j);
}

static bool has_room(const struct vrp *v, const bool *is_open, double load)
{
	for (size_t d = 0; d < v->depots; d++)
		load -= is_open[d] ? v->sites[d].room : 0;
	return load <= 1e-9;
}

/* The best open site with room for this stop, and the loss of going to the second. */
static uint32_t choose(
	const struct guess *g, const bool *is_open, uint32_t stop, double *way, double *loss)
{
	const struct vrp *v = g->v;
	double first = INFINITY, second = INFINITY;
	uint32_t site = UINT32_MAX;
	for (uint32_t d = 0; d < v->depots; d++) {
		double km = vrp_km(v, d, stop) + vrp_km(v, stop, d);
		if (!is_open[d] || g->room[d] < v->load[stop])
			continue;
		if (km < first) {
			second = first;
			first = km;
			site = d;
		} else {
			second = fmin(second, km);
		}
	}
	*way = first;
	*loss = second - first;
	return site;
}

static double estimate(struct guess *g, const bool *is_open)
{
	const struct vrp *v = g->v;
	double sum = g->near, way, loss;
	size_t stops = v->places - v->depots;
	for (size_t d = 0; d < v->depots; d++) {
		g->room[d] = v->sites[d].room;
		sum += is_open[d] ? v->sites[d].fixed : 0;
	}
	for (uint32_t n = 0; n < stops; n++) {
		uint32_t stop = (uint32_t)v->depots + n;
		g->order[n] = stop;
		choose(g, is_open, stop, &way, &loss);
		g->regret[stop] = (isinf(loss) ? 1e9 : loss) * v->load[stop];
	}
	qsort_r(g->order, stops, sizeof *g->order, by_regret, g->regret);
	for (size_t n = 0; n < stops; n++) {
		uint32_t stop = g->order[n], site = choose(g, is_open, stop, &way, &loss);
		if (site == UINT32_MAX) { /* what is left fits nowhere whole */
			sum += 2 * v->vehicles[0].fixed;
			continue;
		}
		const struct vehicle *b = &v->vehicles[site];
		double share = b->capacity[0] > 0 ? v->load[stop] / b->capacity[0] : 1;
		g->room[site] -= v->load[stop];
		sum += share * (b->fixed + b->per_km * way);
	}
	return sum;
}

static void guess_init(struct guess *g, struct arena *a, const struct vrp *v)
{
	*g = (struct guess){.v = v};
	g->order = arena_array(a, uint32_t, v->places);
	g->regret = arena_array(a, double, v->places);
	g->room = arena_array(a, double, v->depots);
	for (size_t i = v->depots; i < v->places; i++)
		g->load += v->load[i];
	if (v->places - v->depots < 2)
		return;
	uint32_t *near = vrp_neighbours(a, v, 1);
	for (size_t i = v->depots; i < v->places; i++)
		g->near += vrp_km(v, i, near[i - v->depots]);
}

struct found {
	struct arena *a;
	struct site_set *list;
	size_t count;
};

static bool is_known(const struct found *f, const bool *is_open, size_t depots)
{
	for (size_t n = f->count; n--;)
		if (!memcmp(f->list[n].is_open, is_open, depots * sizeof *is_open))
			return true;
	return false;
}

static void add(struct found *f, struct guess *g, const bool *is_open)
{
	struct site_set *s = &f->list[f->count++];
	s->is_open = arena_array(f->a, bool, g->v->depots);
	memcpy(s->is_open, is_open, g->v->depots * sizeof *is_open);
	s->estimate = estimate(g, is_open);
}

static void list_all(struct found *f, struct guess *g)
{
	bool is_open[ALL_SITES];
	for (size_t bits = 1; bits < (size_t)1 << g->v->depots; bits++) {
		for (size_t d = 0; d < g->v->depots; d++)
			is_open[d] = bits >> d & 1;
		if (has_room(g->v, is_open, g->load))
			add(f, g, is_open);
	}
}

/* The neighbours of a set that are new: a site more, less, or another. Says which is the least. */
static size_t list_neighbours(struct found *f, struct guess *g, bool *is_open)
{
	size_t depots = g->v->depots, least = SIZE_MAX;
	for (size_t out = 0; out <= depots; out++)
		for (size_t in = 0; in <= depots; in++) {
			bool is_move =
				(out < depots && is_open[out]) || (out == depots && in < depots);
			if (!is_move || (in < depots && is_open[in]) || f->count == MET_MAX)
				continue;
			if (out < depots)
				is_open[out] = false;
			if (in < depots)
				is_open[in] = true;
			if (has_room(g->v, is_open, g->load) && !is_known(f, is_open, depots)) {
				add(f, g, is_open);
				if (least == SIZE_MAX ||
					f->list[f->count - 1].estimate < f->list[least].estimate)
					least = f->count - 1;
			}
			if (out < depots)
				is_open[out] = true;
			if (in < depots)
				is_open[in] = false;
		}
	return least;
}

/* From all sites open down to the least, and on through the best of the neighbours: they are met on the way. */
static void list_met(struct found *f, struct guess *g)
{
	size_t depots = g->v->depots;
	bool *is_open = arena_array(f->a, bool, depots);
	memset(is_open, true, depots * sizeof *is_open);
	if (!has_room(g->v, is_open, g->load))
		return;
	add(f, g, is_open);
	size_t best = 0, stale = 0;
	while (stale < STARTS * depots && f->count < MET_MAX) {
		size_t least = list_neighbours(f, g, is_open);
		if (least == SIZE_MAX)
			return;
		bool is_better = f->list[least].estimate < f->list[best].estimate;
		stale = is_better ? 0 : stale + 1;
		best = is_better ? least : best;
		memcpy(is_open, f->list[least].is_open, depots * sizeof *is_open);
	}
}

static int by_estimate(const void *a, const void *b)
{
	const struct site_set *x = a, *y = b;
	return (x->estimate > y->estimate) - (x->estimate < y->estimate);
}

struct site_set *sets_make(struct arena *a, const struct vrp *v, size_t most, size_t *count)
{
	struct guess g;
	guess_init(&g, a, v);
	bool is_small = v->depots <= ALL_SITES;
	struct found f = {.a = a};
	f.list = arena_array(a, struct site_set, is_small ? (size_t)1 << v->depots : MET_MAX);
	if (is_small)
		list_all(&f, &g);
	else
		list_met(&f, &g);
	if (!f.count) { /* they lack the room together: the rounds will say which stops are left */
		bool *is_open = arena_array(a, bool, v->depots);
		memset(is_open, true, v->depots * sizeof *is_open);
		add(&f, &g, is_open);
	}
	qsort(f.list, f.count, sizeof *f.list, by_estimate);
	*count = f.count < most ? f.count : most;
	return f.list;
}
