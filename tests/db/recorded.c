/* From lines to scenarios and to the public: who sees what of the lines of others, how far they cover what is
 * expected, which volumes a scenario takes, what looks odd in them, and what of a year is published. */
#include "instance.h"
#include "migrate.h"
#include "publication.h"
#include "test.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>

struct world {
	struct arena *arena;
	struct db *db;
};

/* Six organisations; a planner on the whole of région 24, one on a département, one on another région. Lines
 * of 2025: A to D in Tours, A alone in Blois, E and F in Orléans. */
static const char setting[] =
	"INSERT INTO organisation (name, kind) SELECT n, 'operator' FROM "
	"unnest(ARRAY['A','B','C','D','E','F']) n;"
	"INSERT INTO organisation (name, kind) VALUES ('Region', 'authority'), ('Loiret', "
	"'authority'), ('Ailleurs', 'authority');"
	"INSERT INTO person (organisation, login, name, role, password_hash) SELECT id, 'p.' || "
	"lower(name), name,"
	"  CASE WHEN kind = 'operator' THEN 'operator' ELSE 'planner' END, '$argon2id$x' FROM "
	"organisation;"
	"INSERT INTO mandate (organisation, level, code) SELECT id, 'region', '24' FROM "
	"organisation WHERE name = 'Region'"
	"  UNION ALL SELECT id, 'departement', '45' FROM organisation WHERE name = 'Loiret'"
	"  UNION ALL SELECT id, 'region', '11' FROM organisation WHERE name = 'Ailleurs';"
	"CREATE FUNCTION say(who text, insee text, what text, day date, kg bigint, has_point "
	"boolean DEFAULT true, is_estimate boolean DEFAULT false)"
	" RETURNS bigint LANGUAGE plpgsql AS $$ DECLARE o bigint; e bigint; made bigint; BEGIN"
	"  SELECT id INTO o FROM organisation WHERE name = who;"
	"  PERFORM set_config('app.organisation', o::text, true);"
	"  e := audit_append('test.write', '{}');"
	"  INSERT INTO line (organisation, public_id, point, municipalities, communes, flow, "
	"low_code, day, weight_kg, is_estimate, channel, entry)"
	"  VALUES (o, 't' || (SELECT count(*) FROM line), CASE WHEN has_point THEN (SELECT "
	"min(p.id) FROM collection_point p WHERE p.commune = insee AND p.is_open) END,"
	"    CASE WHEN has_point THEN '{}' ELSE ARRAY[insee] END, ARRAY[insee], what, (SELECT "
	"min(low_code) FROM flow_code WHERE flow = what), day, kg, is_estimate, 'api', e)"
	"  RETURNING id INTO made; PERFORM set_config('app.organisation', '', true); RETURN made; "
	"END $$;"
	"SELECT say(w, '37261', f, make_date(2025, m, 10), 9000 + 500 * m) FROM "
	"unnest(ARRAY['A','B','C','D']) w, unnest(ARRAY['pam','gem_froid']) f, generate_series(1, "
	"12) m;"
	"SELECT say('A', '41018', 'pam', make_date(2025, m, 5), 20000) FROM generate_series(1, 12) "
	"m;"
	"SELECT say(w, '45234', 'pam', make_date(2025, m, 15), 15000, m > 6) FROM "
	"unnest(ARRAY['E','F']) w, generate_series(1, 12) m";

