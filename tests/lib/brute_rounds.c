#include "brute_rounds.h"

#include "posing.h"

enum { KINDS_MOST = 12, CALLS_MOST = 2 * BRUTE_VISITS_MOST + 2 };

struct call_b {
	size_t place;
	const struct timetable *hours;
	double work;
};

static double begin_at(const struct call_b *c, size_t day, double hour)
{
	for (uint32_t n = c->hours->first[day]; n < c->hours->first[day + 1]; n++) {
		double begin = fmax(hour, c->hours->opening[n].open);
		if (begin + c->work <= c->hours->opening[n].close + 1e-7)
			return begin;
	}
	return INFINITY;
}

/* The latest begin, when work must be over by `end`. */
static double begin_before(const struct call_b *c, size_t day, double end)
{
	for (uint32_t n = c->hours->first[day + 1]; n-- > c->hours->first[day];) {
		double begin = fmin(end, c->hours->opening[n].close) - c->work;
		if (begin >= c->hours->opening[n].open - 1e-7)
			return begin;
	}
	return -INFINITY;
}

/* How long each leg is when the driver rests on arrival where a bit of `rests` says so. */
static void leg_hours(const struct collection *c, const struct call_b *call, size_t calls,
	size_t rests, double *leg)
{
	double driven = 0;
	for (size_t k = 1; k < calls; k++) {
		leg[k] = collection_hours(c, call[k - 1].place, call[k].place);
		driven += leg[k];
		for (; driven > c->driving.before_break + 1e-7; driven -= c->driving.before_break)
			leg[k] += c->driving.rest;
		if (rests >> k & 1) {
			leg[k] += c->driving.rest;
			driven = 0;
		}
	}
}

/* The cost of one round, infinite when a rule is broken; for every way to rest. */
static double try_calls(const struct collection *c, const struct carrier *b, size_t day,
	const struct call_b *call, size_t calls)
{
	double km = 0, driving = 0, back = INFINITY, leave = -INFINITY, leg[CALLS_MOST];
	struct opening span;
	for (size_t k = 1; k < calls; k++) {
		km += collection_km(c, call[k - 1].place, call[k].place);
		driving += collection_hours(c, call[k - 1].place, call[k].place);
	}
	if (isinf(km) || driving > c->driving.most + 1e-7 ||
		!timetable_span(&c->place[b->hub].hours, day, &span))
		return INFINITY;
	double start = fmax(b->start, span.open), end = fmin(b->end, span.close);
	size_t ways = isinf(c->driving.before_break) ? 1 : (size_t)1 << calls;
	for (size_t rests = 0; rests < ways; rests++) {
		double now = start;
		leg_hours(c, call, calls, rests, leg);
		for (size_t k = 1; k < calls; k++)
			now = begin_at(&call[k], day, now + leg[k]) + call[k].work;
		back = fmin(back, now);
	}
	if (back > end + 1e-7)
		return INFINITY;
	for (size_t rests = 0; rests < ways; rests++) {
		double now = back;
		leg_hours(c, call, calls, rests, leg);
		for (size_t k = calls; --k;)
			now = begin_before(&call[k], day, now) - leg[k];
		leave = fmax(leave, now);
	}
	double hours = back - fmax(leave, start);
	return b->eur_day + b->eur_km * km + b->eur_h * hours +
	       b->eur_overtime_h * fmax(0, hours - b->overtime_after);
}

struct brute {
	const struct collection *c;
	struct visit visit[BRUTE_VISITS_MOST];
	size_t visits, kinds;
	struct kind kind[KINDS_MOST];
	/* [kind][set] the cheapest round, the cheapest few rounds. */
	double one[KINDS_MOST][1 << BRUTE_VISITS_MOST], all[KINDS_MOST][1 << BRUTE_VISITS_MOST];
};

static bool is_apt(const struct carrier *b, const struct pickup *p, const double *aboard)
{
	for (size_t d = 0; d < CARGO_DIMS; d++)
		if (aboard[d] + p->cargo[d] > b->capacity[d])
			return false;
	return !(p->skills & ~b->skills) && !(p->flows & ~b->flows) && p->hubs >> b->hub & 1;
}

