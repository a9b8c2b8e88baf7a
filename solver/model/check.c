#include "check.h"

#include <math.h>
#include <stdio.h>

static bool check_levels(
	const struct model *m, const struct plan *p, struct cost *cost, struct err *e)
{
	for (size_t t = 0; t < m->years; t++)
		for (size_t j = 0; j < m->sites; j++) {
			bool is_open = false;
			for (size_t k = 0; k < m->flows; k++) {
				const struct line *line = model_line(m, j, k);
				const int *level = plan_level(m, p, j, k);
				int before = t ? level[t - 1] : line->start;
				if (level[t] < LEVEL_NONE || level[t] >= line->levels)
					return err_set(e, ERR_INFEASIBLE,
						"site %s, flux %s, année %d : le niveau %d "
						"n’existe pas",
						model_site(m, j, LABEL), model_flow(m, k, LABEL),
						model_year(m, t), level[t]);
				if (line->is_fixed && level[t] != line->start)
					return err_set(e, ERR_INFEASIBLE,
						"site %s, flux %s, année %d : une ligne "
						"existante ne "
						"change pas de niveau",
						model_site(m, j, LABEL), model_flow(m, k, LABEL),
						model_year(m, t));
				cost->change += m->discount[t] *
						model_change_cost(m, line, before, level[t], t);
				if (level[t] == LEVEL_NONE)
					continue;
				is_open = true;
				size_t l = line->first + (size_t)level[t];
				cost->running += m->discount[t] * m->running[l * m->years + t];
			}
			if (is_open)
				cost->site += m->discount[t] * m->site_cost[j * m->years + t];
		}
	return true;
}

static bool is_platform(const struct model *m, const struct plan *p, size_t j)
{
	for (size_t k = 0; k < m->flows; k++)
		for (size_t t = 0; t < m->years && !model_line(m, j, k)->is_fixed; t++)
			if (plan_level(m, p, j, k)[t] != LEVEL_NONE)
				return true;
	return false;
}

static bool check_platforms(const struct model *m, const struct plan *p, struct err *e)
{
	int count = 0;
	for (size_t j = 0; j < m->sites; j++)
		count += is_platform(m, p, j);
	if (m->max_platforms >= 0 && count > m->max_platforms)
		return err_set(e, ERR_INFEASIBLE,
			"%d plateforme(s) ouverte(s), %d au plus sont permises", count,
			m->max_platforms);
	return count >= m->min_platforms ||
	       err_set(e, ERR_INFEASIBLE, "%d plateforme(s) ouverte(s), il en faut au moins %d",
		       count, m->min_platforms);
}

struct sums {
	double *sent; /* [flow][year][point] t */
	double *load; /* [site][flow][year] t */
	int *parts;   /* [flow][year][point] sites that serve the point */
};

static bool add_shipments(const struct model *m, const struct plan *p, struct sums *sums,
	struct cost *cost, struct err *e)
{
	for (size_t n = 0; n < p->shipment_count; n++) {
		const struct shipment *s = &p->shipments[n];
		if (s->flow >= m->flows || s->year >= m->years || s->point >= m->points ||
			s->site >= m->sites)
			return err_set(
				e, ERR_INFEASIBLE, "envoi %zu : indice hors du réseau", n + 1);
		double eur_t = model_cost(m, s->point, s->site, s->flow, s->year);
		if (!(s->tonnes >= 0) || !isfinite(s->tonnes) || !isfinite(eur_t))
			return err_set(e, ERR_INFEASIBLE,
				"envoi %zu : %g t du point %s au site %s, trajet impossible", n + 1,
				s->tonnes, model_point(m, s->point, LABEL),
				model_site(m, s->site, LABEL));
		size_t at = (s->flow * m->years + s->year) * m->points + s->point;
		sums->sent[at] += s->tonnes;
		sums->parts[at] += s->tonnes > CHECK_TOLERANCE * m->tonnes[at];
		sums->load[(s->site * m->flows + s->flow) * m->years + s->year] += s->tonnes;
		cost->transport += m->discount[s->year] * eur_t * s->tonnes;
	}
	return true;
}

static bool check_volumes(const struct model *m, const struct sums *sums, struct err *e)
{
	for (size_t k = 0; k < m->flows; k++)
		for (size_t t = 0; t < m->years; t++)
			for (size_t i = 0; i < m->points; i++) {
				size_t at = (k * m->years + t) * m->points + i;
				double w = m->tonnes[at];
				if (fabs(sums->sent[at] - w) > CHECK_TOLERANCE * fmax(w, 1e-3))
					return err_set(e, ERR_INFEASIBLE,
						"flux %s, année %d, point %s : %.6f t envoyées "
						"pour %.6f t à traiter",
						model_flow(m, k, LABEL), model_year(m, t),
						model_point(m, i, LABEL), sums->sent[at], w);
				if (m->is_single_sourced && sums->parts[at] > 1)
					return err_set(e, ERR_INFEASIBLE,
						"flux %s, année %d, point %s : partagé entre %d "
						"sites, un seul est permis",
						model_flow(m, k, LABEL), model_year(m, t),
						model_point(m, i, LABEL), sums->parts[at]);
			}
	return true;
}

