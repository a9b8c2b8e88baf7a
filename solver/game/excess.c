#include "excess.h"

#include <math.h>

/* The simplex takes a row for kept within the first (GLPK's finest); one that is not in the programme comes
 * in when it is broken by more than the second: the rounding of fifteen additions is 1e-15. */
static const double FEASIBLE = 1e-9, BROKEN = 1e-10;

/* Savings below this part of the game's grain are the rounding of costs of sixteen digits. */
static const double SCALE_MIN = 1e-3;

/* Rows that come in at once. */
enum { BATCH = 30 };

static void release_problem(void *lp)
{
	glp_delete_prob(lp);
}

/* The largest saving; coalitions that lose by being together, however much, never set the measure. */
static double scale_of(const struct excess *p)
{
	coalition all = game_everyone(p->game);
	double scale = fmax(fabs(p->cost[all]), SCALE_MIN * game_grain(p->game));
	for (coalition s = 1; s <= all; s++)
		scale = fmax(scale, -p->cost[s]);
	return scale > 0 ? scale : 1;
}

static void normalise(struct excess *p)
{
	const struct game *g = p->game;
	double alone[GAME_PLAYERS_MAX];
	coalition all = game_everyone(g);
	for (size_t i = 0; i < g->players; i++)
		alone[i] = g->cost[(coalition)1 << i];
	game_sums(g->players, alone, p->sum);
	for (coalition s = 1; s <= all; s++)
		p->cost[s] = g->cost[s] - p->sum[s];
	p->scale = scale_of(p);
	for (coalition s = 1; s <= all; s++)
		p->cost[s] /= p->scale;
}

/* Its members' columns, 1-based; returns how many. */
static int members_of(const struct excess *p, coalition members, int *index, double *value)
{
	int filled = 0;
	for (coalition left = members; left; left &= left - 1) {
		int i = __builtin_ctz(left);
		index[++filled] = i + 1;
		value[filled] = p->unit[i];
	}
	return filled;
}

static int level_column(const struct excess *p)
{
	return (int)p->game->players + 1;
}

static void require(struct excess *p, coalition members)
{
	int index[GAME_PLAYERS_MAX + 2], filled;
	double value[GAME_PLAYERS_MAX + 2];
	if (p->row[members] || p->is_out[members])
		return;
	filled = members_of(p, members, index, value);
	index[++filled] = level_column(p);
	value[filled] = -1;
	int r = p->row[members] = glp_add_rows(p->lp, 1);
	glp_set_row_bnds(p->lp, r, GLP_UP, 0, p->cost[members] + p->limit);
	glp_set_mat_row(p->lp, r, filled, index, value);
}

void excess_init(struct excess *p, struct arena *a, const struct game *g, const double *unit)
{
	size_t coalitions = (size_t)1 << g->players;
	coalition all = game_everyone(g);
	*p = (struct excess){
		.game = g,
		.lp = glp_create_prob(),
		.cost = arena_array(a, double, coalitions),
		.is_out = arena_array(a, bool, coalitions),
		.row = arena_array(a, int, coalitions),
		.sum = arena_array(a, double, coalitions),
	};
	arena_defer(a, release_problem, p->lp);
	glp_term_out(GLP_OFF);
	for (size_t i = 0; i < g->players; i++)
		p->unit[i] = unit ? unit[i] : 1;
	normalise(p);
	glp_set_obj_dir(p->lp, GLP_MIN);
	glp_add_cols(p->lp, level_column(p));
	for (int c = 1; c <= level_column(p); c++)
		glp_set_col_bnds(p->lp, c, GLP_FR, 0, 0);
	glp_set_obj_coef(p->lp, level_column(p), 1);

	int index[GAME_PLAYERS_MAX + 2];
	double value[GAME_PLAYERS_MAX + 2];
	int filled = members_of(p, all, index, value), r = glp_add_rows(p->lp, 1);
	glp_set_row_bnds(p->lp, r, GLP_FX, p->cost[all], p->cost[all]);
	glp_set_mat_row(p->lp, r, filled, index, value);
	p->is_out[0] = p->is_out[all] = true;
	p->row[all] = r;
}

