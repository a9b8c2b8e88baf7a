#include "heir.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* How far from its centre a disc reaches here. */
static double find_radius(
	struct arena *a, const struct model *m, const struct certificate *c, size_t n)
{
	const struct rounding *r = &c->roundings[n];
	if (r->centre == ROUNDING_EVERYWHERE || !c->inside || !c->inside[n])
		return r->radius;
	double *haul = arena_array(a, double, m->points);
	memcpy(haul, m->haul[r->flow] + (size_t)r->centre * m->points, m->points * sizeof *haul);
	qsort(haul, m->points, sizeof *haul, by_size);
	return haul[(c->inside[n] < m->points ? c->inside[n] : m->points) - 1];
}

static bool is_inside(const struct model *m, const struct rounding *r, double radius, size_t i)
{
	return r->centre == ROUNDING_EVERYWHERE ||
	       m->haul[r->flow][(size_t)r->centre * m->points + i] <= radius;
}

/* Claims, and what its price adds to the worth of tonnes inside. */
static void take_over(struct heir *h, const struct model *m, size_t n, double *worth)
{
	const struct certificate *c = h->certificate;
	const struct rounding *r = &c->roundings[n];
	for (size_t t = 0; t < m->years; t++) {
		double *row = worth + (r->flow * m->years + t) * m->points, volume = 0;
		for (size_t i = 0; i < m->points; i++)
			if (is_inside(m, r, h->radius[n], i)) {
				row[i] += r->price[t];
				volume += model_tonnes(m, r->flow, t)[i];
			}
		if (c->volume)
			volume = c->volume[n * m->years + t];
		struct stair before = stair_of(volume, r->unit, r->second);
		h->claims[n * m->years + t] =
			claim_of(&before, r->price[t], relax_unit(m, r->flow, INFINITY));
	}
}

static const double *lift(
	struct arena *a, const struct zones *z, const struct model *m, const double *worth)
{
	double *up = arena_array(a, double, m->flows * z->model.years * z->model.points);
	carry_up(z, m, worth, up);
	return up;
}

void heir_init(struct heir *h, struct arena *a, const struct ladder *l, const struct certificate *c,
	const uint32_t *order)
{
	const struct model *m = l->rungs[0].m;
	struct arena *scratch = arena_new();
	*h = (struct heir){.ladder = l,
		.certificate = c,
		.radius = arena_array(a, double, c->rounding_count),
		.claims = arena_array(a, struct claim, c->rounding_count * m->years)};
	double *worth = arena_array(a, double, m->flows * m->years * m->points);
	for (size_t n = 0; n < m->flows * m->years; n++)
		for (size_t i = 0; i < m->points; i++)
			worth[n * m->points + i] = c->price[n * m->points + order[i]];
	for (size_t n = 0; n < c->rounding_count; n++) {
		h->radius[n] = find_radius(scratch, m, c, n);
		take_over(h, m, n, worth);
	}
	arena_free(scratch);
	size_t zones = l->warm_rung, top = l->count - 1;
	h->worth[0] = worth;
	if (zones)
		h->worth[zones] = lift(a, &l->warm_zones, m, worth);
	if (top > zones)
		h->worth[top] = lift(a, &l->top_zones, l->rungs[zones].m, h->worth[zones]);
}

/* The claims of an inequality in year s of a rung: means of its years. */
static struct claim mean_claim(const struct heir *h, size_t n, size_t s, const struct zones *z)
{
	size_t years = h->ladder->rungs[0].m->years;
	const struct claim *claims = h->claims + n * years;
	struct claim mean = {0};
	for (size_t t = 0; t < years; t++) {
		double part = z ? (z->stage_of[t] == s) * z->part[t] : t == s;
		mean.nu += part * claims[t].nu;
		mean.rent += part * claims[t].rent;
		mean.credit += part * claims[t].credit;
	}
	return mean;
}

/* Lines keep their rents per tonne of capacity. */
static void lend_rents(
	const struct heir *h, struct arena *a, struct relax *r, const struct zones *z)
{
	const struct model *m = r->m;
	size_t years = h->ladder->rungs[0].m->years;
	const double *rent = h->certificate->rent;
	if (!rent)
		return;
	double *mean = arena_array(a, double, relax_lines(m));
	for (size_t c = 0; c < m->sites * m->flows; c++)
		for (size_t t = 0; t < years; t++)
			mean[c * m->years + (z ? z->stage_of[t] : t)] +=
				(z ? z->part[t] : 1) * rent[c * years + t];
	relax_rent(r, mean);
}

void heir_start(const struct heir *h, struct arena *a, struct relax *r, size_t n)
{
	const struct model *m = r->m;
	const struct zones *z = n > h->ladder->warm_rung ? &h->ladder->top_zones : NULL;
	struct arena *scratch = arena_new();
	double *price = arena_array(scratch, double, relax_prices(m));
	memcpy(price, h->worth[n], relax_prices(m) * sizeof *price);
	size_t count = h->certificate->rounding_count;
	struct cut **cuts = arena_array(scratch, struct cut *, count);
	struct claim *claims = arena_array(scratch, struct claim, count * m->years);
	for (size_t x = 0; x < count; x++) {
		struct rounding rounding = h->certificate->roundings[x];
		rounding.radius = h->radius[x];
		rounding.price = arena_array(scratch, double, m->years);
		cuts[x] = relax_add_cut(r, a, &rounding);
		for (size_t s = 0; s < m->years; s++)
			claims[x * m->years + s] = mean_claim(h, x, s, z);
	}
	claims_settle(claims, cuts, count, m, price);
	relax_start(r, price);
	lend_rents(h, scratch, r, z);
	arena_free(scratch);
}
