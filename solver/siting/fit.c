#include "fit.h"

#include "check.h"

#include <math.h>
#include <string.h>

enum { ZONES = 400, SHAKEN = 3, REACHED = 4, UNUSED_TRIED = 40, STARTS = 4 };

static const double HEAVIER = 3, LIGHTER = 0.7, GAIN = 1e-9;

static int *line_path(struct fit *f, size_t j, size_t k)
{
	return f->flows[k].level + j * f->m->years;
}

static bool is_free(const struct fit *f, size_t j, size_t k)
{
	const struct line *line = model_line(f->m, j, k);
	return line->levels && !line->is_fixed;
}

void fit_init(struct fit *f, struct arena *a, const struct model *m, const double *mu,
	const double *weight, uint64_t seed)
{
	size_t lines = m->sites * m->flows * m->years;
	*f = (struct fit){.m = m,
		.priced = limit_price(a, m, mu),
		.mu = mu,
		.flows = arena_array(a, struct descent, m->flows),
		.weight = arena_array(a, double, m->limit_count),
		.excess = arena_array(a, double, m->limit_count),
		.load = arena_array(a, double, m->sites * m->years),
		.co2_t = arena_array(a, double, m->years),
		.path = arena_array(a, int, m->years),
		.kept = arena_array(a, int, m->years),
		.best = arena_array(a, int, lines),
		.best_value = INFINITY,
		.random = 2 * seed + 1};
	if (m->emission)
		f->trend = limit_trend(m);
	memcpy(f->weight, weight, m->limit_count * sizeof *weight);
	if (m->points > 2 * ZONES) {
		zones_init(&f->zones, a, &f->priced, ZONES, m->years);
		f->priced = f->zones.model;
	}
	for (size_t k = 0; k < m->flows; k++)
		descent_init(&f->flows[k], a, &f->priced, k);
}

/* Tonnes that sites take. */
static void measure_loads(struct fit *f)
{
	const struct model *m = f->m;
	memset(f->load, 0, m->sites * m->years * sizeof *f->load);
	for (size_t k = 0; k < m->flows; k++)
		for (size_t t = 0; t < m->years; t++) {
			const struct depot *depots = f->flows[k].transports[t].depots;
			for (size_t j = 0; j < m->sites; j++)
				f->load[j * m->years + t] += depots[j].load;
		}
}

/* From what haulage costs: E = slope (haul - base). */
static void measure_emissions(struct fit *f)
{
	const struct model *m = f->m;
	memset(f->co2_t, 0, m->years * sizeof *f->co2_t);
	for (size_t k = 0; k < m->flows; k++)
		for (size_t t = 0; t < m->years && f->trend.is_exact; t++) {
			const struct transport *tp = &f->flows[k].transports[t];
			double rate = m->rate[k * m->years + t];
			double priced = f->priced.rate[k * m->years + t];
			double eur = f->flows[k].transport_cost[t], tonnes = 0;
			for (size_t j = 0; j <= m->sites; j++)
				eur -= tp->depots[j].load > 0
					       ? tp->depots[j].load * tp->depots[j].gate
					       : 0;
			for (size_t j = 0; j < m->sites; j++)
				tonnes += tp->depots[j].load;
			double haul = priced > 0 ? eur / priced : 0;
			f->co2_t[t] += f->trend.slope * rate * (haul - f->trend.base * tonnes);
		}
}

static int open_lines(const struct fit *f, size_t j, size_t t)
{
	int count = 0;
	for (size_t k = 0; k < f->m->flows; k++)
		count += f->flows[k].level[j * f->m->years + t] != LEVEL_NONE;
	return count;
}

static double outlay(const struct model *m, const struct line *line, int level)
{
	return level == LEVEL_NONE ? 0 : m->outlay[line->first + (size_t)level];
}

