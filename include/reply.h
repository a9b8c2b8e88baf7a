/* What a handler answers: a status, a few headers, a body written as a stream.
 *
 *	struct jout *j = reply_json(rp);
 *	jout_open(j, '{'), jout_kv_text(j, "status", "ok"), jout_close(j);
 *	return true;
 *
 * A handler that fails returns false with its err: the server then writes the problem document. */
#ifndef RECIRCUIT_REPLY_H
#define RECIRCUIT_REPLY_H

#include "arena.h"
#include "buf.h"
#include "err.h"
#include "jout.h"

#include <stdbool.h>
#include <stddef.h>

enum { REPLY_HEADERS = 8 };

struct reply {
	struct arena *arena;
	int status;
	const char *type; /* Content-Type; null without a body */
	struct buf body;
	struct jout json;
	bool has_tag; /* a strong ETag of the body, and 304 when the client has it */
	struct reply_header {
		const char *name, *value;
	} headers[REPLY_HEADERS];
	size_t header_count;
};

void reply_init(struct reply *rp, struct arena *a);

/* The writer of a body: 200, or what reply_created and reply_accepted said before. */
struct jout *reply_json(struct reply *rp);
struct jout *reply_geojson(struct reply *rp);

/* 201 and 202: where the new resource is. */
void reply_created(struct reply *rp, const char *location);
void reply_accepted(struct reply *rp, const char *location);

/* 204: done, and nothing to say. */
void reply_nothing(struct reply *rp);

/* The body may be kept by clients, who ask again after `max_age_s` with If-None-Match. */
void reply_cached(struct reply *rp, int max_age_s);

void reply_header(struct reply *rp, const char *name, const char *value);

/* A problem document (RFC 9457) in place of whatever was written before. */
void reply_problem(struct reply *rp, int status, const char *request_id, const char *detail);

/* The same from an error. What concerns only us (ERR_SYSTEM, ERR_UNAVAILABLE) goes to the log; the
 * client reads the number to quote. */
void reply_error(struct reply *rp, const char *request_id, const struct err *e);

#endif
