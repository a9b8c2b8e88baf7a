/* THE table of routes, and the handlers it names: one file each resource. */
#ifndef RECIRCUIT_APP_ROUTES_H
#define RECIRCUIT_APP_ROUTES_H

#include "router.h"

extern const struct route_table app_routes;

route_handler health_get;
route_handler scenario_list, scenario_get, scenario_create;
route_handler run_create, run_get, run_stop;
route_handler plan_get, plan_verdict, plan_network, plan_answer, plan_geojson;
route_handler study_create, study_tipping, study_tornado, study_draws, study_sharing;
route_handler rounds_create, rounds_list, rounds_get, rounds_plan, rounds_question, rounds_answer;
route_handler rounds_geojson, rounds_csv, rounds_sheet;
route_handler point_list;
route_handler coverage_list, anomaly_list;
route_handler statistic_list;
route_handler merge_list, merge_accept, merge_refuse, merge_undo;
route_handler site_list;
route_handler parameter_list;
route_handler boundary_list;
route_handler session_create, session_get, session_delete, session_password;
route_handler token_list, token_add, token_delete;
route_handler person_list, person_create, person_change;
route_handler organisation_list, organisation_create, mandate_add, mandate_end;
route_handler line_create, line_batch, line_list, line_get, line_form, line_export;
route_merger line_create_merged;

/* What they read. */
extern const struct record scenario_list_query, scenario_get_query, scenario_body;
extern const struct record run_body;
extern const struct record plan_geojson_query;
extern const struct record study_body;
extern const struct record rounds_body, rounds_list_query;
extern const struct record point_query;
extern const struct record coverage_query, anomaly_query;
extern const struct record statistic_query;
extern const struct record merge_query;
extern const struct record site_query;
extern const struct record boundary_query;
extern const struct record session_body, session_password_body;
extern const struct record token_body;
extern const struct record person_body, person_change_body;
extern const struct record organisation_body, mandate_record;
extern const struct raw_body line_body, line_batch_body;
extern const struct record line_list_query, line_export_query;

#endif
