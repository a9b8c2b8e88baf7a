#include "offers.h"

#include "team.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Weight of the last solution in the averages of lanes. */
static const double MEAN_WEIGHT = 0.05;
/* Rounding is on the safe side. */
static const double WAKE_EARLY = 1 - 1e-6;
enum { REFRESH = 2 };

/* Lines that an evaluation prices. */
static bool is_priced(const struct model *m, const struct line *line)
{
	return line->levels && !(line->is_fixed && line->start == LEVEL_NONE) &&
	       !relax_is_outlet(m, line);
}

static size_t line_at(const struct model *m, size_t j, size_t k)
{
	return (j * m->flows + k) * m->years;
}

/* The nth inequality of a flow. */
static const struct cut *cut_of(const struct relax *r, size_t k, size_t n)
{
	return &r->cuts[r->cuts_of[k * RELAX_CUTS_MAX + n]];
}

/* What a level of a near line does for an inequality in year t. */
static double counts_for(const struct relax *r, const struct cut *c, size_t level, size_t t)
{
	return c->counts[t * r->sizes.count + r->sizes.of_level[level]];
}

/* What the inequalities grant a line, kept with the heap; null where there is nothing. */
static const double *line_credit(struct relax *r, struct heap *heap, size_t j, size_t k)
{
	const struct model *m = r->m;
	const struct line *line = model_line(m, j, k);
	double *credit = NULL;
	for (size_t n = 0; n < r->cuts_in[k]; n++) {
		const struct cut *c = cut_of(r, k, n);
		if (!cut_is_near(c, j, line))
			continue;
		if (!credit) {
			credit = heap->credit + k * m->years * MODEL_LEVELS_MAX;
			memset(credit, 0, m->years * MODEL_LEVELS_MAX * sizeof *credit);
		}
		for (size_t t = 0; t < m->years; t++)
			for (int l = 0; l < line->levels && c->trial[t] > 0; l++)
				credit[t * MODEL_LEVELS_MAX + (size_t)l] +=
					c->trial[t] * counts_for(r, c, line->first + (size_t)l, t);
	}
	return credit;
}

/* The prices of points that a line meets: the rows of its flow, or its own where it is near discs:
 * there it does not earn what they add for others. */
static struct prices line_prices(struct relax *r, struct heap *heap, size_t j, size_t k)
{
	const struct model *m = r->m;
	const struct line *line = model_line(m, j, k);
	size_t at = k * m->years * m->points, top = k * m->years * r->lanes.blocks;
	const double *row = line->is_fixed ? r->far + at : r->near + at;
	struct prices p = {
		.point = row, .most = line->is_fixed ? r->far_most + top : r->near_most + top};
	for (size_t n = 0; n < r->cuts_in[k]; n++) {
		const struct cut *c = cut_of(r, k, n);
		if (c->is_everywhere || !cut_is_near(c, j, line))
			continue; /* those everywhere are left out of r->near */
		for (size_t t = 0; t < m->years; t++) {
			if (c->trial[t] <= 0)
				continue;
			if (p.point == row) {
				memcpy(heap->rows, row, m->years * m->points * sizeof *row);
				p.point = heap->rows;
			}
			double *own = heap->rows + t * m->points;
			for (size_t i = 0; i < c->count; i++)
				own[c->points[i]] -= c->trial[t];
		}
	}
	return p;
}

/* Shares of the site's cost in proportion to what each line earns, or alike when none does. */
static void share_site(struct relax *r, size_t j, const double *gain, double sum)
{
	const struct model *m = r->m;
	for (size_t k = 0; k < m->flows; k++)
		for (size_t t = 0; t < m->years; t++)
			r->trial_share[line_at(m, j, k) + t] =
				m->site_cost[j * m->years + t] *
				(sum > 0 ? gain[k] / sum : 1 / (double)m->flows);
}

/* A fixed line pays for its site, which is open anyway. */
static void give_share(struct relax *r, size_t j, size_t payer)
{
	const struct model *m = r->m;
	for (size_t k = 0; k < m->flows; k++)
		for (size_t t = 0; t < m->years; t++)
			r->trial_share[line_at(m, j, k) + t] =
				k == payer ? m->site_cost[j * m->years + t] : 0;
}

