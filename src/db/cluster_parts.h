/* What the two files of the private cluster share: cluster_place.c (where it is, whom it runs as, with which programs) and
 * cluster.c (its data, its server, who comes and who goes). */
#ifndef RECIRCUIT_DB_CLUSTER_PARTS_H
#define RECIRCUIT_DB_CLUSTER_PARTS_H

#include "cluster.h"

#include <sys/types.h>

/* PostgreSQL refuses to run as root: `prefix` are the words that start a program as somebody else.
 */
struct user_id {
	uid_t uid; /* owner of the data, seen from here */
	gid_t gid;
	const char *prefix[8];
};

struct cluster {
	struct arena *arena;
	const char *folder, *place, *home; /* absolute */
	const char *socket;                /* absolute */
	const char *programs;              /* where initdb and pg_ctl are; null until found */
	struct user_id server;
	const char *conninfo, *service_conninfo;
	int lock;
};

enum { CLUSTER_OUTPUT_LIMIT = 1 << 16 }; /* bytes kept of what a program prints */

/* Whom the server runs as, where its data and its socket are, which PostgreSQL it is. */
must_use bool cluster_choose(struct cluster *c, struct err *e);

const char *cluster_path(const struct cluster *c, const char *name); /* in home */
const char *cluster_program(const struct cluster *c, const char *name);
const char *cluster_conninfo_to(const struct cluster *c, const char *database);
bool cluster_exists(const char *path);

/* Runs a program to its end from `home`, as the server's user; true when it exits with 0. *said,
 * which may be null, is what it printed. */
bool cluster_run(const struct cluster *c, const char *const *words, char **said);

/* A folder nobody else can have laid out for us: names in /tmp can be guessed. */
must_use bool cluster_make_owned(
	const char *path, mode_t mode, uid_t uid, gid_t gid, struct err *e);

/* What PostgreSQL's programs say in English, and what to do about it. */
const char *cluster_remedy(const char *said);
bool cluster_fail(const struct cluster *c, const char *what, const char *said, struct err *e);

#endif
