/* What lines come to at given multipliers, one flow after the other (bound.h): each thread has a desk, and what all lines of a
 * flow share is worked out once.
 *
 *	desks_init(desks, threads, a, m, certificate, &tolls);
 *	desks_turn(desks, threads, k);			to flow k
 *	desk_weigh(&desks[thread], j)			the best path of its line at site j
 *
 * Lines are first weighed with all the tonnes they could take at the rent of their capacity (pricing.h says why that is a
 * bound): most do not pay even so. The others are weighed exactly. */
#ifndef RECIRCUIT_SOLVER_DESK_H
#define RECIRCUIT_SOLVER_DESK_H

#include "bound.h"
#include "covering.h"
#include "drawers.h"
#include "need.h"
#include "tolls.h"

/* Present values: the best path over the years; having nothing from the start on; being open in some year, at the
 * least. */
struct line_worth {
	double path, nothing, open;
};

struct desk {
	const struct model *m;
	const struct certificate *c;
	size_t k;
	double *price;      /* [year][point] for lines that are far */
	double *own;        /* [point] for the line under way */
	struct need *needs; /* [rounding][year] */
	uint32_t **inside;  /* [rounding] the points of S */
	size_t *count;      /* [rounding] how many */
	struct gain *gains; /* [point] */
	struct drawers drawers;
	struct tolls tolls;
	double *row; /* [point] haulage of the line under way, where emissions have a price */
	double (*cost)[COVERING_STATES];
	/* Points in blocks: none gains where the highest price is below the least cost. */
	size_t blocks;
	double *most; /* [year][block] of the prices for lines that are far: no line meets higher ones */
	double *least; /* [block] haulage to the site under way */
};

void desks_init(struct desk *desks, size_t threads, struct arena *a, const struct model *m,
	const struct certificate *c, const struct tolls *tolls);

void desks_turn(struct desk *desks, size_t threads, size_t k);

struct line_worth desk_weigh(struct desk *d, size_t j);

/* cost[state] of the first year: 0 is nothing, l + 1 level l, each with the change from the start. */
void desk_first_year(struct desk *d, size_t j, double cost[COVERING_STATES]);

#endif
