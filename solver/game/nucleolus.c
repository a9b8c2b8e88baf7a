#include "nucleolus.h"

#include "excess.h"
#include "span.h"

/* A dual above this is not rounding. One that is passed over costs another programme, no more. */
static const double SURELY_POSITIVE = 1e-6;

/* Fixes what the optimum leans on. All duals are read before a row is touched. */
static void fix_tight(struct excess *p, struct span *fixed)
{
	coalition tight[4 * GAME_PLAYERS_MAX];
	size_t count = 0;
	for (coalition s = 1; s < game_everyone(p->game); s++)
		if (excess_dual(p, s) > SURELY_POSITIVE && count < sizeof tight / sizeof *tight)
			tight[count++] = s;
	for (size_t t = 0; t < count; t++)
		if (span_add(fixed, tight[t]))
			excess_fix(p, tight[t]);
}

bool nucleolus(struct arena *a, const struct game *g, double *share, struct err *e)
{
	struct excess p;
	struct span fixed;
	coalition all = game_everyone(g);
	bool *is_in = arena_array(a, bool, (size_t)all + 1);
	excess_init(&p, a, g, NULL);
	span_init(&fixed, g->players);
	span_add(&fixed, all);
	share[0] = g->cost[all];
	while (fixed.rank < g->players) {
		size_t rank = fixed.rank;
		if (!excess_solve(&p, e))
			return false;
		excess_share(&p, share);
		fix_tight(&p, &fixed);
		if (fixed.rank == rank)
			return err_set(e, ERR_SYSTEM,
				"le nucléole n’a pas été trouvé : un programme linéaire sans prix");
		span_mark(&fixed, is_in);
		for (coalition s = 1; s < all; s++)
			if (is_in[s])
				excess_drop(&p, s);
	}
	return true;
}
