#include "driver.h"

#include "text.h"

#include <math.h>
#include <string.h>

/* The tonnes an exponent of scale leaves as they are (line.reference_t of the reference data). */
static const double REFERENCE_T = 20000;

static struct flow *copy_flows(struct arena *a, struct network *net)
{
	struct flow *flow = arena_array(a, struct flow, net->flows);
	memcpy(flow, net->flow, net->flows * sizeof *flow);
	net->flow = flow;
	return flow;
}

/* Line types, free to change with their levels: type t's begin at level[t]. */
struct types {
	struct line_type *type;
	struct level **level;
};

static struct types copy_types(struct arena *a, struct network *net)
{
	struct types x = {arena_array(a, struct line_type, net->line_types),
		arena_array(a, struct level *, net->line_types)};
	memcpy(x.type, net->line_type, net->line_types * sizeof *x.type);
	for (size_t t = 0; t < net->line_types; t++) {
		x.level[t] = arena_array(a, struct level, x.type[t].levels);
		memcpy(x.level[t], x.type[t].level, x.type[t].levels * sizeof **x.level);
		x.type[t].level = x.level[t];
	}
	net->line_type = x.type;
	return x;
}

static void change_growth(struct arena *a, struct network *net, double v)
{
	struct flow *flow = copy_flows(a, net);
	double *tonnes = arena_array(a, double, net->flows * net->years * net->points);
	for (size_t k = 0; k < net->flows; k++) {
		double *growth = arena_array(a, double, net->years);
		for (size_t t = 0; t < net->years; t++) {
			double factor = pow(1 + v, (double)t);
			growth[t] = flow[k].growth[t] * factor;
			for (size_t i = 0; i < net->points; i++)
				tonnes[(k * net->years + t) * net->points + i] =
					network_tonnes(net, k, t, i) * factor;
		}
		flow[k].growth = growth;
	}
	net->tonnes = tonnes;
}

static void change_haulage(struct arena *a, struct network *net, double v)
{
	struct flow *flow = copy_flows(a, net);
	net->haulage.eur_km *= v;
	net->haulage.eur_h *= v;
	for (size_t k = 0; k < net->flows; k++) {
		struct haul_band *band = arena_array(a, struct haul_band, flow[k].haul_bands + 1);
		for (size_t b = 0; b < flow[k].haul_bands; b++)
			band[b] = (struct haul_band){flow[k].haul_band[b].below_km,
				v * flow[k].haul_band[b].extra_eur_t};
		flow[k].haul_band = band;
	}
}

static void change_capex(struct arena *a, struct network *net, double v)
{
	struct types x = copy_types(a, net);
	for (size_t t = 0; t < net->line_types; t++)
		for (size_t l = 0; l < net->line_type[t].levels; l++)
			x.level[t][l].capex_eur *= v;
}

static void change_scale(struct arena *a, struct network *net, double v)
{
	struct types x = copy_types(a, net);
	for (size_t t = 0; t < net->line_types; t++)
		for (size_t l = 0; l < net->line_type[t].levels; l++)
			x.level[t][l].capex_eur *= pow(x.level[t][l].capacity_t / REFERENCE_T, v);
}

static void change_opex(struct arena *a, struct network *net, double v)
{
	struct types x = copy_types(a, net);
	struct flow *flow = copy_flows(a, net);
	for (size_t t = 0; t < net->line_types; t++) {
		for (size_t l = 0; l < net->line_type[t].levels; l++)
			x.level[t][l].upkeep_eur *= v;
		x.type[t].job_eur *= v;
	}
	for (size_t k = 0; k < net->flows; k++) {
		flow[k].extra_eur_t *= v;
		flow[k].energy_eur_t *= v;
		flow[k].consumables_eur_t *= v;
	}
}

static void change_fees(struct arena *a, struct network *net, double v)
{
	struct site *site = arena_array(a, struct site, net->sites);
	memcpy(site, net->site, net->sites * sizeof *site);
	for (size_t j = 0; j < net->sites; j++) {
		if (site[j].kind != SITE_EXISTING)
			continue;
		struct site_line *line = arena_array(a, struct site_line, net->flows);
		memcpy(line, site[j].lines, net->flows * sizeof *line);
		for (size_t k = 0; k < net->flows; k++)
			line[k].gate_eur_t += v;
		site[j].lines = line;
	}
	net->site = site;
}

