/* Files of the literature: read as their conventions say, or refused with the line. */
#include "vrplib.h"
#include "test.h"

#define HEAD  "NAME : x\nTYPE : CVRP\nDIMENSION : 3\nEDGE_WEIGHT_TYPE : EUC_2D\nCAPACITY : 10\n"
#define PLACE "NODE_COORD_SECTION\n1 0 0\n2 3 4\n3 1 1\n"
#define LOADS "DEMAND_SECTION\n1 0\n2 4\n3 7\n"
#define MANY \
	"TYPE : MTVRPTWR\nDIMENSION : 3\nVEHICLES : 1\nCAPACITY : 10\n" PLACE LOADS \
	"TIME_WINDOW_SECTION\n1 0 90\n2 0 90\n3 0 90\n"
#define DEPOT "DEPOT_SECTION\n1\n-1\nEOF\n"

static void reads_a_capacitated_problem(void **state)
{
	static const char file[] = HEAD PLACE LOADS DEPOT;
	struct vrp v;
	struct err e;
	assert_ok(vrplib_read(*state, file, sizeof file - 1, &v, &e), e);
	assert_int_equal(v.places, 3);
	assert_int_equal(v.types, 1);
	assert_int_equal(v.vehicles[0].count, VRP_UNLIMITED);
	assert_near(v.vehicles[0].capacity[0], 10, 0);
	assert_near(vrp_km(&v, 0, 1), 5, 0);
	assert_near(vrp_km(&v, 0, 2), 1, 0); /* 1.41 to the nearest whole number */
	assert_near(v.load[2], 7, 0);
	assert_near(v.grain, 1, 0);
	assert_false(v.has_time || v.has_trips);
}

static void puts_the_depot_first_and_keeps_names(void **state)
{
	static const char file[] = HEAD PLACE LOADS "DEPOT_SECTION\n3\n-1\nEOF\n";
	struct vrp v;
	struct err e;
	assert_ok(vrplib_read(*state, file, sizeof file - 1, &v, &e), e);
	assert_string_equal(v.names[0], "3");
	assert_string_equal(v.names[2], "1");
	assert_near(v.load[0], 7, 0);
	assert_near(vrp_km(&v, 0, 1), 4, 0); /* (1, 1) to (3, 4): 3.61 */
}

static void truncates_where_there_are_windows(void **state)
{
	static const char file[] =
		"TYPE : VRPTW\nDIMENSION : 3\nCAPACITY : 10\nSERVICE_TIME : 9\n" PLACE LOADS
		"TIME_WINDOW_SECTION\n1 0 100\n2 5 50\n3 6 60\n" DEPOT;
	struct vrp v;
	struct err e;
	assert_ok(vrplib_read(*state, file, sizeof file - 1, &v, &e), e);
	assert_near(vrp_km(&v, 0, 2), 1.4, 1e-12);
	assert_near(v.close[1], 50, 0);
	assert_near(v.service[1], 9, 0);
	assert_near(v.service[0], 0, 0);
	assert_true(v.has_time);
}

static void vehicles_that_are_alike_are_one_type(void **state)
{
	static const char file[] =
		"TYPE : HFVRP\nDIMENSION : 3\nVEHICLES : 3\n" PLACE LOADS
		"CAPACITY_SECTION\n1 9\n2 9\n3 20\n"
		"VEHICLES_FIXED_COST_SECTION\n1 100\n2 100\n3 250\n"
		"VEHICLES_UNIT_DISTANCE_COST_SECTION\n1 100\n2 100\n3 150\n" DEPOT;
	struct vrp v;
	struct err e;
	assert_ok(vrplib_read(*state, file, sizeof file - 1, &v, &e), e);
	assert_int_equal(v.types, 2);
	assert_int_equal(v.vehicles[0].count, 2);
	assert_int_equal(v.vehicles[1].count, 1);
	assert_near(v.vehicles[1].fixed, 2.5, 1e-12);
	assert_near(v.vehicles[1].per_km, 1.5, 1e-12);
	assert_near(vrp_km(&v, 0, 2), sqrt(2), 1e-12);
}

/* The same file with other blanks; a fleet of nobody; several trips a vehicle. */
static void reads_blanks_of_all_sorts(void **state)
{
	static const char file[] = HEAD PLACE LOADS DEPOT;
	char *tabs = arena_strdup(*state, file), *lines = arena_alloc(*state, 2 * sizeof file);
	struct vrp v;
	struct err e;
	size_t n = 0;
	for (char *at = tabs; *at; at++)
		*at = *at == ' ' ? '\t' : *at;
	for (const char *at = file; *at; at++) {
		if (*at == '\n')
			lines[n++] = '\r';
		lines[n++] = *at;
	}
	const char *files[] = {tabs, arena_strndup(*state, lines, n)};
	for (size_t k = 0; k < 2; k++) {
		assert_ok(vrplib_read(*state, files[k], strlen(files[k]), &v, &e), e);
		assert_near(vrp_km(&v, 0, 1), 5, 0);
		assert_near(v.load[2], 7, 0);
	}
}

static void reads_who_unloads_on_the_way_and_a_fleet_of_none(void **state)
{
	static const char many[] = MANY "VEHICLES_RELOAD_DEPOT_SECTION\n1 1\n" DEPOT,
			  none[] =
				  "TYPE : HFVRP\nDIMENSION : 3\nVEHICLES : 0\nCAPACITY : 10\n" PLACE
					  LOADS DEPOT;
	struct vrp v;
	struct err e;
	assert_ok(vrplib_read(*state, many, sizeof many - 1, &v, &e), e);
	assert_true(v.has_trips);
	assert_int_equal(v.vehicles[0].count, 1);
	assert_ok(vrplib_read(*state, none, sizeof none - 1, &v, &e), e);
	assert_int_equal(v.types, 0);
}

