/* What a plan brings and to whom, what is used of the limits, what misses: figures of no year. */
#include "figure_parts.h"

#include "phrase.h"
#include "text.h"

#include <math.h>

enum { SITE_CODE = 1, SITE_NAME = 3 };

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
	struct figure f = figure_make("finance", arena_printf(s->arena, "%s_npv", id),
		arena_printf(s->arena, "Valeur actualisée nette, %s", who), "€");
	f.value = jin_real(gain, "npv_eur", -FIGURE_MOST, FIGURE_MOST);
	figure_put(s, &f);
	f = figure_make("finance", arena_printf(s->arena, "%s_irr", id),
		arena_printf(s->arena, "Taux de rentabilité interne, %s", who), "1/an");
	f.value = figure_real_or_nan(&irr, "rate");
	f.note = irr_note(jin_text(&irr, "kind", 50));
	figure_put(s, &f);
	f = figure_make("finance", arena_printf(s->arena, "%s_payback", id),
		arena_printf(s->arena, "Temps de retour actualisé, %s", who), "ans");
	f.value = round(10 * figure_real_or_nan(gain, "payback_years")) /
		  10; /* of a model by years */
	f.note = isnan(f.value) ? "Aucun sur la durée étudiée."
				: "La valeur qui reste au dernier jour est comptée.";
	figure_put(s, &f);
}

static void put_price(
	struct sheet *s, const char *id, const char *label, double eur_t, const char *note)
{
	struct figure f = figure_make("finance", id, label, "€/t");
	f.value = eur_t;
	f.note = note;
	figure_put(s, &f);
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
		jin_real(platforms, "levelised_eur_t", -FIGURE_MOST, FIGURE_MOST),
		"Avant la vente des matières et les soutiens ; investissement compris.");
	struct jin fees = jin_array(platforms, "fees", 0, 3);
	for (size_t n = 0; n < fees.count; n++) {
		struct jin fee = jin_item(&fees, n);
		put_price(s, names[n].id, names[n].label,
			jin_real(&fee, "fee_eur_t", -FIGURE_MOST, FIGURE_MOST), names[n].note);
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
		struct figure f = figure_make("why", rows[n].id, rows[n].label, rows[n].unit);
		f.value = figure_real_or_nan(nearest, rows[n].key);
		f.note = note;
		figure_put(s, &f);
	}
}

/* ---- limits of the scenario ---- */

/* What is used of a limit where it is used most: in which year, at which site. */
struct use {
	double value, used;
	bool is_yearly;
	size_t year; /* of the horizon, from 0 */
	const char *site;
};

static double share_of(const struct use *u)
{
	return u->value > 0 ? u->used / u->value : u->used > 0 ? INFINITY : 0;
}

static void note_use(struct use *most, const struct use *u)
{
	if (isnan(most->used) || share_of(u) > share_of(most))
		*most = *u;
}

static struct use find_use(const struct jin *limits, const char *name)
{
	struct use most = {.used = NAN};
	for (size_t n = 0; n < limits->count; n++) {
		struct jin one = jin_item(limits, n);
		if (!text_eq(jin_text(&one, "limit", 30), name))
			continue;
		const char *site = jin_has(&one, "site") ? jin_text(&one, "site", 200) : NULL;
		struct jin values = jin_member(&one, "value"), used = jin_member(&one, "used");
		struct use u = {.is_yearly = jin_is_array(&values), .site = site};
		for (; u.year < (u.is_yearly ? values.count : 1); u.year++) {
			struct jin v = u.is_yearly ? jin_item(&values, u.year) : values;
			struct jin w = u.is_yearly ? jin_item(&used, u.year) : used;
			u.value = jin_value_real(&v, 0, FIGURE_MOST);
			u.used = jin_value_real(&w, 0, FIGURE_MOST);
			note_use(&most, &u);
		}
	}
	return most;
}

static void put_limits(struct sheet *s, const struct jin *limits)
{
	static const struct {
		const char *name, *label, *unit;
	} rows[] = {
		{"budget_eur", "Budget d’investissement, utilisé", "€"},
		{"budget_eur_year", "Budget d’investissement d’une année, utilisé", "€"},
		{"max_co2_t", "Plafond de CO2 du transport, utilisé", "t"},
		{"max_co2_t_year", "Plafond de CO2 du transport d’une année, utilisé", "t"},
		{"max_t", "Tonnage d’un site dans l’année, reçu", "t"},
	};
	for (size_t n = 0; n < sizeof rows / sizeof *rows; n++) {
		struct use u = find_use(limits, rows[n].name);
		if (isnan(u.used))
			continue;
		struct figure f = figure_make("limit", rows[n].name, rows[n].label, rows[n].unit);
		f.value = u.used;
		f.note = arena_printf(s->arena, "limite : %s\u00a0%s (%s\u00a0%% utilisés%s%s)",
			text_french_number(s->arena, u.value, 0), rows[n].unit,
			text_french_number(s->arena, 100 * share_of(&u), 0),
			u.is_yearly ? arena_printf(s->arena, ", en %s",
					      rows_text(&s->in->years, u.year, 0))
				    : "",
			u.site ? arena_printf(s->arena, ", à %s",
					 phrase_name(&s->in->sites, SITE_CODE, SITE_NAME, u.site))
			       : "");
		figure_put(s, &f);
	}
}

void figure_put_money(struct sheet *s, const struct jin *answer)
{
	struct jin finance = jin_object(answer, "finance");
	if (jin_has(&finance, "system")) {
		struct jin all = jin_object(&finance, "system");
		put_gain(s, &all, "system", "ensemble des régions");
	}
	if (jin_has(&finance, "platforms")) {
		struct jin platforms = jin_object(&finance, "platforms");
		put_platforms(s, &platforms);
	}
	if (jin_has(answer, "limits")) {
		struct jin limits = jin_array(answer, "limits", 0, SIZE_MAX);
		put_limits(s, &limits);
	}
	if (jin_has(answer, "why")) {
		struct jin why = jin_object(answer, "why");
		if (jin_has(&why, "nearest")) {
			struct jin nearest = jin_object(&why, "nearest");
			put_nearest(s, &nearest);
		}
	}
}

const char *figure_fee_sentence(struct arena *a, const struct jin *answer)
{
	struct jin finance = jin_object(answer, "finance");
	if (!jin_has(&finance, "platforms"))
		return NULL;
	struct jin platforms = jin_object(&finance, "platforms");
	struct jin fees = jin_array(&platforms, "fees", 0, 3);
	struct jin low = jin_item(&fees, 0), high = jin_item(&fees, 2);
	double least = jin_real(&low, "fee_eur_t", -FIGURE_MOST, FIGURE_MOST);
	if (fees.count < 3)
		return arena_printf(a,
			"Les plateformes rentrent dans leurs frais à partir de %s\u00a0€ la tonne.",
			text_french_number(a, least, 1));
	double most = jin_real(&high, "fee_eur_t", -FIGURE_MOST, FIGURE_MOST);
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
	double share = figure_real_or_nan(&nearest, "missing_capex_share");
	double eur_t = figure_real_or_nan(&nearest, "missing_eur_t");
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
		text_french_number(
			a, jin_real(&nearest, "missing_eur_year", -FIGURE_MOST, FIGURE_MOST), 0),
		ways);
}
