#include "coalition.h"

#include "check.h"
#include "clock.h"
#include "economy.h"
#include "legacy.h"
#include "purse.h"
#include "team.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

bool coalition_has_site(const struct network *net, const bool *is_in, size_t j)
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
		if (coalition_has_site(net, is_in, j))
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

/* What is left of a larger group's plan once a region is gone. */
static int *shrink(struct arena *a, const struct network *net, const bool *before,
	const bool *after, const struct outcome *larger)
{
	size_t rows = net->flows * net->years, was = 0, lines = 0;
	int *level = arena_array(a, int, net->sites *rows);
	for (size_t j = 0; j < net->sites; j++) {
		if (!coalition_has_site(net, before, j))
			continue;
		for (size_t c = 0; c < rows && coalition_has_site(net, after, j); c++)
			level[lines++] = larger->level[was * rows + c];
		was++;
	}
	return level;
}

struct work {
	struct arena **arenas; /* [thread] */
	const struct network *net;
	const size_t *players;
	const struct task *task;
	const size_t *masks;
	struct legacy legacy; /* of the network as it is */
	int threads;          /* of each */
	struct coalitions *out;
	struct purse purse;
	struct tally tally;
};

static void find_members(const struct work *w, size_t mask, bool *is_in)
{
	memset(is_in, 0, w->net->regions * sizeof *is_in);
	for (size_t p = 0; p < w->out->players; p++)
		if (mask & (size_t)1 << p)
			is_in[w->players[p]] = true;
}

/* The lines of two parts of a group side by side, those that each would build; `other` may be nobody. */
static int *join(struct arena *a, const struct work *w, size_t one, size_t other, size_t all)
{
	const struct network *net = w->net;
	size_t rows = net->flows * net->years, sites[2] = {0}, count = 0;
	const size_t masks[] = {one, other};
	int *level = arena_array(a, int, net->sites *rows);
	bool *is_in[2], *is_all = arena_array(a, bool, net->regions);
	find_members(w, all, is_all);
	for (int n = 0; n < 2; n++) {
		is_in[n] = arena_array(a, bool, net->regions);
		find_members(w, masks[n], is_in[n]);
	}
	for (size_t j = 0; j < net->sites; j++) {
		if (!coalition_has_site(net, is_all, j))
			continue;
		bool is_known = false;
		for (int n = 0; n < 2; n++)
			if (masks[n] && coalition_has_site(net, is_in[n], j)) {
				memcpy(level + count * rows,
					w->out->outcome[masks[n]].level + sites[n]++ * rows,
					rows * sizeof *level);
				is_known = true;
			}
		for (size_t c = 0; c < rows && !is_known; c++)
			level[count * rows + c] = LEVEL_NONE;
		count++;
	}
	return level;
}

/* What a part and the rest cost, each by itself. */
static double apart(const struct work *w, size_t mask, size_t part)
{
	return w->out->outcome[part].cost + w->out->outcome[mask & ~part].cost;
}

/* The part that with the rest costs least apart, but more than `above`; 0 for none. */
static size_t next_part(const struct work *w, size_t mask, double above)
{
	size_t best = 0;
	for (size_t part = (mask - 1) & mask; part > (mask & ~part); part = (part - 1) & mask)
		if (apart(w, mask, part) > above &&
			(!best || apart(w, mask, part) < apart(w, mask, best)))
			best = part;
	return best;
}

/* Whether the group is all there is in the network. */
static bool is_whole(const struct work *w, const bool *is_in)
{
	for (size_t i = 0; i < w->net->points; i++)
		if (!is_in[w->net->point[i].region])
			return false;
	for (size_t j = 0; j < w->net->sites; j++)
		if (!coalition_has_site(w->net, is_in, j))
			return false;
	return w->net->min_platforms == 0;
}

/* Lines of a group, and what they cost it. */
struct idea {
	int *level;
	double cost;
};

static void weigh_idea(struct arena *scratch, const struct model *m, int *level, struct idea *best)
{
	struct plan p = {.level = level};
	if (plan_route(scratch, m, &p) && p.cost.total < best->cost)
		*best = (struct idea){level, p.cost.total};
}

