#include "instance.h"

#include "coalition.h"
#include "draws.h"
#include "jin.h"
#include "jout.h"
#include "parameters.h"
#include "range.h"
#include "text.h"

#include <math.h>
#include <string.h>

/* Columns of the queries in sql/queries/network.sql. */
enum { YEAR_YEAR, YEAR_GROWTH };
enum { POINT_ID, POINT_NAME, POINT_LON, POINT_LAT, POINT_DEPARTEMENT, POINT_REGION, POINT_TONNES };
enum { SUPPLY_POINT, SUPPLY_FLOW, SUPPLY_TONNES };
enum { FLOW_ID, FLOW_LABEL, FLOW_RANK, FLOW_SHARE };
enum { HAUL_RUN, HAUL_FLOW, HAUL_LABEL, HAUL_BELOW, HAUL_EXTRA = 7 };
enum { SITE_ID, SITE_CODE, SITE_KIND, SITE_NAME, SITE_LON, SITE_LAT, SITE_REGION };
enum { LANE_POINT, LANE_SITE, LANE_KM, LANE_HOURS };
enum { SITE_FLOW_SITE, SITE_FLOW_FLOW, SITE_FLOW_CAPACITY };

static const char line_type[] = "standard";

_Static_assert(INSTANCE_DRAWS_MAX == (int)DRAWS_MAX, "what is promised is what the solver takes");

/* Of each search of a study, unless the request says otherwise: there are hundreds. */
static const double STUDY_GAP = 0.005, STUDY_S = 10, STUDY_SECOND_LOOK = 4;

/* What 1 t of a flow costs in a new line, capacity apart; the terms of solver/network/economy.h. */
struct flow_costs {
	double payload_t, extra, energy, consumables, support, revenue, residue_share, residue;
};

static struct flow_costs flow_costs(struct arena *a, struct parameters *p, const char *flow)
{
	return (struct flow_costs){
		.payload_t = flow_value(a, p, flow, "payload_t"),
		.extra = flow_value(a, p, flow, "extra_eur_t"),
		.energy = value_of(p, "line.kwh_t") * value_of(p, "line.energy_eur_kwh"),
		.consumables = value_of(p, "line.consumables_eur_t"),
		.support = flow_value(a, p, flow, "support_eur_t"),
		.revenue = flow_value(a, p, flow, "revenue_eur_t"),
		.residue_share = flow_value(a, p, flow, "residue_share"),
		.residue = value_of(p, "line.residue_eur_t"),
	};
}

static double capex_of(struct parameters *p, double capacity_t)
{
	return value_of(p, "line.capex_eur") * pow(capacity_t / value_of(p, "line.reference_t"),
						       value_of(p, "line.scale_exponent"));
}

static double jobs_of(struct parameters *p, double capacity_t)
{
	return value_of(p, "line.jobs") *
	       pow(capacity_t / value_of(p, "line.reference_t"), value_of(p, "line.jobs_exponent"));
}

/* The fee of existing plants, EUR per tonne: their full cost at the reference size (capex as an
 * annuity over its life, upkeep, jobs, an equal share of the site, variable costs) plus the margin.
 * The margin is taken on the size of the net cost, so that it raises a negative fee as well. */
static double gate_fee(struct parameters *p, const struct flow_costs *f, size_t flows)
{
	double t = value_of(p, "existing.reference_t"), capex = capex_of(p, t);
	double rate = value_of(p, "economy.discount_rate"), life = value_of(p, "line.life_years");
	double annuity = rate != 0 ? rate / (1 - pow(1 + rate, -life)) : 1 / life;
	double fixed = capex * (annuity + value_of(p, "line.upkeep_share")) +
		       jobs_of(p, t) * value_of(p, "line.job_eur") +
		       value_of(p, "site.eur_year") / (double)flows;
	double net = fixed / t + f->extra + f->energy + f->consumables - f->revenue - f->support +
		     f->residue_share * f->residue;
	return value_of(p, "existing.gate_factor") *
	       (net + value_of(p, "existing.margin") * fabs(net));
}

static void write_haulage(struct jout *j, struct parameters *p)
{
	jout_key(j, "haulage");
	jout_open(j, '{');
	jout_kv_real(j, "eur_km", value_of(p, "haulage.eur_km"));
	jout_kv_real(j, "eur_h", value_of(p, "haulage.eur_h"));
	jout_kv_real(j, "speed_km_h", value_of(p, "haulage.speed_km_h"));
	jout_kv_real(j, "handling_h", value_of(p, "haulage.handling_h"));
	jout_kv_real(j, "kgco2_km", value_of(p, "haulage.kgco2_km"));
	write_distance_bands(j, p);
	jout_close(j);
}