static double spent(struct fit *f, const struct limit *limit)
{
	const struct model *m = f->m;
	double eur = 0;
	for (size_t j = 0; j < m->sites; j++)
		for (size_t k = 0; k < m->flows; k++) {
			const struct line *line = model_line(m, j, k);
			const int *path = line_path(f, j, k);
			for (size_t t = 0; t < m->years; t++) {
				int before = t ? path[t - 1] : line->start;
				if (path[t] > before)
					eur += model_payments(m, limit, j, k, t) *
					       (outlay(m, line, path[t]) - outlay(m, line, before));
			}
		}
	return eur;
}

static void measure(struct fit *f)
{
	const struct model *m = f->m;
	measure_loads(f);
	measure_emissions(f);
	for (size_t n = 0; n < m->limit_count; n++) {
		const struct limit *limit = &m->limits[n];
		size_t at = limit->site * m->years + limit->year;
		f->excess[n] = 0;
		switch (limit->kind) {
		case LIMIT_BUDGET: f->excess[n] = spent(f, limit) - limit->value; break;
		case LIMIT_EMISSION:
			f->excess[n] = f->trend.is_exact ? -limit->value : 0;
			for (size_t t = 0; t < m->years; t++)
				if (limit->year == LIMIT_HORIZON || limit->year == t)
					f->excess[n] += f->co2_t[t];
			break;
		case LIMIT_MOST: f->excess[n] = f->load[at] - limit->value; break;
		case LIMIT_LEAST:
			if (open_lines(f, limit->site, limit->year))
				f->excess[n] = limit->value - f->load[at];
			break;
		case LIMIT_OPEN: f->excess[n] = 1 - open_lines(f, limit->site, limit->year); break;
		}
	}
}

static bool is_platform(struct fit *f, size_t j)
{
	for (size_t k = 0; k < f->m->flows; k++)
		if (is_free(f, j, k) && descent_uses(&f->flows[k], j))
			return true;
	return false;
}

/* By how many platforms their number is wrong. */
static int wrong_number(struct fit *f)
{
	const struct model *m = f->m;
	int count = 0;
	if (m->max_platforms < 0 && m->min_platforms == 0)
		return 0;
	for (size_t j = 0; j < m->sites; j++)
		count += is_platform(f, j);
	int many = m->max_platforms >= 0 && count > m->max_platforms ? count - m->max_platforms : 0;
	return many + (count < m->min_platforms ? m->min_platforms - count : 0);
}

/* What the state costs at the prices, with what its excesses weigh. */
static double value_of(struct fit *f)
{
	const struct model *m = f->m;
	double value = 0, whole = 0;
	measure(f);
	for (size_t k = 0; k < m->flows; k++)
		value += f->flows[k].cost;
	for (size_t c = 0; c < m->sites * m->years; c++)
		if (open_lines(f, c / m->years, c % m->years))
			value += m->discount[c % m->years] * f->priced.site_cost[c];
	whole = fabs(value);
	/* The prices are paid on all that is used; a limit's own value is free, as is what it gives. */
	f->least = value;
	for (size_t n = 0; n < m->limit_count; n++) {
		const struct limit *limit = &m->limits[n];
		size_t c = limit->site * m->years + limit->year;
		switch (limit->kind) {
		case LIMIT_BUDGET:
		case LIMIT_EMISSION:
		case LIMIT_MOST: f->least -= f->mu[n] * limit->value; break;
		case LIMIT_LEAST: break;
		case LIMIT_OPEN:
			f->least += f->mu[n] + m->discount[limit->year] * m->site_cost[c];
			break;
		}
	}
	for (size_t n = 0; n < m->limit_count; n++)
		value += f->excess[n] > 0 ? f->weight[n] * f->excess[n] : 0;
	return value + wrong_number(f) * whole;
}

static bool is_within(struct fit *f)
{
	for (size_t k = 0; k < f->m->flows; k++)
		if (!descent_is_feasible(&f->flows[k]))
			return false;
	return limit_hold(f->m, f->excess) && wrong_number(f) == 0;
}

static void copy_levels(struct fit *f, int *to)
{
	const struct model *m = f->m;
	for (size_t j = 0; j < m->sites; j++)
		for (size_t k = 0; k < m->flows; k++)
			memcpy(to + (j * m->flows + k) * m->years, line_path(f, j, k),
				m->years * sizeof *to);
}

