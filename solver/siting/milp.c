/* The mixed-integer program of problem P (model.h), strong formulation:
 *
 * columns  x[i,j,k,t] in [0,1]   share of a point's flow that goes to a line	cost d c w
 *          y[j,k,l,t] in {0,1}   level open, lines that are not fixed		cost d G
 *          v[j,k,t] >= 0         what changing level costs			cost d
 *          z[j,t] in {0,1}       platform open					cost d F
 *          p[j] in {0,1}         site ever a platform		(where their number is limited)
 * rows     assign    sum_j x = 1
 *          capacity  sum_i w x <= sum_l u y	(a fixed line: <= u)
 *          link      x <= sum_l y			(lines that are not fixed)
 *          open      sum_l y <= z
 *          rise      v >= sum_l build_lt (y_lt - y_l,t-1)
 *          fall      v >= sum_l close_lt (y_l,t-1 - y_lt)
 *          cover     sum_jl u y >= volume that fixed lines cannot take	(implied, tightens)
 *          is one    sum_l y <= p for each line and year; p <= sum y
 *          platforms min_platforms <= sum_j p <= max_platforms
 *          bought    r[j,k,t] >= sum_l outlay_l (y_lt - y_l,t-1), r >= 0	(where there is a budget)
 *          limits    budget     sum payments r <= value
 *                    emission   sum w rate E x <= value
 *                    most, least  sum w x <= value, sum w x >= value z
 *                    open       sum y >= 1
 * With at most one level open, rise and fall give exactly the separable change cost of model.h,
 * because build and close do not fall as levels rise. The bound is GLPK's best node bound, or the
 * LP relaxation before the first one. Source: strong formulation of capacitated facility location,
 * e.g. Cornuejols, Sridharan, Thizy (1991); GLPK reference manual, glp_intopt. */
#include "milp.h"

#include "clock.h"
#include "file.h"
#include "reroute.h"

#include <glpk.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

struct build {
	const struct model *m;
	glp_prob *lp;
	int *x; /* [flow][year][site][point] column, 0: none */
	int *y; /* [level][year] */
	int *z; /* [site][year] */
	int *index;
	double *value; /* a row under way, 1-based as GLPK wants it */
	int filled;
	int *limit_row; /* [limit] */
	int *rise;      /* [site][flow][year] column r, 0: none */
};

static void release_problem(void *lp)
{
	glp_delete_prob(lp);
}

static bool is_free(const struct line *line)
{
	return line->levels && !line->is_fixed;
}

/* Whether the line can be of use at all: offered, and open for ever or free to open. */
static bool is_usable(const struct line *line)
{
	return is_free(line) || (line->is_fixed && line->start != LEVEL_NONE);
}

static bool has_lane(const struct model *m, size_t i, size_t j, size_t k, size_t t)
{
	return model_tonnes(m, k, t)[i] > 0 && is_usable(model_line(m, j, k)) &&
	       isfinite(m->haul[k][j * m->points + i]);
}

size_t milp_cells(const struct model *m)
{
	size_t cells = 0;
	for (size_t k = 0; k < m->flows; k++)
		for (size_t j = 0; j < m->sites; j++)
			cells += is_usable(model_line(m, j, k)) ? m->points * m->years : 0;
	return cells;
}

static int add_column(struct build *b, int kind, double low, double high, double cost)
{
	int c = glp_add_cols(b->lp, 1);
	glp_set_col_kind(b->lp, c, kind);
	if (kind != GLP_BV)
		glp_set_col_bnds(b->lp, c, isfinite(high) ? GLP_DB : GLP_LO, low, high);
	glp_set_obj_coef(b->lp, c, cost);
	return c;
}

static void term(struct build *b, int column, double value)
{
	if (!column)
		return;
	b->index[++b->filled] = column;
	b->value[b->filled] = value;
}

static int end_row(struct build *b, int type, double bound)
{
	int r = glp_add_rows(b->lp, 1);
	glp_set_row_bnds(b->lp, r, type, bound, bound);
	glp_set_mat_row(b->lp, r, b->filled, b->index, b->value);
	b->filled = 0;
	return r;
}

static size_t x_at(const struct model *m, size_t i, size_t j, size_t k, size_t t)
{
	return ((k * m->years + t) * m->sites + j) * m->points + i;
}

