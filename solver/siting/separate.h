/* Rounding inequalities that the average solution of a relaxation violates.
 *
 *	added = separate_discs(&r, a);
 *
 * Looked for in all discs around all candidate sites and on all points, in one unit or two, on
 * averages over the years.
 * For a given disc the best set N of near sites is known: those whose lines, rounded, count for less
 * than the tonnes of the disc that they take. The most violated ones of each flow are added. */
#ifndef RECIRCUIT_SOLVER_SEPARATE_H
#define RECIRCUIT_SOLVER_SEPARATE_H

#include "relax.h"

size_t separate_discs(struct relax *r, struct arena *a);

#endif
