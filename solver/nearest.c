#include "nearest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Sites that are routed exactly: the estimate ranks well, and a routing takes its time. */
enum { TRIED = 6 };

/* What tonnes of one point would save on a line. */
struct saving {
	double eur_t, tonnes;
};

static int by_eur_t(const void *a, const void *b)
{
	double x = ((const struct saving *)a)->eur_t, y = ((const struct saving *)b)->eur_t;
	return (x < y) - (x > y);
}

struct search {
	const struct model *m;
	const double *worth;    /* [flow][year][point] lambda */
	struct saving *savings; /* [point] scratch */
	double *value;          /* [level][year] d_t (G - S) of the line at hand */
};

/* lambda of the header, EUR per tonne: today's price and what its room is worth. */
static double *find_worth(struct arena *a, const struct model *m, const double *price)
{
	double *worth = arena_array(a, double, m->flows * m->years * m->points);
	for (size_t k = 0; k < m->flows; k++)
		for (size_t t = 0; t < m->years; t++)
			for (size_t i = 0; i < m->points; i++) {
				double least = INFINITY;
				for (size_t j = 0; j < m->sites; j++)
					if (model_line(m, j, k)->start != LEVEL_NONE)
						least = fmin(
							least, model_cost(m, i, j, k, t) +
								       price[(j * m->flows + k) *
										       m->years +
									       t]);
				worth[(k * m->years + t) * m->points + i] = least;
			}
	return worth;
}

static bool is_free(const struct line *line)
{
	return line->levels > 0 && !line->is_fixed && line->start == LEVEL_NONE;
}

/* d_t (G - S) of every level of a line, one year. */
static void value_levels(struct search *s, size_t j, size_t k, size_t t)
{
	const struct model *m = s->m;
	const struct line *line = model_line(m, j, k);
	const double *w = model_tonnes(m, k, t);
	const double *worth = s->worth + (k * m->years + t) * m->points;
	size_t count = 0, n = 0;
	for (size_t i = 0; i < m->points; i++) {
		double eur_t = worth[i] - model_cost(m, i, j, k, t);
		if (w[i] > 0 && eur_t > 0)
			s->savings[count++] = (struct saving){eur_t, w[i]};
	}
	qsort(s->savings, count, sizeof *s->savings, by_eur_t);
	double saved = 0, taken = 0;
	for (int l = 0; l < line->levels;
		l++) { /* by rising capacity: each goes on from the last */
		size_t level = line->first + (size_t)l;
		double room = m->capacity[level];
		for (; n < count && taken + s->savings[n].tonnes <= room; n++) {
			taken += s->savings[n].tonnes;
			saved += s->savings[n].eur_t * s->savings[n].tonnes;
		}
		double rest = n < count ? s->savings[n].eur_t * (room - taken) : 0;
		s->value[(size_t)l * m->years + t] =
			m->discount[t] * (m->running[level * m->years + t] - saved - rest);
	}
}

/* The cheapest levels over the years, open in all of them: a shortest path. Writes them, returns what they
 * cost. */
static double find_path(const struct search *s, size_t j, size_t k, int *level)
{
	const struct model *m = s->m;
	const struct line *line = model_line(m, j, k);
	struct arena *scratch = arena_new();
	int *from = arena_array(scratch, int, m->years *MODEL_LEVELS_MAX);
	double cost[MODEL_LEVELS_MAX] = {0}, next[MODEL_LEVELS_MAX];
	for (int l = 0; l < line->levels; l++)
		cost[l] = m->discount[0] * model_change_cost(m, line, LEVEL_NONE, l, 0) +
			  s->value[(size_t)l * m->years];
	for (size_t t = 1; t < m->years; t++) {
		for (int to = 0; to < line->levels; to++) {
			next[to] = INFINITY;
			for (int was = 0; was < line->levels; was++) {
				double change = model_change_cost(m, line, was, to, t);
				double c = cost[was] + m->discount[t] * change;
				if (c < next[to]) {
					next[to] = c;
					from[t * MODEL_LEVELS_MAX + (size_t)to] = was;
				}
			}
			next[to] += s->value[(size_t)to * m->years + t];
		}
		memcpy(cost, next, (size_t)line->levels * sizeof *cost);
	}
	int best = 0;
	for (int l = 1; l < line->levels; l++)
		best = cost[l] < cost[best] ? l : best;
	double least = cost[best];
	for (size_t t = m->years; t-- > 0;) {
		level[t] = best;
		best = from[t * MODEL_LEVELS_MAX + (size_t)best];
	}
	arena_free(scratch);
	return least;
}

