#include "assign.h"

#include <math.h>
#include <string.h>

enum { ROUNDS = 12, PASSES = 200, KICKED = 4 };

void assign_init(struct assign *s, struct arena *a, const struct facility *f)
{
	*s = (struct assign){.f = f,
		.cost = arena_array(a, double, f->points * f->sites),
		.load = arena_array(a, double, f->sites),
		.to = arena_array(a, uint32_t, f->points),
		.kept = arena_array(a, uint32_t, f->points),
		.here = arena_array(a, uint32_t, f->points),
		.open = arena_array(a, uint32_t, f->sites),
		.head = arena_array(a, uint32_t, f->sites),
		.next = arena_array(a, uint32_t, f->points)};
	for (size_t i = 0; i < f->points; i++)
		for (size_t j = 0; j < f->sites; j++)
			s->cost[i * f->sites + j] = f->unit[j * f->points + i] * f->demand[i];
	assign_forget(s);
}

void assign_forget(struct assign *s)
{
	s->random = 0x9E3779B97F4A7C15u;
}

static size_t pick(struct assign *s, size_t n)
{
	s->random ^= s->random << 13;
	s->random ^= s->random >> 7;
	s->random ^= s->random << 17;
	return (size_t)(s->random % n);
}

static const double *costs_of(const struct assign *s, size_t i)
{
	return s->cost + i * s->f->sites;
}

static double slack(const struct assign *s)
{
	return 1e-9 * s->f->total;
}

static double overload(const struct assign *s, size_t j, double load)
{
	double over = load - s->f->capacity[j];
	return over > slack(s) ? over : 0;
}

/* Change of the overload of a and b when w leaves a for b. */
static double shift_overload(const struct assign *s, size_t a, size_t b, double w)
{
	return overload(s, a, s->load[a] - w) - overload(s, a, s->load[a]) +
	       overload(s, b, s->load[b] + w) - overload(s, b, s->load[b]);
}

static void move(struct assign *s, size_t i, size_t b)
{
	s->load[s->to[i]] -= s->f->demand[i];
	s->load[b] += s->f->demand[i];
	s->to[i] = (uint32_t)b;
}

static bool shift_some(struct assign *s, double penalty)
{
	bool is_better = false;
	for (size_t i = 0; i < s->f->points; i++) {
		const double *cost = costs_of(s, i);
		size_t a = s->to[i], best = a;
		double w = s->f->demand[i], least = -1e-9;
		double leaves = overload(s, a, s->load[a] - w) - overload(s, a, s->load[a]);
		for (size_t n = 0; n < s->open_count; n++) {
			size_t b = s->open[n];
			if (b == a)
				continue;
			double comes = overload(s, b, s->load[b] + w) - overload(s, b, s->load[b]);
			double change = cost[b] - cost[a];
			if (leaves + comes < 0 || leaves + comes > 0)
				change += penalty * (leaves + comes);
			if (change < least) {
				least = change;
				best = b;
			}
		}
		if (best != a) {
			move(s, i, best);
			is_better = true;
		}
	}
	return is_better;
}

static void list_points(struct assign *s)
{
	for (size_t n = 0; n < s->open_count; n++)
		s->head[s->open[n]] = UINT32_MAX;
	for (size_t i = s->f->points; i-- > 0;) {
		s->next[i] = s->head[s->to[i]];
		s->head[s->to[i]] = (uint32_t)i;
	}
}

/* One of the two must like it better there, or an overload must be what they trade. */
static bool exchange(struct assign *s, size_t i, size_t b, double penalty)
{
	const double *cost = costs_of(s, i), *demand = s->f->demand;
	size_t a = s->to[i];
	double change = cost[b] - cost[a];
	bool is_a_over = overload(s, a, s->load[a]) > 0, is_b_over = overload(s, b, s->load[b]) > 0;
	if (change >= 0 && !is_a_over && !is_b_over)
		return false;
	for (uint32_t k = s->head[b]; k != UINT32_MAX; k = s->next[k]) {
		double both = change + costs_of(s, k)[a] - costs_of(s, k)[b];
		bool is_lighter = (is_a_over && demand[k] < demand[i]) ||
				  (is_b_over && demand[k] > demand[i]);
		if (both >= -1e-9 && !is_lighter)
			continue;
		double over = shift_overload(s, a, b, demand[i] - demand[k]);
		if (over < 0 || over > 0)
			both += penalty * over;
		if (both < -1e-9) {
			move(s, i, b);
			move(s, k, a);
			list_points(s);
			return true;
		}
	}
	return false;
}

