/* Location-routing files: read as Prodhon's conventions say, or refused with the line. */
#include "lrpfile.h"
#include "test.h"

#define PLACES   "2\r\n2\r\n\r\n0\t0\r\n9 0\n3 4\n1 1\n"
#define LOADS    "70\n\n140\n150\n\n17\n18\n"
#define OPENINGS "10841\n11961\n1000\n"
#define GOOD     PLACES LOADS OPENINGS "0\r\n"

static void reads_sites_then_stops(void **state)
{
	struct vrp v;
	struct err e;
	assert_ok(lrpfile_read(*state, GOOD, sizeof GOOD - 1, &v, &e), e);
	assert_int_equal(v.places, 4);
	assert_int_equal(v.depots, 2);
	assert_int_equal(v.types, 2);
	assert_string_equal(v.names[1], "d2");
	assert_string_equal(v.names[2], "1");
	assert_int_equal(v.vehicles[1].depot, 1);
	assert_int_equal(v.vehicles[1].count, VRP_UNLIMITED);
	assert_near(v.vehicles[1].capacity[0], 70, 0);
	assert_near(v.vehicles[1].fixed, 1000, 0);
	assert_near(v.sites[0].room, 140, 0);
	assert_near(v.sites[1].fixed, 11961, 0);
	assert_near(v.load[3], 18, 0);
	assert_near(vrp_km(&v, 0, 2), 500, 0);
	assert_near(vrp_km(&v, 0, 3), 142, 0); /* 141.42 rounded up */
	assert_near(v.grain, 1, 0);
}

static void real_costs_are_lengths(void **state)
{
	static const char file[] = PLACES LOADS OPENINGS "1\n";
	struct vrp v;
	struct err e;
	assert_ok(lrpfile_read(*state, file, sizeof file - 1, &v, &e), e);
	assert_near(vrp_km(&v, 0, 3), sqrt(2), 1e-12);
	assert_near(v.grain, 0, 0);
}

static void refuses_what_is_wrong_and_says_where(void **state)
{
	static const struct {
		const char *file, *words;
	} cases[] = {
		{"", "il manque le nombre d’arrêts"},
		{"0\n2\n", "ligne 1 : le nombre d’arrêts vaut 0, hors de 1 à 5000"},
		{"2.5\n2\n", "le nombre d’arrêts"},
		{"9999999\n2\n", "le nombre d’arrêts vaut 9999999"},
		{"2\n2000\n", "ligne 2 : le nombre de sites vaut 2000, hors de 1 à 1000"},
		{"2\n2\n0 0\n9 x\n", "ligne 4 : « x »"},
		{PLACES, "ligne 8 : le fichier s’arrête trop tôt, il manque la capacité d’un "
			 "véhicule"},
		{PLACES "nan\n", "« nan »"},
		{"5.5\n2\n", "ligne 1 : le nombre d’arrêts doit être un nombre entier, pas 5.5"},
		{PLACES "70\n140\n-150\n", "la capacité d’un site vaut -150, hors de 0"},
		{PLACES LOADS "10841\n", "il manque le coût d’un site"},
		{PLACES LOADS OPENINGS, "il manque le genre des coûts"},
		{PLACES LOADS OPENINGS "2\n", "le genre des coûts vaut 2, hors de 0 à 1"},
		{PLACES LOADS OPENINGS "0.5\n",
			"le genre des coûts doit être un nombre entier, pas 0.5"},
		{GOOD "7", "il y a des mots après la fin"},
	};
	for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
		struct vrp v;
		struct err e;
		assert_refused(lrpfile_read(*state, cases[n].file, strlen(cases[n].file), &v, &e),
			e, ERR_INVALID, cases[n].words);
	}
}

/* Every beginning of a good file is refused, the whole apart, with or without its last line break. */
static void refuses_every_truncation(void **state)
{
	for (size_t n = 0; n < sizeof GOOD - 3; n++) {
		struct arena *a = arena_new();
		char *part = memcpy(arena_alloc(a, n + 1), GOOD, n);
		struct vrp v;
		struct err e = {0};
		assert_false(lrpfile_read(a, part, n, &v, &e));
		assert_true(e.message[0]);
		arena_free(a);
	}
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(reads_sites_then_stops),
		WITH_AN_ARENA(real_costs_are_lengths),
		WITH_AN_ARENA(refuses_what_is_wrong_and_says_where),
		WITH_AN_ARENA(refuses_every_truncation),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
