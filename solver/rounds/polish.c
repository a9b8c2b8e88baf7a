#include "polish.h"

#include "chance.h"
#include "exchange.h"

void polish_init(struct polish *d, struct arena *a, const struct vrp *v, const struct fleet *f,
	size_t granular)
{
	size_t stops = v->places - 1, count = granular < stops - 1 ? granular : stops - 1,
	       nodes = 1 + 3 * stops;
	*d = (struct polish){.v = v,
		.stops = stops,
		.rounds_max = stops,
		.granular = count,
		.near = vrp_neighbours(a, v, count),
		.fleet = f};
	d->place = arena_array(a, uint32_t, nodes);
	d->prev = arena_array(a, uint32_t, nodes);
	d->next = arena_array(a, uint32_t, nodes);
	d->of = arena_array(a, uint32_t, nodes);
	d->pos = arena_array(a, uint32_t, nodes);
	d->weight = arena_array(a, double, nodes);
	d->upto = arena_array(a, double, nodes);
	d->load = arena_array(a, double, stops);
	d->way = arena_array(a, double, nodes);
	d->km_of = arena_array(a, double, stops);
	d->cost = arena_array(a, double, stops);
	d->spare = arena_array(a, double, stops);
	d->length = arena_array(a, uint32_t, stops);
	d->turn = arena_array(a, double, stops);
	d->from = arena_array(a, uint32_t, stops);
	d->to = arena_array(a, uint32_t, stops);
	d->changed = arena_array(a, int64_t, stops);
	d->swapped = arena_array(a, int64_t, stops);
	d->looked = arena_array(a, int64_t, stops + 1);
	d->angle = arena_array(a, uint32_t, stops + 1);
	d->best3 = arena_array(a, struct places3, stops * (stops + 1));
	d->saved = arena_array(a, double, stops + 1);
	d->order = arena_array(a, uint32_t, stops);
	d->round_order = arena_array(a, uint32_t, stops);
	d->by_turn = arena_array(a, struct nearest, stops);
	float *way = arena_array(a, float, v->places * v->places);
	for (size_t n = 0; n < v->places * v->places; n++)
		way[n] = (float)v->km[n];
	d->km = way;
	for (uint32_t i = 1; i <= stops; i++) {
		d->place[i] = i;
		d->weight[i] = v->load[i];
		double turns = atan2(v->y[i] - v->y[0], v->x[i] - v->x[0]) / 6.283185307179586 + 1;
		d->angle[i] = (uint32_t)(turns * POLISH_TURN) % POLISH_TURN;
	}
}

/* The sector grows by the shorter side until the angle is in it. */
static void widen(struct polish *d, size_t r, uint32_t angle)
{
	if (polish_turned(d->from[r], angle) <= polish_turned(d->from[r], d->to[r]))
		return;
	if (polish_turned(d->to[r], angle) <= polish_turned(angle, d->from[r]))
		d->to[r] = angle;
	else
		d->from[r] = angle;
}

/* Round r anew, from its links. */
void polish_settle(struct polish *d, uint32_t r)
{
	uint32_t node = polish_leave(d, r), pos = 0;
	double load = 0, km = 0, x = 0, y = 0;
	d->of[node] = r;
	d->pos[node] = 0;
	d->upto[node] = d->way[node] = 0;
	for (node = d->next[node]; !polish_is_end(d, node); node = d->next[node]) {
		load += d->weight[node];
		km += polish_km(d, d->prev[node], node);
		d->of[node] = r;
		d->pos[node] = ++pos;
		d->upto[node] = load;
		d->way[node] = km;
		x += d->v->x[node];
		y += d->v->y[node];
		if (pos == 1)
			d->from[r] = d->to[r] = d->angle[node];
		else
			widen(d, r, d->angle[node]);
	}
	d->of[node] = r;
	d->pos[node] = pos + 1;
	km += polish_km(d, d->prev[node], node);
	d->upto[node] = d->load[r] = load;
	d->way[node] = d->km_of[r] = km;
	d->cost[r] = pos ? fleet_cost(d->fleet, d->fine, km, load) : 0;
	d->spare[r] = d->cost[r] / d->fleet->least_per_km - km;
	d->length[r] = pos;
	d->turn[r] = pos ? atan2(y / pos - d->v->y[0], x / pos - d->v->x[0]) : INFINITY;
	d->changed[r] = d->moves;
}

