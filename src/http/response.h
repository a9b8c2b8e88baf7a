/* The way from a reply to what MHD sends: security headers, compression, 304. */
#ifndef RECIRCUIT_HTTP_RESPONSE_H
#define RECIRCUIT_HTTP_RESPONSE_H

#include "reply.h"
#include "request.h"

#include <stdbool.h>

struct MHD_Response;

/* A copy of the reply, owned by the caller, to be ended with MHD_destroy_response. *status is what
 * goes with it; `closes`: tell the client that the connection ends after it. */
struct MHD_Response *response_make(
	const struct request *rq, struct reply *rp, bool closes, int *status);

/* Bytes that outlive the response, with the headers that every answer carries. */
struct MHD_Response *response_of_bytes(const char *bytes, size_t len);
void response_header(struct MHD_Response *response, const char *name, const char *value);

/* Does an If-None-Match value (null: absent) name this quoted tag? */
bool response_is_known(const char *if_none_match, const char *etag);

#endif
