/* Random games: against plain linear programmes that hold every row, against Kohlberg's criterion, and
 * under changes that must not matter. */
#include "game.h"

#include "clock.h"
#include "equal_profit.h"
#include "lexmin.h"
#include "sharing.h"
#include "test.h"

#include <glpk.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { SETS_MAX = 1 << 8 };

static const double TOLERANCE = 1e-6; /* relative to the largest cost; GLPK's own is 1e-7 */

/* ---- Games of several kinds ---- */

enum kind { ANY, WHOLE, SITES, CONCAVE, KINDS };

/* Anything at all; small whole numbers, full of ties; the best choice of sites for a coalition; a concave
 * function of what its members bring. All but the first have weights. */
static struct game draw_game(struct arena *a, enum kind kind, size_t n, uint64_t *seed)
{
	enum { SITE_COUNT = 4 };
	coalition end = (coalition)1 << n;
	double *cost = arena_array(a, double, end), *tonnes = arena_array(a, double, n);
	double site[SITE_COUNT], haul[GAME_PLAYERS_MAX][SITE_COUNT];
	for (size_t i = 0; i < n; i++)
		tonnes[i] = 1 + floor(9 * test_draw(seed));
	for (size_t j = 0; j < SITE_COUNT; j++) {
		site[j] = 10 + 20 * test_draw(seed);
		for (size_t i = 0; i < n; i++)
			haul[i][j] = tonnes[i] * (1 + 3 * test_draw(seed));
	}
	for (coalition s = 1; s < end; s++) {
		double sum = 0, best = INFINITY;
		for (size_t i = 0; i < n; i++)
			sum += s >> i & 1 ? tonnes[i] : 0;
		for (unsigned open = 1; open < 1u << SITE_COUNT; open++) {
			double total = 0;
			for (size_t j = 0; j < SITE_COUNT; j++)
				total += open >> j & 1 ? site[j] : 0;
			for (size_t i = 0; i < n; i++) {
				double least = INFINITY;
				for (size_t j = 0; j < SITE_COUNT; j++)
					least = fmin(least, open >> j & 1 ? haul[i][j] : INFINITY);
				total += s >> i & 1 ? least : 0;
			}
			best = fmin(best, total);
		}
		cost[s] = kind == ANY     ? 100 * test_draw(seed)
			  : kind == WHOLE ? floor(4 * test_draw(seed))
			  : kind == SITES ? best
					  : 10 * sqrt(sum);
	}
	struct game g = {.players = n, .cost = cost};
	if (kind != ANY)
		g.weight = tonnes;
	return g;
}

static double largest_of(const struct game *g)
{
	double largest = 1;
	for (coalition s = 1; s <= game_everyone(g); s++)
		largest = fmax(largest, fabs(g->cost[s]));
	return largest;
}

static struct sharing answer(struct arena *a, const struct game *g)
{
	struct sharing s;
	struct err e;
	assert_ok(sharing_find(a, g, &s, &e), e);
	return s;
}

/* Fails the test and shows the game. */
static void fail_game(const struct game *g, const char *what, double found, double expected)
{
	for (coalition s = 1; s <= game_everyone(g); s++)
		fprintf(stderr, "c(%x) = %.17g\n", s, g->cost[s]);
	fail_msg("%s: %.12g is not %.12g", what, found, expected);
}

static void assert_same(const struct game *g, const char *what, double found, double expected)
{
	if (!(fabs(found - expected) <= TOLERANCE * largest_of(g)))
		fail_game(g, what, found, expected);
}

/* ---- Games as families of functions (lexmin.h) ---- */

static void add_excesses(struct lexmin *f, const struct game *g, bool is_hard, double slack)
{
	f->unknowns = g->players;
	f->total = g->cost[game_everyone(g)];
	for (coalition s = 1; s < game_everyone(g); s++) {
		for (size_t i = 0; i < g->players; i++)
			f->row[f->count].factor[i] = s >> i & 1;
		f->row[f->count].is_hard = is_hard;
		f->row[f->count++].constant = g->cost[s] + slack;
	}
}

