#include "improve.h"

#include <math.h>
#include <string.h>

enum { STATES = MODEL_LEVELS_MAX + 1, PARTNERS = 5, KICKED = 3 };

static const double WORTH_IT = 1e-9; /* of the cost: less is rounding */

void improve_init(struct improve *s, struct arena *a, const struct model *m, uint64_t seed)
{
	size_t lines = m->sites * m->flows * m->years;
	*s = (struct improve){
		.m = m,
		.flows = arena_array(a, struct transport, m->flows * m->years),
		.level = arena_array(a, int, lines),
		.flow_cost = arena_array(a, double, m->flows * m->years),
		.open_lines = arena_array(a, int, m->sites * m->years),
		.stands = arena_array(a, int, m->sites),
		.cost = INFINITY,
		.best_level = arena_array(a, int, lines),
		.best_cost = INFINITY,
		.random = seed * 2 + 1,
		.items = arena_array(a, struct item, m->points),
		.point_price = arena_array(a, double, m->years * m->points),
		.worth = arena_array(a, double, m->sites * m->years * STATES),
		.estimate = arena_array(a, double, m->sites),
		.path = arena_array(a, int, m->sites * m->years),
		.old_path = arena_array(a, int, 2 * m->years),
		.new_path = arena_array(a, int, 2 * m->years),
		.order = arena_array(a, uint32_t, m->sites),
		.kept_flow = arena_array(a, int, m->sites * m->years),
		.new_flow = arena_array(a, int, m->sites * m->years),
		.nothing = arena_array(a, int, m->years),
		.from = arena_array(a, int8_t, m->years * STATES),
	};
	for (size_t n = 0; n < lines; n++)
		s->level[n] = LEVEL_NONE;
	for (size_t t = 0; t < m->years; t++)
		s->nothing[t] = LEVEL_NONE;
	for (size_t k = 0; k < m->flows; k++)
		for (size_t t = 0; t < m->years; t++) {
			struct transport *tp = &s->flows[k * m->years + t];
			transport_init(tp, a, m->points, model_tonnes(m, k, t), m->sites);
			for (size_t j = 0; j < m->sites; j++)
				transport_row(tp, j, m->haul[k] + j * m->points,
					m->rate[k * m->years + t],
					m->gate[(j * m->flows + k) * m->years + t]);
		}
}

static uint64_t draw(struct improve *s)
{
	s->random ^= s->random << 13;
	s->random ^= s->random >> 7;
	s->random ^= s->random << 17;
	return s->random >> 11;
}

static int *path_at(const struct improve *s, size_t j, size_t k)
{
	return s->level + (j * s->m->flows + k) * s->m->years;
}

static double room_of(const struct model *m, size_t j, size_t k, int l)
{
	return l == LEVEL_NONE ? 0 : m->capacity[model_line(m, j, k)->first + (size_t)l];
}

/* What a path costs by itself, present value. */
static double path_cost(const struct model *m, size_t j, size_t k, const int *path)
{
	const struct line *line = model_line(m, j, k);
	int before = line->start;
	double cost = 0;
	for (size_t t = 0; t < m->years; before = path[t++]) {
		double year = model_change_cost(m, line, before, path[t], t);
		if (path[t] != LEVEL_NONE)
			year += m->running[(line->first + (size_t)path[t]) * m->years + t];
		cost += m->discount[t] * year;
	}
	return cost;
}

/* Writes a path; returns the change of the costs of site and line. Transports are only resized. */
static double set_path(struct improve *s, size_t j, size_t k, const int *path)
{
	const struct model *m = s->m;
	int *now = path_at(s, j, k);
	bool is_fixed = model_line(m, j, k)->is_fixed;
	double change = path_cost(m, j, k, path) - path_cost(m, j, k, now);
	for (size_t t = 0; t < m->years; t++) {
		if (now[t] == path[t])
			continue;
		int more = (path[t] != LEVEL_NONE) - (now[t] != LEVEL_NONE);
		int *open = &s->open_lines[j * m->years + t];
		double site = m->discount[t] * m->site_cost[j * m->years + t];
		change += (*open + more > 0 ? site : 0) - (*open > 0 ? site : 0);
		*open += more;
		if (!is_fixed) {
			s->platforms -= s->stands[j] > 0;
			s->stands[j] += more;
			s->platforms += s->stands[j] > 0;
		}
		transport_resize(&s->flows[k * m->years + t], j, room_of(m, j, k, path[t]));
		now[t] = path[t];
	}
	return change;
}

