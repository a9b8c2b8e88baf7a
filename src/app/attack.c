#include "attack.h"

#include "secrecy.h"

#include <glpk.h>
#include <math.h>

/* Of what is compared, relative to the size of the cell: the simplex works in floating point. */
static const double SLACK = 1e-6;

/* How far each cell was seen to go, in tables that fit all that is known. */
struct reach {
	double *low, *high;
};

struct attacker {
	const struct attack *at;
	ptrdiff_t organisation; /* -1: a reader */
	glp_prob *lp;
	struct reach seen;
};

static double own_of(const struct attacker *k, size_t cell)
{
	return k->organisation < 0
		       ? 0
		       : k->at->own[cell * k->at->organisations + (size_t)k->organisation];
}

/* Nothing is left to find in a cell that is the attacker's alone. */
static bool is_alone(const struct attacker *k, size_t cell)
{
	return own_of(k, cell) >= k->at->tonnes[cell] * (1 - SLACK);
}

/* Whether what was seen of a cell already makes it safe. */
static bool is_safe(const struct attacker *k, size_t c)
{
	double x = k->at->tonnes[c], others = x - own_of(k, c), slack = SLACK * x;
	if (k->organisation >= 0 && (!k->at->is_sensitive[c] || is_alone(k, c)))
		return true;
	if (!k->at->is_sensitive[c])
		return k->seen.high[c] - k->seen.low[c] >= SECRECY_LEFT * x - slack;
	return k->seen.high[c] >= x + SECRECY_WIDTH * others - slack &&
	       k->seen.low[c] <= x - SECRECY_WIDTH * others + slack;
}

static glp_prob *make_program(const struct attack *at)
{
	glp_prob *lp = glp_create_prob();
	size_t entries = 0;
	for (size_t s = 0; s < at->sum_count; s++)
		entries += at->sums[s].count;
	int *row = glp_alloc((int)entries + 1, sizeof *row),
	    *column = glp_alloc((int)entries + 1, sizeof *column);
	double *value = glp_alloc((int)entries + 1, sizeof *value);
	int n = 0;
	glp_add_rows(lp, (int)at->sum_count);
	glp_add_cols(lp, (int)at->cells);
	for (size_t s = 0; s < at->sum_count; s++) {
		glp_set_row_bnds(lp, (int)s + 1, GLP_FX, at->sums[s].value, at->sums[s].value);
		for (size_t i = 0; i < at->sums[s].count; i++) {
			row[++n] = (int)s + 1;
			column[n] = (int)at->sums[s].cells[i] + 1;
			value[n] = at->sums[s].signs[i];
		}
	}
	glp_load_matrix(lp, n, row, column, value);
	glp_free(row);
	glp_free(column);
	glp_free(value);
	return lp;
}

static void bound_cells(struct attacker *k)
{
	for (size_t c = 0; c < k->at->cells; c++) {
		double low = own_of(k, c);
		if (k->organisation >= 0 && is_alone(k, c))
			glp_set_col_bnds(
				k->lp, (int)c + 1, GLP_FX, k->at->tonnes[c], k->at->tonnes[c]);
		else
			glp_set_col_bnds(k->lp, (int)c + 1, GLP_LO, low, 0);
		k->seen.low[c] = k->seen.high[c] = k->at->tonnes[c];
	}
}

static void note(struct attacker *k)
{
	for (size_t c = 0; c < k->at->cells; c++) {
		double x = glp_get_col_prim(k->lp, (int)c + 1);
		k->seen.low[c] = fmin(k->seen.low[c], x);
		k->seen.high[c] = fmax(k->seen.high[c], x);
	}
}

/* Drives the cells of the objective, all at once, up (or down). A program without limit means that
 * they may be anything: *is_free. */
static bool solve(struct attacker *k, int direction, bool *is_free, struct err *e)
{
	glp_smcp how;
	glp_init_smcp(&how);
	how.msg_lev = GLP_MSG_OFF;
	glp_set_obj_dir(k->lp, direction);
	int status = glp_simplex(k->lp, &how);
	if (status == GLP_EFAIL || status == GLP_ESING || status == GLP_ECOND ||
		status == GLP_EBADB) {
		glp_std_basis(k->lp);
		status = glp_simplex(k->lp, &how);
	}
	int result = glp_get_status(k->lp);
	*is_free = result == GLP_UNBND;
	if (status == 0 && (result == GLP_OPT || result == GLP_UNBND)) {
		note(k);
		return true;
	}
	return err_set(e, ERR_SYSTEM, "secret statistique : le simplexe a échoué (%d, %d)", status,
		result);
}

/* Many cells at once first: each table found says something of all of them. Those that are left are
 * taken one by one, which is what proves that they are bracketed. */
static bool drive_together(struct attacker *k, struct err *e)
{
	enum { ROUNDS = 6 };
	bool is_free;
	for (int round = 0; round < ROUNDS; round++) {
		for (size_t c = 0; c < k->at->cells; c++) {
			size_t mixed = (c + 1) * 2654435761u >>
				       (round + 3); /* a pattern, each time another */
			double weight = is_safe(k, c) || k->at->tonnes[c] <= 0
						? 0
						: (mixed & 1 ? 1 : -1) / k->at->tonnes[c];
			glp_set_obj_coef(k->lp, (int)c + 1, weight);
		}
		if (!solve(k, GLP_MAX, &is_free, e) || !solve(k, GLP_MIN, &is_free, e))
			return false;
	}
	return true;
}

static bool drive_alone(struct attacker *k, size_t cell, struct err *e)
{
	bool is_free;
	for (size_t c = 0; c < k->at->cells; c++)
		glp_set_obj_coef(k->lp, (int)c + 1, c == cell);
	if (!solve(k, GLP_MAX, &is_free, e))
		return false;
	if (is_free)
		k->seen.high[cell] = INFINITY;
	return solve(k, GLP_MIN, &is_free, e);
}

static bool attack(struct attacker *k, size_t *found, struct err *e)
{
	size_t cells = k->at->cells;
	bool has_work = false;
	bound_cells(k);
	for (size_t c = 0; c < cells && !has_work; c++)
		has_work = !is_safe(k, c);
	if (!has_work)
		return true;
	glp_std_basis(k->lp);
	if (cells > 2 && !drive_together(k, e))
		return false;
	for (size_t c = 0; c < cells; c++) {
		if (is_safe(k, c))
			continue;
		if (!drive_alone(k, c, e))
			return false;
		if (!is_safe(k, c)) {
			*found = c;
			return true;
		}
	}
	return true;
}

static bool brings_something(const struct attack *at, size_t organisation)
{
	for (size_t c = 0; c < at->cells; c++)
		if (at->own[c * at->organisations + organisation] > 0)
			return true;
	return false;
}

static void release(void *lp)
{
	glp_delete_prob(lp);
}

bool attack_find(struct arena *a, const struct attack *at, size_t *found, struct err *e)
{
	struct attacker k = {.at = at, .organisation = -1, .lp = make_program(at)};
	arena_defer(a, release, k.lp);
	k.seen = (struct reach){
		arena_array(a, double, at->cells), arena_array(a, double, at->cells)};
	*found = at->cells;
	for (; k.organisation < (ptrdiff_t)at->organisations && *found == at->cells;
		k.organisation++) {
		if (k.organisation >= 0 && !brings_something(at, (size_t)k.organisation))
			continue;
		if (!attack(&k, found, e))
			return false;
	}
	return true;
}
