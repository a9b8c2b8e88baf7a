#include "price.h"

#include "transport.h"

#include <math.h>
#include <string.h>

static double sum(const double *v, size_t n)
{
	double s = 0;
	for (size_t i = 0; i < n; i++)
		s += v[i];
	return s;
}

struct growing {
	struct arena *arena;
	struct shipment *list;
	size_t count, room;
};

static void append(struct growing *g, const struct shipment *list, size_t count)
{
	if (g->count + count > g->room) {
		g->room = 2 * (g->count + count);
		struct shipment *more = arena_array(g->arena, struct shipment, g->room);
		if (g->count)
			memcpy(more, g->list, g->count * sizeof *more);
		g->list = more;
	}
	if (count)
		memcpy(g->list + g->count, list, count * sizeof *list);
	g->count += count;
}

/* Everything but transport. */
static struct cost fixed_costs(const struct model *m, const struct plan *p)
{
	struct cost cost = {0};
	for (size_t j = 0; j < m->sites; j++)
		for (size_t t = 0; t < m->years; t++) {
			bool is_open = false;
			for (size_t k = 0; k < m->flows; k++) {
				const struct line *line = model_line(m, j, k);
				const int *level = plan_level(m, p, j, k);
				int before = t ? level[t - 1] : line->start;
				cost.change += m->discount[t] *
					       model_change_cost(m, line, before, level[t], t);
				if (level[t] == LEVEL_NONE)
					continue;
				is_open = true;
				size_t l = line->first + (size_t)level[t];
				cost.running += m->discount[t] * m->running[l * m->years + t];
			}
			if (is_open)
				cost.site += m->discount[t] * m->site_cost[j * m->years + t];
		}
	return cost;
}

bool price_plan(struct arena *a, const struct model *m, struct plan *plan, struct err *e)
{
	struct growing all = {.arena = a};
	struct arena *scratch = arena_new();
	double *capacity = arena_array(a, double, m->sites);
	plan->cost = fixed_costs(m, plan);
	bool ok = true;
	for (size_t k = 0; k < m->flows && ok; k++)
		for (size_t t = 0; t < m->years && ok; t++) {
			for (size_t j = 0; j < m->sites; j++) {
				int level = plan_level(m, plan, j, k)[t];
				capacity[j] = level == LEVEL_NONE
						      ? 0
						      : m->capacity[model_line(m, j, k)->first +
								    (size_t)level];
			}
			struct routing routing;
			ok = transport_solve(scratch, m, k, t, capacity, &routing);
			if (!ok) {
				double w = sum(model_tonnes(m, k, t), m->points);
				(void)err_set(e, ERR_INFEASIBLE,
					"flux %zu, année %zu : %.0f t à traiter ne trouvent pas "
					"place dans "
					"%.0f t de capacité ouverte et atteignable",
					k + 1, t + 1, w, sum(capacity, m->sites));
				break;
			}
			append(&all, routing.shipments, routing.count);
			plan->cost.transport += m->discount[t] * routing.cost;
			arena_reset(scratch);
		}
	arena_free(scratch);
	plan->shipments = all.list;
	plan->shipment_count = all.count;
	plan->cost.total =
		plan->cost.site + plan->cost.running + plan->cost.change + plan->cost.transport;
	return ok;
}

struct plan price_status_quo(struct arena *a, const struct model *m)
{
	struct plan p = {.level = arena_array(a, int, m->sites * m->flows * m->years)};
	for (size_t j = 0; j < m->sites; j++)
		for (size_t k = 0; k < m->flows; k++)
			for (size_t t = 0; t < m->years; t++)
				plan_level(m, &p, j, k)[t] = model_line(m, j, k)->start;
	return p;
}
