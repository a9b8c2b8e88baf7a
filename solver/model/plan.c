#include "plan.h"

#include "transport.h"

#include <math.h>
#include <string.h>

static bool is_open_site(const struct model *m, const struct plan *p, size_t j, size_t t)
{
	for (size_t k = 0; k < m->flows; k++)
		if (plan_level(m, p, j, k)[t] != LEVEL_NONE)
			return true;
	return false;
}

static double level_capacity(const struct model *m, size_t j, size_t k, int level)
{
	return level == LEVEL_NONE ? 0 : m->capacity[model_line(m, j, k)->first + (size_t)level];
}

struct plan plan_status_quo(struct arena *a, const struct model *m)
{
	struct plan p = {.level = arena_array(a, int, m->sites * m->flows * m->years)};
	for (size_t c = 0; c < m->sites * m->flows * m->years; c++)
		p.level[c] = m->lines[c / m->years].start;
	return p;
}

struct cost plan_cost(const struct model *m, const struct plan *p)
{
	struct cost c = {0};
	for (size_t j = 0; j < m->sites; j++) {
		for (size_t t = 0; t < m->years; t++)
			if (is_open_site(m, p, j, t))
				c.site += m->discount[t] * m->site_cost[j * m->years + t];
		for (size_t k = 0; k < m->flows; k++) {
			const struct line *line = model_line(m, j, k);
			const int *level = plan_level(m, p, j, k);
			int before = line->start;
			for (size_t t = 0; t < m->years; before = level[t++]) {
				c.change += m->discount[t] *
					    model_change_cost(m, line, before, level[t], t);
				if (level[t] != LEVEL_NONE)
					c.running += m->discount[t] *
						     m->running[(line->first + (size_t)level[t]) *
									m->years +
								t];
			}
		}
	}
	for (size_t n = 0; n < p->shipment_count; n++) {
		const struct shipment *s = &p->shipments[n];
		c.transport += m->discount[s->year] * s->tonnes *
			       model_cost(m, s->point, s->site, s->flow, s->year);
	}
	c.total = c.site + c.running + c.change + c.transport;
	return c;
}

bool plan_route(struct arena *a, const struct model *m, struct plan *p)
{
	return plan_route_priced(a, m, p, NULL);
}

bool plan_route_priced(struct arena *a, const struct model *m, struct plan *p, double *price)
{
	struct arena *scratch = arena_new();
	struct routing *routes = arena_array(scratch, struct routing, m->flows * m->years);
	double *capacity = arena_array(scratch, double, m->sites);
	bool is_routed = true;
	p->shipment_count = 0;
	for (size_t k = 0; k < m->flows && is_routed; k++)
		for (size_t t = 0; t < m->years && is_routed; t++) {
			for (size_t j = 0; j < m->sites; j++)
				capacity[j] = level_capacity(m, j, k, plan_level(m, p, j, k)[t]);
			struct routing *r = &routes[k * m->years + t];
			const double *guess = t ? r[-1].price : NULL;
			is_routed = transport_solve(scratch, m, k, t, capacity, guess, r);
			p->shipment_count += r->count;
			for (size_t j = 0; j < m->sites && price && is_routed; j++)
				price[(j * m->flows + k) * m->years + t] = r->price[j];
		}
	if (is_routed) {
		p->shipments = arena_array(a, struct shipment, p->shipment_count);
		struct shipment *to = p->shipments;
		for (size_t n = 0; n < m->flows * m->years; n++) {
			if (routes[n].count)
				memcpy(to, routes[n].shipments, routes[n].count * sizeof *to);
			to += routes[n].count;
		}
		p->cost = plan_cost(m, p);
	}
	arena_free(scratch);
	return is_routed;
}
