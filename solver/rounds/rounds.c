#include "rounds.h"

#include "weekly.h"

#include <string.h>

/* In no round, for the reason `round` says. */
static void leave(struct rounds *s, uint32_t stop, uint32_t round)
{
	s->where[stop].round = round;
	s->prev[stop] = s->next[stop] = (struct side){.km = -INFINITY};
}

static uint32_t *grown(struct arena *a, const uint32_t *list, size_t count, size_t room)
{
	uint32_t *out = arena_array(a, uint32_t, room);
	if (count)
		memcpy(out, list, count * sizeof *out);
	return out;
}

static double *grown_times(struct arena *a, const double *list, size_t count, size_t room)
{
	double *out = arena_array(a, double, room);
	if (count)
		memcpy(out, list, count * sizeof *out);
	return out;
}

void rounds_init(struct rounds *s, struct arena *a, const struct vrp *v)
{
	size_t stops = v->places - v->depots;
	double longest = 0, dearest = 0;
	for (size_t i = 0; i < v->places; i++)
		for (size_t d = 0; d < v->depots; d++)
			longest = vrp_later(longest, vrp_km(v, d, i) + vrp_km(v, i, d));
	for (size_t t = 0; t < v->types; t++)
		dearest =
			vrp_later(dearest, v->vehicles[t].fixed + v->vehicles[t].per_km * longest);
	for (size_t t = 0; v->rules && t < v->types; t++)
		dearest =
			vrp_later(dearest, v->vehicles[t].fixed + v->vehicles[t].per_km * longest +
						   rules_hours_cost(&v->vehicles[t], 24));
	*s = (struct rounds){.v = v, .a = a, .room = stops, .missing = 10 * (1 + dearest)};
	s->round = arena_array(a, struct round, stops);
	s->empty = arena_array(a, uint32_t, stops);
	s->where = arena_array(a, struct where, v->places);
	s->prev = arena_array(a, struct side, v->places);
	s->next = arena_array(a, struct side, v->places);
	s->absent = arena_array(a, uint32_t, stops);
	s->old_absent = arena_array(a, uint32_t, stops);
	s->old_empty = arena_array(a, uint32_t, stops);
	s->left = arena_array(a, int, v->types);
	s->kept = arena_array(a, struct kept, stops);
	s->visit_room = 4 * stops + 64;
	s->visits = arena_array(a, struct kept_visit, s->visit_room);
	for (size_t t = 0; t < v->types; t++)
		s->left[t] = v->vehicles[t].count;
	for (size_t i = v->depots; i < v->places; i++) {
		leave(s, (uint32_t)i, ROUNDS_ABSENT);
		s->absent[s->absents++] = (uint32_t)i;
		s->cost += rounds_penalty(s, (uint32_t)i);
	}
}

double rounds_penalty(const struct rounds *s, uint32_t stop)
{
	double penalty = s->v->penalty[stop];
	return isinf(penalty) ? s->missing : penalty;
}

static void make_room(struct rounds *s, struct round *r, uint32_t length)
{
	if (length <= r->room)
		return;
	uint32_t room = length < 16 ? 32 : 2 * length;
	r->visit = grown(s->a, r->visit, r->length, room);
	if (s->v->has_time) {
		r->ready = grown_times(s->a, r->ready, r->length, room);
		r->late = grown_times(s->a, r->late, r->length, room);
	}
	r->room = room;
}

void rounds_copy(struct rounds *to, const struct rounds *from)
{
	const struct vrp *v = from->v;
	for (size_t r = 0; r < from->count; r++) {
		struct round *x = &to->round[r];
		const struct round *y = &from->round[r];
		make_room(to, x, y->length);
		struct round copy = *y;
		copy.visit = x->visit;
		copy.ready = x->ready;
		copy.late = x->late;
		copy.room = x->room;
		copy.is_kept = copy.is_touched = false;
		*x = copy;
		if (!y->length)
			continue;
		memcpy(x->visit, y->visit, y->length * sizeof *x->visit);
		if (v->has_time) {
			memcpy(x->ready, y->ready, y->length * sizeof *x->ready);
			memcpy(x->late, y->late, y->length * sizeof *x->late);
		}
	}
	to->count = from->count;
	to->empties = from->empties;
	memcpy(to->empty, from->empty, from->empties * sizeof *to->empty);
	memcpy(to->where, from->where, v->places * sizeof *to->where);
	memcpy(to->prev, from->prev, v->places * sizeof *to->prev);
	memcpy(to->next, from->next, v->places * sizeof *to->next);
	to->absents = from->absents;
	memcpy(to->absent, from->absent, from->absents * sizeof *to->absent);
	memcpy(to->left, from->left, v->types * sizeof *to->left);
	to->cost = from->cost;
	to->missing = from->missing;
}

