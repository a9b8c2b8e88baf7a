#include "verdict.h"

#include "figure.h"
#include "jout.h"
#include "phrase.h"
#include "store.h"
#include "text.h"
#include "volume.h"

#include <math.h>
#include <string.h>

/* What the solver calls a component of cost, what people call it, and the parameters that feed it
 * (column `component` of table parameter). */
static const struct component {
	const char *name, *label, *parameters;
} components[] = {
	{"haulage", "Transport", "haulage"},
	{"carbon", "Prix du CO2 du transport", "carbon"},
	{"handling", "Manutention à la collecte", "handling"},
	{"gate", "Prix payé aux usines existantes", "gate"},
	{"treatment", "Traitements propres aux flux (gaz, piles…)", "treatment"},
	{"energy", "Électricité", "energy"},
	{"consumables", "Consommables", "consumables"},
	{"residue", "Élimination des résidus", "residue"},
	{"revenue", "Vente des matières (recette)", "revenue"},
	{"support", "Soutien des éco-organismes (recette)", "revenue"},
	{"jobs", "Salaires des plateformes", "jobs"},
	{"upkeep", "Entretien", "upkeep"},
	{"capex", "Investissement, moins la valeur restante", "capex"},
	{"closing", "Fermetures", "capex"},
	{"site", "Frais fixes des sites", "site"},
};
enum { COMPONENTS = sizeof components / sizeof *components };

static const char *const classes[] = {"measured", "published", "assumption"};
enum { CLASSES = sizeof classes / sizeof *classes };

/* Columns of the queries in sql/queries/. */
enum { RUN_ID, RUN_SCENARIO, RUN_SCENARIO_CODE, RUN_SCENARIO_NAME, RUN_VERSION };
enum { SITE_ID, SITE_CODE, SITE_KIND, SITE_NAME, SITE_LON, SITE_LAT, SITE_REGION };
enum { PARAMETER_ID, PARAMETER_VALUE, PARAMETER_COMPONENT, PARAMETER_CONFIDENCE };

struct writer {
	struct arena *arena;
	struct jout *j;
	const struct instance *in;
	const struct jin *answer;
	struct jin with, before; /* accounts; before.value is null without a status quo */
	struct rows regions;     /* code, name */
	size_t years;
};

static const char *region_name(const struct writer *w, const char *code)
{
	return phrase_name(&w->regions, 0, 1, code);
}

static const char *flow_label(const struct writer *w, const char *id)
{
	return phrase_name(&w->in->flows, 0, 1, id);
}

static double parameter_value(const struct writer *w, const char *id)
{
	for (size_t r = 0; r < w->in->parameters.count; r++)
		if (text_eq(rows_text(&w->in->parameters, r, PARAMETER_ID), id))
			return rows_real(&w->in->parameters, r, PARAMETER_VALUE);
	return NAN;
}

static double year_value(const struct jin *account, const char *key, size_t t)
{
	struct jin list = jin_array(account, key, 0, 1000);
	struct jin item = jin_item(&list, t);
	return jin_value_real(&item, -1e18, 1e18);
}

static double component_eur(const struct jin *account, const char *name)
{
	if (!account->value)
		return 0;
	struct jin all = jin_object(account, "components_eur");
	return jin_real(&all, name, -1e18, 1e18);
}

/* The share of each class of confidence among the parameters of a component. */
static bool pool_shares(const struct writer *w, const char *component, double share[CLASSES])
{
	double total = 0;
	memset(share, 0, CLASSES * sizeof *share);
	for (size_t r = 0; r < w->in->parameters.count; r++) {
		const char *of = rows_text(&w->in->parameters, r, PARAMETER_COMPONENT);
		bool is_rounds = w->in->haul_bands.count && text_eq(component, "haulage") &&
				 text_eq(of, "rounds"); /* haulage rests on these too */
		if (!text_eq(of, component) && !is_rounds)
			continue;
		for (size_t c = 0; c < CLASSES; c++)
			share[c] += text_eq(
				rows_text(&w->in->parameters, r, PARAMETER_CONFIDENCE), classes[c]);
		total++;
	}
	for (size_t c = 0; c < CLASSES && total > 0; c++)
		share[c] /= total;
	return total > 0;
}

/* Behind every euro stand tonnes and a cost: half of it weighs on the parameters of the volumes,
 * half on those of the component, each parameter as much as any other of its half. What nothing
 * feeds is an assumption. */
