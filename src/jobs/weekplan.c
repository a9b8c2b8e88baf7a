/* The cost of a round is shared among its loads in proportion to what each would take by itself: its volume times
 * the hours there and back and on the spot. So the shares of a round sum to its cost, and a far or slow load
 * pays more than a near one. The sum over all rounds is then, by hub, stream and distance, the cost per tonne that
 * the siting model may use instead of its estimate: direct trips with full trailers. */
#include "weekplan.h"

#include "collection.h"
#include "economy.h"
#include "jout.h"
#include "parameters.h"
#include "text.h"

#include <math.h>
#include <string.h>

enum { FLOW_ID, FLOW_LABEL }; /* network_flow_list */

/* km by road from point to hub, where one band ends and the next begins. */
static const double bands[] = {30, 60, 100, 1e6};
enum { BANDS = sizeof bands / sizeof *bands, TEXT_MAX_BYTES = 2000, LIST_MAX = 100000 };
static const double MOST = 1e12; /* of any figure */

struct sum {
	int64_t rounds, pickups;
	double km, hours, tonnes, eur;
};

struct writer {
	struct arena *arena;
	struct jout *j;
	const struct due *due;
	struct collection c;
	struct parameters parameters;
	struct network direct;     /* the tariff of direct trips, as a siting network has it */
	struct haulage_cell *cell; /* [hub][flow][band] */
	struct sum *hub, all;
	double estimate_eur; /* of all tonnes that were picked up */
};

/* ---- Costs ---- */

static void read_tariff(struct writer *w)
{
	struct parameters *p = &w->parameters;
	w->direct = (struct network){.carbon_eur_t = value_of(p, "carbon.eur_t"),
		.haulage = {
			.eur_km = value_of(p, "haulage.eur_km"),
			.eur_h = value_of(p, "haulage.eur_h"),
			.speed_km_h = value_of(p, "haulage.speed_km_h"),
			.handling_h = value_of(p, "haulage.handling_h"),
			.kgco2_km = value_of(p, "haulage.kgco2_km"),
		}};
}

static const char *flow_of(const struct writer *w, size_t row)
{
	return rows_text(&w->due->pickups, row, PICKUP_FLOW);
}

static double tonnes_of(const struct writer *w, size_t row)
{
	return rows_real(&w->due->pickups, row, PICKUP_UNITS) *
	       rows_real(&w->due->pickups, row, PICKUP_UNIT_T);
}

static double volume_of(const struct writer *w, size_t row)
{
	return rows_real(&w->due->pickups, row, PICKUP_UNITS) *
	       rows_real(&w->due->pickups, row, PICKUP_UNIT_M3);
}

/* EUR by direct trips, as the siting model has it. */
static double estimate_eur(struct writer *w, size_t row, double km)
{
	double payload_t = flow_value(w->arena, &w->parameters, flow_of(w, row), "payload_t");
	return tonnes_of(w, row) / payload_t *
	       economy_trip_eur(&w->direct, NULL, km, km / w->direct.haulage.speed_km_h);
}

static struct haulage_cell *cell_of(struct writer *w, size_t hub, size_t row, double km)
{
	size_t band = 0, flow = 0;
	while (km >= bands[band])
		band++;
	while (!text_eq(rows_text(&w->due->flows, flow, FLOW_ID), flow_of(w, row)))
		flow++;
	struct haulage_cell *cell = &w->cell[(hub * w->due->flows.count + flow) * BANDS + band];
	cell->hub = hub;
	cell->flow = flow;
	cell->below_km = bands[band];
	return cell;
}

/* What a load would take of a vehicle by itself. */
static double alone(const struct writer *w, size_t hub, size_t pickup, size_t row)
{
	const struct pickup *p = &w->c.pickup[pickup];
	return volume_of(w, row) * (collection_hours(&w->c, hub, p->place) +
					   collection_hours(&w->c, p->place, hub) + p->service_h);
}

/* `pickups`: places in the question's list. */
static void share_cost(
	struct writer *w, size_t hub, double cost_eur, const size_t *pickups, size_t count)
{
	double whole = 0;
	for (int pass = 0; pass < 2; pass++)
		for (size_t n = 0; n < count; n++) {
			size_t first = w->due->first[pickups[n]];
			double km = collection_km(&w->c, w->c.pickup[pickups[n]].place, hub);
			for (size_t r = first; r < first + w->due->length[pickups[n]]; r++) {
				double part = alone(w, hub, pickups[n], r);
				if (pass == 0) {
					whole += part;
					continue;
				}
				struct haulage_cell *cell = cell_of(w, hub, r, km);
				cell->tonnes += tonnes_of(w, r);
				cell->rounds_eur += cost_eur * part / whole;
				cell->estimate_eur += estimate_eur(w, r, km);
			}
		}
}

