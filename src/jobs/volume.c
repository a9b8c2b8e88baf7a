#include "volume.h"

#include "phrase.h"
#include "text.h"

#include <math.h>

/* Columns of network_volume_list. */
enum {
	REGION,
	NAME,
	POPULATION,
	PUBLISHED,
	COLLECTED,
	HOUSEHOLD,
	REPLACED,
	SURVEY,
	SURVEY_YEAR,
	FRANCE_KG,
	SHARE_LOW,
	SHARE_HIGH
};
enum { YEAR_YEAR, YEAR_GROWTH };

/* A région that collects less than this share of what the others do is said to be out of line. */
static const double FAR_BELOW = 0.5;

struct totals {
	double population, collected_t, household_t;
};

static void add(const struct rows *v, size_t r, struct totals *sum)
{
	sum->population += rows_real(v, r, POPULATION);
	sum->collected_t += rows_real(v, r, COLLECTED);
	sum->household_t += rows_real(v, r, HOUSEHOLD);
}

static struct totals all_but(const struct rows *v, size_t left_out)
{
	struct totals sum = {0};
	for (size_t r = 0; r < v->count; r++)
		if (r != left_out)
			add(v, r, &sum);
	return sum;
}

static double collected_kg(const struct rows *v, size_t r)
{
	return 1000 * rows_real(v, r, COLLECTED) / rows_real(v, r, POPULATION);
}

static const char *kilotonnes(struct arena *a, double t)
{
	return arena_printf(a, "%s\u00a0kt", text_french_number(a, t / 1000, 1));
}

/* The survey sees déchèteries alone, and one national share stands for all the other channels. */
static bool note_low(struct arena *a, struct jout *j, const struct rows *v, size_t r)
{
	struct totals others = all_but(v, r);
	double mean = 1000 * others.collected_t / others.population;
	if (v->count < 2 || collected_kg(v, r) >= FAR_BELOW * mean)
		return false;
	double household_kg = 1000 * rows_real(v, r, HOUSEHOLD) / rows_real(v, r, POPULATION);
	jout_text(j,
		arena_printf(a,
			"%s : seulement %s\u00a0kg par habitant apportés en déchèterie en %s, d’où "
			"%s\u00a0kg tous "
			"canaux confondus, contre %s\u00a0kg et %s\u00a0kg dans les autres régions "
			"étudiées (%s). "
			"Les villes denses ont peu de déchèteries : leurs DEEE partent "
			"davantage par les "
			"magasins, les opérateurs et le réemploi que ne le dit la part "
			"nationale des "
			"collectivités (%s). Le gisement y est sans doute sous-estimé.",
			rows_text(v, r, NAME), text_french_number(a, collected_kg(v, r), 1),
			rows_text(v, r, SURVEY_YEAR), text_french_number(a, household_kg, 1),
			text_french_number(a, mean, 1),
			text_french_number(a, 1000 * others.household_t / others.population, 1),
			rows_text(v, r, SURVEY),
			phrase_percent(
				a, rows_real(v, r, COLLECTED) / rows_real(v, r, HOUSEHOLD))));
	return true;
}

static void note_replaced(struct arena *a, struct jout *j, const struct rows *v, size_t r)
{
	if (rows_is_null(v, r, REPLACED) || rows_is_null(v, r, PUBLISHED))
		return;
	double published = rows_real(v, r, PUBLISHED);
	double share = rows_real(v, r, COLLECTED) / rows_real(v, r, HOUSEHOLD);
	jout_text(j,
		arena_printf(a,
			"%s : gisement de %s, alors que le tonnage publié (%s t en %s) en "
			"donnerait "
			"%s, et %s si la part des collectivités était de %s. La différence "
			"vient de "
			"l’enquête dans ce département : %s. Son chiffre baisse pendant que "
			"ceux de ses "
			"voisins montent ; jugé douteux, il est remplacé par la moyenne par "
			"habitant du "
			"reste de la région.",
			rows_text(v, r, NAME), kilotonnes(a, rows_real(v, r, HOUSEHOLD)),
			text_french_number(a, published, 0), rows_text(v, r, SURVEY_YEAR),
			kilotonnes(a, published / share),
			kilotonnes(a, published / rows_real(v, r, SHARE_HIGH)),
			phrase_percent(a, rows_real(v, r, SHARE_HIGH)), rows_text(v, r, REPLACED)));
}

/* `low`: the région that note_low found, or none. */
static void note_total(struct arena *a, struct jout *j, const struct rows *v, size_t low)
{
	struct totals all = all_but(v, v->count), others = all_but(v, low);
	double france = rows_real(v, 0, FRANCE_KG);
	const char *reason = "";
	if (low < v->count && 1000 * others.household_t / others.population > france)
		reason = arena_printf(a,
			" L’écart vient de cette région : %s. Les autres, ensemble, sont "
			"au-dessus.",
			rows_text(v, low, NAME));
	jout_text(j,
		arena_printf(a,
			"Ensemble : %s en %s, soit %s\u00a0kg par habitant. À la moyenne française "
			"de la "
			"même règle (%s\u00a0kg), ce serait %s.%s",
			kilotonnes(a, all.household_t), rows_text(v, 0, SURVEY_YEAR),
			text_french_number(a, 1000 * all.household_t / all.population, 1),
			text_french_number(a, france, 1),
			kilotonnes(a, france * all.population / 1000), reason));
}

