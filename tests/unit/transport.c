/* The exact transport: its own prices must prove every answer, from scratch and after changes. */
#include "transport.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { POINTS = 40, SITES = 9 };

static double draw(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (double)(*state >> 11) / 9007199254740992.0;
}

struct fixture {
	double tonnes[POINTS], haul[SITES][POINTS], gate[SITES], capacity[SITES];
};

static void make(struct fixture *f, uint64_t *state, bool is_integral)
{
	for (size_t i = 0; i < POINTS; i++)
		f->tonnes[i] = is_integral ? floor(1 + 9 * draw(state)) : draw(state);
	for (size_t j = 0; j < SITES; j++) {
		f->gate[j] = is_integral ? floor(5 * draw(state)) : draw(state) - 0.5;
		for (size_t i = 0; i < POINTS; i++)
			f->haul[j][i] = draw(state) < 0.05 ? INFINITY
					: is_integral      ? floor(20 * draw(state))
							   : draw(state);
	}
}

static void start(struct transport *tp, struct arena *a, const struct fixture *f)
{
	transport_init(tp, a, POINTS, f->tonnes, SITES);
	for (size_t j = 0; j < SITES; j++)
		transport_row(tp, j, f->haul[j], 1.5, f->gate[j]);
}

/* Strong duality: sum w lambda - sum u mu equals the cost, mu is 0 where there is room. */
static void assert_proved(const struct transport *tp, const struct fixture *f)
{
	double dual = 0, served[POINTS] = {0}, load[SITES] = {0};
	for (size_t i = 0; i < POINTS; i++) {
		dual += f->tonnes[i] * transport_point_price(tp, i);
		for (uint32_t id = tp->first[i]; id != PART_NONE; id = tp->parts[id].next) {
			served[i] += tp->parts[id].tonnes;
			load[tp->parts[id].site] += tp->parts[id].tonnes;
		}
		assert_float_equal(served[i], f->tonnes[i], 1e-7);
	}
	for (size_t j = 0; j < SITES; j++) {
		const struct depot *d = &tp->depots[j];
		assert_true(load[j] <= d->capacity + 1e-7);
		assert_true(d->price >= 0);
		if (d->capacity > 0 && isfinite(d->capacity))
			dual -= d->capacity * d->price;
		else
			assert_true(d->price == 0);
	}
	double cost = transport_cost(tp);
	assert_true(fabs(dual - cost) <= 1e-7 * (1 + fabs(cost)));
}

static void proves_what_it_finds(void **unused)
{
	(void)unused;
	uint64_t state = 88172645463325252u;
	struct arena *a = arena_new();
	int feasible = 0;
	for (int round = 0; round < 300; round++) {
		struct fixture f;
		make(&f, &state, round % 2);
		double total = 0;
		for (size_t i = 0; i < POINTS; i++)
			total += f.tonnes[i];
		struct transport tp;
		start(&tp, a, &f);
		for (size_t j = 0; j < SITES; j++)
			transport_resize(
				&tp, j, draw(&state) < 0.1 ? INFINITY : 0.4 * total * draw(&state));
		if (transport_settle(&tp)) {
			feasible++;
			assert_proved(&tp, &f);
		}
		arena_reset(a);
	}
	assert_true(feasible > 100);
	arena_free(a);
}

static void stays_optimal_through_changes(void **unused)
{
	(void)unused;
	uint64_t state = 1234567;
	struct arena *a = arena_new();
	int settled = 0;
	for (int round = 0; round < 40; round++) {
		struct fixture f;
		make(&f, &state, round % 2);
		double total = 0;
		for (size_t i = 0; i < POINTS; i++)
			total += f.tonnes[i];
		struct transport tp;
		start(&tp, a, &f);
		for (size_t j = 0; j < SITES; j++)
			transport_resize(&tp, j, 0.25 * total);
		for (int change = 0; change < 60; change++) {
			bool is_settled = transport_settle(&tp);
			if (is_settled) {
				settled++;
				assert_proved(&tp, &f);
			} else {
				transport_clear(&tp);
			}
			for (int n = 0; n < 1 + round % 3; n++) {
				double u = draw(&state);
				transport_resize(&tp, (size_t)(SITES * draw(&state)),
					u < 0.3 ? 0 : 0.4 * total * u);
			}
		}
		arena_reset(a);
	}
	assert_true(settled > 500);
	arena_free(a);
}

static void says_when_there_is_no_room(void **unused)
{
	(void)unused;
	uint64_t state = 42;
	struct arena *a = arena_new();
	struct fixture f;
	make(&f, &state, true);
	struct transport tp;
	start(&tp, a, &f);
	transport_resize(&tp, 0, 1);
	assert_false(transport_settle(&tp));
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(proves_what_it_finds),
		cmocka_unit_test(stays_optimal_through_changes),
		cmocka_unit_test(says_when_there_is_no_room),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
