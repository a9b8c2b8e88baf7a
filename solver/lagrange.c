#include "lagrange.h"

#include "team.h"

#include <math.h>
#include <string.h>

enum {
	SITE_BLOCK = 32,
	FAILURES = 7,                  /* evaluations without progress before steps get shorter */
	STATES = MODEL_LEVELS_MAX + 1, /* of a line: nothing, or a level */
};

static const double RECENT = 0.2, /* weight of the last evaluation in what looks open */
	DEFLECT = 1.5, SHORTER = 0.7, STEP_MIN = 0.02, STEP_AGAIN = 0.2;

static const double *prices_of(const struct model *m, const double *price, size_t k, size_t t)
{
	return price + (k * m->years + t) * m->points;
}

static double lane_cost(const struct model *m, size_t j, size_t k, size_t t, double haul)
{
	return m->rate[k * m->years + t] * haul + m->gate[(j * m->flows + k) * m->years + t];
}

static bool has_line(const struct model *m, size_t j, size_t k)
{
	return model_line(m, j, k)->levels > 0;
}

/* Which lanes are kept. */
struct keep {
	struct lagrange *g;
	uint8_t *is_kept; /* [flow][site][point] */
};

/* A lane is kept when it is cheaper than the ceiling of its point in some year. */
static void keep_block(void *context, size_t job, size_t thread)
{
	const struct keep *kp = context;
	const struct lagrange *g = kp->g;
	const struct model *m = g->m;
	(void)thread;
	size_t k = job / m->sites, j = job % m->sites;
	uint8_t *is_kept = kp->is_kept + job * m->points;
	if (!has_line(m, j, k))
		return;
	const double *haul = m->haul[k] + j * m->points;
	for (size_t t = 0; t < m->years; t++) {
		const double *w = model_tonnes(m, k, t), *ceiling = prices_of(m, g->ceiling, k, t);
		double rate = m->rate[k * m->years + t];
		double gate = m->gate[(j * m->flows + k) * m->years + t];
		for (size_t i = 0; i < m->points; i++)
			is_kept[i] |= w[i] > 0 && rate * haul[i] + gate < ceiling[i];
	}
}

static void keep_lanes(struct lagrange *g, struct arena *a)
{
	const struct model *m = g->m;
	struct arena *scratch = arena_new();
	struct keep kp = {
		.g = g, .is_kept = arena_array(scratch, uint8_t, m->flows * m->sites * m->points)};
	team_run(g->threads, m->flows * m->sites, keep_block, &kp);
	for (size_t k = 0; k < m->flows; k++) {
		const uint8_t *is_kept = kp.is_kept + k * m->sites * m->points;
		size_t count = 0;
		for (size_t n = 0; n < m->sites * m->points; n++)
			count += is_kept[n];
		struct lanes *l = &g->lanes[k];
		l->first = arena_array(a, size_t, m->sites + 1);
		l->point = arena_array(a, uint32_t, count);
		l->haul = arena_array(a, double, count);
		size_t n = 0;
		for (size_t j = 0; j < m->sites; j++) {
			for (size_t i = 0; i < m->points; i++)
				if (is_kept[j * m->points + i]) {
					l->point[n] = (uint32_t)i;
					l->haul[n++] = m->haul[k][j * m->points + i];
				}
			l->first[j + 1] = n;
		}
	}
	arena_free(scratch);
}

/* What a tonne would cost at the cheapest site, its line and its site shared out over its middle
 * capacity. */
static void guess_prices(struct lagrange *g)
{
	const struct model *m = g->m;
	for (size_t kt = 0; kt < m->flows * m->years; kt++)
		for (size_t i = 0; i < m->points; i++)
			g->price[kt * m->points + i] = INFINITY;
	for (size_t k = 0; k < m->flows; k++)
		for (size_t j = 0; j < m->sites; j++) {
			const struct line *line = model_line(m, j, k);
			if (!line->levels)
				continue;
			size_t middle = line->first + (size_t)line->levels / 2;
			for (size_t t = 0; t < m->years; t++) {
				double each =
					m->running[middle * m->years + t] / m->capacity[middle];
				double *price = g->price + (k * m->years + t) * m->points;
				const struct lanes *l = &g->lanes[k];
				for (size_t n = l->first[j]; n < l->first[j + 1]; n++) {
					double c = lane_cost(m, j, k, t, l->haul[n]) + each;
					if (c < price[l->point[n]])
						price[l->point[n]] = c;
				}
			}
		}
	for (size_t n = 0; n < m->flows * m->years * m->points; n++) {
		if (isinf(g->price[n]))
			g->price[n] = 0;
		if (g->price[n] > g->ceiling[n])
			g->price[n] = g->ceiling[n];
	}
}

