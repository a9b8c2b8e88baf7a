#include "weekplan.h"

#include "jout.h"
#include "text.h"

#include <math.h>
#include <string.h>

enum { TEXT_MAX_BYTES = 2000, LIST_MAX = 100000 };
static const double MOST = 1e12; /* of any figure */

struct sum {
	int64_t rounds, pickups;
	double km, hours, tonnes, eur;
};

struct writer {
	struct arena *arena;
	struct jout *j;
	const struct due *due;
	struct collection *c;
	struct haulage_table *haulage;
	struct sum *hub, all;
};

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
		jout_kv_text(w->j, "flow", rows_text(rows, r, PICKUP_FLOW));
		jout_kv_text(w->j, "container", rows_text(rows, r, PICKUP_CONTAINER));
		jout_kv_int(w->j, "units", rows_int(rows, r, PICKUP_UNITS));
		jout_kv_real(w->j, "tonnes", due_tonnes(w->due, r));
		jout_close(w->j);
	}
	jout_close(w->j);
}

static double pickup_t(const struct writer *w, size_t pickup)
{
	double tonnes = 0;
	size_t first = w->due->first[pickup];
	for (size_t r = first; r < first + w->due->length[pickup]; r++)
		tonnes += due_tonnes(w->due, r);
	return tonnes;
}

static void write_place(struct writer *w, size_t place)
{
	const struct locale *l = &w->c->place[place];
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
	size_t place = collection_find_place(w->c, id);
	if (!known(at, place, w->c->places, id))
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
		size_t n = id ? collection_find_pickup(w->c, id) : w->c->pickups;
		if (!known(at, n, w->c->pickups, id))
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
	size_t h = collection_find_place(w->c, hub), v = collection_find_carrier(w->c, vehicle);
	if (!known(at, h, w->c->hubs, hub) || !known(at, v, w->c->carriers, vehicle))
		return;
	size_t *pickups = arena_array(w->arena, size_t, stops.count), count = 0;
	struct jout *j = w->j;
	jout_open(j, '{');
	jout_kv_int(j, "id", jin_int(at, "id", 1, LIST_MAX));
	jout_kv_text(j, "day", jin_text(at, "day", TEXT_MAX_BYTES));
	jout_kv_text(j, "hub", hub);
	jout_kv_text(j, "hub_name", w->c->place[h].name);
	jout_kv_text(j, "kind",
		arena_strndup(w->arena, vehicle, strcspn(vehicle, "@"))); /* <kind>@<hub> */
	jout_kv_text(j, "vehicle", w->c->carrier[v].name);
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
	haulage_share(w->haulage, h, sum.eur, pickups, count);
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
	size_t n = id ? collection_find_pickup(w->c, id) : w->c->pickups;
	struct jin remedies = jin_array(at, "remedies", 0, LIST_MAX);
	if (jin_failed(at) || !known(at, n, w->c->pickups, id))
		return;
	jout_open(w->j, '{');
	write_place(w, w->c->pickup[n].place);
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
	jout_kv_text(w->j, "flow", rows_text(rows, row, PICKUP_FLOW));
	jout_kv_text(w->j, "container", rows_text(rows, row, PICKUP_CONTAINER));
	jout_kv_int(w->j, "units", rows_int(rows, row, PICKUP_UNITS));
	jout_kv_real(w->j, "tonnes", due_tonnes(w->due, row));
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
	for (size_t h = 0; h < w->c->hubs; h++) {
		jout_open(w->j, '{');
		jout_kv_text(w->j, "site", w->c->place[h].id);
		write_place(w, h);
		write_sum(w, &w->hub[h]);
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
		"tonne ; en trajets directs de semi-remorques pleines, comme le suppose le choix "
		"des sites, ce serait %s € par tonne. %s",
		number(w, (double)s->rounds, 0), s->rounds == 1 ? "" : "s", number(w, s->km, 0),
		number(w, s->hours, 0), number(w, s->tonnes, 0), number(w, s->eur, 0),
		number(w, s->eur / s->tonnes, 1),
		number(w, w->haulage->estimate_eur / s->tonnes, 1), left);
}

bool weekplan_make(struct arena *a, const struct due *due, const struct jin *answer,
	struct weekplan *out, struct err *e)
{
	static const char *const proof[] = {"cost", "bound", "gap"};
	struct jout j;
	struct parameters *parameters = arena_one(a, struct parameters);
	struct writer w = {.arena = a,
		.j = &j,
		.due = due,
		.c = arena_one(a, struct collection),
		.haulage = &out->haulage};
	parameters->rows = &due->parameters;
	if (!collection_read(a, due->question.data, due->question.len, w.c, e))
		return false;
	haulage_init(&out->haulage, a, due, w.c, parameters);
	w.hub = arena_array(a, struct sum, w.c->hubs);
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
	haulage_write(&out->haulage, &j);
	jout_key(&j, "totals");
	jout_open(&j, '{');
	write_sum(&w, &w.all);
	jout_kv_real(&j, "estimate_eur_t",
		w.all.tonnes > 0 ? out->haulage.estimate_eur / w.all.tonnes : NAN);
	jout_close(&j);
	const char *said = sentence(&w, unserved);
	jout_kv_text(&j, "sentence", said);
	jout_close(&j);
	if (parameters->missing)
		return err_set(
			e, ERR_INVALID, "paramètre absent de la base : %s", parameters->missing);
	buf_init(&out->brief, a, BUF_NO_LIMIT);
	jout_init(&j, &out->brief);
	jout_open(&j, '{');
	jout_kv_text(&j, "sentence", said);
	jout_close(&j);
	return true;
}