static void add_levels(struct build *b, const struct line *line, size_t t, double factor, bool unit)
{
	for (int l = 0; l < line->levels; l++) {
		size_t at = line->first + (size_t)l;
		term(b, b->y[at * b->m->years + t], factor * (unit ? 1 : b->m->capacity[at]));
	}
}

static void add_columns(struct build *b)
{
	const struct model *m = b->m;
	for (size_t k = 0; k < m->flows; k++)
		for (size_t t = 0; t < m->years; t++)
			for (size_t j = 0; j < m->sites; j++)
				for (size_t i = 0; i < m->points; i++)
					if (has_lane(m, i, j, k, t))
						b->x[x_at(m, i, j, k, t)] = add_column(b,
							m->is_single_sourced ? GLP_BV : GLP_CV, 0,
							1,
							m->discount[t] * model_cost(m, i, j, k, t) *
								model_tonnes(m, k, t)[i]);
	for (size_t j = 0; j < m->sites; j++)
		for (size_t t = 0; t < m->years; t++) {
			bool any = false;
			for (size_t k = 0; k < m->flows; k++) {
				const struct line *line = model_line(m, j, k);
				for (int l = 0; l < line->levels && is_free(line); l++) {
					size_t at = (line->first + (size_t)l) * m->years + t;
					b->y[at] = add_column(
						b, GLP_BV, 0, 1, m->discount[t] * m->running[at]);
					any = true;
				}
			}
			if (any)
				b->z[j * m->years + t] = add_column(b, GLP_BV, 0, 1,
					m->discount[t] * m->site_cost[j * m->years + t]);
		}
}

static void add_assignment(struct build *b, size_t k, size_t t)
{
	const struct model *m = b->m;
	const double *w = model_tonnes(m, k, t);
	for (size_t i = 0; i < m->points; i++) {
		if (w[i] <= 0)
			continue;
		for (size_t j = 0; j < m->sites; j++)
			term(b, b->x[x_at(m, i, j, k, t)], 1);
		end_row(b, GLP_FX, 1);
	}
}

static void add_capacity(struct build *b, size_t k, size_t t)
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
			term(b, b->x[x_at(m, i, j, k, t)], w[i]);
		if (is_free(line))
			add_levels(b, line, t, -1, false);
		end_row(b, GLP_UP, fixed_u);
	}
	if (uncovered <= 0)
		return;
	for (size_t j = 0; j < m->sites; j++)
		if (is_free(model_line(m, j, k)))
			add_levels(b, model_line(m, j, k), t, 1, false);
	end_row(b, GLP_LO, uncovered);
}

static void add_links(struct build *b, size_t j, size_t k, size_t t)
{
	const struct model *m = b->m;
	const struct line *line = model_line(m, j, k);
	for (size_t i = 0; i < m->points; i++) {
		int x = b->x[x_at(m, i, j, k, t)];
		if (!x)
			continue;
		term(b, x, 1);
		add_levels(b, line, t, -1, true);
		end_row(b, GLP_UP, 0);
	}
	add_levels(b, line, t, 1, true);
	term(b, b->z[j * m->years + t], -1);
	end_row(b, GLP_UP, 0);
}

/* v >= sum_l cost_l (y_now - y_before) * direction; the costs of levels are `stride` apart */
static void add_change_row(struct build *b, const struct line *line, size_t t, int v,
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

static void add_change(struct build *b, const struct line *line, size_t t)
{
	int v = add_column(b, GLP_CV, 0, INFINITY, b->m->discount[t]);
	add_change_row(b, line, t, v, b->m->build + t, b->m->years, 1);
	add_change_row(b, line, t, v, b->m->close + t, b->m->years, -1);
}

/* The column that says whether a site is ever a platform; 0 where it cannot be one. */
static int add_platform(struct build *b, size_t j)
{
	const struct model *m = b->m;
	int p = 0;
	for (size_t k = 0; k < m->flows; k++) {
		const struct line *line = model_line(m, j, k);
		for (size_t t = 0; t < m->years && is_free(line); t++) {
			p = p ? p : add_column(b, GLP_BV, 0, 1, 0);
			add_levels(b, line, t, 1, true);
			term(b, p, -1);
			end_row(b, GLP_UP, 0);
		}
	}
	for (size_t k = 0; k < m->flows && p; k++)
		for (size_t t = 0; t < m->years && is_free(model_line(m, j, k)); t++)
			add_levels(b, model_line(m, j, k), t, 1, true);
	term(b, p, -1);
	if (p)
		end_row(b, GLP_LO, 0);
	return p;
}

static void add_platform_limits(struct build *b, struct arena *a)
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
static void add_rises(struct build *b)
{
	const struct model *m = b->m;
	for (size_t c = 0; c < m->sites * m->flows; c++)
		for (size_t t = 0; t < m->years && is_free(&m->lines[c]); t++) {
			int r = add_column(b, GLP_CV, 0, INFINITY, 0);
			b->rise[c * m->years + t] = r;
			add_change_row(b, &m->lines[c], t, r, m->outlay, 1, 1);
		}
}

/* Tonnes to the site of a limit, or what they emit in its years. */
static void add_loads(struct build *b, const struct limit *limit)
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
					term(b, b->x[x_at(m, i, j, k, t)], w);
				}
}

