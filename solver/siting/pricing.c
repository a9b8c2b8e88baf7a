#include "pricing.h"

#include <math.h>
#include <string.h>

/* States of the dynamic program: 0 .. L-1 a level, then closed after having been open, then closed
 * from the start on. */
enum { STATES = MODEL_LEVELS_MAX + 2, PACK = 2 };

/* Gains so near a threshold, relative to it, are looked at one by one. */
static const double NEAR = 0.1;
/* A value that may be too high by so much of it is as good as exact. */
static const double HAIR = 1e-5;

/* Two lanes at a time, in two sums: the sums are the same on every machine. */
typedef double pack __attribute__((vector_size(PACK * sizeof(double))));
typedef int64_t mask __attribute__((vector_size(PACK * sizeof(double))));

void pricing_init(
	struct pricing *p, struct arena *a, const struct model *m, const struct lanes *lanes)
{
	size_t cells = m->flows * m->years * MODEL_LEVELS_MAX;
	*p = (struct pricing){
		.m = m,
		.lanes = lanes,
		.threshold = arena_array(a, double, m->levels * m->years),
		.density = arena_array(a, double, m->levels * m->years),
		.over = arena_array(a, double, cells),
		.worth = arena_array(a, double, cells),
		.nearness = arena_array(a, unsigned char, cells),
		.items = arena_array(a, struct item, m->points),
		.node = arena_array(a, double, m->years *(MODEL_LEVELS_MAX + 1)),
		.from = arena_array(a, int, m->years *STATES),
		.path = arena_array(a, int, m->years),
	};
}

static size_t worth_at(const struct model *m, size_t k, size_t t)
{
	return (k * m->years + t) * MODEL_LEVELS_MAX;
}

static pack load(const double *from)
{
	pack v;
	memcpy(&v, from, sizeof v);
	return v;
}

static pack positive(pack v)
{
	return (pack)((mask)v & (v > 0));
}

/* Costs of a line in a year. */
struct tariff {
	const double *price, *haul, *tonnes; /* [point] */
	const double *most, *least;          /* [block] price, haulage */
	double rate, gate;
	size_t points, blocks;
};

static struct tariff tariff_of(
	const struct pricing *p, size_t j, size_t k, size_t t, const struct prices *at)
{
	const struct model *m = p->m;
	return (struct tariff){.price = at->point + t * m->points,
		.haul = m->haul[k] + j * m->points,
		.tonnes = model_tonnes(m, k, t),
		.most = at->most + t * p->lanes->blocks,
		.least = p->lanes->least[k] + j * p->lanes->blocks,
		.rate = m->rate[k * m->years + t],
		.gate = m->gate[(j * m->flows + k) * m->years + t],
		.points = m->points,
		.blocks = p->lanes->blocks};
}

/* Whether points of the block may gain more than h. Rounding is on the safe side. */
static bool may_gain(const struct tariff *f, size_t b, double h)
{
	double least = f->rate * f->least[b];
	return !(f->most[b] - f->gate - h < least - 1e-9 * least);
}

/* sum_i w max(0, g - h), and the tonnes that make it up. */
struct above {
	double earned, tonnes;
};

static struct above gain_above(const struct tariff *f, double h)
{
	pack even = {0}, odd = {0}, even_tonnes = {0}, odd_tonnes = {0};
	double off = f->gate + h;
	struct above rest = {0};
	for (size_t b = 0; b < f->blocks; b++) {
		if (!may_gain(f, b, h))
			continue;
		size_t i = b * LANES_BLOCK, end = i + LANES_BLOCK;
		if (end > f->points)
			end = f->points;
		for (; i + 2 * PACK <= end; i += 2 * PACK) {
			size_t n = i + PACK;
			pack gain = load(f->price + i) - off - f->rate * load(f->haul + i);
			pack other = load(f->price + n) - off - f->rate * load(f->haul + n);
			pack w = (pack)((mask)load(f->tonnes + i) & (gain > 0));
			pack v = (pack)((mask)load(f->tonnes + n) & (other > 0));
			even_tonnes += w;
			odd_tonnes += v;
			even += w * positive(gain);
			odd += v * positive(other);
		}
		for (; i < end; i++) {
			double gain = f->price[i] - off - f->rate * f->haul[i];
			if (gain > 0) {
				rest.tonnes += f->tonnes[i];
				rest.earned += f->tonnes[i] * gain;
			}
		}
	}
	even += odd;
	even_tonnes += odd_tonnes;
	return (struct above){
		even[0] + even[1] + rest.earned, even_tonnes[0] + even_tonnes[1] + rest.tonnes};
}

