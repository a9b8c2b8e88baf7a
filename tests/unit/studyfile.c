/* What a study asks: ranges and choices are read, every wrong one is refused with its path. */
#include "study.h"

#include "economy.h"
#include "file.h"
#include "test.h"

static struct network example(struct arena *a)
{
	char *bytes;
	size_t n;
	struct network net;
	struct err e;
	assert_ok(file_read(a, "docs/exemples/deux-regions.json", 1 << 20, &bytes, &n, &e), e);
	assert_ok(network_read(a, bytes, n, &net, &e), e);
	return net;
}

static bool read_text(struct arena *a, const struct network *net, const char *study,
	struct study *s, struct err *e)
{
	const char *text = arena_printf(a, "{\"study\": %s}", study);
	return study_read(a, text, strlen(text), net, s, e);
}

static void reads_what_is_asked(void **state)
{
	struct network net = example(*state);
	struct study s;
	struct err e;
	assert_ok(read_text(*state, &net,
			  "{\"gap\": 0.01, \"drivers\": [{\"id\": \"capex\", \"low\": 0.5, "
			  "\"high\": 2, \"most\": 3}], \"tipping\": true, \"tornado\": [\"opex\"], "
			  "\"frontier\": [[\"capex\", \"opex\"]], \"draws\": {\"count\": 7}, "
			  "\"sharing\": {\"players\": [\"Sud\", \"Nord\"]}}",
			  &s, &e),
		e);
	assert_close(s.gap, 0.01);
	assert_int_equal(s.subjects, driver_count);
	for (size_t n = 0; n < s.subjects; n++) {
		const struct subject *x = &s.subject[n];
		bool is_capex = x->range.driver == driver_find("capex");
		assert_true(x->wants_tipping);
		assert_int_equal(x->wants_tornado, x->range.driver == driver_find("opex"));
		if (is_capex) {
			assert_close(x->range.low, 0.5);
			assert_close(x->range.high, 2);
			assert_close(x->least, 0.1);
			assert_close(x->most, 3);
		}
	}
	assert_int_equal(s.frontiers, 1);
	assert_int_equal(s.draw_count, 7);
	assert_int_equal(s.draw_seed, 1);
	assert_int_equal(s.players, 2);
	assert_string_equal(net.region[s.player[0]], "Sud");
}

/* A rate stands where the network has it, and so do its ranges. */
static void ranges_of_a_value_go_around_it(void **state)
{
	struct network net = example(*state);
	struct study s;
	struct err e;
	assert_ok(read_text(*state, &net, "{}", &s, &e), e);
	for (size_t n = 0; n < s.subjects; n++)
		if (s.subject[n].range.driver == driver_find("discount_rate")) {
			assert_close(s.subject[n].range.low, 0.25 - 0.013);
			assert_close(s.subject[n].range.high, 0.25 + 0.015);
		}
	assert_int_equal(s.players, 0);
	assert_int_equal(s.draw_count, 0);
}

static void refuses_with_the_path(void **state)
{
	static const struct {
		const char *study, *said;
	} wrong[] = {
		{"null", "study : valeur manquante"},
		{"[]", "study : un objet JSON est attendu"},
		{"{\"drawz\": {}}", "study : champ inconnu « drawz »"},
		{"{\"gap\": 2}", "study.gap : 2 est hors"},
		{"{\"time_limit_s\": -1}", "study.time_limit_s : -1 est hors"},
		{"{\"drivers\": [{\"id\": \"weather\"}]}",
			"study.drivers[0] : levier inconnu « weather »"},
		{"{\"drivers\": [{\"low\": 1}]}", "study.drivers[0].id : valeur manquante"},
		{"{\"drivers\": [{\"id\": \"capex\", \"middle\": 1}]}",
			"study.drivers[0] : champ inconnu « middle »"},
		{"{\"drivers\": [{\"id\": \"capex\", \"low\": 1.1}]}",
			"study.drivers[0].low : 1.1 est au-dessus de la valeur d’aujourd’hui, 1"},
		{"{\"drivers\": [{\"id\": \"capex\", \"high\": 0.9}]}",
			"study.drivers[0].high : 0.9 est en dessous de la valeur d’aujourd’hui, 1"},
		{"{\"drivers\": [{\"id\": \"capex\", \"low\": 0.5, \"least\": 0.7}]}",
			"study.drivers[0].least : 0.7 est au-dessus de « low », 0.5"},
		{"{\"drivers\": [{\"id\": \"capex\", \"high\": 2, \"most\": 1.7}]}",
			"study.drivers[0].most : 1.7 est en dessous de « high », 2"},
		{"{\"drivers\": [{\"id\": \"capex\", \"low\": -1}]}",
			"study.drivers[0].low : -1 est hors des bornes [0, 10000]"},
		{"{\"drivers\": [{\"id\": \"volume_growth\", \"least\": -1.5}]}",
			"study.drivers[0].least : -1.5 est hors des bornes [-1, 10]"},
		{"{\"drivers\": [{\"id\": \"discount_rate\", \"low\": -1}]}",
			"study.drivers[0].low : -1 est hors des bornes [-0.5, 10]"},
		{"{\"tipping\": 3}", "study.tipping : "},
		{"{\"tornado\": [\"capex\", 5]}", "study.tornado[1] : un texte est attendu"},
		{"{\"tipping\": [\"weather\"]}", "study.tipping[0] : levier inconnu « weather »"},
		{"{\"frontier\": [[\"capex\"]]}",
			"study.frontier[0] : une frontière croise deux leviers"},
		{"{\"frontier\": [[\"capex\", \"capex\"]]}",
			"study.frontier[0] : une frontière croise deux leviers"},
		{"{\"frontier\": [[\"capex\", \"weather\"]]}",
			"study.frontier[0][1] : levier inconnu « weather »"},
		{"{\"draws\": {\"count\": 0}}", "study.draws.count : 0 est hors"},
		{"{\"draws\": {\"count\": 5001}}", "study.draws.count : 5001 est hors"},
		{"{\"draws\": {\"seed\": -1}}", "study.draws.seed : -1 est hors"},
		{"{\"draws\": {\"sobol\": true}}", "study.draws : champ inconnu « sobol »"},
		{"{\"sharing\": {}}", "study.sharing.players : valeur manquante"},
		{"{\"sharing\": {\"players\": [\"Nord\"]}}",
			"study.sharing.players : 1 élément : il en faut de 2 à 10"},
		{"{\"sharing\": {\"players\": [\"Nord\", \"Est\"]}}",
			"study.sharing.players[1] : région inconnue « Est »"},
		{"{\"sharing\": {\"players\": [\"Nord\", \"Nord\"]}}",
			"study.sharing.players[1] : la région « Nord » figure deux fois"},
		{"{\"sharing\": {\"players\": [\"Nord\", \"Ailleurs\"]}}",
			"study.sharing.players[1] : la région « Ailleurs » n’a pas de point"},
	};
	struct network net = example(*state);
	for (size_t n = 0; n < sizeof wrong / sizeof *wrong; n++) {
		struct study s;
		struct err e;
		assert_refused(read_text(*state, &net, wrong[n].study, &s, &e), e, ERR_INVALID,
			wrong[n].said);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(reads_what_is_asked),
		WITH_AN_ARENA(ranges_of_a_value_go_around_it),
		WITH_AN_ARENA(refuses_with_the_path),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