static void load_levels(struct fit *f, struct arena *scratch, const int *from)
{
	const struct model *m = f->m;
	int *level = arena_array(scratch, int, m->sites * m->years);
	bool *paid = arena_array(scratch, bool, m->sites * m->years);
	memset(paid, true, m->sites * m->years * sizeof *paid); /* sites are paid in value_of */
	for (size_t k = 0; k < m->flows; k++) {
		for (size_t j = 0; j < m->sites; j++)
			memcpy(level + j * m->years, from + (j * m->flows + k) * m->years,
				m->years * sizeof *level);
		descent_load(&f->flows[k], level, paid);
	}
	f->value = value_of(f);
}

struct visit {
	struct fit *f;
	void (*offer)(void *context, const int *level, double least);
	bool (*is_over)(void *context);
	void *context;
	int64_t last; /* move */
};

static bool is_done(const struct visit *v)
{
	return v->f->moves >= v->last || v->is_over(v->context);
}

/* f->path in place of the path of line (j, k), if that is better. */
static bool try_path(struct fit *f, size_t j, size_t k)
{
	size_t bytes = f->m->years * sizeof *f->path;
	if (!memcmp(f->path, line_path(f, j, k), bytes))
		return false;
	memcpy(f->kept, line_path(f, j, k), bytes);
	descent_put(&f->flows[k], j, f->path);
	f->moves++;
	double value = value_of(f);
	if (value < f->value - GAIN * fabs(f->value)) {
		f->value = value;
		return true;
	}
	descent_put(&f->flows[k], j, f->kept);
	return false;
}

static void fill(struct fit *f, size_t from, int level, int before)
{
	for (size_t t = 0; t < f->m->years; t++)
		f->path[t] = t < from ? before : level;
}

/* A line at every level, from the year it opens now or from any year where it does not. */
static bool try_line(struct visit *v, size_t j, size_t k)
{
	struct fit *f = v->f;
	const struct line *line = model_line(f->m, j, k);
	size_t years = f->m->years, opens = 0, step = (years + STARTS - 1) / STARTS;
	bool is_better = false, is_used = descent_uses(&f->flows[k], j);
	fill(f, 0, LEVEL_NONE, LEVEL_NONE);
	is_better |= try_path(f, j, k);
	while (opens < years && line_path(f, j, k)[opens] == LEVEL_NONE)
		opens++;
	for (size_t t = 0; t < years && !is_done(v); t++) {
		/* A line in use moves its start by a year, one that is not opens now and then. */
		if (is_used ? t != 0 && t + 1 != opens && t != opens && t != opens + 1
			    : t % step != 0)
			continue;
		for (int l = 0; l < line->levels; l++) {
			fill(f, t, l, line->start);
			is_better |= try_path(f, j, k);
		}
	}
	/* From one year on, another level: an extension, or a line that shrinks. */
	for (size_t t = 1; t < years && is_used && !is_done(v); t++)
		for (int l = LEVEL_NONE; l < line->levels; l++) {
			memcpy(f->path, line_path(f, j, k), years * sizeof *f->path);
			for (size_t later = t; later < years; later++)
				f->path[later] = l;
			is_better |= try_path(f, j, k);
		}
	return is_better;
}

/* Another site in place of j for one flow: the nearest few, by what its tonnes would cost there. */
static bool try_elsewhere(struct fit *f, size_t j, size_t k)
{
	const struct model *m = f->m;
	size_t best[REACHED], count = 0;
	double reach[REACHED];
	if (!descent_uses(&f->flows[k], j))
		return false;
	for (size_t b = 0; b < m->sites; b++) {
		if (b == j || !is_free(f, b, k) || descent_uses(&f->flows[k], b) ||
			model_line(m, b, k)->levels != model_line(m, j, k)->levels)
			continue;
		double more = descent_reach(&f->flows[k], j, b);
		if (count == REACHED && reach[REACHED - 1] <= more)
			continue;
		size_t n = count < REACHED ? count++ : REACHED - 1;
		for (; n && reach[n - 1] > more; n--) {
			reach[n] = reach[n - 1];
			best[n] = best[n - 1];
		}
		reach[n] = more;
		best[n] = b;
	}
	for (size_t n = 0; n < count; n++) {
		descent_move(&f->flows[k], j, best[n]);
		f->moves++;
		double value = value_of(f);
		if (value < f->value - GAIN * fabs(f->value)) {
			f->value = value;
			return true;
		}
		descent_move(&f->flows[k], best[n], j);
	}
	return false;
}

