#include "offers.h"

#include <math.h>
#include <string.h>

/* Of the ascent, until it knows better. */
static const double FIRST_STEP = 0.1;

bool relax_is_outlet(const struct model *m, const struct line *line)
{
	return line->levels && line->is_fixed && line->start != LEVEL_NONE &&
	       isinf(m->capacity[line->first + (size_t)line->start]);
}

static void find_ceilings(struct relax *r)
{
	const struct model *m = r->m;
	for (size_t c = 0; c < relax_prices(m); c++)
		r->ceiling[c] = INFINITY;
	for (size_t k = 0; k < m->flows; k++)
		for (size_t j = 0; j < m->sites; j++)
			for (size_t t = 0; t < m->years && relax_is_outlet(m, model_line(m, j, k));
				t++)
				for (size_t i = 0; i < m->points; i++) {
					double *c = &r->ceiling[(k * m->years + t) * m->points + i];
					*c = fmin(*c, model_cost(m, i, j, k, t));
				}
}

double relax_unit(const struct model *m, size_t k, double limit)
{
	double unit = 0;
	for (size_t j = 0; j < m->sites; j++) {
		const struct line *line = model_line(m, j, k);
		for (int l = 0; l < line->levels && !line->is_fixed; l++) {
			double u = m->capacity[line->first + (size_t)l];
			if (u < limit && u > unit)
				unit = u;
		}
	}
	return unit;
}

static void add_everywhere(struct relax *r, struct arena *a)
{
	const struct model *m = r->m;
	bool *all = arena_array(a, bool, m->sites);
	memset(all, 1, m->sites * sizeof *all);
	for (size_t k = 0; k < m->flows; k++) {
		double unit = relax_unit(m, k, INFINITY);
		if (unit > 0)
			relax_add_cut(r, a,
				&(struct rounding){.flow = k,
					.unit = unit,
					.centre = ROUNDING_EVERYWHERE,
					.is_near = all});
	}
}

enum { MEANS_MAX = 1 << 23 }; /* averages of lanes, at most so many */

void relax_init(struct relax *r, struct arena *a, const struct model *m, size_t threads)
{
	size_t prices = relax_prices(m), lines = relax_lines(m);
	bool has_mean = m->flows * m->sites * m->points <= MEANS_MAX;
	*r = (struct relax){
		.m = m,
		.threads = threads,
		.ceiling = arena_array(a, double, prices),
		.price = arena_array(a, double, prices),
		.share = arena_array(a, double, lines),
		.lack = arena_array(a, double, prices),
		.mean_open = arena_array(a, double, lines),
		.cuts = arena_array(a, struct cut, RELAX_CUTS_MAX),
		.cuts_of = arena_array(a, uint32_t, m->flows * RELAX_CUTS_MAX),
		.cuts_in = arena_array(a, size_t, m->flows),
		.flow_mean =
			has_mean ? arena_array(a, float, m->flows * m->sites * m->points) : NULL,
		.level_mean = arena_array(a, float, m->levels),
		.trial = arena_array(a, double, prices),
		.served = arena_array(a, double, prices),
		.trial_share = arena_array(a, double, lines),
		.path = arena_array(a, int, lines),
		.site_gain = arena_array(a, double, m->sites),
		.is_chosen = arena_array(a, bool, m->sites),
		.near = arena_array(a, double, prices),
		.last_near = arena_array(a, double, prices),
		.drift = arena_array(a, double, m->flows),
		.largest = arena_array(a, double, m->flows),
		.asleep_until = arena_array(a, double, m->sites * m->flows),
		.far = arena_array(a, double, prices),
	};
	lanes_init(&r->lanes, a, m);
	sizes_init(&r->sizes, a, m);
	for (size_t kt = 0; kt < m->flows * m->years; kt++) {
		double d = 0;
		for (size_t i = 0; i < m->points; i++)
			d += m->tonnes[kt * m->points + i];
		r->largest[kt / m->years] = fmax(r->largest[kt / m->years], d);
	}
	size_t tops = m->flows * m->years * r->lanes.blocks;
	r->near_most = arena_array(a, double, tops);
	r->far_most = arena_array(a, double, tops);
	for (size_t h = 0; h < RELAX_HEAPS; h++) {
		struct heap *heap = &r->heaps[h];
		pricing_init(&heap->pricing, a, m, &r->lanes);
		heap->served = arena_array(a, double, prices);
		heap->load = arena_array(a, double, RELAX_CUTS_MAX * m->years);
		heap->rows = arena_array(a, double, m->years * m->points);
		heap->credit = arena_array(a, double, m->flows * m->years * MODEL_LEVELS_MAX);
	}
	find_ceilings(r);
	add_everywhere(r, a);
}