/* r_i - r_j for every ordered pair; r_i = (c_i - x_i) / w_i */
static void add_differences(struct lexmin *f, const struct game *g, const double *weight)
{
	for (size_t i = 0; i < g->players; i++)
		for (size_t j = 0; j < g->players; j++) {
			if (i == j)
				continue;
			f->row[f->count].factor[i] = -1 / weight[i];
			f->row[f->count].factor[j] = 1 / weight[j];
			f->row[f->count++].constant =
				g->cost[1u << j] / weight[j] - g->cost[1u << i] / weight[i];
		}
}

/* ---- Against them ---- */

static void the_nucleolus_is_the_plain_one(void **state)
{
	uint64_t seed = 5772156;
	int with_core = 0, without = 0;
	for (int round = 0; round < 240; round++) {
		struct arena *a = *state;
		struct game g =
			draw_game(a, (enum kind)(round % KINDS), 2 + test_pick(&seed, 3), &seed);
		struct sharing s = answer(a, &g);
		struct lexmin *f = arena_one(a, struct lexmin);
		double share[GAME_PLAYERS_MAX];
		add_excesses(f, &g, false, 0);
		double epsilon = lexmin_solve(f, 1e-5, share);
		assert_same(&g, "epsilon", s.epsilon, epsilon);
		for (size_t i = 0; i < g.players; i++)
			assert_same(&g, "nucleolus", s.by[RULE_NUCLEOLUS].share[i], share[i]);
		assert_int_equal(s.core_is_empty, s.epsilon > game_grain(&g));
		with_core += !s.core_is_empty;
		without += s.core_is_empty;
		arena_reset(a);
	}
	assert_true(with_core > 60 && without > 30);
}

static void equal_profit_is_the_plain_one(void **state)
{
	uint64_t seed = 1618033;
	int binding = 0, compared = 0;
	for (int round = 0; round < 240; round++) {
		struct arena *a = *state;
		struct game g =
			draw_game(a, (enum kind)(round % KINDS), 2 + test_pick(&seed, 3), &seed);
		if (round % 8 >= 4)
			g.weight = NULL;
		struct sharing s = answer(a, &g);
		double weight[GAME_PLAYERS_MAX], share[GAME_PLAYERS_MAX];
		bool is_positive = game_weights(&g, weight);
		for (size_t i = 0; i < g.players; i++)
			is_positive = is_positive && weight[i] > 1e-3;
		if (!is_positive)
			continue;
		struct lexmin *f = arena_one(a, struct lexmin);
		add_excesses(f, &g, true, fmax(0, s.epsilon) + 1e-8);
		add_differences(f, &g, weight);
		double largest = lexmin_solve(f, 1e-5, share);
		for (size_t i = 0; i < g.players; i++) {
			double found = s.by[RULE_EQUAL_PROFIT].share[i];
			if (fabs(found - share[i]) > 1e-4 * largest_of(&g))
				fail_game(&g, "equal profit", found, share[i]);
		}
		for (coalition c = 1; c < game_everyone(&g); c++) {
			double pays = 0;
			for (size_t i = 0; i < g.players; i++)
				pays += c >> i & 1 ? s.by[RULE_EQUAL_PROFIT].share[i] : 0;
			if (pays > g.cost[c] + fmax(0, s.epsilon) + TOLERANCE)
				fail_game(&g, "equal profit outside", pays, g.cost[c]);
		}
		binding += largest > 1e-6;
		compared++;
		arena_reset(a);
	}
	assert_true(compared > 150 && binding > 50);
}

/* A collection is balanced when positive weights on its members give every player the same: one programme
 * with weights of at least one. */
