/* Games whose answers are published or can be done on paper. */
#include "game.h"

#include "equal_profit.h"
#include "least_core.h"
#include "nucleolus.h"
#include "sharing.h"
#include "span.h"
#include "test.h"

enum { A = 1, B = 2, C = 4, D = 8 };

static struct game game_of(size_t players, const double *cost)
{
	return (struct game){.players = players, .cost = cost};
}

static struct sharing answer(struct arena *a, const struct game *g)
{
	struct sharing s;
	struct err e;
	assert_ok(sharing_find(a, g, &s, &e), e);
	return s;
}

static void assert_shares(const struct sharing *s, enum rule rule, size_t n, const double *expected)
{
	assert_true(s->by[rule].is_defined);
	for (size_t i = 0; i < n; i++)
		assert_near(s->by[rule].share[i], expected[i], 1e-9 * (1 + fabs(expected[i])));
}

/* The runway that the largest aircraft of a coalition needs. */
static struct game airport(struct arena *a, size_t n, const double *runway)
{
	double *cost = arena_array(a, double, (size_t)1 << n);
	for (coalition s = 1; s < (coalition)1 << n; s++)
		for (size_t i = 0; i < n; i++)
			cost[s] = fmax(cost[s], s >> i & 1 ? runway[i] : 0);
	return game_of(n, cost);
}

/* Littlechild, Owen (1973): each piece of the runway is shared by those who need it. */
static void airport_shapley(size_t n, const double *runway, double *share)
{
	double paid = 0, length = 0;
	for (size_t i = 0; i < n; i++) {
		paid += (runway[i] - length) / (double)(n - i);
		length = runway[i];
		share[i] = paid;
	}
}

/* Littlechild (1974). */
static void airport_nucleolus(size_t n, const double *runway, double *share)
{
	double rate = 0, length = 0;
	for (size_t done = 0; done < n;) {
		double least = INFINITY;
		size_t until = done;
		for (size_t i = done + 1; i <= n; i++) {
			double sharers = (double)(i - done) + (i < n);
			double r = (runway[i - 1] - length + rate) / sharers;
			if (r <= least) {
				least = r;
				until = i;
			}
		}
		for (size_t i = done; i < until; i++)
			share[i] = least;
		rate = least;
		length = runway[until - 1];
		done = until;
	}
}