void rounds_begin(struct rounds *s)
{
	for (size_t n = 0; n < s->kepts; n++)
		s->round[s->kept[n].round].is_kept = false;
	s->kepts = 0;
	s->visit_count = 0;
	s->old_absents = s->absents;
	memcpy(s->old_absent, s->absent, s->absents * sizeof *s->absent);
	s->old_count = s->count;
	s->old_empties = s->empties;
	memcpy(s->old_empty, s->empty, s->empties * sizeof *s->empty);
	s->old_cost = s->cost;
}

static void keep(struct rounds *s, uint32_t r)
{
	struct round *x = &s->round[r];
	if (x->is_kept)
		return;
	if (s->visit_count + x->length > s->visit_room) {
		size_t room = 2 * s->visit_room + x->length;
		struct kept_visit *visits = arena_array(s->a, struct kept_visit, room);
		memcpy(visits, s->visits, s->visit_count * sizeof *visits);
		s->visits = visits;
		s->visit_room = room;
	}
	x->is_kept = true;
	s->kept[s->kepts++] = (struct kept){.round = r, .old = *x, .first = s->visit_count};
	struct kept_visit *to = s->visits + s->visit_count;
	for (uint32_t p = 0; p < x->length; p++) {
		uint32_t at = x->visit[p];
		to[p].place = at;
		to[p].prev = s->prev[at];
		to[p].next = s->next[at];
	}
	for (uint32_t p = 0; s->v->has_time && p < x->length; p++) {
		to[p].ready = x->ready[p];
		to[p].late = x->late[p];
	}
	s->visit_count += x->length;
}

/* Slot r is used by a vehicle of this type from now on. */
static void set_type(struct rounds *s, struct round *r, uint32_t type)
{
	const struct vehicle *old = &s->v->vehicles[r->type], *new = &s->v->vehicles[type];
	if (r->length && old->count != VRP_UNLIMITED)
		s->left[r->type]++;
	if (new->count != VRP_UNLIMITED)
		s->left[type]--;
	r->type = type;
}

/* Visits from..length have moved. */
static void index_visits(struct rounds *s, uint32_t r, uint32_t from)
{
	const struct round *x = &s->round[r];
	for (uint32_t p = from; p < x->length; p++)
		s->where[x->visit[p]] = (struct where){r, p};
}

/* Visits from..end have other neighbours. */
static void link_visits(struct rounds *s, uint32_t r, uint32_t from, uint32_t end)
{
	const struct vrp *v = s->v;
	const struct round *x = &s->round[r];
	uint32_t depot = v->vehicles[x->type].depot;
	for (uint32_t p = from; p < end && p < x->length; p++) {
		uint32_t at = x->visit[p];
		uint32_t prev = p ? x->visit[p - 1] : depot,
			 next = p + 1 < x->length ? x->visit[p + 1] : depot;
		if (vrp_is_depot(v, at))
			continue;
		s->prev[at] = (struct side){prev, (float)vrp_km(v, prev, at)};
		s->next[at] = (struct side){next, (float)vrp_km(v, at, next)};
	}
}

static void open_gap(struct rounds *s, uint32_t r, uint32_t position, uint32_t count)
{
	struct round *x = &s->round[r];
	make_room(s, x, x->length + count);
	size_t moved = x->length - position;
	memmove(x->visit + position + count, x->visit + position, moved * sizeof *x->visit);
	if (s->v->has_time) {
		memmove(x->ready + position + count, x->ready + position, moved * sizeof *x->ready);
		memmove(x->late + position + count, x->late + position, moved * sizeof *x->late);
	}
	x->length += count;
}

static uint32_t new_round(struct rounds *s)
{
	if (s->empties)
		return s->empty[--s->empties];
	return (uint32_t)s->count++;
}

static void drop_absent(struct rounds *s, uint32_t stop)
{
	size_t n = 0;
	while (s->absent[n] != stop)
		n++;
	s->absent[n] = s->absent[--s->absents];
	s->cost -= rounds_penalty(s, stop);
}

