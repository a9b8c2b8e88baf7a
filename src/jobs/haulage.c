#include "haulage.h"

#include "economy.h"
#include "text.h"

#include <math.h>

enum { FLOW_ID, FLOW_LABEL }; /* network_flow_list */

/* km by road from point to hub, where one band ends and the next begins. */
static const double bands[] = {30, 60, 100, 1e6};
enum { BANDS = sizeof bands / sizeof *bands };

static void read_tariff(struct haulage_table *h)
{
	struct parameters *p = h->parameters;
	h->direct = (struct network){.carbon_eur_t = value_of(p, "carbon.eur_t"),
		.haulage = {
			.eur_km = value_of(p, "haulage.eur_km"),
			.eur_h = value_of(p, "haulage.eur_h"),
			.speed_km_h = value_of(p, "haulage.speed_km_h"),
			.handling_h = value_of(p, "haulage.handling_h"),
			.kgco2_km = value_of(p, "haulage.kgco2_km"),
		}};
}

static const char *flow_of(const struct haulage_table *h, size_t row)
{
	return rows_text(&h->due->pickups, row, PICKUP_FLOW);
}

static double volume_of(const struct haulage_table *h, size_t row)
{
	return rows_real(&h->due->pickups, row, PICKUP_UNITS) *
	       rows_real(&h->due->pickups, row, PICKUP_UNIT_M3);
}

/* EUR by direct trips, as the siting model has it. */
static double estimate_eur(struct haulage_table *h, size_t row, double km)
{
	double payload_t = flow_value(h->arena, h->parameters, flow_of(h, row), "payload_t");
	return due_tonnes(h->due, row) / payload_t *
	       economy_trip_eur(&h->direct, NULL, km, km / h->direct.haulage.speed_km_h);
}

static struct haulage_cell *cell_of(struct haulage_table *h, size_t hub, size_t row, double km)
{
	size_t band = 0, flow = 0;
	while (km >= bands[band])
		band++;
	while (!text_eq(rows_text(&h->due->flows, flow, FLOW_ID), flow_of(h, row)))
		flow++;
	struct haulage_cell *cell = &h->cell[(hub * h->due->flows.count + flow) * BANDS + band];
	cell->hub = hub;
	cell->flow = flow;
	cell->below_km = bands[band];
	return cell;
}

/* What a load would take of a vehicle by itself. */
static double alone(const struct haulage_table *h, size_t hub, size_t pickup, size_t row)
{
	const struct pickup *p = &h->question->pickup[pickup];
	return volume_of(h, row) *
	       (collection_hours(h->question, hub, p->place) +
		       collection_hours(h->question, p->place, hub) + p->service_h);
}

void haulage_init(struct haulage_table *h, struct arena *a, const struct due *due,
	const struct collection *question, struct parameters *parameters)
{
	*h = (struct haulage_table){
		.arena = a, .due = due, .question = question, .parameters = parameters};
	h->cell = arena_array(a, struct haulage_cell, question->hubs * due->flows.count * BANDS);
	read_tariff(h);
}

void haulage_share(
	struct haulage_table *h, size_t hub, double cost_eur, const size_t *pickups, size_t count)
{
	double whole = 0;
	for (int pass = 0; pass < 2; pass++)
		for (size_t n = 0; n < count; n++) {
			size_t first = h->due->first[pickups[n]];
			double km = collection_km(
				h->question, h->question->pickup[pickups[n]].place, hub);
			for (size_t r = first; r < first + h->due->length[pickups[n]]; r++) {
				double part = alone(h, hub, pickups[n], r);
				if (pass == 0) {
					whole += part;
					continue;
				}
				struct haulage_cell *cell = cell_of(h, hub, r, km);
				cell->tonnes += due_tonnes(h->due, r);
				cell->rounds_eur += cost_eur * part / whole;
				cell->estimate_eur += estimate_eur(h, r, km);
			}
		}
}

void haulage_write(struct haulage_table *h, struct jout *j)
{
	size_t all = h->question->hubs * h->due->flows.count * BANDS;
	jout_key(j, "haulage");
	jout_open(j, '[');
	for (size_t n = 0; n < all; n++) {
		const struct haulage_cell cell = h->cell[n];
		if (cell.tonnes <= 0)
			continue;
		h->cell[h->cells++] = cell;
		h->estimate_eur += cell.estimate_eur;
		jout_open(j, '{');
		jout_kv_text(j, "hub", h->question->place[cell.hub].id);
		jout_kv_text(j, "hub_name", h->question->place[cell.hub].name);
		jout_kv_text(j, "flow", rows_text(&h->due->flows, cell.flow, FLOW_ID));
		jout_kv_text(j, "label", rows_text(&h->due->flows, cell.flow, FLOW_LABEL));
		jout_kv_real(j, "below_km", cell.below_km < bands[BANDS - 1] ? cell.below_km : NAN);
		jout_kv_real(j, "tonnes", cell.tonnes);
		jout_kv_real(j, "rounds_eur_t", cell.rounds_eur / cell.tonnes);
		jout_kv_real(j, "estimate_eur_t", cell.estimate_eur / cell.tonnes);
		jout_close(j);
	}
	jout_close(j);
}

bool haulage_store(struct arena *a, struct db *db, const char *run, const struct haulage_table *h,
	struct err *e)
{
	for (size_t n = 0; n < h->cells; n++) {
		const struct haulage_cell *c = &h->cell[n];
		const char *params[] = {run, rows_text(&h->due->hubs, c->hub, HUB_CODE),
			rows_text(&h->due->flows, c->flow, FLOW_ID),
			arena_printf(a, "%g", c->below_km), arena_printf(a, "%.17g", c->tonnes),
			arena_printf(a, "%.17g", c->rounds_eur),
			arena_printf(a, "%.17g", c->estimate_eur)};
		if (!db_query(a, db, "rounds_haulage_add", params, 7, NULL, e))
			return false;
	}
	return true;
}
