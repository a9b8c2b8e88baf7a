#include "network.h"

#include "jin.h"
#include "text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Far above anything real, far below what would overflow a product of a few of them. */
enum {
	YEARS_MAX = 40,
	FLOWS_MAX = 32,
	REGIONS_MAX = 200,
	SITES_MAX = 5000,
	POINTS_MAX = 200000,
	LINE_TYPES_MAX = 50000,
	LEVELS_MAX = 16,
	ID_MAX = 100,
	NAME_MAX_BYTES = 400
};
static const double EUR_MAX = 1e12, TONNES_MAX = 1e9;
/* Dense point x site tables: 200 million doubles are 1.6 GB. */
static const size_t CELLS_MAX = 200000000;

/* Ids of one kind, sorted, to find an index by name. */
struct named {
	const char *id;
	size_t index;
};

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct named *)a)->id, ((const struct named *)b)->id);
}

struct index {
	struct named *names;
	size_t count;
};

/* Sorts the ids; two equal ones are an error at `list`. */
static struct index index_ids(struct arena *a, const struct jin *list, const char *const *id)
{
	struct index x = {arena_array(a, struct named, list->count + 1), list->count};
	for (size_t i = 0; i < x.count; i++)
		x.names[i] = (struct named){id[i], i};
	qsort(x.names, x.count, sizeof *x.names, by_id);
	for (size_t i = 1; i < x.count; i++)
		if (text_eq(x.names[i - 1].id, x.names[i].id))
			jin_fail(list, "l’identifiant « %s » figure deux fois", x.names[i].id);
	return x;
}

static size_t find_id(const struct index *x, const struct jin *at, const char *id)
{
	struct named key = {id, 0};
	struct named *found = bsearch(&key, x->names, x->count, sizeof key, by_id);
	if (!found)
		jin_fail(at, "identifiant inconnu « %s »", id);
	return found ? found->index : 0;
}

/* The members that an object may have, as FORMAT.md names them: a misspelt one would silently take
 * its default. */
#define ONLY(object, ...) jin_only((object), (const char *const[]){__VA_ARGS__, NULL})

static void read_haulage(struct arena *a, const struct jin *root, struct haulage *h)
{
	struct jin at = jin_object(root, "haulage");
	ONLY(&at, "eur_km", "eur_h", "speed_km_h", "handling_h", "kgco2_km", "distance_bands");
	h->eur_km = jin_real(&at, "eur_km", 0, 1000);
	h->eur_h = jin_real(&at, "eur_h", 0, 10000);
	h->speed_km_h = jin_real(&at, "speed_km_h", 1, 200);
	h->handling_h = jin_real_or(&at, "handling_h", 0, 24, 0);
	h->kgco2_km = jin_real_or(&at, "kgco2_km", 0, 100, 0);
	h->band = distance_bands_read(a, &at, &h->bands);
}

static void read_haul_bands(struct arena *a, const struct jin *at, struct flow *f)
{
	struct jin bands = jin_array(at, "haul_bands", 1, 50);
	struct haul_band *band = arena_array(a, struct haul_band, bands.count + 1);
	for (size_t b = 0; b < bands.count; b++) {
		struct jin item = jin_item(&bands, b);
		ONLY(&item, "below_km", "extra_eur_t");
		double previous = b ? band[b - 1].below_km : 0;
		if (isinf(previous))
			jin_fail(&bands, "seule la dernière tranche est sans limite");
		band[b].below_km = jin_real_or(&item, "below_km", previous, 1e5, INFINITY);
		band[b].extra_eur_t = jin_real(&item, "extra_eur_t", -1e6, 1e6);
	}
	if (bands.count && isfinite(band[bands.count - 1].below_km))
		jin_fail(&bands, "la dernière tranche doit être sans limite");
	f->haul_bands = bands.count;
	f->haul_band = band;
}

