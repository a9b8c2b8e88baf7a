/* Messages about a network name what its file names: ids and calendar years, not ranks. */
#include "arena.h"
#include "check.h"
#include "economy.h"
#include "err.h"
#include "network.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define HEAD \
	"{\"format\":\"recircuit-network-1\",\"years\":1,\"first_year\":2031,\"haulage\":" \
	"{\"eur_km\":1,\"eur_h\":0,\"speed_km_h\":60,\"distance_bands\":[{\"factor\":1}]}," \
	"\"regions\":[\"24\"],\"line_types\":[]," \
	"\"flows\":[{\"id\":\"pam\",\"payload_t\":10},{\"id\":\"ecrans\",\"payload_t\":10}]," \
	"\"points\":[{\"id\":\"Bourges nord\",\"region\":\"24\",\"lat\":47,\"lon\":2," \
	"\"tonnes\":[5,5]}],"
#define PLANT(lines) \
	"\"sites\":[{\"id\":\"usine:vierzon\",\"region\":\"24\",\"lat\":47,\"lon\":2,\"kind\":" \
	"\"existing\",\"lines\":[" lines "]}]}"
#define PAM     "{\"flow\":\"pam\",\"gate_eur_t\":1,\"capacity_t\":4}"
#define SCREENS "{\"flow\":\"ecrans\",\"gate_eur_t\":1}"

static int set_up(void **state)
{
	*state = arena_new();
	return 0;
}

static int tear_down(void **state)
{
	arena_free(*state);
	return 0;
}

static void read_model(struct arena *a, const char *text, struct model *m)
{
	struct network *net = arena_one(a, struct network);
	struct err e = {0};
	if (!network_read(a, text, strlen(text), net, &e))
		fail_msg("%s", e.message);
	economy_model(a, net, m);
}

static void assert_says(const struct err *e, const char *words)
{
	if (!strstr(e->message, words))
		fail_msg("« %s » is not in: %s", words, e->message);
}

static void a_flow_that_no_site_takes_is_named(void **state)
{
	struct model m;
	struct err e = {0};
	read_model(*state, HEAD PLANT(PAM), &m);
	assert_false(model_check(&m, &e));
	assert_says(&e, "flux « ecrans » : le point « Bourges nord » n’est relié à aucun site");
}

static void a_plan_that_does_not_hold_is_named(void **state)
{
	struct model m;
	struct err e = {0};
	struct cost cost;
	read_model(*state, HEAD PLANT(PAM "," SCREENS), &m);
	assert_true(model_check(&m, &e));
	struct shipment all[] = {{0, 0, 0, 0, 5}, {1, 0, 0, 0, 5}};
	struct plan p = plan_status_quo(*state, &m);
	p.shipments = all;
	p.shipment_count = 2;
	assert_false(check_plan(*state, &m, &p, &cost, &e));
	assert_says(&e, "site « usine:vierzon », flux « pam », année 2031 : 5.000 t reçues");
	p.shipment_count = 1;
	assert_false(check_plan(*state, &m, &p, &cost, &e));
	assert_says(&e, "flux « ecrans », année 2031, point « Bourges nord » : 0.000000 t");
}

static void ranks_stand_in_for_names_that_are_not_there(void **state)
{
	struct model m;
	struct err e = {0};
	read_model(*state, HEAD PLANT(PAM), &m);
	m.names = NULL;
	assert_false(model_check(&m, &e));
	assert_says(&e, "flux 2 : le point 1 n’est relié à aucun site");
}

int main(void)
{
#define IN_AN_ARENA(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		IN_AN_ARENA(a_flow_that_no_site_takes_is_named),
		IN_AN_ARENA(a_plan_that_does_not_hold_is_named),
		IN_AN_ARENA(ranks_stand_in_for_names_that_are_not_there),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