static int build(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	struct err e;
	w->arena = arena_new();
	assert_ok(db_open(w->arena, scratch_database(w->arena, "recorded"),
			  scratch_queries(w->arena), &w->db, &e),
		e);
	assert_ok(db_script(w->db, setting, &e), e);
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

/* The claim holds for whom the service works for: a login, or "" for a visitor. */
static void assert_for(struct world *w, const char *login, const char *claim)
{
	struct err e;
	const char *sql = arena_printf(w->arena,
		"BEGIN; SELECT set_config('app.person', coalesce((SELECT id::text FROM person "
		"WHERE login = '%s'), ''), true),"
		" set_config('app.organisation', coalesce((SELECT organisation::text FROM person "
		"WHERE login = '%s'), ''), true),"
		" set_config('app.role', coalesce((SELECT role FROM person WHERE login = '%s'), "
		"'public'), true);"
		" SET LOCAL ROLE recircuit_app; DO $t$ BEGIN ASSERT (%s); END $t$; ROLLBACK",
		login, login, login, claim);
	if (!db_script(w->db, sql, &e)) {
		db_rollback(w->db);
		fail_msg("%s: %s: %s", login, claim, e.message);
	}
}

#define YEAR "'2025-01-01', '2025-12-31'"

static void coverage_is_of_the_territory_of_who_asks(void **state)
{
	struct world *w = *state;
	assert_for(w, "p.region",
		"(SELECT abs(sum(recorded_t) - (8 * 12 * 9 + 4 * 2 * 39 + 240 + 360)) < 1e-6 AND "
		"count(*) = 36 FROM derived.coverage('departement', " YEAR "))");
	assert_for(w, "p.region",
		"(SELECT recorded_t = 240 AND weighed_t = 240 AND lines = 12 AND organisations = 1 "
		"AND expected_t > 1000"
		" FROM derived.coverage('departement', " YEAR
		") WHERE code = '41' AND flow = 'pam')");
	assert_for(w, "p.loiret",
		"(SELECT count(*) = 6 AND sum(recorded_t) = 360 FROM "
		"derived.coverage('departement', " YEAR "))");
	assert_for(w, "p.ailleurs",
		"(SELECT sum(recorded_t) = 0 FROM derived.coverage('departement', " YEAR "))");
	assert_for(
		w, "p.a", "(SELECT count(*) = 0 FROM derived.coverage('departement', " YEAR "))");
	assert_for(w, "", "(SELECT count(*) = 0 FROM derived.coverage('departement', " YEAR "))");
	/* The levels say the same, and half a year about half. */
	assert_for(w, "p.region",
		"(SELECT count(DISTINCT round(s::numeric, 6)) = 1 FROM (SELECT sum(recorded_t) s "
		"FROM derived.coverage('epci', " YEAR ")"
		" UNION ALL SELECT sum(recorded_t) FROM derived.coverage('region', " YEAR ")) x)");
	assert_for(w, "p.region",
		"(SELECT a.e / b.e BETWEEN 0.49 AND 0.5 FROM (SELECT sum(expected_t) e FROM "
		"derived.coverage('region', '2025-01-01', '2025-06-30')) a,"
		" (SELECT sum(expected_t) e FROM derived.coverage('region', " YEAR ")) b)");
}

static const char *frozen(struct world *w, const char *volumes, const char *more)
{
	return arena_printf(w->arena,
		"{\"regions\": [\"24\"], \"volumes\": \"%s\", \"parameters\": {%s}}", volumes,
		more);
}

/* What is recorded in the year is what the model gives back for that year. */
static void a_scenario_takes_the_lines_of_its_year(void **state)
{
	struct world *w = *state;
	const char *recorded = frozen(w, "recorded", ""),
		   *covered = frozen(w, "recorded_where_covered", "");
	const char *low =
		frozen(w, "recorded_where_covered", "\"volume.coverage_threshold\": 0.05");
	assert_db(w, arena_printf(w->arena,
			     "(SELECT abs(sum(tonnes) * derived.growth_factor(2025) - 1776) < 1e-6 "
			     "AND sum(recorded_t) = sum(tonnes)"
			     " FROM derived.point_flow_volume('%s'))",
			     recorded));
	assert_db(w, arena_printf(w->arena,
			     "(SELECT abs(sum(v.tonnes) * derived.growth_factor(2025) - 360) < "
			     "1e-6 FROM derived.point_flow_volume('%s') v"
			     " JOIN collection_point p ON p.id = v.point JOIN commune c ON c.insee "
			     "= p.commune WHERE c.departement = '45')",
			     recorded));
	/* Nothing reaches four fifths of what is expected: all is estimated. */
	assert_db(w, arena_printf(w->arena,
			     "(SELECT abs(sum(tonnes) - (SELECT sum(household_t) FROM "
			     "derived.commune_base_tonnage() WHERE region = '24')) < 1e-6"
			     " AND sum(recorded_t) = 0 FROM derived.point_flow_volume('%s'))",
			     covered));
	/* From one twentieth on, pam of Loir-et-Cher is: its estimate gives way to its lines, and no other flow's does. */
	assert_db(w,
		arena_printf(w->arena,
			"(SELECT abs(sum(v.tonnes) * derived.growth_factor(2025) - 240) < 1e-6 AND "
			"sum(v.recorded_t) = sum(v.tonnes) FROM derived.point_flow_volume('%s') v"
			" JOIN collection_point p ON p.id = v.point JOIN commune c ON c.insee = "
			"p.commune WHERE c.departement = '41' AND v.flow = 'pam')",
			low));
	assert_db(w, arena_printf(w->arena,
			     "(SELECT abs(sum(v.tonnes) - (SELECT sum(e.tonnes) FROM "
			     "derived.point_flow_tonnage('{24}') e JOIN collection_point p ON p.id "
			     "= e.point"
			     "   JOIN commune c ON c.insee = p.commune WHERE c.departement = '41' "
			     "AND e.flow <> 'pam')) < 1e-6 AND sum(v.recorded_t) = 0"
			     " FROM derived.point_flow_volume('%s') v JOIN collection_point p ON "
			     "p.id = v.point JOIN commune c ON c.insee = p.commune"
			     " WHERE c.departement = '41' AND v.flow <> 'pam')",
			     low));
	struct instance in;
	struct err e;
	assert_ok(instance_make(w->arena, w->db, recorded, &in, &e), e);
	assert_int_equal(
		in.points.count, 4); /* Orléans has two, which share what names the commune alone */
	assert_true(in.is_recorded);
	assert_refused(instance_make(w->arena, w->db,
			       frozen(w, "recorded", "\"volume.recorded_year\": 2019"), &in, &e),
		e, ERR_INVALID, "aucune ligne enregistrée");
}

/* With the rights of who asks: another organisation's lines are not there. */
static void volumes_are_those_the_asker_may_see(void **state)
{
	struct world *w = *state;
	const char *sum = arena_printf(w->arena,
		"(SELECT coalesce(round((sum(tonnes) * derived.growth_factor(2025))::numeric), 0) "
		"= %%d FROM derived.point_flow_volume('%s'))",
		frozen(w, "recorded", ""));
	assert_for(w, "p.region", arena_printf(w->arena, sum, 1776));
	assert_for(w, "p.loiret", arena_printf(w->arena, sum, 360));
	assert_for(w, "", arena_printf(w->arena, sum, 0));
}

static void a_merged_point_s_lines_count_for_the_survivor(void **state)
{
	struct world *w = *state;
	struct err e;
	assert_ok(db_script(w->db,
			  "INSERT INTO collection_point (origin, origin_id, name, commune, "
			  "location, source) SELECT 'sinoe', 'x1', 'Déchèterie X', insee, "
			  "location, 'sinoe_annuaire' FROM commune WHERE insee = '41018';"
			  "UPDATE collection_point o SET is_open = false, valid_to = current_date, "
			  "merged_into = n.id FROM collection_point n"
			  " WHERE n.origin_id = 'x1' AND o.commune = '41018' AND o.origin = "
			  "'estimated'",
			  &e),
		e);
	assert_db(w,
		"(SELECT bool_and(p.point = x.id) AND count(*) = 12 FROM derived.line_part(" YEAR
		") p, collection_point x WHERE x.origin_id = 'x1' AND p.commune = '41018')");
	assert_ok(db_script(w->db,
			  "UPDATE collection_point SET is_open = true, valid_to = NULL, "
			  "merged_into = NULL WHERE merged_into IS NOT NULL;"
			  "DELETE FROM collection_point WHERE origin_id = 'x1'",
			  &e),
		e);
}

static void what_looks_odd_is_said_to_planners(void **state)
{
	struct world *w = *state;
	struct err e;
	assert_for(w, "p.region",
		"NOT EXISTS (SELECT FROM derived.anomaly('2025-12-31') WHERE kind <> 'silent')");
	assert_ok(db_script(w->db,
			  "SELECT say('A', '28085', 'pam', make_date(2026, 1, 1) + 7 * n, CASE n "
			  "WHEN 14 THEN 40000 ELSE 1000 END) FROM generate_series(0, 20) n;"
			  "SELECT say('B', '36044', 'pam', make_date(2023, m, 5), 10000) FROM "
			  "generate_series(8, 12) m;"
			  "SELECT say('B', '36044', 'pam', make_date(2024, m, 5), 2000) FROM "
			  "generate_series(8, 12) m;"
			  "SELECT say('B', '18033', 'pam', make_date(2023, m, 5), 10000) FROM "
			  "generate_series(8, 12) m;"
			  "SELECT say('B', '18033', 'pam', make_date(2024, m, 5), 14000) FROM "
			  "generate_series(8, 12) m",
			  &e),
		e);
	assert_for(w, "p.region",
		"(SELECT count(*) = 1 AND min(reason) LIKE '%44,0 t de % en 04/2026, 11,0 fois la "
		"quantité habituelle%' FROM derived.anomaly('2026-05-25') WHERE kind = 'spike' AND "
		"departement = '28')");
	assert_for(w, "p.region",
		"NOT EXISTS (SELECT FROM derived.anomaly('2026-06-25') WHERE kind = 'silent' AND "
		"departement = '28')");
	assert_for(w, "p.region",
		"(SELECT count(*) = 1 AND min(reason) LIKE 'Aucune ligne depuis le 21/05/2026, "
		"soit 46 jours ; d’habitude, une collecte tous les 7 jours.%' FROM "
		"derived.anomaly('2026-07-06') WHERE kind = 'silent' AND departement = '28')");
	assert_for(w, "p.region",
		"(SELECT count(*) = 1 AND min(code) = '36' AND min(reason) LIKE '%baisse de 80 % "
		"(50 t, puis 10 t)%monte de 40 %' FROM derived.anomaly('2025-01-31') WHERE kind = "
		"'fall')");
	assert_for(w, "p.loiret",
		"NOT EXISTS (SELECT FROM derived.anomaly('2026-05-25') WHERE departement <> '45')");
	assert_for(w, "p.a", "NOT EXISTS (SELECT FROM derived.anomaly('2026-05-25'))");
	assert_for(w, "", "NOT EXISTS (SELECT FROM derived.anomaly('2026-05-25'))");
}

/* The rule, from the lines themselves: no cell that is shown breaks it. */
static const char breaks_the_rule[] =
	"EXISTS (SELECT FROM statistic s WHERE s.state = 'shown' AND NOT ("
	" SELECT count(*) >= 3 AND max(t) <= 0.85 * sum(t) AND abs(sum(t) - s.tonnes) < 0.001 FROM "
	"("
	"  SELECT p.organisation, sum(p.tonnes) AS t FROM derived.line_part(" YEAR
	") p JOIN commune c ON c.insee = p.commune"
	"  WHERE (s.flow = 'all' OR p.flow = s.flow) AND CASE s.level WHEN 'total' THEN true WHEN "
	"'region' THEN c.region = s.code"
	"   WHEN 'departement' THEN c.departement = s.code ELSE coalesce(c.epci, '') = s.code AND "
	"c.departement = s.departement END"
	"  GROUP BY p.organisation) o))";

static void a_year_is_published_once_and_tells_of_nobody(void **state)
{
	struct world *w = *state;
	struct publication_report r;
	struct err e;
	assert_refused(publication_make(w->arena, w->db, 2099, false, &r, &e), e, ERR_CONFLICT,
		"n’est pas finie");
	assert_refused(publication_make(w->arena, w->db, 2019, false, &r, &e), e, ERR_CONFLICT,
		"aucune ligne");
	assert_ok(publication_make(w->arena, w->db, 2025, true, &r, &e), e);
	assert_db(w, "NOT EXISTS (SELECT FROM statistic) AND NOT EXISTS (SELECT FROM "
		     "statistic_release)");
	assert_ok(publication_make(w->arena, w->db, 2025, false, &r, &e), e);
	assert_int_equal(r.organisations, 6);
	assert_true(r.shown > 0 && r.withheld > r.by_rule && r.empty > 0);
	assert_db(w, arena_printf(w->arena, "NOT %s", breaks_the_rule));
	/* The control: the check sees a cell that breaks it. */
	assert_db(w, "(SELECT bool_and(state = 'withheld') AND count(*) = 2 FROM statistic WHERE "
		     "level = 'departement' AND code IN ('41', '45') AND flow = 'pam')");
	/* A, alone in Blois, would have what E and F do in Orléans from the région and Tours: not both are shown. */
	assert_db(w, "(SELECT count(*) FROM statistic WHERE flow = 'pam' AND state = 'shown'"
		     " AND (level, code) IN (('region', '24'), ('departement', '37'))) < 2");
	assert_db(w, "(SELECT s.shown + s.withheld + (SELECT count(*) FROM statistic WHERE state = "
		     "'empty') = (SELECT count(*) FROM statistic) FROM statistic_release s)");
	assert_refused(publication_make(w->arena, w->db, 2025, false, &r, &e), e, ERR_CONFLICT,
		"une année ne se publie qu’une fois");
	assert_refused(db_script(w->db, "DELETE FROM statistic", &e), e, ERR_INVALID, "");
	assert_for(w, "", "(SELECT count(*) > 0 FROM statistic)");
}

static void a_run_on_lines_is_seen_by_planners_of_all_its_regions_alone(void **state)
{
	struct world *w = *state;
	struct err e;
	assert_ok(
		db_script(w->db,
			"INSERT INTO scenario (code, name) VALUES ('lignes', 'Sur lignes');"
			"INSERT INTO scenario_version (scenario, version, definition) SELECT id, "
			"1, '{\"regions\": [\"24\"], \"parameters\": {}, \"volumes\": "
			"\"recorded\"}' FROM scenario WHERE code = 'lignes';"
			"INSERT INTO run (scenario, version, frozen, asked_by) SELECT s.id, 1, "
			"v.definition, p.id FROM scenario s JOIN scenario_version v ON v.scenario "
			"= s.id, person p WHERE s.code = 'lignes' AND p.login = 'p.region';"
			"INSERT INTO run_progress (run, seq, stage) SELECT id, 1, 'essai' FROM run "
			"WHERE is_confidential;"
			"INSERT INTO plan (run, status, cost_eur, bound_eur, gap, seconds, "
			"status_quo_eur) SELECT id, 'x', 1, 1, 0, 1, 1 FROM run WHERE "
			"is_confidential;"
			"INSERT INTO plan_file (run, network, answer) SELECT id, '{}', '{}' FROM "
			"run WHERE is_confidential",
			&e),
		e);
	static const char seen[] =
		"EXISTS (SELECT FROM run WHERE is_confidential) AND EXISTS (SELECT FROM plan) AND "
		"EXISTS (SELECT FROM plan_file) AND EXISTS (SELECT FROM run_progress)";
	static const char unseen[] = "NOT EXISTS (SELECT FROM run WHERE is_confidential) AND NOT "
				     "EXISTS (SELECT FROM plan) AND NOT EXISTS (SELECT FROM "
				     "plan_file) AND NOT EXISTS (SELECT FROM run_progress)";
	assert_for(w, "p.region", seen);
	static const char *const others[] = {"p.loiret", "p.ailleurs", "p.a", ""};
	for (size_t n = 0; n < sizeof others / sizeof *others; n++)
		assert_for(w, others[n], unseen);
	/* The worker sees it, and reads lines as who asked; nobody else becomes anybody. */
	assert_for(
		w, "", "NOT (SELECT bool_or(run_act_as_asker(n)) FROM generate_series(1, 100) n)");
	assert_for(w, "p.loiret",
		"NOT (SELECT bool_or(run_act_as_asker(n)) FROM generate_series(1, 100) n)");
	assert_ok(db_script(w->db,
			  "BEGIN; SET LOCAL app.role = 'worker'; SET LOCAL ROLE recircuit_app; DO "
			  "$t$ BEGIN"
			  " ASSERT (SELECT count(*) = 1 FROM run WHERE is_confidential); ASSERT "
			  "NOT EXISTS (SELECT FROM line);"
			  " ASSERT (SELECT run_act_as_asker(id) FROM run WHERE is_confidential);"
			  " ASSERT (SELECT count(*) > 100 FROM line); END $t$; ROLLBACK",
			  &e),
		e);
}

/* 240 t of 2025 in Blois, over the weeks of a year; who sees no line has nothing to collect. */
static void a_week_of_rounds_fills_by_what_is_recorded(void **state)
{
	struct world *w = *state;
	static const char container[] = "derived.round_container('{\"regions\": [\"24\"], "
					"\"volumes\": \"recorded\", \"parameters\": {}, "
					"\"rounds\": {\"year\": 2025, \"week\": 12}}')";
	assert_for(w, "p.region",
		arena_printf(w->arena,
			"(SELECT abs(tonnes_week * 365.25 / 7 - 240) < 1e-5 FROM %s k JOIN "
			"collection_point p ON "
			"p.id = k.point WHERE p.commune = '41018' AND flow = 'pam')",
			container));
	assert_for(w, "", arena_printf(w->arena, "(SELECT count(*) = 0 FROM %s)", container));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_week_of_rounds_fills_by_what_is_recorded),
		cmocka_unit_test(coverage_is_of_the_territory_of_who_asks),
		cmocka_unit_test(a_scenario_takes_the_lines_of_its_year),
		cmocka_unit_test(volumes_are_those_the_asker_may_see),
		cmocka_unit_test(a_merged_point_s_lines_count_for_the_survivor),
		cmocka_unit_test(a_year_is_published_once_and_tells_of_nobody),
		cmocka_unit_test(what_looks_odd_is_said_to_planners),
		cmocka_unit_test(a_run_on_lines_is_seen_by_planners_of_all_its_regions_alone),
	};
	return cmocka_run_group_tests(tests, build, demolish);
}
