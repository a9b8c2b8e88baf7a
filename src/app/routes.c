#include "routes.h"

#include "sheet.h"

/* docs/http-api.md says the same for people. */
static const struct route routes[] = {
	{"GET", "/api/health", health_get, .doc = "is the service well"},
	{"GET", "/api/scenarios", scenario_list, .query = &scenario_list_query,
		.doc = "the scenarios, with their last run"},
	{"POST", "/api/scenarios", scenario_create, .roles = ROLES_PLANNING,
		.scopes = SCOPE_SCENARIOS_WRITE, .body = &scenario_body, .doc = "a new scenario"},
	{"GET", "/api/scenarios/{id}", scenario_get, .query = &scenario_get_query,
		.doc = "one scenario, with its definition"},
	{"POST", "/api/scenarios/{id}/runs", run_create, .roles = ROLES_PLANNING,
		.scopes = SCOPE_SCENARIOS_WRITE, .body = &run_body,
		.doc = "compute the current version of a scenario"},
	{"GET", "/api/runs/{id}", run_get, .doc = "how far a run is, and its answer in short"},
	{"GET", "/api/runs/{id}/plan", plan_get, .doc = "the report of a run"},
	{"GET", "/api/runs/{id}/verdict", plan_verdict, .query = &sheet_query,
		.doc = "the verdict of a run and its figures, as JSON or CSV"},
	{"GET", "/api/runs/{id}/plan.geojson", plan_geojson, .query = &plan_geojson_query,
		.doc = "the plan of a run in one year, for the map"},
	{"GET", "/api/runs/{id}/network.json", plan_network, .doc = "the question, as solved"},
	{"GET", "/api/runs/{id}/answer.json", plan_answer,
		.doc = "the answer whole, with the multipliers that prove its bound"},
	{"POST", "/api/runs/{id}/cancel", run_stop, .roles = ROLES_PLANNING,
		.scopes = SCOPE_SCENARIOS_WRITE, .doc = "end a run that waits or works"},
	{"POST", "/api/runs/{id}/studies", study_create, .roles = ROLES_PLANNING,
		.scopes = SCOPE_SCENARIOS_WRITE, .body = &study_body,
		.doc = "study what the answer of a run hangs on, and how to share its cost"},
	{"GET", "/api/runs/{id}/tipping", study_tipping, .query = &sheet_query,
		.doc = "where each driver makes the answer flip, and frontiers, as JSON or CSV"},
	{"GET", "/api/runs/{id}/tornado", study_tornado, .query = &sheet_query,
		.doc = "how far each driver moves the value, as JSON or CSV"},
	{"GET", "/api/runs/{id}/draws", study_draws, .query = &sheet_query,
		.doc = "how the answer holds when all drivers move, as JSON or CSV"},
	{"GET", "/api/runs/{id}/sharing", study_sharing, .query = &sheet_query,
		.doc = "the cost shared between regions, and whom to invite, as JSON or CSV"},
	{"GET", "/api/points", point_list, .query = &point_query,
		.doc = "collection points, or their grid when zoomed out"},
	{"GET", "/api/sites", site_list, .query = &site_query,
		.doc = "existing plants, unlisted plants and candidates"},
	{"GET", "/api/parameters", parameter_list, .doc = "every number of the model"},
	{"GET", "/api/boundaries", boundary_list, .query = &boundary_query,
		.doc = "outlines of régions or départements"},
};

const struct route_table app_routes = {routes, sizeof routes / sizeof routes[0]};