static void refuses_what_is_wrong_and_says_where(void **state)
{
	static const struct {
		const char *file, *words;
	} cases[] = {
		{"", "DIMENSION manque"},
		{"DIMENSION : 99999999\n", "DIMENSION vaut 99999999"},
		{"DIMENSION : 1\n", "DIMENSION vaut 1, hors de 2 à"},
		{"DIMENSION : -3\n", "ligne 1 : DIMENSION vaut « -3 »"},
		{"DIMENSION : 3.5\n", "ligne 1 : DIMENSION vaut « 3.5 »"},
		{"DIMENSION : trois\n", "ligne 1 : DIMENSION vaut « trois »"},
		{"DIMENSION : 3\n" PLACE, "TYPE manque"},
		{"TYPE : TSP\n", "ligne 1 : TYPE vaut « TSP »"},
		{"TYPE : HFVRP\nDIMENSION : 3\n" PLACE, "VEHICLES manque"},
		{"TYPE : HFVRP\nDIMENSION : 3\nVEHICLES : 900000\n" PLACE, "VEHICLES vaut 900000"},
		{"TYPE : CVRP\nDISTANCE : 5\n", "ligne 2 : une longueur de tournée limitée"},
		{HEAD, "sans NODE_COORD_SECTION"},
		{HEAD PLACE, "sans DEMAND_SECTION"},
		{HEAD "NODE_COORD_SECTION\n1 0 0\n2 3", "ligne 8 : le fichier s’arrête trop tôt"},
		{HEAD "NODE_COORD_SECTION\n1 0 0\n2 3 x\n", "ligne 8 : « x » n’est pas un nombre"},
		{HEAD "NODE_COORD_SECTION\n1 0 0\n1 3 4\n", "ligne 8 : le rang 1 paraît deux fois"},
		{HEAD "NODE_COORD_SECTION\n1 0 0\n4 3 4\n", "hors de 1 à 3"},
		{HEAD "NODE_COORD_SECTION\n1 0 0\n1.5 3 4\n",
			"ligne 8 : une coordonnée doit être un nombre entier, pas 1.5"},
		{HEAD PLACE "DEMAND_SECTION\n1 0\n2 -4\n", "hors de 0 à 1e+12"},
		{HEAD "NODE_COORD_SECTION\n1 0 0\n2 3 4\n" LOADS DEPOT,
			"ligne 9 : « DEMAND_SECTION » vient trop tôt, il manque une coordonnée"},
		{HEAD PLACE "4 8 8\n" LOADS DEPOT, "ligne 10 : « 4 » est de trop"},
		{HEAD PLACE LOADS LOADS, "ligne 14 : « DEMAND_SECTION » paraît deux fois"},
		{HEAD PLACE LOADS, "sans DEPOT_SECTION"},
		{"TYPE : CVRP\nDIMENSION : 3\n" PLACE LOADS DEPOT, "sans CAPACITY"},
		{"TYPE : VRPTW\nDIMENSION : 3\nCAPACITY : 10\n" PLACE LOADS DEPOT,
			"sans TIME_WINDOW_SECTION"},
		{HEAD PLACE LOADS "TIME_WINDOW_SECTION\n1 0 9\n2 0 9\n3 0 9\n" DEPOT,
			"« TIME_WINDOW_SECTION » ne va pas avec TYPE CVRP"},
		{MANY "VEHICLES_RELOAD_DEPOT_SECTION\n1 2\n" DEPOT,
			"le véhicule 1 décharge au lieu 2, qui n’est pas le dépôt"},
		{HEAD PLACE LOADS "DEPOT_SECTION\n1\n2\n-1\n", "ligne 16 : un second dépôt « 2 »"},
		{HEAD PLACE "DEMAND_SECTION\n1 0\n2 nan\n", "n’est pas un nombre"},
		{HEAD PLACE LOADS "DEPOT_SECTION\n9\n", "ligne 15 : le dépôt vaut 9"},
		{HEAD PLACE LOADS "DEPOT_SECTION\n1.5\n", "ligne 15 : le dépôt doit être un nombre entier, pas 1.5"},
		{HEAD "SECRET_SECTION\n1\n", "« SECRET_SECTION » n’est pas une section connue"},
		{"EDGE_WEIGHT_TYPE : EXPLICIT\n", "ne sont pas lues"},
	};
	for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
		struct vrp v;
		struct err e;
		assert_refused(vrplib_read(*state, cases[n].file, strlen(cases[n].file), &v, &e), e,
			ERR_INVALID, cases[n].words);
	}
}

/* Every beginning of a good file is read or refused, never more. */
static void survives_every_truncation(void **state)
{
	static const char file[] = HEAD PLACE LOADS DEPOT;
	for (size_t n = 0; n < sizeof file - 1; n++) {
		struct arena *a = arena_new();
		char *part = memcpy(arena_alloc(a, n + 1), file, n);
		struct vrp v;
		struct err e = {0};
		if (!vrplib_read(a, part, n, &v, &e))
			assert_true(e.message[0]);
		arena_free(a);
	}
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(reads_a_capacitated_problem),
		WITH_AN_ARENA(puts_the_depot_first_and_keeps_names),
		WITH_AN_ARENA(truncates_where_there_are_windows),
		WITH_AN_ARENA(vehicles_that_are_alike_are_one_type),
		WITH_AN_ARENA(reads_blanks_of_all_sorts),
		WITH_AN_ARENA(reads_who_unloads_on_the_way_and_a_fleet_of_none),
		WITH_AN_ARENA(refuses_what_is_wrong_and_says_where),
		WITH_AN_ARENA(survives_every_truncation),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
