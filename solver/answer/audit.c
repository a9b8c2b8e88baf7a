#include "audit.h"

#include "account.h"
#include "certfile.h"
#include "check.h"
#include "finance.h"
#include "planfile.h"
#include "text.h"

#include <math.h>

/* Figures beyond this are not of this world: what jin may read. */
static const double LARGEST = 1e18;

/* Files round money to the cent, and what is counted by the year to a thousandth. */
static const double ROUNDING = 0.006;

/* Sums of many terms are as exact as their size. */
static bool agree(const char *what, double said, double found, double size, struct err *e)
{
	if (fabs(said - found) <= CHECK_TOLERANCE * fmax(1, fabs(size)))
		return true;
	return err_set(e, ERR_INFEASIBLE, "%s : le fichier dit %.6f, le calcul donne %.6f", what,
		said, found);
}

/* A figure that the file rounds; the error's path is the value's own. */
static void expect(const struct jin *at, double said, double found)
{
	if (!jin_failed(at) && fabs(said - found) > ROUNDING + CHECK_TOLERANCE * fabs(found))
		jin_fail(at, "le fichier dit %.3f, le calcul donne %.3f", said, found);
}

static void expect_real(const struct jin *object, const char *key, double found)
{
	struct jin at = {.reader = object->reader, .parent = object, .key = key};
	expect(&at, jin_real(object, key, -LARGEST, LARGEST), found);
}

/* The same of a figure that the file does not round: a rate, a price, a time. */
static void expect_exact(const struct jin *object, const char *key, double found)
{
	struct jin at = {.reader = object->reader, .parent = object, .key = key};
	double said = jin_real(object, key, -LARGEST, LARGEST);
	if (!jin_failed(&at) && fabs(said - found) > CHECK_TOLERANCE * fmax(1, fabs(found)))
		jin_fail(&at, "le fichier dit %.6f, le calcul donne %.6f", said, found);
}

static void expect_years(const struct jin *object, const char *key, const double *v, size_t years)
{
	struct jin list = jin_array(object, key, years, years);
	for (size_t t = 0; t < list.count; t++) {
		struct jin item = jin_item(&list, t);
		expect(&item, jin_value_real(&item, -LARGEST, LARGEST), v[t]);
	}
}

static size_t find_site(const struct network *net, const char *id)
{
	size_t j = 0;
	while (j < net->sites && !text_eq(net->site[j].id, id))
		j++;
	return j;
}

static size_t find_flow(const struct network *net, const char *id)
{
	size_t k = 0;
	while (k < net->flows && !text_eq(net->flow[k].id, id))
		k++;
	return k;
}

static double most(const double *v, size_t count)
{
	double most = 0;
	for (size_t n = 0; n < count; n++)
		most = fmax(most, v[n]);
	return most;
}

/* The lines of one site: each named once, none that works left out. */
static void expect_lines(
	const struct jin *at, const struct network *net, const struct account *found, size_t j)
{
	struct jin lines = jin_array(at, "lines", 0, net->flows);
	const double *load = found->load + j * net->flows * net->years;
	const double *capacity = found->capacity + j * net->flows * net->years;
	size_t working = 0;
	for (size_t k = 0; k < net->flows; k++)
		working += most(load + k * net->years, net->years) > 0 ||
			   most(capacity + k * net->years, net->years) > 0;
	if (!jin_failed(at) && lines.count != working)
		jin_fail(&lines, "%zu lignes décrites, %zu travaillent", lines.count, working);
	for (size_t n = 0; n < lines.count; n++) {
		struct jin line = jin_item(&lines, n);
		size_t k = find_flow(net, jin_text(&line, "flow", 200));
		if (jin_failed(at))
			return;
		if (k == net->flows) {
			jin_fail(&line, "flux inconnu");
			return;
		}
		expect_years(&line, "tonnes", load + k * net->years, net->years);
		if (net->site[j].kind == SITE_CANDIDATE)
			expect_years(&line, "capacity_t", capacity + k * net->years, net->years);
	}
}

static void expect_site(
	const struct jin *at, const struct network *net, const struct account *found)
{
	size_t j = find_site(net, jin_text(at, "site", 200));
	if (jin_failed(at))
		return;
	if (j == net->sites) {
		jin_fail(at, "site inconnu");
		return;
	}
	expect_real(at, "capex_eur", found->site_capex[j]);
	expect_years(at, "jobs", found->site_jobs + j * net->years, net->years);
	expect_lines(at, net, found, j);
	struct jin origins = jin_object(at, "origin_tonnes");
	for (size_t r = 0; r < net->regions; r++) {
		double tonnes = found->origin[j * net->regions + r];
		if (tonnes > 0 || jin_has(&origins, net->region[r]))
			expect_real(&origins, net->region[r], tonnes);
	}
}

