#include "itinerary.h"

#include <stdlib.h>
#include <string.h>

const char *const halt_words[] = {"start", "pickup", "unload", "end"};

static const double TOLERANCE = 1e-6;

struct trial {
	struct arena *a;
	const struct collection *c;
	const struct outing *outing;
	size_t rank; /* from 1 */
	struct err *e;
};

static bool refuse(const struct trial *t, size_t pickup, const char *rule)
{
	if (pickup == UNLOADING)
		return err_set(t->e, ERR_INFEASIBLE, "tournée %zu : %s", t->rank, rule);
	return err_set(t->e, ERR_INFEASIBLE, "tournée %zu, collecte « %s » : %s", t->rank,
		t->c->pickup[pickup].id, rule);
}

static bool judge_visit(const struct trial *t, const struct visit *v, double *aboard)
{
	const struct carrier *b = &t->c->carrier[t->outing->carrier];
	if (v->pickup >= t->c->pickups || v->number >= t->c->pickup[v->pickup].visits)
		return refuse(t, UNLOADING, "passage inconnu");
	const struct pickup *p = &t->c->pickup[v->pickup];
	if (p->skills & ~b->skills)
		return refuse(t, v->pickup, "le véhicule n’a pas l’équipement qu’il faut");
	if (p->flows & ~b->flows)
		return refuse(t, v->pickup, "le véhicule ne prend pas ce flux");
	if (!(p->hubs >> b->hub & 1))
		return refuse(t, v->pickup, "ce dépôt ne la reçoit pas");
	for (size_t d = 0; d < CARGO_DIMS; d++) {
		aboard[d] += p->cargo[d];
		if (aboard[d] > b->capacity[d] + TOLERANCE * (1 + b->capacity[d]))
			return refuse(t, v->pickup, "la charge dépasse la capacité du véhicule");
	}
	return true;
}

/* The hub, what is visited, the hub. */
static bool list_halts(const struct trial *t, struct halt *halt, struct call *call, size_t *trips)
{
	const struct collection *c = t->c;
	const struct outing *x = t->outing;
	size_t hub = c->carrier[x->carrier].hub;
	const struct locale *home = &c->place[hub];
	double aboard[CARGO_DIMS] = {0};
	*trips = 1;
	halt[0] = (struct halt){.kind = HALT_START, .place = hub, .trip = 1};
	call[0] = (struct call){hub, &home->hours, 0};
	for (size_t n = 0; n < x->length; n++) {
		const struct visit *v = &x->visit[n];
		struct halt *h = &halt[n + 1];
		h->trip = *trips;
		if (v->pickup == UNLOADING) {
			if (!n || n + 1 == x->length || x->visit[n - 1].pickup == UNLOADING)
				return refuse(t, UNLOADING, "déchargement sans collecte");
			*h = (struct halt){.kind = HALT_UNLOAD, .place = hub, .trip = (*trips)++};
			call[n + 1] = (struct call){hub, &home->hours, home->unload_h};
			memset(aboard, 0, sizeof aboard);
			continue;
		}
		if (!judge_visit(t, v, aboard))
			return false;
		const struct pickup *p = &c->pickup[v->pickup];
		h->kind = HALT_PICKUP;
		h->place = p->place;
		h->visit = *v;
		memcpy(h->aboard, aboard, sizeof aboard);
		call[n + 1] = (struct call){p->place, &p->hours, p->service_h};
	}
	halt[x->length + 1] = (struct halt){.kind = HALT_END, .place = hub, .trip = *trips};
	call[x->length + 1] = (struct call){hub, &home->hours, home->unload_h};
	return true;
}

static bool refuse_fault(const struct trial *t, enum fault fault, const struct halt *halt)
{
	size_t pickup = halt->kind == HALT_PICKUP ? halt->visit.pickup : UNLOADING;
	switch (fault) {
	case FAULT_NONE: return true;
	case FAULT_NO_WAY: return refuse(t, pickup, "aucun chemin n’y mène");
	case FAULT_WINDOW: return refuse(t, pickup, "le véhicule arrive après la fermeture");
	case FAULT_SHIFT: return refuse(t, UNLOADING, "le véhicule rentre trop tard");
	case FAULT_DRIVING:
		return refuse(t, UNLOADING, "plus de conduite que la journée n’en permet");
	}
	return true;
}