static struct flow read_flow(struct arena *a, const struct jin *at, size_t years)
{
	ONLY(at, "id", "payload_t", "growth", "handling_eur_t", "extra_eur_t", "energy_eur_t",
		"consumables_eur_t", "support_eur_t", "revenue_eur_t", "residue_share",
		"residue_eur_t", "haul_bands");
	struct flow f = {
		.id = jin_text(at, "id", ID_MAX),
		.payload_t = jin_real(at, "payload_t", 1e-6, 1000),
		.handling_eur_t = jin_real_or(at, "handling_eur_t", 0, 1e6, 0),
		.extra_eur_t = jin_real_or(at, "extra_eur_t", -1e6, 1e6, 0),
		.energy_eur_t = jin_real_or(at, "energy_eur_t", 0, 1e6, 0),
		.consumables_eur_t = jin_real_or(at, "consumables_eur_t", 0, 1e6, 0),
		.support_eur_t = jin_real_or(at, "support_eur_t", 0, 1e6, 0),
		.revenue_eur_t = jin_real_or(at, "revenue_eur_t", -1e6, 1e6, 0),
		.residue_share = jin_real_or(at, "residue_share", 0, 1, 0),
		.residue_eur_t = jin_real_or(at, "residue_eur_t", -1e6, 1e6, 0),
	};
	double *growth = arena_array(a, double, years);
	for (size_t t = 0; t < years; t++)
		growth[t] = 1;
	if (jin_has(at, "growth")) {
		struct jin list = jin_array(at, "growth", years, years);
		for (size_t t = 0; t < list.count; t++) {
			struct jin item = jin_item(&list, t);
			growth[t] = jin_value_real(&item, 0, 1000);
		}
	}
	f.growth = growth;
	if (jin_has(at, "haul_bands"))
		read_haul_bands(a, at, &f);
	return f;
}

static struct line_type read_line_type(struct arena *a, const struct jin *at)
{
	ONLY(at, "id", "life_years", "job_eur", "closing_share", "resale_share", "levels");
	struct line_type type = {
		.id = jin_text(at, "id", ID_MAX),
		.life_years = (double)jin_int(at, "life_years", 1, 200),
		.job_eur = jin_real_or(at, "job_eur", 0, 1e7, 0),
		.closing_share = jin_real_or(at, "closing_share", 0, 10, 0),
		.resale_share = jin_real_or(at, "resale_share", 0, 1, 1),
	};
	struct jin levels = jin_array(at, "levels", 1, LEVELS_MAX);
	struct level *level = arena_array(a, struct level, levels.count + 1);
	for (size_t l = 0; l < levels.count; l++) {
		struct jin item = jin_item(&levels, l);
		ONLY(&item, "capacity_t", "capex_eur", "upkeep_eur", "jobs");
		level[l] = (struct level){
			.capacity_t = jin_real(&item, "capacity_t", 1e-6, TONNES_MAX),
			.capex_eur = jin_real_or(&item, "capex_eur", 0, EUR_MAX, 0),
			.upkeep_eur = jin_real_or(&item, "upkeep_eur", 0, EUR_MAX, 0),
			.jobs = jin_real_or(&item, "jobs", 0, 1e6, 0),
		};
		if (l && level[l].capacity_t <= level[l - 1].capacity_t)
			jin_fail(&item, "les capacités doivent aller en croissant");
		if (l && level[l].capex_eur < level[l - 1].capex_eur)
			jin_fail(&item, "une ligne plus grande ne peut pas coûter moins à acheter");
	}
	type.levels = levels.count;
	type.level = level;
	return type;
}

/* Tonnes of one point: a number per flow (first year, times the flow's growth), or a list of one
 * number per year. */
