/* A cost game answered: a share by every rule, the core, who would object to what, and how sure that is.
 * A new rule is a line here and one in sharing.c. */
#ifndef RECIRCUIT_SOLVER_SHARING_H
#define RECIRCUIT_SOLVER_SHARING_H

#include "err.h"
#include "game.h"

enum rule { RULE_SHAPLEY, RULE_NUCLEOLUS, RULE_PROPORTIONAL, RULE_EQUAL_PROFIT, RULES };

struct shares {
	bool is_defined; /* some rules need weights that can weigh: game_weights */
	double share[GAME_PLAYERS_MAX];
	const struct objection *objections; /* the one with most to gain first */
	size_t objection_count;
	enum stability stability; /* by the bounds where there are some */
};

struct sharing {
	struct shares by[RULES];
	double epsilon; /* of the least core; NaN for a single player */
	bool core_is_empty;
	struct misfit misfit; /* where somebody costs more by joining */
	bool has_misfit;
};

const char *rule_name(enum rule rule);

must_use bool sharing_find(
	struct arena *a, const struct game *g, struct sharing *out, struct err *e);

#endif
