#include "transport.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static double cost_per_tonne(const struct transport *tp, size_t j, size_t i)
{
	const struct depot *d = &tp->depots[j];
	return d->rate * d->haul[i] + d->gate;
}

void transport_init(
	struct transport *tp, struct arena *a, size_t points, const double *tonnes, size_t sites)
{
	double total = 0;
	for (size_t i = 0; i < points; i++)
		total += tonnes[i];
	*tp = (struct transport){
		.arena = a,
		.points = points,
		.sites = sites,
		.tonnes = tonnes,
		.depots = arena_array(a, struct depot, sites),
		.part_room = points + sites + 1,
		.first = arena_array(a, uint32_t, points),
		.arc = arena_array(a, double, sites *sites),
		.arc_part = arena_array(a, uint32_t, sites * sites),
		.dist = arena_array(a, double, sites),
		.via = arena_array(a, uint32_t, sites),
		.is_done = arena_array(a, bool, sites),
		.open = arena_array(a, uint32_t, sites),
		.slack = 1e-10 * total,
	};
	tp->parts = arena_array(a, struct part, tp->part_room);
	transport_clear(tp);
}

void transport_row(struct transport *tp, size_t j, const double *haul, double rate, double gate)
{
	struct depot *d = &tp->depots[j];
	d->haul = haul;
	d->rate = rate;
	d->gate = gate;
}

/* A closed site stays in the list while it still holds tonnes that have to leave it. */
static void forget_closed(struct transport *tp)
{
	size_t kept = 0;
	for (size_t n = 0; n < tp->open_count; n++) {
		struct depot *d = &tp->depots[tp->open[n]];
		if (d->capacity > 0)
			tp->open[kept++] = tp->open[n];
		else
			d->price = 0, d->has_row = d->is_listed = false;
	}
	tp->open_count = kept;
}

void transport_clear(struct transport *tp)
{
	forget_closed(tp);
	tp->part_count = 0;
	tp->part_free = PART_NONE;
	tp->is_placed = false;
	for (size_t i = 0; i < tp->points; i++)
		tp->first[i] = PART_NONE;
	for (size_t j = 0; j < tp->sites; j++) {
		struct depot *d = &tp->depots[j];
		d->load = d->price = 0;
		d->count = 0;
		d->has_row = false;
	}
}

/* What a capacity leaves free; a rounding error is nothing. */
static double spare(const struct transport *tp, const struct depot *d)
{
	double s = d->capacity - d->load;
	return fabs(s) <= tp->slack ? 0 : s;
}

static void set_arc(struct transport *tp, size_t a, size_t b)
{
	const struct depot *from = &tp->depots[a];
	double best = INFINITY;
	uint32_t whose = PART_NONE;
	for (size_t n = 0; n < from->count; n++) {
		uint32_t i = tp->parts[from->parts[n]].point;
		double change = cost_per_tonne(tp, b, i) - cost_per_tonne(tp, a, i);
		if (change < best) {
			best = change;
			whose = from->parts[n];
		}
	}
	tp->arc[a * tp->sites + b] = best;
	tp->arc_part[a * tp->sites + b] = whose;
}

static void need_row(struct transport *tp, size_t a)
{
	if (tp->depots[a].has_row)
		return;
	for (size_t n = 0; n < tp->open_count; n++)
		if (tp->open[n] != a)
			set_arc(tp, a, tp->open[n]);
	tp->depots[a].has_row = true;
}

static void offer_part(struct transport *tp, size_t a, uint32_t id)
{
	uint32_t i = tp->parts[id].point;
	double here = cost_per_tonne(tp, a, i);
	double *arc = tp->arc + a * tp->sites;
	for (size_t n = 0; n < tp->open_count; n++) {
		size_t b = tp->open[n];
		double change = cost_per_tonne(tp, b, i) - here;
		if (b != a && change < arc[b]) {
			arc[b] = change;
			tp->arc_part[a * tp->sites + b] = id;
		}
	}
}