static int add_limit(struct build *b, const struct limit *limit)
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
			add_levels(b, model_line(m, limit->site, k), limit->year, 1, true);
		return end_row(b, GLP_LO, 1);
	}
	return 0;
}

static void add_limits(struct build *b)
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

static struct build make_problem(struct arena *a, const struct model *m)
{
	size_t widest = m->points + m->sites * m->flows * MODEL_LEVELS_MAX + 4 * MODEL_LEVELS_MAX +
			m->flows * m->years * MODEL_LEVELS_MAX +
			(m->limit_count ? milp_cells(m) + m->sites * m->flows * m->years : 0);
	struct build b = {
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
				if (is_free(model_line(m, j, k))) {
					add_links(&b, j, k, t);
					add_change(&b, model_line(m, j, k), t);
				}
		}
	}
	add_platform_limits(&b, a);
	add_limits(&b);
	return b;
}

static void name_column(struct build *b, int column, const char *format, ...)
{
	char name[100];
	if (!column)
		return;
	va_list list;
	va_start(list, format);
	vsnprintf(name, sizeof name, format, list);
	va_end(list);
	glp_set_col_name(b->lp, column, name);
}

static void name_columns(struct build *b)
{
	const struct model *m = b->m;
	for (size_t k = 0; k < m->flows; k++)
		for (size_t t = 0; t < m->years; t++)
			for (size_t j = 0; j < m->sites; j++)
				for (size_t i = 0; i < m->points; i++)
					name_column(b, b->x[x_at(m, i, j, k, t)],
						"x_%zu_%zu_%zu_%zu", i + 1, j + 1, k + 1, t + 1);
	for (size_t j = 0; j < m->sites; j++)
		for (size_t t = 0; t < m->years; t++) {
			name_column(b, b->z[j * m->years + t], "z_%zu_%zu", j + 1, t + 1);
			for (size_t k = 0; k < m->flows; k++) {
				const struct line *line = model_line(m, j, k);
				for (int l = 0; l < line->levels; l++)
					name_column(b,
						b->y[(line->first + (size_t)l) * m->years + t],
						"y_%zu_%zu_%d_%zu", j + 1, k + 1, l + 1, t + 1);
			}
		}
}

/* GLPK writes files only, and straight away: it gets one in memory, and the target is then written
 * like all others. */
static bool write_mps(struct arena *a, glp_prob *lp, const char *path, struct err *e)
{
	int fd = memfd_create("mps", MFD_CLOEXEC);
	if (fd < 0)
		return err_set(e, ERR_SYSTEM, "%s : pas de mémoire pour l’écriture", path);
	const char *memory = arena_printf(a, "/proc/self/fd/%d", fd);
	char *text;
	size_t len;
	bool is_written = !glp_write_mps(lp, GLP_MPS_FILE, NULL, memory) ||
			  err_set(e, ERR_SYSTEM, "%s : l’écriture a échoué", path);
	is_written = is_written && file_read(a, memory, SIZE_MAX - 1, &text, &len, e) &&
		     file_write(path, text, len, e);
	close(fd);
	return is_written;
}

