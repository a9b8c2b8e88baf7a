#include "vrplib.h"

#include "scan.h"
#include "text.h"

#include <string.h>

enum { PLACES_MAX = 10000, VEHICLES_MAX = 100000 };

/* What a file says, before it is a problem: rows of numbers by section, the header's words. */
struct sheet {
	size_t places, vehicles, dimension;
	bool is_windowed, is_mixed, is_released; /* what kind: VRPTW, HFVRP, MTVRPTWR */
	double capacity, service;
	double *x, *y, *demand, *open, *close, *release, *service_of; /* [place] */
	double *vehicle_capacity, *vehicle_fixed, *vehicle_km;        /* [vehicle] */
	bool *may_reload;                                             /* [vehicle] */
	size_t depot;
	bool has_places, has_demand;
};

/* Lines of a rank from 1 and `width` numbers; column c goes to to[c]. */
static bool read_rows(struct arena *a, struct scan *s, size_t count, size_t width,
	double *const *to, double least, const char *what)
{
	bool *is_read = arena_array(a, bool, count);
	for (size_t n = 0; n < count && !s->is_wrong; n++) {
		size_t rank = scan_count(s, 1, (double)count, what);
		if (s->is_wrong)
			return false;
		if (is_read[rank - 1])
			return scan_wrong(s, "le rang %zu paraît deux fois (%s)", rank, what);
		is_read[rank - 1] = true;
		for (size_t c = 0; c < width; c++)
			to[c][rank - 1] = scan_number(s, least, 1e12, what);
	}
	return !s->is_wrong;
}

/* `rank depot depot ...` a line: who may unload on the way. */
static bool read_reloads(struct scan *s, struct sheet *f)
{
	for (size_t n = 0; n < f->vehicles && !s->is_wrong; n++) {
		size_t rank = scan_count(s, 1, (double)f->vehicles, "le rang d’un véhicule");
		scan_count(s, 1, (double)f->places, "un dépôt de déchargement");
		if (!s->is_wrong)
			f->may_reload[rank - 1] = true;
		scan_skip_line(s);
	}
	return !s->is_wrong;
}

static bool read_depots(struct scan *s, struct sheet *f)
{
	char word[SCAN_WORD_MAX + 1];
	size_t depot = scan_count(s, 1, (double)f->places, "le dépôt");
	if (s->is_wrong)
		return false;
	f->depot = depot - 1;
	scan_peek(s, word);
	if (text_eq(word, "-1"))
		scan_word(s, word);
	return true;
}

static bool sheet_init(struct arena *a, struct sheet *f, struct err *e)
{
	if (f->places < 2 || f->places > PLACES_MAX)
		return err_set(e, ERR_INVALID, "DIMENSION vaut %zu, hors de 2 à %d", f->places,
			PLACES_MAX);
	if (f->vehicles > VEHICLES_MAX)
		return err_set(
			e, ERR_INVALID, "VEHICLES vaut %zu, plus de %d", f->vehicles, VEHICLES_MAX);
	if (!f->vehicles)
		f->vehicles = 1;
	double **arrays[] = {
		&f->x, &f->y, &f->demand, &f->open, &f->close, &f->release, &f->service_of};
	for (size_t n = 0; n < sizeof arrays / sizeof *arrays; n++)
		*arrays[n] = arena_array(a, double, f->places);
	double **fleet[] = {&f->vehicle_capacity, &f->vehicle_fixed, &f->vehicle_km};
	for (size_t n = 0; n < sizeof fleet / sizeof *fleet; n++)
		*fleet[n] = arena_array(a, double, f->vehicles);
	f->may_reload = arena_array(a, bool, f->vehicles);
	for (size_t i = 0; i < f->places; i++) {
		f->close[i] = INFINITY;
		f->service_of[i] = f->service;
	}
	for (size_t n = 0; n < f->vehicles; n++) {
		f->vehicle_capacity[n] = f->capacity;
		f->vehicle_km[n] = 1;
	}
	return true;
}

static bool read_section(
	struct arena *a, struct scan *s, const char *name, struct sheet *f, bool *is_known)
{
	const struct {
		const char *name;
		size_t count, width;
		double *to[2];
		double least;
		const char *what;
	} sections[] = {
		{"NODE_COORD_SECTION", f->places, 2, {f->x, f->y}, -1e12, "une coordonnée"},
		{"DEMAND_SECTION", f->places, 1, {f->demand}, 0, "une demande"},
		{"TIME_WINDOW_SECTION", f->places, 2, {f->open, f->close}, 0,
			"une fenêtre de temps"},
		{"RELEASE_TIME_SECTION", f->places, 1, {f->release}, 0, "une mise à disposition"},
		{"SERVICE_TIME_SECTION", f->places, 1, {f->service_of}, 0, "un temps de service"},
		{"CAPACITY_SECTION", f->vehicles, 1, {f->vehicle_capacity}, 0, "une capacité"},
		{"VEHICLES_FIXED_COST_SECTION", f->vehicles, 1, {f->vehicle_fixed}, 0,
			"un coût fixe"},
		{"VEHICLES_UNIT_DISTANCE_COST_SECTION", f->vehicles, 1, {f->vehicle_km}, 0,
			"un coût de distance"},
	};
	*is_known = true;
	f->has_places |= text_eq(name, "NODE_COORD_SECTION");
	f->has_demand |= text_eq(name, "DEMAND_SECTION");
	for (size_t n = 0; n < sizeof sections / sizeof *sections; n++)
		if (text_eq(name, sections[n].name))
			return read_rows(a, s, sections[n].count, sections[n].width, sections[n].to,
				sections[n].least, sections[n].what);
	if (text_eq(name, "VEHICLES_RELOAD_DEPOT_SECTION"))
		return read_reloads(s, f);
	if (text_eq(name, "DEPOT_SECTION"))
		return read_depots(s, f);
	*is_known = false;
	return true;
}

