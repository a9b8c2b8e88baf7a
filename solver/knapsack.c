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

static int by_falling_ratio(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	if (x->ratio != y->ratio)
		return x->ratio > y->ratio ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

enum { WHOLE_MAX = 4096 };

struct whole {
	const struct item *items;
	size_t count;
	double best, upper;
	int effort;
	bool *current, *chosen;
};

/* Depth first, the item in before the item out; what is cut short leaves its bound in `upper`. */
static void search_whole(struct whole *w, size_t n, double profit, double room);

/* What may still be won from place n on is worth a step, or goes into the bound. */
static void consider_whole(struct whole *w, size_t n, double profit, double room)
{
	double bound = profit + (n < w->count ? room * w->items[n].ratio : 0);
	if (bound <= w->best * (1 + 1e-12))
		return;
	if (--w->effort >= 0)
		search_whole(w, n, profit, room);
	else if (bound > w->upper)
		w->upper = bound;
}

/* Depth first, the item in before the item out; what is cut short leaves its bound in `upper`. */
static void search_whole(struct whole *w, size_t n, double profit, double room)
{
	size_t begin = n;
	while (n < w->count && w->items[n].weight <= room) {
		room -= w->items[n].weight;
		profit += w->items[n].ratio * w->items[n].weight;
		w->current[n++] = true;
	}
	if (profit > w->best) {
		w->best = profit;
		memcpy(w->chosen, w->current, n);
		memset(w->chosen + n, 0, w->count - n);
	}
	if (n < w->count) {
		w->current[n] = false;
		consider_whole(w, n + 1, profit, room);
	}
	/* Take the greedy part back, item by item. */
	while (n-- > begin) {
		w->current[n] = false;
		room += w->items[n].weight;
		profit -= w->items[n].ratio * w->items[n].weight;
		consider_whole(w, n + 1, profit, room);
	}
}

/* The part of the items, best ratio first, that is not obvious: an item before the break whose
 * absence costs the relaxation more than greedy loses is in, one behind it whose presence does is
 * out (Dembo and Hammer 1980). Those in are moved to the front, those out to the end. */
static void find_core(struct item *items, size_t count, double room, size_t *begin, size_t *end)
{
	double left = room, greedy = 0, relaxed = 0, critical = 0;
	bool is_broken = false;
	size_t at = count;
	for (size_t n = 0; n < count; n++) {
		double w = items[n].weight, r = items[n].ratio;
		if (w > left && !is_broken) {
			is_broken = true;
			critical = r;
			relaxed = greedy + left * r;
			at = n;
		}
		if (w <= left) {
			left -= w;
			greedy += w * r;
		}
	}
	*begin = 0;
	*end = count;
	if (!is_broken) {
		*begin = count;
		return;
	}
	double loss = relaxed - greedy + 1e-9 * (1 + relaxed);
	struct item keep[WHOLE_MAX];
	size_t in = 0, core = 0, out = 0;
	struct item *behind = keep + count;
	for (size_t n = 0; n < count; n++) {
		double cost = items[n].weight * fabs(items[n].ratio - critical);
		if (cost <= loss)
			keep[core++] = items[n];
		else if (n < at)
			items[in++] = items[n];
		else
			*(behind - ++out) = items[n];
	}
	memcpy(items + in, keep, core * sizeof *items);
	memcpy(items + in + core, behind - out, out * sizeof *items);
	*begin = in;
	*end = in + core;
}

enum { CORE_MAX = 64, ROOM_MAX = 2048 };

/* Exact by dynamic programming over whole weights. False when the table would be too large. */
static bool core_by_table(
	struct item *items, size_t count, double room, double *profit, size_t *taken)
{
	size_t width = room < ROOM_MAX ? (size_t)(room + 1e-9) + 1 : 0;
	if (!width || count > CORE_MAX)
		return false;
	double best[ROOM_MAX + 1];
	uint64_t picks[ROOM_MAX + 1];
	for (size_t n = 0; n < count; n++)
		if (items[n].weight < 1 || items[n].weight != floor(items[n].weight))
			return false;
	memset(best, 0, width * sizeof *best);
	memset(picks, 0, width * sizeof *picks);
	for (size_t n = 0; n < count; n++) {
		size_t w = (size_t)items[n].weight;
		double gain = items[n].ratio * items[n].weight;
		for (size_t s = width; s-- > w;)
			if (best[s - w] + gain > best[s]) {
				best[s] = best[s - w] + gain;
				picks[s] = picks[s - w] | (uint64_t)1 << n;
			}
	}
	*profit = best[width - 1];
	*taken = 0;
	for (size_t n = 0; n < count; n++)
		if (picks[width - 1] >> n & 1)
			swap_items(&items[(*taken)++], &items[n]);
	return true;
}

double knapsack_whole(struct item *items, size_t count, double room, int effort, size_t *taken)
{
	size_t fit = 0;
	for (size_t n = 0; n < count; n++)
		if (items[n].weight <= room)
			swap_items(&items[fit++], &items[n]);
	if (fit > WHOLE_MAX) {
		/* Too many for the recursion: the relaxation bounds, the greedy start is feasible.
		 */
		double last, bound = knapsack_continuous(items, fit, room, taken, &last);
		*taken -= last < 1;
		return bound;
	}
	qsort(items, fit, sizeof *items, by_falling_ratio);
	size_t begin, end;
	find_core(items, fit, room, &begin, &end);
	double sure = 0;
	for (size_t n = 0; n < begin; n++) {
		sure += items[n].ratio * items[n].weight;
		room -= items[n].weight;
	}
	struct item *core = items + begin;
	double profit = 0;
	size_t core_taken = 0, core_count = end - begin;
	if (core_count && !core_by_table(core, core_count, room, &profit, &core_taken)) {
		bool current[WHOLE_MAX], chosen[WHOLE_MAX];
		memset(chosen, 0, core_count);
		struct whole w = {.items = core,
			.count = core_count,
			.effort = effort,
			.current = current,
			.chosen = chosen};
		search_whole(&w, 0, 0, room);
		for (size_t n = 0; n < core_count; n++)
			if (chosen[n])
				swap_items(&core[core_taken++], &core[n]);
		profit = w.best > w.upper ? w.best : w.upper;
	}
	*taken = begin + core_taken;
	return sure + profit;
}

static double price_per_volume(const struct cover *c, uint32_t n)
{
	return c->price[n] / c->volume[n];
}

void knapsack_cover_sort(struct cover *c)
{
	/* Shell sort: a comparison needs the context, and there are a few hundred items. */
	for (size_t n = 0; n < c->count; n++)
		c->order[n] = (uint32_t)n;
	for (size_t gap = c->count / 2; gap; gap = gap == 2 ? 1 : gap * 5 / 11)
		for (size_t n = gap; n < c->count; n++) {
			uint32_t id = c->order[n];
			double key = price_per_volume(c, id);
			size_t at = n;
			for (; at >= gap; at -= gap) {
				double other = price_per_volume(c, c->order[at - gap]);
				if (other < key || (other <= key && c->order[at - gap] < id))
					break;
				c->order[at] = c->order[at - gap];
			}
			c->order[at] = id;
		}
}

/* Fractional cover of `need` with the items from place n on. */
static double relaxed_from(const struct cover *c, size_t n, double need, size_t without)
{
	double cost = 0;
	for (; need > 0 && n < c->count; n++) {
		uint32_t id = c->order[n];
		if (id == without)
			continue;
		if (c->volume[id] >= need)
			return cost +
			       (isinf(c->volume[id]) ? 0 : c->price[id] * need / c->volume[id]);
		cost += c->price[id];
		need -= c->volume[id];
	}
	return need > 0 ? INFINITY : cost;
}

double knapsack_cover_relaxed(const struct cover *c, double need, size_t without)
{
	return relaxed_from(c, 0, need, without);
}

struct cover_search {
	struct cover *c;
	double best, lower;
	int effort;
};

static void search_cover(struct cover_search *s, size_t n, double cost, double need)
{
	struct cover *c = s->c;
	if (need <= 0) {
		if (cost < s->best) {
			s->best = cost;
			memset(c->is_in, 0, c->count);
			for (size_t k = 0; k < n; k++)
				c->is_in[c->order[k]] = c->trial[k];
		}
		return;
	}
	if (n == c->count)
		return;
	double bound = cost + relaxed_from(c, n, need, SIZE_MAX);
	if (!(bound < s->best))
		return;
	if (--s->effort < 0) {
		s->lower = bound < s->lower ? bound : s->lower;
		/* A selection is wanted all the same: greedily, without searching. */
		if (s->best < INFINITY)
			return;
	}
	c->trial[n] = true;
	search_cover(s, n + 1, cost + c->price[c->order[n]], need - c->volume[c->order[n]]);
	c->trial[n] = false;
	search_cover(s, n + 1, cost, need);
}

double knapsack_cover(struct cover *c, double need, int effort)
{
	memset(c->is_in, 0, c->count);
	if (need <= 0)
		return 0;
	struct cover_search s = {.c = c, .best = INFINITY, .lower = INFINITY, .effort = effort};
	search_cover(&s, 0, 0, need);
	return s.best < s.lower ? s.best : s.lower;
}
