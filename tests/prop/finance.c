/* Hundreds of tiny networks with platforms drawn at random: the three ways to say that a plan is worth
 * it, value, fees and cash flows, never disagree. */
#include "finance.h"
#include "economy.h"
#include "test.h"
#include "tiny.h"

enum { STATES = 730, ROUNDS = 400 };

/* Any level of any free line in any year; false when it takes nothing or not everything. */
static bool draw_plan(struct arena *a, const struct model *m, uint64_t *seed, struct plan *p)
{
	*p = plan_status_quo(a, m);
	for (size_t n = 0; n < m->sites * m->flows; n++)
		for (size_t t = 0; t < m->years && !m->lines[n].is_fixed; t++)
			p->level[n * m->years + t] =
				(int)test_pick(seed, (size_t)m->lines[n].levels + 1) - 1;
	return plan_route(a, m, p);
}

struct round {
	struct network net;
	struct account with, before;
	struct finance f;
};

static bool draw(struct arena *a, uint64_t *seed, struct round *r)
{
	struct tiny t = tiny_draw(seed, STATES);
	struct model m;
	struct plan plan, today;
	struct err e;
	t.max_platforms = -1;
	tiny_model(a, &t, &r->net, &m);
	if (!model_check(&m, &e) || !draw_plan(a, &m, seed, &plan))
		return false;
	today = plan_status_quo(a, &m);
	if (!plan_route(a, &m, &today))
		return false;
	account_make(a, &r->net, &plan, &r->with);
	account_make(a, &r->net, &today, &r->before);
	finance_make(a, &r->net, &r->with, &r->before, &r->f);
	return true;
}

static void assert_same(double found, double expected, double size)
{
	assert_near(found, expected, 1e-9 * (1 + fabs(size)));
}

static void viable_exactly_where_the_lowest_fee_is_below_the_highest(void **state)
{
	uint64_t seed = 19580724;
	int viable = 0, not_viable = 0;
	for (int n = 0; n < ROUNDS; n++, arena_reset(*state)) {
		struct round r;
		if (!draw(*state, &seed, &r) || !r.f.has_platforms)
			continue;
		double base = r.before.total_eur, cost = r.with.total_eur;
		double range = r.f.fee_eur_t[FEE_HIGH] - r.f.fee_eur_t[FEE_LOW];
		assert_same(range * r.f.present_tonnes, base - cost, base);
		if (fabs(base - cost) <= VIABILITY_TOLERANCE * fabs(base))
			continue;
		bool is_viable = viability_of(base, cost, cost) == VIABLE;
		assert_int_equal(range >= 0, is_viable);
		*(is_viable ? &viable : &not_viable) += 1;
	}
	assert_true(viable > 30 && not_viable > 30);
}

/* Each fee does what its name says, and the cash flows add up to the costs. */
static void the_fees_make_whole_whom_they_should(void **state)
{
	uint64_t seed = 299792458;
	int seen = 0;
	for (int n = 0; n < ROUNDS; n++, arena_reset(*state)) {
		struct round r;
		if (!draw(*state, &seed, &r))
			continue;
		double base = r.before.total_eur, value = base - r.with.total_eur;
		assert_same(r.f.system_gain.npv_eur, value, base);
		if (!r.f.has_platforms)
			continue;
		const struct gain *g = r.f.fee_gain;
		double size = base + r.with.total_eur;
		assert_same(g[FEE_LOW].npv_eur, 0, size);
		assert_same(g[FEE_MIDDLE].npv_eur, value / 2, size);
		assert_same(g[FEE_HIGH].npv_eur, value, size);
		for (int k = 0; k < FEE_COUNT; k++)
			if (!isnan(g[k].irr.rate)) {
				struct cashflow f =
					finance_paid(*state, &r.f, &r.with, r.f.fee_eur_t[k]);
				double eur = fabs(cashflow_npv(&f, g[k].irr.rate));
				assert_true(eur <= 1e-5 * size);
				seen++;
			}
	}
	assert_true(seen > 60);
}

/* A network without platforms costs what it did, and says nothing of fees. */
static void the_status_quo_beside_itself_is_worth_nothing(void **state)
{
	uint64_t seed = 42;
	int seen = 0;
	for (int n = 0; n < 60; n++, arena_reset(*state)) {
		struct round r;
		struct finance same;
		if (!draw(*state, &seed, &r))
			continue;
		finance_make(*state, &r.net, &r.before, &r.before, &same);
		assert_close(same.system_gain.npv_eur, 0);
		assert_int_equal(same.system_gain.irr.kind, IRR_NONE);
		assert_close(same.system_gain.payback_years, 0);
		assert_int_equal(same.fees, 0);
		seen++;
	}
	assert_true(seen > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(viable_exactly_where_the_lowest_fee_is_below_the_highest),
		WITH_AN_ARENA(the_fees_make_whole_whom_they_should),
		WITH_AN_ARENA(the_status_quo_beside_itself_is_worth_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
