/* The network file: what FORMAT.md says is read, anything else is refused with its path. */
#include "network.h"

#include "buf.h"
#include "test.h"

#include <math.h>
#include <stdlib.h>

/* Everything a network can say, once. */
static const char whole[] =
	"{\"format\": \"recircuit-network-1\", \"name\": \"essai\", \"first_year\": 2030, "
	"\"years\": 2,"
	" \"discount_rate\": 0.04, \"carbon_eur_t\": 100, \"max_platforms\": 3,"
	" \"min_platforms\": 1, \"budget_eur\": 7e6, \"budget_eur_year\": [5e6, 4e6],"
	" \"max_co2_t\": 900, \"max_co2_t_year\": 500, \"single_sourcing\": false,"
	" \"haulage\": {\"eur_km\": 1.5, \"eur_h\": 40, \"speed_km_h\": 60, \"handling_h\": 0.5,"
	"  \"kgco2_km\": 0.9, \"distance_bands\": [{\"below_km\": 30, \"factor\": 1.4},"
	"  {\"factor\": 1.2}]},"
	" \"regions\": [\"24\", \"11\"],"
	" \"flows\": [{\"id\": \"pam\", \"payload_t\": 3, \"growth\": [1, 1.1], \"extra_eur_t\": "
	"-5,"
	"  \"energy_eur_t\": 6, \"consumables_eur_t\": 7, \"residue_share\": 0.2,"
	"  \"residue_eur_t\": 120, \"revenue_eur_t\": 90, \"support_eur_t\": 8,"
	"  \"handling_eur_t\": 9, \"haul_bands\": [{\"below_km\": 45, \"extra_eur_t\": 6},"
	"  {\"extra_eur_t\": -2}]}, {\"id\": \"gem\", \"payload_t\": 8}],"
	" \"line_types\": [{\"id\": \"small\", \"life_years\": 12, \"job_eur\": 45000,"
	"  \"closing_share\": 0.1, \"resale_share\": 0.4, \"levels\": [{\"capacity_t\": 1000, "
	"\"capex_eur\": 1e6,"
	"  \"upkeep_eur\": 3e4, \"jobs\": 5}, {\"capacity_t\": 5000, \"capex_eur\": 3e6}]}],"
	" \"points\": [{\"id\": \"p1\", \"region\": \"24\", \"lat\": 47.9, \"lon\": 1.9,"
	"  \"tonnes\": [100, 10]}, {\"id\": \"p2\", \"region\": \"11\", \"lat\": 48.8,"
	"  \"lon\": 2.3, \"tonnes\": [[200, 250], 0]}],"
	" \"sites\": [{\"id\": \"s1\", \"name\": \"Usine\", \"region\": \"24\", \"lat\": 47,"
	"  \"lon\": 2, \"kind\": \"existing\", \"lines\": [{\"flow\": \"pam\", \"gate_eur_t\": 150,"
	"  \"capacity_t\": 400}, {\"flow\": \"gem\", \"gate_eur_t\": -20}]},"
	"  {\"id\": \"s2\", \"region\": \"11\", \"lat\": 48, \"lon\": 2, \"kind\": \"candidate\","
	"  \"site_eur\": 5e5, \"max_t\": 800, \"min_t\": 30, \"forced\": \"open\","
	"  \"lines\": [{\"flow\": \"gem\", \"type\": \"small\"}]}],"
	" \"lanes\": [{\"point\": \"p1\", \"site\": \"s2\", \"km\": 42, \"hours\": 2},"
	"  {\"point\": \"p2\", \"site\": \"s1\", \"km\": 120}]}";

static bool read(struct arena *a, const char *text, struct network *net, struct err *e)
{
	return network_read(a, text, strlen(text), net, e);
}

