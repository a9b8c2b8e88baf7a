#include "relax.h"

#include "team.h"

#include <math.h>
#include <string.h>

/* Step factor, how it follows success and failure, and the averaging weight. */
static const double FIRST_STEP = 0.1, LEAST_STEP = 1e-4, MOST_STEP = 2;
static const double STEP_UP = 1.1, STEP_DOWN = 0.8, AVERAGE = 0.1;
enum { PATIENCE = 8 };

static bool is_outlet(const struct model *m, const struct line *line)
{
	return line->levels && line->is_fixed && line->start != LEVEL_NONE &&
	       isinf(m->capacity[line->first + (size_t)line->start]);
}

static size_t count_prices(const struct model *m)
{
	return m->flows * m->years * m->points;
}

static size_t count_lines(const struct model *m)
{
	return m->sites * m->flows * m->years;
}

static size_t line_at(const struct model *m, size_t j, size_t k)
{
	return (j * m->flows + k) * m->years;
}

static void find_ceilings(struct relax *r)
{
	const struct model *m = r->m;
	for (size_t c = 0; c < count_prices(m); c++)
		r->ceiling[c] = INFINITY;
	for (size_t k = 0; k < m->flows; k++)
		for (size_t j = 0; j < m->sites; j++)
			for (size_t t = 0; t < m->years && is_outlet(m, model_line(m, j, k)); t++)
				for (size_t i = 0; i < m->points; i++) {
					double *c = &r->ceiling[(k * m->years + t) * m->points + i];
					*c = fmin(*c, model_cost(m, i, j, k, t));
				}
}

void relax_init(struct relax *r, struct arena *a, const struct model *m, size_t threads)
{
	size_t prices = count_prices(m), lines = count_lines(m);
	*r = (struct relax){
		.m = m,
		.threads = threads,
		.ceiling = arena_array(a, double, prices),
		.price = arena_array(a, double, prices),
		.share = arena_array(a, double, lines),
		.lack = arena_array(a, double, prices),
		.mean_open = arena_array(a, double, lines),
		.trial = arena_array(a, double, prices),
		.served = arena_array(a, double, prices),
		.trial_share = arena_array(a, double, lines),
		.path = arena_array(a, int, lines),
	};
	for (size_t h = 0; h < RELAX_HEAPS; h++) {
		pricing_init(&r->pricing[h], a, m);
		r->heap_served[h] = arena_array(a, double, prices);
	}
	find_ceilings(r);
}

void relax_start(struct relax *r, const double *price)
{
	const struct model *m = r->m;
	for (size_t c = 0; c < count_prices(m); c++) {
		r->price[c] = fmin(price[c], r->ceiling[c]);
		r->lack[c] = 0;
	}
	memset(r->mean_open, 0, count_lines(m) * sizeof *r->mean_open);
	r->value = -INFINITY;
	r->step = FIRST_STEP;
	r->failures = 0;
}

/* Prices line k of site j and, when it pays, takes its path into the evaluation of its heap. */
static double price_line(struct relax *r, size_t heap, size_t j, size_t k, const double *share)
{
	const struct model *m = r->m;
	pricing_line(&r->pricing[heap], j, k, r->at + k * m->years * m->points, share);
	return r->pricing[heap].total;
}

static void take_line(struct relax *r, size_t heap, size_t j, size_t k)
{
	const struct model *m = r->m;
	const struct pricing *p = &r->pricing[heap];
	pricing_serve(p, r->heap_served[heap] + k * m->years * m->points);
	memcpy(r->path + line_at(m, j, k), p->path, m->years * sizeof *p->path);
	r->heap_value[heap] += p->total;
}

/* Shares of the site's cost in proportion to what each line earns, or alike when none does. */
static void share_site(struct relax *r, size_t j, const double *gain, double sum)
{
	const struct model *m = r->m;
	for (size_t k = 0; k < m->flows; k++)
		for (size_t t = 0; t < m->years; t++)
			r->trial_share[line_at(m, j, k) + t] =
				m->site_cost[j * m->years + t] *
				(sum > 0 ? gain[k] / sum : 1 / (double)m->flows);
}

static void evaluate_site(struct relax *r, size_t heap, size_t j)
{
	const struct model *m = r->m;
	double gain[RELAX_FLOWS_MAX], sum = 0;
	for (size_t k = 0; k < m->flows; k++) {
		const struct line *line = model_line(m, j, k);
		gain[k] = 0;
		for (size_t t = 0; t < m->years; t++)
			r->path[line_at(m, j, k) + t] = LEVEL_NONE;
		if (!line->levels || (line->is_fixed && line->start == LEVEL_NONE) ||
			is_outlet(m, line))
			continue;
		double total = price_line(r, heap, j, k, NULL);
		if (line->is_fixed)
			take_line(r, heap, j, k);
		else
			gain[k] = fmax(0, -total);
		sum += gain[k];
	}
	share_site(r, j, gain, sum);
	for (size_t k = 0; k < m->flows; k++)
		if (gain[k] > 0 && price_line(r, heap, j, k, r->trial_share + line_at(m, j, k)) < 0)
			take_line(r, heap, j, k);
}

