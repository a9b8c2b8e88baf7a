/* The file of a question about rounds: what is refused and in which words; what leaves one pick-up out and the rest planned, with the
 * reason and what would help; files that were cut or spoiled. */
#include "absence.h"
#include "planning.h"
#include "roundsheet.h"
#include "routing.h"
#include "test.h"
#include "week.h"

/* Two hubs' worth of nothing special; each test changes a piece of it. */
static const char base[] =
	"{\"format\": \"recircuit-rounds-1\", \"days\": [\"lundi\", \"mardi\"],"
	" \"haulage\": {\"speed_km_h\": 50},"
	" \"matrix\": {\"km\": [[0, 25, 50], [25, 0, 30], [50, 30, 0]]},"
	" \"driving\": {\"max_h\": 9, \"before_break_h\": 4.5, \"break_min\": 45},"
	" \"flows\": [{\"id\": \"cage\", \"container\": \"cage\", \"weight_kg\": 200, "
	"\"volume_m3\": 1}, {\"id\": \"benne\", \"name\": \"Bennes\"}],"
	" \"hubs\": [{\"id\": \"H\", \"unload_min\": 30}],"
	" \"points\": [{\"id\": \"A\"}, {\"id\": \"B\", \"name\": \"<B>\"}],"
	" \"pickups\": [{\"id\": \"a\", \"point\": \"A\", \"service_min\": 30,"
	" \"loads\": [{\"flow\": \"cage\", \"units\": 5}]},"
	" {\"id\": \"b\", \"point\": \"B\", \"service_min\": 30,"
	" \"loads\": [{\"flow\": \"cage\", \"units\": 4}]}],"
	" \"vehicles\": [{\"id\": \"V\", \"hub\": \"H\", \"count\": 1, \"start_h\": 7, \"end_h\": "
	"15,"
	" \"capacity\": {\"weight_kg\": 2000}, \"flows\": [\"cage\"], \"eur_day\": 100, "
	"\"eur_km\": 1, \"eur_h\": 20}]}";

static const char *with(struct arena *a, const char *from, const char *to)
{
	const char *at = strstr(base, from);
	if (!at)
		fail_msg("« %s » is not in the question", from);
	return arena_printf(a, "%.*s%s%s", (int)(at - base), base, to, at + strlen(from));
}

static bool question(struct arena *a, const char *text, struct collection *c, struct err *e)
{
	return collection_read(a, text, strlen(text), c, e);
}

static void what_cannot_be_read_is_refused_with_its_name(void **state)
{
	static const struct {
		const char *from, *to, *words;
	} cases[] = {
		{"recircuit-rounds-1", "recircuit-network-1", "recircuit-rounds-1"},
		{"\"mardi\"]", "\"lundi\"]", "le jour « lundi » figure deux fois"},
		{"\"id\": \"B\"", "\"id\": \"A\"", "l’identifiant « A » figure deux fois"},
		{"\"id\": \"b\"", "\"id\": \"a\"",
			"collecte « a », pickups[1] : l’identifiant « a » figure deux fois"},
		{"\"id\": \"A\"", "\"id\": \"H\"", "l’identifiant « H » figure deux fois"},
		{"\"point\": \"B\"", "\"point\": \"C\"",
			"collecte « b », pickups[1] : le point « C » n’existe pas"},
		{"\"hub\": \"H\"", "\"hub\": \"K\"",
			"véhicule « V », vehicles[0] : le dépôt « K » n’existe pas"},
		{"\"flow\": \"cage\"", "\"flow\": \"bac\"", "le flux « bac » n’existe pas"},
		{"\"units\": 5", "\"units\": NaN", "JSON illisible"},
		{"\"units\": 5", "\"units\": 1e999", "JSON illisible"},
		{"\"units\": 5", "\"units\": -1", "hors des bornes"},
		{"\"units\": 5", "\"units\": \"5\"", "un nombre est attendu"},
		{"\"eur_km\": 1", "\"eur_km\": -1", "véhicule « V », vehicles[0].eur_km"},
		{"\"eur_km\": 1", "\"eur_kms\": 1", "eur_kms"},
		{"\"end_h\": 15", "\"end_h\": 6",
			"la journée finit à 6 h avant de commencer à 7 h"},
		{"[25, 0, 30]", "[25, 0]", "2 valeurs pour 3 lieux"},
		{"[25, 0, 30]", "[25, 0, \"x\"]", "un nombre est attendu"},
		{" \"matrix\": {\"km\": [[0, 25, 50], [25, 0, 30], [50, 30, 0]]},", "",
			"dépôt « H », hubs[0].lat : valeur manquante"},
		{"\"unload_min\": 30", "\"windows\": [{\"open_h\": 9, \"close_h\": 8}]",
			"dépôt « H », hubs[0] : une fenêtre ferme à 8 h avant d’ouvrir à 9 h"},
	};
	struct collection c;
	struct err e;
	assert_ok(question(*state, base, &c, &e), e);
	for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
		e = (struct err){0};
		if (question(*state, with(*state, cases[n].from, cases[n].to), &c, &e))
			fail_msg("accepted, « %s » was expected", cases[n].words);
		assert_says(e.message, cases[n].words);
		assert_int_equal(err_exit_status(e.kind), 2);
	}
}

