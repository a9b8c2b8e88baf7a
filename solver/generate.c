#include "generate.h"

#include <math.h>
#include <stdlib.h>

static const double OUTLINE[][2] = {
	{51, 2.4},
	{48.4, -4.6},
	{47.2, -2.2},
	{43.4, -1.6},
	{42.5, 3.0},
	{43.3, 5.3},
	{43.8, 7.4},
	{46.2, 6.1},
	{47.6, 7.5},
	{49, 8.1},
	{49.6, 6.0},
};

static const struct flow {
	double kg, eur_per_t_km;
	double capacity[GENERATE_LEVELS]; /* t per year */
	double middle_cost;               /* EUR per year */
} FLOWS[GENERATE_FLOWS] = {
	{8, 0.12, {5000, 15000, 40000}, 0.9e6},
	{2.9, 0.20, {4000, 10000, 25000}, 1.6e6},
	{1.3, 0.18, {2000, 6000, 15000}, 1.1e6},
	{4.5, 0.15, {4000, 12000, 35000}, 1.5e6},
	{0.08, 0.5, {300, 800, 2000}, 0.35e6},
	{0.5, 0.2, {500, 2000, 6000}, 0.6e6},
};

enum { CLUSTERS = 400, LARGEST = 4000 };

static const double PEOPLE = 66e6, SITE_COST = 0.25e6, SCALE = 0.65, DISCOUNT = 0.04, GROWTH = 0.03,
		    CLOSING = 0.2, LOOSE_CAPACITY = 1000, LOOSE_COST = 0.0112,
		    MEMORY_MAX = 4.0 * (1 << 30);

/* splitmix64 (Steele, Lea, Flood 2014) */
static double draw(uint64_t *state)
{
	uint64_t z = *state += 0x9E3779B97F4A7C15u;
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return (double)((z ^ (z >> 31)) >> 11) / 9007199254740992.0;
}

static double draw_in(uint64_t *state, double low, double high)
{
	return low + (high - low) * draw(state);
}

static double draw_normal(uint64_t *state)
{
	double u = 1 - draw(state), v = draw(state);
	return sqrt(-2 * log(u)) * cos(2 * M_PI * v);
}

static bool is_inside(double lat, double lon)
{
	size_t n = sizeof OUTLINE / sizeof *OUTLINE;
	bool inside = false;
	for (size_t i = 0, j = n - 1; i < n; j = i++) {
		const double *a = OUTLINE[i], *b = OUTLINE[j];
		if ((a[0] > lat) != (b[0] > lat) &&
			lon < (b[1] - a[1]) * (lat - a[0]) / (b[0] - a[0]) + a[1])
			inside = !inside;
	}
	return inside;
}

static struct place draw_place(uint64_t *state)
{
	for (;;) {
		struct place p = {
			.lat = draw_in(state, 42.5, 51), .lon = draw_in(state, -4.6, 8.1)};
		if (is_inside(p.lat, p.lon))
			return p;
	}
}

static double distance_km(const struct place *a, const struct place *b)
{
	const double degree = M_PI / 180, radius = 6371;
	double x = sin((a->lat - b->lat) * degree / 2), y = sin((a->lon - b->lon) * degree / 2);
	double h = x * x + cos(a->lat * degree) * cos(b->lat * degree) * y * y;
	return 1.3 * 2 * radius * asin(sqrt(h < 1 ? h : 1)) + 2;
}

static int by_falling_people(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	if (x->people != y->people)
		return x->people > y->people ? -1 : 1;
	return x->lat < y->lat ? -1 : x->lat > y->lat;
}

/* Points, the largest first. */
static void draw_points(struct place *points, size_t count, uint64_t *state)
{
	struct place centre[CLUSTERS];
	double upto[CLUSTERS], spread[CLUSTERS], weight = 0;
	for (size_t c = 0; c < CLUSTERS; c++) {
		centre[c] = draw_place(state);
		spread[c] = draw_in(state, 0.12, 0.37);
		weight += pow((double)(c + 1), -0.6);
		upto[c] = weight;
	}
	for (size_t i = 0; i < count; i++) {
		if (draw(state) >= 0.6) {
			points[i] = draw_place(state);
			points[i].people = draw(state);
			continue;
		}
		double u = draw(state) * weight;
		size_t c = 0;
		while (c + 1 < CLUSTERS && upto[c] < u)
			c++;
		do {
			points[i].lat = centre[c].lat + spread[c] * draw_normal(state) / 2;
			points[i].lon = centre[c].lon + spread[c] * draw_normal(state) / 2;
		} while (!is_inside(points[i].lat, points[i].lon));
		/* For the moment a key: denser places are larger. */
		points[i].people = draw(state) * (1 + 4 * pow((double)(c + 1), -0.6));
	}
	qsort(points, count, sizeof *points, by_falling_people);
	double total = 0;
	for (size_t i = 0; i < count; i++)
		total += pow((double)(i + 3), -0.95);
	for (size_t i = 0; i < count; i++)
		points[i].people = PEOPLE * pow((double)(i + 3), -0.95) / total;
}

