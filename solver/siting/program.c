#include "program.h"

#include <math.h>

static void release_problem(void *lp)
{
	glp_delete_prob(lp);
}

/* Whether the line can be of use at all: offered, and open for ever or free to open. */
static bool is_usable(const struct line *line)
{
	return program_is_free(line) || (line->is_fixed && line->start != LEVEL_NONE);
}

static bool has_lane(const struct model *m, size_t i, size_t j, size_t k, size_t t)
{
	return model_tonnes(m, k, t)[i] > 0 && is_usable(model_line(m, j, k)) &&
	       isfinite(m->haul[k][j * m->points + i]);
}

size_t program_cells(const struct model *m)
{
	size_t cells = 0;
	for (size_t k = 0; k < m->flows; k++)
		for (size_t j = 0; j < m->sites; j++)
			cells += is_usable(model_line(m, j, k)) ? m->points * m->years : 0;
	return cells;
}

int program_add_column(struct program *b, int kind, double low, double high, double cost)
{
	int c = glp_add_cols(b->lp, 1);
	glp_set_col_kind(b->lp, c, kind);
	if (kind != GLP_BV)
		glp_set_col_bnds(b->lp, c, isfinite(high) ? GLP_DB : GLP_LO, low, high);
	glp_set_obj_coef(b->lp, c, cost);
	return c;
}

static void term(struct program *b, int column, double value)
{
	if (!column)
		return;
	b->index[++b->filled] = column;
	b->value[b->filled] = value;
}

static int end_row(struct program *b, int type, double bound)
{
	int r = glp_add_rows(b->lp, 1);
	glp_set_row_bnds(b->lp, r, type, bound, bound);
	glp_set_mat_row(b->lp, r, b->filled, b->index, b->value);
	b->filled = 0;
	return r;
}

/* Which level is open counts one ... */
static void add_levels(struct program *b, const struct line *line, size_t t, double factor)
{
	for (int l = 0; l < line->levels; l++)
		term(b, b->y[(line->first + (size_t)l) * b->m->years + t], factor);
}

/* ... or its room, of which no more than `volume` is of use. */
static void add_room(
	struct program *b, const struct line *line, size_t t, double factor, double volume)
{
	for (int l = 0; l < line->levels; l++) {
		size_t at = line->first + (size_t)l;
		term(b, b->y[at * b->m->years + t], factor * fmin(b->m->capacity[at], volume));
	}
}

static void add_columns(struct program *b)
{
	const struct model *m = b->m;
	for (size_t k = 0; k < m->flows; k++)
		for (size_t t = 0; t < m->years; t++)
			for (size_t j = 0; j < m->sites; j++)
				for (size_t i = 0; i < m->points; i++)
					if (has_lane(m, i, j, k, t))
						b->x[program_x(m, i, j, k, t)] = program_add_column(
							b, m->is_single_sourced ? GLP_BV : GLP_CV,
							0, 1,
							m->discount[t] * model_cost(m, i, j, k, t) *
								model_tonnes(m, k, t)[i]);
	for (size_t j = 0; j < m->sites; j++)
		for (size_t t = 0; t < m->years; t++) {
			bool any = false;
			for (size_t k = 0; k < m->flows; k++) {
				const struct line *line = model_line(m, j, k);
				for (int l = 0; l < line->levels && program_is_free(line); l++) {
					size_t at = (line->first + (size_t)l) * m->years + t;
					b->y[at] = program_add_column(
						b, GLP_BV, 0, 1, m->discount[t] * m->running[at]);
					any = true;
				}
			}
			if (any)
				b->z[j * m->years + t] = program_add_column(b, GLP_BV, 0, 1,
					m->discount[t] * m->site_cost[j * m->years + t]);
		}
}

static void add_assignment(struct program *b, size_t k, size_t t)
{
	const struct model *m = b->m;
	const double *w = model_tonnes(m, k, t);
	for (size_t i = 0; i < m->points; i++) {
		if (w[i] <= 0)
			continue;
		for (size_t j = 0; j < m->sites; j++)
			term(b, b->x[program_x(m, i, j, k, t)], 1);
		end_row(b, GLP_FX, 1);
	}
}

