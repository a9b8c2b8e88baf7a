#include "answer.h"
#include "routes.h"
#include "sheet.h"

#include "instance.h"

#include <math.h>

/* What a client may ask of a study; every part unless it says otherwise. */
struct study_params {
	bool tipping, tornado, frontier, sharing;
	int64_t draws, seed, draw_seed, time_limit_s;
	double gap;
};

static const struct study_params defaults = {.tipping = true,
	.tornado = true,
	.frontier = true,
	.sharing = true,
	.draws = 500,
	.seed = 1,
	.draw_seed = 1,
	.gap = NAN};
static const struct field fields[] = {
	{"tipping", FIELD_BOOL, .label = "cherche les points de bascule",
		.offset = offsetof(struct study_params, tipping)},
	{"tornado", FIELD_BOOL, .label = "mesure la sensibilité à chaque levier",
		.offset = offsetof(struct study_params, tornado)},
	{"frontier", FIELD_BOOL, .label = "trace la frontière de viabilité",
		.offset = offsetof(struct study_params, frontier)},
	{"sharing", FIELD_BOOL, .label = "partage le coût entre les régions",
		.offset = offsetof(struct study_params, sharing)},
	{"draws", FIELD_INT, .max = INSTANCE_DRAWS_MAX, .label = "nombre de tirages, 0 pour aucun",
		.offset = offsetof(struct study_params, draws)},
	{"draw_seed", FIELD_INT, .max = 2147483647, .label = "graine des tirages",
		.offset = offsetof(struct study_params, draw_seed)},
	{"seed", FIELD_INT, .max = 2147483647, .label = "graine du calcul",
		.offset = offsetof(struct study_params, seed)},
	{"time_limit_s", FIELD_INT, .min = 1, .max = 86400,
		.label = "durée de chaque recherche en secondes",
		.offset = offsetof(struct study_params, time_limit_s)},
	{"gap", FIELD_REAL, .max = 1, .label = "écart accepté entre le coût et la borne",
		.offset = offsetof(struct study_params, gap)},
};
const struct record study_body = RECORD(fields, struct study_params, &defaults);

/* What the frozen question of the run is given besides. */
static char *asked_json(struct arena *a, const struct study_params *p)
{
	struct buf b;
	struct jout j;
	buf_init(&b, a, BUF_NO_LIMIT);
	jout_init(&j, &b);
	jout_open(&j, '{');
	jout_key(&j, "study");
	jout_open(&j, '{');
	jout_kv_bool(&j, "tipping", p->tipping);
	jout_kv_bool(&j, "tornado", p->tornado);
	jout_kv_bool(&j, "frontier", p->frontier);
	jout_kv_bool(&j, "sharing", p->sharing);
	jout_kv_int(&j, "draws", p->draws);
	jout_kv_int(&j, "draw_seed", p->draw_seed);
	jout_close(&j);
	jout_key(&j, "time_limit_s");
	if (p->time_limit_s)
		jout_int(&j, p->time_limit_s);
	else
		jout_null(&j);
	jout_kv_real(&j, "gap", p->gap);
	jout_close(&j);
	return b.data;
}

/* Why a run cannot be studied. */
static bool refuse(struct request *rq, const char *run, struct err *e)
{
	struct rows rows;
	return ask(rq, "run_status", &run, 1, &rows, e) && found(&rows, "Ce calcul", e) &&
	       err_set(e, ERR_CONFLICT, "Ce calcul est lui-même une étude.");
}

bool study_create(struct request *rq, struct reply *rp, struct err *e)
{
	const struct study_params *p = rq->body;
	struct rows rows;
	const char *params[] = {text_of_int(rq->arena, rq->path_values[0]),
		text_of_int(rq->arena, p->seed), asked_json(rq->arena, p)};
	if (!p->tipping && !p->tornado && !p->frontier && !p->sharing && !p->draws)
		return err_set(e, ERR_INVALID, "Cette étude ne demande rien.");
	if (!ask(rq, "study_create", params, 3, &rows, e))
		return false;
	if (!rows.count)
		return refuse(rq, params[0], e);
	struct jout *j = reply_json(rp);
	reply_accepted(rp, arena_printf(rq->arena, "/api/runs/%s", column_text(&rows, 0, "id")));
	rows_json(&rows, 0, j);
	return true;
}

/* ---- what it found ---- */

