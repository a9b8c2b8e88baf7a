#include "collection.h"

#include "text.h"

#include <string.h>

enum { ID_MAX = 100, TEXT_MAX = 400, LIST_MAX = 4000 };

static const double EUR_MAX = 1e9, AMOUNT_MAX = 1e9, HOURS_MAX = 24;

#define CARGO_KEY(name, key, one, several)  key,
#define CARGO_UNIT(name, key, one, several) {one, several},
const char *const cargo_key[CARGO_DIMS] = {CARGO_DIMS_LIST(CARGO_KEY)};
static const char *const cargo_unit[CARGO_DIMS][2] = {CARGO_DIMS_LIST(CARGO_UNIT)};

const char *cargo_text(struct arena *a, enum cargo d, double amount)
{
	return arena_printf(a, "%s %s",
		text_french_number(a, amount, amount == floor(amount) ? 0 : 1),
		cargo_unit[d][amount >= 2]);
}

/* The members that an object may have: a misspelt one would silently take its default. */
#define ONLY(object, ...) jin_only((object), (const char *const[]){__VA_ARGS__, NULL})

/* Where the ids of one kind are; `stride` bytes apart. */
struct ids {
	const void *first;
	size_t stride, count;
};

static size_t look_up(const struct ids *list, const char *id)
{
	for (size_t i = 0; i < list->count; i++)
		if (text_eq(*(const char *const *)((const char *)list->first + i * list->stride),
			    id))
			return i;
	return list->count;
}

#define IDS(list, count) ((struct ids){(list), sizeof *(list), (count)})

static size_t find(const struct jin *at, const struct ids *list, const char *id, const char *what)
{
	size_t i = look_up(list, id);
	if (i == list->count && !jin_failed(at))
		jin_fail(at, "%s « %s » n’existe pas", what, id);
	return i == list->count ? 0 : i;
}

/* An id of its own. */
static const char *read_id(const struct jin *at, const struct ids *before)
{
	const char *id = jin_text(at, "id", ID_MAX);
	if (!jin_failed(at) && look_up(before, id) < before->count)
		jin_fail(at, "l’identifiant « %s » figure deux fois", id);
	return id;
}

/* The error is about this one: its id says more than its place in the list. */
static void blame(const struct jin *root, struct err *e, const char *what, const char *id)
{
	if (jin_failed(root) && id && *id)
		err_prefix(e, "%s « %s », ", what, id);
}

static struct ids day_ids(const struct collection *c)
{
	return IDS(c->day, c->days);
}

/* The days that the member names, as bits; all of them when it is absent. */
static uint32_t read_days(const struct collection *c, const struct jin *at)
{
	uint32_t bits = 0;
	struct ids days = day_ids(c);
	if (!jin_has(at, "days"))
		return (uint32_t)((1u << c->days) - 1);
	struct jin list = jin_array(at, "days", 0, DAYS_MAX);
	for (size_t n = 0; n < list.count; n++) {
		struct jin item = jin_item(&list, n);
		bits |= 1u << find(&item, &days, jin_value_text(&item, ID_MAX), "le jour");
	}
	return bits;
}

/* Words or ids by their bits. */
static uint32_t read_bits(const struct jin *at, const char *key, const struct ids *list,
	const char *what, uint32_t other)
{
	uint32_t bits = 0;
	if (!jin_has(at, key))
		return other;
	struct jin words = jin_array(at, key, 0, 32);
	for (size_t n = 0; n < words.count; n++) {
		struct jin item = jin_item(&words, n);
		bits |= 1u << find(&item, list, jin_value_text(&item, ID_MAX), what);
	}
	return bits;
}

static struct timetable read_timetable(struct arena *a, const struct collection *c,
	const struct jin *at, const struct timetable *other)
{
	if (!jin_has(at, "windows"))
		return other ? *other : timetable_always(a, c->days);
	struct jin list = jin_array(at, "windows", 0, 200);
	struct window *window = arena_array(a, struct window, list.count + 1);
	for (size_t n = 0; n < list.count; n++) {
		struct jin item = jin_item(&list, n);
		ONLY(&item, "days", "open_h", "close_h");
		window[n].days = read_days(c, &item);
		window[n].hours.open = jin_real(&item, "open_h", 0, HOURS_MAX);
		window[n].hours.close = jin_real(&item, "close_h", 0, HOURS_MAX);
	}
	return timetable_make(a, c->days, window, list.count);
}