struct volume_recorded volume_recorded(const struct instance *in, const char *region)
{
	enum {
		POINT_ID = 0,
		POINT_REGION = 5,
		SUPPLY_POINT = 0,
		SUPPLY_TONNES = 2,
		SUPPLY_RECORDED,
		SUPPLY_WEIGHED
	};
	struct volume_recorded sum = {0};
	size_t i = 0;
	for (size_t r = 0; r < in->supply.count; r++) {
		while (i < in->points.count &&
			rows_int(&in->points, i, POINT_ID) < rows_int(&in->supply, r, SUPPLY_POINT))
			i++;
		if (i == in->points.count ||
			(region && !text_eq(rows_text(&in->points, i, POINT_REGION), region)))
			continue;
		sum.tonnes += rows_real(&in->supply, r, SUPPLY_TONNES);
		sum.recorded_t += rows_real(&in->supply, r, SUPPLY_RECORDED);
		sum.weighed_t += rows_real(&in->supply, r, SUPPLY_WEIGHED);
	}
	return sum;
}

static double parameter(const struct instance *in, const char *id)
{
	enum { PARAMETER_ID, PARAMETER_VALUE };
	for (size_t r = 0; r < in->parameters.count; r++)
		if (text_eq(rows_text(&in->parameters, r, PARAMETER_ID), id))
			return rows_real(&in->parameters, r, PARAMETER_VALUE);
	return NAN;
}

static void note_recorded(struct arena *a, struct jout *j, const struct instance *in)
{
	struct volume_recorded all = volume_recorded(in, NULL);
	const char *year = arena_printf(a, "%.0f", parameter(in, "volume.recorded_year"));
	if (!in->is_recorded || all.tonnes <= 0)
		return;
	jout_text(j,
		arena_printf(a,
			"Volumes enregistrés par les opérateurs en %s : %s des tonnes de ce calcul "
			"(%s de ces lignes "
			"sont pesées). %s Ce calcul n’est montré qu’aux planificateurs qui ont un "
			"mandat sur toutes "
			"ses régions.",
			year, phrase_percent(a, all.recorded_t / all.tonnes),
			phrase_percent(a, all.recorded_t > 0 ? all.weighed_t / all.recorded_t : 0),
			text_eq(in->volume_mode, "recorded")
				? "Rien n’est ajouté pour ce qui n’a pas de ligne."
				: arena_printf(a,
					  "Ailleurs l’estimation est gardée : un flux d’un "
					  "département n’est pris aux lignes "
					  "que si elles couvrent %s du tonnage attendu.",
					  phrase_percent(
						  a, parameter(in, "volume.coverage_threshold")))));
}

/* Where the tonnes come from, in all. */
static void write_origin(struct jout *j, const struct instance *in)
{
	struct volume_recorded all = volume_recorded(in, NULL);
	jout_kv_text(j, "origin", in->volume_mode);
	jout_kv_real(
		j, "recorded_year", in->is_recorded ? parameter(in, "volume.recorded_year") : NAN);
	jout_kv_real(j, "recorded_share", all.tonnes > 0 ? all.recorded_t / all.tonnes : 0);
	jout_kv_real(j, "measured_share", all.tonnes > 0 ? all.weighed_t / all.tonnes : 0);
}

static void write_region(
	struct jout *j, const struct instance *in, const struct rows *v, size_t r, double growth)
{
	struct volume_recorded own = volume_recorded(in, rows_text(v, r, REGION));
	jout_open(j, '{');
	jout_kv_text(j, "region", rows_text(v, r, REGION));
	jout_kv_text(j, "name", rows_text(v, r, NAME));
	jout_kv_real(j, "population", rows_real(v, r, POPULATION));
	jout_kv_real(
		j, "published_t", rows_is_null(v, r, PUBLISHED) ? NAN : rows_real(v, r, PUBLISHED));
	jout_kv_real(j, "collected_t", rows_real(v, r, COLLECTED));
	jout_kv_real(j, "collected_kg_inhabitant", collected_kg(v, r));
	jout_kv_real(j, "household_t", rows_real(v, r, HOUSEHOLD));
	jout_kv_real(j, "first_year_t",
		growth * (in->is_recorded ? own.tonnes : rows_real(v, r, HOUSEHOLD)));
	jout_kv_real(j, "used_t", in->is_recorded ? own.tonnes : rows_real(v, r, HOUSEHOLD));
	jout_kv_real(j, "recorded_t", own.recorded_t);
	jout_key(j, "replaced");
	if (rows_is_null(v, r, REPLACED))
		jout_null(j);
	else
		jout_text(j, rows_text(v, r, REPLACED));
	jout_close(j);
}

void volume_write(struct arena *a, struct jout *j, const struct instance *in)
{
	const struct rows *v = &in->volumes;
	double growth = rows_real(&in->years, 0, YEAR_GROWTH);
	size_t low = v->count;
	jout_key(j, "volumes");
	jout_open(j, '{');
	jout_kv_text(j, "source", v->count ? rows_text(v, 0, SURVEY) : "");
	jout_kv_int(j, "year", v->count ? rows_int(v, 0, SURVEY_YEAR) : 0);
	jout_kv_int(j, "first_year", rows_int(&in->years, 0, YEAR_YEAR));
	write_origin(j, in);
	jout_key(j, "regions");
	jout_open(j, '[');
	for (size_t r = 0; r < v->count; r++)
		write_region(j, in, v, r, growth);
	jout_close(j);
	jout_key(j, "notes");
	jout_open(j, '[');
	note_recorded(a, j, in);
	for (size_t r = 0; r < v->count; r++) {
		if (note_low(a, j, v, r))
			low = r;
		note_replaced(a, j, v, r);
	}
	if (v->count)
		note_total(a, j, v, low);
	jout_close(j);
	jout_close(j);
}