/* What is left of the plan of the whole network; the two parts that cost least apart, with the lines of both side by
 * side and with those of either alone: the other may do without. */
static struct idea best_idea(struct arena *scratch, const struct work *w, size_t mask,
	const bool *is_in, const struct model *m)
{
	struct idea best = {NULL, INFINITY};
	size_t part = next_part(w, mask, -INFINITY), rest = mask & ~part;
	if (w->task->begin) {
		bool *all = arena_array(scratch, bool, w->net->regions);
		memset(all, true, w->net->regions * sizeof *all);
		weigh_idea(scratch, m, shrink(scratch, w->net, all, is_in, w->task->begin), &best);
	}
	if (part) {
		weigh_idea(scratch, m, join(scratch, w, part, rest, mask), &best);
		weigh_idea(scratch, m, join(scratch, w, part, 0, mask), &best);
		weigh_idea(scratch, m, join(scratch, w, rest, 0, mask), &best);
	}
	return best;
}

/* Where the search for a group begins: what its parts would do, or the network itself where that is the group. */
static bool find_begin(struct arena *scratch, const struct work *w, size_t mask, const bool *is_in,
	const struct network *part, struct outcome *begin)
{
	if (w->task->begin && is_whole(w, is_in)) {
		*begin = *w->task->begin;
		return true;
	}
	struct model m;
	economy_model(scratch, part, &m);
	/* One region has little in common with all of them. */
	bool is_heir = __builtin_popcountll(mask) > 1;
	struct idea best = best_idea(scratch, w, mask, is_in, &m);
	if (best.level)
		*begin = (struct outcome){.level = best.level,
			.certificate = is_heir ? legacy_for(&w->legacy, scratch, is_in)
					       : (struct certificate){0}};
	return best.level;
}

/* What cost and bound say. */
static void judge(struct outcome *o)
{
	o->bound = fmin(o->bound, o->cost);
	o->gap = o->cost != 0 ? (o->cost - o->bound) / fabs(o->cost) : 0;
	o->answer = viability_of(o->before, o->cost, o->bound);
}

/* What was proved of the same network before still is. */
static void keep_proof(struct outcome *o, const struct outcome *before)
{
	if (!(before->bound > o->bound))
		return;
	o->bound = before->bound;
	o->certificate = before->certificate;
	judge(o);
}

static void solve_one(void *context, size_t job, size_t thread)
{
	struct work *w = context;
	struct arena *a = w->arenas[thread], *scratch = arena_new();
	size_t mask = w->masks[job];
	bool *is_in = arena_array(scratch, bool, w->net->regions);
	struct err e = {0};
	find_members(w, mask, is_in);
	double began = clock_seconds(), seconds = purse_take(&w->purse);
	struct network part = coalition_network(scratch, w->net, is_in);
	struct outcome begin;
	struct task task = *w->task;
	task.threads = w->threads;
	task.is_brisk = true;
	task.begin = find_begin(scratch, w, mask, is_in, &part, &begin) ? &begin : NULL;
	if (task.time_limit_s > 0)
		task.time_limit_s = fmax(PURSE_LEAST_S, seconds - (clock_seconds() - began));
	struct outcome *out = &w->out->outcome[mask];
	bool ok = !w->tally.has_failed && outcome_find(a, &part, &task, out, &e) &&
		  (!isnan(out->cost) || err_set(&e, ERR_INFEASIBLE,
						"un groupe de régions ne peut pas tout faire "
						"traiter"));
	if (ok && w->task->begin && is_whole(w, is_in))
		keep_proof(out, w->task->begin);
	purse_return(&w->purse, seconds - (clock_seconds() - began));
	tally_add(&w->tally, ok, &e);
	arena_free(scratch);
}

/* Other lines for a group, kept where they cost less. */
static void try_lines(struct arena *a, const struct network *part, const struct model *m,
	int *level, struct outcome *o)
{
	struct arena *scratch = arena_new();
	struct plan p = {.level = level};
	struct cost cost;
	struct err broken;
	if (plan_route(scratch, m, &p) && p.cost.total < o->cost &&
		check_plan(scratch, m, &p, &cost, &broken)) {
		size_t lines = part->sites * part->flows * part->years;
		o->cost = p.cost.total;
		judge(o);
		o->level = arena_array(a, int, lines);
		memcpy(o->level, p.level, lines * sizeof *o->level);
	}
	arena_free(scratch);
}

