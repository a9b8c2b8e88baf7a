#include "horizon.h"

#include "bound.h"
#include "clock.h"
#include "descent.h"
#include "relax.h"
#include "zones.h"

#include <math.h>
#include <string.h>

/* Work on zones and on points, chosen on the reference scenario and on generated networks: most of
 * the gap closes on zones, the points only have to take the prices over. */
enum {
	ZONES = 260,
	ROUNDS = 24,
	ROUND_ITERATIONS = 25,
	FIRST_CUTS = 6,
	PASSES = 5,
	POINT_ITERATIONS = 5,
	POINT_ROUNDS = 40
};
/* Parts of the time limit: until when to search for a first plan, to work on zones, to work at all
 * (evaluating the bound anew takes the rest). */
static const double PLAN_TIME = 0.15, ZONE_TIME = 0.7, ALL_TIME = 0.93;
/* A round that raises the bound by less than this share of the cost is not worth its time. */
static const double LEAST_RISE = 2e-5;

struct search {
	const struct model *m;
	const struct engine_options *o;
	double began, end_s;
};

static bool is_over(void *context)
{
	const struct search *s = context;
	return (s->o->stop && *s->o->stop) || clock_seconds() > s->end_s;
}

static void allow(struct search *s, double part)
{
	s->end_s = s->o->time_limit_s > 0 ? s->began + part * s->o->time_limit_s : INFINITY;
}

bool horizon_fits(const struct model *m)
{
	if (m->years < 2 || m->is_single_sourced || m->max_platforms >= 0 ||
		m->flows > RELAX_FLOWS_MAX)
		return false;
	for (size_t k = 0; k < m->flows; k++) {
		bool has_outlet = false;
		for (size_t j = 0; j < m->sites; j++) {
			const struct line *line = model_line(m, j, k);
			if (!line->levels)
				continue;
			if (!line->is_fixed && line->start != LEVEL_NONE)
				return false;
			has_outlet |= line->is_fixed && line->start != LEVEL_NONE &&
				      isinf(m->capacity[line->first + (size_t)line->start]);
		}
		if (!has_outlet)
			return false;
	}
	return true;
}

/* Plans of all flows: each searched on its own, given the sites that others keep open. */
struct plans {
	const struct model *m;
	struct descent *flows; /* [flow] */
	bool *elsewhere;       /* [site][year] scratch */
	int *level;            /* [site][year] scratch */
	int *best;             /* [site][flow][year] */
	double best_cost;
	uint64_t random;
};

static void init_plans(struct plans *p, struct arena *a, const struct model *m, uint64_t seed)
{
	*p = (struct plans){
		.m = m,
		.flows = arena_array(a, struct descent, m->flows),
		.elsewhere = arena_array(a, bool, m->sites * m->years),
		.level = arena_array(a, int, m->sites * m->years),
		.best = arena_array(a, int, m->sites * m->flows * m->years),
		.best_cost = INFINITY,
		.random = seed * 2 + 1,
	};
	for (size_t k = 0; k < m->flows; k++) {
		struct descent *d = &p->flows[k];
		descent_init(d, a, m, k);
		for (size_t c = 0; c < m->sites * m->years; c++)
			p->level[c] = model_line(m, c / m->years, k)->start;
		descent_load(d, p->level, p->elsewhere);
	}
}

/* Which sites flows other than k keep open. */
static void find_elsewhere(struct plans *p, size_t k)
{
	size_t cells = p->m->sites * p->m->years;
	memset(p->elsewhere, 0, cells * sizeof *p->elsewhere);
	for (size_t other = 0; other < p->m->flows; other++)
		for (size_t c = 0; c < cells && other != k; c++)
			p->elsewhere[c] |= p->flows[other].level[c] != LEVEL_NONE;
}

