#include "regroup.h"

#include "retime.h"

#include <math.h>
#include <string.h>

enum {
	TRIALS = 4, /* sites priced exactly, before one comes in */
	NEAR = 4,   /* platforms that go together */
	TRIES = 12, /* in vain, in a round */
};
/* What a set costs before flows are searched on: above the best by more, it will not become the best. */
static const double HOPE = 3e-3;

struct regroup {
	struct search *s;
	size_t *platform, count; /* of the plan it begins from */
	bool *is_open;           /* [site] a platform */
	bool *is_barred;         /* [site] not to come back */
	bool *elsewhere; /* [site][year] all true: sites cost nothing while flows are laid out */
	int *none;       /* [year] */
	int *level;      /* [site][year] */
	int *start;      /* [site][flow][year] */
	double *saved;   /* [site] */
};

/* What a site costs in the years in which the paths of some flow would be open there. */
static double entry_cost(const struct regroup *r, size_t j, const bool *pays)
{
	const struct model *m = r->s->m;
	double cost = 0;
	for (size_t t = 0; t < m->years; t++) {
		bool is_open = false;
		for (size_t k = 0; k < m->flows; k++)
			is_open |= pays[k * m->sites + j] &&
				   r->s->flows[k].paths[j * m->years + t] != LEVEL_NONE;
		cost += is_open ? m->discount[t] * m->site_cost[j * m->years + t] : 0;
	}
	return cost;
}

/* saved[site]: at most so much, once it is paid for; pays[flow][site]: whose lines that is. */
static void weigh_sites(struct regroup *r, bool *pays)
{
	struct search *s = r->s;
	const struct model *m = s->m;
	memset(r->saved, 0, m->sites * sizeof *r->saved);
	memset(pays, 0, m->flows * m->sites * sizeof *pays);
	for (size_t k = 0; k < m->flows; k++) {
		struct descent *d = &s->flows[k];
		size_t count = descent_price(d);
		for (size_t n = 0; n < count; n++) {
			size_t j = d->order[n];
			pays[k * m->sites + j] = !r->is_barred[j];
			r->saved[j] -= r->is_barred[j] ? 0 : d->totals[j];
		}
	}
	for (size_t j = 0; j < m->sites; j++)
		if (r->saved[j] > 0 && !r->is_open[j])
			r->saved[j] -= entry_cost(r, j, pays);
}

/* Opens at site j what pays there; opened[flow]. Returns what that saves. */
static double enter(struct regroup *r, size_t j, const bool *pays, bool *opened)
{
	struct search *s = r->s;
	const struct model *m = s->m;
	double saved = 0, site = 0;
	for (size_t k = 0; k < m->flows; k++) {
		struct descent *d = &s->flows[k];
		double before = d->cost;
		opened[k] = pays[k * m->sites + j];
		if (!opened[k])
			continue;
		descent_put(d, j, d->paths + j * m->years);
		(void)retime_line(d, j);
		opened[k] = descent_uses(d, j);
		saved += before - d->cost;
	}
	for (size_t t = 0; t < m->years && !r->is_open[j]; t++) {
		bool is_open = false;
		for (size_t k = 0; k < m->flows; k++)
			is_open |= opened[k] && s->flows[k].level[j * m->years + t] != LEVEL_NONE;
		site += is_open ? m->discount[t] * m->site_cost[j * m->years + t] : 0;
	}
	return saved - site;
}

/* The site, or the lines at a platform, that save most among the likeliest few, or the one after it in that
 * order, .. ; false when nothing saves. */
static bool enter_best(struct regroup *r, size_t rank)
{
	struct search *s = r->s;
	const struct model *m = s->m;
	struct arena *scratch = arena_new();
	bool *pays = arena_array(scratch, bool, m->flows * m->sites);
	bool *opened = arena_array(scratch, bool, m->flows);
	size_t best[TRIALS], count = 0;
	double most[TRIALS];
	weigh_sites(r, pays);
	for (int n = 0; n < TRIALS; n++) {
		size_t j = 0;
		for (size_t other = 0; other < m->sites; other++)
			if (r->saved[other] > r->saved[j])
				j = other;
		if (r->saved[j] <= s->flows[0].tolerance ||
			(count > rank && r->saved[j] <= most[rank]))
			break; /* neither this one nor any after it */
		r->saved[j] = 0;
		double saved = enter(r, j, pays, opened);
		for (size_t k = 0; k < m->flows; k++)
			if (opened[k])
				descent_put(&s->flows[k], j, r->none);
		if (saved <= s->flows[0].tolerance)
			continue;
		size_t to = count++;
		for (; to && most[to - 1] < saved; to--) {
			most[to] = most[to - 1];
			best[to] = best[to - 1];
		}
		most[to] = saved;
		best[to] = j;
	}
	if (count > rank) {
		enter(r, best[rank], pays, opened);
		r->is_open[best[rank]] = true;
	}
	arena_free(scratch);
	return count > rank;
}

/* All flows as in `level`, their sites paid already. */
static void lay_out(struct regroup *r, const int *level)
{
	const struct model *m = r->s->m;
	for (size_t k = 0; k < m->flows; k++) {
		for (size_t j = 0; j < m->sites; j++)
			memcpy(r->level + j * m->years, level + (j * m->flows + k) * m->years,
				m->years * sizeof *r->level);
		descent_load(&r->s->flows[k], r->level, r->elsewhere);
	}
}

