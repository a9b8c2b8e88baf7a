#include "day.h"

enum { LABELS_MAX = 48 };

static const double SLACK = 1e-7; /* hours */

/* Forwards: ready to go on at `hour`, so long driven since the last rest. Backwards: the latest hour to
 * begin, so long driven after it until the next rest. */
struct label {
	double hour, driven;
};

struct front {
	size_t count;
	struct label label[LABELS_MAX];
};

/* Keeps those that no other is as good as in both; `sign` 1: early is good, -1: late is. */
static void put(struct front *f, double hour, double driven, double sign)
{
	size_t kept = 0;
	for (size_t n = 0; n < f->count; n++) {
		const struct label *l = &f->label[n];
		if (sign * l->hour <= sign * hour && l->driven <= driven)
			return;
		if (!(sign * l->hour >= sign * hour && l->driven >= driven))
			f->label[kept++] = *l;
	}
	if (kept < LABELS_MAX)
		f->label[kept++] = (struct label){hour, driven};
	f->count = kept;
}

struct drive {
	const struct vrp *v;
	const struct rules *r;
	const struct vehicle *b;
	const uint32_t *visit;
	uint32_t length;
	bool has_waited;
};

/* Visit p, or the depot before the first and after the last. */
static uint32_t place_at(const struct drive *d, uint32_t p)
{
	return p && p <= d->length ? d->visit[p - 1] : d->b->depot;
}

static void arrive(
	struct drive *d, const struct front *from, uint32_t place, double hours, struct front *to)
{
	double service = d->v->service[place], rest = d->r->rest, most = d->r->before_break;
	to->count = 0;
	for (size_t n = 0; n < from->count; n++) {
		double hour = from->label[n].hour + hours, driven = from->label[n].driven + hours;
		for (; driven > most + SLACK; driven -= most)
			hour += rest;
		double begin = rules_begin(d->v, d->b->day, place, hour);
		if (begin == INFINITY)
			continue;
		put(to, begin + service, driven, 1);
		if (begin <= hour + SLACK)
			continue;
		d->has_waited = true;
		double later =
			isinf(most) ? INFINITY : rules_begin(d->v, d->b->day, place, hour + rest);
		if (later < INFINITY)
			put(to, later + service, 0, 1);
	}
}

static double earliest_return(struct drive *d)
{
	struct front one = {1, {{d->b->open, 0}}}, two, *now = &one, *next = &two;
	for (uint32_t p = 1; p <= d->length + 1 && now->count; p++) {
		uint32_t to = place_at(d, p);
		arrive(d, now, to, vrp_hours(d->v, place_at(d, p - 1), to), next);
		struct front *swap = now;
		now = next;
		next = swap;
	}
	double back = INFINITY;
	for (size_t n = 0; n < now->count; n++)
		back = fmin(back, now->label[n].hour);
	return back;
}

static void depart(const struct drive *d, const struct front *from, uint32_t place, double hours,
	struct front *to)
{
	double service = d->v->service[place], rest = d->r->rest, most = d->r->before_break;
	to->count = 0;
	for (size_t n = 0; n < from->count; n++) {
		double hour = from->label[n].hour - hours, driven = from->label[n].driven + hours;
		for (; driven > most + SLACK; driven -= most)
			hour -= rest;
		double begin = rules_latest(d->v, d->b->day, place, hour - service);
		if (begin == -INFINITY)
			continue;
		put(to, begin, driven, -1);
		if (begin >= hour - service - SLACK || isinf(most))
			continue;
		double sooner = rules_latest(d->v, d->b->day, place, hour - rest - service);
		if (sooner > -INFINITY)
			put(to, sooner, 0, -1);
	}
}

static double latest_departure(const struct drive *d, double back)
{
	uint32_t depot = d->b->depot;
	double end = rules_latest(d->v, d->b->day, depot, back - d->v->service[depot]);
	struct front one = {1, {{end, 0}}}, two, *now = &one, *next = &two;
	for (uint32_t p = d->length; p && now->count; p--) {
		uint32_t from = place_at(d, p);
		depart(d, now, from, vrp_hours(d->v, from, place_at(d, p + 1)), next);
		struct front *swap = now;
		now = next;
		next = swap;
	}
	double leave = d->b->open, hours = vrp_hours(d->v, depot, place_at(d, 1));
	for (size_t n = 0; n < now->count; n++) {
		double hour = now->label[n].hour - hours, driven = now->label[n].driven + hours;
		for (; driven > d->r->before_break + SLACK; driven -= d->r->before_break)
			hour -= d->r->rest;
		leave = fmax(leave, hour);
	}
	return leave;
}

bool day_drive(
	const struct vrp *v, uint32_t type, const uint32_t *visit, uint32_t length, struct day *out)
{
	struct drive d = {v, v->rules, &v->vehicles[type], visit, length, false};
	*out = (struct day){0};
	for (uint32_t p = 1; p <= length + 1; p++) {
		uint32_t from = place_at(&d, p - 1), to = place_at(&d, p);
		out->km += vrp_km(v, from, to);
		out->driving += vrp_hours(v, from, to);
		out->busy += v->service[to];
	}
	if (out->driving > v->rules->driving_most + SLACK)
		return false;
	out->leave = d.b->open;
	out->back = earliest_return(&d);
	if (out->back > d.b->close + SLACK)
		return false;
	if (d.has_waited && (d.b->per_hour > 0 || d.b->per_overtime > 0))
		out->leave = latest_departure(&d, out->back);
	out->hours = out->back - out->leave;
	out->cost = d.b->fixed + d.b->per_km * out->km + rules_hours_cost(d.b, out->hours);
	return true;
}
