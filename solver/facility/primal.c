#include "primal.h"

#include <math.h>
#include <string.h>

enum {
	KICKS = 2,        /* of an assignment, before the tree */
	MORE_KICKS = 150, /* of the sets in the pool */
};

void best_init(struct best *b, struct arena *a, const struct facility *f)
{
	*b = (struct best){INFINITY, arena_array(a, bool, f->sites),
		f->is_single ? arena_array(a, uint32_t, f->points) : NULL};
}

void best_copy(struct best *to, const struct best *from, const struct facility *f)
{
	to->cost = from->cost;
	memcpy(to->is_open, from->is_open, f->sites * sizeof *to->is_open);
	if (to->to)
		memcpy(to->to, from->to, f->points * sizeof *to->to);
}

void primal_init(struct primal *p, struct arena *a, const struct facility *f, double gap)
{
	*p = (struct primal){.f = f,
		.gap = gap,
		.kicks = KICKS,
		.trial = arena_array(a, bool, f->sites),
		.around = arena_array(a, bool, f->sites),
		.order = arena_array(a, uint32_t, f->sites)};
	local_init(&p->local, a, f);
	if (f->is_single)
		assign_init(&p->assign, a, f);
	best_init(&p->best, a, f);
	for (size_t n = 0; f->is_single && n < PRIMAL_POOL; n++)
		p->pool[n].is_open = arena_array(a, bool, f->sites);
}

void primal_start(struct primal *p, double cost)
{
	p->best.cost = cost;
	p->pool_count = 0;
	memset(p->seen, 0, sizeof p->seen);
	local_forget(&p->local);
	if (p->f->is_single)
		assign_forget(&p->assign);
}

double primal_cutoff(const struct facility *f, double gap, double cost)
{
	if (isinf(cost))
		return cost;
	double by_gap = cost - gap * fabs(cost);
	double by_grain = f->grain > 0 ? cost - 0.999 * f->grain : cost;
	return by_gap < by_grain ? by_gap : by_grain;
}

static uint64_t hash_set(const bool *is_open, size_t sites)
{
	uint64_t h = 0x9E3779B97F4A7C15u;
	for (size_t j = 0; j < sites; j++)
		if (is_open[j]) {
			h ^= j + 0x9E3779B97F4A7C15u + (h << 6) + (h >> 2);
			h *= 0xD6E8FEB86659FD93u;
		}
	return h ? h : 1;
}

static bool was_seen(struct primal *p, const bool *is_open)
{
	uint64_t h = hash_set(is_open, p->f->sites), *slot = &p->seen[h & (PRIMAL_SEEN - 1)];
	bool is_seen = *slot == h;
	*slot = h;
	return is_seen;
}

static bool has_right_number(const struct facility *f, const bool *is_open)
{
	int open = 0;
	for (size_t j = 0; j < f->sites; j++)
		open += is_open[j];
	return open >= f->open_min && open <= f->open_max;
}

void primal_take(struct primal *p, double cost, const bool *is_open)
{
	if (!(cost < p->best.cost) || !has_right_number(p->f, is_open))
		return;
	p->best.cost = cost;
	memcpy(p->best.is_open, is_open, p->f->sites * sizeof *is_open);
	if (p->best.to)
		memcpy(p->best.to, p->assign.to, p->f->points * sizeof *p->best.to);
}

/* The place of a set in the pool; pool_count when it has none. */
static size_t pool_find(const struct primal *p, const bool *is_open)
{
	size_t n = 0;
	while (n < p->pool_count &&
		memcmp(p->pool[n].is_open, is_open, p->f->sites * sizeof *is_open) != 0)
		n++;
	return n;
}

void primal_add(struct primal *p, double cost, const bool *is_open)
{
	size_t n = pool_find(p, is_open);
	bool is_known = n < p->pool_count;
	if (n == p->pool_count && p->pool_count < PRIMAL_POOL)
		p->pool[p->pool_count++] = (struct candidate){INFINITY, p->pool[n].is_open, false};
	else if (n == p->pool_count)
		n--;
	if (!(cost < p->pool[n].cost))
		return;
	struct candidate c = {cost, p->pool[n].is_open, p->pool[n].is_insisted && is_known};
	memcpy(c.is_open, is_open, p->f->sites * sizeof *is_open);
	for (; n && p->pool[n - 1].cost > cost; n--)
		p->pool[n] = p->pool[n - 1];
	p->pool[n] = c;
}

