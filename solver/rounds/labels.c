#include "labels.h"

#include <stdlib.h>
#include <string.h>

struct label {
	double cost, hour;
	double load[2];
	struct stops seen;
	uint32_t stop;   /* place */
	uint32_t before; /* label; UINT32_MAX at the depot */
	uint32_t next;   /* label of the same stop */
	uint16_t length;
	bool is_beaten, is_done;
};

enum { NONE = -1 };

struct pricing {
	struct arena *a;
	const struct labels_ask *ask;
	const struct vrp *v;
	const struct vehicle *vehicle;
	size_t dims, words;
	struct label *label;
	size_t count;
	uint32_t *first; /* [place] label */
	struct column *out;
	size_t found;
	double least;
	bool is_full;
};

static bool has(const struct stops *s, size_t i)
{
	return s->word[i / 64] >> (i % 64) & 1;
}

static bool is_within(const struct stops *a, const struct stops *b, size_t words)
{
	for (size_t w = 0; w < words; w++)
		if (a->word[w] & ~b->word[w])
			return false;
	return true;
}

static bool beats(const struct pricing *x, const struct label *a, const struct label *b)
{
	for (size_t d = 0; d < x->dims; d++)
		if (a->load[d] > b->load[d])
			return false;
	return a->cost <= b->cost && a->hour <= b->hour &&
	       (x->ask->is_quick || is_within(&a->seen, &b->seen, x->words));
}

/* Enters the list of its stop, unless it is beaten there. Whole enumeration keeps one label per set of stops
 * and end: two ways through the same stops differ in cost only. */
static void enter(struct pricing *x, const struct label *new)
{
	uint32_t *link = &x->first[new->stop];
	while (*link != UINT32_MAX) {
		struct label *old = &x->label[*link];
		bool same = !x->ask->is_whole || !memcmp(&old->seen, &new->seen, sizeof old->seen);
		if (same && beats(x, old, new))
			return;
		if (same && beats(x, new, old)) {
			old->is_beaten = true;
			*link = old->next;
			continue;
		}
		link = &old->next;
	}
	if (x->count == x->ask->room) {
		x->is_full = true;
		return;
	}
	x->label[x->count] = *new;
	x->label[x->count].next = x->first[new->stop];
	x->first[new->stop] = (uint32_t)x->count++;
}

static void extend(struct pricing *x, uint32_t from_label, uint32_t to)
{
	const struct vrp *v = x->v;
	const struct label *from = from_label == UINT32_MAX ? NULL : &x->label[from_label];
	uint32_t at = from ? from->stop : x->vehicle->depot;
	size_t i = to - v->depots;
	if (from && (from->stop == to || has(&from->seen, i)))
		return;
	struct label new = {.stop = to, .before = from_label, .length = (uint16_t)(from ? from->length + 1 : 1)};
	for (size_t d = 0; d < x->dims; d++) {
		new.load[d] = (from ? from->load[d] : 0) + v->load[to * v->dims + d];
		if (new.load[d] > x->vehicle->capacity[d])
			return;
	}
	if (v->has_time) {
		double now = from ? from->hour : fmax(x->vehicle->open, v->open[at]);
		double start = fmax(now + vrp_hours(v, at, to), v->open[to]);
		if (start > v->close[to])
			return;
		new.hour = start + v->service[to];
		double end = fmin(x->vehicle->close, v->close[x->vehicle->depot]);
		if (new.hour + vrp_hours(v, to, x->vehicle->depot) > end)
			return;
	}
	new.cost = (from ? from->cost : 0) + x->ask->arc[at * v->places + to];
	if (x->ask->is_whole && new.cost + x->ask->rest[i] >= x->ask->below)
		return;
	if (from)
		for (size_t w = 0; w < x->words; w++)
			new.seen.word[w] = from->seen.word[w] & x->ask->memory[i].word[w];
	new.seen.word[i / 64] |= (uint64_t)1 << (i % 64);
	enter(x, &new);
}

static bool is_elementary(const struct column *c, const struct vrp *v)
{
	struct stops seen = {{0}};
	for (uint32_t n = 0; n < c->length; n++) {
		size_t i = c->visit[n] - v->depots;
		if (has(&seen, i))
			return false;
		seen.word[i / 64] |= (uint64_t)1 << (i % 64);
	}
	return true;
}

static void make_column(struct pricing *x, uint32_t l, double reduced, struct column *out)
{
	const struct vrp *v = x->v;
	*out = (struct column){.reduced = reduced, .type = x->ask->type, .length = x->label[l].length};
	out->visit = arena_array(x->a, uint32_t, out->length);
	for (uint32_t n = out->length; n--; l = x->label[l].before)
		out->visit[n] = x->label[l].stop;
	uint32_t at = x->vehicle->depot;
	out->cost = x->vehicle->fixed;
	for (uint32_t n = 0; n < out->length; n++) {
		out->cost += x->vehicle->per_km * vrp_km(v, at, out->visit[n]);
		at = out->visit[n];
	}
	out->cost += x->vehicle->per_km * vrp_km(v, at, x->vehicle->depot);
}

struct end {
	double reduced;
	uint32_t label;
};

static int by_reduced(const void *a, const void *b)
{
	const struct end *x = a, *y = b;
	return x->reduced != y->reduced ? (x->reduced > y->reduced) - (x->reduced < y->reduced) :
					  (x->label > y->label) - (x->label < y->label);
}

static void collect(struct pricing *x)
{
	const struct vrp *v = x->v;
	struct end *end = arena_array(x->a, struct end, x->count + 1);
	size_t count = 0;
	for (uint32_t l = 0; l < x->count; l++) {
		if (x->label[l].is_beaten && x->ask->is_whole)
			continue;
		double reduced = x->label[l].cost + x->ask->arc[x->label[l].stop * v->places + x->vehicle->depot];
		x->least = fmin(x->least, reduced);
		if (reduced < x->ask->below)
			end[count++] = (struct end){reduced, l};
	}
	qsort(end, count, sizeof *end, by_reduced);
	if (x->ask->is_whole && count > x->ask->most)
		x->is_full = true;
	for (size_t n = 0; n < count && x->found < x->ask->most; n++)
		make_column(x, end[n].label, end[n].reduced, &x->out[x->found++]);
	if (x->ask->is_whole)
		for (size_t n = 0; n < x->found; n++)
			if (!is_elementary(&x->out[n], v))
				abort();
}

double labels_price(struct arena *a, const struct labels_ask *ask, struct column *out, size_t *count)
{
	const struct vrp *v = ask->v;
	struct pricing x = {
		.a = a,
		.ask = ask,
		.v = v,
		.vehicle = &v->vehicles[ask->type],
		.dims = v->dims < 2 ? v->dims : 2,
		.words = (v->places - v->depots + 63) / 64,
		.label = arena_array(a, struct label, ask->room),
		.first = arena_array(a, uint32_t, v->places),
		.out = out,
		.least = INFINITY,
	};
	memset(x.first, 0xff, v->places * sizeof *x.first);
	for (uint32_t to = (uint32_t)v->depots; to < v->places; to++)
		if (!(v->needs[to] & ~x.vehicle->skills))
			extend(&x, UINT32_MAX, to);
	for (uint32_t l = 0; l < x.count && !x.is_full; l++) {
		if (x.label[l].is_beaten)
			continue;
		for (uint32_t to = (uint32_t)v->depots; to < v->places; to++)
			if (!(v->needs[to] & ~x.vehicle->skills))
				extend(&x, l, to);
	}
	collect(&x);
	*count = x.found;
	return x.is_full || ask->is_quick ? -INFINITY : x.least;
}
