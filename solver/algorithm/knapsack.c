#include "knapsack.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void swap_items(struct item *a, struct item *b)
{
	struct item t = *a;
	*a = *b;
	*b = t;
}

static double middle(double a, double b, double c)
{
	double low = a < b ? a : b, high = a < b ? b : a;
	return c < low ? low : c > high ? high : c;
}

/* Weighted quickselect: everything before `begin` is taken, everything from `end` on is not. */
double knapsack_continuous(
	struct item *items, size_t count, double room, size_t *taken, double *last)
{
	size_t begin = 0, end = count;
	double profit = 0;
	*last = 1;
	while (begin < end && room > 0) {
		double pivot = middle(items[begin].ratio, items[begin + (end - begin) / 2].ratio,
			items[end - 1].ratio);
		/* [begin, above) better than the pivot, [above, below) equal, [below, end) worse */
		size_t above = begin, n = begin, below = end;
		double weight = 0, gain = 0, equal_weight = 0;
		while (n < below) {
			double r = items[n].ratio;
			if (r > pivot) {
				weight += items[n].weight;
				gain += r * items[n].weight;
				swap_items(&items[above++], &items[n++]);
			} else if (r < pivot) {
				swap_items(&items[n], &items[--below]);
			} else {
				equal_weight += items[n].weight;
				n++;
			}
		}
		if (weight >= room) {
			end = above;
			continue;
		}
		profit += gain;
		room -= weight;
		begin = above;
		if (equal_weight > room) {
			while (begin < below) {
				const struct item *it = &items[begin++];
				if (it->weight >= room) {
					profit += pivot * room;
					*last = room / it->weight;
					*taken = begin;
					return profit;
				}
				room -= it->weight;
				profit += pivot * it->weight;
			}
			break;
		}
		profit += pivot * equal_weight;
		room -= equal_weight;
		begin = below;
	}
	*taken = begin;
	return profit;
}

static bool comes_before(const struct item *a, const struct item *b)
{
	return a->ratio > b->ratio || (a->ratio >= b->ratio && a->id < b->id);
}

/* By falling ratio. Quicksort down to short runs, which insertion then puts right. */
static void sort_items(struct item *items, size_t count)
{
	enum { SHORT = 16 };
	while (count > SHORT) {
		struct item pivot = items[count / 2];
		size_t low = 0, high = count - 1;
		for (;; low++, high--) {
			while (comes_before(&items[low], &pivot))
				low++;
			while (comes_before(&pivot, &items[high]))
				high--;
			if (low >= high)
				break;
			swap_items(&items[low], &items[high]);
		}
		/* The smaller part by recursion, the larger one next. */
		if (low < count - low) {
			sort_items(items, low);
			items += low;
			count -= low;
		} else {
			sort_items(items + low, count - low);
			count = low;
		}
	}
	for (size_t n = 1; n < count; n++) {
		struct item it = items[n];
		size_t at = n;
		for (; at && comes_before(&it, &items[at - 1]); at--)
			items[at] = items[at - 1];
		items[at] = it;
	}
}

enum { CORE_MAX = 128, STATES_MAX = 4096 };

/* A bit for each item of the core. */
typedef unsigned __int128 change_set;

/* The greedy start, changed in some of the core's items. */
struct state {
	double weight, profit;
	change_set changes; /* bit n: the nth item to come into the core is the other way round */
};

/* States by rising weight and rising profit: none is beaten by a lighter one. */
struct states {
	struct state *now, *next;
	size_t count;
	double room;
	struct state best; /* fits */
	double upper;      /* what was given up may still be worth */
	int effort;
};

/* Adds to every state the choice of one more item: `weight` and `profit` are what it changes.
 * What cannot come back within the room and above the best is left out: `right` is the best ratio
 * of what can still be added, `left` the worst of what can still be taken out. */
