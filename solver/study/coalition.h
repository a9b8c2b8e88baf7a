/* The cost game of a network: what every group of regions would pay on its own.
 *
 *	struct coalitions c;
 *	coalition_solve(a, &net, players, count, &task, threads, &c, e);
 *	c.outcome[5].cost		players 0 and 2 together
 *
 * A coalition S has the points of its regions and may build on its own candidates; existing plants
 * are open to all (docs/model.md, sharing); how many platforms all together must have at least is no
 * rule for it. Single regions are solved first, then groups of rising size. For two regions or more a search
 * begins from the multipliers of the whole network (legacy.h; task->begin is an outcome of it, or null); always from what is
 * cheapest once routed: what is left of its plan, or lines of the two parts that cost least apart, of both side by side
 * or of either alone. Searches make one pass, and what one leaves of its time is for those after it.
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

/* Whether site j of the network is open to the coalition: existing plants are to all. */
bool coalition_has_site(const struct network *net, const bool *is_in, size_t j);

/* players[p] is a region of the network; regions that are no player stay out. `told` hears how many
 * are done; may be null. ERR_INFEASIBLE when a group has no plan. */
must_use bool coalition_solve(struct arena *a, const struct network *net, const size_t *players,
	size_t count, const struct task *task, size_t threads,
	void (*told)(void *context, size_t done, size_t total), void *context,
	struct coalitions *out, struct err *e);

#endif