static void class_shares(const struct writer *w, const char *component, double share[CLASSES])
{
	double cost[CLASSES], volume[CLASSES];
	if (!pool_shares(w, component, cost))
		cost[CLASSES - 1] = 1;
	if (!pool_shares(w, "volume", volume))
		volume[CLASSES - 1] = 1;
	/* Tonnes that were weighed rest on no estimate. */
	struct volume_recorded all = volume_recorded(w->in, NULL);
	double weighed = all.tonnes > 0 ? all.weighed_t / all.tonnes : 0;
	for (size_t c = 0; c < CLASSES; c++)
		volume[c] = (1 - weighed) * volume[c] + (c == 0 ? weighed : 0);
	for (size_t c = 0; c < CLASSES; c++)
		share[c] = (cost[c] + volume[c]) / 2;
}

/* A figure is as sure as the least sure of what it is made of. */
static const char *weakest(const double share[CLASSES])
{
	for (size_t c = CLASSES; c-- > 0;)
		if (share[c] > 0)
			return classes[c];
	return classes[CLASSES - 1];
}

/* Where a component comes from, when it is another run. */
static const char *component_source(const struct writer *w, const char *component)
{
	const struct rows *bands = &w->in->haul_bands;
	if (!bands->count || !text_eq(component, "haulage"))
		return NULL;
	return arena_printf(w->arena, "calculé d’après les tournées n° %s", rows_text(bands, 0, 0));
}

/* Returns the share of the plan's cost that rests on assumptions. */
static double write_breakdown(struct writer *w)
{
	double weight[CLASSES] = {0}, total = 0;
	jout_key(w->j, "breakdown");
	jout_open(w->j, '[');
	for (size_t c = 0; c < COMPONENTS; c++) {
		double with = component_eur(&w->with, components[c].name);
		double before = component_eur(&w->before, components[c].name);
		if (with == 0 && before == 0)
			continue;
		double share[CLASSES];
		class_shares(w, components[c].parameters, share);
		for (size_t s = 0; s < CLASSES; s++)
			weight[s] += fabs(with) * share[s];
		total += fabs(with);
		jout_open(w->j, '{');
		jout_kv_text(w->j, "component", components[c].name);
		jout_kv_text(w->j, "label", components[c].label);
		jout_kv_real(w->j, "plan_eur", with);
		jout_kv_real(w->j, "statu_quo_eur", w->before.value ? before : NAN);
		jout_kv_text(w->j, "confidence", weakest(share));
		jout_kv_text(w->j, "source", component_source(w, components[c].name));
		jout_close(w->j);
	}
	jout_close(w->j);
	jout_key(w->j, "confidence");
	jout_open(w->j, '{');
	for (size_t s = 0; s < CLASSES; s++)
		jout_kv_real(w->j, classes[s], total > 0 ? weight[s] / total : 0);
	jout_close(w->j);
	return total > 0 ? weight[CLASSES - 1] / total : 1;
}

/* Estimate against rounds, where haulage comes from those. */
static void write_haulage(struct writer *w)
{
	const struct rows *bands = &w->in->haul_bands;
	jout_key(w->j, "haulage_rounds");
	if (bands->count)
		rows_json_value(bands, 0, 0, w->j);
	else
		jout_null(w->j);
	jout_key(w->j, "haulage_bands");
	jout_open(w->j, '[');
	for (size_t b = 0; b < bands->count; b++)
		rows_json(bands, b, w->j);
	jout_close(w->j);
}

static void write_site_head(struct writer *w, size_t s)
{
	const struct rows *sites = &w->in->sites;
	jout_kv_text(w->j, "site", rows_text(sites, s, SITE_CODE));
	jout_kv_text(w->j, "name", rows_text(sites, s, SITE_NAME));
	jout_kv_text(w->j, "kind", rows_text(sites, s, SITE_KIND));
	jout_kv_text(w->j, "region", rows_text(sites, s, SITE_REGION));
	jout_kv_text(w->j, "region_name", region_name(w, rows_text(sites, s, SITE_REGION)));
	jout_kv_real(w->j, "lon", rows_real(sites, s, SITE_LON));
	jout_kv_real(w->j, "lat", rows_real(sites, s, SITE_LAT));
}

