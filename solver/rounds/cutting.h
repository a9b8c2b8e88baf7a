/* Inequalities that the solution of the programme breaks join it.
 *
 *	cutting_crossings(&m)			capacity (crossing.h): one type of vehicle, one load, no stop left out
 *	cutting_subsets(&m, room, is_whole)	three stops (subset.h): up to `room` in all; is_whole: every stop is remembered
 *
 * How many were added. Subset inequalities that bind nothing leave first. */
#ifndef RECIRCUIT_ROUNDS_CUTTING_H
#define RECIRCUIT_ROUNDS_CUTTING_H

#include "master.h"

size_t cutting_crossings(struct master *m);
size_t cutting_subsets(struct master *m, size_t room, bool is_whole);

#endif
