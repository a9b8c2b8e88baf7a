#include "response.h"

#include "digest.h"
#include "gzip.h"
#include "text.h"

#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The interface needs nothing from elsewhere, runs no inline script and is never framed. Leaflet
 * sets styles from script, which style-src 'self' allows; data: is for its small images. */
static const struct reply_header everywhere[] = {
	{"Content-Security-Policy", "default-src 'self'; img-src 'self' data:; object-src 'none'; "
				    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"},
	{"X-Content-Type-Options", "nosniff"},
	{"Referrer-Policy", "same-origin"},
	{"Cross-Origin-Opener-Policy", "same-origin"},
	{"Cross-Origin-Resource-Policy", "same-origin"},
	{"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
};

/* A large list is packed once and read once: speed matters more than the last tenth of its size. What a client may
 * keep (outlines, plans) does not change from one visitor to the next and is worth more work. */
enum { REPLY_GZIP_LEVEL = 1, KEPT_GZIP_LEVEL = 6 };

void response_header(struct MHD_Response *response, const char *name, const char *value)
{
	/* MHD refuses values with line breaks, which no client text must bring here, and fails
	 * when memory is out: a header less would be a silent change of meaning. */
	if (MHD_add_response_header(response, name, value) == MHD_YES)
		return;
	fprintf(stderr, "recircuit: header refused: %s\n", name);
	abort();
}

static struct MHD_Response *make(const char *bytes, size_t len, enum MHD_ResponseMemoryMode mode)
{
	/* MHD only reads the bytes; its declaration dates from before const. */
	struct MHD_Response *r =
		MHD_create_response_from_buffer(len, (void *)(uintptr_t)bytes, mode);
	if (!r) {
		fprintf(stderr, "recircuit: out of memory (%zu bytes asked)\n", len);
		abort();
	}
	for (size_t i = 0; i < sizeof everywhere / sizeof everywhere[0]; i++)
		response_header(r, everywhere[i].name, everywhere[i].value);
	return r;
}

struct MHD_Response *response_of_bytes(const char *bytes, size_t len)
{
	return make(bytes, len, MHD_RESPMEM_PERSISTENT);
}

bool response_is_known(const char *if_none_match, const char *etag)
{
	const char *s = if_none_match ? if_none_match : "";
	while (*s) {
		s += strspn(s, " \t,");
		if (*s == '*')
			return true;
		if (text_starts(s, "W/"))
			s += 2;
		size_t n = strcspn(s, ",");
		while (n && (s[n - 1] == ' ' || s[n - 1] == '\t'))
			n--;
		if (n == strlen(etag) && memcmp(s, etag, n) == 0)
			return true;
		s += strcspn(s, ",");
	}
	return false;
}

static char *tag_of(struct arena *a, const char *bytes, size_t len, bool is_packed)
{
	char hex[65];
	digest_sha256(bytes, len, hex);
	return arena_printf(a, "\"%.32s%s\"", hex, is_packed ? "-gz" : "");
}

/* A reply may say its own policy: the one for everything gives way. */
static void replace_everywhere(struct MHD_Response *r, const char *name)
{
	for (size_t i = 0; i < sizeof everywhere / sizeof everywhere[0]; i++)
		if (text_eq(everywhere[i].name, name))
			MHD_del_response_header(r, name, everywhere[i].value);
}

struct MHD_Response *response_make(
	const struct request *rq, struct reply *rp, bool closes, int *status)
{
	/* The log and the client must not disagree with what was written. */
	if (rp->body.is_full)
		reply_problem(rp, 500, rq->id, "La réponse dépasse la taille permise.");
	*status = rp->status;

	bool may_pack = rp->body.len >= GZIP_LEAST;
	char *etag = NULL, *packed;
	size_t packed_len;
	if (rp->has_tag) {
		etag = tag_of(rp->arena, rp->body.data, rp->body.len, may_pack && rq->accepts_gzip);
		if (response_is_known(rq->if_none_match, etag))
			*status = 304;
	}
	struct MHD_Response *r;
	if (*status == 304) {
		r = make("", 0, MHD_RESPMEM_PERSISTENT);
	} else if (may_pack && rq->accepts_gzip &&
		   gzip_pack(rp->arena, rp->body.data, rp->body.len,
			   rp->has_tag ? KEPT_GZIP_LEVEL : REPLY_GZIP_LEVEL, &packed,
			   &packed_len)) {
		r = make(packed, packed_len, MHD_RESPMEM_MUST_COPY);
		response_header(r, "Content-Encoding", "gzip");
	} else {
		r = make(rp->body.data, rp->body.len, MHD_RESPMEM_MUST_COPY);
	}
	if (may_pack)
		response_header(r, "Vary", "Accept-Encoding");
	if (rp->type && *status != 304)
		response_header(r, "Content-Type", rp->type);
	if (etag)
		response_header(r, "ETag", etag);
	bool has_cache_rule = false;
	for (size_t i = 0; i < rp->header_count; i++) {
		replace_everywhere(r, rp->headers[i].name);
		response_header(r, rp->headers[i].name, rp->headers[i].value);
		has_cache_rule |= text_eq(rp->headers[i].name, "Cache-Control");
	}
	if (!has_cache_rule)
		response_header(r, "Cache-Control", "no-store");
	response_header(r, "X-Request-Id", rq->id);
	if (closes)
		response_header(r, "Connection", "close");
	return r;
}