/* The header: NAME : value, up to the first section. */
static bool read_header(struct scan *s, char word[static SCAN_WORD_MAX + 1], struct sheet *f)
{
	double places = 0, vehicles = 0;
	const struct {
		const char *name;
		double *to;
	} numbers[] = {
		{"DIMENSION", &places},
		{"VEHICLES", &vehicles},
		{"CAPACITY", &f->capacity},
		{"SERVICE_TIME", &f->service},
	};
	while (scan_word(s, word) && !strstr(word, "_SECTION")) {
		char value[SCAN_WORD_MAX + 1];
		scan_peek(s, value);
		for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++)
			if (text_eq(word, numbers[n].name))
				*numbers[n].to = scan_number(s, 0, 1e9, word);
		if (text_eq(word, "TYPE")) {
			f->is_windowed = text_eq(value, "VRPTW");
			f->is_mixed = text_eq(value, "HFVRP");
			f->is_released = text_eq(value, "MTVRPTWR");
		}
		if (text_eq(word, "EDGE_WEIGHT_TYPE") && !text_eq(value, "EUC_2D"))
			scan_wrong(s, "des distances « %s » ne sont pas lues, seulement EUC_2D",
				value);
		if (s->is_wrong)
			return false;
		scan_skip_line(s);
	}
	f->places = (size_t)places;
	f->vehicles = (size_t)vehicles;
	return true;
}

/* Vehicles that are alike are one type, as long as they follow one another. */
static void make_fleet(struct arena *a, const struct sheet *f, struct vrp *v)
{
	bool is_limited = f->is_mixed || f->is_released;
	size_t vehicles = is_limited ? f->vehicles : 1;
	double scale = f->is_mixed ? 0.01 : 1;
	struct vehicle *types = arena_array(a, struct vehicle, vehicles);
	for (size_t n = 0; n < vehicles; n++) {
		struct vehicle one = {
			.count = is_limited ? 1 : VRP_UNLIMITED,
			.capacity = {f->vehicle_capacity[n]},
			.fixed = scale * f->vehicle_fixed[n],
			.per_km = scale * f->vehicle_km[n],
			.close = INFINITY,
			.trips = f->may_reload[n] ? INT32_MAX : 1,
		};
		struct vehicle *last = v->types ? &types[v->types - 1] : NULL;
		if (last && last->capacity[0] == one.capacity[0] && last->fixed == one.fixed &&
			last->per_km == one.per_km && last->trips == one.trips)
			last->count++;
		else
			types[v->types++] = one;
		v->has_trips |= one.trips > 1;
	}
	v->vehicles = types;
	v->least_per_km = INFINITY;
	for (size_t t = 0; t < v->types; t++)
		v->least_per_km = fmin(v->least_per_km, types[t].per_km);
}

static void swap(double *list, size_t a, size_t b)
{
	double t = list[a];
	list[a] = list[b];
	list[b] = t;
}

static void make_problem(struct arena *a, struct sheet *f, struct vrp *v)
{
	double *by_place[] = {f->x, f->y, f->demand, f->open, f->close, f->release, f->service_of};
	for (size_t n = 0; n < sizeof by_place / sizeof *by_place; n++)
		swap(by_place[n], 0, f->depot);
	f->service_of[0] = 0;
	const char **names = arena_array(a, const char *, f->places);
	for (size_t i = 0; i < f->places; i++)
		names[i] = arena_printf(a, "%zu", (i == 0 ? f->depot : i == f->depot ? 0 : i) + 1);
	size_t places = f->places;
	double *km = arena_array(a, double, places *places),
	       *penalty = arena_array(a, double, places);
	bool is_decimal = f->is_windowed || f->is_released;
	for (size_t i = 0; i < places; i++) {
		penalty[i] = INFINITY;
		for (size_t j = 0; j < places; j++) {
			double d = hypot(f->x[i] - f->x[j], f->y[i] - f->y[j]);
			km[i * places + j] = is_decimal    ? floor(10 * d) / 10
					     : f->is_mixed ? d
							   : floor(d + 0.5);
		}
	}
	*v = (struct vrp){
		.places = places,
		.depots = 1,
		.dims = 1,
		.names = names,
		.km = km,
		.km_back = km,
		.hours = km,
		.x = f->x,
		.y = f->y,
		.load = f->demand,
		.service = f->service_of,
		.open = f->open,
		.close = f->close,
		.release = f->release,
		.penalty = penalty,
		.needs = arena_array(a, uint32_t, places),
		.grain = is_decimal    ? 0.1
			 : f->is_mixed ? 0
				       : 1,
		.has_time = is_decimal,
		.has_releases = f->is_released,
	};
	make_fleet(a, f, v);
}

bool vrplib_read(struct arena *a, const char *data, size_t len, struct vrp *v, struct err *e)
{
	struct sheet f = {0};
	struct scan s = scan_begin(data, len, e);
	char word[SCAN_WORD_MAX + 1];
	s.also = ':';
	if (!read_header(&s, word, &f) || !sheet_init(a, &f, e))
		return false;
	do {
		bool is_known;
		if (!*word || text_eq(word, "EOF"))
			break;
		if (!read_section(a, &s, word, &f, &is_known))
			return false;
		if (!is_known)
			return scan_wrong(&s, "« %s » n’est pas une section connue", word);
	} while (scan_word(&s, word));
	if (!f.has_places || !f.has_demand)
		return scan_wrong(&s, "le fichier finit sans %s",
			f.has_places ? "DEMAND_SECTION" : "NODE_COORD_SECTION");
	make_problem(a, &f, v);
	return true;
}