/* The levels up to l at the threshold of level l in year t. */
static void estimate(struct pricing *p, const struct line *line, size_t k, size_t t, int l,
	const struct tariff *f)
{
	const struct model *m = p->m;
	double *worth = p->worth + worth_at(m, k, t);
	size_t level = line->first + (size_t)l;
	double h = p->threshold[level * m->years + t], u = m->capacity[level];
	double density = p->density[level * m->years + t];
	struct above above = gain_above(f, h);
	for (int n = 0; n <= l; n++) {
		double most = above.earned;
		if (h > 0)
			most += h * m->capacity[line->first + (size_t)n];
		worth[n] = fmin(worth[n], most);
	}
	double over = above.tonnes - u;
	bool is_hair = density > 0 && over * over <= 2 * density * HAIR * worth[l];
	p->over[worth_at(m, k, t) + (size_t)l] = over;
	p->nearness[worth_at(m, k, t) + (size_t)l] =
		(h > 0 ? is_hair : over <= 0) ? WORTH_EXACT : WORTH_ESTIMATED;
}

void pricing_estimate(struct pricing *p, size_t j, size_t k, const struct prices *at)
{
	const struct model *m = p->m;
	const struct line *line = model_line(m, j, k);
	for (size_t t = 0; t < m->years; t++) {
		struct tariff f = tariff_of(p, j, k, t, at);
		size_t n = worth_at(m, k, t);
		memset(p->nearness + n, WORTH_BORROWED, (size_t)line->levels);
		for (int l = 0; l < line->levels; l++)
			p->worth[n + (size_t)l] = INFINITY;
		estimate(p, line, k, t, line->levels - 1, &f);
	}
}

/* Where the last threshold is about right, only points near it have to be told apart: those well
 * above it are in, those well below it are out. False when it is not. */
static bool take_near(struct pricing *p, const struct tariff *f, double h, double room,
	double *value, size_t *taken, double *last)
{
	double high = h * (1 + NEAR), low = h * (1 - NEAR), weight = 0, sum = 0;
	size_t sure = 0, unsure = f->points;
	for (size_t i = 0; i < f->points; i++) {
		if (i % LANES_BLOCK == 0 && !may_gain(f, i / LANES_BLOCK, low)) {
			i += LANES_BLOCK - 1;
			continue;
		}
		double gain = f->price[i] - f->gate - f->rate * f->haul[i], w = f->tonnes[i];
		if (!(gain > low) || w <= 0)
			continue;
		if (gain > high) {
			p->items[sure++] = (struct item){gain, w, (uint32_t)i};
			weight += w;
			sum += w * gain;
		} else {
			p->items[--unsure] = (struct item){gain, w, (uint32_t)i};
		}
	}
	size_t count = f->points - unsure, more;
	double left = room - weight;
	if (!(left > 0))
		return false;
	memmove(p->items + sure, p->items + unsure, count * sizeof *p->items);
	*value = sum + knapsack_continuous(p->items + sure, count, left, &more, last);
	*taken = sure + more;
	return more && (more < count || *last < 1);
}

static bool take_all(struct pricing *p, const struct tariff *f, double room, double *value,
	size_t *taken, double *last)
{
	size_t count = 0;
	double weight = 0, sum = 0;
	for (size_t i = 0; i < f->points; i++) {
		if (i % LANES_BLOCK == 0 && !may_gain(f, i / LANES_BLOCK, 0)) {
			i += LANES_BLOCK - 1;
			continue;
		}
		double gain = f->price[i] - f->gate - f->rate * f->haul[i];
		if (!(gain > 0) || f->tonnes[i] <= 0)
			continue;
		p->items[count++] = (struct item){gain, f->tonnes[i], (uint32_t)i};
		weight += f->tonnes[i];
		sum += f->tonnes[i] * gain;
	}
	if (weight <= room) {
		*value = sum;
		*taken = count;
		*last = 1;
		return false;
	}
	*value = knapsack_continuous(p->items, count, room, taken, last);
	return *taken && (*taken < count || *last < 1);
}

