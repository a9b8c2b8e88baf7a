#include "facility.h"

#include <math.h>

bool facility_fits(const struct model *m)
{
	if (m->flows != 1 || m->years != 1)
		return false;
	for (size_t j = 0; j < m->sites; j++)
		if (m->lines[j].levels > 1)
			return false;
	return true;
}

/* Costs of the whole demand come from files as integers and went through a division. */
static bool is_whole(double v)
{
	return fabs(v - nearbyint(v)) <= 1e-9 * (1 + fabs(v)) && fabs(v) < 1e12;
}

static double grain_of(const struct facility *f)
{
	if (!f->is_single && f->is_capacitated)
		return 0;
	for (size_t j = 0; j < f->sites; j++) {
		if (!is_whole(f->opening[j]))
			return 0;
		for (size_t i = 0; i < f->points; i++) {
			double c = f->unit[j * f->points + i];
			if (c < INFINITY && !is_whole(c * f->demand[i]))
				return 0;
		}
	}
	return 1;
}

static double divisor(double a, double b)
{
	while (b > 0) {
		double rest = fmod(a, b);
		a = b;
		b = rest;
	}
	return a;
}

/* Sums of capacities are multiples of whatever all of them are multiples of: the demand, rounded up
 * to such a multiple. With equal capacities it is a number of sites. */
static double least_cover(const struct facility *f, const struct model *m)
{
	double unit = 0, need = f->total * (1 - 1e-9);
	for (size_t j = 0; j < f->sites; j++) {
		const struct line *line = &m->lines[j];
		double u = line->levels ? m->capacity[line->first] : 0;
		if (u >= f->total)
			continue; /* enough alone, however large */
		if (u > floor(u))
			return need;
		unit = divisor(unit, u);
	}
	return unit > 0 ? unit * ceil(need / unit) : need;
}

static void set_sites(struct arena *a, struct facility *f, const struct model *m)
{
	double *capacity = arena_array(a, double, f->sites);
	double *opening = arena_array(a, double, f->sites);
	bool *is_fixed = arena_array(a, bool, f->sites);
	int fixed = 0, movable = 0;
	f->cover = least_cover(f, m);
	for (size_t j = 0; j < f->sites; j++) {
		const struct line *line = &m->lines[j];
		if (!line->levels)
			continue;
		double u = m->capacity[line->first];
		capacity[j] = u < f->total ? u : fmax(f->cover, f->total);
		f->is_capacitated |= u < f->total;
		double closed = model_change_cost(m, line, line->start, LEVEL_NONE, 0);
		double open = m->site_cost[j] + m->running[line->first] +
			      model_change_cost(m, line, line->start, 0, 0);
		is_fixed[j] = line->is_fixed && line->start == 0;
		if (line->is_fixed && line->start == LEVEL_NONE)
			capacity[j] = 0;
		fixed += is_fixed[j];
		movable += !line->is_fixed;
		f->offset += f->discount * (is_fixed[j] ? 0 : closed);
		opening[j] = f->discount * (is_fixed[j] ? open : open - closed);
	}
	f->capacity = capacity;
	f->opening = opening;
	f->is_fixed = is_fixed;
	f->open_min = fixed + m->min_platforms;
	f->open_max = fixed + (m->max_platforms >= 0 ? m->max_platforms : movable);
}

void facility_init(struct arena *a, struct facility *f, const struct model *m)
{
	*f = (struct facility){
		.sites = m->sites, .is_single = m->is_single_sourced, .discount = m->discount[0]};
	const double *w = model_tonnes(m, 0, 0);
	uint32_t *point_of = arena_array(a, uint32_t, m->points);
	double *demand = arena_array(a, double, m->points);
	for (size_t i = 0; i < m->points; i++)
		if (w[i] > 0) {
			point_of[f->points] = (uint32_t)i;
			demand[f->points++] = w[i];
			f->total += w[i];
		}
	f->point_of = point_of;
	f->demand = demand;
	set_sites(a, f, m);
	double *unit = arena_array(a, double, f->sites * f->points);
	for (size_t j = 0; j < f->sites; j++)
		for (size_t i = 0; i < f->points; i++)
			unit[j * f->points + i] =
				f->capacity[j] > 0
					? f->discount * model_cost(m, point_of[i], j, 0, 0)
					: INFINITY;
	f->unit = unit;
	/* Without capacities the cheapest open site serves all of a point: nothing is ever split.
	 */
	f->is_single &= f->is_capacitated;
	f->grain = grain_of(f);
}

bool facility_plan(struct arena *a, const struct facility *f, const struct model *m,
	const bool *is_open, const uint32_t *to, struct plan *plan)
{
	plan->level = arena_array(a, int, m->sites);
	for (size_t j = 0; j < m->sites; j++)
		plan->level[j] = is_open[j] ? 0 : LEVEL_NONE;
	if (!to)
		return plan_route(a, m, plan);
	plan->shipments = arena_array(a, struct shipment, f->points);
	plan->shipment_count = f->points;
	for (size_t i = 0; i < f->points; i++)
		plan->shipments[i] = (struct shipment){
			.point = f->point_of[i], .site = to[i], .tonnes = f->demand[i]};
	plan->cost = plan_cost(m, plan);
	return true;
}
