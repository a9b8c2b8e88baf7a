#include "design.h"

#include "ascent.h"
#include "clock.h"
#include "improve.h"
#include "parallel.h"
#include "zones.h"

#include <math.h>
#include <string.h>

/* Rounds on zones and on all points, iterations and passes of each: chosen on generated networks
 * and on the reference scenario so that most of the gap is closed in a few seconds. */
enum {
	ZONES_LEAST = 250,
	ZONES_MOST = 1000,
	ZONE_ROUNDS = 12,
	ZONE_ITERATIONS = 25,
	POINT_ITERATIONS = 6,
	PASSES = 3
};

/* One flow at one scale. */
struct task {
	struct design *design;
	struct arena *arena;
	size_t k;
	struct ascent ascent;
	struct improve improve;
	double target; /* cost of the best plan of this flow under the present split */
	bool is_feasible;
};

/* All flows on one model: the zones' or the points'. */
struct design {
	const struct model *m;
	const struct engine_options *options;
	struct task *tasks; /* [flow] */
	int *level;         /* [flow][site][year] the best plan */
	double cost;        /* of it; infinite without one */
	double bound;       /* sum over flows, one split */
	bool *is_open;      /* [flow][site][year] of the plan under way */
	int iterations, passes;
	double deadline;
};

static void make_task(void *context, size_t k)
{
	struct design *d = context;
	struct task *task = &d->tasks[k];
	task->arena = arena_new();
	task->design = d;
	task->k = k;
	ascent_init(&task->ascent, task->arena, d->m, k);
	improve_init(&task->improve, task->arena, d->m, k);
}

static void free_arena(void *object)
{
	arena_free(object);
}

static void design_init(struct design *d, struct arena *a, const struct model *m,
	const struct engine_options *o, double deadline)
{
	size_t cells = m->sites * m->years;
	*d = (struct design){
		.m = m,
		.options = o,
		.tasks = arena_array(a, struct task, m->flows),
		.level = arena_array(a, int, m->flows *cells),
		.is_open = arena_array(a, bool, m->flows *cells),
		.cost = INFINITY,
		.bound = -INFINITY,
		.deadline = deadline,
	};
	parallel_for(o->threads, m->flows, make_task, d);
	for (size_t k = 0; k < m->flows; k++)
		arena_defer(a, free_arena, d->tasks[k].arena);
}

static bool is_stopped(const struct design *d)
{
	return (d->options->stop && *d->options->stop) || clock_seconds() > d->deadline;
}

/* Whether another flow keeps the site open. */
static void find_others(const struct design *d, size_t k, bool *elsewhere)
{
	size_t cells = d->m->sites * d->m->years;
	memset(elsewhere, 0, cells * sizeof *elsewhere);
	for (size_t other = 0; other < d->m->flows; other++)
		for (size_t c = 0; c < cells && other != k; c++)
			elsewhere[c] |= d->is_open[other * cells + c];
}

/* The lines the last evaluation opened are a plan to begin from. */
static void harvest(const struct task *task, int *level)
{
	const struct model *m = task->design->m;
	const struct ascent *s = &task->ascent;
	for (size_t j = 0; j < m->sites; j++)
		for (size_t t = 0; t < m->years; t++)
			level[j * m->years + t] = model_line(m, j, task->k)->start;
	for (size_t n = 0; n < s->line_count; n++)
		memcpy(level + s->lines[n] * m->years, s->path + n * m->years,
			m->years * sizeof *level);
}

/* One round of one flow: raise the bound, then search from what the bound suggests and from the
 * best plan, whichever ends up lower. */
static void work(void *context, size_t k)
{
	struct design *d = context;
	struct task *task = &d->tasks[k];
	const struct model *m = d->m;
	size_t cells = m->sites * m->years;
	struct arena *scratch = arena_new();
	int *level = arena_array(scratch, int, cells);
	bool *elsewhere = arena_array(scratch, bool, cells);
	ascent_run(&task->ascent, d->iterations, task->target);
	if (d->passes) {
		find_others(d, k, elsewhere);
		struct improve *s = &task->improve;
		int *kept = arena_array(scratch, int, cells);
		improve_load(s, d->level + k * cells, elsewhere);
		improve_run(s, d->passes, d->options->stop);
		double cost = s->cost;
		memcpy(kept, s->level, cells * sizeof *kept);
		harvest(task, level);
		improve_load(s, level, elsewhere);
		improve_run(s, d->passes, d->options->stop);
		if (s->cost > cost)
			improve_load(s, kept, elsewhere);
		task->is_feasible = improve_is_feasible(s);
	}
	arena_free(scratch);
}

