/* Two directories of the same places: the second is read, its likenesses are proposed, and nothing is
 * merged that nobody decided. */
#include "clock.h"
#include "distance_import.h"
#include "instance.h"
#include "point_import.h"
#include "test.h"
#include "text.h"

#include <stdlib.h>

#define SINOE \
	"C_SERVICE,N_SERVICE,C_COMM,ANNEE,AD1_SITE,GPS_LAT,GPS_LONG\n" \
	"1,Déchèterie de Blois Nord,41018,2025,rue Haute,47.6100,1.3200\n" \
	"2,Déchèterie de Tours,37261,2025,rue Basse,47.39,0.70\n" \
	"3,Déchetterie communautaire de Vendôme,41269,2025,,,\n"
#define ACTEURS \
	"identifiant,nom,type_dacteur,adresse,code_postal,ville,code_commune,latitude,longitude," \
	"public_accueilli,propositions_de_services\n"
#define TAKES_ALL \
	"\"[{\"\"action\"\": \"\"trier\"\", \"\"sous_categories\"\": [\"\"vetement\"\", " \
	"\"\"Gros_électroménager (froid)\"\"]}]\""
#define REPAIRS \
	"\"[{\"\"action\"\": \"\"reparer\"\", \"\"sous_categories\"\": [\"\"petit " \
	"electromenager\"\"]}]\""

static const char acteurs[] = ACTEURS
	"a1,DECHETTERIE BLOIS NORD,decheterie,rue "
	"Haute,41000,Blois,41018,47.6104,1.3203,Particuliers," TAKES_ALL "\n"
	"a2,Électro Blois,commerce,rue "
	"Haute,41000,Blois,41018,47.6101,1.3201,Particuliers," TAKES_ALL "\n"
	"a3,Repar’tout,ess,rue Neuve,41000,Blois,41018,47.59,1.33,Particuliers," REPAIRS "\n"
	"a4,Pro seulement,decheterie,rue "
	"Neuve,41000,Blois,41018,47.59,1.33,Professionnels," TAKES_ALL "\n"
	"a5,Illisible,decheterie,rue Neuve,41000,Blois,41018,47.59,1.33,Particuliers,{oups\n"
	"a6,Déchèterie de Vendôme,decheterie,,41100,Vendôme,,47.7936,1.0656,Particuliers," TAKES_ALL
	"\n"
	"a7,Déchèterie de "
	"Joué,decheterie,,37300,Joué-lès-Tours,37122,47.35,0.66,Particuliers," TAKES_ALL "\n";

struct world {
	struct arena *arena;
	struct db *db;
};

static int build(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	struct err e;
	w->arena = arena_new();
	assert_ok(db_open(w->arena, scratch_database(w->arena, "merge"), scratch_queries(w->arena),
			  &w->db, &e),
		e);
	*state = w;
	return 0;
}

static int demolish(void **state)
{
	struct world *w = *state;
	arena_free(w->arena);
	free(w);
	return 0;
}

static void assert_db(struct world *w, const char *claim)
{
	struct err e;
	const char *sql = arena_printf(w->arena, "DO $t$ BEGIN ASSERT (%s); END $t$", claim);
	if (!db_script(w->db, sql, &e))
		fail_msg("%s: %s", claim, e.message);
}

static struct point_report import(struct world *w, const char *text)
{
	static const struct point_import_options plain = {0};
	struct point_report report;
	struct err e;
	assert_ok(point_import(w->arena, w->db, text, strlen(text), &plain, &report, &e), e);
	return report;
}

static const char *decide(struct world *w, const char *merge, const char *decision)
{
	struct rows rows;
	struct err e;
	const char *params[] = {merge, decision};
	assert_ok(db_query(w->arena, w->db, "merge_decide", params, 2, &rows, &e), e);
	return rows_text(&rows, 0, 0);
}

