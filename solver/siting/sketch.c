#include "sketch.h"

#include <math.h>
#include <string.h>

/* Lines that the bound opens now and then are likely. */
static const double NOW_AND_THEN = 0.01;

void sketch_init(struct sketch *s, struct arena *a, const struct zones *z, uint64_t seed)
{
	size_t lines = relax_lines(&z->model);
	*s = (struct sketch){.zones = z,
		.opened = arena_array(a, int, lines),
		.share = arena_array(a, double, lines),
		.level = arena_array(a, int, z->model.sites * z->model.flows * z->years)};
	search_init(&s->search, a, &z->model, seed);
}

void sketch_take(struct sketch *s, const int *level)
{
	const struct zones *z = s->zones;
	/* What stands at the end of a stage. */
	for (size_t c = 0; c < z->model.sites * z->model.flows; c++)
		for (size_t t = 0; t < z->years; t++)
			s->level[c * z->model.years + z->stage_of[t]] = level[c * z->years + t];
	search_offer(&s->search, s->level);
}

void sketch_hear(struct sketch *s, const struct relax *r)
{
	const struct model *m = &s->zones->model;
	for (size_t c = 0; c < relax_lines(m); c++)
		if (r->mean_open[c] > NOW_AND_THEN)
			s->search.flows[c / m->years % m->flows]
				.is_likely[c / m->years / m->flows] = true;
	s->has_heard = true;
	memcpy(s->opened, r->path, relax_lines(m) * sizeof *s->opened);
	memcpy(s->share, r->share, relax_lines(m) * sizeof *s->share);
}

void sketch_round(struct sketch *s, bool (*is_over)(void *context), void *context)
{
	search_round(&s->search, s->has_heard ? s->opened : NULL, s->has_heard ? s->share : NULL,
		is_over, context);
}

static void give(struct sketch *s, const int *level, struct search *to)
{
	const struct zones *z = s->zones;
	for (size_t c = 0; c < z->model.sites * z->model.flows; c++)
		for (size_t t = 0; t < z->years; t++)
			s->level[c * z->years + t] = level[c * z->model.years + z->stage_of[t]];
	search_offer(to, s->level);
}

void sketch_give(struct sketch *s, struct search *to)
{
	for (size_t n = 0; n < SEARCH_POOL; n++)
		if (s->search.pool_cost[n] < INFINITY)
			give(s, s->search.pool[n], to);
	if (s->search.best_cost < INFINITY)
		give(s, s->search.best, to);
}
