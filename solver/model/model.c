#include "model.h"

#include <math.h>
#include <stdio.h>

static const char *name(const char *const *ids, size_t index, struct label *out)
{
	if (ids)
		snprintf(out->text, sizeof out->text, "« %s »", ids[index]);
	else
		snprintf(out->text, sizeof out->text, "%zu", index + 1);
	return out->text;
}

const char *model_point(const struct model *m, size_t i, struct label *out)
{
	return name(m->names ? m->names->point : NULL, i, out);
}

const char *model_site(const struct model *m, size_t j, struct label *out)
{
	return name(m->names ? m->names->site : NULL, j, out);
}

const char *model_flow(const struct model *m, size_t k, struct label *out)
{
	return name(m->names ? m->names->flow : NULL, k, out);
}

int model_year(const struct model *m, size_t t)
{
	return (m->names ? m->names->first_year : 1) + (int)t;
}

static double up_to(
	const struct model *m, const double *cost, const struct line *line, int l, size_t t)
{
	return l == LEVEL_NONE ? 0 : cost[(line->first + (size_t)l) * m->years + t];
}

double model_change_cost(const struct model *m, const struct line *line, int from, int to, size_t t)
{
	if (to > from)
		return up_to(m, m->build, line, to, t) - up_to(m, m->build, line, from, t);
	if (to < from)
		return up_to(m, m->close, line, from, t) - up_to(m, m->close, line, to, t);
	return 0;
}

int model_payments(const struct model *m, const struct limit *limit, size_t j, size_t k, size_t t)
{
	size_t life = (size_t)m->life[j * m->flows + k];
	if (limit->year == LIMIT_HORIZON)
		return (int)((m->years - t + life - 1) / life);
	return limit->year >= t && (limit->year - t) % life == 0;
}

static bool check_numbers(const double *v, size_t count, const char *what, struct err *e)
{
	for (size_t i = 0; i < count; i++)
		if (!isfinite(v[i]))
			return err_set(e, ERR_INVALID,
				"%s : la valeur %zu n’est pas un nombre fini", what, i + 1);
	return true;
}

static bool check_no_negative(const double *v, size_t count, const char *what, struct err *e)
{
	for (size_t i = 0; i < count; i++)
		if (!(v[i] >= 0) || !isfinite(v[i]))
			return err_set(e, ERR_INVALID,
				"%s : la valeur %zu doit être un nombre positif ou nul, pas %g",
				what, i + 1, v[i]);
	return true;
}

static bool check_line(const struct model *m, size_t j, size_t k, struct err *e)
{
	const struct line *line = model_line(m, j, k);
	if (line->levels < 0 || line->levels > MODEL_LEVELS_MAX)
		return err_set(e, ERR_INVALID, "site %s, flux %s : %d niveaux, 0 à %d admis",
			model_site(m, j, LABEL), model_flow(m, k, LABEL), line->levels,
			MODEL_LEVELS_MAX);
	if (line->start < LEVEL_NONE || line->start >= line->levels)
		return err_set(e, ERR_INVALID, "site %s, flux %s : niveau de départ inconnu",
			model_site(m, j, LABEL), model_flow(m, k, LABEL));
	if (line->levels &&
		(line->first > m->levels || m->levels - line->first < (size_t)line->levels))
		return err_set(e, ERR_INVALID, "site %s, flux %s : niveaux hors de la table",
			model_site(m, j, LABEL), model_flow(m, k, LABEL));
	double before = 0;
	for (int l = 0; l < line->levels; l++) {
		double u = m->capacity[line->first + (size_t)l];
		if (!(u > 0))
			return err_set(e, ERR_INVALID,
				"site %s, flux %s : la capacité du niveau %d doit être positive, "
				"pas %g",
				model_site(m, j, LABEL), model_flow(m, k, LABEL), l + 1, u);
		if (u < before)
			return err_set(e, ERR_INVALID,
				"site %s, flux %s : la capacité du niveau %d est inférieure à "
				"celle du "
				"niveau précédent",
				model_site(m, j, LABEL), model_flow(m, k, LABEL), l + 1);
		before = u;
	}
	return true;
}

/* Any lane of a point to a site that can have a line will do. */
static bool check_lanes(const struct model *m, size_t k, struct err *e)
{
	for (size_t i = 0; i < m->points; i++) {
		bool has_volume = false, has_lane = false;
		for (size_t t = 0; t < m->years && !has_volume; t++)
			has_volume = model_tonnes(m, k, t)[i] > 0;
		for (size_t j = 0; j < m->sites && !has_lane && has_volume; j++)
			has_lane = isfinite(m->haul[k][j * m->points + i]) &&
				   model_line(m, j, k)->levels;
		if (has_volume && !has_lane)
			return err_set(e, ERR_INVALID,
				"flux %s : le point %s n’est relié à aucun site qui puisse le "
				"traiter",
				model_flow(m, k, LABEL), model_point(m, i, LABEL));
	}
	return true;
}

static bool check_haul(const struct model *m, size_t k, struct err *e)
{
	for (size_t other = 0; other < k; other++)
		if (m->haul[other] == m->haul[k])
			return true;
	for (size_t n = 0; n < m->sites * m->points; n++)
		if (!(m->haul[k][n] >= 0))
			return err_set(e, ERR_INVALID,
				"flux %s, site %s, point %s : le coût de transport doit être "
				"positif ou "
				"nul, pas %g",
				model_flow(m, k, LABEL), model_site(m, n / m->points, LABEL),
				model_point(m, n % m->points, LABEL), m->haul[k][n]);
	return true;
}