/* What rounds cost beyond direct trips with full trailers. */
static void write_haul_bands(struct jout *j, const struct rows *bands, const char *flow)
{
	bool is_open = false;
	for (size_t b = 0; b < bands->count; b++) {
		if (!text_eq(rows_text(bands, b, HAUL_FLOW), flow))
			continue;
		if (!is_open)
			jout_key(j, "haul_bands"), jout_open(j, '[');
		is_open = true;
		jout_open(j, '{');
		if (!rows_is_null(bands, b, HAUL_BELOW))
			jout_kv_real(j, "below_km", rows_real(bands, b, HAUL_BELOW));
		jout_kv_real(j, "extra_eur_t", rows_real(bands, b, HAUL_EXTRA));
		jout_close(j);
	}
	if (is_open)
		jout_close(j);
}

static void write_flows(struct arena *a, struct jout *j, struct parameters *p,
	const struct instance *in, double *fees)
{
	jout_key(j, "flows");
	jout_open(j, '[');
	for (size_t k = 0; k < in->flows.count; k++) {
		const char *id = rows_text(&in->flows, k, FLOW_ID);
		struct flow_costs f = flow_costs(a, p, id);
		fees[k] = gate_fee(p, &f, in->flows.count);
		jout_open(j, '{');
		jout_kv_text(j, "id", id);
		jout_kv_real(j, "payload_t", f.payload_t);
		jout_kv_real(j, "handling_eur_t", value_of(p, "collection.handling_eur_t"));
		jout_kv_real(j, "extra_eur_t", f.extra);
		jout_kv_real(j, "energy_eur_t", f.energy);
		jout_kv_real(j, "consumables_eur_t", f.consumables);
		jout_kv_real(j, "support_eur_t", f.support);
		jout_kv_real(j, "revenue_eur_t", f.revenue);
		jout_kv_real(j, "residue_share", f.residue_share);
		jout_kv_real(j, "residue_eur_t", f.residue);
		jout_key(j, "growth");
		jout_open(j, '[');
		for (size_t t = 0; t < in->years.count; t++)
			jout_real(j, rows_real(&in->years, t, YEAR_GROWTH));
		jout_close(j);
		write_haul_bands(j, &in->haul_bands, id);
		jout_close(j);
	}
	jout_close(j);
}

static void write_line_type(struct arena *a, struct jout *j, struct parameters *p)
{
	enum { LEVELS = 5 };
	jout_key(j, "line_types");
	jout_open(j, '[');
	jout_open(j, '{');
	jout_kv_text(j, "id", line_type);
	jout_kv_int(j, "life_years", llround(value_of(p, "line.life_years")));
	jout_kv_real(j, "job_eur", value_of(p, "line.job_eur"));
	jout_kv_real(j, "closing_share", value_of(p, "line.closing_share"));
	jout_key(j, "levels");
	jout_open(j, '[');
	for (int l = 1; l <= LEVELS; l++) {
		double capacity_t = value_of(p, arena_printf(a, "line.level_%d_t", l));
		double capex = capex_of(p, capacity_t);
		jout_open(j, '{');
		jout_kv_real(j, "capacity_t", capacity_t);
		jout_kv_real(j, "capex_eur", capex);
		jout_kv_real(j, "upkeep_eur", capex * value_of(p, "line.upkeep_share"));
		jout_kv_real(j, "jobs", jobs_of(p, capacity_t));
		jout_close(j);
	}
	jout_close(j);
	jout_close(j);
	jout_close(j);
}

/* Tonnes of a point: its share of each flow, or flow by flow as recorded; its rows in `supply` begin
 * at *next, as both lists go by point id. */
static void write_tonnes(struct jout *j, const struct instance *in, size_t i, size_t *next)
{
	const char *point = rows_text(&in->points, i, POINT_ID);
	const struct rows *v = &in->supply;
	for (size_t k = 0; k < in->flows.count; k++) {
		if (!in->is_recorded) {
			jout_real(j, rows_real(&in->points, i, POINT_TONNES) *
					     rows_real(&in->flows, k, FLOW_SHARE));
			continue;
		}
		bool is_there = *next < v->count &&
				text_eq(rows_text(v, *next, SUPPLY_POINT), point) &&
				text_eq(rows_text(v, *next, SUPPLY_FLOW),
					rows_text(&in->flows, k, FLOW_ID));
		jout_real(j, is_there ? rows_real(v, (*next)++, SUPPLY_TONNES) : 0);
	}
}