static void write_year_list(struct jout *j, const char *key, const double *v, size_t years)
{
	jout_key(j, key);
	jout_open(j, '[');
	for (size_t t = 0; t < years; t++)
		jout_fixed(j, v[t], 3);
	jout_close(j);
}

/* The object of a site in an account; its value is null when the site does nothing there. */
static struct jin find_account_site(const struct jin *sites, const char *code)
{
	for (size_t n = 0; n < sites->count; n++) {
		struct jin site = jin_item(sites, n);
		if (text_eq(jin_text(&site, "site", 200), code))
			return site;
	}
	return (struct jin){.reader = sites->reader};
}

/* Tonnes of all lines of a site, by year. */
static void write_site_tonnes(struct writer *w, const char *key, const struct jin *site)
{
	double *sum = arena_array(w->arena, double, w->years);
	if (site->value) {
		struct jin lines = jin_array(site, "lines", 0, 1000);
		for (size_t n = 0; n < lines.count; n++) {
			struct jin line = jin_item(&lines, n);
			for (size_t t = 0; t < w->years; t++)
				sum[t] += year_value(&line, "tonnes", t);
		}
	}
	write_year_list(w->j, key, sum, w->years);
}

/* One line of a platform: what opens when at what size, and what it treats. */
static void write_line(struct writer *w, const struct jin *line)
{
	const char *flow = jin_text(line, "flow", 200);
	double before = 0, *tonnes = arena_array(w->arena, double, w->years);
	jout_open(w->j, '{');
	jout_kv_text(w->j, "flow", flow);
	jout_kv_text(w->j, "label", flow_label(w, flow));
	jout_key(w->j, "steps");
	jout_open(w->j, '[');
	for (size_t t = 0; t < w->years; t++) {
		double now = year_value(line, "capacity_t", t);
		tonnes[t] = year_value(line, "tonnes", t);
		if (now != before) {
			jout_open(w->j, '{');
			jout_kv_int(w->j, "year", rows_int(&w->in->years, t, 0));
			jout_kv_text(w->j, "action", store_action(before, now));
			jout_kv_real(w->j, "capacity_t", now);
			jout_close(w->j);
		}
		before = now;
	}
	jout_close(w->j);
	write_year_list(w->j, "tonnes", tonnes, w->years);
	jout_close(w->j);
}

static void write_origins(struct writer *w, const struct jin *site)
{
	struct jin origins = jin_object(site, "origin_tonnes");
	jout_key(w->j, "origins");
	jout_open(w->j, '[');
	for (size_t r = 0; r < w->regions.count; r++) {
		const char *code = rows_text(&w->regions, r, 0);
		if (!jin_has(&origins, code))
			continue;
		jout_open(w->j, '{');
		jout_kv_text(w->j, "region", code);
		jout_kv_text(w->j, "name", rows_text(&w->regions, r, 1));
		jout_kv_real(w->j, "tonnes", jin_real(&origins, code, 0, 1e12));
		jout_close(w->j);
	}
	jout_close(w->j);
}

static bool is_candidate(const struct writer *w, size_t s)
{
	return text_eq(rows_text(&w->in->sites, s, SITE_KIND), "candidate");
}

static size_t write_platforms(struct writer *w)
{
	struct jin sites = jin_array(&w->with, "sites", 0, 100000);
	size_t count = 0;
	jout_key(w->j, "platforms");
	jout_open(w->j, '[');
	for (size_t s = 0; s < w->in->sites.count; s++) {
		struct jin site = find_account_site(&sites, rows_text(&w->in->sites, s, SITE_CODE));
		if (!is_candidate(w, s) || !site.value)
			continue;
		struct jin lines = jin_array(&site, "lines", 0, 1000);
		jout_open(w->j, '{');
		write_site_head(w, s);
		jout_kv_real(w->j, "capex_eur", jin_real(&site, "capex_eur", 0, 1e15));
		jout_kv_real(w->j, "jobs", year_value(&site, "jobs", w->years - 1));
		jout_key(w->j, "lines");
		jout_open(w->j, '[');
		for (size_t n = 0; n < lines.count; n++) {
			struct jin line = jin_item(&lines, n);
			write_line(w, &line);
		}
		jout_close(w->j);
		write_origins(w, &site);
		jout_close(w->j);
		count++;
	}
	jout_close(w->j);
	return count;
}

