/* What `recircuit-solve check` finds out: an answer whose figures were touched, the status quo's
 * above all, is refused with the figure's path. */
#include "audit.h"
#include "arena.h"
#include "check.h"
#include "economy.h"
#include "engine.h"
#include "err.h"
#include "planfile.h"
#include "report.h"

#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Two points, a near plant with too little room, a far one without limit, one candidate. */
static const char text[] =
	"{\"format\":\"recircuit-network-1\",\"years\":2,\"first_year\":2031,\"discount_rate\":0."
	"05,"
	"\"haulage\":{\"eur_km\":1,\"eur_h\":10,\"speed_km_h\":60,\"kgco2_km\":1,"
	"\"distance_bands\":[{\"factor\":1.3}]},\"regions\":[\"24\",\"11\"],"
	"\"line_types\":[{\"id\":\"standard\",\"life_years\":10,\"job_eur\":1000,\"levels\":"
	"[{\"capacity_t\":1000,\"capex_eur\":12000,\"jobs\":2}]}],"
	"\"flows\":[{\"id\":\"pam\",\"payload_t\":10,\"growth\":[1,1.1]}],"
	"\"points\":[{\"id\":\"a\",\"region\":\"24\",\"lat\":47,\"lon\":2,\"tonnes\":[100]},"
	"{\"id\":\"b\",\"region\":\"11\",\"lat\":47.5,\"lon\":2,\"tonnes\":[50]}],"
	"\"sites\":[{\"id\":\"near\",\"region\":\"24\",\"lat\":47.1,\"lon\":2,\"kind\":"
	"\"existing\","
	"\"lines\":[{\"flow\":\"pam\",\"gate_eur_t\":40,\"capacity_t\":120}]},"
	"{\"id\":\"far\",\"region\":\"24\",\"lat\":45,\"lon\":2,\"kind\":\"existing\","
	"\"lines\":[{\"flow\":\"pam\",\"gate_eur_t\":60}]},"
	"{\"id\":\"new\",\"region\":\"24\",\"lat\":47.2,\"lon\":2,\"kind\":\"candidate\","
	"\"site_eur\":100,\"lines\":[{\"flow\":\"pam\",\"type\":\"standard\"}]}]}";

/* The same, with equipment at ten million euros. */
static const char *dear(struct arena *a)
{
	char *other = arena_printf(a, "%s", text);
	char *capex = strstr(other, ":12000,");
	return arena_printf(a, "%.*s:10000000,%s", (int)(capex - other), other, capex + 7);
}

static const char *as_it_is(struct arena *a)
{
	return arena_printf(a, "%s", text);
}

struct example {
	struct arena *arena;
	struct network net;
	struct model m;
	json_t *answer;
};

static void drop(void *json)
{
	json_decref(json);
}

/* What the solver says of the network, as a tree that can be touched. */
static struct example *make_from(const char *(*network)(struct arena *a))
{
	struct arena *a = arena_new();
	struct example *x = arena_one(a, struct example);
	struct err e = {0};
	x->arena = a;
	const char *bytes = network(a);
	if (!network_read(a, bytes, strlen(bytes), &x->net, &e))
		fail_msg("%s", e.message);
	economy_model(a, &x->net, &x->m);
	struct engine_options o = {.threads = 1, .seed = 1};
	struct answer answer;
	if (!engine_solve(a, &x->m, &o, &answer, &e))
		fail_msg("%s", e.message);
	struct question q = {.network = &x->net, .model = x->m};
	struct buf b;
	struct jout j;
	buf_init(&b, a, BUF_NO_LIMIT);
	jout_init(&j, &b);
	report_write(a, &j, &q, 1, &answer);
	x->answer = json_loadb(b.data, b.len, 0, NULL);
	assert_non_null(x->answer);
	arena_defer(a, drop, x->answer);
	return x;
}

static struct example *make(void)
{
	return make_from(as_it_is);
}

static bool audit(struct example *x, struct err *e)
{
	struct jin root;
	struct cost cost;
	char *said = json_dumps(x->answer, JSON_REAL_PRECISION(17));
	*e = (struct err){0};
	bool ok = jin_parse(x->arena, said, strlen(said), &root, e);
	struct jin at = jin_object(&root, "plan");
	struct plan p = planfile_read(x->arena, &at, &x->m);
	ok = ok && !jin_failed(&root) && check_plan(x->arena, &x->m, &p, &cost, e) &&
	     audit_answer(x->arena, &x->m, &x->net, &p, &cost, &root, e);
	free(said);
	return ok;
}

