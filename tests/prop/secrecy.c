/* Trying to recover what a published table withholds. The attack here shares nothing with the one that
 * src/app/secrecy.c runs: its unknowns are the leaves of the whole table, its equations the published
 * cells, and it also asks linear algebra whether any withheld cell follows from them. */
#include "secrecy.h"
#include "clock.h"
#include "test.h"

#include <glpk.h>
#include <stdio.h>
#include <stdlib.h>

enum { TERRITORIES_MOST = 80, FLOWS_MOST = 6, ORGANISATIONS_MOST = 16, PARTS_MOST = 4000 };

struct sample {
	size_t parents[TERRITORIES_MOST], level[TERRITORIES_MOST];
	struct secrecy_part parts[PARTS_MOST];
	struct secrecy_table t;
};

/* A country, regions, départements and EPCI of random numbers; organisations of very different sizes,
 * each at home in a part of it, some alone in a flow. */
static struct sample *draw_sample(struct arena *a, uint64_t *seed)
{
	struct sample *s = arena_one(a, struct sample);
	size_t n = 1, depth = 1 + test_pick(seed, 3);
	s->t.flows = 1 + test_pick(seed, FLOWS_MOST);
	s->t.organisations = 1 + test_pick(seed, ORGANISATIONS_MOST);
	for (size_t i = 0; i < n; i++)
		for (size_t c = s->level[i] < depth ? 1 + test_pick(seed, 4) : 0;
			c > 0 && n < TERRITORIES_MOST; c--) {
			s->level[n] = s->level[i] + 1;
			s->parents[n++] = i;
		}
	s->t.territories = n;
	s->t.parents = s->parents;
	s->t.parts = s->parts;
	double fill = 0.05 + 0.6 * test_draw(seed);
	for (size_t i = 0; i < n; i++) {
		bool is_leaf = true;
		for (size_t c = 1; c < n; c++)
			is_leaf &= s->parents[c] != i || c == i;
		for (size_t f = 0; is_leaf && f < s->t.flows; f++)
			for (size_t o = 0; o < s->t.organisations && s->t.part_count < PARTS_MOST;
				o++)
				if (test_draw(seed) < fill)
					s->parts[s->t.part_count++] = (struct secrecy_part){
						i, f, o, exp(6 * test_draw(seed)) / 10};
	}
	return s;
}

/* ---- The table, made anew ---- */

struct table {
	const struct secrecy_table *t;
	size_t cells, columns, leaves; /* an unknown for each territory without children and flow */
	double *tonnes;                /* of cells */
	double *own;                   /* [cell][organisation] */
	size_t *leaf_of;               /* [territory * flows + flow] */
	bool *is_below;                /* [territory * territories + ancestor] */
	bool *has_children;
};

static struct table *make_table(struct arena *a, const struct secrecy_table *t)
{
	struct table *x = arena_one(a, struct table);
	size_t n = t->territories;
	x->t = t;
	x->columns = t->flows + 1;
	x->cells = n * x->columns;
	x->tonnes = arena_array(a, double, x->cells);
	x->own = arena_array(a, double, x->cells * t->organisations + 1);
	x->leaf_of = arena_array(a, size_t, n * t->flows);
	x->is_below = arena_array(a, bool, n *n);
	x->has_children = arena_array(a, bool, n);
	for (size_t i = 0; i < n; i++) {
		for (size_t up = i;; up = t->parents[up]) {
			x->is_below[i * n + up] = true;
			if (!up)
				break;
		}
		if (i)
			x->has_children[t->parents[i]] = true;
	}
	for (size_t i = 0; i < n; i++)
		for (size_t f = 0; f < t->flows && !x->has_children[i]; f++)
			x->leaf_of[i * t->flows + f] = x->leaves++;
	for (size_t p = 0; p < t->part_count; p++)
		for (size_t i = 0; i < n; i++)
			for (size_t f = 0; f < x->columns; f++)
				if (x->is_below[t->parts[p].territory * n + i] &&
					(f == t->parts[p].flow || f == t->flows)) {
					size_t c = secrecy_cell(t, i, f);
					x->tonnes[c] += t->parts[p].tonnes;
					x->own[c * t->organisations + t->parts[p].organisation] +=
						t->parts[p].tonnes;
				}
	return x;
}

