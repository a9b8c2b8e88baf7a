#include "account.h"

#include <math.h>

#define COMPONENT_NAME(name, text) [COMPONENT_##name] = text,
static const char *const names[] = {COMPONENTS(COMPONENT_NAME)};
#undef COMPONENT_NAME

const char *component_name(enum component c)
{
	return names[c];
}

static void pay(struct account *acc, enum component c, size_t year, double eur)
{
	acc->eur[c * (acc->years + 1) + year] += eur;
}

/* Of rounds, where the flow has haul bands: the first that one way is shorter than. */
static double extra_eur_t(const struct flow *f, double km)
{
	for (size_t b = 0; b < f->haul_bands; b++)
		if (km < f->haul_band[b].below_km)
			return f->haul_band[b].extra_eur_t;
	return 0;
}

static void add_shipment(const struct network *net, const struct shipment *s, struct account *acc)
{
	const struct haulage *h = &net->haulage;
	const struct flow *f = &net->flow[s->flow];
	const struct site *site = &net->site[s->site];
	size_t t = s->year;
	double trips = s->tonnes / f->payload_t;
	double one_way = network_km(net, s->point, s->site), km = 2 * trips * one_way;
	double hours = trips * (2 * network_hours(net, s->point, s->site, one_way) + h->handling_h);
	double co2_t = km * h->kgco2_km / 1000;

	acc->tonnes[t] += s->tonnes;
	acc->vehicle_km[t] += km;
	acc->co2_t[t] += co2_t;
	acc->load[(s->site * net->flows + s->flow) * net->years + t] += s->tonnes;
	size_t from = net->point[s->point].region;
	acc->origin[s->site * net->regions + from] += s->tonnes;
	acc->region_tonnes[from * net->years + t] += s->tonnes;
	acc->own_tonnes[from * net->years + t] += site->region == from ? s->tonnes : 0;
	acc->study_tonnes[from * net->years + t] += acc->is_source[site->region] ? s->tonnes : 0;
	pay(acc, COMPONENT_HAULAGE, t,
		fmax(0, km * h->eur_km + hours * h->eur_h + s->tonnes * extra_eur_t(f, one_way)));
	pay(acc, COMPONENT_CARBON, t, co2_t * net->carbon_eur_t);
	pay(acc, COMPONENT_HANDLING, t, s->tonnes * f->handling_eur_t);
	if (site->kind == SITE_EXISTING) {
		pay(acc, COMPONENT_GATE, t, s->tonnes * site->lines[s->flow].gate_eur_t);
		return;
	}
	acc->platform_tonnes[t] += s->tonnes;
	pay(acc, COMPONENT_TREATMENT, t, s->tonnes * f->extra_eur_t);
	pay(acc, COMPONENT_ENERGY, t, s->tonnes * f->energy_eur_t);
	pay(acc, COMPONENT_CONSUMABLES, t, s->tonnes * f->consumables_eur_t);
	pay(acc, COMPONENT_RESIDUE, t, s->tonnes * f->residue_share * f->residue_eur_t);
	pay(acc, COMPONENT_REVENUE, t, -s->tonnes * f->revenue_eur_t);
	pay(acc, COMPONENT_SUPPORT, t, -s->tonnes * f->support_eur_t);
}

/* Buys equipment in a year, renews it at the end of each life, and sells what is left of the last
 * one at the horizon's end at (a share of) its straight-line value. */
static void buy(
	struct account *acc, const struct line_type *type, size_t j, size_t year, double eur)
{
	double bought = (double)year, horizon = (double)acc->years;
	for (; bought < horizon; bought += type->life_years) {
		pay(acc, COMPONENT_CAPEX, (size_t)bought, eur);
		acc->site_capex[j] += eur;
	}
	pay(acc, COMPONENT_CAPEX, acc->years,
		-eur * type->resale_share * (bought - horizon) / type->life_years);
}

static double capex_of(const struct line_type *type, int level)
{
	return level == LEVEL_NONE ? 0 : type->level[level].capex_eur;
}

