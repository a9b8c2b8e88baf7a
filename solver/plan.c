#include "plan.h"

#include "transport.h"

#include <math.h>
#include <string.h>

/* Tonnes and costs come from sums of many terms: this much of the total is rounding. */
static const double TOLERANCE = 1e-6;

static bool is_open_site(const struct model *m, const struct plan *p, size_t j, size_t t)
{
	for (size_t k = 0; k < m->flows; k++)
		if (plan_level(m, p, j, k)[t] != LEVEL_NONE)
			return true;
	return false;
}

static double level_capacity(const struct model *m, size_t j, size_t k, int level)
{
	return level == LEVEL_NONE ? 0 : m->capacity[model_line(m, j, k)->first + (size_t)level];
}

struct plan plan_status_quo(struct arena *a, const struct model *m)
{
	struct plan p = {.level = arena_array(a, int, m->sites * m->flows * m->years)};
	for (size_t c = 0; c < m->sites * m->flows * m->years; c++)
		p.level[c] = m->lines[c / m->years].start;
	return p;
}

struct cost plan_cost(const struct model *m, const struct plan *p)
{
	struct cost c = {0};
	for (size_t j = 0; j < m->sites; j++) {
		for (size_t t = 0; t < m->years; t++)
			if (is_open_site(m, p, j, t))
				c.site += m->discount[t] * m->site_cost[j * m->years + t];
		for (size_t k = 0; k < m->flows; k++) {
			const struct line *line = model_line(m, j, k);
			const int *level = plan_level(m, p, j, k);
			int before = line->start;
			for (size_t t = 0; t < m->years; before = level[t++]) {
				c.change += m->discount[t] *
					    model_change_cost(m, line, before, level[t], t);
				if (level[t] != LEVEL_NONE)
					c.running += m->discount[t] *
						     m->running[(line->first + (size_t)level[t]) *
									m->years +
								t];
			}
		}
	}
	for (size_t n = 0; n < p->shipment_count; n++) {
		const struct shipment *s = &p->shipments[n];
		c.transport += m->discount[s->year] * s->tonnes *
			       model_cost(m, s->point, s->site, s->flow, s->year);
	}
	c.total = c.site + c.running + c.change + c.transport;
	return c;
}

bool plan_route(struct arena *a, const struct model *m, struct plan *p)
{
	return plan_route_priced(a, m, p, NULL);
}

bool plan_route_priced(struct arena *a, const struct model *m, struct plan *p, double *price)
{
	struct arena *scratch = arena_new();
	struct routing *routes = arena_array(scratch, struct routing, m->flows * m->years);
	double *capacity = arena_array(scratch, double, m->sites);
	bool is_routed = true;
	p->shipment_count = 0;
	for (size_t k = 0; k < m->flows && is_routed; k++)
		for (size_t t = 0; t < m->years && is_routed; t++) {
			for (size_t j = 0; j < m->sites; j++)
				capacity[j] = level_capacity(m, j, k, plan_level(m, p, j, k)[t]);
			struct routing *r = &routes[k * m->years + t];
			is_routed = transport_solve(scratch, m, k, t, capacity, r);
			p->shipment_count += r->count;
			for (size_t j = 0; j < m->sites && price && is_routed; j++)
				price[(j * m->flows + k) * m->years + t] = r->price[j];
		}
	if (is_routed) {
		p->shipments = arena_array(a, struct shipment, p->shipment_count);
		struct shipment *to = p->shipments;
		for (size_t n = 0; n < m->flows * m->years; n++) {
			if (routes[n].count)
				memcpy(to, routes[n].shipments, routes[n].count * sizeof *to);
			to += routes[n].count;
		}
		p->cost = plan_cost(m, p);
	}
	arena_free(scratch);
	return is_routed;
}

static bool check_levels(const struct model *m, const struct plan *p, struct err *e)
{
	for (size_t j = 0; j < m->sites; j++)
		for (size_t k = 0; k < m->flows; k++) {
			const struct line *line = model_line(m, j, k);
			for (size_t t = 0; t < m->years; t++) {
				int l = plan_level(m, p, j, k)[t];
				if (l < LEVEL_NONE || l >= line->levels)
					return err_set(e, ERR_INVALID,
						"site %zu, flux %zu, année %zu : niveau %d inconnu",
						j + 1, k + 1, t + 1, l);
				if (line->is_fixed && l != line->start)
					return err_set(e, ERR_INVALID,
						"site %zu, flux %zu : la ligne est fixée et ne "
						"peut changer",
						j + 1, k + 1);
			}
		}
	return true;
}