/* The regions that give something, in the network's order. */
static void expect_regions(
	const struct jin *said, const struct network *net, const struct account *found)
{
	size_t sources = 0, n = 0;
	for (size_t r = 0; r < net->regions; r++)
		sources += found->is_source[r];
	struct jin list = jin_array(said, "regions", sources, sources);
	for (size_t r = 0; r < net->regions && !jin_failed(said); r++) {
		if (!found->is_source[r])
			continue;
		struct jin at = jin_item(&list, n++);
		if (!text_eq(jin_text(&at, "region", 200), net->region[r]))
			jin_fail(&at, "la région attendue est %s", net->region[r]);
		expect_years(&at, "tonnes", found->region_tonnes + r * net->years, net->years);
		expect_years(&at, "own_tonnes", found->own_tonnes + r * net->years, net->years);
		expect_years(&at, "study_tonnes", found->study_tonnes + r * net->years, net->years);
	}
}

/* A figure that may be missing, as it is exactly where it cannot be computed. */
static void expect_or_null(const struct jin *object, const char *key, double found)
{
	struct jin at = {.reader = object->reader, .parent = object, .key = key};
	if (isfinite(found))
		expect_exact(object, key, found);
	else if (jin_has(object, key))
		jin_fail(&at, "ce chiffre ne peut pas être calculé");
}

static void expect_gain(const struct jin *said, const struct gain *found)
{
	struct jin irr = jin_object(said, "irr");
	expect_real(said, "npv_eur", found->npv_eur);
	if (!text_eq(jin_text(&irr, "kind", 50), irr_kind_name(found->irr.kind)))
		jin_fail(&irr, "le calcul donne « %s »", irr_kind_name(found->irr.kind));
	expect_or_null(&irr, "rate", found->irr.rate);
	expect_or_null(said, "payback_years", found->payback_years);
}

static void expect_flow(const struct jin *said, const struct cashflow *found)
{
	expect_years(said, "invested_eur", found->invested, found->years + 1);
	expect_years(said, "running_eur", found->running, found->years + 1);
}

static bool audit_finance(const struct jin *root, const struct finance *found)
{
	struct jin said = jin_object(root, "finance");
	if (jin_failed(root))
		return false;
	if (jin_has(&said, "system") != found->has_system ||
		jin_has(&said, "platforms") != found->has_platforms) {
		jin_fail(&said, "une partie manque, ou est de trop");
		return false;
	}
	if (found->has_system) {
		struct jin at = jin_object(&said, "system");
		expect_flow(&at, &found->system);
		expect_gain(&at, &found->system_gain);
	}
	if (found->has_platforms) {
		struct jin at = jin_object(&said, "platforms");
		expect_flow(&at, &found->platforms);
		expect_real(&at, "present_tonnes", found->present_tonnes);
		expect_exact(&at, "levelised_eur_t", found->levelised_eur_t);
		struct jin fees = jin_array(&at, "fees", (size_t)found->fees, (size_t)found->fees);
		for (size_t n = 0; n < fees.count; n++) {
			struct jin fee = jin_item(&fees, n);
			expect_exact(&fee, "fee_eur_t", found->fee_eur_t[n]);
			expect_gain(&fee, &found->fee_gain[n]);
		}
	}
	return !jin_failed(root);
}

static bool is_at_work(const struct network *net, const struct account *found, size_t j)
{
	return found->site_capex[j] > 0 || most(found->origin + j * net->regions, net->regions) > 0;
}

/* One account of the file against the same one made anew. */
static bool check_account(
	const struct jin *said, const struct network *net, const struct account *found)
{
	expect_real(said, "total_eur", found->total_eur);
	expect_real(said, "eur_per_tonne", found->total_eur / found->present_tonnes);
	struct jin parts = jin_object(said, "components_eur");
	for (int c = 0; c < COMPONENT_COUNT; c++)
		expect_real(&parts, component_name((enum component)c), found->present_eur[c]);
	expect_years(said, "tonnes", found->tonnes, net->years);
	expect_years(said, "platform_tonnes", found->platform_tonnes, net->years);
	expect_years(said, "vehicle_km", found->vehicle_km, net->years);
	expect_years(said, "co2_t", found->co2_t, net->years);
	expect_years(said, "jobs", found->jobs, net->years);
	expect_regions(said, net, found);
	struct jin sites = jin_array(said, "sites", 0, net->sites);
	size_t working = 0;
	for (size_t j = 0; j < net->sites; j++)
		working += is_at_work(net, found, j);
	if (!jin_failed(said) && sites.count != working)
		jin_fail(&sites, "%zu sites décrits, %zu travaillent", sites.count, working);
	for (size_t n = 0; n < sites.count && !jin_failed(said); n++) {
		struct jin site = jin_item(&sites, n);
		expect_site(&site, net, found);
	}
	return !jin_failed(said);
}

