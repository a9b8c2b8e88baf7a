#include "dual.h"

#include <math.h>
#include <string.h>

static const double UNKNOWN_GAP = 0.1; /* relative, as long as there is no plan */

void dual_init(struct dual *d, struct arena *a, const struct facility *f, const struct arcs *arcs)
{
	size_t sites = f->sites, points = f->points;
	*d = (struct dual){
		.f = f,
		.arcs = arcs,
		.price = arena_array(a, double, points),
		.lack = arena_array(a, double, points),
		.mean_open = arena_array(a, double, sites),
		.mean_flow = f->is_single ? arena_array(a, double, arcs->first[sites]) : NULL,
		.trial = arena_array(a, double, points),
		.rise = arena_array(a, double, sites),
		.with = arena_array(a, double, points),
		.without = arena_array(a, double, points),
	};
	oracle_init(&d->oracle, a, f, arcs);
}

void dual_start(struct dual *d, uint8_t *status, const double *price)
{
	d->status = status;
	for (size_t i = 0; i < d->f->points; i++)
		d->price[i] = price[i] < d->arcs->ceiling[i] ? price[i] : d->arcs->ceiling[i];
	d->value = -INFINITY;
	d->age = 0;
}

/* The averages become (1 - share) of what they were and `share` of the last evaluation: at 1 nothing
 * is left of the past, not even in the last digit. */
static void average(struct dual *d, double share)
{
	const struct facility *f = d->f;
	for (size_t i = 0; i < f->points; i++)
		d->lack[i] = (1 - share) * d->lack[i] + share * (1 - d->oracle.served[i]);
	for (size_t j = 0; j < f->sites; j++)
		d->mean_open[j] = (1 - share) * d->mean_open[j] + (d->oracle.is_in[j] ? share : 0);
	if (!d->mean_flow)
		return;
	const struct arcs *arcs = d->arcs;
	for (size_t j = 0; j < f->sites; j++) {
		if (d->status[j] == SITE_CLOSED)
			continue;
		for (size_t n = arcs->first[j]; n < arcs->first[j + 1]; n++)
			d->mean_flow[n] *= 1 - share;
		if (!d->oracle.is_in[j])
			continue;
		for (size_t n = 0; n < d->oracle.taken[j]; n++)
			d->mean_flow[d->oracle.items[arcs->first[j] + n].id] += share;
	}
}

/* The share that makes the average violation shortest, within [most / 10, most]. */
static double best_share(const struct dual *d, double most)
{
	double gv = 0, gg = 0, vv = 0;
	for (size_t i = 0; i < d->f->points; i++) {
		double w = d->f->demand[i], g = 1 - d->oracle.served[i], v = d->lack[i];
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
	if (isinf(target))
		target = d->value + UNKNOWN_GAP * fabs(d->value);
	double room = target - d->value;
	double least = 1e-4 * fabs(target);
	return norm > 0 ? d->step * (room > least ? room : least) / norm : 0;
}

void dual_ascend(struct dual *d, int iterations, double target, double cutoff)
{
	static const double most = 0.2;
	const struct facility *f = d->f;
	if (!d->age++) {
		d->value = oracle_ask(&d->oracle, d->status, d->price, false);
		average(d, 1);
		d->failures = 0;
	}
	if (d->step <= 0)
		d->step = 1;
	for (int n = 0; n < iterations && d->value < cutoff; n++) {
		double step = step_length(d, target);
		if (step <= 0)
			break;
		for (size_t i = 0; i < f->points; i++) {
			double p = d->price[i] + step * d->lack[i];
			d->trial[i] = p < d->arcs->ceiling[i] ? p : d->arcs->ceiling[i];
		}
		double value = oracle_ask(&d->oracle, d->status, d->trial, false);
		double slope = 0;
		for (size_t i = 0; i < f->points; i++)
			slope += f->demand[i] * (1 - d->oracle.served[i]) * d->lack[i];
		/* A young average is of little worth: it soon gives way. */
		average(d, best_share(d, fmax(most, 1.0 / ++d->age)));
		if (value > d->value) {
			double *swap = d->price;
			d->price = d->trial;
			d->trial = swap;
			d->value = value;
			d->failures = 0;
			if (slope > 0)
				d->step = d->step < 2 ? d->step * 1.1 : 2;
		} else if (++d->failures == 10) {
			d->failures = 0;
			d->step *= 0.8;
			if (d->step < 1e-4)
				break;
		}
	}
}

void dual_climb(struct dual *d, int evaluations, double target, double cutoff)
{
	enum { FAILURES = 7 };
	static const double deflection = 1.5, shorter = 0.7;
	const struct facility *f = d->f;
	int failures = 0;
	double current = d->value = oracle_ask(&d->oracle, d->status, d->price, false);
	d->age = 0;
	average(d, 1);
	if (d->step <= 0)
		d->step = 1;
	memcpy(d->trial, d->price, f->points * sizeof *d->trial);
	for (size_t i = 0; i < f->points; i++)
		d->lack[i] = 1 - d->oracle.served[i];
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
		current = oracle_ask(&d->oracle, d->status, d->trial, false);
		double along = 0;
		for (size_t i = 0; i < f->points; i++)
			along += f->demand[i] * (1 - d->oracle.served[i]) * d->lack[i];
		double kept = along < 0 ? -deflection * along / norm : 0;
		for (size_t i = 0; i < f->points; i++)
			d->lack[i] = 1 - d->oracle.served[i] + kept * d->lack[i];
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
}

size_t dual_fix(struct dual *d, double cutoff)
{
	size_t fixed = 0;
	d->value = oracle_ask(&d->oracle, d->status, d->price, true);
	oracle_flips(&d->oracle, d->status, d->rise);
	for (size_t j = 0; j < d->f->sites; j++)
		if (d->status[j] == SITE_FREE && d->value + d->rise[j] >= cutoff) {
			d->status[j] = d->oracle.is_in[j] ? SITE_OPEN : SITE_CLOSED;
			fixed++;
		}
	return fixed;
}

/* All sites but one are barred to a point. */
static void leave_only(const struct facility *f, size_t j, size_t i, uint8_t *is_out)
{
	for (size_t k = 0; k < f->sites; k++)
		if (k != j)
			is_out[k * f->points + i] = 1;
}

size_t dual_fix_lanes(struct dual *d, double cutoff, uint8_t *is_out)
{
	const struct facility *f = d->f;
	struct oracle *o = &d->oracle;
	size_t marked = 0;
	d->value = oracle_ask(o, d->status, d->price, true);
	if (d->value >= cutoff)
		return 0;
	oracle_flips(o, d->status, d->rise);
	/* The rises are all of this answer: marks count from the next one on. */
	for (size_t j = 0; j < f->sites; j++) {
		uint8_t *out = is_out + j * f->points;
		if (d->status[j] == SITE_CLOSED) {
			memset(out, 1, f->points);
			continue;
		}
		double value = d->value + (o->is_in[j] ? 0 : d->rise[j]);
		oracle_lane_rises(o, j, d->with, d->without);
		for (size_t i = 0; i < f->points; i++) {
			if (value + d->with[i] >= cutoff)
				out[i] = 1;
			/* Without this lane nothing better: it is the one. */
			if (d->status[j] == SITE_OPEN && value + d->without[i] >= cutoff)
				leave_only(f, j, i, is_out);
		}
	}
	for (size_t n = 0; n < f->sites * f->points; n++)
		marked += is_out[n];
	return marked;
}
