#include "search.h"

#include <math.h>
#include <string.h>

enum { PASSES = 5 };

static void pick_flow(const struct model *m, const int *all, size_t k, int *level)
{
	for (size_t j = 0; j < m->sites; j++)
		memcpy(level + j * m->years, all + (j * m->flows + k) * m->years,
			m->years * sizeof *level);
}

void search_init(struct search *s, struct arena *a, const struct model *m, uint64_t seed)
{
	*s = (struct search){
		.m = m,
		.flows = arena_array(a, struct descent, m->flows),
		.elsewhere = arena_array(a, bool, m->sites * m->years),
		.level = arena_array(a, int, m->sites * m->years),
		.best = arena_array(a, int, m->sites * m->flows * m->years),
		.best_cost = INFINITY,
		.random = seed * 2 + 1,
	};
	for (size_t k = 0; k < m->flows; k++) {
		struct descent *d = &s->flows[k];
		descent_init(d, a, m, k);
		for (size_t c = 0; c < m->sites * m->years; c++)
			s->level[c] = model_line(m, c / m->years, k)->start;
		descent_load(d, s->level, s->elsewhere);
	}
}

/* Which sites flows other than k keep open. */
static void find_elsewhere(struct search *s, size_t k)
{
	size_t cells = s->m->sites * s->m->years;
	memset(s->elsewhere, 0, cells * sizeof *s->elsewhere);
	for (size_t other = 0; other < s->m->flows; other++)
		for (size_t c = 0; c < cells && other != k; c++)
			s->elsewhere[c] |= s->flows[other].level[c] != LEVEL_NONE;
}

/* A platform counts once, whatever stands there and when. */
static bool has_right_number(const struct search *s)
{
	const struct model *m = s->m;
	int platforms = 0;
	for (size_t j = 0; j < m->sites; j++) {
		bool is_one = false;
		for (size_t k = 0; k < m->flows && !is_one; k++)
			is_one = !model_line(m, j, k)->is_fixed && descent_uses(&s->flows[k], j);
		platforms += is_one;
	}
	return platforms >= m->min_platforms &&
	       (m->max_platforms < 0 || platforms <= m->max_platforms);
}

/* Cost of all flows together, every site paid once; infinite when some tonnes have no place. */
static double whole_cost(const struct search *s)
{
	const struct model *m = s->m;
	double cost = 0;
	for (size_t k = 0; k < m->flows; k++)
		cost += descent_is_feasible(&s->flows[k]) ? descent_own_cost(&s->flows[k])
							  : INFINITY;
	for (size_t c = 0; c < m->sites * m->years; c++) {
		bool is_open = false;
		for (size_t k = 0; k < m->flows; k++)
			is_open |= s->flows[k].level[c] != LEVEL_NONE;
		cost += is_open ? m->discount[c % m->years] * m->site_cost[c] : 0;
	}
	return cost;
}

/* Keeps the plan when it is the best. */
static void keep_best(struct search *s)
{
	const struct model *m = s->m;
	double cost = whole_cost(s);
	if (!(cost < s->best_cost) || !has_right_number(s))
		return;
	s->best_cost = cost;
	for (size_t k = 0; k < m->flows; k++)
		for (size_t j = 0; j < m->sites; j++)
			memcpy(s->best + (j * m->flows + k) * m->years,
				s->flows[k].level + j * m->years, m->years * sizeof *s->best);
}

void search_offer(struct search *s, const int *level)
{
	for (size_t k = 0; k < s->m->flows; k++) {
		find_elsewhere(s, k);
		pick_flow(s->m, level, k, s->level);
		descent_load(&s->flows[k], s->level, s->elsewhere);
	}
	keep_best(s);
}

/* Searches from another plan of flow k and goes back if that leads nowhere better. */
static void try_levels(
	struct search *s, size_t k, const int *level, bool (*is_over)(void *context), void *context)
{
	size_t cells = s->m->sites * s->m->years;
	struct descent *d = &s->flows[k];
	struct arena *scratch = arena_new();
	int *kept = arena_array(scratch, int, cells);
	double cost = d->cost;
	memcpy(kept, d->level, cells * sizeof *kept);
	descent_load(d, level, s->elsewhere);
	descent_run(d, PASSES, is_over, context);
	if (d->cost >= cost)
		descent_load(d, kept, s->elsewhere);
	arena_free(scratch);
}

/* xorshift64*: Vigna (2016). */
static size_t draw(struct search *s, size_t below)
{
	s->random ^= s->random >> 12;
	s->random ^= s->random << 25;
	s->random ^= s->random >> 27;
	return (size_t)((s->random * 2685821657736338717u) >> 33) % below;
}