static bool exchange_some(struct assign *s, double penalty)
{
	bool is_better = false;
	list_points(s);
	for (size_t i = 0; i < s->f->points; i++)
		for (size_t n = 0; n < s->open_count; n++)
			if (s->open[n] != s->to[i])
				is_better |= exchange(s, i, s->open[n], penalty);
	return is_better;
}

/* Point i to site b, where some k makes room and goes elsewhere: the first that pays. */
static bool eject(struct assign *s, size_t i, size_t b, double gain)
{
	const double *demand = s->f->demand;
	double room = s->f->capacity[b] - s->load[b] - demand[i] + slack(s);
	for (uint32_t k = s->head[b]; k != UINT32_MAX; k = s->next[k]) {
		if (room + demand[k] < 0)
			continue;
		const double *cost = costs_of(s, k);
		size_t best = b;
		double least = gain - 1e-9;
		for (size_t n = 0; n < s->open_count; n++) {
			size_t c = s->open[n];
			double load = s->load[c] + demand[k] - (c == s->to[i] ? demand[i] : 0);
			if (c == b || load > s->f->capacity[c] + slack(s))
				continue;
			if (cost[c] - cost[b] < least) {
				least = cost[c] - cost[b];
				best = c;
			}
		}
		if (best != b) {
			move(s, k, best);
			move(s, i, b);
			return true;
		}
	}
	return false;
}

static bool eject_some(struct assign *s)
{
	bool is_better = false;
	list_points(s);
	for (size_t i = 0; i < s->f->points; i++) {
		const double *cost = costs_of(s, i);
		for (size_t n = 0; n < s->open_count; n++) {
			size_t b = s->open[n];
			double gain = cost[s->to[i]] - cost[b];
			if (gain > 1e-9 && eject(s, i, b, gain)) {
				is_better = true;
				list_points(s);
			}
		}
	}
	return is_better;
}

static double total_cost(const struct assign *s)
{
	double cost = 0;
	for (size_t i = 0; i < s->f->points; i++)
		cost += costs_of(s, i)[s->to[i]];
	return cost;
}

static double total_overload(const struct assign *s)
{
	double over = 0;
	for (size_t n = 0; n < s->open_count; n++)
		over += overload(s, s->open[n], s->load[s->open[n]]);
	return over;
}

static void settle(struct assign *s, double penalty)
{
	for (int pass = 0; pass < PASSES; pass++)
		if (!shift_some(s, penalty) && !exchange_some(s, penalty))
			return;
}

/* Nothing is overloaded, and stays so. */
static double polish(struct assign *s)
{
	for (int pass = 0; pass < PASSES; pass++)
		if (!shift_some(s, INFINITY) && !exchange_some(s, INFINITY) && !eject_some(s))
			break;
	return total_cost(s);
}

static double mean_price(const struct assign *s)
{
	double mean = total_cost(s) / s->f->total;
	return mean > 0 && mean < INFINITY ? mean : 1;
}

/* Goes on from an assignment that may overload sites. */
static double repair(struct assign *s)
{
	double penalty = 0.3 * mean_price(s);
	for (int round = 0; round < ROUNDS; round++, penalty *= 2) {
		settle(s, penalty);
		if (total_overload(s) <= 0)
			return polish(s);
	}
	return INFINITY;
}

static void weigh(struct assign *s)
{
	for (size_t n = 0; n < s->open_count; n++)
		s->load[s->open[n]] = 0;
	for (size_t i = 0; i < s->f->points; i++)
		s->load[s->to[i]] += s->f->demand[i];
}

/* Throws a few points elsewhere: alone, or in exchange for another. */
static void kick(struct assign *s)
{
	size_t points = s->f->points;
	for (int n = 0; n < KICKED; n++) {
		size_t i = pick(s, points), k = pick(s, points), a = s->to[i], b = s->to[k];
		if (n % 2) {
			move(s, i, s->open[pick(s, s->open_count)]);
		} else {
			move(s, i, b);
			move(s, k, a);
		}
	}
}

