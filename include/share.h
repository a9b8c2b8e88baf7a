/* Where the files that go with the programs are: sql/ and web/.
 *
 *	if (!share_path(a, "sql/migrations", &folder, e)) ...
 *
 * The environment variable RECIRCUIT_SHARE names their folder. Without it they are looked for from
 * the running program upwards: the nearest folder that is a source tree (the program is in
 * build/<mode>/) or has share/recircuit/ (the program is in <prefix>/bin/). */
#ifndef RECIRCUIT_SHARE_H
#define RECIRCUIT_SHARE_H

#include "arena.h"
#include "err.h"

/* The absolute path of `name` ("sql/queries"), which must exist. */
must_use bool share_path(struct arena *a, const char *name, const char **path, struct err *e);

#endif