/* ---- Rounds ---- */

static void copy_real(struct writer *w, const struct jin *from, const char *key)
{
	jout_kv_real(w->j, key, jin_real(from, key, 0, MOST));
}

static void write_loads(struct writer *w, size_t pickup)
{
	const struct rows *rows = &w->due->pickups;
	size_t first = w->due->first[pickup];
	jout_key(w->j, "loads");
	jout_open(w->j, '[');
	for (size_t r = first; r < first + w->due->length[pickup]; r++) {
		jout_open(w->j, '{');
		jout_kv_text(w->j, "flow", flow_of(w, r));
		jout_kv_text(w->j, "container", rows_text(rows, r, PICKUP_CONTAINER));
		jout_kv_int(w->j, "units", rows_int(rows, r, PICKUP_UNITS));
		jout_kv_real(w->j, "tonnes", tonnes_of(w, r));
		jout_close(w->j);
	}
	jout_close(w->j);
}

static double pickup_t(const struct writer *w, size_t pickup)
{
	double tonnes = 0;
	size_t first = w->due->first[pickup];
	for (size_t r = first; r < first + w->due->length[pickup]; r++)
		tonnes += tonnes_of(w, r);
	return tonnes;
}

static void write_place(struct writer *w, size_t place)
{
	const struct locale *l = &w->c.place[place];
	jout_kv_text(w->j, "name", l->name);
	jout_kv_text(w->j, "address", l->address);
	jout_key(w->j, "lat"), jout_fixed(w->j, l->at.lat, 5);
	jout_key(w->j, "lon"), jout_fixed(w->j, l->at.lon, 5);
}

/* The place of what the answer names in the question's list; one that is not there is an error of the answer. */
static bool known(const struct jin *at, size_t place, size_t count, const char *id)
{
	if (place < count)
		return true;
	jin_fail(at, "« %s » n’est pas dans la question", id ? id : "");
	return false;
}

static void write_stop(struct writer *w, const struct jin *at, size_t *pickups, size_t *count)
{
	const char *id = jin_text(at, "place", TEXT_MAX_BYTES);
	const char *kind = jin_text(at, "kind", TEXT_MAX_BYTES);
	if (jin_failed(at))
		return;
	size_t place = collection_find_place(&w->c, id);
	if (!known(at, place, w->c.places, id))
		return;
	jout_open(w->j, '{');
	jout_kv_text(w->j, "kind", kind);
	write_place(w, place);
	jout_kv_int(w->j, "trip", jin_int(at, "trip", 0, LIST_MAX));
	copy_real(w, at, "km");
	copy_real(w, at, "arrive_h");
	copy_real(w, at, "leave_h");
	if (text_eq(kind, "pickup")) {
		id = jin_text(at, "pickup", TEXT_MAX_BYTES);
		size_t n = id ? collection_find_pickup(&w->c, id) : w->c.pickups;
		if (!known(at, n, w->c.pickups, id))
			return;
		write_loads(w, n);
		pickups[(*count)++] = n;
	}
	jout_close(w->j);
}

static void add(struct sum *s, const struct sum *more)
{
	s->rounds += more->rounds;
	s->pickups += more->pickups;
	s->km += more->km;
	s->hours += more->hours;
	s->tonnes += more->tonnes;
	s->eur += more->eur;
}

static void write_sum(struct writer *w, const struct sum *s)
{
	jout_kv_int(w->j, "rounds", s->rounds);
	jout_kv_int(w->j, "pickups", s->pickups);
	jout_kv_real(w->j, "km", s->km);
	jout_kv_real(w->j, "hours", s->hours);
	jout_kv_real(w->j, "tonnes", s->tonnes);
	jout_kv_real(w->j, "eur", s->eur);
	jout_kv_real(w->j, "eur_t", s->tonnes > 0 ? s->eur / s->tonnes : NAN);
}