/* Prices a set; with single sources its split cost, whose transport the assignment begins from. */
static double try_set(struct primal *p, const bool *is_open, int kicks)
{
	double cost = local_cost(&p->local, is_open);
	if (!p->f->is_single) {
		primal_take(p, cost, is_open);
		return cost;
	}
	if (cost >= primal_cutoff(p->f, p->gap, p->best.cost))
		return INFINITY;
	double opening = cost - transport_cost(&p->local.flow);
	cost = opening + assign_points(&p->assign, is_open, &p->local.flow, kicks);
	primal_take(p, cost, is_open);
	if (cost < INFINITY)
		primal_add(p, cost, is_open);
	return cost;
}

void primal_try(struct primal *p, const bool *is_open, int kicks)
{
	if (!was_seen(p, is_open))
		(void)try_set(p, is_open, kicks);
}

void primal_retry(struct primal *p, const bool *is_open, int kicks)
{
	(void)try_set(p, is_open, kicks);
}

/* The assignment that the relaxation itself suggests for its set: others each time. */
static void try_served(struct primal *p, const struct oracle *o)
{
	const struct facility *f = p->f;
	double cost = f->offset, room = 0;
	for (size_t j = 0; j < f->sites; j++) {
		cost += o->is_in[j] ? f->opening[j] : 0;
		room += o->is_in[j] ? f->capacity[j] : 0;
	}
	if (room >= f->total)
		primal_take(p, cost + assign_served(&p->assign, o->is_in, o, 0), o->is_in);
}

/* The set of the relaxation, and the fractional solution rounded until it covers the demand. */
void primal_harvest(struct primal *p, const struct dual *d)
{
	const struct facility *f = p->f;
	primal_try(p, d->oracle.is_in, p->kicks);
	if (f->is_single)
		try_served(p, &d->oracle);
	double room = 0;
	int open = 0;
	size_t count = 0;
	for (size_t j = 0; j < f->sites; j++) {
		p->trial[j] = d->status[j] == SITE_OPEN;
		room += p->trial[j] ? f->capacity[j] : 0;
		open += p->trial[j];
		if (d->status[j] == SITE_FREE)
			p->order[count++] = (uint32_t)j;
	}
	for (size_t n = 1; n < count; n++) {
		uint32_t id = p->order[n];
		size_t at = n;
		for (; at && d->mean_open[p->order[at - 1]] < d->mean_open[id]; at--)
			p->order[at] = p->order[at - 1];
		p->order[at] = id;
	}
	for (size_t n = 0; n < count; n++) {
		uint32_t j = p->order[n];
		bool is_wanted = d->mean_open[j] >= 0.5 || open < f->open_min ||
				 (f->is_capacitated && room < f->total) || !open;
		if (!is_wanted || open >= f->open_max)
			break;
		p->trial[j] = true;
		room += f->capacity[j];
		open++;
	}
	primal_try(p, p->trial, p->kicks);
}

/* One site changed, or one for another: the first set that is better. */
static bool step_aside(struct primal *p, int64_t *trials)
{
	const struct facility *f = p->f;
	double known = p->best.cost;
	bool *around = p->around;
	memcpy(around, p->best.is_open, f->sites * sizeof *around);
	for (size_t j = 0; j < f->sites; j++) {
		if (f->is_fixed[j] || f->capacity[j] <= 0)
			continue;
		around[j] = !around[j];
		primal_try(p, around, p->kicks);
		/* Pairs: one opens, one closes. */
		for (size_t k = 0; around[j] && k < f->sites && p->best.cost >= known; k++) {
			if (k == j || !around[k] || f->is_fixed[k] || --*trials < 0)
				continue;
			around[k] = false;
			primal_try(p, around, p->kicks);
			around[k] = true;
		}
		around[j] = !around[j];
		if (p->best.cost < known)
			return true;
	}
	return false;
}

void primal_improve(struct primal *p, int64_t trials)
{
	if (!p->f->is_single) {
		p->best.cost =
			local_improve(&p->local, p->best.is_open, p->best.cost, NULL, trials);
		return;
	}
	/* First by split costs; then each set around the best one that these do not rule out. */
	memcpy(p->trial, p->best.is_open, p->f->sites * sizeof *p->trial);
	double split = local_cost(&p->local, p->trial);
	(void)local_improve(&p->local, p->trial, split, NULL, trials);
	primal_try(p, p->trial, p->kicks);
	while (step_aside(p, &trials) && trials > 0) {}
}

bool primal_insist(struct primal *p)
{
	size_t n = 0;
	while (n < p->pool_count && p->pool[n].is_insisted)
		n++;
	if (n == p->pool_count)
		return false;
	p->pool[n].is_insisted = true;
	memcpy(p->trial, p->pool[n].is_open, p->f->sites * sizeof *p->trial);
	(void)try_set(p, p->trial, MORE_KICKS);
	return true;
}
