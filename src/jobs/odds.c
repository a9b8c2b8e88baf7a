#include "odds.h"

#include "phrase.h"
#include "text.h"

#include <math.h>
#include <stdlib.h>

/* Columns of the queries in sql/queries/network.sql. */
enum { SITE_CODE = 1, SITE_NAME = 3, SITE_REGION = 6 };
enum { FLOW_ID, FLOW_LABEL };

static const char *site_name(const struct findings *f, const char *code)
{
	return phrase_name(&f->in->sites, SITE_CODE, SITE_NAME, code);
}

/* One line of the list behind the page and the CSV; NAN: nothing to say. */
static void put_range(const struct findings *f, const char *group, const char *label,
	const char *unit, double value, double low, double high, const char *note)
{
	jout_open(f->j, '{');
	jout_kv_text(f->j, "group", group);
	jout_kv_text(f->j, "label", label);
	jout_kv_real(f->j, "value", value);
	jout_kv_real(f->j, "low", low);
	jout_kv_real(f->j, "high", high);
	jout_kv_text(f->j, "unit", unit);
	jout_kv_text(f->j, "note", note);
	jout_close(f->j);
}

static void put(const struct findings *f, const char *group, const char *label, const char *unit,
	double value, const char *note)
{
	put_range(f, group, label, unit, value, NAN, NAN, note);
}

static void put_odds(const struct findings *f, const struct jin *d)
{
	static const char group[] = "Probabilité";
	put_range(f, group, "Viable", "1", finding_number(d, "viable"),
		finding_number(d, "viable_low"), finding_number(d, "viable_high"),
		"Part des tirages, avec l’intervalle à 95\u00a0%");
	put(f, group, "Non viable", "1", finding_number(d, "not_viable"), NULL);
	put(f, group, "Indécidé", "1", finding_number(d, "undecided"), NULL);
}

static void put_quantiles(const struct findings *f, const struct jin *d)
{
	static const char *const keys[] = {"5", "25", "50", "75", "95"};
	struct jin q = jin_object(d, "value_quantiles_eur");
	for (size_t n = 0; n < sizeof keys / sizeof *keys; n++)
		put(f, "Valeur créée, plan refait à chaque tirage",
			arena_printf(f->arena, "Inférieure dans %s\u00a0%% des tirages", keys[n]),
			"€", finding_number(&q, keys[n]), NULL);
}

static void put_gaps(const struct findings *f, const struct jin *d)
{
	static const char group[] = "Précision des tirages";
	static const char note[] = "Écart entre le plan trouvé et ce qui est prouvé";
	struct jin q = jin_object(d, "gap_quantiles");
	put(f, group, "Un tirage sur deux est connu à moins de", "1", finding_number(&q, "50"),
		note);
	put(f, group, "95\u00a0% des tirages sont connus à moins de", "1", finding_number(&q, "95"),
		note);
}

/* The sites of the draws, those chosen most often first. */
struct site {
	struct jin at;
	double share;
	size_t rank; /* in the answer */
};

static int by_share(const void *a, const void *b)
{
	const struct site *x = a, *y = b;
	if (x->share != y->share)
		return x->share > y->share ? -1 : 1;
	return x->rank > y->rank ? 1 : -1;
}

static const struct site *sites_by_share(
	const struct findings *f, const struct jin *d, size_t *count)
{
	struct jin list = jin_array(d, "sites", 0, 100000);
	struct site *sites = arena_array(f->arena, struct site, list.count);
	for (size_t n = 0; n < list.count; n++) {
		struct jin at = jin_item(&list, n);
		sites[n] = (struct site){at, finding_number(&at, "share"), n};
	}
	qsort(sites, list.count, sizeof *sites, by_share);
	*count = list.count;
	return sites;
}

static void put_sites(const struct findings *f, const struct jin *d)
{
	size_t count;
	const struct site *sites = sites_by_share(f, d, &count);
	for (size_t n = 0; n < count; n++) {
		struct jin s = sites[n].at, lines = jin_array(&s, "lines", 0, 10000);
		const char *name = site_name(f, jin_text(&s, "site", 200));
		put(f, "Site retenu", name, "1", finding_number(&s, "share"), NULL);
		for (size_t l = 0; l < lines.count; l++) {
			struct jin line = jin_item(&lines, l);
			const char *flow = phrase_name(
				&f->in->flows, FLOW_ID, FLOW_LABEL, jin_text(&line, "flow", 200));
			const char *size = text_french_number(
				f->arena, finding_number(&line, "capacity_t"), 0);
			put(f, "Site et taille retenus",
				arena_printf(f->arena, "%s, %s, %s\u00a0t/an", name, flow, size),
				"1", finding_number(&line, "share"), NULL);
		}
	}
}

/* "Bourges et Tours"; no platform is a plan too. */
static const char *plan_name(const struct findings *f, const struct jin *plan)
{
	struct jin list = jin_array(plan, "platforms", 0, 100000);
	const char **names = arena_array(f->arena, const char *, list.count);
	for (size_t n = 0; n < list.count; n++) {
		struct jin item = jin_item(&list, n);
		names[n] = site_name(f, jin_value_text(&item, 200));
	}
	return list.count ? phrase_list(f->arena, names, list.count)
			  : "aucune plateforme (statu quo)";
}

