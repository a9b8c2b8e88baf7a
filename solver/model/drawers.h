/* The most that a capacity can earn from points that gain so much per tonne: a continuous knapsack.
 *
 *	drawers_init(&s, a, points);
 *	drawers_fill(&s, gains, count);
 *	drawers_earn(&s, room)		for any room
 *
 * Gains are put in drawers, a drawer for each part of the way to the highest: only in the one where the room ends
 * have points to be told apart. What bounds are judged by (bound.h); engines have knapsack.h. */
#ifndef RECIRCUIT_SOLVER_DRAWERS_H
#define RECIRCUIT_SOLVER_DRAWERS_H

#include "arena.h"

#include <stddef.h>
#include <stdint.h>

/* Of a point: positive. */
struct gain {
	double per_tonne, tonnes;
};

enum { DRAWERS = 128 };

struct drawers {
	const struct gain *gains;
	double tonnes[DRAWERS], worth[DRAWERS];
	uint32_t first[DRAWERS]; /* UINT32_MAX: empty */
	uint32_t *next;          /* [gain] in the same drawer */
	struct gain *inside;     /* [gain] of one drawer, scratch */
};

/* At most so many gains at a time. */
void drawers_init(struct drawers *s, struct arena *a, size_t most);

/* The gains stay where they are until the next time. */
void drawers_fill(struct drawers *s, const struct gain *g, size_t count);

double drawers_earn(struct drawers *s, double room);

#endif
