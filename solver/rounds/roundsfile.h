/* The answer of `recircuit-solve rounds`: written, read back, and held against the problem (solver/FORMAT.md). */
#ifndef RECIRCUIT_ROUNDS_ROUNDSFILE_H
#define RECIRCUIT_ROUNDS_ROUNDSFILE_H

#include "jin.h"
#include "jout.h"
#include "judge.h"

struct rounds_answer {
	const struct tour *tours;
	size_t count;
	double bound; /* minus infinity: none is known */
	const char *sha256;
	uint64_t seed;
	double seconds;
	int64_t iterations;
};

void roundsfile_write(struct arena *a, struct jout *j, const struct vrp *v,
	const struct rounds_answer *answer, const struct ruling *ruling);

/* Judges the rounds that the file shows and compares every figure with it; the first that differs is the error. */
must_use bool roundsfile_check(struct arena *a, const struct vrp *v, const char *sha256,
	struct jin *root, struct ruling *ruling, struct err *e);

#endif
