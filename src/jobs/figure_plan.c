/* Indicators of the waste plan at a mark, of all régions and of each. */
#include "figure_parts.h"

#include "text.h"

#include <math.h>

enum { FLOW_ID, FLOW_CATEGORY = 4 };

/* A list by year of what régions give, of one of them or of all (`code` null); NAN when nobody is there. */
static double region_sum(const struct jin *account, const char *code, const char *key, size_t t)
{
	double sum = 0;
	bool is_there = false;
	if (!account->value)
		return NAN;
	struct jin list = jin_array(account, "regions", 0, 1000);
	for (size_t n = 0; n < list.count; n++) {
		struct jin at = jin_item(&list, n);
		if (code && !text_eq(jin_text(&at, "region", 200), code))
			continue;
		sum += figure_at_year(&at, key, t);
		is_there = true;
	}
	return is_there ? sum : NAN;
}

/* The part of what they give that is treated near. */
static double region_share(const struct jin *account, const char *code, const char *part, size_t t)
{
	double some = region_sum(account, code, part, t);
	double all = region_sum(account, code, "tonnes", t);
	return all > 0 ? some / all : NAN;
}

/* Tonnes of a flow that lines treat in a year: of all sites, or of platforms alone, whose lines are the
 * ones that have a capacity in the answer. */
static double flow_tonnes(const struct jin *account, const char *flow, bool is_platform, size_t t)
{
	double sum = 0;
	struct jin sites = jin_array(account, "sites", 0, 100000);
	for (size_t n = 0; n < sites.count; n++) {
		struct jin site = jin_item(&sites, n), lines = jin_array(&site, "lines", 0, 1000);
		for (size_t l = 0; l < lines.count; l++) {
			struct jin line = jin_item(&lines, l);
			bool counts = !is_platform || jin_has(&line, "capacity_t");
			if (counts && text_eq(jin_text(&line, "flow", 200), flow))
				sum += figure_at_year(&line, "tonnes", t);
		}
	}
	return sum;
}

static const char *number(const struct sheet *s, double v, int decimals)
{
	return text_french_number(s->arena, v, decimals);
}

/* The survey, and what was assumed to make all channels of it. */
static struct origin survey_of(const struct rows *v, size_t r)
{
	if (r >= v->count)
		return figure_computed;
	return (struct origin){
		rows_text(v, r, VOLUME_SURVEY), rows_text(v, r, VOLUME_YEAR), "assumption"};
}

static void put_collection(struct sheet *s)
{
	const struct rows *v = &s->in->volumes;
	double tonnes = figure_at_year(&s->with, "tonnes", s->year);
	struct origin survey = survey_of(v, 0);
	struct figure f = figure_make("plan", "collected_t", "DEEE collectés et traités", "t/an");
	f.mark = s->year + 1;
	f.value = tonnes;
	f.origin = survey;
	f.note = "Le même avec ou sans plateforme : le plan ne change pas la collecte.";
	figure_put(s, &f);
	f = figure_make("plan", "collected_kg", "DEEE collectés par habitant", "kg/hab.");
	f.mark = s->year + 1;
	f.value = s->population > 0 ? 1000 * tonnes / s->population : NAN;
	f.origin = survey;
	f.note = "Population légale d’aujourd’hui : son évolution n’est pas comptée.";
	figure_put(s, &f);
}

/* Targets whose base nobody publishes by region: said to be unknown, with a landmark. */
static void put_targets(struct sheet *s)
{
	struct figure f = figure_make("plan", "rate_put_on_market",
		"Taux de collecte, en part des mises sur le marché", "1");
	f.mark = s->year + 1;
	f.target = figure_parameter(s, "indicator.target_put_on_market_share", &f.origin);
	double france = figure_value(s, "indicator.france_collection_rate");
	double kg = figure_value(s, "indicator.france_household_kg") * f.target / france;
	f.note = arena_printf(s->arena,
		"Non connu : les mises sur le marché ne sont pas publiées par région. Repère, à ne "
		"pas prendre pour un objectif local : si elles sont par habitant ce qu’elles "
		"étaient en France en 2022 (%s\u00a0kg collectés pour un taux de %s\u00a0%%), "
		"l’objectif demande %s\u00a0kg par habitant.",
		number(s, figure_value(s, "indicator.france_household_kg"), 1),
		number(s, 100 * france, 1), number(s, kg, 1));
	figure_put(s, &f);
	f = figure_make(
		"plan", "rate_generated", "Taux de collecte, en part des DEEE produits", "1");
	f.mark = s->year + 1;
	f.target = figure_parameter(s, "indicator.target_generated_share", &f.origin);
	f.note = "Non connu : aucune source de l’étude ne donne les DEEE produits par région.";
	figure_put(s, &f);
}

