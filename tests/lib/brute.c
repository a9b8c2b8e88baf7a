#include "brute.h"

#include "test.h"

#include <glpk.h>
#include <math.h>

enum { POINTS = 6, SITES = 6, FLOWS = 3, YEARS = 4 };

/* Levels of every line in every year, and what they cost. */
struct search {
	const struct model *m;
	int level[SITES][FLOWS][YEARS];
	double best;
};

static double eur_t(const struct model *m, size_t i, size_t j, size_t k, size_t t)
{
	return m->rate[k * m->years + t] * m->haul[k][j * m->points + i] +
	       m->gate[(j * m->flows + k) * m->years + t];
}

/* Every point to one site: all the ways of doing so. */
static double assign(const struct model *m, size_t k, size_t t, size_t i, double room[SITES])
{
	if (i == m->points)
		return 0;
	double w = m->tonnes[(k * m->years + t) * m->points + i], best = INFINITY;
	if (w <= 0)
		return assign(m, k, t, i + 1, room);
	for (size_t j = 0; j < m->sites; j++) {
		if (room[j] < w)
			continue;
		room[j] -= w;
		best = fmin(best, w * eur_t(m, i, j, k, t) + assign(m, k, t, i + 1, room));
		room[j] += w;
	}
	return best;
}

/* Split transport: again and again the cheapest path (Bellman and Ford) of a tonne that has nowhere
 * to go, to a site with room, where tonnes already placed may give way. */
static double split(const struct model *m, size_t k, size_t t, double room[SITES])
{
	double left[POINTS], x[POINTS][SITES] = {{0}}, cost = 0;
	bool is_open[SITES];
	for (size_t j = 0; j < m->sites; j++)
		is_open[j] = room[j] > 0;
	for (size_t i = 0; i < m->points; i++)
		left[i] = m->tonnes[(k * m->years + t) * m->points + i];
	for (;;) {
		double at_point[POINTS], at_site[SITES];
		int from_site[POINTS], from_point[SITES];
		bool is_done = true, has_changed = true;
		for (size_t i = 0; i < m->points; i++) {
			at_point[i] = left[i] > 1e-9 ? 0 : INFINITY;
			from_site[i] = -1;
			is_done = is_done && left[i] <= 1e-9;
		}
		if (is_done)
			return cost;
		for (size_t j = 0; j < m->sites; j++)
			at_site[j] = INFINITY;
		while (has_changed) {
			has_changed = false;
			for (size_t i = 0; i < m->points; i++)
				for (size_t j = 0; j < m->sites; j++) {
					double c = eur_t(m, i, j, k, t);
					if (is_open[j] && at_point[i] + c < at_site[j] - 1e-9) {
						at_site[j] = at_point[i] + c;
						from_point[j] = (int)i;
						has_changed = true;
					}
					if (x[i][j] > 1e-9 && at_site[j] - c < at_point[i] - 1e-9) {
						at_point[i] = at_site[j] - c;
						from_site[i] = (int)j;
						has_changed = true;
					}
				}
		}
		size_t end = m->sites;
		for (size_t j = 0; j < m->sites; j++)
			if (room[j] > 1e-9 && isfinite(at_site[j]) &&
				(end == m->sites || at_site[j] < at_site[end]))
				end = j;
		if (end == m->sites)
			return INFINITY;
		double push = room[end];
		for (size_t j = end;;) {
			size_t i = (size_t)from_point[j];
			if (from_site[i] < 0) {
				push = fmin(push, left[i]);
				break;
			}
			j = (size_t)from_site[i];
			push = fmin(push, x[i][j]);
		}
		cost += push * at_site[end];
		room[end] -= push;
		for (size_t j = end;;) {
			size_t i = (size_t)from_point[j];
			x[i][j] += push;
			if (from_site[i] < 0) {
				left[i] -= push;
				break;
			}
			j = (size_t)from_site[i];
			x[i][j] -= push;
		}
	}
}

static double capacity_of(const struct search *s, size_t j, size_t k, size_t t)
{
	int level = s->level[j][k][t];
	return level < 0 ? 0
			 : s->m->capacity[s->m->lines[j * s->m->flows + k].first + (size_t)level];
}

static double transport(const struct search *s, size_t k, size_t t)
{
	double room[SITES];
	for (size_t j = 0; j < s->m->sites; j++)
		room[j] = capacity_of(s, j, k, t);
	return s->m->is_single_sourced ? assign(s->m, k, t, 0, room) : split(s->m, k, t, room);
}

