/* Sets: flows k, years t (0-based, T of them), points i, sites j, levels l of a line type.
 * q = 1 / (1 + discount rate), d_t = q^t.
 *
 *	rate[k][t]	1 / payload_k					trips per tonne
 *	haul[k][j][i]	max(0, 2 km eur_km + (2 h + handling_h) eur_h
 *			+ payload_k extra_k(km)) + 2 km kgco2_km carbon / 1000
 *								EUR per trip, out and back
 *	gate[j][k][t]	handling + fee					existing plant
 *			handling + variable cost			new line
 *	G(l)		upkeep_l + jobs_l job_eur
 *	build(l,t)	capex_l R(t), R = sum_{n>=0, n life < T-t} q^(n life) - v q^(T-t)
 *			v = resale_share x share of the last purchase's life still ahead at T
 *	close(l,t)	closing_share capex_l
 *	F[j]		site_eur
 *	outlay(l)	capex_l, life its life
 *	E[j][i]		2 km kgco2_km / 1000			t of CO2 per trip
 *
 * Equipment that a line gives up keeps its residual value (it is sold at the horizon's end); what
 * closing costs beyond that is closing_share. Source of the residual value rule: straight-line,
 * docs/model.md. */
#include "economy.h"

#include <math.h>

double economy_asset_cost(
	double life_years, double resale_share, double discount_rate, size_t year, size_t years)
{
	double q = 1 / (1 + discount_rate), held = (double)(years - year), cost = 0, age = 0;
	for (double bought = 0; bought < held; bought += life_years) {
		cost += pow(q, bought);
		age = held - bought;
	}
	return cost - resale_share * (1 - age / life_years) * pow(q, held);
}

double economy_variable_eur_t(const struct flow *f)
{
	return f->extra_eur_t + f->energy_eur_t + f->consumables_eur_t +
	       f->residue_share * f->residue_eur_t - f->revenue_eur_t - f->support_eur_t;
}

/* EUR per trip beyond the tariff. */
static double extra_eur(const struct flow *f, double km)
{
	size_t b = 0;
	while (km >= f->haul_band[b].below_km)
		b++;
	return f->haul_band[b].extra_eur_t * f->payload_t;
}

double economy_trip_eur(const struct network *net, const struct flow *flow, double km, double hours)
{
	const struct haulage *h = &net->haulage;
	double tariff = 2 * km * h->eur_km + (2 * hours + h->handling_h) * h->eur_h;
	if (flow && flow->haul_bands)
		tariff = fmax(0, tariff + extra_eur(flow, km));
	return tariff + 2 * km * h->kgco2_km * net->carbon_eur_t / 1000;
}

/* Flows without haul bands share one matrix. */
static const double *trip_costs(struct arena *a, const struct network *net, const struct flow *flow)
{
	double *haul = arena_array(a, double, net->sites * net->points);
	for (size_t j = 0; j < net->sites; j++)
		for (size_t i = 0; i < net->points; i++) {
			double km = network_km(net, i, j);
			haul[j * net->points + i] =
				economy_trip_eur(net, flow, km, network_hours(net, i, j, km));
		}
	return haul;
}

/* The levels of all lines one after another, as the model keeps them. */
struct levels {
	double *capacity, *running, *build, *close, *outlay;
	size_t count;
};

static void add_existing(struct line *line, struct levels *all, double capacity_t)
{
	*line = (struct line){.levels = 1, .start = 0, .is_fixed = true, .first = all->count};
	all->capacity[all->count++] = capacity_t; /* paid through its fee: no cost of its own */
}

static void add_candidate(struct line *line, struct levels *all, const struct network *net,
	const struct line_type *type)
{
	*line = (struct line){
		.levels = (int)type->levels, .start = LEVEL_NONE, .first = all->count};
	for (size_t l = 0; l < type->levels; l++, all->count++) {
		const struct level *level = &type->level[l];
		all->capacity[all->count] = level->capacity_t;
		all->outlay[all->count] = level->capex_eur;
		for (size_t t = 0; t < net->years; t++) {
			size_t at = all->count * net->years + t;
			all->running[at] = level->upkeep_eur + level->jobs * type->job_eur;
			all->build[at] = level->capex_eur *
					 economy_asset_cost(type->life_years, type->resale_share,
						 net->discount_rate, t, net->years);
			all->close[at] = type->closing_share * level->capex_eur;
		}
	}
}

/* A candidate that is never to open has no lines. */
static bool is_offered(const struct site *s, size_t k)
{
	return s->lines[k].is_offered && s->forced != FORCED_CLOSED;
}

/* Budgets and emissions, of all years and of each; then by site what it takes and whether it is to be open.
 * report.c shows the years of one limit together: they follow each other. */
struct limit_list {
	struct limit *limits;
	size_t count;
};

static void add_limit(
	struct limit_list *list, enum limit_kind kind, size_t j, size_t t, double value)
{
	if (isfinite(value))
		list->limits[list->count++] = (struct limit){kind, j, t, value};
}

static void add_yearly(struct limit_list *list, enum limit_kind kind, size_t years, double all,
	const double *yearly)
{
	add_limit(list, kind, 0, LIMIT_HORIZON, all);
	for (size_t t = 0; t < years && yearly; t++)
		add_limit(list, kind, 0, t, yearly[t]);
}