/* Lines of the site that may carry a part of its cost. A fixed line carries all of it: the site is
 * open anyway. */
static void guess_shares(struct lagrange *g)
{
	const struct model *m = g->m;
	for (size_t j = 0; j < m->sites; j++)
		for (size_t t = 0; t < m->years; t++) {
			size_t lines = 0, fixed = m->flows;
			for (size_t k = 0; k < m->flows; k++) {
				const struct line *line = model_line(m, j, k);
				lines += line->levels > 0;
				if (line->is_fixed && line->start != LEVEL_NONE)
					fixed = k;
			}
			for (size_t k = 0; k < m->flows; k++) {
				double whole = m->site_cost[j * m->years + t];
				double *share = &g->share[lagrange_index(m, j, k, t)];
				if (fixed < m->flows)
					*share = k == fixed ? whole : 0;
				else
					*share = has_line(m, j, k) ? whole / (double)lines : 0;
			}
		}
}

static bool share_moves(const struct model *m, size_t j)
{
	size_t lines = 0;
	for (size_t k = 0; k < m->flows; k++) {
		const struct line *line = model_line(m, j, k);
		if (line->is_fixed && line->start != LEVEL_NONE)
			return false;
		lines += line->levels > 0;
	}
	return lines > 1;
}

void lagrange_init(struct lagrange *g, struct arena *a, const struct model *m, size_t threads,
	const double *price, double margin)
{
	size_t prices = m->flows * m->years * m->points, lines = m->sites * m->flows * m->years;
	*g = (struct lagrange){
		.m = m,
		.threads = threads,
		.lanes = arena_array(a, struct lanes, m->flows),
		.ceiling = arena_array(a, double, prices),
		.mask = arena_array(a, level_mask, lines),
		.has_number = m->max_platforms >= 0 || m->min_platforms > 0,
		.price = arena_array(a, double, prices),
		.share = arena_array(a, double, lines),
		.lack = arena_array(a, double, prices),
		.line_way = arena_array(a, double, lines),
		.mean_line = arena_array(a, double, lines),
		.step = 1,
		.worth = arena_array(a, double, m->levels * m->years),
		.level = arena_array(a, int, lines),
		.line_value = arena_array(a, double, m->sites * m->flows),
		.nothing_value = arena_array(a, double, m->sites * m->flows),
		.flow_value = arena_array(a, double, m->flows),
		.served = arena_array(a, double, prices),
		.trial = arena_array(a, double, prices),
		.trial_share = arena_array(a, double, lines),
		.items = arena_array(a, struct item *, threads),
		.cost = arena_array(a, double *, threads),
		.line_mask = arena_array(a, level_mask *, threads),
		.choice_level = arena_array(a, int *, threads),
		.path_from = arena_array(a, int8_t *, threads),
		.by_gain = arena_array(a, uint32_t, m->sites),
		.tonnes_price = arena_array(a, double, m->flows),
		.value = -INFINITY,
	};
	for (size_t n = 0; n < threads; n++) {
		g->items[n] = arena_array(a, struct item, m->points);
		g->cost[n] = arena_array(a, double, m->sites *MODEL_LEVELS_MAX);
		g->line_mask[n] = arena_array(a, level_mask, m->sites);
		g->choice_level[n] = arena_array(a, int, m->sites);
		g->path_from[n] = arena_array(a, int8_t, m->years * STATES);
	}
	for (size_t j = 0; j < m->sites; j++)
		for (size_t k = 0; k < m->flows; k++) {
			const struct line *line = model_line(m, j, k);
			level_mask all =
				line->is_fixed ? MASK_OF(line->start) : MASK_OF(line->levels) - 1;
			for (size_t t = 0; t < m->years; t++)
				g->mask[lagrange_index(m, j, k, t)] = all;
		}
	if (price) {
		memcpy(g->price, price, prices * sizeof *price);
		lagrange_narrow(g, a, margin);
	} else {
		for (size_t n = 0; n < prices; n++)
			g->ceiling[n] = INFINITY;
		keep_lanes(g, a);
		guess_prices(g);
	}
	guess_shares(g);
	if (m->years > 1 || g->has_number)
		return;
	g->choices = arena_array(a, struct choice, m->flows);
	for (size_t k = 0; k < m->flows; k++)
		choice_init(&g->choices[k], a, m, k, 0);
}

