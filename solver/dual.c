#include "dual.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { COVER_EFFORT = 300, WHOLE_EFFORT = 4000 };

void arcs_init(struct arena *a, struct arcs *arcs, const struct facility *f, const double *ceiling)
{
	size_t count = 0;
	for (size_t n = 0; n < f->sites * f->points; n++)
		count += f->unit[n] < (ceiling ? ceiling[n % f->points] : INFINITY);
	*arcs = (struct arcs){
		.first = arena_array(a, size_t, f->sites + 1),
		.point = arena_array(a, uint32_t, count),
		.cost = arena_array(a, double, count),
		.ceiling = arena_array(a, double, f->points),
		.is_complete = count == f->sites * f->points,
	};
	for (size_t i = 0; i < f->points; i++)
		arcs->ceiling[i] = ceiling ? ceiling[i] : INFINITY;
	size_t n = 0;
	for (size_t j = 0; j < f->sites; j++) {
		for (size_t i = 0; i < f->points; i++) {
			double c = f->unit[j * f->points + i];
			if (c < arcs->ceiling[i]) {
				arcs->point[n] = (uint32_t)i;
				arcs->cost[n++] = c;
			}
		}
		arcs->first[j + 1] = n;
	}
}

void dual_init(struct dual *d, struct arena *a, const struct facility *f, const struct arcs *arcs)
{
	size_t sites = f->sites, points = f->points, count = arcs->first[sites];
	*d = (struct dual){
		.f = f,
		.arcs = arcs,
		.price = arena_array(a, double, points),
		.lack = arena_array(a, double, points),
		.mean_open = arena_array(a, double, sites),
		.mean_flow = f->is_single ? arena_array(a, double, count) : NULL,
		.rho = arena_array(a, double, sites),
		.is_in = arena_array(a, bool, sites),
		.served = arena_array(a, double, points),
		.items = arena_array(a, struct item, f->is_capacitated ? count : points),
		.taken = arena_array(a, size_t, sites),
		.last = arena_array(a, double, sites),
		.trial = arena_array(a, double, points),
		.free_at = arena_array(a, uint32_t, sites),
		.free_price = arena_array(a, double, sites),
		.free_volume = arena_array(a, double, sites),
		.by_rho = arena_array(a, uint32_t, sites),
	};
	d->cover = (struct cover){.price = d->free_price,
		.volume = d->free_volume,
		.order = arena_array(a, uint32_t, sites),
		.is_in = arena_array(a, bool, sites),
		.trial = arena_array(a, bool, sites)};
}

void dual_start(struct dual *d, uint8_t *status, const double *price)
{
	d->status = status;
	for (size_t i = 0; i < d->f->points; i++)
		d->price[i] = price[i] < d->arcs->ceiling[i] ? price[i] : d->arcs->ceiling[i];
	d->value = -INFINITY;
}

/* rho of a site with room for everybody. */
static double open_to_all(const struct dual *d, size_t j, const double *price)
{
	const struct arcs *arcs = d->arcs;
	const double *w = d->f->demand;
	double gain = 0;
	for (size_t n = arcs->first[j]; n < arcs->first[j + 1]; n++) {
		uint32_t i = arcs->point[n];
		double r = price[i] - arcs->cost[n];
		gain += r > 0 ? r * w[i] : 0;
	}
	return d->f->opening[j] - gain;
}

static double with_capacity(struct dual *d, size_t j, const double *price)
{
	const struct arcs *arcs = d->arcs;
	const double *w = d->f->demand;
	struct item *items = d->items + arcs->first[j];
	const uint8_t *barred = d->is_barred ? d->is_barred + j * d->f->points : NULL;
	size_t count = 0;
	double weight = 0, gain = 0;
	for (size_t n = arcs->first[j]; n < arcs->first[j + 1]; n++) {
		uint32_t i = arcs->point[n];
		double r = price[i] - arcs->cost[n];
		if (r <= 0 || (barred && barred[i]))
			continue;
		items[count++] = (struct item){.ratio = r, .weight = w[i], .id = (uint32_t)n};
		weight += w[i];
		gain += r * w[i];
	}
	d->taken[j] = count;
	d->last[j] = 1;
	if (weight > d->f->capacity[j]) {
		if (d->f->is_single)
			gain = knapsack_whole(
				items, count, d->f->capacity[j], WHOLE_EFFORT, &d->taken[j]);
		else
			gain = knapsack_continuous(
				items, count, d->f->capacity[j], &d->taken[j], &d->last[j]);
	}
	return d->f->opening[j] - gain;
}

