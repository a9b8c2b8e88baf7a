#include "cut.h"

#include <stdlib.h>

static int by_capacity(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static uint32_t size_of(const struct sizes *s, double capacity)
{
	size_t low = 0, high = s->count;
	while (high - low > 1) {
		size_t middle = (low + high) / 2;
		if (s->capacity[middle] <= capacity)
			low = middle;
		else
			high = middle;
	}
	return (uint32_t)low;
}

void sizes_init(struct sizes *s, struct arena *a, const struct model *m)
{
	*s = (struct sizes){.capacity = arena_array(a, double, m->levels),
		.of_level = arena_array(a, uint32_t, m->levels)};
	size_t count = 0, lines = m->sites * m->flows;
	for (size_t c = 0; c < lines; c++)
		for (int l = 0; l < m->lines[c].levels && !m->lines[c].is_fixed; l++)
			s->capacity[count++] = m->capacity[m->lines[c].first + (size_t)l];
	qsort(s->capacity, count, sizeof *s->capacity, by_capacity);
	for (size_t n = 0; n < count; n++)
		if (n == 0 || s->capacity[n] > s->capacity[s->count - 1])
			s->capacity[s->count++] = s->capacity[n];
	for (size_t c = 0; c < lines; c++)
		for (int l = 0; l < m->lines[c].levels && !m->lines[c].is_fixed; l++) {
			size_t level = m->lines[c].first + (size_t)l;
			s->of_level[level] = size_of(s, m->capacity[level]);
		}
}

bool cut_is_inside(const struct cut *c, const struct model *m, size_t i)
{
	const struct rounding *r = &c->rounding;
	return r->centre == ROUNDING_EVERYWHERE ||
	       m->haul[r->flow][(size_t)r->centre * m->points + i] <= r->radius;
}

bool cut_is_near(const struct cut *c, size_t j, const struct line *line)
{
	return !line->is_fixed && c->rounding.is_near[j];
}

bool cut_is(const struct cut *c, const struct rounding *r)
{
	return c->is_everywhere && r->centre == ROUNDING_EVERYWHERE &&
	       c->rounding.flow == r->flow && c->rounding.unit == r->unit &&
	       c->rounding.second == r->second;
}

void cut_init(struct cut *c, struct arena *a, const struct model *m, const struct sizes *sizes,
	const struct rounding *in)
{
	size_t years = m->years;
	*c = (struct cut){
		.rounding = *in,
		.is_everywhere = in->centre == ROUNDING_EVERYWHERE,
		.points = arena_array(a, uint32_t, m->points),
		.stair = arena_array(a, struct stair, years),
		.counts = arena_array(a, double, years * sizes->count),
		.price = arena_array(a, double, years),
		.trial = arena_array(a, double, years),
		.last = arena_array(a, double, years),
		.slack = arena_array(a, double, years),
		.mean_slack = arena_array(a, double, years),
	};
	for (size_t j = 0; j < m->sites && c->is_everywhere; j++)
		c->is_everywhere = in->is_near[j];
	for (size_t i = 0; i < m->points; i++)
		if (cut_is_inside(c, m, i))
			c->points[c->count++] = (uint32_t)i;
	for (size_t t = 0; t < years; t++) {
		const double *w = model_tonnes(m, in->flow, t);
		double d = 0;
		for (size_t n = 0; n < c->count; n++)
			d += w[c->points[n]];
		c->stair[t] = stair_of(d, in->unit, in->second);
		for (size_t n = 0; n < sizes->count; n++)
			c->counts[t * sizes->count + n] =
				stair_at(&c->stair[t], sizes->capacity[n]);
		c->price[t] = in->price && d > 0 ? in->price[t] : 0;
	}
	c->rounding.price = c->price;
}