/* The unknowns that a cell is the sum of, as 0 and 1. */
static void cell_row(const struct table *x, size_t cell, double *row)
{
	size_t n = x->t->territories, i = cell / x->columns, f = cell % x->columns;
	for (size_t u = 0; u < x->leaves; u++)
		row[u] = 0;
	for (size_t k = 0; k < n; k++)
		for (size_t g = 0; g < x->t->flows && !x->has_children[k]; g++)
			if (x->is_below[k * n + i] && (f == g || f == x->t->flows))
				row[x->leaf_of[k * x->t->flows + g]] = 1;
}

static bool obeys(const double *own, size_t organisations)
{
	double total = 0, most = 0;
	size_t count = 0;
	for (size_t o = 0; o < organisations; o++) {
		total += own[o];
		most = fmax(most, own[o]);
		count += own[o] > 0;
	}
	return count >= 3 && most <= 0.85 * total;
}

/* ---- The attack ---- */

/* Unknowns at or above what `organisation` knows of them (none: -1), every published cell and every
 * empty one known. */
static glp_prob *make_program(struct arena *a, const struct table *x,
	const enum secrecy_state *states, ptrdiff_t organisation)
{
	glp_prob *lp = glp_create_prob();
	double *row = arena_array(a, double, x->leaves);
	int *index = arena_array(a, int, x->leaves + 1);
	double *value = arena_array(a, double, x->leaves + 1);
	glp_add_cols(lp, (int)x->leaves);
	for (size_t k = 0; k < x->t->territories; k++)
		for (size_t f = 0; f < x->t->flows && !x->has_children[k]; f++) {
			size_t c = secrecy_cell(x->t, k, f);
			double own =
				organisation < 0
					? 0
					: x->own[c * x->t->organisations + (size_t)organisation];
			int u = (int)x->leaf_of[k * x->t->flows + f] + 1;
			bool is_alone = own > 0 && own >= x->tonnes[c] * (1 - 1e-9);
			glp_set_col_bnds(lp, u, is_alone ? GLP_FX : GLP_LO,
				is_alone ? x->tonnes[c] : own, is_alone ? x->tonnes[c] : 0);
		}
	for (size_t c = 0; c < x->cells; c++) {
		if (states[c] != SECRECY_SHOWN && states[c] != SECRECY_EMPTY)
			continue;
		int n = 0, r = glp_add_rows(lp, 1);
		cell_row(x, c, row);
		for (size_t u = 0; u < x->leaves; u++)
			if (row[u] != 0)
				index[++n] = (int)u + 1, value[n] = 1;
		glp_set_mat_row(lp, r, n, index, value);
		glp_set_row_bnds(lp, r, GLP_FX, x->tonnes[c], x->tonnes[c]);
	}
	return lp;
}

static double extreme(
	struct arena *a, const struct table *x, glp_prob *lp, size_t cell, int direction)
{
	double *row = arena_array(a, double, x->leaves);
	glp_smcp how;
	glp_init_smcp(&how);
	how.msg_lev = GLP_MSG_OFF;
	cell_row(x, cell, row);
	for (size_t u = 0; u < x->leaves; u++)
		glp_set_obj_coef(lp, (int)u + 1, row[u]);
	glp_set_obj_dir(lp, direction);
	assert_int_equal(glp_simplex(lp, &how), 0);
	if (glp_get_status(lp) == GLP_UNBND)
		return direction == GLP_MAX ? INFINITY : -INFINITY;
	assert_int_equal(glp_get_status(lp), GLP_OPT);
	return glp_get_obj_val(lp);
}

struct score {
	size_t withheld, primary, shown, recovered, close; /* close: within the width */
};

