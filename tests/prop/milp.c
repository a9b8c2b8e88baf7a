/* GLPK whole, against all plans there are. */
#include "milp.h"
#include "mps.h"
#include "brute.h"
#include "check.h"
#include "test.h"
#include "tiny.h"

#include <glpk.h>
#include <math.h>

enum { STATES = 730 };

static const double TOLERANCE = 1e-6; /* the simplex takes 1e-7 for zero */

static double optimum_of(struct arena *a, const struct tiny *t)
{
	struct model m;
	struct answer answer;
	struct cost cost;
	struct err e;
	struct engine_options o = {.threads = 1};
	tiny_model(a, t, NULL, &m);
	assert_ok(milp_solve(a, &m, &o, &answer, &e), e);
	if (answer.status == ANSWER_INFEASIBLE)
		return INFINITY;
	assert_int_equal(answer.status, ANSWER_OPTIMAL);
	assert_ok(check_plan(a, &m, &answer.plan, &cost, &e), e);
	return cost.total;
}

static void finds_the_optimum(void **state)
{
	uint64_t seed = 31415926;
	int feasible = 0, single = 0;
	for (int n = 0; n < 250; n++) {
		struct arena *a = *state;
		struct tiny t = tiny_draw(&seed, STATES);
		struct model m;
		tiny_model(a, &t, NULL, &m);
		double best = brute_force(&m), found = optimum_of(a, &t);
		if (isfinite(found) != isfinite(best) ||
			(isfinite(best) && fabs(found - best) > TOLERANCE * (1 + fabs(best))))
			tiny_fail(a, &t, "%.6f instead of %.6f", found, best);
		feasible += isfinite(best);
		single += isfinite(best) && t.is_single_sourced;
		arena_reset(a);
	}
	assert_in_range(feasible, 100, 249);
	assert_true(single > 15);
}

static void freedom_to_split_never_costs(void **state)
{
	uint64_t seed = 141421;
	int lower = 0;
	for (int n = 0; n < 150; n++) {
		struct arena *a = *state;
		struct tiny t = tiny_draw(&seed, STATES), free = t;
		t.is_single_sourced = true;
		free.is_single_sourced = false;
		double bound = optimum_of(a, &t), cost = optimum_of(a, &free);
		if (isfinite(bound))
			assert_true(cost <= bound + TOLERANCE * (1 + fabs(bound)));
		lower += cost < bound;
		arena_reset(a);
	}
	assert_true(lower > 5);
}

/* What any other solver would find in the file. */
static double optimum_of_file(const char *path)
{
	glp_prob *lp = glp_create_prob();
	glp_iocp search;
	glp_init_iocp(&search);
	search.presolve = GLP_ON;
	assert_int_equal(glp_read_mps(lp, GLP_MPS_FILE, NULL, path), 0);
	int failed = glp_intopt(lp, &search);
	double cost = failed || glp_mip_status(lp) != GLP_OPT ? INFINITY : glp_mip_obj_val(lp);
	glp_delete_prob(lp);
	return cost;
}

static void the_exported_file_asks_the_same_question(void **state)
{
	uint64_t seed = 57721566;
	int feasible = 0;
	for (int n = 0; n < 60; n++) {
		struct arena *a = *state;
		struct tiny t = tiny_draw(&seed, STATES);
		struct model m;
		struct err e;
		const char *path = arena_printf(a, "%s/model.mps", scratch_folder(a));
		tiny_model(a, &t, NULL, &m);
		assert_ok(mps_export(a, &m, path, &e), e);
		double best = brute_force(&m), found = optimum_of_file(path);
		if (isfinite(found) != isfinite(best) ||
			(isfinite(best) && fabs(found - best) > TOLERANCE * (1 + fabs(best))))
			tiny_fail(a, &t, "%.6f instead of %.6f", found, best);
		feasible += isfinite(best);
		arena_reset(a);
	}
	assert_in_range(feasible, 25, 59);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(finds_the_optimum),
		WITH_AN_ARENA(freedom_to_split_never_costs),
		WITH_AN_ARENA(the_exported_file_asks_the_same_question),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