static void change_places(struct polish *d, uint32_t u, uint32_t v)
{
	uint32_t before_u = d->prev[u], before_v = d->prev[v];
	if (before_v == u) { /* v follows u */
		polish_take_out(d, u);
		polish_put_after(d, u, v);
		return;
	}
	if (before_u == v) {
		polish_take_out(d, v);
		polish_put_after(d, v, u);
		return;
	}
	polish_take_out(d, u);
	polish_take_out(d, v);
	polish_put_after(d, v, before_u);
	polish_put_after(d, u, before_v);
}

static void load_in(struct polish *d, const struct genome *g)
{
	d->rounds = g->rounds + g->rounds / 4 + 3;
	if (d->rounds > d->rounds_max)
		d->rounds = d->rounds_max;
	d->moves++; /* what is known of other rounds is old */
	d->gained = 0;
	for (uint32_t r = 0; r < d->rounds; r++) {
		uint32_t node = polish_leave(d, r);
		for (uint32_t n = r < g->rounds ? g->first[r] : 0;
			r < g->rounds && n < g->first[r + 1]; n++) {
			polish_join(d, node, g->giant[n]);
			node = g->giant[n];
		}
		polish_join(d, node, polish_back(d, r));
		polish_settle(d, r);
		d->swapped[r] = -1;
	}
	for (size_t i = 1; i <= d->stops; i++)
		d->looked[i] = -1;
}

/* Rounds in the order of their directions: so crossover keeps near ones together. */
static void read_out(struct polish *d, struct genome *g)
{
	struct nearest *list = d->by_turn;
	size_t count = 0;
	for (uint32_t r = 0; r < d->rounds; r++)
		if (d->length[r])
			list[count++] = (struct nearest){d->turn[r], r};
	nearest_sort(list, count, count);
	uint32_t n = 0;
	g->rounds = (uint32_t)count;
	for (size_t k = 0; k < count; k++) {
		g->first[k] = n;
		for (uint32_t node = d->next[polish_leave(d, list[k].place)];
			!polish_is_end(d, node); node = d->next[node])
			g->giant[n++] = node;
	}
	g->first[count] = n;
	genome_settle(g, d->v, d->fleet, d->fine);
}

/* U, V and what lies around them. */
struct pair {
	uint32_t u, x, xx, p, v, y, yy, w, ru, rv;
	uint32_t at_xx, at_p, at_v, at_yy, at_w; /* places */
	uint32_t at_x, at_y;
	const float *from_u, *from_x, *from_v, *from_y; /* km */
	double spare;      /* km that both rounds may be longer by and yet cost less */
	double ux, vy, pu; /* km */
};

static double at(const float *row, uint32_t place)
{
	return (double)row[place];
}

static struct pair look_from(const struct polish *d, uint32_t u)
{
	struct pair m = {.u = u, .x = d->next[u], .p = d->prev[u], .ru = d->of[u]};
	size_t row = d->stops + 1;
	m.xx = polish_is_end(d, m.x) ? m.x : d->next[m.x];
	m.at_p = d->place[m.p];
	m.at_x = d->place[m.x];
	m.at_xx = d->place[m.xx];
	m.from_u = d->km + u * row;
	m.from_x = d->km + m.at_x * row;
	m.ux = (double)m.from_u[m.at_x];
	m.pu = (double)m.from_u[m.at_p];
	return m;
}

