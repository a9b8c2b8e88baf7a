#include "answer.h"
#include "routes.h"
#include "sheet.h"

#include "text.h"

/* A plan never changes, but run 1 of a database made anew is another plan: clients may keep it and
 * ask each time whether it still holds. */
enum { KEEP_S = 0, NO_YEAR = 0 };

struct plan_params {
	int64_t year;
};

static const struct field fields[] = {
	{"year", FIELD_INT, .min = 2000, .max = 2100, .label = "année du plan",
		.offset = offsetof(struct plan_params, year)},
};
const struct record plan_geojson_query = RECORD(fields, struct plan_params, NULL);

/* Why there is no plan, in the words of the run's state. */
static bool refuse_missing(struct request *rq, const char *run, struct err *e)
{
	static const struct {
		const char *state, *words;
	} words[] = {
		{"queued", "Ce calcul attend son tour : son plan n’existe pas encore."},
		{"running", "Ce calcul est en cours : son plan n’existe pas encore."},
		{"failed", "Ce calcul a échoué : il n’a pas de plan."},
		{"cancelled", "Ce calcul a été annulé : il n’a pas de plan."},
	};
	struct rows rows;
	const char *params[] = {run};
	if (!ask(rq, "run_status", params, 1, &rows, e) || !found(&rows, "Ce calcul", e))
		return false;
	const char *state = column_text(&rows, 0, "state");
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (text_eq(words[i].state, state))
			return err_set(e, ERR_NOT_FOUND, "%s", words[i].words);
	return err_set(e, ERR_NOT_FOUND, "Ce calcul n’a pas de plan.");
}

/* One column of a run that is JSON already. */
static bool show_json(struct request *rq, struct reply *rp, const char *query, struct err *e)
{
	struct rows rows;
	const char *params[] = {text_of_int(rq->arena, rq->path_values[0])};
	if (!ask(rq, query, params, 1, &rows, e))
		return false;
	if (!rows.count)
		return refuse_missing(rq, params[0], e);
	struct jout *j = reply_json(rp);
	reply_cached(rp, KEEP_S);
	jout_raw(j, rows_text(&rows, 0, 0));
	return true;
}

bool plan_get(struct request *rq, struct reply *rp, struct err *e)
{
	return show_json(rq, rp, "plan_report", e);
}

bool plan_network(struct request *rq, struct reply *rp, struct err *e)
{
	return show_json(rq, rp, "plan_network", e);
}

bool plan_answer(struct request *rq, struct reply *rp, struct err *e)
{
	return show_json(rq, rp, "plan_answer", e);
}

static const struct sheet_column columns[] = {
	{"Groupe", "group", false},
	{"Indicateur", "label", false},
	{"Région", "region", false},
	{"An du plan", "mark", true},
	{"Année", "mark_year", true},
	{"Valeur", "value", true},
	{"Au moins", "low", true},
	{"Au plus", "high", true},
	{"Statu quo", "before", true},
	{"Objectif", "target", true},
	{"Objectif atteint", "is_met", false},
	{"Unité", "unit", false},
	{"Source", "source", false},
	{"Année de la source", "year", true},
	{"Confiance", "confidence", false},
	{"Remarque", "note", false},
};
static const struct sheet verdict_sheet = SHEET("recircuit-verdict", "figures", columns);

bool plan_verdict(struct request *rq, struct reply *rp, struct err *e)
{
	const char *run = text_of_int(rq->arena, rq->path_values[0]);
	struct rows rows;
	if (!sheet_is_asked(rq))
		return show_json(rq, rp, "plan_verdict", e);
	if (!ask(rq, "plan_verdict", &run, 1, &rows, e))
		return false;
	if (!rows.count)
		return refuse_missing(rq, run, e);
	reply_cached(rp, KEEP_S);
	return sheet_write(rq, rp, &verdict_sheet, run, rows_text(&rows, 0, 0), e);
}

bool plan_geojson(struct request *rq, struct reply *rp, struct err *e)
{
	const struct plan_params *q = rq->query;
	struct rows year, sites, hauls;
	const char *params[] = {
		text_of_int(rq->arena, rq->path_values[0]),
		q->year == NO_YEAR ? NULL : text_of_int(rq->arena, q->year),
	};
	if (!ask(rq, "plan_year", params, 1, &year, e))
		return false;
	if (!year.count || rows_is_null(&year, 0, 0))
		return refuse_missing(rq, params[0], e);
	if (q->year != NO_YEAR &&
		(q->year < rows_int(&year, 0, 0) || q->year > rows_int(&year, 0, 1)))
		return err_set(e, ERR_NOT_FOUND, "Ce plan va de %s à %s.", rows_text(&year, 0, 0),
			rows_text(&year, 0, 1));
	if (q->year == NO_YEAR)
		params[1] = rows_text(&year, 0, 1);
	if (!ask(rq, "plan_site_list", params, 2, &sites, e) ||
		!ask(rq, "plan_haul_list", params, 2, &hauls, e))
		return false;
	struct jout *j = reply_geojson(rp);
	reply_cached(rp, KEEP_S);
	open_features(j);
	rows_as_features(&sites, j);
	rows_as_features(&hauls, j);
	jout_close(j);
	jout_key(j, "year"), jout_raw(j, params[1]);
	jout_close(j);
	return true;
}