/* Categories of Annex V, and the parameters of their targets; both small ones have the same. */
static const struct category {
	const char *id, *label, *targets;
} categories[] = {
	{"1", "catégorie 1 (échange thermique)", "indicator.category_1"},
	{"2", "catégorie 2 (écrans)", "indicator.category_2"},
	{"3", "catégorie 3 (lampes)", "indicator.category_3"},
	{"4", "catégorie 4 (gros équipements)", "indicator.category_4"},
	{"5-6", "catégories 5 et 6 (petits équipements)", "indicator.category_5"},
};

/* The share of what platforms treat of a category that does not end as residue; NAN without any. */
static double recovered(struct sheet *s, const char *category)
{
	const struct rows *flows = &s->in->flows;
	double sum = 0, residue = 0;
	for (size_t k = 0; k < flows->count; k++) {
		if (!text_eq(rows_text(flows, k, FLOW_CATEGORY), category))
			continue;
		const char *flow = rows_text(flows, k, FLOW_ID);
		double tonnes = flow_tonnes(&s->with, flow, true, s->year);
		sum += tonnes;
		residue += tonnes *
			   figure_value(s, arena_printf(s->arena, "flow.%s.residue_share", flow));
	}
	return sum > 0 ? 1 - residue / sum : NAN;
}

/* Recovery is what is not residue. Recycling is that less what is burnt, of which only the mean over all
 * flows is known: a range, from that much burnt to nothing. */
static void put_recovery(struct sheet *s, const struct category *c)
{
	double share = recovered(s, c->id),
	       burnt = figure_value(s, "indicator.recovered_energy_share");
	static const char none[] =
		"Non connu : aucune ligne de plateforme ne traite cette catégorie cette année-là, "
		"et les résidus des usines existantes ne sont pas publiés.";
	struct figure f = figure_make("plan", arena_printf(s->arena, "recovery_%s", c->id),
		arena_printf(s->arena, "Valorisation, %s", c->label), "1");
	f.mark = s->year + 1;
	f.target = figure_parameter(
		s, arena_printf(s->arena, "%s.recovery_share", c->targets), &f.origin);
	f.value = share;
	f.origin.confidence = "assumption"; /* the residues are, the target is not */
	f.note = isnan(share) ? none
			      : "Sur les plateformes : tout ce qui n’est pas résidu à éliminer.";
	if (!isnan(f.target))
		figure_put(s, &f);
	f = figure_make("plan", arena_printf(s->arena, "recycling_%s", c->id),
		arena_printf(s->arena, "Réemploi et recyclage, %s", c->label), "1");
	f.mark = s->year + 1;
	f.target = figure_parameter(
		s, arena_printf(s->arena, "%s.recycling_share", c->targets), &f.origin);
	f.low = fmax(0, share - burnt);
	if (isnan(share))
		f.low = NAN;
	f.high = share;
	f.origin.confidence = "assumption";
	f.note = isnan(share)
			 ? none
			 : arena_printf(s->arena,
				   "Sur les plateformes : la valorisation, moins une part brûlée "
				   "qui n’est connue que tous flux confondus (%s\u00a0%%).",
				   number(s, 100 * burnt, 1));
	figure_put(s, &f);
}

static void put_jobs(struct sheet *s)
{
	struct figure f = figure_make("plan", "jobs", "Emplois dans les plateformes", "emplois");
	f.mark = s->year + 1;
	f.value = figure_at_year(&s->with, "jobs", s->year);
	f.note = "Ceux que perdraient les usines existantes ne sont pas comptés.";
	figure_put(s, &f);
	f = figure_make("plan", "jobs_insertion", "dont emplois d’insertion", "emplois");
	f.mark = s->year + 1;
	f.note = "Non connu : aucune source de l’étude n’en donne la part.";
	figure_put(s, &f);
	f = figure_make(
		"plan", "jobs_chain", "Emplois de toute la filière pour ces tonnes", "emplois");
	f.mark = s->year + 1;
	f.value = figure_parameter(s, "indicator.jobs_chain_per_kt", &f.origin) *
		  figure_at_year(&s->with, "tonnes", s->year) / 1000;
	f.origin.confidence = "assumption"; /* the tonnes are */
	f.note =
		"Moyenne française par tonne, collecte comprise : le même avec ou sans plateforme.";
	figure_put(s, &f);
}