static void write_existing(struct writer *w)
{
	struct jin with = jin_array(&w->with, "sites", 0, 100000), before = {.reader = with.reader};
	if (w->before.value)
		before = jin_array(&w->before, "sites", 0, 100000);
	jout_key(w->j, "existing");
	jout_open(w->j, '[');
	for (size_t s = 0; s < w->in->sites.count; s++) {
		const char *code = rows_text(&w->in->sites, s, SITE_CODE);
		struct jin now = find_account_site(&with, code);
		struct jin then = find_account_site(&before, code);
		if (is_candidate(w, s))
			continue;
		jout_open(w->j, '{');
		write_site_head(w, s);
		write_site_tonnes(w, "tonnes", &now);
		write_site_tonnes(w, "tonnes_before", &then);
		jout_close(w->j);
	}
	jout_close(w->j);
}

static void write_years(struct writer *w)
{
	jout_key(w->j, "years");
	jout_open(w->j, '[');
	for (size_t t = 0; t < w->years; t++) {
		jout_open(w->j, '{');
		jout_kv_int(w->j, "year", rows_int(&w->in->years, t, 0));
		jout_key(w->j, "mark");
		if (figure_is_mark(t))
			jout_int(w->j, (int64_t)t + 1);
		else
			jout_null(w->j);
		jout_kv_real(w->j, "tonnes", year_value(&w->with, "tonnes", t));
		jout_kv_real(w->j, "platform_tonnes", year_value(&w->with, "platform_tonnes", t));
		jout_kv_real(w->j, "vehicle_km", year_value(&w->with, "vehicle_km", t));
		jout_kv_real(w->j, "co2_t", year_value(&w->with, "co2_t", t));
		jout_kv_real(w->j, "jobs", year_value(&w->with, "jobs", t));
		bool has_before = w->before.value != NULL;
		jout_kv_real(w->j, "vehicle_km_before",
			has_before ? year_value(&w->before, "vehicle_km", t) : NAN);
		jout_kv_real(w->j, "co2_t_before",
			has_before ? year_value(&w->before, "co2_t", t) : NAN);
		jout_close(w->j);
	}
	jout_close(w->j);
}

/* Cash flows by year, and what comes back on the last day. */
static void write_cash(struct writer *w)
{
	static const char *const keys[] = {"invested_eur", "running_eur"};
	struct jin finance = jin_object(w->answer, "finance");
	jout_key(w->j, "cash_flow");
	jout_open(w->j, '[');
	for (size_t t = 0; t <= w->years; t++) {
		jout_open(w->j, '{');
		jout_kv_int(w->j, "year", rows_int(&w->in->years, 0, 0) + (int64_t)t);
		jout_kv_bool(w->j, "is_end", t == w->years);
		for (int side = 0; side < 2; side++) {
			const char *who = side ? "platforms" : "system";
			for (int n = 0; n < 2; n++) {
				double eur = NAN;
				if (jin_has(&finance, who)) {
					struct jin flow = jin_object(&finance, who);
					eur = year_value(&flow, keys[n], t);
				}
				jout_kv_real(
					w->j, arena_printf(w->arena, "%s_%s", who, keys[n]), eur);
			}
		}
		jout_close(w->j);
	}
	jout_close(w->j);
}

/* What the cost rests on, in the verdict's own breath. */
static const char *doubt(struct arena *a, double assumed)
{
	return arena_printf(a,
		" Environ %s du coût du plan repose sur des hypothèses, à remplacer par "
		"des "
		"chiffres "
		"réels.",
		phrase_percent(a, assumed));
}

/* "13,1 millions au lieu de 10,7 millions (+23 %) en 2032" */
static const char *change(struct writer *w, const char *key, double unit, int decimals, size_t t)
{
	struct arena *a = w->arena;
	double before = year_value(&w->before, key, t), now = year_value(&w->with, key, t);
	const char *more = before > 0 ? arena_printf(a, " (%s%s\u00a0%%)", now > before ? "+" : "",
						text_french_number(a, 100 * (now / before - 1), 0))
				      : "";
	return arena_printf(a, "%s au lieu de %s%s en %s",
		text_french_number(a, now / unit, decimals),
		text_french_number(a, before / unit, decimals), more,
		rows_text(&w->in->years, t, 0));
}

