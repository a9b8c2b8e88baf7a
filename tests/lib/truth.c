#include "truth.h"

#include "brute.h"
#include "economy.h"
#include "plan.h"
#include "test.h"
#include "tiny.h"

enum { STATES = 260 };

const struct task truth_task = {.gap = 1e-9, .time_limit_s = 20, .threads = 1, .seed = 1};

void truth_draw(struct arena *a, uint64_t *seed, struct network *net)
{
	struct model m;
	struct tiny t = tiny_draw(seed, STATES);
	t.is_single_sourced = false;
	tiny_model(a, &t, net, &m);
}

double truth_cost(struct arena *a, const struct network *net)
{
	struct model m;
	economy_model(a, net, &m);
	return brute_force(&m);
}

double truth_today(struct arena *a, const struct network *net)
{
	struct model m;
	economy_model(a, net, &m);
	struct plan p = plan_status_quo(a, &m);
	return plan_route(a, &m, &p) ? p.cost.total : INFINITY;
}

/* UNDECIDED within a hair of the threshold. */
static enum viability answer_of(struct arena *a, const struct network *net)
{
	double before = truth_today(a, net), value = before - truth_cost(a, net);
	double edge = VIABILITY_TOLERANCE * fabs(before);
	if (fabs(value - edge) < 0.1 * edge)
		return UNDECIDED;
	return value > edge ? VIABLE : NOT_VIABLE;
}

void truth_agrees(struct arena *a, const struct network *net, enum viability answer)
{
	enum viability expected = answer_of(a, net);
	if (answer != UNDECIDED && expected != UNDECIDED)
		assert_int_equal(answer, expected);
}

void truth_is_about(double found, double expected)
{
	assert_near(found, expected, 1e-6 * (1 + fabs(expected)));
}
