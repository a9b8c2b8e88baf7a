#include "due.h"

#include "jout.h"
#include "parameters.h"
#include "text.h"

#include <math.h>
#include <string.h>

/* Columns of the queries in sql/queries/rounds.sql and network.sql. */
enum { DAY_DAY, DAY_WEEKDAY, DAY_NUMBER, DAY_MONTH };
enum {
	VEHICLE_ID,
	VEHICLE_NAME,
	VEHICLE_SKIPS,
	VEHICLE_VOLUME,
	VEHICLE_LOAD,
	VEHICLE_EUR_DAY,
	VEHICLE_EUR_KM,
	VEHICLE_EUR_H,
	VEHICLE_OVERTIME,
	VEHICLE_COUNT
};
enum { FLOW_ID, FLOW_LABEL };

struct writer {
	struct arena *arena;
	struct jout *j;
	struct parameters parameters;
	struct rows days, vehicles;
	const char **day; /* their names */
	struct due *due;
};

static const char *skip_suffix = ".skip", *crate_suffix = ".crate";

static double value(struct writer *w, const char *id)
{
	return value_of(&w->parameters, id);
}

/* « lundi 22 mars » */
static void name_days(struct writer *w)
{
	static const char *const weekdays[] = {
		"", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"};
	static const char *const months[] = {"", "janvier", "février", "mars", "avril", "mai",
		"juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"};
	w->day = arena_array(w->arena, const char *, w->days.count);
	for (size_t d = 0; d < w->days.count; d++) {
		int64_t number = rows_int(&w->days, d, DAY_NUMBER);
		w->day[d] = arena_printf(w->arena, "%s %d%s %s",
			weekdays[rows_int(&w->days, d, DAY_WEEKDAY)], (int)number,
			number == 1 ? "er" : "", months[rows_int(&w->days, d, DAY_MONTH)]);
	}
}

static void write_days(struct writer *w, const char *key, size_t first, size_t last)
{
	jout_key(w->j, key);
	jout_open(w->j, '[');
	for (size_t d = first; d <= last && d < w->days.count; d++)
		jout_text(w->j, w->day[d]);
	jout_close(w->j);
}

static void write_rules(struct writer *w)
{
	struct jout *j = w->j;
	jout_key(j, "haulage");
	jout_open(j, '{');
	jout_kv_real(j, "speed_km_h", value(w, "rounds.speed_km_h"));
	write_distance_bands(j, &w->parameters);
	jout_close(j);
	jout_key(j, "driving");
	jout_open(j, '{');
	jout_kv_real(j, "max_h", value(w, "rounds.drive_h"));
	jout_kv_real(j, "before_break_h", value(w, "rounds.drive_leg_h"));
	jout_kv_real(j, "break_min", value(w, "rounds.break_min"));
	jout_close(j);
}

/* Each stream twice: in skips, which are exchanged, and in crates. */
static void write_flows(struct writer *w)
{
	struct jout *j = w->j;
	jout_key(j, "flows");
	jout_open(j, '[');
	for (size_t k = 0; k < w->due->flows.count; k++)
		for (int is_skip = 1; is_skip >= 0; is_skip--) {
			double m3 = value(w, is_skip ? "rounds.skip_m3" : "rounds.crate_m3");
			jout_open(j, '{');
			jout_kv_text(j, "id",
				arena_printf(w->arena, "%s%s",
					rows_text(&w->due->flows, k, FLOW_ID),
					is_skip ? skip_suffix : crate_suffix));
			jout_kv_text(j, "name", rows_text(&w->due->flows, k, FLOW_LABEL));
			jout_kv_text(j, "container",
				arena_printf(w->arena, "%s de %g m³",
					is_skip ? "benne" : "caisse-palette", m3));
			jout_kv_real(j, "volume_m3", m3);
			if (is_skip)
				jout_kv_int(j, "skips", 1);
			jout_close(j);
		}
	jout_close(j);
}

static void write_window(struct writer *w, double open_h, double close_h)
{
	jout_open(w->j, '{');
	jout_kv_real(w->j, "open_h", open_h);
	jout_kv_real(w->j, "close_h", close_h);
}

static void write_hubs(struct writer *w)
{
	const struct rows *hubs = &w->due->hubs;
	struct jout *j = w->j;
	double open_h = value(w, "rounds.hub_open_h");
	jout_key(j, "hubs");
	jout_open(j, '[');
	for (size_t h = 0; h < hubs->count; h++) {
		jout_open(j, '{');
		jout_kv_text(j, "id", rows_text(hubs, h, HUB_CODE));
		jout_kv_text(j, "name", rows_text(hubs, h, HUB_NAME));
		jout_kv_text(j, "address", rows_text(hubs, h, HUB_ADDRESS));
		jout_kv_real(j, "lat", rows_real(hubs, h, HUB_LAT));
		jout_kv_real(j, "lon", rows_real(hubs, h, HUB_LON));
		jout_key(j, "windows"), jout_open(j, '[');
		write_window(w, open_h, fmin(24, open_h + value(w, "rounds.shift_h")));
		jout_close(j), jout_close(j);
		jout_kv_real(j, "unload_min", value(w, "rounds.unload_min"));
		jout_close(j);
	}
	jout_close(j);
}

/* The next row that some hub takes. */
static size_t next_taken(const struct rows *pickups, size_t r)
{
	while (r < pickups->count && rows_is_null(pickups, r, PICKUP_HUB))
		r++;
	return r;
}

static void write_points(struct writer *w)
{
	const struct rows *pickups = &w->due->pickups;
	struct jout *j = w->j;
	const char *last = "";
	jout_key(j, "points");
	jout_open(j, '[');
	for (size_t r = next_taken(pickups, 0); r < pickups->count;
		r = next_taken(pickups, r + 1)) {
		if (text_eq(last, rows_text(pickups, r, PICKUP_POINT)))
			continue;
		last = rows_text(pickups, r, PICKUP_POINT);
		jout_open(j, '{');
		jout_kv_text(j, "id", last);
		jout_kv_text(j, "name", rows_text(pickups, r, PICKUP_NAME));
		jout_kv_text(j, "address", rows_text(pickups, r, PICKUP_ADDRESS));
		jout_kv_real(j, "lat", rows_real(pickups, r, PICKUP_LAT));
		jout_kv_real(j, "lon", rows_real(pickups, r, PICKUP_LON));
		jout_key(j, "windows"), jout_open(j, '[');
		write_window(w, value(w, "rounds.point_open_h"), value(w, "rounds.point_close_h"));
		jout_close(j), jout_close(j);
		jout_close(j);
	}
	jout_close(j);
}

static bool is_crate(const struct rows *pickups, size_t r)
{
	return text_eq(rows_text(pickups, r, PICKUP_CONTAINER), "crate");
}

/* Rows r to the result are one pick-up: a skip alone, or all crates of a point that leave at once for one hub. */
static size_t end_of(const struct rows *pickups, size_t r)
{
	size_t end = r + 1;
	while (is_crate(pickups, r) && end < pickups->count && is_crate(pickups, end) &&
		text_eq(rows_text(pickups, end, PICKUP_POINT),
			rows_text(pickups, r, PICKUP_POINT)) &&
		text_eq(rows_text(pickups, end, PICKUP_HUB), rows_text(pickups, r, PICKUP_HUB)) &&
		rows_int(pickups, end, PICKUP_TURN) == rows_int(pickups, r, PICKUP_TURN))
		end++;
	return end;
}

static void write_loads(struct writer *w, size_t r, size_t end)
{
	const struct rows *pickups = &w->due->pickups;
	struct jout *j = w->j;
	jout_key(j, "loads");
	jout_open(j, '[');
	for (; r < end; r++) {
		int64_t units = rows_int(pickups, r, PICKUP_UNITS);
		jout_open(j, '{');
		jout_kv_text(j, "flow",
			arena_printf(w->arena, "%s%s", rows_text(pickups, r, PICKUP_FLOW),
				is_crate(pickups, r) ? crate_suffix : skip_suffix));
		jout_kv_int(j, "units", units);
		jout_kv_real(j, "weight_kg",
			round(1000 * (double)units * rows_real(pickups, r, PICKUP_UNIT_T)));
		jout_close(j);
	}
	jout_close(j);
}

static double service_min(struct writer *w, size_t r, size_t end)
{
	const struct rows *pickups = &w->due->pickups;
	double crates = 0;
	if (!is_crate(pickups, r))
		return value(w, "rounds.stop_min") + value(w, "rounds.skip_min");
	for (; r < end; r++)
		crates += (double)rows_int(pickups, r, PICKUP_UNITS);
	return value(w, "rounds.stop_min") + crates * value(w, "rounds.crate_min");
}

static void write_pickup(struct writer *w, size_t r, size_t end)
{
	const struct rows *pickups = &w->due->pickups;
	struct jout *j = w->j;
	const char *point = rows_text(pickups, r, PICKUP_POINT);
	const char *hub = rows_text(pickups, r, PICKUP_HUB);
	jout_open(j, '{');
	jout_kv_text(j, "id",
		is_crate(pickups, r) ? arena_printf(w->arena, "%s.crates.%s.%s", point, hub,
					       rows_text(pickups, r, PICKUP_TURN))
				     : arena_printf(w->arena, "%s.%s.%s", point,
					       rows_text(pickups, r, PICKUP_FLOW),
					       rows_text(pickups, r, PICKUP_TURN)));
	jout_kv_text(j, "point", point);
	write_loads(w, r, end);
	jout_kv_real(j, "service_min", service_min(w, r, end));
	jout_key(j, "windows"), jout_open(j, '[');
	write_window(w, value(w, "rounds.point_open_h"), value(w, "rounds.point_close_h"));
	write_days(w, "days", (size_t)rows_int(pickups, r, PICKUP_FIRST_DAY),
		(size_t)rows_int(pickups, r, PICKUP_LAST_DAY));
	jout_close(j), jout_close(j);
	jout_key(j, "hubs"), jout_open(j, '[');
	jout_text(j, hub);
	jout_close(j);
	jout_kv_real(j, "penalty_eur", value(w, "rounds.unserved_eur"));
	jout_close(j);
}

static void write_pickups(struct writer *w)
{
	struct due *due = w->due;
	const struct rows *pickups = &due->pickups;
	due->count = 0;
	due->first = arena_array(w->arena, size_t, pickups->count);
	due->length = arena_array(w->arena, size_t, pickups->count);
	jout_key(w->j, "pickups");
	jout_open(w->j, '[');
	for (size_t r = next_taken(pickups, 0), end; r < pickups->count;
		r = next_taken(pickups, end)) {
		end = end_of(pickups, r);
		write_pickup(w, r, end);
		due->first[due->count] = r;
		due->length[due->count++] = end - r;
	}
	jout_close(w->j);
}

static void write_vehicle(struct writer *w, const char *hub, size_t v)
{
	const struct rows *vehicles = &w->vehicles;
	struct jout *j = w->j;
	double skips = rows_real(vehicles, v, VEHICLE_SKIPS);
	double start_h = value(w, "rounds.hub_open_h");
	jout_open(j, '{');
	jout_kv_text(
		j, "id", arena_printf(w->arena, "%s@%s", rows_text(vehicles, v, VEHICLE_ID), hub));
	jout_kv_text(j, "name", rows_text(vehicles, v, VEHICLE_NAME));
	jout_kv_text(j, "hub", hub);
	jout_kv_int(j, "count", rows_int(vehicles, v, VEHICLE_COUNT));
	jout_kv_real(j, "start_h", start_h);
	jout_kv_real(j, "end_h", fmin(24, start_h + value(w, "rounds.shift_h")));
	jout_kv_int(j, "trips", (int64_t)value(w, "rounds.trips"));
	jout_key(j, "capacity");
	jout_open(j, '{');
	jout_kv_real(j, "weight_kg", 1000 * rows_real(vehicles, v, VEHICLE_LOAD));
	jout_kv_real(j, "volume_m3", rows_real(vehicles, v, VEHICLE_VOLUME));
	if (skips > 0)
		jout_kv_real(j, "skips", skips);
	jout_close(j);
	jout_key(j, "flows");
	jout_open(j, '[');
	for (size_t k = 0; k < w->due->flows.count; k++)
		jout_text(j, arena_printf(w->arena, "%s%s", rows_text(&w->due->flows, k, FLOW_ID),
				     skips > 0 ? skip_suffix : crate_suffix));
	jout_close(j);
	jout_kv_real(j, "eur_day", rows_real(vehicles, v, VEHICLE_EUR_DAY));
	jout_kv_real(j, "eur_km", rows_real(vehicles, v, VEHICLE_EUR_KM));
	jout_kv_real(j, "eur_h", rows_real(vehicles, v, VEHICLE_EUR_H));
	jout_kv_real(j, "overtime_after_h", value(w, "rounds.normal_h"));
	jout_kv_real(j, "eur_overtime_h", rows_real(vehicles, v, VEHICLE_OVERTIME));
	jout_close(j);
}

static void write_vehicles(struct writer *w)
{
	const struct rows *hubs = &w->due->hubs;
	jout_key(w->j, "vehicles");
	jout_open(w->j, '[');
	for (size_t h = 0; h < hubs->count; h++)
		for (size_t v = 0; v < w->vehicles.count; v++)
			if (rows_int(&w->vehicles, v, VEHICLE_COUNT) > 0)
				write_vehicle(w, rows_text(hubs, h, HUB_CODE), v);
	jout_close(w->j);
}

bool due_make(struct arena *a, struct db *db, const char *frozen, struct due *out, struct err *e)
{
	const char *params[] = {frozen};
	struct due due;
	struct jout j;
	struct writer w = {.arena = a, .j = &j, .due = &due};
	if (!db_query(a, db, "network_parameter_list", params, 1, &due.parameters, e) ||
		!db_query(a, db, "network_flow_list", params, 1, &due.flows, e) ||
		!db_query(a, db, "rounds_hub_list", params, 1, &due.hubs, e) ||
		!db_query(a, db, "rounds_day_list", params, 1, &w.days, e) ||
		!db_query(a, db, "rounds_vehicle_list", params, 1, &w.vehicles, e) ||
		!db_query(a, db, "rounds_pickup_list", params, 1, &due.pickups, e))
		return false;
	if (next_taken(&due.pickups, 0) == due.pickups.count)
		return err_set(e, ERR_INVALID,
			"rien n’est à enlever cette semaine-là pour ces pôles et ce territoire");
	w.parameters.rows = &due.parameters;
	name_days(&w);
	buf_init(&due.question, a, BUF_NO_LIMIT);
	jout_init(&j, &due.question);
	jout_open(&j, '{');
	jout_kv_text(&j, "format", "recircuit-rounds-1");
	write_days(&w, "days", 0, w.days.count - 1);
	write_rules(&w);
	write_flows(&w);
	write_hubs(&w);
	write_points(&w);
	write_pickups(&w);
	write_vehicles(&w);
	jout_close(&j);
	buf_putc(&due.question, '\n');
	if (w.parameters.missing)
		return err_set(
			e, ERR_INVALID, "paramètre absent de la base : %s", w.parameters.missing);
	*out = due;
	return true;
}

double due_tonnes(const struct due *due, size_t row)
{
	return rows_real(&due->pickups, row, PICKUP_UNITS) *
	       rows_real(&due->pickups, row, PICKUP_UNIT_T);
}