void lagrange_narrow(struct lagrange *g, struct arena *a, double margin)
{
	const struct model *m = g->m;
	for (size_t n = 0; n < m->flows * m->years * m->points; n++)
		g->ceiling[n] = g->price[n] + margin * fabs(g->price[n]) + 1e-9;
	keep_lanes(g, a);
}

static double gather(struct lagrange *g, size_t j, size_t k, size_t t, struct item *items,
	size_t *count, double *weight)
{
	const struct model *m = g->m;
	const struct lanes *l = &g->lanes[k];
	const double *w = model_tonnes(m, k, t), *price = prices_of(m, g->at, k, t);
	double rate = m->rate[k * m->years + t], gate = m->gate[(j * m->flows + k) * m->years + t];
	double gain = 0, total = 0;
	size_t n = 0;
	for (size_t e = l->first[j]; e < l->first[j + 1]; e++) {
		uint32_t i = l->point[e];
		double r = price[i] - (rate * l->haul[e] + gate);
		items[n] = (struct item){.ratio = r, .weight = w[i], .id = i};
		bool is_in = r > 0 && w[i] > 0;
		n += is_in;
		gain += is_in ? r * w[i] : 0;
		total += is_in ? w[i] : 0;
	}
	*count = n;
	*weight = total;
	return gain;
}

static bool is_closed(const struct lagrange *g, size_t j, size_t k, size_t t)
{
	return !(g->mask[lagrange_index(g->m, j, k, t)] & ~MASK_OF(LEVEL_NONE));
}

/* V of all levels of a line: each is a selection within that of the level above. */
static void value_block(void *context, size_t job, size_t thread)
{
	struct lagrange *g = context;
	const struct model *m = g->m;
	size_t blocks = (m->sites + SITE_BLOCK - 1) / SITE_BLOCK;
	size_t kt = job / blocks, k = kt / m->years, t = kt % m->years;
	size_t begin = job % blocks * SITE_BLOCK;
	for (size_t j = begin; j < m->sites && j < begin + SITE_BLOCK; j++) {
		if (!has_line(m, j, k) || is_closed(g, j, k, t))
			continue;
		const struct line *line = model_line(m, j, k);
		struct item *items = g->items[thread];
		size_t count;
		double weight, last, gain = gather(g, j, k, t, items, &count, &weight);
		for (int l = line->levels; l-- > 0;) {
			size_t level = line->first + (size_t)l;
			if (weight > m->capacity[level]) {
				size_t taken;
				gain = knapsack_continuous(
					items, count, m->capacity[level], &taken, &last);
				count = taken;
				weight = m->capacity[level];
				/* The last one may be cut: below, it counts whole again. */
				if (last < 1)
					weight += items[taken - 1].weight * (1 - last);
			}
			g->worth[level * m->years + t] = -gain;
		}
	}
}

static double level_cost(const struct lagrange *g, size_t j, size_t k, size_t t, int l)
{
	const struct model *m = g->m;
	size_t level = (model_line(m, j, k)->first + (size_t)l) * m->years + t;
	return m->discount[t] *
	       (g->worth[level] + m->running[level] + g->at_share[lagrange_index(m, j, k, t)]);
}

static void one_year(struct lagrange *g, size_t k, double *cost, level_mask *mask)
{
	const struct model *m = g->m;
	for (size_t j = 0; j < m->sites; j++) {
		const struct line *line = model_line(m, j, k);
		mask[j] = g->mask[lagrange_index(m, j, k, 0)];
		double nothing =
			m->discount[0] * model_change_cost(m, line, line->start, LEVEL_NONE, 0);
		/* Costs are relative to having nothing, which may itself cost a closure. */
		for (int l = 0; l < line->levels; l++)
			cost[j * MODEL_LEVELS_MAX + (size_t)l] =
				is_closed(g, j, k, 0)
					? INFINITY
					: level_cost(g, j, k, 0, l) - nothing +
						  m->discount[0] * model_change_cost(m, line,
									   line->start, l, 0);
	}
}

