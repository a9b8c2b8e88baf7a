/* Choices of sites whose capacities cover the demand, against every subset. */
#include "cover.h"

#include "test.h"

enum { SITES = 10, ROUNDS = 400 };

struct problem {
	struct facility f;
	double capacity[SITES], rho[SITES];
	uint8_t status[SITES];
};

static void make(struct problem *p, uint64_t *seed, bool is_equal)
{
	double sum = 0;
	for (size_t j = 0; j < SITES; j++) {
		p->capacity[j] = is_equal ? 5 : floor(1 + 20 * test_draw(seed));
		p->rho[j] = 30 * test_draw(seed) - 3;
		p->status[j] = test_draw(seed) < 0.7   ? SITE_FREE
			       : test_draw(seed) < 0.5 ? SITE_OPEN
						       : SITE_CLOSED;
		sum += p->capacity[j];
	}
	double need = floor(sum * test_draw(seed));
	p->f = (struct facility){.sites = SITES,
		.capacity = p->capacity,
		.cover = is_equal ? 5 * ceil(need / 5) : need,
		.open_max = SITES};
}

/* Infinite: no subset. */
static double brute(const struct problem *p)
{
	double best = INFINITY;
	for (unsigned set = 0; set < 1u << SITES; set++) {
		double volume = 0, value = 0;
		int open = 0;
		bool fits = true;
		for (size_t j = 0; j < SITES; j++) {
			bool is_in = set >> j & 1;
			fits &= is_in ? p->status[j] != SITE_CLOSED : p->status[j] != SITE_OPEN;
			volume += is_in ? p->capacity[j] : 0;
			value += is_in ? p->rho[j] : 0;
			open += is_in;
		}
		fits &= volume >= p->f.cover && open >= p->f.open_min && open <= p->f.open_max;
		if (fits && value < best)
			best = value;
	}
	return best;
}

struct choice {
	double divided, whole;
	bool is_in[SITES];
	struct cover cover;
};

static void choose(struct arena *a, const struct problem *p, struct choice *c)
{
	cover_init(&c->cover, a, &p->f);
	c->divided = cover_choose_divided(&c->cover, p->status, p->rho, c->is_in);
	c->whole = c->divided;
	if (c->divided < INFINITY)
		c->whole = cover_choose(&c->cover, p->status, p->rho, c->is_in);
}

static void never_above_the_best_subset(void **state)
{
	uint64_t seed = 11;
	int priced = 0;
	for (int round = 0; round < ROUNDS; round++) {
		struct problem p;
		struct choice c;
		make(&p, &seed, false);
		if (round % 2) {
			p.f.open_min = (int)test_pick(&seed, SITES / 2);
			p.f.open_max = p.f.open_min + (int)test_pick(&seed, SITES / 2);
		}
		choose(*state, &p, &c);
		double best = brute(&p);
		if (best == INFINITY)
			continue;
		assert_true(c.divided <= c.whole + 1e-9);
		assert_true(c.whole <= best + 1e-9);
		bool is_free = c.cover.number_price == 0;
		priced += !is_free;
		if (is_free)
			assert_near(c.whole, best, 1e-9);
	}
	assert_true(priced > ROUNDS / 10);
}

static void equal_capacities_are_a_number_of_sites(void **state)
{
	uint64_t seed = 5;
	for (int round = 0; round < ROUNDS; round++) {
		struct problem p;
		struct choice c;
		make(&p, &seed, true);
		choose(*state, &p, &c);
		double best = brute(&p);
		if (best < INFINITY) {
			assert_near(c.divided, best, 1e-6);
			assert_near(c.whole, best, 1e-6);
		} else {
			assert_true(c.whole == INFINITY);
		}
	}
}

static void a_flipped_site_never_costs_less_than_is_said(void **state)
{
	uint64_t seed = 23;
	for (int round = 0; round < ROUNDS; round++) {
		struct problem p;
		struct choice c;
		make(&p, &seed, round % 3 == 0);
		choose(*state, &p, &c);
		if (c.whole == INFINITY)
			continue;
		cover_sort(&c.cover);
		for (size_t j = 0; j < SITES; j++) {
			if (p.status[j] != SITE_FREE)
				continue;
			double said = cover_flipped(&c.cover, p.rho, c.is_in, j);
			p.status[j] = c.is_in[j] ? SITE_CLOSED : SITE_OPEN;
			assert_true(said <= brute(&p) + 1e-9);
			p.status[j] = SITE_FREE;
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(never_above_the_best_subset),
		WITH_AN_ARENA(equal_capacities_are_a_number_of_sites),
		WITH_AN_ARENA(a_flipped_site_never_costs_less_than_is_said),
	};
	return cmocka_run_group_tests_name("cover", tests, NULL, NULL);
}
