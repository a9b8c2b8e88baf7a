#include "zones.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LANDMARKS = 8, SAMPLE = 64 };

struct cell {
	size_t begin, end; /* of the points in order */
	double load;       /* tonnes times spread of the widest coordinate */
	int axis;
};

struct tree {
	const struct zones *z;
	uint32_t *order; /* [point] */
	double *place;   /* [point][LANDMARKS] */
	struct cell *cells;
	size_t count;
};

static double bounded(double v)
{
	return v < 1e12 ? v : 1e12;
}

/* Sites far from each other, seen from a sample of points. */
static void choose_landmarks(const struct model *m, size_t *landmark)
{
	landmark[0] = 0;
	for (size_t n = 1; n < LANDMARKS; n++) {
		double best = -1;
		landmark[n] = landmark[n - 1];
		for (size_t j = 0; j < m->sites; j++) {
			double nearest = INFINITY;
			for (size_t b = 0; b < n; b++) {
				double apart = 0;
				for (size_t s = 0; s < SAMPLE; s++) {
					size_t i = s * m->points / SAMPLE;
					double d = bounded(m->haul[0][j * m->points + i]) -
						   bounded(m->haul[0][landmark[b] * m->points + i]);
					apart += fabs(d);
				}
				nearest = apart < nearest ? apart : nearest;
			}
			if (nearest > best) {
				best = nearest;
				landmark[n] = j;
			}
		}
	}
}

static void measure(const struct tree *tree, struct cell *c)
{
	double mean[LANDMARKS] = {0}, square[LANDMARKS] = {0}, total = 0;
	for (size_t n = c->begin; n < c->end; n++) {
		uint32_t i = tree->order[n];
		double w = tree->z->weight[i] + 1e-12;
		total += w;
		for (int d = 0; d < LANDMARKS; d++) {
			double x = tree->place[i * LANDMARKS + (size_t)d];
			mean[d] += w * x;
			square[d] += w * x * x;
		}
	}
	double widest = -1;
	for (int d = 0; d < LANDMARKS; d++) {
		double variance = square[d] / total - mean[d] / total * mean[d] / total;
		if (variance > widest) {
			widest = variance;
			c->axis = d;
		}
	}
	c->load = c->end - c->begin > 1 && widest > 0 ? total * sqrt(widest) : 0;
}

/* Puts the points below the weighted mean of the widest coordinate first; returns where to cut. */
static size_t cut(const struct tree *tree, const struct cell *c)
{
	double sum = 0, total = 0;
	for (size_t n = c->begin; n < c->end; n++) {
		uint32_t i = tree->order[n];
		double w = tree->z->weight[i] + 1e-12;
		sum += w * tree->place[i * LANDMARKS + (size_t)c->axis];
		total += w;
	}
	double mean = sum / total;
	size_t middle = c->begin;
	for (size_t n = c->begin; n < c->end; n++) {
		uint32_t i = tree->order[n];
		if (tree->place[i * LANDMARKS + (size_t)c->axis] < mean) {
			tree->order[n] = tree->order[middle];
			tree->order[middle++] = i;
		}
	}
	return middle;
}

static void sift(struct tree *tree, size_t n)
{
	struct cell c = tree->cells[n];
	for (size_t child; (child = 2 * n + 1) < tree->count; n = child) {
		if (child + 1 < tree->count &&
			tree->cells[child + 1].load > tree->cells[child].load)
			child++;
		if (tree->cells[child].load <= c.load)
			break;
		tree->cells[n] = tree->cells[child];
	}
	tree->cells[n] = c;
}

static void lift(struct tree *tree, size_t n)
{
	struct cell c = tree->cells[n];
	for (; n && tree->cells[(n - 1) / 2].load < c.load; n = (n - 1) / 2)
		tree->cells[n] = tree->cells[(n - 1) / 2];
	tree->cells[n] = c;
}

static int by_begin(const void *a, const void *b)
{
	const struct cell *x = a, *y = b;
	return x->begin < y->begin ? -1 : x->begin > y->begin;
}

