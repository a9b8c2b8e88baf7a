#include "report.h"

#include "account.h"
#include "certfile.h"
#include "check.h"
#include "explain.h"
#include "nearest.h"
#include "planfile.h"

#include <math.h>

static const char *const status_names[] = {"optimal", "feasible", "infeasible", "unknown"};

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

/* Where the tonnes of each region are treated. */
static void write_regions(struct jout *j, const struct network *net, const struct account *acc)
{
	jout_key(j, "regions");
	jout_open(j, '[');
	for (size_t r = 0; r < net->regions; r++) {
		if (!acc->is_source[r])
			continue;
		jout_open(j, '{');
		jout_kv_text(j, "region", net->region[r]);
		write_years(j, "tonnes", acc->region_tonnes + r * net->years, net->years);
		write_years(j, "own_tonnes", acc->own_tonnes + r * net->years, net->years);
		write_years(j, "study_tonnes", acc->study_tonnes + r * net->years, net->years);
		jout_close(j);
	}
	jout_close(j);
}

static void write_gain(struct jout *j, const struct gain *g)
{
	jout_kv_real(j, "npv_eur", g->npv_eur);
	jout_key(j, "irr");
	jout_open(j, '{');
	jout_kv_text(j, "kind", irr_kind_name(g->irr.kind));
	jout_kv_real(j, "rate", g->irr.rate); /* NaN: null */
	jout_close(j);
	jout_kv_real(j, "payback_years", g->payback_years);
}

static void write_flow(struct jout *j, const struct cashflow *f)
{
	write_years(j, "invested_eur", f->invested, f->years + 1);
	write_years(j, "running_eur", f->running, f->years + 1);
}