/* The text with its only `from` replaced. */
static const char *with(struct arena *a, const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);
	if (!at || strstr(at + 1, from))
		fail_msg("« %s » is not there once", from);
	return arena_printf(a, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static void assert_is_whole(const struct network *net)
{
	assert_string_equal(net->name, "essai");
	assert_int_equal(net->first_year, 2030);
	assert_true(net->years == 2 && net->flows == 2 && net->regions == 2 && net->points == 2 &&
		    net->sites == 2 && net->line_types == 1);
	assert_true(net->discount_rate == 0.04 && net->carbon_eur_t == 100 &&
		    net->max_platforms == 3 && !net->is_single_sourced);
	assert_true(net->min_platforms == 1 && net->budget_eur == 7e6 && net->max_co2_t == 900);
	assert_true(net->budget_eur_year[0] == 5e6 && net->budget_eur_year[1] == 4e6);
	assert_true(net->max_co2_t_year[0] == 500 && net->max_co2_t_year[1] == 500);
	const struct haulage *h = &net->haulage;
	assert_true(h->eur_km == 1.5 && h->eur_h == 40 && h->speed_km_h == 60 &&
		    h->handling_h == 0.5 && h->kgco2_km == 0.9);
	assert_true(h->bands == 2 && h->band[0].below_km == 30 && h->band[0].factor == 1.4 &&
		    isinf(h->band[1].below_km) && h->band[1].factor == 1.2);
	assert_string_equal(net->region[1], "11");
	const struct flow *f = &net->flow[0];
	assert_string_equal(f->id, "pam");
	assert_true(f->payload_t == 3 && f->growth[1] == 1.1 && f->extra_eur_t == -5 &&
		    f->energy_eur_t == 6 && f->consumables_eur_t == 7 && f->residue_share == 0.2 &&
		    f->residue_eur_t == 120 && f->revenue_eur_t == 90 && f->support_eur_t == 8 &&
		    f->handling_eur_t == 9);
	assert_true(f->haul_bands == 2 && f->haul_band[0].below_km == 45 &&
		    f->haul_band[0].extra_eur_t == 6 && isinf(f->haul_band[1].below_km) &&
		    f->haul_band[1].extra_eur_t == -2 && net->flow[1].haul_bands == 0);
	assert_true(net->flow[1].growth[1] == 1 && net->flow[1].revenue_eur_t == 0);
	const struct line_type *type = net->line_type;
	assert_true(type->life_years == 12 && type->job_eur == 45000 &&
		    type->closing_share == 0.1 && type->resale_share == 0.4 && type->levels == 2);
	assert_true(type->level[0].capacity_t == 1000 && type->level[0].capex_eur == 1e6 &&
		    type->level[0].upkeep_eur == 3e4 && type->level[0].jobs == 5);
	assert_true(type->level[1].capacity_t == 5000 && type->level[1].jobs == 0);
	assert_true(net->point[1].region == 1 && net->point[1].at.lat == 48.8 &&
		    net->point[1].at.lon == 2.3);
	assert_true(network_tonnes(net, 0, 0, 0) == 100);
	assert_true(network_tonnes(net, 0, 1, 0) == 100 * 1.1);
	assert_true(network_tonnes(net, 0, 1, 1) == 250); /* given by year: no growth on top */
	assert_true(network_tonnes(net, 1, 1, 0) == 10);
	const struct site *plant = &net->site[0], *candidate = &net->site[1];
	assert_string_equal(plant->name, "Usine");
	assert_string_equal(candidate->name, "s2");
	assert_true(plant->kind == SITE_EXISTING && candidate->kind == SITE_CANDIDATE);
	assert_true(plant->lines[0].capacity_t == 400 && plant->lines[0].gate_eur_t == 150);
	assert_true(isinf(plant->lines[1].capacity_t) && plant->lines[1].gate_eur_t == -20);
	assert_true(!candidate->lines[0].is_offered && candidate->lines[1].is_offered);
	assert_true(isinf(plant->max_t) && plant->min_t == 0 && plant->forced == FORCED_NOT);
	assert_true(candidate->max_t == 800 && candidate->min_t == 30 &&
		    candidate->forced == FORCED_OPEN);
	assert_true(candidate->site_eur == 5e5 && candidate->lines[1].type == 0);
}

static void reads_everything_it_says(void **state)
{
	struct network net;
	struct err e;
	assert_ok(read(*state, whole, &net, &e), e);
	assert_is_whole(&net);
}

static void reads_back_what_it_writes(void **state)
{
	struct network net, back;
	struct err e;
	struct buf b;
	struct jout j;
	assert_ok(read(*state, whole, &net, &e), e);
	buf_init(&b, *state, BUF_NO_LIMIT);
	jout_init(&j, &b);
	network_write(&j, &net);
	assert_ok(read(*state, b.data, &back, &e), e);
	assert_is_whole(&back);
}

static void lanes_go_before_the_distance_rule(void **state)
{
	struct network net;
	struct err e;
	assert_ok(read(*state, whole, &net, &e), e);
	assert_true(network_km(&net, 0, 1) == 42 && network_hours(&net, 0, 1, 42) == 2);
	assert_true(
		network_km(&net, 1, 0) == 120 && network_hours(&net, 1, 0, 120) == 2); /* 60 km/h */
	/* 0.9 degrees of latitude and 0.1 of longitude at 47.45: 100.36 km, times 1.2. */
	assert_near(network_km(&net, 0, 0), 1.2 * 100.36, 0.05);
	assert_near(network_hours(&net, 0, 0, 120), 2, 1e-12);
}

static void distances_are_those_of_the_earth(void **state)
{
	/* Quarter of a meridian, antipodes, a point to itself. */
	static const struct {
		const char *place;
		double km;
	} cases[] = {{"\"lat\": 90,  \"lon\": 2", 43 * 6371.0088 * M_PI / 180},
		{"\"lat\": -47,  \"lon\": -178", 6371.0088 * M_PI},
		{"\"lat\": 47,  \"lon\": 2", 0}};
	struct network net;
	struct err e;
	const char *plain = with(*state, whole, "{\"below_km\": 30, \"factor\": 1.4},", "");
	plain = with(*state, plain, "{\"factor\": 1.2}", "{\"factor\": 1}");
	plain = arena_printf(*state, "%.*s}", (int)(strstr(plain, ", \"lanes\"") - plain), plain);
	for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
		const char *text =
			with(*state, plain, "\"lat\": 47.9, \"lon\": 1.9", cases[n].place);
		assert_ok(read(*state, text, &net, &e), e);
		assert_near(network_km(&net, 0, 0), cases[n].km, 0.001);
	}
}