/* Cost of all flows together, every site paid once; keeps the plan when it is the best. */
static void keep_best(struct plans *p)
{
	const struct model *m = p->m;
	double cost = 0;
	for (size_t k = 0; k < m->flows; k++)
		cost += descent_own_cost(&p->flows[k]);
	for (size_t c = 0; c < m->sites * m->years; c++) {
		bool is_open = false;
		for (size_t k = 0; k < m->flows; k++)
			is_open |= p->flows[k].level[c] != LEVEL_NONE;
		cost += is_open ? m->discount[c % m->years] * m->site_cost[c] : 0;
	}
	if (cost >= p->best_cost)
		return;
	p->best_cost = cost;
	for (size_t k = 0; k < m->flows; k++)
		for (size_t j = 0; j < m->sites; j++)
			memcpy(p->best + (j * m->flows + k) * m->years,
				p->flows[k].level + j * m->years, m->years * sizeof *p->best);
}

static void pick_flow(const struct model *m, const int *all, size_t k, int *level)
{
	for (size_t j = 0; j < m->sites; j++)
		memcpy(level + j * m->years, all + (j * m->flows + k) * m->years,
			m->years * sizeof *level);
}

/* Searches from another plan of flow k and goes back if that leads nowhere better. */
static void try_levels(struct search *s, struct plans *p, size_t k, const int *level)
{
	size_t cells = p->m->sites * p->m->years;
	struct descent *d = &p->flows[k];
	struct arena *scratch = arena_new();
	int *kept = arena_array(scratch, int, cells);
	double cost = d->cost;
	memcpy(kept, d->level, cells * sizeof *kept);
	descent_load(d, level, p->elsewhere);
	descent_run(d, PASSES, is_over, s);
	if (d->cost >= cost)
		descent_load(d, kept, p->elsewhere);
	arena_free(scratch);
}

/* xorshift64*: Vigna (2016). */
static size_t draw(struct plans *p, size_t below)
{
	p->random ^= p->random >> 12;
	p->random ^= p->random << 25;
	p->random ^= p->random >> 27;
	return (size_t)((p->random * 2685821657736338717u) >> 33) % below;
}

/* Closes a few lines of a plan of one flow, at random. */
static void shake(struct plans *p, size_t k, int *level)
{
	const struct model *m = p->m;
	size_t closed = 1 + draw(p, 3);
	for (size_t tries = 0; closed && tries < 10 * m->sites; tries++) {
		size_t j = draw(p, m->sites);
		int *line = level + j * m->years;
		if (model_line(m, j, k)->is_fixed || line[m->years - 1] == LEVEL_NONE)
			continue;
		for (size_t t = 0; t < m->years; t++)
			line[t] = LEVEL_NONE;
		closed--;
	}
}

/* One search of every flow: as it stands, from what the bound opened (null: nothing yet), shaken.
 */
static void improve_plans(struct search *s, struct plans *p, const int *opened)
{
	const struct model *m = p->m;
	for (size_t k = 0; k < m->flows && !is_over(s); k++) {
		struct descent *d = &p->flows[k];
		find_elsewhere(p, k);
		if (p->best_cost < INFINITY)
			pick_flow(m, p->best, k, p->level);
		else
			memcpy(p->level, d->level, m->sites * m->years * sizeof *p->level);
		descent_load(d, p->level, p->elsewhere);
		descent_run(d, PASSES, is_over, s);
		if (!opened)
			continue;
		pick_flow(m, opened, k, p->level);
		for (size_t j = 0; j < m->sites; j++)
			for (size_t t = 0; t < m->years && model_line(m, j, k)->is_fixed; t++)
				p->level[j * m->years + t] = model_line(m, j, k)->start;
		try_levels(s, p, k, p->level);
		memcpy(p->level, d->level, m->sites * m->years * sizeof *p->level);
		shake(p, k, p->level);
		try_levels(s, p, k, p->level);
	}
	keep_best(p);
}

static void report(const struct search *s, double bound, double cost, const char *stage)
{
	struct progress p = {clock_seconds() - s->began, bound, cost, stage};
	if (s->o->progress)
		s->o->progress(s->o->context, &p);
}

static bool is_proved(const struct search *s, double bound, double cost)
{
	return cost - bound <= fmax(s->o->gap, 1e-6) * fabs(cost);
}