static void read_tonnes(const struct jin *at, const struct network *net, size_t i, double *tonnes)
{
	struct jin list = jin_array(at, "tonnes", net->flows, net->flows);
	for (size_t k = 0; k < list.count; k++) {
		struct jin item = jin_item(&list, k);
		double *w = tonnes + k * net->years * net->points + i;
		if (!jin_is_array(&item)) {
			double first = jin_value_real(&item, 0, TONNES_MAX);
			for (size_t t = 0; t < net->years; t++)
				w[t * net->points] = first * net->flow[k].growth[t];
			continue;
		}
		if (item.count != net->years)
			jin_fail(&item, "%zu valeurs pour %zu années", item.count, net->years);
		for (size_t t = 0; t < net->years && !jin_failed(&item); t++) {
			struct jin year = jin_item(&item, t);
			w[t * net->points] = jin_value_real(&year, 0, TONNES_MAX);
		}
	}
}

static enum forced read_forced(const struct jin *at)
{
	const char *word = jin_text_or(at, "forced", ID_MAX, "");
	if (text_eq(word, "open"))
		return FORCED_OPEN;
	if (text_eq(word, "closed"))
		return FORCED_CLOSED;
	if (*word)
		jin_fail(at, "« forced » vaut open ou closed, pas « %s »", word);
	return FORCED_NOT;
}

static struct site read_site(struct arena *a, const struct jin *at, const struct network *net,
	const struct index *flows, const struct index *types, const struct index *regions)
{
	ONLY(at, "id", "name", "region", "lat", "lon", "kind", "site_eur", "max_t", "min_t",
		"forced", "lines");
	struct site s = {.id = jin_text(at, "id", ID_MAX)};
	s.name = jin_text_or(at, "name", NAME_MAX_BYTES, s.id);
	s.region = find_id(regions, at, jin_text(at, "region", ID_MAX));
	s.at = distance_place_read(at);
	const char *kind = jin_text(at, "kind", ID_MAX);
	s.kind = text_eq(kind, "existing") ? SITE_EXISTING : SITE_CANDIDATE;
	if (s.kind == SITE_CANDIDATE && !text_eq(kind, "candidate"))
		jin_fail(at, "« kind » vaut candidate ou existing, pas « %s »", kind);
	s.site_eur = jin_real_or(at, "site_eur", 0, EUR_MAX, 0);
	s.min_t = jin_real_or(at, "min_t", 0, TONNES_MAX, 0);
	s.max_t = jin_real_or(at, "max_t", s.min_t, TONNES_MAX, INFINITY);
	s.forced = read_forced(at);
	if (s.kind == SITE_EXISTING && (isfinite(s.max_t) || s.min_t > 0 || s.forced))
		jin_fail(at, "« max_t », « min_t » et « forced » ne portent que sur un candidat");
	struct jin lines = jin_array(at, "lines", 0, net->flows);
	struct site_line *line = arena_array(a, struct site_line, net->flows);
	for (size_t i = 0; i < lines.count; i++) {
		struct jin item = jin_item(&lines, i);
		size_t k = find_id(flows, &item, jin_text(&item, "flow", ID_MAX));
		if (line[k].is_offered)
			jin_fail(&item, "le flux « %s » figure deux fois", net->flow[k].id);
		line[k].is_offered = true;
		if (s.kind == SITE_CANDIDATE) {
			ONLY(&item, "flow", "type");
			line[k].type = find_id(types, &item, jin_text(&item, "type", ID_MAX));
			continue;
		}
		ONLY(&item, "flow", "capacity_t", "gate_eur_t");
		line[k].capacity_t = jin_real_or(&item, "capacity_t", 0, TONNES_MAX, INFINITY);
		line[k].gate_eur_t = jin_real(&item, "gate_eur_t", -1e6, 1e6);
	}
	s.lines = line;
	return s;
}

/* One number for each year, or one for all of them; null without limit. */
static const double *read_yearly(
	struct arena *a, const struct jin *root, const char *key, size_t years, double most)
{
	if (!jin_has(root, key))
		return NULL;
	double *v = arena_array(a, double, years);
	struct jin at = jin_member(root, key);
	if (!jin_is_array(&at)) {
		double same = jin_value_real(&at, 0, most);
		for (size_t t = 0; t < years; t++)
			v[t] = same;
		return v;
	}
	struct jin list = jin_array(root, key, years, years);
	for (size_t t = 0; t < list.count; t++) {
		struct jin item = jin_item(&list, t);
		v[t] = jin_value_real(&item, 0, most);
	}
	return v;
}