/* On the way to stop `leg`, or on arrival there. */
static void write_breaks(struct writer *w, const struct jin *at)
{
	struct jin breaks = jin_array(at, "breaks", 0, LIST_MAX);
	jout_key(w->j, "breaks");
	jout_open(w->j, '[');
	for (size_t n = 0; n < breaks.count && !jin_failed(at); n++) {
		struct jin item = jin_item(&breaks, n);
		jout_open(w->j, '{');
		copy_real(w, &item, "begin_h");
		copy_real(w, &item, "end_h");
		jout_kv_int(w->j, "leg", jin_int(&item, "leg", 0, LIST_MAX));
		jout_close(w->j);
	}
	jout_close(w->j);
}

static void write_round(struct writer *w, const struct jin *at)
{
	static const char *const figures[] = {"leave_h", "back_h", "driving_h", "fixed_eur",
		"km_eur", "hours_eur", "overtime_eur"};
	const char *hub = jin_text(at, "hub", TEXT_MAX_BYTES);
	const char *vehicle = jin_text(at, "vehicle", TEXT_MAX_BYTES);
	struct jin stops = jin_array(at, "stops", 2, LIST_MAX);
	if (jin_failed(at))
		return;
	size_t h = collection_find_place(&w->c, hub), v = collection_find_carrier(&w->c, vehicle);
	if (!known(at, h, w->c.hubs, hub) || !known(at, v, w->c.carriers, vehicle))
		return;
	size_t *pickups = arena_array(w->arena, size_t, stops.count), count = 0;
	struct jout *j = w->j;
	jout_open(j, '{');
	jout_kv_int(j, "id", jin_int(at, "id", 1, LIST_MAX));
	jout_kv_text(j, "day", jin_text(at, "day", TEXT_MAX_BYTES));
	jout_kv_text(j, "hub", hub);
	jout_kv_text(j, "hub_name", w->c.place[h].name);
	jout_kv_text(j, "kind",
		arena_strndup(w->arena, vehicle, strcspn(vehicle, "@"))); /* <kind>@<hub> */
	jout_kv_text(j, "vehicle", w->c.carrier[v].name);
	jout_kv_int(j, "trips", jin_int(at, "trips", 1, LIST_MAX));
	for (size_t n = 0; n < sizeof figures / sizeof *figures; n++)
		copy_real(w, at, figures[n]);
	write_breaks(w, at);
	jout_key(j, "stops");
	jout_open(j, '[');
	for (size_t n = 0; n < stops.count && !jin_failed(at); n++) {
		struct jin stop = jin_item(&stops, n);
		write_stop(w, &stop, pickups, &count);
	}
	if (jin_failed(at))
		return;
	jout_close(j);
	struct sum sum = {.rounds = 1,
		.pickups = (int64_t)count,
		.km = jin_real(at, "km", 0, MOST),
		.hours = jin_real(at, "hours", 0, MOST),
		.eur = jin_real(at, "cost_eur", 0, MOST)};
	for (size_t n = 0; n < count; n++)
		sum.tonnes += pickup_t(w, pickups[n]);
	write_sum(w, &sum);
	jout_close(j);
	add(&w->hub[h], &sum);
	add(&w->all, &sum);
	share_cost(w, h, sum.eur, pickups, count);
}

static void write_rounds(struct writer *w, const struct jin *answer)
{
	struct jin rounds = jin_array(answer, "rounds", 0, LIST_MAX);
	jout_key(w->j, "rounds");
	jout_open(w->j, '[');
	for (size_t n = 0; n < rounds.count && !jin_failed(answer); n++) {
		struct jin round = jin_item(&rounds, n);
		write_round(w, &round);
	}
	if (!jin_failed(answer))
		jout_close(w->j);
}

/* ---- What is left ---- */

static void write_unserved_one(struct writer *w, const struct jin *at)
{
	const char *id = jin_text(at, "pickup", TEXT_MAX_BYTES);
	size_t n = id ? collection_find_pickup(&w->c, id) : w->c.pickups;
	struct jin remedies = jin_array(at, "remedies", 0, LIST_MAX);
	if (jin_failed(at) || !known(at, n, w->c.pickups, id))
		return;
	jout_open(w->j, '{');
	write_place(w, w->c.pickup[n].place);
	write_loads(w, n);
	jout_kv_text(w->j, "reason", jin_text(at, "reason", TEXT_MAX_BYTES));
	jout_kv_text(w->j, "text", jin_text(at, "text", TEXT_MAX_BYTES));
	jout_key(w->j, "remedies");
	jout_open(w->j, '[');
	for (size_t r = 0; r < remedies.count; r++) {
		struct jin remedy = jin_item(&remedies, r);
		jout_text(w->j, jin_text(&remedy, "text", TEXT_MAX_BYTES));
	}
	jout_close(w->j);
	jout_close(w->j);
}