/* Lorries and their CO2 at the marks, before and after; null when nothing can be compared. */
static const char *haulage_sentence(struct writer *w)
{
	const char *km = "", *co2 = "";
	int more = 0, less = 0;
	if (!w->before.value)
		return NULL;
	for (size_t t = 0; t < w->years; t++) {
		if (!figure_is_mark(t))
			continue;
		double before = year_value(&w->before, "vehicle_km", t);
		double now = year_value(&w->with, "vehicle_km", t);
		more += now > before;
		less += now < before;
		const char *join = *km ? ", " : "";
		km = arena_printf(w->arena, "%s%s%s", km, join, change(w, "vehicle_km", 1e6, 1, t));
		co2 = arena_printf(w->arena, "%s%s%s", co2, join, change(w, "co2_t", 1, 0, t));
	}
	if (!*km)
		return NULL;
	const char *opening = more && !less   ? "Avec ce plan, les camions roulent davantage"
			      : less && !more ? "Avec ce plan, les camions roulent moins"
					      : "Les camions";
	return arena_printf(w->arena,
		"%s : %s, en millions de véhicules-km par an. CO2 du transport : %s, en tonnes par "
		"an.",
		opening, km, co2);
}

/* The verdict in one or two plain sentences. */
static const char *sentence(
	struct writer *w, const char *answer, size_t platforms, double value, double limit)
{
	struct arena *a = w->arena;
	const char *per_tonne = "";
	if (w->before.value)
		per_tonne = arena_printf(a, ", soit %s\u00a0€/t au lieu de %s\u00a0€/t",
			text_french_number(a, jin_real(&w->with, "eur_per_tonne", -1e9, 1e9), 1),
			text_french_number(a, jin_real(&w->before, "eur_per_tonne", -1e9, 1e9), 1));
	if (text_eq(answer, "viable"))
		return arena_printf(a,
			"Oui, c’est viable. Le meilleur plan trouvé ouvre %zu\u00a0plateforme%s et "
			"coûte, sur "
			"%zu\u00a0ans, %s de moins que la situation actuelle (valeur "
			"actualisée)%s.",
			platforms, platforms > 1 ? "s" : "", w->years, phrase_millions(a, value),
			per_tonne);
	if (text_eq(answer, "not_viable"))
		return arena_printf(a,
			"Non, ce n’est pas viable. Il est prouvé qu’aucun plan avec de nouvelles "
			"plateformes ne coûte, sur %zu\u00a0ans, moins que la situation actuelle.",
			w->years);
	if (text_eq(answer, "undecided"))
		return arena_printf(a,
			"On ne peut pas encore conclure. Aucun plan moins cher que la situation "
			"actuelle "
			"n’a été trouvé, mais la preuve laisse la place à un gain d’au plus %s sur "
			"%zu\u00a0ans.",
			phrase_millions(a, limit), w->years);
	return "Les usines existantes ne suffisent pas à traiter tous les tonnages : il n’y a pas "
	       "de "
	       "situation actuelle à laquelle comparer le plan.";
}

static void write_cost(struct writer *w, double value, double limit)
{
	bool has_before = w->before.value != NULL;
	jout_key(w->j, "cost");
	jout_open(w->j, '{');
	jout_kv_real(w->j, "plan_eur", jin_real(w->answer, "cost", -1e18, 1e18));
	jout_kv_real(w->j, "bound_eur", jin_real(w->answer, "bound", -1e18, 1e18));
	jout_kv_real(w->j, "gap", jin_real(w->answer, "gap", -1, 1e9));
	jout_kv_real(w->j, "statu_quo_eur",
		has_before ? jin_real(&w->before, "total_eur", -1e18, 1e18) : NAN);
	jout_kv_real(w->j, "value_eur", value);
	jout_kv_real(w->j, "value_bound_eur", limit);
	jout_kv_real(w->j, "eur_per_tonne_before",
		has_before ? jin_real(&w->before, "eur_per_tonne", -1e9, 1e9) : NAN);
	jout_kv_real(w->j, "eur_per_tonne_after", jin_real(&w->with, "eur_per_tonne", -1e9, 1e9));
	jout_close(w->j);
}