/* Cost of all flows together, sites paid once; keeps the plan when it is the best. */
static void gather_plan(struct design *d)
{
	const struct model *m = d->m;
	size_t cells = m->sites * m->years;
	double cost = 0;
	bool is_feasible = true;
	for (size_t k = 0; k < m->flows; k++) {
		const struct improve *s = &d->tasks[k].improve;
		is_feasible &= d->tasks[k].is_feasible;
		cost += s->cost;
		for (size_t c = 0; c < cells; c++) {
			bool is_open = s->level[c] != LEVEL_NONE;
			d->is_open[k * cells + c] = is_open;
			if (is_open)
				cost -= m->discount[c % m->years] * s->others[c];
		}
	}
	for (size_t c = 0; c < cells; c++) {
		bool is_open = false;
		for (size_t k = 0; k < m->flows; k++)
			is_open |= d->is_open[k * cells + c];
		cost += is_open ? m->discount[c % m->years] * m->site_cost[c] : 0;
	}
	if (!is_feasible || cost >= d->cost)
		return;
	d->cost = cost;
	for (size_t k = 0; k < m->flows; k++)
		memcpy(d->level + k * cells, d->tasks[k].improve.level, cells * sizeof *d->level);
}

/* Nearest point of { v >= 0, sum v = total } (Held, Wolfe, Crowder 1974). */
static void project(double *v, size_t n, double total)
{
	double sorted[64];
	for (size_t i = 0; i < n; i++) {
		size_t at = i;
		for (; at && sorted[at - 1] < v[i]; at--)
			sorted[at] = sorted[at - 1];
		sorted[at] = v[i];
	}
	double sum = 0, shift = 0;
	for (size_t i = 0; i < n; i++) {
		sum += sorted[i];
		double s = (sum - total) / (double)(i + 1);
		if (sorted[i] > s)
			shift = s;
	}
	for (size_t i = 0; i < n; i++)
		v[i] = fmax(0, v[i] - shift);
}

/* Moves the split of site costs towards the flows that open the site most; `step` is the share of
 * the cost moved per unit of openness. */
static void split_sites(struct design *d, double step)
{
	const struct model *m = d->m;
	double share[64];
	for (size_t c = 0; c < m->sites * m->years; c++) {
		double total = m->site_cost[c];
		if (total <= 0)
			continue;
		for (size_t k = 0; k < m->flows; k++)
			share[k] = d->tasks[k].ascent.share[c] +
				   step * total * d->tasks[k].ascent.mean_open[c];
		project(share, m->flows, total);
		for (size_t k = 0; k < m->flows; k++)
			d->tasks[k].ascent.share[c] = share[k];
	}
}

static void refresh(void *context, size_t k)
{
	struct design *d = context;
	struct ascent *s = &d->tasks[k].ascent;
	s->value = ascent_evaluate(s, s->price);
}

static void gather_bound(struct design *d)
{
	d->bound = 0;
	for (size_t k = 0; k < d->m->flows; k++)
		d->bound += d->tasks[k].ascent.value;
}

/* What each flow's part of the best plan costs under the present split. */
static void set_targets(struct design *d)
{
	double excess = isfinite(d->cost) ? fmax(0, d->cost - d->bound) : 0.1 * fabs(d->bound);
	for (size_t k = 0; k < d->m->flows; k++) {
		struct ascent *s = &d->tasks[k].ascent;
		d->tasks[k].target = s->value + excess / (double)d->m->flows;
	}
}

static void report(const struct design *d, double began, const char *stage)
{
	const struct engine_options *o = d->options;
	struct progress p = {clock_seconds() - began, d->bound, d->cost, stage};
	if (o->progress)
		o->progress(o->context, &p);
}

