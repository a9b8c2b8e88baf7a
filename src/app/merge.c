/* Points that seem to be one place: what is proposed, and what people decide. */
#include "answer.h"
#include "routes.h"

#include "text.h"

enum { PAGE_DEFAULT = 100, PAGE_MOST = 1000 };

struct merge_params {
	const char *state;
	int64_t after, limit;
};

static const struct merge_params defaults = {.state = "proposed", .limit = PAGE_DEFAULT};
static const struct field fields[] = {
	{"state", FIELD_TEXT, .choices = "proposed|accepted|refused|undone|all",
		.label = "état des rapprochements", .offset = offsetof(struct merge_params, state)},
	{"after", FIELD_INT, .max = 9e15, .label = "dernier rapprochement de la page d’avant",
		.offset = offsetof(struct merge_params, after)},
	{"limit", FIELD_INT, .min = 1, .max = PAGE_MOST, .label = "nombre par page",
		.offset = offsetof(struct merge_params, limit)},
};
const struct record merge_query = RECORD(fields, struct merge_params, &defaults);

bool merge_list(struct request *rq, struct reply *rp, struct err *e)
{
	const struct merge_params *q = rq->query;
	struct rows rows;
	const char *params[] = {
		text_eq(q->state, "all") ? NULL : q->state,
		text_of_int(rq->arena, q->after),
		text_of_int(rq->arena, q->limit),
	};
	if (!ask(rq, "merge_list", params, 3, &rows, e))
		return false;
	struct jout *j = reply_json(rp);
	jout_open(j, '{');
	rows_as_list(&rows, "merges", j);
	jout_close(j);
	return true;
}

static bool decide(struct request *rq, struct reply *rp, const char *decision, struct err *e)
{
	struct rows rows;
	const char *params[] = {text_of_int(rq->arena, rq->path_values[0]), decision};
	if (!ask(rq, "merge_decide", params, 2, &rows, e))
		return false;
	const char *outcome = column_text(&rows, 0, "outcome");
	if (text_eq(outcome, "missing"))
		return err_set(e, ERR_NOT_FOUND, "Ce rapprochement n’existe pas.");
	if (text_eq(outcome, "closed"))
		return err_set(e, ERR_CONFLICT,
			"L’un des deux points est fermé : il n’y a plus rien à rapprocher.");
	if (text_eq(outcome, "wrong"))
		return err_set(e, ERR_CONFLICT,
			"Ce rapprochement n’est plus dans l’état qu’il faut pour cela.");
	if (!ask(rq, "merge_refresh", NULL, 0, &rows, e))
		return false;
	struct jout *j = reply_json(rp);
	jout_open(j, '{');
	jout_kv_int(j, "id", rq->path_values[0]);
	jout_kv_text(j, "state", decision);
	jout_close(j);
	return true;
}

bool merge_accept(struct request *rq, struct reply *rp, struct err *e)
{
	return decide(rq, rp, "accepted", e);
}

bool merge_refuse(struct request *rq, struct reply *rp, struct err *e)
{
	return decide(rq, rp, "refused", e);
}

bool merge_undo(struct request *rq, struct reply *rp, struct err *e)
{
	return decide(rq, rp, "undone", e);
}
