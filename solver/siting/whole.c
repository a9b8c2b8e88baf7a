#include "whole.h"

#include "assign.h"
#include "transport.h"

#include <math.h>
#include <string.h>

enum { KICKS = 2 };

/* One flow in one year: its points with tonnes, the sites that are open. */
struct part_problem {
	struct facility f;
	uint32_t *point, *site; /* their indices in the model */
	bool *all;              /* [site] true */
	struct transport tp;
};

static void take_sites(struct part_problem *w, struct arena *a, const struct model *m,
	const struct plan *p, size_t k, size_t t)
{
	double *capacity = arena_array(a, double, m->sites);
	w->site = arena_array(a, uint32_t, m->sites);
	w->all = arena_array(a, bool, m->sites);
	for (size_t j = 0; j < m->sites; j++) {
		int l = plan_level(m, p, j, k)[t];
		if (l == LEVEL_NONE)
			continue;
		double u = m->capacity[model_line(m, j, k)->first + (size_t)l];
		w->site[w->f.sites] = (uint32_t)j;
		w->all[w->f.sites] = true;
		capacity[w->f.sites++] = fmin(u, w->f.total);
	}
	w->f.capacity = capacity;
}

static void take_points(
	struct part_problem *w, struct arena *a, const struct model *m, size_t k, size_t t)
{
	const double *tonnes = model_tonnes(m, k, t);
	double *demand = arena_array(a, double, m->points);
	w->point = arena_array(a, uint32_t, m->points);
	for (size_t i = 0; i < m->points; i++)
		if (tonnes[i] > 0) {
			w->point[w->f.points] = (uint32_t)i;
			demand[w->f.points++] = tonnes[i];
			w->f.total += tonnes[i];
		}
	w->f.demand = demand;
}

/* Costs per tonne, without negative ones or infinity: a lane that does not exist is dearer than all
 * those that do. */
static void take_costs(
	struct part_problem *w, struct arena *a, const struct model *m, size_t k, size_t t)
{
	double *unit = arena_array(a, double, w->f.sites * w->f.points), least = INFINITY, most = 0;
	for (int is_filling = 0; is_filling < 2; is_filling++)
		for (size_t n = 0; n < w->f.sites; n++)
			for (size_t i = 0; i < w->f.points; i++) {
				double c = model_cost(m, w->point[i], w->site[n], k, t);
				if (is_filling)
					unit[n * w->f.points + i] =
						isfinite(c) ? c - least : 1e4 * (most - least + 1);
				else if (isfinite(c)) {
					least = fmin(least, c);
					most = fmax(most, c);
				}
			}
	w->f.unit = unit;
}

/* The split optimum; false when there is none. *is_whole: no point is divided. */
static bool settle(struct part_problem *w, struct arena *a, bool *is_whole)
{
	transport_init(&w->tp, a, w->f.points, w->f.demand, w->f.sites);
	for (size_t n = 0; n < w->f.sites; n++) {
		transport_row(&w->tp, n, w->f.unit + n * w->f.points, 1, 0);
		transport_resize(&w->tp, n, w->f.capacity[n]);
	}
	if (!transport_settle(&w->tp))
		return false;
	*is_whole = true;
	for (size_t i = 0; i < w->f.points; i++)
		*is_whole &= w->tp.parts[w->tp.first[i]].next == PART_NONE;
	return true;
}

static bool assign_part(struct arena *scratch, const struct model *m, const struct plan *p,
	size_t k, size_t t, struct shipment *to, size_t *count)
{
	struct part_problem w = {.f = {.is_capacitated = true, .is_single = true}};
	take_points(&w, scratch, m, k, t);
	take_sites(&w, scratch, m, p, k, t);
	*count = 0;
	if (!w.f.points)
		return true;
	if (!w.f.sites)
		return false;
	take_costs(&w, scratch, m, k, t);
	bool is_whole = false;
	if (!settle(&w, scratch, &is_whole))
		return false;
	struct assign s;
	if (!is_whole) {
		assign_init(&s, scratch, &w.f);
		if (isinf(assign_points(&s, w.all, &w.tp, KICKS)))
			return false;
	}
	for (size_t i = 0; i < w.f.points; i++) {
		size_t n = is_whole ? w.tp.parts[w.tp.first[i]].site : s.to[i];
		if (!isfinite(model_cost(m, w.point[i], w.site[n], k, t)))
			return false;
		to[(*count)++] = (struct shipment){.flow = (uint32_t)k,
			.year = (uint32_t)t,
			.point = w.point[i],
			.site = w.site[n],
			.tonnes = w.f.demand[i]};
	}
	return true;
}

bool whole_route(struct arena *a, const struct model *m, struct plan *p)
{
	p->shipments = arena_array(a, struct shipment, m->flows * m->years * m->points);
	p->shipment_count = 0;
	for (size_t k = 0; k < m->flows; k++)
		for (size_t t = 0; t < m->years; t++) {
			struct arena *scratch = arena_new();
			size_t count;
			bool is_done = assign_part(
				scratch, m, p, k, t, p->shipments + p->shipment_count, &count);
			arena_free(scratch);
			if (!is_done)
				return false;
			p->shipment_count += count;
		}
	p->cost = plan_cost(m, p);
	return true;
}
