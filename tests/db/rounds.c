/* What a week of collection must pick up, derived from volumes: twenty points of one région. */
#include "db.h"
#include "query.h"
#include "scratch.h"

#include <libpq-fe.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
	struct arena *arena;
	PGconn *conn;
};

static PGresult *ask(struct fixture *f, const char *sql)
{
	PGresult *r = PQexec(f->conn, sql);
	if (PQresultStatus(r) != PGRES_TUPLES_OK && PQresultStatus(r) != PGRES_COMMAND_OK)
		fail_msg("%s", PQresultErrorMessage(r));
	return r;
}

static void run(struct fixture *f, const char *sql)
{
	PQclear(ask(f, sql));
}

static double number(struct fixture *f, const char *sql)
{
	PGresult *r = ask(f, sql);
	assert_int_equal(PQntuples(r), 1);
	double v = strtod(PQgetvalue(r, 0, 0), NULL);
	PQclear(r);
	return v;
}

/* A table `year` of all that falls due in 52 weeks, made once. */
static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	f->arena = arena_new();
	f->conn = PQconnectdb(scratch_database(f->arena, "rounds"));
	*state = f;
	if (PQstatus(f->conn) != CONNECTION_OK)
		return -1;
	run(f, "SET client_min_messages = warning");
	run(f, "UPDATE collection_point SET is_open = false, valid_to = current_date WHERE id NOT "
	       "IN ("
	       "SELECT p.id FROM collection_point p JOIN commune c ON c.insee = p.commune "
	       "WHERE p.is_open AND c.region = '24' ORDER BY p.id LIMIT 20)");
	run(f, "CREATE TABLE asked AS SELECT jsonb_build_object('parameters', '{}'::jsonb, "
	       "'rounds', "
	       "jsonb_build_object('year', 2027, 'week', w), 'regions', '[\"24\"]'::jsonb) AS d, w "
	       "FROM generate_series(1, 52) AS w");
	run(f, "CREATE TABLE kept AS SELECT k.* FROM asked, derived.round_container(d) k WHERE w = "
	       "1");
	run(f, "CREATE TABLE year AS SELECT w, p.* FROM asked, derived.round_pickup(d) p");
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	PQfinish(f->conn);
	arena_free(f->arena);
	free(f);
	return 0;
}

static void what_fills_is_what_the_points_collect(void **state)
{
	/* The week's tonnes are the siting model's of 2027 over the weeks of a year. */
	assert_true(number(*state,
			    "SELECT abs(sum(k.tonnes_week) * 365.25 / 7 / (SELECT sum(tonnes) * "
			    "derived.growth_factor(2027) FROM derived.point_tonnage('{24}')) - 1) "
			    "FROM kept k") < 1e-6);
	assert_true(number(*state, "SELECT count(*) FROM kept") == 20 * 6);
	/* A skip is what fills one in eight weeks; what leaves together weighs what fell in meanwhile. */
	assert_true(number(*state, "SELECT count(*) FROM kept WHERE container = 'skip' AND (period "
				   "> 8 OR units <> 1 "
				   "OR flow = 'lampes')") == 0);
	assert_true(number(*state, "SELECT count(*) FROM kept WHERE abs(units * unit_t - "
				   "tonnes_week * period) > "
				   "1e-6 * tonnes_week * period") == 0);
	assert_true(number(*state, "SELECT count(DISTINCT container) FROM kept") == 2);
}

static void a_year_of_weeks_fetches_all_but_what_still_fills(void **state)
{
	assert_true(number(*state, "SELECT count(*) FROM kept k WHERE abs((SELECT "
				   "coalesce(sum(y.units * y.unit_t), 0) "
				   "FROM year y WHERE y.point = k.point AND y.flow = k.flow) - 52 "
				   "* k.tonnes_week) "
				   "> k.units * k.unit_t * (1 + 1e-9)") == 0);
	/* Nothing twice, nothing forgotten in between. */
	assert_true(number(*state, "SELECT count(*) FROM (SELECT turn - lag(turn) OVER (PARTITION "
				   "BY point, flow "
				   "ORDER BY turn) AS step FROM year) AS s WHERE step <> 1") == 0);
}