static void take_away(struct regroup *r, size_t j)
{
	const struct model *m = r->s->m;
	for (size_t k = 0; k < m->flows; k++)
		if (!model_line(m, j, k)->is_fixed && descent_uses(&r->s->flows[k], j))
			descent_put(&r->s->flows[k], j, r->none);
	r->is_open[j] = false;
}

/* Whether flow k has other lines than it began with. */
static bool is_changed(const struct regroup *r, size_t k)
{
	const struct model *m = r->s->m;
	for (size_t j = 0; j < m->sites; j++)
		if (memcmp(r->s->flows[k].level + j * m->years,
			    r->start + (j * m->flows + k) * m->years, m->years * sizeof(int)))
			return true;
	return false;
}

/* Without platforms a and b, which may be the same; that one then does not come back. The first to come in is not the
 * best but the one after it, .. */
static bool try_without(struct regroup *r, size_t a, size_t b, size_t rank,
	bool (*is_over)(void *context), void *context)
{
	struct search *s = r->s;
	const struct model *m = s->m;
	double before = s->best_cost;
	lay_out(r, r->start);
	for (size_t j = 0; j < m->sites; j++)
		r->is_open[j] = search_is_platform(s, j);
	memset(r->is_barred, 0, m->sites * sizeof *r->is_barred);
	take_away(r, a);
	take_away(r, b);
	r->is_barred[a] = a == b;
	if (rank && !enter_best(r, rank))
		return false;
	while (!is_over(context) && enter_best(r, 0))
		;
	if (search_cost(s) > before * (1 + HOPE))
		return false;
	for (size_t k = 0; k < m->flows && !is_over(context); k++)
		if (is_changed(r, k))
			search_settle(s, k, is_over, context);
	search_keep(s);
	return s->best_cost < before - s->flows[0].tolerance;
}

/* How unlike the ways to two sites are. */
static double apart(const struct model *m, size_t a, size_t b)
{
	const double *haul = m->haul[0];
	double sum = 0;
	for (size_t i = 0; i < m->points; i++) {
		double d = fabs(haul[a * m->points + i] - haul[b * m->points + i]);
		sum += isfinite(d) ? d : 0;
	}
	return sum;
}

/* The platforms of the best plan. */
static void begin(struct regroup *r)
{
	struct search *s = r->s;
	memcpy(r->start, s->best, s->m->sites * s->m->flows * s->m->years * sizeof *r->start);
	search_load(s, s->best);
	r->count = 0;
	for (size_t j = 0; j < s->m->sites; j++)
		if (search_is_platform(s, j))
			r->platform[r->count++] = j;
}

/* The platform that is nearest to one of them, or the one after it, ..; the nearest of all is that platform itself. */
static size_t neighbour(const struct regroup *r, size_t one, size_t rank)
{
	const struct model *m = r->s->m;
	size_t near[NEAR];
	double far[NEAR];
	size_t found = 0;
	for (size_t n = 0; n < r->count; n++) {
		double d = apart(m, r->platform[one], r->platform[n]);
		if (found == NEAR && far[NEAR - 1] <= d)
			continue;
		size_t to = found < NEAR ? found++ : NEAR - 1;
		for (; to && far[to - 1] > d; to--) {
			far[to] = far[to - 1];
			near[to] = near[to - 1];
		}
		far[to] = d;
		near[to] = r->platform[n];
	}
	return near[rank];
}

/* The nth way to begin: platforms by themselves, then with those next to them, then all that once more with others to
 * come in first. False when there are no more. */
static bool try_nth(
	struct regroup *r, size_t n, bool *is_better, bool (*is_over)(void *context), void *context)
{
	size_t near = r->count < NEAR ? r->count : NEAR;
	if (n >= r->count * near * TRIALS)
		return false;
	size_t one = n % r->count, next = n / r->count % near, rank = n / r->count / near;
	*is_better =
		try_without(r, r->platform[one], neighbour(r, one, next), rank, is_over, context);
	return true;
}

void regroup(struct search *s, bool (*is_over)(void *context), void *context)
{
	const struct model *m = s->m;
	struct arena *a = arena_new();
	size_t cells = m->sites * m->years;
	struct regroup r = {.s = s,
		.platform = arena_array(a, size_t, m->sites),
		.is_open = arena_array(a, bool, m->sites),
		.is_barred = arena_array(a, bool, m->sites),
		.elsewhere = arena_array(a, bool, cells),
		.none = arena_array(a, int, m->years),
		.level = arena_array(a, int, cells),
		.start = arena_array(a, int, cells * m->flows),
		.saved = arena_array(a, double, m->sites)};
	memset(r.elsewhere, true, cells * sizeof *r.elsewhere);
	for (size_t t = 0; t < m->years; t++)
		r.none[t] = LEVEL_NONE;
	if (s->best_cost < s->regrouped_cost)
		s->regroupings = 0;
	begin(&r);
	for (int vain = 0; vain < TRIES && !is_over(context); vain++) {
		bool is_better;
		if (!try_nth(&r, s->regroupings++, &is_better, is_over, context))
			break;
		if (!is_better)
			continue;
		vain = 0;
		s->regroupings = 0;
		begin(&r);
	}
	s->regrouped_cost = s->best_cost;
	arena_free(a);
}
