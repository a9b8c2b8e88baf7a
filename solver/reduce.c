/* Zones: farthest-first centres (Gonzalez 1985) in the space of haulage costs to every site, points
 * weighted by their tonnes, each then joined to its nearest centre; a zone's cost is the mean of
 * its points', by tonnes. Candidates: greedily, the one that lowers the cost of all zones most, a
 * line being priced at its best cost per tonne of capacity (so far apart sites are preferred to
 * neighbours). Stages: consecutive years, about equally many; discounts add up, volumes are
 * discounted means, changes are paid in the stage's first year. */
#include "reduce.h"

#include <math.h>
#include <string.h>

struct groups {
	size_t *zone_of; /* [point] */
	double *weight;  /* [point] discounted tonnes, all flows */
	size_t zones;
};

static double *point_weights(struct arena *a, const struct model *m)
{
	double *weight = arena_array(a, double, m->points);
	for (size_t k = 0; k < m->flows; k++)
		for (size_t t = 0; t < m->years; t++)
			for (size_t i = 0; i < m->points; i++)
				weight[i] += m->discount[t] * model_tonnes(m, k, t)[i];
	return weight;
}

/* Mean difference of the cost of a vehicle to each site; a lane only one of them has counts much.
 */
static double difference(const struct model *m, size_t a, size_t b)
{
	double sum = 0;
	for (size_t j = 0; j < m->sites; j++) {
		double ha = m->haul[0][j * m->points + a], hb = m->haul[0][j * m->points + b];
		if (isfinite(ha) && isfinite(hb))
			sum += fabs(ha - hb);
		else if (isfinite(ha) != isfinite(hb))
			sum += 1e6;
	}
	return sum / (double)m->sites;
}

static size_t heaviest(const double *v, size_t n)
{
	size_t best = 0;
	for (size_t i = 1; i < n; i++)
		if (v[i] > v[best])
			best = i;
	return best;
}

static struct groups group_points(struct arena *a, const struct model *m, size_t zones)
{
	struct groups g = {.zone_of = arena_array(a, size_t, m->points),
		.weight = point_weights(a, m),
		.zones = zones < m->points ? zones : m->points};
	double *nearest = arena_array(a, double, m->points);
	double *pull = arena_array(a, double, m->points);
	memcpy(pull, g.weight, m->points * sizeof *pull);
	for (size_t i = 0; i < m->points; i++)
		nearest[i] = INFINITY;
	for (size_t z = 0; z < g.zones; z++) {
		size_t centre = heaviest(pull, m->points);
		for (size_t i = 0; i < m->points; i++) {
			double d = difference(m, i, centre);
			if (d < nearest[i]) {
				nearest[i] = d;
				g.zone_of[i] = z;
			}
			pull[i] = g.weight[i] * nearest[i];
		}
	}
	return g;
}

/* Stage of each year: the first years get the longer share when it does not divide. */
static size_t group_years(struct arena *a, const struct model *m, size_t stages, size_t **stage_of)
{
	size_t count = stages < m->years ? stages : m->years;
	*stage_of = arena_array(a, size_t, m->years);
	for (size_t t = 0; t < m->years; t++)
		(*stage_of)[t] = t * count / m->years;
	return count;
}

/* EUR per tonne of a line's best level at full use over the whole horizon, discounted per tonne. */
static double line_eur_t(const struct model *m, const struct line *line)
{
	double best = INFINITY;
	for (int l = 0; l < line->levels; l++) {
		size_t at = (line->first + (size_t)l) * m->years;
		double cost = m->build[at], tonnes = 0;
		for (size_t t = 0; t < m->years; t++) {
			cost += m->discount[t] * m->running[at + t];
			tonnes += m->discount[t] * m->capacity[line->first + (size_t)l];
		}
		best = fmin(best, isfinite(tonnes) ? cost / tonnes : 0);
	}
	return best;
}