bool milp_export(struct arena *a, const struct model *m, const char *path, struct err *e)
{
	if (milp_cells(m) > MILP_EXPORT_CELLS_MAX)
		return err_set(e, ERR_TOO_LARGE,
			"%zu variables d’affectation : le fichier prendrait environ %.1f Go, le "
			"maximum est %d variables",
			milp_cells(m), 150e-9 * (double)milp_cells(m), MILP_EXPORT_CELLS_MAX);
	glp_term_out(GLP_OFF);
	struct build b = make_problem(a, m);
	glp_set_prob_name(b.lp, "recircuit");
	glp_set_obj_name(b.lp, "cost");
	name_columns(&b);
	return write_mps(a, b.lp, path, e);
}

struct watch {
	const struct engine_options *options;
	double start, bound;
	int nodes;
};

static double best_cost(glp_tree *tree)
{
	glp_prob *lp = glp_ios_get_prob(tree);
	return glp_mip_status(lp) == GLP_FEAS || glp_mip_status(lp) == GLP_OPT ? glp_mip_obj_val(lp)
									       : INFINITY;
}

static void watch_tree(glp_tree *tree, void *context)
{
	struct watch *w = context;
	const struct engine_options *o = w->options;
	int node = glp_ios_best_node(tree);
	glp_ios_tree_size(tree, NULL, NULL, &w->nodes);
	if (node)
		w->bound = fmax(w->bound, glp_ios_node_bound(tree, node));
	if (o->progress && glp_ios_reason(tree) == GLP_ISELECT) {
		struct progress p = {
			clock_seconds() - w->start, w->bound, best_cost(tree), "recherche exacte"};
		o->progress(o->context, &p);
	}
	if (o->stop && *o->stop)
		glp_ios_terminate(tree);
}

static void read_levels(const struct build *b, struct plan *plan)
{
	const struct model *m = b->m;
	for (size_t j = 0; j < m->sites; j++)
		for (size_t k = 0; k < m->flows; k++) {
			const struct line *line = model_line(m, j, k);
			for (size_t t = 0; t < m->years && is_free(line); t++) {
				plan_level(m, plan, j, k)[t] = LEVEL_NONE;
				for (int l = 0; l < line->levels; l++) {
					size_t at = (line->first + (size_t)l) * m->years + t;
					if (glp_mip_col_val(b->lp, b->y[at]) > 0.5)
						plan_level(m, plan, j, k)[t] = l;
				}
			}
		}
}

/* With a single site a point, what goes where is GLPK's decision too: no transport comes after. */
static void read_shipments(struct arena *a, const struct build *b, struct plan *plan)
{
	const struct model *m = b->m;
	plan->shipment_count = 0;
	plan->shipments = arena_array(a, struct shipment, m->flows * m->years * m->points);
	for (size_t k = 0; k < m->flows; k++)
		for (size_t t = 0; t < m->years; t++)
			for (size_t i = 0; i < m->points; i++)
				for (size_t j = 0; j < m->sites; j++) {
					int x = b->x[x_at(m, i, j, k, t)];
					if (x && glp_mip_col_val(b->lp, x) > 0.5)
						plan->shipments[plan->shipment_count++] =
							(struct shipment){(uint32_t)k, (uint32_t)t,
								(uint32_t)i, (uint32_t)j,
								model_tonnes(m, k, t)[i]};
				}
	plan->cost = plan_cost(m, plan);
}

/* What a unit more of each limit would save in the linear relaxation: where the prices of a bound begin. */
static const double *read_limit_prices(struct arena *a, const struct build *b)
{
	double *mu = arena_array(a, double, b->m->limit_count);
	for (size_t n = 0; n < b->m->limit_count; n++)
		mu[n] = fabs(glp_get_row_dual(b->lp, b->limit_row[n]));
	return mu;
}

bool milp_solve(struct arena *a, const struct model *m, const struct engine_options *o,
	struct answer *out, struct err *e)
{
	struct watch watch = {.options = o, .start = clock_seconds(), .bound = -INFINITY};
	double cpu = clock_cpu_seconds();
	glp_term_out(GLP_OFF);
	struct build b = make_problem(a, m);
	double spent = clock_seconds() - watch.start;
	int limit_ms = o->time_limit_s > 0
			       ? (int)fmin(INT32_MAX, fmax(1, 1000 * (o->time_limit_s - spent)))
			       : INT32_MAX;

