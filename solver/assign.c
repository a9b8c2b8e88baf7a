#include "assign.h"

#include <math.h>

enum { ROUNDS = 12, PASSES = 200 };

void assign_init(struct assign *s, struct arena *a, const struct facility *f)
{
	*s = (struct assign){.f = f,
		.load = arena_array(a, double, f->sites),
		.to = arena_array(a, uint32_t, f->points),
		.open = arena_array(a, uint32_t, f->sites)};
}

static double cost_at(const struct assign *s, size_t i, size_t j)
{
	return s->f->unit[j * s->f->points + i] * s->f->demand[i];
}

static double overload(const struct assign *s, size_t j, double load)
{
	double over = load - s->f->capacity[j];
	return over > 1e-9 * s->f->total ? over : 0;
}

/* Change of the overload of a and b when w leaves a for b. */
static double shift_overload(const struct assign *s, size_t a, size_t b, double w)
{
	return overload(s, a, s->load[a] - w) - overload(s, a, s->load[a]) +
	       overload(s, b, s->load[b] + w) - overload(s, b, s->load[b]);
}

static void move(struct assign *s, size_t i, size_t b)
{
	s->load[s->to[i]] -= s->f->demand[i];
	s->load[b] += s->f->demand[i];
	s->to[i] = (uint32_t)b;
}

static bool shift_some(struct assign *s, double penalty)
{
	bool is_better = false;
	for (size_t i = 0; i < s->f->points; i++) {
		size_t a = s->to[i], best = a;
		double w = s->f->demand[i], least = -1e-9;
		for (size_t n = 0; n < s->open_count; n++) {
			size_t b = s->open[n];
			if (b == a)
				continue;
			double change = cost_at(s, i, b) - cost_at(s, i, a) +
					penalty * shift_overload(s, a, b, w);
			if (change < least) {
				least = change;
				best = b;
			}
		}
		if (best != a) {
			move(s, i, best);
			is_better = true;
		}
	}
	return is_better;
}

static bool exchange_some(struct assign *s, double penalty)
{
	bool is_better = false;
	for (size_t i = 0; i < s->f->points; i++)
		for (size_t k = i + 1; k < s->f->points; k++) {
			size_t a = s->to[i], b = s->to[k];
			if (a == b)
				continue;
			double change = cost_at(s, i, b) - cost_at(s, i, a) + cost_at(s, k, a) -
					cost_at(s, k, b);
			double more = s->f->demand[i] - s->f->demand[k];
			if (change >= -1e-9 && penalty <= 0)
				continue;
			change += penalty * shift_overload(s, a, b, more);
			if (change < -1e-9) {
				move(s, i, b);
				move(s, k, a);
				is_better = true;
			}
		}
	return is_better;
}

static double assigned_cost(const struct assign *s)
{
	double cost = 0;
	for (size_t i = 0; i < s->f->points; i++)
		cost += cost_at(s, i, s->to[i]);
	for (size_t n = 0; n < s->open_count; n++)
		if (overload(s, s->open[n], s->load[s->open[n]]) > 0)
			return INFINITY;
	return cost;
}

double assign_repair(struct assign *s)
{
	double mean = 0;
	for (size_t i = 0; i < s->f->points; i++)
		mean += s->f->unit[s->to[i] * s->f->points + i] / (double)s->f->points;
	double penalty = mean > 0 ? 0.3 * mean : 1;
	for (int round = 0; round < ROUNDS; round++, penalty *= 2) {
		int passes = 0;
		while (passes++ < PASSES && (shift_some(s, penalty) || exchange_some(s, penalty))) {
		}
		double cost = assigned_cost(s);
		if (cost < INFINITY)
			return cost;
	}
	return INFINITY;
}

double assign_points(struct assign *s, const bool *is_open, const struct transport *flow)
{
	const struct facility *f = s->f;
	s->open_count = 0;
	for (size_t j = 0; j < f->sites; j++) {
		s->load[j] = 0;
		if (is_open[j])
			s->open[s->open_count++] = (uint32_t)j;
	}
	for (size_t i = 0; i < f->points; i++) {
		double most = -1;
		for (uint32_t id = flow->first[i]; id != PART_NONE; id = flow->parts[id].next)
			if (flow->parts[id].tonnes > most) {
				most = flow->parts[id].tonnes;
				s->to[i] = flow->parts[id].site;
			}
		s->load[s->to[i]] += f->demand[i];
	}
	return assign_repair(s);
}