static double closures(const struct lagrange *g, size_t k)
{
	const struct model *m = g->m;
	double sum = 0;
	for (size_t j = 0; j < m->sites; j++) {
		const struct line *line = model_line(m, j, k);
		sum += m->discount[0] * model_change_cost(m, line, line->start, LEVEL_NONE, 0);
	}
	return sum;
}

/* The cheapest path of a line over the years; returns its cost. */
static double path_of(struct lagrange *g, size_t j, size_t k, int8_t (*from)[STATES])
{
	const struct model *m = g->m;
	const struct line *line = model_line(m, j, k);
	double cost[STATES] = {0}, next[STATES];
	int states = line->levels + 1;
	for (int s = 0; s < states; s++)
		cost[s] = s - 1 == line->start ? 0 : INFINITY;
	for (size_t t = 0; t < m->years; t++) {
		level_mask mask = g->mask[lagrange_index(m, j, k, t)];
		for (int s = 0; s < states; s++) {
			next[s] = INFINITY;
			from[t][s] = 0;
			if (!(mask & MASK_OF(s - 1)))
				continue;
			double here = s ? level_cost(g, j, k, t, s - 1) : 0;
			for (int b = 0; b < states; b++) {
				if (isinf(cost[b]))
					continue;
				double v = cost[b] + here +
					   m->discount[t] *
						   model_change_cost(m, line, b - 1, s - 1, t);
				if (v < next[s]) {
					next[s] = v;
					from[t][s] = (int8_t)b;
				}
			}
		}
		memcpy(cost, next, sizeof cost);
	}
	int best = 0;
	for (int s = 1; s < states; s++)
		if (cost[s] < cost[best])
			best = s;
	double value = cost[best];
	for (size_t t = m->years; t-- > 0; best = from[t][best])
		g->level[lagrange_index(m, j, k, t)] = best - 1;
	return value;
}

static void choose_flow(void *context, size_t k, size_t thread)
{
	struct lagrange *g = context;
	const struct model *m = g->m;
	double sum = 0;
	for (size_t t = 0; t < m->years; t++) {
		const double *w = model_tonnes(m, k, t), *price = prices_of(m, g->at, k, t);
		double year = 0;
		for (size_t i = 0; i < m->points; i++)
			year += w[i] * price[i];
		sum += m->discount[t] * year;
	}
	g->tonnes_price[k] = sum;
	if (g->choices) {
		int *level = g->choice_level[thread];
		one_year(g, k, g->cost[thread], g->line_mask[thread]);
		g->flow_value[k] = closures(g, k) + choice_solve(&g->choices[k], g->cost[thread],
							    g->line_mask[thread], level);
		for (size_t j = 0; j < m->sites; j++)
			g->level[lagrange_index(m, j, k, 0)] = level[j];
		return;
	}
	g->flow_value[k] = 0;
	for (size_t j = 0; j < m->sites; j++) {
		double v = path_of(g, j, k, (int8_t(*)[STATES])g->path_from[thread]);
		const struct line *line = model_line(m, j, k);
		g->nothing_value[j * m->flows + k] =
			m->discount[0] * model_change_cost(m, line, line->start, LEVEL_NONE, 0);
		g->line_value[j * m->flows + k] = v;
		g->flow_value[k] += v;
	}
}

/* What site j saves by its lines that are not fixed; a platform only if it can have one. */
static double platform_gain(const struct lagrange *g, size_t j, bool *is_candidate)
{
	const struct model *m = g->m;
	double gain = 0;
	*is_candidate = false;
	for (size_t k = 0; k < m->flows; k++) {
		const struct line *line = model_line(m, j, k);
		if (line->is_fixed || !line->levels)
			continue;
		*is_candidate = true;
		gain += g->line_value[j * m->flows + k] - g->nothing_value[j * m->flows + k];
	}
	return gain;
}

static void empty_platform(struct lagrange *g, size_t j)
{
	const struct model *m = g->m;
	for (size_t k = 0; k < m->flows; k++)
		for (size_t t = 0; t < m->years && !model_line(m, j, k)->is_fixed; t++)
			g->level[lagrange_index(m, j, k, t)] = LEVEL_NONE;
}

