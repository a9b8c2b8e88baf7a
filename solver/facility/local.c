#include "local.h"

#include <math.h>
#include <string.h>

void local_init(struct local *s, struct arena *a, const struct facility *f)
{
	*s = (struct local){
		.f = f,
		.items = arena_array(a, struct item, f->points),
		.point_price = arena_array(a, double, f->points),
		.saving = arena_array(a, double, f->sites),
		.order = arena_array(a, uint32_t, f->sites),
		.load = arena_array(a, double, f->sites),
		.near = arena_array(a, uint32_t, f->points),
		.second = arena_array(a, uint32_t, f->points),
		.loss = arena_array(a, double, f->sites),
		.pair = arena_array(a, double, f->sites),
		.kept = arena_array(a, bool, f->sites),
	};
	if (!f->is_capacitated)
		return;
	transport_init(&s->flow, a, f->points, f->demand, f->sites);
	for (size_t j = 0; j < f->sites; j++)
		transport_row(&s->flow, j, f->unit + j * f->points, 1, 0);
}

void local_forget(struct local *s)
{
	if (!s->f->is_capacitated)
		return;
	for (size_t j = 0; j < s->f->sites; j++)
		transport_resize(&s->flow, j, 0);
	transport_clear(&s->flow);
}

static double fixed_part(const struct facility *f, const bool *is_open)
{
	double cost = f->offset;
	int open = 0;
	for (size_t j = 0; j < f->sites; j++)
		if (is_open[j]) {
			cost += f->opening[j];
			open++;
		}
	return open < f->open_min || open > f->open_max ? INFINITY : cost;
}

/* Nearest and second nearest open sites of every point; returns the cost of going to the nearest.
 * `sites` stands for none. */
static double find_nearest(struct local *s, const bool *is_open)
{
	const struct facility *f = s->f;
	double *first = s->point_price, cost = 0;
	for (size_t i = 0; i < f->points; i++) {
		first[i] = INFINITY;
		s->near[i] = s->second[i] = (uint32_t)f->sites;
	}
	for (size_t j = 0; j < f->sites; j++) {
		if (!is_open[j])
			continue;
		const double *c = f->unit + j * f->points;
		for (size_t i = 0; i < f->points; i++) {
			if (c[i] < first[i]) {
				s->second[i] = s->near[i];
				s->near[i] = (uint32_t)j;
				first[i] = c[i];
			} else if (s->second[i] == f->sites ||
				   c[i] < f->unit[s->second[i] * f->points + i]) {
				s->second[i] = (uint32_t)j;
			}
		}
	}
	for (size_t i = 0; i < f->points; i++)
		cost += f->demand[i] * first[i];
	return cost;
}

static double flow_cost(struct local *s, const bool *is_open)
{
	const struct facility *f = s->f;
	double room = 0;
	for (size_t j = 0; j < f->sites; j++)
		room += is_open[j] ? f->capacity[j] : 0;
	if (room < f->total * (1 - 1e-12))
		return INFINITY;
	for (size_t j = 0; j < f->sites; j++) {
		double u = is_open[j] ? f->capacity[j] : 0;
		if (s->flow.depots[j].capacity != u)
			transport_resize(&s->flow, j, u);
	}
	if (!transport_settle(&s->flow)) {
		transport_clear(&s->flow);
		return INFINITY;
	}
	return transport_cost(&s->flow);
}

double local_cost(struct local *s, const bool *is_open)
{
	double cost = fixed_part(s->f, is_open);
	if (isinf(cost))
		return cost;
	s->trials++;
	return cost + (s->f->is_capacitated ? flow_cost(s, is_open) : find_nearest(s, is_open));
}

/* The most that opening j can save in transport. */
static double most_saved(struct local *s, size_t j)
{
	const struct facility *f = s->f;
	const double *c = f->unit + j * f->points;
	size_t count = 0, taken;
	double last;
	for (size_t i = 0; i < f->points; i++)
		if (s->point_price[i] > c[i])
			s->items[count++] = (struct item){.ratio = s->point_price[i] - c[i],
				.weight = f->demand[i],
				.id = (uint32_t)i};
	return knapsack_continuous(s->items, count, f->capacity[j], &taken, &last);
}

static void rise(uint32_t *order, size_t count, const double *key)
{
	for (size_t n = 1; n < count; n++) {
		uint32_t id = order[n];
		size_t at = n;
		for (; at && key[order[at - 1]] > key[id]; at--)
			order[at] = order[at - 1];
		order[at] = id;
	}
}

/* Closes what is better closed, the least used first. */
static double close_some(struct local *s, bool *is_open, double cost)
{
	const struct facility *f = s->f;
	size_t count = 0;
	for (size_t j = 0; j < f->sites; j++)
		if (is_open[j] && !f->is_fixed[j]) {
			/* What leaving costs at least is worth the price of the room it needs. */
			s->load[j] = s->flow.depots[j].load - f->opening[j] * 1e-3;
			s->order[count++] = (uint32_t)j;
		}
	rise(s->order, count, s->load);
	for (size_t n = 0; n < count; n++) {
		uint32_t k = s->order[n];
		is_open[k] = false;
		double trial = local_cost(s, is_open);
		if (trial < cost - 1e-9 * fabs(cost)) {
			cost = trial;
		} else {
			is_open[k] = true;
			(void)local_cost(s, is_open);
		}
	}
	return cost;
}