static void read_cargo(const struct jin *at, double *cargo, double other)
{
	for (size_t d = 0; d < CARGO_DIMS; d++)
		cargo[d] = jin_real_or(at, cargo_key[d], 0, AMOUNT_MAX, other);
}

static void read_day_names(struct arena *a, const struct jin *root, struct collection *c)
{
	struct jin list = jin_array(root, "days", 1, DAYS_MAX);
	const char **day = arena_array(a, const char *, list.count + 1);
	c->day = day;
	for (size_t n = 0; n < list.count && !jin_failed(root); n++) {
		struct jin item = jin_item(&list, n);
		struct ids before = IDS(day, n);
		day[n] = jin_value_text(&item, ID_MAX);
		if (!jin_failed(root) && look_up(&before, day[n]) < n)
			jin_fail(&item, "le jour « %s » figure deux fois", day[n]);
	}
	c->days = list.count;
}

static void read_flows(struct arena *a, const struct jin *root, struct collection *c, struct err *e)
{
	struct jin list = jin_array(root, "flows", 1, COLLECTED_MAX);
	struct collected *flow = arena_array(a, struct collected, list.count + 1);
	for (size_t n = 0; n < list.count && !jin_failed(root); n++) {
		struct jin at = jin_item(&list, n);
		struct ids before = IDS(flow, n);
		ONLY(&at, "id", "name", "container", "weight_kg", "volume_m3", "places", "skips");
		flow[n].id = read_id(&at, &before);
		flow[n].name = jin_text_or(&at, "name", TEXT_MAX, flow[n].id);
		flow[n].container = jin_text_or(&at, "container", TEXT_MAX, "unité");
		read_cargo(&at, flow[n].cargo, 0);
		blame(root, e, "flux", flow[n].id);
	}
	c->flow = flow;
	c->flows = list.count;
}

static struct locale read_locale(struct arena *a, const struct collection *c, const struct jin *at,
	const struct ids *before, bool is_placed)
{
	struct locale l = {.id = read_id(at, before)};
	l.name = jin_text_or(at, "name", TEXT_MAX, l.id);
	l.address = jin_text_or(at, "address", TEXT_MAX, "");
	l.hours = read_timetable(a, c, at, NULL);
	if (is_placed)
		l.at = distance_place_read(at);
	return l;
}

/* Hubs, then points. */
static void read_places(
	struct arena *a, const struct jin *root, struct collection *c, struct err *e)
{
	struct jin hubs = jin_array(root, "hubs", 1, HUBS_MAX);
	struct jin points = jin_array(root, "points", 0, LIST_MAX);
	struct locale *place = arena_array(a, struct locale, hubs.count + points.count + 1);
	c->has_coordinates = true;
	for (size_t n = 0; n < hubs.count + points.count && !jin_failed(root); n++) {
		bool is_hub = n < hubs.count;
		struct jin at = is_hub ? jin_item(&hubs, n) : jin_item(&points, n - hubs.count);
		struct ids before = IDS(place, n);
		bool is_placed =
			!jin_has(root, "matrix") || jin_has(&at, "lat") || jin_has(&at, "lon");
		if (is_hub)
			ONLY(&at, "id", "name", "address", "lat", "lon", "windows", "unload_min");
		else
			ONLY(&at, "id", "name", "address", "lat", "lon", "windows");
		place[n] = read_locale(a, c, &at, &before, is_placed);
		c->has_coordinates &= is_placed;
		if (is_hub)
			place[n].unload_h = jin_real_or(&at, "unload_min", 0, 1440, 0) / 60;
		if (is_hub && place[n].hours.reversed)
			jin_fail(&at, "une fenêtre ferme à %g h avant d’ouvrir à %g h",
				place[n].hours.reversed->close, place[n].hours.reversed->open);
		blame(root, e, is_hub ? "dépôt" : "point", place[n].id);
	}
	c->place = place;
	c->hubs = hubs.count;
	c->places = hubs.count + points.count;
}