/* *found is the account, and its total is what the model says the plan costs. */
static bool audit_account(struct arena *a, const struct network *net, const struct plan *p,
	double cost, const struct jin *said, struct account *found, struct err *e)
{
	account_make(a, net, p, found);
	return agree("comptes", found->total_eur, cost, cost, e) && check_account(said, net, found);
}

/* The platform that comes nearest: its plan holds, costs what it says, and has one platform. */
static bool audit_nearest(struct arena *a, const struct model *m, const struct network *net,
	const struct jin *why, const struct account *before, struct err *e)
{
	if (!jin_has(why, "nearest"))
		return true; /* it claims nothing */
	struct jin said = jin_object(why, "nearest"), at = jin_object(&said, "plan");
	struct plan p = planfile_read(a, &at, m);
	size_t j = find_site(net, jin_text(&said, "site", 200));
	double cost = jin_real(&said, "cost", -LARGEST, LARGEST);
	struct cost found;
	struct account acc;
	if (jin_failed(why) || !check_plan(a, m, &p, &found, e) ||
		!agree("plateforme la plus proche", cost, found.total, found.total, e))
		return false;
	account_make(a, net, &p, &acc);
	for (size_t n = 0; n < net->sites; n++)
		if ((n == j) != (net->site[n].kind == SITE_CANDIDATE && is_at_work(net, &acc, n))) {
			jin_fail(&said, "ce plan n’est pas celui de cette plateforme seule");
			return false;
		}
	struct shortfall s = finance_shortfall(a, net, &acc, before);
	expect_real(&said, "missing_eur", s.eur);
	expect_exact(&said, "missing_eur_year", s.eur_year);
	expect_or_null(&said, "missing_eur_t", s.eur_t);
	expect_or_null(&said, "missing_capex_share", s.capex_share);
	expect_or_null(&said, "fee_low_eur_t", s.fee_low_eur_t);
	expect_or_null(&said, "fee_high_eur_t", s.fee_high_eur_t);
	return !jin_failed(why);
}

static double *read_prices(struct arena *a, const struct jin *said, const struct model *m)
{
	double *price = arena_array(a, double, m->sites * m->flows * m->years);
	struct jin list = jin_array(said, "prices", 0, m->sites * m->flows * m->years);
	for (size_t n = 0; n < list.count && !jin_failed(said); n++) {
		struct jin item = jin_item(&list, n);
		struct jin j = jin_item(&item, 0), k = jin_item(&item, 1), t = jin_item(&item, 2),
			   eur = jin_item(&item, 3);
		size_t at = (size_t)jin_value_int(&j, 0, (int64_t)m->sites - 1) * m->flows;
		at = (at + (size_t)jin_value_int(&k, 0, (int64_t)m->flows - 1)) * m->years;
		at += (size_t)jin_value_int(&t, 0, (int64_t)m->years - 1);
		price[at] = jin_value_real(&eur, 0, LARGEST);
	}
	return price;
}

/* The status quo and the verdict, which stand or are missing together: *has_before says which. */
static bool audit_verdict(struct arena *a, const struct model *m, const struct network *net,
	const struct jin *root, double cost, double bound, struct account *before, bool *has_before,
	struct err *e)
{
	*has_before = jin_has(root, "viability") || jin_has(root, "status_quo");
	if (!*has_before)
		return true;
	struct jin today = jin_object(root, "status_quo"), verdict = jin_object(root, "viability");
	struct jin routes = jin_object(&today, "plan");
	struct plan p = planfile_read(a, &routes, m);
	double *price = read_prices(a, &today, m);
	double value = jin_real(&verdict, "value_eur", -LARGEST, LARGEST);
	bool has_limit = jin_has(&verdict, "value_bound_eur"); /* not without a bound */
	double limit = has_limit ? jin_real(&verdict, "value_bound_eur", -LARGEST, LARGEST) : 0;
	const char *word = jin_text(&verdict, "answer", 50);
	struct cost found;
	if (jin_failed(root) || !check_status_quo(a, m, &p, price, &found, e) ||
		!audit_account(a, net, &p, found.total, &today, before, e))
		return false;
	double base = found.total;
	if (!agree("valeur", value, base - cost, base, e) ||
		!agree("valeur au plus", limit, isfinite(bound) ? base - bound : 0, base, e))
		return false;
	const char *answer = viability_name(viability_of(base, cost, bound));
	return text_eq(word, answer) ||
	       err_set(e, ERR_INFEASIBLE, "verdict : le fichier dit %s, ses chiffres disent %s",
		       word, answer);
}

