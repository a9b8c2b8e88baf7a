#include "partners.h"

#include "finance.h"

#include <math.h>

/* What the value of a group is known to lie between. */
struct value {
	double least, most;
};

static struct value value_of(const struct coalitions *c, coalition s)
{
	const struct outcome *o = &c->outcome[s];
	return (struct value){o->before - o->cost, o->before - o->bound};
}

static double tonnes_of(const struct coalitions *c, coalition s)
{
	double sum = 0;
	for (size_t i = 0; i < c->players; i++)
		if (s >> i & 1)
			sum += c->tonnes[i];
	return sum;
}

static coalition everyone(const struct coalitions *c)
{
	return ((coalition)1 << c->players) - 1;
}

/* Of the groups that hold `with`. None is smaller for sure where all smaller ones are proved not
 * viable. */
static struct pick find_smallest(const struct coalitions *c, coalition with)
{
	coalition best = 0;
	for (coalition s = 1; s <= everyone(c); s++) {
		if ((s & with) != with || c->outcome[s].answer != VIABLE)
			continue;
		int more = best ? __builtin_popcount(s) - __builtin_popcount(best) : -1;
		if (more < 0 || (more == 0 && value_of(c, s).least > value_of(c, best).least))
			best = s;
	}
	struct pick p = {best, true};
	for (coalition s = 1; s <= everyone(c); s++)
		if ((s & with) == with && c->outcome[s].answer == UNDECIDED &&
			(!best || __builtin_popcount(s) < __builtin_popcount(best)))
			p.is_sure = false;
	return p;
}

/* The viable group with the greatest value, each divided by `size`; equal values, to `grain`, go to
 * the fewest. */
static struct pick find_best(const struct coalitions *c, const double *size, double grain)
{
	struct pick p = {0, true};
	double least = 0;
	for (coalition s = 1; s <= everyone(c); s++) {
		double value = value_of(c, s).least / size[s];
		bool is_more = value > least + grain;
		bool is_fewer = p.members && fabs(value - least) <= grain &&
				__builtin_popcount(s) < __builtin_popcount(p.members);
		if (c->outcome[s].answer != VIABLE || !(is_more || is_fewer || !p.members))
			continue;
		p.members = s;
		least = value;
	}
	for (coalition s = 1; s <= everyone(c); s++)
		if (s != p.members && c->outcome[s].answer != NOT_VIABLE &&
			value_of(c, s).most / size[s] > least + grain)
			p.is_sure = false;
	return p;
}

void partners_find(struct arena *a, const struct coalitions *c, struct partners *out)
{
	coalition all = everyone(c);
	double *one = arena_array(a, double, (size_t)all + 1);
	double *tonnes = arena_array(a, double, (size_t)all + 1);
	double grain = VIABILITY_TOLERANCE * fabs(c->outcome[all].before);
	for (coalition s = 1; s <= all; s++) {
		one[s] = 1;
		tonnes[s] = tonnes_of(c, s);
	}
	*out = (struct partners){.by = arena_array(a, struct partner, c->players),
		.smallest = find_smallest(c, 0),
		.best = find_best(c, one, grain),
		.best_by_ton = find_best(c, tonnes, grain / tonnes[all])};
	for (size_t i = 0; i < c->players; i++) {
		coalition rest = all & ~((coalition)1 << i);
		struct value whole = value_of(c, all), without = value_of(c, rest);
		out->by[i] = (struct partner){.brings_least = whole.least - without.most,
			.brings_most = whole.most - without.least,
			.smallest = find_smallest(c, (coalition)1 << i)};
	}
}
