#include "ruin.h"

#include "chance.h"

static const double SPLIT = 0.5;   /* of strings keep some stops in their middle */
static const double LONGER = 0.01; /* chance of keeping one more, each time */

/* `taken` stops around stop c, of the string of its round; those between keep..keep + kept stay. */
static void take_string(struct rounds *s, uint32_t c, uint32_t taken, uint64_t *random)
{
	uint32_t r = s->where[c].round, rank = s->where[c].rank, length = s->round[r].length,
		 kept = 0;
	if (taken > 1 && taken < length && chance_real(random) < SPLIT) {
		kept = 1;
		while (taken + kept < length && chance_real(random) < LONGER)
			kept++;
	}
	uint32_t whole = taken + kept;
	uint32_t least = rank + 1 > whole ? rank + 1 - whole : 0;
	uint32_t most = rank + whole <= length ? rank : length - whole;
	uint32_t from = least + (uint32_t)chance_below(random, most - least + 1);
	if (!kept) {
		rounds_remove(s, r, from, taken);
		return;
	}
	uint32_t before = 1 + (uint32_t)chance_below(random, taken - 1);
	rounds_remove(s, r, from + before + kept, taken - before);
	rounds_remove(s, r, from, before);
}

void ruin(struct rounds *s, const struct ruin *r, uint64_t *random)
{
	const struct vrp *v = s->v;
	if (!r->seed_count)
		return;
	size_t rounds = s->count - s->empties;
	size_t visits = r->seed_count - s->absents;
	double mean_length = rounds ? (double)visits / (double)rounds : 0;
	double longest = r->longest < mean_length ? r->longest : mean_length;
	double most = 4 * r->mean / (1 + longest) - 1;
	size_t strings = (size_t)(1 + most * chance_real(random));
	uint32_t seed = r->seeds[chance_below(random, r->seed_count)];
	const uint32_t *near = r->near + (seed - v->depots) * r->near_count;
	size_t done = 0;
	for (size_t n = 0; n <= r->near_count && done < strings; n++) {
		uint32_t c = n ? near[n - 1] : seed, where = s->where[c].round;
		if (where >= ROUNDS_OTHERS || s->round[where].is_kept)
			continue;
		double length = s->round[where].length;
		double limit = longest < length ? longest : length;
		uint32_t taken = (uint32_t)(1 + limit * chance_real(random));
		take_string(s, c, taken < length ? taken : (uint32_t)length, random);
		done++;
	}
}
