#include "timing.h"

/* Hours: what sums of doubles may be off, and what is still the same hour when the departure is sought. */
static const double TOLERANCE = 1e-6, SAME = 1e-9;
enum { HALVINGS = 60 };

/* One way to have come to a call. */
struct state {
	struct hour at;
	double driven; /* since the last rest */
	size_t parent;
	unsigned on_the_way; /* rests */
	bool rests_here;     /* on arrival */
};

struct drive {
	const struct collection *c;
	size_t day, calls;
	const struct call *call;
	struct state *state;
	size_t *first; /* [call + 1] its states */
	double slack;
};

static double begin_from(const struct drive *d, const struct call *at, double hour)
{
	for (uint32_t n = at->hours->first[d->day]; n < at->hours->first[d->day + 1]; n++) {
		const struct opening *o = &at->hours->opening[n];
		double begin = fmax(hour, o->open);
		if (begin + at->work <= o->close + d->slack)
			return begin;
	}
	return INFINITY;
}

static void add(struct drive *d, size_t k, struct state s)
{
	size_t kept = d->first[k];
	for (size_t n = d->first[k]; n < d->first[k + 1]; n++) {
		const struct state *x = &d->state[n];
		if (x->at.leave <= s.at.leave && x->driven <= s.driven)
			return;
		if (x->at.leave < s.at.leave || x->driven < s.driven)
			d->state[kept++] = *x;
	}
	d->state[kept++] = s;
	d->first[k + 1] = kept;
}

/* Every way to come to call k from the states of the one before. */
static void come(struct drive *d, size_t k)
{
	const struct driving_rules *rules = &d->c->driving;
	const struct call *at = &d->call[k];
	double hours = collection_hours(d->c, d->call[k - 1].place, at->place);
	d->first[k + 1] = d->first[k];
	for (size_t n = d->first[k - 1]; n < d->first[k]; n++) {
		struct state s = {.parent = n, .driven = d->state[n].driven + hours};
		while (s.driven > rules->before_break + d->slack) {
			s.driven -= rules->before_break;
			s.on_the_way++;
		}
		s.at.arrive = d->state[n].at.leave + hours + s.on_the_way * rules->rest;
		s.at.begin = begin_from(d, at, s.at.arrive);
		s.at.leave = s.at.begin + at->work;
		bool waits = s.at.begin > s.at.arrive + d->slack;
		if (isinf(s.at.begin))
			continue;
		add(d, k, s);
		if (!waits || isinf(rules->before_break))
			continue;
		s.rests_here = true;
		s.driven = 0;
		s.at.begin = begin_from(d, at, s.at.arrive + rules->rest);
		s.at.leave = s.at.begin + at->work;
		if (!isinf(s.at.begin))
			add(d, k, s);
	}
}

/* The state that is back first when it leaves at `leave`; *where: the last call that could be reached. */
static const struct state *go(struct drive *d, double leave, double slack, size_t *where)
{
	d->slack = slack;
	d->state[0] = (struct state){.at = {leave, leave, leave}};
	d->first[0] = 0;
	d->first[1] = 1;
	const struct state *best = NULL;
	for (size_t k = 1; k < d->calls; k++) {
		*where = k;
		come(d, k);
		if (d->first[k + 1] == d->first[k])
			return NULL;
	}
	for (size_t n = d->first[d->calls - 1]; n < d->first[d->calls]; n++)
		if (!best || d->state[n].at.leave < best->at.leave)
			best = &d->state[n];
	return best;
}

/* The hour of leaving that still is back by `back`, by halving: the return never comes sooner for leaving later. */
static double latest_leave(struct drive *d, double least, double back)
{
	double most = back;
	size_t where;
	for (size_t n = 0; n < HALVINGS; n++) {
		double middle = (least + most) / 2;
		const struct state *s = go(d, middle, SAME, &where);
		if (s && s->at.leave <= back + SAME)
			least = middle;
		else
			most = middle;
	}
	return least;
}

static void tell(struct arena *a, struct drive *d, const struct state *last, struct timing *out)
{
	const struct driving_rules *rules = &d->c->driving;
	const struct state **by = arena_array(a, const struct state *, d->calls);
	size_t rests = 0;
	for (size_t k = d->calls; k--; last = &d->state[last->parent]) {
		by[k] = last;
		rests += last->on_the_way + last->rests_here;
	}
	out->hour = arena_array(a, struct hour, d->calls);
	out->pause = arena_array(a, struct pause, rests);
	for (size_t k = 0; k < d->calls; k++) {
		out->hour[k] = by[k]->at;
		if (!k)
			continue;
		double at = by[k - 1]->at.leave, driven = by[k - 1]->driven;
		for (unsigned n = 0; n < by[k]->on_the_way; n++) {
			at += rules->before_break - driven;
			out->pause[out->pauses++] = (struct pause){at, at + rules->rest, k};
			at += rules->rest;
			driven = 0;
		}
		if (by[k]->rests_here)
			out->pause[out->pauses++] =
				(struct pause){by[k]->at.arrive, by[k]->at.arrive + rules->rest, k};
	}
}

enum fault timing_make(struct arena *a, const struct collection *c, const struct carrier *b,
	size_t day, const struct call *call, size_t calls, struct timing *out, size_t *where)
{
	struct drive d = {.c = c, .day = day, .calls = calls, .call = call};
	struct opening span;
	double driving = 0;
	*where = calls - 1;
	for (size_t k = 1; k < calls; k++) {
		driving += collection_hours(c, call[k - 1].place, call[k].place);
		if (!isinf(driving) && !isinf(collection_km(c, call[k - 1].place, call[k].place)))
			continue;
		*where = k;
		return FAULT_NO_WAY;
	}
	if (driving > c->driving.most + TOLERANCE)
		return FAULT_DRIVING;
	if (!timetable_span(call[0].hours, day, &span))
		return FAULT_SHIFT;
	/* A state for each call at which the last rest may have been, and as many that are dropped. */
	d.state = arena_array(a, struct state, 2 * (calls + 1) * (calls + 1));
	d.first = arena_array(a, size_t, calls + 2);
	double start = fmax(b->start, span.open), end = fmin(b->end, span.close);
	const struct state *best = go(&d, start, TOLERANCE, where);
	if (!best)
		return *where == calls - 1 ? FAULT_SHIFT : FAULT_WINDOW;
	if (best->at.leave > end + TOLERANCE)
		return FAULT_SHIFT;
	if (!out)
		return FAULT_NONE;
	*out = (struct timing){.driving = driving};
	double leave = latest_leave(&d, start, best->at.leave);
	tell(a, &d, go(&d, leave, TOLERANCE, where), out);
	return FAULT_NONE;
}