static void solve(struct arena *a, const struct collection *c, struct itinerary *it)
{
	struct posing p;
	struct routing_options o = {.turns = 1, .threads = 1, .seed = 1};
	struct routing_answer found = {0};
	struct err e;
	size_t count;
	posing_make(a, c, &p);
	if (p.vrp.places > p.vrp.depots)
		routing_solve(a, &p.vrp, &o, &found);
	struct outing *outings = planning_outings(a, c, &p, &found.best, &count);
	assert_ok(itinerary_make(a, c, outings, count, it, &e), e);
}

static const struct remedy *remedy_of(const struct absence *why, const char *kind)
{
	for (size_t n = 0; n < why->remedies; n++)
		if (!strcmp(why->remedy[n].kind, kind))
			return &why->remedy[n];
	return NULL;
}

/* Pick-up `a` has a problem of its own: `b` is planned all the same, and with what the remedy says `a` is as well. */
static void one_that_cannot_be_served_leaves_the_rest_planned(void **state)
{
	static const struct {
		const char *from, *to, *reason, *words, *kind, *cured;
		double value;
	} cases[] = {
		{"\"units\": 5", "\"units\": 11", "capacity",
			"il demande 2\u202f200 kg, aucun véhicule ne prend plus de "
			"2\u202f000 kg",
			"capacity", NULL, 2200},
		{"\"service_min\": 30,", "\"service_min\": 30, \"skills\": [\"grue\"],", "skill",
			"aucun véhicule assez grand n’a ce qu’il faut : grue", "skill", NULL, 1},
		{"\"units\": 5}", "\"units\": 5}, {\"flow\": \"benne\", \"units\": 0}", "skill",
			"aucun véhicule assez grand ne prend : Bennes", "skill", NULL, 1},
		{"[[0, 25, 50]", "[[0, null, 50]", "no_way", "aucun chemin n’y mène", NULL, NULL,
			0},
		{"\"id\": \"A\"", "\"id\": \"A\", \"windows\": [{\"open_h\": 9, \"close_h\": 8}]",
			"window", "sa fenêtre ferme à 8 h 00 avant d’ouvrir à 9 h 00", NULL, NULL,
			0},
		{"\"id\": \"A\"", "\"id\": \"A\", \"windows\": []", "window",
			"il n’est ouvert aucun jour", NULL, NULL, 0},
		{"\"id\": \"A\"", "\"id\": \"A\", \"windows\": [{\"open_h\": 7, \"close_h\": 7.5}]",
			"window", "dans ses heures d’ouverture", "window",
			"\"id\": \"A\", \"windows\": [{\"open_h\": 7, \"close_h\": 8}]", 8},
		{"\"id\": \"A\"", "\"id\": \"A\", \"windows\": [{\"open_h\": 14, \"close_h\": 16}]",
			"window", "n’est rentré à temps", "shift", NULL, 15.5},
		{"[[0, 25, 50], [25,", "[[0, 250, 50], [250,", "driving",
			"demande 10 h 00 de conduite, plus que les 9 h 00", "driving", NULL, 10},
		{"\"service_min\": 30,", "\"service_min\": 30, \"penalty_eur\": 10,", "price",
			"le laisser coûte 10,00 €", "price",
			"\"service_min\": 30, \"penalty_eur\": 17.01,", 17.01},
		{"\"service_min\": 30,", "\"service_min\": 30, \"visits\": 2, \"gap_days\": 2,",
			"spread", "à moins de 2 jours d’un autre passage", "gap",
			"\"service_min\": 30, \"visits\": 2, \"gap_days\": 1,", 1},
		{"\"service_min\": 30,", "\"service_min\": 30, \"visits\": 3,", "spread",
			"chaque jour où l’on peut y passer a déjà son passage", "visits",
			"\"service_min\": 30, \"visits\": 2,", 2},
		{"\"service_min\": 30,", "\"service_min\": 450,", "window", "n’est rentré à temps",
			"shift", NULL, 16},
	};
	for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
		struct collection c;
		struct itinerary it;
		struct err e;
		assert_ok(question(*state, with(*state, cases[n].from, cases[n].to), &c, &e), e);
		solve(*state, &c, &it);
		assert_int_equal(it.unserved_count, 1);
		assert_int_equal(it.unserved[0].pickup, 0);
		assert_true(it.rounds > 0);
		struct absence *why = absence_explain(*state, &c, &it);
		if (strcmp(why->reason, cases[n].reason))
			fail_msg("%s: the reason is %s (%s)", cases[n].to, why->reason, why->text);
		assert_says(why->text, cases[n].words);
		if (!cases[n].kind)
			continue;
		const struct remedy *r = remedy_of(why, cases[n].kind);
		if (!r)
			fail_msg("%s: no remedy of the kind %s", cases[n].to, cases[n].kind);
		assert_near(r->value, cases[n].value, 0.011);
		if (!cases[n].cured)
			continue;
		assert_ok(question(*state, with(*state, cases[n].from, cases[n].cured), &c, &e), e);
		solve(*state, &c, &it);
		assert_int_equal(it.unserved_count, 0);
	}
}

