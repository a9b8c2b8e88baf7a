#include "oracle.h"

#include <math.h>
#include <string.h>

enum { WHOLE_EFFORT = 4000 };

enum known { STALE, RELAXED, EXACT };

void oracle_init(
	struct oracle *o, struct arena *a, const struct facility *f, const struct arcs *arcs)
{
	size_t sites = f->sites, points = f->points, count = arcs->first[sites];
	*o = (struct oracle){
		.f = f,
		.arcs = arcs,
		.rho = arena_array(a, double, sites),
		.is_in = arena_array(a, bool, sites),
		.served = arena_array(a, double, points),
		.items = f->is_single ? arena_array(a, struct item, count) : NULL,
		.taken = arena_array(a, size_t, sites),
		.known = arena_array(a, uint8_t, sites),
		.at = arena_array(a, double, points),
		.is_new = true,
		.critical = arena_array(a, double, sites),
		.width = arena_array(a, double, sites),
		.loss = arena_array(a, double, sites),
		.band = arena_array(a, struct item, points),
		.near = arena_array(a, uint32_t, points + 1),
		.scaled = arena_array(a, double, points),
		.by_rho = arena_array(a, uint32_t, sites),
	};
	cover_init(&o->cover, a, f);
}

void oracle_forget(struct oracle *o)
{
	o->is_new = true;
	memset(o->is_in, 0, o->f->sites * sizeof *o->is_in);
	memset(o->critical, 0, o->f->sites * sizeof *o->critical);
	memset(o->width, 0, o->f->sites * sizeof *o->width);
}

/* rho of a site with room for everybody. Four sums: one alone waits for itself. */
static double open_to_all(const struct oracle *o, size_t j)
{
	const uint32_t *point = o->arcs->point;
	const double *cost = o->arcs->cost, *price = o->scaled;
	size_t n = o->arcs->first[j], end = o->arcs->first[j + 1];
	double gain[4] = {0};
	for (; n + 4 <= end; n += 4)
		for (size_t k = 0; k < 4; k++) {
			double r = price[point[n + k]] - cost[n + k];
			gain[k] += r > 0 ? r : 0;
		}
	for (; n < end; n++) {
		double r = price[point[n]] - cost[n];
		gain[0] += r > 0 ? r : 0;
	}
	return o->f->opening[j] - (gain[0] + gain[1] + (gain[2] + gain[3]));
}

/* Sums up what gains more than `high` and lists the arcs above `low` up to `high`. */
static size_t scan(const struct oracle *o, size_t j, const double *price, double low, double high,
	double *weight, double *gain)
{
	const struct arcs *arcs = o->arcs;
	const uint8_t *barred = o->is_barred ? o->is_barred + j * o->f->points : NULL;
	size_t begin = arcs->first[j], count = 0;
	double w = 0, g = 0;
	for (size_t n = begin; n < arcs->first[j + 1]; n++) {
		double r = price[arcs->point[n]] - arcs->cost[n];
		if (barred && barred[arcs->point[n]])
			continue;
		/* No jumps: they would be guessed wrong too often. */
		double sure = r > high ? arcs->weight[n] : 0;
		w += sure;
		g += sure * r;
		o->near[count] = (uint32_t)(n - begin);
		count += (r > low) & (r <= high);
	}
	*weight = w;
	*gain = g;
	return count;
}