/* One table of the matrix: infinite where the file has null. */
static const double *read_table(
	struct arena *a, const struct jin *at, const char *key, size_t places, double most)
{
	double *table = arena_array(a, double, places *places);
	struct jin rows = jin_array(at, key, places, places);
	for (size_t i = 0; i < rows.count && !jin_failed(at); i++) {
		struct jin row = jin_item(&rows, i);
		if (!jin_is_array(&row) || row.count != places) {
			jin_fail(&row, "%zu valeurs pour %zu lieux", row.count, places);
			break;
		}
		for (size_t j = 0; j < places && !jin_failed(at); j++) {
			struct jin cell = jin_item(&row, j);
			table[i * places + j] =
				jin_is_null(&cell) ? INFINITY : jin_value_real(&cell, 0, most);
		}
	}
	return table;
}

static void read_ways(struct arena *a, const struct jin *root, struct collection *c)
{
	struct jin haulage = jin_object(root, "haulage");
	ONLY(&haulage, "speed_km_h", "distance_bands");
	double speed = jin_real(&haulage, "speed_km_h", 1, 200);
	double *hours = arena_array(a, double, c->places * c->places);
	if (jin_has(root, "matrix")) {
		struct jin matrix = jin_object(root, "matrix");
		ONLY(&matrix, "km", "hours");
		c->km = read_table(a, &matrix, "km", c->places, 40000);
		if (jin_has(&matrix, "hours")) {
			c->hours = read_table(a, &matrix, "hours", c->places, 1000);
			return;
		}
	} else {
		size_t bands;
		const struct distance_band *band = distance_bands_read(a, &haulage, &bands);
		double *km = arena_array(a, double, c->places * c->places);
		for (size_t i = 0; i < c->places && !jin_failed(root); i++)
			for (size_t j = 0; j < c->places; j++)
				if (i != j)
					km[i * c->places + j] = distance_road_km(
						band, bands, &c->place[i].at, &c->place[j].at);
		c->km = km;
	}
	for (size_t n = 0; n < c->places * c->places && !jin_failed(root); n++)
		hours[n] = c->km[n] / speed;
	c->hours = hours;
}

static void read_driving(const struct jin *root, struct driving_rules *d)
{
	*d = (struct driving_rules){INFINITY, INFINITY, 0};
	if (!jin_has(root, "driving"))
		return;
	struct jin at = jin_object(root, "driving");
	ONLY(&at, "max_h", "before_break_h", "break_min");
	d->most = jin_real_or(&at, "max_h", 0.1, HOURS_MAX, INFINITY);
	d->before_break = jin_real_or(&at, "before_break_h", 0.1, HOURS_MAX, INFINITY);
	d->rest = jin_real_or(&at, "break_min", 0, 600, 0) / 60;
}

/* Every skill that a vehicle has or a pick-up needs is a bit, in the order they come. */
static void gather_skills(
	struct arena *a, const struct jin *root, const char *key, struct collection *c)
{
	const char **skill = (const char **)c->skill;
	struct jin list = jin_array(root, key, 0, LIST_MAX);
	for (size_t n = 0; n < list.count && !jin_failed(root); n++) {
		struct jin at = jin_item(&list, n);
		if (!jin_has(&at, "skills"))
			continue;
		struct jin words = jin_array(&at, "skills", 0, SKILLS_MAX);
		for (size_t k = 0; k < words.count && !jin_failed(root); k++) {
			struct jin item = jin_item(&words, k);
			const char *word = jin_value_text(&item, ID_MAX);
			struct ids before = IDS(skill, c->skills);
			if (jin_failed(root) || look_up(&before, word) < c->skills)
				continue;
			if (c->skills == SKILLS_MAX) {
				jin_fail(&item, "plus de %d compétences", SKILLS_MAX);
				return;
			}
			skill[c->skills++] = arena_strdup(a, word);
		}
	}
}

