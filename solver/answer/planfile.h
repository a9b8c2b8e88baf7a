/* A plan as JSON, written and read back; FORMAT.md describes it. Indices are places in the
 * instance's own lists, from 0. */
#ifndef RECIRCUIT_SOLVER_PLANFILE_H
#define RECIRCUIT_SOLVER_PLANFILE_H

#include "jin.h"
#include "jout.h"
#include "plan.h"

/* The object: {"levels": [...], "routes": [...]}. */
void planfile_write(struct jout *j, const struct model *m, const struct plan *p);

/* `at` is that object. The cost is not read: a reader computes it (check.h). Failures stick to
 * `at`, as in jin.h. */
struct plan planfile_read(struct arena *a, const struct jin *at, const struct model *m);

#endif