void excess_bound_by(struct excess *p, double limit)
{
	p->limit = limit / p->scale;
	glp_set_col_bnds(p->lp, level_column(p), GLP_FX, 0, 0);
	glp_set_obj_coef(p->lp, level_column(p), 0);
}

/* One player and all but one: they bound every share, and the level from below, as long as any of them
 * is not out. */
static void require_first(struct excess *p)
{
	for (size_t i = 0; i < p->game->players; i++) {
		require(p, (coalition)1 << i);
		require(p, game_everyone(p->game) & ~((coalition)1 << i));
	}
}

static bool optimise(struct excess *p, struct err *e)
{
	glp_smcp how;
	glp_init_smcp(&how);
	how.msg_lev = GLP_MSG_OFF;
	how.meth = GLP_DUALP;
	how.tol_bnd = how.tol_dj = FEASIBLE;
	for (int attempt = 0; attempt < 3; attempt++) {
		if (!glp_simplex(p->lp, &how) && glp_get_status(p->lp) == GLP_OPT)
			return true;
		/* The basis that was left did not do: from the start, then with care. */
		glp_std_basis(p->lp);
		how.meth = attempt ? GLP_PRIMAL : GLP_DUALP;
		how.r_test = attempt ? GLP_RT_STD : GLP_RT_HAR;
	}
	return err_set(e, ERR_SYSTEM,
		"le programme linéaire du partage n’a pas été résolu (état %d de GLPK)",
		glp_get_status(p->lp));
}

struct broken {
	coalition members;
	double by;
};

/* The rows broken most, at most BATCH, sorted. */
static size_t find_broken(struct excess *p, struct broken *worst)
{
	size_t n = p->game->players, count = 0;
	double share[GAME_PLAYERS_MAX], allowed = p->limit + p->level;
	for (size_t i = 0; i < n; i++)
		share[i] = p->unit[i] * p->column[i];
	game_sums(n, share, p->sum);
	for (coalition s = 1; s < game_everyone(p->game); s++) {
		double by = p->sum[s] - p->cost[s] - allowed;
		if (by <= BROKEN || p->is_out[s] || p->row[s] ||
			(count == BATCH && by <= worst[BATCH - 1].by))
			continue;
		size_t at = count < BATCH ? count++ : BATCH - 1;
		for (; at && worst[at - 1].by < by; at--)
			worst[at] = worst[at - 1];
		worst[at] = (struct broken){s, by};
	}
	return count;
}

bool excess_solve(struct excess *p, struct err *e)
{
	struct broken worst[BATCH];
	size_t broken = 1;
	require_first(p);
	while (broken) {
		if (!optimise(p, e))
			return false;
		p->level = glp_get_col_prim(p->lp, level_column(p));
		for (size_t i = 0; i < p->game->players; i++)
			p->column[i] = glp_get_col_prim(p->lp, (int)i + 1);
		broken = find_broken(p, worst);
		for (size_t b = 0; b < broken; b++)
			require(p, worst[b].members);
	}
	return true;
}

double excess_level(const struct excess *p)
{
	return p->scale * p->level;
}

void excess_share(const struct excess *p, double *share)
{
	for (size_t i = 0; i < p->game->players; i++)
		share[i] = p->game->cost[(coalition)1 << i] + p->scale * p->unit[i] * p->column[i];
}

double excess_dual(const struct excess *p, coalition members)
{
	int r = p->row[members];
	return r && !p->is_out[members] ? fmax(0, -glp_get_row_dual(p->lp, r)) : 0;
}

void excess_fix(struct excess *p, coalition members)
{
	int index[GAME_PLAYERS_MAX + 2], r = p->row[members];
	double value[GAME_PLAYERS_MAX + 2];
	double now = p->cost[members] + p->limit + p->level;
	int filled = members_of(p, members, index, value);
	glp_set_mat_row(p->lp, r, filled, index, value);
	glp_set_row_bnds(p->lp, r, GLP_FX, now, now);
	p->is_out[members] = true;
}

void excess_drop(struct excess *p, coalition members)
{
	if (p->is_out[members])
		return;
	if (p->row[members])
		glp_set_row_bnds(p->lp, p->row[members], GLP_FR, 0, 0);
	p->is_out[members] = true;
}
