#include "vrplib.h"

#include "text.h"

#include <ctype.h>
#include <string.h>

enum { WORD_MAX = 63, PLACES_MAX = 10000, VEHICLES_MAX = 100000 };

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

struct scan {
	const char *begin, *at, *end;
};

static size_t line_number(const struct scan *s)
{
	size_t line = 1;
	for (const char *p = s->begin; p < s->at; p++)
		line += *p == '\n';
	return line;
}

static bool next_word(struct scan *s, char word[static WORD_MAX + 1])
{
	while (s->at < s->end && (isspace((unsigned char)*s->at) || *s->at == ':'))
		s->at++;
	size_t n = 0;
	while (s->at < s->end && !isspace((unsigned char)*s->at) && *s->at != ':' && n < WORD_MAX)
		word[n++] = *s->at++;
	word[n] = '\0';
	return n > 0;
}

static void skip_line(struct scan *s)
{
	const char *newline = memchr(s->at, '\n', (size_t)(s->end - s->at));
	s->at = newline ? newline + 1 : s->end;
}

static bool read_number(
	struct scan *s, double least, double most, const char *what, double *out, struct err *e)
{
	char word[WORD_MAX + 1];
	if (!next_word(s, word))
		return err_set(e, ERR_INVALID,
			"ligne %zu : le fichier s’arrête trop tôt, il manque %s", line_number(s),
			what);
	if (!text_to_double(word, out))
		return err_set(e, ERR_INVALID, "ligne %zu : « %s » n’est pas un nombre (%s)",
			line_number(s), word, what);
	if (!(*out >= least && *out <= most))
		return err_set(e, ERR_INVALID, "ligne %zu : %s vaut %g, hors de %g à %g",
			line_number(s), what, *out, least, most);
	return true;
}

/* Lines of a rank from 1 and `width` numbers; column c goes to to[c]. */
static bool read_rows(struct arena *a, struct scan *s, size_t count, size_t width,
	double *const *to, double least, const char *what, struct err *e)
{
	bool *is_read = arena_array(a, bool, count);
	for (size_t n = 0; n < count; n++) {
		double rank;
		if (!read_number(s, 1, (double)count, what, &rank, e))
			return false;
		if (rank != floor(rank))
			return err_set(e, ERR_INVALID, "ligne %zu : rang %g (%s)", line_number(s),
				rank, what);
		if (is_read[(size_t)rank - 1])
			return err_set(e, ERR_INVALID,
				"ligne %zu : le rang %g paraît deux fois (%s)", line_number(s),
				rank, what);
		is_read[(size_t)rank - 1] = true;
		for (size_t c = 0; c < width; c++)
			if (!read_number(s, least, 1e12, what, &to[c][(size_t)rank - 1], e))
				return false;
	}
	return true;
}

/* `rank depot depot ...` a line: who may unload on the way. */
static bool read_reloads(struct scan *s, struct sheet *f, struct err *e)
{
	for (size_t n = 0; n < f->vehicles; n++) {
		double rank, depot;
		if (!read_number(s, 1, (double)f->vehicles, "le rang d’un véhicule", &rank, e) ||
			!read_number(
				s, 1, (double)f->places, "un dépôt de déchargement", &depot, e))
			return false;
		f->may_reload[(size_t)rank - 1] = true;
		skip_line(s);
	}
	return true;
}

static bool read_depots(struct scan *s, struct sheet *f, struct err *e)
{
	double depot;
	if (!read_number(s, 1, (double)f->places, "le dépôt", &depot, e))
		return false;
	if (depot != floor(depot))
		return err_set(e, ERR_INVALID, "ligne %zu : %g n’est pas un rang (le dépôt)",
			line_number(s), depot);
	f->depot = (size_t)depot - 1;
	struct scan mark = *s;
	char word[WORD_MAX + 1];
	if (!next_word(&mark, word) || !text_eq(word, "-1"))
		return true;
	*s = mark;
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

static bool read_section(struct arena *a, struct scan *s, const char *name, struct sheet *f,
	bool *is_known, struct err *e)
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
				sections[n].least, sections[n].what, e);
	if (text_eq(name, "VEHICLES_RELOAD_DEPOT_SECTION"))
		return read_reloads(s, f, e);
	if (text_eq(name, "DEPOT_SECTION"))
		return read_depots(s, f, e);
	*is_known = false;
	return true;
}

/* The header: NAME : value, up to the first section. */
static bool read_header(
	struct scan *s, char word[static WORD_MAX + 1], struct sheet *f, struct err *e)
{
	while (next_word(s, word) && !strstr(word, "_SECTION")) {
		double number = 0;
		char value[WORD_MAX + 1];
		struct scan rest = *s;
		bool has_value = next_word(&rest, value),
		     is_number = has_value && text_to_double(value, &number);
		if (text_eq(word, "TYPE")) {
			f->is_windowed = text_eq(value, "VRPTW");
			f->is_mixed = text_eq(value, "HFVRP");
			f->is_released = text_eq(value, "MTVRPTWR");
		} else if (text_eq(word, "EDGE_WEIGHT_TYPE") && !text_eq(value, "EUC_2D")) {
			return err_set(e, ERR_INVALID,
				"ligne %zu : des distances « %s » ne sont pas lues, seulement "
				"EUC_2D",
				line_number(s), value);
		} else if (text_eq(word, "DIMENSION") || text_eq(word, "VEHICLES") ||
			   text_eq(word, "CAPACITY") || text_eq(word, "SERVICE_TIME")) {
			if (!is_number || number < 0 || number > 1e9)
				return err_set(e, ERR_INVALID, "ligne %zu : %s vaut « %s »",
					line_number(s), word, value);
			if (text_eq(word, "DIMENSION"))
				f->places = (size_t)number;
			else if (text_eq(word, "VEHICLES"))
				f->vehicles = (size_t)number;
			else if (text_eq(word, "CAPACITY"))
				f->capacity = number;
			else
				f->service = number;
		}
		skip_line(s);
	}
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
	struct scan s = {data, data, data + len};
	char word[WORD_MAX + 1];
	if (!read_header(&s, word, &f, e) || !sheet_init(a, &f, e))
		return false;
	do {
		bool is_known;
		if (!*word || text_eq(word, "EOF"))
			break;
		if (!read_section(a, &s, word, &f, &is_known, e))
			return false;
		if (!is_known)
			return err_set(e, ERR_INVALID,
				"ligne %zu : « %s » n’est pas une section connue", line_number(&s),
				word);
	} while (next_word(&s, word));
	if (!f.has_places || !f.has_demand)
		return err_set(e, ERR_INVALID, "ligne %zu : le fichier finit sans %s",
			line_number(&s), f.has_places ? "DEMAND_SECTION" : "NODE_COORD_SECTION");
	make_problem(a, &f, v);
	return true;
}