static const char *merge_of(struct world *w, const char *key)
{
	struct rows rows;
	struct err e;
	const char *params[] = {NULL, "0", "1000"};
	assert_ok(db_query(w->arena, w->db, "merge_list", params, 3, &rows, &e), e);
	for (size_t r = 0; r < rows.count; r++)
		if (strstr(rows_text(&rows, r, 7), arena_printf(w->arena, "\"%s\"", key)) ||
			strstr(rows_text(&rows, r, 6), arena_printf(w->arena, "\"%s\"", key)))
			return rows_text(&rows, r, 0);
	fail_msg("no merge of %s", key);
	return NULL;
}

static void actors_that_take_equipment_become_points(void **state)
{
	struct world *w = *state;
	import(w, SINOE);
	struct point_report r = import(w, acteurs);
	static const enum point_verdict expected[] = {POINT_CREATED, POINT_CREATED, POINT_OUTSIDE,
		POINT_OUTSIDE, POINT_REFUSED, POINT_CREATED, POINT_CREATED};
	assert_int_equal(r.count, 7);
	for (size_t i = 0; i < 7; i++)
		if (r.lines[i].verdict != expected[i])
			fail_msg("line %zu: %s, %s", r.lines[i].line,
				point_verdict_name(r.lines[i].verdict, 1), r.lines[i].remark);
	assert_says(r.lines[2].remark, "ne reprend pas");
	assert_says(r.lines[3].remark, "professionnels");
	assert_says(r.lines[4].remark, "propositions_de_services");
	assert_says(r.lines[5].remark, "rattaché à la plus proche");
	assert_db(w, "(SELECT kind = 'commerce' AND commune = '41018' FROM collection_point WHERE "
		     "origin = 'acteurs' AND origin_id = 'a2')");
	assert_db(w, "(SELECT commune = '41269' FROM collection_point WHERE origin = 'acteurs' AND "
		     "origin_id = 'a6')");
	assert_int_equal(import(w, acteurs).verdicts[POINT_SAME], 4);
}

/* The shop is nearer than the other déchèterie, and is not proposed; nor are places 5 km apart. */
static void likenesses_are_proposed_and_nothing_is_merged(void **state)
{
	struct world *w = *state;
	assert_db(w, "(SELECT count(*) FROM point_merge) = 2");
	assert_db(w, "(SELECT bool_and(state = 'proposed' AND score >= 0.55) FROM point_merge)");
	assert_db(w, "(SELECT count(*) FROM collection_point WHERE origin <> 'estimated' AND "
		     "is_open) = 7");
	assert_db(w,
		"(SELECT why LIKE 'à % m l’un de l’autre, même commune, noms semblables à 100 % (%'"
		" FROM point_merge m JOIN collection_point g ON g.id = m.gone WHERE g.origin_id = "
		"'a1')");
	assert_db(w,
		"(SELECT k.precision = 'exact' AND g.precision = 'approximate' FROM point_merge m"
		" JOIN collection_point k ON k.id = m.kept JOIN collection_point g ON g.id = m.gone"
		" WHERE k.origin_id = 'a6')");
	import(w, acteurs);
	assert_db(w, "(SELECT count(*) FROM point_merge) = 2");
}

