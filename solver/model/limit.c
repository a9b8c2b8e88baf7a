#include "limit.h"

#include "check.h"

#include <math.h>
#include <string.h>

static bool counts(const struct limit *limit, size_t t)
{
	return limit->year == LIMIT_HORIZON || limit->year == t;
}

static double outlay(const struct model *m, const struct line *line, int level)
{
	return level == LEVEL_NONE ? 0 : m->outlay[line->first + (size_t)level];
}

static double spent(const struct model *m, const struct plan *p, const struct limit *limit)
{
	double eur = 0;
	for (size_t c = 0; c < m->sites * m->flows; c++) {
		size_t j = c / m->flows, k = c % m->flows;
		const struct line *line = &m->lines[c];
		int before = line->start;
		for (size_t t = 0; t < m->years; before = p->level[c * m->years + t++]) {
			int now = p->level[c * m->years + t];
			if (now > before)
				eur += model_payments(m, limit, j, k, t) *
				       (outlay(m, line, now) - outlay(m, line, before));
		}
	}
	return eur;
}

static int open_lines(const struct model *m, const struct plan *p, size_t j, size_t t)
{
	int count = 0;
	for (size_t k = 0; k < m->flows; k++)
		count += plan_level(m, p, j, k)[t] != LEVEL_NONE;
	return count;
}

void limit_measure(const struct model *m, const struct plan *p, double *excess)
{
	struct arena *scratch = arena_new();
	double *load = arena_array(scratch, double, m->sites * m->years);
	double *co2_t = arena_array(scratch, double, m->years);
	for (size_t n = 0; n < p->shipment_count; n++) {
		const struct shipment *s = &p->shipments[n];
		load[s->site * m->years + s->year] += s->tonnes;
		if (m->emission)
			co2_t[s->year] += s->tonnes * m->rate[s->flow * m->years + s->year] *
					  m->emission[s->site * m->points + s->point];
	}
	for (size_t n = 0; n < m->limit_count; n++) {
		const struct limit *limit = &m->limits[n];
		size_t at = limit->site * m->years + limit->year;
		switch (limit->kind) {
		case LIMIT_BUDGET: excess[n] = spent(m, p, limit) - limit->value; break;
		case LIMIT_EMISSION:
			excess[n] = -limit->value;
			for (size_t t = 0; t < m->years; t++)
				excess[n] += counts(limit, t) ? co2_t[t] : 0;
			break;
		case LIMIT_MOST: excess[n] = load[at] - limit->value; break;
		case LIMIT_LEAST:
			excess[n] = open_lines(m, p, limit->site, limit->year)
					    ? limit->value - load[at]
					    : 0;
			break;
		case LIMIT_OPEN: excess[n] = 1 - open_lines(m, p, limit->site, limit->year); break;
		}
	}
	arena_free(scratch);
}

static bool is_kept(const struct limit *limit, double excess)
{
	return excess <= CHECK_TOLERANCE * fmax(limit->value, 1e-3);
}

bool limit_hold(const struct model *m, const double *excess)
{
	for (size_t n = 0; n < m->limit_count; n++)
		if (!is_kept(&m->limits[n], excess[n]))
			return false;
	return true;
}

bool limit_levels_hold(const struct model *m, const double *excess)
{
	for (size_t n = 0; n < m->limit_count; n++)
		if ((m->limits[n].kind == LIMIT_BUDGET || m->limits[n].kind == LIMIT_OPEN) &&
			!is_kept(&m->limits[n], excess[n]))
			return false;
	return true;
}

struct trend limit_trend(const struct model *m)
{
	static const double EXACT = 1e-9;
	struct trend none = {0};
	const double *haul = m->haul[0];
	size_t cells = m->sites * m->points, low = cells, high = cells;
	for (size_t k = 1; k < m->flows; k++)
		if (m->haul[k] != haul)
			return none;
	for (size_t c = 0; c < cells; c++) {
		if (!isfinite(haul[c]))
			continue;
		low = low == cells || haul[c] < haul[low] ? c : low;
		high = high == cells || haul[c] > haul[high] ? c : high;
	}
	if (low == cells || haul[high] - haul[low] <= EXACT * haul[high])
		return none;
	double slope = (m->emission[high] - m->emission[low]) / (haul[high] - haul[low]);
	if (!(slope > 0))
		return none;
	struct trend trend = {true, slope, haul[low] - m->emission[low] / slope};
	for (size_t c = 0; c < cells; c++)
		if (isfinite(haul[c]) && !(fabs(slope * (haul[c] - trend.base) - m->emission[c]) <=
						 EXACT * m->emission[high]))
			return none;
	return trend;
}

