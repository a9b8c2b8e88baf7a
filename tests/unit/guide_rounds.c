/* The round of docs/guide-planificateur.md that a reader can redo on paper: each of its numbers is worked out here from
 * docs/exemples/tournee.json, and must stand in the guide as it is written there. */
#include "absence.h"
#include "file.h"
#include "guide.h"
#include "planning.h"
#include "routing.h"
#include "test.h"

static void make(struct arena *a, struct collection *c, struct itinerary *it)
{
	char *bytes;
	size_t n, count;
	struct err e;
	struct posing p;
	struct routing_options o = {.turns = 2, .threads = 1, .seed = 1};
	struct routing_answer found = {0};
	assert_ok(file_read(a, "docs/exemples/tournee.json", 1 << 20, &bytes, &n, &e), e);
	assert_ok(collection_read(a, bytes, n, c, &e), e);
	posing_make(a, c, &p);
	routing_solve(a, &p.vrp, &o, &found);
	struct outing *outings = planning_outings(a, c, &p, &found.best, &count);
	assert_ok(itinerary_make(a, c, outings, count, it, &e), e);
}

static void says(struct arena *a, const char *words)
{
	assert_says(guide_text(a), words);
}

static void the_round_goes_as_it_says(void **state)
{
	static const char *const places[] = {"depot", "A", "B", "C", "depot"};
	struct arena *a = *state;
	struct collection c;
	struct itinerary it;
	make(a, &c, &it);
	assert_int_equal(it.rounds, 1);
	const struct outing_sums *s = it.round;
	assert_int_equal(s->halts, 5);
	for (size_t k = 0; k < 5; k++)
		assert_string_equal(c.place[s->halt[k].place].id, places[k]);
	assert_written(a, "60 + 60 + 50 + 120 = **", s->km, 0, " km**");
	says(a, arena_printf(a, "et %s de conduite", absence_hour(a, s->driving)));
	says(a, arena_printf(a, "| dépôt | | | %s | vide |", absence_hour(a, s->leave)));
	for (size_t k = 1; k < 5; k++) {
		const struct halt *h = &s->halt[k];
		const char *name = k == 4 ? "dépôt" : places[k];
		const char *work = k == 2 ? arena_printf(a, "pause de %s à %s, puis travail",
						    absence_hour(a, s->pause->begin),
						    absence_hour(a, s->pause->end))
					  : absence_hour(a, h->at.begin);
		says(a, arena_printf(a, "| %s | %s | %s | %s |", name,
				absence_hour(a, h->at.arrive), work, absence_hour(a, h->at.leave)));
		if (k < 4)
			assert_written(a,
				arena_printf(a, "| %s | %.0f cages, ", absence_hour(a, h->at.leave),
					h->aboard[CARGO_PLACES]),
				h->aboard[CARGO_WEIGHT], 0, " kg |");
	}
	assert_int_equal(s->pauses, 1);
	says(a, arena_printf(a, "La tournée dure **%s**", absence_hour(a, s->hours)));
	assert_near(s->hours - 7, 35.0 / 60, 1e-6);
}

static void it_costs_what_it_says(void **state)
{
	struct arena *a = *state;
	struct collection c;
	struct itinerary it;
	make(a, &c, &it);
	const struct outing_sums *s = it.round;
	assert_written(a, "| sortie du véhicule | | ", s->eur.fixed, 2, " € |");
	assert_written(a, "| 290 × 0,80 € | ", s->eur.km, 2, " € |");
	assert_written(a, "| 7 h 35 × 24 € | ", s->eur.hours, 2, " € |");
	assert_written(a, "| 35 min × 6 € | ", s->eur.overtime, 2, " € |");
	assert_written(a, "| **la tournée** | | **", s->cost, 2, " €** |");
	assert_written(a, "| D laissée | | ", it.penalties, 2, " € |");
	assert_written(a, "| **en tout** | | **", it.cost, 2, " €** |");
	assert_written(a, "Pour 2,9 tonnes, c’est ", s->cost / 2.9, 2, " € la tonne");
	assert_near(it.cargo[CARGO_WEIGHT], 2900, 1e-9);
}

static void it_says_why_one_waits(void **state)
{
	struct arena *a = *state;
	struct collection c;
	struct itinerary it;
	make(a, &c, &it);
	assert_int_equal(it.unserved_count, 1);
	struct absence *why = absence_explain(a, &c, &it);
	assert_string_equal(why->reason, "price");
	says(a, "« le laisser coûte 90,00 €, le servir au moins cher 184,01 € de plus ».");
	assert_says(
		why->text, "le laisser coûte 90,00 €, le servir au moins cher 184,01 € de plus");
	assert_written(a, "104 + 64 + 16 = **", why->remedy->value - 0.01, 2, " €**");
	assert_written(a, "À partir d’un prix de **", why->remedy->value, 2, " €**");
	/* With that penalty it is served, and the round costs so much more. */
	struct pickup *list = arena_array(a, struct pickup, c.pickups);
	memcpy(list, c.pickup, c.pickups * sizeof *list);
	list[3].penalty = why->remedy->value;
	c.pickup = list;
	struct posing p;
	struct routing_options o = {.turns = 2, .threads = 1, .seed = 1};
	struct routing_answer found = {0};
	posing_make(a, &c, &p);
	routing_solve(a, &p.vrp, &o, &found);
	assert_near(found.best.cost, it.round->cost + 184, 1e-4);
	assert_int_equal(found.best.absents, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(the_round_goes_as_it_says),
		WITH_AN_ARENA(it_costs_what_it_says),
		WITH_AN_ARENA(it_says_why_one_waits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