static bool is_balanced(const coalition *set, size_t count, size_t n)
{
	glp_prob *lp = glp_create_prob();
	glp_smcp how;
	glp_init_smcp(&how);
	how.presolve = GLP_ON;
	glp_term_out(GLP_OFF);
	glp_add_cols(lp, (int)count + 1);
	glp_add_rows(lp, (int)n);
	for (int c = 1; c <= (int)count; c++)
		glp_set_col_bnds(lp, c, GLP_LO, 1, 0);
	glp_set_col_bnds(lp, (int)count + 1, GLP_LO, 1, 0);
	int index[SETS_MAX + 2];
	double value[SETS_MAX + 2];
	for (size_t i = 0; i < n; i++) {
		int filled = 0;
		for (size_t c = 0; c < count; c++)
			if (set[c] >> i & 1) {
				index[++filled] = (int)c + 1;
				value[filled] = 1;
			}
		index[++filled] = (int)count + 1;
		value[filled] = -1;
		glp_set_row_bnds(lp, (int)i + 1, GLP_FX, 0, 0);
		glp_set_mat_row(lp, (int)i + 1, filled, index, value);
	}
	bool ok = !glp_simplex(lp, &how) && glp_get_status(lp) == GLP_OPT;
	glp_delete_prob(lp);
	return ok;
}

struct ranked {
	double excess;
	coalition members;
};

static int by_excess(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;
	return a->excess > b->excess ? -1 : a->excess < b->excess;
}

/* Kohlberg (1971): x is the nucleolus when, at every level, the coalitions whose excess is at least that
 * are balanced. Excesses nearer than the gap count as one level. */
static bool is_kohlberg(struct arena *a, const struct game *g, const double *share, double gap)
{
	coalition all = game_everyone(g);
	double *sum = arena_array(a, double, (size_t)all + 1);
	struct ranked *list = arena_array(a, struct ranked, (size_t)all + 1);
	coalition *set = arena_array(a, coalition, (size_t)all + 1);
	size_t count = 0;
	game_sums(g->players, share, sum);
	for (coalition s = 1; s < all; s++)
		list[count++] = (struct ranked){sum[s] - g->cost[s], s};
	qsort(list, count, sizeof *list, by_excess);
	for (size_t k = 0; k < count; k++) {
		set[k] = list[k].members;
		if (k + 1 < count && list[k].excess - list[k + 1].excess < gap)
			continue;
		if (!is_balanced(set, k + 1, g->players))
			return false;
	}
	return true;
}

static void the_nucleolus_keeps_kohlbergs_criterion(void **state)
{
	uint64_t seed = 8675309;
	int refuted = 0;
	for (int round = 0; round < 60; round++) {
		struct arena *a = *state;
		struct game g =
			draw_game(a, (enum kind)(round % KINDS), 5 + test_pick(&seed, 4), &seed);
		struct sharing s = answer(a, &g);
		double *share = s.by[RULE_NUCLEOLUS].share, gap = 1e-8 * largest_of(&g);
		if (!is_kohlberg(a, &g, share, gap))
			fail_game(&g, "not the nucleolus", share[0], share[1]);
		/* The criterion sees a cent that went from one to another. */
		share[0] += 1e-4 * largest_of(&g), share[1] -= 1e-4 * largest_of(&g);
		refuted += !is_kohlberg(a, &g, share, gap);
		arena_reset(a);
	}
	assert_int_equal(refuted, 60);
}

/* phi_i from all n! orders of arrival. */
static void the_shapley_value_is_the_mean_of_all_orders(void **state)
{
	uint64_t seed = 24681357;
	for (int round = 0; round < 40; round++) {
		struct arena *a = *state;
		size_t n = 1 + test_pick(&seed, 6), order[6] = {0, 1, 2, 3, 4, 5}, orders = 0;
		struct game g = draw_game(a, (enum kind)(round % KINDS), n, &seed);
		double mean[6] = {0}, share[6];
		for (bool more = true; more; orders++) {
			coalition there = 0;
			for (size_t k = 0; k < n; k++) {
				coalition with = there | 1u << order[k];
				mean[order[k]] += g.cost[with] - g.cost[there];
				there = with;
			}
			/* the next permutation in lexicographic order */
			size_t k = n - 1, l = n - 1;
			while (k && order[k - 1] > order[k])
				k--;
			more = k > 0;
			while (more && order[l] < order[k - 1])
				l--;
			size_t held = order[l];
			if (more)
				order[l] = order[k - 1], order[k - 1] = held;
			for (size_t left = k, right = n - 1; more && left < right;
				left++, right--) {
				held = order[left];
				order[left] = order[right];
				order[right] = held;
			}
		}
		game_shapley(&g, share);
		for (size_t i = 0; i < n; i++)
			assert_close(share[i], mean[i] / (double)orders);
		arena_reset(a);
	}
}

