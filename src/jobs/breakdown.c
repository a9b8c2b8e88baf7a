#include "breakdown.h"

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

/* Columns of the queries in sql/queries/network.sql. */
enum { PARAMETER_COMPONENT = 2, PARAMETER_CONFIDENCE };

struct writer {
	struct arena *arena;
	struct jout *j;
	const struct instance *in;
	const struct jin *with, *before; /* accounts; before->value is null without a status quo */
};

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
static double write_components(const struct writer *w)
{
	double weight[CLASSES] = {0}, total = 0;
	jout_key(w->j, "breakdown");
	jout_open(w->j, '[');
	for (size_t c = 0; c < COMPONENTS; c++) {
		double with = component_eur(w->with, components[c].name);
		double before = component_eur(w->before, components[c].name);
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
		jout_kv_real(w->j, "statu_quo_eur", w->before->value ? before : NAN);
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
static void write_haulage(const struct writer *w)
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

double breakdown_write(struct arena *a, struct jout *j, const struct instance *in,
	const struct jin *with, const struct jin *before)
{
	const struct writer w = {a, j, in, with, before};
	double assumed = write_components(&w);
	write_haulage(&w);
	return assumed;
}
