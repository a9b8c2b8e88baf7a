#include "cut.h"

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

void cut_init(struct cut *c, struct arena *a, const struct model *m, const struct rounding *in)
{
	size_t years = m->years;
	*c = (struct cut){
		.rounding = *in,
		.is_everywhere = in->centre == ROUNDING_EVERYWHERE,
		.points = arena_array(a, uint32_t, m->points),
		.stair = arena_array(a, struct stair, years),
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
		c->price[t] = in->price && d > 0 ? in->price[t] : 0;
	}
	c->rounding.price = c->price;
}
