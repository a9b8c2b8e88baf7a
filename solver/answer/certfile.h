/* A certificate as JSON, written and read back; FORMAT.md describes it. */
#ifndef RECIRCUIT_SOLVER_CERTFILE_H
#define RECIRCUIT_SOLVER_CERTFILE_H

#include "bound.h"
#include "jin.h"
#include "jout.h"

/* The object: {"price": [flow][year][point], "share": [site][flow][year], "roundings": [...],
 * "limits": [one per limit of the model]}. */
void certfile_write(struct jout *j, const struct model *m, const struct certificate *c);

/* `at` is that object; failures stick to it, as in jin.h. */
struct certificate certfile_read(struct arena *a, const struct jin *at, const struct model *m);

#endif