/* One visit more in a round of one trip needs not all of it gone through again; what that rounds off is gone with
 * the next visit taken out. */
static bool insert_settled(struct rounds *s, struct round *x, uint32_t p)
{
	const struct vrp *v = s->v;
	const struct vehicle *b = &v->vehicles[x->type];
	if (x->is_touched || x->trips > 1 || v->has_releases || v->rules)
		return false;
	uint32_t stop = x->visit[p], prev = p ? x->visit[p - 1] : b->depot;
	uint32_t next = p + 1 < x->length ? x->visit[p + 1] : b->depot;
	x->km += vrp_km(v, prev, stop) + vrp_km(v, stop, next) - vrp_km(v, prev, next);
	for (size_t d = 0; d < v->dims; d++)
		x->load[d] += v->load[stop * v->dims + d];
	x->needs |= v->needs[stop];
	double cost = b->fixed + b->per_km * x->km;
	s->cost += cost - x->cost;
	x->cost = cost;
	if (v->has_time)
		round_insert_times(v, x, p);
	return true;
}

void rounds_insert(struct rounds *s, uint32_t stop, const struct spot *spot)
{
	uint32_t r = spot->way == WAY_ROUND ? new_round(s) : spot->round;
	struct round *x = &s->round[r];
	keep(s, r);
	if (!x->length || x->type != spot->type)
		set_type(s, x, spot->type);
	uint32_t depot = s->v->vehicles[spot->type].depot, position = spot->position, more = 1;
	switch (spot->way) {
	case WAY_ROUND:
		position = 0;
		open_gap(s, r, 0, 1);
		x->visit[0] = stop;
		x->is_touched = true;
		break;
	case WAY_VISIT:
		open_gap(s, r, position, 1);
		x->visit[position] = stop;
		x->is_touched = !insert_settled(s, x, position);
		break;
	case WAY_TRIP_FIRST:
		position = 0;
		more = 2;
		open_gap(s, r, 0, 2);
		x->visit[0] = stop;
		x->visit[1] = depot;
		x->is_touched = true;
		break;
	case WAY_TRIP:
		more = 2;
		open_gap(s, r, position, 2);
		x->visit[position] = depot;
		x->visit[position + 1] = stop;
		x->is_touched = true;
		break;
	}
	index_visits(s, r, position);
	link_visits(s, r, position ? position - 1 : 0, position + more + 1);
	drop_absent(s, stop);
}

void rounds_remove(struct rounds *s, uint32_t r, uint32_t position, uint32_t count)
{
	struct round *x = &s->round[r];
	keep(s, r);
	uint32_t type = x->type, end = position, changed = position + 1;
	for (uint32_t p = position; p < position + count; p++) {
		uint32_t stop = x->visit[p];
		if (vrp_is_depot(s->v, stop)) {
			x->visit[end++] =
				stop; /* what is left of its two trips may not fit in one */
			continue;
		}
		leave(s, stop, ROUNDS_ABSENT);
		s->absent[s->absents++] = stop;
		s->cost += rounds_penalty(s, stop);
	}
	memmove(x->visit + end, x->visit + position + count,
		(x->length - position - count) * sizeof *x->visit);
	x->length -= position + count - end;
	if (s->v->has_trips) {
		round_drop_idle_trips(s->v, x);
		position = 0;
		changed = x->length;
	}
	if (!x->length) {
		if (s->v->vehicles[type].count != VRP_UNLIMITED)
			s->left[type]++;
		s->empty[s->empties++] = r;
	}
	x->is_touched = true;
	index_visits(s, r, position);
	link_visits(s, r, position ? position - 1 : 0, changed);
}

void rounds_settle(struct rounds *s)
{
	for (size_t n = 0; n < s->kepts; n++) {
		struct round *x = &s->round[s->kept[n].round];
		if (!x->is_touched)
			continue;
		double cost = x->cost;
		round_settle(s->v, x);
		s->cost += x->cost - cost;
		x->is_touched = false;
	}
}

static void retype_weekly(struct rounds *s)
{
	for (size_t n = 0; n < s->kepts; n++) {
		struct round *x = &s->round[s->kept[n].round];
		uint32_t type = weekly_type(s, x);
		if (type == x->type)
			continue;
		double cost = x->cost;
		set_type(s, x, type);
		round_settle(s->v, x);
		s->cost += x->cost - cost;
	}
}