static void change_revenue(struct arena *a, struct network *net, double v)
{
	struct flow *flow = copy_flows(a, net);
	for (size_t k = 0; k < net->flows; k++)
		flow[k].revenue_eur_t *= v;
}

static void change_residue(struct arena *a, struct network *net, double v)
{
	struct flow *flow = copy_flows(a, net);
	for (size_t k = 0; k < net->flows; k++)
		flow[k].residue_eur_t *= v;
}

static void change_support(struct arena *a, struct network *net, double v)
{
	struct flow *flow = copy_flows(a, net);
	for (size_t k = 0; k < net->flows; k++)
		flow[k].support_eur_t += v;
}

static void change_discount(struct arena *a, struct network *net, double v)
{
	(void)a;
	net->discount_rate = v;
}

static void change_carbon(struct arena *a, struct network *net, double v)
{
	(void)a;
	net->carbon_eur_t = v;
}

/* Beyond these a figure is a slip: a price times ten thousand, a million euros a tonne. */
#define FACTORS 0, 1e4
#define AMOUNTS -1e6, 1e6

const struct driver driver_table[] = {
	{"volume_growth", "Croissance annuelle des tonnages, écart", "1/an", DRIVER_ADDED, -0.02,
		0.02, -0.15, 0.15, -1, 10, 0, change_growth},
	{"haulage_price", "Prix du transport", "×", DRIVER_FACTOR, 0.85, 1.2, 0.1, 10, FACTORS, 0,
		change_haulage},
	{"capex", "Investissement des nouvelles lignes", "×", DRIVER_FACTOR, 0.9, 1.25, 0.1, 10,
		FACTORS, -1, change_capex},
	{"scale_exponent", "Exposant d’échelle de l’investissement, écart", "exposant",
		DRIVER_ADDED, -0.05, 0.15, -0.5, 0.5, -5, 5, 0, change_scale},
	{"opex", "Coûts d’exploitation des nouvelles lignes", "×", DRIVER_FACTOR, 0.85, 1.25, 0.1,
		10, FACTORS, -1, change_opex},
	{"gate_fees", "Prix d’entrée des usines existantes, écart", "€/t", DRIVER_ADDED, -20, 30,
		-300, 300, AMOUNTS, 1, change_fees},
	{"material_prices", "Prix des matières vendues", "×", DRIVER_FACTOR, 0.7, 1.3, 0, 5,
		FACTORS, 1, change_revenue},
	{"residue_cost", "Prix d’élimination des résidus", "×", DRIVER_FACTOR, 0.85, 1.25, 0, 10,
		FACTORS, -1, change_residue},
	{"support", "Soutien versé aux plateformes, écart", "€/t", DRIVER_ADDED, -10, 20, -300, 300,
		AMOUNTS, 1, change_support},
	{"discount_rate", "Taux d’actualisation annuel", "1/an", DRIVER_VALUE, -0.013, 0.015, -0.04,
		0.3, -0.5, 10, 0, change_discount},
	{"carbon_price", "Prix donné au CO2 du transport", "€/t CO2e", DRIVER_VALUE, 0, 100, 0,
		2000, 0, 1e6, 0, change_carbon},
};
const size_t driver_count = sizeof driver_table / sizeof *driver_table;

const struct driver *driver_find(const char *id)
{
	for (size_t d = 0; d < driver_count; d++)
		if (text_eq(driver_table[d].id, id))
			return &driver_table[d];
	return NULL;
}

double driver_central(const struct driver *d, const struct network *net)
{
	if (d->kind == DRIVER_FACTOR)
		return 1;
	if (d->kind == DRIVER_ADDED)
		return 0;
	return d->change == change_discount ? net->discount_rate : net->carbon_eur_t;
}

struct network driver_apply(
	struct arena *a, const struct driver *d, const struct network *net, double value)
{
	struct network changed = *net;
	d->change(a, &changed, value);
	return changed;
}
