/* What regions inherit of the multipliers of a whole network, held against what is found for them anew. */
#include "legacy.h"
#include "coalition.h"
#include "economy.h"
#include "engine.h"
#include "generate.h"
#include "test.h"

#include <math.h>

static struct answer solve(
	struct arena *a, const struct model *m, const struct certificate *begin, double gap)
{
	struct plan today = plan_status_quo(a, m);
	struct engine_options o = {.threads = 1, .seed = 1, .gap = gap, .time_limit_s = 20};
	struct answer answer;
	struct err e = {0};
	o.start = &today;
	o.start_certificate = begin;
	assert_ok(engine_solve(a, m, &o, &answer, &e), e);
	return answer;
}

/* Points and sites of the regions `mask` names. */
static void take_part(struct arena *a, const struct network *net, unsigned mask, bool *is_in,
	struct network *part, struct model *m)
{
	for (size_t r = 0; r < net->regions; r++)
		is_in[r] = mask >> r & 1;
	*part = coalition_network(a, net, is_in);
	economy_model(a, part, m);
}

/* France in four. */
static void make_regions(struct arena *a, struct network *net)
{
	static const char *names[] = {"SO", "NO", "SE", "NE"};
	struct point *point = arena_array(a, struct point, net->points);
	struct site *site = arena_array(a, struct site, net->sites);
	memcpy(point, net->point, net->points * sizeof *point);
	memcpy(site, net->site, net->sites * sizeof *site);
	for (size_t i = 0; i < net->points; i++)
		point[i].region = (point[i].at.lat > 46.5) + 2 * (size_t)(point[i].at.lon > 2.5);
	for (size_t j = 0; j < net->sites; j++)
		site[j].region = (site[j].at.lat > 46.5) + 2 * (size_t)(site[j].at.lon > 2.5);
	net->point = point;
	net->site = site;
	net->region = names;
	net->regions = sizeof names / sizeof *names;
}

/* Its bound is one, and a search that begins there goes as far as one that does not. */
static void what_a_part_inherits_is_true_and_of_use(void **state)
{
	static const struct generate_size size = {
		.points = 160, .sites = 24, .years = 3, .seed = 7};
	static const double GAP = 0.02;
	struct arena *a = *state;
	struct network net, part;
	struct model m;
	struct legacy legacy;
	struct err e = {0};
	int seen = 0;
	assert_ok(generate_france(a, &size, &net, &e), e);
	make_regions(a, &net);
	economy_model(a, &net, &m);
	struct answer whole = solve(a, &m, NULL, GAP);
	assert_non_null(whole.certificate.volume);
	legacy_init(&legacy, a, &net, &whole.certificate);
	bool *is_in = arena_array(a, bool, net.regions);
	for (unsigned mask = 1; mask < 1u << net.regions && seen < 6; mask++) {
		take_part(a, &net, mask, is_in, &part, &m);
		if (part.points < 20 || model_find_shortage(&m, &(struct shortage){0}))
			continue;
		struct certificate c = legacy_for(&legacy, a, is_in);
		struct answer anew = solve(a, &m, NULL, GAP);
		if (!anew.plan.level)
			continue; /* no lane for some point */
		struct answer heir = solve(a, &m, &c, GAP);
		assert_non_null(heir.plan.level);
		double slack = 1e-6 * fabs(anew.plan.cost.total), bound = bound_evaluate(&m, &c);
		assert_true(isfinite(bound) && bound <= anew.plan.cost.total + slack);
		assert_true(bound <= heir.plan.cost.total + slack);
		assert_true(heir.bound <= anew.plan.cost.total + slack);
		assert_true(anew.bound <= heir.plan.cost.total + slack);
		if (!(heir.gap <= 2 * GAP))
			fail_msg("a gap of %.2f %%", 100 * heir.gap);
		seen++;
	}
	assert_true(seen >= 3);
}

/* All of it is what it was; without an answer there is nothing to pass on. */
static void the_whole_inherits_itself(void **state)
{
	static const struct generate_size size = {
		.points = 160, .sites = 24, .years = 3, .seed = 8};
	struct arena *a = *state;
	struct network net;
	struct model m;
	struct legacy legacy;
	struct err e = {0};
	assert_ok(generate_france(a, &size, &net, &e), e);
	economy_model(a, &net, &m);
	struct answer whole = solve(a, &m, NULL, 0.02);
	bool *is_in = arena_array(a, bool, net.regions);
	memset(is_in, true, net.regions * sizeof *is_in);
	legacy_init(&legacy, a, &net, &whole.certificate);
	struct certificate c = legacy_for(&legacy, a, is_in), certificate = whole.certificate;
	c.share = certificate.share;
	assert_true(bound_evaluate(&m, &c) == bound_evaluate(&m, &certificate));
	legacy_init(&legacy, a, &net, NULL);
	assert_null(legacy_for(&legacy, a, is_in).price);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(what_a_part_inherits_is_true_and_of_use),
		WITH_AN_ARENA(the_whole_inherits_itself),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