/* rho with a continuous knapsack: the last critical gain tells where to look for this one. */
static double filled_in_part(struct oracle *o, size_t j, const double *price)
{
	enum { BAND = 24 };
	const struct arcs *arcs = o->arcs;
	double room = o->f->capacity[j], guess = o->critical[j], width = o->width[j];
	double low = guess > width ? guess - width : 0, high = guess + width;
	double weight, gain;
	size_t count;
	bool is_missed = false;
	for (;; is_missed = true) {
		count = scan(o, j, price, low, high, &weight, &gain);
		if (weight > room) {
			low = high;
			high = INFINITY;
			continue;
		}
		double around = 0;
		for (size_t n = 0; n < count; n++) {
			size_t at = arcs->first[j] + o->near[n];
			double r = price[arcs->point[at]] - arcs->cost[at];
			o->band[n] = (struct item){.ratio = r, .weight = arcs->weight[at]};
			around += arcs->weight[at];
		}
		if (weight + around > room || low <= 0)
			break;
		high = low;
		low = 0;
	}
	size_t taken = 0;
	double last, critical = 0, around = 0;
	for (size_t n = 0; n < count; n++)
		around += o->band[n].weight;
	bool is_full = weight + around > room;
	gain += knapsack_continuous(o->band, count, room - weight, &taken, &last);
	if (is_full) {
		critical = high;
		for (size_t n = 0; n < taken; n++)
			critical = o->band[n].ratio < critical ? o->band[n].ratio : critical;
	}
	o->critical[j] = critical;
	if (is_missed)
		o->width[j] = 2 * fmin(fabs(critical - guess), 0.1 * critical);
	else if (count > BAND)
		o->width[j] = 0.7 * width;
	return o->f->opening[j] - gain;
}

static double filled_whole(struct oracle *o, size_t j, const double *price)
{
	const struct arcs *arcs = o->arcs;
	const uint8_t *barred = o->is_barred ? o->is_barred + j * o->f->points : NULL;
	struct item *items = o->items + arcs->first[j];
	size_t count = 0;
	double weight = 0, gain = 0;
	for (size_t n = arcs->first[j]; n < arcs->first[j + 1]; n++) {
		uint32_t i = arcs->point[n];
		double r = price[i] - arcs->cost[n];
		if (r <= 0 || (barred && barred[i]))
			continue;
		items[count++] =
			(struct item){.ratio = r, .weight = arcs->weight[n], .id = (uint32_t)n};
		weight += arcs->weight[n];
		gain += r * arcs->weight[n];
	}
	o->taken[j] = count;
	if (weight > o->f->capacity[j])
		gain = knapsack_whole(items, count, o->f->capacity[j], WHOLE_EFFORT, &o->taken[j]);
	return o->f->opening[j] - gain;
}

/* Both knapsacks at once: the continuous one tells what the room is worth. */
static double filled_and_measured(struct oracle *o, size_t j, const double *price)
{
	double relaxed = filled_in_part(o, j, price), whole = filled_whole(o, j, price);
	o->loss[j] = whole > relaxed ? whole - relaxed : 0;
	return whole;
}

/* A better estimate of rho: the true one, or a step towards it that is cheap. */
static void sharpen(struct oracle *o, size_t j, const double *price, enum known wanted)
{
	if (!o->f->is_capacitated)
		o->rho[j] = open_to_all(o, j);
	else if (!o->f->is_single)
		o->rho[j] = filled_in_part(o, j, price);
	else if (wanted == EXACT)
		o->rho[j] = filled_whole(o, j, price);
	else
		o->rho[j] = filled_in_part(o, j, price);
	o->known[j] = o->f->is_single ? (uint8_t)wanted : EXACT;
}

/* Estimates follow the prices. */
static void drift(struct oracle *o, const double *price)
{
	static const double margin = 1 + 1e-9;
	const struct facility *f = o->f;
	if (o->is_new) {
		for (size_t j = 0; j < f->sites; j++)
			o->rho[j] = -INFINITY;
		o->is_new = false;
	} else {
		double rise = 0, highest = 0;
		for (size_t i = 0; i < f->points; i++) {
			double up = price[i] - o->at[i];
			rise += up > 0 ? up * f->demand[i] : 0;
			highest = up > highest ? up : highest;
		}
		for (size_t j = 0; j < f->sites; j++)
			o->rho[j] -= margin * fmin(rise, highest * f->capacity[j]);
	}
	memset(o->known, STALE, f->sites);
	memcpy(o->at, price, f->points * sizeof *price);
}

