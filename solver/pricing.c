#include "pricing.h"

#include <math.h>
#include <string.h>

/* Points that gain, what they gain in all, and the most that one tonne gains. */
struct gathered {
	size_t count;
	double sum, most;
};

void pricing_init(struct pricing *p, struct arena *a, const struct model *m)
{
	*p = (struct pricing){
		.m = m,
		.items = arena_array(a, struct item, m->years * m->points),
		.picks = arena_array(a, struct pick, m->years * MODEL_LEVELS_MAX),
		.node = arena_array(a, double, m->years *(MODEL_LEVELS_MAX + 1)),
		.from = arena_array(a, int, m->years *(MODEL_LEVELS_MAX + 2)),
		.path = arena_array(a, int, m->years),
		.gathered = arena_array(a, size_t, m->years),
	};
}

/* The points that gain by the line at these prices. */
static struct gathered gather(struct pricing *p, size_t j, size_t k, size_t t, const double *price)
{
	const struct model *m = p->m;
	const double *haul = m->haul[k] + j * m->points, *w = model_tonnes(m, k, t);
	double rate = m->rate[k * m->years + t], gate = m->gate[(j * m->flows + k) * m->years + t];
	struct item *items = p->items + t * m->points;
	struct gathered g = {0, 0, 0};
	for (size_t i = 0; i < m->points; i++) {
		double gain = price[i] - gate - rate * haul[i];
		if (gain > 0 && w[i] > 0) {
			items[g.count++] = (struct item){gain, w[i], (uint32_t)i};
			g.sum += gain * w[i];
			g.most = fmax(g.most, gain);
		}
	}
	return g;
}

static void value_levels(struct pricing *p, const struct line *line, size_t t, size_t count)
{
	const struct model *m = p->m;
	struct item *items = p->items + t * m->points;
	struct pick *picks = p->picks + t * MODEL_LEVELS_MAX;
	for (int l = line->levels; l-- > 0;) {
		struct pick *pick = &picks[l];
		double room = m->capacity[line->first + (size_t)l];
		pick->value = knapsack_continuous(items, count, room, &pick->taken, &pick->last);
		count = pick->taken;
		pick->last_id = count ? items[count - 1].id : 0;
	}
}

/* States of the dynamic program: 0 .. L-1 a level, then closed after having been open, then closed
 * from the start on. */
struct states {
	int levels, closed, untouched, count;
};

static int level_of(const struct states *st, int state)
{
	return state < st->levels ? state : LEVEL_NONE;
}

/* Whether a path may pass from one state to the next: what was touched stays touched. */
static bool may_follow(const struct states *st, int from, int to)
{
	return to != st->untouched || from == st->untouched
		       ? !(to == st->closed && from == st->untouched)
		       : false;
}

/* The cheapest path that is open at some time; node costs are in p->node. */
static void find_path(struct pricing *p, const struct line *line)
{
	const struct model *m = p->m;
	enum { WIDTH = MODEL_LEVELS_MAX + 2 };
	const struct states st = {line->levels, line->levels, line->levels + 1, line->levels + 2};
	double best[WIDTH] = {0}, next[WIDTH] = {0};
	int start = line->start == LEVEL_NONE ? st.untouched : line->start;
	for (int s = 0; s < st.count; s++)
		best[s] = s == start ? 0 : INFINITY;
	for (size_t t = 0; t < m->years; t++) {
		for (int to = 0; to < st.count; to++) {
			double cheapest = INFINITY;
			int arrive = level_of(&st, to), from = 0;
			for (int s = 0; s < st.count; s++) {
				if (best[s] == INFINITY || !may_follow(&st, s, to))
					continue;
				double cost = best[s] + m->discount[t] * model_change_cost(m, line,
										 level_of(&st, s),
										 arrive, t);
				if (cost < cheapest) {
					cheapest = cost;
					from = s;
				}
			}
			next[to] = cheapest +
				   p->node[t * (MODEL_LEVELS_MAX + 1) + (size_t)(arrive + 1)];
			p->from[t * WIDTH + (size_t)to] = from;
		}
		memcpy(best, next, sizeof best);
	}
	int end = st.closed;
	for (int s = 0; s < st.levels; s++)
		if (best[s] < best[end])
			end = s;
	p->total = best[end];
	for (size_t t = m->years; t-- > 0;) {
		p->path[t] = level_of(&st, end);
		end = p->from[t * WIDTH + (size_t)end];
	}
}

static void stay(struct pricing *p, int level)
{
	enum { WIDTH = MODEL_LEVELS_MAX + 1 };
	p->total = 0;
	for (size_t t = 0; t < p->m->years; t++) {
		p->path[t] = level;
		p->total += p->node[t * WIDTH + (size_t)(level + 1)];
	}
}

static void set_nodes(struct pricing *p, const struct line *line, size_t t, double share,
	const double value[MODEL_LEVELS_MAX])
{
	const struct model *m = p->m;
	double *node = p->node + t * (MODEL_LEVELS_MAX + 1);
	node[0] = 0;
	for (int l = 0; l < line->levels; l++) {
		double running = m->running[(line->first + (size_t)l) * m->years + t];
		node[l + 1] = m->discount[t] * (running + share - value[l]);
	}
}

/* Most lines never pay: told by the most they could earn, without choosing among points. */
static bool may_pay(struct pricing *p, const struct line *line, size_t j, const double *price,
	const double *share)
{
	const struct model *m = p->m;
	for (size_t t = 0; t < m->years; t++) {
		double most[MODEL_LEVELS_MAX];
		struct gathered g = gather(p, j, p->k, t, price + t * m->points);
		p->gathered[t] = g.count;
		for (int l = 0; l < line->levels; l++)
			most[l] = fmin(g.sum, g.most * m->capacity[line->first + (size_t)l]);
		set_nodes(p, line, t, share ? share[t] : 0, most);
	}
	if (line->is_fixed)
		return true;
	find_path(p, line);
	return p->total < 0;
}

void pricing_line(struct pricing *p, size_t j, size_t k, const double *price, const double *share)
{
	const struct model *m = p->m;
	const struct line *line = model_line(m, j, k);
	p->k = k;
	if (!may_pay(p, line, j, price, share))
		return;
	for (size_t t = 0; t < m->years; t++) {
		double value[MODEL_LEVELS_MAX];
		value_levels(p, line, t, p->gathered[t]);
		for (int l = 0; l < line->levels; l++)
			value[l] = p->picks[t * MODEL_LEVELS_MAX + (size_t)l].value;
		set_nodes(p, line, t, share ? share[t] : 0, value);
	}
	if (line->is_fixed)
		stay(p, line->start);
	else
		find_path(p, line);
}

void pricing_serve(const struct pricing *p, double *served)
{
	for (size_t t = 0; t < p->m->years; t++) {
		if (p->path[t] == LEVEL_NONE)
			continue;
		const struct pick *pick = &p->picks[t * MODEL_LEVELS_MAX + (size_t)p->path[t]];
		const struct item *items = p->items + t * p->m->points;
		double *row = served + t * p->m->points;
		for (size_t n = 0; n < pick->taken; n++)
			row[items[n].id] += 1;
		if (pick->taken)
			row[pick->last_id] -= 1 - pick->last;
	}
}
