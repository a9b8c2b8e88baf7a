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
	atomic_bool is_stopping; /* written by the loop, read by the executors */
	struct executors executors;

	/* Of the loop thread. */
	struct clients clients;
	size_t exchanges;   /* alive */
	uint32_t id_prefix; /* of this start, so that ids of two starts differ */
	uint64_t request_count;
};

#endif