static bool settle(struct improve *s, size_t k, size_t t, double *change)
{
	const struct model *m = s->m;
	struct transport *tp = &s->flows[k * m->years + t];
	if (!transport_settle(tp)) {
		transport_clear(tp);
		return false;
	}
	double cost = transport_cost(tp), *known = &s->flow_cost[k * m->years + t];
	*change += m->discount[t] * (cost - *known);
	*known = cost;
	return true;
}

static bool number_is_right(const struct improve *s)
{
	const struct model *m = s->m;
	return (m->max_platforms < 0 || s->platforms <= m->max_platforms) &&
	       s->platforms >= m->min_platforms;
}

/* Room of the flow in the year, less its tonnes. */
static double room_left(const struct improve *s, size_t k, size_t t)
{
	const struct model *m = s->m;
	const double *w = model_tonnes(m, k, t);
	double left = 0;
	for (size_t i = 0; i < m->points; i++)
		left -= w[i] * (1 + 1e-9);
	for (size_t j = 0; j < m->sites; j++)
		left += room_of(m, j, k, path_at(s, j, k)[t]);
	return left;
}

/* The step up, from year t on, that adds room at the least cost per tonne. False: none is left. */
static bool add_room(struct improve *s, size_t k, size_t t)
{
	const struct model *m = s->m;
	double best = INFINITY;
	size_t site = m->sites;
	int up = 0;
	double missing = -room_left(s, k, t);
	for (size_t j = 0; j < m->sites; j++) {
		const struct line *line = model_line(m, j, k);
		const int *path = path_at(s, j, k);
		if (line->is_fixed)
			continue;
		if (!s->stands[j] && m->max_platforms >= 0 && s->platforms >= m->max_platforms)
			continue;
		for (int l = path[t] + 1; l < line->levels; l++) {
			memcpy(s->new_path, path, m->years * sizeof *path);
			double site_cost = 0;
			for (size_t n = t; n < m->years; n++) {
				if (s->new_path[n] < l)
					s->new_path[n] = l;
				if (!s->open_lines[j * m->years + n])
					site_cost +=
						m->discount[n] * m->site_cost[j * m->years + n];
			}
			double more = room_of(m, j, k, l) - room_of(m, j, k, path[t]);
			double useful = more < missing ? more : missing;
			double cost = path_cost(m, j, k, s->new_path) - path_cost(m, j, k, path) +
				      site_cost;
			if (useful > 0 && cost / useful < best) {
				best = cost / useful;
				site = j;
				up = l;
			}
		}
	}
	if (site == m->sites)
		return false;
	memcpy(s->new_path, path_at(s, site, k), m->years * sizeof *s->new_path);
	for (size_t n = t; n < m->years; n++)
		if (s->new_path[n] < up)
			s->new_path[n] = up;
	(void)set_path(s, site, k, s->new_path);
	return true;
}

static double whole_cost(struct improve *s)
{
	const struct model *m = s->m;
	double cost = 0;
	for (size_t j = 0; j < m->sites; j++) {
		for (size_t t = 0; t < m->years; t++)
			if (s->open_lines[j * m->years + t])
				cost += m->discount[t] * m->site_cost[j * m->years + t];
		for (size_t k = 0; k < m->flows; k++)
			cost += path_cost(m, j, k, path_at(s, j, k));
	}
	for (size_t k = 0; k < m->flows; k++)
		for (size_t t = 0; t < m->years; t++)
			cost += m->discount[t] * s->flow_cost[k * m->years + t];
	return cost;
}

static void keep_best(struct improve *s)
{
	const struct model *m = s->m;
	if (s->cost >= s->best_cost || !number_is_right(s))
		return;
	s->best_cost = s->cost;
	memcpy(s->best_level, s->level, m->sites * m->flows * m->years * sizeof *s->level);
}

bool improve_load(struct improve *s, const int *level)
{
	const struct model *m = s->m;
	for (size_t j = 0; j < m->sites; j++)
		for (size_t k = 0; k < m->flows; k++)
			(void)set_path(s, j, k, level + (j * m->flows + k) * m->years);
	s->cost = INFINITY;
	double unused = 0;
	for (size_t k = 0; k < m->flows; k++)
		for (size_t t = 0; t < m->years; t++) {
			while (room_left(s, k, t) < 0)
				if (!add_room(s, k, t))
					return false;
			/* Room enough but no lane to it: more room elsewhere. */
			while (!settle(s, k, t, &unused))
				if (!add_room(s, k, t))
					return false;
		}
	/* Room added for a late year may have changed an earlier one: all are settled again. */
	for (size_t k = 0; k < m->flows; k++)
		for (size_t t = 0; t < m->years; t++)
			if (!settle(s, k, t, &unused))
				return false;
	s->cost = whole_cost(s);
	keep_best(s);
	return true;
}

