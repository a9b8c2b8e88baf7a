/* Rounds that break a rule are refused, and answers that say something else than what is worked out anew. */
#include "roundsfile.h"
#include "test.h"

enum { PLACES = 4 };

struct world {
	struct vrp v;
	double km[PLACES * PLACES], zero[PLACES], load[PLACES], close[PLACES], release[PLACES],
		penalty[PLACES];
	uint32_t needs[PLACES];
	const char *names[PLACES];
	struct vehicle vehicle;
};

/* A line: the depot at 0, stops 1, 2 and 3 at 10, 20 and 30 km; one vehicle of 10, two trips. */
static void make(struct world *w)
{
	*w = (struct world){.load = {0, 4, 4, 4},
		.close = {INFINITY, INFINITY, INFINITY, INFINITY},
		.penalty = {0, INFINITY, INFINITY, 50},
		.names = {"d", "a", "b", "c"},
		.vehicle = {.count = 1,
			.capacity = {10},
			.fixed = 7,
			.per_km = 2,
			.close = INFINITY,
			.trips = 2}};
	for (size_t i = 0; i < PLACES; i++)
		for (size_t j = 0; j < PLACES; j++)
			w->km[i * PLACES + j] = 10 * fabs((double)i - (double)j);
	w->v = (struct vrp){.places = PLACES,
		.depots = 1,
		.types = 1,
		.dims = 1,
		.names = w->names,
		.km = w->km,
		.hours = w->km,
		.load = w->load,
		.service = w->zero,
		.open = w->zero,
		.close = w->close,
		.release = w->release,
		.penalty = w->penalty,
		.needs = w->needs,
		.vehicles = &w->vehicle,
		.has_time = true,
		.has_trips = true,
		.has_releases = true};
}

static const uint32_t two[] = {1, 2}, three[] = {1, 2, 3}, split[] = {1, 2, 0, 3};

static void adds_up_a_round_by_hand(void **state)
{
	struct world w;
	struct ruling r;
	struct err e;
	make(&w);
	w.release[3] = 100;
	struct tour tour = {0, 4, split};
	assert_ok(judge_rounds(*state, &w.v, &tour, 1, &r, &e), e);
	assert_near(r.of[0].km, 100, 1e-9);
	assert_near(r.cost, 207, 1e-9);
	assert_near(r.of[0].leave, 0, 0);
	assert_near(r.of[0].back, 160, 1e-9); /* home at 40, waits for 100, 60 there and back */
	assert_int_equal(r.of[0].trips, 2);
	assert_true(r.is_complete);
}

static void a_stop_may_be_left_out_for_its_penalty(void **state)
{
	struct world w;
	struct ruling r;
	struct err e;
	make(&w);
	struct tour tour = {0, 2, two};
	assert_ok(judge_rounds(*state, &w.v, &tour, 1, &r, &e), e);
	assert_near(r.cost, 7 + 2 * 40 + 50, 1e-9);
	assert_int_equal(r.unserved_count, 1);
	assert_true(r.is_complete);
	assert_ok(judge_rounds(*state, &w.v, &tour, 0, &r, &e), e);
	assert_false(r.is_complete);
}

static void refuse_tours(void **state, const struct world *w, const uint32_t *visit,
	uint32_t length, const char *words)
{
	struct ruling r;
	struct err e;
	struct tour tour = {0, length, visit};
	assert_refused(judge_rounds(*state, &w->v, &tour, 1, &r, &e), e, ERR_INFEASIBLE, words);
}

