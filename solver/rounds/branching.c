#include "branching.h"

#include "cutting.h"

#include <string.h>

enum { NODES_MAX = 20000, PAIRS = 8, PIVOTS = 40, A_TURN = 200, CUT_TURNS = 4, SUBSETS_MAX = 400 };

static const double WHOLE = 1e-6, SMALL = 1e-6, GAIN = 0.05;

enum kind { AT_MOST, AT_LEAST, TOGETHER, APART, OUT, IN };

/* One decision after those before it. */
struct decision {
	const struct decision *before;
	enum kind kind;
	uint32_t a, b; /* stops, from 0; or a listed round; or a number of rounds */
};

struct node {
	double bound;
	const struct decision *last;
};

struct tree {
	struct arena *a;
	struct master *m;
	struct listed *list;
	struct rounds *best;
	struct branching_answer *out;
	struct node *open;
	size_t opens;
	bool *is_out, *is_in; /* [listed round] of the node at hand */
};

static double target(const struct tree *t)
{
	return t->best->cost - fmax(t->m->v->grain, 10 * SMALL);
}

static bool has(const struct stops *s, size_t i)
{
	return s->word[i / 64] >> (i % 64) & 1;
}

static bool breaks(const struct decision *d, const struct column *c)
{
	bool has_a = has(&c->set, d->a), has_b = has(&c->set, d->b);
	return d->kind == TOGETHER ? has_a != has_b : d->kind == APART && has_a && has_b;
}

static int count_row(const struct tree *t)
{
	return (int)(t->m->stops + 1); /* of the first type; only where it is the only one */
}

/* The rounds that the decisions leave, and how many. */
static void impose(struct tree *t, const struct decision *last)
{
	struct master *m = t->m;
	const struct listed *list = t->list;
	double least = 0, most = m->v->vehicles[0].count;
	memset(t->is_out, 0, list->count * sizeof *t->is_out);
	memset(t->is_in, 0, list->count * sizeof *t->is_in);
	for (const struct decision *d = last; d; d = d->before) {
		if (d->kind == AT_MOST)
			most = fmin(most, d->a);
		else if (d->kind == AT_LEAST)
			least = fmax(least, d->a);
		else if (d->kind == OUT || d->kind == IN)
			(d->kind == OUT ? t->is_out : t->is_in)[d->a] = true;
		else
			for (size_t n = 0; n < list->count; n++)
				t->is_out[n] |= breaks(d, &list->round[n]);
	}
	for (size_t n = 0; n < list->count; n++)
		if (list->place[n]) {
			int type = t->is_out[n] || t->is_in[n] ? GLP_FX : GLP_LO;
			glp_set_col_bnds(m->lp, (int)(m->stops + list->place[n]), type,
				t->is_in[n] && !t->is_out[n], 0);
		}
	if (m->v->types == 1 && least == most)
		glp_set_row_bnds(m->lp, count_row(t), GLP_FX, least, least);
	else if (m->v->types == 1)
		glp_set_row_bnds(m->lp, count_row(t), GLP_DB, least, most);
	m->has_new_rows = true; /* bounds moved: the dual simplex goes on */
}

/* The value of the node, its rounds priced out; infinite where it holds nothing better, minus infinity out of time. */
static double value_of(struct tree *t)
{
	for (;;) {
		if (master_is_over(t->m))
			return -INFINITY;
		if (!master_solve(t->m))
			return master_is_over(t->m) ? -INFINITY : INFINITY;
		listed_price(t->m, t->list);
		if (!listed_add(t->m, t->list, t->is_out, -SMALL, A_TURN))
			break;
	}
	double value = glp_get_obj_val(t->m->lp);
	return value > target(t) + SMALL * (1 + fabs(value)) ? INFINITY : value;
}

static bool is_whole(const struct tree *t)
{
	const struct master *m = t->m;
	for (size_t k = 0; k < m->count; k++) {
		double y = master_share(m, k);
		if (fabs(y - floor(y + 0.5)) > WHOLE)
			return false;
	}
	for (size_t i = 0; i < m->stops; i++) {
		double o = glp_get_col_prim(m->lp, (int)i + 1);
		if (fabs(o - floor(o + 0.5)) > WHOLE)
			return false;
	}
	return true;
}

static void take(struct tree *t)
{
	const struct master *m = t->m;
	rounds_clear(t->best);
	for (size_t i = 0; i < m->stops; i++)
		rounds_admit(t->best, (uint32_t)(m->v->depots + i));
	for (size_t k = 0; k < m->count; k++)
		if (master_share(m, k) > 0.5)
			rounds_add(t->best, m->column[k].type, m->column[k].visit,
				m->column[k].length);
	t->out->is_better = true;
}

/* ---- What to part ---- */

struct pair {
	double share;
	uint32_t a, b;
};

/* The pairs that share rounds by about half, the nearest to it first. */
static size_t find_pairs(struct tree *t, struct pair *out)
{
	const struct master *m = t->m;
	const struct vrp *v = m->v;
	double *share = arena_array(m->scratch, double, m->stops * m->stops);
	size_t count = 0;
	for (size_t k = 0; k < m->count; k++) {
		const struct column *c = &m->column[k];
		double y = master_share(m, k);
		for (uint32_t p = 0; y > WHOLE && p < c->length; p++)
			for (uint32_t q = 0; q < p; q++) {
				size_t i = c->visit[p] - v->depots, j = c->visit[q] - v->depots;
				share[(i < j ? i : j) * m->stops + (i < j ? j : i)] += y;
			}
	}
	for (uint32_t i = 0; i < m->stops; i++)
		for (uint32_t j = i + 1; j < m->stops; j++) {
			double s = share[i * m->stops + j], from = fabs(s - 0.5);
			if (s < 0.01 || s > 0.99)
				continue;
			size_t n = count < PAIRS ? count++ : PAIRS;
			for (; n && fabs(out[n - 1].share - 0.5) > from; n--)
				if (n < PAIRS)
					out[n] = out[n - 1];
			if (n < PAIRS)
				out[n] = (struct pair){s, i, j};
		}
	return count;
}