static void read_lots(
	struct arena *a, const struct jin *at, const struct collection *c, struct pickup *p)
{
	struct jin list = jin_array(at, "loads", 1, COLLECTED_MAX);
	struct lot *lot = arena_array(a, struct lot, list.count + 1);
	struct ids flows = IDS(c->flow, c->flows);
	for (size_t n = 0; n < list.count && !jin_failed(at); n++) {
		struct jin item = jin_item(&list, n);
		ONLY(&item, "flow", "units", "weight_kg", "volume_m3");
		lot[n].flow = find(&item, &flows, jin_text(&item, "flow", ID_MAX), "le flux");
		lot[n].units = jin_real(&item, "units", 0, 1e6);
		if (jin_failed(at))
			return;
		if (p->flows >> lot[n].flow & 1)
			jin_fail(&item, "le flux « %s » figure deux fois", c->flow[lot[n].flow].id);
		p->flows |= 1u << lot[n].flow;
		const double *unit = c->flow[lot[n].flow].cargo;
		double all[CARGO_DIMS];
		for (size_t d = 0; d < CARGO_DIMS; d++)
			all[d] = unit[d] * lot[n].units;
		for (size_t d = CARGO_WEIGHT; d <= CARGO_VOLUME; d++)
			all[d] = jin_real_or(&item, cargo_key[d], 0, AMOUNT_MAX, all[d]);
		for (size_t d = 0; d < CARGO_DIMS; d++)
			p->cargo[d] += all[d];
	}
	p->lot = lot;
	p->lots = list.count;
}

static void read_pickups(
	struct arena *a, const struct jin *root, struct collection *c, struct err *e)
{
	struct jin list = jin_array(root, "pickups", 0, LIST_MAX);
	struct pickup *pickup = arena_array(a, struct pickup, list.count + 1);
	struct ids points = IDS(c->place + c->hubs, c->places - c->hubs),
		   hubs = IDS(c->place, c->hubs), skills = IDS(c->skill, c->skills);
	size_t visits = 0;
	for (size_t n = 0; n < list.count && !jin_failed(root); n++) {
		struct jin at = jin_item(&list, n);
		struct pickup *p = &pickup[n];
		struct ids before = IDS(pickup, n);
		ONLY(&at, "id", "point", "loads", "service_min", "windows", "skills", "hubs",
			"visits", "gap_days", "penalty_eur");
		p->id = read_id(&at, &before);
		p->place = c->hubs;
		p->place += find(&at, &points, jin_text(&at, "point", ID_MAX), "le point");
		if (jin_failed(root)) {
			blame(root, e, "collecte", p->id);
			break;
		}
		p->service_h = jin_real_or(&at, "service_min", 0, 1440, 0) / 60;
		p->hours = read_timetable(a, c, &at, &c->place[p->place].hours);
		p->skills = read_bits(&at, "skills", &skills, "la compétence", 0);
		p->hubs = read_bits(&at, "hubs", &hubs, "le dépôt", UINT32_MAX);
		p->visits = (size_t)jin_int_or(&at, "visits", 0, DAYS_MAX, 1);
		size_t spread = p->visits ? c->days / p->visits : 1;
		p->gap = (size_t)jin_int_or(
			&at, "gap_days", 1, DAYS_MAX, spread > 1 ? (int64_t)spread : 1);
		p->penalty = jin_real_or(&at, "penalty_eur", 0, EUR_MAX, INFINITY);
		read_lots(a, &at, c, p);
		visits += p->visits;
		if (visits > STOPS_MAX)
			jin_fail(&at, "plus de %d passages en tout", STOPS_MAX);
		blame(root, e, "collecte", p->id);
	}
	c->pickup = pickup;
	c->pickups = list.count;
}