struct cut *relax_add_cut(struct relax *r, struct arena *a, const struct rounding *in)
{
	for (size_t n = 0; n < r->cut_count && in->price; n++)
		if (cut_is(&r->cuts[n], in)) {
			memcpy(r->cuts[n].price, in->price, r->m->years * sizeof *in->price);
			return &r->cuts[n]; /* there from the start on */
		}
	if (r->cut_count == RELAX_CUTS_MAX)
		return NULL;
	r->cuts_of[in->flow * RELAX_CUTS_MAX + r->cuts_in[in->flow]++] = (uint32_t)r->cut_count;
	struct cut *c = &r->cuts[r->cut_count++];
	cut_init(c, a, r->m, &r->sizes, in);
	return c;
}

void relax_start(struct relax *r, const double *price)
{
	const struct model *m = r->m;
	if (price != r->price)
		memcpy(r->price, price, relax_prices(m) * sizeof *price);
	memset(r->lack, 0, relax_prices(m) * sizeof *r->lack);
	r->is_carried = false;
	memset(r->mean_open, 0, relax_lines(m) * sizeof *r->mean_open);
	memset(r->level_mean, 0, m->levels * sizeof *r->level_mean);
	if (r->flow_mean)
		memset(r->flow_mean, 0, m->flows * m->sites * m->points * sizeof *r->flow_mean);
	r->mean_scale = 1;
	r->value = -INFINITY;
	r->step = FIRST_STEP;
	r->failures = 0;
}

void relax_recall(struct relax *r)
{
	memcpy(r->trial, r->price, relax_prices(r->m) * sizeof *r->trial);
	for (size_t n = 0; n < r->cut_count; n++)
		memcpy(r->cuts[n].trial, r->cuts[n].price, r->m->years * sizeof(double));
	offers_rows(r);
}

/* The thresholds [level][year] of the lines of a site. */
static double *thresholds_of(const struct relax *r, size_t j)
{
	return r->heaps[j % RELAX_HEAPS].pricing.threshold;
}

static const double *find_rents(const struct relax *r, struct arena *a)
{
	const struct model *m = r->m;
	double *rent = arena_array(a, double, relax_lines(m));
	for (size_t c = 0; c < m->sites * m->flows; c++) {
		const struct line *line = &m->lines[c];
		size_t largest = line->first + (size_t)line->levels - 1;
		if (line->levels)
			memcpy(rent + c * m->years,
				thresholds_of(r, c / m->flows) + largest * m->years,
				m->years * sizeof *rent);
	}
	return rent;
}

void relax_rent(struct relax *r, const double *rent)
{
	const struct model *m = r->m;
	for (size_t c = 0; c < m->sites * m->flows; c++) {
		const struct line *line = &m->lines[c];
		for (int l = 0; l < line->levels; l++)
			memcpy(thresholds_of(r, c / m->flows) +
					(line->first + (size_t)l) * m->years,
				rent + c * m->years, m->years * sizeof *rent);
	}
	r->evaluations = RELAX_FIRST;
}

void relax_certificate(const struct relax *r, struct arena *a, struct certificate *out)
{
	const struct model *m = r->m;
	double *price = arena_array(a, double, relax_prices(m));
	double *share = arena_array(a, double, relax_lines(m));
	struct rounding *roundings = arena_array(a, struct rounding, r->cut_count);
	double *volume = arena_array(a, double, r->cut_count * m->years);
	size_t *inside = arena_array(a, size_t, r->cut_count), count = 0;
	memcpy(price, r->price, relax_prices(m) * sizeof *price);
	memcpy(share, r->share, relax_lines(m) * sizeof *share);
	for (size_t n = 0; n < r->cut_count; n++) {
		const struct cut *c = &r->cuts[n];
		bool *near = arena_array(a, bool, m->sites);
		double *nu = arena_array(a, double, m->years), most = 0;
		memcpy(near, c->rounding.is_near, m->sites * sizeof *near);
		memcpy(nu, c->price, m->years * sizeof *nu);
		for (size_t t = 0; t < m->years; t++)
			most = fmax(most, nu[t]);
		if (most <= 0)
			continue;
		for (size_t t = 0; t < m->years; t++)
			volume[count * m->years + t] = c->stair[t].volume;
		inside[count] = c->count;
		roundings[count] = c->rounding;
		roundings[count].is_near = near;
		roundings[count++].price = nu;
	}
	*out = (struct certificate){.price = price,
		.share = share,
		.rent = find_rents(r, a),
		.roundings = roundings,
		.rounding_count = count,
		.volume = volume,
		.inside = inside};
}
