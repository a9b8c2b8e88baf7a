#include "insertion.h"

#include "chance.h"
#include "weekly.h"

enum { BLINK_BITS = 127 }; /* one in so many and one is overlooked */

static bool blinks(uint64_t *random)
{
	return !(chance_next(random) >> 32 & BLINK_BITS);
}

struct search {
	const struct rounds *s;
	const struct vrp *v;
	const double *load; /* of the stop */
	uint32_t stop;
	struct spot best;
};

static bool has_skills(const struct search *f, uint32_t type)
{
	return !(f->v->needs[f->stop] & ~f->v->vehicles[type].skills);
}

/* Room in the trip around `position` of a round with several. */
static bool fits_trip(
	const struct search *f, const struct round *x, uint32_t position, uint32_t type)
{
	const struct vrp *v = f->v;
	for (size_t d = 0; d < v->dims; d++) {
		double load = f->load[d];
		for (uint32_t p = position; p < x->length && !vrp_is_depot(v, x->visit[p]); p++)
			load += v->load[x->visit[p] * v->dims + d];
		for (uint32_t p = position; p-- && !vrp_is_depot(v, x->visit[p]);)
			load += v->load[x->visit[p] * v->dims + d];
		if (load > v->vehicles[type].capacity[d])
			return false;
	}
	return true;
}

static bool fits_whole(const struct search *f, const struct round *x, uint32_t type)
{
	for (size_t d = 0; d < f->v->dims; d++)
		if (x->load[d] + f->load[d] > f->v->vehicles[type].capacity[d])
			return false;
	return true;
}

/* A trip leaves once all its stops are released: with this one, is what follows still in time? */
static bool is_in_time_later(const struct search *f, const struct round *x, uint32_t position)
{
	const struct vrp *v = f->v;
	uint32_t first = position, at = v->vehicles[x->type].depot;
	while (first && !vrp_is_depot(v, x->visit[first - 1]))
		first--;
	double now =
		fmax(first ? x->ready[first - 1] : rounds_start(v, x->type), v->release[f->stop]);
	for (uint32_t p = first; p < x->length && !vrp_is_depot(v, x->visit[p]); p++)
		now = fmax(now, v->release[x->visit[p]]);
	for (uint32_t p = first; p <= position; p++) {
		uint32_t to = p == position ? f->stop : x->visit[p];
		now = fmax(now + vrp_hours(v, at, to), v->open[to]);
		if (now > v->close[to])
			return false;
		now += v->service[to];
		at = to;
	}
	return position == x->length
		       ? now + vrp_hours(v, at, v->vehicles[x->type].depot) <=
				 rounds_end(v, x->type)
		       : now + vrp_hours(v, at, x->visit[position]) <= x->late[position];
}

static bool is_late(const struct search *f, const struct round *x, uint32_t position, uint32_t prev,
	uint32_t next)
{
	const struct vrp *v = f->v;
	double ready = position ? x->ready[position - 1] : rounds_start(v, x->type);
	double start = fmax(ready + vrp_hours(v, prev, f->stop), v->open[f->stop]);
	if (start > v->close[f->stop])
		return true;
	double late = position < x->length ? x->late[position] : rounds_end(v, x->type);
	if (start + v->service[f->stop] + vrp_hours(v, f->stop, next) > late)
		return true;
	return v->has_releases && !is_in_time_later(f, x, position);
}

/* The cheapest vehicle that is free, can take the round with the stop and does what all its stops need. */
static bool find_type(const struct search *f, const struct round *x, double km, double most,
	uint32_t *type, double *cost)
{
	const struct vrp *v = f->v;
	bool is_found = false;
	for (uint32_t t = 0; t < v->types; t++) {
		const struct vehicle *b = &v->vehicles[t];
		if (f->s->left[t] <= 0 || b->depot != v->vehicles[x->type].depot ||
			!has_skills(f, t) || (x->needs & ~b->skills) || !fits_whole(f, x, t))
			continue;
		double more = b->fixed + b->per_km * km - x->cost;
		if (more < most) {
			most = *cost = more;
			*type = t;
			is_found = true;
		}
	}
	return is_found;
}