static void look_at(const struct polish *d, struct pair *m, uint32_t v)
{
	size_t row = d->stops + 1;
	m->v = v;
	m->y = d->next[v];
	m->w = polish_is_end(d, v) ? v : d->prev[v];
	m->yy = polish_is_end(d, m->y) ? m->y : d->next[m->y];
	m->rv = d->of[v];
	m->at_v = d->place[v];
	m->at_w = d->place[m->w];
	m->at_y = d->place[m->y];
	m->at_yy = d->place[m->yy];
	m->from_v = d->km + m->at_v * row;
	m->from_y = d->km + m->at_y * row;
	m->spare = m->ru == m->rv ? 0 : d->spare[m->ru] + d->spare[m->rv];
	m->vy = (double)m->from_v[m->at_y];
}

/* Whatever vehicles and loads become of it, ways that are so much longer cannot gain. */
static inline bool is_hopeless(const struct pair *m, double longer)
{
	return longer - m->spare > -POLISH_LEAST_GAIN;
}

static bool weigh(struct polish *d, const struct pair *m, double u_km, double v_km, double load)
{
	d->gain = m->ru == m->rv
			  ? polish_more(d, m->ru, u_km + v_km, 0)
			  : polish_more(d, m->ru, u_km, -load) + polish_more(d, m->rv, v_km, load);
	return d->gain < -POLISH_LEAST_GAIN;
}

/* Does a move gain that makes U's and V's round so much longer and takes `load` from U's to V's? Most cannot. */
static inline bool gains(
	struct polish *d, const struct pair *m, double u_km, double v_km, double load)
{
	return !is_hopeless(m, u_km + v_km) && weigh(d, m, u_km, v_km, load);
}

static bool made(struct polish *d, const struct pair *m)
{
	d->moves++;
	d->gained -= d->gain;
	polish_settle(d, m->ru);
	if (m->rv != m->ru)
		polish_settle(d, m->rv);
	return true;
}

static bool move_one(struct polish *d, const struct pair *m)
{
	if (m->u == m->y)
		return false;
	double u_km = at(m->from_x, m->at_p) - m->pu - m->ux,
	       v_km = at(m->from_u, m->at_v) + at(m->from_u, m->at_y) - m->vy;
	if (!gains(d, m, u_km, v_km, d->weight[m->u]))
		return false;
	polish_take_out(d, m->u);
	polish_put_after(d, m->u, m->v);
	return made(d, m);
}

static bool move_two(struct polish *d, const struct pair *m)
{
	if (m->u == m->y || m->v == m->x || polish_is_end(d, m->x))
		return false;
	double u_km = polish_km(d, m->p, m->xx) - m->pu - m->ux - at(m->from_x, m->at_xx),
	       v_km = m->ux - m->vy, load = d->weight[m->u] + d->weight[m->x];
	if (gains(d, m, u_km, v_km + (at(m->from_u, m->at_v) + at(m->from_x, m->at_y)), load)) {
		polish_take_out(d, m->u);
		polish_put_after(d, m->u, m->v);
		polish_take_out(d, m->x);
		polish_put_after(d, m->x, m->u);
		return made(d, m);
	}
	if (!gains(d, m, u_km, v_km + (at(m->from_x, m->at_v) + at(m->from_u, m->at_y)), load))
		return false;
	polish_take_out(d, m->x);
	polish_put_after(d, m->x, m->v);
	polish_take_out(d, m->u);
	polish_put_after(d, m->u, m->x);
	return made(d, m);
}

static bool swap_one(struct polish *d, const struct pair *m)
{
	if (m->u == m->w || m->u == m->y)
		return false;
	double u_km = at(m->from_v, m->at_p) + at(m->from_v, m->at_x) - m->pu - m->ux;
	double v_km =
		at(m->from_u, m->at_w) + at(m->from_u, m->at_y) - at(m->from_v, m->at_w) - m->vy;
	if (!gains(d, m, u_km, v_km, d->weight[m->u] - d->weight[m->v]))
		return false;
	change_places(d, m->u, m->v);
	return made(d, m);
}