static void put_haulage(struct sheet *s)
{
	static const struct {
		const char *id, *label, *unit;
	} rows[] = {
		{"vehicle_km", "Véhicules-km", "km/an"},
		{"co2_t", "CO₂ émis par le transport", "t/an"},
	};
	for (size_t n = 0; n < sizeof rows / sizeof *rows; n++) {
		struct figure f = figure_make("plan", rows[n].id, rows[n].label, rows[n].unit);
		f.mark = s->year + 1;
		f.value = figure_at_year(&s->with, rows[n].id, s->year);
		f.before = figure_at_year(&s->before, rows[n].id, s->year);
		figure_put(s, &f);
	}
}

/* Gases recovered from cold appliances, whoever treats them. */
static void put_avoided(struct sheet *s)
{
	struct figure f = figure_make(
		"plan", "co2_avoided_t", "CO₂ évité par le traitement du froid", "t/an");
	double per_t =
		figure_parameter(s, "indicator.co2_avoided_cold_kg_per_appliance", &f.origin) /
		figure_value(s, "indicator.cold_appliance_kg");
	const struct rows *flows = &s->in->flows;
	double tonnes = 0;
	for (size_t k = 0; k < flows->count; k++)
		if (text_eq(rows_text(flows, k, FLOW_CATEGORY), "1"))
			tonnes +=
				flow_tonnes(&s->with, rows_text(flows, k, FLOW_ID), false, s->year);
	f.mark = s->year + 1;
	f.value = per_t * tonnes;
	f.origin.confidence = "assumption"; /* the tonnes are */
	f.before = s->before.value ? f.value : NAN;
	f.note = "Le même avec ou sans plateforme : toutes les usines sont supposées récupérer les "
		 "gaz.";
	figure_put(s, &f);
}

static void put_nearness(struct sheet *s)
{
	static const struct {
		const char *id, *key, *label;
	} rows[] = {
		{"own_share", "own_tonnes", "Part traitée dans sa région d’origine"},
		{"study_share", "study_tonnes", "Part traitée dans les régions du scénario"},
	};
	for (size_t n = 0; n < sizeof rows / sizeof *rows; n++) {
		struct figure f = figure_make("plan", rows[n].id, rows[n].label, "1");
		f.mark = s->year + 1;
		f.value = region_share(&s->with, NULL, rows[n].key, s->year);
		f.before = region_share(&s->before, NULL, rows[n].key, s->year);
		figure_put(s, &f);
	}
}

static void put_region(struct sheet *s, size_t r)
{
	const struct rows *v = &s->in->volumes;
	const char *code = rows_text(v, r, VOLUME_REGION), *name = rows_text(v, r, VOLUME_NAME);
	double people = rows_real(v, r, VOLUME_POPULATION);
	struct figure f = figure_make("region", "collected_kg",
		arena_printf(s->arena, "%s : DEEE collectés par habitant", name), "kg/hab.");
	f.region = code;
	f.mark = s->year + 1;
	f.value = people > 0 ? 1000 * region_sum(&s->with, code, "tonnes", s->year) / people : NAN;
	f.origin = survey_of(v, r);
	figure_put(s, &f);
	f = figure_make("region", "own_share",
		arena_printf(s->arena, "%s : part traitée dans la région", name), "1");
	f.region = code;
	f.mark = s->year + 1;
	f.value = region_share(&s->with, code, "own_tonnes", s->year);
	f.before = region_share(&s->before, code, "own_tonnes", s->year);
	figure_put(s, &f);
	f = figure_make("region", "study_share",
		arena_printf(s->arena, "%s : part traitée dans les régions du scénario", name),
		"1");
	f.region = code;
	f.mark = s->year + 1;
	f.value = region_share(&s->with, code, "study_tonnes", s->year);
	f.before = region_share(&s->before, code, "study_tonnes", s->year);
	figure_put(s, &f);
}

void figure_put_plan(struct sheet *s)
{
	put_collection(s);
	put_targets(s);
	for (size_t c = 0; c < sizeof categories / sizeof *categories; c++)
		put_recovery(s, &categories[c]);
	put_jobs(s);
	put_haulage(s);
	put_avoided(s);
	put_nearness(s);
	for (size_t r = 0; r < s->in->volumes.count; r++)
		put_region(s, r);
}