static void sort_by_rho(struct dual *d, size_t count)
{
	for (size_t gap = count / 2; gap; gap = gap == 2 ? 1 : gap * 5 / 11)
		for (size_t n = gap; n < count; n++) {
			uint32_t id = d->by_rho[n];
			size_t at = n;
			for (; at >= gap && d->rho[d->by_rho[at - gap]] > d->rho[id]; at -= gap)
				d->by_rho[at] = d->by_rho[at - gap];
			d->by_rho[at] = id;
		}
}

/* The number of sites rules: the best of the free ones. Returns the part of the bound that y is. */
static double choose_by_number(struct dual *d)
{
	const struct facility *f = d->f;
	double value = 0;
	size_t free_count = 0;
	int in = 0;
	for (size_t j = 0; j < f->sites; j++) {
		d->is_in[j] = d->status[j] == SITE_OPEN;
		if (d->is_in[j]) {
			value += d->rho[j];
			in++;
		} else if (d->status[j] == SITE_FREE) {
			d->by_rho[free_count++] = (uint32_t)j;
		}
	}
	if (f->open_min > 0 || (size_t)f->open_max < f->sites)
		sort_by_rho(d, free_count);
	size_t n = 0;
	for (; n < free_count && in < f->open_max; n++) {
		uint32_t j = d->by_rho[n];
		if (d->rho[j] >= 0 && in >= f->open_min) {
			if (f->open_min > 0 || (size_t)f->open_max < f->sites)
				break;
			continue;
		}
		d->is_in[j] = true;
		value += d->rho[j];
		in++;
	}
	return in < f->open_min || in > f->open_max ? INFINITY : value;
}

static double choose_by_cover(struct dual *d)
{
	const struct facility *f = d->f;
	double value = 0, need = f->total * (1 - 1e-9);
	struct cover *c = &d->cover;
	c->count = 0;
	for (size_t j = 0; j < f->sites; j++) {
		d->is_in[j] = d->status[j] == SITE_OPEN ||
			      (d->status[j] == SITE_FREE && d->rho[j] <= 0 && f->capacity[j] > 0);
		if (d->is_in[j]) {
			value += d->rho[j];
			need -= f->capacity[j];
		} else if (d->status[j] == SITE_FREE && f->capacity[j] > 0) {
			d->free_at[c->count] = (uint32_t)j;
			d->free_price[c->count] = d->rho[j];
			d->free_volume[c->count++] = f->capacity[j];
		}
	}
	d->cover_need = need;
	d->cover_base = value;
	if (need <= 0) {
		knapsack_cover_sort(c);
		return value;
	}
	knapsack_cover_sort(c);
	value += knapsack_cover(c, need, COVER_EFFORT);
	for (size_t n = 0; n < c->count; n++)
		d->is_in[d->free_at[n]] = c->is_in[n];
	return value;
}

static void count_served(struct dual *d, const double *price)
{
	const struct facility *f = d->f;
	const struct arcs *arcs = d->arcs;
	memset(d->served, 0, f->points * sizeof *d->served);
	for (size_t j = 0; j < f->sites; j++) {
		if (!d->is_in[j])
			continue;
		if (!f->is_capacitated) {
			for (size_t n = arcs->first[j]; n < arcs->first[j + 1]; n++)
				if (price[arcs->point[n]] > arcs->cost[n])
					d->served[arcs->point[n]]++;
			continue;
		}
		const struct item *items = d->items + arcs->first[j];
		for (size_t n = 0; n < d->taken[j]; n++)
			d->served[arcs->point[items[n].id]] += n + 1 < d->taken[j] ? 1 : d->last[j];
	}
}