static bool swap_two_one(struct polish *d, const struct pair *m)
{
	if (m->u == m->w || m->x == m->w || m->u == m->y || polish_is_end(d, m->x))
		return false;
	double u_km = at(m->from_v, m->at_p) + at(m->from_v, m->at_xx) - m->pu - m->ux -
		      at(m->from_x, m->at_xx);
	double v_km = at(m->from_u, m->at_w) + m->ux + at(m->from_x, m->at_y) -
		      at(m->from_v, m->at_w) - m->vy;
	if (!gains(d, m, u_km, v_km, d->weight[m->u] + d->weight[m->x] - d->weight[m->v]))
		return false;
	change_places(d, m->u, m->v);
	polish_take_out(d, m->x);
	polish_put_after(d, m->x, m->u);
	return made(d, m);
}

static bool swap_two(struct polish *d, const struct pair *m)
{
	if (polish_is_end(d, m->x) || polish_is_end(d, m->y) || m->y == m->p || m->u == m->y ||
		m->x == m->v || m->v == m->xx)
		return false;
	double u_km = at(m->from_v, m->at_p) + m->vy + at(m->from_y, m->at_xx) - m->pu - m->ux -
		      at(m->from_x, m->at_xx);
	double v_km = at(m->from_u, m->at_w) + m->ux + at(m->from_x, m->at_yy) -
		      at(m->from_v, m->at_w) - m->vy - at(m->from_y, m->at_yy);
	double load = d->weight[m->u] + d->weight[m->x] - d->weight[m->v] - d->weight[m->y];
	if (!gains(d, m, u_km, v_km, load))
		return false;
	change_places(d, m->u, m->v);
	change_places(d, m->x, m->y);
	return made(d, m);
}

/* The way from the first node to the last, of one round, the other way round. */
static void reverse(struct polish *d, uint32_t first, uint32_t last)
{
	uint32_t before = d->prev[first], after = d->next[last], node = first;
	while (node != after) {
		uint32_t next = d->next[node];
		d->next[node] = d->prev[node];
		d->prev[node] = next;
		node = next;
	}
	polish_join(d, before, last);
	polish_join(d, first, after);
}

static bool two_opt(struct polish *d, const struct pair *m)
{
	if (d->pos[m->u] > d->pos[m->v] || m->x == m->v || m->u == m->v)
		return false;
	double km = at(m->from_u, m->at_v) + at(m->from_x, m->at_y) - m->ux - m->vy;
	if (!gains(d, m, km, 0, 0))
		return false;
	reverse(d, m->x, m->v);
	return made(d, m);
}

/* U's beginning with V's beginning turned, X's end turned with Y's end. */
static bool two_opt_turned(struct polish *d, const struct pair *m)
{
	double uv = at(m->from_u, m->at_v), km = uv + at(m->from_x, m->at_y) - m->ux - m->vy;
	if (is_hopeless(m, km))
		return false;
	double u_km = d->way[m->u] + uv + d->way[m->v] - d->km_of[m->ru];
	if (!gains(d, m, u_km, km - u_km, d->load[m->ru] - d->upto[m->u] - d->upto[m->v]))
		return false;
	uint32_t leave_v = polish_leave(d, m->rv), back_u = polish_back(d, m->ru);
	uint32_t u = m->u, x = m->x, v = m->v, y = m->y;
	/* V back to its beginning comes after U; X's end, turned, before Y. */
	uint32_t at = u;
	for (uint32_t node = v; node != leave_v;) {
		uint32_t before = d->prev[node];
		polish_join(d, at, node);
		at = node;
		node = before;
	}
	uint32_t end_u = at;
	at = y;
	for (uint32_t node = x; node != back_u;) {
		uint32_t after = d->next[node];
		polish_join(d, node, at);
		at = node;
		node = after;
	}
	polish_join(d, leave_v, at);
	polish_join(d, end_u, back_u);
	return made(d, m);
}

