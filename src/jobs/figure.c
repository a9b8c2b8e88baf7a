#include "figure.h"

#include "phrase.h"
#include "text.h"

#include <math.h>

/* Columns of the queries in sql/queries/network.sql. */
enum {
	PARAMETER_ID,
	PARAMETER_VALUE,
	PARAMETER_CONFIDENCE = 3,
	PARAMETER_IS_OVERRIDDEN,
	PARAMETER_SOURCE = 6,
	PARAMETER_YEAR
};
enum { FLOW_ID, FLOW_CATEGORY = 4 };
enum { SITE_CODE = 1, SITE_NAME = 3 };
enum { VOLUME_REGION, VOLUME_NAME, VOLUME_POPULATION, VOLUME_SURVEY = 7, VOLUME_YEAR };

static const double LARGEST = 1e18;

/* Where a figure comes from. */
struct origin {
	const char *source, *year; /* year: null when it has none */
	const char *confidence;
};

/* What follows from the plan as a whole is as sure as the least sure of its parameters. */
static const struct origin computed = {
	"Calcul de Recircuit sur les paramètres du scénario", NULL, "assumption"};

/* NAN: not known, or of no meaning here. */
struct figure {
	const char *group, *id, *label, *unit;
	const char *region; /* its code, or null: all of them */
	double value, low, high, before, target;
	struct origin origin;
	const char *note;
	size_t mark; /* 6, 12 or 0 */
};

struct sheet {
	struct arena *arena;
	struct jout *j;
	const struct instance *in;
	struct jin with, before; /* accounts; before.value is null without a status quo */
	double population;
	size_t year; /* of the mark at hand */
};

static struct figure make(const char *group, const char *id, const char *label, const char *unit)
{
	return (struct figure){.group = group,
		.id = id,
		.label = label,
		.unit = unit,
		.value = NAN,
		.low = NAN,
		.high = NAN,
		.before = NAN,
		.target = NAN,
		.origin = computed};
}

/* Rounding must not miss a target that is met exactly. */
static const double ROUNDING = 1e-9;

static void put_met(struct jout *j, const struct figure *f)
{
	double least = isnan(f->value) ? f->low : f->value;
	double most = isnan(f->value) ? f->high : f->value;
	jout_key(j, "is_met");
	if (least >= f->target - ROUNDING)
		jout_bool(j, true);
	else if (most < f->target - ROUNDING)
		jout_bool(j, false);
	else
		jout_null(j); /* no target, or the range spans it */
}

static void put(struct sheet *s, const struct figure *f)
{
	struct jout *j = s->j;
	jout_open(j, '{');
	jout_kv_text(j, "group", f->group);
	jout_kv_text(j, "id", f->id);
	jout_kv_text(j, "label", f->label);
	jout_kv_text(j, "region", f->region);
	jout_key(j, "mark");
	if (f->mark)
		jout_int(j, (int64_t)f->mark);
	else
		jout_null(j);
	jout_key(j, "mark_year");
	if (f->mark)
		jout_int(j, rows_int(&s->in->years, f->mark - 1, 0));
	else
		jout_null(j);
	jout_kv_real(j, "value", f->value);
	jout_kv_real(j, "low", f->low);
	jout_kv_real(j, "high", f->high);
	jout_kv_real(j, "before", f->before);
	jout_kv_real(j, "target", f->target);
	put_met(j, f);
	jout_kv_text(j, "unit", f->unit);
	jout_kv_text(j, "source", f->origin.source);
	jout_key(j, "year");
	if (f->origin.year)
		jout_raw(j, f->origin.year);
	else
		jout_null(j);
	jout_kv_text(j, "confidence", f->origin.confidence);
	jout_kv_text(j, "note", f->note);
	jout_close(j);
}

bool figure_is_mark(size_t t)
{
	return t + 1 == 6 || t + 1 == 12;
}

/* ---- what figures are made of ---- */

static double parameter(const struct sheet *s, const char *id, struct origin *origin)
{
	const struct rows *p = &s->in->parameters;
	for (size_t r = 0; r < p->count; r++) {
		if (!text_eq(rows_text(p, r, PARAMETER_ID), id))
			continue;
		if (rows_bool(p, r, PARAMETER_IS_OVERRIDDEN))
			*origin = (struct origin){"Réglage du scénario", NULL, "assumption"};
		else
			*origin = (struct origin){rows_text(p, r, PARAMETER_SOURCE),
				rows_is_null(p, r, PARAMETER_YEAR)
					? NULL
					: rows_text(p, r, PARAMETER_YEAR),
				rows_text(p, r, PARAMETER_CONFIDENCE)};
		return rows_real(p, r, PARAMETER_VALUE);
	}
	return NAN;
}