/* Whose hours would have to be longer, and from when to when; with those hours the visit is made. */
static void a_hub_whose_hours_forbid_it_is_told(void **state)
{
	static const struct {
		const char *windows, *reason, *kind, *words;
	} cases[] = {
		{"[]", "no_fleet", "hub", "lundi : le dépôt « H » ouvert de 7 h 00 à 9 h 00"},
		{"[{\"open_h\": 8, \"close_h\": 8.2}]", "window", "hub",
			"lundi : le dépôt « H » ouvert de 7 h 00 à 9 h 00"},
		{"[{\"open_h\": 5, \"close_h\": 6.5}]", "window", "hub",
			"lundi : le dépôt « H » ouvert de 7 h 00 à 9 h 00"},
	};
	struct collection c;
	struct itinerary it;
	struct err e;
	for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
		const char *hours = arena_printf(
			*state, "\"unload_min\": 30, \"windows\": %s", cases[n].windows);
		assert_ok(question(*state, with(*state, "\"unload_min\": 30", hours), &c, &e), e);
		solve(*state, &c, &it);
		assert_int_equal(it.unserved_count, 2);
		struct absence *why = absence_explain(*state, &c, &it);
		assert_string_equal(why->reason, cases[n].reason);
		const struct remedy *r = remedy_of(why, cases[n].kind);
		assert_non_null(r);
		assert_string_equal(r->text, cases[n].words);
		assert_near(r->value, 9, 1e-9);
	}
	static const char cured[] =
		"\"unload_min\": 30, \"windows\": [{\"open_h\": 7, \"close_h\": 9}]";
	assert_ok(question(*state, with(*state, "\"unload_min\": 30", cured), &c, &e), e);
	solve(*state, &c, &it);
	assert_int_equal(it.unserved_count, 1);
	assert_int_equal(it.unserved[0].pickup, 1);
	/* The shift ends when the hub closes: one without the other would be of no use. */
	struct carrier brief = *c.carrier;
	brief.end = 9;
	c.carrier = &brief;
	const struct absence *why = absence_explain(*state, &c, &it);
	assert_int_equal(why->remedies, 1);
	assert_string_equal(why->remedy[0].text,
		"lundi : le dépôt « H » ouvert et son véhicule « V » au travail jusqu’à 10 h 00");
}