/* Only where vehicles differ in nothing that hours or unloadings depend on. */
static void retype(struct rounds *s, struct round *x)
{
	const struct vrp *v = s->v;
	uint32_t best = x->type;
	double least = x->cost;
	for (uint32_t t = 0; x->length && x->trips == 1 && t < v->types; t++) {
		const struct vehicle *b = &v->vehicles[t];
		double cost = b->fixed + b->per_km * x->km;
		if (cost < least && s->left[t] > 0 && b->depot == v->vehicles[x->type].depot &&
			round_can_drive(v, x, b)) {
			least = cost;
			best = t;
		}
	}
	if (best == x->type)
		return;
	set_type(s, x, best);
	s->cost += least - x->cost;
	x->cost = least;
}

static bool may_retype(const struct vrp *v)
{
	return v->types > 1 && !v->has_time && !v->rules;
}

void rounds_retype(struct rounds *s)
{
	if (s->v->rules)
		retype_weekly(s);
	for (size_t n = 0; may_retype(s->v) && n < s->kepts; n++)
		retype(s, &s->round[s->kept[n].round]);
}

void rounds_retype_all(struct rounds *s)
{
	for (size_t r = 0; may_retype(s->v) && r < s->count; r++)
		retype(s, &s->round[r]);
}

static void restore(struct rounds *s, const struct kept *k)
{
	struct round *x = &s->round[k->round];
	const struct kept_visit *from = s->visits + k->first;
	struct round old = k->old;
	old.visit = x->visit;
	old.ready = x->ready;
	old.late = x->late;
	old.room = x->room;
	old.is_kept = old.is_touched = false;
	*x = old;
	for (uint32_t p = 0; p < x->length; p++) {
		uint32_t at = x->visit[p] = from[p].place;
		s->where[at] = (struct where){k->round, p};
		s->prev[at] = from[p].prev;
		s->next[at] = from[p].next;
	}
	for (uint32_t p = 0; s->v->has_time && p < x->length; p++) {
		x->ready[p] = from[p].ready;
		x->late[p] = from[p].late;
	}
}

void rounds_rollback(struct rounds *s)
{
	const struct vehicle *vehicles = s->v->vehicles;
	for (size_t n = s->kepts; n--;) {
		const struct kept *k = &s->kept[n];
		struct round *x = &s->round[k->round];
		if (x->length && vehicles[x->type].count != VRP_UNLIMITED)
			s->left[x->type]++;
		restore(s, k);
		if (x->length && vehicles[x->type].count != VRP_UNLIMITED)
			s->left[x->type]--;
	}
	s->empties = s->old_empties;
	memcpy(s->empty, s->old_empty, s->empties * sizeof *s->empty);
	s->count = s->old_count;
	s->absents = s->old_absents;
	memcpy(s->absent, s->old_absent, s->absents * sizeof *s->absent);
	for (size_t n = 0; n < s->absents; n++)
		leave(s, s->absent[n], ROUNDS_ABSENT);
	s->cost = s->old_cost;
	s->kepts = 0;
}

void rounds_add(struct rounds *s, uint32_t type, const uint32_t *visit, uint32_t length)
{
	uint32_t r = new_round(s);
	struct round *x = &s->round[r];
	make_room(s, x, length);
	x->length = 0;
	set_type(s, x, type);
	memcpy(x->visit, visit, length * sizeof *visit);
	x->length = length;
	index_visits(s, r, 0);
	link_visits(s, r, 0, length);
	for (uint32_t p = 0; p < length; p++)
		if (!vrp_is_depot(s->v, visit[p]))
			drop_absent(s, visit[p]);
	round_settle(s->v, x);
	s->cost += x->cost;
}

void rounds_clear(struct rounds *s)
{
	const struct vrp *v = s->v;
	for (size_t i = v->depots; i < v->places; i++)
		leave(s, (uint32_t)i, ROUNDS_OTHERS);
	s->count = s->empties = s->absents = s->kepts = 0;
	s->cost = 0;
	for (size_t t = 0; t < v->types; t++)
		s->left[t] = v->vehicles[t].count;
	for (size_t r = 0; r < s->room; r++) {
		struct round *x = &s->round[r];
		*x = (struct round){
			.room = x->room, .visit = x->visit, .ready = x->ready, .late = x->late};
	}
}

void rounds_admit(struct rounds *s, uint32_t stop)
{
	leave(s, stop, ROUNDS_ABSENT);
	s->absent[s->absents++] = stop;
	s->cost += rounds_penalty(s, stop);
}
