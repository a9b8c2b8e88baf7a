#include "carry.h"

#include "claim.h"

#include <math.h>
#include <string.h>

/* Part of what a point is farther from where its zone goes that prices follow. */
static const double FOLLOWED = 0.7;
/* What the ascent ended with above is too short a step for what is new here. */
static const double CARRIED_STEP = 0.01;

void carry_up(const struct zones *z, const struct model *m, const double *price, double *zone_price)
{
	size_t zones = z->model.points, stages = z->model.years;
	struct arena *scratch = arena_new();
	double *weight = arena_array(scratch, double, m->flows *stages *zones);
	memset(zone_price, 0, m->flows * stages * zones * sizeof *zone_price);
	for (size_t k = 0; k < m->flows; k++)
		for (size_t t = 0; t < m->years; t++)
			for (size_t i = 0; i < m->points; i++) {
				size_t c = (k * m->years + t) * m->points + i;
				size_t to = (k * stages + z->stage_of[t]) * zones + z->zone_of[i];
				double w = (m->tonnes[c] + 1e-12) * z->part[t];
				zone_price[to] += w * price[c];
				weight[to] += w;
			}
	for (size_t c = 0; c < m->flows * stages * zones; c++)
		zone_price[c] = weight[c] > 0 ? zone_price[c] / weight[c] : 0;
	arena_free(scratch);
}

/* Where a flow goes from each zone, on average: parts[site][zone], the rest to an outlet. */
static void find_parts(const struct relax *coarse, size_t k, double *parts, double *rest)
{
	const struct model *m = coarse->m;
	double scale = coarse->mean_scale / (double)m->years;
	for (size_t n = 0; n < m->points; n++)
		rest[n] = 1;
	for (size_t j = 0; j < m->sites; j++)
		for (size_t n = 0; n < m->points; n++) {
			size_t c = (k * m->sites + j) * m->points + n;
			parts[j * m->points + n] = (double)coarse->flow_mean[c] * scale;
			rest[n] -= parts[j * m->points + n];
		}
	for (size_t n = 0; n < m->points; n++)
		rest[n] = fmax(0, rest[n]);
}

/* farther[point]: by how much haulage, in EUR per unit of rate. */
static void find_farther(const struct relax *coarse, const struct zones *z, const struct model *m,
	size_t k, double *farther)
{
	const struct model *small = &z->model;
	struct arena *scratch = arena_new();
	double *parts = arena_array(scratch, double, m->sites * small->points);
	double *rest = arena_array(scratch, double, small->points);
	find_parts(coarse, k, parts, rest);
	memset(farther, 0, m->points * sizeof *farther);
	for (size_t j = 0; j < m->sites; j++)
		for (size_t i = 0; i < m->points; i++) {
			size_t n = z->zone_of[i];
			double x = parts[j * small->points + n];
			double more = m->haul[k][j * m->points + i] -
				      small->haul[k][j * small->points + n];
			if (x > 0 && isfinite(more))
				farther[i] += x * more;
		}
	arena_free(scratch);
}

static bool is_at_top(const struct relax *r, size_t c)
{
	return isfinite(r->ceiling[c]) && r->far[c] >= r->ceiling[c] - 1e-6 * fabs(r->ceiling[c]);
}

static void carry_prices(struct relax *fine, const struct relax *coarse, const struct zones *z,
	const double *shift, double *price)
{
	const struct model *m = fine->m, *small = &z->model;
	struct arena *scratch = arena_new();
	double *farther = arena_array(scratch, double, m->points);
	for (size_t k = 0; k < m->flows; k++) {
		if (coarse->flow_mean)
			find_farther(coarse, z, m, k, farther);
		for (size_t t = 0; t < m->years; t++) {
			size_t row = (k * small->years + z->stage_of[t]) * small->points;
			double rate = m->rate[k * m->years + t];
			for (size_t i = 0; i < m->points; i++) {
				size_t from = row + z->zone_of[i];
				size_t to = (k * m->years + t) * m->points + i;
				/* A zone at its ceiling stays there. */
				price[to] = is_at_top(coarse, from)
						    ? fine->ceiling[to]
						    : coarse->price[from] + shift[to] +
							      FOLLOWED * rate * farther[i];
				fine->lack[to] = coarse->lack[from];
			}
		}
	}
	arena_free(scratch);
}

