#include "report.h"

#include "account.h"
#include "certfile.h"
#include "planfile.h"

#include <math.h>

static const char *const status_names[] = {"optimal", "feasible", "infeasible", "unknown"};
static const char *const viability_names[] = {"viable", "not_viable", "undecided"};

enum viability viability_of(double status_quo, double cost, double bound)
{
	double least = VIABILITY_TOLERANCE * fabs(status_quo);
	if (status_quo - cost > least)
		return VIABLE;
	return status_quo - bound <= least ? NOT_VIABLE : UNDECIDED;
}

const char *viability_name(enum viability v)
{
	return viability_names[v];
}

static void write_years(struct jout *j, const char *key, const double *v, size_t years)
{
	jout_key(j, key);
	jout_open(j, '[');
	for (size_t t = 0; t < years; t++)
		jout_fixed(j, v[t], 3);
	jout_close(j);
}

static void write_site(
	struct jout *j, const struct network *net, const struct account *acc, size_t s)
{
	double total = 0;
	for (size_t r = 0; r < net->regions; r++)
		total += acc->origin[s * net->regions + r];
	if (total <= 0 && acc->site_capex[s] <= 0)
		return;
	jout_open(j, '{');
	jout_kv_text(j, "site", net->site[s].id);
	jout_key(j, "capex_eur"), jout_fixed(j, acc->site_capex[s], 2);
	write_years(j, "jobs", acc->site_jobs + s * net->years, net->years);
	jout_key(j, "lines");
	jout_open(j, '[');
	for (size_t k = 0; k < net->flows; k++) {
		size_t at = (s * net->flows + k) * net->years;
		double most = 0;
		for (size_t t = 0; t < net->years; t++)
			most = fmax(most, fmax(acc->load[at + t], acc->capacity[at + t]));
		if (most <= 0)
			continue;
		jout_open(j, '{');
		jout_kv_text(j, "flow", net->flow[k].id);
		write_years(j, "tonnes", acc->load + at, net->years);
		if (net->site[s].kind == SITE_CANDIDATE)
			write_years(j, "capacity_t", acc->capacity + at, net->years);
		jout_close(j);
	}
	jout_close(j);
	jout_key(j, "origin_tonnes");
	jout_open(j, '{');
	for (size_t r = 0; r < net->regions; r++)
		if (acc->origin[s * net->regions + r] > 0) {
			jout_key(j, net->region[r]);
			jout_fixed(j, acc->origin[s * net->regions + r], 3);
		}
	jout_close(j);
	jout_close(j);
}

/* The accounts of one plan: members of an object that is open. */
static void write_account(struct jout *j, const struct network *net, const struct account *acc)
{
	jout_key(j, "total_eur"), jout_fixed(j, acc->total_eur, 2);
	jout_kv_real(j, "eur_per_tonne", acc->total_eur / acc->present_tonnes);
	jout_key(j, "components_eur");
	jout_open(j, '{');
	for (int c = 0; c < COMPONENT_COUNT; c++) {
		jout_key(j, component_name((enum component)c));
		jout_fixed(j, acc->present_eur[c], 2);
	}
	jout_close(j);
	write_years(j, "tonnes", acc->tonnes, net->years);
	write_years(j, "platform_tonnes", acc->platform_tonnes, net->years);
	write_years(j, "vehicle_km", acc->vehicle_km, net->years);
	write_years(j, "co2_t", acc->co2_t, net->years);
	write_years(j, "jobs", acc->jobs, net->years);
	jout_key(j, "sites");
	jout_open(j, '[');
	for (size_t s = 0; s < net->sites; s++)
		write_site(j, net, acc, s);
	jout_close(j);
}

/* What proves that today's plants could not do it for less. */
static void write_prices(struct jout *j, const struct model *m, const double *price)
{
	jout_key(j, "prices");
	jout_open(j, '[');
	for (size_t c = 0; c < m->sites * m->flows * m->years; c++) {
		if (price[c] <= 0)
			continue;
		jout_open(j, '[');
		jout_int(j, (int64_t)(c / m->years / m->flows));
		jout_int(j, (int64_t)(c / m->years % m->flows));
		jout_int(j, (int64_t)(c % m->years));
		jout_real(j, price[c]);
		jout_close(j);
	}
	jout_close(j);
}

static bool has_start(const struct network *net)
{
	for (size_t j = 0; j < net->sites; j++)
		if (net->site[j].kind == SITE_EXISTING)
			return true;
	return false;
}

static void write_network(
	struct arena *a, struct jout *j, const struct question *q, const struct answer *answer)
{
	const struct network *net = q->network;
	struct plan before = plan_status_quo(a, &q->model);
	struct account acc;
	double *price = arena_array(a, double, net->sites * net->flows * net->years);
	account_make(a, net, &answer->plan, &acc);
	jout_key(j, "with");
	jout_open(j, '{');
	write_account(j, net, &acc);
	jout_close(j);
	if (!has_start(net) || !plan_route_priced(a, &q->model, &before, price)) {
		jout_key(j, "status_quo"), jout_null(j); /* today's plants cannot take it all */
		jout_key(j, "viability"), jout_null(j);
		return;
	}
	account_make(a, net, &before, &acc);
	jout_key(j, "status_quo");
	jout_open(j, '{');
	write_account(j, net, &acc);
	jout_key(j, "plan");
	planfile_write(j, &q->model, &before);
	write_prices(j, &q->model, price);
	jout_close(j);
	double base = before.cost.total;
	jout_key(j, "viability");
	jout_open(j, '{');
	jout_kv_text(j, "answer",
		viability_name(viability_of(base, answer->plan.cost.total, answer->bound)));
	jout_kv_real(j, "value_eur", base - answer->plan.cost.total);
	jout_kv_real(j, "value_bound_eur", base - answer->bound);
	jout_close(j);
}

void report_write(struct arena *a, struct jout *j, const struct question *q, uint64_t seed,
	const struct answer *answer)
{
	bool has_plan = answer->plan.level != NULL;
	jout_open(j, '{');
	jout_kv_text(j, "format", "recircuit-plan-1");
	jout_kv_text(j, "status", status_names[answer->status]);
	jout_kv_real(j, "cost", has_plan ? answer->plan.cost.total : INFINITY);
	jout_kv_real(j, "bound", answer->bound);
	jout_kv_real(j, "certified_bound", answer->certified);
	jout_kv_real(j, "gap", has_plan ? answer->gap : INFINITY);
	jout_key(j, "seconds"), jout_fixed(j, answer->seconds, 3);
	jout_key(j, "cpu_seconds"), jout_fixed(j, answer->cpu_seconds, 3);
	jout_kv_int(j, "nodes", answer->nodes);
	jout_kv_int(j, "seed", (int64_t)seed);
	jout_kv_text(j, "sha256", q->sha256);
	jout_kv_text(j, "solver", RECIRCUIT_VERSION);
	jout_key(j, "notes");
	jout_open(j, '[');
	for (size_t n = 0; n < answer->note_count; n++)
		jout_text(j, answer->notes[n]);
	jout_close(j);
	if (has_plan && q->network)
		write_network(a, j, q, answer);
	if (has_plan) {
		jout_key(j, "plan");
		planfile_write(j, &q->model, &answer->plan);
	}
	if (answer->certificate.price) {
		jout_key(j, "certificate");
		certfile_write(j, &q->model, &answer->certificate);
	}
	jout_close(j);
}