static size_t partition(struct zones *z, const struct model *m, size_t count)
{
	struct arena *scratch = arena_new();
	size_t landmark[LANDMARKS];
	choose_landmarks(m, landmark);
	struct tree tree = {.z = z,
		.order = arena_array(scratch, uint32_t, m->points),
		.place = arena_array(scratch, double, m->points *LANDMARKS),
		.cells = arena_array(scratch, struct cell, count + 1),
		.count = 1};
	for (size_t i = 0; i < m->points; i++) {
		tree.order[i] = (uint32_t)i;
		for (size_t d = 0; d < LANDMARKS; d++)
			tree.place[i * LANDMARKS + d] =
				bounded(m->haul[0][landmark[d] * m->points + i]);
	}
	tree.cells[0] = (struct cell){.end = m->points};
	measure(&tree, &tree.cells[0]);
	/* A heap of cells, the heaviest on top. */
	while (tree.count < count && tree.cells[0].load > 0) {
		struct cell whole = tree.cells[0];
		size_t middle = cut(&tree, &whole);
		if (middle == whole.begin || middle == whole.end) {
			tree.cells[0].load = 0;
			sift(&tree, 0);
			continue;
		}
		struct cell left = {.begin = whole.begin, .end = middle};
		struct cell right = {.begin = middle, .end = whole.end};
		measure(&tree, &left);
		measure(&tree, &right);
		tree.cells[0] = left;
		sift(&tree, 0);
		tree.cells[tree.count] = right;
		lift(&tree, tree.count++);
	}
	/* Zones in the order of the tree: neighbours have near numbers. */
	qsort(tree.cells, tree.count, sizeof *tree.cells, by_begin);
	for (size_t c = 0; c < tree.count; c++)
		for (size_t n = tree.cells[c].begin; n < tree.cells[c].end; n++)
			z->zone_of[tree.order[n]] = (uint32_t)c;
	memcpy(z->order, tree.order, m->points * sizeof *z->order);
	size_t zones = tree.count;
	arena_free(scratch);
	return zones;
}

/* Mean haulage of a zone; infinite where most of its tonnes have no lane. */
static double *mean_haul(
	struct arena *a, const struct zones *z, const struct model *m, size_t k, size_t zones)
{
	double *haul = arena_array(a, double, m->sites *zones);
	double *weight = arena_array(a, double, zones), *whole = arena_array(a, double, zones);
	for (size_t i = 0; i < m->points; i++)
		whole[z->zone_of[i]] += z->weight[i] + 1e-12;
	for (size_t j = 0; j < m->sites; j++) {
		memset(weight, 0, zones * sizeof *weight);
		double *to = haul + j * zones;
		for (size_t i = 0; i < m->points; i++) {
			double h = m->haul[k][j * m->points + i];
			if (isinf(h))
				continue;
			double w = z->weight[i] + 1e-12;
			to[z->zone_of[i]] += w * h;
			weight[z->zone_of[i]] += w;
		}
		for (size_t n = 0; n < zones; n++)
			to[n] = weight[n] > 0.5 * whole[n] ? to[n] / weight[n] : INFINITY;
	}
	return haul;
}

/* Means of rows of yearly figures over the years of each stage, by discount. */
static const double *mean_years(struct arena *a, const struct zones *z, const struct model *m,
	const double *from, size_t rows)
{
	size_t years = m->years, stages = z->model.years;
	double *to = arena_array(a, double, rows *stages);
	for (size_t n = 0; n < rows; n++)
		for (size_t t = 0; t < years; t++)
			to[n * stages + z->stage_of[t]] += from[n * years + t] * z->part[t];
	return to;
}

/* What is paid once, in the first year of a stage, spread over it. */
static const double *first_years(struct arena *a, const struct zones *z, const struct model *m,
	const double *from, size_t rows)
{
	size_t years = m->years, stages = z->model.years;
	double *to = arena_array(a, double, rows *stages);
	for (size_t t = years; t-- > 0;)
		for (size_t n = 0; n < rows; n++)
			to[n * stages + z->stage_of[t]] = from[n * years + t] * z->part[t];
	return to;
}