/* Just past the end of a band the road cannot be shorter than just before it. */
static void the_road_never_gets_shorter_with_distance(void **state)
{
	struct network net;
	struct err e;
	double before = -1;
	for (int n = 0; n <= 400; n++) {
		const char *text = with(*state, whole, "\"lat\": 47.9, \"lon\": 1.9",
			arena_printf(*state, "\"lat\": %.4f, \"lon\": 2", 47 + 0.002 * n));
		assert_ok(read(*state, text, &net, &e), e);
		double km = network_km(&net, 0, 0);
		assert_true(km >= before);
		before = km;
		arena_reset(*state);
	}
	assert_near(before, 1.2 * 0.8 * 6371.0088 * M_PI / 180, 0.01);
}

static void what_is_optional_may_be_absent_or_null(void **state)
{
	static const char *const members[] = {"\"name\": \"essai\",", "\"first_year\": 2030,",
		"\"discount_rate\": 0.04,", "\"carbon_eur_t\": 100,", "\"max_platforms\": 3,",
		"\"single_sourcing\": false,", "\"handling_h\": 0.5,", "\"growth\": [1, 1.1],",
		"\"extra_eur_t\": -5,", "\"energy_eur_t\": 6,", "\"consumables_eur_t\": 7,",
		"\"residue_share\": 0.2,", "\"residue_eur_t\": 120,", "\"revenue_eur_t\": 90,",
		"\"support_eur_t\": 8,", "\"job_eur\": 45000,", "\"closing_share\": 0.1,",
		"\"upkeep_eur\": 3e4,", "\"name\": \"Usine\",", "\"site_eur\": 5e5,"};
	struct network net;
	struct err e;
	for (size_t n = 0; n < sizeof members / sizeof *members; n++) {
		assert_ok(read(*state, with(*state, whole, members[n], ""), &net, &e), e);
		const char *null = arena_printf(*state, "%.*s: null,",
			(int)(strchr(members[n], ':') - members[n]), members[n]);
		assert_ok(read(*state, with(*state, whole, members[n], null), &net, &e), e);
	}
	const char *no_limit = with(*state, whole, "\"max_platforms\": 3,", "");
	assert_ok(read(*state, no_limit, &net, &e), e);
	assert_true(net.max_platforms == -1 && net.first_year == 2030);
}