/* Cost per tonne of sending zone z's flow k to site j, capacity included. */
static double zone_eur_t(const struct model *zones, size_t z, size_t j, size_t k)
{
	const struct line *line = model_line(zones, j, k);
	if (!line->levels)
		return INFINITY;
	double capacity = line->is_fixed ? 0 : line_eur_t(zones, line);
	return model_cost(zones, z, j, k, 0) + capacity;
}

static bool is_candidate(const struct model *m, size_t j)
{
	for (size_t k = 0; k < m->flows; k++)
		if (model_line(m, j, k)->levels && !model_line(m, j, k)->is_fixed)
			return true;
	return false;
}

/* `zones` is the model with grouped points and years but all sites. */
static size_t choose_sites(
	struct arena *a, const struct model *zones, size_t candidates, size_t *site_of)
{
	size_t cells = zones->points * zones->flows, count = 0;
	double *cost = arena_array(a, double, cells), *weight = arena_array(a, double, cells);
	double *unit = arena_array(a, double, zones->sites *cells);
	bool *is_taken = arena_array(a, bool, zones->sites);
	for (size_t c = 0; c < cells; c++) {
		cost[c] = 1e4; /* EUR/t of a tonne that has nowhere to go yet */
		for (size_t t = 0; t < zones->years; t++)
			weight[c] += zones->discount[t] *
				     model_tonnes(zones, c / zones->points, t)[c % zones->points];
	}
	for (size_t j = 0; j < zones->sites; j++) {
		is_taken[j] = !is_candidate(zones, j);
		for (size_t c = 0; c < cells; c++) {
			double *u = &unit[j * cells + c];
			*u = zone_eur_t(zones, c % zones->points, j, c / zones->points);
			if (is_taken[j])
				cost[c] = fmin(cost[c], *u);
		}
	}
	for (; candidates; candidates--) {
		size_t best = zones->sites;
		double most = -1;
		for (size_t j = 0; j < zones->sites; j++) {
			double saving = 0;
			for (size_t c = 0; c < cells && !is_taken[j]; c++)
				saving += weight[c] * fmax(0, cost[c] - unit[j * cells + c]);
			if (!is_taken[j] && saving > most) {
				most = saving;
				best = j;
			}
		}
		if (best == zones->sites)
			break;
		is_taken[best] = true;
		for (size_t c = 0; c < cells; c++)
			cost[c] = fmin(cost[c], unit[best * cells + c]);
	}
	for (size_t j = 0; j < zones->sites; j++)
		if (is_taken[j])
			site_of[count++] = j;
	return count;
}

