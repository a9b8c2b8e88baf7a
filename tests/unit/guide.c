/* The example of docs/guide-planificateur.md: each number that a reader can redo on paper is computed here
 * from docs/exemples/deux-regions.json, and must stand in the guide as it is written there. */
#include "guide.h"
#include "check.h"
#include "economy.h"
#include "engine.h"
#include "file.h"
#include "finance.h"
#include "nearest.h"
#include "study.h"
#include "test.h"
#include "text.h"

enum { PLANT, SITE_A, SITE_B };
enum { NORTH, SOUTH };

static const char network_path[] = "docs/exemples/deux-regions.json";

struct example {
	struct network net;
	struct model m;
	struct plan plan, today;
	struct account with, before;
	struct finance f;
};

/* The example, or what is left of it when one region alone (`only`, or both below zero) asks. */
static void make(struct arena *a, int only, struct example *x)
{
	static const char *const names[] = {"Nord", "Sud"};
	char *bytes;
	size_t n;
	struct err e;
	assert_ok(file_read(a, network_path, 1 << 20, &bytes, &n, &e), e);
	assert_ok(network_read(a, bytes, n, &x->net, &e), e);
	assert_int_equal(x->net.points, 2);
	for (int i = 0; i < 2; i++)
		assert_string_equal(x->net.region[x->net.point[i].region], names[i]);
	if (only >= 0) {
		/* The other gives nothing, and its territory has no site. */
		double *tonnes = arena_array(a, double, x->net.years * 2);
		struct site *site = arena_array(a, struct site, x->net.sites);
		memcpy(tonnes, x->net.tonnes, x->net.years * 2 * sizeof *tonnes);
		memcpy(site, x->net.site, x->net.sites * sizeof *site);
		for (size_t t = 0; t < x->net.years; t++)
			tonnes[t * 2 + (size_t)!only] = 0;
		site[only == NORTH ? SITE_B : SITE_A].lines = arena_array(a, struct site_line, 1);
		x->net.tonnes = tonnes;
		x->net.site = site;
	}
	economy_model(a, &x->net, &x->m);
	assert_ok(model_check(&x->m, &e), e);
	struct engine_options o = {.threads = 1, .seed = 1};
	struct answer answer;
	struct cost cost;
	assert_ok(engine_solve(a, &x->m, &o, &answer, &e), e);
	assert_int_equal(answer.status, ANSWER_OPTIMAL);
	assert_ok(check_plan(a, &x->m, &answer.plan, &cost, &e), e);
	x->plan = answer.plan;
	x->today = plan_status_quo(a, &x->m);
	assert_true(plan_route(a, &x->m, &x->today));
	account_make(a, &x->net, &x->plan, &x->with);
	account_make(a, &x->net, &x->today, &x->before);
	finance_make(a, &x->net, &x->with, &x->before, &x->f);
}

static double eur(const struct account *acc, enum component c, size_t year)
{
	return acc->eur[c * (acc->years + 1) + year];
}

static void the_status_quo_costs_what_it_says(void **state)
{
	struct arena *a = *state;
	struct example x;
	make(a, -1, &x);
	double year = x.before.total_eur / 1.8;
	assert_written(a, "En tout ", year, 0, " € par an");
	assert_written(a, "× 1,8 = **", x.before.total_eur, 0, " €**");
	assert_close(
		eur(&x.before, COMPONENT_HAULAGE, 0) + eur(&x.before, COMPONENT_GATE, 0), year);
	assert_close(eur(&x.before, COMPONENT_HAULAGE, 0), 60 * 800 + 40 * 1200);
}

static void the_best_plan_is_the_one_it_shows(void **state)
{
	struct arena *a = *state;
	struct example x;
	make(a, -1, &x);
	for (size_t t = 0; t < x.m.years; t++) {
		assert_int_equal(plan_level(&x.m, &x.plan, SITE_B, 0)[t], 1);
		assert_int_equal(plan_level(&x.m, &x.plan, SITE_A, 0)[t], LEVEL_NONE);
		assert_close(x.with.platform_tonnes[t], 2000);
	}
	const double *pv = x.with.present_eur;
	double treated = pv[COMPONENT_TREATMENT] + pv[COMPONENT_RESIDUE] + pv[COMPONENT_REVENUE];
	double kept = pv[COMPONENT_UPKEEP] + pv[COMPONENT_SITE];
	assert_written(a, "| 16 000 € | ", pv[COMPONENT_HAULAGE], 0, " € |");
	assert_written(a, "| 100 000 € | ", treated, 0, " € |");
	assert_written(a, "| 60 000 € | ", pv[COMPONENT_JOBS], 0, " € |");
	assert_written(a, "| 15 000 € | ", kept, 0, " € |");
	assert_written(a, "(90 000 × 0,64) | | ", pv[COMPONENT_CAPEX], 0, " € |");
	assert_written(a, "| **ensemble** | | **", x.with.total_eur, 0, " €**");
	assert_written(
		a, "532 800 − 466 200 = **", x.before.total_eur - x.with.total_eur, 0, " €**");
}