/* A platform counts once, in whatever year it stands. */
static bool check_platforms(const struct model *m, const struct plan *p, struct err *e)
{
	int platforms = 0;
	for (size_t j = 0; j < m->sites; j++) {
		bool is_one = false;
		for (size_t k = 0; k < m->flows; k++)
			for (size_t t = 0; t < m->years; t++)
				is_one |= !model_line(m, j, k)->is_fixed &&
					  plan_level(m, p, j, k)[t] != LEVEL_NONE;
		platforms += is_one;
	}
	if ((m->max_platforms >= 0 && platforms > m->max_platforms) || platforms < m->min_platforms)
		return err_set(e, ERR_INVALID,
			"le plan a %d plateformes, ce que le modèle n’admet pas", platforms);
	return true;
}

static bool check_shipments(const struct model *m, const struct plan *p, double *sent, double *load,
	int *sources, struct err *e)
{
	for (size_t n = 0; n < p->shipment_count; n++) {
		const struct shipment *s = &p->shipments[n];
		if (s->flow >= m->flows || s->year >= m->years || s->point >= m->points ||
			s->site >= m->sites)
			return err_set(e, ERR_INVALID, "l’envoi %zu sort du modèle", n + 1);
		if (!(s->tonnes >= 0) || !isfinite(s->tonnes))
			return err_set(e, ERR_INVALID, "l’envoi %zu : %g tonnes", n + 1, s->tonnes);
		if (!isfinite(model_cost(m, s->point, s->site, s->flow, s->year)))
			return err_set(e, ERR_INVALID,
				"l’envoi %zu suit une liaison qui n’existe pas", n + 1);
		size_t kt = s->flow * m->years + s->year;
		sent[kt * m->points + s->point] += s->tonnes;
		load[kt * m->sites + s->site] += s->tonnes;
		if (s->tonnes > TOLERANCE * model_tonnes(m, s->flow, s->year)[s->point])
			sources[kt * m->points + s->point]++;
	}
	return true;
}

static bool check_volumes(const struct model *m, const struct plan *p, const double *sent,
	const double *load, const int *sources, struct err *e)
{
	for (size_t kt = 0; kt < m->flows * m->years; kt++) {
		size_t k = kt / m->years, t = kt % m->years;
		const double *w = model_tonnes(m, k, t);
		double total = 0;
		for (size_t i = 0; i < m->points; i++) {
			total += w[i];
			if (fabs(sent[kt * m->points + i] - w[i]) > TOLERANCE * w[i])
				return err_set(e, ERR_INVALID,
					"flux %zu, année %zu, point %zu : %g t envoyées sur %g",
					k + 1, t + 1, i + 1, sent[kt * m->points + i], w[i]);
			if (m->is_single_sourced && sources[kt * m->points + i] > 1)
				return err_set(e, ERR_INVALID,
					"flux %zu, année %zu, point %zu : plusieurs sites", k + 1,
					t + 1, i + 1);
		}
		for (size_t j = 0; j < m->sites; j++) {
			double u = level_capacity(m, j, k, plan_level(m, p, j, k)[t]);
			if (load[kt * m->sites + j] >
				u + TOLERANCE * (u < total ? u : total) + 1e-9 * total)
				return err_set(e, ERR_INVALID,
					"flux %zu, année %zu, site %zu : %g t pour une capacité de "
					"%g",
					k + 1, t + 1, j + 1, load[kt * m->sites + j], u);
		}
	}
	return true;
}

bool plan_check(const struct model *m, const struct plan *p, struct err *e)
{
	if (!check_levels(m, p, e) || !check_platforms(m, p, e))
		return false;
	struct arena *scratch = arena_new();
	size_t kt = m->flows * m->years;
	double *sent = arena_array(scratch, double, kt * m->points);
	double *load = arena_array(scratch, double, kt * m->sites);
	int *sources = arena_array(scratch, int, kt * m->points);
	bool is_right = check_shipments(m, p, sent, load, sources, e) &&
			check_volumes(m, p, sent, load, sources, e);
	arena_free(scratch);
	if (!is_right)
		return false;
	double cost = plan_cost(m, p).total;
	if (!(fabs(cost - p->cost.total) <= TOLERANCE * (1 + fabs(cost))))
		return err_set(e, ERR_INVALID, "le plan annonce un coût de %.2f, il coûte %.2f",
			p->cost.total, cost);
	return true;
}