static void write_points(struct jout *j, const struct instance *in)
{
	size_t next = 0;
	jout_key(j, "points");
	jout_open(j, '[');
	for (size_t i = 0; i < in->points.count; i++) {
		jout_open(j, '{');
		jout_kv_text(j, "id", rows_text(&in->points, i, POINT_ID));
		jout_kv_text(j, "region", rows_text(&in->points, i, POINT_REGION));
		jout_kv_real(j, "lat", rows_real(&in->points, i, POINT_LAT));
		jout_kv_real(j, "lon", rows_real(&in->points, i, POINT_LON));
		jout_key(j, "tonnes");
		jout_open(j, '[');
		write_tonnes(j, in, i, &next);
		jout_close(j);
		jout_close(j);
	}
	jout_close(j);
}

/* The lines of one site; its rows in site_flows begin at *next, as both lists go by site id. */
static void write_site_lines(struct jout *j, const struct rows *site_flows, const char *site,
	bool is_candidate, const struct instance *in, const double *fees, size_t *next)
{
	jout_key(j, "lines");
	jout_open(j, '[');
	for (; *next < site_flows->count; (*next)++) {
		if (!text_eq(rows_text(site_flows, *next, SITE_FLOW_SITE), site))
			break;
		const char *flow = rows_text(site_flows, *next, SITE_FLOW_FLOW);
		size_t k = 0;
		while (k < in->flows.count && !text_eq(rows_text(&in->flows, k, FLOW_ID), flow))
			k++;
		if (k == in->flows.count)
			continue;
		jout_open(j, '{');
		jout_kv_text(j, "flow", flow);
		if (is_candidate) {
			jout_kv_text(j, "type", line_type);
		} else {
			jout_kv_real(j, "gate_eur_t", fees[k]);
			if (!rows_is_null(site_flows, *next, SITE_FLOW_CAPACITY))
				jout_kv_real(j, "capacity_t",
					rows_real(site_flows, *next, SITE_FLOW_CAPACITY));
		}
		jout_close(j);
	}
	jout_close(j);
}

/* t a year that every candidate may take, and has to while it is open. */
struct site_limits {
	double site_max_t, site_min_t;
};

static void write_sites(struct jout *j, struct parameters *p, const struct instance *in,
	const struct rows *site_flows, const double *fees, const struct site_limits *limits)
{
	size_t next = 0;
	jout_key(j, "sites");
	jout_open(j, '[');
	for (size_t s = 0; s < in->sites.count; s++) {
		bool is_candidate = text_eq(rows_text(&in->sites, s, SITE_KIND), "candidate");
		jout_open(j, '{');
		jout_kv_text(j, "id", rows_text(&in->sites, s, SITE_CODE));
		jout_kv_text(j, "name", rows_text(&in->sites, s, SITE_NAME));
		jout_kv_text(j, "region", rows_text(&in->sites, s, SITE_REGION));
		jout_kv_real(j, "lat", rows_real(&in->sites, s, SITE_LAT));
		jout_kv_real(j, "lon", rows_real(&in->sites, s, SITE_LON));
		jout_kv_text(j, "kind", is_candidate ? "candidate" : "existing");
		if (is_candidate) {
			jout_kv_real(j, "site_eur", value_of(p, "site.eur_year"));
			jout_kv_real(j, "max_t", limits->site_max_t); /* without limit: null */
			jout_kv_real(j, "min_t", limits->site_min_t);
		}
		write_site_lines(j, site_flows, rows_text(&in->sites, s, SITE_ID), is_candidate, in,
			fees, &next);
		jout_close(j);
	}
	jout_close(j);
}

/* Distances that were imported; those of points that collect nothing are passed over. Both lists go by
 * point id. */
