#include "coalition.h"

#include "check.h"
#include "economy.h"
#include "team.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

static bool stays(const struct network *net, const bool *is_in, size_t j)
{
	return net->site[j].kind == SITE_EXISTING || is_in[net->site[j].region];
}

struct network coalition_network(struct arena *a, const struct network *net, const bool *is_in)
{
	struct network part = *net;
	size_t *point = arena_array(a, size_t, net->points), points = 0, sites = 0;
	size_t *place = arena_array(a, size_t, net->sites);
	for (size_t i = 0; i < net->points; i++)
		if (is_in[net->point[i].region])
			point[points++] = i;
	for (size_t j = 0; j < net->sites; j++)
		if (stays(net, is_in, j))
			place[sites++] = j;
	struct point *own = arena_array(a, struct point, points);
	struct site *site = arena_array(a, struct site, sites);
	double *tonnes = arena_array(a, double, net->flows * net->years * points);
	for (size_t i = 0; i < points; i++)
		own[i] = net->point[point[i]];
	for (size_t j = 0; j < sites; j++)
		site[j] = net->site[place[j]];
	for (size_t kt = 0; kt < net->flows * net->years; kt++)
		for (size_t i = 0; i < points; i++)
			tonnes[kt * points + i] = net->tonnes[kt * net->points + point[i]];
	if (net->lane_km) {
		double *km = arena_array(a, double, sites *points);
		double *hours = arena_array(a, double, sites *points);
		for (size_t j = 0; j < sites; j++)
			for (size_t i = 0; i < points; i++) {
				size_t lane = place[j] * net->points + point[i];
				km[j * points + i] = net->lane_km[lane];
				hours[j * points + i] = net->lane_h[lane];
			}
		part.lane_km = km;
		part.lane_h = hours;
	}
	part.min_platforms = 0; /* a rule for all together */
	part.points = points;
	part.sites = sites;
	part.point = own;
	part.site = site;
	part.tonnes = tonnes;
	return part;
}

/* What is left of a larger group's outcome once a region is gone: its points and candidates go. */
static struct outcome shrink(struct arena *a, const struct network *net, const bool *before,
	const bool *after, const struct outcome *larger)
{
	size_t rows = net->flows * net->years, lines = 0, cells = 0;
	size_t *site_of = arena_array(a, size_t, net->sites), was = 0, sites = 0;
	int *level = arena_array(a, int, net->sites *rows);
	double *share = arena_array(a, double, net->sites *rows);
	for (size_t j = 0; j < net->sites; j++) {
		site_of[j] = SIZE_MAX;
		if (!stays(net, before, j))
			continue;
		for (size_t c = 0; c < rows && stays(net, after, j); c++, lines++) {
			level[lines] = larger->level[was * rows + c];
			if (larger->certificate.share)
				share[lines] = larger->certificate.share[was * rows + c];
		}
		site_of[was++] = stays(net, after, j) ? sites++ : SIZE_MAX;
	}
	struct outcome left = {.level = level};
	if (!larger->certificate.price)
		return left;
	double *price = arena_array(a, double, rows * net->points);
	for (size_t kt = 0, at = 0; kt < rows; kt++)
		for (size_t i = 0; i < net->points; i++) {
			if (!before[net->point[i].region])
				continue;
			if (after[net->point[i].region])
				price[cells++] = larger->certificate.price[at];
			at++;
		}
	struct rounding *roundings =
		arena_array(a, struct rounding, larger->certificate.rounding_count);
	size_t kept = 0;
	for (size_t n = 0; n < larger->certificate.rounding_count; n++) {
		struct rounding r = larger->certificate.roundings[n];
		bool *is_near = arena_array(a, bool, sites);
		for (size_t j = 0; j < was; j++)
			if (site_of[j] != SIZE_MAX)
				is_near[site_of[j]] = r.is_near[j];
		r.is_near = is_near;
		if (r.centre != ROUNDING_EVERYWHERE) {
			if (site_of[r.centre] == SIZE_MAX)
				continue;
			r.centre = (int)site_of[r.centre];
		}
		roundings[kept++] = r;
	}
	left.certificate = (struct certificate){.price = price,
		.share = larger->certificate.share ? share : NULL,
		.roundings = roundings,
		.rounding_count = kept};
	return left;
}

/* Groups of one size, side by side. */
struct work {
	struct arena **arenas; /* [thread] */
	const struct network *net;
	const size_t *players;
	const struct task *task;
	const size_t *masks;
	int threads; /* of each */
	struct coalitions *out;
	struct tally tally;
};

static void find_members(const struct work *w, size_t mask, bool *is_in)
{
	memset(is_in, 0, w->net->regions * sizeof *is_in);
	for (size_t p = 0; p < w->out->players; p++)
		if (mask & (size_t)1 << p)
			is_in[w->players[p]] = true;
}

/* Of the groups with one region more, one whose answer is known; 0 for none. */
static size_t larger_of(const struct work *w, size_t mask)
{
	for (size_t p = 0; p < w->out->players; p++)
		if (!(mask & (size_t)1 << p) && w->out->outcome[mask | (size_t)1 << p].level)
			return mask | (size_t)1 << p;
	return 0;
}

/* Where the search for a group begins: what is left of a larger one, or of the whole network. */
static struct outcome find_begin(
	struct arena *scratch, const struct work *w, size_t mask, const bool *is_in)
{
	bool *was_in = arena_array(scratch, bool, w->net->regions);
	size_t larger = larger_of(w, mask);
	if (larger)
		find_members(w, larger, was_in);
	else
		memset(was_in, true, w->net->regions * sizeof *was_in);
	const struct outcome *from = larger ? &w->out->outcome[larger] : w->task->begin;
	return from ? shrink(scratch, w->net, was_in, is_in, from) : (struct outcome){0};
}

