/* Games as files: every wrong one is refused in words that say where. */
#include "gamefile.h"

#include "test.h"

static bool read_text(struct arena *a, const char *text, struct gamefile *f, struct err *e)
{
	return gamefile_read(a, text, strlen(text), f, e);
}

static void reads_coalitions_in_any_order_of_the_file(void **state)
{
	struct gamefile f;
	struct err e;
	assert_ok(read_text(*state,
			  "{\"cost\": {\"b+c\": 6, \"a\": 1, \"a+b+c\": 7.5, \"c\": 4, \"a+b\": 3, "
			  "\"b\": 2, \"a+c\": 5}, \"players\": [\"a\", \"b\", \"c\"], "
			  "\"weight\": {\"c\": 3, \"a\": 0, \"b\": 2.5}, \"bound\": null}",
			  &f, &e),
		e);
	static const double cost[] = {0, 1, 2, 3, 4, 5, 6, 7.5};
	assert_int_equal(f.game.players, 3);
	for (coalition s = 0; s < 8; s++)
		assert_near(f.game.cost[s], cost[s], 0);
	assert_near(f.game.weight[1], 2.5, 0);
	assert_null(f.game.bound);
	assert_string_equal(gamefile_coalition(*state, &f, 5), "a+c");
}

static void refuses_what_is_no_game(void **state)
{
	static const struct {
		const char *text, *said;
		enum err_kind kind;
	} wrong[] = {
		{"{\"players\":[\"a\",\"b\"],\"cost\":{\"a\":1,\"b\":2}}",
			"cost : il manque la coalition « a+b »", ERR_INVALID},
		{"{\"players\":[\"a\",\"b\"],\"cost\":{}}",
			"cost : il manque 3 coalitions, dont « a »", ERR_INVALID},
		{"{\"players\":[\"a\",\"b\"],\"cost\":{\"a\":1,\"b\":2,\"a+c\":3}}",
			"cost.a+c : joueur inconnu « c »", ERR_INVALID},
		{"{\"players\":[\"a\"],\"cost\":{\"a\":1,\"\":0}}", "un nom de joueur manque",
			ERR_INVALID},
		{"{\"players\":[\"a\",\"b\"],\"cost\":{\"a\":1,\"b\":2,\"a+b+\":3}}",
			"cost.a+b+ : un nom de joueur manque", ERR_INVALID},
		{"{\"players\":[\"a\",\"b\"],\"cost\":{\"a\":1,\"b\":2,\"b+a\":3}}",
			"cost.b+a : dans l’ordre des joueurs, cette coalition s’écrit « a+b »",
			ERR_INVALID},
		{"{\"players\":[\"a\",\"b\"],\"cost\":{\"a\":1,\"b\":2,\"a+a\":3}}",
			"cost.a+a : le joueur « a » figure deux fois dans cette coalition",
			ERR_INVALID},
		{"{\"players\":[\"a\"],\"cost\":{\"a\":1,\"a\":2}}", "JSON illisible, ligne 1",
			ERR_MALFORMED},
		{"{\"players\":[\"a\"],\"cost\":{\"a\":NaN}}", "JSON illisible, ligne 1",
			ERR_MALFORMED},
		{"{\"players\":[\"a\"],\"cost\":{\"a\":\"NaN\"}}", "cost.a : un nombre est attendu",
			ERR_INVALID},
		{"{\"players\":[\"a\"],\"cost\":{\"a\":null}}", "cost.a : un nombre est attendu",
			ERR_INVALID},
		{"{\"players\":[\"a\"],\"cost\":{\"a\":1e300}}", "cost.a : 1e+300 est hors",
			ERR_INVALID},
		{"{\"players\":[\"a\"]}", "cost : valeur manquante", ERR_INVALID},
		{"{\"players\":[\"a\"],\"cost\":[1]}", "cost : un objet JSON est attendu",
			ERR_INVALID},
		{"{\"cost\":{\"a\":1}}", "players : valeur manquante", ERR_INVALID},
		{"{\"players\":[],\"cost\":{}}", "players : 0 élément : il en faut de 1 à 15",
			ERR_INVALID},
		{"{\"players\":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16],\"cost\":{}}",
			"players : 16 éléments : il en faut de 1 à 15", ERR_INVALID},
		{"{\"players\":[\"a\",\"b\",\"a\"],\"cost\":{}}",
			"players[2] : le joueur « a » figure deux fois", ERR_INVALID},
		{"{\"players\":[\"a+b\"],\"cost\":{}}", "players[0] : « a+b »", ERR_INVALID},
		{"{\"players\":[\"a\",\"\"],\"cost\":{}}",
			"players[1] : un joueur a besoin d’un nom", ERR_INVALID},
		{"{\"players\":[7],\"cost\":{}}", "players[0] : un texte est attendu", ERR_INVALID},
		{"{\"players\":[\"a\"],\"cost\":{\"a\":1},\"weights\":{}}",
			"champ inconnu « weights »", ERR_INVALID},
		{"{\"players\":[\"a\"],\"cost\":{\"a\":1},\"weight\":{\"a\":0}}",
			"weight : tous les poids sont nuls", ERR_INVALID},
		{"{\"players\":[\"a\"],\"cost\":{\"a\":1},\"weight\":{\"a\":-1}}",
			"weight.a : -1 est hors", ERR_INVALID},
		{"{\"players\":[\"a\"],\"cost\":{\"a\":1},\"weight\":{\"b\":1}}",
			"weight : champ inconnu « b »", ERR_INVALID},
		{"{\"players\":[\"a\",\"b\"],\"cost\":{\"a\":1,\"b\":2,\"a+b\":3},\"weight\":{"
		 "\"a\":"
		 "1}}",
			"weight.b : valeur manquante", ERR_INVALID},
		{"{\"players\":[\"a\",\"b\"],\"cost\":{\"a\":1,\"b\":2,\"a+b\":3},\"bound\":{\"a\":"
		 "1,\"b\":1}}",
			"bound : il manque la coalition « a+b »", ERR_INVALID},
		{"{\"players\":[\"a\"],\"cost\":{\"a\":1},\"bound\":{\"a\":1.5}}",
			"bound : la borne de « a », 1.5, dépasse son coût, 1", ERR_INVALID},
		{"[1, 2]", "un objet JSON est attendu", ERR_INVALID},
		{"{\"players\":[\"a\"],\"cost\":{\"a\":1}", "JSON illisible", ERR_MALFORMED},
		{"", "JSON illisible", ERR_MALFORMED},
	};
	for (size_t n = 0; n < sizeof wrong / sizeof *wrong; n++) {
		struct gamefile f;
		struct err e;
		assert_refused(
			read_text(*state, wrong[n].text, &f, &e), e, wrong[n].kind, wrong[n].said);
	}
}