static const struct sheet_column tipping_columns[] = {
	{"Levier", "label", false},
	{"Unité", "unit", false},
	{"Aujourd’hui", "value", true},
	{"Fourchette, bas", "low", true},
	{"Fourchette, haut", "high", true},
	{"Bascule dans sa fourchette", "in_range", false},
	{"Cherché depuis", "least", true},
	{"Cherché jusqu’à", "most", true},
	{"Vers le bas : réponse inchangée, prouvée à", "below.near.value", true},
	{"Vers le bas : réponse contraire, prouvée à", "below.far.value", true},
	{"Vers le haut : réponse inchangée, prouvée à", "above.near.value", true},
	{"Vers le haut : réponse contraire, prouvée à", "above.far.value", true},
	{"En clair", "sentence", false},
};
static const struct sheet_column tornado_columns[] = {
	{"Levier", "label", false},
	{"Unité", "unit", false},
	{"Valeur basse", "low.value", true},
	{"Valeur créée (€), levier bas", "low.value_eur", true},
	{"au plus (€), levier bas", "low.value_bound_eur", true},
	{"Réponse, levier bas", "low.answer", false},
	{"Valeur haute", "high.value", true},
	{"Valeur créée (€), levier haut", "high.value_eur", true},
	{"au plus (€), levier haut", "high.value_bound_eur", true},
	{"Réponse, levier haut", "high.answer", false},
	{"Source de la fourchette", "source", false},
	{"Année de la source", "year", true},
	{"Confiance", "confidence", false},
};
static const struct sheet_column draws_columns[] = {
	{"Groupe", "group", false},
	{"Indicateur", "label", false},
	{"Valeur", "value", true},
	{"Au moins", "low", true},
	{"Au plus", "high", true},
	{"Unité", "unit", false},
	{"Remarque", "note", false},
};
static const struct sheet_column sharing_columns[] = {
	{"Région", "name", false},
	{"Code", "region", false},
	{"Tonnes actualisées", "tonnes", true},
	{"Statu quo (€)", "before_eur", true},
	{"Seule, au mieux (€)", "alone_eur", true},
	{"Règle", "label", false},
	{"Part (€)", "share_eur", true},
	{"Part (€/t)", "share_eur_t", true},
	{"Économie par rapport à seule (€)", "saves_eur", true},
	{"Partage stable", "stable", false},
};

static const struct part {
	const char *name;
	struct sheet sheet;
} parts[] = {
	{"tipping", SHEET("recircuit-bascules", "drivers", tipping_columns)},
	{"tornado", SHEET("recircuit-sensibilite", "drivers", tornado_columns)},
	{"draws", SHEET("recircuit-tirages", "figures", draws_columns)},
	{"sharing", SHEET("recircuit-partage", "shares", sharing_columns)},
};
enum { TIPPING, TORNADO, DRAWS, SHARING };

/* Why there is nothing to show, in the words of the study's state. */
static bool refuse_part(struct request *rq, const char *run, struct err *e)
{
	struct rows rows;
	if (!ask(rq, "run_status", &run, 1, &rows, e) || !found(&rows, "Ce calcul", e))
		return false;
	return err_set(e, ERR_NOT_FOUND,
		"Ce calcul n’a pas d’étude terminée qui réponde à cela ; POST "
		"/api/runs/%s/studies en demande une.",
		run);
}

static bool show(struct request *rq, struct reply *rp, const struct part *part, struct err *e)
{
	struct rows rows;
	const char *params[] = {text_of_int(rq->arena, rq->path_values[0]), part->name};
	if (!ask(rq, "study_part", params, 2, &rows, e))
		return false;
	if (!rows.count || rows_is_null(&rows, 0, 0))
		return refuse_part(rq, params[0], e);
	const char *json = rows_text(&rows, 0, 0);
	struct jout *j = sheet_is_asked(rq) ? NULL : reply_json(rp);
	reply_cached(rp, 0); /* a newer study may say more */
	if (!j)
		return sheet_write(rq, rp, &part->sheet, params[0], json, e);
	jout_raw(j, json);
	return true;
}

bool study_tipping(struct request *rq, struct reply *rp, struct err *e)
{
	return show(rq, rp, &parts[TIPPING], e);
}

bool study_tornado(struct request *rq, struct reply *rp, struct err *e)
{
	return show(rq, rp, &parts[TORNADO], e);
}

bool study_draws(struct request *rq, struct reply *rp, struct err *e)
{
	return show(rq, rp, &parts[DRAWS], e);
}

bool study_sharing(struct request *rq, struct reply *rp, struct err *e)
{
	return show(rq, rp, &parts[SHARING], e);
}
