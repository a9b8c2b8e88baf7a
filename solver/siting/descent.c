#include "descent.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Candidates priced exactly before a move is given up. */
enum { TRIALS = 4 };

/* One more site than the model has: where volumes go that find no place. To leave there what is
 * PART of all costs more than any line, or nobody would open one for the last few tonnes. */
static double dearest(const struct model *m, size_t k)
{
	static const double PART = 1e-5;
	double most = 0, line = 0, tonnes = 0;
	for (size_t t = 0; t < m->years; t++) {
		double year = 0;
		for (size_t i = 0; i < m->points; i++)
			year += model_tonnes(m, k, t)[i];
		tonnes = fmax(tonnes, year);
	}
	for (size_t j = 0; j < m->sites; j++) {
		const struct line *l = model_line(m, j, k);
		size_t first = l->first * m->years;
		if (l->levels && !l->is_fixed)
			line = fmax(line, m->build[first] + m->running[first]);
	}
	for (size_t j = 0; j < m->sites; j++) {
		double near = INFINITY, far = -INFINITY; /* haulage of lanes that exist */
		for (size_t i = 0; i < m->points && model_line(m, j, k)->levels; i++) {
			double haul = m->haul[k][j * m->points + i];
			near = fmin(near, haul);
			far = isfinite(haul) ? fmax(far, haul) : far;
		}
		for (size_t t = 0; t < m->years && near <= far; t++) {
			double rate = m->rate[k * m->years + t];
			double gate = m->gate[(j * m->flows + k) * m->years + t];
			most = fmax(most, fmax(fabs(rate * near + gate), fabs(rate * far + gate)));
		}
	}
	return 10 * most + 1 + (tonnes > 0 ? line / (PART * tonnes) : 0);
}

void descent_init(struct descent *s, struct arena *a, const struct model *m, size_t k)
{
	size_t cells = m->sites * m->years;
	*s = (struct descent){
		.m = m,
		.k = k,
		.arena = a,
		.transports = arena_array(a, struct transport, m->years),
		.transport_cost = arena_array(a, double, m->years),
		.level = arena_array(a, int, cells),
		.others = arena_array(a, double, cells),
		.price = arena_array(a, double, m->years * m->points),
		.most = arena_array(a, double, m->years * m->points),
		.is_likely = arena_array(a, bool, m->sites),
		.grant = arena_array(a, double, m->years *MODEL_LEVELS_MAX),
		.kept = arena_array(a, int, m->years),
		.moved = arena_array(a, int, m->years),
		.paths = arena_array(a, int, cells),
		.totals = arena_array(a, double, m->sites),
		.order = arena_array(a, size_t, m->sites),
	};
	lanes_init(&s->lanes, a, m);
	pricing_init(&s->pricing, a, m, &s->lanes);
	double *nowhere = arena_array(a, double, m->points);
	double penalty = dearest(m, k);
	for (size_t t = 0; t < m->years; t++) {
		struct transport *tp = &s->transports[t];
		transport_init(tp, a, m->points, model_tonnes(m, k, t), m->sites + 1);
		for (size_t j = 0; j < m->sites; j++)
			if (model_line(m, j, k)->levels)
				transport_row(tp, j, m->haul[k] + j * m->points,
					m->rate[k * m->years + t],
					m->gate[(j * m->flows + k) * m->years + t]);
		transport_row(tp, m->sites, nowhere, 0, penalty);
		transport_resize(tp, m->sites, INFINITY);
	}
}

static double capacity_of(const struct descent *s, size_t j, int level)
{
	return level == LEVEL_NONE
		       ? 0
		       : s->m->capacity[model_line(s->m, j, s->k)->first + (size_t)level];
}

