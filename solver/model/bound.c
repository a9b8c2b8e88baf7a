#include "bound.h"

#include "desk.h"
#include "platforms.h"
#include "team.h"

#include <float.h>
#include <math.h>

static bool shares_are_right(
	const struct model *m, const struct certificate *c, const struct tolls *tolls)
{
	for (size_t j = 0; j < m->sites && c->share; j++)
		for (size_t t = 0; t < m->years; t++) {
			size_t at = j * m->years + t;
			double sum = 0,
			       whole = tolls->is_open[at] ? 0 : m->site_cost[at] + tolls->site[at];
			for (size_t k = 0; k < m->flows; k++) {
				double share = c->share[(j * m->flows + k) * m->years + t];
				if (!(share >= 0))
					return false;
				sum += share;
			}
			if (!(sum <= whole * (1 + 1e-12)))
				return false;
		}
	return true;
}

static bool roundings_are_right(const struct model *m, const struct certificate *c)
{
	for (size_t n = 0; n < c->rounding_count; n++) {
		const struct rounding *r = &c->roundings[n];
		if (r->flow >= m->flows || !(r->unit > 0) || !isfinite(r->unit) ||
			!(r->second >= 0) || !isfinite(r->second) ||
			r->centre < ROUNDING_EVERYWHERE || r->centre >= (int)m->sites)
			return false;
		for (size_t t = 0; t < m->years; t++)
			if (!(r->price[t] >= 0))
				return false;
	}
	return true;
}

/* *size: of all that is summed up, signs aside. */
static double tonnes_value(const struct desk *d, double *size)
{
	const struct model *m = d->m;
	double value = 0;
	for (size_t t = 0; t < m->years; t++) {
		const double *w = model_tonnes(m, d->k, t);
		const double *price = d->c->price + (d->k * m->years + t) * m->points;
		for (size_t i = 0; i < m->points; i++) {
			value += m->discount[t] * w[i] * price[i];
			*size += m->discount[t] * w[i] * fabs(price[i]);
		}
		for (size_t n = 0; n < d->c->rounding_count; n++) {
			const struct need *need = &d->needs[n * m->years + t];
			if (d->c->roundings[n].flow != d->k || need->volume <= 0)
				continue;
			double worth = m->discount[t] * d->c->roundings[n].price[t] * need->rest *
				       need->whole;
			value += worth;
			*size += worth;
		}
	}
	return value;
}

/* With one year and any number of platforms: all lines of the flow together. */
static bool has_cover(const struct model *m)
{
	return m->years == 1 && m->max_platforms < 0;
}

static double cover_value(struct desk *d, double (*cost)[COVERING_STATES])
{
	for (size_t j = 0; j < d->m->sites; j++)
		desk_first_year(d, j, cost[j]);
	return covering_cheapest(d->m, d->k, (const double(*)[COVERING_STATES])cost);
}

/* Whether some sites have to be platforms, whatever they save. */
static bool has_due(const struct model *m)
{
	for (size_t n = 0; n < m->limit_count; n++)
		if (m->limits[n].kind == LIMIT_OPEN)
			return true;
	return m->min_platforms > 0;
}

static bool has_number(const struct model *m)
{
	return m->max_platforms >= 0 || has_due(m);
}

struct flow_work {
	struct desk *desks;       /* [thread] */
	struct line_worth *worth; /* [site] */
};

static void weigh_line(void *context, size_t j, size_t thread)
{
	struct flow_work *w = context;
	w->worth[j] = desk_weigh(&w->desks[thread], j);
}

/* Line by line; choices: what has to be chosen among where the number of platforms matters. */
static double flow_value(
	struct desk *desks, size_t threads, struct line_worth *worth, struct choice *choices)
{
	const struct model *m = desks->m;
	struct flow_work work = {desks, worth};
	double value = 0;
	team_run(threads, m->sites, weigh_line, &work);
	for (size_t j = 0; j < m->sites; j++) {
		const struct line_worth *x = &worth[j];
		if (!has_number(m) || model_line(m, j, desks->k)->is_fixed) {
			value += x->path;
			continue;
		}
		value += x->nothing;
		choices[j].gain += x->path - x->nothing;
		if (x->open - x->nothing < choices[j].least)
			choices[j].least = x->open - x->nothing > 0 ? x->open - x->nothing : 0;
	}
	return value;
}

double bound_evaluate(const struct model *m, const struct certificate *c)
{
	return bound_evaluate_by(m, c, 1);
}

double bound_evaluate_by(const struct model *m, const struct certificate *c, size_t threads)
{
	struct arena *a = arena_new();
	struct tolls tolls;
	if (!tolls_read(&tolls, a, m, c->limits) || !shares_are_right(m, c, &tolls) ||
		!roundings_are_right(m, c)) {
		arena_free(a);
		return -INFINITY;
	}
	struct desk *desks = arena_array(a, struct desk, threads);
	desks_init(desks, threads, a, m, c, &tolls);
	struct choice *choices = arena_array(a, struct choice, m->sites);
	struct line_worth *worth = arena_array(a, struct line_worth, m->sites);
	double(*cost)[COVERING_STATES] = arena_calloc(a, m->sites, sizeof *cost);
	double size = tolls.size, bound = tolls.constant, lines = 0,
	       covers = has_cover(m) ? 0 : -INFINITY;
	for (size_t j = 0; j < m->sites; j++)
		choices[j].least = INFINITY;
	for (size_t k = 0; k < m->flows; k++) {
		desks_turn(desks, threads, k);
		bound += tonnes_value(desks, &size);
		if (has_cover(m))
			covers += cover_value(desks, cost);
		if (!has_cover(m) || has_due(m))
			lines += flow_value(desks, threads, worth, choices);
	}
	if (has_number(m))
		lines += platforms_best(m, &tolls, choices);
	/* Both are true: of a cover that says nothing of numbers, and of numbers, the better. */
	bound += has_cover(m) && !has_due(m) ? covers : fmax(lines, covers);
	/* Every site may earn on every tonne: so much may sums of this size be off. Multipliers that
	 * are large and cancel out prove little. */
	bound -= 4 * DBL_EPSILON * (double)(m->sites + 1) * size;
	arena_free(a);
	return bound;
}