static double evaluate(struct dual *d, const double *price)
{
	const struct facility *f = d->f;
	double value = f->offset;
	for (size_t i = 0; i < f->points; i++)
		value += f->demand[i] * price[i];
	d->price_total = value;
	for (size_t j = 0; j < f->sites; j++)
		if (d->status[j] != SITE_CLOSED)
			d->rho[j] = f->is_capacitated ? with_capacity(d, j, price)
						      : open_to_all(d, j, price);
	value += f->is_capacitated ? choose_by_cover(d) : choose_by_number(d);
	count_served(d, price);
	d->evaluations++;
	return d->last_value = value;
}

double dual_refresh(struct dual *d)
{
	return d->value = evaluate(d, d->price);
}

/* The averages become (1 - share) of what they were and `share` of the last evaluation. */
static void average(struct dual *d, double share)
{
	const struct facility *f = d->f;
	for (size_t i = 0; i < f->points; i++)
		d->lack[i] += share * (1 - d->served[i] - d->lack[i]);
	for (size_t j = 0; j < f->sites; j++)
		d->mean_open[j] += share * ((d->is_in[j] ? 1 : 0) - d->mean_open[j]);
	if (!d->mean_flow)
		return;
	const struct arcs *arcs = d->arcs;
	for (size_t j = 0; j < f->sites; j++) {
		if (d->status[j] == SITE_CLOSED)
			continue;
		for (size_t n = arcs->first[j]; n < arcs->first[j + 1]; n++)
			d->mean_flow[n] *= 1 - share;
		if (!d->is_in[j])
			continue;
		for (size_t n = 0; n < d->taken[j]; n++)
			d->mean_flow[d->items[arcs->first[j] + n].id] += share;
	}
}

/* The share that makes the average violation shortest, within [most / 10, most]. */
static double best_share(const struct dual *d, double most)
{
	double gv = 0, gg = 0, vv = 0;
	for (size_t i = 0; i < d->f->points; i++) {
		double w = d->f->demand[i], g = 1 - d->served[i], v = d->lack[i];
		gv += w * g * v;
		gg += w * g * g;
		vv += w * v * v;
	}
	double bottom = gg - 2 * gv + vv;
	double share = bottom > 0 ? (vv - gv) / bottom : most;
	return share > most ? most : share < most / 10 ? most / 10 : share;
}

static double step_length(const struct dual *d, double target)
{
	double norm = 0;
	for (size_t i = 0; i < d->f->points; i++)
		norm += d->f->demand[i] * d->lack[i] * d->lack[i];
	double room = target - d->value;
	double least = 1e-4 * fabs(target);
	return norm > 0 ? d->step * (room > least ? room : least) / norm : 0;
}

void dual_ascend(struct dual *d, int iterations, double target, double cutoff)
{
	const struct facility *f = d->f;
	double most = 0.1;
	int failures = 0;
	dual_refresh(d);
	average(d, 1);
	if (d->step <= 0)
		d->step = 1;
	double before = d->value;
	for (int n = 1; n <= iterations && d->value < cutoff; n++) {
		double step = step_length(d, target);
		if (step <= 0)
			break;
		for (size_t i = 0; i < f->points; i++) {
			double p = d->price[i] + step * d->lack[i];
			d->trial[i] = p < d->arcs->ceiling[i] ? p : d->arcs->ceiling[i];
		}
		double value = evaluate(d, d->trial);
		double slope = 0;
		for (size_t i = 0; i < f->points; i++)
			slope += f->demand[i] * (1 - d->served[i]) * d->lack[i];
		average(d, best_share(d, most));
		if (value > d->value) {
			double *swap = d->price;
			d->price = d->trial;
			d->trial = swap;
			d->value = value;
			failures = 0;
			if (slope > 0)
				d->step = d->step < 2 ? d->step * 1.1 : 2;
		} else if (++failures == 10) {
			failures = 0;
			d->step *= 0.8;
			if (d->step < 1e-4)
				break;
		}
		if (n % 50 == 0) {
			/* Little gained: average over a longer memory. */
			if (d->value - before < 1e-3 * fabs(d->value))
				most = most / 2 > 0.005 ? most / 2 : 0.005;
			before = d->value;
		}
	}
	dual_refresh(d);
}

