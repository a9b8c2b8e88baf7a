#include "absence.h"

#include "text.h"
#include "weekly.h"

#include <string.h>

const char *absence_hour(struct arena *a, double hour)
{
	int minutes = (int)round(hour * 60);
	return arena_printf(a, "%d h %02d", minutes / 60, minutes % 60);
}

static const char *money(struct arena *a, double eur)
{
	return arena_printf(a, "%s €", text_french_number(a, eur, 2));
}

/* How far a vehicle on a day comes with this visit by itself, the nearest last. */
enum lack { LACK_FLEET, LACK_WAY, LACK_ROOM, LACK_SKILL, LACK_WINDOW, LACK_DRIVING, LACK_NOTHING };

struct trial {
	struct arena *a;
	const struct collection *c;
	const struct pickup *p;
	const struct posing *posing;
	const struct rounds *rounds;
	size_t made; /* visits of the same pick-up that are planned */
	struct absence *out;
};

static void add(struct trial *t, const char *kind, double value, const char *text)
{
	if (t->out->remedies < REMEDIES_MAX)
		t->out->remedy[t->out->remedies++] = (struct remedy){kind, text, value};
}

static bool has_room(const struct carrier *b, const struct pickup *p)
{
	for (size_t d = 0; d < CARGO_DIMS; d++)
		if (p->cargo[d] > b->capacity[d])
			return false;
	return true;
}

static bool has_skill(const struct carrier *b, const struct pickup *p)
{
	return !(p->skills & ~b->skills) && !(p->flows & ~b->flows);
}

/* There, the visit, back, by these hours of the point and of the hub. */
static enum fault try_alone(const struct trial *t, const struct carrier *b, size_t day,
	const struct timetable *hours, const struct timetable *home, struct timing *timing)
{
	struct call call[] = {{b->hub, home, 0}, {t->p->place, hours, t->p->service_h},
		{b->hub, home, t->c->place[b->hub].unload_h}};
	size_t where;
	return timing_make(t->a, t->c, b, day, call, 3, timing, &where);
}

/* It works that day for a hub that takes it, and the point is open. */
static bool runs(const struct trial *t, const struct carrier *b, size_t day)
{
	const struct pickup *p = t->p;
	return b->count && b->days >> day & 1 && p->hubs >> b->hub & 1 &&
	       p->hours.first[day] < p->hours.first[day + 1];
}

static enum lack lack_of(const struct trial *t, const struct carrier *b, size_t day)
{
	const struct pickup *p = t->p;
	struct opening span;
	const struct timetable *home = &t->c->place[b->hub].hours;
	if (!runs(t, b, day) || !timetable_span(home, day, &span))
		return LACK_FLEET;
	enum fault fault = try_alone(t, b, day, &p->hours, home, NULL);
	if (fault == FAULT_NO_WAY)
		return LACK_WAY;
	if (!has_room(b, p))
		return LACK_ROOM;
	if (!has_skill(b, p))
		return LACK_SKILL;
	switch (fault) {
	case FAULT_DRIVING: return LACK_DRIVING;
	case FAULT_WINDOW:
	case FAULT_SHIFT: return LACK_WINDOW;
	case FAULT_NO_WAY:
	case FAULT_NONE: break;
	}
	return LACK_NOTHING;
}

static double minute_after(double hour)
{
	return ceil(hour * 60 - 1e-6) / 60;
}

/* Whose hours are made longer, the vehicle's and its hub's, so that the visit can be made; the soonest end. */
struct longer {
	bool shift, hub;
	double from, until;
	size_t day, carrier;
};

static struct longer make_longer(const struct trial *t, bool shift, bool hub)
{
	const struct collection *c = t->c;
	struct longer best = {shift, hub, 0, INFINITY, 0, 0};
	for (size_t n = 0; n < c->carriers; n++)
		for (size_t day = 0; day < c->days; day++) {
			struct carrier b = c->carrier[n];
			struct timing timing;
			struct timetable all = timetable_on(t->a, c->days, day, 0, 24);
			const struct timetable *home = hub ? &all : &c->place[b.hub].hours;
			b.end = shift ? 24 : b.end;
			if (!runs(t, &b, day) || !has_room(&b, t->p) || !has_skill(&b, t->p) ||
				try_alone(t, &b, day, &t->p->hours, home, &timing) != FAULT_NONE)
				continue;
			double until = minute_after(timing.hour[2].leave);
			if (until < best.until)
				best = (struct longer){shift, hub,
					floor(timing.hour[0].leave * 60 + 1e-6) / 60, until, day,
					n};
		}
	return best;
}