static void add_capacity(struct program *b, size_t k, size_t t)
{
	const struct model *m = b->m;
	const double *w = model_tonnes(m, k, t);
	double volume = 0;
	for (size_t i = 0; i < m->points; i++)
		volume += w[i];
	double uncovered = volume;
	for (size_t j = 0; j < m->sites; j++) {
		const struct line *line = model_line(m, j, k);
		if (!is_usable(line))
			continue;
		double fixed_u =
			line->is_fixed ? m->capacity[line->first + (size_t)line->start] : 0;
		uncovered -= fixed_u;
		if (fixed_u >= volume)
			continue;
		for (size_t i = 0; i < m->points; i++)
			term(b, b->x[program_x(m, i, j, k, t)], w[i]);
		if (program_is_free(line))
			add_room(b, line, t, -1, volume);
		end_row(b, GLP_UP, fixed_u);
	}
	if (uncovered <= 0)
		return;
	for (size_t j = 0; j < m->sites; j++)
		if (program_is_free(model_line(m, j, k)))
			add_room(b, model_line(m, j, k), t, 1, volume);
	end_row(b, GLP_LO, uncovered);
}

static void add_links(struct program *b, size_t j, size_t k, size_t t)
{
	const struct model *m = b->m;
	const struct line *line = model_line(m, j, k);
	for (size_t i = 0; i < m->points; i++) {
		int x = b->x[program_x(m, i, j, k, t)];
		if (!x)
			continue;
		term(b, x, 1);
		add_levels(b, line, t, -1);
		end_row(b, GLP_UP, 0);
	}
	add_levels(b, line, t, 1);
	term(b, b->z[j * m->years + t], -1);
	end_row(b, GLP_UP, 0);
}

/* v >= sum_l cost_l (y_now - y_before) * direction; the costs of levels are `stride` apart */
static void add_change_row(struct program *b, const struct line *line, size_t t, int v,
	const double *cost, size_t stride, int direction)
{
	const struct model *m = b->m;
	double start = 0;
	term(b, v, 1);
	for (int l = 0; l < line->levels; l++) {
		size_t at = (line->first + (size_t)l) * m->years + t;
		double per_unit = direction * cost[(line->first + (size_t)l) * stride];
		term(b, b->y[at], -per_unit);
		if (t)
			term(b, b->y[at - 1], per_unit);
		else if (l == line->start)
			start = -per_unit;
	}
	end_row(b, GLP_LO, start);
}

static void add_change(struct program *b, const struct line *line, size_t t)
{
	int v = program_add_column(b, GLP_CV, 0, INFINITY, b->m->discount[t]);
	add_change_row(b, line, t, v, b->m->build + t, b->m->years, 1);
	add_change_row(b, line, t, v, b->m->close + t, b->m->years, -1);
}

/* The column that says whether a site is ever a platform; 0 where it cannot be one. */
static int add_platform(struct program *b, size_t j)
{
	const struct model *m = b->m;
	int p = 0;
	for (size_t k = 0; k < m->flows; k++) {
		const struct line *line = model_line(m, j, k);
		for (size_t t = 0; t < m->years && program_is_free(line); t++) {
			p = p ? p : program_add_column(b, GLP_BV, 0, 1, 0);
			add_levels(b, line, t, 1);
			term(b, p, -1);
			end_row(b, GLP_UP, 0);
		}
	}
	for (size_t k = 0; k < m->flows && p; k++)
		for (size_t t = 0; t < m->years && program_is_free(model_line(m, j, k)); t++)
			add_levels(b, model_line(m, j, k), t, 1);
	term(b, p, -1);
	if (p)
		end_row(b, GLP_LO, 0);
	return p;
}

static void add_platform_limits(struct program *b, struct arena *a)
{
	const struct model *m = b->m;
	if (m->max_platforms < 0 && m->min_platforms == 0)
		return;
	int *platform = arena_array(a, int, m->sites);
	for (size_t j = 0; j < m->sites; j++)
		platform[j] = add_platform(b, j);
	for (size_t j = 0; j < m->sites; j++)
		term(b, platform[j], 1);
	end_row(b, GLP_LO, m->min_platforms);
	for (size_t j = 0; j < m->sites && m->max_platforms >= 0; j++)
		term(b, platform[j], 1);
	if (m->max_platforms >= 0)
		end_row(b, GLP_UP, m->max_platforms);
}

