/* One plan worked out by hand, priced three ways: by the model's costs, by the accounts that never
 * look at the model, and by the checker.
 *
 * Three years at 25 %, so that a euro of year t counts 0.8^t. Points P1 (100 t) and P2 (200 t),
 *twice as much in year 1. Plant E exists, 60 EUR/t at its gate; candidate C, 500 EUR a year when
 *open. Payload 10 t. Vehicles cost 1 EUR/km, emit 1 kg/km at 100 EUR/t, and 50 EUR/h with 1 h of
 *handling.
 *
 *	EUR per trip	2 km x 1.1 + (2 h + 1) x 50	CO2's part	trips per t
 *	P1 - E		200 x 1.1 + 5 x 50 = 470	20		1/10
 *	P2 - E		100 x 1.1 + 3 x 50 = 260	10
 *	P1 - C		 20 x 1.1 + 2 x 50 = 122	 2
 *	P2 - C		 40 x 1.1 + 2 x 50 = 144	 4	(no hours given: 20 km at 40 km/h)
 *
 * Handling 3 EUR/t everywhere; a new line 10 + 5 + 2 + 0.2 x 100 - 30 - 4 = 3 EUR/t. Levels 150 t
 * (10,000 EUR, 100 a year, 1 job) and 600 t (30,000 EUR, 200 a year, 2 jobs); a job costs 1,000, a
 *life is 2 years, closing 10 % of the capex.
 *
 * The plan: C opens small for P1, is enlarged for everything in year 1, closes in year 2.
 *
 *	year 0	P1-C 10 trips 1,220; P2-E 20 trips 5,200; handling 900; line 300; gate 12,000 =
 *19,620 year 1	P1-C 20 trips 2,440; P2-C 40 trips 5,760; handling 1,800; line 1,800 = 11,800 year 2
 *P1-E 10 trips 4,700; P2-E 20 trips 5,200; handling 900; gate 18,000		= 28,800 present
 *value 19,620 + 0.8 x 11,800 + 0.64 x 28,800					= 47,492 bought in
 *year 0, renewed in year 2, half a life left at the end: 10,000 (1 + 0.64 - 0.5 x 0.512)
 *= 13,840 20,000 more in year 1, used up exactly: 0.8 x 20,000					=
 *16,000 closing 0.64 x 0.1 x 30,000								=
 *1,920 upkeep 100 + 0.8 x 200 =    260 jobs 1,000 + 0.8 x 2,000
 *=  2,600 site 500 + 0.8 x 500									=
 *900
 *	in all											= 83,012
*/
#include "account.h"

#include "check.h"
#include "economy.h"
#include "network.h"
#include "test.h"

static const char question[] =
	"{\"format\": \"recircuit-network-1\", \"years\": 3, \"discount_rate\": 0.25,"
	" \"carbon_eur_t\": 100, \"haulage\": {\"eur_km\": 1, \"eur_h\": 50, \"speed_km_h\": 40,"
	"  \"handling_h\": 1, \"kgco2_km\": 1, \"distance_bands\": [{\"factor\": 1}]},"
	" \"regions\": [\"24\", \"11\"],"
	" \"flows\": [{\"id\": \"pam\", \"payload_t\": 10, \"growth\": [1, 2, 1],"
	"  \"handling_eur_t\": 3, \"extra_eur_t\": 10, \"energy_eur_t\": 5,"
	"  \"consumables_eur_t\": 2, \"residue_share\": 0.2, \"residue_eur_t\": 100,"
	"  \"revenue_eur_t\": 30, \"support_eur_t\": 4}],"
	" \"line_types\": [{\"id\": \"line\", \"life_years\": 2, \"job_eur\": 1000,"
	"  \"closing_share\": 0.1, \"levels\": [{\"capacity_t\": 150, \"capex_eur\": 10000,"
	"   \"upkeep_eur\": 100, \"jobs\": 1}, {\"capacity_t\": 600, \"capex_eur\": 30000,"
	"   \"upkeep_eur\": 200, \"jobs\": 2}]}],"
	" \"points\": [{\"id\": \"P1\", \"region\": \"24\", \"lat\": 47, \"lon\": 1,"
	"  \"tonnes\": [100]}, {\"id\": \"P2\", \"region\": \"11\", \"lat\": 47, \"lon\": 2,"
	"  \"tonnes\": [200]}],"
	" \"sites\": [{\"id\": \"E\", \"region\": \"24\", \"lat\": 48, \"lon\": 1,"
	"  \"kind\": \"existing\", \"lines\": [{\"flow\": \"pam\", \"gate_eur_t\": 60}]},"
	"  {\"id\": \"C\", \"region\": \"24\", \"lat\": 47, \"lon\": 1, \"kind\": \"candidate\","
	"  \"site_eur\": 500, \"lines\": [{\"flow\": \"pam\", \"type\": \"line\"}]}],"
	" \"lanes\": [{\"point\": \"P1\", \"site\": \"E\", \"km\": 100, \"hours\": 2},"
	"  {\"point\": \"P2\", \"site\": \"E\", \"km\": 50, \"hours\": 1},"
	"  {\"point\": \"P1\", \"site\": \"C\", \"km\": 10, \"hours\": 0.5},"
	"  {\"point\": \"P2\", \"site\": \"C\", \"km\": 20}]}";

