#include "equal_profit.h"

#include "excess.h"

#include <math.h>
#include <string.h>

/* As for the nucleolus. */
static const double SURELY_POSITIVE = 1e-6;

struct profit {
	struct excess excess;
	size_t players;
	int level;                                   /* the column of the largest difference */
	int row[GAME_PLAYERS_MAX][GAME_PLAYERS_MAX]; /* of r_i - r_j <= level; 0: none */
	size_t group[GAME_PLAYERS_MAX];              /* players whose differences are decided */
	size_t groups;
};

static void add_pair(struct profit *p, size_t i, size_t j)
{
	glp_prob *lp = p->excess.lp;
	int r = p->row[i][j] = glp_add_rows(lp, 1);
	glp_set_row_bnds(lp, r, GLP_UP, 0, 0);
	glp_set_mat_row(
		lp, r, 3, (int[]){0, (int)i + 1, (int)j + 1, p->level}, (double[]){0, 1, -1, -1});
}

/* Columns are r_i in parts of scale / mean weight, x'_i for those without weight. */
static void profit_init(struct profit *p, struct arena *a, const struct game *g,
	const double *weight, double epsilon, const double *middle)
{
	double unit[GAME_PLAYERS_MAX], mean = 0;
	*p = (struct profit){.players = g->players};
	for (size_t i = 0; i < g->players; i++)
		mean += weight[i] / (double)g->players;
	for (size_t i = 0; i < g->players; i++)
		unit[i] = weight[i] > 0 ? -weight[i] / mean : 1;
	excess_init(&p->excess, a, g, unit);
	excess_bound_by(&p->excess, fmax(0, epsilon));
	glp_prob *lp = p->excess.lp;
	p->level = glp_add_cols(lp, 1);
	glp_set_col_bnds(lp, p->level, GLP_FR, 0, 0);
	glp_set_obj_coef(lp, p->level, 1);
	for (size_t i = 0; i < g->players; i++) {
		double paid = (middle[i] - g->cost[(coalition)1 << i]) / p->excess.scale;
		p->group[i] = i;
		p->groups += weight[i] > 0;
		if (!(weight[i] > 0))
			glp_set_col_bnds(lp, (int)i + 1, GLP_FX, paid, paid);
		for (size_t j = 0; j < g->players; j++)
			if (i != j && weight[i] > 0 && weight[j] > 0)
				add_pair(p, i, j);
	}
}

/* r_i - r_j stays what it is, and so does every pair of their two groups. */
static void decide(struct profit *p, size_t i, size_t j)
{
	glp_prob *lp = p->excess.lp;
	double now = p->excess.column[i] - p->excess.column[j];
	size_t from = p->group[i], to = p->group[j];
	for (size_t k = 0; k < p->players; k++)
		for (size_t l = 0; l < p->players; l++)
			if (p->group[k] == from && p->group[l] == to) {
				glp_set_row_bnds(lp, p->row[k][l], GLP_FR, 0, 0);
				glp_set_row_bnds(lp, p->row[l][k], GLP_FR, 0, 0);
			}
	glp_set_row_bnds(lp, p->row[i][j], GLP_FX, now, now);
	glp_set_mat_row(
		lp, p->row[i][j], 2, (int[]){0, (int)i + 1, (int)j + 1}, (double[]){0, 1, -1});
	for (size_t k = 0; k < p->players; k++)
		if (p->group[k] == from)
			p->group[k] = to;
	p->groups--;
}

static bool decide_tight(struct profit *p)
{
	double dual[GAME_PLAYERS_MAX][GAME_PLAYERS_MAX];
	size_t groups = p->groups;
	for (size_t i = 0; i < p->players; i++)
		for (size_t j = 0; j < p->players; j++) {
			int r = p->group[i] == p->group[j] ? 0 : p->row[i][j];
			dual[i][j] = r ? -glp_get_row_dual(p->excess.lp, r) : 0;
		}
	for (size_t i = 0; i < p->players; i++)
		for (size_t j = 0; j < p->players; j++)
			if (dual[i][j] > SURELY_POSITIVE && p->group[i] != p->group[j])
				decide(p, i, j);
	return p->groups < groups;
}

bool equal_profit(struct arena *a, const struct game *g, const double *weight, double epsilon,
	const double *middle, double *share, struct err *e)
{
	struct profit p;
	profit_init(&p, a, g, weight, epsilon, middle);
	/* With one player at most to weigh, nothing is left to choose. */
	memcpy(share, middle, g->players * sizeof *share);
	while (p.groups > 1) {
		if (!excess_solve(&p.excess, e))
			return false;
		excess_share(&p.excess, share);
		if (!decide_tight(&p))
			return err_set(e, ERR_SYSTEM,
				"le partage à gain égal n’a pas été trouvé : un programme linéaire "
				"sans prix");
	}
	return true;
}
