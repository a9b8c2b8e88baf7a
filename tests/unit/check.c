/* The checker and the plan file: a plan that was tampered with is refused with the reason. */
#include "check.h"

#include "jout.h"
#include "planfile.h"
#include "test.h"
#include "tiny.h"

enum { E, C, D, P1 = 0, P2 = 1 };

/* An existing plant for 100 t of flow 0 a year, and two candidates; flow 1 goes to candidates only.
 */
static struct tiny question(void)
{
	struct tiny t = {.points = 2,
		.sites = 3,
		.flows = 2,
		.years = 2,
		.levels = 2,
		.eur_km = 1,
		.max_platforms = 1,
		.life_years = 5,
		.closing_share = 0.1,
		.level = {{100, 1000, 10, 1}, {300, 2500, 20, 2}}};
	for (size_t k = 0; k < t.flows; k++) {
		t.flow[k].name = (int)k;
		t.flow[k].payload_t = 10;
		t.flow[k].growth[0] = t.flow[k].growth[1] = 1;
	}
	for (size_t i = 0; i < t.points; i++) {
		t.point[i].name = (int)i;
		t.point[i].lat = 47 + 0.1 * (double)i;
		t.point[i].lon = 2;
		t.point[i].tonnes[0] = 80;
		t.point[i].tonnes[1] = 40;
	}
	for (size_t j = 0; j < t.sites; j++) {
		t.site[j].name = (int)j;
		t.site[j].is_existing = j == E;
		t.site[j].lat = 47.5;
		t.site[j].lon = 2 + 0.1 * (double)j;
		t.site[j].offers[0] = true;
		t.site[j].offers[1] = j != E;
	}
	t.site[E].gate_eur_t[0] = 50;
	t.site[E].capacity_t[0] = 100;
	return t;
}

struct example {
	struct arena *arena;
	struct model m;
	struct plan p;
};

/* C opens for flow 0 at its small level and for flow 1; E is full, P2's flow 0 is split. */
static struct example make(struct arena *a)
{
	struct example x = {.arena = a};
	struct tiny t = question();
	tiny_model(a, &t, NULL, &x.m);
	x.p = plan_status_quo(a, &x.m);
	for (size_t y = 0; y < 2; y++) {
		plan_level(&x.m, &x.p, C, 0)[y] = 0;
		plan_level(&x.m, &x.p, C, 1)[y] = 0;
	}
	static const struct shipment all[] = {{0, 0, P1, E, 80}, {0, 0, P2, E, 20},
		{0, 0, P2, C, 60}, {0, 1, P1, E, 80}, {0, 1, P2, E, 20}, {0, 1, P2, C, 60},
		{1, 0, P1, C, 40}, {1, 0, P2, C, 40}, {1, 1, P1, C, 40}, {1, 1, P2, C, 40}};
	x.p.shipments = arena_alloc(a, sizeof all);
	memcpy(x.p.shipments, all, sizeof all);
	x.p.shipment_count = sizeof all / sizeof *all;
	x.p.cost = plan_cost(&x.m, &x.p);
	return x;
}

static void accepts_the_plan_and_prices_it(void **state)
{
	struct example x = make(*state);
	struct cost cost;
	struct err e;
	assert_ok(check_plan(*state, &x.m, &x.p, &cost, &e), e);
	assert_close(cost.total, x.p.cost.total);
	assert_true(cost.total > 0 && cost.change > 0 && cost.transport > 0);
}

typedef void tampering(struct example *x);

static void lose_a_tonne(struct example *x)
{
	x->p.shipments[0].tonnes -= 1;
}

static void add_a_tonne(struct example *x)
{
	x->p.shipments[6].tonnes += 1;
}

static void forget_a_shipment(struct example *x)
{
	x->p.shipment_count--;
}

static void send_twice(struct example *x)
{
	x->p.shipments[9] = x->p.shipments[8];
}

static void overload_the_plant(struct example *x)
{
	x->p.shipments[1].tonnes += 10;
	x->p.shipments[2].tonnes -= 10;
}

static void use_a_closed_line(struct example *x)
{
	x->p.shipments[6].site = D;
}

static void use_a_site_that_does_not_take_the_flow(struct example *x)
{
	x->p.shipments[6].site = E;
}

static void close_what_is_used(struct example *x)
{
	plan_level(&x->m, &x->p, C, 1)[1] = LEVEL_NONE;
}

static void invent_a_level(struct example *x)
{
	plan_level(&x->m, &x->p, C, 0)[1] = 2;
}

static void invent_a_level_below(struct example *x)
{
	plan_level(&x->m, &x->p, C, 0)[1] = -2;
}