static void write_head(struct writer *w, const struct rows *run)
{
	jout_kv_int(w->j, "run", rows_int(run, 0, RUN_ID));
	jout_key(w->j, "scenario");
	jout_open(w->j, '{');
	jout_kv_int(w->j, "id", rows_int(run, 0, RUN_SCENARIO));
	jout_kv_text(w->j, "code", rows_text(run, 0, RUN_SCENARIO_CODE));
	jout_kv_text(w->j, "name", rows_text(run, 0, RUN_SCENARIO_NAME));
	jout_kv_int(w->j, "version", rows_int(run, 0, RUN_VERSION));
	jout_close(w->j);
	jout_key(w->j, "horizon");
	jout_open(w->j, '{');
	jout_kv_int(w->j, "first_year", rows_int(&w->in->years, 0, 0));
	jout_kv_int(w->j, "years", (int64_t)w->years);
	jout_kv_real(w->j, "discount_rate", parameter_value(w, "economy.discount_rate"));
	jout_close(w->j);
}

static void write_notes(struct jout *j, const struct jin *answer)
{
	struct jin notes = jin_array(answer, "notes", 0, 100);
	jout_open(j, '[');
	for (size_t n = 0; n < notes.count; n++) {
		struct jin note = jin_item(&notes, n);
		jout_text(j, jin_value_text(&note, 2000));
	}
	jout_close(j);
}

static void write_solver(struct writer *w)
{
	jout_key(w->j, "solver");
	jout_open(w->j, '{');
	jout_kv_text(w->j, "status", jin_text(w->answer, "status", 50));
	jout_kv_real(w->j, "seconds", jin_real(w->answer, "seconds", 0, 1e9));
	jout_kv_int(w->j, "seed", jin_int(w->answer, "seed", 0, INT64_MAX));
	jout_kv_text(w->j, "sha256", jin_text(w->answer, "sha256", 64));
	jout_kv_text(w->j, "version", jin_text(w->answer, "solver", 50));
	jout_close(w->j);
}

bool verdict_make(struct arena *a, struct db *db, const struct instance *in,
	const struct jin *answer, const struct rows *run, struct verdict *out, struct err *e)
{
	struct jout j, list, brief;
	buf_init(&out->reductions, a, BUF_NO_LIMIT);
	buf_init(&out->report, a, BUF_NO_LIMIT);
	buf_init(&out->brief, a, BUF_NO_LIMIT);
	jout_init(&j, &out->report);
	jout_init(&brief, &out->brief);
	struct writer w = {
		.arena = a, .j = &j, .in = in, .answer = answer, .years = in->years.count};
	w.before.reader = answer->reader;
	if (!db_query(a, db, "region_list", NULL, 0, &w.regions, e))
		return false;
	w.with = jin_object(answer, "with");
	const char *word = "no_status_quo";
	double value = NAN, limit = NAN;
	if (jin_has(answer, "viability")) {
		w.before = jin_object(answer, "status_quo");
		struct jin viability = jin_object(answer, "viability");
		word = jin_text(&viability, "answer", 50);
		value = jin_real(&viability, "value_eur", -1e18, 1e18);
		limit = jin_real(&viability, "value_bound_eur", -1e18, 1e18);
	}
	jout_open(&j, '{');
	write_head(&w, run);
	write_cost(&w, value, limit);
	size_t platforms = write_platforms(&w);
	write_existing(&w);
	write_years(&w);
	write_cash(&w);
	figure_write(a, &j, in, answer);
	volume_write(a, &j, in);
	double assumed = write_breakdown(&w);
	write_haulage(&w);
	jout_init(&list, &out->reductions);
	write_notes(&list, answer);
	jout_key(&j, "reductions");
	jout_raw(&j, out->reductions.data);
	write_solver(&w);
	const char *text = arena_printf(
		a, "%s%s", sentence(&w, word, platforms, value, limit), doubt(a, assumed));
	const char *haulage = haulage_sentence(&w);
	jout_kv_text(&j, "answer", word);
	jout_kv_text(&j, "sentence", text);
	jout_kv_text(&j, "haulage_sentence", haulage);
	jout_kv_text(&j, "fee_sentence", figure_fee_sentence(a, answer));
	jout_kv_text(&j, "why_sentence", figure_why_sentence(a, in, answer));
	jout_close(&j);

	jout_open(&brief, '{');
	jout_kv_text(&brief, "answer", word);
	jout_kv_text(&brief, "sentence", text);
	jout_kv_real(&brief, "value_eur", value);
	jout_kv_real(&brief, "value_bound_eur", limit);
	jout_kv_int(&brief, "platforms", (int64_t)platforms);
	jout_close(&brief);
	return !jin_failed(answer);
}