static bool tell_longer(struct trial *t, bool shift, bool hub)
{
	const struct collection *c = t->c;
	struct longer x = make_longer(t, shift, hub);
	if (isinf(x.until))
		return false;
	const struct carrier *b = &c->carrier[x.carrier];
	const char *day = c->day[x.day], *home = c->place[b->hub].name,
		   *from = absence_hour(t->a, x.from), *until = absence_hour(t->a, x.until);
	const char *text =
		!hub     ? arena_printf(t->a,
				   "%s : le véhicule « %s » du dépôt « %s » au travail jusqu’à %s", day,
				   b->name, home, until)
		: !shift ? arena_printf(t->a, "%s : le dépôt « %s » ouvert de %s à %s", day, home,
				   from, until)
			 : arena_printf(t->a,
				   "%s : le dépôt « %s » ouvert et son véhicule « %s » au travail "
				   "jusqu’à %s",
				   day, home, b->name, until);
	add(t, shift ? "shift" : "hub", x.until, text);
	return true;
}

static void tell_fleet(struct trial *t)
{
	const struct pickup *p = t->p;
	t->out->reason = "no_fleet";
	if (!p->hours.first[t->c->days]) {
		t->out->reason = "window";
		const struct opening *r = p->hours.reversed;
		t->out->text =
			r ? arena_printf(t->a, "sa fenêtre ferme à %s avant d’ouvrir à %s",
				    absence_hour(t->a, r->close), absence_hour(t->a, r->open))
			  : "il n’est ouvert aucun jour";
		return;
	}
	for (size_t n = 0; n < t->c->carriers; n++)
		for (size_t day = 0; day < t->c->days; day++) {
			const struct carrier *b = &t->c->carrier[n];
			if (!runs(t, b, day))
				continue;
			t->out->text = arena_printf(t->a,
				"le dépôt « %s » est fermé les jours où un véhicule pourrait y "
				"aller",
				t->c->place[b->hub].name);
			if (!tell_longer(t, false, true))
				tell_longer(t, true, true);
			return;
		}
	t->out->text =
		t->c->carriers
			? "aucun véhicule ne roule les jours où il est ouvert, d’un dépôt qui "
			  "le reçoit"
			: "la flotte est vide";
	add(t, "vehicle", 1, "un véhicule un jour où il est ouvert, d’un dépôt qui le reçoit");
}

/* The dimension in which the largest vehicle lacks most. */
static void tell_room(struct trial *t)
{
	const struct collection *c = t->c;
	const struct pickup *p = t->p;
	t->out->reason = "capacity";
	for (size_t d = 0; d < CARGO_DIMS; d++) {
		double most = 0;
		for (size_t n = 0; n < c->carriers; n++)
			if (c->carrier[n].count && p->hubs >> c->carrier[n].hub & 1)
				most = fmax(most, c->carrier[n].capacity[d]);
		if (p->cargo[d] <= most)
			continue;
		const char *need = cargo_text(t->a, (enum cargo)d, p->cargo[d]);
		t->out->text =
			arena_printf(t->a, "il demande %s, aucun véhicule ne prend plus de %s",
				need, cargo_text(t->a, (enum cargo)d, most));
		add(t, "capacity", p->cargo[d],
			arena_printf(
				t->a, "un véhicule qui prenne %s, ou plusieurs passages", need));
		return;
	}
	t->out->text = "aucun véhicule ne prend à la fois son poids, son volume et ses contenants";
	add(t, "capacity", p->cargo[CARGO_VOLUME], "un véhicule qui prenne le tout");
}

/* The names of some flows, one after the other. */
static const char *flow_names(const struct trial *t, uint32_t flows)
{
	const char *names = "";
	for (size_t k = 0; k < t->c->flows; k++)
		if (flows >> k & 1)
			names = arena_printf(
				t->a, "%s%s%s", names, *names ? ", " : "", t->c->flow[k].name);
	return names;
}

/* What no vehicle has that is large enough, of the hubs that take it: a flow, a skill, or all of it together. */
static void tell_skill(struct trial *t)
{
	const struct collection *c = t->c;
	const struct pickup *p = t->p;
	t->out->reason = "skill";
	uint32_t skills = p->skills, flows = p->flows;
	for (size_t n = 0; n < c->carriers; n++) {
		const struct carrier *b = &c->carrier[n];
		if (!b->count || !(p->hubs >> b->hub & 1) || !has_room(b, p))
			continue;
		skills &= ~b->skills;
		flows &= ~b->flows;
	}
	if (flows) {
		const char *names = flow_names(t, flows);
		t->out->text =
			arena_printf(t->a, "aucun véhicule assez grand ne prend : %s", names);
		add(t, "skill", 1, arena_printf(t->a, "un véhicule qui prenne : %s", names));
		return;
	}
	for (size_t k = 0; k < c->skills; k++)
		if (skills >> k & 1) {
			t->out->text = arena_printf(t->a,
				"aucun véhicule assez grand n’a ce qu’il faut : %s", c->skill[k]);
			add(t, "skill", 1, arena_printf(t->a, "un véhicule avec %s", c->skill[k]));
			return;
		}
	t->out->text = "aucun véhicule assez grand n’a tout ce qu’il faut à la fois";
	add(t, "skill", 1, "un véhicule qui ait tout ce qu’il faut, pour ses flux");
}