/* What every free line buys in every year. */
static void add_rises(struct program *b)
{
	const struct model *m = b->m;
	for (size_t c = 0; c < m->sites * m->flows; c++)
		for (size_t t = 0; t < m->years && program_is_free(&m->lines[c]); t++) {
			int r = program_add_column(b, GLP_CV, 0, INFINITY, 0);
			b->rise[c * m->years + t] = r;
			add_change_row(b, &m->lines[c], t, r, m->outlay, 1, 1);
		}
}

/* Tonnes to the site of a limit, or what they emit in its years. */
static void add_loads(struct program *b, const struct limit *limit)
{
	const struct model *m = b->m;
	bool is_emission = limit->kind == LIMIT_EMISSION;
	for (size_t k = 0; k < m->flows; k++)
		for (size_t t = 0; t < m->years; t++)
			for (size_t j = 0; j < m->sites; j++)
				for (size_t i = 0; i < m->points; i++) {
					double w = model_tonnes(m, k, t)[i];
					if ((limit->year != LIMIT_HORIZON && limit->year != t) ||
						(!is_emission && limit->site != j))
						continue;
					if (is_emission)
						w *= m->rate[k * m->years + t] *
						     m->emission[j * m->points + i];
					term(b, b->x[program_x(m, i, j, k, t)], w);
				}
}

static int add_limit(struct program *b, const struct limit *limit)
{
	const struct model *m = b->m;
	switch (limit->kind) {
	case LIMIT_BUDGET:
		for (size_t c = 0; c < m->sites * m->flows; c++)
			for (size_t t = 0; t < m->years; t++)
				term(b, b->rise[c * m->years + t],
					model_payments(m, limit, c / m->flows, c % m->flows, t));
		return end_row(b, GLP_UP, limit->value);
	case LIMIT_EMISSION:
	case LIMIT_MOST: add_loads(b, limit); return end_row(b, GLP_UP, limit->value);
	case LIMIT_LEAST:
		add_loads(b, limit);
		term(b, b->z[limit->site * m->years + limit->year], -limit->value);
		return end_row(b, GLP_LO, 0);
	case LIMIT_OPEN:
		for (size_t k = 0; k < m->flows; k++)
			add_levels(b, model_line(m, limit->site, k), limit->year, 1);
		return end_row(b, GLP_LO, 1);
	}
	return 0;
}

static void add_limits(struct program *b)
{
	const struct model *m = b->m;
	bool has_budget = false;
	for (size_t n = 0; n < m->limit_count; n++)
		has_budget |= m->limits[n].kind == LIMIT_BUDGET;
	if (has_budget)
		add_rises(b);
	for (size_t n = 0; n < m->limit_count; n++)
		b->limit_row[n] = add_limit(b, &m->limits[n]);
}

struct program program_make(struct arena *a, const struct model *m)
{
	size_t widest = m->points + m->sites * m->flows * MODEL_LEVELS_MAX + 4 * MODEL_LEVELS_MAX +
			m->flows * m->years * MODEL_LEVELS_MAX +
			(m->limit_count ? program_cells(m) + m->sites * m->flows * m->years : 0);
	struct program b = {
		.m = m,
		.lp = glp_create_prob(),
		.x = arena_array(a, int, m->flows * m->years * m->sites * m->points),
		.y = arena_array(a, int, m->levels * m->years),
		.z = arena_array(a, int, m->sites * m->years),
		.limit_row = arena_array(a, int, m->limit_count),
		.rise = arena_array(a, int, m->sites * m->flows * m->years),
		.index = arena_array(a, int, widest + m->sites + 2),
		.value = arena_array(a, double, widest + m->sites + 2),
	};
	arena_defer(a, release_problem, b.lp);
	glp_set_obj_dir(b.lp, GLP_MIN);
	add_columns(&b);
	for (size_t t = 0; t < m->years; t++) {
		for (size_t k = 0; k < m->flows; k++) {
			add_assignment(&b, k, t);
			add_capacity(&b, k, t);
			for (size_t j = 0; j < m->sites; j++)
				if (program_is_free(model_line(m, j, k))) {
					add_links(&b, j, k, t);
					add_change(&b, model_line(m, j, k), t);
				}
		}
	}
	add_platform_limits(&b, a);
	add_limits(&b);
	return b;
}
