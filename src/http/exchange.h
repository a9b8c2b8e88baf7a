/* One request and its answer, from the request line to the last byte sent.
 *
 * It belongs to the loop thread, except between exchanges_push and MHD_resume_connection, when it
 * belongs to one executor. The two never hold it at once, so it has no lock. */
#ifndef RECIRCUIT_HTTP_EXCHANGE_H
#define RECIRCUIT_HTTP_EXCHANGE_H

#include "buf.h"
#include "client.h"
#include "request.h"
#include "server.h"

#include <microhttpd.h>
#include <pthread.h>

struct exchange {
	struct server *server;
	struct client *client;
	struct MHD_Connection *connection;
	struct arena *arena;
	struct request request;
	double start_s;
	bool has_head;

	/* A request that is already lost: its body is read and dropped, then this is answered. */
	int refusal; /* 0: none */
	const char *refusal_detail;
	const char *allow; /* with 405 */

	const struct asset *asset;
	struct buf body;
	size_t body_seen; /* bytes, kept or dropped */

	struct MHD_Response *response; /* what an executor made */
	int status;                    /* of the answer; 0 before */
	size_t sent;                   /* bytes of body, before compression */
	struct exchange *next;         /* in the queue */
};

/* Callbacks of MHD; `cls` is the struct server. */
void *exchange_begin(void *cls, const char *uri, struct MHD_Connection *connection);
enum MHD_Result exchange_continue(void *cls, struct MHD_Connection *connection, const char *path,
	const char *method, const char *version, const char *chunk, size_t *chunk_len, void **self);
void exchange_end(void *cls, struct MHD_Connection *connection, void **self,
	enum MHD_RequestTerminationCode why);

#endif
