#include "master.h"

#include "clock.h"

#include <string.h>

static const double TINY = 1e-7; /* a dual below is none */

static void free_problem(void *lp)
{
	glp_delete_prob(lp);
}

static void free_arena(void *a)
{
	arena_free(a);
}

bool master_is_over(const struct master *m)
{
	return clock_seconds() >= m->deadline || (m->stop && *m->stop);
}

static int type_row(const struct master *m, size_t type)
{
	return (int)(m->stops + type + 1);
}

static int cut_row(const struct master *m, size_t n)
{
	return (int)(m->stops + m->v->types + n + 1);
}

static int column_of(const struct master *m, size_t n)
{
	return (int)(m->stops + n + 1);
}

static int count_in(const struct master *m, const struct cut *cut, const struct column *c)
{
	return cut->is_subset ? subset_count(&cut->subset, m->v, c)
			      : crossing_count(&cut->crossing, m->v, c);
}

void master_begin(struct master *m, struct arena *a, const struct vrp *v, const struct rounds *best,
	double deadline, const volatile sig_atomic_t *stop, bool is_whole)
{
	*m = (struct master){.a = a,
		.v = v,
		.stops = v->places - v->depots,
		.deadline = deadline,
		.stop = stop,
		.room = 1024};
	m->scratch = arena_new();
	arena_defer(a, free_arena, m->scratch);
	glp_term_out(GLP_OFF);
	m->lp = glp_create_prob();
	arena_defer(a, free_problem, m->lp);
	m->column = arena_array(a, struct column, m->room);
	m->cut = arena_array(a, struct cut, MASTER_CUTS);
	m->arc = arena_array(a, double, v->places * v->places);
	m->center = arena_array(a, double, m->stops + v->types + 1);
	m->center_bound = -INFINITY;
	glp_add_rows(m->lp, (int)(m->stops + v->types));
	glp_add_cols(m->lp, (int)m->stops);
	for (size_t i = 0; i < m->stops; i++) {
		int row[2] = {0, (int)i + 1};
		double one[2] = {0, 1};
		glp_set_row_bnds(m->lp, row[1], is_whole ? GLP_FX : GLP_LO, 1, 1);
		glp_set_col_bnds(m->lp, row[1], GLP_LO, 0, 0);
		glp_set_obj_coef(m->lp, row[1], rounds_penalty(best, (uint32_t)(v->depots + i)));
		glp_set_mat_col(m->lp, row[1], 1, row, one);
	}
	for (size_t t = 0; t < v->types; t++) {
		bool is_free = v->vehicles[t].count == VRP_UNLIMITED;
		glp_set_row_bnds(
			m->lp, type_row(m, t), is_free ? GLP_FR : GLP_UP, 0, v->vehicles[t].count);
	}
}

void master_add_column(struct master *m, const struct column *c)
{
	const struct vrp *v = m->v;
	if (m->count == m->room) {
		struct column *more = arena_array(m->a, struct column, 2 * m->room);
		memcpy(more, m->column, m->count * sizeof *more);
		m->column = more;
		m->room *= 2;
	}
	m->column[m->count++] = *c;
	int row[LABELS_STOPS + MASTER_CUTS + 2], n = 0;
	double value[LABELS_STOPS + MASTER_CUTS + 2], visits[LABELS_STOPS] = {0};
	for (uint32_t p = 0; p < c->length; p++)
		visits[c->visit[p] - v->depots]++;
	for (size_t i = 0; i < m->stops; i++)
		if (visits[i] > 0) {
			row[++n] = (int)i + 1;
			value[n] = visits[i];
		}
	row[++n] = type_row(m, c->type);
	value[n] = 1;
	for (size_t k = 0; k < m->cuts; k++) {
		int times = count_in(m, &m->cut[k], c);
		if (times) {
			row[++n] = cut_row(m, k);
			value[n] = times;
		}
	}
	int j = glp_add_cols(m->lp, 1);
	glp_set_col_bnds(m->lp, j, GLP_LO, 0, 0);
	glp_set_obj_coef(m->lp, j, c->cost);
	glp_set_mat_col(m->lp, j, n, row, value);
}