static bool two_opt_ends(struct polish *d, const struct pair *m)
{
	double uy = at(m->from_u, m->at_y), km = uy + at(m->from_v, m->at_x) - m->ux - m->vy;
	if (is_hopeless(m, km))
		return false;
	double u_km = d->way[m->u] + uy + d->km_of[m->rv] - d->way[m->v] - m->vy - d->km_of[m->ru];
	double load = d->load[m->ru] - d->upto[m->u] - d->load[m->rv] + d->upto[m->v];
	if (!gains(d, m, u_km, km - u_km, load))
		return false;
	uint32_t back_u = polish_back(d, m->ru), back_v = polish_back(d, m->rv);
	uint32_t last_u = d->prev[back_u], last_v = d->prev[back_v];
	if (polish_is_end(d, m->y))
		polish_join(d, m->u, back_u);
	else {
		polish_join(d, m->u, m->y);
		polish_join(d, last_v, back_u);
	}
	if (polish_is_end(d, m->x))
		polish_join(d, m->v, back_v);
	else {
		polish_join(d, m->v, m->x);
		polish_join(d, last_u, back_v);
	}
	return made(d, m);
}

/* V is a stop, where a round leaves, or leaves without going anywhere. */
static bool try_pair(struct polish *d, struct pair *m, uint32_t v)
{
	look_at(d, m, v);
	if (move_one(d, m) || move_two(d, m))
		return true;
	if (polish_is_end(d, v))
		return m->ru == m->rv ? false : two_opt_turned(d, m) || two_opt_ends(d, m);
	if ((m->u <= v && swap_one(d, m)) || swap_two_one(d, m) || (m->u <= v && swap_two(d, m)))
		return true;
	if (m->ru == m->rv)
		return two_opt(d, m);
	return two_opt_turned(d, m) || two_opt_ends(d, m);
}

static bool try_near(struct polish *d, uint32_t u, int64_t looked, bool is_first)
{
	const uint32_t *near = d->near + (u - 1) * d->granular;
	struct pair m = look_from(d, u);
	bool is_new = d->changed[m.ru] > looked;
	for (size_t n = 0; n < d->granular; n++) {
		uint32_t v = near[n], before = d->prev[v];
		if (!is_new && d->changed[d->of[v]] <= looked)
			continue;
		if (try_pair(d, &m, v))
			return true;
		if (polish_is_end(d, before) && before != m.p && try_pair(d, &m, before))
			return true;
	}
	for (uint32_t r = 0; !is_first && r < d->rounds; r++)
		if (!d->length[r])
			return try_pair(d, &m, polish_leave(d, r));
	return false;
}

static void shuffle(uint32_t *list, size_t count, uint64_t *random)
{
	for (size_t n = count; n > 1; n--) {
		size_t k = chance_below(random, n);
		uint32_t kept = list[n - 1];
		list[n - 1] = list[k];
		list[k] = kept;
	}
}

static bool try_stops(struct polish *d, bool is_first)
{
	bool is_better = false;
	for (size_t n = 0; n < d->stops; n++) {
		uint32_t u = d->order[n];
		int64_t looked = d->looked[u];
		d->looked[u] = d->moves;
		while (try_near(d, u, looked, is_first))
			is_better = true;
	}
	return is_better;
}

void polish_run(struct polish *d, struct genome *g, double fine, uint64_t *random)
{
	d->fine = fine;
	load_in(d, g);
	for (uint32_t i = 0; i < d->stops; i++)
		d->order[i] = i + 1;
	for (uint32_t r = 0; r < d->rounds; r++)
		d->round_order[r] = r;
	shuffle(d->order, d->stops, random);
	shuffle(d->round_order, d->rounds, random);
	bool is_better = true;
	for (int turn = 0; is_better || turn < 2; turn++) {
		is_better = try_stops(d, !turn);
		if (!is_better)
			is_better = exchange_all(d);
	}
	read_out(d, g);
}