/* The least that the point would have to be open for longer. */
static void tell_opening(struct trial *t)
{
	const struct collection *c = t->c;
	const struct pickup *p = t->p;
	double close = INFINITY;
	size_t close_day = 0;
	for (size_t n = 0; n < c->carriers; n++)
		for (size_t day = 0; day < c->days; day++) {
			const struct carrier *b = &c->carrier[n];
			const struct timetable *home = &c->place[b->hub].hours;
			struct opening span;
			if (lack_of(t, b, day) != LACK_WINDOW)
				continue;
			/* Back as early as can be, so there as early as can be: what is left is when. */
			double open = p->hours.opening[p->hours.first[day]].open, leave = b->start;
			if (timetable_span(home, day, &span))
				leave = fmax(leave, span.open);
			double at = minute_after(
				fmax(leave + collection_hours(c, b->hub, p->place), open) +
				p->service_h);
			struct timetable just = timetable_on(t->a, c->days, day, open, at);
			if (at < close && at <= 24 &&
				try_alone(t, b, day, &just, home, NULL) == FAULT_NONE) {
				close = at;
				close_day = day;
			}
		}
	if (!isinf(close))
		add(t, "window", close,
			arena_printf(t->a, "%s : une ouverture jusqu’à %s", c->day[close_day],
				absence_hour(t->a, close)));
}

/* Whose hours would have to be longer: the point's, the vehicle's, the hub's; or both of the last. */
static void tell_window(struct trial *t)
{
	t->out->reason = "window";
	t->out->text =
		"aucun véhicule n’y travaille dans ses heures d’ouverture et n’est rentré à temps";
	tell_opening(t);
	bool shift = tell_longer(t, true, false), hub = tell_longer(t, false, true);
	if (!shift && !hub)
		tell_longer(t, true, true);
}

static void tell_driving(struct trial *t)
{
	const struct collection *c = t->c;
	double least = INFINITY;
	for (size_t n = 0; n < c->carriers; n++)
		for (size_t day = 0; day < c->days; day++)
			if (lack_of(t, &c->carrier[n], day) == LACK_DRIVING)
				least = fmin(
					least, collection_hours(c, c->carrier[n].hub, t->p->place) +
						       collection_hours(
							       c, t->p->place, c->carrier[n].hub));
	t->out->reason = "driving";
	t->out->text = arena_printf(t->a,
		"l’aller et retour demande %s de conduite, plus que les %s d’une journée",
		absence_hour(t->a, least), absence_hour(t->a, c->driving.most));
	add(t, "driving", least,
		arena_printf(t->a, "un dépôt plus proche, ou un relais : %s de conduite",
			absence_hour(t->a, least)));
}

/* Every day that it could be made is too near to another visit. */
static void tell_spread(struct trial *t)
{
	size_t gap = t->p->gap;
	t->out->reason = "spread";
	if (gap == 1) {
		t->out->text = "chaque jour où l’on peut y passer a déjà son passage";
		add(t, "visits", (double)t->made,
			arena_printf(t->a, "%zu passage%s, qui %s davantage", t->made,
				t->made > 1 ? "s" : "", t->made > 1 ? "emportent" : "emporte"));
		return;
	}
	t->out->text = arena_printf(t->a,
		"les jours où l’on peut y passer sont à moins de %zu jours d’un autre passage",
		gap);
	add(t, "gap", (double)gap - 1,
		arena_printf(t->a, "des passages écartés de %zu jour%s seulement", gap - 1,
			gap > 2 ? "s" : ""));
}

