#include "legacy.h"

#include "coalition.h"
#include "economy.h"
#include "need.h"

#include <string.h>

void legacy_init(struct legacy *l, struct arena *a, const struct network *net,
	const struct certificate *certificate)
{
	bool has_any = certificate && certificate->price && certificate->volume;
	*l = (struct legacy){.net = net, .certificate = has_any ? certificate : NULL};
	if (has_any)
		economy_model(a, net, &l->model);
}

/* Where points and sites of the network are in the part; -1: not there. */
struct places {
	int *point, *site;
	size_t points, sites;
};

static struct places find_places(struct arena *a, const struct network *net, const bool *is_in)
{
	struct places p = {
		.point = arena_array(a, int, net->points), .site = arena_array(a, int, net->sites)};
	for (size_t i = 0; i < net->points; i++)
		p.point[i] = is_in[net->point[i].region] ? (int)p.points++ : -1;
	for (size_t j = 0; j < net->sites; j++)
		p.site[j] = coalition_has_site(net, is_in, j) ? (int)p.sites++ : -1;
	return p;
}

/* The disc is gone; its tonnes are worth as much as before. */
static void dissolve(
	const struct legacy *l, const struct places *p, const struct rounding *r, double *price)
{
	const struct model *m = &l->model;
	for (size_t t = 0; t < m->years; t++)
		for (size_t i = 0; i < m->points; i++)
			if (p->point[i] >= 0 && need_is_in(m, r, i))
				price[(r->flow * m->years + t) * p->points + (size_t)p->point[i]] +=
					r->price[t];
}

static const bool *near_sites(
	const struct legacy *l, struct arena *a, const struct places *p, const struct rounding *r)
{
	bool *is_near = arena_array(a, bool, p->sites);
	for (size_t j = 0; j < l->model.sites; j++)
		if (p->site[j] >= 0)
			is_near[p->site[j]] = r->is_near[j];
	return is_near;
}

static const double *rents_of(const struct legacy *l, struct arena *a, const struct places *p)
{
	size_t rows = l->model.flows * l->model.years;
	double *rent = arena_array(a, double, p->sites *rows);
	for (size_t j = 0; j < l->model.sites && l->certificate->rent; j++)
		if (p->site[j] >= 0)
			memcpy(rent + (size_t)p->site[j] * rows, l->certificate->rent + j * rows,
				rows * sizeof *rent);
	return l->certificate->rent ? rent : NULL;
}

struct certificate legacy_for(const struct legacy *l, struct arena *a, const bool *is_in)
{
	const struct certificate *c = l->certificate;
	if (!c)
		return (struct certificate){0};
	const struct model *m = &l->model;
	struct places p = find_places(a, l->net, is_in);
	double *price = arena_array(a, double, m->flows * m->years * p.points);
	double *volume = arena_array(a, double, c->rounding_count * m->years);
	struct rounding *roundings = arena_array(a, struct rounding, c->rounding_count);
	size_t count = 0;
	for (size_t kt = 0; kt < m->flows * m->years; kt++)
		for (size_t i = 0; i < m->points; i++)
			if (p.point[i] >= 0)
				price[kt * p.points + (size_t)p.point[i]] =
					c->price[kt * m->points + i];
	for (size_t n = 0; n < c->rounding_count; n++) {
		struct rounding r = c->roundings[n];
		if (r.centre != ROUNDING_EVERYWHERE && p.site[r.centre] < 0) {
			dissolve(l, &p, &r, price);
			continue;
		}
		r.centre = r.centre == ROUNDING_EVERYWHERE ? r.centre : p.site[r.centre];
		r.is_near = near_sites(l, a, &p, &r);
		for (size_t t = 0; t < m->years; t++)
			volume[count * m->years + t] = c->volume[n * m->years + t];
		roundings[count++] = r;
	}
	return (struct certificate){.price = price,
		.roundings = roundings,
		.rounding_count = count,
		.volume = volume,
		.rent = rents_of(l, a, &p)};
}