/* Whether prices have not risen enough, since the line was last priced, to make it pay. */
static bool is_asleep(const struct relax *r, size_t j, size_t k)
{
	return r->drift[k] < r->asleep_until[j * r->m->flows + k];
}

/* A line that is so far from paying sleeps: it earns no more than its capacity times what prices
 * rise. */
static void send_to_sleep(struct relax *r, size_t j, size_t k, double lacking)
{
	const struct model *m = r->m;
	const struct line *line = model_line(m, j, k);
	double most = m->capacity[line->first + (size_t)line->levels - 1];
	r->asleep_until[j * m->flows + k] =
		r->drift[k] + WAKE_EARLY * lacking / fmax(1e-9, fmin(most, r->largest[k]));
}

/* What a line saves without a part of the site's cost; fixed ones are left for later. */
static double first_gain(struct relax *r, struct heap *heap, size_t j, size_t k)
{
	const struct model *m = r->m;
	struct pricing *p = &heap->pricing;
	if (is_asleep(r, j, k))
		return 0;
	struct prices at = line_prices(r, heap, j, k);
	at.credit = line_credit(r, heap, j, k);
	at.is_rough = r->evaluations > RELAX_FIRST && (r->evaluations + j) % REFRESH;
	pricing_line(p, j, k, &at);
	if (p->total < p->idle)
		return p->idle - p->total;
	if (model_line(m, j, k)->start == LEVEL_NONE)
		send_to_sleep(r, j, k, p->total - p->idle);
	return 0;
}

/* The best path of a line that bears its share. */
static void second_path(struct relax *r, struct heap *heap, size_t j, size_t k, bool is_priced_yet)
{
	const struct model *m = r->m;
	struct pricing *p = &heap->pricing;
	struct prices at = {.is_rough = true};
	if (is_priced_yet) {
		/* Rows are only needed where the estimates say that it pays. */
		at.credit = line_credit(r, heap, j, k);
		at.share = r->trial_share + line_at(m, j, k);
		pricing_path(p, j, k, &at);
		if (p->total >= p->idle)
			return;
	}
	at = line_prices(r, heap, j, k);
	at.credit = line_credit(r, heap, j, k);
	at.share = r->trial_share + line_at(m, j, k);
	if (!is_priced_yet)
		pricing_estimate(p, j, k, &at);
	pricing_path(p, j, k, &at);
}

/* What the site's lines save, and their paths. */
static void price_site(struct relax *r, struct heap *heap, size_t j)
{
	const struct model *m = r->m;
	struct pricing *p = &heap->pricing;
	double gain[RELAX_FLOWS_MAX] = {0}, sum = 0;
	size_t payer = m->flows;
	r->site_gain[j] = 0;
	for (size_t k = 0; k < m->flows; k++) {
		const struct line *line = model_line(m, j, k);
		for (size_t t = 0; t < m->years; t++)
			r->path[line_at(m, j, k) + t] = LEVEL_NONE;
		if (line->is_fixed && line->start != LEVEL_NONE)
			payer = k;
		if (is_priced(m, line) && !line->is_fixed)
			gain[k] = first_gain(r, heap, j, k);
		sum += gain[k];
	}
	if (payer < m->flows)
		give_share(r, j, payer);
	else
		share_site(r, j, gain, sum);
	for (size_t k = 0; k < m->flows; k++) {
		const struct line *line = model_line(m, j, k);
		if (!is_priced(m, line) || (!line->is_fixed && gain[k] <= 0)) {
			if (line->levels && !line->is_fixed)
				heap->value += m->discount[0] * model_change_cost(m, line,
									line->start, LEVEL_NONE, 0);
			continue;
		}
		second_path(r, heap, j, k, !line->is_fixed);
		memcpy(r->path + line_at(m, j, k), p->path, m->years * sizeof *p->path);
		if (line->is_fixed) {
			heap->value += p->total;
			continue;
		}
		heap->value += p->idle;
		r->site_gain[j] += fmax(0, p->idle - p->total);
	}
	/* An outlet's site is open as well. */
	for (size_t t = 0; t < m->years && payer < m->flows; t++)
		if (relax_is_outlet(m, model_line(m, j, payer)))
			heap->value += m->discount[t] * m->site_cost[j * m->years + t];
}