/* Swings between what fits and what does not: the penalty falls while everything fits and rises
 * while it does not, so that the search stays where tight packings are. */
static double swing(struct assign *s, double best, int kicks)
{
	static const double falls = 0.9, rises = 1.1, tolerance = 2e-3;
	size_t points = s->f->points;
	double price = mean_price(s), penalty = price;
	double cost = total_cost(s), over = total_overload(s);
	memcpy(s->here, s->to, points * sizeof *s->to);
	for (int n = 0; n < kicks; n++) {
		kick(s);
		settle(s, penalty);
		double now = total_cost(s), now_over = total_overload(s);
		if (now_over <= 0) {
			now = polish(s);
			if (now < best) {
				best = now;
				memcpy(s->kept, s->to, points * sizeof *s->to);
			}
		}
		double allowed = tolerance * (1 - (double)n / kicks) * cost;
		if (now + penalty * now_over <= cost + penalty * over + allowed) {
			cost = now;
			over = now_over;
			memcpy(s->here, s->to, points * sizeof *s->to);
		} else {
			memcpy(s->to, s->here, points * sizeof *s->to);
			weigh(s);
		}
		penalty *= now_over <= 0 ? falls : rises;
		penalty = fmin(fmax(penalty, 1e-2 * price), 1e2 * price);
	}
	return best;
}

static double search(struct assign *s, int kicks)
{
	size_t points = s->f->points;
	weigh(s);
	double cost = repair(s);
	if (s->open_count < 2 || !kicks)
		return cost;
	memcpy(s->kept, s->to, points * sizeof *s->to);
	cost = swing(s, cost, kicks);
	memcpy(s->to, s->kept, points * sizeof *s->to);
	return cost;
}

static void list_open(struct assign *s, const bool *is_open)
{
	s->open_count = 0;
	for (size_t j = 0; j < s->f->sites; j++)
		if (is_open[j])
			s->open[s->open_count++] = (uint32_t)j;
}

double assign_points(struct assign *s, const bool *is_open, const struct transport *flow, int kicks)
{
	list_open(s, is_open);
	/* The split transport divides at most as many points as there are open sites: these go to
	 * their largest part. */
	for (size_t i = 0; i < s->f->points; i++) {
		double most = -1;
		for (uint32_t id = flow->first[i]; id != PART_NONE; id = flow->parts[id].next)
			if (flow->parts[id].tonnes > most) {
				most = flow->parts[id].tonnes;
				s->to[i] = flow->parts[id].site;
			}
	}
	return search(s, kicks);
}

double assign_served(struct assign *s, const bool *is_open, const struct oracle *oracle, int kicks)
{
	const struct arcs *arcs = oracle->arcs;
	list_open(s, is_open);
	if (!s->open_count)
		return INFINITY;
	for (size_t i = 0; i < s->f->points; i++)
		s->to[i] = UINT32_MAX;
	for (size_t n = 0; n < s->open_count; n++) {
		uint32_t j = s->open[n];
		s->load[j] = 0;
		for (size_t k = 0; oracle->is_in[j] && k < oracle->taken[j]; k++) {
			uint32_t i = arcs->point[oracle->items[arcs->first[j] + k].id];
			const double *cost = costs_of(s, i);
			if (s->to[i] == UINT32_MAX || cost[j] < cost[s->to[i]])
				s->to[i] = j;
		}
	}
	for (size_t i = 0; i < s->f->points; i++)
		if (s->to[i] != UINT32_MAX)
			s->load[s->to[i]] += s->f->demand[i];
	/* Those nobody took, where there is room, else where it is cheapest. */
	for (size_t i = 0; i < s->f->points; i++) {
		if (s->to[i] != UINT32_MAX)
			continue;
		const double *cost = costs_of(s, i);
		uint32_t any = s->open[0], fits = UINT32_MAX;
		for (size_t n = 0; n < s->open_count; n++) {
			uint32_t j = s->open[n];
			if (cost[j] < cost[any])
				any = j;
			if (overload(s, j, s->load[j] + s->f->demand[i]) <= 0 &&
				(fits == UINT32_MAX || cost[j] < cost[fits]))
				fits = j;
		}
		s->to[i] = fits == UINT32_MAX ? any : fits;
		s->load[s->to[i]] += s->f->demand[i];
	}
	return search(s, kicks);
}