static bool has_fixed_line(const struct model *m, size_t j)
{
	for (size_t k = 0; k < m->flows; k++)
		if (model_line(m, j, k)->is_fixed)
			return true;
	return false;
}

static bool check_limit(const struct model *m, const struct limit *limit, struct err *e)
{
	bool is_of_site = limit->kind != LIMIT_BUDGET && limit->kind != LIMIT_EMISSION;
	if (!(limit->value >= 0) || !isfinite(limit->value))
		return err_set(e, ERR_INVALID,
			"une limite doit être un nombre positif ou nul, pas %g", limit->value);
	if ((limit->year >= m->years && (is_of_site || limit->year != LIMIT_HORIZON)) ||
		(is_of_site && limit->site >= m->sites))
		return err_set(
			e, ERR_INVALID, "une limite porte sur un site ou une année inconnus");
	if (is_of_site && has_fixed_line(m, limit->site))
		return err_set(e, ERR_INVALID,
			"site %s : une limite sur les tonnes ou l’ouverture ne porte que sur un "
			"site candidat",
			model_site(m, limit->site, LABEL));
	if ((limit->kind == LIMIT_BUDGET && (!m->outlay || !m->life)) ||
		(limit->kind == LIMIT_EMISSION && !m->emission))
		return err_set(e, ERR_INVALID, "une limite porte sur ce que le modèle ne dit pas");
	return true;
}

static bool check_limits(const struct model *m, struct err *e)
{
	for (size_t n = 0; n < m->limit_count; n++)
		if (!check_limit(m, &m->limits[n], e))
			return false;
	for (size_t t = 0; t < m->years && m->limit_count; t++)
		if (m->discount[t] <= 0)
			return err_set(e, ERR_INVALID, "actualisation : une année ne compte pas");
	for (size_t n = 0; m->life && n < m->sites * m->flows; n++)
		if (m->lines[n].levels && m->life[n] < 1)
			return err_set(e, ERR_INVALID, "durée de vie : %d an", m->life[n]);
	return (!m->emission ||
		       check_no_negative(m->emission, m->sites * m->points, "émissions", e)) &&
	       (!m->outlay || check_no_negative(m->outlay, m->levels, "prix des équipements", e));
}

bool model_check(const struct model *m, struct err *e)
{
	if (!m->points || !m->sites || !m->flows || !m->years)
		return err_set(
			e, ERR_INVALID, "il faut au moins un point, un site, un flux et une année");
	if (m->max_platforms < -1 || m->min_platforms < 0 ||
		(m->max_platforms >= 0 && m->min_platforms > m->max_platforms))
		return err_set(e, ERR_INVALID,
			"nombre de plateformes : au moins %d et au plus %d ne vont pas ensemble",
			m->min_platforms, m->max_platforms);
	if (!check_no_negative(m->discount, m->years, "actualisation", e) ||
		!check_no_negative(m->tonnes, m->flows * m->years * m->points, "tonnages", e) ||
		!check_no_negative(m->rate, m->flows * m->years, "tarif de transport", e) ||
		!check_numbers(m->gate, m->sites * m->flows * m->years, "coût de traitement", e) ||
		!check_no_negative(m->site_cost, m->sites * m->years, "coût de site", e) ||
		!check_numbers(m->running, m->levels * m->years, "coût de ligne", e) ||
		!check_numbers(m->build, m->levels * m->years, "coût de construction", e) ||
		!check_numbers(m->close, m->levels * m->years, "coût de fermeture", e) ||
		!check_limits(m, e))
		return false;
	for (size_t k = 0; k < m->flows; k++) {
		if (!check_haul(m, k, e) || !check_lanes(m, k, e))
			return false;
		for (size_t j = 0; j < m->sites; j++)
			if (!check_line(m, j, k, e))
				return false;
	}
	return true;
}

double model_largest_capacity(const struct model *m, size_t j, size_t k)
{
	const struct line *line = model_line(m, j, k);
	int level = line->is_fixed ? line->start : line->levels - 1;
	return level == LEVEL_NONE ? 0 : m->capacity[line->first + (size_t)level];
}

double model_most_capacity(const struct model *m, size_t k)
{
	struct arena *scratch = arena_new();
	bool *is_taken = arena_array(scratch, bool, m->sites);
	double sum = 0;
	for (size_t j = 0; j < m->sites; j++)
		if (model_line(m, j, k)->is_fixed || m->max_platforms < 0) {
			is_taken[j] = true;
			sum += model_largest_capacity(m, j, k);
		}
	for (int n = 0; n < m->max_platforms; n++) {
		size_t best = m->sites;
		for (size_t j = 0; j < m->sites; j++)
			if (!is_taken[j] &&
				(best == m->sites || model_largest_capacity(m, j, k) >
							     model_largest_capacity(m, best, k)))
				best = j;
		if (best == m->sites)
			break;
		is_taken[best] = true;
		sum += model_largest_capacity(m, best, k);
	}
	arena_free(scratch);
	return sum;
}

bool model_find_shortage(const struct model *m, struct shortage *out)
{
	for (size_t k = 0; k < m->flows; k++) {
		double capacity = model_most_capacity(m, k);
		for (size_t t = 0; t < m->years; t++) {
			double tonnes = 0;
			for (size_t i = 0; i < m->points; i++)
				tonnes += model_tonnes(m, k, t)[i];
			*out = (struct shortage){k, t, tonnes, capacity};
			if (tonnes > capacity * (1 + 1e-6))
				return true;
		}
	}
	return false;
}