static const struct decision *after(
	struct tree *t, const struct decision *before, enum kind kind, uint32_t a, uint32_t b)
{
	struct decision *d = arena_one(t->a, struct decision);
	*d = (struct decision){before, kind, a, b};
	return d;
}

struct parted {
	const struct decision *child[2];
};

/* Of the pairs the one whose cheaper child is dearest. */
static struct parted choose_pair(
	struct tree *t, const struct decision *last, const struct pair *pairs, size_t count)
{
	struct parted best = {{NULL, NULL}};
	double most = -INFINITY;
	for (size_t n = 0; n < count && !master_is_over(t->m); n++) {
		struct parted p = {{after(t, last, TOGETHER, pairs[n].a, pairs[n].b),
			after(t, last, APART, pairs[n].a, pairs[n].b)}};
		double value[2];
		for (size_t k = 0; k < 2; k++) {
			impose(t, p.child[k]);
			value[k] = fmin(master_probe(t->m, PIVOTS), t->best->cost);
		}
		double least = fmin(value[0], value[1]) + 0.1 * fmax(value[0], value[1]);
		if (least > most) {
			most = least;
			best = p;
		}
	}
	return best;
}

static struct parted part(struct tree *t, const struct decision *last)
{
	const struct master *m = t->m;
	double rounds = 0, nearest = 1;
	uint32_t column = 0;
	for (uint32_t n = 0; n < t->list->count; n++) {
		double y = t->list->place[n] ? master_share(m, t->list->place[n] - 1) : 0;
		rounds += y;
		if (fabs(y - 0.5) < nearest) {
			nearest = fabs(y - 0.5);
			column = n;
		}
	}
	if (m->v->types == 1 && fabs(rounds - floor(rounds + 0.5)) > 0.01) {
		uint32_t below = (uint32_t)floor(rounds);
		return (struct parted){{after(t, last, AT_MOST, below, 0),
			after(t, last, AT_LEAST, below + 1, 0)}};
	}
	struct pair pairs[PAIRS];
	size_t count = find_pairs(t, pairs);
	if (count)
		return choose_pair(t, last, pairs, count);
	return (struct parted){{after(t, last, OUT, column, 0), after(t, last, IN, column, 0)}};
}

/* ---- The tree ---- */

static void push(struct tree *t, double bound, const struct decision *last)
{
	t->open[t->opens++] = (struct node){bound, last};
}

static struct node pop(struct tree *t)
{
	size_t least = 0;
	for (size_t n = 1; n < t->opens; n++)
		if (t->open[n].bound < t->open[least].bound)
			least = n;
	struct node node = t->open[least];
	t->open[least] = t->open[--t->opens];
	return node;
}

/* Solved and cut; infinite: nothing better there; minus infinity: out of time. */
static double bound_node(struct tree *t, const struct node *node)
{
	impose(t, node->last);
	double value = value_of(t);
	for (size_t n = 0; n < CUT_TURNS && isfinite(value) && !is_whole(t); n++) {
		size_t cuts = cutting_crossings(t->m);
		cuts += cutting_subsets(t->m, SUBSETS_MAX, true);
		if (!cuts)
			break;
		double before = value;
		value = value_of(t);
		if (value < before + GAIN * (t->best->cost - before))
			break;
	}
	return value;
}

/* At the root: rounds that the gap leaves out are out everywhere. */
static void strike(struct tree *t, double value)
{
	double gap = target(t) - value + SMALL * (1 + fabs(value));
	for (size_t n = 0; n < t->list->count; n++)
		if (t->list->place[n] && t->list->round[n].reduced > gap)
			glp_set_col_bnds(
				t->m->lp, (int)(t->m->stops + t->list->place[n]), GLP_FX, 0, 0);
	listed_strike(t->list, gap);
}

void branching_run(struct arena *a, struct master *m, struct listed *list, struct rounds *best,
	struct branching_answer *out)
{
	struct tree t = {.a = a, .m = m, .list = list, .best = best, .out = out};
	*out = (struct branching_answer){.bound = -INFINITY};
	t.open = arena_array(a, struct node, NODES_MAX + 2);
	t.is_out = arena_array(a, bool, list->count + 1);
	t.is_in = arena_array(a, bool, list->count + 1);
	push(&t, -INFINITY, NULL);
	while (t.opens && t.opens < NODES_MAX) {
		struct node node = pop(&t);
		if (node.bound > target(&t) + SMALL * (1 + fabs(node.bound)))
			continue;
		double value = bound_node(&t, &node);
		out->nodes++;
		if (isinf(value) && value > 0)
			continue;
		if (isinf(value) || master_is_over(m)) {
			push(&t, node.bound, node.last);
			break;
		}
		if (is_whole(&t)) {
			take(&t);
			continue;
		}
		if (!node.last)
			strike(&t, value);
		struct parted p = part(&t, node.last);
		double bound = fmax(node.bound, value);
		if (!p.child[0] || t.opens + 2 > NODES_MAX) {
			push(&t, bound, node.last);
			break;
		}
		push(&t, bound, p.child[0]);
		push(&t, bound, p.child[1]);
	}
	out->bound = INFINITY;
	for (size_t n = 0; n < t.opens; n++)
		out->bound = fmin(out->bound, t.open[n].bound);
}