static double value(const struct sheet *s, const char *id)
{
	struct origin unused;
	return parameter(s, id, &unused);
}

/* A member that is a list by year; NAN where the object is not there. */
static double at_year(const struct jin *object, const char *key, size_t t)
{
	if (!object->value)
		return NAN;
	struct jin list = jin_array(object, key, 0, 1000), item = jin_item(&list, t);
	return jin_value_real(&item, -LARGEST, LARGEST);
}

static double real_or_nan(const struct jin *object, const char *key)
{
	return jin_has(object, key) ? jin_real(object, key, -LARGEST, LARGEST) : NAN;
}

/* A share of what a region gives, or of what all give (`code` null). */
static double region_share(const struct jin *account, const char *code, const char *part, size_t t)
{
	double some = 0, all = 0;
	if (!account->value)
		return NAN;
	struct jin list = jin_array(account, "regions", 0, 1000);
	for (size_t n = 0; n < list.count; n++) {
		struct jin at = jin_item(&list, n);
		if (code && !text_eq(jin_text(&at, "region", 200), code))
			continue;
		some += at_year(&at, part, t);
		all += at_year(&at, "tonnes", t);
	}
	return all > 0 ? some / all : NAN;
}

static double region_tonnes(const struct jin *account, const char *code, size_t t)
{
	struct jin list = jin_array(account, "regions", 0, 1000);
	for (size_t n = 0; n < list.count; n++) {
		struct jin at = jin_item(&list, n);
		if (text_eq(jin_text(&at, "region", 200), code))
			return at_year(&at, "tonnes", t);
	}
	return NAN;
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
				sum += at_year(&line, "tonnes", t);
		}
	}
	return sum;
}

static const char *number(const struct sheet *s, double v, int decimals)
{
	return text_french_number(s->arena, v, decimals);
}

/* ---- the waste plan ---- */

/* The survey, and what was assumed to make all channels of it. */
static struct origin survey_of(const struct rows *v, size_t r)
{
	if (r >= v->count)
		return computed;
	return (struct origin){
		rows_text(v, r, VOLUME_SURVEY), rows_text(v, r, VOLUME_YEAR), "assumption"};
}

static void put_collection(struct sheet *s)
{
	const struct rows *v = &s->in->volumes;
	double tonnes = at_year(&s->with, "tonnes", s->year);
	struct origin survey = survey_of(v, 0);
	struct figure f = make("plan", "collected_t", "DEEE collectés et traités", "t/an");
	f.mark = s->year + 1;
	f.value = tonnes;
	f.origin = survey;
	f.note = "Le même avec ou sans plateforme : le plan ne change pas la collecte.";
	put(s, &f);
	f = make("plan", "collected_kg", "DEEE collectés par habitant", "kg/hab.");
	f.mark = s->year + 1;
	f.value = s->population > 0 ? 1000 * tonnes / s->population : NAN;
	f.origin = survey;
	f.note = "Population légale d’aujourd’hui : son évolution n’est pas comptée.";
	put(s, &f);
}

/* Targets whose base nobody publishes by region: said to be unknown, with a landmark. */
static void put_targets(struct sheet *s)
{
	struct figure f = make("plan", "rate_put_on_market",
		"Taux de collecte, en part des mises sur le marché", "1");
	f.mark = s->year + 1;
	f.target = parameter(s, "indicator.target_put_on_market_share", &f.origin);
	double france = value(s, "indicator.france_collection_rate");
	double kg = value(s, "indicator.france_household_kg") * f.target / france;
	f.note = arena_printf(s->arena,
		"Non connu : les mises sur le marché ne sont pas publiées par région. Repère, à ne "
		"pas prendre pour un objectif local : si elles sont par habitant ce qu’elles "
		"étaient en "
		"France en 2022 (%s\u00a0kg collectés pour un taux de %s\u00a0%%), l’objectif "
		"demande %s\u00a0kg par habitant.",
		number(s, value(s, "indicator.france_household_kg"), 1), number(s, 100 * france, 1),
		number(s, kg, 1));
	put(s, &f);
	f = make("plan", "rate_generated", "Taux de collecte, en part des DEEE produits", "1");
	f.mark = s->year + 1;
	f.target = parameter(s, "indicator.target_generated_share", &f.origin);
	f.note = "Non connu : aucune source de l’étude ne donne les DEEE produits par région.";
	put(s, &f);
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
		residue += tonnes * value(s, arena_printf(s->arena, "flow.%s.residue_share", flow));
	}
	return sum > 0 ? 1 - residue / sum : NAN;
}

