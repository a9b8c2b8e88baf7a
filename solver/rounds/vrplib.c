#include "vrplib.h"

#include "scan.h"
#include "text.h"

#include <string.h>

enum { PLACES_MAX = 10000, VEHICLES_MAX = 100000 };

/* Kinds of problems, as bits: what a section may and must stand in. */
enum type { CVRP = 1, VRPTW = 2, HFVRP = 4, MTVRPTWR = 8, ANY = 15 };

static const struct {
	const char *name;
	enum type type;
} types[] = {{"CVRP", CVRP}, {"VRPTW", VRPTW}, {"HFVRP", HFVRP}, {"MTVRPTWR", MTVRPTWR}};

/* What a file says, before it is a problem: rows of numbers by section, the header's words. */
struct sheet {
	enum type type;
	double dimension, fleet, capacity, service; /* of the header; less than 0: not said */
	size_t places, vehicles;
	double *x, *y, *demand, *open, *close, *release, *service_of; /* [place] */
	double *vehicle_capacity, *vehicle_fixed, *vehicle_km;        /* [vehicle] */
	double *reload; /* [vehicle] the place where it unloads on the way, from 1; or 0 */
	size_t depot;
	uint32_t sections; /* bits: those that were there */
};

/* The next number of a section that should not yet be over. */
static size_t rank_of(struct scan *s, size_t count, const char *what)
{
	char word[SCAN_WORD_MAX + 1];
	scan_peek(s, word);
	if ((strstr(word, "_SECTION") || text_eq(word, "EOF")) && scan_word(s, word))
		return scan_wrong(s, "« %s » vient trop tôt, il manque %s", word, what);
	return scan_count(s, 1, (double)count, what);
}