/* The number of sites rules: the best of the free ones. Returns the part of the bound that y is. */
static double choose_by_number(struct oracle *o, const uint8_t *status)
{
	const struct facility *f = o->f;
	bool is_ruled = f->open_min > 0 || (size_t)f->open_max < f->sites;
	double value = 0;
	size_t count = 0;
	int in = 0;
	for (size_t j = 0; j < f->sites; j++) {
		o->is_in[j] = status[j] == SITE_OPEN;
		if (o->is_in[j]) {
			value += o->rho[j];
			in++;
		} else if (status[j] == SITE_FREE) {
			o->by_rho[count++] = (uint32_t)j;
		}
	}
	if (is_ruled)
		knapsack_order(o->by_rho, count, o->rho);
	for (size_t n = 0; n < count && in < f->open_max; n++) {
		uint32_t j = o->by_rho[n];
		if (o->rho[j] >= 0 && in >= f->open_min) {
			if (is_ruled)
				break;
			continue;
		}
		o->is_in[j] = true;
		value += o->rho[j];
		in++;
	}
	return in < f->open_min || in > f->open_max ? INFINITY : value;
}

static void count_served(struct oracle *o, const double *price)
{
	const struct facility *f = o->f;
	const struct arcs *arcs = o->arcs;
	double *served = o->served;
	memset(served, 0, f->points * sizeof *served);
	for (size_t j = 0; j < f->sites; j++) {
		if (!o->is_in[j])
			continue;
		size_t begin = arcs->first[j], end = arcs->first[j + 1];
		if (!f->is_capacitated) {
			for (size_t n = begin; n < end; n++)
				served[arcs->point[n]] +=
					o->scaled[arcs->point[n]] > arcs->cost[n] ? 1 : 0;
			continue;
		}
		if (f->is_single) {
			for (size_t n = 0; n < o->taken[j]; n++)
				served[arcs->point[o->items[begin + n].id]]++;
			continue;
		}
		double critical = o->critical[j], room = f->capacity[j], tied = 0;
		size_t ties = 0;
		for (size_t n = begin; n < end; n++) {
			uint32_t i = arcs->point[n];
			double r = price[i] - arcs->cost[n], all = r > critical ? 1 : 0;
			served[i] += all;
			room -= all * arcs->weight[n];
			if (r >= critical && r <= critical) {
				o->near[ties++] = (uint32_t)n;
				tied += arcs->weight[n];
			}
		}
		double share = room < tied ? fmax(room, 0) / tied : 1;
		for (size_t n = 0; critical > 0 && n < ties; n++)
			served[arcs->point[o->near[n]]] += share;
	}
}

/* Makes those exact that are in whatever the cover says, and those that were in the last time. */
static void sharpen_sure(struct oracle *o, const uint8_t *status, const double *price, bool is_full)
{
	for (size_t j = 0; j < o->f->sites; j++) {
		if (status[j] == SITE_CLOSED)
			continue;
		if (is_full && o->f->is_single) {
			o->rho[j] = filled_and_measured(o, j, price);
			o->known[j] = EXACT;
		} else if (is_full || status[j] == SITE_OPEN || o->is_in[j]) {
			sharpen(o, j, price, EXACT);
		}
		if (o->known[j] == STALE && o->rho[j] <= 0)
			sharpen(o, j, price, RELAXED);
		if (o->known[j] == RELAXED && o->rho[j] <= 0)
			sharpen(o, j, price, EXACT);
	}
}

/* Whether all that were chosen are exact. If not, those that were not are looked at more closely,
 * and with a cover whoever looks better than the dearest of them: it may well be chosen next. */
