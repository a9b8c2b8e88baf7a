#include "search.h"

#include "mix.h"
#include "regroup.h"
#include "retime.h"

#include <math.h>
#include <string.h>

enum { PASSES = 5 };

static const double NEAR = 2e-3; /* of the best cost: worth routing on all points */

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
		.arena = a,
		.is_barred = arena_array(a, bool, m->sites),
		.elsewhere = arena_array(a, bool, m->sites * m->years),
		.level = arena_array(a, int, m->sites * m->years),
		.best = arena_array(a, int, m->sites * m->flows * m->years),
		.best_cost = INFINITY,
		.regrouped_cost = INFINITY,
		.random = seed * 2 + 1,
	};
	for (size_t n = 0; n < SEARCH_POOL; n++) {
		s->pool[n] = arena_array(a, int, m->sites * m->flows * m->years);
		s->pool_cost[n] = INFINITY;
	}
	for (size_t k = 0; k < m->flows; k++) {
		struct descent *d = &s->flows[k];
		descent_init(d, a, m, k);
		for (size_t c = 0; c < m->sites * m->years; c++)
			s->level[c] = model_line(m, c / m->years, k)->start;
		descent_load(d, s->level, s->elsewhere);
		s->prohibitive += fabs(d->cost) + 1;
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

double search_cost(const struct search *s)
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

/* Gives flow k other levels, at true costs of sites, or too high ones where they are barred. */
static void load_flow(struct search *s, size_t k, const int *level)
{
	find_elsewhere(s, k);
	descent_load(&s->flows[k], level, s->elsewhere);
	for (size_t j = 0; j < s->m->sites; j++)
		if (s->is_barred[j] && !model_line(s->m, j, k)->is_fixed)
			descent_charge(&s->flows[k], j, s->prohibitive);
}

/* The same again, after other flows or barriers changed. */
static void reload_flow(struct search *s, size_t k)
{
	memcpy(s->level, s->flows[k].level, s->m->sites * s->m->years * sizeof *s->level);
	load_flow(s, k, s->level);
}

bool search_is_platform(const struct search *s, size_t j)
{
	for (size_t k = 0; k < s->m->flows; k++)
		if (!model_line(s->m, j, k)->is_fixed && descent_uses(&s->flows[k], j))
			return true;
	return false;
}

static int count_platforms(const struct search *s)
{
	int count = 0;
	for (size_t j = 0; j < s->m->sites; j++)
		count += search_is_platform(s, j);
	return count;
}

static bool has_number(const struct model *m)
{
	return m->max_platforms >= 0 || m->min_platforms > 0;
}

static bool number_is_right(const struct search *s)
{
	int count = count_platforms(s);
	return (s->m->max_platforms < 0 || count <= s->m->max_platforms) &&
	       count >= s->m->min_platforms;
}

void search_copy(const struct search *s, int *to)
{
	const struct model *m = s->m;
	for (size_t k = 0; k < m->flows; k++)
		for (size_t j = 0; j < m->sites; j++)
			memcpy(to + (j * m->flows + k) * m->years, s->flows[k].level + j * m->years,
				m->years * sizeof *to);
}

/* Near the best on zones, a plan may be the best on all points. The oldest leaves. */
static void keep_near(struct search *s, double cost)
{
	size_t lines = s->m->sites * s->m->flows * s->m->years;
	int *to = s->pool[s->pool_next];
	search_copy(s, to);
	for (size_t n = 0; n < SEARCH_POOL; n++)
		if (n != s->pool_next && s->pool_cost[n] < INFINITY &&
			!memcmp(s->pool[n], to, lines * sizeof *to)) {
			s->pool_cost[s->pool_next] = INFINITY; /* known */
			return;
		}
	s->pool_cost[s->pool_next] = cost;
	s->pool_next = (s->pool_next + 1) % SEARCH_POOL;
}

void search_keep(struct search *s)
{
	double cost = search_cost(s);
	if (!(cost < s->best_cost + NEAR * fabs(s->best_cost)) || !number_is_right(s))
		return;
	keep_near(s, cost);
	if (cost >= s->best_cost)
		return;
	s->best_cost = cost;
	search_copy(s, s->best);
}

void search_load(struct search *s, const int *level)
{
	for (size_t k = 0; k < s->m->flows; k++) {
		pick_flow(s->m, level, k, s->level);
		load_flow(s, k, s->level);
	}
}

void search_offer(struct search *s, const int *level)
{
	search_load(s, level);
	search_keep(s);
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
	load_flow(s, k, level);
	descent_run(d, PASSES, is_over, context);
	if (d->cost >= cost)
		load_flow(s, k, kept);
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

static void mix_levels(struct search *s, size_t k, bool (*is_over)(void *context), void *context)
{
	struct arena *scratch = arena_new();
	struct mix mix;
	mix_init(&mix, scratch, &s->flows[k]);
	while (mix_improve(&mix, draw(s, SIZE_MAX), is_over, context))
		descent_run(&s->flows[k], PASSES, is_over, context);
	arena_free(scratch);
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
	enum { TRIALS = 6 };
	const struct model *m = s->m;
	double cost = search_cost(s);
	for (size_t a = 0; a < m->sites && !is_over(context); a++) {
		size_t best[TRIALS], count = 0;
		double change[TRIALS], used = 0;
		for (size_t k = 0; k < m->flows; k++)
			used += descent_uses(&s->flows[k], a);
		for (size_t b = 0; b < m->sites && used > (has_number(m) ? 0 : 1); b++) {
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
			double moved = search_cost(s);
			if (moved < cost * (1 - 1e-9)) {
				cost = moved;
				break;
			}
			move_lines(s, best[n], a);
		}
	}
}

/* Every line of flow k gets its best path, the others as they are. */
static void retime_flow(struct search *s, size_t k, bool (*is_over)(void *context), void *context)
{
	for (size_t j = 0; j < s->m->sites && !is_over(context); j++)
		if (!model_line(s->m, j, k)->is_fixed && descent_uses(&s->flows[k], j))
			(void)retime_line(&s->flows[k], j);
}

void search_settle(struct search *s, size_t k, bool (*is_over)(void *context), void *context)
{
	reload_flow(s, k);
	descent_run(&s->flows[k], PASSES, is_over, context);
	retime_flow(s, k, is_over, context);
}

static void settle_all(struct search *s, bool (*is_over)(void *context), void *context)
{
	for (size_t k = 0; k < s->m->flows && !is_over(context); k++)
		search_settle(s, k, is_over, context);
}

/* The platform that does least. */
static size_t idlest(const struct search *s)
{
	const struct model *m = s->m;
	size_t best = m->sites;
	double least = INFINITY;
	for (size_t j = 0; j < m->sites; j++) {
		double load = 0;
		for (size_t k = 0; k < m->flows && !s->is_barred[j]; k++)
			load += model_line(m, j, k)->is_fixed ? 0
							      : descent_load_of(&s->flows[k], j);
		if (!s->is_barred[j] && search_is_platform(s, j) && load < least) {
			least = load;
			best = j;
		}
	}
	return best;
}

/* One more platform, for its own sake: the line that costs least for the last year alone. */
static bool open_cheapest(struct search *s)
{
	const struct model *m = s->m;
	size_t site = m->sites, flow = 0;
	double least = INFINITY;
	int level = 0;
	int *path = arena_array(s->arena, int, m->years);
	for (size_t t = 0; t < m->years; t++)
		path[t] = LEVEL_NONE;
	for (size_t j = 0; j < m->sites; j++)
		for (size_t k = 0; k < m->flows && !search_is_platform(s, j); k++)
			for (int l = 0; l < model_line(m, j, k)->levels; l++) {
				if (model_line(m, j, k)->is_fixed)
					continue;
				path[m->years - 1] = l;
				descent_put(&s->flows[k], j, path);
				double cost = search_cost(s);
				path[m->years - 1] = LEVEL_NONE;
				descent_put(&s->flows[k], j, path);
				if (cost < least) {
					least = cost;
					site = j;
					flow = k;
					level = l;
				}
			}
	if (site == m->sites)
		return false;
	path[m->years - 1] = level;
	descent_put(&s->flows[flow], site, path);
	return true;
}

/* As few platforms as are allowed, no others any more; or as many as are asked for. */
static void fit_number(struct search *s, bool (*is_over)(void *context), void *context)
{
	const struct model *m = s->m;
	while (m->max_platforms >= 0 && count_platforms(s) > m->max_platforms &&
		!is_over(context)) {
		size_t j = idlest(s);
		if (j == m->sites)
			break;
		s->is_barred[j] = true;
		settle_all(s, is_over, context);
	}
	for (size_t j = 0; j < m->sites && m->max_platforms >= 0; j++)
		s->is_barred[j] =
			count_platforms(s) >= m->max_platforms && !search_is_platform(s, j);
	if (m->max_platforms >= 0)
		settle_all(s, is_over, context);
	while (count_platforms(s) < m->min_platforms && !is_over(context))
		if (!open_cheapest(s))
			break;
}

/* All flows at once, from a plan where each bears its shares of what sites cost: lines come together to a site
 * that none of them would open alone. */
static void try_together(struct search *s, const int *plan, const double *share,
	bool (*is_over)(void *context), void *context)
{
	const struct model *m = s->m;
	for (size_t k = 0; k < m->flows; k++) {
		pick_flow(m, plan, k, s->level);
		keep_fixed(s, k, s->level);
		descent_load_shared(&s->flows[k], s->level, share);
		descent_run(&s->flows[k], PASSES, is_over, context);
	}
	settle_all(s, is_over, context);
	search_keep(s);
}

/* Only what the bound opens may be open, where the number is limited. */
static void bar_others(struct search *s, const int *opened)
{
	const struct model *m = s->m;
	size_t cells = m->flows * m->years, count = 0;
	memset(s->is_barred, 0, m->sites * sizeof *s->is_barred);
	for (size_t j = 0; j < m->sites && opened && m->max_platforms >= 0; j++) {
		bool is_open = false;
		for (size_t c = 0; c < cells; c++)
			is_open |= opened[j * cells + c] != LEVEL_NONE;
		s->is_barred[j] = !is_open;
		count += is_open;
	}
	if (!count)
		memset(s->is_barred, 0, m->sites * sizeof *s->is_barred);
}

void search_retime(struct search *s, bool (*is_over)(void *context), void *context)
{
	if (isinf(s->best_cost))
		return;
	search_load(s, s->best);
	for (size_t k = 0; k < s->m->flows; k++)
		retime_flow(s, k, is_over, context);
	search_keep(s);
}

/* All flows together, then whole platforms. */
static void search_together(struct search *s, const int *opened, const double *share,
	bool (*is_over)(void *context), void *context)
{
	try_together(s, opened, share, is_over, context);
	if (s->best_cost == INFINITY)
		return;
	if (s->best_cost < s->regrouped_cost) {
		search_load(s, s->best);
		settle_all(s, is_over, context);
		search_keep(s);
	}
	regroup(s, is_over, context);
}

/* Flow by flow, then whole sites are moved. */
static void search_apart(
	struct search *s, const int *opened, bool (*is_over)(void *context), void *context)
{
	const struct model *m = s->m;
	bar_others(s, opened);
	for (size_t k = 0; k < m->flows && !is_over(context); k++) {
		struct descent *d = &s->flows[k];
		if (s->best_cost < INFINITY)
			pick_flow(m, s->best, k, s->level);
		else
			memcpy(s->level, d->level, m->sites * m->years * sizeof *s->level);
		load_flow(s, k, s->level);
		descent_run(d, PASSES, is_over, context);
		if (!opened)
			continue;
		mix_levels(s, k, is_over, context);
		pick_flow(m, opened, k, s->level);
		keep_fixed(s, k, s->level);
		try_levels(s, k, s->level, is_over, context);
		memcpy(s->level, d->level, m->sites * m->years * sizeof *s->level);
		shake(s, k, s->level);
		try_levels(s, k, s->level, is_over, context);
	}
	if (has_number(m))
		fit_number(s, is_over, context);
	search_keep(s);
	memset(s->is_barred, 0, m->sites * sizeof *s->is_barred);
	if (s->best_cost < INFINITY)
		search_load(s, s->best);
	move_sites(s, is_over, context);
	search_keep(s);
}

void search_round(struct search *s, const int *opened, const double *share,
	bool (*is_over)(void *context), void *context)
{
	bool is_together = share && !has_number(s->m) && s->rounds++ % 2 == 0;
	if (is_together)
		search_together(s, opened, share, is_over, context);
	if (!is_together || s->best_cost == INFINITY)
		search_apart(s, opened, is_over, context);
}
