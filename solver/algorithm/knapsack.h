/* The small knapsack problems inside the bounds. All give a proved bound; the selections they leave
 * are what the bound was computed from, for subgradients and harvests.
 *
 *	continuous	max sum p_n x_n,  sum w_n x_n <= room,  0 <= x <= 1	(selection in O(n))
 *	whole		the same with x in {0,1}	(a core that grows, Pisinger 1997)
 */
#ifndef RECIRCUIT_SOLVER_KNAPSACK_H
#define RECIRCUIT_SOLVER_KNAPSACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct item {
	double ratio; /* profit per unit of weight, positive */
	double weight;
	uint32_t id;
};

/* Moves the items to take to the front. Returns the profit; *taken of them are taken, the last one
 * only for the share *last of its weight (1 unless the room is exactly used up within it). */
double knapsack_continuous(
	struct item *items, size_t count, double room, size_t *taken, double *last);

/* Same order of results for whole items. Returns an upper bound on the profit, exact unless more
 * than `effort` steps were needed; the selection itself is always feasible. */
double knapsack_whole(struct item *items, size_t count, double room, int effort, size_t *taken);

/* Sorts `order` by rising key[order[n]]. */
void knapsack_order(uint32_t *order, size_t count, const double *key);

#endif