static double *no_lanes(struct arena *a, size_t cells)
{
	double *table = arena_array(a, double, cells);
	for (size_t c = 0; c < cells; c++)
		table[c] = NAN;
	return table;
}

static void read_lanes(struct arena *a, const struct jin *root, struct network *net,
	const struct index *points, const struct index *sites)
{
	if (!jin_has(root, "lanes"))
		return;
	struct jin lanes = jin_array(root, "lanes", 0, CELLS_MAX);
	double *km = no_lanes(a, net->points * net->sites);
	double *hours = no_lanes(a, net->points * net->sites);
	for (size_t n = 0; n < lanes.count && !jin_failed(&lanes); n++) {
		struct jin item = jin_item(&lanes, n);
		size_t i = find_id(points, &item, jin_text(&item, "point", ID_MAX));
		size_t j = find_id(sites, &item, jin_text(&item, "site", ID_MAX));
		ONLY(&item, "point", "site", "km", "hours");
		if (!isnan(km[j * net->points + i]))
			jin_fail(&item, "ce trajet figure deux fois");
		km[j * net->points + i] = jin_real(&item, "km", 0, 40000);
		hours[j * net->points + i] = jin_real_or(
			&item, "hours", 0, 1000, km[j * net->points + i] / net->haulage.speed_km_h);
	}
	net->lane_km = km;
	net->lane_h = hours;
}

