/* The volume algorithm on a relaxation (relax.h). */
#include "offers.h"

#include <math.h>
#include <string.h>

/* How the step factor follows success and failure. */
static const double LEAST_STEP = 1e-4, MOST_STEP = 2;
static const double STEP_UP = 1.1, STEP_DOWN = 0.8;
/* Long steps need short memories: the weight of the last solution follows the step's root. */
static const double WEIGHT = 0.5, LEAST_WEIGHT = 0.03, MOST_WEIGHT = 0.3;
/* How much faster than prices of points those of inequalities move. */
static const double CUT_SPEED = 2;
enum { PATIENCE = 4 };

/* Whether a price is as high as it may be, rounding apart. */
static bool is_at_top(const struct relax *r, size_t c)
{
	static const double NEAR = 1e-9;
	return r->far[c] >= r->ceiling[c] - NEAR * fabs(r->ceiling[c]);
}

/* Turns `served` into violations. A point whose price is at its ceiling and that is not wholly
 * served takes the outlet: nothing is lacking, and the inequalities are met by so much. */
static void find_violations(struct relax *r)
{
	const struct model *m = r->m;
	for (size_t c = 0; c < relax_prices(m); c++)
		r->served[c] = 1 - r->served[c];
	for (size_t n = 0; n < r->cut_count; n++)
		for (size_t t = 0; t < m->years; t++) {
			struct cut *c = &r->cuts[n];
			size_t at = (c->rounding.flow * m->years + t) * m->points;
			for (size_t i = 0; i < c->count; i++) {
				size_t p = at + c->points[i];
				if (r->served[p] > 0 && is_at_top(r, p))
					c->slack[t] -= r->served[p] * m->tonnes[p];
			}
		}
	for (size_t c = 0; c < relax_prices(m); c++)
		if (r->served[c] > 0 && is_at_top(r, c))
			r->served[c] = 0;
}

/* How violations and their average lie to each other, in the metric of the problem. */
struct angles {
	double along;    /* <violation, average> */
	double length;   /* <violation, violation> */
	double averages; /* <average, average> */
};

static void add_angle(struct angles *a, double metric, double violation, double average)
{
	a->along += metric * violation * average;
	a->length += metric * violation * violation;
	a->averages += metric * average * average;
}

static struct angles measure(const struct relax *r)
{
	const struct model *m = r->m;
	struct angles a = {0};
	for (size_t kt = 0; kt < m->flows * m->years; kt++)
		for (size_t i = 0; i < m->points; i++) {
			size_t c = kt * m->points + i;
			add_angle(&a, m->discount[kt % m->years] * m->tonnes[c], r->served[c],
				r->lack[c]);
		}
	for (size_t n = 0; n < r->cut_count; n++)
		for (size_t t = 0; t < m->years; t++) {
			const struct cut *c = &r->cuts[n];
			if (c->stair[t].volume > 0)
				add_angle(&a, CUT_SPEED * m->discount[t] / c->stair[t].volume,
					c->slack[t], c->mean_slack[t]);
		}
	return a;
}

/* The weight that makes the new average shortest, within bounds. */
static double best_weight(const struct angles *a, double step)
{
	double top = fmin(MOST_WEIGHT, fmax(LEAST_WEIGHT, WEIGHT * sqrt(step)));
	double bend = a->averages - 2 * a->along + a->length;
	double weight = bend > 0 ? (a->averages - a->along) / bend : top;
	return fmin(top, fmax(top / 10, weight));
}

static void average_in(struct relax *r, double weight)
{
	const struct model *m = r->m;
	for (size_t c = 0; c < relax_prices(m); c++)
		r->lack[c] += weight * (r->served[c] - r->lack[c]);
	for (size_t c = 0; c < relax_lines(m); c++)
		r->mean_open[c] += weight * ((r->path[c] != LEVEL_NONE) - r->mean_open[c]);
	for (size_t n = 0; n < r->cut_count; n++)
		for (size_t t = 0; t < m->years; t++) {
			struct cut *c = &r->cuts[n];
			c->mean_slack[t] += weight * (c->slack[t] - c->mean_slack[t]);
		}
}

/* Squared length of the average, as far as the multipliers can follow it. */
static double direction_norm(const struct relax *r)
{
	const struct model *m = r->m;
	double sum = 0;
	for (size_t kt = 0; kt < m->flows * m->years; kt++) {
		double year = 0;
		for (size_t c = kt * m->points; c < (kt + 1) * m->points; c++)
			if (!(r->lack[c] > 0 && is_at_top(r, c)))
				year += m->tonnes[c] * r->lack[c] * r->lack[c];
		sum += m->discount[kt % m->years] * year;
	}
	for (size_t n = 0; n < r->cut_count; n++)
		for (size_t t = 0; t < m->years; t++) {
			const struct cut *c = &r->cuts[n];
			double v = c->price[t] > 0 ? c->mean_slack[t] : fmax(0, c->mean_slack[t]);
			if (c->stair[t].volume > 0)
				sum += CUT_SPEED * m->discount[t] * v * v / c->stair[t].volume;
		}
	return sum;
}

/* Where to look next: along the average from the best multipliers. */
static void step_out(struct relax *r, double length)
{
	const struct model *m = r->m;
	for (size_t n = 0; n < r->cut_count; n++)
		for (size_t t = 0; t < m->years; t++) {
			struct cut *c = &r->cuts[n];
			double by = c->stair[t].volume > 0 ? CUT_SPEED * length * c->mean_slack[t] /
								     c->stair[t].volume
							   : 0;
			c->trial[t] = fmax(0, c->price[t] + by);
		}
	for (size_t c = 0; c < relax_prices(m); c++)
		r->trial[c] = r->price[c] + length * r->lack[c];
	offers_rows(r);
	for (size_t c = 0; c < relax_prices(m); c++)
		r->trial[c] -= fmax(0, r->far[c] - r->ceiling[c]);
}

static void follow(struct relax *r, double value, const struct angles *a)
{
	if (value > r->value) {
		r->value = value;
		memcpy(r->price, r->trial, relax_prices(r->m) * sizeof *r->price);
		memcpy(r->share, r->trial_share, relax_lines(r->m) * sizeof *r->share);
		for (size_t n = 0; n < r->cut_count; n++)
			memcpy(r->cuts[n].price, r->cuts[n].trial,
				r->m->years * sizeof *r->cuts[n].price);
		r->failures = 0;
		if (a->along > 0)
			r->step = fmin(MOST_STEP, r->step * STEP_UP);
	} else if (++r->failures >= PATIENCE) {
		r->step = fmax(LEAST_STEP, r->step * STEP_DOWN);
		r->failures = 0;
	}
}

void relax_run(struct relax *r, int iterations, double target, bool (*is_over)(void *context),
	void *context)
{
	for (int n = 0; n < iterations && !is_over(context); n++) {
		bool is_first = r->value == -INFINITY;
		double norm = is_first ? 0 : direction_norm(r);
		double room = fmax(target - r->value, 1e-6 * fabs(target));
		step_out(r, norm > 0 ? r->step * room / norm : 0);
		double value = offers_evaluate(r);
		find_violations(r);
		struct angles angles = measure(r);
		average_in(r, is_first && !r->is_carried ? 1 : best_weight(&angles, r->step));
		follow(r, value, &angles);
	}
}

static bool is_never(void *unused)
{
	(void)unused;
	return false;
}

void relax_look(struct relax *r)
{
	relax_run(r, 1, 0, is_never, NULL);
}