enum { YEARS = 3, E = 0, C = 1, P1 = 0, P2 = 1 };

struct example {
	struct network net;
	struct model m;
	struct plan p;
};

static struct example make_of(struct arena *a, const char *text)
{
	static const int level[] = {0, 0, 0, 0, 1, LEVEL_NONE};
	static const struct shipment shipments[] = {
		{0, 0, P1, C, 100},
		{0, 0, P2, E, 200},
		{0, 1, P1, C, 200},
		{0, 1, P2, C, 400},
		{0, 2, P1, E, 100},
		{0, 2, P2, E, 200},
	};
	struct example x;
	struct err e;
	assert_ok(network_read(a, text, strlen(text), &x.net, &e), e);
	economy_model(a, &x.net, &x.m);
	assert_ok(model_check(&x.m, &e), e);
	x.p = plan_status_quo(a, &x.m);
	memcpy(x.p.level, level, sizeof level);
	x.p.shipments = arena_alloc(a, sizeof shipments);
	memcpy(x.p.shipments, shipments, sizeof shipments);
	x.p.shipment_count = sizeof shipments / sizeof *shipments;
	x.p.cost = plan_cost(&x.m, &x.p);
	return x;
}

static struct example make(struct arena *a)
{
	return make_of(a, question);
}

static void the_model_has_the_prices_of_the_comment(void **state)
{
	struct example x = make(*state);
	assert_close(x.m.rate[0], 0.1);
	assert_close(x.m.haul[0][E * 2 + P1], 470);
	assert_close(x.m.haul[0][E * 2 + P2], 260);
	assert_close(x.m.haul[0][C * 2 + P1], 122);
	assert_close(x.m.haul[0][C * 2 + P2], 144);
	assert_close(x.m.gate[E * YEARS], 63);
	assert_close(x.m.gate[C * YEARS], 6);
	assert_close(x.m.discount[2], 0.64);
	const struct line *line = model_line(&x.m, C, 0);
	assert_int_equal(line->start, LEVEL_NONE);
	assert_close(model_change_cost(&x.m, line, LEVEL_NONE, 0, 0), 13840);
	assert_close(model_change_cost(&x.m, line, 0, 1, 1), 20000);
	assert_close(model_change_cost(&x.m, line, 1, LEVEL_NONE, 2), 3000);
	assert_close(model_change_cost(&x.m, line, 1, 0, 2), 2000);
	assert_true(model_line(&x.m, E, 0)->is_fixed);
}

static void an_asset_costs_its_purchases_less_what_is_left(void **unused)
{
	(void)unused;
	/* A life of the whole horizon, without interest: all of it; half the horizon left: half. */
	assert_close(economy_asset_cost(12, 1, 0, 0, 12), 1);
	assert_close(economy_asset_cost(24, 1, 0, 0, 12), 0.5);
	assert_close(economy_asset_cost(24, 1, 0, 6, 12), 0.25);
	assert_close(
		economy_asset_cost(5, 1, 0, 0, 12), 12.0 / 5); /* three purchases, 3 years left */
	assert_close(economy_asset_cost(1, 1, 0, 0, 3), 3);
	assert_close(economy_asset_cost(2, 1, 0.25, 0, 3), 1 + 0.64 - 0.5 * 0.512);
	assert_close(economy_asset_cost(10, 1, 0.25, 2, 3), 1 - 0.9 * 0.8);
	/* Sold for a part of that, or for nothing. */
	assert_close(economy_asset_cost(24, 0.3, 0, 0, 12), 1 - 0.3 * 0.5);
	assert_close(economy_asset_cost(5, 0, 0, 0, 12), 3);
}

static void the_plan_costs_what_the_comment_says(void **state)
{
	struct example x = make(*state);
	assert_close(x.p.cost.transport, 47492);
	assert_close(x.p.cost.change, 13840 + 16000 + 1920);
	assert_close(x.p.cost.running, 260 + 2600);
	assert_close(x.p.cost.site, 900);
	assert_close(x.p.cost.total, 83012);
	struct cost checked;
	struct err e;
	assert_ok(check_plan(*state, &x.m, &x.p, &checked, &e), e);
	assert_close(checked.total, 83012);
	assert_close(checked.change, 31760);
}

