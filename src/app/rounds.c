#include "answer.h"
#include "routes.h"

#include "text.h"

enum {
	PAGE_DEFAULT = 20,
	PAGE_MOST = 200,
	HUBS_MOST = 32,
	REGIONS_MOST = 13,
	SECONDS = 20,
	TRUCKS_MOST = 500
};

/* What a client may ask; what is absent is completed by the query rounds_complete. */
struct rounds_params {
	struct texts hubs, regions;
	struct numbers fleet;
	struct box bbox;
	int64_t scenario, run, year, week, seed, time_limit_s;
};

static const struct rounds_params defaults = {.week = 1, .seed = 1, .time_limit_s = SECONDS};
static const struct field fields[] = {
	{"hubs", FIELD_TEXTS, .min = 1, .max = HUBS_MOST,
		.label = "codes des sites d’où partent les camions",
		.offset = offsetof(struct rounds_params, hubs)},
	{"run", FIELD_INT, .min = 1, .max = 9e15,
		.label = "calcul dont le plan dit quel site sert chaque point",
		.offset = offsetof(struct rounds_params, run)},
	{"year", FIELD_INT, .min = 2000, .max = 2100, .label = "année",
		.offset = offsetof(struct rounds_params, year)},
	{"week", FIELD_INT, .min = 1, .max = 52, .label = "semaine de l’année",
		.offset = offsetof(struct rounds_params, week)},
	{"regions", FIELD_TEXTS, .min = 1, .max = REGIONS_MOST,
		.label = "codes des régions collectées",
		.offset = offsetof(struct rounds_params, regions)},
	{"bbox", FIELD_BOX, .label = "emprise des points collectés",
		.offset = offsetof(struct rounds_params, bbox)},
	{"fleet", FIELD_NUMBERS, .max = TRUCKS_MOST, .label = "camions de chaque sorte, par site",
		.offset = offsetof(struct rounds_params, fleet)},
	{"scenario", FIELD_INT, .min = 1, .max = 9e15,
		.label = "scénario dont viennent les paramètres",
		.offset = offsetof(struct rounds_params, scenario)},
	{"seed", FIELD_INT, .max = 2147483647, .label = "graine du calcul",
		.offset = offsetof(struct rounds_params, seed)},
	{"time_limit_s", FIELD_INT, .min = 1, .max = 3600, .label = "durée du calcul en secondes",
		.offset = offsetof(struct rounds_params, time_limit_s)},
};
const struct record rounds_body = RECORD(fields, struct rounds_params, &defaults);

static void write_texts(struct jout *j, const char *key, const struct texts *t)
{
	jout_key(j, key);
	if (!t->count) {
		jout_null(j);
		return;
	}
	jout_open(j, '[');
	for (size_t i = 0; i < t->count; i++)
		jout_text(j, t->list[i]);
	jout_close(j);
}

static void write_or_null(struct jout *j, const char *key, int64_t v)
{
	jout_key(j, key);
	if (v)
		jout_int(j, v);
	else
		jout_null(j);
}

/* Member "rounds" of the frozen definition (sql/queries/rounds.sql). */
static char *asked_json(struct arena *a, const struct rounds_params *p)
{
	struct buf b;
	struct jout j;
	buf_init(&b, a, BUF_NO_LIMIT);
	jout_init(&j, &b);
	jout_open(&j, '{');
	write_texts(&j, "hubs", &p->hubs);
	write_texts(&j, "regions", &p->regions);
	write_or_null(&j, "run", p->run);
	write_or_null(&j, "year", p->year);
	jout_kv_int(&j, "week", p->week);
	jout_key(&j, "bbox");
	if (p->bbox.is_given) {
		const double edges[] = {p->bbox.west, p->bbox.south, p->bbox.east, p->bbox.north};
		jout_open(&j, '[');
		for (size_t n = 0; n < 4; n++)
			jout_real(&j, edges[n]);
		jout_close(&j);
	} else {
		jout_null(&j);
	}
	jout_key(&j, "fleet");
	if (p->fleet.list) { /* it may be empty, and is so then */
		jout_open(&j, '{');
		for (size_t n = 0; n < p->fleet.count; n++)
			jout_kv_real(&j, p->fleet.list[n].name, p->fleet.list[n].value);
		jout_close(&j);
	} else {
		jout_null(&j);
	}
	jout_close(&j);
	return b.data;
}

/* What it names must exist: said in French, one sentence each. */
static bool verify(struct request *rq, const char *asked, struct err *e)
{
	struct rows faults;
	if (!ask(rq, "rounds_fault", &asked, 1, &faults, e))
		return false;
	if (!faults.count)
		return true;
	char *all = arena_strdup(rq->arena, rows_text(&faults, 0, 0));
	for (size_t r = 1; r < faults.count; r++)
		all = arena_printf(rq->arena, "%s %s", all, rows_text(&faults, r, 0));
	return err_set(e, ERR_INVALID, "%s", all);
}

/* Recorded volumes are read with the rights of whoever asks, who needs them on all the régions. */
static bool may_read_volumes(
	struct request *rq, const char *scenario, const char *asked, struct err *e)
{
	struct rows rows;
	const char *params[] = {scenario, asked};
	if (!ask(rq, "rounds_volumes", params, 2, &rows, e))
		return false;
	return !rows.count || rows_bool(&rows, 0, 0) ||
	       err_set(e, ERR_FORBIDDEN,
		       "Ces tournées se serviraient des volumes enregistrés : il faut un compte de "
		       "planificateur dont l’organisation a un mandat sur toutes les régions "
		       "collectées.");
}