static void grow(struct states *s, double weight, double profit, change_set change, double left,
	double right)
{
	size_t old = 0, new = 0, count = 0;
	double most = -INFINITY;
	while (old < s->count || new < s->count) {
		struct state t = {INFINITY, 0, 0};
		if (new < s->count)
			t = (struct state){s->now[new].weight + weight, s->now[new].profit + profit,
				s->now[new].changes | change};
		if (old < s->count && s->now[old].weight <= t.weight)
			t = s->now[old++];
		else
			new ++;
		if (t.profit <= most)
			continue;
		double rest = s->room - t.weight;
		double bound = t.profit + rest * (rest >= 0 ? right : left);
		if (rest >= 0 && t.profit > s->best.profit)
			s->best = t;
		if (bound <= s->best.profit * (1 + 1e-12))
			continue;
		if (--s->effort < 0 || count == STATES_MAX) {
			s->upper = bound > s->upper ? bound : s->upper;
			continue;
		}
		most = t.profit;
		s->next[count++] = t;
	}
	struct state *swap = s->now;
	s->now = s->next;
	s->next = swap;
	s->count = count;
}

/* Moves the chosen items to the front: those before `at` but for the changed ones, and the changed
 * ones behind. The core grew to the right and to the left in turn, as order[] says. */
static size_t take_chosen(
	struct item *items, size_t at, const uint32_t *order, size_t core, change_set changes)
{
	size_t out[CORE_MAX], in[CORE_MAX], out_count = 0, in_count = 0;
	for (size_t n = 0; n < core; n++)
		if (changes >> n & 1) {
			if (order[n] < at)
				out[out_count++] = order[n];
			else
				in[in_count++] = order[n];
		}
	size_t pairs = out_count < in_count ? out_count : in_count;
	for (size_t n = 0; n < pairs; n++)
		swap_items(&items[out[n]], &items[in[n]]);
	/* Places before `at` come with falling index, those behind with rising index: filling from
	 * the end, respectively from `at`, meets no place twice. */
	for (size_t n = pairs; n < out_count; n++) {
		size_t last = --at, k = n;
		for (size_t m = n + 1; m < out_count; m++)
			if (out[m] == last)
				k = m;
		if (out[k] == last)
			out[k] = out[n];
		else
			swap_items(&items[out[n]], &items[last]);
	}
	for (size_t n = pairs; n < in_count; n++)
		swap_items(&items[at++], &items[in[n]]);
	return at;
}

/* A good selection next to the relaxed one: the items that are in it as a whole, and one more, or
 * the divided one in place of another. */
static double round_up(const struct item *items, size_t count, size_t at, double room,
	double weight, double profit)
{
	double rest = room - weight, more = 0, less = INFINITY;
	const struct item *divided = &items[at];
	for (size_t n = at; n < count; n++) {
		double p = items[n].ratio * items[n].weight;
		if (items[n].weight <= rest && p > more)
			more = p;
	}
	for (size_t n = 0; n < at; n++) {
		double p = items[n].ratio * items[n].weight;
		if (items[n].weight >= divided->weight - rest && p < less)
			less = p;
	}
	double swapped = divided->ratio * divided->weight - less;
	return profit + (swapped > more ? swapped : more);
}

/* Moves to the front, and to the end, what costs the relaxation more than `slack` to decide
 * otherwise (Dembo and Hammer 1980). What is in between remains to be decided. */
static void find_core(struct item *items, size_t count, size_t at, double critical, double slack,
	size_t *begin, size_t *end)
{
	*begin = 0;
	*end = count;
	for (size_t n = 0; n < at; n++)
		if (items[n].weight * (items[n].ratio - critical) > slack)
			swap_items(&items[(*begin)++], &items[n]);
	for (size_t n = count; n-- > at;)
		if (items[n].weight * (critical - items[n].ratio) > slack)
			swap_items(&items[--*end], &items[n]);
}