static void money_comes_when_it_says(void **state)
{
	struct arena *a = *state;
	struct example x;
	make(a, -1, &x);
	assert_written(a, "On paie ", -x.f.system.invested[0], 0, " € le premier jour");
	assert_written(a, "soit ", x.f.system.running[0], 0, " € d’économie");
	assert_close(x.f.system.running[1], x.f.system.running[0]);
	assert_written(a, "le dernier jour, ", x.f.system.invested[2], 0, " € reviennent");
	assert_written(a, "0,64 × 90 000 = ", x.f.system_gain.npv_eur, 0, " €, la même");
	assert_written(a, "soit **", x.f.system_gain.payback_years, 1, " an**");
	assert_close(x.f.system_gain.payback_years, 1 + 75.0 / 84);
	assert_int_equal(x.f.system_gain.irr.kind, IRR_ONE);
	assert_written(a, "C’est donc **", 100 * x.f.system_gain.irr.rate, 0, " %**");
}

static void the_fees_are_those_it_finds(void **state)
{
	struct arena *a = *state;
	struct example x;
	make(a, -1, &x);
	assert_written(a, "= ", x.f.present_tonnes, 0, " t actualisées");
	assert_written(a, "437 400 / 3 600 = **", x.f.fee_eur_t[FEE_LOW], 2, " €** la tonne");
	assert_written(a, "504 000 / 3 600 = **", x.f.fee_eur_t[FEE_HIGH], 2, " €**");
	assert_written(a, "À mi-chemin, **", x.f.fee_eur_t[FEE_MIDDLE], 2, " €**");
	assert_written(a, "chaque côté gagne ", x.f.fee_gain[FEE_MIDDLE].npv_eur, 0, " €");
	assert_written(a, "rentabilité de ", 100 * x.f.fee_gain[FEE_MIDDLE].irr.rate, 1, " %");
	assert_written(a, "elle coûte ", x.f.levelised_eur_t, 2, " € la tonne");
}

static void alone_each_does_what_it_says(void **state)
{
	struct arena *a = *state;
	struct example both, north, south;
	make(a, -1, &both);
	make(a, NORTH, &north);
	make(a, SOUTH, &south);
	assert_written(a, "la petite ligne : ", south.with.total_eur, 0, " € au lieu de ");
	assert_written(a, "283 200 € au lieu de ", south.before.total_eur, 0, " €");
	assert_int_equal(plan_level(&south.m, &south.plan, SITE_B, 0)[0], 0);
	assert_close(north.with.total_eur, north.before.total_eur);
	assert_written(a, "contre ", north.before.total_eur, 0, " € aujourd’hui");
	double apart = north.with.total_eur + south.with.total_eur;
	assert_written(a, "283 200 = ", apart, 0, " € chacun pour soi");
	assert_written(a, "s’entendre vaut ", apart - both.with.total_eur, 0, " €");
}

static void what_the_north_misses_is_what_the_verdict_says(void **state)
{
	struct arena *a = *state;
	struct example x;
	struct plan p;
	struct account acc;
	size_t site;
	make(a, NORTH, &x);
	double *price = arena_array(a, double, x.m.sites *x.m.flows *x.m.years);
	assert_true(plan_route_priced(a, &x.m, &x.today, price));
	assert_true(nearest_find(a, &x.m, &x.today, price, &p, &site));
	assert_int_equal(site, SITE_A);
	account_make(a, &x.net, &p, &acc);
	struct shortfall s = finance_shortfall(a, &x.net, &acc, &x.before);
	assert_written(a, "sa petite ligne coûterait ", p.cost.total, 0, " €");
	assert_written(a, "Il lui manquerait ", s.eur, 0, " €");
	assert_written(a, "soit ", s.eur_year, 0, " € par an");
	assert_written(a, "**", s.eur_t, 2, " € par tonne**");
	assert_written(a, "tonne** ou ", 100 * s.capex_share, 1, " % de son investissement");
}