static void price_heap(void *context, size_t h, size_t thread)
{
	struct relax *r = context;
	(void)thread; /* scratch memory goes by heap, so that sums do too */
	r->heaps[h].value = 0;
	for (size_t j = h; j < r->m->sites; j += RELAX_HEAPS)
		price_site(r, &r->heaps[h], j);
}

/* Who a path serves, and what that does for the inequalities. */
static void take_line(struct relax *r, struct heap *heap, size_t j, size_t k)
{
	const struct model *m = r->m;
	const struct line *line = model_line(m, j, k);
	struct pricing *p = &heap->pricing;
	const struct prices at = line_prices(r, heap, j, k);
	float *mean = r->flow_mean ? r->flow_mean + (k * m->sites + j) * m->points : NULL;
	for (size_t t = 0; t < m->years; t++) {
		int l = r->path[line_at(m, j, k) + t];
		if (l == LEVEL_NONE)
			continue;
		double *served = heap->served + (k * m->years + t) * m->points, last;
		size_t taken;
		pricing_take(p, j, k, t, l, &at, &taken, &last);
		for (size_t n = 0; n < taken; n++) {
			double x = n + 1 < taken ? 1 : last;
			served[p->items[n].id] += x;
			if (mean)
				mean[p->items[n].id] += (float)(x * MEAN_WEIGHT / r->mean_scale);
		}
		r->level_mean[line->first + (size_t)l] += (float)(MEAN_WEIGHT / r->mean_scale);
		for (size_t n = 0; n < r->cuts_in[k]; n++) {
			const struct cut *c = cut_of(r, k, n);
			double *load = &heap->load[(size_t)(c - r->cuts) * m->years + t];
			if (cut_is_near(c, j, line)) {
				*load += counts_for(r, c, line->first + (size_t)l, t);
				continue;
			}
			for (size_t i = 0; i < taken; i++)
				if (cut_is_inside(c, m, p->items[i].id))
					*load += p->items[i].weight * (i + 1 < taken ? 1 : last);
		}
	}
}

static void serve_heap(void *context, size_t h, size_t thread)
{
	struct relax *r = context;
	const struct model *m = r->m;
	struct heap *heap = &r->heaps[h];
	(void)thread;
	memset(heap->served, 0, relax_prices(m) * sizeof *heap->served);
	memset(heap->load, 0, r->cut_count * m->years * sizeof *heap->load);
	for (size_t j = h; j < m->sites; j += RELAX_HEAPS)
		for (size_t k = 0; k < m->flows; k++) {
			const struct line *line = model_line(m, j, k);
			if (!is_priced(m, line))
				continue;
			if (line->is_fixed || r->is_chosen[j])
				take_line(r, heap, j, k);
			else
				for (size_t t = 0; t < m->years; t++)
					r->path[line_at(m, j, k) + t] = LEVEL_NONE;
		}
}

static int by_falling(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? 1 : x > y ? -1 : 0;
}

/* The sites that count; what they save. Without a limit those that save anything. */
static double choose_sites(struct relax *r)
{
	const struct model *m = r->m;
	double least = 0, sum = 0;
	size_t most = m->max_platforms < 0 ? m->sites : (size_t)m->max_platforms, count = 0;
	if (most < m->sites) {
		struct arena *scratch = arena_new();
		double *gain = arena_array(scratch, double, m->sites);
		memcpy(gain, r->site_gain, m->sites * sizeof *gain);
		qsort(gain, m->sites, sizeof *gain, by_falling);
		least = gain[most];
		arena_free(scratch);
	}
	for (int is_tie = 0; is_tie < 2; is_tie++)
		for (size_t j = 0; j < m->sites; j++) {
			double gain = r->site_gain[j];
			if (is_tie ? gain != least || least <= 0 : gain <= least)
				continue;
			if (count++ < most) {
				r->is_chosen[j] = true;
				sum += gain;
			}
		}
	return sum;
}