static void write_lanes(struct jout *j, const struct instance *in)
{
	if (!in->lanes.count)
		return;
	size_t i = 0;
	jout_key(j, "lanes");
	jout_open(j, '[');
	for (size_t n = 0; n < in->lanes.count; n++) {
		int64_t point = rows_int(&in->lanes, n, LANE_POINT);
		while (i < in->points.count && rows_int(&in->points, i, POINT_ID) < point)
			i++;
		if (i == in->points.count || rows_int(&in->points, i, POINT_ID) != point)
			continue;
		jout_open(j, '{');
		jout_kv_text(j, "point", rows_text(&in->lanes, n, LANE_POINT));
		jout_kv_text(j, "site", rows_text(&in->lanes, n, LANE_SITE));
		jout_kv_real(j, "km", rows_real(&in->lanes, n, LANE_KM));
		if (!rows_is_null(&in->lanes, n, LANE_HOURS))
			jout_kv_real(j, "hours", rows_real(&in->lanes, n, LANE_HOURS));
		jout_close(j);
	}
	jout_close(j);
}

/* Every region of a point or a site, once, in order of appearance. */
static void write_regions(struct arena *a, struct jout *j, const struct instance *in)
{
	size_t total = in->points.count + in->sites.count, count = 0;
	const char **seen = arena_array(a, const char *, total);
	jout_key(j, "regions");
	jout_open(j, '[');
	for (size_t n = 0; n < total; n++) {
		const char *region =
			n < in->points.count
				? rows_text(&in->points, n, POINT_REGION)
				: rows_text(&in->sites, n - in->points.count, SITE_REGION);
		size_t r = 0;
		while (r < count && !text_eq(seen[r], region))
			r++;
		if (r < count)
			continue;
		seen[count++] = region;
		jout_text(j, region);
	}
	jout_close(j);
}

/* The definition's own limits, which the solver takes as they are; those of sites come with these. */
static void write_limits(struct jout *j, const struct jin *root)
{
	static const char *const limits[] = {
		"budget_eur", "budget_eur_year", "max_co2_t", "max_co2_t_year"};
	if (jin_has(root, "max_platforms"))
		jout_kv_int(j, "max_platforms", jin_int(root, "max_platforms", 0, 5000));
	for (size_t n = 0; n < sizeof limits / sizeof *limits; n++)
		if (jin_has(root, limits[n]))
			jout_kv_real(j, limits[n], jin_real(root, limits[n], 0, 1e12));
}

static struct site_limits read_site_limits(const struct jin *root)
{
	return (struct site_limits){jin_real_or(root, "site_max_t", 0, 1e12, INFINITY),
		jin_real_or(root, "site_min_t", 0, 1e12, 0)};
}

static bool has_points(const struct instance *in, const char *region)
{
	for (size_t n = 0; n < in->points.count; n++)
		if (text_eq(rows_text(&in->points, n, POINT_REGION), region))
			return true;
	return false;
}

/* The definition's regions that give something, in its order, if they are not too many to share. */
static void write_players(
	struct arena *a, struct jout *j, const struct jin *root, const struct instance *in)
{
	struct jin regions = jin_array(root, "regions", 1, 100);
	const char **player = arena_array(a, const char *, regions.count);
	size_t count = 0;
	for (size_t n = 0; n < regions.count; n++) {
		struct jin item = jin_item(&regions, n);
		const char *region = jin_value_text(&item, 100);
		if (has_points(in, region))
			player[count++] = region;
	}
	if (count < 2 || count > COALITION_PLAYERS_MAX)
		return;
	jout_key(j, "sharing");
	jout_open(j, '{');
	jout_key(j, "players");
	jout_open(j, '[');
	for (size_t n = 0; n < count; n++)
		jout_text(j, player[n]);
	jout_close(j);
	jout_kv_real(j, "second_look", STUDY_SECOND_LOOK);
	jout_close(j);
}

static void write_ranges(struct arena *a, struct jout *j, const struct instance *in)
{
	const struct driver_range *ranges = range_list(a, in);
	jout_key(j, "drivers");
	jout_open(j, '[');
	for (size_t n = 0; n < driver_count; n++) {
		if (!ranges[n].is_given)
			continue;
		jout_open(j, '{');
		jout_kv_text(j, "id", ranges[n].driver->id);
		jout_kv_real(j, "low", ranges[n].low);
		jout_kv_real(j, "high", ranges[n].high);
		jout_close(j);
	}
	jout_close(j);
}