static double *copy(struct arena *a, const double *v, size_t count)
{
	double *own = arena_array(a, double, count);
	memcpy(own, v, count * sizeof *v);
	return own;
}

/* EUR of the year per t of CO2; the mean is by discount. */
static double emission_price(const struct model *m, const double *mu, size_t t)
{
	double price = 0;
	for (size_t n = 0; n < m->limit_count; n++)
		if (m->limits[n].kind == LIMIT_EMISSION && counts(&m->limits[n], t))
			price += mu[n] / m->discount[t];
	return price;
}

static double mean_price(const struct model *m, const double *mu)
{
	double sum = 0, weight = 0;
	for (size_t t = 0; t < m->years; t++) {
		sum += m->discount[t] * emission_price(m, mu, t);
		weight += m->discount[t];
	}
	return sum / weight;
}

/* A matrix of its own: haul + price E. */
static void price_lanes(struct arena *a, const struct model *m, double price, struct model *out)
{
	size_t cells = m->sites * m->points;
	const double **hauls = arena_array(a, const double *, m->flows);
	for (size_t k = 0; k < m->flows; k++) {
		for (size_t other = 0; other < k; other++)
			if (m->haul[other] == m->haul[k])
				hauls[k] = hauls[other];
		if (hauls[k])
			continue;
		double *haul = copy(a, m->haul[k], cells);
		for (size_t c = 0; c < cells; c++)
			haul[c] += price * m->emission[c];
		hauls[k] = haul;
	}
	out->haul = hauls;
}

static void price_trend(struct arena *a, const struct model *m, const struct trend *trend,
	const double *mu, struct model *out, double *gate)
{
	double *rate = copy(a, m->rate, m->flows * m->years);
	for (size_t t = 0; t < m->years; t++) {
		double price = emission_price(m, mu, t) * trend->slope;
		for (size_t k = 0; k < m->flows; k++) {
			double off = rate[k * m->years + t] * price * trend->base;
			rate[k * m->years + t] *= 1 + price;
			for (size_t j = 0; j < m->sites; j++)
				gate[(j * m->flows + k) * m->years + t] -= off;
		}
	}
	out->rate = rate;
}

static void price_budget(
	struct arena *a, const struct model *m, const double *mu, struct model *out)
{
	double *build = copy(a, m->build, m->levels * m->years);
	for (size_t c = 0; c < m->sites * m->flows; c++)
		for (size_t t = 0; t < m->years && m->lines[c].levels; t++) {
			double price = 0;
			for (size_t n = 0; n < m->limit_count; n++)
				if (m->limits[n].kind == LIMIT_BUDGET && mu[n] > 0)
					price += mu[n] * model_payments(m, &m->limits[n],
								 c / m->flows, c % m->flows, t);
			for (int l = 0; l < m->lines[c].levels; l++) {
				size_t level = m->lines[c].first + (size_t)l;
				build[level * m->years + t] +=
					price * m->outlay[level] / m->discount[t];
			}
		}
	out->build = build;
}

static bool has_kind(const struct model *m, enum limit_kind kind)
{
	for (size_t n = 0; n < m->limit_count; n++)
		if (m->limits[n].kind == kind)
			return true;
	return false;
}

/* Prices of what a site takes and of what is open there. */
static void price_site(const struct model *m, const struct limit *limit, double mu, double *gate,
	double *site_cost, double *running)
{
	size_t j = limit->site, t = limit->year;
	double eur = mu / m->discount[t], *site = &site_cost[j * m->years + t];
	for (size_t k = 0; k < m->flows; k++) {
		const struct line *line = model_line(m, j, k);
		double *fee = &gate[(j * m->flows + k) * m->years + t];
		if (limit->kind == LIMIT_MOST)
			*fee += eur;
		if (limit->kind == LIMIT_LEAST)
			*fee -= eur;
		for (int l = 0; l < line->levels && limit->kind == LIMIT_OPEN; l++)
			running[(line->first + (size_t)l) * m->years + t] -= eur;
	}
	if (limit->kind == LIMIT_LEAST)
		*site += limit->value * eur;
	if (limit->kind == LIMIT_OPEN)
		*site = 0; /* after LIMIT_LEAST: paid anyway */
}