/* Plans and bound in turn. */
static void work_on_zones(struct search *s, struct arena *a, struct plans *plans, struct relax *r)
{
	double before = -INFINITY;
	for (int n = 0; n < ROUNDS && !is_over(s); n++) {
		relax_run(r, ROUND_ITERATIONS, plans->best_cost, is_over, s);
		if (n % 2 == 0)
			improve_plans(s, plans, r->path);
		report(s, r->value, plans->best_cost, "plans et borne, sur des zones");
		if (is_proved(s, r->value, plans->best_cost))
			break;
		if (n >= FIRST_CUTS && n % 2 == 0)
			relax_separate(r, a);
		if (n > 12 && r->value - before < LEAST_RISE * fabs(plans->best_cost))
			break;
		before = r->value;
	}
}

static void work_on_points(struct search *s, struct relax *r, double cost)
{
	for (int n = 0; n < POINT_ROUNDS && !is_over(s); n++) {
		double before = r->value;
		relax_run(r, POINT_ITERATIONS, cost, is_over, s);
		report(s, r->value, cost, "borne, sur tous les points");
		if (is_proved(s, r->value, cost) ||
			(n > 4 && r->value - before < LEAST_RISE * fabs(cost)))
			break;
	}
}

/* Fixed lines are open, whatever the averages say. */
static void open_fixed(const struct model *m, double *mean_open)
{
	for (size_t c = 0; c < m->sites * m->flows * m->years; c++)
		if (m->lines[c / m->years].is_fixed)
			mean_open[c] = 1;
}

/* The inequalities of the zones, for the points. */
static void carry_cuts(struct relax *to, struct arena *a, const struct relax *from)
{
	for (size_t n = 0; n < from->cut_count; n++)
		relax_add_cut(to, a, &from->cuts[n].rounding);
}

bool horizon_solve(struct arena *a, const struct model *m, const struct engine_options *o,
	struct answer *out, struct err *e)
{
	double cpu = clock_cpu_seconds();
	struct search s = {m, o, clock_seconds(), 0};
	struct arena *scratch = arena_new();
	size_t threads = (size_t)o->threads;
	struct zones z;
	struct plans plans;
	struct relax coarse, fine;
	zones_init(&z, scratch, m, m->points < ZONES ? m->points : ZONES);
	init_plans(&plans, scratch, &z.model, o->seed);
	allow(&s, PLAN_TIME);
	improve_plans(&s, &plans, NULL);
	improve_plans(&s, &plans, NULL);
	size_t cells = m->years * z.model.points;
	double *zone_price = arena_array(scratch, double, m->flows *cells);
	for (size_t k = 0; k < m->flows; k++)
		descent_prices(&plans.flows[k], zone_price + k * cells);
	relax_init(&coarse, scratch, &z.model, threads);
	relax_start(&coarse, zone_price);
	allow(&s, ZONE_TIME);
	work_on_zones(&s, scratch, &plans, &coarse);

	size_t lines = m->sites * m->flows * m->years;
	out->plan.level = arena_array(a, int, lines);
	memcpy(out->plan.level, plans.best, lines * sizeof(int));
	bool ok = plan_route(a, m, &out->plan);
	double *price = arena_array(scratch, double, m->flows * m->years * m->points);
	open_fixed(m, coarse.mean_open);
	zones_prolong(&z, m, coarse.price, coarse.mean_open, price);
	relax_init(&fine, scratch, m, threads);
	carry_cuts(&fine, scratch, &coarse);
	relax_start(&fine, price);
	allow(&s, ALL_TIME);
	work_on_points(&s, &fine, out->plan.cost.total);
	relax_certificate(&fine, a, &out->certificate);
	out->certified = bound_evaluate(m, &out->certificate);
	arena_free(scratch);
	out->bound = fmin(out->certified, out->plan.cost.total);
	double cost = out->plan.cost.total;
	out->gap = cost != 0 ? (cost - out->bound) / fabs(cost) : 0;
	out->status = out->gap <= fmax(o->gap, 1e-6) ? ANSWER_OPTIMAL : ANSWER_FEASIBLE;
	out->seconds = clock_seconds() - s.began;
	out->cpu_seconds = clock_cpu_seconds() - cpu;
	return ok || err_set(e, ERR_SYSTEM, "le plan trouvé ne se reconstruit pas");
}