/* Present cost of a line's path, transport apart. */
static double path_cost(const struct descent *s, size_t j, const int *path)
{
	const struct model *m = s->m;
	const struct line *line = model_line(m, j, s->k);
	double cost = 0;
	int before = line->start;
	for (size_t t = 0; t < m->years; before = path[t++]) {
		double eur = model_change_cost(m, line, before, path[t], t);
		if (path[t] != LEVEL_NONE)
			eur += m->running[(line->first + (size_t)path[t]) * m->years + t] +
			       s->others[j * m->years + t];
		cost += m->discount[t] * eur;
	}
	return cost;
}

/* Brings a year's transport back to its optimum; EUR of the year. */
static double settle(struct transport *tp)
{
	if (!transport_settle(tp)) {
		transport_clear(tp); /* cannot fail afresh: the dear outlet takes all */
		(void)!transport_settle(tp);
	}
	return transport_cost(tp);
}

double descent_year(struct descent *s, size_t j, size_t t, int level)
{
	transport_resize(&s->transports[t], j, capacity_of(s, j, level));
	return settle(&s->transports[t]);
}

/* Puts a path in place of a line's own; s->cost follows. */
static void apply(struct descent *s, size_t j, const int *path)
{
	const struct model *m = s->m;
	int *level = s->level + j * m->years;
	s->cost -= path_cost(s, j, level);
	for (size_t t = 0; t < m->years; t++) {
		if (level[t] == path[t])
			continue;
		double cost = descent_year(s, j, t, path[t]);
		s->cost += m->discount[t] * (cost - s->transport_cost[t]);
		s->transport_cost[t] = cost;
	}
	memmove(level, path, m->years * sizeof *level);
	s->cost += path_cost(s, j, level);
	s->moves++;
}

static void load_levels(struct descent *s, const int *level)
{
	const struct model *m = s->m;
	memcpy(s->level, level, m->sites * m->years * sizeof *level);
	s->cost = 0;
	for (size_t t = 0; t < m->years; t++) {
		struct transport *tp = &s->transports[t];
		for (size_t j = 0; j < m->sites; j++)
			if (model_line(m, j, s->k)->levels)
				transport_resize(tp, j, capacity_of(s, j, level[j * m->years + t]));
		s->transport_cost[t] = settle(tp);
		s->cost += m->discount[t] * s->transport_cost[t];
	}
	for (size_t j = 0; j < m->sites; j++)
		s->cost += path_cost(s, j, s->level + j * m->years);
	s->tolerance = 1e-7 * fabs(s->cost);
}

void descent_load(struct descent *s, const int *level, const bool *is_open_elsewhere)
{
	for (size_t c = 0; c < s->m->sites * s->m->years; c++)
		s->others[c] = is_open_elsewhere[c] ? 0 : s->m->site_cost[c];
	load_levels(s, level);
}

void descent_load_shared(struct descent *s, const int *level, const double *share)
{
	for (size_t j = 0; j < s->m->sites; j++)
		memcpy(s->others + j * s->m->years, share + (j * s->m->flows + s->k) * s->m->years,
			s->m->years * sizeof *share);
	load_levels(s, level);
}

void descent_charge(struct descent *s, size_t j, double eur)
{
	const struct model *m = s->m;
	for (size_t t = 0; t < m->years; t++) {
		double *cost = &s->others[j * m->years + t];
		if (s->level[j * m->years + t] != LEVEL_NONE)
			s->cost += m->discount[t] * (eur - *cost);
		*cost = eur;
	}
}

double descent_own_cost(const struct descent *s)
{
	double cost = s->cost;
	for (size_t c = 0; c < s->m->sites * s->m->years; c++)
		if (s->level[c] != LEVEL_NONE)
			cost -= s->m->discount[c % s->m->years] * s->others[c];
	return cost;
}

bool descent_is_feasible(const struct descent *s)
{
	for (size_t t = 0; t < s->m->years; t++)
		if (s->transports[t].depots[s->m->sites].load > s->transports[t].slack)
			return false;
	return true;
}

bool descent_uses(const struct descent *s, size_t j)
{
	for (size_t t = 0; t < s->m->years; t++)
		if (s->level[j * s->m->years + t] != LEVEL_NONE)
			return true;
	return false;
}

