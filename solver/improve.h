/* Plans of a whole model, made better move by move.
 *
 *	improve_init(&s, a, m, seed);
 *	improve_offer(&s, k, level, ...);	a proposal; what it lacks in room is added
 *	improve_run(&s, trials, is_over, context);
 *	s.level, s.cost
 *
 * Mathematics. A move gives one or two lines new paths of levels over the years. The transports of
 * their flow are settled again, exactly; the move stays if the plan is cheaper. Which moves are
 * worth it is told by duality: with the present prices (lambda, mu) of the transports, capacities
 * u'_jt instead of u_jt change the cost by at least
 *	sum_t d_t ( V_jt(u'_jt) - V_jt(u_jt) ),  V_jt(u) = min { sum w (c - lambda) x : sum w x <= u
 * } and this adds up over sites. The best path of a line under this estimate is found by dynamic
 * programming over the years; when even the estimate gains nothing, no path of that line does. */
#ifndef RECIRCUIT_SOLVER_IMPROVE_H
#define RECIRCUIT_SOLVER_IMPROVE_H

#include "knapsack.h"
#include "plan.h"
#include "transport.h"

struct improve {
	const struct model *m;
	struct transport *flows; /* [flow][year] */
	int *level;              /* [site][flow][year] */
	double *flow_cost;       /* [flow][year] settled, EUR of the year */
	int *open_lines;         /* [site][year] */
	int *stands;             /* [site] years and lines, not fixed, that make it a platform */
	int platforms;
	double cost; /* infinite until something feasible was loaded */
	int *best_level;
	double best_cost;
	uint64_t random;
	int64_t trials;

	struct item *items;
	double *point_price;       /* [year][point] */
	double *worth;             /* [site][year][level] V of one flow */
	double *estimate;          /* [site] least change of the best path */
	int *path;                 /* [site][year] that path */
	int *old_path;             /* [2][year] */
	int *new_path;             /* [2][year] */
	uint32_t *order;           /* [site] */
	int *nothing;              /* [year] the empty path */
	int *kept_flow, *new_flow; /* [site][year] paths of a flow */
	int8_t *from;              /* [year][state] */
};

void improve_init(struct improve *s, struct arena *a, const struct model *m, uint64_t seed);

/* False when nothing feasible came of it. */
must_use bool improve_load(struct improve *s, const int *level);

/* Takes the paths of one flow from a proposal, improves them, and keeps them if the whole plan is
 * better for it: flows only meet in the costs of sites. level[site][flow][year] is a whole
 * proposal; the first one is taken whole. */
bool improve_offer(struct improve *s, size_t k, const int *level, int64_t trials,
	bool (*is_over)(void *context), void *context);

/* Shakes one flow after the other and improves it again, until that many moves were tried. The best
 * plan is in best_level, best_cost. */
void improve_run(struct improve *s, int64_t trials, bool (*is_over)(void *context), void *context);

#endif