struct offer {
	size_t site;
	double cost; /* estimated, against the status quo */
	int *level;  /* [flow][year] */
};

static int by_cost(const void *a, const void *b)
{
	const struct offer *x = a, *y = b;
	if (x->cost != y->cost)
		return x->cost < y->cost ? -1 : 1;
	return (x->site > y->site) - (x->site < y->site);
}

/* The lines of a site that save, or else the least bad one. False when it has none to offer. */
static bool make_offer(struct arena *a, struct search *s, size_t j, struct offer *out)
{
	const struct model *m = s->m;
	size_t years = m->years, best = m->flows;
	double *cost = arena_array(a, double, m->flows);
	*out = (struct offer){.site = j, .level = arena_array(a, int, m->flows *years)};
	for (size_t k = 0; k < m->flows; k++) {
		if (!is_free(model_line(m, j, k)))
			continue;
		for (size_t t = 0; t < years; t++)
			value_levels(s, j, k, t);
		cost[k] = find_path(s, j, k, out->level + k * years);
		if (best == m->flows || cost[k] < cost[best])
			best = k;
	}
	for (size_t k = 0; k < m->flows; k++) {
		if (is_free(model_line(m, j, k)) && (k == best || cost[k] < 0))
			out->cost += cost[k];
		else
			for (size_t t = 0; t < years; t++)
				out->level[k * years + t] = model_line(m, j, k)->start;
	}
	for (size_t t = 0; t < years; t++) {
		bool is_open = false;
		for (size_t k = 0; k < m->flows; k++)
			is_open |= out->level[k * years + t] != LEVEL_NONE;
		out->cost += is_open ? m->discount[t] * m->site_cost[j * years + t] : 0;
	}
	return best < m->flows;
}

bool nearest_find(
	struct arena *a, const struct model *m, const double *price, struct plan *out, size_t *site)
{
	if (m->is_single_sourced || m->max_platforms == 0)
		return false;
	struct arena *scratch = arena_new();
	struct search s = {
		.m = m,
		.worth = find_worth(scratch, m, price),
		.savings = arena_array(scratch, struct saving, m->points),
		.value = arena_array(scratch, double, MODEL_LEVELS_MAX * m->years),
	};
	struct offer *offers = arena_array(scratch, struct offer, m->sites);
	size_t count = 0, cells = m->flows * m->years;
	for (size_t j = 0; j < m->sites; j++)
		count += make_offer(scratch, &s, j, &offers[count]);
	if (count)
		qsort(offers, count, sizeof *offers, by_cost);
	bool is_found = false;
	for (size_t n = 0; n < count && n < TRIED; n++) {
		struct plan p = plan_status_quo(scratch, m);
		memcpy(p.level + offers[n].site * cells, offers[n].level, cells * sizeof *p.level);
		if (!plan_route(scratch, m, &p) || (is_found && p.cost.total >= out->cost.total))
			continue;
		*out = p;
		*site = offers[n].site;
		is_found = true;
	}
	if (is_found) {
		int *level = arena_array(a, int, m->sites *cells);
		struct shipment *sent = arena_array(a, struct shipment, out->shipment_count);
		memcpy(level, out->level, m->sites * cells * sizeof *level);
		memcpy(sent, out->shipments, out->shipment_count * sizeof *sent);
		out->level = level;
		out->shipments = sent;
	}
	arena_free(scratch);
	return is_found;
}