/* Closes a few lines of a plan of one flow, at random. */
static void shake(struct search *s, size_t k, int *level)
{
	const struct model *m = s->m;
	size_t closed = 1 + draw(s, 3);
	for (size_t tries = 0; closed && tries < 10 * m->sites; tries++) {
		size_t j = draw(s, m->sites);
		int *line = level + j * m->years;
		if (model_line(m, j, k)->is_fixed || line[m->years - 1] == LEVEL_NONE)
			continue;
		for (size_t t = 0; t < m->years; t++)
			line[t] = LEVEL_NONE;
		closed--;
	}
}

/* Fixed lines stay as they are, whatever is proposed. */
static void keep_fixed(const struct search *s, size_t k, int *level)
{
	const struct model *m = s->m;
	for (size_t j = 0; j < m->sites; j++)
		for (size_t t = 0; t < m->years && model_line(m, j, k)->is_fixed; t++)
			level[j * m->years + t] = model_line(m, j, k)->start;
}

/* Whether site b could do what site a does, in place of it: it has no line yet and the same levels. */
static bool may_replace(const struct search *s, size_t a, size_t b)
{
	const struct model *m = s->m;
	if (a == b)
		return false;
	for (size_t k = 0; k < m->flows; k++) {
		const struct line *from = model_line(m, a, k), *to = model_line(m, b, k);
		if (from->is_fixed || to->is_fixed || descent_uses(&s->flows[k], b) ||
			(descent_uses(&s->flows[k], a) && from->levels != to->levels))
			return false;
	}
	return true;
}

/* Site b in place of a, or back, in every flow. */
static void move_lines(struct search *s, size_t a, size_t b)
{
	for (size_t k = 0; k < s->m->flows; k++)
		if (descent_uses(&s->flows[k], a))
			descent_move(&s->flows[k], a, b);
}

/* Flows one by one cannot leave a site that they share: somebody would still pay for it. So whole
 * sites are moved, to where what they take now is reached most cheaply. */
static void move_sites(struct search *s, bool (*is_over)(void *context), void *context)
{
	enum { TRIALS = 4 };
	const struct model *m = s->m;
	double cost = whole_cost(s);
	for (size_t a = 0; a < m->sites && !is_over(context); a++) {
		size_t best[TRIALS], count = 0;
		double change[TRIALS], used = 0;
		for (size_t k = 0; k < m->flows; k++)
			used += descent_uses(&s->flows[k], a);
		for (size_t b = 0; b < m->sites && used > 1; b++) {
			if (!may_replace(s, a, b))
				continue;
			double more = 0;
			for (size_t k = 0; k < m->flows; k++)
				more += descent_reach(&s->flows[k], a, b);
			if (count == TRIALS && change[TRIALS - 1] <= more)
				continue;
			size_t n = count < TRIALS ? count++ : TRIALS - 1;
			for (; n && change[n - 1] > more; n--) {
				change[n] = change[n - 1];
				best[n] = best[n - 1];
			}
			change[n] = more;
			best[n] = b;
		}
		for (size_t n = 0; n < count; n++) {
			move_lines(s, a, best[n]);
			double moved = whole_cost(s);
			if (moved < cost * (1 - 1e-9)) {
				cost = moved;
				break;
			}
			move_lines(s, best[n], a);
		}
	}
}

/* All flows as they are in the best plan. */
static void load_best(struct search *s)
{
	for (size_t k = 0; k < s->m->flows && s->best_cost < INFINITY; k++) {
		find_elsewhere(s, k);
		pick_flow(s->m, s->best, k, s->level);
		descent_load(&s->flows[k], s->level, s->elsewhere);
	}
}

void search_round(
	struct search *s, const int *opened, bool (*is_over)(void *context), void *context)
{
	const struct model *m = s->m;
	for (size_t k = 0; k < m->flows && !is_over(context); k++) {
		struct descent *d = &s->flows[k];
		find_elsewhere(s, k);
		if (s->best_cost < INFINITY)
			pick_flow(m, s->best, k, s->level);
		else
			memcpy(s->level, d->level, m->sites * m->years * sizeof *s->level);
		descent_load(d, s->level, s->elsewhere);
		descent_run(d, PASSES, is_over, context);
		if (!opened)
			continue;
		pick_flow(m, opened, k, s->level);
		keep_fixed(s, k, s->level);
		try_levels(s, k, s->level, is_over, context);
		memcpy(s->level, d->level, m->sites * m->years * sizeof *s->level);
		shake(s, k, s->level);
		try_levels(s, k, s->level, is_over, context);
	}
	keep_best(s);
	load_best(s);
	move_sites(s, is_over, context);
	keep_best(s);
}
