#include "subset.h"

#include <stdlib.h>
#include <string.h>

static bool has(const struct stops *s, size_t i)
{
	return s->word[i / 64] >> (i % 64) & 1;
}

static void put(struct stops *s, size_t i)
{
	s->word[i / 64] |= (uint64_t)1 << (i % 64);
}

int subset_count(const struct subset *s, const struct vrp *v, const struct column *r)
{
	int count = 0, visits = 0;
	bool is_odd = false;
	for (size_t w = 0; r->is_simple && w < LABELS_WORDS; w++)
		visits += __builtin_popcountll(r->set.word[w] & s->members.word[w]);
	if (r->is_simple && visits < 2)
		return 0;
	for (uint32_t p = 0; p < r->length; p++) {
		size_t i = r->visit[p] - v->depots;
		if (!has(&s->memory, i))
			is_odd = false;
		else if (has(&s->members, i)) {
			count += is_odd;
			is_odd = !is_odd;
		}
	}
	return count;
}

static size_t visits_of(const struct stops *members, const struct vrp *v, const struct column *r)
{
	size_t visits = 0;
	for (uint32_t p = 0; p < r->length; p++)
		visits += has(members, r->visit[p] - v->depots);
	return visits;
}

/* Between an odd visit and the next, everything is remembered. */
static void remember(struct subset *s, const struct vrp *v, const struct column *r)
{
	size_t visits = visits_of(&s->members, v, r), seen = 0;
	for (uint32_t p = 0; p < r->length && visits > 1; p++) {
		size_t i = r->visit[p] - v->depots;
		seen += has(&s->members, i);
		if (seen % 2 && seen < visits)
			put(&s->memory, i);
	}
}

struct broken {
	double by;
	uint16_t stop[3];
};

static int by_worst(const void *a, const void *b)
{
	const struct broken *x = a, *y = b;
	return (x->by < y->by) - (x->by > y->by);
}

static double sum_of(
	const struct stops *members, const struct vrp *v, const struct used *list, size_t count)
{
	double sum = 0;
	for (size_t n = 0; n < count; n++)
		sum += list[n].share * (double)(visits_of(members, v, list[n].column) / 2);
	return sum;
}

/* How much of the programme visits two stops in one round. */
static double *find_pairs(
	struct arena *a, const struct vrp *v, const struct used *list, size_t count)
{
	size_t stops = v->places - v->depots;
	double *pair = arena_array(a, double, stops *stops);
	for (size_t n = 0; n < count; n++) {
		const struct column *r = list[n].column;
		for (uint32_t p = 0; p < r->length; p++)
			for (uint32_t q = 0; q < p; q++) {
				size_t i = r->visit[p] - v->depots, j = r->visit[q] - v->depots;
				pair[i * stops + j] += list[n].share;
				if (i != j)
					pair[j * stops + i] += list[n].share;
			}
	}
	return pair;
}

static struct subset make(const struct vrp *v, const struct broken *b, const struct used *list,
	size_t count, bool is_whole)
{
	struct subset s = {0};
	for (size_t k = 0; k < 3; k++)
		put(&s.members, b->stop[k]);
	s.memory = s.members;
	if (is_whole)
		memset(&s.memory, 0xff, sizeof s.memory);
	for (size_t n = 0; n < count && !is_whole; n++)
		remember(&s, v, list[n].column);
	return s;
}

size_t subset_find(struct arena *a, const struct vrp *v, const struct used *list, size_t count,
	double by, bool is_whole, struct subset *out, size_t most)
{
	enum { ROOM = 4096 };
	size_t stops = v->places - v->depots, found = 0;
	double *pair = find_pairs(a, v, list, count);
	struct broken *all = arena_array(a, struct broken, ROOM);
	for (size_t i = 0; i < stops; i++)
		for (size_t j = i + 1; j < stops; j++)
			for (size_t k = j + 1; k < stops; k++) {
				/* No more than this, because each round has a pair of the three. */
				double upper = pair[i * stops + j] + pair[i * stops + k] +
					       pair[j * stops + k];
				if (upper <= 1 + by || found == ROOM)
					continue;
				struct stops members = {0};
				put(&members, i);
				put(&members, j);
				put(&members, k);
				double broken = sum_of(&members, v, list, count) - 1;
				if (broken > by)
					all[found++] = (struct broken){
						broken, {(uint16_t)i, (uint16_t)j, (uint16_t)k}};
			}
	qsort(all, found, sizeof *all, by_worst);
	size_t kept = found < most ? found : most;
	for (size_t n = 0; n < kept; n++)
		out[n] = make(v, &all[n], list, count, is_whole);
	return kept;
}