/* Of the sites with lines that are not fixed, only the best so many count; the others close what
 * they have. Returns the correction of the bound. */
static double choose_platforms(struct lagrange *g)
{
	const struct model *m = g->m;
	size_t count = 0;
	double correction = 0;
	double *gain = g->cost[0];
	for (size_t j = 0; j < m->sites; j++) {
		bool is_candidate;
		gain[j] = platform_gain(g, j, &is_candidate);
		if (!is_candidate)
			continue;
		size_t n = count++;
		for (; n && gain[g->by_gain[n - 1]] > gain[j]; n--)
			g->by_gain[n] = g->by_gain[n - 1];
		g->by_gain[n] = (uint32_t)j;
	}
	size_t most = m->max_platforms >= 0 ? (size_t)m->max_platforms : count;
	for (size_t n = most; n < count; n++) {
		correction -= gain[g->by_gain[n]];
		empty_platform(g, g->by_gain[n]);
	}
	return correction;
}

static void serve(void *context, size_t kt, size_t thread)
{
	struct lagrange *g = context;
	const struct model *m = g->m;
	size_t k = kt / m->years, t = kt % m->years;
	double *served = g->served + kt * m->points;
	struct item *items = g->items[thread];
	memset(served, 0, m->points * sizeof *served);
	for (size_t j = 0; j < m->sites; j++) {
		int l = g->level[lagrange_index(m, j, k, t)];
		if (l == LEVEL_NONE)
			continue;
		double u = m->capacity[model_line(m, j, k)->first + (size_t)l];
		size_t count, taken;
		double weight, last = 1;
		(void)gather(g, j, k, t, items, &count, &weight);
		taken = count;
		if (weight > u)
			(void)knapsack_continuous(items, count, u, &taken, &last);
		for (size_t n = 0; n < taken; n++)
			served[items[n].id] += n + 1 < taken ? 1 : last;
	}
}

static double evaluate(struct lagrange *g, const double *price, const double *share)
{
	const struct model *m = g->m;
	g->at = price;
	g->at_share = share;
	size_t blocks = (m->sites + SITE_BLOCK - 1) / SITE_BLOCK;
	team_run(g->threads, m->flows * m->years * blocks, value_block, g);
	team_run(g->threads, m->flows, choose_flow, g);
	double value = 0;
	for (size_t k = 0; k < m->flows; k++)
		value += g->tonnes_price[k] + g->flow_value[k];
	if (g->has_number)
		value += choose_platforms(g);
	team_run(g->threads, m->flows * m->years, serve, g);
	g->evaluations++;
	return g->last_value = value;
}

double lagrange_refresh(struct lagrange *g)
{
	return g->value = evaluate(g, g->price, g->share);
}

static double line_step(const struct lagrange *g, size_t j, size_t t)
{
	/* A share moves, relative to its site's cost, about as fast as a price to the mean price.
	 */
	return g->mean_price > 0 ? g->m->site_cost[j * g->m->years + t] / g->mean_price : 0;
}

static double mean_of_site(const struct lagrange *g, size_t j, size_t t)
{
	const struct model *m = g->m;
	double sum = 0;
	size_t lines = 0;
	for (size_t k = 0; k < m->flows; k++)
		if (has_line(m, j, k)) {
			sum += g->line_way[lagrange_index(m, j, k, t)];
			lines++;
		}
	return sum / (double)lines;
}

/* Along the average, and back onto { phi >= 0, sum_k phi = F }. */
static void move_shares(struct lagrange *g, double step)
{
	const struct model *m = g->m;
	for (size_t j = 0; j < m->sites; j++) {
		if (!share_moves(m, j))
			continue;
		for (size_t t = 0; t < m->years; t++) {
			double mean = mean_of_site(g, j, t), sum = 0;
			double whole = m->site_cost[j * m->years + t];
			for (size_t k = 0; k < m->flows; k++) {
				size_t n = lagrange_index(m, j, k, t);
				if (!has_line(m, j, k))
					continue;
				double p = g->trial_share[n] +
					   step * line_step(g, j, t) * (g->line_way[n] - mean);
				g->trial_share[n] = p > 0 ? p : 0;
				sum += g->trial_share[n];
			}
			for (size_t k = 0; k < m->flows && sum > 0; k++)
				g->trial_share[lagrange_index(m, j, k, t)] *= whole / sum;
		}
	}
}

