#include "answer.h"
#include "member.h"
#include "routes.h"

struct organisation_params {
	const char *name, *siret, *kind;
};

static const struct field fields[] = {
	{"name", FIELD_TEXT, .is_required = true, .min = 1, .max = 200, .label = "nom",
		.offset = offsetof(struct organisation_params, name)},
	{"siret", FIELD_TEXT, .min = 14, .max = 14, .label = "SIRET",
		.offset = offsetof(struct organisation_params, siret)},
	{"kind", FIELD_TEXT, .is_required = true, .choices = MEMBER_KINDS, .label = "genre",
		.offset = offsetof(struct organisation_params, kind)},
};
const struct record organisation_body = RECORD(fields, struct organisation_params, NULL);

bool organisation_create(struct request *rq, struct reply *rp, struct err *e)
{
	const struct organisation_params *p = rq->body;
	int64_t id;
	if (!member_add_organisation(rq->arena, rq->state, p->name, p->siret, p->kind, &id, e))
		return false;
	struct jout *j = reply_json(rp);
	reply_created(
		rp, arena_printf(rq->arena, "/api/organisations/%s", text_of_int(rq->arena, id)));
	jout_open(j, '{'), jout_kv_int(j, "id", id), jout_close(j);
	return true;
}

bool organisation_list(struct request *rq, struct reply *rp, struct err *e)
{
	struct rows rows;
	if (!ask(rq, "organisation_list", NULL, 0, &rows, e))
		return false;
	struct jout *j = reply_json(rp);
	jout_open(j, '{');
	rows_as_list(&rows, "organisations", j);
	jout_close(j);
	return true;
}

/* ---- Mandates: a territory is named in the body to give one, in the address to end it ---- */

struct territory {
	const char *level, *code;
};

static const struct field territory_fields[] = {
	{"level", FIELD_TEXT, .is_required = true, .choices = MEMBER_LEVELS,
		.label = "sorte de territoire", .offset = offsetof(struct territory, level)},
	{"code", FIELD_TEXT, .is_required = true, .min = 1, .max = 9,
		.label = "code Insee, ou SIREN de l’EPCI",
		.offset = offsetof(struct territory, code)},
};
const struct record mandate_record = RECORD(territory_fields, struct territory, NULL);

bool mandate_add(struct request *rq, struct reply *rp, struct err *e)
{
	const struct territory *t = rq->body;
	if (!member_add_mandate(rq->arena, rq->state, rq->path_values[0], t->level, t->code, e))
		return false;
	reply_nothing(rp);
	return true;
}

bool mandate_end(struct request *rq, struct reply *rp, struct err *e)
{
	const struct territory *t = rq->query;
	if (!member_end_mandate(rq->arena, rq->state, rq->path_values[0], t->level, t->code, e))
		return false;
	reply_nothing(rp);
	return true;
}
