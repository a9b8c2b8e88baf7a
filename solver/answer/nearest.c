#include "nearest.h"

#include "knapsack.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Sites that are routed exactly: the estimate ranks well, and a routing takes its time. */
enum { TRIED = 6, ITERATIONS = 20 };

/* EUR per tonne that makes any tonne welcome: where the search begins. */
static const double HIGH_FEE = 1e6;

struct search {
	const struct model *m;
	const double *worth;  /* [flow][year][point] lambda */
	struct item *savings; /* [point] scratch: EUR per tonne, tonnes */
	/* Of the site at hand, [flow][level][year], discounted: G - S, and the tonnes that save S. */
	double *value, *tonnes;
};

static size_t at(const struct search *s, size_t k, int l, size_t t)
{
	return (k * MODEL_LEVELS_MAX + (size_t)l) * s->m->years + t;
}

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

/* Every level of a line in one year. */
static void value_levels(struct search *s, size_t j, size_t k, size_t t)
{
	const struct model *m = s->m;
	const struct line *line = model_line(m, j, k);
	const double *w = model_tonnes(m, k, t);
	const double *worth = s->worth + (k * m->years + t) * m->points;
	size_t count = 0, taken;
	double total = 0, last;
	for (size_t i = 0; i < m->points; i++) {
		double eur_t = worth[i] - model_cost(m, i, j, k, t);
		if (w[i] > 0 && eur_t > 0) {
			s->savings[count++] = (struct item){eur_t, w[i], (uint32_t)i};
			total += w[i];
		}
	}
	for (int l = line->levels; l-- > 0; count = taken) { /* what fits in less is among these */
		size_t level = line->first + (size_t)l;
		double room = m->capacity[level];
		double saved = knapsack_continuous(s->savings, count, room, &taken, &last);
		s->value[at(s, k, l, t)] =
			m->discount[t] * (m->running[level * m->years + t] - saved);
		s->tonnes[at(s, k, l, t)] = m->discount[t] * fmin(room, total);
	}
}

/* The levels over the years, one in each, that cost least when every tonne is paid `fee`: a shortest
 * path. Writes them, returns what they cost then. */
