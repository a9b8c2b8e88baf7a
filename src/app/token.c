#include "token.h"

#include "answer.h"
#include "routes.h"

struct token_params {
	const char *name;
	struct texts scopes;
	int64_t days;
};

static const struct token_params defaults = {.days = TOKEN_DAYS};
static const struct field fields[] = {
	{"name", FIELD_TEXT, .is_required = true, .min = 1, .max = 100, .label = "à quoi il sert",
		.offset = offsetof(struct token_params, name)},
	{"scopes", FIELD_TEXTS, .is_required = true, .min = 1, .max = SCOPE_COUNT,
		.label = "ce qu’il permet", .offset = offsetof(struct token_params, scopes)},
	{"days", FIELD_INT, .min = 1, .max = TOKEN_DAYS_MOST, .label = "durée en jours",
		.offset = offsetof(struct token_params, days)},
};
const struct record token_body = RECORD(fields, struct token_params, &defaults);

static bool read_scopes(const struct texts *names, unsigned *scopes, struct err *e)
{
	*scopes = 0;
	for (size_t i = 0; i < names->count; i++) {
		enum scope scope = scope_of(names->list[i]);
		if (!scope)
			return err_set(
				e, ERR_INVALID, "La portée « %s » n’existe pas.", names->list[i]);
		*scopes |= scope;
	}
	return true;
}

bool token_add(struct request *rq, struct reply *rp, struct err *e)
{
	const struct token_params *p = rq->body;
	struct token_wish wish = {.person = rq->who->person,
		.organisation = text_of_int(rq->arena, rq->who->organisation),
		.name = p->name,
		.days = p->days};
	struct rows rows;
	const char *secret;
	if (!read_scopes(&p->scopes, &wish.scopes, e) ||
		!token_create(rq->arena, rq->state, &wish, &rows, &secret, e))
		return false;
	struct jout *j = reply_json(rp);
	reply_created(rp, arena_printf(rq->arena, "/api/tokens/%s", column_text(&rows, 0, "id")));
	jout_open(j, '{');
	for (size_t c = 0; c < rows.columns; c++)
		jout_key(j, rows_column_name(&rows, c)), rows_json_value(&rows, 0, c, j);
	jout_kv_text(j, "token", secret);
	jout_close(j);
	return true;
}

bool token_list(struct request *rq, struct reply *rp, struct err *e)
{
	struct rows rows;
	const char *params[] = {text_of_int(rq->arena, rq->who->person)};
	if (!ask(rq, "token_list", params, 1, &rows, e))
		return false;
	struct jout *j = reply_json(rp);
	jout_open(j, '{');
	rows_as_list(&rows, "tokens", j);
	jout_close(j);
	return true;
}

bool token_delete(struct request *rq, struct reply *rp, struct err *e)
{
	const char *token = text_of_int(rq->arena, rq->path_values[0]);
	const char *person = text_of_int(rq->arena, rq->who->person);
	const char *organisation = text_of_int(rq->arena, rq->who->organisation);
	if (!token_revoke(rq->arena, rq->state, token, person, organisation, e))
		return false;
	reply_nothing(rp);
	return true;
}