void offers_rows(struct relax *r)
{
	const struct model *m = r->m;
	memcpy(r->near, r->trial, relax_prices(m) * sizeof *r->near);
	for (int is_everywhere = 0; is_everywhere < 2; is_everywhere++) {
		double *rows = is_everywhere ? r->far : r->near;
		for (size_t n = 0; n < r->cut_count; n++) {
			const struct cut *c = &r->cuts[n];
			if (c->is_everywhere != (bool)is_everywhere)
				continue;
			for (size_t t = 0; t < m->years; t++) {
				double *row = rows + (c->rounding.flow * m->years + t) * m->points;
				for (size_t i = 0; i < c->count && c->trial[t] > 0; i++)
					row[c->points[i]] += c->trial[t];
			}
		}
		if (!is_everywhere)
			memcpy(r->far, r->near, relax_prices(m) * sizeof *r->far);
	}
}

/* Adds to the drift of each flow how much, at most, a tonne can earn more than last time. */
static void follow_drift(struct relax *r)
{
	const struct model *m = r->m;
	for (size_t kt = 0; kt < m->flows * m->years; kt++) {
		double rise = 0;
		for (size_t c = kt * m->points; c < (kt + 1) * m->points; c++)
			rise = fmax(rise, r->near[c] - r->last_near[c]);
		for (size_t n = 0; n < r->cut_count; n++) {
			struct cut *c = &r->cuts[n];
			size_t t = kt % m->years;
			if (c->rounding.flow == kt / m->years) {
				rise += fabs(c->trial[t] - c->last[t]);
				c->last[t] = c->trial[t];
			}
		}
		r->drift[kt / m->years] += m->discount[kt % m->years] * rise;
	}
	memcpy(r->last_near, r->near, relax_prices(m) * sizeof *r->near);
}

/* Averages of lanes are divided by what has faded, which must not vanish. */
static void rescale_means(struct relax *r)
{
	static const double LEAST_SCALE = 1e-15;
	const struct model *m = r->m;
	if (r->mean_scale >= LEAST_SCALE)
		return;
	for (size_t n = 0; n < m->flows * m->sites * m->points && r->flow_mean; n++)
		r->flow_mean[n] *= (float)r->mean_scale;
	for (size_t n = 0; n < m->levels; n++)
		r->level_mean[n] *= (float)r->mean_scale;
	r->mean_scale = 1;
}

double offers_evaluate(struct relax *r)
{
	const struct model *m = r->m;
	r->evaluations++;
	rescale_means(r);
	r->mean_scale *= 1 - MEAN_WEIGHT; /* so that all averages of lanes fade at once */
	offers_rows(r);
	follow_drift(r);
	lanes_rows(&r->lanes, r->near, m->flows * m->years, r->near_most);
	lanes_rows(&r->lanes, r->far, m->flows * m->years, r->far_most);
	team_run(r->threads, RELAX_HEAPS, price_heap, r);
	memset(r->is_chosen, 0, m->sites * sizeof *r->is_chosen);
	double value = -choose_sites(r);
	team_run(r->threads, RELAX_HEAPS, serve_heap, r);
	for (size_t kt = 0; kt < m->flows * m->years; kt++) {
		const double *w = m->tonnes + kt * m->points, *row = r->trial + kt * m->points;
		double sum = 0;
		for (size_t i = 0; i < m->points; i++)
			if (w[i] > 0)
				sum += w[i] * row[i];
		value += m->discount[kt % m->years] * sum;
	}
	memset(r->served, 0, relax_prices(m) * sizeof *r->served);
	for (size_t h = 0; h < RELAX_HEAPS; h++) {
		value += r->heaps[h].value;
		for (size_t c = 0; c < relax_prices(m); c++)
			r->served[c] += r->heaps[h].served[c];
	}
	for (size_t n = 0; n < r->cut_count; n++)
		for (size_t t = 0; t < m->years; t++) {
			struct cut *c = &r->cuts[n];
			value += m->discount[t] * c->trial[t] * c->stair[t].need;
			c->slack[t] = c->stair[t].need;
			for (size_t h = 0; h < RELAX_HEAPS; h++)
				c->slack[t] -= r->heaps[h].load[n * m->years + t];
		}
	return value;
}
