#include "separate.h"

#include "team.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { UNITS_MAX = 4, ADDED = 8, CLASSES_MAX = 64 };

static const size_t EVERYWHERE = SIZE_MAX; /* in place of the centre of a disc */

static const double UNIT_RATIO = 0.6, /* from one unit to the next smaller one, at most */
	DISC_STEP = 0.05,             /* discs are looked at as they grow by this part of a unit */
	DISC_UNITS = 12,              /* larger discs round little */
	LEAST = 1e-4,                 /* parts of a point below that are noise */
	STEP_AGAIN = 0.01;            /* of the ascent, when there is something new */

/* An inequality that the averages violate. */
struct violation {
	size_t centre, points; /* S: so many points nearest to the centre, or all */
	double unit, second, merit;
};

/* Tonnes of a point that go to a site. */
struct entry {
	uint32_t site;
	double tonnes;
};

/* Averages over the years of one flow. */
struct means {
	const struct model *m;
	size_t k;
	double *tonnes;               /* [point] */
	double *left;                 /* [point] tonnes that no priced line takes */
	size_t *first;                /* [point + 1] its entries */
	struct entry *entries;        /* tonnes that sites take */
	double total;                 /* tonnes */
	double capacity[CLASSES_MAX]; /* sizes of levels */
	size_t classes;
	double *open;      /* [site][class] y; a fixed line has none */
	double *inside;    /* [site] tonnes of S that go there */
	uint32_t *reached; /* sites with some */
	size_t reached_count;
	double *key;     /* [point] */
	uint32_t *order; /* [point] */
	struct violation best[ADDED];
	size_t count;
};

/* The class of a capacity; too many and it joins one that is larger, which counts for more. */
static size_t class_of(struct means *f, double capacity)
{
	size_t best = CLASSES_MAX;
	for (size_t c = 0; c < f->classes; c++)
		if (f->capacity[c] >= capacity &&
			(best == CLASSES_MAX || f->capacity[c] < f->capacity[best]))
			best = c;
	if (best < CLASSES_MAX && (f->capacity[best] == capacity || f->classes == CLASSES_MAX))
		return best;
	if (f->classes < CLASSES_MAX) {
		f->capacity[f->classes] = capacity;
		return f->classes++;
	}
	f->capacity[0] = fmax(f->capacity[0], capacity);
	return 0;
}

static void find_means(struct means *f, struct arena *a, const struct relax *r, size_t k)
{
	const struct model *m = r->m;
	*f = (struct means){
		.m = m,
		.k = k,
		.tonnes = arena_array(a, double, m->points),
		.left = arena_array(a, double, m->points),
		.first = arena_array(a, size_t, m->points + 1),
		.reached = arena_array(a, uint32_t, m->sites),
		.inside = arena_array(a, double, m->sites),
		.key = arena_array(a, double, m->points),
		.order = arena_array(a, uint32_t, m->points),
	};
	double part = r->mean_scale / (double)m->years;
	for (size_t t = 0; t < m->years; t++)
		for (size_t i = 0; i < m->points; i++)
			f->tonnes[i] += model_tonnes(m, k, t)[i] / (double)m->years;
	memcpy(f->left, f->tonnes, m->points * sizeof *f->left);
	const float *mean = r->flow_mean + k * m->sites * m->points;
	size_t count = 0;
	for (size_t n = 0; n < m->sites * m->points; n++)
		count += mean[n] > 0;
	f->entries = arena_array(a, struct entry, count);
	count = 0;
	for (size_t i = 0; i < m->points; i++) {
		f->total += f->tonnes[i];
		for (size_t j = 0; j < m->sites; j++) {
			double w = f->tonnes[i] * part * (double)mean[j * m->points + i];
			if (w <= LEAST * f->tonnes[i])
				continue;
			f->entries[count++] = (struct entry){(uint32_t)j, w};
			f->left[i] -= w;
		}
		f->first[i + 1] = count;
	}
	for (size_t j = 0; j < m->sites; j++)
		for (int l = 0; l < model_line(m, j, k)->levels && !model_line(m, j, k)->is_fixed;
			l++)
			(void)class_of(f, m->capacity[model_line(m, j, k)->first + (size_t)l]);
	f->open = arena_array(a, double, m->sites * f->classes);
	for (size_t j = 0; j < m->sites; j++) {
		const struct line *line = model_line(m, j, k);
		for (int l = 0; l < line->levels && !line->is_fixed; l++) {
			size_t level = line->first + (size_t)l;
			f->open[j * f->classes + class_of(f, m->capacity[level])] +=
				part * (double)r->level_mean[level];
		}
	}
}