static void a_fleet_that_is_too_small_or_empty_is_told(void **state)
{
	struct collection c;
	struct itinerary it;
	struct err e;
	const char *only = "\"count\": 1, \"days\": [\"lundi\"],";
	assert_ok(question(*state, with(*state, "\"weight_kg\": 2000", "\"weight_kg\": 1000"), &c,
			  &e),
		e);
	struct carrier few = *c.carrier;
	few.days = 1;
	c.carrier = &few;
	solve(*state, &c, &it);
	assert_int_equal(it.unserved_count, 1);
	struct absence *why = absence_explain(*state, &c, &it);
	assert_string_equal(why->reason, "fleet");
	assert_says(remedy_of(why, "vehicle")->text,
		"lundi : un véhicule « V » de plus au dépôt « H »");
	few.count = 2;
	solve(*state, &c, &it);
	assert_int_equal(it.unserved_count, 0);
	assert_ok(question(*state, with(*state, "\"count\": 1,", "\"count\": 0,"), &c, &e), e);
	solve(*state, &c, &it);
	assert_int_equal(it.unserved_count, 2);
	assert_string_equal(absence_explain(*state, &c, &it)->reason, "no_fleet");
	c.carriers = 0;
	solve(*state, &c, &it);
	assert_says(absence_explain(*state, &c, &it)->text, "la flotte est vide");
	assert_ok(question(*state, with(*state, "\"count\": 1,", only), &c, &e), e);
	solve(*state, &c, &it);
	assert_int_equal(it.unserved_count, 0);
}

/* Cut anywhere, and with a byte changed anywhere: refused in words, or read; planned, then. */
static void a_file_that_is_cut_or_spoiled_does_no_harm(void **state)
{
	struct arena *own = arena_new();
	uint64_t seed = 5;
	struct collection c;
	struct itinerary it;
	struct err e;
	size_t refused = 0, length = strlen(base);
	(void)state;
	for (size_t n = 0; n < length; n++) {
		if (collection_read(own, base, n, &c, &e))
			fail_msg("accepted when cut at %zu", n);
		assert_true(strlen(e.message) > 0);
		arena_reset(own);
	}
	for (size_t n = 0; n < 4 * length; n++) {
		static const char odd[] = "\"{}[]:,0123456789.-+eE ntfl\\\x01\xff";
		char *text = arena_strdup(own, base);
		text[n % length] = odd[test_pick(&seed, sizeof odd - 1)];
		if (collection_read(own, text, length, &c, &e))
			solve(own, &c, &it);
		else
			refused++;
		arena_reset(own);
	}
	assert_true(refused > length);
	arena_free(own);
}

/* The same for an answer. */
static void an_answer_that_is_cut_or_spoiled_does_no_harm(void **state)
{
	struct arena *own = arena_new();
	uint64_t seed = 6;
	struct collection c;
	struct itinerary it, other;
	struct planning_head head = {.sha256 = "abc", .seed = 1, .bound = -INFINITY};
	struct err e;
	struct buf b;
	struct jout j;
	assert_ok(question(*state, with(*state, "\"units\": 5", "\"units\": 11"), &c, &e), e);
	solve(*state, &c, &it);
	buf_init(&b, *state, BUF_NO_LIMIT);
	jout_init(&j, &b);
	planning_write(*state, &j, &head, &it);
	size_t accepted = 0;
	for (size_t n = 0; n < 4 * b.len; n++) {
		static const char odd[] = "\"{}[]:,0123456789.-+eE ntfl\\\x01\xff";
		bool is_cut = n < b.len;
		char *text = arena_strndup(own, b.data, is_cut ? n : b.len);
		struct jin root;
		if (!is_cut)
			text[n % b.len] = odd[test_pick(&seed, sizeof odd - 1)];
		bool ok = jin_parse(own, text, strlen(text), &root, &e) &&
			  planning_check(own, &c, "abc", &root, &other, &e);
		assert_false(is_cut && ok);
		accepted += ok;
		arena_reset(own);
	}
	/* What still passes is the same byte again, or in a figure that nothing hangs on. */
	assert_true(accepted < b.len / 3);
	arena_free(own);
}