static void an_accepted_merge_keeps_both_and_can_be_undone(void **state)
{
	struct world *w = *state;
	const char *blois = merge_of(w, "a1");
	static const char merged[] =
		"(SELECT NOT g.is_open AND g.merged_into = k.id AND k.is_open AND "
		"derived.point_survivor(g.id) = k.id"
		" FROM collection_point g, collection_point k"
		" WHERE g.origin_id = 'a1' AND k.origin = 'sinoe' AND k.origin_id = '1')";
	assert_string_equal(decide(w, blois, "undone"), "wrong");
	assert_string_equal(decide(w, "999999", "accepted"), "missing");
	assert_string_equal(decide(w, blois, "accepted"), "done");
	assert_db(w, merged);
	assert_string_equal(decide(w, blois, "accepted"), "wrong");
	assert_string_equal(decide(w, blois, "refused"), "wrong");
	import(w, acteurs); /* its own directory does not open it again */
	assert_db(w, merged);
	assert_string_equal(decide(w, blois, "undone"), "done");
	assert_db(w, "(SELECT is_open AND merged_into IS NULL AND valid_to IS NULL FROM "
		     "collection_point WHERE origin_id = 'a1')");
	assert_db(w, "(SELECT state = 'undone' AND decided_at IS NOT NULL FROM point_merge WHERE "
		     "id = (SELECT max(m.id) FROM point_merge m JOIN collection_point g ON g.id = "
		     "m.gone WHERE g.origin_id = 'a1'))");
	const char *vendome = merge_of(w, "a6");
	assert_string_equal(decide(w, vendome, "refused"), "done");
	assert_db(w, "(SELECT count(*) FROM collection_point WHERE origin <> 'estimated' AND "
		     "is_open) = 7");
	assert_string_equal(decide(w, vendome, "accepted"), "done"); /* on second thoughts */
	assert_string_equal(decide(w, vendome, "undone"), "done");
}

/* Shops share what reaches their commune, by a small weight, and attract none. */
static void a_shop_collects_beside_a_decheterie(void **state)
{
	struct world *w = *state;
	assert_db(w, "(SELECT bool_and(abs(s.tonnes - 0.05 * d.tonnes) < 1e-9 * d.tonnes) FROM"
		     " derived.point_tonnage('{24}') s, derived.point_tonnage('{24}') d, "
		     "collection_point a, collection_point b"
		     " WHERE a.id = s.point AND a.origin_id = 'a2' AND b.id = d.point AND "
		     "b.origin_id = 'a1')");
	assert_db(w, "(SELECT abs(sum(p.tonnes) - (SELECT sum(household_t) FROM "
		     "derived.commune_base_tonnage() WHERE region = '24')) < 1e-6"
		     " FROM derived.point_tonnage('{24}') p)");
}

/* ---- Distances ---- */

static struct distance_report load(
	struct world *w, const char *text, const struct distance_import_options *o)
{
	struct distance_report report;
	struct err e;
	assert_ok(distance_import(w->arena, w->db, text, strlen(text), o, &report, &e), e);
	return report;
}

static void each_distance_has_its_verdict(void **state)
{
	struct world *w = *state;
	static const struct distance_import_options osrm = {.name = "OSRM"},
						    trial = {.name = "essai", .is_dry_run = true};
	static const char text[] = "from;to;km;min\n"
				   "41018;37261;65,2;58\n"           /* communes */
				   "sinoe:1;existing:nowhere;10;1\n" /* no such site */
				   "sinoe:99;37261;10;10\n"          /* no such point */
				   "sinoe:1;37261;20;20\n" /* shorter than the crow flies */
				   "41018;37261;66;58\n"   /* says line 2 again */
				   "41018;45234;-1;\n"
				   "41018;45234;loin;\n"
				   "41018;45234;63;\n";
	struct distance_report r = load(w, text, &trial);
	static const enum distance_verdict expected[] = {DISTANCE_OLDER, DISTANCE_REFUSED,
		DISTANCE_REFUSED, DISTANCE_CREATED, DISTANCE_CREATED, DISTANCE_REFUSED,
		DISTANCE_REFUSED, DISTANCE_CREATED};
	assert_int_equal(r.count, 8);
	for (size_t i = 0; i < 8; i++)
		if (r.lines[i].verdict != expected[i])
			fail_msg("line %zu: %s", r.lines[i].line, r.lines[i].remark);
	assert_true(r.lines[3].is_warning);
	assert_says(r.lines[3].remark, "vol d’oiseau");
	assert_db(w,
		"NOT EXISTS (SELECT FROM distance) AND NOT EXISTS (SELECT FROM distance_matrix)");
	assert_int_equal(load(w, text, &osrm).verdicts[DISTANCE_CREATED], 3);
	assert_int_equal(load(w, text, &osrm).verdicts[DISTANCE_SAME], 3);
	assert_int_equal(
		load(w, "from,to,km\n41018,45234,64\n", &osrm).verdicts[DISTANCE_CHANGED], 1);
	struct distance_report bad;
	struct err e;
	static const struct distance_import_options lost = {.name = "x", .scenario = "nowhere"};
	assert_refused(distance_import(w->arena, w->db, text, strlen(text), &lost, &bad, &e), e,
		ERR_NOT_FOUND, "nowhere");
	assert_refused(distance_import(w->arena, w->db, "a,b\n1,2\n", 8, &osrm, &bad, &e), e,
		ERR_INVALID, "from");
}