/* Recovery is what is not residue. Recycling is that less what is burnt, of which only the mean over all
 * flows is known: a range, from that much burnt to nothing. */
static void put_recovery(struct sheet *s, const struct category *c)
{
	double share = recovered(s, c->id), burnt = value(s, "indicator.recovered_energy_share");
	static const char none[] = "Non connu : aucune ligne de plateforme ne traite cette "
				   "catégorie cette année-là, et "
				   "les résidus des usines existantes ne sont pas publiés.";
	struct figure f = make("plan", arena_printf(s->arena, "recovery_%s", c->id),
		arena_printf(s->arena, "Valorisation, %s", c->label), "1");
	f.mark = s->year + 1;
	f.target = parameter(s, arena_printf(s->arena, "%s.recovery_share", c->targets), &f.origin);
	f.value = share;
	f.origin.confidence = "assumption"; /* the residues are, the target is not */
	f.note = isnan(share) ? none
			      : "Sur les plateformes : tout ce qui n’est pas résidu à éliminer.";
	if (!isnan(f.target))
		put(s, &f);
	f = make("plan", arena_printf(s->arena, "recycling_%s", c->id),
		arena_printf(s->arena, "Réemploi et recyclage, %s", c->label), "1");
	f.mark = s->year + 1;
	f.target =
		parameter(s, arena_printf(s->arena, "%s.recycling_share", c->targets), &f.origin);
	f.low = fmax(0, share - burnt);
	if (isnan(share))
		f.low = NAN;
	f.high = share;
	f.origin.confidence = "assumption";
	f.note = isnan(share) ? none
			      : arena_printf(s->arena,
					"Sur les plateformes : la valorisation, moins une part "
					"brûlée qui "
					"n’est connue que tous flux confondus (%s\u00a0%%).",
					number(s, 100 * burnt, 1));
	put(s, &f);
}

static void put_jobs(struct sheet *s)
{
	struct figure f = make("plan", "jobs", "Emplois dans les plateformes", "emplois");
	f.mark = s->year + 1;
	f.value = at_year(&s->with, "jobs", s->year);
	f.note = "Ceux que perdraient les usines existantes ne sont pas comptés.";
	put(s, &f);
	f = make("plan", "jobs_insertion", "dont emplois d’insertion", "emplois");
	f.mark = s->year + 1;
	f.note = "Non connu : aucune source de l’étude n’en donne la part.";
	put(s, &f);
	f = make("plan", "jobs_chain", "Emplois de toute la filière pour ces tonnes", "emplois");
	f.mark = s->year + 1;
	f.value = parameter(s, "indicator.jobs_chain_per_kt", &f.origin) *
		  at_year(&s->with, "tonnes", s->year) / 1000;
	f.origin.confidence = "assumption"; /* the tonnes are */
	f.note =
		"Moyenne française par tonne, collecte comprise : le même avec ou sans plateforme.";
	put(s, &f);
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
		struct figure f = make("plan", rows[n].id, rows[n].label, rows[n].unit);
		f.mark = s->year + 1;
		f.value = at_year(&s->with, rows[n].id, s->year);
		f.before = at_year(&s->before, rows[n].id, s->year);
		put(s, &f);
	}
}

/* Gases recovered from cold appliances, whoever treats them. */
static void put_avoided(struct sheet *s)
{
	struct figure f =
		make("plan", "co2_avoided_t", "CO₂ évité par le traitement du froid", "t/an");
	double per_t = parameter(s, "indicator.co2_avoided_cold_kg_per_appliance", &f.origin) /
		       value(s, "indicator.cold_appliance_kg");
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
	put(s, &f);
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
		struct figure f = make("plan", rows[n].id, rows[n].label, "1");
		f.mark = s->year + 1;
		f.value = region_share(&s->with, NULL, rows[n].key, s->year);
		f.before = region_share(&s->before, NULL, rows[n].key, s->year);
		put(s, &f);
	}
}

static void put_region(struct sheet *s, size_t r)
{
	const struct rows *v = &s->in->volumes;
	const char *code = rows_text(v, r, VOLUME_REGION), *name = rows_text(v, r, VOLUME_NAME);
	double people = rows_real(v, r, VOLUME_POPULATION);
	struct figure f = make("region", "collected_kg",
		arena_printf(s->arena, "%s : DEEE collectés par habitant", name), "kg/hab.");
	f.region = code;
	f.mark = s->year + 1;
	f.value = people > 0 ? 1000 * region_tonnes(&s->with, code, s->year) / people : NAN;
	f.origin = survey_of(v, r);
	put(s, &f);
	f = make("region", "own_share",
		arena_printf(s->arena, "%s : part traitée dans la région", name), "1");
	f.region = code;
	f.mark = s->year + 1;
	f.value = region_share(&s->with, code, "own_tonnes", s->year);
	f.before = region_share(&s->before, code, "own_tonnes", s->year);
	put(s, &f);
	f = make("region", "study_share",
		arena_printf(s->arena, "%s : part traitée dans les régions du scénario", name),
		"1");
	f.region = code;
	f.mark = s->year + 1;
	f.value = region_share(&s->with, code, "study_tonnes", s->year);
	f.before = region_share(&s->before, code, "study_tonnes", s->year);
	put(s, &f);
}