static bool check_capacities(
	const struct model *m, const struct plan *p, const struct sums *sums, struct err *e)
{
	for (size_t j = 0; j < m->sites; j++)
		for (size_t k = 0; k < m->flows; k++)
			for (size_t t = 0; t < m->years; t++) {
				const struct line *line = model_line(m, j, k);
				int level = plan_level(m, p, j, k)[t];
				double load = sums->load[(j * m->flows + k) * m->years + t];
				double u = level == LEVEL_NONE
						   ? 0
						   : m->capacity[line->first + (size_t)level];
				if (load > u * (1 + CHECK_TOLERANCE) + CHECK_TOLERANCE * 1e-3)
					return err_set(e, ERR_INFEASIBLE,
						"site %s, flux %s, année %d : %.3f t reçues "
						"pour "
						"une capacité de %.3f t",
						model_site(m, j, LABEL), model_flow(m, k, LABEL),
						model_year(m, t), load, u);
			}
	return true;
}

/* What is paid for equipment within a limit on budgets, EUR. */
static double payments(const struct model *m, const struct plan *p, const struct limit *limit)
{
	double paid = 0;
	for (size_t j = 0; j < m->sites; j++)
		for (size_t k = 0; k < m->flows; k++) {
			const struct line *line = model_line(m, j, k);
			const int *level = plan_level(m, p, j, k);
			for (size_t t = 0; t < m->years; t++) {
				int before = t ? level[t - 1] : line->start;
				if (level[t] <= before)
					continue;
				double old = before == LEVEL_NONE
						     ? 0
						     : m->outlay[line->first + (size_t)before];
				paid += model_payments(m, limit, j, k, t) *
					(m->outlay[line->first + (size_t)level[t]] - old);
			}
		}
	return paid;
}

static double emissions(const struct model *m, const struct plan *p, const struct limit *limit)
{
	double co2_t = 0;
	for (size_t n = 0; n < p->shipment_count; n++) {
		const struct shipment *s = &p->shipments[n];
		if (limit->year == LIMIT_HORIZON || limit->year == s->year)
			co2_t += s->tonnes * m->rate[s->flow * m->years + s->year] *
				 m->emission[s->site * m->points + s->point];
	}
	return co2_t;
}

static int open_lines(const struct model *m, const struct plan *p, size_t j, size_t t)
{
	int count = 0;
	for (size_t k = 0; k < m->flows; k++)
		count += plan_level(m, p, j, k)[t] != LEVEL_NONE;
	return count;
}

/* "de 2031", or of all years. */
static const char *period(const struct model *m, const struct limit *limit, struct label *out)
{
	if (limit->year == LIMIT_HORIZON)
		return "de toutes les années";
	snprintf(out->text, sizeof out->text, "de l’année %d", model_year(m, limit->year));
	return out->text;
}

static bool check_limit(const struct model *m, const struct plan *p, const struct sums *sums,
	const struct limit *limit, struct err *e)
{
	double room = CHECK_TOLERANCE * fmax(limit->value, 1e-3), used, load = 0;
	for (size_t k = 0; k < m->flows && limit->year != LIMIT_HORIZON; k++)
		load += sums->load[(limit->site * m->flows + k) * m->years + limit->year];
	switch (limit->kind) {
	case LIMIT_BUDGET:
		used = payments(m, p, limit);
		if (used > limit->value + room)
			return err_set(e, ERR_INFEASIBLE,
				"budget d’investissement %s : %.2f € dépensés, %.2f au plus",
				period(m, limit, LABEL), used, limit->value);
		return true;
	case LIMIT_EMISSION:
		used = emissions(m, p, limit);
		if (used > limit->value + room)
			return err_set(e, ERR_INFEASIBLE,
				"plafond d’émissions %s : %.3f t de CO2 émises, %.3f au plus",
				period(m, limit, LABEL), used, limit->value);
		return true;
	case LIMIT_MOST:
		if (load > limit->value + room)
			return err_set(e, ERR_INFEASIBLE,
				"site %s, année %d : %.3f t reçues, tous flux ensemble, %.3f au "
				"plus",
				model_site(m, limit->site, LABEL), model_year(m, limit->year), load,
				limit->value);
		return true;
	case LIMIT_LEAST:
		if (open_lines(m, p, limit->site, limit->year) && load < limit->value - room)
			return err_set(e, ERR_INFEASIBLE,
				"site %s, année %d : %.3f t reçues, tous flux ensemble, il en faut "
				"au moins %.3f tant qu’il est ouvert",
				model_site(m, limit->site, LABEL), model_year(m, limit->year), load,
				limit->value);
		return true;
	case LIMIT_OPEN:
		if (!open_lines(m, p, limit->site, limit->year))
			return err_set(e, ERR_INFEASIBLE,
				"site %s, année %d : il doit être ouvert, aucune ligne ne l’est",
				model_site(m, limit->site, LABEL), model_year(m, limit->year));
		return true;
	}
	return true;
}