static void read_carriers(
	struct arena *a, const struct jin *root, struct collection *c, struct err *e)
{
	struct jin list = jin_array(root, "vehicles", 0, 200);
	struct carrier *carrier = arena_array(a, struct carrier, list.count + 1);
	struct ids hubs = IDS(c->place, c->hubs), flows = IDS(c->flow, c->flows),
		   skills = IDS(c->skill, c->skills);
	for (size_t n = 0; n < list.count && !jin_failed(root); n++) {
		struct jin at = jin_item(&list, n), capacity = {0};
		struct carrier *b = &carrier[n];
		struct ids before = IDS(carrier, n);
		ONLY(&at, "id", "name", "hub", "count", "days", "start_h", "end_h", "trips",
			"capacity", "skills", "flows", "eur_day", "eur_km", "eur_h",
			"overtime_after_h", "eur_overtime_h");
		b->id = read_id(&at, &before);
		b->name = jin_text_or(&at, "name", TEXT_MAX, b->id);
		b->hub = find(&at, &hubs, jin_text(&at, "hub", ID_MAX), "le dépôt");
		b->count = (int)jin_int_or(&at, "count", 0, LIST_MAX, 1);
		b->days = read_days(c, &at);
		b->start = jin_real(&at, "start_h", 0, HOURS_MAX);
		b->end = jin_real(&at, "end_h", 0, HOURS_MAX);
		if (!jin_failed(root) && b->end < b->start)
			jin_fail(&at, "la journée finit à %g h avant de commencer à %g h", b->end,
				b->start);
		b->trips = (int)jin_int_or(&at, "trips", 1, 100, 1);
		capacity = jin_object(&at, "capacity");
		ONLY(&capacity, "weight_kg", "volume_m3", "places", "skips");
		read_cargo(&capacity, b->capacity, INFINITY);
		b->capacity[CARGO_SKIPS] = jin_real_or(&capacity, "skips", 0, 100, 0);
		b->skills = read_bits(&at, "skills", &skills, "la compétence", 0);
		b->flows = read_bits(&at, "flows", &flows, "le flux", UINT32_MAX);
		b->eur_day = jin_real_or(&at, "eur_day", 0, EUR_MAX, 0);
		b->eur_km = jin_real_or(&at, "eur_km", 0, EUR_MAX, 0);
		b->eur_h = jin_real_or(&at, "eur_h", 0, EUR_MAX, 0);
		b->overtime_after = jin_real_or(&at, "overtime_after_h", 0, HOURS_MAX, INFINITY);
		b->eur_overtime_h = jin_real_or(&at, "eur_overtime_h", 0, EUR_MAX, 0);
		blame(root, e, "véhicule", b->id);
	}
	c->carrier = carrier;
	c->carriers = list.count;
}

bool collection_read(
	struct arena *a, const char *bytes, size_t n, struct collection *c, struct err *e)
{
	struct jin root;
	if (!jin_parse(a, bytes, n, &root, e))
		return false;
	ONLY(&root, "format", "name", "days", "seed", "haulage", "matrix", "driving", "flows",
		"hubs", "points", "pickups", "vehicles");
	if (!text_eq(jin_text(&root, "format", ID_MAX), "recircuit-rounds-1"))
		jin_fail(&root, "« format » doit valoir recircuit-rounds-1");
	*c = (struct collection){.name = jin_text_or(&root, "name", TEXT_MAX, ""),
		.seed = (uint64_t)jin_int_or(&root, "seed", 0, INT64_MAX / 4, 1),
		.skill = arena_array(a, const char *, SKILLS_MAX)};
	read_day_names(a, &root, c);
	if (jin_failed(&root))
		return false;
	read_flows(a, &root, c, e);
	read_places(a, &root, c, e);
	if (jin_failed(&root))
		return false;
	read_ways(a, &root, c);
	read_driving(&root, &c->driving);
	gather_skills(a, &root, "vehicles", c);
	gather_skills(a, &root, "pickups", c);
	read_carriers(a, &root, c, e);
	if (!jin_failed(&root))
		read_pickups(a, &root, c, e);
	return !jin_failed(&root);
}

size_t collection_find_place(const struct collection *c, const char *id)
{
	struct ids list = IDS(c->place, c->places);
	return look_up(&list, id);
}

size_t collection_find_pickup(const struct collection *c, const char *id)
{
	struct ids list = IDS(c->pickup, c->pickups);
	return look_up(&list, id);
}

size_t collection_find_carrier(const struct collection *c, const char *id)
{
	struct ids list = IDS(c->carrier, c->carriers);
	return look_up(&list, id);
}

size_t collection_find_day(const struct collection *c, const char *name)
{
	struct ids list = day_ids(c);
	return look_up(&list, name);
}

size_t collection_days_between(const struct collection *c, size_t a, size_t b)
{
	size_t straight = a < b ? b - a : a - b, around = c->days - straight;
	return c->days >= ROUND_THE_WEEK && around < straight ? around : straight;
}
