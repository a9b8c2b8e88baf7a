#include "posing.h"

#include "day.h"

#include <stdlib.h>
#include <string.h>

_Static_assert((int)RULES_VISITS_MAX <= (int)DAY_STOPS_MAX, "the judge takes what is planned");

/* A number for no way: so long that every shift and every driving time forbids it. */
static const double NO_WAY = 1e5;

/* Measured on synthetic weeks: with days and vehicles to choose from, the search must climb higher than between the ways of one
 * round. */
static const double WAYS_A_STEP = 3;

struct making {
	struct arena *a;
	const struct collection *c;
	struct vrp *v;
	struct rules *r;
	struct visit *visit;
	struct kind *kind;
	size_t *locale; /* [place] of the collection */
};

/* A type for every vehicle on every day that it works and its hub opens. */
static void make_types(struct making *m)
{
	const struct collection *c = m->c;
	struct vehicle *list = arena_array(m->a, struct vehicle, c->carriers * c->days + 1);
	m->kind = arena_array(m->a, struct kind, c->carriers * c->days + 1);
	m->v->least_per_km = INFINITY;
	for (size_t n = 0; n < c->carriers; n++) {
		const struct carrier *b = &c->carrier[n];
		for (size_t d = 0; d < c->days; d++) {
			struct opening span;
			if (!b->count || !(b->days >> d & 1) ||
				!timetable_span(&c->place[b->hub].hours, d, &span))
				continue;
			m->kind[m->v->types] = (struct kind){n, d};
			struct vehicle *t = &list[m->v->types++];
			*t = (struct vehicle){.count = b->count,
				.depot = (uint32_t)b->hub,
				.fixed = b->eur_day,
				.per_km = b->eur_km,
				.open = fmax(b->start, span.open),
				.close = fmin(b->end, span.close),
				.trips = b->trips,
				.day = (uint32_t)d,
				.per_hour = b->eur_h,
				.overtime_after = b->overtime_after,
				.per_overtime = b->eur_overtime_h};
			memcpy(t->capacity, b->capacity, sizeof b->capacity);
			m->v->least_per_km = fmin(m->v->least_per_km, b->eur_km);
			m->v->has_trips |= b->trips > 1;
		}
	}
	m->v->vehicles = list;
}

/* Hubs and the visits that `is_there` allows (null: all). */
static void make_places(struct making *m, const bool *is_there)
{
	const struct collection *c = m->c;
	struct vrp *v = m->v;
	size_t most = c->hubs, n = 0, all = 0;
	for (size_t i = 0; i < c->pickups; i++)
		most += c->pickup[i].visits;
	m->visit = arena_array(m->a, struct visit, most);
	m->locale = arena_array(m->a, size_t, most);
	uint32_t *twin = arena_array(m->a, uint32_t, most),
		 *gap = arena_array(m->a, uint32_t, most);
	for (; n < c->hubs; n++) {
		m->locale[n] = n;
		twin[n] = (uint32_t)n;
	}
	for (size_t i = 0; i < c->pickups; i++) {
		size_t first = n;
		for (size_t k = 0; k < c->pickup[i].visits; k++, all++) {
			if (is_there && !is_there[all])
				continue;
			m->visit[n] = (struct visit){i, k};
			m->locale[n] = c->pickup[i].place;
			gap[n] = (uint32_t)c->pickup[i].gap;
			twin[n] = (uint32_t)n + 1;
			n++;
		}
		if (n > first)
			twin[n - 1] = (uint32_t)first;
	}
	v->places = n;
	v->depots = c->hubs;
	m->r->twin = twin;
	m->r->gap = gap;
}

static void make_ways(struct making *m)
{
	struct vrp *v = m->v;
	size_t n = v->places;
	double *km = arena_array(m->a, double, n *n), *back = arena_array(m->a, double, n *n),
	       *hours = arena_array(m->a, double, n *n);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++) {
			double way = collection_km(m->c, m->locale[i], m->locale[j]),
			       time = collection_hours(m->c, m->locale[i], m->locale[j]);
			bool is_none = isinf(way) || isinf(time);
			km[i * n + j] = back[j * n + i] = is_none ? NO_WAY : way;
			hours[i * n + j] = is_none ? NO_WAY : time;
		}
	v->km = km;
	v->km_back = back;
	v->hours = hours;
}

static const struct timetable *hours_of(const struct making *m, size_t place)
{
	return place < m->c->hubs ? &m->c->place[place].hours
				  : &m->c->pickup[m->visit[place].pickup].hours;
}

static void make_windows(struct making *m)
{
	struct vrp *v = m->v;
	struct rules *r = m->r;
	size_t room = 0, count = 0;
	for (size_t i = 0; i < v->places; i++)
		room += hours_of(m, i)->first[r->days];
	uint32_t *first = arena_array(m->a, uint32_t, r->days * v->places + 1);
	struct begin *begins = arena_array(m->a, struct begin, room + 1);
	double *open = arena_array(m->a, double, v->places),
	       *close = arena_array(m->a, double, v->places);
	for (size_t i = 0; i < v->places; i++)
		open[i] = INFINITY;
	for (size_t d = 0; d < r->days; d++)
		for (size_t i = 0; i < v->places; i++) {
			const struct timetable *t = hours_of(m, i);
			first[d * v->places + i] = (uint32_t)count;
			for (uint32_t n = t->first[d]; n < t->first[d + 1]; n++) {
				double late = t->opening[n].close - v->service[i];
				if (late < t->opening[n].open)
					continue;
				begins[count++] = (struct begin){t->opening[n].open, late};
				open[i] = fmin(open[i], t->opening[n].open);
				close[i] = fmax(close[i], late);
			}
		}
	first[r->days * v->places] = (uint32_t)count;
	r->first = first;
	r->begins = begins;
	v->open = open;
	v->close = close;
}