static bool is_free(const struct descent *s, size_t j)
{
	const struct line *line = model_line(s->m, j, s->k);
	return line->levels && !line->is_fixed;
}

/* The best path of every line that is free and unused, at the prices of the transport as it stands,
 * of one level or any; order[] lists those that pay, best first. Returns how many. */
static size_t price_lines(struct descent *s, int level)
{
	static const double FORBIDDEN = -1e15; /* EUR granted */
	const struct model *m = s->m;
	size_t count = 0;
	for (size_t c = 0; c < m->years * MODEL_LEVELS_MAX; c++)
		s->grant[c] = (int)(c % MODEL_LEVELS_MAX) == level ? 0 : FORBIDDEN;
	for (size_t t = 0; t < m->years; t++)
		for (size_t i = 0; i < m->points; i++)
			s->price[t * m->points + i] =
				model_tonnes(m, s->k, t)[i] > 0
					? transport_point_price(&s->transports[t], i)
					: 0;
	lanes_rows(&s->lanes, s->price, m->years, s->most);
	for (size_t j = 0; j < m->sites; j++) {
		if (!is_free(s, j) || descent_uses(s, j))
			continue;
		if (level != ANY_LEVEL && !s->is_likely[j])
			continue;
		pricing_line(&s->pricing, j, s->k,
			&(struct prices){.point = s->price,
				.most = s->most,
				.share = s->others + j * m->years,
				.credit = level == ANY_LEVEL ? NULL : s->grant});
		s->totals[j] = s->pricing.total - s->pricing.idle;
		if (s->totals[j] >= -s->tolerance)
			continue;
		memcpy(s->paths + j * m->years, s->pricing.path, m->years * sizeof(int));
		size_t n = count++;
		for (; n && s->totals[s->order[n - 1]] > s->totals[j]; n--)
			s->order[n] = s->order[n - 1];
		s->order[n] = j;
	}
	return count;
}

static void close_line(struct descent *s, size_t j)
{
	int *none = s->kept; /* read by apply only after we are done with it */
	for (size_t t = 0; t < s->m->years; t++)
		none[t] = LEVEL_NONE;
	apply(s, j, none);
}

size_t descent_price(struct descent *s)
{
	return price_lines(s, ANY_LEVEL);
}

/* Adds the line that lowers the cost most among the few likeliest; keeps it only if the cost ends
 * up below `limit`. Returns which one, m->sites when there is none. */
static size_t add_best(struct descent *s, int level, double limit)
{
	size_t years = s->m->years, count = price_lines(s, level), best = s->m->sites;
	double base = s->cost, best_cost = limit - s->tolerance;
	for (size_t n = 0; n < count && n < TRIALS; n++) {
		size_t j = s->order[n];
		if (base + s->totals[j] >= best_cost)
			break; /* proved: neither this one nor any after it */
		apply(s, j, s->paths + j * years);
		if (s->cost < best_cost) {
			best_cost = s->cost;
			best = j;
		}
		close_line(s, j);
	}
	if (best < s->m->sites)
		apply(s, best, s->paths + best * years);
	return best;
}

size_t descent_open(struct descent *s, int level)
{
	return add_best(s, level, INFINITY);
}

double descent_line_cost(const struct descent *s, size_t j)
{
	return path_cost(s, j, s->level + j * s->m->years);
}

double descent_load_of(const struct descent *s, size_t j)
{
	double load = 0;
	for (size_t t = 0; t < s->m->years; t++)
		load += s->transports[t].depots[j].load;
	return load;
}

void descent_put(struct descent *s, size_t j, const int *path)
{
	apply(s, j, path);
}