static void evaluate_heap(void *context, size_t heap, size_t thread)
{
	struct relax *r = context;
	(void)thread; /* scratch memory goes by heap, so that sums do too */
	memset(r->heap_served[heap], 0, count_prices(r->m) * sizeof(double));
	r->heap_value[heap] = 0;
	for (size_t j = heap; j < r->m->sites; j += RELAX_HEAPS)
		evaluate_site(r, heap, j);
}

static double evaluate(struct relax *r, const double *price)
{
	const struct model *m = r->m;
	r->at = price;
	team_run(r->threads, RELAX_HEAPS, evaluate_heap, r);
	double value = 0;
	for (size_t kt = 0; kt < m->flows * m->years; kt++) {
		const double *w = m->tonnes + kt * m->points, *row = price + kt * m->points;
		double sum = 0;
		for (size_t i = 0; i < m->points; i++)
			if (w[i] > 0)
				sum += w[i] * row[i];
		value += m->discount[kt % m->years] * sum;
	}
	memset(r->served, 0, count_prices(m) * sizeof *r->served);
	for (size_t h = 0; h < RELAX_HEAPS; h++) {
		value += r->heap_value[h];
		for (size_t c = 0; c < count_prices(m); c++)
			r->served[c] += r->heap_served[h][c];
	}
	return value;
}

/* How violations and their average lie to each other, in the metric of the problem. */
struct angles {
	double along;    /* <violation, average> */
	double length;   /* <violation, violation> */
	double averages; /* <average, average> */
};

/* Turns `served` into violations. A point at its ceiling that is not wholly served takes the
 * outlet: nothing is lacking. */
static struct angles find_violations(struct relax *r)
{
	const struct model *m = r->m;
	struct angles a = {0};
	for (size_t kt = 0; kt < m->flows * m->years; kt++)
		for (size_t i = 0; i < m->points; i++) {
			size_t c = kt * m->points + i;
			double v = 1 - r->served[c], dw = m->discount[kt % m->years] * m->tonnes[c];
			if (v > 0 && r->trial[c] >= r->ceiling[c])
				v = 0;
			r->served[c] = v;
			a.along += dw * v * r->lack[c];
			a.length += dw * v * v;
			a.averages += dw * r->lack[c] * r->lack[c];
		}
	return a;
}

/* The weight that makes the new average shortest, within bounds. */
static double best_weight(const struct angles *a)
{
	double bend = a->averages - 2 * a->along + a->length;
	double weight = bend > 0 ? (a->averages - a->along) / bend : AVERAGE;
	return fmin(AVERAGE, fmax(AVERAGE / 10, weight));
}

static void average_in(struct relax *r, double weight)
{
	for (size_t c = 0; c < count_prices(r->m); c++)
		r->lack[c] += weight * (r->served[c] - r->lack[c]);
	for (size_t c = 0; c < count_lines(r->m); c++)
		r->mean_open[c] += weight * ((r->path[c] != LEVEL_NONE) - r->mean_open[c]);
}

static double lack_norm(const struct relax *r)
{
	const struct model *m = r->m;
	double sum = 0;
	for (size_t c = 0; c < count_prices(m); c++)
		sum += m->discount[c / m->points % m->years] * m->tonnes[c] * r->lack[c] *
		       r->lack[c];
	return sum;
}

static void follow(struct relax *r, double value, const struct angles *a)
{
	if (value > r->value) {
		r->value = value;
		memcpy(r->price, r->trial, count_prices(r->m) * sizeof *r->price);
		memcpy(r->share, r->trial_share, count_lines(r->m) * sizeof *r->share);
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
		double norm = is_first ? 0 : lack_norm(r);
		double room = fmax(target - r->value, 1e-6 * fabs(target));
		double length = norm > 0 ? r->step * room / norm : 0;
		for (size_t c = 0; c < count_prices(r->m); c++)
			r->trial[c] = fmin(r->price[c] + length * r->lack[c], r->ceiling[c]);
		double value = evaluate(r, r->trial);
		struct angles angles = find_violations(r);
		average_in(r, is_first ? 1 : best_weight(&angles));
		follow(r, value, &angles);
	}
}
