#include "answer.h"
#include "routes.h"

#include "text.h"

#include <inttypes.h>
#include <math.h>

/* What a client may ask of a computation; what is absent is left to the worker. */
struct run_params {
	int64_t seed, time_limit_s;
	double gap;
};

static const struct run_params defaults = {.seed = 1, .gap = NAN};
static const struct field fields[] = {
	{"seed", FIELD_INT, .max = 2147483647, .label = "graine du calcul",
		.offset = offsetof(struct run_params, seed)},
	{"time_limit_s", FIELD_INT, .min = 1, .max = 86400, .label = "durée du calcul en secondes",
		.offset = offsetof(struct run_params, time_limit_s)},
	{"gap", FIELD_REAL, .max = 1, .label = "écart accepté entre le coût et la borne",
		.offset = offsetof(struct run_params, gap)},
};
const struct record run_body = RECORD(fields, struct run_params, &defaults);

/* {"time_limit_s": ..., "gap": ...}, with what was given. */
static char *limits_json(struct arena *a, const struct run_params *p)
{
	struct buf b;
	struct jout j;
	buf_init(&b, a, BUF_NO_LIMIT);
	jout_init(&j, &b);
	jout_open(&j, '{');
	if (p->time_limit_s)
		jout_kv_int(&j, "time_limit_s", p->time_limit_s);
	if (!isnan(p->gap))
		jout_kv_real(&j, "gap", p->gap);
	jout_close(&j);
	return b.data;
}

/* Recorded volumes are read with the rights of whoever asks, who needs them on all the régions. */
static bool may_read_volumes(struct request *rq, const char *scenario, struct err *e)
{
	struct rows rows;
	if (!ask(rq, "run_volumes", &scenario, 1, &rows, e))
		return false;
	return !rows.count || rows_bool(&rows, 0, 0) ||
	       err_set(e, ERR_FORBIDDEN,
		       "Ce scénario se sert des volumes enregistrés : il faut un compte de "
		       "planificateur dont "
		       "l’organisation a un mandat sur toutes ses régions.");
}

bool run_create(struct request *rq, struct reply *rp, struct err *e)
{
	const struct run_params *p = rq->body;
	struct rows rows;
	const char *params[] = {
		text_of_int(rq->arena, rq->path_values[0]),
		NULL,
		text_of_int(rq->arena, p->seed),
		limits_json(rq->arena, p),
	};
	if (!may_read_volumes(rq, params[0], e) || !ask(rq, "run_create", params, 4, &rows, e) ||
		!found(&rows, "Ce scénario", e))
		return false;
	const char *id = column_text(&rows, 0, "id");
	struct jout *j = reply_json(rp);
	reply_accepted(rp, arena_printf(rq->arena, "/api/runs/%s", id));
	rows_json(&rows, 0, j);
	return true;
}

bool run_get(struct request *rq, struct reply *rp, struct err *e)
{
	struct rows rows;
	const char *params[] = {text_of_int(rq->arena, rq->path_values[0])};
	if (!ask(rq, "run_status", params, 1, &rows, e) || !found(&rows, "Ce calcul", e))
		return false;
	rows_json(&rows, 0, reply_json(rp));
	return true;
}

bool run_stop(struct request *rq, struct reply *rp, struct err *e)
{
	struct rows rows, stopped;
	const char *params[] = {text_of_int(rq->arena, rq->path_values[0])};
	if (!ask(rq, "run_status", params, 1, &rows, e) || !found(&rows, "Ce calcul", e) ||
		!ask(rq, "run_cancel", params, 1, &stopped, e))
		return false;
	if (!stopped.count)
		return err_set(e, ERR_CONFLICT, "Ce calcul est déjà terminé.");
	struct jout *j = reply_json(rp);
	reply_accepted(rp, arena_printf(rq->arena, "/api/runs/%s", params[0]));
	rows_json(&stopped, 0, j);
	return true;
}