static double share_norm(const struct lagrange *g)
{
	const struct model *m = g->m;
	double norm = 0;
	for (size_t j = 0; j < m->sites; j++) {
		if (!share_moves(m, j))
			continue;
		for (size_t t = 0; t < m->years; t++) {
			double mean = mean_of_site(g, j, t);
			for (size_t k = 0; k < m->flows; k++) {
				double v = g->line_way[lagrange_index(m, j, k, t)] - mean;
				if (has_line(m, j, k))
					norm += m->discount[t] * line_step(g, j, t) * v * v;
			}
		}
	}
	return norm;
}

static double lack_norm(const struct lagrange *g)
{
	const struct model *m = g->m;
	double norm = 0;
	for (size_t k = 0; k < m->flows; k++)
		for (size_t t = 0; t < m->years; t++) {
			const double *w = model_tonnes(m, k, t);
			const double *lack = prices_of(m, g->lack, k, t);
			double year = 0;
			for (size_t i = 0; i < m->points; i++)
				year += w[i] * lack[i] * lack[i];
			norm += m->discount[t] * year;
		}
	return norm;
}

/* Deflection: the last direction is added, against the part of it that the new subgradient runs
 * into (Camerini, Fratta, Maffioli 1975); none of it at the first step. */
static void deflect(struct lagrange *g, bool is_first)
{
	const struct model *m = g->m;
	double along = 0, square = 0;
	for (size_t k = 0; k < m->flows && !is_first; k++)
		for (size_t t = 0; t < m->years; t++) {
			const double *w = model_tonnes(m, k, t);
			size_t at = (k * m->years + t) * m->points;
			double a = 0, s = 0;
			for (size_t i = 0; i < m->points; i++) {
				double v = g->lack[at + i];
				a += w[i] * (1 - g->served[at + i]) * v;
				s += w[i] * v * v;
			}
			along += m->discount[t] * a;
			square += m->discount[t] * s;
		}
	double kept = along < 0 && square > 0 ? -DEFLECT * along / square : 0;
	for (size_t n = 0; n < m->flows * m->years * m->points; n++)
		g->lack[n] = 1 - g->served[n] + kept * g->lack[n];
	for (size_t n = 0; n < m->sites * m->flows * m->years; n++) {
		double is_open = g->level[n] != LEVEL_NONE ? 1 : 0;
		g->line_way[n] = is_open + kept * g->line_way[n];
		g->mean_line[n] +=
			(is_first && g->evaluations < 3 ? 1 : RECENT) * (is_open - g->mean_line[n]);
	}
}

static double mean_price(const struct lagrange *g)
{
	const struct model *m = g->m;
	double cost = 0, tonnes = 0;
	for (size_t kt = 0; kt < m->flows * m->years; kt++)
		for (size_t i = 0; i < m->points; i++) {
			double w = m->tonnes[kt * m->points + i];
			cost += w * fabs(g->price[kt * m->points + i]);
			tonnes += w;
		}
	return tonnes > 0 ? cost / tonnes : 0;
}

void lagrange_ascend(struct lagrange *g, int evaluations, double target, double cutoff,
	bool (*is_over)(void *context), void *context)
{
	const struct model *m = g->m;
	size_t prices = m->flows * m->years * m->points;
	size_t lines = m->sites * m->flows * m->years;
	int failures = 0;
	double current = lagrange_refresh(g);
	deflect(g, true);
	g->mean_price = mean_price(g);
	memcpy(g->trial, g->price, prices * sizeof *g->trial);
	memcpy(g->trial_share, g->share, lines * sizeof *g->share);
	for (int n = 1; n <= evaluations && g->value < cutoff && !is_over(context); n++) {
		double room = target - current, least = 1e-4 * fabs(target);
		double norm = lack_norm(g) + share_norm(g);
		if (norm <= 0)
			break;
		double step = g->step * (room > least ? room : least) / norm;
		for (size_t i = 0; i < prices; i++) {
			double v = g->trial[i] + step * g->lack[i];
			g->trial[i] = v < g->ceiling[i] ? v : g->ceiling[i];
		}
		move_shares(g, step);
		current = evaluate(g, g->trial, g->trial_share);
		deflect(g, false);
		if (current > g->value) {
			if (current > g->value + 1e-5 * fabs(current))
				failures = 0;
			g->value = current;
			memcpy(g->price, g->trial, prices * sizeof *g->trial);
			memcpy(g->share, g->trial_share, lines * sizeof *g->share);
		} else if (++failures == FAILURES) {
			failures = 0;
			g->step *= SHORTER;
			if (g->step < STEP_MIN)
				g->step = STEP_AGAIN;
			memcpy(g->trial, g->price, prices * sizeof *g->trial);
			memcpy(g->trial_share, g->share, lines * sizeof *g->share);
			current = g->value;
		}
	}
	lagrange_refresh(g);
}