/* The value at a path: members by name, items by number. */
static json_t *find(json_t *at, const char *path)
{
	char key[64];
	while (*path) {
		size_t len = strcspn(path, ".");
		snprintf(key, sizeof key, "%.*s", (int)len, path);
		at = json_is_array(at) ? json_array_get(at, (size_t)atoi(key))
				       : json_object_get(at, key);
		if (!at)
			fail_msg("%s is not there", path);
		path += len + (path[len] == '.');
	}
	return at;
}

static void set_up_number(json_t *v, double by)
{
	if (json_is_integer(v))
		json_integer_set(v, json_integer_value(v) + (json_int_t)by);
	else
		json_real_set(v, json_real_value(v) + by);
}

static void accepts_the_solvers_own_figures(void **state)
{
	struct example *x = make();
	struct err e;
	(void)state;
	if (!audit(x, &e))
		fail_msg("%s", e.message);
	assert_true(json_array_size(find(x->answer, "status_quo.prices")) > 0);
	arena_free(x->arena);
}

static void refuses_each_figure_that_was_touched(void **state)
{
	static const struct {
		const char *path;
		double by;
		const char *said;
	} cases[] = {
		{"status_quo.vehicle_km.1", 3, "status_quo.vehicle_km[1] : le fichier dit"},
		{"status_quo.co2_t.0", 1, "status_quo.co2_t[0]"},
		{"status_quo.tonnes.0", 1, "status_quo.tonnes[0]"},
		{"status_quo.total_eur", 100, "status_quo.total_eur"},
		{"status_quo.eur_per_tonne", 1, "status_quo.eur_per_tonne"},
		{"status_quo.components_eur.haulage", 10, "status_quo.components_eur.haulage"},
		{"status_quo.sites.0.lines.0.tonnes.1", 1,
			"status_quo.sites[0].lines[0].tonnes[1]"},
		{"status_quo.sites.0.origin_tonnes.24", 1, "status_quo.sites[0].origin_tonnes.24"},
		{"status_quo.prices.0.3", 1, "n’est pas le moins cher"},
		{"with.vehicle_km.0", 3, "with.vehicle_km[0]"},
		{"with.jobs.1", 1, "with.jobs[1]"},
		{"with.components_eur.jobs", 10, "with.components_eur.jobs"},
		{"with.regions.0.own_tonnes.1", 1, "with.regions[0].own_tonnes[1]"},
		{"status_quo.regions.1.study_tonnes.0", -1,
			"status_quo.regions[1].study_tonnes[0]"},
		{"finance.system.invested_eur.0", 1, "finance.system.invested_eur[0]"},
		{"finance.system.running_eur.1", 1, "finance.system.running_eur[1]"},
		{"finance.system.npv_eur", 1, "finance.system.npv_eur"},
		{"finance.system.irr.rate", 0.001, "finance.system.irr.rate"},
		{"finance.system.payback_years", 0.001, "finance.system.payback_years"},
		{"finance.platforms.running_eur.0", 1, "finance.platforms.running_eur[0]"},
		{"finance.platforms.levelised_eur_t", 0.001, "finance.platforms.levelised_eur_t"},
		{"finance.platforms.fees.0.fee_eur_t", 0.001,
			"finance.platforms.fees[0].fee_eur_t"},
		{"finance.platforms.fees.2.npv_eur", 1, "finance.platforms.fees[2].npv_eur"},
		{"viability.value_eur", 10, "valeur : le fichier dit"},
		{"viability.value_bound_eur", 10, "valeur au plus : le fichier dit"},
		{"cost", 10, "coût : le fichier dit"},
		{"bound", 1e6, "la borne"},
	};
	(void)state;
	for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
		struct example *x = make();
		struct err e;
		set_up_number(find(x->answer, cases[n].path), cases[n].by);
		if (audit(x, &e))
			fail_msg("%s: accepted", cases[n].path);
		if (!strstr(e.message, cases[n].said))
			fail_msg("%s: %s", cases[n].path, e.message);
		arena_free(x->arena);
	}
}

/* All to the far plant: feasible, and dearer than need be. */
static void refuses_a_status_quo_that_is_not_the_cheapest(void **state)
{
	struct example *x = make();
	struct err e;
	(void)state;
	json_t *routes = find(x->answer, "status_quo.plan.routes");
	for (size_t n = 0; n < json_array_size(routes); n++) {
		json_t *route = json_array_get(routes, n);
		json_array_clear(json_object_get(route, "splits"));
		for (size_t i = 0; i < 2; i++)
			json_array_set_new(json_object_get(route, "site"), i, json_integer(1));
	}
	assert_false(audit(x, &e));
	if (!strstr(e.message, "statu quo : il coûte"))
		fail_msg("%s", e.message);
	arena_free(x->arena);
}

