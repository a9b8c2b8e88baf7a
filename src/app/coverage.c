/* How much of what is expected has lines, and what looks odd in them. A planner with an account gets the lines
 * of his territory as they are now; anybody else what is published of a year. */
#include "answer.h"
#include "routes.h"

#include "text.h"

#include <inttypes.h>

struct coverage_params {
	const char *level, *flow, *from, *to;
	int64_t year;
	bool is_by_flow;
};

static const struct coverage_params defaults = {.level = "departement", .flow = "all"};
static const struct field fields[] = {
	{"level", FIELD_TEXT, .choices = "region|departement|epci", .label = "niveau",
		.offset = offsetof(struct coverage_params, level)},
	{"flow", FIELD_TEXT, .min = 1, .max = 40, .label = "flux, ou all pour leur somme",
		.offset = offsetof(struct coverage_params, flow)},
	{"by_flow", FIELD_BOOL, .label = "chaque flux à part",
		.offset = offsetof(struct coverage_params, is_by_flow)},
	{"from", FIELD_TEXT, .min = 10, .max = 10, .label = "premier jour (AAAA-MM-JJ)",
		.offset = offsetof(struct coverage_params, from)},
	{"to", FIELD_TEXT, .min = 10, .max = 10, .label = "dernier jour (AAAA-MM-JJ)",
		.offset = offsetof(struct coverage_params, to)},
	{"year", FIELD_INT, .min = 2000, .max = 2100, .label = "année, au lieu de from et to",
		.offset = offsetof(struct coverage_params, year)},
};
const struct record coverage_query = RECORD(fields, struct coverage_params, &defaults);

static bool sees_lines(const struct request *rq)
{
	return rq->who->role == ROLE_PLANNER && rq->who->person;
}

static void write_list(struct reply *rp, const char *origin, const char *level, const char *from,
	const char *to, const struct rows *rows)
{
	struct jout *j = reply_json(rp);
	jout_open(j, '{');
	jout_kv_text(j, "origin", origin);
	jout_kv_text(j, "level", level);
	jout_kv_text(j, "from", from);
	jout_kv_text(j, "to", to);
	rows_as_list(rows, "coverage", j);
	jout_close(j);
}

/* The period asked for; without any, the twelve months up to today. */
static bool read_period(
	struct request *rq, const struct coverage_params *q, struct rows *period, struct err *e)
{
	const char *year = q->year ? text_of_int(rq->arena, q->year) : NULL;
	const char *params[] = {year ? arena_printf(rq->arena, "%s-01-01", year) : q->from,
		year ? arena_printf(rq->arena, "%s-12-31", year) : q->to};
	if (!ask(rq, "coverage_period", params, 2, period, e))
		return false;
	return period->count || err_set(e, ERR_MALFORMED,
					"from et to doivent être deux jours (AAAA-MM-JJ), dans "
					"l’ordre, à dix ans l’un de "
					"l’autre au plus.");
}

/* In the audit of the reader's organisation: whose lines stood behind what was shown. */
static bool leave_trace(
	struct request *rq, const char *action, const char *from, const char *to, struct err *e)
{
	const char *params[] = {action, rq->uri, from, to};
	struct rows rows;
	return ask(rq, "coverage_trace", params, 4, &rows, e);
}

static bool show_lines(struct request *rq, struct reply *rp, struct err *e)
{
	const struct coverage_params *q = rq->query;
	struct rows period, rows;
	if (!read_period(rq, q, &period, e))
		return false;
	const char *params[] = {q->level, rows_text(&period, 0, 0), rows_text(&period, 0, 1),
		text_eq(q->flow, "all") ? NULL : q->flow, q->is_by_flow ? "true" : "false"};
	if (!ask(rq, "coverage_list", params, 5, &rows, e) ||
		!leave_trace(rq, "coverage.read", params[1], params[2], e))
		return false;
	write_list(rp, "lines", q->level, params[1], params[2], &rows);
	return true;
}

static bool show_published(struct request *rq, struct reply *rp, struct err *e)
{
	const struct coverage_params *q = rq->query;
	struct rows releases, rows;
	if (!ask(rq, "statistic_release_list", NULL, 0, &releases, e))
		return false;
	if (q->from || q->to)
		return err_set(e, ERR_MALFORMED,
			"Ce qui est publié l’est par année : year, au lieu de from et to, ou un compte de "
			"planificateur.");
	if (!q->year && !releases.count)
		return err_set(e, ERR_NOT_FOUND, "Aucune statistique n’est publiée.");
	const char *year = q->year ? text_of_int(rq->arena, q->year) : rows_text(&releases, 0, 0);
	const char *params[] = {q->level, year, q->flow};
	if (!ask(rq, "coverage_public_list", params, 3, &rows, e))
		return false;
	write_list(rp, "statistics", q->level, arena_printf(rq->arena, "%s-01-01", year),
		arena_printf(rq->arena, "%s-12-31", year), &rows);
	return true;
}

bool coverage_list(struct request *rq, struct reply *rp, struct err *e)
{
	return sees_lines(rq) ? show_lines(rq, rp, e) : show_published(rq, rp, e);
}

/* ---- Anomalies ---- */

struct anomaly_params {
	const char *at;
};

static const struct field anomaly_fields[] = {
	{"at", FIELD_TEXT, .min = 10, .max = 10,
		.label = "jour jusqu’auquel on regarde (AAAA-MM-JJ)",
		.offset = offsetof(struct anomaly_params, at)},
};
const struct record anomaly_query = RECORD(anomaly_fields, struct anomaly_params, NULL);

bool anomaly_list(struct request *rq, struct reply *rp, struct err *e)
{
	const struct anomaly_params *q = rq->query;
	struct rows day, rows;
	const char *days[] = {q->at, q->at};
	if (!ask(rq, "coverage_period", days, 2, &day, e))
		return false;
	if (!day.count)
		return err_set(e, ERR_MALFORMED, "at doit être un jour (AAAA-MM-JJ).");
	const char *params[] = {rows_text(&day, 0, 1)};
	if (!ask(rq, "anomaly_list", params, 1, &rows, e) ||
		!leave_trace(rq, "anomalies.read", NULL, params[0], e))
		return false;
	struct jout *j = reply_json(rp);
	jout_open(j, '{');
	jout_kv_text(j, "at", params[0]);
	rows_as_list(&rows, "anomalies", j);
	jout_close(j);
	return true;
}
