/* What the files of this layer share: the server itself. */
#ifndef RECIRCUIT_HTTP_SERVER_PARTS_H
#define RECIRCUIT_HTTP_SERVER_PARTS_H

#include "client.h"
#include "executor.h"
#include "server.h"

struct server {
	struct server_config config;
	struct MHD_Daemon *daemon;
	int listen_fd, port;
	int wake_fd;             /* eventfd: an executor has resumed a connection */
	atomic_bool is_woken;    /* a wake is under way, another would be a wasted call */
	atomic_bool is_stopping; /* written by the loop, read by the executors */
	struct executors executors, costly, merging;

	/* Of the loop thread. */
	struct clients clients;
	size_t exchanges;   /* alive */
	uint32_t id_prefix; /* of this start, so that ids of two starts differ */
	uint64_t request_count;
};

/* From any thread: the loop turns at once. (MHD's own signal exists only in its internal threads.)
 */
void server_wake(struct server *s);

#endif