static void refuses_with_the_path(void **state)
{
	static const struct {
		const char *from, *to, *said;
	} cases[] = {
		/* the whole */
		{"recircuit-network-1", "recircuit-network-2", "recircuit-network-1"},
		{"\"format\": \"recircuit-network-1\",", "", "format : valeur manquante"},
		{"\"name\": \"essai\"", "\"nmae\": \"essai\"", "champ inconnu « nmae »"},
		{"\"years\": 2", "\"years\": 0", "years : 0 est hors"},
		{"\"years\": 2", "\"years\": 41", "years : 41 est hors"},
		{"\"years\": 2", "\"years\": 2.5", "years : un nombre entier"},
		{"\"years\": 2,", "", "years : valeur manquante"},
		{"\"first_year\": 2030", "\"first_year\": 0", "first_year"},
		{"\"discount_rate\": 0.04", "\"discount_rate\": 4", "discount_rate : 4 est hors"},
		{"\"discount_rate\": 0.04", "\"discount_rate\": -1", "discount_rate"},
		{"\"carbon_eur_t\": 100", "\"carbon_eur_t\": -1", "carbon_eur_t"},
		{"\"max_platforms\": 3", "\"max_platforms\": -1", "max_platforms"},
		{"\"min_platforms\": 1", "\"min_platforms\": 4", "« min_platforms » dépasse"},
		{"\"budget_eur\": 7e6", "\"budget_eur\": -1", "budget_eur"},
		{"\"budget_eur\": 7e6", "\"budget_eur\": 1e300", "budget_eur"},
		{"[5e6, 4e6]", "[5e6]", "budget_eur_year"},
		{"[5e6, 4e6]", "[5e6, -4]", "budget_eur_year[1]"},
		{"[5e6, 4e6]", "\"beaucoup\"", "budget_eur_year"},
		{"\"max_co2_t\": 900", "\"max_co2_t\": -900", "max_co2_t"},
		{"\"max_co2_t_year\": 500", "\"max_co2_t_year\": -5", "max_co2_t_year"},
		{"\"max_t\": 800", "\"max_t\": 20", "sites[1].max_t"},
		{"\"min_t\": 30", "\"min_t\": -1", "sites[1].min_t"},
		{"\"forced\": \"open\"", "\"forced\": \"always\"",
			"« forced » vaut open ou closed"},
		{"\"kind\": \"existing\",", "\"kind\": \"existing\", \"max_t\": 5,",
			"ne portent que sur un candidat"},
		{"\"single_sourcing\": false", "\"single_sourcing\": 0",
			"single_sourcing : true ou"},
		/* haulage */
		{"\"extra_eur_t\": -2", "\"extra_eur_t\": null", "haul_bands[1].extra_eur_t"},
		{"{\"extra_eur_t\": -2}", "{\"below_km\": 20, \"extra_eur_t\": -2}",
			"flows[0].haul_bands[1].below_km : 20 est hors"},
		{"{\"extra_eur_t\": -2}", "{\"below_km\": 90, \"extra_eur_t\": -2}",
			"flows[0].haul_bands : la dernière tranche doit être sans limite"},
		{"\"below_km\": 45, \"extra", "\"km\": 45, \"extra",
			"haul_bands[0] : champ inconnu"},
		{"\"eur_km\": 1.5", "\"eur_km\": -1", "haulage.eur_km : -1"},
		{"\"eur_km\": 1.5,", "", "haulage.eur_km : valeur manquante"},
		{"\"eur_km\": 1.5", "\"eur_km\": \"1.5\"", "haulage.eur_km : un nombre"},
		{"\"speed_km_h\": 60", "\"speed_km_h\": 0", "haulage.speed_km_h"},
		{"\"handling_h\": 0.5", "\"handling_hours\": 0.5", "haulage : champ inconnu"},
		{"{\"below_km\": 30, \"factor\": 1.4},  {\"factor\": 1.2}", "",
			"haulage.distance_bands : 0 élément"},
		{"{\"factor\": 1.2}", "{\"below_km\": 20, \"factor\": 1.2}",
			"haulage.distance_bands[1].below_km : 20 est hors"},
		{"{\"factor\": 1.2}", "{\"below_km\": 60, \"factor\": 1.2}",
			"haulage.distance_bands : la dernière tranche"},
		{"{\"below_km\": 30, \"factor\": 1.4}", "{\"factor\": 1.4}",
			"haulage.distance_bands : seule la dernière"},
		{"\"factor\": 1.4", "\"factor\": 0", "haulage.distance_bands[0].factor"},
		{"\"factor\": 1.4", "\"factr\": 1.4", "haulage.distance_bands[0]"},
		/* flows */
		{"\"payload_t\": 3", "\"payload_t\": 0", "flows[0].payload_t : 0"},
		{"\"payload_t\": 8", "\"payload\": 8", "flows[1]"},
		{"\"growth\": [1, 1.1]", "\"growth\": [1]", "flows[0].growth : 1 élément"},
		{"\"growth\": [1, 1.1]", "\"growth\": [1, -0.1]", "flows[0].growth[1] : -0.1"},
		{"\"residue_share\": 0.2", "\"residue_share\": 1.2", "flows[0].residue_share"},
		{"\"revenue_eur_t\": 90", "\"revenu_eur_t\": 90",
			"flows[0] : champ inconnu « revenu_eur_t »"},
		{"\"id\": \"gem\"", "\"id\": \"pam\"", "flows : l’identifiant « pam » figure deux"},
		{"\"id\": \"gem\"", "\"id\": 3", "flows[1].id : un texte"},
		/* line types */
		{"\"life_years\": 12", "\"life_years\": 0", "line_types[0].life_years : 0"},
		{"\"life_years\": 12", "\"life_years\": 12.5", "line_types[0].life_years"},
		{"\"closing_share\": 0.1", "\"closing_shares\": 0.1",
			"line_types[0] : champ inconnu"},
		{"\"capacity_t\": 1000", "\"capacity_t\": 0", "line_types[0].levels[0].capacity_t"},
		{"\"capacity_t\": 5000", "\"capacity_t\": 1000",
			"line_types[0].levels[1] : les capacités doivent aller en croissant"},
		{"\"capex_eur\": 3e6", "\"capex_eur\": 5e5", "line_types[0].levels[1]"},
		{"\"capex_eur\": 3e6", "\"capex_eur\": -1",
			"line_types[0].levels[1].capex_eur : -1"},
		{"\"capex_eur\": 3e6", "\"capex\": 3e6", "line_types[0].levels[1] : champ inconnu"},
		/* points */
		{"\"region\": \"24\", \"lat\": 47.9", "\"region\": \"99\", \"lat\": 47.9",
			"points[0] : identifiant inconnu « 99 »"},
		{"\"lat\": 47.9", "\"lat\": 97.9", "points[0].lat : 97.9 est hors"},
		{"\"lon\": 2.3", "\"lon\": 180.5", "points[1].lon"},
		{"\"lon\": 2.3", "\"lng\": 2.3", "points[1]"},
		{"[100, 10]", "[100]", "points[0].tonnes : 1 élément"},
		{"[100, 10]", "[-1, 10]", "points[0].tonnes[0] : -1"},
		{"[100, 10]", "[100, \"10\"]", "points[0].tonnes[1] : un nombre"},
		{"[200, 250]", "[200, 250, 300]", "points[1].tonnes[0] : 3 valeurs pour 2 années"},
		{"[200, 250]", "[200, -250]", "points[1].tonnes[0][1] : -250"},
		{"[200, 250]", "[200, 1e10]", "points[1].tonnes[0][1]"},
		{"\"id\": \"p2\"", "\"id\": \"p1\"", "points : l’identifiant « p1 » figure deux"},
		/* sites */
		{"\"id\": \"s2\"", "\"id\": \"s1\"", "sites : l’identifiant « s1 » figure deux"},
		{"\"kind\": \"existing\"", "\"kind\": \"closed\"", "sites[0] : « kind »"},
		{"\"flow\": \"gem\", \"gate_eur_t\": -20", "\"flow\": \"pam\", \"gate_eur_t\": -20",
			"sites[0].lines[1] : le flux « pam » figure deux fois"},
		{"\"flow\": \"gem\", \"gate_eur_t\": -20", "\"flow\": \"x\", \"gate_eur_t\": -20",
			"sites[0].lines[1] : identifiant inconnu « x »"},
		{"\"flow\": \"gem\", \"gate_eur_t\": -20", "\"flow\": \"gem\"",
			"sites[0].lines[1].gate_eur_t : valeur manquante"},
		{"\"capacity_t\": 400", "\"capacty_t\": 400",
			"sites[0].lines[0] : champ inconnu « capacty_t »"},
		{"\"capacity_t\": 400", "\"capacity_t\": -1", "sites[0].lines[0].capacity_t"},
		{"\"type\": \"small\"", "\"type\": \"large\"",
			"sites[1].lines[0] : identifiant inconnu « large »"},
		{"\"type\": \"small\"", "\"type\": \"small\", \"gate_eur_t\": 3",
			"sites[1].lines[0] : champ inconnu « gate_eur_t »"},
		{"\"site_eur\": 5e5", "\"site_euro\": 5e5", "sites[1] : champ inconnu"},
		{"\"kind\": \"candidate\"", "\"kind\": \"existing\"", "sites[1]"},
		/* lanes */
		{"\"km\": 42", "\"km\": -42", "lanes[0].km : -42"},
		{"\"km\": 120", "\"km\": 120, \"hour\": 1", "lanes[1] : champ inconnu « hour »"},
		{"\"point\": \"p2\"", "\"point\": \"p9\"", "lanes[1] : identifiant inconnu « p9 »"},
		{"\"site\": \"s1\"", "\"site\": \"s9\"", "lanes[1] : identifiant inconnu « s9 »"},
		{"\"point\": \"p2\", \"site\": \"s1\"", "\"point\": \"p1\", \"site\": \"s2\"",
			"lanes[1] : "},
	};
	for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
		struct network net;
		struct err e = {0};
		if (read(*state, with(*state, whole, cases[n].from, cases[n].to), &net, &e))
			fail_msg("accepted: %s -> %s", cases[n].from, cases[n].to);
		assert_int_equal(e.kind, ERR_INVALID);
		assert_says(e.message, cases[n].said);
	}
}