/* The nearest word wins: the scenario's own matrix, the place itself, the latest. */
static void the_network_takes_imported_distances_first(void **state)
{
	struct world *w = *state;
	struct err e;
	struct rows rows;
	struct instance in;
	const char *scenario[] = {"reference"};
	static const struct distance_import_options all = {.name = "OSRM"},
						    own = {.name = "OSRM", .scenario = "reference"};
	const char *to = "37261";
	load(w, arena_printf(w->arena, "from,to,km,min\n41018,%s,70,60\nsinoe:1,%s,71,\n", to, to),
		&all);
	load(w, arena_printf(w->arena, "from,to,km,min\n41018,%s,72,66\n", to), &own);
	assert_ok(db_script(w->db,
			  "INSERT INTO site (code, kind, name, commune, location, region, source, "
			  "confidence)"
			  " SELECT 'candidate:essai', 'candidate', 'Essai', insee, location, "
			  "region, 'stated_rules', 'assumption'"
			  " FROM commune WHERE insee = '37261';"
			  "INSERT INTO site_flow (site, flow) SELECT s.id, f.id FROM site s, flow "
			  "f WHERE s.code = 'candidate:essai'",
			  &e),
		e);
	assert_ok(db_query(w->arena, w->db, "scenario_freeze", scenario, 1, &rows, &e), e);
	assert_ok(instance_make(w->arena, w->db, rows_text(&rows, 0, 1), &in, &e), e);
	assert_says(in.network.data, "\"site\":\"candidate:essai\",\"km\":72.0,\"hours\":1.1}");
	assert_db(w, "NOT EXISTS (SELECT FROM distance WHERE km = 72 AND matrix IN (SELECT id FROM "
		     "distance_matrix WHERE scenario IS NULL))");
	assert_ok(
		db_script(w->db, "DELETE FROM distance_matrix WHERE scenario IS NOT NULL", &e), e);
	assert_ok(instance_make(w->arena, w->db, rows_text(&rows, 0, 1), &in, &e), e);
	assert_says(in.network.data, "\"site\":\"candidate:essai\",\"km\":71.0}");
	assert_says(in.network.data, "\"site\":\"candidate:essai\",\"km\":70.0,\"hours\":1.0}");
	assert_ok(db_script(w->db, "DELETE FROM distance_matrix", &e), e);
	assert_ok(instance_make(w->arena, w->db, rows_text(&rows, 0, 1), &in, &e), e);
	assert_null(strstr(in.network.data, "\"lanes\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(actors_that_take_equipment_become_points),
		cmocka_unit_test(likenesses_are_proposed_and_nothing_is_merged),
		cmocka_unit_test(an_accepted_merge_keeps_both_and_can_be_undone),
		cmocka_unit_test(a_shop_collects_beside_a_decheterie),
		cmocka_unit_test(each_distance_has_its_verdict),
		cmocka_unit_test(the_network_takes_imported_distances_first),
	};
	return cmocka_run_group_tests(tests, build, demolish);
}
