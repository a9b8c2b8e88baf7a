#include "scout.h"

#include <math.h>
#include <string.h>

enum {
	SETS = 12,          /* tried in a step, single sources */
	KICKS = 100,        /* of each */
	LONG_KICKS = 1500,  /* of one of the pool's best sets */
	LONG_SETS = 8,      /* so many take turns */
	SPLIT_SETS = 2,     /* tried in a step when demand may be split */
	FREE_SETS = 20,     /* without capacities: their moves are priced all at once */
	CHANGES = 4,        /* of a set, at most */
	BACK = 50,          /* sets on average before the walk begins at the best one again */
	SPLIT_TRIALS = 100, /* of the local search of each */
	REST_MAX = 4,       /* rounds without a step, at most */
};

/* Relative to the best: how much dearer a set the walk goes on from may be. */
static const double ASTRAY = 2e-3;

void scout_init(struct scout *s, struct arena *a, const struct facility *f, double gap,
	const uint8_t *status)
{
	*s = (struct scout){.f = f,
		.is_closed = arena_array(a, bool, f->sites),
		.movable = arena_array(a, uint32_t, f->sites),
		.set = arena_array(a, bool, f->sites),
		.here = arena_array(a, bool, f->sites),
		.here_cost = INFINITY,
		.random = 0x2545F4914F6CDD1Du};
	primal_init(&s->primal, a, f, gap);
	for (size_t j = 0; j < f->sites; j++) {
		s->is_closed[j] = status[j] == SITE_CLOSED;
		if (status[j] == SITE_FREE)
			s->movable[s->movable_count++] = (uint32_t)j;
	}
}

static size_t pick(struct scout *s, size_t n)
{
	s->random ^= s->random << 13;
	s->random ^= s->random >> 7;
	s->random ^= s->random << 17;
	return (size_t)(s->random % n);
}

/* A site that may change and now is open, or is not. Returns sites when chance finds none. */
static size_t pick_site(struct scout *s, bool is_open)
{
	for (int n = 0; n < 64; n++) {
		size_t j = s->movable[pick(s, s->movable_count)];
		if (s->set[j] == is_open)
			return j;
	}
	return s->f->sites;
}

/* A few sites for others, and as many more as the demand needs. False: no such set. */
static bool perturb(struct scout *s, size_t most)
{
	const struct facility *f = s->f;
	size_t changes = 1 + pick(s, most), kind = pick(s, 4);
	for (size_t n = 0; n < changes; n++) {
		size_t out = kind == 1 ? f->sites : pick_site(s, true);
		size_t in = kind == 2 ? f->sites : pick_site(s, false);
		if (out < f->sites)
			s->set[out] = false;
		if (in < f->sites)
			s->set[in] = true;
	}
	double room = 0;
	for (size_t j = 0; j < f->sites; j++)
		room += s->set[j] ? f->capacity[j] : 0;
	while (f->is_capacitated && room < f->total) {
		size_t in = pick_site(s, false);
		if (in == f->sites)
			return false;
		s->set[in] = true;
		room += f->capacity[in];
	}
	return true;
}

static void step_single(struct scout *s)
{
	struct primal *p = &s->primal;
	size_t sites = s->f->sites;
	primal_add(p, p->best.cost, p->best.is_open);
	for (int n = 0; n < SETS && s->movable_count; n++) {
		memcpy(s->set, p->pool[pick(s, p->pool_count)].is_open, sites * sizeof *s->set);
		if (perturb(s, 2))
			primal_try(p, s->set, KICKS);
	}
	size_t turn = s->turn++ % LONG_SETS % p->pool_count;
	memcpy(s->set, p->pool[turn].is_open, sites * sizeof *s->set);
	primal_retry(p, s->set, LONG_KICKS);
}

/* Threshold accepting (Dueck and Scheuer 1990): the walk goes on from sets that are a little dearer. */
static void step_split(struct scout *s)
{
	struct primal *p = &s->primal;
	size_t size = s->f->sites * sizeof *s->set;
	int sets = s->f->is_capacitated ? SPLIT_SETS : FREE_SETS;
	for (int n = 0; n < sets && s->movable_count; n++) {
		double astray = p->best.cost + ASTRAY * fabs(p->best.cost);
		if (!(s->here_cost <= astray) || !pick(s, BACK)) {
			memcpy(s->here, p->best.is_open, size);
			s->here_cost = p->best.cost;
		}
		memcpy(s->set, s->here, size);
		if (!perturb(s, CHANGES))
			continue;
		double cost = local_cost(&p->local, s->set);
		if (isinf(cost))
			continue;
		cost = local_improve(&p->local, s->set, cost, s->is_closed, SPLIT_TRIALS);
		primal_take(p, cost, s->set);
		if (cost <= astray) {
			memcpy(s->here, s->set, size);
			s->here_cost = cost;
		}
	}
}

/* Finding nothing for long, it rests longer and longer. */
void scout_step(struct scout *s, const struct best *known)
{
	if (known->cost < s->primal.best.cost) {
		best_copy(&s->primal.best, known, s->f);
		s->rest = 0;
	}
	if (isinf(s->primal.best.cost) || s->rounds++ % (s->rest / 4 + 1))
		return;
	double cost = s->primal.best.cost;
	if (s->f->is_single)
		step_single(s);
	else
		step_split(s);
	if (s->primal.best.cost < cost)
		s->rest = 0;
	else if (s->rest < 4 * REST_MAX)
		s->rest++;
}
