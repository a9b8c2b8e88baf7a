/* Moves of the search for plans on tiny networks, against all there is to choose from. */
#include "brute.h"
#include "claim.h"
#include "plan.h"
#include "regroup.h"
#include "relax.h"
#include "retime.h"
#include "test.h"
#include "tiny.h"

#include <math.h>

enum { STATES = 260, ROUNDS = 150 };

static const double EXACT = 1e-6;

static bool is_never_over(void *unused)
{
	(void)unused;
	return false;
}

static bool is_free(const struct line *line)
{
	return line->levels && !line->is_fixed;
}

/* A network without rules on numbers, and some path for each of its lines: [site][flow][year]. */
static int *draw_plan(struct arena *a, uint64_t *seed, struct model *m)
{
	struct tiny t = tiny_draw(seed, STATES);
	t.is_single_sourced = false;
	t.max_platforms = -1;
	t.min_platforms = 0;
	tiny_model(a, &t, NULL, m);
	int *level = plan_status_quo(a, m).level;
	for (size_t c = 0; c < m->sites * m->flows; c++)
		for (size_t y = 0; y < m->years && is_free(&m->lines[c]); y++)
			level[c * m->years + y] =
				(int)test_pick(seed, (size_t)m->lines[c].levels + 1) - 1;
	return level;
}

/* The least cost of all paths of line j, the others as they are. */
static double least_of_paths(struct descent *d, size_t j)
{
	const struct model *m = d->m;
	size_t states = (size_t)model_line(m, j, d->k)->levels + 1, count = 1;
	int path[TINY_YEARS];
	double least = INFINITY;
	for (size_t y = 0; y < m->years; y++)
		count *= states;
	for (size_t n = 0; n < count; n++) {
		size_t rest = n;
		for (size_t y = 0; y < m->years; y++, rest /= states)
			path[y] = (int)(rest % states) - 1;
		descent_put(d, j, path);
		least = fmin(least, d->cost);
	}
	return least;
}

static void a_line_gets_its_best_path(void **state)
{
	uint64_t seed = 3112;
	int gained = 0, kept = 0;
	for (int n = 0; n < ROUNDS; n++, arena_reset(*state)) {
		struct model m;
		struct search s;
		int *level = draw_plan(*state, &seed, &m);
		search_init(&s, *state, &m, 1);
		search_load(&s, level);
		for (size_t c = 0; c < m.sites * m.flows; c++) {
			struct descent *d = &s.flows[c % m.flows];
			size_t j = c / m.flows;
			if (!is_free(&m.lines[c]))
				continue;
			double before = d->cost, least;
			bool is_better = retime_line(d, j);
			double after = d->cost;
			assert_true(is_better == (after < before - d->tolerance));
			int found[TINY_YEARS];
			memcpy(found, d->level + j * m.years, m.years * sizeof *found);
			least = least_of_paths(d, j);
			assert_near(after, least, EXACT * (1 + fabs(least)));
			descent_put(d, j, found);
			assert_near(d->cost, after, EXACT * (1 + fabs(after)));
			*(is_better ? &gained : &kept) += 1;
		}
	}
	assert_true(gained > 50 && kept > 50);
}

/* What it finds is a plan that costs what it says, no more than before, and on so small a network mostly the best. */
static void regrouping_leads_to_cheaper_plans(void **state)
{
	uint64_t seed = 8191;
	int best = 0, all = 0, gained = 0;
	for (int n = 0; n < ROUNDS; n++, arena_reset(*state)) {
		struct model m;
		struct search s;
		int *level = draw_plan(*state, &seed, &m);
		search_init(&s, *state, &m, 1);
		search_offer(&s, level);
		double before = s.best_cost, least = brute_force(&m);
		if (isinf(before))
			continue;
		for (size_t k = 0; k < m.flows; k++)
			search_settle(&s, k, is_never_over, NULL);
		search_keep(&s);
		regroup(&s, is_never_over, NULL);
		struct plan p = {.level = s.best};
		double slack = EXACT * (1 + fabs(before));
		assert_true(plan_route(*state, &m, &p));
		assert_near(p.cost.total, s.best_cost, slack);
		assert_true(s.best_cost <= before && s.best_cost >= least - slack);
		best += s.best_cost <= least + slack;
		gained += s.best_cost < before - slack;
		all++;
	}
	assert_true(all > 50 && gained > all / 2);
	if (best < all * 9 / 10)
		fail_msg("the best plan in %d cases of %d only", best, all);
}