static void the_accounts_say_the_same_by_component(void **state)
{
	struct example x = make(*state);
	struct account acc;
	account_make(*state, &x.net, &x.p, &acc);
	static const double expected[COMPONENT_COUNT] = {
		[COMPONENT_HAULAGE] = 6200 + 0.8 * 8000 + 0.64 * 9500,
		[COMPONENT_CARBON] = 220 + 0.8 * 200 + 0.64 * 400,
		[COMPONENT_HANDLING] = 900 + 0.8 * 1800 + 0.64 * 900,
		[COMPONENT_GATE] = 12000 + 0.64 * 18000,
		[COMPONENT_TREATMENT] = 10 * (100 + 0.8 * 600),
		[COMPONENT_ENERGY] = 5 * (100 + 0.8 * 600),
		[COMPONENT_CONSUMABLES] = 2 * (100 + 0.8 * 600),
		[COMPONENT_RESIDUE] = 20 * (100 + 0.8 * 600),
		[COMPONENT_REVENUE] = -30 * (100 + 0.8 * 600),
		[COMPONENT_SUPPORT] = -4 * (100 + 0.8 * 600),
		[COMPONENT_JOBS] = 2600,
		[COMPONENT_UPKEEP] = 260,
		[COMPONENT_CAPEX] = 13840 + 16000,
		[COMPONENT_CLOSING] = 1920,
		[COMPONENT_SITE] = 900,
	};
	for (int c = 0; c < COMPONENT_COUNT; c++)
		assert_close(acc.present_eur[c], expected[c]);
	assert_close(acc.total_eur, 83012);
	assert_close(acc.present_tonnes, 300 + 0.8 * 600 + 0.64 * 300);
}

static void the_accounts_count_tonnes_km_and_jobs(void **state)
{
	struct example x = make(*state);
	struct account acc;
	account_make(*state, &x.net, &x.p, &acc);
	static const double tonnes[] = {300, 600, 300}, platform[] = {100, 600, 0},
			    km[] = {2200, 2000, 4000}, jobs[] = {1, 2, 0},
			    capacity[] = {150, 600, 0};
	for (size_t t = 0; t < YEARS; t++) {
		assert_close(acc.tonnes[t], tonnes[t]);
		assert_close(acc.platform_tonnes[t], platform[t]);
		assert_close(acc.vehicle_km[t], km[t]);
		assert_close(acc.co2_t[t], km[t] / 1000);
		assert_close(acc.jobs[t], jobs[t]);
		assert_close(acc.site_jobs[C * YEARS + t], jobs[t]);
		assert_close(acc.capacity[C * YEARS + t], capacity[t]);
		assert_close(acc.capacity[E * YEARS + t], 0);
		assert_close(acc.load[C * YEARS + t], platform[t]);
		assert_close(acc.load[E * YEARS + t], tonnes[t] - platform[t]);
	}
	assert_close(acc.origin[C * 2 + 0], 300);
	assert_close(acc.origin[C * 2 + 1], 400);
	assert_close(acc.origin[E * 2 + 0], 100);
	assert_close(acc.origin[E * 2 + 1], 400);
	assert_close(acc.site_capex[C], 40000); /* 10,000 twice and 20,000 once */
	assert_close(acc.site_capex[E], 0);
}

/* 7 EUR/t more below 20 km one way, and so much less beyond that haulage there costs nothing but its CO2. */
static void rounds_cost_more_than_trips_or_less(void **state)
{
	static const char bands[] = "\"payload_t\": 10, \"haul_bands\": [{\"below_km\": 20,"
				    " \"extra_eur_t\": 7}, {\"extra_eur_t\": -1000}]",
			  trips[] = "\"payload_t\": 10";
	const char *at = strstr(question, trips);
	struct example x = make_of(*state, arena_printf(*state, "%.*s%s%s", (int)(at - question),
						   question, bands, at + strlen(trips)));
	assert_close(x.m.haul[0][C * 2 + P1], 122 + 70);
	assert_close(x.m.haul[0][C * 2 + P2], 4); /* 20 km are not below 20 */
	assert_close(x.m.haul[0][E * 2 + P1], 20);
	struct account acc;
	account_make(*state, &x.net, &x.p, &acc);
	assert_close(acc.total_eur, x.p.cost.total);
	assert_close(acc.present_eur[COMPONENT_HAULAGE], 10 * 190 + 0.8 * 20 * 190);
	assert_close(acc.present_eur[COMPONENT_CARBON], 220 + 0.8 * 200 + 0.64 * 400);
	assert_close(acc.vehicle_km[1], 2000); /* as trips */
}

static void the_status_quo_needs_no_platform(void **state)
{
	struct example x = make(*state);
	struct plan p = plan_status_quo(*state, &x.m);
	struct account acc;
	assert_true(plan_route(*state, &x.m, &p));
	/* Everything to E: 470 and 260 EUR a trip, 63 EUR/t. */
	double year = 10 * 470 + 20 * 260 + 300 * 63;
	assert_close(p.cost.total, year + 0.8 * 2 * year + 0.64 * year);
	account_make(*state, &x.net, &p, &acc);
	assert_close(acc.total_eur, p.cost.total);
	assert_close(acc.present_eur[COMPONENT_CAPEX], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(the_model_has_the_prices_of_the_comment),
		cmocka_unit_test(an_asset_costs_its_purchases_less_what_is_left),
		WITH_AN_ARENA(the_plan_costs_what_the_comment_says),
		WITH_AN_ARENA(the_accounts_say_the_same_by_component),
		WITH_AN_ARENA(the_accounts_count_tonnes_km_and_jobs),
		WITH_AN_ARENA(rounds_cost_more_than_trips_or_less),
		WITH_AN_ARENA(the_status_quo_needs_no_platform),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