double pricing_take(struct pricing *p, size_t j, size_t k, size_t t, int l, const struct prices *at,
	size_t *taken, double *last)
{
	const struct model *m = p->m;
	struct tariff f = tariff_of(p, j, k, t, at);
	size_t level = model_line(m, j, k)->first + (size_t)l;
	double *h = &p->threshold[level * m->years + t], value;
	bool is_full = *h > 0 && take_near(p, &f, *h, m->capacity[level], &value, taken, last);
	if (!is_full)
		is_full = take_all(p, &f, m->capacity[level], &value, taken, last);
	*h = is_full ? p->items[*taken - 1].ratio : 0;
	return value;
}

static int level_of(const struct line *line, int state)
{
	return state < line->levels ? state : LEVEL_NONE;
}

static void set_nodes(struct pricing *p, const struct line *line, size_t k, const struct prices *at)
{
	const struct model *m = p->m;
	for (size_t t = 0; t < m->years; t++) {
		double *node = p->node + t * (MODEL_LEVELS_MAX + 1);
		const double *worth = p->worth + worth_at(m, k, t);
		node[0] = 0;
		for (int l = 0; l < line->levels; l++) {
			double eur =
				m->running[(line->first + (size_t)l) * m->years + t] - worth[l];
			if (at->share)
				eur += at->share[t];
			if (at->credit)
				eur -= at->credit[t * MODEL_LEVELS_MAX + (size_t)l];
			node[l + 1] = m->discount[t] * eur;
		}
	}
}

/* The cheapest way into every state: by staying, from below or from above. Changes cost what the
 * two levels say each for itself, so the best state below, or above, is the same for all. */
struct step {
	double cost;
	int from;
};

static void enter_levels(const struct pricing *p, const struct line *line, size_t t,
	const double *best, struct step *to)
{
	const struct model *m = p->m;
	double d = m->discount[t];
	int closed = line->levels, from = closed;
	double least = best[closed];
	if (best[closed + 1] < least) {
		least = best[closed + 1];
		from = closed + 1;
	}
	for (int l = 0; l < line->levels; l++) {
		size_t at = (line->first + (size_t)l) * m->years + t;
		double up = least + d * m->build[at];
		to[l] = best[l] <= up ? (struct step){best[l], l} : (struct step){up, from};
		if (best[l] - d * m->build[at] < least) {
			least = best[l] - d * m->build[at];
			from = l;
		}
	}
	least = INFINITY;
	for (int l = line->levels; l-- > 0;) {
		size_t at = (line->first + (size_t)l) * m->years + t;
		double down = least - d * m->close[at];
		if (down < to[l].cost)
			to[l] = (struct step){down, from};
		if (best[l] + d * m->close[at] < least) {
			least = best[l] + d * m->close[at];
			from = l;
		}
	}
	to[closed] = best[closed] <= least ? (struct step){best[closed], closed}
					   : (struct step){least, from};
	to[closed + 1] = (struct step){best[closed + 1], closed + 1};
}

/* The cheapest path that is open at some time; node costs are in p->node. What was touched stays
 * touched. */
static void find_path(struct pricing *p, const struct line *line)
{
	const struct model *m = p->m;
	int closed = line->levels, untouched = closed + 1;
	double best[STATES];
	for (int s = 0; s <= untouched; s++)
		best[s] = INFINITY;
	best[line->start == LEVEL_NONE ? untouched : line->start] = 0;
	for (size_t t = 0; t < m->years; t++) {
		struct step to[STATES];
		const double *node = p->node + t * (MODEL_LEVELS_MAX + 1);
		enter_levels(p, line, t, best, to);
		for (int s = 0; s <= untouched; s++) {
			best[s] = to[s].cost + node[s < closed ? s + 1 : 0];
			p->from[t * STATES + (size_t)s] = to[s].from;
		}
	}
	int end = closed;
	for (int s = 0; s < closed; s++)
		if (best[s] < best[end])
			end = s;
	p->total = best[end];
	for (size_t t = m->years; t-- > 0;) {
		p->path[t] = level_of(line, end);
		end = p->from[t * STATES + (size_t)end];
	}
}

/* A threshold, the bound it gives and the tonnes above it that have no room. */
struct tangent {
	double h, value, over;
};

/* From an estimate of level l, by tangents on either side of the least value. False when that is not
 * closed in. */