static void every_rule_is_looked_at(void **state)
{
	struct world w;
	make(&w);
	refuse_tours(state, &w, three, 3, "lieu c : la charge dépasse");
	refuse_tours(state, &w, (const uint32_t[]){1, 1}, 2, "lieu a : visité deux fois");
	refuse_tours(state, &w, (const uint32_t[]){0, 1}, 2, "déchargement sans collecte");
	refuse_tours(state, &w, (const uint32_t[]){1, 0, 2, 0, 3}, 5, "plus de voyages");
	refuse_tours(state, &w, two, 0, "sans arrêt");
	w.close[2] = 19;
	refuse_tours(state, &w, two, 2, "lieu b : le véhicule arrive après la fermeture");
	make(&w);
	w.release[1] = 81;
	w.vehicle.close = 120;
	refuse_tours(state, &w, two, 2, "rentre trop tard");
	make(&w);
	w.needs[2] = 4;
	refuse_tours(state, &w, two, 2, "lieu b : le véhicule n’a pas l’équipement");
	make(&w);
	struct ruling r;
	struct err e;
	struct tour tours[] = {{0, 1, three}, {0, 1, three + 1}};
	assert_refused(judge_rounds(*state, &w.v, tours, 2, &r, &e), e, ERR_INFEASIBLE,
		"il n’y en a que 1");
}

static void says_why_a_stop_has_no_round(void **state)
{
	struct world w;
	make(&w);
	assert_string_equal(judge_absence(*state, &w.v, 1).word, "fleet");
	assert_string_equal(judge_absence(*state, &w.v, 3).word, "price");
	w.vehicle.count = 0;
	assert_says(judge_absence(*state, &w.v, 1).text, "la flotte est vide");
	w.vehicle.count = 1;
	w.load[1] = 11;
	assert_string_equal(judge_absence(*state, &w.v, 1).word, "capacity");
	w.needs[2] = 1;
	assert_string_equal(judge_absence(*state, &w.v, 2).word, "skill");
	w.close[3] = 29;
	assert_string_equal(judge_absence(*state, &w.v, 3).word, "window");
}

static char *write(struct arena *a, const struct world *w, const char *from, const char *to)
{
	struct tour tour = {0, 4, split};
	struct rounds_answer answer = {
		.tours = &tour, .count = 1, .bound = 200, .sha256 = "abc", .seed = 1};
	struct ruling r;
	struct err e;
	struct buf b;
	struct jout j;
	assert_ok(judge_rounds(a, &w->v, &tour, 1, &r, &e), e);
	buf_init(&b, a, BUF_NO_LIMIT);
	jout_init(&j, &b);
	roundsfile_write(a, &j, &w->v, &answer, &r);
	char *at = strstr(b.data, from);
	if (!at)
		fail_msg("« %s » is not in %s", from, b.data);
	return arena_printf(a, "%.*s%s%s", (int)(at - b.data), b.data, to, at + strlen(from));
}

static bool check(struct arena *a, const struct world *w, const char *text, struct err *e)
{
	struct jin root;
	struct ruling r;
	return jin_parse(a, text, strlen(text), &root, e) &&
	       roundsfile_check(a, &w->v, "abc", &root, &r, e);
}

static void an_answer_that_was_changed_is_refused(void **state)
{
	static const struct {
		const char *from, *to, *words;
	} cases[] = {
		{"\"km\":100.0", "\"km\":99.0", "km vaut 99, le calcul donne 100"},
		{"\"cost\":207.0", "\"cost\":206.0", "cost vaut 206"},
		{"\"load\":[12.0]", "\"load\":[11.0]", "la charge vaut 11"},
		{"\"hours\":100.0", "\"hours\":90.0", "hours vaut 90"},
		{"\"trips\":2", "\"trips\":1", "trips vaut 1"},
		{"\"bound\":200.0", "\"bound\":201.0", "gap vaut"},
		{"\"bound\":200.0", "\"bound\":2000.0", "gap vaut"},
		{"\"status\":\"feasible\"", "\"status\":\"optimal\"", "l’état est feasible"},
		{"\"sha256\":\"abc\"", "\"sha256\":\"abd\"", "une autre instance"},
		{"\"a\",\"b\",\"d\",\"c\"", "\"a\",\"b\",\"c\"", "la charge dépasse"},
	};
	struct world w;
	struct err e;
	make(&w);
	const char *good = write(*state, &w, "abc", "abc");
	assert_ok(check(*state, &w, good, &e), e);
	for (size_t n = 0; n < sizeof cases / sizeof *cases; n++)
		assert_refused(check(*state, &w, write(*state, &w, cases[n].from, cases[n].to), &e),
			e, ERR_INFEASIBLE, cases[n].words);
}