/* ---- What must not matter, and what must hold ---- */

static void every_rule_shares_all_and_the_nucleolus_is_stable(void **state)
{
	uint64_t seed = 97531;
	int with_core = 0;
	for (int round = 0; round < 200; round++) {
		struct arena *a = *state;
		struct game g =
			draw_game(a, (enum kind)(round % KINDS), 2 + test_pick(&seed, 7), &seed);
		struct sharing s = answer(a, &g);
		for (enum rule r = 0; r < RULES; r++) {
			double sum = 0;
			for (size_t i = 0; i < g.players; i++)
				sum += s.by[r].share[i];
			if (s.by[r].is_defined)
				assert_close(sum, g.cost[game_everyone(&g)]);
		}
		with_core += !s.core_is_empty;
		assert_int_equal(s.by[RULE_NUCLEOLUS].objection_count > 0, s.core_is_empty);
		if (s.by[RULE_EQUAL_PROFIT].is_defined && !s.core_is_empty)
			assert_int_equal(s.by[RULE_EQUAL_PROFIT].objection_count, 0);
		arena_reset(a);
	}
	assert_in_range(with_core, 60, 160);
}

/* c'(S) = factor c(S) + sum of own_i: the shares follow. */
static void shares_follow_the_unit_and_the_players_own_costs(void **state)
{
	static const enum rule rules[] = {RULE_SHAPLEY, RULE_NUCLEOLUS, RULE_EQUAL_PROFIT};
	uint64_t seed = 112358;
	for (int round = 0; round < 120; round++) {
		struct arena *a = *state;
		struct game g =
			draw_game(a, (enum kind)(1 + round % 3), 2 + test_pick(&seed, 6), &seed);
		struct game h = g;
		coalition end = game_everyone(&g) + 1;
		double factor = pow(10, -4 + 10 * test_draw(&seed)), own[GAME_PLAYERS_MAX];
		double *sum = arena_array(a, double, end), *cost = arena_array(a, double, end);
		for (size_t i = 0; i < g.players; i++)
			own[i] = factor * 50 * (test_draw(&seed) - 0.2);
		game_sums(g.players, own, sum);
		for (coalition c = 0; c < end; c++)
			cost[c] = factor * g.cost[c] + sum[c];
		h.cost = cost;
		struct sharing s = answer(a, &g), t = answer(a, &h);
		for (size_t r = 0; r < sizeof rules / sizeof *rules; r++)
			for (size_t i = 0; i < g.players; i++)
				assert_same(&g, rule_name(rules[r]),
					(t.by[rules[r]].share[i] - own[i]) / factor,
					s.by[rules[r]].share[i]);
		assert_same(&g, "epsilon", t.epsilon / factor, s.epsilon);
		arena_reset(a);
	}
}

static coalition renamed(coalition members, const size_t *to)
{
	coalition image = 0;
	for (; members; members &= members - 1)
		image |= 1u << to[__builtin_ctz(members)];
	return image;
}