static void solve_one(void *context, size_t job, size_t thread)
{
	struct work *w = context;
	struct arena *a = w->arenas[thread], *scratch = arena_new();
	size_t mask = w->masks[job];
	bool *is_in = arena_array(scratch, bool, w->net->regions);
	struct err e = {0};
	find_members(w, mask, is_in);
	struct network part = coalition_network(scratch, w->net, is_in);
	struct outcome begin = find_begin(scratch, w, mask, is_in);
	struct task task = *w->task;
	task.threads = w->threads;
	task.begin = begin.level ? &begin : NULL;
	struct outcome *out = &w->out->outcome[mask];
	bool ok = !w->tally.has_failed && outcome_find(a, &part, &task, out, &e) &&
		  (!isnan(out->cost) || err_set(&e, ERR_INFEASIBLE,
						"un groupe de régions ne peut pas tout faire "
						"traiter"));
	tally_add(&w->tally, ok, &e);
	arena_free(scratch);
}

/* The lines of two groups side by side, those that each would build. */
static int *join(struct arena *a, const struct work *w, size_t one, size_t other)
{
	const struct network *net = w->net;
	size_t rows = net->flows * net->years, sites[2] = {0}, count = 0;
	const size_t masks[] = {one, other};
	int *level = arena_array(a, int, net->sites *rows);
	bool *is_in[2];
	for (int n = 0; n < 2; n++) {
		is_in[n] = arena_array(a, bool, net->regions);
		find_members(w, masks[n], is_in[n]);
	}
	for (size_t j = 0; j < net->sites; j++) {
		bool is_there[] = {stays(net, is_in[0], j), stays(net, is_in[1], j)};
		for (int n = 0; n < 2; n++)
			if (is_there[n])
				memcpy(level + count * rows,
					w->out->outcome[masks[n]].level + sites[n]++ * rows,
					rows * sizeof *level);
		count += is_there[0] || is_there[1];
	}
	return level;
}

/* A group can do what two parts of it do apart, where today's plants have room for both. What its own
 * search missed of that is put right, lest a gap look like a reason to part. */
static void try_parts(struct arena *a, struct work *w, size_t mask)
{
	struct outcome *o = &w->out->outcome[mask];
	size_t best = 0;
	double least = o->cost - VIABILITY_TOLERANCE * fabs(o->cost);
	for (size_t part = (mask - 1) & mask; part; part = (part - 1) & mask) {
		double apart = w->out->outcome[part].cost + w->out->outcome[mask & ~part].cost;
		if (apart < least) {
			least = apart;
			best = part;
		}
	}
	if (!best)
		return;
	struct arena *scratch = arena_new();
	struct model m;
	bool *is_in = arena_array(scratch, bool, w->net->regions);
	find_members(w, mask, is_in);
	struct network part = coalition_network(scratch, w->net, is_in);
	economy_model(scratch, &part, &m);
	struct plan p = {.level = join(scratch, w, best, mask & ~best)};
	struct cost cost;
	struct err broken;
	if (plan_route(scratch, &m, &p) && p.cost.total < o->cost &&
		check_plan(scratch, &m, &p, &cost, &broken)) {
		size_t lines = part.sites * part.flows * part.years;
		o->cost = p.cost.total;
		o->bound = fmin(o->bound, o->cost);
		o->gap = o->cost != 0 ? (o->cost - o->bound) / fabs(o->cost) : 0;
		o->answer = viability_of(o->before, o->cost, o->bound);
		o->level = arena_array(a, int, lines);
		memcpy(o->level, p.level, lines * sizeof *o->level);
	}
	arena_free(scratch);
}

static void weigh(
	struct arena *a, const struct network *net, const size_t *players, struct coalitions *out)
{
	out->tonnes = arena_array(a, double, out->players);
	for (size_t p = 0; p < out->players; p++)
		for (size_t k = 0; k < net->flows; k++)
			for (size_t t = 0; t < net->years; t++)
				for (size_t i = 0; i < net->points; i++)
					if (net->point[i].region == players[p])
						out->tonnes[p] +=
							network_tonnes(net, k, t, i) *
							pow(1 + net->discount_rate, -(double)t);
}

bool coalition_solve(struct arena *a, const struct network *net, const size_t *players,
	size_t count, const struct task *task, size_t threads,
	void (*told)(void *context, size_t done, size_t total), void *context,
	struct coalitions *out, struct err *e)
{
	size_t all = (size_t)1 << count;
	*out = (struct coalitions){
		.players = count, .outcome = arena_array(a, struct outcome, all)};
	weigh(a, net, players, out);
	size_t *masks = arena_array(a, size_t, all);
	struct work w = {.arenas = team_arenas(a, threads),
		.net = net,
		.players = players,
		.task = task,
		.masks = masks,
		.out = out,
		.tally = {.total = all - 1,
			.e = e,
			.told = told,
			.context = context,
			.mutex = PTHREAD_MUTEX_INITIALIZER}};
	for (size_t size = count; size > 0 && !w.tally.has_failed; size--) {
		size_t jobs = 0;
		for (size_t mask = 1; mask < all; mask++)
			if ((size_t)__builtin_popcountll(mask) == size)
				masks[jobs++] = mask;
		w.threads = jobs < threads ? (int)threads : 1;
		team_run(threads, jobs, solve_one, &w);
	}
	for (size_t size = 2; size <= count && !w.tally.has_failed; size++)
		for (size_t mask = 1; mask < all; mask++)
			if ((size_t)__builtin_popcountll(mask) == size)
				try_parts(a, &w, mask);
	return !w.tally.has_failed;
}