static void windows_lie_in_the_week_and_about_the_day_it_is_full(void **state)
{
	assert_true(number(*state, "SELECT count(*) FROM year WHERE NOT (0 <= first_day AND "
				   "first_day <= last_day "
				   "AND last_day <= 4)") == 0);
	assert_true(number(*state, "SELECT count(*) FROM year y JOIN kept k USING (point, flow) "
				   "CROSS JOIN LATERAL "
				   "(SELECT floor(7 * ((y.turn - k.level) * k.period - (y.w - 1))) "
				   "AS full_day) AS f "
				   "WHERE y.container = 'skip' AND full_day BETWEEN 0 AND 4 AND "
				   "NOT (first_day <= full_day "
				   "AND full_day <= last_day AND first_day >= full_day - 2 AND "
				   "last_day <= full_day + 1)") == 0);
	assert_true(
		number(*state,
			"SELECT count(*) FROM year WHERE container = 'crate' AND period >= 1 AND "
			"(first_day, last_day) <> "
			"(0, 4)") == 0);
	/* All crates of a point leave together, and they are no more than is fetched at once. */
	assert_true(number(*state, "SELECT count(*) FROM (SELECT point FROM kept WHERE container = "
				   "'crate' GROUP BY point "
				   "HAVING count(DISTINCT (period, level)) > 1 OR sum(units * "
				   "unit_m3) > 40 + count(*)) "
				   "AS s") == 0);
	assert_true(
		number(*state,
			"SELECT count(DISTINCT period) FROM kept WHERE container = 'crate'") > 1);
}

static void weeks_are_alike(void **state)
{
	assert_true(number(*state, "SELECT max(t) / min(t) FROM (SELECT sum(units * unit_t) AS t "
				   "FROM year GROUP BY w) "
				   "AS s") < 2.5);
}

/* The statement of the worker, on week 12 from two hubs and one that takes two streams only. */
static const char *pickups(struct fixture *f, const char *more)
{
	const struct query *query = query_find(scratch_queries(f->arena), "rounds_pickup_list");
	assert_non_null(query);
	run(f, "DEALLOCATE ALL");
	PGresult *r = PQprepare(f->conn, "pickups", query->sql, 0, NULL);
	assert_int_equal(PQresultStatus(r), PGRES_COMMAND_OK);
	PQclear(r);
	run(f, "DROP TABLE IF EXISTS found");
	r = ask(f, arena_printf(f->arena,
			   "SELECT jsonb_set(d, '{rounds}', d -> 'rounds' || '%s') FROM asked "
			   "WHERE w = 12",
			   more));
	const char *definition = arena_strdup(f->arena, PQgetvalue(r, 0, 0));
	PQclear(r);
	run(f, arena_printf(f->arena, "CREATE TABLE found AS EXECUTE pickups('%s')", definition));
	return definition;
}

static void a_point_goes_to_the_nearest_hub_that_takes_the_stream(void **state)
{
	struct fixture *f = *state;
	pickups(f, "{\"hubs\": [\"candidate:45234\", \"candidate:37261\", "
		   "\"existing:environnement-recycling\"]}");
	assert_true(number(f, "SELECT count(*) FROM found") ==
		    number(f, "SELECT count(*) FROM year WHERE w = 12"));
	assert_true(number(f, "SELECT count(*) FROM found WHERE hub IS NULL") == 0);
	assert_true(number(f, "SELECT count(*) FROM found n JOIN site s ON s.code = n.hub WHERE "
			      "NOT EXISTS (SELECT FROM "
			      "site_flow k WHERE k.site = s.id AND k.flow = n.flow)") == 0);
	assert_true(number(f, "SELECT count(*) FROM found n JOIN site s ON s.code = n.hub JOIN "
			      "collection_point p ON "
			      "p.id = n.point CROSS JOIN site o WHERE o.code IN "
			      "('candidate:45234', 'candidate:37261') "
			      "AND ST_Distance(ST_Transform(o.location, 2154), "
			      "ST_Transform(p.location, 2154)) < "
			      "ST_Distance(ST_Transform(s.location, 2154), "
			      "ST_Transform(p.location, 2154)) - 1") == 0);
	pickups(f, "{\"hubs\": [\"existing:environnement-recycling\"]}");
	assert_true(number(f, "SELECT count(*) FROM found WHERE (hub IS NULL) = (flow IN "
			      "('ecrans', 'pam'))") == 0);
	assert_true(number(f, "SELECT count(*) FROM found WHERE hub IS NULL") > 0);
	pickups(f, "{\"hubs\": [\"candidate:45234\"], \"bbox\": [1.5, 46, 3.2, 47.2]}");
	assert_true(number(f, "SELECT count(*) FROM found") > 0);
	assert_true(number(f, "SELECT count(*) FROM found WHERE lat > 47.2 OR lon < 1.5") == 0);
}

