#include "lrpfile.h"

#include "scan.h"

enum { STOPS_MAX = 5000, SITES_MAX = 1000 };

static const double MOST = 1e12;

static const char *const *make_names(struct arena *a, const struct vrp *v)
{
	const char **names = arena_array(a, const char *, v->places);
	for (size_t i = 0; i < v->places; i++)
		names[i] = i < v->depots ? arena_printf(a, "d%zu", i + 1)
					 : arena_printf(a, "%zu", i - v->depots + 1);
	return names;
}

static const double *make_km(struct arena *a, const struct vrp *v, bool is_whole)
{
	double *km = arena_array(a, double, v->places * v->places);
	for (size_t i = 0; i < v->places; i++)
		for (size_t j = 0; j < v->places; j++) {
			double d = hypot(v->x[i] - v->x[j], v->y[i] - v->y[j]);
			km[i * v->places + j] = is_whole ? ceil(100 * d) : d;
		}
	return km;
}

/* No windows: open at 0, never closed; every stop must be visited. */
static void make_plain(struct arena *a, struct vrp *v)
{
	double *close = arena_array(a, double, v->places),
	       *penalty = arena_array(a, double, v->places);
	for (size_t i = 0; i < v->places; i++)
		close[i] = penalty[i] = INFINITY;
	v->open = v->service = v->release = arena_array(a, double, v->places);
	v->needs = arena_array(a, uint32_t, v->places);
	v->close = close;
	v->penalty = penalty;
}

/* Whole costs make a whole sum. */
static double grain_of(const struct vrp *v, double round_cost, bool is_whole)
{
	bool is_grained = is_whole && round_cost == floor(round_cost);
	for (size_t d = 0; d < v->depots; d++)
		is_grained &= v->sites[d].fixed == floor(v->sites[d].fixed);
	return is_grained ? 1 : 0;
}

bool lrpfile_read(struct arena *a, const char *data, size_t len, struct vrp *v, struct err *e)
{
	struct scan s = scan_begin(data, len, e);
	size_t stops = scan_count(&s, 1, STOPS_MAX, "le nombre d’arrêts"),
	       depots = scan_count(&s, 1, SITES_MAX, "le nombre de sites");
	if (s.is_wrong)
		return false;
	*v = (struct vrp){.places = depots + stops,
		.depots = depots,
		.types = depots,
		.dims = 1,
		.least_per_km = 1};
	double *x = arena_array(a, double, v->places), *y = arena_array(a, double, v->places),
	       *load = arena_array(a, double, v->places);
	struct hub *sites = arena_array(a, struct hub, depots);
	struct vehicle *vehicles = arena_array(a, struct vehicle, depots);
	for (size_t i = 0; i < v->places; i++) {
		x[i] = scan_number(&s, -MOST, MOST, "une coordonnée");
		y[i] = scan_number(&s, -MOST, MOST, "une coordonnée");
	}
	double capacity = scan_number(&s, 0, MOST, "la capacité d’un véhicule");
	for (size_t d = 0; d < depots; d++)
		sites[d].room = scan_number(&s, 0, MOST, "la capacité d’un site");
	for (size_t i = depots; i < v->places; i++)
		load[i] = scan_number(&s, 0, MOST, "une charge");
	for (size_t d = 0; d < depots; d++)
		sites[d].fixed = scan_number(&s, 0, MOST, "le coût d’un site");
	double round_cost = scan_number(&s, 0, MOST, "le coût d’une tournée");
	size_t kind = scan_count(&s, 0, 1, "le genre des coûts");
	if (!s.is_wrong && !scan_is_done(&s))
		scan_wrong(&s, "il y a des mots après la fin");
	if (s.is_wrong)
		return false;
	for (size_t d = 0; d < depots; d++)
		vehicles[d] = (struct vehicle){.count = VRP_UNLIMITED,
			.depot = (uint32_t)d,
			.capacity = {capacity},
			.fixed = round_cost,
			.per_km = 1,
			.close = INFINITY,
			.trips = 1};
	v->x = x;
	v->y = y;
	v->load = load;
	v->sites = sites;
	v->vehicles = vehicles;
	v->names = make_names(a, v);
	v->km = v->km_back = v->hours = make_km(a, v, kind == 0);
	v->grain = grain_of(v, round_cost, kind == 0);
	make_plain(a, v);
	return true;
}