static void the_order_of_the_players_does_not_matter(void **state)
{
	uint64_t seed = 314159;
	for (int round = 0; round < 160; round++) {
		struct arena *a = *state;
		size_t n = 2 + test_pick(&seed, 7), to[GAME_PLAYERS_MAX];
		struct game g = draw_game(a, (enum kind)(round % KINDS), n, &seed), h = g;
		coalition end = game_everyone(&g) + 1;
		double *cost = arena_array(a, double, end), *weight = arena_array(a, double, n);
		for (size_t i = 0; i < n; i++) {
			size_t other = test_pick(&seed, i + 1);
			to[i] = i;
			to[i] = to[other];
			to[other] = i;
		}
		for (coalition c = 0; c < end; c++)
			cost[renamed(c, to)] = g.cost[c];
		for (size_t i = 0; i < n && g.weight; i++)
			weight[to[i]] = g.weight[i];
		h.cost = cost;
		h.weight = g.weight ? weight : NULL;
		struct sharing s = answer(a, &g), t = answer(a, &h);
		for (enum rule r = 0; r < RULES; r++) {
			assert_int_equal(s.by[r].is_defined, t.by[r].is_defined);
			assert_int_equal(s.by[r].objection_count, t.by[r].objection_count);
			for (size_t i = 0; i < n; i++)
				assert_same(
					&g, rule_name(r), t.by[r].share[to[i]], s.by[r].share[i]);
		}
		arena_reset(a);
	}
}

/* Two players whom every coalition can swap, and one who brings only its own cost. */
static void twins_pay_alike_and_dummies_their_own(void **state)
{
	uint64_t seed = 202122;
	for (int round = 0; round < 120; round++) {
		struct arena *a = *state;
		size_t n = 4 + test_pick(&seed, 4);
		struct game g = draw_game(a, (enum kind)(round % KINDS), n - 1, &seed), h = g;
		double *cost = arena_array(a, double, (size_t)1 << n), own = 7.5;
		coalition dummy = 1u << (n - 1);
		for (coalition c = 0; c < dummy; c++) {
			/* players 0 and 1 are one in the first game's eyes */
			coalition twins = (c & 3) == 2 ? (c & ~3u) | 1 : c;
			cost[c] = g.cost[twins];
			cost[c | dummy] = cost[c] + own;
		}
		h.players = n;
		h.cost = cost;
		h.weight = NULL;
		struct sharing s = answer(a, &h);
		for (enum rule r = 0; r < RULES; r++)
			if (s.by[r].is_defined)
				assert_same(&h, "twins", s.by[r].share[0], s.by[r].share[1]);
		assert_same(&h, "dummy", s.by[RULE_SHAPLEY].share[n - 1], own);
		/* Outside the core the worst complaint may be lessened at the dummy's expense. */
		if (!s.core_is_empty)
			assert_same(&h, "dummy", s.by[RULE_NUCLEOLUS].share[n - 1], own);
		arena_reset(a);
	}
}

static void fifteen_players_take_seconds_at_most(void **state)
{
	uint64_t seed = 151515;
	for (int kind = 0; kind < KINDS; kind++) {
		struct arena *a = *state;
		struct game g = draw_game(a, (enum kind)kind, GAME_PLAYERS_MAX, &seed);
		double began = clock_cpu_seconds();
		struct sharing s = answer(a, &g);
		double spent = clock_cpu_seconds() - began;
		print_message("# kind %d: %.2f s of CPU\n", kind, spent);
		assert_true(spent < 5); /* a few hundredths, unless sanitizers look on */
		assert_int_equal(s.by[RULE_NUCLEOLUS].objection_count > 0, s.core_is_empty);
		arena_reset(a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(the_nucleolus_is_the_plain_one),
		WITH_AN_ARENA(equal_profit_is_the_plain_one),
		WITH_AN_ARENA(the_nucleolus_keeps_kohlbergs_criterion),
		WITH_AN_ARENA(the_shapley_value_is_the_mean_of_all_orders),
		WITH_AN_ARENA(every_rule_shares_all_and_the_nucleolus_is_stable),
		WITH_AN_ARENA(shares_follow_the_unit_and_the_players_own_costs),
		WITH_AN_ARENA(the_order_of_the_players_does_not_matter),
		WITH_AN_ARENA(twins_pay_alike_and_dummies_their_own),
		WITH_AN_ARENA(fifteen_players_take_seconds_at_most),
	};
	return cmocka_run_group_tests_name("games", tests, NULL, NULL);
}