/* A stream that no hub takes was not put to the solver. */
static void write_untaken(struct writer *w, size_t row)
{
	const struct rows *rows = &w->due->pickups;
	jout_open(w->j, '{');
	jout_kv_text(w->j, "name", rows_text(rows, row, PICKUP_NAME));
	jout_kv_text(w->j, "address", rows_text(rows, row, PICKUP_ADDRESS));
	jout_kv_real(w->j, "lat", rows_real(rows, row, PICKUP_LAT));
	jout_kv_real(w->j, "lon", rows_real(rows, row, PICKUP_LON));
	jout_key(w->j, "loads");
	jout_open(w->j, '[');
	jout_open(w->j, '{');
	jout_kv_text(w->j, "flow", flow_of(w, row));
	jout_kv_text(w->j, "container", rows_text(rows, row, PICKUP_CONTAINER));
	jout_kv_int(w->j, "units", rows_int(rows, row, PICKUP_UNITS));
	jout_kv_real(w->j, "tonnes", tonnes_of(w, row));
	jout_close(w->j);
	jout_close(w->j);
	jout_kv_text(w->j, "reason", "no_hub");
	jout_kv_text(w->j, "text", "aucun des pôles demandés ne prend ce flux");
	jout_key(w->j, "remedies");
	jout_open(w->j, '[');
	jout_text(w->j, "demander aussi un pôle qui le prend");
	jout_close(w->j);
	jout_close(w->j);
}

static size_t write_unserved(struct writer *w, const struct jin *answer)
{
	struct jin list = jin_array(answer, "unserved", 0, LIST_MAX);
	size_t count = list.count;
	jout_key(w->j, "unserved");
	jout_open(w->j, '[');
	for (size_t n = 0; n < list.count && !jin_failed(answer); n++) {
		struct jin at = jin_item(&list, n);
		write_unserved_one(w, &at);
	}
	for (size_t r = 0; r < w->due->pickups.count && !jin_failed(answer); r++)
		if (rows_is_null(&w->due->pickups, r, PICKUP_HUB)) {
			write_untaken(w, r);
			count++;
		}
	if (!jin_failed(answer))
		jout_close(w->j);
	return count;
}

/* ---- Sums ---- */

static void write_hubs(struct writer *w)
{
	jout_key(w->j, "hubs");
	jout_open(w->j, '[');
	for (size_t h = 0; h < w->c.hubs; h++) {
		jout_open(w->j, '{');
		jout_kv_text(w->j, "site", w->c.place[h].id);
		write_place(w, h);
		write_sum(w, &w->hub[h]);
		jout_close(w->j);
	}
	jout_close(w->j);
}

static void write_haulage(struct writer *w, struct weekplan *out)
{
	size_t cells = w->c.hubs * w->due->flows.count * BANDS;
	out->cell = w->cell;
	jout_key(w->j, "haulage");
	jout_open(w->j, '[');
	for (size_t n = 0; n < cells; n++) {
		const struct haulage_cell cell = w->cell[n];
		if (cell.tonnes <= 0)
			continue;
		w->cell[out->cells++] = cell;
		w->estimate_eur += cell.estimate_eur;
		jout_open(w->j, '{');
		jout_kv_text(w->j, "hub", w->c.place[cell.hub].id);
		jout_kv_text(w->j, "hub_name", w->c.place[cell.hub].name);
		jout_kv_text(w->j, "flow", rows_text(&w->due->flows, cell.flow, FLOW_ID));
		jout_kv_text(w->j, "label", rows_text(&w->due->flows, cell.flow, FLOW_LABEL));
		jout_kv_real(
			w->j, "below_km", cell.below_km < bands[BANDS - 1] ? cell.below_km : NAN);
		jout_kv_real(w->j, "tonnes", cell.tonnes);
		jout_kv_real(w->j, "rounds_eur_t", cell.rounds_eur / cell.tonnes);
		jout_kv_real(w->j, "estimate_eur_t", cell.estimate_eur / cell.tonnes);
		jout_close(w->j);
	}
	jout_close(w->j);
}