static void add_limits(struct arena *a, const struct network *net, struct model *m)
{
	size_t years = net->years;
	struct limit_list list = {
		arena_array(a, struct limit, 2 + years * (2 + 3 * net->sites)), 0};
	add_yearly(&list, LIMIT_BUDGET, years, net->budget_eur, net->budget_eur_year);
	add_yearly(&list, LIMIT_EMISSION, years, net->max_co2_t, net->max_co2_t_year);
	for (size_t j = 0; j < net->sites; j++) {
		const struct site *s = &net->site[j];
		if (s->kind != SITE_CANDIDATE || s->forced == FORCED_CLOSED)
			continue;
		for (size_t t = 0; t < years; t++)
			add_limit(&list, LIMIT_MOST, j, t, s->max_t);
		for (size_t t = 0; t < years && s->min_t > 0; t++)
			add_limit(&list, LIMIT_LEAST, j, t, s->min_t);
		for (size_t t = 0; t < years && s->forced == FORCED_OPEN; t++)
			add_limit(&list, LIMIT_OPEN, j, t, 1);
	}
	m->limits = list.limits;
	m->limit_count = list.count;
}

/* t of CO2 per trip, where somebody asks. */
static const double *trip_co2(struct arena *a, const struct network *net)
{
	if (isinf(net->max_co2_t) && !net->max_co2_t_year)
		return NULL;
	double *co2 = arena_array(a, double, net->sites * net->points);
	for (size_t j = 0; j < net->sites; j++)
		for (size_t i = 0; i < net->points; i++)
			co2[j * net->points + i] =
				2 * network_km(net, i, j) * net->haulage.kgco2_km / 1000;
	return co2;
}

static size_t count_levels(const struct network *net)
{
	size_t count = 0;
	for (size_t j = 0; j < net->sites; j++)
		for (size_t k = 0; k < net->flows; k++) {
			const struct site_line *line = &net->site[j].lines[k];
			if (is_offered(&net->site[j], k))
				count += net->site[j].kind == SITE_EXISTING
						 ? 1
						 : net->line_type[line->type].levels;
		}
	return count;
}

static const struct model_names *names_of(struct arena *a, const struct network *net)
{
	const char **point = arena_array(a, const char *, net->points);
	const char **site = arena_array(a, const char *, net->sites);
	const char **flow = arena_array(a, const char *, net->flows);
	for (size_t i = 0; i < net->points; i++)
		point[i] = net->point[i].id;
	for (size_t j = 0; j < net->sites; j++)
		site[j] = net->site[j].id;
	for (size_t k = 0; k < net->flows; k++)
		flow[k] = net->flow[k].id;
	struct model_names *names = arena_one(a, struct model_names);
	*names = (struct model_names){point, site, flow, net->first_year};
	return names;
}

void economy_model(struct arena *a, const struct network *net, struct model *m)
{
	size_t n = net->points, sites = net->sites, flows = net->flows, years = net->years;
	size_t level_count = count_levels(net);
	struct levels all = {
		.capacity = arena_array(a, double, level_count),
		.running = arena_array(a, double, level_count *years),
		.build = arena_array(a, double, level_count *years),
		.close = arena_array(a, double, level_count *years),
		.outlay = arena_array(a, double, level_count),
	};
	int *life = arena_array(a, int, sites *flows);
	struct line *lines = arena_array(a, struct line, sites * flows);
	double *gate = arena_array(a, double, sites *flows *years);
	double *site_cost = arena_array(a, double, sites *years);
	for (size_t j = 0; j < sites; j++) {
		const struct site *s = &net->site[j];
		for (size_t t = 0; t < years; t++)
			site_cost[j * years + t] = s->kind == SITE_CANDIDATE ? s->site_eur : 0;
		for (size_t k = 0; k < flows; k++) {
			const struct site_line *offer = &s->lines[k];
			struct line *line = &lines[j * flows + k];
			*line = (struct line){.start = LEVEL_NONE};
			life[j * flows + k] = (int)years;
			if (!is_offered(s, k))
				continue;
			double fee = offer->gate_eur_t;
			if (s->kind == SITE_EXISTING) {
				add_existing(line, &all, offer->capacity_t);
			} else {
				add_candidate(line, &all, net, &net->line_type[offer->type]);
				life[j * flows + k] = (int)net->line_type[offer->type].life_years;
				fee = economy_variable_eur_t(&net->flow[k]);
			}
			for (size_t t = 0; t < years; t++)
				gate[(j * flows + k) * years + t] =
					fee + net->flow[k].handling_eur_t;
		}
	}

	const double *shared = NULL, **haul = arena_array(a, const double *, flows);
	double *rate = arena_array(a, double, flows *years);
	for (size_t k = 0; k < flows; k++) {
		const struct flow *flow = &net->flow[k];
		if (!flow->haul_bands && !shared)
			shared = trip_costs(a, net, NULL);
		haul[k] = flow->haul_bands ? trip_costs(a, net, flow) : shared;
		for (size_t t = 0; t < years; t++)
			rate[k * years + t] = 1 / net->flow[k].payload_t;
	}
	double *discount = arena_array(a, double, years);
	for (size_t t = 0; t < years; t++)
		discount[t] = pow(1 + net->discount_rate, -(double)t);

	*m = (struct model){
		.names = names_of(a, net),
		.points = n,
		.sites = sites,
		.flows = flows,
		.years = years,
		.is_single_sourced = net->is_single_sourced,
		.max_platforms = net->max_platforms,
		.min_platforms = net->min_platforms,
		.discount = discount,
		.tonnes = net->tonnes,
		.haul = haul,
		.rate = rate,
		.gate = gate,
		.site_cost = site_cost,
		.lines = lines,
		.levels = level_count,
		.capacity = all.capacity,
		.running = all.running,
		.build = all.build,
		.close = all.close,
		.outlay = all.outlay,
		.life = life,
		.emission = trip_co2(a, net),
	};
	add_limits(a, net, m);
}