static const char *written(struct arena *a, const struct itinerary *it, const char *shape)
{
	struct buf b;
	buf_init(&b, a, BUF_NO_LIMIT);
	roundsheet_find(shape)(a, &b, it);
	return b.data;
}

static void other_shapes_say_the_same(void **state)
{
	struct collection c;
	struct itinerary it;
	struct err e;
	struct jin root;
	assert_ok(question(*state, base, &c, &e), e);
	solve(*state, &c, &it);
	assert_int_equal(it.rounds, 1);
	const char *csv = written(*state, &it, "csv"), *sheet = written(*state, &it, "sheet");
	size_t lines = 0;
	for (const char *at = csv; *at; at++)
		lines += *at == '\n';
	assert_int_equal(lines, 1 + it.round[0].halts);
	assert_says(csv, "\"5 × cage (cage)\"");
	assert_says(sheet, "Tournée 1 — lundi");
	assert_says(sheet, "&lt;B&gt;");
	assert_says(sheet, "5 × cage");
	assert_says(sheet, "départ 7 h 00");
	assert_null(roundsheet_find("pdf"));
	/* Without coordinates there is nothing to draw. */
	const char *map = written(*state, &it, "geojson");
	assert_ok(jin_parse(*state, map, strlen(map), &root, &e), e);
	assert_int_equal(jin_array(&root, "features", 0, 0).count, 0);
}

static void the_map_of_a_week_has_a_line_for_each_round(void **state)
{
	struct buf b;
	struct jout j;
	struct collection c;
	struct itinerary it;
	struct err e;
	struct jin root;
	buf_init(&b, *state, BUF_NO_LIMIT);
	jout_init(&j, &b);
	week_generate(*state, &j, 12, 1);
	assert_ok(collection_read(*state, b.data, b.len, &c, &e), e);
	assert_int_equal(c.hubs, 3);
	assert_int_equal(c.flows, 6);
	assert_int_equal(c.places, 15);
	solve(*state, &c, &it);
	const char *map = written(*state, &it, "geojson");
	assert_ok(jin_parse(*state, map, strlen(map), &root, &e), e);
	struct jin features = jin_array(&root, "features", 1, 1000);
	assert_int_equal(features.count, it.rounds + it.visits);
	struct jin one = jin_item(&features, 0), geometry = jin_object(&one, "geometry");
	assert_int_equal(jin_array(&geometry, "coordinates", 1, 100).count, it.round[0].halts);
}

static void an_amount_below_two_is_singular(void **state)
{
	assert_string_equal(cargo_text(*state, CARGO_SKIPS, 1), "1 benne");
	assert_string_equal(cargo_text(*state, CARGO_SKIPS, 2), "2 bennes");
	assert_string_equal(cargo_text(*state, CARGO_PLACES, 1.5), "1,5 place au sol");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(an_amount_below_two_is_singular),
		WITH_AN_ARENA(what_cannot_be_read_is_refused_with_its_name),
		WITH_AN_ARENA(one_that_cannot_be_served_leaves_the_rest_planned),
		WITH_AN_ARENA(a_hub_whose_hours_forbid_it_is_told),
		WITH_AN_ARENA(a_fleet_that_is_too_small_or_empty_is_told),
		WITH_AN_ARENA(a_file_that_is_cut_or_spoiled_does_no_harm),
		WITH_AN_ARENA(an_answer_that_is_cut_or_spoiled_does_no_harm),
		WITH_AN_ARENA(other_shapes_say_the_same),
		WITH_AN_ARENA(the_map_of_a_week_has_a_line_for_each_round),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