static void refuses_what_is_not_a_json_object(void **state)
{
	static const char *const bad[] = {"", "[", "{\"format\": \"recircuit-network-1\"",
		"{\"years\": NaN}", "{\"years\": 1e999}", "{\"years\": 1, \"years\": 1}"};
	struct network net;
	struct err e;
	for (size_t n = 0; n < sizeof bad / sizeof *bad; n++)
		assert_refused(read(*state, bad[n], &net, &e), e, ERR_MALFORMED, "JSON illisible");
	assert_refused(read(*state, "[]", &net, &e), e, ERR_INVALID, "objet JSON");
	for (size_t n = 1; n < sizeof whole - 1; n += 37)
		assert_refused(network_read(*state, whole, n, &net, &e), e, ERR_MALFORMED,
			"JSON illisible");
}

static void refuses_sizes_that_memory_cannot_hold(void **state)
{
	/* 60,000 points x 4,000 sites, each as short as can be, without a tonne among them. */
	struct buf *text = arena_one(*state, struct buf);
	buf_init(text, *state, BUF_NO_LIMIT);
	const char *points = strstr(whole, "\"points\": ["), *sites = strstr(whole, "\"sites\": [");
	buf_add(text, whole, (size_t)(points - whole));
	buf_puts(text, "\"points\": [0");
	for (int n = 1; n < 60000; n++)
		buf_puts(text, ",0");
	buf_puts(text, "], \"sites\": [0");
	for (int n = 1; n < 4000; n++)
		buf_puts(text, ",0");
	buf_puts(text, "]}");
	assert_non_null(sites);
	struct network net;
	struct err e;
	assert_refused(
		read(*state, text->data, &net, &e), e, ERR_TOO_LARGE, "60000 points × 4000 sites");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(reads_everything_it_says),
		WITH_AN_ARENA(reads_back_what_it_writes),
		WITH_AN_ARENA(lanes_go_before_the_distance_rule),
		WITH_AN_ARENA(distances_are_those_of_the_earth),
		WITH_AN_ARENA(the_road_never_gets_shorter_with_distance),
		WITH_AN_ARENA(what_is_optional_may_be_absent_or_null),
		WITH_AN_ARENA(refuses_with_the_path),
		WITH_AN_ARENA(refuses_what_is_not_a_json_object),
		WITH_AN_ARENA(refuses_sizes_that_memory_cannot_hold),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