/* The points in order of distance from the centre. */
static void sort_around(struct means *f, size_t centre)
{
	const struct model *m = f->m;
	memcpy(f->key, m->haul[f->k] + centre * m->points, m->points * sizeof *f->key);
	for (size_t i = 0; i < m->points; i++)
		f->order[i] = (uint32_t)i;
	/* Shell sort: a comparison needs the context. */
	for (size_t gap = m->points / 2; gap; gap = gap == 2 ? 1 : gap * 5 / 11)
		for (size_t n = gap; n < m->points; n++) {
			uint32_t id = f->order[n];
			size_t at = n;
			for (; at >= gap && f->key[f->order[at - gap]] > f->key[id]; at -= gap)
				f->order[at] = f->order[at - gap];
			f->order[at] = id;
		}
}

/* What every class counts for. */
static void count_classes(const struct means *f, const struct stair *stair, double a[CLASSES_MAX])
{
	for (size_t c = 0; c < f->classes; c++)
		a[c] = stair_at(stair, f->capacity[c]);
}

/* What the lines of a site count for, rounded; a fixed one for the tonnes it takes. */
static double rounded(const struct means *f, size_t j, const double a[CLASSES_MAX])
{
	const struct line *line = model_line(f->m, j, f->k);
	if (line->is_fixed || !line->levels)
		return f->inside[j];
	double sum = 0;
	for (size_t c = 0; c < f->classes; c++)
		sum += a[c] * f->open[j * f->classes + c];
	return sum;
}

static void empty_disc(struct means *f)
{
	memset(f->inside, 0, f->m->sites * sizeof *f->inside);
	f->reached_count = 0;
}

static void add_point(struct means *f, size_t i)
{
	for (size_t n = f->first[i]; n < f->first[i + 1]; n++) {
		const struct entry *e = &f->entries[n];
		if (f->inside[e->site] <= 0)
			f->reached[f->reached_count++] = e->site;
		f->inside[e->site] += e->tonnes;
	}
}

/* The disc around a site, points in order, whose inequality is violated most. */
static void scan_disc(
	struct means *f, size_t centre, double unit, double second, struct violation *worst)
{
	const struct model *m = f->m;
	double volume = 0, left = 0, before = 0, a[CLASSES_MAX];
	empty_disc(f);
	for (size_t n = 0; n < m->points && volume < DISC_UNITS * unit; n++) {
		size_t i = f->order[n];
		volume += f->tonnes[i];
		left += fmax(0, f->left[i]);
		add_point(f, i);
		bool is_cut = n + 1 == m->points || f->key[f->order[n + 1]] > f->key[i];
		if (!is_cut || volume <= unit || volume < before + DISC_STEP * unit)
			continue;
		before = volume;
		struct stair stair = stair_of(volume, unit, second);
		double amount = stair.need - left;
		count_classes(f, &stair, a);
		for (size_t c = 0; c < f->reached_count && amount > 0; c++) {
			size_t j = f->reached[c];
			amount -= fmin(rounded(f, j, a), f->inside[j]);
		}
		if (amount > 0 && amount * amount / volume > worst->merit)
			*worst = (struct violation){
				centre, n + 1, unit, second, amount * amount / volume};
	}
}

static void rank(struct means *f, const struct violation *v)
{
	if (v->merit <= 0 || (f->count == ADDED && f->best[ADDED - 1].merit >= v->merit))
		return;
	size_t n = f->count < ADDED ? f->count++ : ADDED - 1;
	for (; n && f->best[n - 1].merit < v->merit; n--)
		f->best[n] = f->best[n - 1];
	f->best[n] = *v;
}