struct change {
	size_t site;
	const int *path;
};

/* Tries new paths for lines of one flow. Keeps them when that is cheaper. */
static bool try_paths(struct improve *s, size_t k, const struct change *changes, size_t count)
{
	const struct model *m = s->m;
	double before = s->cost, change = 0;
	s->trials++;
	for (size_t n = 0; n < count; n++) {
		memcpy(s->old_path + n * m->years, path_at(s, changes[n].site, k),
			m->years * sizeof *s->old_path);
		change += set_path(s, changes[n].site, k, changes[n].path);
	}
	bool is_settled = number_is_right(s);
	for (size_t t = 0; t < m->years && is_settled; t++) {
		bool is_touched = false;
		for (size_t n = 0; n < count; n++)
			is_touched |= s->old_path[n * m->years + t] != changes[n].path[t];
		if (is_touched)
			is_settled = room_left(s, k, t) >= 0 && settle(s, k, t, &change);
	}
	if (is_settled && change < -WORTH_IT * fabs(before)) {
		s->cost = before + change;
		return true;
	}
	double unused = 0;
	for (size_t n = count; n-- > 0;)
		(void)set_path(s, changes[n].site, k, s->old_path + n * m->years);
	for (size_t t = 0; t < m->years; t++)
		if (!settle(s, k, t, &unused))
			s->cost = INFINITY; /* cannot be: it was settled like that before */
	return false;
}

/* V of every level of site j for the flow, at the present prices. */
static void value_site(struct improve *s, size_t j, size_t k)
{
	const struct model *m = s->m;
	const struct line *line = model_line(m, j, k);
	for (size_t t = 0; t < m->years; t++) {
		const double *w = model_tonnes(m, k, t), *price = s->point_price + t * m->points;
		const double *haul = m->haul[k] + j * m->points;
		double rate = m->rate[k * m->years + t];
		double gate = m->gate[(j * m->flows + k) * m->years + t];
		double *worth = s->worth + (j * m->years + t) * STATES;
		double gain = 0, weight = 0, last;
		size_t count = 0;
		for (size_t i = 0; i < m->points; i++) {
			double r = price[i] - (rate * haul[i] + gate);
			if (r <= 0 || w[i] <= 0)
				continue;
			s->items[count++] =
				(struct item){.ratio = r, .weight = w[i], .id = (uint32_t)i};
			gain += r * w[i];
			weight += w[i];
		}
		worth[0] = 0;
		for (int l = line->levels; l-- > 0;) {
			double u = m->capacity[line->first + (size_t)l];
			if (weight > u) {
				size_t taken;
				gain = knapsack_continuous(s->items, count, u, &taken, &last);
				weight = u +
					 (last < 1 ? s->items[taken - 1].weight * (1 - last) : 0);
				count = taken;
			}
			worth[l + 1] = -gain;
		}
	}
}

/* The best path of a line by the estimate; returns its estimated change. */
static double best_path(struct improve *s, size_t j, size_t k, int *path)
{
	const struct model *m = s->m;
	const struct line *line = model_line(m, j, k);
	const int *now = path_at(s, j, k);
	double cost[STATES] = {0}, next[STATES];
	int8_t(*from)[STATES] = (int8_t(*)[STATES])s->from;
	int states = line->levels + 1;
	double present = path_cost(m, j, k, now);
	for (int b = 0; b < states; b++)
		cost[b] = b - 1 == line->start ? 0 : INFINITY;
	for (size_t t = 0; t < m->years; t++) {
		const double *worth = s->worth + (j * m->years + t) * STATES;
		int others = s->open_lines[j * m->years + t] - (now[t] != LEVEL_NONE);
		double site = others > 0 ? 0 : m->site_cost[j * m->years + t];
		present += m->discount[t] * (worth[now[t] + 1] + (now[t] != LEVEL_NONE ? site : 0));
		for (int b = 0; b < states; b++) {
			double here = worth[b];
			if (b)
				here += site +
					m->running[(line->first + (size_t)b - 1) * m->years + t];
			next[b] = INFINITY;
			from[t][b] = 0;
			for (int a = 0; a < states; a++) {
				double v = cost[a] +
					   m->discount[t] * (here + model_change_cost(m, line,
									    a - 1, b - 1, t));
				if (v < next[b]) {
					next[b] = v;
					from[t][b] = (int8_t)a;
				}
			}
		}
		memcpy(cost, next, sizeof cost);
	}
	int best = 0;
	for (int b = 1; b < states; b++)
		if (cost[b] < cost[best])
			best = b;
	double value = cost[best];
	for (size_t t = m->years; t-- > 0; best = from[t][best])
		path[t] = best - 1;
	return value - present;
}