static void put_mark(struct sheet *s)
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

/* ---- finance ---- */

static const char *irr_note(const char *kind)
{
	static const struct {
		const char *kind, *note;
	} notes[] = {
		{"one", "Le projet vaut la peine tant que l’argent coûte moins que ce taux."},
		{"loan", "L’argent rentre avant de sortir, comme un emprunt : le projet vaut la "
			 "peine si "
			 "l’argent coûte plus que ce taux."},
		{"none", "Aucun : l’argent ne va que dans un sens."},
		{"several",
			"Non dit : l’argent sort et rentre tour à tour, et plusieurs taux peuvent "
			"convenir."},
	};
	for (size_t n = 0; n < sizeof notes / sizeof *notes; n++)
		if (text_eq(notes[n].kind, kind))
			return notes[n].note;
	return NULL;
}

/* Value, rate of return and payback of one side. */
static void put_gain(struct sheet *s, const struct jin *gain, const char *id, const char *who)
{
	struct jin irr = jin_object(gain, "irr");
	struct figure f = make("finance", arena_printf(s->arena, "%s_npv", id),
		arena_printf(s->arena, "Valeur actualisée nette, %s", who), "€");
	f.value = jin_real(gain, "npv_eur", -LARGEST, LARGEST);
	put(s, &f);
	f = make("finance", arena_printf(s->arena, "%s_irr", id),
		arena_printf(s->arena, "Taux de rentabilité interne, %s", who), "1/an");
	f.value = real_or_nan(&irr, "rate");
	f.note = irr_note(jin_text(&irr, "kind", 50));
	put(s, &f);
	f = make("finance", arena_printf(s->arena, "%s_payback", id),
		arena_printf(s->arena, "Temps de retour actualisé, %s", who), "ans");
	f.value = round(10 * real_or_nan(gain, "payback_years")) / 10; /* of a model by years */
	f.note = isnan(f.value) ? "Aucun sur la durée étudiée."
				: "La valeur qui reste au dernier jour est comptée.";
	put(s, &f);
}

static void put_price(
	struct sheet *s, const char *id, const char *label, double eur_t, const char *note)
{
	struct figure f = make("finance", id, label, "€/t");
	f.value = eur_t;
	f.note = note;
	put(s, &f);
}

static void put_platforms(struct sheet *s, const struct jin *platforms)
{
	static const struct {
		const char *id, *label, *note;
	} names[] = {
		{"fee_low", "Prix d’entrée le plus bas",
			"La plateforme y rentre juste dans ses frais, au taux d’actualisation."},
		{"fee_middle", "Prix d’entrée qui partage le gain en deux", NULL},
		{"fee_high", "Prix d’entrée le plus haut",
			"Ceux qui apportent y paient en tout, transport compris, ce qu’ils paient "
			"aujourd’hui."},
	};
	enum { MIDDLE = 1 };
	put_price(s, "levelised", "Coût complet des plateformes",
		jin_real(platforms, "levelised_eur_t", -LARGEST, LARGEST),
		"Avant la vente des matières et les soutiens ; investissement compris.");
	struct jin fees = jin_array(platforms, "fees", 0, 3);
	for (size_t n = 0; n < fees.count; n++) {
		struct jin fee = jin_item(&fees, n);
		put_price(s, names[n].id, names[n].label,
			jin_real(&fee, "fee_eur_t", -LARGEST, LARGEST), names[n].note);
		if (n == MIDDLE)
			put_gain(s, &fee, "platforms", "plateformes à ce prix");
	}
}

/* ---- what misses ---- */