	*out = (struct answer){.status = ANSWER_UNKNOWN,
		.bound = -INFINITY,
		.certified = -INFINITY,
		.gap = INFINITY};
	glp_smcp simplex;
	glp_init_smcp(&simplex);
	simplex.presolve = GLP_ON;
	simplex.meth = GLP_DUALP;
	simplex.tm_lim = limit_ms;
	int failed = glp_simplex(b.lp, &simplex);
	if (failed == GLP_ENOPFS || glp_get_status(b.lp) == GLP_NOFEAS)
		out->status = ANSWER_INFEASIBLE;
	if (!failed && glp_get_status(b.lp) == GLP_OPT) {
		watch.bound = glp_get_obj_val(b.lp);
		if (m->limit_count)
			out->certificate.limits = read_limit_prices(a, &b);
		glp_iocp search;
		glp_init_iocp(&search);
		search.br_tech = GLP_BR_PCH;
		search.bt_tech = GLP_BT_BLB;
		search.mir_cuts = GLP_ON;
		search.cov_cuts = GLP_ON;
		search.fp_heur = GLP_ON;
		search.mip_gap = o->gap;
		search.tm_lim = (int)fmax(1, limit_ms - 1000 * (clock_seconds() - watch.start));
		search.cb_func = watch_tree;
		search.cb_info = &watch;
		failed = glp_intopt(b.lp, &search);
		if (glp_mip_status(b.lp) == GLP_NOFEAS)
			out->status = ANSWER_INFEASIBLE;
	}
	int status = glp_mip_status(b.lp);
	if (out->status == ANSWER_INFEASIBLE) {
		out->bound = INFINITY;
	} else if (status == GLP_OPT || status == GLP_FEAS) {
		out->plan = plan_status_quo(a, m);
		read_levels(&b, &out->plan);
		if (m->is_single_sourced)
			read_shipments(a, &b, &out->plan);
		else if (!reroute(a, m, &out->plan, &(struct reroute_options){0}))
			return err_set(e, ERR_SYSTEM, "le plan de GLPK ne passe pas le transport");
		/* With a gap allowed, GLPK says optimal without a bound of its own. */
		if (status == GLP_OPT && !failed && o->gap == 0)
			watch.bound = glp_mip_obj_val(b.lp);
		out->bound = fmin(watch.bound, out->plan.cost.total);
		double cost = out->plan.cost.total;
		out->gap = cost > out->bound ? (cost - out->bound) / fabs(cost) : 0;
		out->status = out->gap <= o->gap + 1e-9 ? ANSWER_OPTIMAL : ANSWER_FEASIBLE;
	} else {
		out->bound = watch.bound;
	}
	out->nodes = watch.nodes > 0 ? watch.nodes : 1;
	out->seconds = clock_seconds() - watch.start;
	out->cpu_seconds = clock_cpu_seconds() - cpu;
	return true;
}

/* The column by which all limits of a kind give way together, the only one that costs anything. */
static int add_excess(struct build *b, struct arena *a, enum limit_kind kind)
{
	int *row = arena_array(a, int, b->m->limit_count + 1), filled = 0;
	double *value = arena_array(a, double, b->m->limit_count + 1);
	for (int c = 1; c <= glp_get_num_cols(b->lp); c++)
		glp_set_obj_coef(b->lp, c, 0);
	for (size_t n = 0; n < b->m->limit_count; n++) {
		if (b->m->limits[n].kind != kind)
			continue;
		row[++filled] = b->limit_row[n];
		value[filled] = glp_get_row_type(b->lp, b->limit_row[n]) == GLP_LO ? 1 : -1;
	}
	int column = add_column(b, GLP_CV, 0, INFINITY, 1);
	glp_set_mat_col(b->lp, column, filled, row, value);
	return column;
}

bool milp_least_excess(const struct model *m, enum limit_kind kind, double seconds, double *excess)
{
	struct arena *a = arena_new();
	glp_smcp simplex;
	glp_iocp search;
	glp_term_out(GLP_OFF);
	struct build b = make_problem(a, m);
	int column = add_excess(&b, a, kind);
	glp_init_smcp(&simplex);
	glp_init_iocp(&search);
	search.tm_lim = (int)(1000 * seconds);
	simplex.tm_lim = search.tm_lim;
	bool is_found = !glp_simplex(b.lp, &simplex) && glp_get_status(b.lp) == GLP_OPT &&
			!glp_intopt(b.lp, &search) && glp_mip_status(b.lp) == GLP_OPT;
	if (is_found)
		*excess = glp_mip_col_val(b.lp, column);
	arena_free(a);
	return is_found;
}
