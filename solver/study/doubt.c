#include "doubt.h"

#include "finance.h"

#include <math.h>
#include <stdlib.h>

/* By how much a group's bound falls short of what it pays. */
struct doubt {
	coalition members;
	double short_by;
};

static int by_shortfall(const void *a, const void *b)
{
	const struct doubt *x = a, *y = b;
	if (x->short_by != y->short_by)
		return x->short_by > y->short_by ? -1 : 1;
	return x->members < y->members ? -1 : 1;
}

/* How many, or SIZE_MAX where it is not worth looking. */
static size_t find_of_rule(const struct game *g, const struct shares *by, const bool *is_seen,
	double *sum, struct doubt *found, size_t most)
{
	size_t count = 0;
	if (!by->is_defined || by->stability != STABLE_PERHAPS)
		return SIZE_MAX;
	game_sums(g->players, by->share, sum);
	for (coalition s = 1; s < game_everyone(g); s++) {
		double short_by = sum[s] - g->bound[s];
		if (short_by <= game_grain(g))
			continue;
		if (is_seen[s] || count == most)
			return SIZE_MAX;
		found[count++] = (struct doubt){s, short_by};
	}
	return count;
}

size_t doubt_find(struct arena *a, const struct game *g, const struct sharing *s,
	const bool *is_seen, size_t most, coalition *list)
{
	double *sum = arena_array(a, double, (size_t)1 << g->players);
	struct doubt *found = arena_array(a, struct doubt, most), *best = NULL;
	size_t least = SIZE_MAX;
	for (enum rule r = 0; r < RULES; r++) {
		size_t count = find_of_rule(g, &s->by[r], is_seen, sum, found, most);
		if (count >= least)
			continue;
		least = count;
		best = found;
		found = arena_array(a, struct doubt, most);
	}
	if (!best)
		return 0;
	qsort(best, least, sizeof *best, by_shortfall);
	for (size_t n = 0; n < least; n++)
		list[n] = best[n].members;
	return least;
}

bool doubt_look(struct arena *a, const struct network *net, const size_t *players, size_t count,
	coalition members, const struct task *task, struct outcome *known, struct err *e)
{
	struct outcome found;
	struct arena *scratch = arena_new();
	bool *is_in = arena_calloc(scratch, net->regions, sizeof *is_in);
	for (size_t p = 0; p < count; p++)
		is_in[players[p]] = members >> p & 1;
	struct network part = coalition_network(scratch, net, is_in);
	struct task again = *task;
	again.begin = known;
	bool ok = outcome_find(a, &part, &again, &found, e);
	if (ok && found.cost <= known->cost) {
		known->cost = found.cost;
		known->level = found.level;
	}
	if (ok && found.bound >= known->bound)
		known->certificate = found.certificate; /* a third look begins from it */
	if (ok) {
		known->bound = fmin(fmax(known->bound, found.bound), known->cost);
		known->answer = viability_of(known->before, known->cost, known->bound);
		known->gap =
			known->cost != 0 ? (known->cost - known->bound) / fabs(known->cost) : 0;
		known->seconds += found.seconds;
	}
	arena_free(scratch);
	return ok;
}