static void try_orders(struct brute *x, size_t kind, struct call_b *call, size_t calls,
	const double *aboard, int trips, size_t set)
{
	const struct collection *c = x->c;
	const struct carrier *b = &c->carrier[x->kind[kind].carrier];
	struct call_b home = {b->hub, &c->place[b->hub].hours, c->place[b->hub].unload_h};
	bool is_home = call[calls - 1].place == b->hub;
	if (!is_home) {
		call[calls] = home;
		double cost = try_calls(c, b, x->kind[kind].day, call, calls + 1);
		x->one[kind][set] = fmin(x->one[kind][set], cost);
		if (trips < b->trips)
			try_orders(x, kind, call, calls + 1, (const double[CARGO_DIMS]){0},
				trips + 1, set);
	}
	for (size_t i = 0; i < x->visits; i++) {
		const struct pickup *p = &c->pickup[x->visit[i].pickup];
		double more[CARGO_DIMS];
		if (set >> i & 1 || !is_apt(b, p, aboard))
			continue;
		for (size_t d = 0; d < CARGO_DIMS; d++)
			more[d] = aboard[d] + p->cargo[d];
		call[calls] = (struct call_b){p->place, &p->hours, p->service_h};
		try_orders(x, kind, call, calls + 1, more, trips, set | (size_t)1 << i);
	}
}

static bool is_spread(const struct brute *x, const size_t *day)
{
	for (size_t i = 0; i < x->visits; i++)
		for (size_t j = 0; j < i; j++) {
			size_t apart = day[i] < day[j] ? day[j] - day[i] : day[i] - day[j];
			if (x->c->days >= 5 && x->c->days - apart < apart)
				apart = x->c->days - apart;
			if (day[i] != SIZE_MAX && day[j] != SIZE_MAX &&
				x->visit[i].pickup == x->visit[j].pickup &&
				apart < x->c->pickup[x->visit[i].pickup].gap)
				return false;
		}
	return true;
}

/* Every visit to every vehicle's day, or to none. */
double brute_rounds(const struct collection *c)
{
	struct brute x = {.c = c};
	size_t sets, choice[BRUTE_VISITS_MOST] = {0}, day[BRUTE_VISITS_MOST];
	for (size_t i = 0; i < c->pickups; i++)
		for (size_t k = 0; k < c->pickup[i].visits; k++)
			x.visit[x.visits++] = (struct visit){i, k};
	sets = (size_t)1 << x.visits;
	for (size_t n = 0; n < c->carriers; n++)
		for (size_t d = 0; d < c->days; d++) {
			const struct carrier *b = &c->carrier[n];
			struct call_b call[2 * BRUTE_VISITS_MOST + 2] = {
				{b->hub, &c->place[b->hub].hours, 0}};
			size_t k = x.kinds;
			if (!b->count || !(b->days >> d & 1))
				continue;
			x.kind[x.kinds++] = (struct kind){n, d};
			for (size_t s = 0; s < sets; s++)
				x.one[k][s] = INFINITY;
			try_orders(&x, k, call, 1, (const double[CARGO_DIMS]){0}, 1, 0);
			/* Who cannot be visited alone is visited by no round of the kind. */
			for (size_t v = 0; v < x.visits; v++)
				for (size_t s = 0; isinf(x.one[k][(size_t)1 << v]) && s < sets; s++)
					x.one[k][s] = s >> v & 1 ? INFINITY : x.one[k][s];
			for (size_t s = 0; s < sets; s++)
				x.all[k][s] = s ? x.one[k][s] : 0;
			for (int more = 1; more < b->count; more++)
				for (size_t s = sets; s--;)
					for (size_t part = (s - 1) & s; s && part;
						part = (part - 1) & s)
						x.all[k][s] = fmin(x.all[k][s],
							x.all[k][s & ~part] + x.one[k][part]);
		}
	double best = INFINITY;
	for (;;) {
		size_t taken[KINDS_MOST] = {0};
		double cost = 0;
		for (size_t i = 0; i < x.visits; i++) {
			bool is_out = choice[i] == x.kinds;
			day[i] = is_out ? SIZE_MAX : x.kind[choice[i]].day;
			if (is_out)
				cost += c->pickup[x.visit[i].pickup].penalty;
			else
				taken[choice[i]] |= (size_t)1 << i;
		}
		for (size_t k = 0; k < x.kinds; k++)
			cost += x.all[k][taken[k]];
		if (cost < best && is_spread(&x, day))
			best = cost;
		size_t i = 0;
		while (i < x.visits && ++choice[i] > x.kinds)
			choice[i++] = 0;
		if (i == x.visits)
			return best;
	}
}