static void shares_a_runway(void **state)
{
	struct arena *a = *state;
	static const double runways[][15] = {
		{1, 3},
		{1, 2, 3},
		{2, 2, 2, 9},
		{1, 4, 4, 6, 6, 6, 20},
		{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
		{1, 1.01, 1.02, 30, 30.5, 31, 31, 31, 900, 901, 902, 903, 1000, 1000, 1e4},
	};
	static const size_t players[] = {2, 3, 4, 7, 15, 15};
	for (size_t r = 0; r < sizeof players / sizeof *players; r++) {
		double shapley[15], middle[15];
		struct game g = airport(a, players[r], runways[r]);
		struct sharing s = answer(a, &g);
		airport_shapley(players[r], runways[r], shapley);
		airport_nucleolus(players[r], runways[r], middle);
		assert_shares(&s, RULE_SHAPLEY, players[r], shapley);
		assert_shares(&s, RULE_NUCLEOLUS, players[r], middle);
		assert_false(s.core_is_empty);
		assert_false(s.has_misfit);
	}
	assert_near(
		answer(a, &(struct game){2, (double[]){0, 1, 3, 3}, 0, 0}).epsilon, -0.5, 1e-12);
}

/* What the heirs' claims leave of the estate, as a cost: awards come out negative. */
static struct game estate_of(struct arena *a, double estate, const double *claim)
{
	double *cost = arena_array(a, double, 8);
	for (coalition s = 1; s < 8; s++) {
		double others = 0;
		for (int i = 0; i < 3; i++)
			others += s >> i & 1 ? 0 : claim[i];
		cost[s] = -fmax(0, estate - others);
	}
	return game_of(3, cost);
}

/* Ketubot 93a; Aumann, Maschler (1985). */
static void divides_estates_as_the_talmud(void **state)
{
	static const double claim[] = {100, 200, 300}, estate[] = {100, 200, 300};
	static const double award[][3] = {
		{-100. / 3, -100. / 3, -100. / 3}, {-50, -75, -75}, {-50, -100, -150}};
	for (int n = 0; n < 3; n++) {
		struct game g = estate_of(*state, estate[n], claim);
		g.weight = claim;
		struct sharing s = answer(*state, &g);
		assert_shares(&s, RULE_NUCLEOLUS, 3, award[n]);
		assert_near(s.by[RULE_PROPORTIONAL].share[2], -estate[n] / 2, 1e-9);
	}
}

/* One left glove, two right ones; a pair brings 1. The core is one point. */
static void gives_all_to_the_only_left_glove(void **state)
{
	double cost[8] = {[A | B] = -1, [A | C] = -1, [A | B | C] = -1};
	struct game g = game_of(3, cost);
	struct sharing s = answer(*state, &g);
	assert_shares(&s, RULE_SHAPLEY, 3, (double[]){-2. / 3, -1. / 6, -1. / 6});
	assert_shares(&s, RULE_NUCLEOLUS, 3, (double[]){-1, 0, 0});
	assert_false(s.core_is_empty);
	assert_near(s.epsilon, 0, 1e-12);
	assert_int_equal(s.by[RULE_NUCLEOLUS].objection_count, 0);
	const struct shares *shapley = &s.by[RULE_SHAPLEY];
	assert_int_equal(shapley->objection_count, 2);
	assert_int_equal(
		shapley->objections[0].members | shapley->objections[1].members, A | B | C);
	assert_near(shapley->objections[0].pays - shapley->objections[0].alone, 1. / 6, 1e-12);
	assert_int_equal(shapley->stability, STABLE_NOT);
	assert_int_equal(s.by[RULE_NUCLEOLUS].stability, STABLE);
	/* Costs of zero cannot weigh. */
	assert_false(s.by[RULE_PROPORTIONAL].is_defined);
	assert_false(s.by[RULE_EQUAL_PROFIT].is_defined);
}

static void finds_no_core_where_any_two_decide(void **state)
{
	double cost[8] = {[A | B] = -1, [A | C] = -1, [B | C] = -1, [A | B | C] = -1};
	struct game g = game_of(3, cost);
	g.weight = (double[]){1, 1, 1};
	struct sharing s = answer(*state, &g);
	assert_true(s.core_is_empty);
	assert_near(s.epsilon, 1. / 3, 1e-12);
	for (enum rule r = 0; r < RULES; r++) {
		assert_shares(&s, r, 3, (double[]){-1. / 3, -1. / 3, -1. / 3});
		assert_int_equal(s.by[r].objection_count, 3);
	}
}

static void leaves_everyone_its_own_cost_where_nothing_is_shared(void **state)
{
	static const double alone[] = {3, 0, 5, 7.25, 1e6};
	double cost[32];
	game_sums(5, alone, cost);
	struct game g = game_of(5, cost);
	struct sharing s = answer(*state, &g);
	for (enum rule r = 0; r < RULES; r++) {
		assert_shares(&s, r, 5, alone);
		assert_int_equal(s.by[r].objection_count, 0);
	}
	assert_near(s.epsilon, 0, 1e-9);
	assert_false(s.core_is_empty);
}

static void gives_one_player_the_whole_cost(void **state)
{
	struct game g = game_of(1, (double[]){0, 42});
	struct sharing s = answer(*state, &g);
	assert_true(isnan(s.epsilon));
	assert_false(s.core_is_empty);
	for (enum rule r = 0; r < RULES; r++)
		assert_shares(&s, r, 1, (double[]){42});
}

static void equals_the_savings_of_two_per_unit_of_weight(void **state)
{
	struct game g = game_of(2, (double[]){0, 100, 300, 320});
	struct sharing s = answer(*state, &g);
	assert_shares(&s, RULE_EQUAL_PROFIT, 2, (double[]){80, 240});
	assert_shares(&s, RULE_NUCLEOLUS, 2, (double[]){60, 260});
	g.weight = (double[]){10, 10};
	s = answer(*state, &g);
	assert_shares(&s, RULE_EQUAL_PROFIT, 2, (double[]){60, 260});
	assert_shares(&s, RULE_PROPORTIONAL, 2, (double[]){160, 160});
	g.weight = (double[]){1, 0};
	s = answer(*state, &g);
	assert_shares(&s, RULE_EQUAL_PROFIT, 2, (double[]){60, 260});
	assert_shares(&s, RULE_PROPORTIONAL, 2, (double[]){320, 0});
}

/* 7 each would save everyone as much, but two of them pay 12 by themselves. */
static void equal_savings_give_way_to_stability(void **state)
{
	double cost[8] = {0, 10, 10, 12, 10, 20, 20, 21};
	struct game g = game_of(3, cost);
	struct sharing s = answer(*state, &g);
	assert_shares(&s, RULE_EQUAL_PROFIT, 3, (double[]){6, 6, 9});
	assert_shares(&s, RULE_PROPORTIONAL, 3, (double[]){7, 7, 7});
	assert_int_equal(s.by[RULE_PROPORTIONAL].objection_count, 1);
	assert_int_equal(s.by[RULE_PROPORTIONAL].objections->members, A | B);
	assert_near(s.by[RULE_PROPORTIONAL].objections->pays, 14, 1e-9);
	assert_near(s.by[RULE_PROPORTIONAL].objections->alone, 12, 1e-9);
}

/* Stability sets what a and b save, and so the largest difference; c and d, in between, are alike. */
static void goes_on_to_the_smaller_differences(void **state)
{
	double cost[16];
	for (coalition s = 0; s < 16; s++)
		cost[s] = 10 * __builtin_popcount(s);
	cost[A | B] = 12, cost[B | C | D] = 12, cost[A | B | C | D] = 22;
	struct game g = game_of(4, cost);
	struct sharing s = answer(*state, &g);
	assert_shares(&s, RULE_EQUAL_PROFIT, 4, (double[]){10, 2, 5, 5});
}

static void says_how_sure_stability_is(void **state)
{
	struct game g = game_of(2, (double[]){0, 10, 10, 16});
	assert_int_equal(game_stability(*state, &g, (double[]){8, 8}), STABLE);
	assert_int_equal(game_stability(*state, &g, (double[]){5, 11}), STABLE_NOT);
	g.bound = (double[]){0, 9, 7, 15};
	assert_int_equal(game_stability(*state, &g, (double[]){8, 8}), STABLE_PERHAPS);
	assert_int_equal(game_stability(*state, &g, (double[]){9, 7}), STABLE);
	assert_int_equal(game_stability(*state, &g, (double[]){11, 5}), STABLE_NOT);
	assert_int_equal(game_stability(*state, &g, (double[]){10, 6}), STABLE_PERHAPS);
}

static void names_who_costs_more_by_joining(void **state)
{
	double cost[8] = {0, 10, 10, 12, 10, 26, 20, 31};
	struct game g = game_of(3, cost);
	struct sharing s = answer(*state, &g);
	assert_true(s.has_misfit);
	assert_near(s.misfit.excess, 9, 1e-9); /* 31 for a+b and c, 12 + 10 apart */
	assert_int_equal(s.misfit.members, A | B);
	assert_int_equal(s.misfit.joining, 2);
}

/* A coalition that cannot act is given a cost beyond reach: it must not blur the others. */
static void a_prohibitive_cost_changes_nothing(void **state)
{
	double cost[8] = {0, 10, 10, 12, 10, 20, 20, 21}, far[8];
	memcpy(far, cost, sizeof far);
	far[A | C] = 1e13;
	struct game g = game_of(3, cost), h = game_of(3, far);
	struct sharing s = answer(*state, &g), t = answer(*state, &h);
	for (enum rule r = RULE_NUCLEOLUS; r < RULES; r++)
		assert_shares(&t, r, 3, s.by[r].share);
	assert_near(t.epsilon, s.epsilon, 1e-9);
	assert_int_equal(t.by[RULE_PROPORTIONAL].objection_count, 1);
}

/* Rank in floating point, where it is safe: few rows of zeros and ones. */
static size_t rank_of(const coalition *set, size_t count, size_t n)
{
	double m[20][GAME_PLAYERS_MAX];
	size_t rank = 0;
	for (size_t r = 0; r < count; r++)
		for (size_t i = 0; i < n; i++)
			m[r][i] = set[r] >> i & 1;
	for (size_t i = 0; i < n; i++) {
		size_t best = rank;
		for (size_t r = rank; r < count; r++)
			if (fabs(m[r][i]) > fabs(m[best][i]))
				best = r;
		if (rank == count || fabs(m[best][i]) < 1e-9)
			continue;
		for (size_t k = 0; k < n; k++) {
			double held = m[best][k];
			m[best][k] = m[rank][k];
			m[rank][k] = held;
		}
		for (size_t r = rank + 1; r < count; r++)
			for (size_t k = n; k-- > i;)
				m[r][k] -= m[rank][k] * m[r][i] / m[rank][i];
		rank++;
	}
	return rank;
}

static void ranks_are_those_of_linear_algebra(void **state)
{
	struct arena *a = *state;
	uint64_t seed = 271828;
	int dependent = 0;
	for (int round = 0; round < 300; round++) {
		size_t n = 2 + test_pick(&seed, 14), count = 1 + test_pick(&seed, n);
		coalition set[20], end = (coalition)1 << n;
		struct span s;
		bool *is_in = arena_array(a, bool, end);
		span_init(&s, n);
		for (size_t c = 0; c < count; c++) {
			/* every third one is made of earlier ones, where these do not overlap */
			set[c] = 1 + (coalition)test_pick(&seed, end - 1);
			if (c > 1 && c % 3 == 2 && !(set[c - 1] & set[c - 2]))
				set[c] = set[c - 1] | set[c - 2];
			size_t before = s.rank;
			bool added = span_add(&s, set[c]);
			assert_int_equal(s.rank, rank_of(set, c + 1, n));
			assert_int_equal(added, s.rank > before);
			dependent += !added;
		}
		span_mark(&s, is_in);
		for (coalition c = 1; c < end; c += 1 + (coalition)test_pick(&seed, 20)) {
			struct span copy = s;
			assert_int_equal(is_in[c], !span_add(&copy, c));
		}
		arena_reset(a);
	}
	assert_true(dependent > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(shares_a_runway),
		WITH_AN_ARENA(divides_estates_as_the_talmud),
		WITH_AN_ARENA(gives_all_to_the_only_left_glove),
		WITH_AN_ARENA(finds_no_core_where_any_two_decide),
		WITH_AN_ARENA(leaves_everyone_its_own_cost_where_nothing_is_shared),
		WITH_AN_ARENA(gives_one_player_the_whole_cost),
		WITH_AN_ARENA(equals_the_savings_of_two_per_unit_of_weight),
		WITH_AN_ARENA(equal_savings_give_way_to_stability),
		WITH_AN_ARENA(goes_on_to_the_smaller_differences),
		WITH_AN_ARENA(says_how_sure_stability_is),
		WITH_AN_ARENA(names_who_costs_more_by_joining),
		WITH_AN_ARENA(a_prohibitive_cost_changes_nothing),
		WITH_AN_ARENA(ranks_are_those_of_linear_algebra),
	};
	return cmocka_run_group_tests_name("game", tests, NULL, NULL);
}
