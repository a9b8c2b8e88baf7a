/* The best layout that can be put together from the rounds of a pool: the restricted master of lrp.h, by GLPK.
 *
 *	choice_make(a, &pool, &best, deadline, stop)	true: `best` is now better
 *
 *	min  sum_s f_s z_s + sum_r c_r y_r
 *	     sum_{r visits i} y_r >= 1				stops i
 *	     sum_{r from s} load_r y_r <= room_s z_s		sites s
 *	     sum_{r from s visits i} y_r <= z_s			where the linear programme breaks it
 *
 * Its linear programme first; then rounds whose reduced cost is above the gap cannot be in a better layout of the pool and are
 * left out, and the whole numbers are decided among the others (the cheapest of them, where they are too many). */
#ifndef RECIRCUIT_LRP_CHOICE_H
#define RECIRCUIT_LRP_CHOICE_H

#include "layout.h"

#include <signal.h>

bool choice_make(struct arena *a, const struct pool *p, struct layout *best, double deadline,
	const volatile sig_atomic_t *stop);

#endif
