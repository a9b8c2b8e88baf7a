/* Rounds of a question of ours (solver/FORMAT.md): what `rounds` and `check` do with it. */
#ifndef RECIRCUIT_SOLVER_COLLECT_H
#define RECIRCUIT_SOLVER_COLLECT_H

#include "arena.h"
#include "err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct collect_options {
	const char *output, *shape, *answer; /* answer: a plan to write in another shape; or null */
	double time_limit_s;
	int64_t threads, seed, turns; /* seed below 0: the question's */
	bool is_quiet;
};

/* Knows its own files from those of the literature. */
bool collect_is_question(const char *bytes, size_t n);
bool collect_knows_shape(const char *shape);

must_use bool collect_run(struct arena *a, const struct collect_options *o, const char *path,
	const char *bytes, size_t n, struct err *e);

must_use bool collect_check(struct arena *a, const char *output, char **paths, struct err *e);

#endif
