#include "claim.h"

#include "relax.h"

#include <math.h>

/* What a line may get for standing empty, of what it costs; and how many times as high a price may be as before. */
static const double PART = 0.5, MOST = 4;

/* What a line of one unit may take of the tonnes of S. */
static double most_taken(const struct stair *s)
{
	return fmin(s->unit, s->volume);
}

/* Whether one line takes all tonnes, and no smaller ones are rounded. */
static bool is_one(const struct stair *s)
{
	return s->volume <= s->unit && s->step <= 0;
}

struct claim claim_of(const struct stair *s, double nu, double largest)
{
	double rent = nu * fmax(0, most_taken(s) - s->rest);
	return (struct claim){nu, rent, nu * stair_at(s, largest)};
}

double claim_idle(const struct model *m, size_t k, double largest)
{
	double least = INFINITY, whole = 0;
	for (size_t t = 0; t < m->years; t++)
		whole += m->discount[t];
	for (size_t j = 0; j < m->sites; j++) {
		const struct line *line = model_line(m, j, k);
		for (int l = 0; l < line->levels && !line->is_fixed; l++) {
			size_t level = line->first + (size_t)l;
			double build = m->discount[0] * m->build[level * m->years] / whole;
			if (m->capacity[level] == largest)
				least = fmin(least, build + m->running[level * m->years]);
		}
	}
	return isfinite(least) ? PART * least : 0;
}

static struct rent rent_at(const struct claim *before, const struct stair *s, double nu)
{
	double room = fmax(0, most_taken(s) - s->rest);
	return (struct rent){nu, fmax(0, before->rent - nu * room) / s->unit};
}

struct rent claim_rent(
	const struct claim *before, const struct stair *s, double largest, double idle)
{
	double room = most_taken(s) - s->rest, most = 0;
	if (s->volume <= 0)
		return (struct rent){0};
	if (is_one(s) && before->rent <= 0)
		return (struct rent){.nu = before->nu};
	double met = stair_at(s, largest);
	if (met > 0)
		most = fmin((is_one(s) ? 1 : MOST) * before->nu, fmax(before->credit, idle) / met);
	if (before->rent < most * room)
		return (struct rent){.nu = before->rent / room};
	return rent_at(before, s, most);
}

/* What part of the rise of prices is left for what all inequalities of a flow together may give a line. */
static double part_of_rise(const struct claim *claims, struct cut **cuts, size_t count,
	const struct rent *rents, size_t years, size_t k, size_t t, double largest, double idle)
{
	double before = 0, same = 0, risen = 0;
	for (size_t n = 0; n < count; n++) {
		if (!cuts[n] || cuts[n]->rounding.flow != k || !cuts[n]->is_everywhere)
			continue;
		double met = stair_at(&cuts[n]->stair[t], largest);
		double rise = fmax(0, rents[n].nu - claims[n * years + t].nu);
		before += claims[n * years + t].credit;
		same += met * (rents[n].nu - rise);
		risen += met * rise;
	}
	double most = fmax(before, idle);
	return risen > 0 ? fmin(1, fmax(0, most - same) / risen) : 1;
}

/* Those of one flow in one year; rents[cut] is scratch. */
static void settle_year(const struct claim *claims, struct cut **cuts, size_t count,
	const struct model *m, size_t k, size_t t, double largest, double idle, struct rent *rents,
	double *price)
{
	double *row = price + (k * m->years + t) * m->points;
	for (size_t n = 0; n < count; n++)
		if (cuts[n] && cuts[n]->rounding.flow == k)
			rents[n] = claim_rent(
				&claims[n * m->years + t], &cuts[n]->stair[t], largest, idle);
	double part = part_of_rise(claims, cuts, count, rents, m->years, k, t, largest, idle);
	for (size_t n = 0; n < count; n++) {
		if (!cuts[n] || cuts[n]->rounding.flow != k)
			continue;
		const struct claim *was = &claims[n * m->years + t];
		struct rent is = rents[n];
		if (cuts[n]->is_everywhere && part < 1 && is.nu > was->nu)
			is = rent_at(was, &cuts[n]->stair[t], was->nu + part * (is.nu - was->nu));
		cuts[n]->price[t] = is.nu;
		for (size_t i = 0; i < cuts[n]->count; i++)
			row[cuts[n]->points[i]] -= is.nu + is.off;
	}
}

void claims_settle(const struct claim *claims, struct cut **cuts, size_t count,
	const struct model *m, double *price)
{
	struct arena *scratch = arena_new();
	struct rent *rents = arena_array(scratch, struct rent, count);
	for (size_t k = 0; k < m->flows; k++) {
		double largest = relax_unit(m, k, INFINITY), idle = claim_idle(m, k, largest);
		for (size_t t = 0; t < m->years; t++)
			settle_year(claims, cuts, count, m, k, t, largest, idle, rents, price);
	}
	arena_free(scratch);
}