static const char *number(struct writer *w, double v, int decimals)
{
	return text_french_number(w->arena, v, decimals);
}

static const char *sentence(struct writer *w, size_t unserved)
{
	const struct sum *s = &w->all;
	const char *left =
		!unserved
			? "Rien ne reste sans tournée."
			: arena_printf(w->arena,
				  "%zu enlèvement%s sans tournée : la raison de chacun est donnée.",
				  unserved, unserved == 1 ? " reste" : "s restent");
	if (!s->rounds)
		return arena_printf(w->arena, "Aucune tournée. %s", left);
	return arena_printf(w->arena,
		"%s tournée%s, %s km et %s h de travail enlèvent %s t pour %s €, soit %s € par "
		"tonne ; en trajets directs de "
		"semi-remorques pleines, comme le suppose le choix des sites, ce serait %s € par "
		"tonne. %s",
		number(w, (double)s->rounds, 0), s->rounds == 1 ? "" : "s", number(w, s->km, 0),
		number(w, s->hours, 0), number(w, s->tonnes, 0), number(w, s->eur, 0),
		number(w, s->eur / s->tonnes, 1), number(w, w->estimate_eur / s->tonnes, 1), left);
}

bool weekplan_make(struct arena *a, const struct due *due, const struct jin *answer,
	struct weekplan *out, struct err *e)
{
	static const char *const proof[] = {"cost", "bound", "gap"};
	struct jout j;
	struct writer w = {.arena = a, .j = &j, .due = due, .parameters = {&due->parameters, NULL}};
	*out = (struct weekplan){.due = due};
	if (!collection_read(a, due->question.data, due->question.len, &w.c, e))
		return false;
	read_tariff(&w);
	w.hub = arena_array(a, struct sum, w.c.hubs);
	w.cell = arena_array(a, struct haulage_cell, w.c.hubs * due->flows.count * BANDS);
	buf_init(&out->report, a, BUF_NO_LIMIT);
	jout_init(&j, &out->report);
	jout_open(&j, '{');
	jout_kv_text(&j, "status", jin_text(answer, "status", TEXT_MAX_BYTES));
	for (size_t n = 0; n < sizeof proof / sizeof *proof; n++)
		jout_kv_real(&j, proof[n], jin_real_or(answer, proof[n], -MOST, MOST, NAN));
	jout_kv_real(&j, "seconds", jin_real(answer, "seconds", 0, MOST));
	write_rounds(&w, answer);
	if (jin_failed(answer))
		return false;
	size_t unserved = write_unserved(&w, answer);
	if (jin_failed(answer))
		return false;
	write_hubs(&w);
	write_haulage(&w, out);
	jout_key(&j, "totals");
	jout_open(&j, '{');
	write_sum(&w, &w.all);
	jout_kv_real(&j, "estimate_eur_t", w.all.tonnes > 0 ? w.estimate_eur / w.all.tonnes : NAN);
	jout_close(&j);
	const char *said = sentence(&w, unserved);
	jout_kv_text(&j, "sentence", said);
	jout_close(&j);
	if (w.parameters.missing)
		return err_set(
			e, ERR_INVALID, "paramètre absent de la base : %s", w.parameters.missing);
	buf_init(&out->brief, a, BUF_NO_LIMIT);
	jout_init(&j, &out->brief);
	jout_open(&j, '{');
	jout_kv_text(&j, "sentence", said);
	jout_close(&j);
	return true;
}

bool weekplan_store_haulage(
	struct arena *a, struct db *db, const char *run, const struct weekplan *plan, struct err *e)
{
	for (size_t n = 0; n < plan->cells; n++) {
		const struct haulage_cell *c = &plan->cell[n];
		const char *params[] = {run, rows_text(&plan->due->hubs, c->hub, HUB_CODE),
			rows_text(&plan->due->flows, c->flow, FLOW_ID),
			arena_printf(a, "%g", c->below_km), arena_printf(a, "%.17g", c->tonnes),
			arena_printf(a, "%.17g", c->rounds_eur),
			arena_printf(a, "%.17g", c->estimate_eur)};
		if (!db_query(a, db, "rounds_haulage_add", params, 7, NULL, e))
			return false;
	}
	return true;
}