static void take_prices(struct improve *s, size_t k)
{
	const struct model *m = s->m;
	for (size_t t = 0; t < m->years; t++) {
		const struct transport *tp = &s->flows[k * m->years + t];
		const double *w = model_tonnes(m, k, t);
		double *price = s->point_price + t * m->points;
		for (size_t i = 0; i < m->points; i++)
			price[i] = w[i] > 0 ? transport_point_price(tp, i) : -INFINITY;
	}
}

static bool is_empty(const struct improve *s, size_t j, size_t k)
{
	const int *path = path_at(s, j, k);
	for (size_t t = 0; t < s->m->years; t++)
		if (path[t] != LEVEL_NONE)
			return false;
	return true;
}

/* What leaving a line altogether changes by the estimate, room that is missed included. */
static double leave_estimate(const struct improve *s, size_t j, size_t k, const int *nothing)
{
	const struct model *m = s->m;
	const int *now = path_at(s, j, k);
	double change = path_cost(m, j, k, nothing) - path_cost(m, j, k, now);
	for (size_t t = 0; t < m->years; t++) {
		if (now[t] == LEVEL_NONE)
			continue;
		const double *worth = s->worth + (j * m->years + t) * STATES;
		change -= m->discount[t] * worth[now[t] + 1];
		if (s->open_lines[j * m->years + t] == 1)
			change -= m->discount[t] * m->site_cost[j * m->years + t];
	}
	return change;
}

static void rank(uint32_t *order, size_t count, const double *key)
{
	for (size_t n = 1; n < count; n++) {
		uint32_t id = order[n];
		size_t at = n;
		for (; at && key[order[at - 1]] > key[id]; at--)
			order[at] = order[at - 1];
		order[at] = id;
	}
}

/* One pass over the moves of a flow. True when something got better. */
static bool improve_flow(struct improve *s, size_t k, bool (*is_over)(void *context), void *context)
{
	const struct model *m = s->m;
	size_t count = 0;
	take_prices(s, k);
	for (size_t j = 0; j < m->sites; j++) {
		const struct line *line = model_line(m, j, k);
		if (line->is_fixed || !line->levels)
			continue;
		value_site(s, j, k);
		s->estimate[j] = best_path(s, j, k, s->path + j * m->years);
		s->order[count++] = (uint32_t)j;
	}
	rank(s->order, count, s->estimate);
	double least = -WORTH_IT * fabs(s->cost);
	bool is_better = false;
	for (size_t n = 0; n < count && s->estimate[s->order[n]] < least; n++) {
		uint32_t j = s->order[n];
		if (is_over(context))
			return false;
		struct change c = {j, s->path + j * m->years};
		if (try_paths(s, k, &c, 1)) {
			is_better = true;
			break; /* prices are others now */
		}
	}
	if (is_better)
		return true;
	/* Swaps: somebody leaves, somebody else takes the best path there is for him, or stays as
	 * large as the one who left. */
	const int *nothing = s->nothing;
	size_t in_count = 0;
	uint32_t in[4 * PARTNERS];
	for (size_t n = 0; n < count && in_count < 4 * PARTNERS; n++)
		if (is_empty(s, s->order[n], k))
			in[in_count++] = s->order[n];
	for (size_t a = 0; a < m->sites; a++) {
		const struct line *line = model_line(m, a, k);
		if (line->is_fixed || !line->levels || is_empty(s, a, k))
			continue;
		double leave = leave_estimate(s, a, k, nothing);
		size_t tried = 0;
		for (size_t n = 0; n < in_count && tried < PARTNERS; n++) {
			uint32_t b = in[n];
			const int *path = s->path + b * m->years;
			bool is_same_shape = model_line(m, b, k)->levels == line->levels;
			double enter = s->estimate[b];
			if (leave + enter >= least)
				break;
			if (is_over(context))
				return false;
			tried++;
			if (is_empty(s, b, k) && path[m->years - 1] == LEVEL_NONE && is_same_shape)
				path = path_at(s, a, k);
			memcpy(s->new_path, path, m->years * sizeof *path);
			struct change swap[2] = {{a, nothing}, {b, s->new_path}};
			if (try_paths(s, k, swap, 2))
				return true;
		}
	}
	return false;
}

static void descend_flow(
	struct improve *s, size_t k, int64_t end, bool (*is_over)(void *context), void *context)
{
	while (s->trials < end && !is_over(context) && improve_flow(s, k, is_over, context)) {}
}