static struct model price(struct arena *a, const struct model *m, const double *mu, size_t year)
{
	struct model out = *m;
	double *gate = copy(a, m->gate, m->sites * m->flows * m->years);
	double *site_cost = copy(a, m->site_cost, m->sites * m->years);
	double *running = copy(a, m->running, m->levels * m->years);
	if (has_kind(m, LIMIT_BUDGET))
		price_budget(a, m, mu, &out);
	if (has_kind(m, LIMIT_EMISSION)) {
		struct trend trend = limit_trend(m);
		if (trend.is_exact)
			price_trend(a, m, &trend, mu, &out, gate);
		else
			price_lanes(a, m,
				year < m->years ? emission_price(m, mu, year) : mean_price(m, mu),
				&out);
	}
	for (size_t n = 0; n < m->limit_count; n++)
		if (m->limits[n].kind == LIMIT_MOST || m->limits[n].kind == LIMIT_LEAST)
			price_site(m, &m->limits[n], mu[n], gate, site_cost, running);
	for (size_t n = 0; n < m->limit_count; n++)
		if (m->limits[n].kind == LIMIT_OPEN)
			price_site(m, &m->limits[n], mu[n], gate, site_cost, running);
	out.gate = gate;
	out.site_cost = site_cost;
	out.running = running;
	out.limits = NULL;
	out.limit_count = 0;
	return out;
}

struct model limit_price(struct arena *a, const struct model *m, const double *mu)
{
	return price(a, m, mu, m->years);
}

struct model limit_price_year(struct arena *a, const struct model *m, const double *mu, size_t year)
{
	return price(a, m, mu, year);
}

static bool is_usable(const struct line *line)
{
	return line->levels && (!line->is_fixed || line->start != LEVEL_NONE);
}

/* Every tonne to where it emits least, capacities aside. */
static double least_co2(const struct model *m, size_t t)
{
	double co2_t = 0;
	for (size_t k = 0; k < m->flows; k++) {
		const double *w = model_tonnes(m, k, t);
		for (size_t i = 0; i < m->points; i++) {
			double best = INFINITY;
			for (size_t j = 0; j < m->sites && w[i] > 0; j++)
				if (is_usable(model_line(m, j, k)) &&
					isfinite(m->haul[k][j * m->points + i]))
					best = fmin(best, m->emission[j * m->points + i]);
			co2_t += isfinite(best) ? w[i] * m->rate[k * m->years + t] * best : 0;
		}
	}
	return co2_t;
}

/* Tonnes of a flow that what stands today cannot take. */
static double uncovered(const struct model *m, size_t k, size_t t)
{
	double tonnes = 0;
	for (size_t i = 0; i < m->points; i++)
		tonnes += model_tonnes(m, k, t)[i];
	for (size_t j = 0; j < m->sites; j++) {
		const struct line *line = model_line(m, j, k);
		if (line->start != LEVEL_NONE)
			tonnes -= m->capacity[line->first + (size_t)line->start];
	}
	return fmax(0, tonnes);
}

/* EUR that a tonne a year of new capacity costs at least. */
static double cheapest_capacity(const struct model *m, size_t k)
{
	double best = INFINITY;
	for (size_t j = 0; j < m->sites; j++) {
		const struct line *line = model_line(m, j, k);
		for (int l = line->start + 1; l < line->levels && !line->is_fixed; l++)
			best = fmin(best, (outlay(m, line, l) - outlay(m, line, line->start)) /
						  m->capacity[line->first + (size_t)l]);
	}
	return isfinite(best) ? best : 0; /* none: a shortage, not a budget */
}

/* What has to be bought by the years that a budget counts, at the least: all years share one, and
 * the first year buys for itself. */
static double least_outlay(const struct model *m, const struct limit *limit)
{
	double eur = 0;
	for (size_t k = 0; k < m->flows; k++) {
		double most = uncovered(m, k, 0);
		for (size_t t = 1; t < m->years && limit->year == LIMIT_HORIZON; t++)
			most = fmax(most, uncovered(m, k, t));
		eur += most * cheapest_capacity(m, k);
	}
	return limit->year == LIMIT_HORIZON || limit->year == 0 ? eur : 0;
}

static bool can_open(const struct model *m, size_t j)
{
	for (size_t k = 0; k < m->flows; k++)
		if (is_usable(model_line(m, j, k)))
			return true;
	return false;
}

bool limit_find_conflict(const struct model *m, struct conflict *out)
{
	for (size_t n = 0; n < m->limit_count; n++) {
		const struct limit *limit = &m->limits[n];
		double needed = 0;
		if (limit->kind == LIMIT_BUDGET)
			needed = least_outlay(m, limit);
		for (size_t t = 0; t < m->years && limit->kind == LIMIT_EMISSION; t++)
			needed += counts(limit, t) ? least_co2(m, t) : 0;
		*out = (struct conflict){n, needed};
		if (!is_kept(limit, needed - limit->value) ||
			(limit->kind == LIMIT_OPEN && !can_open(m, limit->site)))
			return true;
	}
	return false;
}