/* What a group with one region more costs, without what that costs alone. */
static double without(const struct work *w, size_t mask, size_t larger)
{
	return w->out->outcome[larger].cost - w->out->outcome[larger & ~mask].cost;
}

/* The one that costs least so, but more than `above`; 0 for none. */
static size_t next_larger(const struct work *w, size_t mask, double above)
{
	size_t best = 0;
	for (size_t p = 0; p < w->out->players; p++) {
		size_t larger = mask | (size_t)1 << p;
		if (larger != mask && without(w, mask, larger) > above &&
			(!best || without(w, mask, larger) < without(w, mask, best)))
			best = larger;
	}
	return best;
}

/* What is left of the plans of groups with one region more may be better than what the search found. */
static void try_larger(void *context, size_t job, size_t thread)
{
	struct work *w = context;
	size_t mask = w->masks[job];
	struct outcome *o = &w->out->outcome[mask];
	enum { LARGER = 2 };
	if (o->gap <= w->task->gap)
		return;
	struct arena *scratch = arena_new();
	struct model m;
	bool *is_in = arena_array(scratch, bool, w->net->regions);
	bool *was_in = arena_array(scratch, bool, w->net->regions);
	find_members(w, mask, is_in);
	struct network part = coalition_network(scratch, w->net, is_in);
	economy_model(scratch, &part, &m);
	double least = -INFINITY;
	for (int n = 0; n < LARGER; n++) {
		size_t larger = next_larger(w, mask, least);
		if (!larger)
			break;
		least = without(w, mask, larger);
		find_members(w, larger, was_in);
		try_lines(w->arenas[thread], &part, &m,
			shrink(scratch, w->net, was_in, is_in, &w->out->outcome[larger]), o);
	}
	arena_free(scratch);
}

/* A group can do what two parts of it do apart, where today's plants have room for both. What its own
 * search missed of that is put right, lest a gap look like a reason to part. */
static void try_parts(struct arena *a, struct work *w, size_t mask)
{
	struct outcome *o = &w->out->outcome[mask];
	size_t best = next_part(w, mask, -INFINITY);
	if (!best || apart(w, mask, best) >= o->cost - VIABILITY_TOLERANCE * fabs(o->cost))
		return;
	struct arena *scratch = arena_new();
	struct model m;
	bool *is_in = arena_array(scratch, bool, w->net->regions);
	find_members(w, mask, is_in);
	struct network part = coalition_network(scratch, w->net, is_in);
	economy_model(scratch, &part, &m);
	try_lines(a, &part, &m, join(scratch, w, best, mask & ~best, mask), o);
	arena_free(scratch);
}

/* Groups of one size, side by side. */
static void do_size(struct work *w, size_t *masks, size_t size, size_t threads,
	void (*what)(void *context, size_t job, size_t thread))
{
	size_t jobs = 0;
	for (size_t mask = 1; mask < (size_t)1 << w->out->players; mask++)
		if ((size_t)__builtin_popcountll(mask) == size)
			masks[jobs++] = mask;
	w->threads = jobs < threads ? (int)threads : 1;
	team_run(threads, jobs, what, w);
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
	purse_init(&w.purse, all - 1, task->time_limit_s);
	legacy_init(&w.legacy, a, net, task->begin ? &task->begin->certificate : NULL);
	for (size_t size = 1; size <= count && !w.tally.has_failed; size++)
		do_size(&w, masks, size, threads, solve_one);
	for (size_t size = count - 1; size > 0 && !w.tally.has_failed; size--)
		do_size(&w, masks, size, threads, try_larger);
	for (size_t size = 2; size <= count && !w.tally.has_failed; size++)
		for (size_t mask = 1; mask < all; mask++)
			if ((size_t)__builtin_popcountll(mask) == size)
				try_parts(a, &w, mask);
	return !w.tally.has_failed;
}
