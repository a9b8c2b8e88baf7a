#include "reply.h"

#include "log.h"

#include <assert.h>

/* A reply is one page; what is larger is paged. */
enum { BODY_LIMIT = 64 << 20 };

struct problem {
	int status;
	const char *slug, *title;
};

/* The statuses that only HTTP knows. The others come from ERR_KINDS. */
static const struct problem problems[] = {
	{400, "malformed", "Requête illisible"},
	{401, "anonymous", "Compte nécessaire"},
	{403, "forbidden", "Droit insuffisant"},
	{404, "not-found", "Introuvable"},
	{405, "method", "Méthode non permise à cette adresse"},
	{409, "conflict", "Conflit"},
	{413, "too-large", "Trop volumineux"},
	{415, "media-type", "Type de contenu non pris en charge"},
	{422, "invalid", "Donnée refusée"},
	{429, "throttled", "Trop d’essais"},
	{500, "internal", "Erreur interne"},
	{503, "unavailable", "Service momentanément indisponible"},
};

void reply_init(struct reply *rp, struct arena *a)
{
	*rp = (struct reply){.arena = a, .status = 200};
	buf_init(&rp->body, a, BODY_LIMIT);
	jout_init(&rp->json, &rp->body);
}

struct jout *reply_json(struct reply *rp)
{
	rp->type = "application/json";
	return &rp->json;
}

struct jout *reply_geojson(struct reply *rp)
{
	rp->type = "application/geo+json";
	return &rp->json;
}

void reply_created(struct reply *rp, const char *location)
{
	rp->status = 201;
	reply_header(rp, "Location", location);
}

void reply_accepted(struct reply *rp, const char *location)
{
	rp->status = 202;
	reply_header(rp, "Location", location);
}

void reply_nothing(struct reply *rp)
{
	rp->status = 204;
}

void reply_cached(struct reply *rp, int max_age_s)
{
	rp->has_tag = true;
	reply_header(rp, "Cache-Control", arena_printf(rp->arena, "public, max-age=%d", max_age_s));
}

void reply_header(struct reply *rp, const char *name, const char *value)
{
	assert(rp->header_count < REPLY_HEADERS);
	rp->headers[rp->header_count++] = (struct reply_header){name, value};
}

static const struct problem *find_problem(int status)
{
	for (size_t i = 0; i < sizeof problems / sizeof problems[0]; i++)
		if (problems[i].status == status)
			return &problems[i];
	return find_problem(500);
}

static void write_problem(
	struct reply *rp, int status, const char *title, const char *request_id, const char *detail)
{
	reply_init(rp, rp->arena);
	rp->status = status;
	rp->type = "application/problem+json";
	reply_header(rp, "Cache-Control", "no-store");
	struct jout *j = &rp->json;
	jout_open(j, '{');
	jout_kv_text(j, "type",
		arena_printf(rp->arena, "urn:recircuit:problem:%s", find_problem(status)->slug));
	jout_kv_text(j, "title", title);
	jout_kv_int(j, "status", status);
	jout_kv_text(j, "detail", detail);
	jout_kv_text(
		j, "instance", arena_printf(rp->arena, "urn:recircuit:request:%s", request_id));
	jout_close(j);
}

void reply_problem(struct reply *rp, int status, const char *request_id, const char *detail)
{
	write_problem(rp, status, find_problem(status)->title, request_id, detail);
}

void reply_error(struct reply *rp, const char *request_id, const struct err *e)
{
	const char *detail = e->message;
	bool is_ours = e->kind == ERR_SYSTEM || e->kind == ERR_UNAVAILABLE;
	if (is_ours) {
		log_event(LOG_ERROR, "request_failed", "id=%s why=\"%s\"", request_id, e->message);
		detail = arena_printf(rp->arena,
			"Le service n’a pas pu répondre. Numéro à citer à l’exploitant : %s.",
			request_id);
	}
	write_problem(rp, err_http_status(e->kind), err_title(e->kind), request_id, detail);
	if (e->kind == ERR_ANONYMOUS)
		reply_header(rp, "WWW-Authenticate", "Bearer realm=\"recircuit\"");
	int retry_s = e->retry_s ? e->retry_s : e->kind == ERR_UNAVAILABLE ? 5 : 0;
	if (retry_s)
		reply_header(rp, "Retry-After", arena_printf(rp->arena, "%d", retry_s));
}