static void make_stops(struct making *m)
{
	const struct collection *c = m->c;
	struct vrp *v = m->v;
	double *load = arena_array(m->a, double, v->places *CARGO_DIMS),
	       *service = arena_array(m->a, double, v->places),
	       *penalty = arena_array(m->a, double, v->places),
	       *x = arena_array(m->a, double, v->places), *y = arena_array(m->a, double, v->places);
	v->dims = CARGO_DIMS;
	v->load = load;
	v->service = service;
	v->penalty = penalty;
	v->x = x;
	v->y = y;
	v->release = arena_array(m->a, double, v->places);
	v->needs = arena_array(m->a, uint32_t, v->places);
	for (size_t i = 0; i < v->places; i++) {
		const struct place *at = &c->place[m->locale[i]].at;
		x[i] = at->lon * cos(at->lat * 3.14159265358979323846 / 180);
		y[i] = at->lat;
		if (i < c->hubs) {
			service[i] = c->place[i].unload_h;
			continue;
		}
		const struct pickup *p = &c->pickup[m->visit[i].pickup];
		memcpy(load + i * CARGO_DIMS, p->cargo, sizeof p->cargo);
		service[i] = p->service_h;
		penalty[i] = p->penalty;
	}
}

static bool is_apt(const struct carrier *b, const struct pickup *p)
{
	for (size_t d = 0; d < CARGO_DIMS; d++)
		if (p->cargo[d] > b->capacity[d])
			return false;
	return !(p->skills & ~b->skills) && !(p->flows & ~b->flows) && p->hubs >> b->hub & 1;
}

static void make_alone(struct making *m)
{
	struct vrp *v = m->v;
	double *alone = arena_array(m->a, double, v->types * v->places + 1),
	       *latest = arena_array(m->a, double, v->types + 1);
	uint64_t *kin = arena_array(m->a, uint64_t, v->places);
	m->r->alone = alone;
	m->r->kin = kin;
	m->r->latest = latest;
	for (size_t t = 0; t < v->types; t++) {
		const struct vehicle *b = &v->vehicles[t];
		latest[t] = rules_latest(v, b->day, b->depot, b->close - v->service[b->depot]);
		for (size_t i = v->depots; i < v->places; i++) {
			struct day day;
			uint32_t stop = (uint32_t)i;
			bool can = is_apt(&m->c->carrier[m->kind[t].carrier],
					   &m->c->pickup[m->visit[i].pickup]) &&
				   day_drive(v, (uint32_t)t, &stop, 1, &day);
			alone[i * v->types + t] = can ? day.cost : INFINITY;
			kin[i] |= can ? UINT64_C(1) << m->kind[t].carrier % 64 : 0;
		}
	}
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* The search's measure of a step: some ways to a near stop, each the median one to the nearest other place. */
static double near_step(const struct making *m)
{
	const struct vrp *v = m->v;
	double *way = arena_array(m->a, double, v->places + 1), dearest = 0, per_hour = INFINITY;
	size_t count = 0;
	for (size_t t = 0; t < v->types; t++) {
		per_hour = fmin(per_hour, v->vehicles[t].per_hour);
		dearest = fmax(dearest, v->vehicles[t].fixed);
	}
	for (size_t i = v->depots; i < v->places && v->types; i++) {
		double least = INFINITY;
		for (size_t j = v->depots; j < v->places; j++)
			if (m->locale[i] != m->locale[j])
				least = fmin(least, v->least_per_km * vrp_km(v, i, j) +
							    per_hour * vrp_hours(v, i, j));
		if (least < INFINITY)
			way[count++] = least;
	}
	qsort(way, count, sizeof *way, by_size);
	double step = count ? way[count / 2] : 0;
	return step > 0 ? WAYS_A_STEP * step : 1 + dearest / 100;
}

/* Hours per km where they are everywhere the same; else 0. */
static double even_pace(const struct collection *c)
{
	double pace = -1;
	for (size_t n = 0; n < c->places * c->places; n++) {
		if (!(c->km[n] > 0) || isinf(c->km[n]))
			continue;
		double here = c->hours[n] / c->km[n];
		if (pace >= 0 && fabs(here - pace) > 1e-9 * pace)
			return 0;
		pace = here;
	}
	return fmax(pace, 0);
}

static void make(struct making *m, const bool *is_there)
{
	make_places(m, is_there);
	make_stops(m);
	make_ways(m);
	make_windows(m);
	make_alone(m);
}

void posing_make(struct arena *a, const struct collection *c, struct posing *out)
{
	struct rules *r = arena_one(a, struct rules);
	*r = (struct rules){.days = c->days,
		.is_around = c->days >= ROUND_THE_WEEK,
		.driving_most = c->driving.most,
		.before_break = c->driving.before_break,
		.rest = c->driving.rest};
	*out = (struct posing){.vrp = {.has_time = true, .rules = r}};
	struct making m = {.a = a, .c = c, .v = &out->vrp, .r = r};
	make_types(&m);
	make(&m, NULL);
	struct vrp *v = &out->vrp;
	bool *is_there = arena_array(a, bool, v->places + 1);
	bool is_whole = true;
	for (size_t i = v->depots; i < v->places; i++) {
		for (size_t t = 0; t < v->types; t++)
			is_there[i - v->depots] |= r->alone[i * v->types + t] < INFINITY;
		is_whole &= is_there[i - v->depots];
	}
	if (!is_whole)
		make(&m, is_there);
	r->step = near_step(&m);
	r->pace = even_pace(c);
	out->visit = m.visit;
	out->kind = m.kind;
}