static bool judge_outing(const struct trial *t, struct outing_sums *out)
{
	const struct collection *c = t->c;
	const struct carrier *b = &c->carrier[t->outing->carrier];
	size_t count = t->outing->length + 2, where;
	struct halt *halt = arena_array(t->a, struct halt, count);
	struct call *call = arena_array(t->a, struct call, count);
	struct timing timing;
	*out = (struct outing_sums){.outing = t->outing, .halts = count, .halt = halt};
	if (!t->outing->length)
		return refuse(t, UNLOADING, "aucune collecte");
	if (t->outing->length > DAY_STOPS_MAX)
		return refuse(t, UNLOADING, "plus d’arrêts qu’une journée n’en a");
	if (!(b->days >> t->outing->day & 1))
		return refuse(t, UNLOADING, "le véhicule ne roule pas ce jour-là");
	if (!list_halts(t, halt, call, &out->trips))
		return false;
	if (out->trips > (size_t)b->trips)
		return refuse(t, UNLOADING, "plus de voyages que ce véhicule n’en fait");
	enum fault fault = timing_make(t->a, c, b, t->outing->day, call, count, &timing, &where);
	if (fault != FAULT_NONE)
		return refuse_fault(t, fault, &halt[where]);
	for (size_t k = 0; k < count; k++) {
		const struct hour *h = &timing.hour[k];
		halt[k].at = (struct hour){itinerary_clean(h->arrive), itinerary_clean(h->begin),
			itinerary_clean(h->leave)};
		for (size_t d = 0; d < CARGO_DIMS; d++)
			halt[k].aboard[d] = itinerary_clean(halt[k].aboard[d]);
		if (!k)
			continue;
		halt[k].km = itinerary_clean(collection_km(c, halt[k - 1].place, halt[k].place));
		halt[k].driving =
			itinerary_clean(collection_hours(c, halt[k - 1].place, halt[k].place));
		out->km += halt[k].km;
		out->driving += halt[k].driving;
	}
	for (size_t n = 0; n < timing.pauses; n++) {
		timing.pause[n].begin = itinerary_clean(timing.pause[n].begin);
		timing.pause[n].end = itinerary_clean(timing.pause[n].end);
	}
	out->pause = timing.pause;
	out->pauses = timing.pauses;
	out->km = itinerary_clean(out->km);
	out->driving = itinerary_clean(out->driving);
	out->leave = halt[0].at.leave;
	out->back = halt[count - 1].at.leave;
	/* Money by the hours as they are, not as they are shown: a third of an hour costs a third. */
	double hours = timing.hour[count - 1].leave - timing.hour[0].leave;
	out->hours = itinerary_clean(hours);
	out->eur = (struct cost_parts){b->eur_day, itinerary_clean(b->eur_km * out->km),
		itinerary_clean(b->eur_h * hours),
		itinerary_clean(b->eur_overtime_h * fmax(0, hours - b->overtime_after))};
#define ADD(part) out->cost += out->eur.part;
	COST_PARTS(ADD)
#undef ADD
	out->cost = itinerary_clean(out->cost);
	return true;
}

/* Which of its kind each vehicle is, and that there are so many. */
static bool judge_fleet(const struct collection *c, struct itinerary *it, struct err *e)
{
	for (size_t n = 0; n < it->rounds; n++) {
		const struct outing *x = it->round[n].outing;
		it->round[n].number = 1;
		for (size_t m = 0; m < n; m++)
			it->round[n].number += it->round[m].outing->carrier == x->carrier &&
					       it->round[m].outing->day == x->day;
		if (it->round[n].number > (size_t)c->carrier[x->carrier].count)
			return err_set(e, ERR_INFEASIBLE,
				"%s : %zu tournées du véhicule « %s », il n’y en a que %d",
				c->day[x->day], it->round[n].number, c->carrier[x->carrier].id,
				c->carrier[x->carrier].count);
	}
	return true;
}

