#include "sharing.h"

#include "equal_profit.h"
#include "least_core.h"
#include "nucleolus.h"

const char *rule_name(enum rule rule)
{
	static const char *const names[RULES] = {
		[RULE_SHAPLEY] = "shapley",
		[RULE_NUCLEOLUS] = "nucleolus",
		[RULE_PROPORTIONAL] = "proportional",
		[RULE_EQUAL_PROFIT] = "equal_profit",
	};
	return names[rule];
}

static bool find_shares(struct arena *a, const struct game *g, struct sharing *s, struct err *e)
{
	double weight[GAME_PLAYERS_MAX];
	struct shares *by = s->by;
	game_shapley(g, by[RULE_SHAPLEY].share);
	by[RULE_SHAPLEY].is_defined = by[RULE_NUCLEOLUS].is_defined = true;
	if (!nucleolus(a, g, by[RULE_NUCLEOLUS].share, e))
		return false;
	if (!game_weights(g, weight))
		return true;
	by[RULE_PROPORTIONAL].is_defined = game_proportional(g, by[RULE_PROPORTIONAL].share);
	by[RULE_EQUAL_PROFIT].is_defined = true;
	return equal_profit(
		a, g, weight, s->epsilon, by[RULE_NUCLEOLUS].share, by[RULE_EQUAL_PROFIT].share, e);
}

bool sharing_find(struct arena *a, const struct game *g, struct sharing *out, struct err *e)
{
	*out = (struct sharing){.misfit = game_misfit(g)};
	out->has_misfit = out->misfit.excess > game_grain(g);
	if (!least_core(a, g, &out->epsilon, e))
		return false;
	out->core_is_empty = out->epsilon > game_grain(g);
	if (!find_shares(a, g, out, e))
		return false;
	for (enum rule r = 0; r < RULES; r++) {
		struct shares *by = &out->by[r];
		if (!by->is_defined)
			continue;
		by->objection_count = game_objections(a, g, by->share, &by->objections);
		by->stability = game_stability(a, g, by->share);
	}
	return true;
}