double descent_reach(const struct descent *s, size_t a, size_t b)
{
	const struct model *m = s->m;
	double change = 0;
	for (size_t t = 0; t < m->years; t++) {
		const struct transport *tp = &s->transports[t];
		const struct depot *d = &tp->depots[a];
		for (size_t n = 0; n < d->count; n++) {
			const struct part *p = &tp->parts[d->parts[n]];
			change += m->discount[t] * p->tonnes *
				  (model_cost(m, p->point, b, s->k, t) -
					  model_cost(m, p->point, a, s->k, t));
		}
	}
	return change;
}

void descent_move(struct descent *s, size_t a, size_t b)
{
	size_t years = s->m->years;
	memcpy(s->moved, s->level + a * years, years * sizeof *s->moved);
	close_line(s, a);
	apply(s, b, s->moved);
}

/* Close line j, or move it, or give it another path; false when it is best as it is. */
static bool rework(struct descent *s, size_t j, int *before)
{
	size_t years = s->m->years;
	double cost = s->cost;
	memcpy(before, s->level + j * years, years * sizeof *before);
	close_line(s, j);
	if (add_best(s, ANY_LEVEL, cost) < s->m->sites)
		return true;
	if (s->cost < cost - s->tolerance)
		return true;
	apply(s, j, before);
	return false;
}

bool descent_run(struct descent *s, int passes, bool (*is_over)(void *context), void *context)
{
	struct arena *scratch = arena_new();
	int *before = arena_array(scratch, int, s->m->years);
	bool has_gained = false, gains = true;
	for (int pass = 0; pass < passes && gains && !is_over(context); pass++) {
		gains = false;
		while (!is_over(context) && add_best(s, ANY_LEVEL, s->cost) < s->m->sites)
			gains = true;
		for (size_t j = 0; j < s->m->sites && !is_over(context); j++)
			if (is_free(s, j) && descent_uses(s, j))
				gains |= rework(s, j, before);
		has_gained |= gains;
	}
	arena_free(scratch);
	return has_gained;
}

/* The rent per tonne that makes a line earn its cost: the price of its capacity where that is
 * higher, the same level r otherwise. Found by bisection. rent[year]. */
static void line_rents(const struct descent *s, size_t j, double *rent)
{
	const struct model *m = s->m;
	double cost = path_cost(s, j, s->level + j * m->years), low = 0, high = 0, tonnes = 0;
	for (size_t t = 0; t < m->years; t++) {
		const struct depot *d = &s->transports[t].depots[j];
		rent[t] = is_free(s, j) || d->price > 0 ? d->price : 0;
		tonnes += m->discount[t] * d->load;
	}
	if (!is_free(s, j) || tonnes <= 0 || cost <= 0)
		return;
	high = cost / tonnes;
	for (int n = 0; n < 50; n++) {
		double r = (low + high) / 2, earned = 0;
		for (size_t t = 0; t < m->years; t++) {
			const struct depot *d = &s->transports[t].depots[j];
			earned += m->discount[t] * d->load * fmax(d->price, r);
		}
		*(earned < cost ? &low : &high) = r;
	}
	for (size_t t = 0; t < m->years; t++)
		rent[t] = fmax(rent[t], high);
}

void descent_prices(const struct descent *s, double *price)
{
	const struct model *m = s->m;
	struct arena *scratch = arena_new();
	double *rent = arena_array(scratch, double, (m->sites + 1) * m->years);
	for (size_t j = 0; j < m->sites; j++)
		if (model_line(m, j, s->k)->levels && descent_uses(s, j))
			line_rents(s, j, rent + j * m->years);
	for (size_t t = 0; t < m->years; t++) {
		const struct transport *tp = &s->transports[t];
		for (size_t i = 0; i < m->points; i++) {
			double most = 0;
			for (uint32_t n = tp->first[i]; n != PART_NONE; n = tp->parts[n].next) {
				size_t j = tp->parts[n].site;
				const struct depot *d = &tp->depots[j];
				double p = d->rate * d->haul[i] + d->gate + rent[j * m->years + t];
				if (n == tp->first[i] || p < most)
					most = p;
			}
			price[t * m->points + i] = most;
		}
	}
	arena_free(scratch);
}