static void put_plans(const struct findings *f, const struct jin *d)
{
	static const struct {
		const char *key, *group, *unit;
	} rows[] = {
		{"best_share", "Plan le meilleur", "1"},
		{"worst_regret_eur", "Pire regret", "€"},
		{"mean_regret_eur", "Regret moyen", "€"},
		{"value_at_risk_eur", "Valeur dans les 5\u00a0% de tirages les pires, au mieux",
			"€"},
		{"loss_share", "Part des tirages où le plan perd", "1"},
	};
	struct jin plans = jin_array(d, "plans", 1, 1000);
	int64_t least = jin_int(d, "least_regret_plan", 0, 1000);
	for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
		for (size_t n = 0; n < plans.count; n++) {
			struct jin plan = jin_item(&plans, n);
			const char *note = jin_bool(&plan, "is_today") ? "Le plan d’aujourd’hui"
					   : (int64_t)n == least       ? "Le moindre pire regret"
								       : NULL;
			put(f, rows[r].group, plan_name(f, &plan), rows[r].unit,
				finding_number(&plan, rows[r].key), note);
		}
}

static void write_sites(const struct findings *f, const struct jin *d)
{
	size_t count;
	const struct site *sites = sites_by_share(f, d, &count);
	jout_key(f->j, "sites");
	jout_open(f->j, '[');
	for (size_t n = 0; n < count; n++) {
		struct jin s = sites[n].at;
		const char *code = jin_text(&s, "site", 200);
		jout_open(f->j, '{');
		jout_kv_text(f->j, "site", code);
		jout_kv_text(f->j, "name", site_name(f, code));
		jout_kv_text(f->j, "region_name",
			finding_region(
				f, phrase_name(&f->in->sites, SITE_CODE, SITE_REGION, code)));
		finding_copy(f, &s, "share");
		finding_copy(f, &s, "capacity_t");
		finding_copy(f, &s, "lines");
		jout_close(f->j);
	}
	jout_close(f->j);
}

static void write_plans(const struct findings *f, const struct jin *d)
{
	static const char *const kept[] = {"is_today", "best_share", "worst_regret_eur",
		"mean_regret_eur", "value_at_risk_eur", "loss_share"};
	struct jin plans = jin_array(d, "plans", 1, 1000);
	jout_key(f->j, "plans");
	jout_open(f->j, '[');
	for (size_t n = 0; n < plans.count; n++) {
		struct jin plan = jin_item(&plans, n);
		jout_open(f->j, '{');
		jout_kv_text(f->j, "name", plan_name(f, &plan));
		finding_copy(f, &plan, "platforms");
		for (size_t k = 0; k < sizeof kept / sizeof *kept; k++)
			finding_copy(f, &plan, kept[k]);
		jout_close(f->j);
	}
	jout_close(f->j);
}

/* "Le site le plus souvent retenu : Lyon (69 % des tirages)." */
static const char *site_sentence(const struct findings *f, const struct jin *d)
{
	size_t count;
	const struct site *sites = sites_by_share(f, d, &count);
	if (!count)
		return "Aucun site n’est jamais retenu.";
	return arena_printf(f->arena, "Le site le plus souvent retenu : %s (%s des tirages).",
		site_name(f, jin_text(&sites[0].at, "site", 200)),
		phrase_percent(f->arena, sites[0].share));
}

static const char *sentence(const struct findings *f, const struct jin *d)
{
	struct arena *a = f->arena;
	struct jin plans = jin_array(d, "plans", 1, 1000), today = jin_item(&plans, 0);
	struct jin least = jin_item(&plans, (size_t)jin_int(d, "least_regret_plan", 0, 1000));
	double count = finding_number(d, "count"), compared = finding_number(d, "compared_draws");
	return arena_printf(a,
		"Sur %s tirages, ouvrir une plateforme est viable dans %s des cas (entre %s et %s, "
		"à 95\u00a0%% de confiance). Gardé tel quel%s, le plan d’aujourd’hui perd dans %s "
		"des cas ; dans les 5\u00a0%% les pires il vaut au mieux %s. Le plan au moindre "
		"pire "
		"regret : %s. %s",
		text_french_number(a, count, 0), phrase_percent(a, finding_number(d, "viable")),
		phrase_percent(a, finding_number(d, "viable_low")),
		phrase_percent(a, finding_number(d, "viable_high")),
		compared < count
			? arena_printf(a, " sur %s d’entre eux", text_french_number(a, compared, 0))
			: "",
		phrase_percent(a, finding_number(&today, "loss_share")),
		phrase_millions(a, finding_number(&today, "value_at_risk_eur")),
		plan_name(f, &least), site_sentence(f, d));
}

void odds_write(const struct findings *f)
{
	static const char *const kept[] = {"count", "seed", "drivers", "viable", "not_viable",
		"undecided", "viable_low", "viable_high", "value_quantiles_eur",
		"least_regret_plan", "compared_draws", "values_eur", "gap_quantiles"};
	if (!jin_has(f->answer, "draws"))
		return;
	struct jin d = jin_object(f->answer, "draws");
	jout_key(f->j, "draws");
	jout_open(f->j, '{');
	jout_kv_text(f->j, "sentence", sentence(f, &d));
	for (size_t k = 0; k < sizeof kept / sizeof *kept; k++)
		finding_copy(f, &d, kept[k]);
	write_sites(f, &d);
	write_plans(f, &d);
	jout_key(f->j, "figures");
	jout_open(f->j, '[');
	put_odds(f, &d);
	put_quantiles(f, &d);
	put_gaps(f, &d);
	put_sites(f, &d);
	put_plans(f, &d);
	jout_close(f->j);
	jout_close(f->j);
}