static bool add_line(const struct network *net, size_t j, size_t k, const int *level, size_t t,
	struct account *acc)
{
	const struct line_type *type = &net->line_type[net->site[j].lines[k].type];
	double rise = capex_of(type, level[t]) - capex_of(type, t ? level[t - 1] : LEVEL_NONE);
	if (rise > 0)
		buy(acc, type, j, t, rise);
	if (rise < 0)
		pay(acc, COMPONENT_CLOSING, t, -rise * type->closing_share);
	if (level[t] == LEVEL_NONE)
		return false;
	pay(acc, COMPONENT_UPKEEP, t, type->level[level[t]].upkeep_eur);
	pay(acc, COMPONENT_JOBS, t, type->level[level[t]].jobs * type->job_eur);
	acc->jobs[t] += type->level[level[t]].jobs;
	acc->site_jobs[j * acc->years + t] += type->level[level[t]].jobs;
	acc->capacity[(j * net->flows + k) * acc->years + t] = type->level[level[t]].capacity_t;
	return true;
}

void account_make(
	struct arena *a, const struct network *net, const struct plan *p, struct account *out)
{
	size_t years = net->years;
	struct account acc = {
		.years = years,
		.eur = arena_array(a, double, COMPONENT_COUNT *(years + 1)),
		.tonnes = arena_array(a, double, years),
		.platform_tonnes = arena_array(a, double, years),
		.vehicle_km = arena_array(a, double, years),
		.co2_t = arena_array(a, double, years),
		.jobs = arena_array(a, double, years),
		.site_jobs = arena_array(a, double, net->sites *years),
		.capacity = arena_array(a, double, net->sites * net->flows * years),
		.load = arena_array(a, double, net->sites * net->flows * years),
		.origin = arena_array(a, double, net->sites * net->regions),
		.is_source = arena_array(a, bool, net->regions),
		.region_tonnes = arena_array(a, double, net->regions *years),
		.own_tonnes = arena_array(a, double, net->regions *years),
		.study_tonnes = arena_array(a, double, net->regions *years),
		.site_capex = arena_array(a, double, net->sites),
	};
	for (size_t n = 0; n < p->shipment_count; n++)
		acc.is_source[net->point[p->shipments[n].point].region] |=
			p->shipments[n].tonnes > 0;
	for (size_t n = 0; n < p->shipment_count; n++)
		add_shipment(net, &p->shipments[n], &acc);
	for (size_t j = 0; j < net->sites; j++)
		for (size_t t = 0; t < years && net->site[j].kind == SITE_CANDIDATE; t++) {
			bool is_open = false;
			for (size_t k = 0; k < net->flows; k++)
				if (net->site[j].lines[k].is_offered)
					is_open |= add_line(net, j, k,
						p->level + (j * net->flows + k) * years, t, &acc);
			if (is_open)
				pay(&acc, COMPONENT_SITE, t, net->site[j].site_eur);
		}
	for (size_t t = 0; t <= years; t++) {
		double discount = pow(1 + net->discount_rate, -(double)t);
		for (int c = 0; c < COMPONENT_COUNT; c++)
			acc.present_eur[c] += discount * acc.eur[(size_t)c * (years + 1) + t];
		if (t < years)
			acc.present_tonnes += discount * acc.tonnes[t];
	}
	for (int c = 0; c < COMPONENT_COUNT; c++)
		acc.total_eur += acc.present_eur[c];
	*out = acc;
}

const char *account_limit_name(const struct limit *limit)
{
	bool is_yearly = limit->year != LIMIT_HORIZON;
	switch (limit->kind) {
	case LIMIT_BUDGET: return is_yearly ? "budget_eur_year" : "budget_eur";
	case LIMIT_EMISSION: return is_yearly ? "max_co2_t_year" : "max_co2_t";
	case LIMIT_MOST: return "max_t";
	case LIMIT_LEAST: return "min_t";
	case LIMIT_OPEN: return "forced";
	}
	return "";
}

double account_use(const struct account *acc, const struct network *net, const struct limit *limit)
{
	const double *capex = acc->eur + COMPONENT_CAPEX * (acc->years + 1);
	const double *yearly = limit->kind == LIMIT_BUDGET ? capex : acc->co2_t;
	double sum = 0;
	if (limit->kind == LIMIT_BUDGET || limit->kind == LIMIT_EMISSION) {
		for (size_t t = 0; t < acc->years; t++)
			sum += limit->year == LIMIT_HORIZON || limit->year == t ? yearly[t] : 0;
		return sum;
	}
	for (size_t k = 0; k < net->flows; k++) {
		size_t at = (limit->site * net->flows + k) * acc->years + limit->year;
		sum += limit->kind == LIMIT_OPEN ? acc->capacity[at] > 0 : acc->load[at];
	}
	return sum;
}
