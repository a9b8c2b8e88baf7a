/* What tells, for many points at once, that a line is too far from them.
 *
 *	lanes_init(&l, a, m);
 *	lanes_rows(&l, rows, count, most);	the highest price in each block of points
 *
 * Points are taken in blocks of LANES_BLOCK; neighbours should follow each other (zones.h). The
 * least haulage of a block and its highest price say whether any of its points can gain at a site. */
#ifndef RECIRCUIT_SOLVER_LANES_H
#define RECIRCUIT_SOLVER_LANES_H

#include "model.h"

enum { LANES_BLOCK = 32 };

struct lanes {
	size_t points, blocks;
	const double *const *least; /* [flow] -> [site][block] least haulage */
};

void lanes_init(struct lanes *l, struct arena *a, const struct model *m);

/* rows[count][point] -> most[count][block] */
void lanes_rows(const struct lanes *l, const double *rows, size_t count, double *most);

#endif