/* Lines of a rank from 1 and `width` numbers; column c goes to to[c]. */
static bool read_rows(struct arena *a, struct scan *s, size_t count, size_t width,
	double *const *to, double least, const char *what)
{
	bool *is_read = arena_array(a, bool, count);
	for (size_t n = 0; n < count; n++) {
		size_t rank = rank_of(s, count, what);
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
	for (size_t n = 0; n < f->vehicles; n++) {
		size_t rank = rank_of(s, f->vehicles, "le rang d’un véhicule"),
		       place = scan_count(s, 1, (double)f->places, "un dépôt de déchargement");
		if (s->is_wrong)
			return false;
		f->reload[rank - 1] = (double)place;
		scan_skip_line(s);
	}
	return true;
}

/* One depot, and perhaps the -1 that ends the list. */
static bool read_depots(struct scan *s, struct sheet *f)
{
	char word[SCAN_WORD_MAX + 1];
	double next;
	size_t depot = rank_of(s, f->places, "le dépôt");
	if (s->is_wrong)
		return false;
	f->depot = depot - 1;
	scan_peek(s, word);
	if (!text_to_double(word, &next))
		return true;
	scan_word(s, word);
	return next == -1 || scan_wrong(s, "un second dépôt « %s », et un seul est lu", word);
}

static bool sheet_init(struct arena *a, struct sheet *f, struct err *e)
{
	bool is_limited = f->type & (HFVRP | MTVRPTWR);
	if (f->dimension < 0)
		return err_set(e, ERR_INVALID,
			"DIMENSION manque : ce n’est pas un fichier VRPLIB, ou il est coupé");
	if (f->dimension < 2 || f->dimension > PLACES_MAX)
		return err_set(e, ERR_INVALID, "DIMENSION vaut %.0f, hors de 2 à %d", f->dimension,
			PLACES_MAX);
	if (!f->type)
		return err_set(e, ERR_INVALID, "TYPE manque : CVRP, VRPTW, HFVRP ou MTVRPTWR");
	if (is_limited && f->fleet < 0)
		return err_set(e, ERR_INVALID, "VEHICLES manque : combien y a-t-il de véhicules ?");
	if (f->fleet > VEHICLES_MAX)
		return err_set(
			e, ERR_INVALID, "VEHICLES vaut %.0f, plus de %d", f->fleet, VEHICLES_MAX);
	f->places = (size_t)f->dimension;
	f->vehicles = is_limited ? (size_t)f->fleet : 1;
	double **arrays[] = {
		&f->x, &f->y, &f->demand, &f->open, &f->close, &f->release, &f->service_of};
	for (size_t n = 0; n < sizeof arrays / sizeof *arrays; n++)
		*arrays[n] = arena_array(a, double, f->places);
	double **fleet[] = {&f->vehicle_capacity, &f->vehicle_fixed, &f->vehicle_km, &f->reload};
	for (size_t n = 0; n < sizeof fleet / sizeof *fleet; n++)
		*fleet[n] = arena_array(a, double, f->vehicles + 1);
	for (size_t i = 0; i < f->places; i++) {
		f->close[i] = INFINITY;
		f->service_of[i] = fmax(0, f->service);
	}
	for (size_t n = 0; n < f->vehicles; n++) {
		f->vehicle_capacity[n] = f->capacity;
		f->vehicle_km[n] = 1;
	}
	return true;
}

/* The sections: in which types they may and must be; rows of numbers, or a reader of their own. */
struct section {
	const char *name;
	unsigned may, must;
	bool (*read)(struct scan *, struct sheet *);
	size_t count, column[2]; /* where in a sheet: how many rows; the columns they fill */
	double least;
	const char *what;
};

#define IN(member) offsetof(struct sheet, member)
static const struct section sections[] = {
	{"NODE_COORD_SECTION", ANY, ANY, NULL, IN(places), {IN(x), IN(y)}, -1e12, "une coordonnée"},
	{"DEMAND_SECTION", ANY, ANY, NULL, IN(places), {IN(demand)}, 0, "une demande"},
	{"TIME_WINDOW_SECTION", VRPTW | MTVRPTWR, VRPTW | MTVRPTWR, NULL, IN(places),
		{IN(open), IN(close)}, 0, "une fenêtre de temps"},
	{"RELEASE_TIME_SECTION", MTVRPTWR, 0, NULL, IN(places), {IN(release)}, 0,
		"une mise à disposition"},
	{"SERVICE_TIME_SECTION", VRPTW | MTVRPTWR, 0, NULL, IN(places), {IN(service_of)}, 0,
		"un temps de service"},
	{"CAPACITY_SECTION", HFVRP | MTVRPTWR, 0, NULL, IN(vehicles), {IN(vehicle_capacity)}, 0,
		"une capacité"},
	{"VEHICLES_FIXED_COST_SECTION", HFVRP | MTVRPTWR, 0, NULL, IN(vehicles),
		{IN(vehicle_fixed)}, 0, "un coût fixe"},
	{"VEHICLES_UNIT_DISTANCE_COST_SECTION", HFVRP | MTVRPTWR, 0, NULL, IN(vehicles),
		{IN(vehicle_km)}, 0, "un coût de distance"},
	{"VEHICLES_RELOAD_DEPOT_SECTION", MTVRPTWR, 0, read_reloads, 0, {0}, 0, NULL},
	{"DEPOT_SECTION", ANY, ANY, read_depots, 0, {0}, 0, NULL},
};
enum { SECTIONS = sizeof sections / sizeof *sections };

static size_t find_section(const char *name)
{
	size_t n = 0;
	while (n < SECTIONS && !text_eq(sections[n].name, name))
		n++;
	return n;
}

static const char *type_name(enum type type)
{
	size_t n = 0;
	while (types[n].type != type)
		n++;
	return types[n].name;
}

static bool read_section(struct arena *a, struct scan *s, const char *name, struct sheet *f)
{
	double number, *to[2] = {0};
	size_t n = find_section(name), width = 0;
	if (text_to_double(name, &number))
		return scan_wrong(s,
			"« %s » est de trop, la section a plus de lignes que "
			"l’en-tête n’en annonce",
			name);
	if (n == SECTIONS)
		return scan_wrong(s, "« %s » n’est pas une section connue", name);
	if (!(sections[n].may & f->type))
		return scan_wrong(s, "« %s » ne va pas avec TYPE %s", name, type_name(f->type));
	if (f->sections >> n & 1)
		return scan_wrong(s, "« %s » paraît deux fois", name);
	f->sections |= 1u << n;
	if (sections[n].read)
		return sections[n].read(s, f);
	for (; width < 2 && sections[n].column[width]; width++)
		to[width] = *(double **)((char *)f + sections[n].column[width]);
	return read_rows(a, s, *(size_t *)((char *)f + sections[n].count), width, to,
		sections[n].least, sections[n].what);
}

static bool read_figure(struct scan *s, const char *word, const char *value, struct sheet *f)
{
	static const struct {
		const char *name;
		size_t at;
		bool is_whole;
	} figures[] = {
		{"DIMENSION", IN(dimension), true},
		{"VEHICLES", IN(fleet), true},
		{"CAPACITY", IN(capacity), false},
		{"SERVICE_TIME", IN(service), false},
	};
	for (size_t n = 0; n < sizeof figures / sizeof *figures; n++) {
		double number;
		if (!text_eq(word, figures[n].name))
			continue;
		if (!text_to_double(value, &number) || number < 0 || number > 1e9 ||
			(figures[n].is_whole && number != floor(number)))
			return scan_wrong(s, "%s vaut « %s »", word, value);
		*(double *)((char *)f + figures[n].at) = number;
	}
	return true;
}
#undef IN

static bool read_type(struct scan *s, const char *value, struct sheet *f)
{
	for (size_t n = 0; n < sizeof types / sizeof *types; n++)
		if (text_eq(value, types[n].name))
			f->type = types[n].type;
	return f->type || scan_wrong(s,
				  "TYPE vaut « %s », et non CVRP, VRPTW, HFVRP ou "
				  "MTVRPTWR",
				  value);
}

/* The header: NAME : value, up to the first section. What would change the problem and is not read is refused. */
static bool read_header(struct scan *s, char word[static SCAN_WORD_MAX + 1], struct sheet *f)
{
	while (scan_word(s, word) && !strstr(word, "_SECTION")) {
		char value[SCAN_WORD_MAX + 1];
		scan_peek(s, value);
		if (text_eq(word, "TYPE") && !read_type(s, value, f))
			return false;
		if (text_eq(word, "EDGE_WEIGHT_TYPE") && !text_eq(value, "EUC_2D"))
			return scan_wrong(s,
				"des distances « %s » ne sont pas lues, seulement "
				"EUC_2D",
				value);
		if (text_eq(word, "DISTANCE"))
			return scan_wrong(s, "une longueur de tournée limitée (DISTANCE) n’est pas "
					     "lue");
		if (!read_figure(s, word, value, f))
			return false;
		scan_skip_line(s);
	}
	return true;
}

/* Is all there that this type needs? */
static bool check_sections(struct scan *s, const struct sheet *f)
{
	for (size_t n = 0; n < SECTIONS; n++)
		if (sections[n].must & f->type && !(f->sections >> n & 1))
			return scan_wrong(s, "le fichier finit sans %s", sections[n].name);
	if (f->capacity < 0 && !(f->sections >> find_section("CAPACITY_SECTION") & 1))
		return scan_wrong(s, "le fichier finit sans CAPACITY");
	for (size_t n = 0; n < f->vehicles; n++)
		if (f->reload[n] > 0 && f->reload[n] != (double)f->depot + 1)
			return scan_wrong(s,
				"VEHICLES_RELOAD_DEPOT_SECTION : le véhicule %zu décharge au lieu "
				"%g, qui n’est pas le dépôt",
				n + 1, f->reload[n]);
	return true;
}

/* Vehicles that are alike are one type, as long as they follow one another. */
static void make_fleet(struct arena *a, const struct sheet *f, struct vrp *v)
{
	bool is_limited = f->type & (HFVRP | MTVRPTWR);
	double scale = f->type == HFVRP ? 0.01 : 1;
	struct vehicle *list = arena_array(a, struct vehicle, f->vehicles + 1);
	for (size_t n = 0; n < f->vehicles; n++) {
		struct vehicle one = {
			.count = is_limited ? 1 : VRP_UNLIMITED,
			.capacity = {f->vehicle_capacity[n]},
			.fixed = scale * f->vehicle_fixed[n],
			.per_km = scale * f->vehicle_km[n],
			.close = INFINITY,
			.trips = f->reload[n] > 0 ? INT32_MAX : 1,
		};
		struct vehicle *last = v->types ? &list[v->types - 1] : NULL;
		if (last && last->capacity[0] == one.capacity[0] && last->fixed == one.fixed &&
			last->per_km == one.per_km && last->trips == one.trips)
			last->count++;
		else
			list[v->types++] = one;
		v->has_trips |= one.trips > 1;
	}
	v->vehicles = list;
	v->least_per_km = INFINITY;
	for (size_t t = 0; t < v->types; t++)
		v->least_per_km = fmin(v->least_per_km, list[t].per_km);
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
	bool is_decimal = f->type & (VRPTW | MTVRPTWR);
	for (size_t i = 0; i < places; i++) {
		penalty[i] = INFINITY;
		for (size_t j = 0; j < places; j++) {
			double d = hypot(f->x[i] - f->x[j], f->y[i] - f->y[j]);
			km[i * places + j] = is_decimal         ? floor(10 * d) / 10
					     : f->type == HFVRP ? d
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
		.grain = is_decimal         ? 0.1
			 : f->type == HFVRP ? 0
					    : 1,
		.has_time = is_decimal,
		.has_releases = f->type == MTVRPTWR,
	};
	make_fleet(a, f, v);
}

bool vrplib_read(struct arena *a, const char *data, size_t len, struct vrp *v, struct err *e)
{
	struct sheet f = {.dimension = -1, .fleet = -1, .capacity = -1, .service = -1};
	struct scan s = scan_begin(data, len, e);
	char word[SCAN_WORD_MAX + 1];
	s.also = ':';
	if (!read_header(&s, word, &f) || !sheet_init(a, &f, e))
		return false;
	for (; *word && !text_eq(word, "EOF"); scan_word(&s, word))
		if (!read_section(a, &s, word, &f))
			return false;
	if (!check_sections(&s, &f))
		return false;
	make_problem(a, &f, v);
	return true;
}
