#include "exchange.h"

#include "clock.h"
#include "gzip.h"
#include "log.h"
#include "response.h"
#include "server_parts.h"
#include "text.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <strings.h>

/* A body over the limit is read and dropped up to this much, so that its sender, who reads only
 * when all is written, gets the 413 instead of a reset. Beyond it the connection is cut. */
enum { SWALLOW = 4 << 20 };

static double now_plus(double seconds)
{
	return clock_seconds() + seconds;
}

void *exchange_begin(void *cls, const char *uri, struct MHD_Connection *connection)
{
	struct server *s = cls;
	struct arena *a = arena_new();
	struct exchange *x = arena_one(a, struct exchange);
	x->server = s;
	x->arena = a;
	x->connection = connection;
	x->client = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)
			    ->socket_context;
	x->start_s = clock_seconds();
	x->request.uri = arena_strdup(a, uri);
	x->request.id = arena_printf(a, "%08" PRIx32 "-%" PRIx64, s->id_prefix, ++s->request_count);
	x->request.method = "-";
	x->request.address = x->client->address;
	s->exchanges++;
	client_enter(x->client, "request", x->start_s + s->config.request_s);
	return x;
}

/* ---- The head ---- */

static void refuse(struct exchange *x, int status, const char *detail)
{
	if (x->refusal)
		return;
	x->refusal = status;
	x->refusal_detail = detail;
}

/* What the headers say about where this request ends, and about what the client wants. */
struct head {
	struct arena *arena;
	struct request *request;
	int lengths, encodings;
	bool has_odd_name, is_chunked, expects_continue;
	const char *repeated; /* a header that may be there once */
	uint64_t length;
};

/* The headers that handlers and hooks read. One that decides who asks, or what is done, must not be
 * there twice: a proxy might read the other. */
static const struct kept {
	const char *name;
	size_t offset; /* of the const char * in struct request */
	bool may_repeat;
} kept_headers[] = {
	{"Host", offsetof(struct request, host), false},
	{"Authorization", offsetof(struct request, authorization), false},
	{"Cookie", offsetof(struct request, cookie), false},
	{"Origin", offsetof(struct request, origin), false},
	{"Sec-Fetch-Site", offsetof(struct request, fetch_site), false},
	{"Idempotency-Key", offsetof(struct request, idempotency_key), false},
	{"X-Forwarded-Proto", offsetof(struct request, forwarded_proto), false},
	{"X-Forwarded-For", offsetof(struct request, forwarded_for),
		true}, /* the last is the nearest */
	{"If-None-Match", offsetof(struct request, if_none_match), true},
};

static void keep(struct head *h, const char *name, const char *value)
{
	for (size_t i = 0; i < sizeof kept_headers / sizeof *kept_headers; i++) {
		const struct kept *k = &kept_headers[i];
		if (strcasecmp(name, k->name) != 0)
			continue;
		const char **field = (const char **)(void *)((char *)h->request + k->offset);
		if (*field && !k->may_repeat)
			h->repeated = k->name;
		*field = arena_strdup(h->arena, value);
	}
}

/* MHD takes "Content-Length : 2" for a header of another name and would read the body behind it as
 * the next request; another reader of the same bytes may not. */
static bool is_token(const char *name)
{
	return *name && !name[strspn(name, "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
					   "ABCDEFGHIJKLMNOPQRSTUVWXYZ")];
}

static enum MHD_Result read_header(
	void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct head *h = cls;
	(void)kind;
	value = value ? value : "";
	h->has_odd_name |= !is_token(name);
	if (strcasecmp(name, "Content-Length") == 0) {
		int64_t length = 0;
		h->lengths++;
		if (*value < '0' || *value > '9' || !text_to_int64(value, &length))
			h->lengths++; /* as bad as two of them */
		h->length = (uint64_t)length;
	} else if (strcasecmp(name, "Transfer-Encoding") == 0) {
		h->encodings++;
		h->is_chunked = strcasecmp(value, "chunked") == 0;
	} else if (strcasecmp(name, "Content-Type") == 0) {
		char *type = arena_strndup(h->arena, value, strcspn(value, "; \t"));
		for (char *p = type; *p; p++)
			*p = (char)tolower((unsigned char)*p);
		h->request->type = type;
	} else if (strcasecmp(name, "Expect") == 0) {
		h->expects_continue = strcasecmp(value, "100-continue") == 0;
	} else if (strcasecmp(name, "Accept-Encoding") == 0) {
		h->request->accepts_gzip = gzip_is_accepted(value);
	}
	keep(h, name, value);
	return MHD_YES;
}

/* Two readers of the same bytes (a proxy and us) must never disagree about where a request ends:
 * RFC 9112, section 6.3. Refusing is the only answer that cannot be wrong. */