/* It could be made: what the plan as it stands has against it. */
static void tell_price(struct trial *t, uint32_t stop)
{
	const struct vrp *v = &t->posing->vrp;
	uint32_t free = weekly_free_days(t->rounds, stop);
	double dearest = weekly_cheapest(t->rounds, stop), least = INFINITY;
	uint32_t type = 0;
	for (uint32_t n = 0; n < v->types; n++) {
		double alone = v->rules->alone[stop * v->types + n];
		if (free >> v->vehicles[n].day & 1 && alone < least) {
			least = alone;
			type = n;
		}
	}
	const struct kind *k = &t->posing->kind[type];
	const struct carrier *b = &t->c->carrier[k->carrier];
	if (isinf(least)) {
		tell_spread(t);
		return;
	}
	if (!isinf(dearest) && !isinf(t->p->penalty)) {
		dearest = (floor(dearest * 100 + 1e-6) + 1) / 100; /* a cent more than it costs */
		t->out->reason = "price";
		t->out->text = arena_printf(t->a,
			"le laisser coûte %s, le servir au moins cher %s de plus dans ce plan",
			money(t->a, t->p->penalty), money(t->a, dearest));
		add(t, "price", dearest, arena_printf(t->a, "un prix de %s", money(t->a, dearest)));
		return;
	}
	t->out->reason = "fleet";
	t->out->text = "un véhicule pourrait y passer, mais tous sont pris ou pleins";
	add(t, "vehicle", least,
		arena_printf(t->a,
			"%s : un véhicule « %s » de plus au dépôt « %s », %s pour lui seul",
			t->c->day[k->day], b->name, t->c->place[b->hub].name, money(t->a, least)));
	if (!isinf(dearest))
		add(t, "price", dearest,
			arena_printf(t->a, "une place dans ce plan, pour %s de plus",
				money(t->a, dearest)));
}

/* The plan as the search has it, to try places in. */
static void load_rounds(struct arena *a, const struct collection *c, const struct itinerary *it,
	const struct posing *p, struct rounds *s)
{
	const struct vrp *v = &p->vrp;
	size_t *first = arena_array(a, size_t, c->pickups + 1);
	uint32_t *stop = arena_array(a, uint32_t, it->visits + it->unserved_count + 1);
	for (size_t i = 0; i < c->pickups; i++)
		first[i + 1] = first[i] + c->pickup[i].visits;
	for (uint32_t i = (uint32_t)v->depots; i < v->places; i++)
		stop[first[p->visit[i].pickup] + p->visit[i].number] = i;
	rounds_init(s, a, v);
	for (size_t n = 0; n < it->rounds; n++) {
		const struct outing *x = it->round[n].outing;
		uint32_t type = 0, *visit = arena_array(a, uint32_t, x->length);
		while (p->kind[type].carrier != x->carrier || p->kind[type].day != x->day)
			type++;
		for (size_t k = 0; k < x->length; k++)
			visit[k] = x->visit[k].pickup == UNLOADING
					   ? v->vehicles[type].depot
					   : stop[first[x->visit[k].pickup] + x->visit[k].number];
		rounds_add(s, type, visit, (uint32_t)x->length);
	}
}

static uint32_t stop_of(const struct posing *p, const struct visit *x)
{
	uint32_t i = (uint32_t)p->vrp.depots;
	while (i < p->vrp.places &&
		(p->visit[i].pickup != x->pickup || p->visit[i].number != x->number))
		i++;
	return i;
}

struct absence *absence_explain(
	struct arena *a, const struct collection *c, const struct itinerary *it)
{
	struct absence *list = arena_array(a, struct absence, it->unserved_count + 1);
	struct posing posing;
	struct rounds rounds;
	if (!it->unserved_count)
		return list;
	posing_make(a, c, &posing);
	load_rounds(a, c, it, &posing, &rounds);
	for (size_t n = 0; n < it->unserved_count; n++) {
		const struct visit *x = &it->unserved[n];
		struct trial t = {a, c, &c->pickup[x->pickup], &posing, &rounds,
			c->pickup[x->pickup].visits, &list[n]};
		for (size_t k = 0; k < it->unserved_count; k++)
			t.made -= it->unserved[k].pickup == x->pickup;
		enum lack best = LACK_FLEET;
		for (size_t k = 0; k < c->carriers; k++)
			for (size_t day = 0; day < c->days; day++) {
				enum lack lack = lack_of(&t, &c->carrier[k], day);
				best = lack > best ? lack : best;
			}
		uint32_t stop = stop_of(&posing, x);
		if (best == LACK_NOTHING && stop == posing.vrp.places)
			best = LACK_WINDOW; /* by less than the rounding of sums */
		switch (best) {
		case LACK_FLEET: tell_fleet(&t); break;
		case LACK_WAY:
			list[n].reason = "no_way";
			list[n].text = "aucun chemin n’y mène, ou n’en revient";
			break;
		case LACK_ROOM: tell_room(&t); break;
		case LACK_SKILL: tell_skill(&t); break;
		case LACK_WINDOW: tell_window(&t); break;
		case LACK_DRIVING: tell_driving(&t); break;
		case LACK_NOTHING: tell_price(&t, stop); break;
		}
	}
	return list;
}