static void attack(struct arena *a, const struct table *x, const enum secrecy_state *states,
	ptrdiff_t organisation, struct score *score)
{
	glp_prob *lp = make_program(a, x, states, organisation);
	for (size_t c = 0; c < x->cells; c++) {
		if (states[c] != SECRECY_PRIMARY &&
			(states[c] != SECRECY_COMPLEMENT || organisation >= 0))
			continue;
		double own = organisation < 0
				     ? 0
				     : x->own[c * x->t->organisations + (size_t)organisation];
		double tonnes = x->tonnes[c], others = tonnes - own;
		if (others <= 1e-9 * tonnes)
			continue;
		double most = extreme(a, x, lp, c, GLP_MAX), least = extreme(a, x, lp, c, GLP_MIN);
		score->recovered += most - least < 1e-5 * tonnes;
		if (states[c] == SECRECY_PRIMARY)
			score->close += most < tonnes + 0.15 * others - 1e-4 * tonnes ||
					least > tonnes - 0.15 * others + 1e-4 * tonnes;
		else
			score->close += most - least < 0.0099 * tonnes;
	}
	glp_delete_prob(lp);
}

/* Whether a cell is a combination of what is published: Gauss on the published rows, then on it. */
static size_t count_in_span(
	struct arena *a, const struct table *x, const enum secrecy_state *states)
{
	size_t rank = 0, found = 0;
	double **basis = arena_array(a, double *, x->leaves + 1);
	size_t *pivot = arena_array(a, size_t, x->leaves + 1);
	for (int pass = 0; pass < 2; pass++)
		for (size_t c = 0; c < x->cells; c++) {
			bool is_known = states[c] == SECRECY_SHOWN || states[c] == SECRECY_EMPTY;
			if (is_known != (pass == 0))
				continue;
			double *row = arena_array(a, double, x->leaves);
			cell_row(x, c, row);
			for (size_t b = 0; b < rank; b++) {
				double by = row[pivot[b]];
				for (size_t u = 0; by != 0 && u < x->leaves; u++)
					row[u] -= by * basis[b][u];
			}
			size_t best = 0;
			for (size_t u = 1; u < x->leaves; u++)
				if (fabs(row[u]) > fabs(row[best]))
					best = u;
			if (fabs(row[best]) < 1e-9) {
				found += pass == 1;
				continue;
			}
			if (pass == 1)
				continue;
			double by = row[best];
			for (size_t u = 0; u < x->leaves; u++)
				row[u] /= by;
			pivot[rank] = best;
			basis[rank++] = row;
		}
	return found;
}

/* What a shown cell is once every shown cell inside it, that no other holds, is taken away. */
static size_t count_bare_rests(
	struct arena *a, const struct table *x, const enum secrecy_state *states)
{
	size_t n = x->t->territories, k = x->t->organisations, bare = 0;
	double *rest = arena_array(a, double, k + 1);
	for (size_t c = 0; c < x->cells; c++) {
		if (states[c] != SECRECY_SHOWN)
			continue;
		for (size_t o = 0; o < k; o++)
			rest[o] = x->own[c * k + o];
		for (size_t d = 0; d < x->cells; d++) {
			if (states[d] != SECRECY_SHOWN || d == c ||
				d % x->columns != c % x->columns ||
				!x->is_below[d / x->columns * n + c / x->columns])
				continue;
			bool is_within_another = false;
			for (size_t up = x->t->parents[d / x->columns]; up != c / x->columns;
				up = x->t->parents[up])
				is_within_another |=
					states[secrecy_cell(x->t, up, d % x->columns)] ==
					SECRECY_SHOWN;
			for (size_t o = 0; o < k && !is_within_another; o++)
				rest[o] -= x->own[d * k + o];
		}
		double left = 0;
		for (size_t o = 0; o < k; o++) {
			rest[o] = rest[o] < 1e-9 * x->tonnes[c] ? 0 : rest[o];
			left += rest[o];
		}
		bare += left > 0 && !obeys(rest, k);
	}
	return bare;
}

