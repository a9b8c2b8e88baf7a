/* The file a subcommand is about: a network, or an instance of the literature. */
#ifndef RECIRCUIT_SOLVER_QUESTION_H
#define RECIRCUIT_SOLVER_QUESTION_H

#include "model.h"
#include "network.h"

struct question {
	const char *path;
	const struct network *network; /* null for a file of the literature */
	struct model model;            /* checked */
	char sha256[65];               /* of the file's bytes */
};

/* `format` is network or a name of formats.h; errors begin with the path. */
must_use bool question_read(struct arena *a, const char *format, bool is_single_sourced,
	const char *path, struct question *q, struct err *e);

#endif
