/* The small knapsack problems inside the bounds. All give a proved bound; the selections they leave
 * are what the bound was computed from, for subgradients and harvests.
 *
 *	continuous	max sum p_n x_n,  sum w_n x_n <= room,  0 <= x <= 1	(selection in O(n))
 *	whole		the same with x in {0,1}	(a core that grows, Pisinger 1997)
 *	cover		min sum r_j y_j,  sum u_j y_j >= need,  y in {0,1}	(whole, of what is out)
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

struct cover {
	size_t count;         /* items that cost something: r > 0, u > 0 */
	const double *price;  /* [item] r */
	const double *volume; /* [item] u, finite */
	uint32_t *order;      /* [item] by rising price per volume */
	bool *is_in;          /* [item] the selection */
	struct item *out;     /* [item] scratch */
};

/* A lower bound, exact unless `effort` steps were not enough; infinite when all together are not
 * enough. */
double knapsack_cover(struct cover *c, double need, int effort);

/* The bound with fractional items, quicker; those that are in at all are the selection. `number`:
 * the sum of their shares. */
double knapsack_cover_divided(struct cover *c, double need, double *number);

/* Sorts `order`, for what follows. */
void knapsack_cover_sort(struct cover *c);

/* The same bound without item `without` (count: with all). Infinite when all of
 * them together are not enough. */
double knapsack_cover_relaxed(const struct cover *c, double need, size_t without);

#endif