static uint32_t new_part(struct transport *tp)
{
	if (tp->part_free != PART_NONE) {
		uint32_t id = tp->part_free;
		tp->part_free = tp->parts[id].next;
		return id;
	}
	if (tp->part_count == tp->part_room) {
		struct part *more = arena_array(tp->arena, struct part, 2 * tp->part_room);
		memcpy(more, tp->parts, tp->part_room * sizeof *more);
		tp->parts = more;
		tp->part_room *= 2;
	}
	return (uint32_t)tp->part_count++;
}

static void list_part(struct transport *tp, struct depot *d, uint32_t id)
{
	if (d->count == d->room) {
		size_t room = d->room ? 2 * d->room : 8;
		uint32_t *more = arena_array(tp->arena, uint32_t, room);
		if (d->count)
			memcpy(more, d->parts, d->count * sizeof *more);
		d->parts = more;
		d->room = room;
	}
	tp->parts[id].slot = (uint32_t)d->count;
	d->parts[d->count++] = id;
}

static void add_tonnes(struct transport *tp, size_t j, uint32_t point, double tonnes)
{
	struct depot *d = &tp->depots[j];
	d->load += tonnes;
	for (uint32_t id = tp->first[point]; id != PART_NONE; id = tp->parts[id].next)
		if (tp->parts[id].site == j) {
			tp->parts[id].tonnes += tonnes;
			return;
		}
	uint32_t id = new_part(tp);
	tp->parts[id] = (struct part){
		.tonnes = tonnes, .point = point, .site = (uint32_t)j, .next = tp->first[point]};
	tp->first[point] = id;
	list_part(tp, d, id);
	if (d->has_row)
		offer_part(tp, j, id);
}

static void drop_part(struct transport *tp, uint32_t id)
{
	struct part *p = &tp->parts[id];
	size_t a = p->site;
	struct depot *d = &tp->depots[a];
	uint32_t *link = &tp->first[p->point];
	while (*link != id)
		link = &tp->parts[*link].next;
	*link = p->next;
	uint32_t last = d->parts[--d->count];
	d->parts[p->slot] = last;
	tp->parts[last].slot = p->slot;
	p->next = tp->part_free;
	tp->part_free = id;
	if (!d->count)
		d->load = 0;
	if (!d->has_row)
		return;
	for (size_t n = 0; n < tp->open_count; n++)
		if (tp->arc_part[a * tp->sites + tp->open[n]] == id)
			set_arc(tp, a, tp->open[n]);
}

static void move_tonnes(struct transport *tp, uint32_t id, size_t to, double tonnes)
{
	uint32_t point = tp->parts[id].point;
	size_t from = tp->parts[id].site;
	if (tp->parts[id].tonnes - tonnes < 1e-3 * tp->slack)
		tonnes = tp->parts[id].tonnes; /* no crumbs */
	tp->depots[from].load -= tonnes;
	tp->parts[id].tonnes -= tonnes;
	if (tp->parts[id].tonnes <= 0)
		drop_part(tp, id);
	add_tonnes(tp, to, point, tonnes);
}

void transport_resize(struct transport *tp, size_t j, double capacity)
{
	struct depot *d = &tp->depots[j];
	d->capacity = capacity;
	if (capacity <= 0 || d->is_listed)
		return;
	/* Kept rising, so that ties fall the same way whatever the order of calls. */
	size_t n = tp->open_count++;
	for (; n && tp->open[n - 1] > j; n--)
		tp->open[n] = tp->open[n - 1];
	tp->open[n] = (uint32_t)j;
	d->is_listed = true;
	d->has_row = false;
	d->price = 0;
	if (!tp->is_placed)
		return;
	/* High enough that nobody wants in yet; pull_into lowers it. */
	for (n = 0; n < tp->open_count; n++) {
		size_t a = tp->open[n];
		if (a == j)
			continue;
		set_arc(tp, a, j);
		double gain = tp->depots[a].price - tp->arc[a * tp->sites + j];
		if (gain > d->price)
			d->price = gain;
	}
}