void master_add_cut(struct master *m, const struct cut *c)
{
	struct arena *own = arena_new();
	int *column = arena_array(own, int, m->count + 1), n = 0;
	double *value = arena_array(own, double, m->count + 1);
	for (size_t k = 0; k < m->count; k++) {
		int times = count_in(m, c, &m->column[k]);
		if (times) {
			column[++n] = column_of(m, k);
			value[n] = times;
		}
	}
	m->cut[m->cuts++] = *c;
	m->has_new_rows = true;
	int i = glp_add_rows(m->lp, 1);
	if (c->is_subset)
		glp_set_row_bnds(m->lp, i, GLP_UP, 0, 1);
	else
		glp_set_row_bnds(m->lp, i, GLP_LO, c->crossing.least, 0);
	glp_set_mat_row(m->lp, i, n, column, value);
	arena_free(own);
}

void master_drop_idle_subsets(struct master *m)
{
	int gone[MASTER_CUTS + 1], n = 0;
	size_t kept = 0;
	for (size_t k = 0; k < m->cuts; k++)
		if (m->cut[k].is_subset && glp_get_row_stat(m->lp, cut_row(m, k)) == GLP_BS)
			gone[++n] = cut_row(m, k);
	for (size_t k = 0; k < m->cuts; k++)
		if (!m->cut[k].is_subset || glp_get_row_stat(m->lp, cut_row(m, k)) != GLP_BS)
			m->cut[kept++] = m->cut[k];
	m->cuts = kept;
	if (n)
		glp_del_rows(m->lp, n, gone);
}

static double worth(const struct master *m, size_t n)
{
	return m->cut[n].is_subset ? 1 : m->cut[n].crossing.least;
}

static double value_of(const struct master *m, const double *dual)
{
	const struct vrp *v = m->v;
	double value = 0;
	for (size_t i = 1; i <= m->stops; i++)
		value += dual[i];
	for (size_t t = 0; t < v->types; t++)
		if (v->vehicles[t].count != VRP_UNLIMITED)
			value += v->vehicles[t].count * dual[type_row(m, t)];
	for (size_t k = 0; k < m->cuts; k++)
		value += worth(m, k) * dual[cut_row(m, k)];
	return value;
}

/* The duals, within what makes their value a bound: stops from 0 to their penalty, vehicles and subsets not above 0,
 * capacity not below. */
static void keep_duals(struct master *m)
{
	const struct vrp *v = m->v;
	size_t rows = m->stops + v->types + m->cuts + 1;
	m->lp_dual = arena_array(m->scratch, double, rows);
	m->dual = arena_array(m->scratch, double, rows);
	for (size_t i = 1; i <= m->stops; i++) {
		double most = glp_get_obj_coef(m->lp, (int)i);
		m->lp_dual[i] = fmin(fmax(glp_get_row_dual(m->lp, (int)i), 0), most);
	}
	for (size_t t = 0; t < v->types; t++)
		if (v->vehicles[t].count != VRP_UNLIMITED) {
			int row = type_row(m, t);
			m->lp_dual[row] = fmin(glp_get_row_dual(m->lp, row), 0);
		}
	for (size_t k = 0; k < m->cuts; k++) {
		int row = cut_row(m, k);
		double dual = glp_get_row_dual(m->lp, row), sign = m->cut[k].is_subset ? -1 : 1;
		m->lp_dual[row] = sign * dual > TINY ? dual : 0;
	}
	m->lp_value = value_of(m, m->lp_dual);
	master_blend(m, 0);
}

void master_blend(struct master *m, double pull)
{
	size_t fixed = m->stops + m->v->types;
	for (size_t r = 1; r <= fixed; r++)
		m->dual[r] = pull * m->center[r] + (1 - pull) * m->lp_dual[r];
	for (size_t k = 0; k < m->cuts; k++) {
		int row = cut_row(m, k);
		m->dual[row] = pull * m->cut[k].center + (1 - pull) * m->lp_dual[row];
	}
	m->value = value_of(m, m->dual);
}

void master_keep_center(struct master *m, double bound)
{
	memcpy(m->center, m->dual, (m->stops + m->v->types + 1) * sizeof *m->center);
	for (size_t k = 0; k < m->cuts; k++)
		m->cut[k].center = m->dual[cut_row(m, k)];
	m->center_bound = bound;
}

void master_guess_center(struct master *m, const struct rounds *best)
{
	const struct vrp *v = m->v;
	for (size_t i = 0; i < m->stops; i++)
		m->center[i + 1] = isinf(v->penalty[v->depots + i]) ? 0 : v->penalty[v->depots + i];
	for (size_t r = 0; r < best->count; r++) {
		const struct round *x = &best->round[r];
		uint32_t depot = v->vehicles[x->type].depot;
		double sum = 0, spared[LABELS_STOPS];
		for (uint32_t p = 0; p < x->length; p++) {
			uint32_t prev = p ? x->visit[p - 1] : depot, at = x->visit[p],
				 next = p + 1 < x->length ? x->visit[p + 1] : depot;
			spared[p] = vrp_km(v, prev, at) + vrp_km(v, at, next) -
				    vrp_km(v, prev, next) +
				    (vrp_km(v, depot, at) + vrp_km(v, at, depot)) / x->length;
			sum += spared[p];
		}
		for (uint32_t p = 0; p < x->length && sum > 0; p++)
			m->center[x->visit[p] - v->depots + 1] =
				fmin(x->cost * spared[p] / sum, v->penalty[x->visit[p]]);
	}
}

