/* Connections and their deadlines. MHD's own timeout only sees silence: a byte every few seconds
 * would hold a connection open for ever. So each phase of a connection has an absolute deadline,
 * and the loop shuts down the sockets that are past theirs.
 *
 * Owned by the loop thread alone. */
#ifndef RECIRCUIT_HTTP_CLIENT_H
#define RECIRCUIT_HTTP_CLIENT_H

#include <netinet/in.h>
#include <stddef.h>

struct client {
	struct client *next, *prev;
	int fd;
	double deadline_s; /* on the steady clock; INFINITY: the server is at work */
	const char *phase; /* for the log */
	char address[INET6_ADDRSTRLEN];
};

struct clients {
	struct client *first;
	size_t count;
};

struct client *client_new(
	struct clients *all, int fd, const struct sockaddr *address, double deadline_s);
void client_free(struct clients *all, struct client *c);

/* Phase and deadline from now on. */
void client_enter(struct client *c, const char *phase, double deadline_s);

void clients_cut_late(struct clients *all, double now_s);

#endif