static const char *framing_fault(const struct head *h)
{
	if (h->has_odd_name)
		return "Un nom d’en-tête est mal écrit.";
	if (h->lengths > 1)
		return "Content-Length est répété ou mal écrit.";
	if (h->lengths && h->encodings)
		return "Content-Length et Transfer-Encoding ne vont pas ensemble.";
	if (h->encodings > 1 || (h->encodings && !h->is_chunked))
		return "Seul Transfer-Encoding: chunked est accepté.";
	if (h->repeated)
		return arena_printf(h->arena, "%s est répété.", h->repeated);
	return NULL;
}

static enum MHD_Result read_argument(void *cls, enum MHD_ValueKind kind, const char *name,
	size_t name_len, const char *value, size_t value_len)
{
	struct exchange *x = cls;
	struct request *rq = &x->request;
	(void)kind;
	if (!value)
		value = "", value_len = 0;
	if (rq->pair_count == REQUEST_PAIRS) {
		refuse(x, 400, "L’adresse porte trop de paramètres.");
		return MHD_NO;
	}
	if (!text_is_utf8(name, name_len) || !text_is_utf8(value, value_len)) {
		refuse(x, 400, "L’adresse porte un paramètre qui n’est pas du texte UTF-8.");
		return MHD_NO;
	}
	rq->pairs[rq->pair_count++] = (struct pair){
		arena_strndup(x->arena, name, name_len), arena_strndup(x->arena, value, value_len)};
	return MHD_YES;
}

static size_t body_limit(const struct exchange *x)
{
	const struct route *route = x->request.route;
	if (route && route->raw)
		return route->raw->limit;
	return route && route->body ? x->server->config.body_limit : 0;
}

static const char *body_types(const struct exchange *x)
{
	const struct route *route = x->request.route;
	return route && route->raw ? route->raw->types : "application/json";
}

static bool is_among(const char *types, const char *type)
{
	size_t n = type ? strlen(type) : 0;
	for (const char *s = types; n && *s; s += *s == '|') {
		if (strncmp(s, type, n) == 0 && (s[n] == '|' || !s[n]))
			return true;
		s += strcspn(s, "|");
	}
	return false;
}

static void find_target(struct exchange *x)
{
	struct request *rq = &x->request;
	const struct server_config *config = &x->server->config;
	char allow[64] = "";
	rq->route = router_find(
		config->routes, rq->method, rq->path, rq->path_values, allow, sizeof allow);
	if (rq->route || x->refusal)
		return;
	if (!*allow && config->assets && (x->asset = assets_find(config->assets, rq->path))) {
		if (text_eq(rq->method, "GET") || text_eq(rq->method, "HEAD"))
			return;
		strcpy(allow, "GET, HEAD");
		x->asset = NULL;
	}
	if (*allow) {
		x->allow = arena_strdup(x->arena, allow);
		refuse(x, 405, "Cette adresse existe, mais pas pour cette méthode.");
		return;
	}
	refuse(x, 404, "Rien ne se trouve à cette adresse.");
}

static void refuse_body(struct exchange *x)
{
	refuse(x, 413,
		body_limit(x) ? arena_printf(x->arena, "Le corps de la requête dépasse %zu octets.",
					body_limit(x))
			      : "Cette adresse n’attend pas de corps de requête.");
}

/* Each proxy adds whom it heard from at the end, so the last is the word of ours; what comes before
 * is anybody's. */
static void believe_proxy(struct exchange *x)
{
	struct request *rq = &x->request;
	rq->is_https = rq->forwarded_proto && strcasecmp(rq->forwarded_proto, "https") == 0;
	if (!rq->forwarded_for)
		return;
	const char *last = strrchr(rq->forwarded_for, ',');
	rq->address = text_trim(arena_strdup(x->arena, last ? last + 1 : rq->forwarded_for));
}

/* ---- Answers ---- */

static enum MHD_Result queue_answer(struct exchange *x, struct MHD_Response *response)
{
	client_enter(x->client, "reply", now_plus(x->server->config.reply_s));
	return MHD_queue_response(x->connection, (unsigned)x->status, response);
}

static enum MHD_Result send_refusal(struct exchange *x, int status, const char *detail)
{
	struct reply rp;
	reply_init(&rp, x->arena);
	reply_problem(&rp, status, x->request.id, detail);
	if (status == 405)
		reply_header(&rp, "Allow", x->allow);
	if (status == 503)
		reply_header(&rp, "Retry-After", "1");
	x->sent = rp.body.len;
	struct MHD_Response *r =
		response_make(&x->request, &rp, atomic_load(&x->server->is_stopping), &x->status);
	enum MHD_Result result = queue_answer(x, r);
	MHD_destroy_response(r);
	return result;
}

static enum MHD_Result send_asset(struct exchange *x)
{
	const struct asset *f = x->asset;
	bool is_packed = x->request.accepts_gzip && f->gzip;
	bool is_known =
		response_is_known(x->request.if_none_match, is_packed ? f->etag_gzip : f->etag);
	x->status = is_known ? 304 : 200;
	x->sent = is_known ? 0 : f->len;
	if (is_packed)
		return queue_answer(x, is_known ? f->gzip_unchanged : f->gzip);
	return queue_answer(x, is_known ? f->plain_unchanged : f->plain);
}