static void the_points_of_a_plan_go_where_the_plan_sends_them(void **state)
{
	struct fixture *f = *state;
	run(f, "INSERT INTO run (scenario, version, frozen) SELECT id, 1, '{}' FROM scenario");
	run(f, "INSERT INTO plan (run, status, cost_eur, bound_eur, gap, seconds, status_quo_eur) "
	       "SELECT id, 'optimal', 1, 1, 0, 1, 2 FROM run");
	run(f, "INSERT INTO plan_shipment (run, year, flow, point, site, tonnes, km) SELECT r.id, "
	       "2027, fl.id, p.id, s.id, "
	       "CASE s.code WHEN 'candidate:37261' THEN 6 ELSE 4 END, 10 FROM run r CROSS JOIN "
	       "flow fl CROSS JOIN "
	       "collection_point p JOIN site s ON s.code IN ('candidate:37261', 'candidate:45234', "
	       "'candidate:18033') WHERE "
	       "p.is_open AND CASE WHEN fl.id = 'pam' THEN s.code = 'candidate:18033' ELSE s.code "
	       "<> 'candidate:18033' END");
	pickups(f, arena_printf(f->arena,
			   "{\"hubs\": [\"candidate:37261\", \"candidate:45234\"], \"run\": %.0f}",
			   number(f, "SELECT id FROM run")));
	assert_true(number(f, "SELECT count(*) FROM found WHERE hub <> 'candidate:37261' OR flow = "
			      "'pam'") == 0);
	assert_true(number(f, "SELECT count(*) FROM found") ==
		    number(f, "SELECT count(*) FROM year WHERE w = 12 AND flow <> 'pam'"));
}

/* What rounds on recorded lines cost would tell of the lines. */
static void confidential_rounds_serve_confidential_scenarios_only(void **state)
{
	struct fixture *f = *state;
	const struct query *query = query_find(scratch_queries(f->arena), "scenario_fault");
	assert_non_null(query);
	run(f, "INSERT INTO run (scenario, version, kind, frozen) SELECT id, 1, 'rounds', "
	       "'{\"regions\": [\"24\"], \"volumes\": \"recorded\"}' FROM scenario");
	run(f, "INSERT INTO rounds_plan SELECT id, '', '', '{}', '', '', '' FROM run WHERE kind = "
	       "'rounds'");
	run(f, "INSERT INTO rounds_haulage SELECT r.id, s.id, 'pam', 30, 1, 1, 1 FROM run r JOIN "
	       "site s ON "
	       "s.code = 'candidate:45234' WHERE r.kind = 'rounds'");
	run(f, "DEALLOCATE ALL");
	PGresult *r = PQprepare(f->conn, "fault", query->sql, 0, NULL);
	assert_int_equal(PQresultStatus(r), PGRES_COMMAND_OK);
	PQclear(r);
	static const struct {
		const char *regions, *volumes;
		int faults;
	} cases[] = {
		{"[\"24\"]", "estimated", 1},
		{"[\"11\"]", "recorded", 1},
		{"[\"24\", \"11\"]", "recorded_where_covered", 0},
	};
	for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
		r = ask(f, arena_printf(f->arena,
				   "EXECUTE fault('{\"regions\": %s, \"volumes\": \"%s\", "
				   "\"parameters\": {}, "
				   "\"rounds\": %.0f}')",
				   cases[n].regions, cases[n].volumes,
				   number(f, "SELECT id FROM run WHERE kind = 'rounds'")));
		assert_int_equal(PQntuples(r), cases[n].faults);
		PQclear(r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_fills_is_what_the_points_collect),
		cmocka_unit_test(a_year_of_weeks_fetches_all_but_what_still_fills),
		cmocka_unit_test(windows_lie_in_the_week_and_about_the_day_it_is_full),
		cmocka_unit_test(weeks_are_alike),
		cmocka_unit_test(a_point_goes_to_the_nearest_hub_that_takes_the_stream),
		cmocka_unit_test(the_points_of_a_plan_go_where_the_plan_sends_them),
		cmocka_unit_test(confidential_rounds_serve_confidential_scenarios_only),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