/* The bound is not above the plan, the gap is theirs. */
static bool audit_bound(const struct jin *root, double cost, double bound, struct err *e)
{
	if (bound > cost + CHECK_TOLERANCE * fmax(1, fabs(cost)))
		return err_set(e, ERR_INFEASIBLE, "la borne %.6f dépasse le coût du plan %.6f",
			bound, cost);
	if (!jin_has(root, "gap"))
		return true;
	double gap = jin_real(root, "gap", -1, 1e9);
	double found = cost > bound && cost != 0 ? (cost - bound) / fabs(cost) : 0;
	return !jin_failed(root) && agree("écart", gap, found, found, e);
}

/* What the file says of each limit, in the order of the model. */
static bool audit_limits(const struct jin *root, const struct model *m, const struct network *net,
	const struct account *found)
{
	struct jin list = jin_array(root, "limits", 0, m->limit_count);
	size_t seen = 0;
	for (size_t n = 0; n < list.count && !jin_failed(root); n++) {
		struct jin item = jin_item(&list, n);
		const struct limit *limit = &m->limits[seen];
		if (seen == m->limit_count ||
			!text_eq(jin_text(&item, "limit", 50), account_limit_name(limit))) {
			jin_fail(&item, "ce n’est pas la limite que pose le réseau");
			return false;
		}
		if (limit->year == LIMIT_HORIZON) {
			expect_real(&item, "value", limit->value);
			expect_real(&item, "used", account_use(found, net, limit));
			seen++;
			continue;
		}
		struct jin value = jin_array(&item, "value", 1, m->limit_count - seen);
		struct jin used = jin_array(&item, "used", value.count, value.count);
		for (size_t t = 0; t < used.count && !jin_failed(root); t++, seen++) {
			struct jin v = jin_item(&value, t), u = jin_item(&used, t);
			expect(&v, jin_value_real(&v, -LARGEST, LARGEST), m->limits[seen].value);
			expect(&u, jin_value_real(&u, -LARGEST, LARGEST),
				account_use(found, net, &m->limits[seen]));
		}
	}
	if (!jin_failed(root) && seen != m->limit_count)
		jin_fail(&list, "%zu limites décrites, il y en a %zu", seen, m->limit_count);
	return !jin_failed(root);
}

bool audit_certificate(struct arena *a, const struct model *m, const struct jin *root,
	double *certified, bool *is_whole, struct err *e)
{
	double said = jin_real(root, "certified_bound", -LARGEST, LARGEST);
	double bound = jin_real(root, "bound", -LARGEST, LARGEST);
	int64_t nodes = jin_int(root, "nodes", 0, INT64_MAX);
	struct jin at = jin_object(root, "certificate");
	struct certificate c = certfile_read(a, &at, m);
	if (jin_failed(root))
		return false;
	*certified = bound_evaluate(m, &c);
	if (!isfinite(*certified))
		return err_set(e, ERR_INFEASIBLE,
			"certificat : ces multiplicateurs ne prouvent aucune borne");
	*is_whole = bound <= *certified + CHECK_TOLERANCE * fmax(1, fabs(*certified));
	if (!*is_whole && nodes == 0)
		return err_set(e, ERR_INFEASIBLE,
			"borne : le fichier dit %.6f, ses multiplicateurs prouvent %.6f", bound,
			*certified);
	return agree("borne certifiée", said, *certified, *certified, e);
}

bool audit_answer(struct arena *a, const struct model *m, const struct network *net,
	const struct plan *p, const struct cost *cost, const struct jin *root, struct err *e)
{
	double said = jin_real(root, "cost", -LARGEST, LARGEST);
	double bound =
		jin_has(root, "bound") ? jin_real(root, "bound", -LARGEST, LARGEST) : -INFINITY;
	if (jin_failed(root) || !agree("coût", said, cost->total, cost->total, e) ||
		!audit_bound(root, said, bound, e))
		return false;
	if (!net)
		return true;
	struct jin with = jin_object(root, "with");
	struct account after, before;
	bool has_before;
	if (jin_failed(root) || !audit_account(a, net, p, cost->total, &with, &after, e) ||
		(m->limit_count && !audit_limits(root, m, net, &after)) ||
		!audit_verdict(a, m, net, root, said, bound, &before, &has_before, e))
		return false;
	struct finance finance;
	finance_make(a, net, &after, has_before ? &before : NULL, &finance);
	if (!audit_finance(root, &finance) || !has_before || !jin_has(root, "why"))
		return !jin_failed(root);
	struct jin why = jin_object(root, "why");
	return audit_nearest(a, m, net, &why, &before, e);
}