/* The inequality on all points and sites, before those of discs: there are few. */
static void scan_all(struct means *f, double unit, double second)
{
	const struct model *m = f->m;
	double a[CLASSES_MAX], left = 0;
	struct stair stair = stair_of(f->total, unit, second);
	count_classes(f, &stair, a);
	empty_disc(f);
	for (size_t i = 0; i < m->points; i++) {
		left += f->left[i]; /* what some lack others have too much of: noise */
		add_point(f, i);
	}
	double amount = stair.need - fmax(0, left);
	for (size_t j = 0; j < m->sites; j++)
		amount -= rounded(f, j, a);
	if (amount > 0)
		rank(f, &(struct violation){EVERYWHERE, m->points, unit, second, amount});
}

static void scan_flow(void *context, size_t k, size_t thread)
{
	struct means *f = &((struct means *)context)[k];
	const struct model *m = f->m;
	double units[UNITS_MAX];
	size_t count = 0;
	(void)thread;
	for (double limit = INFINITY; count < UNITS_MAX; limit = UNIT_RATIO * units[count++]) {
		units[count] = relax_unit(m, k, limit);
		if (units[count] <= 0)
			break;
	}
	for (size_t n = 0; n < count; n++)
		for (size_t s = n; s < count && f->total > units[n]; s++)
			scan_all(f, units[n], s > n ? units[s] : 0);
	for (size_t j = 0; j < m->sites && count; j++) {
		if (!model_line(m, j, k)->levels || model_line(m, j, k)->is_fixed)
			continue;
		struct violation worst = {0};
		sort_around(f, j);
		for (size_t n = 0; n < count; n++)
			for (size_t s = n; s < count && f->total > units[n]; s++)
				scan_disc(f, j, units[n], s > n ? units[s] : 0, &worst);
		rank(f, &worst);
	}
}

static void add_all(struct relax *r, struct arena *a, size_t k, const struct violation *v)
{
	bool *near = arena_array(a, bool, r->m->sites);
	struct rounding all = {.flow = k,
		.unit = v->unit,
		.second = v->second,
		.centre = ROUNDING_EVERYWHERE,
		.is_near = near};
	memset(near, 1, r->m->sites * sizeof *near);
	for (size_t n = 0; n < r->cut_count; n++)
		if (cut_is(&r->cuts[n], &all))
			return; /* its price will come */
	(void)relax_add_cut(r, a, &all);
}

static void add_violated(struct relax *r, struct arena *a, struct means *f, size_t n)
{
	if (f->best[n].centre == EVERYWHERE) {
		add_all(r, a, f->k, &f->best[n]);
		return;
	}
	const struct model *m = r->m;
	const struct violation *v = &f->best[n];
	bool *near = arena_array(a, bool, m->sites);
	double volume = 0, counts[CLASSES_MAX];
	sort_around(f, v->centre);
	empty_disc(f);
	for (size_t p = 0; p < v->points; p++) {
		volume += f->tonnes[f->order[p]];
		add_point(f, f->order[p]);
	}
	struct stair stair = stair_of(volume, v->unit, v->second);
	count_classes(f, &stair, counts);
	for (size_t j = 0; j < m->sites; j++)
		near[j] = rounded(f, j, counts) < f->inside[j];
	(void)relax_add_cut(r, a,
		&(struct rounding){.flow = f->k,
			.unit = v->unit,
			.second = v->second,
			.centre = (int)v->centre,
			.radius = f->key[f->order[v->points - 1]],
			.is_near = near});
}

size_t separate_discs(struct relax *r, struct arena *a)
{
	const struct model *m = r->m;
	size_t before = r->cut_count;
	if (!r->flow_mean)
		return 0;
	struct arena *scratch = arena_new();
	struct means *flows = arena_array(scratch, struct means, m->flows);
	for (size_t k = 0; k < m->flows; k++)
		find_means(&flows[k], scratch, r, k);
	team_run(r->threads, m->flows, scan_flow, flows);
	for (size_t k = 0; k < m->flows; k++)
		for (size_t n = 0; n < flows[k].count; n++)
			add_violated(r, a, &flows[k], n);
	arena_free(scratch);
	if (r->cut_count > before)
		r->step = fmax(r->step, STEP_AGAIN);
	return r->cut_count - before;
}