static void close_an_existing_plant(struct example *x)
{
	plan_level(&x->m, &x->p, E, 0)[1] = LEVEL_NONE;
}

static void open_where_nothing_is_offered(struct example *x)
{
	plan_level(&x->m, &x->p, E, 1)[0] = 0;
}

static void open_one_too_many(struct example *x)
{
	plan_level(&x->m, &x->p, D, 0)[1] = 0;
}

static void ship_from_nowhere(struct example *x)
{
	x->p.shipments[3].point = 2;
}

static void ship_to_nowhere(struct example *x)
{
	x->p.shipments[3].site = 3;
}

static void ship_in_no_year(struct example *x)
{
	x->p.shipments[3].year = 2;
}

static void ship_no_flow(struct example *x)
{
	x->p.shipments[3].flow = 2;
}

static void ship_less_than_nothing(struct example *x)
{
	x->p.shipments[1].tonnes = -20;
	x->p.shipments[2].tonnes = 100;
}

static void ship_what_is_no_number(struct example *x)
{
	x->p.shipments[1].tonnes = NAN;
}

static void ask_for_single_sources(struct example *x)
{
	x->m.is_single_sourced = true;
}

static void ask_for_two_platforms(struct example *x)
{
	x->m.max_platforms = -1;
	x->m.min_platforms = 2;
}

static void cut_the_lane(struct example *x)
{
	double *haul = arena_array(x->arena, double, x->m.sites * x->m.points);
	const double **all = arena_array(x->arena, const double *, x->m.flows);
	memcpy(haul, x->m.haul[0], x->m.sites * x->m.points * sizeof *haul);
	haul[C * x->m.points + P1] = INFINITY;
	all[0] = all[1] = haul;
	x->m.haul = all;
}

static void refuses_what_was_tampered_with(void **state)
{
	static const struct {
		tampering *tamper;
		const char *said;
	} cases[] = {
		{lose_a_tonne,
			"flux « flow-0 », année 2027, point « point-0 » : 79.000000 t envoyées"},
		{add_a_tonne,
			"flux « flow-1 », année 2027, point « point-0 » : 41.000000 t envoyées"},
		{forget_a_shipment,
			"flux « flow-1 », année 2028, point « point-1 » : 0.000000 t envoyées"},
		{send_twice,
			"flux « flow-1 », année 2028, point « point-0 » : 80.000000 t envoyées"},
		{overload_the_plant,
			"site « site-0 », flux « flow-0 », année 2027 : 110.000 t reçues pour une"},
		{use_a_closed_line,
			"site « site-2 », flux « flow-1 », année 2027 : 40.000 t reçues pour une"},
		{use_a_site_that_does_not_take_the_flow,
			"site « site-0 », flux « flow-1 », année 2027 : 40.000 t reçues"},
		{close_what_is_used,
			"site « site-1 », flux « flow-1 », année 2028 : 80.000 t reçues pour une"},
		{invent_a_level,
			"site « site-1 », flux « flow-0 », année 2028 : le niveau 2 n’existe pas"},
		{invent_a_level_below,
			"site « site-1 », flux « flow-0 », année 2028 : le niveau -2 n’existe pas"},
		{close_an_existing_plant,
			"site « site-0 », flux « flow-0 », année 2028 : une ligne"},
		{open_where_nothing_is_offered,
			"site « site-0 », flux « flow-1 », année 2027 : le niveau 0 n’existe pas"},
		{open_one_too_many, "2 plateforme(s) ouverte(s), 1 au plus"},
		{ship_from_nowhere, "envoi 4 : indice hors du réseau"},
		{ship_to_nowhere, "envoi 4 : indice hors du réseau"},
		{ship_in_no_year, "envoi 4 : indice hors du réseau"},
		{ship_no_flow, "envoi 4 : indice hors du réseau"},
		{ship_less_than_nothing, "envoi 2 : -20 t"},
		{ship_what_is_no_number, "envoi 2 : nan t"},
		{ask_for_single_sources,
			"flux « flow-0 », année 2027, point « point-1 » : partagé entre 2 sites"},
		{ask_for_two_platforms, "1 plateforme(s) ouverte(s), il en faut au moins 2"},
		{cut_the_lane, "envoi 7 : 40 t du point « point-0 » au site « site-1 », trajet "
			       "impossible"},
	};
	for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
		struct example x = make(*state);
		struct cost cost;
		struct err e;
		cases[n].tamper(&x);
		assert_refused(check_plan(*state, &x.m, &x.p, &cost, &e), e, ERR_INFEASIBLE,
			cases[n].said);
	}
}

