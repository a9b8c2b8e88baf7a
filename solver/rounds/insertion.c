#include "insertion.h"

#include "chance.h"
#include "weekly.h"

enum { BLINK_BITS = 127 }; /* one in so many and one is overlooked */
enum { PATIENT_IN = 5 };   /* of so many stops one looks for its place with patience */

static bool blinks(uint64_t *random)
{
	return !(chance_next(random) >> 32 & BLINK_BITS);
}

struct search {
	const struct rounds *s;
	const struct vrp *v;
	const double *load; /* of the stop */
	uint32_t stop;
	bool is_patient; /* with larger vehicles */
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
	double now = vrp_later(
		first ? x->ready[first - 1] : round_start(v, x->type), v->release[f->stop]);
	for (uint32_t p = first; p < x->length && !vrp_is_depot(v, x->visit[p]); p++)
		now = vrp_later(now, v->release[x->visit[p]]);
	for (uint32_t p = first; p <= position; p++) {
		uint32_t to = p == position ? f->stop : x->visit[p];
		now = vrp_later(now + vrp_hours(v, at, to), v->open[to]);
		if (now > v->close[to])
			return false;
		now += v->service[to];
		at = to;
	}
	return position == x->length
		       ? now + vrp_hours(v, at, v->vehicles[x->type].depot) <=
				 round_end(v, x->type)
		       : now + vrp_hours(v, at, x->visit[position]) <= x->late[position];
}

static bool is_late(const struct search *f, const struct round *x, uint32_t position)
{
	const struct vrp *v = f->v;
	uint32_t depot = v->vehicles[x->type].depot;
	uint32_t prev = position ? x->visit[position - 1] : depot;
	uint32_t next = position < x->length ? x->visit[position] : depot;
	double ready = position ? x->ready[position - 1] : round_start(v, x->type);
	double start = vrp_later(ready + vrp_hours(v, prev, f->stop), v->open[f->stop]);
	if (start > v->close[f->stop])
		return true;
	double late = position < x->length ? x->late[position] : round_end(v, x->type);
	if (start + v->service[f->stop] + vrp_hours(v, f->stop, next) > late)
		return true;
	return v->has_releases && !is_in_time_later(f, x, position);
}

/* A larger vehicle is paid for by all that will fill it: this stop's part of what it costs more. */
static double patient_cost(const struct search *f, const struct round *x, const struct vehicle *b,
	double km, double more)
{
	double way = f->v->vehicles[x->type].per_km * (km - x->km), jump = more - way;
	double room = b->capacity[0] - x->load[0];
	return jump > 0 && room > 0 ? way + jump * f->load[0] / room : more;
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
		if (f->is_patient)
			more = patient_cost(f, x, b, km, more);
		if (more < most) {
			most = *cost = more;
			*type = t;
			is_found = true;
		}
	}
	return is_found;
}

/* Before the visit at `position` of round r, which makes it so many km longer. */
static void try_visit(struct search *f, uint32_t r, uint32_t position, double km)
{
	const struct vrp *v = f->v;
	const struct round *x = &f->s->round[r];
	const struct vehicle *b = &v->vehicles[x->type];
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
	if (v->has_time && is_late(f, x, position))
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
	double start =
		vrp_later(vrp_later(round_start(v, x->type), v->release[f->stop]) + out, open);
	double home = start + service + back + unload;
	double released = 0;
	for (uint32_t p = 0; p < x->length && !vrp_is_depot(v, x->visit[p]); p++)
		released = vrp_later(released, v->release[x->visit[p]]);
	if (start <= v->close[f->stop] &&
		vrp_later(home, released) + vrp_hours(v, b->depot, x->visit[0]) <= x->late[0])
		f->best = (struct spot){WAY_TRIP_FIRST, r, 0, x->type, cost};
	for (uint32_t p = 1; p <= x->length && cost <= f->best.cost; p++) {
		if (p < x->length && !vrp_is_depot(v, x->visit[p]))
			continue;
		double ready = x->ready[p - 1] + vrp_hours(v, x->visit[p - 1], b->depot) + unload;
		start = vrp_later(vrp_later(ready, v->release[f->stop]) + out, open);
		double late = p < x->length ? x->late[p] : round_end(v, x->type);
		if (start <= v->close[f->stop] && start + service + back <= late)
			f->best = (struct spot){WAY_TRIP, r, p, x->type, cost};
	}
}

static void try_round(struct search *f)
{
	const struct vrp *v = f->v;
	for (uint32_t t = 0; t < v->types; t++) {
		const struct vehicle *b = &v->vehicles[t];
		size_t way = b->depot * v->places + f->stop;
		double cost = b->fixed + b->per_km * (v->km[way] + v->km_back[way]);
		if (f->s->left[t] > 0 && cost < f->best.cost && vrp_may_serve(v, t, f->stop))
			f->best = (struct spot){WAY_ROUND, 0, 0, t, cost};
	}
}

/* Beside each of those beside whom it best goes. */
static void try_beside(struct search *f, const struct ground *g, uint64_t *random)
{
	const struct rounds *s = f->s;
	const float *to = g->to + f->stop * g->places, *from = g->from + f->stop * g->places;
	size_t i = f->stop - g->depots;
	double least = f->v->least_per_km;
	for (const struct beside *x = g->after + g->after_first[i],
				 *end = g->after + g->after_first[i + 1];
		x < end; x++) {
		struct side next = s->next[x->stop];
		double km = (double)(x->km + to[next.place] - next.km);
		if (least * km < f->best.cost && s->where[x->stop].round < ROUNDS_OTHERS &&
			!blinks(random))
			try_visit(f, s->where[x->stop].round, s->where[x->stop].rank + 1, km);
	}
	for (const struct beside *x = g->before + g->before_first[i],
				 *end = g->before + g->before_first[i + 1];
		x < end; x++) {
		struct side prev = s->prev[x->stop];
		double km = (double)(from[prev.place] + x->km - prev.km);
		if (least * km < f->best.cost && s->where[x->stop].round < ROUNDS_OTHERS &&
			!blinks(random))
			try_visit(f, s->where[x->stop].round, s->where[x->stop].rank, km);
	}
}

static void try_everywhere(struct search *f)
{
	const struct vrp *v = f->v;
	for (uint32_t r = 0; r < f->s->count; r++) {
		const struct round *x = &f->s->round[r];
		uint32_t depot = v->vehicles[x->type].depot, prev = depot;
		for (uint32_t p = 0; x->length && p <= x->length; p++) {
			uint32_t next = p < x->length ? x->visit[p] : depot;
			try_visit(f, r, p,
				vrp_km(v, prev, f->stop) + vrp_km(v, f->stop, next) -
					vrp_km(v, prev, next));
			prev = next;
		}
	}
}

bool insertion_find(const struct rounds *s, const struct ground *g, uint32_t stop, uint64_t *random,
	struct spot *out)
{
	const struct vrp *v = s->v;
	if (v->rules)
		return weekly_find(s, g, stop, random, out);
	struct search f = {.s = s,
		.v = v,
		.load = v->load + stop * v->dims,
		.stop = stop,
		.is_patient = g->is_fleet_short && !chance_below(random, PATIENT_IN)};
	double most = v->penalty[stop];
	f.best.cost = most;
	try_beside(&f, g, random);
	try_round(&f);
	if (v->has_trips)
		for (uint32_t r = 0; r < s->count; r++)
			if (s->round[r].length && !blinks(random))
				try_trips(&f, r);
	if (f.best.cost >= most)
		try_everywhere(&f);
	*out = f.best;
	return f.best.cost < most;
}