static double gap_of(const struct design *d)
{
	return isfinite(d->cost) ? (d->cost - d->bound) / fmax(1e-9, fabs(d->cost)) : INFINITY;
}

/* A first plan, by local search from what stands; its prices are where the bound's ascent begins.
 */
static void begin_flow(void *context, size_t k)
{
	struct design *d = context;
	struct task *task = &d->tasks[k];
	const struct model *m = d->m;
	struct arena *scratch = arena_new();
	double *price = arena_array(scratch, double, m->years * m->points);
	improve_run(&task->improve, PASSES, d->options->stop);
	task->is_feasible = improve_is_feasible(&task->improve);
	improve_prices(&task->improve, price);
	ascent_start(&task->ascent, price);
	arena_free(scratch);
}

/* A site's cost is first shared by all flows alike. */
static void split_sites_first(struct design *d)
{
	for (size_t k = 0; k < d->m->flows; k++)
		for (size_t c = 0; c < d->m->sites * d->m->years; c++)
			d->tasks[k].ascent.share[c] = d->m->site_cost[c] / (double)d->m->flows;
}

/* Rounds on zones until they stop paying. */
static void run_zones(struct design *d, double began)
{
	parallel_for(d->options->threads, d->m->flows, begin_flow, d);
	gather_plan(d);
	split_sites_first(d);
	parallel_for(d->options->threads, d->m->flows, refresh, d);
	for (int round = 0; round < ZONE_ROUNDS && !is_stopped(d); round++) {
		gather_bound(d);
		set_targets(d);
		report(d, began, "recherche sur des zones");
		if (gap_of(d) < fmax(1e-4, 0.2 * d->options->gap))
			break;
		d->iterations = ZONE_ITERATIONS;
		d->passes = PASSES;
		parallel_for(d->options->threads, d->m->flows, work, d);
		gather_plan(d);
		split_sites(d, round < 4 ? 0.3 : 0.1);
		parallel_for(d->options->threads, d->m->flows, refresh, d);
	}
}

/* Prices of the zones carried over to the points: a point's price differs from its zone's as its
 * cost to the zone's site does. */
struct carry {
	struct design *from, *to;
	const size_t *zone_of;
};

static size_t main_site(const struct improve *s, size_t t, size_t zone)
{
	const struct transport *tp = &s->transports[t];
	const struct part *most = NULL;
	for (uint32_t n = tp->first[zone]; n != PART_NONE; n = tp->parts[n].next)
		if (!most || tp->parts[n].tonnes > most->tonnes)
			most = &tp->parts[n];
	return most && most->site < s->m->sites ? most->site : s->m->sites;
}

static void carry_flow(void *context, size_t k)
{
	const struct carry *c = context;
	const struct model *from = c->from->m, *to = c->to->m;
	const struct task *task = &c->from->tasks[k];
	struct arena *scratch = arena_new();
	double *price = arena_array(scratch, double, to->years * to->points);
	for (size_t t = 0; t < to->years; t++)
		for (size_t i = 0; i < to->points; i++) {
			size_t z = c->zone_of[i], j = main_site(&task->improve, t, z);
			double p = task->ascent.price[t * from->points + z];
			if (j < from->sites) {
				double detour =
					model_cost(to, i, j, k, t) - model_cost(from, z, j, k, t);
				p += isfinite(detour) ? 0.9 * detour : 0;
			}
			price[t * to->points + i] = p;
		}
	struct ascent *s = &c->to->tasks[k].ascent;
	memcpy(s->share, task->ascent.share, to->sites * to->years * sizeof *s->share);
	ascent_start(s, price);
	memcpy(s->mean_open, task->ascent.mean_open, to->sites * to->years * sizeof *s->mean_open);
	s->value = ascent_evaluate(s, s->price);
	s->step = 0.3;
	arena_free(scratch);
}

/* Takes over plan and prices, and prices the plan on all points. */
static void carry_over(struct design *from, struct design *to, const size_t *zone_of)
{
	struct carry c = {from, to, zone_of};
	memcpy(to->level, from->level,
		to->m->flows * to->m->sites * to->m->years * sizeof *to->level);
	parallel_for(to->options->threads, to->m->flows, carry_flow, &c);
	gather_bound(to);
}