bool network_read(struct arena *a, const char *bytes, size_t n, struct network *net, struct err *e)
{
	struct jin root;
	if (!jin_parse(a, bytes, n, &root, e))
		return false;
	ONLY(&root, "format", "name", "first_year", "years", "discount_rate", "carbon_eur_t",
		"max_platforms", "min_platforms", "budget_eur", "budget_eur_year", "max_co2_t",
		"max_co2_t_year", "single_sourcing", "haulage", "regions", "flows", "line_types",
		"points", "sites", "lanes", "study");
	if (!text_eq(jin_text(&root, "format", ID_MAX), "recircuit-network-1"))
		jin_fail(&root, "« format » doit valoir recircuit-network-1");
	*net = (struct network){
		.name = jin_text_or(&root, "name", NAME_MAX_BYTES, ""),
		.first_year = (int)jin_int_or(&root, "first_year", 1900, 2200, 2027),
		.years = (size_t)jin_int(&root, "years", 1, YEARS_MAX),
		.discount_rate = jin_real_or(&root, "discount_rate", -0.5, 1, 0),
		.carbon_eur_t = jin_real_or(&root, "carbon_eur_t", 0, 1e5, 0),
		.max_platforms = (int)jin_int_or(&root, "max_platforms", 0, SITES_MAX, -1),
		.min_platforms = (int)jin_int_or(&root, "min_platforms", 0, SITES_MAX, 0),
		.budget_eur = jin_real_or(&root, "budget_eur", 0, EUR_MAX, INFINITY),
		.max_co2_t = jin_real_or(&root, "max_co2_t", 0, TONNES_MAX, INFINITY),
		.is_single_sourced = jin_bool_or(&root, "single_sourcing", false),
	};
	net->budget_eur_year = read_yearly(a, &root, "budget_eur_year", net->years, EUR_MAX);
	net->max_co2_t_year = read_yearly(a, &root, "max_co2_t_year", net->years, TONNES_MAX);
	if (net->max_platforms >= 0 && net->min_platforms > net->max_platforms)
		jin_fail(&root, "« min_platforms » dépasse « max_platforms »");
	read_haulage(a, &root, &net->haulage);

	struct jin regions = jin_array(&root, "regions", 1, REGIONS_MAX);
	struct jin flows = jin_array(&root, "flows", 1, FLOWS_MAX);
	struct jin types = jin_array(&root, "line_types", 0, LINE_TYPES_MAX);
	struct jin points = jin_array(&root, "points", 1, POINTS_MAX);
	struct jin sites = jin_array(&root, "sites", 1, SITES_MAX);
	if (jin_failed(&root))
		return false;
	if (points.count * sites.count > CELLS_MAX)
		return err_set(e, ERR_TOO_LARGE,
			"%zu points × %zu sites : les distances prendraient %.1f Go, le maximum "
			"est %.1f "
			"Go",
			points.count, sites.count, 8e-9 * (double)(points.count * sites.count),
			8e-9 * (double)CELLS_MAX);

	net->regions = regions.count;
	net->flows = flows.count;
	net->line_types = types.count;
	net->points = points.count;
	net->sites = sites.count;

	const char **id = arena_array(a, const char *,
		points.count + sites.count + types.count + regions.count + flows.count);
	const char **region = id + points.count + sites.count + types.count + flows.count;
	for (size_t r = 0; r < regions.count; r++) {
		struct jin item = jin_item(&regions, r);
		region[r] = jin_value_text(&item, ID_MAX);
	}
	net->region = region;
	struct index region_index = index_ids(a, &regions, region);

	struct flow *flow = arena_array(a, struct flow, flows.count);
	for (size_t k = 0; k < flows.count; k++) {
		struct jin item = jin_item(&flows, k);
		flow[k] = read_flow(a, &item, net->years);
		id[k] = flow[k].id;
	}
	net->flow = flow;
	struct index flow_index = index_ids(a, &flows, id);
	id += flows.count;

	struct line_type *type = arena_array(a, struct line_type, types.count + 1);
	for (size_t l = 0; l < types.count; l++) {
		struct jin item = jin_item(&types, l);
		type[l] = read_line_type(a, &item);
		id[l] = type[l].id;
	}
	net->line_type = type;
	struct index type_index = index_ids(a, &types, id);
	id += types.count;

	struct point *point = arena_array(a, struct point, points.count);
	double *tonnes = arena_array(a, double, net->flows * net->years * net->points);
	for (size_t i = 0; i < points.count && !jin_failed(&root); i++) {
		struct jin item = jin_item(&points, i);
		ONLY(&item, "id", "region", "lat", "lon", "tonnes");
		point[i].id = id[i] = jin_text(&item, "id", ID_MAX);
		point[i].region = find_id(&region_index, &item, jin_text(&item, "region", ID_MAX));
		point[i].at = distance_place_read(&item);
		read_tonnes(&item, net, i, tonnes);
	}
	if (jin_failed(&root))
		return false;
	net->point = point;
	net->tonnes = tonnes;
	struct index point_index = index_ids(a, &points, id);
	id += points.count;

	struct site *site = arena_array(a, struct site, sites.count);
	for (size_t j = 0; j < sites.count && !jin_failed(&root); j++) {
		struct jin item = jin_item(&sites, j);
		site[j] = read_site(a, &item, net, &flow_index, &type_index, &region_index);
		id[j] = site[j].id;
	}
	if (jin_failed(&root))
		return false;
	net->site = site;
	struct index site_index = index_ids(a, &sites, id);
	read_lanes(a, &root, net, &point_index, &site_index);
	return !jin_failed(&root);
}

double network_km(const struct network *net, size_t point, size_t site)
{
	size_t lane = site * net->points + point;
	if (net->lane_km && !isnan(net->lane_km[lane]))
		return net->lane_km[lane];
	return distance_road_km(
		net->haulage.band, net->haulage.bands, &net->point[point].at, &net->site[site].at);
}

double network_hours(const struct network *net, size_t point, size_t site, double km)
{
	size_t lane = site * net->points + point;
	if (net->lane_h && !isnan(net->lane_h[lane]))
		return net->lane_h[lane];
	return km / net->haulage.speed_km_h;
}