/* build or close of a level, nothing for no level. */
static double of_level(
	const struct model *m, const double *table, const struct line *line, int level, size_t t)
{
	return level < 0 ? 0 : table[(line->first + (size_t)level) * m->years + t];
}

/* What the levels of one year cost, transport apart. */
static double lines_cost(const struct search *s, size_t t)
{
	const struct model *m = s->m;
	double cost = 0;
	for (size_t j = 0; j < m->sites; j++) {
		bool is_open = false;
		for (size_t k = 0; k < m->flows; k++) {
			const struct line *line = &m->lines[j * m->flows + k];
			int now = s->level[j][k][t];
			int before = t ? s->level[j][k][t - 1] : line->start;
			if (now > before)
				cost += of_level(m, m->build, line, now, t) -
					of_level(m, m->build, line, before, t);
			if (now < before)
				cost += of_level(m, m->close, line, before, t) -
					of_level(m, m->close, line, now, t);
			cost += of_level(m, m->running, line, now, t);
			is_open = is_open || now >= 0;
		}
		cost += is_open ? m->site_cost[j * m->years + t] : 0;
	}
	return cost;
}

/* A site counts once a line that is not fixed was open there in any year. */
static bool has_right_number(const struct search *s)
{
	const struct model *m = s->m;
	int platforms = 0;
	for (size_t j = 0; j < m->sites; j++) {
		bool is_platform = false;
		for (size_t k = 0; k < m->flows; k++)
			for (size_t t = 0; t < m->years; t++)
				is_platform = is_platform ||
					      (s->level[j][k][t] >= 0 &&
						      !m->lines[j * m->flows + k].is_fixed);
		platforms += is_platform;
	}
	return platforms >= m->min_platforms &&
	       (m->max_platforms < 0 || platforms <= m->max_platforms);
}

/* Limits that the lines alone decide. */
static bool lines_keep(const struct search *s)
{
	const struct model *m = s->m;
	for (size_t n = 0; n < m->limit_count; n++) {
		const struct limit *limit = &m->limits[n];
		double paid = 0;
		bool is_open = limit->kind != LIMIT_OPEN;
		for (size_t j = 0; j < m->sites; j++)
			for (size_t k = 0; k < m->flows; k++) {
				size_t at = j * m->flows + k;
				const struct line *line = &m->lines[at];
				if (limit->kind == LIMIT_OPEN && limit->site == j)
					is_open |= s->level[j][k][limit->year] >= 0;
				/* Bought in t, and again every `life` years. */
				for (size_t t = 0; t < m->years && limit->kind == LIMIT_BUDGET;
					t++) {
					int now = s->level[j][k][t];
					int before = t ? s->level[j][k][t - 1] : line->start;
					double price = 0;
					if (now > before)
						price = m->outlay[line->first + (size_t)now];
					if (now > before && before >= 0)
						price -= m->outlay[line->first + (size_t)before];
					for (size_t y = t; y < m->years; y += (size_t)m->life[at])
						if (limit->year == LIMIT_HORIZON ||
							limit->year == y)
							paid += price;
				}
			}
		if (!is_open || (limit->kind == LIMIT_BUDGET && paid > limit->value * (1 + 1e-9)))
			return false;
	}
	return true;
}