static bool close_in(struct pricing *p, size_t t, size_t level, size_t n, const struct tariff *f)
{
	enum { PASSES = 3 };
	static const double STRIDE = 0.05; /* of the threshold, where nothing is known */
	const struct model *m = p->m;
	double *h = &p->threshold[level * m->years + t];
	double *density = &p->density[level * m->years + t], u = m->capacity[level];
	struct tangent side[2] = {0}, at = {*h, p->worth[n], p->over[n]};
	bool is_there[2] = {false, false};
	if (!(*h > 0) && !(*density > 0))
		return false;
	for (int pass = 0;; pass++) {
		int s = at.over < 0;
		side[s] = at;
		is_there[s] = true;
		double least = -INFINITY, next;
		if (is_there[0] && is_there[1]) {
			double bend = side[0].over - side[1].over;
			next = (side[1].value - side[0].value + side[0].over * side[0].h -
				       side[1].over * side[1].h) /
			       bend;
			least = side[0].value - side[0].over * (next - side[0].h);
			if (side[1].h > side[0].h)
				*density = bend / (side[1].h - side[0].h);
		} else {
			/* A little too far, to have both sides. */
			double by = *density > 0 ? 1.5 * at.over / *density
						 : (at.over > 0 ? STRIDE : -STRIDE) * at.h;
			next = at.h + by;
		}
		bool has_room = at.h <= 0 && at.over <= 0; /* for all that gain */
		if (has_room || p->worth[n] - least <= HAIR * p->worth[n])
			return true;
		if (pass == PASSES)
			return false;
		next = fmax(0, next);
		struct above above = gain_above(f, next);
		at = (struct tangent){next, above.earned + next * u, above.tonnes - u};
		if (at.value < p->worth[n]) {
			p->worth[n] = at.value;
			*h = next;
		}
	}
}

/* Looks more closely at level l of the path. */
static void look_closer(
	struct pricing *p, size_t j, size_t k, size_t t, int l, const struct prices *at)
{
	const struct line *line = model_line(p->m, j, k);
	struct tariff f = tariff_of(p, j, k, t, at);
	size_t n = worth_at(p->m, k, t) + (size_t)l, taken;
	double last;
	if (p->nearness[n] == WORTH_BORROWED) {
		estimate(p, line, k, t, l, &f);
		return;
	}
	if (!close_in(p, t, line->first + (size_t)l, n, &f))
		p->worth[n] = pricing_take(p, j, k, t, l, at, &taken, &last);
	p->nearness[n] = WORTH_EXACT;
}

/* False when all levels of the path were known well enough. */
static bool sharpen(struct pricing *p, size_t j, size_t k, const struct prices *at)
{
	const struct model *m = p->m;
	bool is_new = false;
	for (size_t t = 0; t < m->years; t++) {
		int l = p->path[t];
		if (l == LEVEL_NONE)
			continue;
		size_t n = worth_at(m, k, t) + (size_t)l;
		if (p->nearness[n] >= (at->is_rough ? WORTH_ESTIMATED : WORTH_EXACT))
			continue;
		double before = p->worth[n];
		look_closer(p, j, k, t, l, at);
		is_new |= p->worth[n] < before || (!at->is_rough && p->nearness[n] != WORTH_EXACT);
	}
	return is_new;
}

static void stay(struct pricing *p, const struct line *line)
{
	p->total = p->idle = 0;
	for (size_t t = 0; t < p->m->years; t++) {
		p->path[t] = line->start;
		p->total += p->node[t * (MODEL_LEVELS_MAX + 1) + (size_t)(line->start + 1)];
	}
}

void pricing_path(struct pricing *p, size_t j, size_t k, const struct prices *at)
{
	const struct model *m = p->m;
	const struct line *line = model_line(m, j, k);
	p->idle = m->discount[0] * model_change_cost(m, line, line->start, LEVEL_NONE, 0);
	do {
		set_nodes(p, line, k, at);
		if (line->is_fixed) {
			stay(p, line);
		} else {
			find_path(p, line);
			if (p->total >= p->idle)
				break;
		}
	} while (at->point && sharpen(p, j, k, at));
	for (size_t t = 0; t < m->years && !line->is_fixed && p->total >= p->idle; t++)
		p->path[t] = LEVEL_NONE;
}

void pricing_line(struct pricing *p, size_t j, size_t k, const struct prices *at)
{
	pricing_estimate(p, j, k, at);
	pricing_path(p, j, k, at);
}