/* Tonnes and haulage of zones and stages; everything per site and level of the large model. */
static struct model group_model(struct arena *a, const struct model *m, const struct groups *g,
	const size_t *stage_of, size_t stages)
{
	struct model s = *m;
	s.points = g->zones;
	s.years = stages;
	double *discount = arena_array(a, double, stages);
	double *tonnes = arena_array(a, double, m->flows *stages * g->zones);
	double *rate = arena_array(a, double, m->flows *stages);
	double *gate = arena_array(a, double, m->sites * m->flows * stages);
	double *site_cost = arena_array(a, double, m->sites *stages);
	double *running = arena_array(a, double, m->levels *stages);
	double *build = arena_array(a, double, m->levels *stages);
	double *close = arena_array(a, double, m->levels *stages);
	for (size_t t = 0; t < m->years; t++)
		discount[stage_of[t]] += m->discount[t];
	for (size_t t = 0; t < m->years; t++) {
		size_t st = stage_of[t];
		double share = m->discount[t] / discount[st];
		bool is_first = !t || stage_of[t - 1] != st;
		for (size_t k = 0; k < m->flows; k++) {
			rate[k * stages + st] += share * m->rate[k * m->years + t];
			for (size_t i = 0; i < m->points; i++)
				tonnes[(k * stages + st) * g->zones + g->zone_of[i]] +=
					share * model_tonnes(m, k, t)[i];
		}
		for (size_t jk = 0; jk < m->sites * m->flows; jk++)
			gate[jk * stages + st] += share * m->gate[jk * m->years + t];
		for (size_t j = 0; j < m->sites; j++)
			site_cost[j * stages + st] += share * m->site_cost[j * m->years + t];
		for (size_t l = 0; l < m->levels; l++) {
			running[l * stages + st] += share * m->running[l * m->years + t];
			if (!is_first)
				continue;
			build[l * stages + st] = share * m->build[l * m->years + t];
			close[l * stages + st] = share * m->close[l * m->years + t];
		}
	}
	const double **haul = arena_array(a, const double *, m->flows);
	double *total = arena_array(a, double, g->zones);
	for (size_t i = 0; i < m->points; i++)
		total[g->zone_of[i]] += g->weight[i];
	for (size_t k = 0; k < m->flows; k++) {
		haul[k] = k && m->haul[k] == m->haul[k - 1] ? haul[k - 1] : NULL;
		if (haul[k])
			continue;
		double *mean = arena_array(a, double, m->sites * g->zones);
		for (size_t j = 0; j < m->sites; j++)
			for (size_t i = 0; i < m->points; i++)
				if (g->weight[i] > 0)
					mean[j * g->zones + g->zone_of[i]] +=
						g->weight[i] / total[g->zone_of[i]] *
						m->haul[k][j * m->points + i];
		haul[k] = mean;
	}
	s.discount = discount;
	s.tonnes = tonnes;
	s.rate = rate;
	s.gate = gate;
	s.site_cost = site_cost;
	s.running = running;
	s.build = build;
	s.close = close;
	s.haul = haul;
	return s;
}

/* The same model with only the sites of `site_of`; levels keep their places in the pool. */
static struct model keep_sites(
	struct arena *a, const struct model *m, const size_t *site_of, size_t count)
{
	struct model s = *m;
	s.sites = count;
	struct line *lines = arena_array(a, struct line, count * m->flows);
	double *gate = arena_array(a, double, count * m->flows * m->years);
	double *site_cost = arena_array(a, double, count * m->years);
	const double **haul = arena_array(a, const double *, m->flows);
	for (size_t j = 0; j < count; j++) {
		size_t from = site_of[j], cells = m->flows * m->years;
		memcpy(lines + j * m->flows, m->lines + from * m->flows, m->flows * sizeof *lines);
		memcpy(gate + j * cells, m->gate + from * cells, cells * sizeof *gate);
		memcpy(site_cost + j * m->years, m->site_cost + from * m->years,
			m->years * sizeof *site_cost);
	}
	for (size_t k = 0; k < m->flows; k++) {
		double *rows = arena_array(a, double, count * m->points);
		for (size_t j = 0; j < count; j++)
			memcpy(rows + j * m->points, m->haul[k] + site_of[j] * m->points,
				m->points * sizeof *rows);
		haul[k] = rows;
	}
	s.lines = lines;
	s.gate = gate;
	s.site_cost = site_cost;
	s.haul = haul;
	return s;
}

void reduce_make(struct arena *a, const struct model *m, const struct reduce_sizes *sizes,
	struct reduction *out)
{
	struct groups g = group_points(a, m, sizes->zones);
	size_t stages = group_years(a, m, sizes->stages, &out->stage_of);
	struct model zones = group_model(a, m, &g, out->stage_of, stages);
	out->site_of = arena_array(a, size_t, m->sites);
	size_t sites = choose_sites(a, &zones, sizes->candidates, out->site_of);
	out->model = keep_sites(a, &zones, out->site_of, sites);
}

struct plan reduce_lift(
	struct arena *a, const struct model *m, const struct reduction *r, const struct plan *small)
{
	struct plan p = plan_status_quo(a, m);
	for (size_t j = 0; j < r->model.sites; j++)
		for (size_t k = 0; k < m->flows; k++)
			for (size_t t = 0; t < m->years; t++)
				plan_level(m, &p, r->site_of[j], k)[t] =
					plan_level(&r->model, small, j, k)[r->stage_of[t]];
	return p;
}