static void reload(void *context, size_t k)
{
	struct design *d = context;
	struct arena *scratch = arena_new();
	size_t cells = d->m->sites * d->m->years;
	bool *elsewhere = arena_array(scratch, bool, cells);
	find_others(d, k, elsewhere);
	improve_load(&d->tasks[k].improve, d->level + k * cells, elsewhere);
	d->tasks[k].is_feasible = improve_is_feasible(&d->tasks[k].improve);
	arena_free(scratch);
}

/* Starts the searches from d->level. */
static void load_plan(struct design *d)
{
	size_t cells = d->m->flows * d->m->sites * d->m->years;
	for (size_t c = 0; c < cells; c++)
		d->is_open[c] = d->level[c] != LEVEL_NONE;
	parallel_for(d->options->threads, d->m->flows, reload, d);
	gather_plan(d);
}

static void run_points(struct design *d, double began)
{
	for (int round = 0; !is_stopped(d); round++) {
		set_targets(d);
		report(d, began, "preuve sur tous les points");
		if (gap_of(d) <= d->options->gap || gap_of(d) <= 1e-9)
			break;
		d->iterations = POINT_ITERATIONS;
		d->passes = round % 4 == 1 ? 1 : 0;
		double before = d->bound;
		parallel_for(d->options->threads, d->m->flows, work, d);
		gather_bound(d);
		if (d->passes)
			gather_plan(d);
		if (round > 8 && d->bound - before < 1e-6 * fabs(d->bound))
			break;
	}
}

static void start_levels(struct design *d)
{
	const struct model *m = d->m;
	for (size_t k = 0; k < m->flows; k++)
		for (size_t j = 0; j < m->sites; j++)
			for (size_t t = 0; t < m->years; t++)
				d->level[(k * m->sites + j) * m->years + t] =
					model_line(m, j, k)->start;
}

bool design_solve(struct arena *a, const struct model *m, const struct engine_options *o,
	struct answer *out, struct err *e)
{
	double began = clock_seconds(), cpu = clock_cpu_seconds();
	double deadline = o->time_limit_s > 0 ? began + o->time_limit_s : INFINITY;
	struct arena *scratch = arena_new();
	struct zones zones;
	struct design coarse, fine;
	size_t count = m->points / 10;
	count = count < ZONES_LEAST ? ZONES_LEAST : count > ZONES_MOST ? ZONES_MOST : count;
	zones_make(scratch, m, count, &zones);
	design_init(&coarse, scratch, &zones.model, o, deadline - 0.4 * o->time_limit_s);
	start_levels(&coarse);
	load_plan(&coarse);
	run_zones(&coarse, began);
	design_init(&fine, scratch, m, o, deadline);
	carry_over(&coarse, &fine, zones.zone_of);
	load_plan(&fine);
	run_points(&fine, began);

	*out = (struct answer){.status = ANSWER_UNKNOWN, .bound = fine.bound, .gap = INFINITY};
	bool ok = true;
	if (isfinite(fine.cost)) {
		size_t cells = m->sites * m->years;
		out->plan.level = arena_array(a, int, m->flows *cells);
		for (size_t k = 0; k < m->flows; k++)
			for (size_t j = 0; j < m->sites; j++)
				memcpy(plan_level(m, &out->plan, j, k),
					fine.level + k * cells + j * m->years,
					m->years * sizeof(int));
		ok = plan_route(a, m, &out->plan) ||
		     err_set(e, ERR_SYSTEM, "le plan trouvé ne se reconstruit pas");
		double cost = out->plan.cost.total;
		out->bound = fmin(out->bound, cost);
		out->gap = cost ? (cost - out->bound) / fabs(cost) : 0;
		out->status = out->gap <= o->gap ? ANSWER_OPTIMAL : ANSWER_FEASIBLE;
	}
	arena_free(scratch);
	out->seconds = clock_seconds() - began;
	out->cpu_seconds = clock_cpu_seconds() - cpu;
	return ok;
}
