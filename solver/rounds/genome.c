#include "genome.h"

#include "chance.h"

#include <string.h>

static const double MOST_LOAD = 1.5; /* capacities, of a round that a split makes */

void genome_init(struct genome *g, struct arena *a, const struct vrp *v)
{
	*g = (struct genome){
		.giant = arena_array(a, uint32_t, v->places),
		.first = arena_array(a, uint32_t, v->places + 1),
		.prev = arena_array(a, uint32_t, v->places),
		.next = arena_array(a, uint32_t, v->places),
	};
}

void genome_copy(struct genome *to, const struct genome *from, const struct vrp *v)
{
	memcpy(to->giant, from->giant, (v->places - 1) * sizeof *to->giant);
	memcpy(to->first, from->first, (from->rounds + 1) * sizeof *to->first);
	memcpy(to->prev, from->prev, v->places * sizeof *to->prev);
	memcpy(to->next, from->next, v->places * sizeof *to->next);
	to->rounds = from->rounds;
	to->cost = from->cost;
	to->excess = from->excess;
}

void genome_take(struct genome *g, const struct rounds *from, const struct fleet *f)
{
	uint32_t n = 0;
	g->rounds = 0;
	for (size_t r = 0; r < from->count; r++) {
		const struct round *x = &from->round[r];
		if (x->length)
			g->first[g->rounds++] = n;
		for (uint32_t p = 0; p < x->length; p++)
			g->giant[n++] = x->visit[p];
	}
	g->first[g->rounds] = n;
	genome_settle(g, from->v, f, INFINITY);
}

/* Round r with the cheapest vehicle that holds it; what it points to is the genome's. */
static struct round round_of(const struct genome *g, const struct vrp *v, const struct fleet *f,
	double fine, uint32_t r, double *excess)
{
	struct round x = {.length = g->first[r + 1] - g->first[r], .visit = g->giant + g->first[r]};
	uint32_t at = 0;
	for (uint32_t n = 0; n < x.length; n++) {
		x.km += vrp_km(v, at, x.visit[n]);
		x.load[0] += v->load[x.visit[n]];
		at = x.visit[n];
	}
	x.km += vrp_km(v, at, 0);
	struct fleet_choice choice = fleet_choose(f, fine, x.km, x.load[0]);
	x.type = choice.type;
	x.cost = choice.cost;
	*excess = choice.excess;
	return x;
}

void genome_give(const struct genome *g, const struct fleet *f, struct rounds *to)
{
	double excess;
	rounds_clear(to);
	for (uint32_t i = 1; i < to->v->places; i++)
		rounds_admit(to, i);
	for (uint32_t r = 0; r < g->rounds; r++) {
		struct round x = round_of(g, to->v, f, INFINITY, r, &excess);
		rounds_add(to, x.type, x.visit, x.length);
	}
}

void genome_pool(const struct genome *g, const struct vrp *v, const struct fleet *f, struct pool *p)
{
	double excess;
	for (uint32_t r = 0; r < g->rounds; r++) {
		struct round x = round_of(g, v, f, INFINITY, r, &excess);
		pool_take(p, &x);
	}
}

void genome_settle(struct genome *g, const struct vrp *v, const struct fleet *f, double fine)
{
	g->cost = g->excess = 0;
	for (uint32_t r = 0; r < g->rounds; r++) {
		double excess;
		struct round x = round_of(g, v, f, fine, r, &excess);
		g->cost += x.cost;
		g->excess += excess;
		for (uint32_t n = 0; n < x.length; n++) {
			g->prev[x.visit[n]] = n ? x.visit[n - 1] : 0;
			g->next[x.visit[n]] = n + 1 < x.length ? x.visit[n + 1] : 0;
		}
	}
}

double genome_distance(const struct genome *a, const struct genome *b, const struct vrp *v)
{
	size_t broken = 0;
	for (size_t i = 1; i < v->places; i++) {
		broken += a->next[i] != b->next[i] && a->next[i] != b->prev[i];
		broken += !a->prev[i] && b->prev[i] && b->next[i];
	}
	return (double)broken / (double)(v->places - 1);
}

void genome_cross(struct genome *child, const struct genome *mother, const struct genome *father,
	bool *is_taken, const struct vrp *v, uint64_t *random)
{
	size_t stops = v->places - 1, from = chance_below(random, stops),
	       count = 1 + chance_below(random, stops), filled = 0;
	memset(is_taken, 0, v->places * sizeof *is_taken);
	for (; filled < count; filled++) {
		uint32_t stop = mother->giant[(from + filled) % stops];
		child->giant[(from + filled) % stops] = stop;
		is_taken[stop] = true;
	}
	for (size_t n = 0; filled < stops; n++) {
		uint32_t stop = father->giant[(from + count + n) % stops];
		if (!is_taken[stop])
			child->giant[(from + filled++) % stops] = stop;
	}
}

void genome_split(
	struct genome *g, const struct vrp *v, const struct fleet *f, double fine, double *scratch)
{
	size_t stops = v->places - 1;
	double *cost = scratch, *before = scratch + v->places;
	cost[0] = 0;
	for (size_t n = 1; n <= stops; n++)
		cost[n] = INFINITY;
	for (size_t from = 0; from < stops; from++) {
		double load = 0, km = 0;
		uint32_t at = 0;
		for (size_t n = from; n < stops; n++) {
			uint32_t to = g->giant[n];
			load += v->load[to];
			if (n > from && load > MOST_LOAD * f->capacity)
				break;
			km += vrp_km(v, at, to);
			double total =
				cost[from] + fleet_cost(f, fine, km + vrp_km(v, to, 0), load);
			if (total < cost[n + 1]) {
				cost[n + 1] = total;
				before[n + 1] = (double)from;
			}
			at = to;
		}
	}
	g->rounds = 0;
	for (size_t n = stops; n; n = (size_t)before[n])
		g->rounds++;
	uint32_t r = g->rounds;
	g->first[r] = (uint32_t)stops;
	for (size_t n = stops; n; n = (size_t)before[n])
		g->first[--r] = (uint32_t)before[n];
	genome_settle(g, v, f, fine);
}
