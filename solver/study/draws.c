#include "draws.h"

#include "clock.h"
#include "economy.h"
#include "finance.h"
#include "purse.h"
#include "team.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* splitmix64 (Steele, Lea, Flood 2014) */
static uint64_t draw_bits(uint64_t *state)
{
	uint64_t z = *state += 0x9E3779B97F4A7C15u;
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

static double draw_unit(uint64_t *state)
{
	return (double)(draw_bits(state) >> 11) / 9007199254740992.0;
}

/* The triangle's quantile: low, top, high; where top is at an end the triangle has one slope. */
static double triangle(double low, double top, double high, double p)
{
	if (high <= low)
		return top;
	top = fmin(fmax(top, low), high);
	double turn = (top - low) / (high - low);
	return p < turn ? low + sqrt(p * (high - low) * (top - low))
			: high - sqrt((1 - p) * (high - low) * (high - top));
}

static void shuffle(size_t *order, size_t count, uint64_t *state)
{
	for (size_t n = 0; n < count; n++)
		order[n] = n;
	for (size_t n = count; n > 1; n--) {
		size_t other = (size_t)(draw_unit(state) * (double)n), kept = order[n - 1];
		order[n - 1] = order[other];
		order[other] = kept;
	}
}

struct work {
	struct arena **arenas; /* [thread] */
	const struct network *net;
	const struct range *ranges;
	size_t range_count;
	const struct outcome *here;
	const struct task *task;
	struct draws *out;
	struct purse purse;
	struct draw **due; /* to be solved, or solved again */
	struct tally tally;
};

static void draw_values(struct arena *a, struct work *w)
{
	size_t count = w->out->count, *order = arena_array(a, size_t, count);
	uint64_t state = w->task->seed;
	for (size_t n = 0; n < count; n++)
		w->out->draw[n].at = arena_array(a, double, w->range_count);
	for (size_t r = 0; r < w->range_count; r++) {
		const struct range *range = &w->ranges[r];
		shuffle(order, count, &state);
		for (size_t n = 0; n < count; n++) {
			double p = ((double)order[n] + draw_unit(&state)) / (double)count;
			w->out->draw[n].at[r] = triangle(
				range->low, driver_central(range->driver, w->net), range->high, p);
		}
	}
}

static struct network network_of(struct arena *a, const struct work *w, const struct draw *d)
{
	struct network net = *w->net;
	for (size_t r = 0; r < w->range_count; r++)
		net = driver_apply(a, w->ranges[r].driver, &net, d->at[r]);
	return net;
}

static bool is_platform(const struct network *net, const int *level, size_t j)
{
	const int *line = level + j * net->flows * net->years;
	for (size_t c = 0; c < net->flows * net->years && net->site[j].kind == SITE_CANDIDATE; c++)
		if (line[c] != LEVEL_NONE)
			return true;
	return false;
}

/* FNV-1a over the ranks of the platforms. */
static uint64_t hash_of(const struct network *net, const int *level)
{
	uint64_t hash = 14695981039346656037u;
	for (size_t j = 0; j < net->sites; j++)
		if (is_platform(net, level, j))
			hash = (hash ^ (j + 1)) * 1099511628211u;
	return hash;
}

static void keep_draw(
	struct arena *a, const struct network *net, const struct outcome *found, struct draw *d)
{
	size_t lines = net->sites * net->flows * net->years;
	d->answer = found->answer;
	d->before = found->before;
	d->cost = found->cost;
	d->bound = found->bound;
	d->plan = hash_of(net, found->level);
	d->level = arena_array(a, int, lines);
	memcpy(d->level, found->level, lines * sizeof *d->level);
}

/* What the search before knew better. */
static void keep_known(const struct draw *d, struct outcome *found)
{
	if (isnan(found->cost) || d->cost < found->cost) {
		found->cost = d->cost;
		found->level = d->level;
	}
	found->bound = fmin(fmax(found->bound, d->bound), found->cost);
	found->answer = viability_of(found->before, found->cost, found->bound);
}

/* A draw first has one pass from today's answer; where that leaves open whether a platform is worth it, later one with
 * multipliers found anew, which say more where today's answer is far. */
static bool find_draw(struct arena *scratch, const struct work *w, const struct draw *d,
	const struct network *net, double seconds, struct outcome *found, struct err *e)
{
	bool is_again = d->level;
	struct outcome plan = {.level = d->level};
	struct task task = *w->task;
	task.begin = is_again ? &plan : w->here;
	task.is_brisk = !is_again;
	task.wants_answer_only = is_again;
	task.time_limit_s = seconds;
	task.threads = 1;
	if (!outcome_find(scratch, net, &task, found, e))
		return false;
	if (is_again)
		keep_known(d, found);
	return true;
}

static void solve_draw(void *context, size_t job, size_t thread)
{
	struct work *w = context;
	struct draw *d = w->due[job];
	struct arena *scratch = arena_new();
	struct err e = {0};
	struct outcome found;
	double began = clock_seconds(), seconds = purse_take(&w->purse);
	struct network net = network_of(scratch, w, d);
	bool ok = !w->tally.has_failed && find_draw(scratch, w, d, &net, seconds, &found, &e);
	if (ok)
		keep_draw(w->arenas[thread], &net, &found, d);
	purse_return(&w->purse, seconds - (clock_seconds() - began));
	arena_free(scratch);
	tally_add(&w->tally, ok, &e);
}

/* Those that are due, in the time of so many searches. */
static void solve_due(struct work *w, size_t count, size_t threads)
{
	purse_init(&w->purse, count, w->task->time_limit_s);
	team_run(threads, count, solve_draw, w);
}

static void solve_all(struct arena *a, struct work *w, size_t threads)
{
	struct draws *out = w->out;
	size_t open = 0;
	w->due = arena_array(a, struct draw *, out->count);
	for (size_t n = 0; n < out->count; n++)
		w->due[n] = &out->draw[n];
	solve_due(w, out->count, threads);
	if (w->tally.has_failed)
		return;
	for (size_t n = 0; n < out->count; n++)
		if (out->draw[n].answer == UNDECIDED && !isnan(out->draw[n].cost))
			w->due[open++] = &out->draw[n];
	w->tally.total += open;
	solve_due(w, open, threads);
}

static size_t most_levels(const struct network *net)
{
	size_t most = 0;
	for (size_t t = 0; t < net->line_types; t++)
		if (net->line_type[t].levels > most)
			most = net->line_type[t].levels;
	return most;
}

/* How many draws the line of (j, k) ends with each of its levels in. */
static void count_line(const struct network *net, struct draws *out, size_t j, size_t k)
{
	const struct line_type *type = &net->line_type[net->site[j].lines[k].type];
	size_t first = out->lines;
	for (size_t l = 0; l < type->levels; l++) {
		struct frequent f = {j, k, type->level[l].capacity_t, 0};
		for (size_t n = 0; n < out->count; n++) {
			const int *level = out->draw[n].level + (j * net->flows + k) * net->years;
			f.count += level[net->years - 1] == (int)l;
		}
		if (f.count)
			out->line[out->lines++] = f;
	}
	for (size_t n = first; n < out->lines; n++)
		out->capacity[j] += out->line[n].capacity * (double)out->line[n].count /
				    (double)out->open_in[j];
}

static void count_sites(struct arena *a, const struct work *w)
{
	const struct network *net = w->net;
	struct draws *out = w->out;
	size_t open = 0;
	out->open_in = arena_array(a, size_t, net->sites);
	out->capacity = arena_array(a, double, net->sites);
	for (size_t j = 0; j < net->sites; j++) {
		for (size_t n = 0; n < out->count; n++)
			out->open_in[j] += is_platform(net, out->draw[n].level, j);
		open += out->open_in[j] > 0;
	}
	out->line = arena_array(a, struct frequent, open * net->flows * most_levels(net));
	for (size_t j = 0; j < net->sites; j++)
		for (size_t k = 0; k < net->flows && out->open_in[j]; k++)
			if (net->site[j].lines[k].is_offered)
				count_line(net, out, j, k);
}

static int by_wins(const void *a, const void *b)
{
	const struct contender *x = a, *y = b;
	if (x->best_in != y->best_in)
		return x->best_in > y->best_in ? -1 : 1;
	return (x->plan > y->plan) - (x->plan < y->plan);
}

/* Today's plan, and the sets of sites that were best most often. */
static void find_contenders(struct arena *scratch, const struct work *w)
{
	struct draws *out = w->out;
	struct contender *all = arena_array(scratch, struct contender, out->count + 1);
	size_t count = 1;
	all[0] = (struct contender){
		.plan = hash_of(w->net, w->here->level), .level = w->here->level, .is_today = true};
	for (size_t n = 0; n < out->count; n++) {
		size_t c = 0;
		while (c < count && all[c].plan != out->draw[n].plan)
			c++;
		if (c == count)
			all[count++] = (struct contender){
				.plan = out->draw[n].plan, .level = out->draw[n].level};
		all[c].best_in++;
	}
	qsort(all + 1, count - 1, sizeof *all, by_wins);
	out->contender_count = count < DRAWS_PLANS ? count : DRAWS_PLANS;
	memcpy(out->contender, all, out->contender_count * sizeof *all);
}

/* Each contender in each draw compared. */
struct comparison {
	struct work *w;
	double (*regret)[DRAWS_PLANS], (*value)[DRAWS_PLANS];
};

/* What each contender costs in one draw, its tonnes routed anew. */
static void compare_in(void *context, size_t job, size_t thread)
{
	struct comparison *c = context;
	struct work *w = c->w;
	struct draws *out = w->out;
	struct arena *scratch = arena_new();
	const struct draw *d = &out->draw[job];
	struct network net = network_of(scratch, w, d);
	struct model m;
	double cost[DRAWS_PLANS], best = d->cost;
	(void)thread;
	economy_model(scratch, &net, &m);
	for (size_t n = 0; n < out->contender_count; n++) {
		size_t lines = m.sites * m.flows * m.years;
		struct plan p = {.level = arena_array(scratch, int, lines)};
		memcpy(p.level, out->contender[n].level, lines * sizeof *p.level);
		cost[n] = plan_route(scratch, &m, &p) ? p.cost.total : INFINITY;
		best = fmin(best, cost[n]);
	}
	for (size_t n = 0; n < out->contender_count; n++) {
		c->regret[job][n] = isfinite(best) ? cost[n] - best : 0;
		c->value[job][n] = d->before - cost[n];
	}
	arena_free(scratch);
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* Sorts the values; those that are unknown do not count. */
static double quantile(double *value, size_t count, double share)
{
	size_t known = 0;
	for (size_t n = 0; n < count; n++)
		if (!isnan(value[n]))
			value[known++] = value[n];
	qsort(value, known, sizeof *value, by_size);
	return known ? value[(size_t)(share * (double)(known - 1))] : NAN;
}

static void judge(struct contender *x, const struct comparison *c, size_t n, double *value)
{
	size_t count = c->w->out->compared;
	double loss = VIABILITY_TOLERANCE * fabs(c->w->here->before);
	for (size_t d = 0; d < count; d++) {
		x->worst_regret = fmax(x->worst_regret, c->regret[d][n]);
		x->regrets += c->regret[d][n] / (double)count;
		x->loses_in += c->value[d][n] < -loss;
		value[d] = c->value[d][n];
	}
	x->value_at_risk = quantile(value, count, DRAWS_RISK);
}

static void compare(struct arena *scratch, struct work *w, size_t threads)
{
	struct draws *out = w->out;
	out->compared = out->count < DRAWS_REGRETS ? out->count : DRAWS_REGRETS;
	struct comparison c = {w, arena_calloc(scratch, out->compared, sizeof *c.regret),
		arena_calloc(scratch, out->compared, sizeof *c.value)};
	double *value = arena_array(scratch, double, out->compared);
	team_run(threads, out->compared, compare_in, &c);
	for (size_t n = 0; n < out->contender_count; n++)
		judge(&out->contender[n], &c, n, value);
}

bool draws_make(struct arena *a, const struct network *net, const struct range *ranges,
	size_t range_count, size_t count, const struct outcome *here, const struct task *task,
	size_t threads, void (*told)(void *context, size_t done, size_t total), void *context,
	struct draws *out, struct err *e)
{
	*out = (struct draws){.count = count, .draw = arena_array(a, struct draw, count)};
	struct work w = {.arenas = team_arenas(a, threads),
		.net = net,
		.ranges = ranges,
		.range_count = range_count,
		.here = here,
		.task = task,
		.out = out,
		.tally = {.total = count,
			.e = e,
			.told = told,
			.context = context,
			.mutex = PTHREAD_MUTEX_INITIALIZER}};
	draw_values(a, &w);
	solve_all(a, &w, threads);
	if (w.tally.has_failed)
		return false;
	count_sites(a, &w);
	find_contenders(a, &w);
	compare(a, &w, threads);
	return true;
}

double draws_quantile(struct arena *a, const struct draws *d, double share)
{
	double *value = arena_array(a, double, d->count);
	for (size_t n = 0; n < d->count; n++)
		value[n] = d->draw[n].before - d->draw[n].cost;
	return quantile(value, d->count, share);
}

double draws_gap_quantile(struct arena *a, const struct draws *d, double share)
{
	double *gap = arena_array(a, double, d->count);
	for (size_t n = 0; n < d->count; n++) {
		const struct draw *x = &d->draw[n];
		gap[n] = x->cost != 0 ? (x->cost - x->bound) / fabs(x->cost) : 0;
	}
	return quantile(gap, d->count, share);
}

struct chance draws_chance(size_t hits, size_t open, size_t count)
{
	static const double z = 1.959963984540054; /* of 95 % */
	double n = (double)count, end[2];
	for (int high = 0; high < 2; high++) {
		double p = (double)(hits + (high ? open : 0)) / n;
		double middle = p + z * z / (2 * n);
		double half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n));
		end[high] = (middle + (high ? half : -half)) / (1 + z * z / n);
	}
	return (struct chance){fmax(end[0], 0), fmin(end[1], 1)};
}