/* Who goes where in all years at once, as one program: a column for each point, site, flow and year. */
static double route_within(const struct search *s)
{
	const struct model *m = s->m;
	glp_prob *lp = glp_create_prob();
	int index[FLOWS * YEARS * POINTS * SITES + 1];
	double value[FLOWS * YEARS * POINTS * SITES + 1];
	int column[FLOWS][YEARS][POINTS][SITES];
	glp_set_obj_dir(lp, GLP_MIN);
	for (size_t k = 0; k < m->flows; k++)
		for (size_t t = 0; t < m->years; t++)
			for (size_t i = 0; i < m->points; i++)
				for (size_t j = 0; j < m->sites; j++) {
					double w = m->tonnes[(k * m->years + t) * m->points + i];
					double c = eur_t(m, i, j, k, t);
					bool is_lane = isfinite(c) && capacity_of(s, j, k, t) > 0;
					int x = column[k][t][i][j] = glp_add_cols(lp, 1);
					if (m->is_single_sourced)
						glp_set_col_kind(lp, x, GLP_BV);
					glp_set_col_bnds(
						lp, x, is_lane ? GLP_DB : GLP_FX, 0, is_lane);
					glp_set_obj_coef(
						lp, x, is_lane ? m->discount[t] * w * c : 0);
				}
	for (size_t k = 0; k < m->flows; k++)
		for (size_t t = 0; t < m->years; t++) {
			for (size_t i = 0; i < m->points; i++) {
				int n = 0, row = glp_add_rows(lp, 1);
				for (size_t j = 0; j < m->sites; j++) {
					index[++n] = column[k][t][i][j];
					value[n] = 1;
				}
				double w = m->tonnes[(k * m->years + t) * m->points + i];
				glp_set_row_bnds(lp, row, w > 0 ? GLP_FX : GLP_FR, 1, 1);
				glp_set_mat_row(lp, row, n, index, value);
			}
			for (size_t j = 0; j < m->sites; j++) {
				int n = 0, row = glp_add_rows(lp, 1);
				double u = capacity_of(s, j, k, t);
				for (size_t i = 0; i < m->points; i++) {
					index[++n] = column[k][t][i][j];
					value[n] = m->tonnes[(k * m->years + t) * m->points + i];
				}
				glp_set_row_bnds(lp, row, isfinite(u) ? GLP_UP : GLP_FR, 0, u);
				glp_set_mat_row(lp, row, n, index, value);
			}
		}
	for (size_t r = 0; r < m->limit_count; r++) {
		const struct limit *limit = &m->limits[r];
		bool is_co2 = limit->kind == LIMIT_EMISSION, is_open = is_co2;
		if (limit->kind == LIMIT_BUDGET || limit->kind == LIMIT_OPEN)
			continue;
		int n = 0, row = glp_add_rows(lp, 1);
		for (size_t k = 0; k < m->flows; k++)
			for (size_t t = 0; t < m->years; t++)
				for (size_t i = 0; i < m->points; i++)
					for (size_t j = 0; j < m->sites; j++) {
						double w =
							m->tonnes[(k * m->years + t) * m->points +
								  i];
						if (limit->year != LIMIT_HORIZON &&
							limit->year != t)
							continue;
						if (is_co2)
							w *= m->rate[k * m->years + t] *
							     m->emission[j * m->points + i];
						else if (limit->site != j)
							continue;
						is_open |= s->level[j][k][t] >= 0;
						index[++n] = column[k][t][i][j];
						value[n] = w;
					}
		glp_set_row_bnds(lp, row,
			!is_open                     ? GLP_FR
			: limit->kind == LIMIT_LEAST ? GLP_LO
						     : GLP_UP,
			limit->value, limit->value);
		glp_set_mat_row(lp, row, n, index, value);
	}
	glp_smcp o;
	glp_iocp search;
	glp_init_smcp(&o);
	glp_init_iocp(&search);
	o.msg_lev = search.msg_lev = GLP_MSG_OFF;
	o.presolve = GLP_ON;
	double cost = INFINITY;
	if (!glp_simplex(lp, &o) && glp_get_status(lp) == GLP_OPT)
		cost = glp_get_obj_val(lp);
	if (isfinite(cost) && m->is_single_sourced) {
		cost = INFINITY;
		if (!glp_intopt(lp, &search) && glp_mip_status(lp) == GLP_OPT)
			cost = glp_mip_obj_val(lp);
	}
	glp_delete_prob(lp);
	return cost;
}

/* Tries every level of the lines from (j, k) on in year t, then the years after it. */
static void try_all(struct search *s, size_t t, size_t j, size_t k, double cost)
{
	const struct model *m = s->m;
	if (t == m->years) {
		if (!has_right_number(s) || !lines_keep(s))
			return;
		s->best = fmin(s->best, cost + (m->limit_count ? route_within(s) : 0));
		return;
	}
	if (j == m->sites) {
		double year = lines_cost(s, t);
		for (size_t f = 0; f < m->flows && isfinite(year) && !m->limit_count; f++)
			year += transport(s, f, t);
		if (isfinite(year))
			try_all(s, t + 1, 0, 0, cost + m->discount[t] * year);
		return;
	}
	size_t next_j = k + 1 < m->flows ? j : j + 1, next_k = k + 1 < m->flows ? k + 1 : 0;
	const struct line *line = &m->lines[j * m->flows + k];
	int first = line->is_fixed ? line->start : -1;
	int last = line->is_fixed ? line->start : line->levels - 1;
	for (int level = first; level <= last; level++) {
		s->level[j][k][t] = level;
		try_all(s, t, next_j, next_k, cost);
	}
}

double brute_force(const struct model *m)
{
	assert_true(
		m->points <= POINTS && m->sites <= SITES && m->flows <= FLOWS && m->years <= YEARS);
	struct search s = {.m = m, .best = INFINITY};
	try_all(&s, 0, 0, 0, 0);
	return s.best;
}