bool rounds_create(struct request *rq, struct reply *rp, struct err *e)
{
	const struct rounds_params *p = rq->body;
	struct rows complete, made;
	const char *asked = asked_json(rq->arena, p);
	if (!ask(rq, "rounds_complete", &asked, 1, &complete, e))
		return false;
	asked = rows_text(&complete, 0, 0);
	const char *scenario = p->scenario ? text_of_int(rq->arena, p->scenario) : NULL;
	if (!verify(rq, asked, e) || !may_read_volumes(rq, scenario, asked, e))
		return false;
	const char *params[] = {scenario, text_of_int(rq->arena, p->seed),
		arena_printf(rq->arena, "{\"rounds\":%s,\"time_limit_s\":%d}", asked,
			(int)p->time_limit_s)};
	if (!ask(rq, "rounds_create", params, 3, &made, e) || !found(&made, "Ce scénario", e))
		return false;
	struct jout *j = reply_json(rp);
	reply_accepted(rp, arena_printf(rq->arena, "/api/rounds/%s", column_text(&made, 0, "id")));
	rows_json(&made, 0, j);
	return true;
}

struct list_params {
	int64_t before, limit;
};

static const struct list_params list_defaults = {.limit = PAGE_DEFAULT};
static const struct field list_fields[] = {
	{"before", FIELD_INT, .min = 1, .max = 9e15, .label = "premier calcul de la page d’avant",
		.offset = offsetof(struct list_params, before)},
	{"limit", FIELD_INT, .min = 1, .max = PAGE_MOST, .label = "nombre de calculs par page",
		.offset = offsetof(struct list_params, limit)},
};
const struct record rounds_list_query = RECORD(list_fields, struct list_params, &list_defaults);

bool rounds_list(struct request *rq, struct reply *rp, struct err *e)
{
	const struct list_params *q = rq->query;
	struct rows rows;
	const char *params[] = {q->before ? text_of_int(rq->arena, q->before) : NULL,
		text_of_int(rq->arena, q->limit)};
	if (!ask(rq, "rounds_list", params, 2, &rows, e))
		return false;
	struct jout *j = reply_json(rp);
	jout_open(j, '{');
	rows_as_list(&rows, "rounds", j);
	jout_close(j);
	return true;
}

bool rounds_get(struct request *rq, struct reply *rp, struct err *e)
{
	struct rows rows;
	const char *run = text_of_int(rq->arena, rq->path_values[0]);
	if (!ask(rq, "rounds_show", &run, 1, &rows, e) || !found(&rows, "Ce calcul de tournées", e))
		return false;
	rows_json(&rows, 0, reply_json(rp));
	return true;
}

/* Why there are no rounds yet. */
static bool refuse_missing(struct request *rq, const char *run, struct err *e)
{
	struct rows rows;
	return ask(rq, "rounds_show", &run, 1, &rows, e) &&
	       found(&rows, "Ce calcul de tournées", e) &&
	       err_set(e, ERR_NOT_FOUND,
		       "Ce calcul n’a pas (encore) de tournées : voir /api/rounds/%s.", run);
}

bool rounds_plan(struct request *rq, struct reply *rp, struct err *e)
{
	struct rows rows;
	const char *run = text_of_int(rq->arena, rq->path_values[0]);
	if (!ask(rq, "rounds_report", &run, 1, &rows, e))
		return false;
	if (!rows.count)
		return refuse_missing(rq, run, e);
	struct jout *j = reply_json(rp);
	reply_cached(rp, 0);
	jout_raw(j, rows_text(&rows, 0, 0));
	return true;
}

/* A file that the solver wrote, as it is. */
static bool show_file(
	struct request *rq, struct reply *rp, const char *which, const char *type, struct err *e)
{
	struct rows rows;
	const char *params[] = {text_of_int(rq->arena, rq->path_values[0]), which};
	if (!ask(rq, "rounds_file", params, 2, &rows, e))
		return false;
	if (!rows.count)
		return refuse_missing(rq, params[0], e);
	rp->type = type;
	reply_cached(rp, 0);
	buf_puts(&rp->body, rows_text(&rows, 0, 0));
	return true;
}

bool rounds_question(struct request *rq, struct reply *rp, struct err *e)
{
	return show_file(rq, rp, "question", "application/json", e);
}

bool rounds_answer(struct request *rq, struct reply *rp, struct err *e)
{
	return show_file(rq, rp, "answer", "application/json", e);
}

bool rounds_geojson(struct request *rq, struct reply *rp, struct err *e)
{
	return show_file(rq, rp, "geojson", "application/geo+json", e);
}

bool rounds_csv(struct request *rq, struct reply *rp, struct err *e)
{
	reply_header(rp, "Content-Disposition",
		arena_printf(rq->arena, "attachment; filename=\"recircuit-tournees-%s.csv\"",
			text_of_int(rq->arena, rq->path_values[0])));
	return show_file(rq, rp, "csv", "text/csv; charset=utf-8", e);
}

bool rounds_sheet(struct request *rq, struct reply *rp, struct err *e)
{
	/* A page by itself, to be kept or printed: its style is in it, and nothing else may be. */
	reply_header(rp, "Content-Security-Policy",
		"default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
		"form-action 'none'; frame-ancestors 'none'");
	return show_file(rq, rp, "sheet", "text/html; charset=utf-8", e);
}