static struct score judge(
	struct arena *a, const struct secrecy_table *t, const enum secrecy_state *states)
{
	struct table *x = make_table(a, t);
	struct score score = {0};
	for (size_t c = 0; c < x->cells; c++) {
		bool is_withheld = states[c] == SECRECY_PRIMARY || states[c] == SECRECY_COMPLEMENT;
		assert_true((x->tonnes[c] > 0) == (states[c] != SECRECY_EMPTY));
		if (states[c] == SECRECY_SHOWN || states[c] == SECRECY_COMPLEMENT)
			assert_true(obeys(x->own + c * t->organisations, t->organisations));
		score.withheld += is_withheld;
		score.primary += states[c] == SECRECY_PRIMARY;
		score.shown += states[c] == SECRECY_SHOWN;
	}
	attack(a, x, states, -1, &score);
	for (size_t o = 0; o < t->organisations; o++)
		attack(a, x, states, (ptrdiff_t)o, &score);
	score.recovered += count_in_span(a, x, states);
	score.close += count_bare_rests(a, x, states);
	return score;
}

/* ---- The promises ---- */

static void nothing_withheld_can_be_recovered(void **state)
{
	(void)state;
	enum { TABLES = 120 };
	uint64_t seed = 20261129;
	struct score all = {0};
	for (int n = 0; n < TABLES; n++) {
		struct arena *a = arena_new();
		struct sample *s = draw_sample(a, &seed);
		const enum secrecy_state *states;
		struct err e;
		assert_ok(secrecy_protect(a, &s->t, &states, &e), e);
		struct score score = judge(a, &s->t, states);
		if (score.recovered || score.close)
			fail_msg("table %d (%zu territories, %zu flows, %zu organisations): %zu "
				 "recovered, %zu too close",
				n, s->t.territories, s->t.flows, s->t.organisations,
				score.recovered, score.close);
		all.withheld += score.withheld;
		all.primary += score.primary;
		all.shown += score.shown;
		arena_free(a);
	}
	printf("# %d tables: %zu cells shown, %zu withheld by the rule, %zu for their sake\n",
		TABLES, all.shown, all.primary, all.withheld - all.primary);
	assert_true(all.shown > 0 && all.primary > 0 && all.withheld > all.primary);
}

/* The control: the same attack on tables where the rule alone was applied. */
static void the_attack_recovers_what_the_rule_alone_withholds(void **state)
{
	(void)state;
	uint64_t seed = 7;
	size_t recovered = 0, close = 0;
	for (int n = 0; n < 30; n++) {
		struct arena *a = arena_new();
		struct sample *s = draw_sample(a, &seed);
		const enum secrecy_state *states;
		struct err e;
		assert_ok(secrecy_protect(a, &s->t, &states, &e), e);
		size_t cells = s->t.territories * (s->t.flows + 1);
		enum secrecy_state *naive = arena_array(a, enum secrecy_state, cells);
		for (size_t c = 0; c < cells; c++)
			naive[c] = states[c] == SECRECY_COMPLEMENT ? SECRECY_SHOWN : states[c];
		struct score score = judge(a, &s->t, naive);
		recovered += score.recovered;
		close += score.close;
		arena_free(a);
	}
	printf("# by the rule alone: %zu recovered, %zu too close\n", recovered, close);
	assert_true(recovered > 0 && close > recovered / 2);
}

