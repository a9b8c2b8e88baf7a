#include "labels.h"

#include "clock.h"

#include <stdlib.h>
#include <string.h>

enum { BUCKETS = LABELS_BUCKETS, LOOK_EVERY = 1024, ODDS = LABELS_SUBSETS / 64 };

#define NONE UINT32_MAX

struct label {
	double cost, hour;
	double load[LABELS_DIMS];
	struct stops seen;
	uint64_t odd[ODDS]; /* subsets visited an odd number of times, as far as remembered */
	uint32_t stop;      /* place */
	uint32_t before;    /* label; NONE at the depot */
	uint32_t next;      /* label of the same stop and bucket, dearer */
	uint32_t later;     /* label of the same bucket, of any stop: what is to be extended */
	uint32_t length;
	bool is_beaten;
};

struct pricing {
	struct arena *a;
	const struct labels_ask *ask;
	const struct vrp *v;
	const struct vehicle *vehicle;
	size_t dims, words, odds;
	uint64_t (*member)[ODDS], (*kept)[ODDS]; /* [stop] of which subsets, of which memories */
	double half; /* of the first load; labels above are not extended */
	struct label *label;
	size_t count, capacity;                /* labels */
	uint32_t *first;                       /* [place][bucket] label, the cheapest first */
	uint32_t begin[BUCKETS], end[BUCKETS]; /* labels by bucket, as they came */
	struct column *out;
	size_t found;
	double least;
	size_t extended;
	bool is_full; /* of labels, or out of time */
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

static bool is_apart(const struct stops *a, const struct stops *b, size_t words)
{
	for (size_t w = 0; w < words; w++)
		if (a->word[w] & b->word[w])
			return false;
	return true;
}

/* What these subsets cost once. */
static double penalties(const struct pricing *x, const uint64_t *of)
{
	double sum = 0;
	for (size_t w = 0; w < x->odds; w++)
		for (uint64_t rest = of[w]; rest; rest &= rest - 1)
			sum += x->ask->subset[64 * w + (size_t)__builtin_ctzll(rest)].penalty;
	return sum;
}

/* b could be spared these, a not. */
static double more_to_pay(const struct pricing *x, const struct label *a, const struct label *b)
{
	uint64_t more[ODDS] = {0};
	for (size_t w = 0; w < x->odds; w++)
		more[w] = a->odd[w] & ~b->odd[w];
	return penalties(x, more);
}

static bool beats(const struct pricing *x, const struct label *a, const struct label *b)
{
	for (size_t d = 0; d < x->dims; d++)
		if (a->load[d] > b->load[d])
			return false;
	if (a->cost > b->cost || a->hour > b->hour)
		return false;
	if (x->ask->is_quick)
		return true;
	return is_within(&a->seen, &b->seen, x->words) &&
	       (!x->odds || a->cost + more_to_pay(x, a, b) <= b->cost);
}

size_t labels_bucket(const struct vrp *v, uint32_t type, double load)
{
	double capacity = v->vehicles[type].capacity[0];
	size_t b = capacity > 0 ? (size_t)(load / capacity * BUCKETS) : 0;
	return b < BUCKETS ? b : BUCKETS - 1;
}

static size_t bucket_of(const struct pricing *x, const struct label *l)
{
	return labels_bucket(x->v, x->ask->type, l->load[0]);
}

static void make_room(struct pricing *x)
{
	if (x->count < x->capacity)
		return;
	x->capacity = x->capacity ? 2 * x->capacity : 1024;
	struct label *more = arena_array(x->a, struct label, x->capacity);
	if (x->count)
		memcpy(more, x->label, x->count * sizeof *more);
	x->label = more;
}

/* Enters the list of its stop and bucket, unless some label beats it; those that it beats leave. */
static void enter(struct pricing *x, const struct label *new)
{
	size_t bucket = bucket_of(x, new);
	uint32_t *lists = x->first + new->stop *BUCKETS;
	for (size_t b = 0; b <= bucket; b++)
		for (uint32_t l = lists[b]; l != NONE && x->label[l].cost <= new->cost;
			l = x->label[l].next)
			if (beats(x, &x->label[l], new))
				return;
	if (x->count == x->ask->room) {
		x->is_full = true;
		return;
	}
	make_room(x);
	uint32_t *link = &lists[bucket];
	while (*link != NONE && x->label[*link].cost < new->cost)
		link = &x->label[*link].next;
	uint32_t id = (uint32_t)x->count++;
	struct label *l = &x->label[id];
	*l = *new;
	l->next = *link;
	l->later = NONE;
	*link = id;
	for (size_t b = bucket; b < BUCKETS; b++)
		for (link = b == bucket ? &l->next : &lists[b]; *link != NONE;) {
			struct label *old = &x->label[*link];
			if (beats(x, l, old)) {
				old->is_beaten = true;
				*link = old->next;
			} else {
				link = &old->next;
			}
		}
	if (x->begin[bucket] == NONE)
		x->begin[bucket] = id;
	else
		x->label[x->end[bucket]].later = id;
	x->end[bucket] = id;
}

static bool is_out_of_time(const struct labels_ask *ask)
{
	return clock_seconds() >= ask->deadline || (ask->stop && *ask->stop);
}

/* Subsets that the stop completes are paid, those that do not remember it forget. */
static void count_subsets(
	const struct pricing *x, const struct label *from, size_t i, struct label *new)
{
	uint64_t due[ODDS] = {0};
	for (size_t w = 0; w < x->odds; w++) {
		uint64_t odd = from ? from->odd[w] & x->kept[i][w] : 0;
		due[w] = odd & x->member[i][w];
		new->odd[w] = odd ^ x->member[i][w];
	}
	if (x->odds)
		new->cost += penalties(x, due);
}

static void extend(struct pricing *x, uint32_t from_label, uint32_t to)
{
	const struct vrp *v = x->v;
	const struct label *from = from_label == NONE ? NULL : &x->label[from_label];
	uint32_t at = from ? from->stop : x->vehicle->depot;
	size_t i = to - v->depots;
	if (from && has(&from->seen, i))
		return;
	struct label new = {
		.stop = to, .before = from_label, .length = from ? from->length + 1 : 1};
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
	count_subsets(x, from, i, &new);
	if (from)
		for (size_t w = 0; w < x->words; w++)
			new.seen.word[w] = from->seen.word[w] & x->ask->memory[i].word[w];
	new.seen.word[i / 64] |= (uint64_t)1 << (i % 64);
	enter(x, &new);
}

static void extend_all(struct pricing *x, uint32_t from)
{
	if (!(++x->extended % LOOK_EVERY) && is_out_of_time(x->ask)) {
		x->is_full = true;
		return;
	}
	for (uint32_t to = (uint32_t)x->v->depots; to < x->v->places; to++)
		if (!(x->v->needs[to] & ~x->vehicle->skills))
			extend(x, from, to);
}

/* Two labels, or one and none, that make a round. */
struct pair {
	double reduced;
	uint32_t out, back;
};

struct pairs {
	struct pair *pair; /* a heap, the dearest on top, once it is full */
	size_t count, room;
};

static void sink(struct pairs *p, size_t n)
{
	for (;;) {
		size_t top = n, left = 2 * n + 1, right = left + 1;
		if (left < p->count && p->pair[left].reduced > p->pair[top].reduced)
			top = left;
		if (right < p->count && p->pair[right].reduced > p->pair[top].reduced)
			top = right;
		if (top == n)
			return;
		struct pair t = p->pair[n];
		p->pair[n] = p->pair[top];
		p->pair[top] = t;
		n = top;
	}
}

static void offer(struct pairs *p, double reduced, uint32_t out, uint32_t back)
{
	struct pair new = {reduced, out, back};
	if (p->count < p->room) {
		p->pair[p->count++] = new;
		if (p->count == p->room)
			for (size_t n = p->count; n--;)
				sink(p, n);
	} else if (p->room && reduced < p->pair[0].reduced) {
		p->pair[0] = new;
		sink(p, 0);
	}
}

/* Rounds that come back from where a label ends. */
static void close_all(struct pricing *x, struct pairs *found)
{
	for (uint32_t l = 0; l < x->count; l++) {
		const struct label *y = &x->label[l];
		if (y->is_beaten)
			continue;
		double reduced = y->cost + x->ask->arc[y->stop * x->v->places + x->vehicle->depot];
		x->least = fmin(x->least, reduced);
		if (reduced < x->ask->below)
			offer(&found[y->stop - x->v->depots], reduced, l, NONE);
	}
}

/* Of subsets that both have visited once. */
static double pay_together(const struct pricing *x, const struct label *y, const struct label *z)
{
	uint64_t both[ODDS] = {0};
	for (size_t w = 0; w < x->odds; w++)
		both[w] = y->odd[w] & z->odd[w];
	return penalties(x, both);
}

/* Rounds of a label above half the capacity and one below, the way between their ends taken once. */
static void join_all(struct pricing *x, struct pairs *found)
{
	const struct vrp *v = x->v;
	double capacity = x->vehicle->capacity[0];
	for (uint32_t l = 0; l < x->count; l++) {
		const struct label *y = &x->label[l];
		if (y->is_beaten || y->load[0] <= x->half)
			continue;
		if (!(l % LOOK_EVERY) && is_out_of_time(x->ask)) {
			x->is_full = true;
			return;
		}
		double room = capacity - y->load[0];
		size_t last = (size_t)(room / capacity * BUCKETS);
		for (uint32_t to = (uint32_t)v->depots; to < v->places; to++) {
			if (has(&y->seen, to - v->depots))
				continue;
			double base = y->cost + x->ask->arc[y->stop * v->places + to];
			for (size_t b = 0; b <= last && b < BUCKETS; b++)
				for (uint32_t k = x->first[to * BUCKETS + b]; k != NONE;
					k = x->label[k].next) {
					const struct label *z = &x->label[k];
					double reduced = base + z->cost;
					if (reduced >= fmax(x->ask->below, x->least))
						break;
					if (z->load[0] > room || z->load[0] > x->half ||
						(x->dims > 1 && y->load[1] + z->load[1] >
									x->vehicle->capacity[1]) ||
						!is_apart(&y->seen, &z->seen, x->words))
						continue;
					if (x->odds)
						reduced += pay_together(x, y, z);
					x->least = fmin(x->least, reduced);
					if (reduced < x->ask->below)
						offer(&found[y->stop - v->depots], reduced, l, k);
				}
		}
	}
}

static void make_column(struct pricing *x, const struct pair *p, struct column *out)
{
	const struct vrp *v = x->v;
	uint32_t there = x->label[p->out].length,
		 back = p->back == NONE ? 0 : x->label[p->back].length;
	*out = (struct column){.reduced = p->reduced, .type = x->ask->type, .length = there + back};
	out->visit = arena_array(x->a, uint32_t, out->length);
	uint32_t l = p->out;
	for (uint32_t n = there; n--; l = x->label[l].before)
		out->visit[n] = x->label[l].stop;
	l = p->back;
	for (uint32_t n = there; n < out->length; n++, l = x->label[l].before)
		out->visit[n] = x->label[l].stop;
	uint32_t at = x->vehicle->depot;
	out->cost = x->vehicle->fixed;
	for (uint32_t n = 0; n <= out->length; n++) {
		uint32_t to = n < out->length ? out->visit[n] : x->vehicle->depot;
		out->cost += x->vehicle->per_km * vrp_km(v, at, to);
		if (n < out->length)
			out->set.word[(to - v->depots) / 64] |= (uint64_t)1
								<< ((to - v->depots) % 64);
		at = to;
	}
}

static int by_reduced(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;
	return (x->reduced > y->reduced) - (x->reduced < y->reduced);
}

/* The best few of each stop where the way out ends: the best of all would be much the same round again and again. */
static struct pairs *found_by_stop(struct arena *a, const struct labels_ask *ask)
{
	size_t stops = ask->v->places - ask->v->depots, each = ask->most / stops;
	struct pairs *found = arena_array(a, struct pairs, stops);
	for (size_t i = 0; i < stops; i++) {
		found[i].room = each ? each : 1;
		found[i].pair = arena_array(a, struct pair, found[i].room);
	}
	return found;
}

static size_t collect(struct pricing *x, const struct pairs *found, struct column *out)
{
	size_t count = 0, stops = x->v->places - x->v->depots, most = x->ask->most;
	for (size_t i = 0; i < stops; i++)
		count += found[i].count;
	struct pair *all = arena_array(x->a, struct pair, count);
	count = 0;
	for (size_t i = 0; i < stops; i++)
		for (size_t n = 0; n < found[i].count; n++)
			all[count++] = found[i].pair[n];
	qsort(all, count, sizeof *all, by_reduced);
	for (size_t n = 0; n < count && n < most; n++)
		make_column(x, &all[n], &out[n]);
	return count < most ? count : most;
}

static void prepare(struct pricing *x, struct arena *a, const struct labels_ask *ask)
{
	const struct vrp *v = ask->v;
	size_t stops = v->places - v->depots;
	*x = (struct pricing){
		.a = a,
		.ask = ask,
		.v = v,
		.vehicle = &v->vehicles[ask->type],
		.dims = v->dims,
		.words = (stops + 63) / 64,
		.odds = (ask->subsets + 63) / 64,
		.half = INFINITY,
		.first = arena_array(a, uint32_t, v->places * BUCKETS),
		.least = INFINITY,
	};
	memset(x->first, 0xff, v->places * BUCKETS * sizeof *x->first);
	memset(x->begin, 0xff, sizeof x->begin);
	x->member = arena_calloc(a, stops, sizeof *x->member);
	x->kept = arena_calloc(a, stops, sizeof *x->kept);
	for (size_t i = 0; i < stops; i++)
		for (size_t k = 0; k < ask->subsets; k++) {
			uint64_t bit = (uint64_t)1 << (k % 64);
			x->member[i][k / 64] |= has(&ask->subset[k].members, i) ? bit : 0;
			x->kept[i][k / 64] |= has(&ask->subset[k].memory, i) ? bit : 0;
		}
}

static void run(struct pricing *x)
{
	extend_all(x, NONE);
	for (size_t b = 0; b < BUCKETS && !x->is_full; b++)
		for (uint32_t l = x->begin[b]; l != NONE && !x->is_full; l = x->label[l].later)
			if (!x->label[l].is_beaten && x->label[l].load[0] <= x->half)
				extend_all(x, l);
}

bool labels_ends(struct arena *a, const struct labels_ask *ask, double *least)
{
	const struct vrp *v = ask->v;
	struct pricing x;
	prepare(&x, a, ask);
	run(&x);
	double *to = arena_array(a, double, v->places *BUCKETS); /* the same ways, backwards */
	for (size_t place = 0; place < v->places; place++)
		for (size_t b = 0; b < BUCKETS; b++) {
			uint32_t l = x.first[place * BUCKETS + b];
			double cost = l == NONE ? INFINITY : x.label[l].cost;
			to[place * BUCKETS + b] =
				b ? fmin(cost, to[place * BUCKETS + b - 1]) : cost;
		}
	for (size_t place = v->depots; place < v->places; place++)
		for (size_t b = 0; b < BUCKETS; b++) {
			const double *arc = ask->arc + place * v->places;
			double cost = arc[x.vehicle->depot];
			for (size_t next = v->depots; next < v->places; next++)
				if (next != place)
					cost = fmin(cost, arc[next] + to[next * BUCKETS + b]);
			least[place * BUCKETS + b] = cost;
		}
	return !x.is_full;
}

double labels_price(
	struct arena *a, const struct labels_ask *ask, struct column *out, size_t *count)
{
	struct pricing x;
	prepare(&x, a, ask);
	bool is_halved = ask->is_symmetric && !ask->v->has_time;
	if (is_halved)
		x.half = x.vehicle->capacity[0] / 2;
	run(&x);
	struct pairs *found = found_by_stop(a, ask);
	close_all(&x, found);
	if (is_halved)
		join_all(&x, found);
	*count = collect(&x, found, out);
	return x.is_full || ask->is_quick ? -INFINITY : x.least;
}