/* What a study asks: its parts as the request named them, over the ranges of the parameters. */
static void write_study(
	struct arena *a, struct jout *j, const struct jin *root, const struct instance *in)
{
	if (!jin_has(root, "study"))
		return;
	struct jin asked = jin_object(root, "study");
	jout_key(j, "study");
	jout_open(j, '{');
	jout_kv_real(j, "gap", jin_real_or(root, "gap", 0, 1, STUDY_GAP));
	jout_kv_real(j, "time_limit_s", jin_real_or(root, "time_limit_s", 1, 86400, STUDY_S));
	write_ranges(a, j, in);
	jout_kv_bool(j, "tipping", jin_bool(&asked, "tipping"));
	jout_kv_bool(j, "tornado", jin_bool(&asked, "tornado"));
	if (jin_bool(&asked, "frontier"))
		jout_key(j, "frontier"), jout_raw(j, "[[\"capex\",\"gate_fees\"]]");
	if (jin_int(&asked, "draws", 0, INSTANCE_DRAWS_MAX) > 0) {
		jout_key(j, "draws");
		jout_open(j, '{');
		jout_kv_int(j, "count", jin_int(&asked, "draws", 1, INSTANCE_DRAWS_MAX));
		jout_kv_int(j, "seed", jin_int(&asked, "draw_seed", 0, INT64_MAX));
		jout_close(j);
	}
	if (jin_bool(&asked, "sharing"))
		write_players(a, j, root, in);
	jout_close(j);
}

bool instance_make(
	struct arena *a, struct db *db, const char *frozen, struct instance *out, struct err *e)
{
	const char *params[] = {frozen};
	struct instance in = {0};
	struct rows site_flows;
	struct jin root;
	if (!jin_parse(a, frozen, strlen(frozen), &root, e) ||
		!db_query(a, db, "network_parameter_list", params, 1, &in.parameters, e) ||
		!db_query(a, db, "network_year_list", params, 1, &in.years, e) ||
		!db_query(a, db, "network_flow_list", params, 1, &in.flows, e) ||
		!db_query(a, db, "network_haul_band_list", params, 1, &in.haul_bands, e) ||
		!db_query(a, db, "network_volume_list", params, 1, &in.volumes, e) ||
		!db_query(a, db, "network_point_list", params, 1, &in.points, e) ||
		!db_query(a, db, "network_site_list", params, 1, &in.sites, e) ||
		!db_query(a, db, "network_site_flow_list", params, 1, &site_flows, e) ||
		!db_query(a, db, "network_lane_list", params, 1, &in.lanes, e))
		return false;
	in.volume_mode = jin_text_or(&root, "volumes", 40, "estimated");
	in.is_recorded = !text_eq(in.volume_mode, "estimated");
	if (in.is_recorded && !db_query(a, db, "network_supply_list", params, 1, &in.supply, e))
		return false;
	if (!in.points.count)
		return err_set(e, ERR_INVALID,
			in.is_recorded ? "aucune ligne enregistrée, pour cette année, dans les "
					 "régions de ce "
					 "scénario"
				       : "aucun point de collecte dans les régions de ce scénario");
	struct parameters p = {&in.parameters, NULL};
	double *fees = arena_array(a, double, in.flows.count);
	struct jout j;
	buf_init(&in.network, a, BUF_NO_LIMIT);
	jout_init(&j, &in.network);
	jout_open(&j, '{');
	jout_kv_text(&j, "format", "recircuit-network-1");
	jout_kv_int(&j, "first_year", rows_int(&in.years, 0, YEAR_YEAR));
	jout_kv_int(&j, "years", (int64_t)in.years.count);
	jout_kv_real(&j, "discount_rate", value_of(&p, "economy.discount_rate"));
	jout_kv_real(&j, "carbon_eur_t", value_of(&p, "carbon.eur_t"));
	write_limits(&j, &root);
	struct site_limits limits = read_site_limits(&root);
	write_haulage(&j, &p);
	write_regions(a, &j, &in);
	write_flows(a, &j, &p, &in, fees);
	write_line_type(a, &j, &p);
	write_points(&j, &in);
	write_sites(&j, &p, &in, &site_flows, fees, &limits);
	write_lanes(&j, &in);
	write_study(a, &j, &root, &in);
	jout_close(&j);
	buf_putc(&in.network, '\n');
	if (jin_failed(&root))
		return false;
	if (p.missing)
		return err_set(e, ERR_INVALID, "paramètre absent de la base : %s", p.missing);
	*out = in;
	return true;
}