static double find_path(const struct search *s, size_t j, size_t k, double fee, int *level)
{
	const struct model *m = s->m;
	const struct line *line = model_line(m, j, k);
	struct arena *scratch = arena_new();
	int *from = arena_array(scratch, int, m->years *MODEL_LEVELS_MAX);
	double cost[MODEL_LEVELS_MAX] = {0}, next[MODEL_LEVELS_MAX];
	for (size_t t = 0; t < m->years; t++) {
		for (int to = 0; to < line->levels; to++) {
			size_t here = at(s, k, to, t);
			next[to] = INFINITY;
			for (int was = t ? 0 : LEVEL_NONE; was < (t ? line->levels : 0); was++) {
				double change = model_change_cost(m, line, was, to, t);
				double c = (t ? cost[was] : 0) + m->discount[t] * change;
				if (c < next[to]) {
					next[to] = c;
					from[t * MODEL_LEVELS_MAX + (size_t)to] = was;
				}
			}
			next[to] += s->value[here] - fee * s->tonnes[here];
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
	double eur_t; /* what it misses, estimated */
	int *level;   /* [flow][year] */
};

static int by_miss(const void *a, const void *b)
{
	const struct offer *x = a, *y = b;
	if (x->eur_t != y->eur_t)
		return x->eur_t < y->eur_t ? -1 : 1;
	return (x->site > y->site) - (x->site < y->site);
}

static double site_cost(const struct model *m, size_t j)
{
	double sum = 0;
	for (size_t t = 0; t < m->years; t++)
		sum += m->discount[t] * m->site_cost[j * m->years + t];
	return sum;
}

/* The lines of a site that are worth it when every tonne is paid `fee`, or else the least bad one. Sets
 * what the offer then misses per tonne; false when no tonne would come. */
static bool try_fee(const struct search *s, double fee, struct offer *o)
{
	const struct model *m = s->m;
	struct arena *scratch = arena_new();
	double *gain = arena_array(scratch, double, m->flows);
	double cost = site_cost(m, o->site), tonnes = 0;
	size_t best = m->flows;
	for (size_t k = 0; k < m->flows; k++) {
		if (!is_free(model_line(m, o->site, k)))
			continue;
		gain[k] = -find_path(s, o->site, k, fee, o->level + k * m->years);
		best = best == m->flows || gain[k] > gain[best] ? k : best;
	}
	for (size_t k = 0; k < m->flows; k++) {
		const struct line *line = model_line(m, o->site, k);
		int *level = o->level + k * m->years;
		if (!is_free(line) || (k != best && gain[k] <= 0)) {
			for (size_t t = 0; t < m->years; t++)
				level[t] = line->start;
			continue;
		}
		double here = 0;
		for (size_t t = 0; t < m->years; t++)
			here += s->tonnes[at(s, k, level[t], t)];
		tonnes += here;
		cost += fee * here - gain[k];
	}
	o->eur_t = cost / tonnes;
	arena_free(scratch);
	return best < m->flows && tonnes > 0;
}

/* The lines and levels that miss least per tonne, by Dinkelbach's iteration: at the fee that the last ones
 * need, others may leave something over; they need less. */
static bool make_offer(struct arena *a, struct search *s, size_t j, struct offer *out)
{
	const struct model *m = s->m;
	struct offer next = {.site = j, .level = arena_array(a, int, m->flows * m->years)};
	*out = next;
	out->level = arena_array(a, int, m->flows * m->years);
	for (size_t k = 0; k < m->flows; k++)
		for (size_t t = 0; t < m->years && is_free(model_line(m, j, k)); t++)
			value_levels(s, j, k, t);
	double fee = HIGH_FEE;
	for (int n = 0; n < ITERATIONS && try_fee(s, fee, &next); n++) {
		if (n && next.eur_t >= out->eur_t - 1e-9 * fabs(out->eur_t))
			return true;
		memcpy(out->level, next.level, m->flows * m->years * sizeof *next.level);
		out->eur_t = fee = next.eur_t;
	}
	return fee < HIGH_FEE;
}

/* Discounted tonnes that a plan sends to a site. */
static double present_tonnes(const struct model *m, const struct plan *p, size_t site)
{
	double sum = 0;
	for (size_t n = 0; n < p->shipment_count; n++)
		if (p->shipments[n].site == site)
			sum += m->discount[p->shipments[n].year] * p->shipments[n].tonnes;
	return sum;
}

bool nearest_find(struct arena *a, const struct model *m, const struct plan *before,
	const double *price, struct plan *out, size_t *site)
{
	if (m->is_single_sourced || m->max_platforms == 0)
		return false;
	struct arena *scratch = arena_new();
	struct search s = {
		.m = m,
		.worth = find_worth(scratch, m, price),
		.savings = arena_array(scratch, struct item, m->points),
	};
	s.value = arena_array(scratch, double, m->flows *MODEL_LEVELS_MAX * m->years);
	s.tonnes = arena_array(scratch, double, m->flows *MODEL_LEVELS_MAX * m->years);
	struct offer *offers = arena_array(scratch, struct offer, m->sites);
	size_t count = 0, cells = m->flows * m->years;
	for (size_t j = 0; j < m->sites; j++)
		count += make_offer(scratch, &s, j, &offers[count]);
	if (count)
		qsort(offers, count, sizeof *offers, by_miss);
	bool is_found = false;
	double least = INFINITY;
	for (size_t n = 0; n < count && n < TRIED; n++) {
		struct plan p = plan_status_quo(scratch, m);
		memcpy(p.level + offers[n].site * cells, offers[n].level, cells * sizeof *p.level);
		if (!plan_route(scratch, m, &p))
			continue;
		double eur_t =
			(p.cost.total - before->cost.total) / present_tonnes(m, &p, offers[n].site);
		if (!(eur_t < least))
			continue;
		least = eur_t;
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