static bool check_limits(
	const struct model *m, const struct plan *p, const struct sums *sums, struct err *e)
{
	for (size_t n = 0; n < m->limit_count; n++)
		if (!check_limit(m, p, sums, &m->limits[n], e))
			return false;
	return true;
}

bool check_plan(struct arena *a, const struct model *m, const struct plan *p, struct cost *cost,
	struct err *e)
{
	struct sums sums = {
		.sent = arena_array(a, double, m->flows * m->years * m->points),
		.load = arena_array(a, double, m->sites * m->flows * m->years),
		.parts = arena_array(a, int, m->flows * m->years * m->points),
	};
	*cost = (struct cost){0};
	if (!check_levels(m, p, cost, e) || !check_platforms(m, p, e) ||
		!add_shipments(m, p, &sums, cost, e) || !check_volumes(m, &sums, e) ||
		!check_capacities(m, p, &sums, e) || !check_limits(m, p, &sums, e))
		return false;
	cost->total = cost->site + cost->running + cost->change + cost->transport;
	return true;
}

static double start_capacity(const struct model *m, size_t j, size_t k)
{
	const struct line *line = model_line(m, j, k);
	return line->start == LEVEL_NONE ? 0 : m->capacity[line->first + (size_t)line->start];
}

/* The least that a flow of a year can cost today, of that year's EUR, as the prices prove it. */
static double least_cost(const struct model *m, size_t k, size_t t, const double *price)
{
	double least = 0;
	for (size_t i = 0; i < m->points; i++) {
		double w = m->tonnes[(k * m->years + t) * m->points + i], best = INFINITY;
		for (size_t j = 0; j < m->sites && w > 0; j++)
			if (start_capacity(m, j, k) > 0)
				best = fmin(best, model_cost(m, i, j, k, t) +
							  price[(j * m->flows + k) * m->years + t]);
		least += w > 0 ? w * best : 0;
	}
	for (size_t j = 0; j < m->sites; j++) {
		double p = price[(j * m->flows + k) * m->years + t];
		if (p > 0) /* not where there is no limit: 0 times infinity */
			least -= p * start_capacity(m, j, k);
	}
	return least;
}

bool check_status_quo(struct arena *a, const struct model *m, const struct plan *p,
	const double *price, struct cost *cost, struct err *e)
{
	struct model today = *m;
	today.is_single_sourced = false;
	today.max_platforms = -1;
	today.min_platforms = 0;
	today.limit_count = 0;
	for (size_t c = 0; c < m->sites * m->flows * m->years; c++) {
		size_t j = c / m->years / m->flows, k = c / m->years % m->flows;
		if (p->level[c] != m->lines[c / m->years].start)
			return err_set(e, ERR_INFEASIBLE,
				"statu quo : le site %s change de ligne pour le flux %s",
				model_site(m, j, LABEL), model_flow(m, k, LABEL));
		if (!(price[c] >= 0) || !isfinite(price[c]))
			return err_set(e, ERR_INFEASIBLE,
				"statu quo : le prix du site %s pour le flux %s n’est pas positif",
				model_site(m, j, LABEL), model_flow(m, k, LABEL));
	}
	if (!check_plan(a, &today, p, cost, e))
		return err_prefix(e, "statu quo : ");
	double least = cost->site + cost->running + cost->change;
	for (size_t k = 0; k < m->flows; k++)
		for (size_t t = 0; t < m->years; t++)
			least += m->discount[t] * least_cost(m, k, t, price);
	if (cost->total - least > CHECK_TOLERANCE * fmax(1, fabs(cost->total)))
		return err_set(e, ERR_INFEASIBLE,
			"statu quo : il coûte %.2f, alors que %.2f est tout ce que ses prix "
			"prouvent : un trajet n’est pas le moins cher",
			cost->total, least);
	return true;
}