/* A site at each end of the line, a and b between them: the left one has room for one stop. */
struct sited {
	struct world w;
	struct hub sites[2];
	struct vehicle vehicles[2];
};

static void make_sites(struct sited *s)
{
	make(&s->w);
	s->sites[0] = (struct hub){100, 4};
	s->sites[1] = (struct hub){60, 20};
	for (uint32_t d = 0; d < 2; d++) {
		s->vehicles[d] = s->w.vehicle;
		s->vehicles[d].count = VRP_UNLIMITED;
		s->vehicles[d].depot = d;
		s->vehicles[d].trips = 1;
	}
	s->w.v.depots = s->w.v.types = 2;
	s->w.v.sites = s->sites;
	s->w.v.vehicles = s->vehicles;
}

static void open_sites_cost_and_hold_what_they_hold(void **state)
{
	struct sited s;
	struct ruling r;
	struct err e;
	make_sites(&s);
	static const uint32_t b[] = {2}, c[] = {3}, both[] = {2, 3};
	struct tour tours[] = {{0, 1, b}, {1, 1, c}};
	assert_ok(judge_rounds(*state, &s.w.v, tours, 2, &r, &e), e);
	assert_near(r.site_cost, 160, 1e-9);
	assert_near(r.cost, 7 + 2 * 40 + 7 + 2 * 40 + 160, 1e-9);
	assert_near(r.site_load[0], 4, 1e-9);
	assert_ok(judge_rounds(*state, &s.w.v, tours + 1, 1, &r, &e), e);
	assert_near(r.site_cost, 60, 1e-9); /* the other stays closed */
	assert_false(r.is_open[0]);
	struct tour full = {0, 2, both};
	assert_refused(judge_rounds(*state, &s.w.v, &full, 1, &r, &e), e, ERR_INFEASIBLE,
		"site d : la charge 8 dépasse sa capacité 4");
	assert_string_equal(judge_absence(*state, &s.w.v, 2).word, "site");
}

static void an_answer_with_sites_is_held_against_them(void **state)
{
	static const struct {
		const char *from, *to, *words;
	} cases[] = {
		{"\"site_cost\":60.0", "\"site_cost\":0.0", "site_cost vaut 0, le calcul donne 60"},
		{"\"site\":\"a\"", "\"site\":\"d\"", "le site ouvert est a, non d"},
		{"\"room\":20.0", "\"room\":30.0", "room vaut 30"},
		{"\"load\":8.0", "\"load\":4.0", "load vaut 4"},
		{"\"vehicle\":2", "\"vehicle\":1", "site d : la charge 8"},
	};
	static const uint32_t both[] = {2, 3};
	struct sited s;
	struct err e;
	struct ruling r;
	make_sites(&s);
	struct tour tour = {1, 2, both};
	struct rounds_answer answer = {
		.tours = &tour, .count = 1, .bound = -INFINITY, .sha256 = "abc", .seed = 1};
	struct buf b;
	struct jout j;
	assert_ok(judge_rounds(*state, &s.w.v, &tour, 1, &r, &e), e);
	buf_init(&b, *state, BUF_NO_LIMIT);
	jout_init(&j, &b);
	roundsfile_write(*state, &j, &s.w.v, &answer, &r);
	assert_ok(check(*state, &s.w, b.data, &e), e);
	for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
		char *at = strstr(b.data, cases[n].from);
		assert_non_null(at);
		const char *text = arena_printf(*state, "%.*s%s%s", (int)(at - b.data), b.data,
			cases[n].to, at + strlen(cases[n].from));
		assert_refused(check(*state, &s.w, text, &e), e, ERR_INFEASIBLE, cases[n].words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(adds_up_a_round_by_hand),
		WITH_AN_ARENA(a_stop_may_be_left_out_for_its_penalty),
		WITH_AN_ARENA(every_rule_is_looked_at),
		WITH_AN_ARENA(says_why_a_stop_has_no_round),
		WITH_AN_ARENA(an_answer_that_was_changed_is_refused),
		WITH_AN_ARENA(open_sites_cost_and_hold_what_they_hold),
		WITH_AN_ARENA(an_answer_with_sites_is_held_against_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