static void try_visit(struct search *f, uint32_t r, uint32_t position)
{
	const struct vrp *v = f->v;
	const struct round *x = &f->s->round[r];
	const struct vehicle *b = &v->vehicles[x->type];
	uint32_t prev = position ? x->visit[position - 1] : b->depot;
	uint32_t next = position < x->length ? x->visit[position] : b->depot;
	double km = vrp_km(v, prev, f->stop) + vrp_km(v, f->stop, next) - vrp_km(v, prev, next);
	double cost = b->per_km * km;
	uint32_t type = x->type;
	if (cost >= f->best.cost && v->types == 1)
		return;
	bool fits = x->trips > 1 ? fits_trip(f, x, position, type) : fits_whole(f, x, type);
	if (!fits || !has_skills(f, type)) {
		if (v->types == 1 || x->trips > 1 || v->has_time ||
			!find_type(f, x, x->km + km, f->best.cost, &type, &cost))
			return;
	} else if (cost >= f->best.cost) {
		return;
	}
	if (v->has_time && is_late(f, x, position, prev, next))
		return;
	f->best = (struct spot){WAY_VISIT, r, position, type, cost};
}

/* There and back from the depot, before a trip or after it. */
static void try_trips(struct search *f, uint32_t r)
{
	const struct vrp *v = f->v;
	const struct round *x = &f->s->round[r];
	const struct vehicle *b = &v->vehicles[x->type];
	double cost = b->per_km * (vrp_km(v, b->depot, f->stop) + vrp_km(v, f->stop, b->depot));
	if (cost >= f->best.cost || (int)x->trips >= b->trips || !has_skills(f, x->type))
		return;
	for (size_t d = 0; d < v->dims; d++)
		if (f->load[d] > b->capacity[d])
			return;
	double open = v->open[f->stop], service = v->service[f->stop],
	       unload = v->service[b->depot];
	double out = vrp_hours(v, b->depot, f->stop), back = vrp_hours(v, f->stop, b->depot);
	double start = fmax(fmax(rounds_start(v, x->type), v->release[f->stop]) + out, open);
	double home = start + service + back + unload;
	double released = 0;
	for (uint32_t p = 0; p < x->length && !vrp_is_depot(v, x->visit[p]); p++)
		released = fmax(released, v->release[x->visit[p]]);
	if (start <= v->close[f->stop] &&
		fmax(home, released) + vrp_hours(v, b->depot, x->visit[0]) <= x->late[0])
		f->best = (struct spot){WAY_TRIP_FIRST, r, 0, x->type, cost};
	for (uint32_t p = 1; p <= x->length && cost <= f->best.cost; p++) {
		if (p < x->length && !vrp_is_depot(v, x->visit[p]))
			continue;
		double ready = x->ready[p - 1] + vrp_hours(v, x->visit[p - 1], b->depot) + unload;
		start = fmax(fmax(ready, v->release[f->stop]) + out, open);
		double late = p < x->length ? x->late[p] : rounds_end(v, x->type);
		if (start <= v->close[f->stop] && start + service + back <= late)
			f->best = (struct spot){WAY_TRIP, r, p, x->type, cost};
	}
}

static void try_round(struct search *f)
{
	const struct vrp *v = f->v;
	for (uint32_t t = 0; t < v->types; t++) {
		const struct vehicle *b = &v->vehicles[t];
		double cost = b->fixed + b->per_km * (vrp_km(v, b->depot, f->stop) +
							     vrp_km(v, f->stop, b->depot));
		if (f->s->left[t] > 0 && cost < f->best.cost && vrp_may_serve(v, t, f->stop))
			f->best = (struct spot){WAY_ROUND, 0, 0, t, cost};
	}
}

bool insertion_find(const struct rounds *s, const uint32_t *near, size_t near_count, uint32_t stop,
	uint64_t *random, struct spot *out)
{
	const struct vrp *v = s->v;
	if (v->rules)
		return weekly_find(s, near, near_count, stop, random, out);
	struct search f = {.s = s, .v = v, .load = v->load + stop * v->dims, .stop = stop};
	double most = v->penalty[stop];
	f.best.cost = most;
	const double *to = v->km + stop * v->places, *from = v->km_back + stop * v->places;
	for (size_t n = 0; n < near_count; n++) {
		const struct link *l = &s->link[near[n]];
		if (l->round >= ROUNDS_OTHERS)
			continue;
		double before = from[l->prev] + to[near[n]] - l->from_prev;
		double after = from[near[n]] + to[l->next] - l->to_next;
		if (v->least_per_km * before < f.best.cost && !blinks(random))
			try_visit(&f, l->round, l->rank);
		if (v->least_per_km * after < f.best.cost && !blinks(random))
			try_visit(&f, l->round, l->rank + 1);
	}
	try_round(&f);
	if (v->has_trips)
		for (uint32_t r = 0; r < s->count; r++)
			if (s->round[r].length && !blinks(random))
				try_trips(&f, r);
	if (f.best.cost >= most)
		for (uint32_t r = 0; r < s->count; r++)
			for (uint32_t p = 0; s->round[r].length && p <= s->round[r].length; p++)
				try_visit(&f, r, p);
	*out = f.best;
	return f.best.cost < most;
}