/* Cash flows and what they say: the member "finance". */
static void write_finance(struct jout *j, const struct finance *f)
{
	jout_key(j, "finance");
	jout_open(j, '{');
	jout_key(j, "system");
	if (f->has_system) {
		jout_open(j, '{');
		write_flow(j, &f->system);
		write_gain(j, &f->system_gain);
		jout_close(j);
	} else {
		jout_null(j);
	}
	jout_key(j, "platforms");
	if (f->has_platforms) {
		jout_open(j, '{');
		write_flow(j, &f->platforms);
		jout_kv_real(j, "present_tonnes", f->present_tonnes);
		jout_kv_real(j, "levelised_eur_t", f->levelised_eur_t);
		jout_key(j, "fees");
		jout_open(j, '[');
		for (int n = 0; n < f->fees; n++) {
			jout_open(j, '{');
			jout_kv_real(j, "fee_eur_t", f->fee_eur_t[n]);
			write_gain(j, &f->fee_gain[n]);
			jout_close(j);
		}
		jout_close(j);
		jout_close(j);
	} else {
		jout_null(j);
	}
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
	write_regions(j, net, acc);
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

/* The platform that misses viability by least, as a plan, and what it misses in every way that a
 * planner may want to make up for it. */
static void write_nearest(struct jout *j, const struct question *q, const struct plan *p,
	size_t site, const struct shortfall *s)
{
	jout_key(j, "nearest");
	jout_open(j, '{');
	jout_kv_text(j, "site", q->network->site[site].id);
	jout_kv_real(j, "cost", p->cost.total);
	jout_kv_real(j, "missing_eur", s->eur);
	jout_kv_real(j, "missing_eur_year", s->eur_year);
	jout_kv_real(j, "missing_eur_t", s->eur_t);
	jout_kv_real(j, "missing_capex_share", s->capex_share);
	jout_kv_real(j, "fee_low_eur_t", s->fee_low_eur_t);
	jout_kv_real(j, "fee_high_eur_t", s->fee_high_eur_t);
	jout_key(j, "plan");
	planfile_write(j, &q->model, p);
	jout_close(j);
}

/* Why nothing new is worth it: the member "why". */
static void write_why_not(struct arena *a, struct jout *j, const struct question *q,
	const struct plan *before, const double *price, const struct account *today)
{
	struct plan p;
	struct account acc;
	size_t site;
	jout_key(j, "why");
	jout_open(j, '{');
	/* A platform alone that breaks a limit is no plan: nothing is said then. */
	struct cost unused;
	struct err broken;
	if (nearest_find(a, &q->model, before, price, &p, &site) &&
		check_plan(a, &q->model, &p, &unused, &broken)) {
		account_make(a, q->network, &p, &acc);
		struct shortfall s = finance_shortfall(a, q->network, &acc, today);
		write_nearest(j, q, &p, site, &s);
	} else {
		jout_key(j, "nearest"), jout_null(j);
	}
	jout_close(j);
}

/* Limits n to end - 1 are those of the years of one thing, or a single one of all years. */
static size_t limit_group_end(const struct model *m, size_t n)
{
	size_t end = n + 1;
	while (end < m->limit_count && m->limits[n].year != LIMIT_HORIZON &&
		m->limits[end].kind == m->limits[n].kind &&
		m->limits[end].site == m->limits[n].site)
		end++;
	return end;
}

/* What the plan makes of each limit: the member "limits". */
static void write_limits(struct jout *j, const struct question *q, const struct account *acc)
{
	const struct model *m = &q->model;
	jout_key(j, "limits");
	jout_open(j, '[');
	for (size_t n = 0, end; n < m->limit_count; n = end) {
		const struct limit *limit = &m->limits[n];
		bool is_yearly = limit->year != LIMIT_HORIZON;
		end = limit_group_end(m, n);
		jout_open(j, '{');
		jout_kv_text(j, "limit", account_limit_name(limit));
		if (limit->kind != LIMIT_BUDGET && limit->kind != LIMIT_EMISSION)
			jout_kv_text(j, "site", q->network->site[limit->site].id);
		for (int is_use = 0; is_use < 2; is_use++) {
			jout_key(j, is_use ? "used" : "value");
			if (is_yearly)
				jout_open(j, '[');
			for (size_t i = n; i < end; i++)
				jout_fixed(j,
					is_use ? account_use(acc, q->network, &m->limits[i])
					       : m->limits[i].value,
					3);
			if (is_yearly)
				jout_close(j);
		}
		jout_close(j);
	}
	jout_close(j);
}

/* Why there is no plan. */
static void write_why_infeasible(struct arena *a, struct jout *j, const struct question *q)
{
	struct explanation why;
	explain_find(a, &q->model, &why);
	jout_key(j, "why");
	jout_open(j, '{');
	jout_key(j, "lacks");
	jout_open(j, '[');
	for (size_t n = 0; n < why.count; n++) {
		const struct lack *lack = &why.lacks[n];
		jout_open(j, '{');
		jout_kv_text(j, "flow", q->network->flow[lack->flow].id);
		jout_kv_int(j, "year", q->network->first_year + (int)lack->year);
		jout_kv_real(j, "tonnes", lack->tonnes);
		jout_kv_real(j, "capacity_t", lack->capacity_t);
		jout_kv_real(j, "missing_t", lack->missing_t);
		jout_kv_int(j, "worst_year", q->network->first_year + (int)lack->worst_year);
		jout_kv_real(j, "worst_missing_t", lack->worst_missing_t);
		jout_kv_bool(j, "is_out_of_reach", lack->is_out_of_reach);
		jout_close(j);
	}
	jout_close(j);
	jout_key(j, "platforms_needed");
	if (why.platforms_needed >= 0)
		jout_int(j, why.platforms_needed);
	else
		jout_null(j);
	if (q->model.limit_count) {
		jout_key(j, "limits");
		jout_open(j, '[');
		for (size_t n = 0; n < why.barrier_count; n++) {
			const struct barrier *b = &why.barriers[n];
			jout_open(j, '{');
			jout_kv_text(j, "limit", barrier_name(b->kind));
			jout_kv_real(j, "missing", b->missing);
			jout_kv_bool(j, "is_enough", b->is_enough);
			jout_close(j);
		}
		jout_close(j);
	}
	jout_close(j);
}

static void write_network(
	struct arena *a, struct jout *j, const struct question *q, const struct answer *answer)
{
	const struct network *net = q->network;
	struct plan before = plan_status_quo(a, &q->model);
	struct account acc, today;
	struct finance finance;
	double *price = arena_array(a, double, net->sites * net->flows * net->years);
	account_make(a, net, &answer->plan, &acc);
	jout_key(j, "with");
	jout_open(j, '{');
	write_account(j, net, &acc);
	jout_close(j);
	if (q->model.limit_count)
		write_limits(j, q, &acc);
	if (!has_start(net) || !plan_route_priced(a, &q->model, &before, price)) {
		jout_key(j, "status_quo"), jout_null(j); /* today's plants cannot take it all */
		jout_key(j, "viability"), jout_null(j);
		finance_make(a, net, &acc, NULL, &finance);
		write_finance(j, &finance);
		return;
	}
	account_make(a, net, &before, &today);
	finance_make(a, net, &acc, &today, &finance);
	jout_key(j, "status_quo");
	jout_open(j, '{');
	write_account(j, net, &today);
	jout_key(j, "plan");
	planfile_write(j, &q->model, &before);
	write_prices(j, &q->model, price);
	jout_close(j);
	double base = before.cost.total;
	jout_key(j, "viability");
	jout_open(j, '{');
	enum viability verdict = viability_of(base, answer->plan.cost.total, answer->bound);
	jout_kv_text(j, "answer", viability_name(verdict));
	jout_kv_real(j, "value_eur", base - answer->plan.cost.total);
	jout_kv_real(j, "value_bound_eur", base - answer->bound);
	jout_close(j);
	write_finance(j, &finance);
	if (verdict != VIABLE)
		write_why_not(a, j, q, &before, price, &today);
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
	if (answer->status == ANSWER_INFEASIBLE && q->network)
		write_why_infeasible(a, j, q);
	if (answer->certificate.price) {
		jout_key(j, "certificate");
		certfile_write(j, &q->model, &answer->certificate);
	}
	jout_close(j);
}
