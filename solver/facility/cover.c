#include "cover.h"

#include <math.h>

enum { EFFORT = 20000, TANGENTS = 20 };

void cover_init(struct cover *c, struct arena *a, const struct facility *f)
{
	size_t sites = f->sites;
	*c = (struct cover){
		.f = f,
		.by_capacity = arena_array(a, uint32_t, sites),
		.site = arena_array(a, uint32_t, sites),
		.item_of = arena_array(a, uint32_t, sites),
		.price = arena_array(a, double, sites),
		.volume = arena_array(a, double, sites),
		.order = arena_array(a, uint32_t, sites),
		.ratio = arena_array(a, double, sites),
		.out = arena_array(a, struct item, sites),
	};
	for (size_t j = 0; j < sites; j++)
		c->by_capacity[j] = (uint32_t)j;
	knapsack_order(c->by_capacity, sites, f->capacity);
}

/* Lists what is left to find when each site costs nu less. Returns the cost of those that are in at
 * any rate, *in of them. */
static double list_items(
	struct cover *c, const uint8_t *status, const double *rho, double nu, bool *is_in, int *in)
{
	const struct facility *f = c->f;
	double value = 0;
	c->need = f->cover;
	c->count = 0;
	*in = 0;
	for (size_t j = 0; j < f->sites; j++) {
		bool is_free = status[j] == SITE_FREE && f->capacity[j] > 0;
		double price = rho[j] - nu;
		is_in[j] = status[j] == SITE_OPEN || (is_free && price <= 0);
		if (is_in[j]) {
			value += price;
			c->need -= f->capacity[j];
			++*in;
		} else if (is_free) {
			c->item_of[j] = (uint32_t)c->count;
			c->site[c->count] = (uint32_t)j;
			c->price[c->count] = price;
			c->volume[c->count++] = f->capacity[j];
		}
	}
	return value;
}

/* What stays out is a knapsack with the room that is not needed. Returns that room. */
static double list_out(struct cover *c, double *price)
{
	double room = -c->need;
	*price = 0;
	for (size_t n = 0; n < c->count; n++) {
		*price += c->price[n];
		room += c->volume[n];
		c->out[n] = (struct item){c->price[n] / c->volume[n], c->volume[n], (uint32_t)n};
	}
	return room;
}

static void take_all_but(const struct cover *c, size_t taken, bool *is_in)
{
	for (size_t n = 0; n < c->count; n++)
		is_in[c->site[n]] = true;
	for (size_t n = 0; n < taken; n++)
		is_in[c->site[c->out[n].id]] = false;
}

/* The divided cover of what is needed; `number`: the sum of the shares. */
static double divide(struct cover *c, bool *is_in, double *number)
{
	double price, last, room = list_out(c, &price);
	*number = 0;
	if (c->need <= 0)
		return 0;
	if (room < 0)
		return INFINITY;
	size_t taken;
	double saved = knapsack_continuous(c->out, c->count, room, &taken, &last);
	take_all_but(c, last < 1 ? taken - 1 : taken, is_in);
	*number = (double)(c->count - taken) + (last < 1 ? 1 - last : 0);
	return price > saved ? price - saved : 0;
}

static int least_number(const struct cover *c, const uint8_t *status)
{
	const struct facility *f = c->f;
	double need = f->cover;
	int number = 0;
	for (size_t j = 0; j < f->sites; j++)
		if (status[j] == SITE_OPEN) {
			need -= f->capacity[j];
			number++;
		}
	for (size_t n = f->sites; n-- > 0 && need > 0;) {
		uint32_t j = c->by_capacity[n];
		if (status[j] != SITE_FREE)
			continue;
		need -= f->capacity[j];
		number++;
	}
	return number > f->open_min ? number : f->open_min;
}

/* The divided cover as a function of nu. */
struct tangent {
	double nu, value, slope;
};

static struct tangent touch(
	struct cover *c, const uint8_t *status, const double *rho, double nu, bool *is_in)
{
	int in;
	double more, value = nu * c->number + list_items(c, status, rho, nu, is_in, &in);
	value += divide(c, is_in, &more);
	return (struct tangent){nu, value, c->number - in - more};
}

static double price_number(struct cover *c, const uint8_t *status, const double *rho, bool *is_in)
{
	const struct facility *f = c->f;
	double most = 0;
	for (size_t j = 0; j < f->sites; j++)
		if (status[j] == SITE_FREE)
			most = fmax(most, fabs(rho[j]));
	struct tangent low = touch(c, status, rho, 0, is_in), high = low;
	if (isinf(low.value))
		return 0;
	if (low.slope > 0) {
		high = touch(c, status, rho, most, is_in);
	} else if (c->number - low.slope > f->open_max) {
		c->number = f->open_max;
		high = touch(c, status, rho, 0, is_in);
		low = touch(c, status, rho, -most, is_in);
	}
	for (int n = 0; n < TANGENTS && low.slope > 0 && high.slope < 0; n++) {
		double nu = (high.value - high.slope * high.nu - low.value + low.slope * low.nu) /
			    (low.slope - high.slope);
		double top = low.value + low.slope * (nu - low.nu);
		struct tangent mid = touch(c, status, rho, nu, is_in);
		if (mid.slope > 0)
			low = mid;
		else
			high = mid;
		if (mid.value >= top - 1e-9 * fabs(top))
			break;
	}
	return low.value > high.value ? low.nu : high.nu;
}

double cover_choose_divided(struct cover *c, const uint8_t *status, const double *rho, bool *is_in)
{
	int in;
	double number;
	c->number = least_number(c, status);
	if (c->number > c->f->open_max)
		return INFINITY;
	c->number_price = price_number(c, status, rho, is_in);
	c->base = c->number_price * c->number;
	c->base += list_items(c, status, rho, c->number_price, is_in, &in);
	return c->base + divide(c, is_in, &number);
}

double cover_choose(struct cover *c, const uint8_t *status, const double *rho, bool *is_in)
{
	int in;
	c->base = c->number_price * c->number;
	c->base += list_items(c, status, rho, c->number_price, is_in, &in);
	if (c->need <= 0)
		return c->base;
	double price, room = list_out(c, &price);
	if (room < 0)
		return INFINITY;
	size_t taken;
	double saved = knapsack_whole(c->out, c->count, room, EFFORT, &taken);
	take_all_but(c, taken, is_in);
	return c->base + (price > saved ? price - saved : 0);
}

void cover_sort(struct cover *c)
{
	for (size_t n = 0; n < c->count; n++) {
		c->order[n] = (uint32_t)n;
		c->ratio[n] = c->price[n] / c->volume[n];
	}
	knapsack_order(c->order, c->count, c->ratio);
}

/* The divided cover of `need` without one item. */
static double relaxed(const struct cover *c, double need, size_t without)
{
	double cost = 0;
	for (size_t n = 0; need > 0 && n < c->count; n++) {
		uint32_t id = c->order[n];
		if (id == without)
			continue;
		if (c->volume[id] >= need)
			return cost + c->price[id] * need / c->volume[id];
		cost += c->price[id];
		need -= c->volume[id];
	}
	return need > 0 ? INFINITY : cost;
}

double cover_flipped(const struct cover *c, const double *rho, const bool *is_in, size_t j)
{
	double u = c->f->capacity[j], price = rho[j] - c->number_price;
	if (price <= 0)
		return c->base - price + relaxed(c, c->need + u, SIZE_MAX);
	size_t item = c->item_of[j];
	if (is_in[j])
		return c->base + relaxed(c, c->need, item);
	return c->base + price + relaxed(c, c->need - u, item);
}