static bool is_settled(struct oracle *o, const double *price)
{
	const struct cover *c = &o->cover;
	bool is_exact = true;
	for (size_t j = 0; j < o->f->sites; j++)
		if (o->is_in[j] && o->known[j] != EXACT) {
			sharpen(o, j, price, o->known[j] == STALE ? RELAXED : EXACT);
			is_exact = false;
		}
	if (is_exact || !o->f->is_capacitated)
		return is_exact;
	double dearest = 0;
	for (size_t n = 0; n < c->count; n++)
		if (o->is_in[c->site[n]])
			dearest = fmax(dearest, c->price[n] / c->volume[n]);
	for (size_t n = 0; n < c->count; n++)
		if (o->known[c->site[n]] == STALE && c->price[n] < dearest * c->volume[n])
			sharpen(o, c->site[n], price, RELAXED);
	return false;
}

double oracle_ask(struct oracle *o, const uint8_t *status, const double *price, bool is_full)
{
	const struct facility *f = o->f;
	double value = f->offset, chosen;
	for (size_t i = 0; i < f->points; i++) {
		o->scaled[i] = f->demand[i] * price[i];
		value += o->scaled[i];
	}
	o->price_total = value;
	drift(o, price);
	sharpen_sure(o, status, price, is_full);
	if (!f->is_capacitated) {
		do {
			chosen = choose_by_number(o, status);
		} while (!is_settled(o, price));
	} else {
		/* The divided cover is quick, and chooses nearly the same. */
		do {
			chosen = cover_choose_divided(&o->cover, status, o->rho, o->is_in);
		} while (!is_settled(o, price));
		do {
			chosen = cover_choose(&o->cover, status, o->rho, o->is_in);
		} while (!is_settled(o, price));
	}
	count_served(o, price);
	o->asked++;
	return o->value = value + chosen;
}

static void flips_by_number(struct oracle *o, const uint8_t *status, double *rise)
{
	const struct facility *f = o->f;
	double worst_in = -INFINITY, best_out = INFINITY;
	int in = 0;
	for (size_t j = 0; j < f->sites; j++) {
		in += o->is_in[j];
		if (status[j] != SITE_FREE)
			continue;
		if (o->is_in[j] && o->rho[j] > worst_in)
			worst_in = o->rho[j];
		if (!o->is_in[j] && o->rho[j] < best_out)
			best_out = o->rho[j];
	}
	/* Who leaves makes room for the best of those outside, who comes takes the place of the
	 * worst inside, if it was the number that kept it there. */
	double comes = in > f->open_min && best_out > 0 ? 0 : best_out;
	double leaves = in < f->open_max && worst_in < 0 ? 0 : worst_in;
	for (size_t j = 0; j < f->sites; j++)
		rise[j] = o->is_in[j] ? comes - o->rho[j] : o->rho[j] - leaves;
}

void oracle_flips(struct oracle *o, const uint8_t *status, double *rise)
{
	if (!o->f->is_capacitated) {
		flips_by_number(o, status, rise);
		return;
	}
	cover_sort(&o->cover);
	for (size_t j = 0; j < o->f->sites; j++)
		rise[j] = status[j] != SITE_FREE || o->f->capacity[j] <= 0
				  ? 0
				  : o->price_total + cover_flipped(&o->cover, o->rho, o->is_in, j) -
					    o->value;
}

void oracle_lane_rises(struct oracle *o, size_t j, double *with, double *without)
{
	const struct arcs *arcs = o->arcs;
	memset(with, 0, o->f->points * sizeof *with);
	memset(without, 0, o->f->points * sizeof *without);
	/* The place a point takes is lost to others at the critical gain. */
	const uint8_t *barred = o->is_barred ? o->is_barred + j * o->f->points : NULL;
	for (size_t n = arcs->first[j]; n < arcs->first[j + 1]; n++) {
		uint32_t i = arcs->point[n];
		if (barred && barred[i])
			continue;
		double gain = o->at[i] - arcs->cost[n];
		with[i] = arcs->weight[n] * (o->critical[j] - gain) - o->loss[j];
		without[i] = arcs->weight[n] * (gain - o->critical[j]) - o->loss[j];
	}
}
