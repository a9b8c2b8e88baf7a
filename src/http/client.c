#include "client.h"

#include "log.h"

#include <arpa/inet.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

struct client *client_new(
	struct clients *all, int fd, const struct sockaddr *address, double deadline_s)
{
	struct client *c = calloc(1, sizeof *c);
	if (!c) {
		fprintf(stderr, "recircuit: out of memory (%zu bytes asked)\n", sizeof *c);
		abort();
	}
	c->fd = fd;
	if (address && address->sa_family == AF_INET)
		inet_ntop(AF_INET, &((const struct sockaddr_in *)address)->sin_addr, c->address,
			sizeof c->address);
	if (address && address->sa_family == AF_INET6)
		inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)address)->sin6_addr, c->address,
			sizeof c->address);
	client_enter(c, "head", deadline_s);
	c->next = all->first;
	if (c->next)
		c->next->prev = c;
	all->first = c;
	all->count++;
	return c;
}

void client_free(struct clients *all, struct client *c)
{
	if (c->prev)
		c->prev->next = c->next;
	else
		all->first = c->next;
	if (c->next)
		c->next->prev = c->prev;
	all->count--;
	free(c);
}

void client_enter(struct client *c, const char *phase, double deadline_s)
{
	c->phase = phase;
	c->deadline_s = deadline_s;
}

void clients_cut_late(struct clients *all, double now_s)
{
	for (struct client *c = all->first; c; c = c->next) {
		if (c->deadline_s > now_s)
			continue;
		/* MHD sees the end of the stream and closes; the socket number stays ours until
		 * then, so no other connection can be hit. */
		shutdown(c->fd, SHUT_RDWR);
		log_event(LOG_INFO, "client_cut", "client=%s phase=%s", c->address, c->phase);
		c->deadline_s = INFINITY;
	}
}