double master_reduced(const struct master *m, const struct column *c)
{
	double reduced = c->cost;
	for (uint32_t p = 0; p < c->length; p++)
		reduced -= m->lp_dual[c->visit[p] - m->v->depots + 1];
	reduced -= m->lp_dual[type_row(m, c->type)];
	for (size_t k = 0; k < m->cuts; k++) {
		double dual = m->lp_dual[cut_row(m, k)];
		if (dual != 0)
			reduced -= dual * count_in(m, &m->cut[k], c);
	}
	return reduced;
}

bool master_solve(struct master *m)
{
	glp_smcp how;
	glp_init_smcp(&how);
	how.msg_lev = GLP_MSG_OFF;
	how.meth = m->has_new_rows ? GLP_DUALP : GLP_PRIMAL;
	how.tm_lim = (int)fmin(1e9, fmax(1, 1000 * (m->deadline - clock_seconds())));
	arena_reset(m->scratch);
	m->has_new_rows = false;
	if (glp_simplex(m->lp, &how)) {
		glp_std_basis(m->lp); /* a basis that rows or columns have left singular */
		if (glp_simplex(m->lp, &how))
			return false;
	}
	if (glp_get_status(m->lp) != GLP_OPT)
		return false;
	keep_duals(m);
	return true;
}

double master_probe(struct master *m, int pivots)
{
	glp_smcp how;
	glp_init_smcp(&how);
	how.msg_lev = GLP_MSG_OFF;
	how.meth = GLP_DUALP;
	how.it_lim = pivots;
	glp_simplex(m->lp, &how);
	return glp_get_status(m->lp) == GLP_NOFEAS ? INFINITY : glp_get_obj_val(m->lp);
}

void master_strike(struct master *m, double most)
{
	int *gone = arena_array(m->scratch, int, m->count + 1), n = 0;
	size_t kept = 0;
	for (size_t k = 0; k < m->count; k++) {
		int j = column_of(m, k);
		if (glp_get_col_stat(m->lp, j) != GLP_BS && glp_get_col_dual(m->lp, j) > most)
			gone[++n] = j;
		else
			m->column[kept++] = m->column[k];
	}
	m->count = kept;
	if (n)
		glp_del_cols(m->lp, n, gone);
}

/* What being at a place costs a round, reduced: half on coming, half on leaving. */
static double own_cost(const struct master *m, size_t type, size_t place)
{
	if (vrp_is_depot(m->v, place))
		return m->v->vehicles[type].fixed - m->dual[type_row(m, type)];
	return -m->dual[place - m->v->depots + 1];
}

void master_price_arcs(struct master *m, size_t type)
{
	const struct vrp *v = m->v;
	double per_km = v->vehicles[type].per_km;
	for (size_t i = 0; i < v->places; i++)
		for (size_t j = 0; j < v->places; j++)
			m->arc[i * v->places + j] =
				per_km * vrp_km(v, i, j) +
				(own_cost(m, type, i) + own_cost(m, type, j)) / 2;
	for (size_t k = 0; k < m->cuts; k++) {
		const struct crossing *c = &m->cut[k].crossing;
		double dual = m->dual[cut_row(m, k)];
		for (size_t i = 0; !m->cut[k].is_subset && dual > 0 && i < v->places; i++)
			for (size_t j = 0; j < v->places; j++)
				if (crossing_has(c, v, i) != crossing_has(c, v, j))
					m->arc[i * v->places + j] -= dual;
	}
}

double master_share(const struct master *m, size_t column)
{
	return glp_get_col_prim(m->lp, column_of(m, column));
}

size_t master_subsets(const struct master *m, struct subset *out, size_t most)
{
	size_t count = 0;
	for (size_t k = 0; k < m->cuts && count < most; k++) {
		double dual = m->dual[cut_row(m, k)];
		if (!m->cut[k].is_subset || dual >= 0)
			continue;
		out[count] = m->cut[k].subset;
		out[count++].penalty = -dual;
	}
	return count;
}