/* The core, by rising distance from its break: sorted, the first `at` greedily in. */
static double solve_core(
	struct item *items, size_t count, double room, double known, int effort, size_t *taken)
{
	sort_items(items, count);
	double weight = 0, profit = 0;
	size_t at = 0;
	for (; at < count && weight + items[at].weight <= room; at++) {
		weight += items[at].weight;
		profit += items[at].ratio * items[at].weight;
	}
	*taken = at;
	if (at == count)
		return profit;
	struct state lists[2][STATES_MAX];
	uint32_t order[CORE_MAX];
	struct states s = {.now = lists[0],
		.next = lists[1],
		.count = 1,
		.room = room,
		.best = {weight, profit, 0},
		.effort = effort};
	s.now[0] = s.best;
	/* A selection of this worth exists, and the search will meet it. */
	if (known > profit)
		s.best.profit = known;
	size_t left = at, right = at, core = 0;
	while (s.count && (left > 0 || right < count) && core < CORE_MAX) {
		bool is_right = right < count && (right - at <= at - left || !left);
		size_t n = is_right ? right++ : --left;
		double w = items[n].weight, p = items[n].ratio * w;
		double worst = left ? items[left - 1].ratio : INFINITY;
		double best = right < count ? items[right].ratio : 0;
		order[core] = (uint32_t)n;
		change_set change = (change_set)1 << core++;
		if (is_right)
			grow(&s, w, p, change, worst, best);
		else
			grow(&s, -w, -p, change, worst, best);
	}
	/* States left over when the core is full are as good as their bounds. */
	double worst = left ? items[left - 1].ratio : INFINITY;
	double best = right < count ? items[right].ratio : 0;
	for (size_t n = 0; n < s.count && (left > 0 || right < count); n++) {
		double rest = room - s.now[n].weight;
		double bound = s.now[n].profit + rest * (rest >= 0 ? best : worst);
		s.upper = bound > s.upper ? bound : s.upper;
	}
	*taken = take_chosen(items, at, order, core, s.best.changes);
	return s.best.profit > s.upper ? s.best.profit : s.upper;
}

double knapsack_whole(struct item *items, size_t count, double room, int effort, size_t *taken)
{
	size_t fit = 0, relaxed_taken;
	for (size_t n = 0; n < count; n++)
		if (items[n].weight <= room)
			swap_items(&items[fit++], &items[n]);
	double last, relaxed = knapsack_continuous(items, fit, room, &relaxed_taken, &last);
	*taken = relaxed_taken;
	if (last >= 1)
		return relaxed;
	size_t at = relaxed_taken - 1, begin, end;
	double weight = 0, profit = 0;
	for (size_t n = 0; n < at; n++) {
		weight += items[n].weight;
		profit += items[n].ratio * items[n].weight;
	}
	double known = round_up(items, fit, at, room, weight, profit) * (1 - 1e-12);
	double slack = relaxed - known + 1e-9 * (1 + relaxed);
	find_core(items, fit, at, items[at].ratio, slack, &begin, &end);
	double sure = 0;
	for (size_t n = 0; n < begin; n++) {
		sure += items[n].ratio * items[n].weight;
		room -= items[n].weight;
	}
	double core = solve_core(items + begin, end - begin, room, known - sure, effort, taken);
	*taken += begin;
	return sure + core;
}

void knapsack_order(uint32_t *order, size_t count, const double *key)
{
	/* Shell sort: a comparison needs the keys, and there are a few hundred items. */
	for (size_t gap = count / 2; gap; gap = gap == 2 ? 1 : gap * 5 / 11)
		for (size_t n = gap; n < count; n++) {
			uint32_t id = order[n];
			size_t at = n;
			for (; at >= gap; at -= gap) {
				uint32_t other = order[at - gap];
				if (key[other] < key[id] || (key[other] <= key[id] && other < id))
					break;
				order[at] = other;
			}
			order[at] = id;
		}
}
