#include "crossing.h"

#include <stdlib.h>
#include <string.h>

enum { FOUND_MAX = 400, STEPS = 12 };

static const double NEAR =
	0.6; /* a set that breaks its inequality by minus this may yet be made to */

bool crossing_has(const struct crossing *c, const struct vrp *v, size_t place)
{
	size_t i = place - v->depots;
	return place >= v->depots && (c->set.word[i / 64] >> (i % 64) & 1);
}

int crossing_count(const struct crossing *c, const struct vrp *v, const struct column *r)
{
	int count = 0;
	bool was_in = false;
	for (uint32_t n = 0; n <= r->length; n++) {
		bool is_in = n < r->length && crossing_has(c, v, r->visit[n]);
		count += is_in != was_in;
		was_in = is_in;
	}
	return count;
}

/* A set that grows and shrinks, and what crosses its border. */
struct trial {
	const struct vrp *v;
	const double *flow;
	double *shared; /* [place] flow between it and the set */
	double *whole;  /* [place] all its flow */
	struct crossing set;
	double load, border;
};

struct broken {
	struct crossing crossing;
	double by;
};

struct found {
	struct broken *list;
	size_t count;
};

static double least_of(const struct vrp *v, double load)
{
	return 2 * ceil(load / v->vehicles[0].capacity[0] - 1e-9);
}

/* By how much the set would break its inequality with this place in, or out when it is in; negative: it would not. */
static double if_flipped(const struct trial *t, size_t place)
{
	bool is_in = crossing_has(&t->set, t->v, place);
	double load = t->v->load[place * t->v->dims], more = t->whole[place] - 2 * t->shared[place];
	return is_in ? least_of(t->v, t->load - load) - (t->border - more)
		     : least_of(t->v, t->load + load) - (t->border + more);
}

static void flip(struct trial *t, size_t place)
{
	const struct vrp *v = t->v;
	size_t i = place - v->depots;
	double sign = crossing_has(&t->set, v, place) ? -1 : 1;
	t->border += sign * (t->whole[place] - 2 * t->shared[place]);
	t->load += sign * v->load[place * v->dims];
	t->set.set.word[i / 64] ^= (uint64_t)1 << (i % 64);
	for (size_t p = 0; p < v->places; p++)
		t->shared[p] += sign * t->flow[place * v->places + p];
}

static void note(const struct trial *t, double by, struct found *f)
{
	double broken = least_of(t->v, t->load) - t->border;
	if (broken <= by || f->count == FOUND_MAX)
		return;
	for (size_t n = 0; n < f->count; n++)
		if (!memcmp(&f->list[n].crossing.set, &t->set.set, sizeof t->set.set))
			return;
	f->list[f->count].crossing = t->set;
	f->list[f->count].crossing.least = least_of(t->v, t->load);
	f->list[f->count++].by = broken;
}

/* The place outside, of those that share with the set, that `is_by_slack` or the flow they share calls next; 0: none. */
static size_t next_of(const struct trial *t, bool is_by_slack)
{
	size_t next = 0;
	double best = is_by_slack ? -INFINITY : 1e-6;
	for (size_t p = t->v->depots; p < t->v->places; p++) {
		if (crossing_has(&t->set, t->v, p) || t->shared[p] <= 1e-6)
			continue;
		double value = is_by_slack ? if_flipped(t, p) : t->shared[p];
		if (value > best) {
			best = value;
			next = p;
		}
	}
	return next;
}

/* A place in or out at a time, while that breaks the inequality more; the set comes back as it was. */
static void climb(struct trial *t, double by, struct found *f)
{
	size_t turned[STEPS], steps = 0;
	while (steps < STEPS) {
		double best = least_of(t->v, t->load) - t->border + 1e-6;
		size_t next = 0;
		for (size_t p = t->v->depots; p < t->v->places; p++) {
			double value = if_flipped(t, p);
			if (value > best) {
				best = value;
				next = p;
			}
		}
		if (!next)
			break;
		flip(t, next);
		turned[steps++] = next;
	}
	note(t, by, f);
	while (steps)
		flip(t, turned[--steps]);
}

static int by_most(const void *a, const void *b)
{
	const struct broken *x = a, *y = b;
	return (x->by < y->by) - (x->by > y->by);
}

size_t crossing_find(struct arena *a, const struct vrp *v, const double *flow, double by,
	struct crossing *out, size_t most)
{
	struct found f = {.list = arena_array(a, struct broken, FOUND_MAX)};
	struct trial t = {.v = v, .flow = flow};
	t.shared = arena_array(a, double, v->places);
	t.whole = arena_array(a, double, v->places);
	for (size_t i = 0; i < v->places; i++)
		for (size_t j = 0; j < v->places; j++)
			t.whole[i] += flow[i * v->places + j];
	for (size_t seed = v->depots; seed < v->places; seed++)
		for (int way = 0; way < 2; way++) {
			memset(t.shared, 0, v->places * sizeof *t.shared);
			t.set = (struct crossing){0};
			t.load = t.border = 0;
			for (size_t next = seed; next; next = next_of(&t, way)) {
				flip(&t, next);
				note(&t, by, &f);
				if (least_of(v, t.load) - t.border > -NEAR)
					climb(&t, by, &f);
			}
		}
	qsort(f.list, f.count, sizeof *f.list, by_most);
	size_t count = f.count < most ? f.count : most;
	for (size_t n = 0; n < count; n++)
		out[n] = f.list[n].crossing;
	return count;
}