/* The inequalities, and what the prices of points have to rise for tonnes to be worth the same: shift[flow][year][point]. */
static void carry_cuts(struct relax *fine, struct arena *a, const struct relax *coarse,
	const struct zones *z, double *shift)
{
	const struct model *m = fine->m;
	struct arena *scratch = arena_new();
	struct cut **cuts = arena_array(scratch, struct cut *, coarse->cut_count);
	struct claim *claims = arena_array(scratch, struct claim, coarse->cut_count * m->years);
	for (size_t n = 0; n < coarse->cut_count; n++) {
		const struct cut *c = &coarse->cuts[n];
		struct rounding r = c->rounding;
		r.price = arena_array(a, double, m->years);
		cuts[n] = relax_add_cut(fine, a, &r);
		double largest = relax_unit(m, r.flow, INFINITY);
		for (size_t t = 0; cuts[n] && t < m->years; t++) {
			size_t s = z->stage_of[t];
			cuts[n]->mean_slack[t] = c->mean_slack[s];
			claims[n * m->years + t] = claim_of(&c->stair[s], c->price[s], largest);
			double *row = shift + (r.flow * m->years + t) * m->points;
			for (size_t i = 0; i < cuts[n]->count; i++)
				row[cuts[n]->points[i]] += c->price[s];
		}
	}
	claims_settle(claims, cuts, coarse->cut_count, m, shift);
	arena_free(scratch);
}

/* What prices of capacity lines see: levels are the same on both. */
static void carry_thresholds(struct relax *fine, const struct relax *coarse, const struct zones *z)
{
	size_t years = fine->m->years, stages = z->model.years;
	for (size_t h = 0; h < RELAX_HEAPS; h++)
		for (size_t l = 0; l < fine->m->levels; l++)
			for (size_t t = 0; t < years; t++)
				fine->heaps[h].pricing.threshold[l * years + t] =
					coarse->heaps[h]
						.pricing.threshold[l * stages + z->stage_of[t]];
}

static void carry_means(struct relax *fine, const struct relax *coarse, const struct zones *z)
{
	const struct model *m = fine->m, *small = &z->model;
	double longer = coarse->mean_scale * (double)m->years / (double)small->years;
	for (size_t c = 0; c < m->sites * m->flows; c++)
		for (size_t t = 0; t < m->years; t++)
			fine->mean_open[c * m->years + t] =
				coarse->mean_open[c * small->years + z->stage_of[t]];
	for (size_t n = 0; n < m->levels; n++)
		fine->level_mean[n] = (float)(longer * (double)coarse->level_mean[n]);
	if (!fine->flow_mean || !coarse->flow_mean)
		return;
	for (size_t c = 0; c < m->flows * m->sites; c++)
		for (size_t i = 0; i < m->points; i++)
			fine->flow_mean[c * m->points + i] =
				(float)(longer * (double)coarse->flow_mean[c * small->points +
									   z->zone_of[i]]);
}

void carry_change(struct relax *fine, struct arena *a, struct relax *coarse, const struct zones *z,
	const double *worth, const double *zone_worth)
{
	const struct model *m = fine->m, *small = &z->model;
	double *changed = arena_array(a, double, relax_prices(m));
	double *shift = arena_array(a, double, relax_prices(m));
	carry_cuts(fine, a, coarse, z, shift);
	relax_start(fine, worth);
	for (size_t k = 0; k < m->flows; k++)
		for (size_t t = 0; t < m->years; t++)
			for (size_t i = 0; i < m->points; i++) {
				size_t to = (k * m->years + t) * m->points + i;
				size_t from = (k * small->years + z->stage_of[t]) * small->points +
					      z->zone_of[i];
				changed[to] = worth[to] + coarse->price[from] - zone_worth[from] +
					      shift[to];
				fine->lack[to] = coarse->lack[from];
			}
	memcpy(fine->price, changed, relax_prices(m) * sizeof *changed);
	carry_means(fine, coarse, z);
	carry_thresholds(fine, coarse, z);
	fine->step = CARRIED_STEP;
	fine->is_carried = true;
	fine->evaluations = coarse->evaluations; /* thresholds are known: estimates are near */
}

void carry_down(struct relax *fine, struct arena *a, struct relax *coarse, const struct zones *z)
{
	const struct model *m = fine->m;
	relax_recall(coarse);
	double *price = arena_array(a, double, m->flows * m->years * m->points);
	double *shift = arena_array(a, double, m->flows * m->years * m->points);
	carry_cuts(fine, a, coarse, z, shift);
	relax_start(fine, fine->price);
	carry_prices(fine, coarse, z, shift, price);
	carry_means(fine, coarse, z);
	carry_thresholds(fine, coarse, z);
	memcpy(fine->price, price, m->flows * m->years * m->points * sizeof *price);
	fine->step = fmax(coarse->step, CARRIED_STEP);
	fine->is_carried = true;
}
