/* The embedded PostgreSQL: a private cluster of the project's own, used when no database is
 * configured. Unix socket only; no TCP; never Debian's own clusters.
 *
 *	struct cluster *c;
 *	if (!cluster_open(a, "var", &c, e)) ...		starts it when nobody else has
 *	db_open(a, cluster_conninfo(c), ...)
 *	(the arena ends)				the last process that used it stops it
 *
 * Several programs may use one cluster at once (serve, work, load): each holds a shared lock on
 * var/cluster.lock; whoever can turn its lock into an exclusive one at the end is the last and
 * stops the server. Works as root (through a user namespace, or as another user where those are
 * refused) and as an ordinary user. */
#ifndef RECIRCUIT_CLUSTER_H
#define RECIRCUIT_CLUSTER_H

#include "arena.h"
#include "err.h"

struct cluster;

must_use bool cluster_open(struct arena *a, const char *folder, struct cluster **c, struct err *e);
const char *cluster_conninfo(const struct cluster *c);

/* The same database for the service: logs in as recircuit_app, which owns nothing. */
const char *cluster_service_conninfo(const struct cluster *c);

#endif
