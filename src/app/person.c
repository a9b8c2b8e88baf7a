#include "answer.h"
#include "member.h"
#include "password.h"
#include "routes.h"

#define ROLE_CHOICES "reader|operator|planner|admin"

/* ---- A new account ---- */

static const struct field create_fields[] = {
	{"organisation", FIELD_INT, .is_required = true, .min = 1, .max = 9e15,
		.label = "numéro de son organisation",
		.offset = offsetof(struct member, organisation)},
	{"login", FIELD_TEXT, .is_required = true, .min = 1, .max = 100, .label = "identifiant",
		.offset = offsetof(struct member, login)},
	{"name", FIELD_TEXT, .is_required = true, .min = 1, .max = 200, .label = "nom",
		.offset = offsetof(struct member, name)},
	{"role", FIELD_TEXT, .is_required = true, .choices = ROLE_CHOICES, .label = "rôle",
		.offset = offsetof(struct member, role)},
	{"password", FIELD_TEXT, .is_required = true, .min = 1, .max = PASSWORD_MOST,
		.label = "premier mot de passe", .offset = offsetof(struct member, password)},
};
const struct record person_body = RECORD(create_fields, struct member, NULL);

bool person_create(struct request *rq, struct reply *rp, struct err *e)
{
	int64_t id;
	if (!member_create(rq->arena, rq->state, rq->body, &id, e))
		return false;
	struct jout *j = reply_json(rp);
	reply_created(rp, arena_printf(rq->arena, "/api/people/%s", text_of_int(rq->arena, id)));
	jout_open(j, '{'), jout_kv_int(j, "id", id), jout_close(j);
	return true;
}

bool person_list(struct request *rq, struct reply *rp, struct err *e)
{
	struct rows rows;
	const char *everybody = NULL;
	if (!ask(rq, "person_list", &everybody, 1, &rows, e))
		return false;
	struct jout *j = reply_json(rp);
	jout_open(j, '{');
	rows_as_list(&rows, "people", j);
	jout_close(j);
	return true;
}

/* ---- A change ---- */

static const struct field change_fields[] = {
	{"name", FIELD_TEXT, .min = 1, .max = 200, .label = "nom",
		.offset = offsetof(struct member_change, name)},
	{"role", FIELD_TEXT, .choices = ROLE_CHOICES, .label = "rôle",
		.offset = offsetof(struct member_change, role)},
	{"state", FIELD_TEXT, .choices = "active|disabled", .label = "ouvert ou fermé",
		.offset = offsetof(struct member_change, state)},
	{"password", FIELD_TEXT, .min = 1, .max = PASSWORD_MOST, .label = "nouveau mot de passe",
		.offset = offsetof(struct member_change, password)},
};
const struct record person_change_body = RECORD(change_fields, struct member_change, NULL);

bool person_change(struct request *rq, struct reply *rp, struct err *e)
{
	const struct member_change *p = rq->body;
	int64_t id = rq->path_values[0];
	struct rows rows;
	if (id == rq->who->person && (p->role || p->state || p->password))
		return err_set(e, ERR_CONFLICT,
			"Un administrateur ne change ni son rôle ni l’état de son compte ; son mot "
			"de passe se change en donnant l’actuel.");
	if (!member_change(rq->arena, rq->state, id, p, &rows, e))
		return false;
	rows_json(&rows, 0, reply_json(rp));
	return true;
}
