#include "lexmin.h"

#include "test.h"

#include <glpk.h>
#include <math.h>

/* min level, or min of row `chosen` at this level; x in share. */
static double solve_plainly(const struct lexmin *f, double level, size_t chosen, double *share)
{
	bool is_chosen = chosen < f->count;
	int n = (int)f->unknowns;
	glp_prob *lp = glp_create_prob();
	glp_smcp how;
	glp_init_smcp(&how);
	how.presolve = GLP_ON;
	glp_term_out(GLP_OFF);
	glp_add_cols(lp, n + 1);
	glp_add_rows(lp, (int)f->count + 1);
	for (int i = 1; i <= n + 1; i++)
		glp_set_col_bnds(lp, i, GLP_FR, 0, 0);
	if (is_chosen)
		glp_set_col_bnds(lp, n + 1, GLP_FX, level, level);
	else
		glp_set_obj_coef(lp, n + 1, 1);
	int index[LEXMIN_UNKNOWNS_MAX + 2];
	double value[LEXMIN_UNKNOWNS_MAX + 2];
	for (int i = 0; i <= n; i++)
		index[i + 1] = i + 1;
	for (size_t k = 0; k < f->count; k++) {
		double above = f->row[k].is_settled ? f->row[k].settled_at : 0;
		for (int i = 0; i < n; i++)
			value[i + 1] = f->row[k].factor[i];
		value[n + 1] = f->row[k].is_hard || f->row[k].is_settled ? 0 : -1;
		glp_set_row_bnds(lp, (int)k + 1, GLP_UP, 0, f->row[k].constant + above);
		glp_set_mat_row(lp, (int)k + 1, n + 1, index, value);
		for (int i = 1; i <= n && k == chosen; i++)
			glp_set_obj_coef(lp, i, value[i]);
	}
	for (int i = 0; i < n; i++)
		value[i + 1] = 1;
	glp_set_row_bnds(lp, (int)f->count + 1, GLP_FX, f->total, f->total);
	glp_set_mat_row(lp, (int)f->count + 1, n, index, value);
	assert_int_equal(glp_simplex(lp, &how), 0);
	assert_int_equal(glp_get_status(lp), GLP_OPT);
	double best = glp_get_obj_val(lp) - (is_chosen ? f->row[chosen].constant : 0);
	for (int i = 0; i < n && share; i++)
		share[i] = glp_get_col_prim(lp, i + 1);
	glp_delete_prob(lp);
	return best;
}

double lexmin_solve(struct lexmin *f, double tolerance, double *share)
{
	double first = NAN;
	for (size_t left = f->count; left;) {
		bool is_tight[LEXMIN_ROWS_MAX] = {false};
		left = 0;
		for (size_t k = 0; k < f->count; k++)
			left += !f->row[k].is_hard && !f->row[k].is_settled;
		if (!left)
			break;
		double level = solve_plainly(f, 0, f->count, share);
		first = isnan(first) ? level : first;
		/* The level is rounded: a hair above leaves room to look around. */
		for (size_t k = 0; k < f->count; k++)
			if (!f->row[k].is_hard && !f->row[k].is_settled)
				is_tight[k] = solve_plainly(f, level + tolerance / 1000, k, NULL) >
					      level - tolerance;
		for (size_t k = 0; k < f->count; k++)
			if (is_tight[k]) {
				f->row[k].is_settled = true;
				f->row[k].settled_at = level + tolerance / 1000;
				left--;
			}
	}
	return first;
}
