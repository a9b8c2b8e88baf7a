#include "verdict.h"

#include "breakdown.h"
#include "figure.h"
#include "jout.h"
#include "phrase.h"
#include "sites.h"
#include "text.h"
#include "volume.h"

#include <math.h>

/* Columns of the queries in sql/queries/. */
enum { RUN_ID, RUN_SCENARIO, RUN_SCENARIO_CODE, RUN_SCENARIO_NAME, RUN_VERSION };
enum { PARAMETER_ID, PARAMETER_VALUE };

struct writer {
	struct arena *arena;
	struct jout *j;
	const struct instance *in;
	const struct jin *answer;
	struct jin with, before; /* accounts; before.value is null without a status quo */
	size_t years;
};

static double parameter_value(const struct writer *w, const char *id)
{
	for (size_t r = 0; r < w->in->parameters.count; r++)
		if (text_eq(rows_text(&w->in->parameters, r, PARAMETER_ID), id))
			return rows_real(&w->in->parameters, r, PARAMETER_VALUE);
	return NAN;
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
		jout_kv_real(w->j, "tonnes", figure_at_year(&w->with, "tonnes", t));
		jout_kv_real(
			w->j, "platform_tonnes", figure_at_year(&w->with, "platform_tonnes", t));
		jout_kv_real(w->j, "vehicle_km", figure_at_year(&w->with, "vehicle_km", t));
		jout_kv_real(w->j, "co2_t", figure_at_year(&w->with, "co2_t", t));
		jout_kv_real(w->j, "jobs", figure_at_year(&w->with, "jobs", t));
		jout_kv_real(
			w->j, "vehicle_km_before", figure_at_year(&w->before, "vehicle_km", t));
		jout_kv_real(w->j, "co2_t_before", figure_at_year(&w->before, "co2_t", t));
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
					eur = figure_at_year(&flow, keys[n], t);
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
		" Environ %s du coût du plan repose sur des hypothèses, à remplacer par des "
		"chiffres réels.",
		phrase_percent(a, assumed));
}

/* "13,1 millions au lieu de 10,7 millions (+23 %) en 2032" */
static const char *change(struct writer *w, const char *key, double unit, int decimals, size_t t)
{
	struct arena *a = w->arena;
	double before = figure_at_year(&w->before, key, t), now = figure_at_year(&w->with, key, t);
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
		double before = figure_at_year(&w->before, "vehicle_km", t);
		double now = figure_at_year(&w->with, "vehicle_km", t);
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
			"coûte, sur %zu\u00a0ans, %s de moins que la situation actuelle (valeur "
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
			"actuelle n’a été trouvé, mais la preuve laisse la place à un gain d’au "
			"plus %s sur %zu\u00a0ans.",
			phrase_millions(a, limit), w->years);
	return "Les usines existantes ne suffisent pas à traiter tous les tonnages : il n’y a pas "
	       "de situation actuelle à laquelle comparer le plan.";
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
	struct rows regions;
	buf_init(&out->reductions, a, BUF_NO_LIMIT);
	buf_init(&out->report, a, BUF_NO_LIMIT);
	buf_init(&out->brief, a, BUF_NO_LIMIT);
	jout_init(&j, &out->report);
	jout_init(&brief, &out->brief);
	struct writer w = {
		.arena = a, .j = &j, .in = in, .answer = answer, .years = in->years.count};
	w.before.reader = answer->reader;
	if (!db_query(a, db, "region_list", NULL, 0, &regions, e))
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
	size_t platforms = sites_write(a, &j, in, &regions, &w.with, &w.before);
	write_years(&w);
	write_cash(&w);
	figure_write(a, &j, in, answer);
	volume_write(a, &j, in);
	double assumed = breakdown_write(a, &j, in, &w.with, &w.before);
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