/* A line of one unit pays the same, by the inequality or off the worth of its tonnes. */
static void a_line_keeps_its_rent_where_volumes_change(void **state)
{
	uint64_t seed = 60013;
	int capped = 0, whole = 0;
	for (int n = 0; n < ROUNDS; n++, arena_reset(*state)) {
		struct model m;
		struct sizes sizes;
		struct cut from, to;
		draw_plan(*state, &seed, &m);
		sizes_init(&sizes, *state, &m);
		double nu = 10 * test_draw(&seed), volume = 0;
		for (size_t i = 0; i < m.points; i++)
			volume += model_tonnes(&m, 0, 0)[i];
		bool *all = arena_array(*state, bool, m.sites);
		memset(all, true, m.sites * sizeof *all);
		double largest = relax_unit(&m, 0, INFINITY);
		if (largest <= 0 || volume <= 0)
			continue;
		/* The size of a line, or any: then none of that size says how high prices may be. */
		bool is_size = n % 2;
		struct rounding r = {.unit = is_size ? sizes.capacity[sizes.count - 1]
						     : (0.3 + test_draw(&seed)) * volume,
			.centre = ROUNDING_EVERYWHERE,
			.is_near = all};
		cut_init(&to, *state, &m, &sizes, &r);
		from = to;
		from.stair = arena_one(*state, struct stair);
		*from.stair = stair_of(volume * (0.5 + test_draw(&seed)), r.unit, 0);
		struct claim was = claim_of(from.stair, nu, largest);
		struct rent is = claim_rent(&was, to.stair, largest, claim_idle(&m, 0, largest));
		double taken = fmin(r.unit, volume);
		double paid = is.nu * (taken - to.stair[0].rest) + is.off * r.unit;
		assert_true(is.nu >= 0 && is.off >= 0 && is.nu <= 4 * nu);
		assert_near(paid, was.rent, EXACT * (1 + was.rent));
		*(is.off > 0 ? &capped : &whole) += 1;
		/* Where nothing changes, nothing does. */
		is = claim_rent(&was, from.stair, largest, claim_idle(&m, 0, largest));
		assert_near(is.nu, nu, EXACT * (1 + nu));
		assert_near(is.off, 0, EXACT);
	}
	assert_true(capped > 5 && whole > 5);
}

/* Of what a largest line of flow 0 costs a year at the cheapest site. */
static double half_a_line(const struct model *m, double largest)
{
	double least = INFINITY, whole = 0;
	for (size_t t = 0; t < m->years; t++)
		whole += m->discount[t];
	for (size_t j = 0; j < m->sites; j++)
		for (int l = 0; l < model_line(m, j, 0)->levels && is_free(model_line(m, j, 0));
			l++) {
			size_t level = model_line(m, j, 0)->first + (size_t)l;
			double year = m->build[level * m->years] * m->discount[0] / whole;
			if (m->capacity[level] == largest)
				least = fmin(least, year + m->running[level * m->years]);
		}
	return least / 2;
}

/* The same inequality twice, or one for whole lines and one for halves: together they do not give a line more for standing
 * empty than before, or than a line costs; each keeps its rent, and what tonnes pay more by one they pay less at their
 * points. */
static void inequalities_together_do_not_pay_for_lines(void **state)
{
	uint64_t seed = 60014;
	int held = 0;
	for (int n = 0; n < ROUNDS; n++, arena_reset(*state)) {
		struct model m;
		struct sizes sizes;
		struct cut cut[2];
		draw_plan(*state, &seed, &m);
		sizes_init(&sizes, *state, &m);
		double largest = relax_unit(&m, 0, INFINITY), volume = 0;
		for (size_t i = 0; i < m.points; i++)
			volume += model_tonnes(&m, 0, 0)[i];
		if (largest <= 0 || volume <= 0)
			continue;
		double half = half_a_line(&m, largest);
		bool *all = arena_array(*state, bool, m.sites);
		memset(all, true, m.sites * sizeof *all);
		struct cut *cuts[2];
		struct claim *was = arena_array(*state, struct claim, 2 * m.years);
		for (int c = 0; c < 2; c++) {
			struct rounding r = {.unit = n % 2 && c ? largest / 2 : largest,
				.centre = ROUNDING_EVERYWHERE,
				.is_near = all};
			cut_init(&cut[c], *state, &m, &sizes, &r);
			cuts[c] = &cut[c];
			struct stair before =
				stair_of(volume * (0.5 + test_draw(&seed)), r.unit, 0);
			for (size_t t = 0; t < m.years; t++)
				was[(size_t)c * m.years + t] =
					claim_of(&before, 20 * test_draw(&seed), largest);
		}
		double *price = arena_array(*state, double, relax_prices(&m));
		claims_settle(was, cuts, 2, &m, price);
		for (size_t t = 0; t < m.years; t++) {
			double before = 0, same = 0, now = 0, paid = 0;
			for (size_t c = 0; c < 2; c++) {
				const struct claim *claim = &was[c * m.years + t];
				const struct stair *s = &cut[c].stair[t];
				double met = stair_at(s, largest), nu = cut[c].price[t];
				double room = fmin(s->unit, s->volume) - s->rest;
				before += claim->credit;
				same += claim->nu * met;
				now += nu * met;
				paid += nu + fmax(0, claim->rent - nu * room) / s->unit;
			}
			assert_true(now <= fmax(before, fmax(same, half)) * (1 + EXACT));
			assert_near(price[t * m.points], -paid, EXACT * (1 + paid));
			held += now > 0;
		}
	}
	assert_true(held > ROUNDS / 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(a_line_gets_its_best_path),
		WITH_AN_ARENA(regrouping_leads_to_cheaper_plans),
		WITH_AN_ARENA(a_line_keeps_its_rent_where_volumes_change),
		WITH_AN_ARENA(inequalities_together_do_not_pay_for_lines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