/* xorshift64*: Vigna (2016). */
static size_t draw(struct fit *f, size_t below)
{
	f->random ^= f->random >> 12;
	f->random ^= f->random << 25;
	f->random ^= f->random >> 27;
	return (size_t)((f->random * 2685821657736338717u) >> 33) % below;
}

/* All lines in use, and some that are not, a part of them at random where they are many. */
static bool improve(struct visit *v)
{
	struct fit *f = v->f;
	size_t lines = f->m->sites * f->m->flows;
	bool is_better = false;
	for (size_t k = 0; k < f->m->flows; k++)
		for (size_t j = 0; j < f->m->sites && !is_done(v); j++)
			if (is_free(f, j, k) && descent_uses(&f->flows[k], j)) {
				is_better |= try_line(v, j, k);
				is_better |= try_elsewhere(f, j, k);
			}
	for (size_t c = 0; c < lines && !is_done(v); c++) {
		size_t j = c / f->m->flows, k = c % f->m->flows;
		if (is_free(f, j, k) && !descent_uses(&f->flows[k], j) &&
			draw(f, lines) < UNUSED_TRIED)
			is_better |= try_line(v, j, k);
	}
	return is_better;
}

/* Weights follow what is broken. Returns whether anything is. */
static bool weigh(struct fit *f)
{
	bool is_broken = false;
	f->value = value_of(f);
	for (size_t n = 0; n < f->m->limit_count; n++) {
		bool is_kept = f->excess[n] <= CHECK_TOLERANCE * fmax(f->m->limits[n].value, 1e-3);
		f->weight[n] *= is_kept ? LIGHTER : HEAVIER;
		is_broken |= !is_kept;
	}
	f->value = value_of(f);
	return is_broken;
}

/* Closes a few lines at random. */
static void shake(struct fit *f)
{
	const struct model *m = f->m;
	size_t closed = 0;
	for (size_t tries = 0; closed < SHAKEN && tries < 20 * m->sites * m->flows; tries++) {
		size_t j = draw(f, m->sites), k = draw(f, m->flows);
		if (!is_free(f, j, k) || !descent_uses(&f->flows[k], j))
			continue;
		fill(f, 0, LEVEL_NONE, LEVEL_NONE);
		descent_put(&f->flows[k], j, f->path);
		closed++;
	}
	f->value = value_of(f);
}

void fit_run(struct fit *f, const int *level, const int *other, int64_t moves,
	void (*offer)(void *context, const int *level, double least),
	bool (*is_over)(void *context), void *context)
{
	struct arena *scratch = arena_new();
	struct visit v = {f, offer, is_over, context, f->moves + moves};
	int *now = arena_array(scratch, int, f->m->sites * f->m->flows * f->m->years);
	load_levels(f, scratch, other);
	double value = f->value;
	load_levels(f, scratch, level);
	if (value < f->value)
		load_levels(f, scratch, other);
	while (!is_done(&v)) {
		int64_t before = f->moves;
		while (!is_done(&v) && improve(&v))
			;
		f->value = value_of(f);
		copy_levels(f, now);
		/* Routing within the limits may do what transport alone does not. */
		if (limit_levels_hold(f->m, f->excess) && wrong_number(f) == 0)
			offer(context, now, f->least);
		if (is_within(f) && f->value < f->best_value) {
			f->best_value = f->value;
			memcpy(f->best, now, f->m->sites * f->m->flows * f->m->years * sizeof *now);
		}
		bool is_broken = weigh(f);
		if (!is_broken) {
			if (f->best_value < f->value)
				load_levels(f, scratch, f->best);
			shake(f);
		}
		if (f->moves == before)
			break;
	}
	arena_free(scratch);
}
