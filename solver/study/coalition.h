/* The cost game of a network: what every group of regions would pay on its own.
 *
 *	struct coalitions c;
 *	coalition_solve(a, &net, players, count, &task, threads, &c, e);
 *	c.outcome[5].cost		players 0 and 2 together
 *
 * A coalition S has the points of its regions and may build on its own candidates; existing plants
 * are open to all (docs/model.md, sharing); how many platforms all together must have at least is no
 * rule for it. Single regions are solved first, then groups of rising size. A search begins from
 * lines of its parts: of the two pairs of parts that cost least apart, those of both side by side or of either
 * alone, what is cheapest once routed; the whole network, where that is a group, from task->begin, an
 * outcome of it, if there is one. Searches make one pass, and what one leaves of its time is for those after it.
 * Then each group may take over what is left of the plans of the two likeliest larger ones, and what its parts found.
 */
#ifndef RECIRCUIT_SOLVER_COALITION_H
#define RECIRCUIT_SOLVER_COALITION_H

#include "outcome.h"

enum { COALITION_PLAYERS_MAX = 10 };

struct coalitions {
	size_t players;
	struct outcome *outcome; /* [mask]; that of the empty one is all zeros */
	double *tonnes;          /* [player] over the horizon, discounted */
};

/* The network of a coalition: `is_in` says which regions. */
struct network coalition_network(struct arena *a, const struct network *net, const bool *is_in);

/* players[p] is a region of the network; regions that are no player stay out. `told` hears how many
 * are done; may be null. ERR_INFEASIBLE when a group has no plan. */
must_use bool coalition_solve(struct arena *a, const struct network *net, const size_t *players,
	size_t count, const struct task *task, size_t threads,
	void (*told)(void *context, size_t done, size_t total), void *context,
	struct coalitions *out, struct err *e);

#endif