/* A bound found by another road may lie above the cost by rounding. */
static void takes_a_bound_that_rounding_put_above_the_cost(void **state)
{
	struct gamefile f;
	struct err e;
	assert_ok(
		read_text(*state,
			"{\"players\":[\"a\"],\"cost\":{\"a\":1e6},\"bound\":{\"a\":1000000.0001}}",
			&f, &e),
		e);
}

static const char *answer(struct arena *a, const char *text)
{
	struct gamefile f;
	struct sharing s;
	struct err e;
	struct buf b;
	struct jout j;
	assert_ok(read_text(a, text, &f, &e), e);
	assert_ok(sharing_find(a, &f.game, &s, &e), e);
	buf_init(&b, a, BUF_NO_LIMIT);
	jout_init(&j, &b);
	gamefile_write(a, &j, &f, &s);
	return b.data;
}

static void writes_what_it_found(void **state)
{
	const char *text =
		answer(*state, "{\"players\":[\"a\",\"b\"],\"cost\":{\"a\":16,\"b\":48,\"a+b\":32},"
			       "\"bound\":{\"a\":7,\"b\":40,\"a+b\":31}}");
	assert_says(text, "{\"total\":32.0,\"shapley\":{\"a\":0.0,\"b\":32.0},");
	assert_says(text, "\"proportional\":{\"a\":8.0,\"b\":24.0}");
	assert_says(text, "\"equal_profit_within\":\"core\"");
	assert_says(text,
		"\"core\":{\"empty\":false,\"least_core_epsilon\":-16.0,\"objections\":[],"
		"\"stable\":{\"shapley\":\"certain\",\"nucleolus\":\"certain\","
		"\"proportional\":\"undecided\",\"equal_profit\":\"undecided\"}}");
	assert_says(text, "\"notes\":[]}");
}

static void says_what_is_odd_about_a_game(void **state)
{
	const char *text = answer(*state,
		"{\"players\":[\"Nord\",\"Sud\"],\"cost\":{\"Nord\":0,\"Sud\":0,\"Nord+Sud\":8}}");
	assert_says(
		text, "\"proportional\":null,\"equal_profit\":null,\"equal_profit_within\":null");
	assert_says(text, "\"empty\":true,\"least_core_epsilon\":4.0");
	assert_says(text, "{\"rule\":\"shapley\",\"coalition\":\"Nord\",\"pays\":4.0,\"alone\":0.0,"
			  "\"by\":4.0}");
	assert_says(text, "Le cœur est vide");
	assert_says(text, "ces deux partages ne sont pas définis");
	assert_says(text, "Ensemble, « Nord » et « Sud » coûtent 8,00 de plus");
	assert_null(strstr(text, "\"stable\""));
	assert_says(answer(*state, "{\"players\":[\"a\"],\"cost\":{\"a\":3}}"),
		"\"core\":{\"empty\":false,\"least_core_epsilon\":null,\"objections\":[]}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(reads_coalitions_in_any_order_of_the_file),
		WITH_AN_ARENA(refuses_what_is_no_game),
		WITH_AN_ARENA(takes_a_bound_that_rounding_put_above_the_cost),
		WITH_AN_ARENA(writes_what_it_found),
		WITH_AN_ARENA(says_what_is_odd_about_a_game),
	};
	return cmocka_run_group_tests_name("gamefile", tests, NULL, NULL);
}