static size_t fix_path(struct lagrange *g, size_t j, size_t k, double room, double (*ahead)[STATES])
{
	const struct model *m = g->m;
	const struct line *line = model_line(m, j, k);
	int states = line->levels + 1;
	size_t fixed = 0;
	/* ahead[t][s]: cheapest from year t on, in state s in year t (its own cost left out). */
	for (size_t t = m->years; t-- > 0;)
		for (int s = 0; s < states; s++) {
			ahead[t][s] = t + 1 < m->years ? INFINITY : 0;
			for (int b = 0; b < states && t + 1 < m->years; b++) {
				if (!(g->mask[lagrange_index(m, j, k, t + 1)] & MASK_OF(b - 1)))
					continue;
				double v = ahead[t + 1][b] +
					   (b ? level_cost(g, j, k, t + 1, b - 1) : 0) +
					   m->discount[t + 1] *
						   model_change_cost(m, line, s - 1, b - 1, t + 1);
				ahead[t][s] = v < ahead[t][s] ? v : ahead[t][s];
			}
		}
	double reach[STATES], next[STATES];
	for (int s = 0; s < states; s++)
		reach[s] = s - 1 == line->start ? 0 : INFINITY;
	double most = g->line_value[j * m->flows + k] + room;
	for (size_t t = 0; t < m->years; t++) {
		level_mask *mask = &g->mask[lagrange_index(m, j, k, t)], kept = *mask;
		for (int s = 0; s < states; s++) {
			next[s] = INFINITY;
			if (!(*mask & MASK_OF(s - 1)))
				continue;
			double here = s ? level_cost(g, j, k, t, s - 1) : 0;
			for (int b = 0; b < states; b++) {
				double v = reach[b] + here +
					   m->discount[t] *
						   model_change_cost(m, line, b - 1, s - 1, t);
				next[s] = v < next[s] ? v : next[s];
			}
			if (next[s] + ahead[t][s] >= most)
				kept &= ~MASK_OF(s - 1);
		}
		memcpy(reach, next, sizeof reach);
		if (kept && kept != *mask) {
			fixed += (size_t)__builtin_popcount(*mask ^ kept);
			*mask = kept;
		}
	}
	return fixed;
}

size_t lagrange_fix(struct lagrange *g, double cutoff)
{
	const struct model *m = g->m;
	double room = cutoff - g->last_value;
	size_t fixed = 0;
	if (g->has_number || isinf(room))
		return 0;
	for (size_t k = 0; k < m->flows && g->choices; k++) {
		double *cost = g->cost[0];
		level_mask *mask = g->line_mask[0];
		one_year(g, k, cost, mask);
		size_t n = choice_fix(
			&g->choices[k], cost, mask, g->flow_value[k] - closures(g, k) + room);
		for (size_t j = 0; n && j < m->sites; j++)
			g->mask[lagrange_index(m, j, k, 0)] = mask[j];
		fixed += n;
	}
	if (g->choices)
		return fixed;
	struct arena *scratch = arena_new();
	double(*ahead)[STATES] = arena_calloc(scratch, m->years, sizeof *ahead);
	for (size_t j = 0; j < m->sites; j++)
		for (size_t k = 0; k < m->flows; k++)
			if (!model_line(m, j, k)->is_fixed && has_line(m, j, k))
				fixed += fix_path(g, j, k, room, ahead);
	arena_free(scratch);
	return fixed;
}

double lagrange_pressed(const struct lagrange *g)
{
	const struct model *m = g->m;
	double pressed = 0, total = 0;
	for (size_t n = 0; n < m->flows * m->years * m->points; n++) {
		total += m->tonnes[n];
		pressed += g->price[n] >= g->ceiling[n] ? m->tonnes[n] : 0;
	}
	return total > 0 ? pressed / total : 0;
}