/* Each alone in its département: the total is everybody's, and says of each what the two others know. */
static void two_alone_do_not_give_each_other_away(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	static const size_t parents[] = {0, 0, 0, 0};
	static const struct secrecy_part parts[] = {
		{1, 0, 0, 100}, {2, 0, 1, 80}, {3, 0, 2, 30}, {3, 0, 3, 30}, {3, 0, 4, 30}};
	struct secrecy_table t = {parents, 4, 1, 5, parts, 5};
	const enum secrecy_state *states;
	struct err e;
	assert_ok(secrecy_protect(a, &t, &states, &e), e);
	assert_int_equal(states[secrecy_cell(&t, 0, 0)], SECRECY_SHOWN);
	assert_int_equal(states[secrecy_cell(&t, 1, 0)], SECRECY_PRIMARY);
	assert_int_equal(states[secrecy_cell(&t, 2, 0)], SECRECY_PRIMARY);
	assert_int_equal(states[secrecy_cell(&t, 3, 0)],
		SECRECY_COMPLEMENT); /* or total less it is those two */
	arena_free(a);
}

static void a_table_of_many_is_shown_whole(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	static const size_t parents[] = {0, 0, 0};
	struct secrecy_part parts[16];
	for (size_t n = 0; n < 16; n++)
		parts[n] = (struct secrecy_part){1 + n % 2, n / 2 % 2, n / 4, 10 + (double)n};
	struct secrecy_table t = {parents, 3, 2, 4, parts, 16}, none = {parents, 3, 2, 4, parts, 0};
	const enum secrecy_state *states;
	struct err e;
	assert_ok(secrecy_protect(a, &t, &states, &e), e);
	for (size_t c = 0; c < 9; c++)
		assert_int_equal(states[c], SECRECY_SHOWN);
	assert_ok(secrecy_protect(a, &none, &states, &e), e);
	for (size_t c = 0; c < 9; c++)
		assert_int_equal(states[c], SECRECY_EMPTY);
	arena_free(a);
}

/* 13 régions of 8 départements of 13 EPCI, 60 organisations, each in two régions: the size of a whole
 * country. What comes out is judged in small above; this is its time. */
static void a_country_takes_seconds(void **state)
{
	(void)state;
	enum { REGIONS = 13, DEPARTEMENTS = 8, EPCI = 13, FLOWS = 6, ORGANISATIONS = 60 };
	struct arena *a = arena_new();
	size_t n = 1, parts_count = 0, room = (size_t)REGIONS * DEPARTEMENTS * EPCI * FLOWS * 8;
	size_t *parents = arena_array(a, size_t, 2000);
	struct secrecy_part *parts = arena_array(a, struct secrecy_part, room);
	uint64_t seed = 3;
	for (size_t r = 0; r < REGIONS; r++) {
		size_t region = n;
		parents[n++] = 0;
		for (size_t d = 0; d < DEPARTEMENTS; d++) {
			size_t departement = n;
			parents[n++] = region;
			for (size_t k = 0; k < EPCI; k++) {
				for (size_t f = 0; f < FLOWS; f++)
					for (size_t o = 0, count = 1 + test_pick(&seed, 4);
						o < count; o++)
						parts[parts_count++] = (struct secrecy_part){n, f,
							(r * 4 + (d / 3) * 2 +
								test_pick(&seed, 6)) %
								ORGANISATIONS,
							exp(5 * test_draw(&seed))};
				parents[n++] = departement;
			}
		}
	}
	struct secrecy_table t = {parents, n, FLOWS, ORGANISATIONS, parts, parts_count};
	const enum secrecy_state *states;
	struct err e;
	double began = clock_cpu_seconds();
	assert_ok(secrecy_protect(a, &t, &states, &e), e);
	size_t count[4] = {0};
	for (size_t c = 0; c < n * (FLOWS + 1); c++)
		count[states[c]]++;
	printf("# %zu territories: %zu shown, %zu by the rule, %zu for their sake, in %.1f s of a "
	       "core\n",
		n, count[SECRECY_SHOWN], count[SECRECY_PRIMARY], count[SECRECY_COMPLEMENT],
		clock_cpu_seconds() - began);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_withheld_can_be_recovered),
		cmocka_unit_test(the_attack_recovers_what_the_rule_alone_withholds),
		cmocka_unit_test(two_alone_do_not_give_each_other_away),
		cmocka_unit_test(a_table_of_many_is_shown_whole),
		cmocka_unit_test(a_country_takes_seconds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
