#include "generate.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

struct town {
	double lat, lon;
	double people;
};

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

static const struct treatment {
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
		    CLOSING = 0.2, LOOSE_CAPACITY = 1000, LOOSE_COST = 0.0112, ROAD_FACTOR = 1.3,
		    ACCESS_KM = 2, MEMORY_MAX = 4.0 * (1 << 30);

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

static struct town draw_place(uint64_t *state)
{
	for (;;) {
		struct town p = {.lat = draw_in(state, 42.5, 51), .lon = draw_in(state, -4.6, 8.1)};
		if (is_inside(p.lat, p.lon))
			return p;
	}
}

static int by_falling_people(const void *a, const void *b)
{
	const struct town *x = a, *y = b;
	if (x->people != y->people)
		return x->people > y->people ? -1 : 1;
	return x->lat < y->lat ? -1 : x->lat > y->lat;
}

/* Points, the largest first. */
static void draw_points(struct town *points, size_t count, uint64_t *state)
{
	struct town centre[CLUSTERS];
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

static void draw_sites(struct town *sites, size_t count, const struct town *points,
	size_t point_count, uint64_t *state)
{
	size_t largest = point_count < LARGEST ? point_count : LARGEST;
	for (size_t j = 0; j < count; j++) {
		double u = draw(state);
		size_t i = draw(state) < 0.8 ? (size_t)(u * u * (double)largest)
					     : (size_t)(u * (double)point_count);
		sites[j] = points[i];
	}
}

/* Haulage is so much per t km: a vehicle at 1 EUR per km, out and back. The access road at either
 * end is the same whatever the destination. */
static const struct flow *make_flows(struct arena *a, size_t years)
{
	double *growth = arena_array(a, double, years);
	for (size_t t = 0; t < years; t++)
		growth[t] = pow(1 + GROWTH, (double)t);
	struct flow *flow = arena_array(a, struct flow, GENERATE_FLOWS);
	for (size_t k = 0; k < GENERATE_FLOWS; k++)
		flow[k] = (struct flow){.id = arena_printf(a, "flux-%zu", k + 1),
			.payload_t = 2 / FLOWS[k].eur_per_t_km,
			.handling_eur_t = ACCESS_KM * FLOWS[k].eur_per_t_km,
			.growth = growth};
	return flow;
}

/* A line costs so much a year and, with several years, one year's cost to build. */
static struct line_type make_line_type(struct arena *a, const struct generate_size *size, size_t k,
	const char *site, double price_level)
{
	struct level *level = arena_array(a, struct level, GENERATE_LEVELS);
	double fixed = size->is_tight ? 1 : LOOSE_COST;
	for (size_t l = 0; l < GENERATE_LEVELS; l++) {
		double yearly = FLOWS[k].middle_cost * price_level * fixed *
				pow(FLOWS[k].capacity[l] / FLOWS[k].capacity[1], SCALE);
		level[l] = (struct level){
			.capacity_t = FLOWS[k].capacity[l] * (size->is_tight ? 1 : LOOSE_CAPACITY),
			.upkeep_eur = yearly,
			.capex_eur = size->years > 1 ? yearly : 0};
	}
	return (struct line_type){.id = arena_printf(a, "%s-flux-%zu", site, k + 1),
		.life_years = (double)size->years,
		.closing_share = CLOSING,
		.levels = GENERATE_LEVELS,
		.level = level};
}

static void make_sites(struct arena *a, const struct generate_size *size, const struct town *towns,
	struct network *net, uint64_t *state)
{
	struct line_type *type = arena_array(a, struct line_type, size->sites * GENERATE_FLOWS);
	struct site *site = arena_array(a, struct site, size->sites);
	for (size_t j = 0; j < size->sites; j++) {
		double price_level = draw_in(state, 0.85, 1.15);
		struct site_line *line = arena_array(a, struct site_line, GENERATE_FLOWS);
		const char *id = arena_printf(a, "s%zu", j + 1);
		for (size_t k = 0; k < GENERATE_FLOWS; k++) {
			size_t at = j * GENERATE_FLOWS + k;
			type[at] = make_line_type(a, size, k, id, price_level);
			line[k] = (struct site_line){.is_offered = true, .type = at};
		}
		site[j] = (struct site){.id = id,
			.max_t = INFINITY,
			.name = id,
			.kind = SITE_CANDIDATE,
			.at = distance_place(towns[j].lat, towns[j].lon),
			.site_eur = SITE_COST * price_level * (size->is_tight ? 1 : LOOSE_COST),
			.lines = line};
	}
	net->line_types = size->sites * GENERATE_FLOWS;
	net->line_type = type;
	net->site = site;
}

static void make_points(
	struct arena *a, const struct town *towns, struct network *net, uint64_t *state)
{
	struct point *point = arena_array(a, struct point, net->points);
	double *tonnes = arena_array(a, double, net->flows * net->years * net->points);
	for (size_t i = 0; i < net->points; i++)
		point[i] = (struct point){.id = arena_printf(a, "p%zu", i + 1),
			.at = distance_place(towns[i].lat, towns[i].lon)};
	for (size_t k = 0; k < net->flows; k++)
		for (size_t i = 0; i < net->points; i++) {
			double w = FLOWS[k].kg / 1000 * draw_in(state, 0.8, 1.2) * towns[i].people;
			for (size_t t = 0; t < net->years; t++)
				tonnes[(k * net->years + t) * net->points + i] =
					w * net->flow[k].growth[t];
		}
	net->point = point;
	net->tonnes = tonnes;
}

bool generate_france(
	struct arena *a, const struct generate_size *size, struct network *net, struct err *e)
{
	size_t points = size->points, sites = size->sites, years = size->years;
	if (!points || !sites || !years)
		return err_set(e, ERR_INVALID, "il faut au moins un point, un site et une année");
	double need =
		8.0 * (double)points * ((double)sites + 2.0 * GENERATE_FLOWS * (double)years) +
		100.0 * (double)sites * GENERATE_FLOWS * GENERATE_LEVELS * (double)years;
	if (need > MEMORY_MAX)
		return err_set(e, ERR_TOO_LARGE,
			"%zu points × %zu sites × %zu années demanderaient environ %.1f Gio "
			"(limite %.0f)",
			points, sites, years, need / (1 << 30), MEMORY_MAX / (1 << 30));
	static const struct distance_band everywhere = {INFINITY, ROAD_FACTOR};
	static const char *const country[] = {"france"};
	uint64_t state = size->seed;
	struct town *towns = arena_array(a, struct town, points);
	struct town *places = arena_array(a, struct town, sites);
	draw_points(towns, points, &state);
	draw_sites(places, sites, towns, points, &state);
	*net = (struct network){
		.name = arena_printf(a, "France de synthèse, %s, graine %" PRIu64,
			size->is_tight ? "capacités serrées" : "capacités larges", size->seed),
		.first_year = 2027,
		.years = years,
		.flows = GENERATE_FLOWS,
		.regions = 1,
		.points = points,
		.sites = sites,
		.discount_rate = DISCOUNT,
		.max_platforms = -1,
		.budget_eur = INFINITY,
		.max_co2_t = INFINITY,
		.haulage = {.eur_km = 1, .speed_km_h = 60, .bands = 1, .band = &everywhere},
		.region = country,
		.flow = make_flows(a, years),
	};
	make_points(a, towns, net, &state);
	make_sites(a, size, places, net, &state);
	return true;
}
