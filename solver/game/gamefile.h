/* Cost games and their sharings as JSON; FORMAT.md describes both. */
#ifndef RECIRCUIT_SOLVER_GAMEFILE_H
#define RECIRCUIT_SOLVER_GAMEFILE_H

#include "jout.h"
#include "sharing.h"

struct gamefile {
	struct game game;
	const char **name; /* [player] */
};

must_use bool gamefile_read(
	struct arena *a, const char *bytes, size_t n, struct gamefile *out, struct err *e);

/* "a+c": the members' names in the order of the players. */
const char *gamefile_coalition(struct arena *a, const struct gamefile *f, coalition members);

void gamefile_write(
	struct arena *a, struct jout *j, const struct gamefile *f, const struct sharing *s);

#endif