/* Every point where it is cheapest at the prices of the capacities. */
static bool place_all(struct transport *tp)
{
	for (size_t i = 0; i < tp->points; i++) {
		if (tp->tonnes[i] <= 0)
			continue;
		double best = INFINITY;
		size_t where = tp->sites;
		for (size_t n = 0; n < tp->open_count; n++) {
			size_t j = tp->open[n];
			double c = cost_per_tonne(tp, j, i) + tp->depots[j].price;
			if (c < best) {
				best = c;
				where = j;
			}
		}
		if (where == tp->sites)
			return false;
		add_tonnes(tp, where, (uint32_t)i, tp->tonnes[i]);
	}
	tp->is_placed = true;
	return true;
}

static size_t nearest_undone(const struct transport *tp)
{
	size_t best = tp->sites;
	double least = INFINITY;
	for (size_t n = 0; n < tp->open_count; n++) {
		size_t j = tp->open[n];
		if (!tp->is_done[j] && tp->dist[j] < least) {
			least = tp->dist[j];
			best = j;
		}
	}
	return best;
}

static void relax_from(struct transport *tp, size_t a)
{
	need_row(tp, a);
	const double *arc = tp->arc + a * tp->sites;
	double base = tp->dist[a] - tp->depots[a].price;
	for (size_t n = 0; n < tp->open_count; n++) {
		size_t b = tp->open[n];
		if (tp->is_done[b])
			continue;
		/* Lengths are never negative but for rounding. */
		double d = base + arc[b] + tp->depots[b].price;
		if (d < tp->dist[a])
			d = tp->dist[a];
		if (d < tp->dist[b]) {
			tp->dist[b] = d;
			tp->via[b] = (uint32_t)a;
		}
	}
}

/* Moves what the path that ends in `end` can carry, at most `tonnes`. */
static void push_along(struct transport *tp, size_t end, double tonnes)
{
	for (size_t b = end; tp->via[b] != PART_NONE; b = tp->via[b]) {
		double t = tp->parts[tp->arc_part[tp->via[b] * tp->sites + b]].tonnes;
		tonnes = t < tonnes ? t : tonnes;
	}
	/* Walk from the end: a move changes the rows of sites that are behind us only. */
	for (size_t b = end; tp->via[b] != PART_NONE;) {
		size_t a = tp->via[b];
		move_tonnes(tp, tp->arc_part[a * tp->sites + b], b, tonnes);
		b = a;
	}
}

static size_t path_begin(const struct transport *tp, size_t end)
{
	while (tp->via[end] != PART_NONE)
		end = tp->via[end];
	return end;
}

/* One search from all overloaded sites to the nearest site with room. */
static bool push_excess(struct transport *tp, bool *is_over)
{
	*is_over = true;
	for (size_t n = 0; n < tp->open_count; n++) {
		size_t j = tp->open[n];
		bool is_source = spare(tp, &tp->depots[j]) < 0;
		tp->dist[j] = is_source ? 0 : INFINITY;
		tp->via[j] = PART_NONE;
		tp->is_done[j] = false;
		if (is_source)
			*is_over = false;
	}
	if (*is_over)
		return true;
	tp->searches++;
	size_t end;
	for (;;) {
		end = nearest_undone(tp);
		if (end == tp->sites)
			return false;
		if (spare(tp, &tp->depots[end]) > 0)
			break;
		tp->is_done[end] = true;
		relax_from(tp, end);
	}
	double far = tp->dist[end];
	for (size_t n = 0; n < tp->open_count; n++) {
		size_t j = tp->open[n];
		if (tp->is_done[j])
			tp->depots[j].price += far - tp->dist[j];
	}
	double excess = -spare(tp, &tp->depots[path_begin(tp, end)]);
	double room = spare(tp, &tp->depots[end]);
	push_along(tp, end, excess < room ? excess : room);
	return true;
}

/* One search for tonnes that had better be at `end`, which has room although its price is not 0.
 * False when none is left: the price is 0 then. */