/* Each visit once, and those of a pick-up far enough apart. */
static bool judge_visits(struct arena *a, struct itinerary *it, struct err *e)
{
	const struct collection *c = it->c;
	size_t all = 0, base = 0;
	for (size_t i = 0; i < c->pickups; i++)
		all += c->pickup[i].visits;
	size_t *first = arena_array(a, size_t, c->pickups + 1);
	for (size_t i = 0; i < c->pickups; i++)
		first[i + 1] = first[i] + c->pickup[i].visits;
	size_t *day = arena_array(a, size_t, all + 1); /* from 1; 0: not visited */
	it->unserved = arena_array(a, struct visit, all + 1);
	for (size_t n = 0; n < it->rounds; n++) {
		const struct outing *x = it->round[n].outing;
		for (size_t k = 0; k < x->length; k++) {
			if (x->visit[k].pickup == UNLOADING)
				continue;
			size_t at = first[x->visit[k].pickup] + x->visit[k].number;
			if (day[at])
				return err_set(e, ERR_INFEASIBLE,
					"tournée %zu, collecte « %s » : passage %zu fait deux fois",
					n + 1, c->pickup[x->visit[k].pickup].id,
					x->visit[k].number + 1);
			day[at] = x->day + 1;
			it->visits++;
		}
	}
	for (size_t i = 0; i < c->pickups; base += c->pickup[i++].visits)
		for (size_t k = 0; k < c->pickup[i].visits; k++) {
			const struct pickup *p = &c->pickup[i];
			size_t one = day[base + k];
			if (!one) {
				it->unserved[it->unserved_count++] = (struct visit){i, k};
				it->is_complete &= !isinf(p->penalty);
				it->penalties += isinf(p->penalty) ? 0 : p->penalty;
			}
			for (size_t m = 0; one && m < k; m++) {
				size_t other = day[base + m];
				if (other &&
					collection_days_between(c, one - 1, other - 1) < p->gap)
					return err_set(e, ERR_INFEASIBLE,
						"collecte « %s » : passages %s et %s à moins de "
						"%zu jours",
						p->id, c->day[other - 1], c->day[one - 1], p->gap);
			}
		}
	return true;
}

bool itinerary_make(struct arena *a, const struct collection *c, const struct outing *outings,
	size_t count, struct itinerary *out, struct err *e)
{
	*out = (struct itinerary){.c = c,
		.rounds = count,
		.round = arena_array(a, struct outing_sums, count + 1),
		.units = arena_array(a, double, c->flows),
		.is_complete = true};
	for (size_t n = 0; n < count; n++) {
		struct trial t = {a, c, &outings[n], n + 1, e};
		struct outing_sums *s = &out->round[n];
		if (!judge_outing(&t, s))
			return false;
		out->km += s->km;
		out->hours += s->hours;
		out->driving += s->driving;
		out->cost += s->cost;
#define ADD(part) out->eur.part += s->eur.part;
		COST_PARTS(ADD)
#undef ADD
		for (size_t k = 0; k < outings[n].length; k++) {
			size_t i = outings[n].visit[k].pickup;
			for (size_t d = 0; i != UNLOADING && d < CARGO_DIMS; d++)
				out->cargo[d] += c->pickup[i].cargo[d];
			for (size_t l = 0; i != UNLOADING && l < c->pickup[i].lots; l++)
				out->units[c->pickup[i].lot[l].flow] += c->pickup[i].lot[l].units;
		}
	}
	if (!judge_visits(a, out, e) || !judge_fleet(c, out, e))
		return false;
	out->cost = itinerary_clean(out->cost + out->penalties);
	return true;
}

struct place_of_outing {
	const struct collection *c;
	const struct outing *outing;
};

static int by_reading(const void *x, const void *y)
{
	const struct place_of_outing *p = x, *q = y;
	const struct carrier *b = &p->c->carrier[p->outing->carrier],
			     *d = &q->c->carrier[q->outing->carrier];
	if (p->outing->day != q->outing->day)
		return p->outing->day < q->outing->day ? -1 : 1;
	if (b->hub != d->hub)
		return b->hub < d->hub ? -1 : 1;
	if (b != d)
		return b < d ? -1 : 1;
	const struct visit *v = p->outing->visit, *w = q->outing->visit;
	if (v->pickup != w->pickup)
		return v->pickup < w->pickup ? -1 : 1;
	return v->number < w->number ? -1 : v->number > w->number;
}

void itinerary_sort(
	struct arena *a, const struct collection *c, struct outing *outings, size_t count)
{
	struct place_of_outing *list = arena_array(a, struct place_of_outing, count + 1);
	struct outing *sorted = arena_array(a, struct outing, count + 1);
	for (size_t n = 0; n < count; n++)
		list[n] = (struct place_of_outing){c, &outings[n]};
	qsort(list, count, sizeof *list, by_reading);
	for (size_t n = 0; n < count; n++)
		sorted[n] = *list[n].outing;
	memcpy(outings, sorted, count * sizeof *sorted);
}

double itinerary_empties(const struct itinerary *it, const struct outing_sums *s, size_t trip)
{
	double empties = 0;
	for (size_t k = 0; k < s->halts; k++)
		if (s->halt[k].kind == HALT_PICKUP && s->halt[k].trip == trip)
			empties += it->c->pickup[s->halt[k].visit.pickup].cargo[CARGO_SKIPS];
	return empties;
}