static void refuses_a_site_left_out(void **state)
{
	struct example *x = make();
	struct err e;
	(void)state;
	json_array_remove(find(x->answer, "status_quo.sites"), 0);
	assert_false(audit(x, &e));
	if (!strstr(e.message, "status_quo.sites : 1 sites décrits, 2 travaillent"))
		fail_msg("%s", e.message);
	arena_free(x->arena);
}

/* The certificate of the file, as it stands. */
static bool certify(struct example *x, bool *is_whole, struct err *e)
{
	struct jin root;
	double certified;
	char *said = json_dumps(x->answer, JSON_REAL_PRECISION(17));
	*e = (struct err){0};
	bool ok = jin_parse(x->arena, said, strlen(said), &root, e) &&
		  audit_certificate(x->arena, &x->m, &root, &certified, is_whole, e);
	free(said);
	return ok;
}

/* A rate said to be the only one where there may be several, and the other way round. */
static void refuses_a_rate_of_another_kind(void **state)
{
	struct example *x = make();
	struct err e;
	(void)state;
	json_string_set(find(x->answer, "finance.system.irr.kind"), "several");
	assert_false(audit(x, &e));
	assert_non_null(strstr(e.message, "finance.system.irr : le calcul donne « one »"));
	arena_free(x->arena);
}

/* The same with a platform too dear: what comes nearest is there, and is held to its word. */
static void refuses_a_nearest_platform_that_was_touched(void **state)
{
	static const struct {
		const char *path;
		double by;
		const char *said;
	} cases[] = {
		{"why.nearest.cost", 10, "plateforme la plus proche : le fichier dit"},
		{"why.nearest.missing_eur", 10, "why.nearest.missing_eur"},
		{"why.nearest.missing_eur_year", 100, "why.nearest.missing_eur_year"},
		{"why.nearest.missing_eur_t", 0.01, "why.nearest.missing_eur_t"},
		{"why.nearest.missing_capex_share", 0.01, "why.nearest.missing_capex_share"},
		{"why.nearest.plan.levels.0.level.1", -1, "flux"},
	};
	(void)state;
	for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
		struct example *x = make_from(dear);
		struct err e;
		if (!audit(x, &e))
			fail_msg("%s", e.message);
		set_up_number(find(x->answer, cases[n].path), cases[n].by);
		if (audit(x, &e))
			fail_msg("%s: accepted", cases[n].path);
		if (!strstr(e.message, cases[n].said))
			fail_msg("%s: %s", cases[n].path, e.message);
		arena_free(x->arena);
	}
}

static void evaluates_the_certificate_anew(void **state)
{
	struct example *x = make();
	struct err e;
	bool is_whole;
	(void)state;
	if (!certify(x, &is_whole, &e))
		fail_msg("%s", e.message);
	/* A bound that nothing proves: whole only with the search that says it raised it. */
	double certified = json_real_value(find(x->answer, "certified_bound"));
	json_real_set(find(x->answer, "bound"), certified + 10);
	assert_true(certify(x, &is_whole, &e) && !is_whole);
	json_integer_set(find(x->answer, "nodes"), 0);
	assert_false(certify(x, &is_whole, &e));
	assert_non_null(strstr(e.message, "ses multiplicateurs prouvent"));
	arena_free(x->arena);
}

static void refuses_a_certificate_that_was_touched(void **state)
{
	static const struct {
		const char *path;
		double by;
		const char *said;
	} cases[] = {
		{"certificate.price.0.0.0", 40, "borne certifiée : le fichier dit"},
		{"certificate.share.2.0.1", 1e4, "ne prouvent aucune borne"},
		{"certificate.share.2.0.0", -1e4, "ne prouvent aucune borne"},
		{"certified_bound", 10, "borne certifiée : le fichier dit"},
	};
	(void)state;
	for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
		struct example *x = make();
		struct err e;
		bool is_whole;
		set_up_number(find(x->answer, cases[n].path), cases[n].by);
		if (certify(x, &is_whole, &e))
			fail_msg("%s: accepted", cases[n].path);
		if (!strstr(e.message, cases[n].said))
			fail_msg("%s: %s", cases[n].path, e.message);
		arena_free(x->arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_the_solvers_own_figures),
		cmocka_unit_test(refuses_each_figure_that_was_touched),
		cmocka_unit_test(refuses_a_status_quo_that_is_not_the_cheapest),
		cmocka_unit_test(refuses_a_site_left_out),
		cmocka_unit_test(refuses_a_rate_of_another_kind),
		cmocka_unit_test(refuses_a_nearest_platform_that_was_touched),
		cmocka_unit_test(evaluates_the_certificate_anew),
		cmocka_unit_test(refuses_a_certificate_that_was_touched),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