/* What sums of doubles lose is forgiven, what anybody would weigh is not. */
static void forgives_rounding_and_no_more(void **state)
{
	struct example x = make(*state);
	struct cost cost;
	struct err e;
	x.p.shipments[1].tonnes += 1e-6;
	assert_ok(check_plan(*state, &x.m, &x.p, &cost, &e), e);
	x.p.shipments[1].tonnes += 0.001;
	assert_refused(check_plan(*state, &x.m, &x.p, &cost, &e), e, ERR_INFEASIBLE,
		"point « point-1 » : 80.001");
}

static const char *write_plan(struct arena *a, const struct model *m, const struct plan *p)
{
	struct buf b;
	struct jout j;
	buf_init(&b, a, BUF_NO_LIMIT);
	jout_init(&j, &b);
	planfile_write(&j, m, p);
	return b.data;
}

static struct plan read_plan(
	struct arena *a, const struct model *m, const char *text, struct err *e)
{
	struct jin root;
	*e = (struct err){0};
	assert_ok(jin_parse(a, text, strlen(text), &root, e), *e);
	struct plan p = planfile_read(a, &root, m);
	if (!jin_failed(&root))
		assert_int_equal(e->kind, ERR_NONE);
	return p;
}

static void a_plan_file_reads_back_to_the_same_plan(void **state)
{
	struct example x = make(*state);
	struct err e;
	x.p.shipments[1].tonnes = 20 + 1.0 / 3; /* needs all its digits */
	x.p.shipments[2].tonnes = 80 - x.p.shipments[1].tonnes;
	struct plan back = read_plan(*state, &x.m, write_plan(*state, &x.m, &x.p), &e);
	assert_ok(!e.kind, e);
	assert_memory_equal(
		back.level, x.p.level, x.m.sites * x.m.flows * x.m.years * sizeof *back.level);
	assert_int_equal(back.shipment_count, x.p.shipment_count);
	double sent[2] = {0};
	for (size_t n = 0; n < back.shipment_count; n++) {
		bool is_found = false;
		for (size_t o = 0; o < x.p.shipment_count; o++)
			is_found |= !memcmp(
				&back.shipments[n], &x.p.shipments[o], sizeof *back.shipments);
		assert_true(is_found);
		sent[back.shipments[n].flow] += back.shipments[n].tonnes;
	}
	assert_close(sent[0], 320);
	assert_close(sent[1], 160);
	assert_close(plan_cost(&x.m, &back).total, plan_cost(&x.m, &x.p).total);
}

static void a_plan_file_is_refused_with_the_path(void **state)
{
	static const struct {
		const char *text, *said;
	} cases[] = {
		{"{\"routes\": []}", "levels : valeur manquante"},
		{"{\"levels\": []}", "routes : valeur manquante"},
		{"{\"levels\": [{\"site\": 3, \"flow\": 0, \"level\": [0, 0]}], \"routes\": []}",
			"levels[0].site : 3 est hors"},
		{"{\"levels\": [{\"site\": 1, \"flow\": -1, \"level\": [0, 0]}], \"routes\": []}",
			"levels[0].flow : -1 est hors"},
		{"{\"levels\": [{\"site\": 1, \"flow\": 0, \"level\": [0]}], \"routes\": []}",
			"levels[0].level : 1 élément"},
		{"{\"levels\": [{\"site\": 1, \"flow\": 0, \"level\": [0, 99]}], \"routes\": []}",
			"levels[0].level[1] : 99 est hors"},
		{"{\"levels\": [], \"routes\": [{\"flow\": 0, \"year\": 2, \"site\": [0, 0], "
		 "\"splits\": []}]}",
			"routes[0].year : 2 est hors"},
		{"{\"levels\": [], \"routes\": [{\"flow\": 0, \"year\": 0, \"site\": [0], "
		 "\"splits\": []}]}",
			"routes[0].site : 1 élément"},
		{"{\"levels\": [], \"routes\": [{\"flow\": 0, \"year\": 0, \"site\": [0, 3], "
		 "\"splits\": []}]}",
			"routes[0].site[1] : 3 est hors"},
		{"{\"levels\": [], \"routes\": [{\"flow\": 0, \"year\": 0, \"site\": [0, -1], "
		 "\"splits\": [[1, 0]]}]}",
			"routes[0].splits[0][2] : un nombre"},
		{"{\"levels\": [], \"routes\": [{\"flow\": 0, \"year\": 0, \"site\": [0, -1], "
		 "\"splits\": [[2, 0, 5]]}]}",
			"routes[0].splits[0][0] : 2 est hors"},
		{"{\"levels\": [], \"routes\": [{\"flow\": 0, \"year\": 0, \"site\": [0, -1], "
		 "\"splits\": [[1, 0, -5]]}]}",
			"routes[0].splits[0][2] : -5 est hors"},
	};
	struct example x = make(*state);
	for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
		struct err e;
		read_plan(*state, &x.m, cases[n].text, &e);
		assert_int_equal(e.kind, ERR_INVALID);
		assert_says(e.message, cases[n].said);
	}
}