/* ---- The three calls ---- */

static enum MHD_Result take_head(struct exchange *x, const char *path, const char *method)
{
	struct request *rq = &x->request;
	struct head h = {.arena = x->arena, .request = rq};
	x->has_head = true;
	rq->method = arena_strdup(x->arena, method);
	rq->path = arena_strdup(x->arena, path);
	MHD_get_connection_values(x->connection, MHD_HEADER_KIND, read_header, &h);
	if (x->server->config.is_behind_proxy)
		believe_proxy(x);
	const char *fault = framing_fault(&h);
	if (fault)
		return send_refusal(x, 400, fault);
	MHD_get_connection_values_n(x->connection, MHD_GET_ARGUMENT_KIND, read_argument, x);
	/* The path reaches us as a C string, which would end at a zero byte. */
	if (strstr(rq->uri, "%00"))
		refuse(x, 400, "L’adresse porte un octet nul.");
	find_target(x);
	buf_init(&x->body, x->arena, body_limit(x));
	if (h.length > body_limit(x)) {
		refuse_body(x);
		/* An answer in this first call ends the connection, so it is kept for clients who
		 * wait before they send the body, or who would send more than is worth reading. */
		if (h.expects_continue || h.length > body_limit(x) + SWALLOW)
			return send_refusal(x, x->refusal, x->refusal_detail);
	}
	if ((h.length || h.is_chunked) && !is_among(body_types(x), rq->type))
		refuse(x, 415,
			rq->route && rq->route->raw
				? arena_printf(x->arena,
					  "Le corps doit être d’un de ces types (Content-Type) : "
					  "%s.",
					  body_types(x))
				: "Le corps doit être du JSON (Content-Type: application/json).");
	return MHD_YES;
}

static enum MHD_Result take_chunk(struct exchange *x, const char *chunk, size_t len)
{
	x->body_seen += len;
	if (x->body_seen > body_limit(x) + SWALLOW)
		return MHD_NO;
	if (x->body_seen > body_limit(x))
		refuse_body(x);
	if (!x->refusal)
		buf_add(&x->body, chunk, len);
	return MHD_YES;
}

/* Who answers a route, and how many may wait there. */
static struct executors *executors_for(struct server *s, const struct route *route, size_t *limit)
{
	*limit = s->config.queue_length;
	if (route->merge) {
		*limit = s->config.merging_queue_length;
		return &s->merging;
	}
	if (route->is_costly) {
		*limit = s->config.costly_queue_length;
		return &s->costly;
	}
	return &s->executors;
}

static enum MHD_Result dispatch(struct exchange *x)
{
	struct server *s = x->server;
	if (x->refusal)
		return send_refusal(x, x->refusal, x->refusal_detail);
	if (x->asset)
		return send_asset(x);
	size_t limit;
	struct executors *executors = executors_for(s, x->request.route, &limit);
	if (!executors_have_room(executors, limit))
		return send_refusal(
			x, 503, "Le service est très sollicité. Réessayez dans un instant.");
	x->request.bytes = x->body.data;
	x->request.byte_count = x->body.len;
	client_enter(x->client, "work", INFINITY);
	MHD_suspend_connection(x->connection);
	executors_push(executors, x);
	return MHD_YES;
}

enum MHD_Result exchange_continue(void *cls, struct MHD_Connection *connection, const char *path,
	const char *method, const char *version, const char *chunk, size_t *chunk_len, void **self)
{
	struct exchange *x = *self;
	(void)cls, (void)connection, (void)version;
	if (x->response)
		return queue_answer(x, x->response);
	if (!x->has_head)
		return take_head(x, path, method);
	if (*chunk_len) {
		size_t len = *chunk_len;
		*chunk_len = 0;
		return take_chunk(x, chunk, len);
	}
	return dispatch(x);
}

void exchange_end(void *cls, struct MHD_Connection *connection, void **self,
	enum MHD_RequestTerminationCode why)
{
	struct server *s = cls;
	struct exchange *x = *self;
	(void)connection;
	if (!x)
		return;
	*self = NULL;
	bool is_whole = why == MHD_REQUEST_TERMINATED_COMPLETED_OK;
	log_event(LOG_INFO, "request",
		"id=%s client=%s method=%s uri=\"%s\" status=%d bytes=%zu ms=%.1f%s", x->request.id,
		x->client->address, x->request.method, x->request.uri, x->status, x->sent,
		1e3 * (clock_seconds() - x->start_s), is_whole ? "" : " cut=true");
	client_enter(x->client, "idle", now_plus(s->config.idle_s));
	if (x->response)
		MHD_destroy_response(x->response);
	s->exchanges--;
	arena_free(x->arena);
}
