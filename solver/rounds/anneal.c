#include "anneal.h"

#include "chance.h"
#include "clock.h"
#include "insertion.h"

enum order {
	ORDER_CHANCE,
	ORDER_LOAD,
	ORDER_FAR,
	ORDER_CLOSE,
	ORDER_WIDE,
	ORDER_EARLY,
	ORDER_LATE
};

/* How often each is drawn: without windows, with windows. */
static const unsigned char plain_orders[] = {0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3};
static const unsigned char timed_orders[] = {0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 4, 4, 5, 5, 6, 6};

static double key_of(const struct vrp *v, enum order order, uint32_t stop, uint64_t *random)
{
	switch (order) {
	case ORDER_LOAD: return -v->load[stop * v->dims];
	case ORDER_FAR: return -vrp_km(v, v->vehicles[0].depot, stop);
	case ORDER_CLOSE: return vrp_km(v, v->vehicles[0].depot, stop);
	case ORDER_WIDE: return v->close[stop] - v->open[stop];
	case ORDER_EARLY: return v->open[stop];
	case ORDER_LATE: return -v->close[stop];
	case ORDER_CHANCE: break;
	}
	return chance_real(random);
}

static void sort(uint32_t *list, double *key, size_t count)
{
	for (size_t n = 1; n < count; n++) {
		uint32_t stop = list[n];
		double k = key[n];
		size_t m = n;
		for (; m && key[m - 1] > k; m--) {
			list[m] = list[m - 1];
			key[m] = key[m - 1];
		}
		list[m] = stop;
		key[m] = k;
	}
}

static const double SMALLEST_GAIN = 1e-9; /* EUR; sums of doubles differ by less */

static const double GOOD = 1.005; /* of the best: rounds of such a plan are kept, */

enum { WAITING_MAX = 256 };
enum { KEEP_EVERY = 16 };                   /* of so many plans, one */
enum { LOOK_EVERY = 256, LOOK_WEEKLY = 4 }; /* steps, at the clock; with rules they are longer */

static void recreate(struct anneal *x)
{
	struct rounds *s = &x->s;
	const struct vrp *v = s->v;
	uint32_t list[WAITING_MAX];
	double key[WAITING_MAX];
	size_t count = s->absents < WAITING_MAX ? s->absents : WAITING_MAX;
	enum order order = v->has_time
				   ? timed_orders[chance_below(&x->random, sizeof timed_orders)]
				   : plain_orders[chance_below(&x->random, sizeof plain_orders)];
	for (size_t n = 0; n < count; n++) {
		list[n] = s->absent[n];
		key[n] = key_of(v, order, list[n], &x->random);
	}
	sort(list, key, count);
	for (size_t n = 0; n < count; n++) {
		struct spot spot;
		if (n + 1 < count)
			ground_expect(x->ground, list[n + 1]);
		if (!insertion_find(s, x->ground, list[n], &x->random, &spot))
			continue;
		rounds_insert(s, list[n], &spot);
		rounds_settle(s);
	}
}

static bool is_over(const struct anneal *x)
{
	return clock_seconds() >= x->deadline || (x->stop && *x->stop);
}

/* How often those that must be visited but are not were left out, in all. */
static double left_out(const struct anneal *x)
{
	double sum = 0;
	for (size_t n = 0; n < x->s.absents; n++)
		if (isinf(x->s.v->penalty[x->s.absent[n]]))
			sum += x->left_out[x->s.absent[n]];
	return sum;
}

static void count_left_out(struct anneal *x)
{
	for (size_t n = 0; n < x->s.absents; n++)
		x->left_out[x->s.absent[n]]++;
}

static void keep_changed(struct anneal *x)
{
	for (size_t n = 0; n < x->s.kepts; n++)
		pool_take(x->pool, &x->s.round[x->s.kept[n].round]);
}

void anneal_run(struct anneal *x, int64_t iterations, double heat)
{
	struct rounds *s = &x->s;
	int64_t look_every = s->v->rules ? LOOK_WEEKLY : LOOK_EVERY;
	for (int64_t n = 0; n < iterations; n++) {
		double cost = s->cost, out = left_out(x);
		if (!(n % look_every) && is_over(x))
			return;
		x->iterations++;
		rounds_begin(s);
		ruin(s, &x->ruin, &x->random);
		rounds_settle(s);
		rounds_retype(s);
		recreate(x);
		rounds_retype(s);
		bool is_taken = s->cost < cost - heat * log(chance_real(&x->random) + 1e-300) ||
				left_out(x) < out;
		count_left_out(x);
		if (!is_taken) {
			rounds_rollback(s);
			continue;
		}
		bool is_best = s->cost < x->best.cost - SMALLEST_GAIN;
		if (x->pool && (is_best || (!(n % KEEP_EVERY) && s->cost < x->best.cost * GOOD)))
			keep_changed(x);
		if (is_best)
			rounds_copy(&x->best, s);
	}
}