static void join_years(struct zones *z, struct arena *a, const struct model *m, size_t stages)
{
	size_t years = m->years, lines = m->sites * m->flows;
	double *discount = arena_array(a, double, stages);
	z->model.years = stages;
	for (size_t t = 0; t < years; t++) {
		z->stage_of[t] = t * stages / years;
		discount[z->stage_of[t]] += m->discount[t];
	}
	for (size_t t = 0; t < years; t++) {
		double whole = discount[z->stage_of[t]];
		z->part[t] = whole > 0 ? m->discount[t] / whole : 0;
	}
	z->model.discount = discount;
	z->model.rate = mean_years(a, z, m, m->rate, m->flows);
	z->model.gate = mean_years(a, z, m, m->gate, lines);
	z->model.site_cost = mean_years(a, z, m, m->site_cost, m->sites);
	z->model.running = mean_years(a, z, m, m->running, m->levels);
	z->model.build = first_years(a, z, m, m->build, m->levels);
	z->model.close = first_years(a, z, m, m->close, m->levels);
}

void zones_init(
	struct zones *z, struct arena *a, const struct model *m, size_t count, size_t stages)
{
	z->zone_of = arena_array(a, uint32_t, m->points);
	z->stage_of = arena_array(a, size_t, m->years);
	z->part = arena_array(a, double, m->years);
	z->order = arena_array(a, uint32_t, m->points);
	z->weight = arena_array(a, double, m->points);
	for (size_t kt = 0; kt < m->flows * m->years; kt++)
		for (size_t i = 0; i < m->points; i++)
			z->weight[i] += m->tonnes[kt * m->points + i];
	size_t zones = partition(z, m, count);
	z->model = *m;
	z->model.names = NULL;
	join_years(z, a, m, stages < m->years ? stages : m->years);
	z->model.points = zones;
	double *tonnes = arena_array(a, double, m->flows * z->model.years * zones);
	for (size_t k = 0; k < m->flows; k++)
		for (size_t t = 0; t < m->years; t++) {
			double *row = tonnes + (k * z->model.years + z->stage_of[t]) * zones;
			for (size_t i = 0; i < m->points; i++)
				row[z->zone_of[i]] += model_tonnes(m, k, t)[i] * z->part[t];
		}
	z->model.tonnes = tonnes;
	const double **haul = arena_array(a, const double *, m->flows);
	for (size_t k = 0; k < m->flows; k++) {
		for (size_t other = 0; other < k; other++)
			if (m->haul[other] == m->haul[k])
				haul[k] = haul[other];
		if (!haul[k])
			haul[k] = mean_haul(a, z, m, k, zones);
	}
	z->model.haul = haul;
}

struct zones zones_join(
	struct arena *a, const struct zones *lower, const struct zones *upper, size_t points)
{
	struct zones z = *upper;
	z.zone_of = arena_array(a, uint32_t, points);
	for (size_t i = 0; i < points; i++)
		z.zone_of[i] = upper->zone_of[lower->zone_of[i]];
	z.order = lower->order;
	z.weight = lower->weight;
	return z;
}

static const double *sort_rows(
	struct arena *a, const double *from, size_t rows, size_t points, const uint32_t *order)
{
	double *to = arena_array(a, double, rows *points);
	for (size_t n = 0; n < rows; n++)
		for (size_t i = 0; i < points; i++)
			to[n * points + i] = from[n * points + order[i]];
	return to;
}

struct model zones_sort(struct arena *a, const struct model *m, const uint32_t *order)
{
	struct model sorted = *m;
	sorted.tonnes = sort_rows(a, m->tonnes, m->flows * m->years, m->points, order);
	const double **haul = arena_array(a, const double *, m->flows);
	for (size_t k = 0; k < m->flows; k++) {
		for (size_t other = 0; other < k; other++)
			if (m->haul[other] == m->haul[k])
				haul[k] = haul[other];
		if (!haul[k])
			haul[k] = sort_rows(a, m->haul[k], m->sites, m->points, order);
	}
	sorted.haul = haul;
	return sorted;
}
