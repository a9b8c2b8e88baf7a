/* A database into which collection points are imported: one for all tests of a file, each of which begins without real points.
 *
 *	static void says_what_changed(void **state)
 *	{
 *		struct points *f = *state;
 *		struct point_report r = points_import(f, POINTS_HEADER POINTS_BLOIS POINTS_TOURS);
 *		points_assert_all(&r, POINT_CREATED, 2);
 *	}
 *	...
 *	const struct CMUnitTest tests[] = { WITH_POINTS(says_what_changed) };
 *	return cmocka_run_group_tests(tests, points_build, points_demolish); */
#ifndef RECIRCUIT_TESTS_POINTS_H
#define RECIRCUIT_TESTS_POINTS_H

#include "point_import.h"
#include "test.h"

/* Lines of a file in SINOE's layout. */
#define POINTS_HEADER "C_SERVICE,N_SERVICE,C_COMM,ANNEE,AD1_SITE,GPS_LAT,GPS_LONG\n"
#define POINTS_BLOIS  "1,Déchèterie de Blois,41018,2025,rue Haute,47.58,1.32\n"
#define POINTS_TOURS  "2,Déchèterie de Tours,37261,2025,rue Basse,47.39,0.70\n"
#define POINTS_AMILLY "3,Déchèterie d’Amilly,45004,2025,rue Neuve,47.98,2.76\n"

struct points {
	struct arena *arena; /* of the test */
	const char *conninfo;
	struct db *db;
	struct points *all; /* of all tests of the file */
};

int points_build(void **state);
int points_demolish(void **state);
int points_set_up(void **state);
int points_tear_down(void **state);

#define WITH_POINTS(f) cmocka_unit_test_setup_teardown(f, points_set_up, points_tear_down)

struct point_report points_import(struct points *f, const char *text);
struct point_report points_import_with(
	struct points *f, const char *text, const struct point_import_options *o);

/* The database agrees with `claim`, a boolean expression. */
void points_assert(struct points *f, const char *claim);

/* Exactly `count` lines, all with this verdict. */
void points_assert_all(const struct point_report *r, enum point_verdict verdict, size_t count);

#endif