/* What the example uses: two small lines of 1000 EUR bought in the first year, the
 * loads of C, and so on; a limit just below it is named with both figures, one just above it is kept. */
static void names_the_limit_that_is_broken(void **state)
{
	static const struct {
		struct limit limit;
		double less; /* what breaks it */
		const char *words;
	} cases[] = {
		{{LIMIT_BUDGET, 0, LIMIT_HORIZON, 2000}, 1999,
			"budget d’investissement de toutes les années : 2000.00 € dépensés"},
		{{LIMIT_BUDGET, 0, 0, 2000}, 1990, "budget d’investissement de l’année 2027"},
		{{LIMIT_MOST, C, 1, 140}, 139, "site « site-1 », année 2028 : 140.000 t reçues"},
		{{LIMIT_LEAST, C, 0, 140}, 141, "il en faut au moins 141.000"},
	};
	for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
		struct example x = make(*state);
		struct limit limit = cases[n].limit;
		struct cost cost;
		struct err e;
		x.m.limits = &limit;
		x.m.limit_count = 1;
		assert_ok(model_check(&x.m, &e), e);
		assert_ok(check_plan(*state, &x.m, &x.p, &cost, &e), e);
		limit.value = cases[n].less;
		assert_false(check_plan(*state, &x.m, &x.p, &cost, &e));
		assert_int_equal(e.kind, ERR_INFEASIBLE);
		assert_says(e.message, cases[n].words);
	}
}

static void names_the_cap_on_emissions_and_the_site_that_is_closed(void **state)
{
	struct tiny t = question();
	struct example x = make(*state);
	struct model capped;
	struct cost cost;
	struct err e;
	t.max_co2_t = 1e6;
	tiny_model(*state, &t, NULL, &capped);
	assert_ok(check_plan(*state, &capped, &x.p, &cost, &e), e);
	t.max_co2_t = 1e-3;
	tiny_model(*state, &t, NULL, &capped);
	assert_false(check_plan(*state, &capped, &x.p, &cost, &e));
	assert_says(e.message, "plafond d’émissions de toutes les années");
	t.max_co2_t = 0;
	t.max_co2_t_year = 1e-3;
	tiny_model(*state, &t, NULL, &capped);
	assert_false(check_plan(*state, &capped, &x.p, &cost, &e));
	assert_says(e.message, "plafond d’émissions de l’année 2027");
	t.max_co2_t_year = 0;
	t.site[D].forced = FORCED_OPEN;
	tiny_model(*state, &t, NULL, &capped);
	assert_false(check_plan(*state, &capped, &x.p, &cost, &e));
	assert_says(e.message, "site « site-2 », année 2027 : il doit être ouvert");
	/* Today's plants are not held to any of it. */
	assert_int_equal(capped.limit_count, 2);
}

/* The line lives two years: bought in the first, again in the third. */
static void counts_what_is_bought_again(void **state)
{
	struct tiny t = question();
	struct model m;
	t.years = 3;
	t.life_years = 2;
	t.flow[0].growth[2] = t.flow[1].growth[2] = 1;
	t.budget_eur = 1e6;
	tiny_model(*state, &t, NULL, &m);
	assert_int_equal(m.limit_count, 1);
	struct limit third = {LIMIT_BUDGET, 0, 2, 0};
	assert_int_equal(model_payments(&m, &m.limits[0], C, 0, 0), 2);
	assert_int_equal(model_payments(&m, &m.limits[0], C, 0, 1), 1);
	assert_int_equal(model_payments(&m, &third, C, 0, 0), 1);
	assert_int_equal(model_payments(&m, &third, C, 0, 1), 0);
	assert_int_equal(model_payments(&m, &third, C, 0, 2), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(accepts_the_plan_and_prices_it),
		WITH_AN_ARENA(refuses_what_was_tampered_with),
		WITH_AN_ARENA(forgives_rounding_and_no_more),
		WITH_AN_ARENA(a_plan_file_reads_back_to_the_same_plan),
		WITH_AN_ARENA(a_plan_file_is_refused_with_the_path),
		WITH_AN_ARENA(names_the_limit_that_is_broken),
		WITH_AN_ARENA(names_the_cap_on_emissions_and_the_site_that_is_closed),
		WITH_AN_ARENA(counts_what_is_bought_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