/* Opens j and closes the one site whose closing then pays most. Returns the cost or infinity. */
static double swap_in(struct local *s, bool *is_open, size_t j, double cost)
{
	enum { TRIED = 6 };
	const struct facility *f = s->f;
	uint32_t victims[TRIED];
	size_t count = 0;
	for (size_t k = 0; k < f->sites; k++)
		s->load[k] = s->flow.depots[k].load;
	is_open[j] = true;
	double with = local_cost(s, is_open);
	if (with < cost - 1e-9 * fabs(cost))
		return with;
	/* Those that lost most of their load to the newcomer. */
	for (size_t k = 0; k < f->sites; k++) {
		if (!is_open[k] || f->is_fixed[k] || k == j)
			continue;
		double key = s->flow.depots[k].load - 2 * (s->load[k] - s->flow.depots[k].load);
		s->saving[k] = key;
		size_t n = count < TRIED ? count++ : TRIED;
		for (; n && s->saving[victims[n - 1]] > key; n--)
			if (n < TRIED)
				victims[n] = victims[n - 1];
		if (n < TRIED)
			victims[n] = (uint32_t)k;
	}
	for (size_t n = 0; n < count; n++) {
		is_open[victims[n]] = false;
		double trial = local_cost(s, is_open);
		if (trial < cost - 1e-9 * fabs(cost))
			return trial;
		is_open[victims[n]] = true;
	}
	is_open[j] = false;
	(void)local_cost(s, is_open);
	return INFINITY;
}

static bool open_or_swap(struct local *s, bool *is_open, double *cost, const bool *closed)
{
	const struct facility *f = s->f;
	double dearest = 0;
	size_t count = 0;
	for (size_t k = 0; k < f->sites; k++)
		if (is_open[k] && !f->is_fixed[k] && f->opening[k] > dearest)
			dearest = f->opening[k];
	for (size_t i = 0; i < f->points; i++)
		s->point_price[i] = transport_point_price(&s->flow, i);
	double *key = s->loss;
	for (size_t j = 0; j < f->sites; j++) {
		if (is_open[j] || f->capacity[j] <= 0 || (closed && closed[j]))
			continue;
		key[j] = f->opening[j] - most_saved(s, j);
		if (key[j] < dearest)
			s->order[count++] = (uint32_t)j;
	}
	rise(s->order, count, key);
	enum { CANDIDATES = 24 };
	for (size_t n = 0; n < count && n < CANDIDATES; n++) {
		double trial = swap_in(s, is_open, s->order[n], *cost);
		if (trial < INFINITY) {
			*cost = trial;
			return true;
		}
	}
	return false;
}

/* All moves of a set without capacities, from the two nearest sites of each point. */
static bool exchange(struct local *s, bool *is_open, double *cost, const bool *closed)
{
	const struct facility *f = s->f;
	size_t none = f->sites, in = none, out = none;
	int open = 0;
	double best = -1e-9 * fabs(*cost);
	(void)find_nearest(s, is_open);
	memset(s->loss, 0, f->sites * sizeof *s->loss);
	for (size_t i = 0; i < f->points; i++) {
		double second =
			s->second[i] == none ? INFINITY : f->unit[s->second[i] * f->points + i];
		s->loss[s->near[i]] += f->demand[i] * (second - s->point_price[i]);
	}
	for (size_t k = 0; k < f->sites; k++)
		open += is_open[k];
	for (size_t k = 0; k < f->sites && open > f->open_min; k++) {
		double change = s->loss[k] - f->opening[k];
		if (is_open[k] && !f->is_fixed[k] && change < best) {
			best = change;
			out = k;
			in = none;
		}
	}
	for (size_t j = 0; j < f->sites; j++) {
		if (is_open[j] || f->capacity[j] <= 0 || (closed && closed[j]))
			continue;
		const double *c = f->unit + j * f->points;
		double gain = f->opening[j];
		memset(s->pair, 0, f->sites * sizeof *s->pair);
		for (size_t i = 0; i < f->points; i++) {
			uint32_t k = s->near[i];
			double now = s->point_price[i];
			if (c[i] < now) {
				/* Comes over whether k stays or not: closing k loses nothing here.
				 */
				gain -= f->demand[i] * (now - c[i]);
				double second = s->second[i] == none
							? INFINITY
							: f->unit[s->second[i] * f->points + i];
				s->pair[k] += f->demand[i] * (second - now);
			} else if (s->second[i] == none ||
				   c[i] < f->unit[s->second[i] * f->points + i]) {
				double second = s->second[i] == none
							? INFINITY
							: f->unit[s->second[i] * f->points + i];
				s->pair[k] += f->demand[i] * (second - c[i]);
			}
		}
		if (open < f->open_max && gain < best) {
			best = gain;
			in = j;
			out = none;
		}
		for (size_t k = 0; k < f->sites; k++) {
			if (!is_open[k] || f->is_fixed[k])
				continue;
			double change = gain - f->opening[k] + s->loss[k] - s->pair[k];
			if (change < best) {
				best = change;
				in = j;
				out = k;
			}
		}
	}
	if (in == none && out == none)
		return false;
	if (in != none)
		is_open[in] = true;
	if (out != none)
		is_open[out] = false;
	*cost = local_cost(s, is_open);
	return true;
}

double local_improve(struct local *s, bool *is_open, double cost, const bool *closed, int64_t limit)
{
	int64_t end = s->trials + limit;
	if (!s->f->is_capacitated) {
		while (s->trials < end && exchange(s, is_open, &cost, closed)) {}
		return cost;
	}
	if (isinf(local_cost(s, is_open)))
		return INFINITY;
	do {
		cost = close_some(s, is_open, cost);
	} while (s->trials < end && open_or_swap(s, is_open, &cost, closed));
	return cost;
}