/* Paths of one flow, out and in. */
static void copy_flow(const struct improve *s, size_t k, int *to)
{
	const struct model *m = s->m;
	for (size_t j = 0; j < m->sites; j++)
		memcpy(to + j * m->years, path_at(s, j, k), m->years * sizeof *to);
}

static bool set_flow(struct improve *s, size_t k, const int *from)
{
	const struct model *m = s->m;
	double unused = 0;
	for (size_t j = 0; j < m->sites; j++)
		(void)set_path(s, j, k, from + j * m->years);
	for (size_t t = 0; t < m->years; t++) {
		while (room_left(s, k, t) < 0)
			if (!add_room(s, k, t))
				return false;
		while (!settle(s, k, t, &unused))
			if (!add_room(s, k, t))
				return false;
	}
	/* Room added for a late year may have changed an earlier one: all are settled again. */
	for (size_t t = 0; t < m->years; t++)
		if (!settle(s, k, t, &unused))
			return false;
	s->cost = whole_cost(s);
	return true;
}

/* Goes on from what set_flow made; back to what there was unless that led to something better. */
static bool keep_or_undo(struct improve *s, size_t k, double before, int64_t trials,
	bool (*is_over)(void *context), void *context)
{
	descend_flow(s, k, s->trials + trials, is_over, context);
	if (number_is_right(s) && s->cost < before - WORTH_IT * fabs(before))
		return true;
	if (!set_flow(s, k, s->kept_flow))
		s->cost = INFINITY; /* cannot be: it was like that before */
	return false;
}

bool improve_offer(struct improve *s, size_t k, const int *level, int64_t trials,
	bool (*is_over)(void *context), void *context)
{
	const struct model *m = s->m;
	if (isinf(s->cost)) {
		if (!improve_load(s, level))
			return false;
		for (size_t n = 0; n < m->flows; n++)
			descend_flow(s, n, s->trials + trials, is_over, context);
		keep_best(s);
		return true;
	}
	bool is_same = true;
	for (size_t j = 0; j < m->sites && is_same; j++)
		is_same = !memcmp(level + (j * m->flows + k) * m->years, path_at(s, j, k),
			m->years * sizeof *level);
	if (is_same)
		return false;
	double before = s->cost;
	copy_flow(s, k, s->kept_flow);
	for (size_t j = 0; j < m->sites; j++)
		memcpy(s->new_flow + j * m->years, level + (j * m->flows + k) * m->years,
			m->years * sizeof *level);
	bool is_better = set_flow(s, k, s->new_flow)
				 ? keep_or_undo(s, k, before, trials, is_over, context)
				 : (set_flow(s, k, s->kept_flow), false);
	keep_best(s);
	return is_better;
}

/* Other paths for one flow: a few lines leave, a few others come, chosen at random. */
static void shake(struct improve *s, size_t k, int *flow)
{
	const struct model *m = s->m;
	size_t count = 0;
	copy_flow(s, k, flow);
	for (size_t j = 0; j < m->sites; j++)
		if (!model_line(m, j, k)->is_fixed && !is_empty(s, j, k))
			s->order[count++] = (uint32_t)j;
	size_t leaving = 1 + (size_t)(draw(s) % KICKED);
	for (size_t n = 0; n < leaving && count; n++) {
		size_t at = (size_t)(draw(s) % count);
		memcpy(flow + s->order[at] * m->years, s->nothing, m->years * sizeof *flow);
		s->order[at] = s->order[--count];
	}
	for (size_t n = 0; n < leaving; n++) {
		size_t j = (size_t)(draw(s) % m->sites);
		const struct line *line = model_line(m, j, k);
		if (line->is_fixed || !line->levels || !is_empty(s, j, k))
			continue;
		int l = (int)(draw(s) % (uint64_t)line->levels);
		for (size_t t = 0; t < m->years; t++)
			flow[j * m->years + t] = l;
	}
}

void improve_run(struct improve *s, int64_t trials, bool (*is_over)(void *context), void *context)
{
	enum { AFTER_SHAKE = 25 };
	int64_t end = s->trials + trials;
	if (isinf(s->cost))
		return;
	while (s->trials < end && !is_over(context)) {
		size_t k = (size_t)(draw(s) % s->m->flows);
		double before = s->cost;
		s->trials++;
		copy_flow(s, k, s->kept_flow);
		shake(s, k, s->new_flow);
		if (set_flow(s, k, s->new_flow))
			(void)keep_or_undo(s, k, before, AFTER_SHAKE, is_over, context);
		else if (!set_flow(s, k, s->kept_flow))
			s->cost = INFINITY;
		keep_best(s);
	}
}