static void put_nearest(struct sheet *s, const struct jin *nearest)
{
	static const struct {
		const char *id, *key, *label, *unit;
	} rows[] = {
		{"missing_eur", "missing_eur", "Ce qui manque, en valeur actualisée", "€"},
		{"missing_eur_year", "missing_eur_year", "Ce qui manque par an", "€/an"},
		{"missing_eur_t", "missing_eur_t", "Ce qui manque par tonne traitée", "€/t"},
		{"missing_capex_share", "missing_capex_share",
			"Ce qui manque, en part de l’investissement", "1"},
	};
	const char *note =
		"Pour la plateforme, ouverte dès la première année, qui passe le plus près "
		"de la viabilité.";
	for (size_t n = 0; n < sizeof rows / sizeof *rows; n++) {
		struct figure f = make("why", rows[n].id, rows[n].label, rows[n].unit);
		f.value = real_or_nan(nearest, rows[n].key);
		f.note = note;
		put(s, &f);
	}
}

void figure_write(
	struct arena *a, struct jout *j, const struct instance *in, const struct jin *answer)
{
	struct sheet s = {.arena = a, .j = j, .in = in};
	s.with = jin_object(answer, "with");
	s.before.reader = answer->reader;
	if (jin_has(answer, "status_quo"))
		s.before = jin_object(answer, "status_quo");
	for (size_t r = 0; r < in->volumes.count; r++)
		s.population += rows_real(&in->volumes, r, VOLUME_POPULATION);
	struct jin finance = jin_object(answer, "finance");
	jout_key(j, "figures");
	jout_open(j, '[');
	if (jin_has(&finance, "system")) {
		struct jin all = jin_object(&finance, "system");
		put_gain(&s, &all, "system", "ensemble des régions");
	}
	if (jin_has(&finance, "platforms")) {
		struct jin platforms = jin_object(&finance, "platforms");
		put_platforms(&s, &platforms);
	}
	if (jin_has(answer, "why")) {
		struct jin why = jin_object(answer, "why");
		if (jin_has(&why, "nearest")) {
			struct jin nearest = jin_object(&why, "nearest");
			put_nearest(&s, &nearest);
		}
	}
	for (s.year = 0; s.year < in->years.count; s.year++)
		if (figure_is_mark(s.year))
			put_mark(&s);
	jout_close(j);
}

const char *figure_fee_sentence(struct arena *a, const struct jin *answer)
{
	struct jin finance = jin_object(answer, "finance");
	if (!jin_has(&finance, "platforms"))
		return NULL;
	struct jin platforms = jin_object(&finance, "platforms");
	struct jin fees = jin_array(&platforms, "fees", 0, 3);
	struct jin low = jin_item(&fees, 0), high = jin_item(&fees, 2);
	double least = jin_real(&low, "fee_eur_t", -LARGEST, LARGEST);
	if (fees.count < 3)
		return arena_printf(a,
			"Les plateformes rentrent dans leurs frais à partir de %s\u00a0€ la tonne.",
			text_french_number(a, least, 1));
	double most = jin_real(&high, "fee_eur_t", -LARGEST, LARGEST);
	if (least > most)
		return arena_printf(a,
			"Aucun prix d’entrée ne convient à tous : les plateformes ont besoin de "
			"%s\u00a0€ la tonne, ceux qui apportent n’ont intérêt à payer que "
			"%s\u00a0€.",
			text_french_number(a, least, 1), text_french_number(a, most, 1));
	return arena_printf(a,
		"Tout prix d’entrée entre %s et %s\u00a0€ la tonne, en moyenne sur la durée et les "
		"flux, fait gagner les plateformes et ceux qui leur apportent.",
		text_french_number(a, least, 1), text_french_number(a, most, 1));
}

const char *figure_why_sentence(
	struct arena *a, const struct instance *in, const struct jin *answer)
{
	if (!jin_has(answer, "why"))
		return NULL;
	struct jin why = jin_object(answer, "why");
	if (!jin_has(&why, "nearest"))
		return "Aucune plateforme n’a pu être essayée : le scénario n’en permet pas, ou ne "
		       "propose aucune commune.";
	struct jin nearest = jin_object(&why, "nearest");
	double share = real_or_nan(&nearest, "missing_capex_share");
	double eur_t = real_or_nan(&nearest, "missing_eur_t");
	const char *ways = "";
	if (!isnan(eur_t))
		ways = arena_printf(
			a, ", soit %s\u00a0€ par tonne traitée", text_french_number(a, eur_t, 1));
	if (!isnan(share))
		ways = arena_printf(a, "%s ou %s\u00a0%% de son investissement", ways,
			text_french_number(a, 100 * share, 0));
	return arena_printf(a,
		"Celle qui passe le plus près de la viabilité serait à %s : il y manque %s\u00a0€ "
		"par "
		"an%s.",
		phrase_name(&in->sites, SITE_CODE, SITE_NAME, jin_text(&nearest, "site", 200)),
		text_french_number(a, jin_real(&nearest, "missing_eur_year", -LARGEST, LARGEST), 0),
		ways);
}