void dual_climb(struct dual *d, int evaluations, double target, double cutoff)
{
	enum { FAILURES = 7 };
	static const double deflection = 1.5, shorter = 0.7;
	const struct facility *f = d->f;
	int failures = 0;
	double current = dual_refresh(d);
	average(d, 1);
	if (d->step <= 0)
		d->step = 1;
	memcpy(d->trial, d->price, f->points * sizeof *d->trial);
	for (size_t i = 0; i < f->points; i++)
		d->lack[i] = 1 - d->served[i];
	for (int n = 1; n <= evaluations && d->value < cutoff; n++) {
		double norm = 0;
		for (size_t i = 0; i < f->points; i++)
			norm += f->demand[i] * d->lack[i] * d->lack[i];
		if (norm <= 0)
			break;
		double room = target - current, least = 1e-4 * fabs(target);
		double step = d->step * (room > least ? room : least) / norm;
		for (size_t i = 0; i < f->points; i++) {
			double p = d->trial[i] + step * d->lack[i];
			d->trial[i] = p < d->arcs->ceiling[i] ? p : d->arcs->ceiling[i];
		}
		current = evaluate(d, d->trial);
		double along = 0;
		for (size_t i = 0; i < f->points; i++)
			along += f->demand[i] * (1 - d->served[i]) * d->lack[i];
		double kept = along < 0 ? -deflection * along / norm : 0;
		for (size_t i = 0; i < f->points; i++)
			d->lack[i] = 1 - d->served[i] + kept * d->lack[i];
		if (current > d->value) {
			if (current > d->value + 1e-5 * fabs(current))
				failures = 0;
			d->value = current;
			memcpy(d->price, d->trial, f->points * sizeof *d->trial);
		} else if (++failures == FAILURES) {
			failures = 0;
			d->step *= shorter;
			memcpy(d->trial, d->price, f->points * sizeof *d->trial);
			current = d->value;
		}
	}
	dual_refresh(d);
}

double dual_flip(const struct dual *d, size_t j)
{
	const struct facility *f = d->f;
	if (!f->is_capacitated) {
		double worst_in = -INFINITY, best_out = INFINITY;
		int in = 0;
		for (size_t s = 0; s < f->sites; s++) {
			in += d->is_in[s];
			if (d->status[s] != SITE_FREE)
				continue;
			if (d->is_in[s] && d->rho[s] > worst_in)
				worst_in = d->rho[s];
			if (!d->is_in[s] && d->rho[s] < best_out)
				best_out = d->rho[s];
		}
		/* Who leaves makes room for the best of those outside, if the number kept it there.
		 */
		if (d->is_in[j])
			return (in > f->open_min && best_out > 0 ? 0 : best_out) - d->rho[j];
		/* Who comes takes the place of the worst inside, if the number kept that one there.
		 */
		return d->rho[j] - (in < f->open_max && worst_in < 0 ? 0 : worst_in);
	}
	/* The bound with the relaxed cover, where j is the other way round. */
	double rise;
	const struct cover *c = &d->cover;
	if (d->rho[j] <= 0) {
		rise = d->cover_base - d->rho[j] +
		       knapsack_cover_relaxed(c, d->cover_need + f->capacity[j], SIZE_MAX);
	} else {
		size_t id = 0;
		while (d->free_at[id] != j)
			id++;
		if (d->is_in[j])
			rise = d->cover_base + knapsack_cover_relaxed(c, d->cover_need, id);
		else
			rise = d->cover_base + d->rho[j] +
			       knapsack_cover_relaxed(c, d->cover_need - f->capacity[j], id);
	}
	return d->price_total + rise - d->last_value;
}

size_t dual_fix(struct dual *d, double cutoff)
{
	size_t fixed = 0;
	for (size_t j = 0; j < d->f->sites; j++) {
		if (d->status[j] != SITE_FREE)
			continue;
		/* The rises are all of this evaluation, so marking at once would spoil them. */
		d->by_rho[j] = d->value + dual_flip(d, j) >= cutoff;
		fixed += d->by_rho[j];
	}
	for (size_t j = 0; fixed && j < d->f->sites; j++)
		if (d->status[j] == SITE_FREE && d->by_rho[j])
			d->status[j] = d->is_in[j] ? SITE_OPEN : SITE_CLOSED;
	return fixed;
}