/* The study of the example: each of its shares, and the brackets of two drivers. */
static void the_study_says_what_the_guide_says(void **state)
{
	static const char question[] =
		"{\"study\": {\"gap\": 0, \"tipping\": [\"capex\", \"gate_fees\"], \"sharing\": "
		"{\"players\": [\"Nord\", \"Sud\"]}}}";
	struct arena *a = *state;
	struct example x;
	struct study s;
	struct err e;
	make(a, -1, &x);
	assert_ok(study_read(a, question, strlen(question), &x.net, &s, &e), e);
	assert_ok(study_run(a, &s, 1, 1, NULL, NULL, &e), e);
	for (size_t n = 0; n < s.subjects; n++) {
		const struct tipping *t = &s.subject[n].tipping;
		if (t->driver == driver_find("gate_fees")) {
			assert_true(t->below.flips && !t->above.flips);
			assert_written(a, "encore viable à ", t->below.near.value, 2, " €");
			assert_written(a, "non viable à ", t->below.far.value, 2, " €");
			assert_true(t->below.far.value < -18.5 && t->below.near.value > -18.5);
		} else if (t->driver == driver_find("capex")) {
			assert_true(t->above.flips && !t->below.flips);
			assert_written(a, "encore viable à ×", t->above.near.value, 3, ",");
			assert_written(a, "non viable à ×", t->above.far.value, 3, ".");
		}
	}
	const struct shares *by = s.sharing.by;
	for (size_t p = 0; p < 2; p++)
		assert_close(by[RULE_NUCLEOLUS].share[p], by[RULE_SHAPLEY].share[p]);
	assert_written(a, "− 23 700 = **", by[RULE_SHAPLEY].share[NORTH], 0, " €**");
	assert_written(a, "− 23 700 = **", by[RULE_SHAPLEY].share[SOUTH], 0, " €**");
	assert_written(a, "le Nord **", by[RULE_PROPORTIONAL].share[NORTH], 0, " €**");
	assert_written(a, "le Sud **", by[RULE_PROPORTIONAL].share[SOUTH], 0, " €**");
	assert_written(a, "le Nord **", by[RULE_EQUAL_PROFIT].share[NORTH], 0, " €**");
	assert_written(a, "le Sud **", by[RULE_EQUAL_PROFIT].share[SOUTH], 0, " €**");
	for (enum rule r = 0; r < RULES; r++)
		assert_int_equal(by[r].stability, STABLE);
	assert_int_equal(s.partners.smallest.members, 1 << SOUTH);
	assert_written(a, "le Nord lui apporte ", s.partners.by[NORTH].brings_least, 0, " €");
}

/* A word that the verdict or the study uses is told in the table of answers or in the glossary. */
static void each_word_of_the_verdict_is_in_its_glossary(void **state)
{
	static const char *const words[] = {"Viable", "Non viable", "Indécidé", "Écart prouvé",
		"Valeur créée", "Prix d’entrée", "Coût complet", "Taux de rentabilité interne",
		"Temps de retour actualisé", "Valeur actualisée nette", "Valorisation",
		"Réemploi et recyclage", "Statu quo", "Véhicule-km", "CO2 évité", "Repères",
		"Sûreté", "Levier", "Bascule (point de)", "Tirage", "Regret", "Valeur en risque",
		"Cœur", "Stable (partage)", "Nucléole", "Shapley (valeur de)", "Gain égal"};
	const char *guide = guide_text(*state);
	for (size_t n = 0; n < sizeof words / sizeof *words; n++)
		if (!strstr(guide, arena_printf(*state, "**%s.**", words[n])))
			assert_says(guide, arena_printf(*state, "| **%s** |", words[n]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(the_status_quo_costs_what_it_says),
		WITH_AN_ARENA(the_best_plan_is_the_one_it_shows),
		WITH_AN_ARENA(money_comes_when_it_says),
		WITH_AN_ARENA(the_fees_are_those_it_finds),
		WITH_AN_ARENA(alone_each_does_what_it_says),
		WITH_AN_ARENA(what_the_north_misses_is_what_the_verdict_says),
		WITH_AN_ARENA(the_study_says_what_the_guide_says),
		WITH_AN_ARENA(each_word_of_the_verdict_is_in_its_glossary),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