static bool pull_into(struct transport *tp, size_t end)
{
	struct depot *d = &tp->depots[end];
	double room = spare(tp, d);
	if (room <= 0 || d->price <= 0)
		return false;
	tp->searches++;
	for (size_t n = 0; n < tp->open_count; n++) {
		size_t j = tp->open[n];
		tp->dist[j] = tp->depots[j].load > 0 || j == end ? tp->depots[j].price : INFINITY;
		tp->via[j] = PART_NONE;
		tp->is_done[j] = false;
	}
	size_t a;
	while ((a = nearest_undone(tp)) != end) {
		tp->is_done[a] = true;
		relax_from(tp, a);
	}
	double far = tp->dist[end];
	for (size_t n = 0; n < tp->open_count; n++) {
		size_t j = tp->open[n];
		double step = tp->is_done[j] ? tp->dist[j] : far;
		tp->depots[j].price = tp->depots[j].price > step ? tp->depots[j].price - step : 0;
	}
	if (tp->via[end] == PART_NONE)
		return false;
	double load = tp->depots[path_begin(tp, end)].load;
	push_along(tp, end, load < room ? load : room);
	return true;
}

bool transport_settle(struct transport *tp)
{
	if (!tp->is_placed && !place_all(tp))
		return false;
	for (size_t n = 0; n < tp->open_count; n++)
		while (pull_into(tp, tp->open[n])) {}
	for (bool is_over = false; !is_over;)
		if (!push_excess(tp, &is_over))
			return false;
	forget_closed(tp);
	return true;
}

double transport_cost(const struct transport *tp)
{
	double cost = 0;
	for (size_t i = 0; i < tp->points; i++)
		for (uint32_t id = tp->first[i]; id != PART_NONE; id = tp->parts[id].next)
			cost += tp->parts[id].tonnes * cost_per_tonne(tp, tp->parts[id].site, i);
	return cost;
}

double transport_point_price(const struct transport *tp, size_t i)
{
	double best = INFINITY;
	for (size_t n = 0; n < tp->open_count; n++) {
		size_t j = tp->open[n];
		double c = cost_per_tonne(tp, j, i) + tp->depots[j].price;
		best = c < best ? c : best;
	}
	return best;
}

static int by_site(const void *a, const void *b)
{
	const struct shipment *x = a, *y = b;
	return x->site < y->site ? -1 : x->site > y->site;
}

bool transport_solve(struct arena *a, const struct model *m, size_t k, size_t t,
	const double *capacity, const double *guess, struct routing *out)
{
	/* Only open sites enter: the arc tables are square. */
	uint32_t *site = arena_array(a, uint32_t, m->sites);
	size_t open = 0;
	for (size_t j = 0; j < m->sites; j++)
		if (capacity[j] > 0)
			site[open++] = (uint32_t)j;
	struct transport tp;
	transport_init(&tp, a, m->points, model_tonnes(m, k, t), open);
	for (size_t n = 0; n < open; n++) {
		size_t j = site[n];
		transport_row(&tp, n, m->haul[k] + j * m->points, m->rate[k * m->years + t],
			m->gate[(j * m->flows + k) * m->years + t]);
		transport_resize(&tp, n, capacity[j]);
		tp.depots[n].price = guess ? guess[j] : 0;
	}
	if (!transport_settle(&tp))
		return false;
	double *price = arena_array(a, double, m->sites);
	size_t parts = 0;
	for (size_t n = 0; n < open; n++) {
		price[site[n]] = tp.depots[n].price;
		parts += tp.depots[n].count;
	}
	*out = (struct routing){.cost = transport_cost(&tp),
		.shipments = arena_array(a, struct shipment, parts),
		.price = price};
	for (size_t i = 0; i < m->points; i++) {
		size_t begin = out->count;
		for (uint32_t id = tp.first[i]; id != PART_NONE; id = tp.parts[id].next)
			out->shipments[out->count++] = (struct shipment){.flow = (uint32_t)k,
				.year = (uint32_t)t,
				.point = (uint32_t)i,
				.site = site[tp.parts[id].site],
				.tonnes = tp.parts[id].tonnes};
		qsort(out->shipments + begin, out->count - begin, sizeof *out->shipments, by_site);
	}
	return true;
}
