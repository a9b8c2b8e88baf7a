/* Drivers: each changes what it names and nothing else. */
#include "driver.h"
#include "economy.h"
#include "test.h"
#include "tiny.h"

/* Two flows and a candidate with every component of cost. */
static struct network make(struct arena *a)
{
	struct tiny t = {.points = 2,
		.sites = 2,
		.flows = 2,
		.years = 3,
		.levels = 2,
		.discount_rate = 0.04,
		.eur_km = 1.5,
		.eur_h = 30,
		.carbon_eur_t = 50,
		.max_platforms = -1,
		.life_years = 4,
		.job_eur = 40000,
		.level = {{1000, 1e5, 3000, 1}, {20000, 8e5, 20000, 6}},
		.flow = {{10, 250, 20, {1, 1.1, 1.2}, 0, 0, 0}, {12, 0, 40, {1, 1, 1}, 4, -1, 1}},
		.point = {{47, 1, {500, 100}, 0}, {48, 2, {300, 50}, 1}},
		.site = {{.is_existing = true,
				 .offers = {true, true},
				 .lat = 45,
				 .lon = 3,
				 .gate_eur_t = {100, 120},
				 .name = 0},
			{.offers = {true, true},
				.lat = 47.5,
				.lon = 1.5,
				.site_eur = 5000,
				.name = 1}}};
	struct network net;
	struct model m;
	tiny_model(a, &t, &net, &m);
	return net;
}

static const struct driver *find(const char *id)
{
	const struct driver *d = driver_find(id);
	assert_non_null(d);
	return d;
}

static void stands_where_the_network_is(void **state)
{
	struct network net = make(*state);
	for (size_t n = 0; n < driver_count; n++) {
		const struct driver *d = &driver_table[n];
		double at = driver_central(d, &net);
		struct network same = driver_apply(*state, d, &net, at);
		struct model before, after;
		economy_model(*state, &net, &before);
		economy_model(*state, &same, &after);
		size_t lines = before.sites * before.flows * before.years;
		for (size_t i = 0; i < lines; i++)
			assert_near(after.gate[i], before.gate[i], 1e-9);
		for (size_t i = 0; i < before.flows * before.years * before.points; i++)
			assert_near(after.tonnes[i], before.tonnes[i], 1e-9);
		assert_near(after.discount[2], before.discount[2], 1e-12);
		assert_ptr_equal(driver_find(d->id), d);
		assert_true(d->least <= d->low && d->low <= d->high && d->high <= d->most);
	}
	assert_null(driver_find("weather"));
}

static void growth_compounds_from_the_first_year(void **state)
{
	struct network net = make(*state);
	struct network more = driver_apply(*state, find("volume_growth"), &net, 0.1);
	static const double factor[] = {1, 1.1, 1.21};
	for (size_t t = 0; t < net.years; t++)
		for (size_t i = 0; i < net.points; i++)
			assert_close(network_tonnes(&more, 0, t, i),
				factor[t] * network_tonnes(&net, 0, t, i));
}

static void prices_change_what_they_are_the_price_of(void **state)
{
	struct network net = make(*state), x;
	x = driver_apply(*state, find("haulage_price"), &net, 2);
	assert_close(x.haulage.eur_km, 3);
	assert_close(x.haulage.eur_h, 60);
	assert_close(x.carbon_eur_t, 50);
	assert_close(x.flow[1].haul_band[0].extra_eur_t, 8);
	assert_close(net.flow[1].haul_band[0].extra_eur_t, 4);
	x = driver_apply(*state, find("capex"), &net, 1.5);
	assert_close(x.line_type[0].level[0].capex_eur, 1.5e5);
	assert_close(x.line_type[0].level[0].upkeep_eur, 3000);
	x = driver_apply(*state, find("opex"), &net, 1.5);
	assert_close(x.line_type[0].level[0].capex_eur, 1e5);
	assert_close(x.line_type[0].level[0].upkeep_eur, 4500);
	assert_close(x.line_type[0].job_eur, 60000);
	assert_close(x.flow[0].extra_eur_t, 30);
	x = driver_apply(*state, find("gate_fees"), &net, -10);
	assert_close(x.site[0].lines[1].gate_eur_t, 110);
	assert_close(net.site[0].lines[1].gate_eur_t, 120);
	x = driver_apply(*state, find("material_prices"), &net, 0.5);
	assert_close(x.flow[0].revenue_eur_t, 125);
	x = driver_apply(*state, find("support"), &net, 7);
	assert_close(x.flow[1].support_eur_t, 7);
	x = driver_apply(*state, find("discount_rate"), &net, 0.1);
	assert_close(x.discount_rate, 0.1);
	x = driver_apply(*state, find("carbon_price"), &net, 200);
	assert_close(x.carbon_eur_t, 200);
}

/* At 20,000 t an exponent changes nothing; a line twenty times smaller costs 20^0.1 less. */
static void an_exponent_turns_around_the_reference_size(void **state)
{
	struct network net = make(*state);
	struct network x = driver_apply(*state, find("scale_exponent"), &net, 0.1);
	assert_close(x.line_type[0].level[1].capex_eur, 8e5);
	assert_close(x.line_type[0].level[0].capex_eur, 1e5 / pow(20, 0.1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(stands_where_the_network_is),
		WITH_AN_ARENA(growth_compounds_from_the_first_year),
		WITH_AN_ARENA(prices_change_what_they_are_the_price_of),
		WITH_AN_ARENA(an_exponent_turns_around_the_reference_size),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