static void draw_sites(struct place *sites, size_t count, const struct place *points,
	size_t point_count, uint64_t *state)
{
	size_t largest = point_count < LARGEST ? point_count : LARGEST;
	for (size_t j = 0; j < count; j++) {
		double u = draw(state);
		size_t i = draw(state) < 0.8 ? (size_t)(u * u * (double)largest)
					     : (size_t)(u * (double)point_count);
		sites[j] = points[i];
		sites[j].people = 0;
	}
}

bool generate_france(
	struct arena *a, const struct generate_size *size, struct france *out, struct err *e)
{
	size_t points = size->points, sites = size->sites, years = size->years;
	if (!points || !sites || !years)
		return err_set(e, ERR_INVALID, "il faut au moins un point, un site et une année");
	double need =
		8.0 * (double)points * ((double)sites + 2.0 * GENERATE_FLOWS * (double)years) +
		100.0 * (double)sites * GENERATE_FLOWS * GENERATE_LEVELS * (double)years;
	if (need > MEMORY_MAX)
		return err_set(e, ERR_INVALID,
			"%zu points x %zu sites x %zu années demanderaient environ %.1f Gio "
			"(limite %.0f)",
			points, sites, years, need / (1 << 30), MEMORY_MAX / (1 << 30));
	uint64_t state = size->seed;
	struct place *towns = arena_array(a, struct place, points);
	struct place *places = arena_array(a, struct place, sites);
	draw_points(towns, points, &state);
	draw_sites(places, sites, towns, points, &state);

	double *haul = arena_array(a, double, sites *points);
	for (size_t j = 0; j < sites; j++)
		for (size_t i = 0; i < points; i++)
			haul[j * points + i] = distance_km(&places[j], &towns[i]);
	const double **hauls = arena_array(a, const double *, GENERATE_FLOWS);
	double *tonnes = arena_array(a, double, GENERATE_FLOWS *years *points);
	double *rate = arena_array(a, double, GENERATE_FLOWS *years);
	for (size_t k = 0; k < GENERATE_FLOWS; k++) {
		hauls[k] = haul;
		for (size_t i = 0; i < points; i++) {
			double w = FLOWS[k].kg / 1000 * draw_in(&state, 0.8, 1.2) * towns[i].people;
			for (size_t t = 0; t < years; t++)
				tonnes[(k * years + t) * points + i] =
					w * pow(1 + GROWTH, (double)t);
		}
		for (size_t t = 0; t < years; t++)
			rate[k * years + t] = FLOWS[k].eur_per_t_km;
	}

	double room = size->is_tight ? 1 : LOOSE_CAPACITY, fixed = size->is_tight ? 1 : LOOSE_COST;
	size_t levels = sites * GENERATE_FLOWS * GENERATE_LEVELS;
	struct line *lines = arena_array(a, struct line, sites * GENERATE_FLOWS);
	double *capacity = arena_array(a, double, levels);
	double *running = arena_array(a, double, levels *years);
	double *build = arena_array(a, double, levels *years);
	double *closing = arena_array(a, double, levels *years);
	double *site_cost = arena_array(a, double, sites *years);
	double *discount = arena_array(a, double, years);
	for (size_t t = 0; t < years; t++)
		discount[t] = pow(1 + DISCOUNT, -(double)t);
	for (size_t j = 0; j < sites; j++) {
		double z = draw_in(&state, 0.85, 1.15);
		for (size_t t = 0; t < years; t++)
			site_cost[j * years + t] = SITE_COST * z * fixed;
		for (size_t k = 0; k < GENERATE_FLOWS; k++) {
			size_t first = (j * GENERATE_FLOWS + k) * GENERATE_LEVELS;
			lines[j * GENERATE_FLOWS + k] = (struct line){
				.levels = GENERATE_LEVELS, .start = LEVEL_NONE, .first = first};
			for (size_t l = 0; l < GENERATE_LEVELS; l++) {
				capacity[first + l] = FLOWS[k].capacity[l] * room;
				double yearly =
					FLOWS[k].middle_cost * z * fixed *
					pow(FLOWS[k].capacity[l] / FLOWS[k].capacity[1], SCALE);
				for (size_t t = 0; t < years; t++) {
					running[(first + l) * years + t] = yearly;
					build[(first + l) * years + t] = years > 1 ? yearly : 0;
					closing[(first + l) * years + t] = CLOSING * yearly;
				}
			}
		}
	}
	out->points = towns;
	out->sites = places;
	out->model = (struct model){
		.points = points,
		.sites = sites,
		.flows = GENERATE_FLOWS,
		.years = years,
		.max_platforms = -1,
		.discount = discount,
		.tonnes = tonnes,
		.haul = hauls,
		.rate = rate,
		.gate = arena_array(a, double, sites *GENERATE_FLOWS *years),
		.site_cost = site_cost,
		.lines = lines,
		.levels = levels,
		.capacity = capacity,
		.running = running,
		.build = build,
		.close = closing,
	};
	return true;
}
