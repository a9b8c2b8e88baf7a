#include "within.h"

#include "clock.h"
#include "fit.h"
#include "limit.h"
#include "milp.h"
#include "planes.h"
#include "reroute.h"
#include "siting.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { STEPS = 20, LAST_STEPS = 10, IDLE = 6, MOVES = 60000 };

/* Parts of the time: the first model, each of the others; when steps, lines and steps again have to end. */
static const double FIRST_TIME = 0.35, STEP_TIME = 0.1;
static const double STEPS_UNTIL = 0.6, LINES_UNTIL = 0.85, LAST_UNTIL = 0.95;
static const double ZONE_ERROR = 5e-3; /* of costs on zones */
static const double FIRST_RADIUS = 1, WIDER = 2, NARROWER = 0.4, LEAST_RISE = 1e-5;

struct within {
	const struct model *m;
	const struct engine_options *o;
	struct arena *a, *scratch;
	double began, until; /* seconds; part of the time */
	volatile sig_atomic_t stop;

	double *mu;     /* [limit] at which P is solved now */
	double *centre; /* [limit] the best so far */
	double *unit;   /* [limit] a price that matters */
	double radius;  /* of the box, in units */
	struct planes *planes;
	uint64_t *known; /* hashes of the levels looked at */
	size_t known_count;

	double *saved;    /* [limit] what a unit more would save in the routing of the best plan */
	bool has_saved;   /* not yet tried as prices */
	struct plan best; /* within the limits; no levels until there is one */
	struct certificate certificate;
	double bound; /* L(centre) */
};

static bool is_over(const struct within *w)
{
	return (w->o->stop && *w->o->stop) ||
	       (w->o->time_limit_s > 0 &&
		       clock_seconds() - w->began > w->until * w->o->time_limit_s);
}

static bool is_out_of_time(void *context)
{
	return is_over(context);
}

static double gap_of(const struct within *w)
{
	double cost = w->best.level ? w->best.cost.total : INFINITY;
	return isinf(cost) ? INFINITY : cost != 0 ? (cost - w->bound) / fabs(cost) : 0;
}

static bool is_proved(const struct within *w)
{
	return gap_of(w) <= fmax(w->o->gap, 1e-6);
}

static void report(const struct within *w, const char *stage)
{
	struct progress p = {clock_seconds() - w->began, w->bound,
		w->best.level ? w->best.cost.total : INFINITY, stage};
	if (w->o->progress)
		w->o->progress(w->o->context, &p);
}

/* FNV-1a, over levels. */
static uint64_t hash_of(const struct model *m, const int *level)
{
	uint64_t h = 0xCBF29CE484222325u;
	for (size_t c = 0; c < m->sites * m->flows * m->years; c++)
		h = (h ^ (uint64_t)(level[c] + 1)) * 0x100000001B3u;
	return h;
}

static bool is_known(struct within *w, const int *level)
{
	enum { KNOWN_MAX = 4096 };
	uint64_t h = hash_of(w->m, level);
	for (size_t n = 0; n < w->known_count; n++)
		if (w->known[n] == h)
			return true;
	if (!w->known)
		w->known = arena_array(w->scratch, uint64_t, KNOWN_MAX);
	if (w->known_count < KNOWN_MAX)
		w->known[w->known_count++] = h;
	return false;
}

static struct plan copy_plan(struct arena *a, const struct model *m, const struct plan *p)
{
	size_t lines = m->sites * m->flows * m->years;
	struct plan own = *p;
	own.level = arena_array(a, int, lines);
	own.shipments = arena_array(a, struct shipment, p->shipment_count);
	memcpy(own.level, p->level, lines * sizeof *own.level);
	if (p->shipment_count)
		memcpy(own.shipments, p->shipments, p->shipment_count * sizeof *own.shipments);
	return own;
}

/* No routing of these lines costs less than what the plan costs at the prices of P(mu). */
static bool may_be_best(const struct within *w, const struct plan *p, const double *excess)
{
	double least = plan_cost(w->m, p).total;
	for (size_t n = 0; n < w->m->limit_count; n++)
		least += w->mu[n] * excess[n];
	return !w->best.level || least < w->best.cost.total;
}

/* Lines that may keep to all limits, once routed within them. */
static void offer(struct within *w, struct plan *p)
{
	struct arena *scratch = arena_new();
	double *saved = arena_array(scratch, double, w->m->limit_count);
	double *excess = arena_array(scratch, double, w->m->limit_count);
	struct reroute_options o = {is_out_of_time, w, saved};
	if (reroute(scratch, w->m, p, &o)) {
		limit_measure(w->m, p, excess);
		planes_add(w->planes, plan_cost(w->m, p).total, excess);
		if (!w->best.level || p->cost.total < w->best.cost.total) {
			w->best = copy_plan(w->a, w->m, p);
			memcpy(w->saved, saved, w->m->limit_count * sizeof *saved);
			w->has_saved = true;
		}
	}
	arena_free(scratch);
}

/* A plan of P(mu), routed at its prices: a plane, and perhaps a plan within the limits. */
static void consider(struct within *w, const struct plan *p)
{
	const struct model *m = w->m;
	struct arena *scratch = arena_new();
	double *excess = arena_array(scratch, double, m->limit_count);
	limit_measure(m, p, excess);
	planes_add(w->planes, plan_cost(m, p).total, excess);
	if (limit_levels_hold(m, excess) && may_be_best(w, p, excess) && !is_known(w, p->level)) {
		struct plan own = copy_plan(scratch, m, p);
		offer(w, &own);
	}
	arena_free(scratch);
}

static void see(void *context, const struct plan *p)
{
	consider(context, p);
}

/* The engine below has no limits to tell of: only the stop is passed on. */
static void pass_stop(void *context, const struct progress *p)
{
	struct within *w = context;
	(void)p;
	w->stop = w->o->stop && *w->o->stop;
}

/* P(mu), bounded and solved; *value is L(mu). Its plans are considered as they come. */
static void solve_priced(struct within *w, double part, double gap, const struct plan *start,
	const struct certificate *certificate, struct answer *out)
{
	struct arena *scratch = arena_new();
	struct model priced = limit_price(scratch, w->m, w->mu);
	struct certificate begin = certificate ? *certificate : (struct certificate){0};
	begin.rent = NULL; /* what capacity is worth goes with the prices of limits */
	double left = w->until * w->o->time_limit_s - (clock_seconds() - w->began);
	struct engine_options o = {
		.time_limit_s = w->o->time_limit_s > 0
					? fmax(0.01, fmin(left, part * w->o->time_limit_s))
					: 0,
		.gap = gap,
		.threads = w->o->threads,
		.seed = w->o->seed,
		.start = start,
		.start_certificate = certificate ? &begin : NULL,
		.stop = &w->stop,
		.progress = pass_stop,
		.seen = see,
		.context = w,
	};
	struct err unused;
	*out = (struct answer){.status = ANSWER_UNKNOWN, .certified = -INFINITY, .gap = INFINITY};
	bool is_solved = siting_solve(w->a, &priced, &o, out, &unused);
	arena_free(scratch);
	if (!is_solved)
		return;
	double *mu = arena_array(w->a, double, w->m->limit_count);
	memcpy(mu, w->mu, w->m->limit_count * sizeof *mu);
	out->certificate.limits = mu;
	out->certified = bound_evaluate(w->m, &out->certificate);
}

/* Prices that matter: so much of what a plan costs, shared among what it uses. */
static void choose_units(struct within *w, const struct plan *p)
{
	static const double PART_OF_COST = 0.2, PART_OF_CAPEX = 0.25;
	const struct model *m = w->m;
	double tonnes = 0, co2 = 0, whole = fabs(plan_cost(m, p).total);
	for (size_t n = 0; n < p->shipment_count; n++) {
		const struct shipment *s = &p->shipments[n];
		tonnes += m->discount[s->year] * s->tonnes;
		if (m->emission)
			co2 += s->tonnes * m->rate[s->flow * m->years + s->year] *
			       m->emission[s->site * m->points + s->point];
	}
	double yearly = 0;
	for (size_t l = 0; l < m->levels; l++)
		yearly = fmax(yearly, fabs(m->running[l * m->years]) + m->build[l * m->years]);
	for (size_t n = 0; n < m->limit_count; n++)
		switch (m->limits[n].kind) {
		case LIMIT_BUDGET: w->unit[n] = PART_OF_CAPEX; break;
		case LIMIT_EMISSION: w->unit[n] = co2 > 0 ? PART_OF_COST * whole / co2 : 1; break;
		case LIMIT_MOST:
		case LIMIT_LEAST:
			w->unit[n] = tonnes > 0 ? PART_OF_COST * m->discount[m->limits[n].year] *
							  whole / tonnes
						: 1;
			break;
		case LIMIT_OPEN: w->unit[n] = yearly / (double)m->years; break;
		}
}

/* The next prices, from planes; *height is what L can be there at most. */
static bool find_prices(struct within *w, double *height)
{
	struct price_box box = {w->centre, w->unit, w->radius};
	return planes_top(w->planes, &box, w->mu, height);
}

static bool is_enough(void *context)
{
	const struct within *w = context;
	return is_over(w) || is_proved(w);
}

/* Lines that seem to keep to the limits. */
static void offer_levels(void *context, const int *level, double least)
{
	struct within *w = context;
	const struct model *m = w->m;
	struct arena *scratch = arena_new();
	struct plan p = {.level = arena_array(scratch, int, m->sites * m->flows * m->years)};
	memcpy(p.level, level, m->sites * m->flows * m->years * sizeof *level);
	bool may_be = !w->best.level ||
		      least < w->best.cost.total + ZONE_ERROR * fabs(w->best.cost.total);
	if (may_be && !is_known(w, level))
		offer(w, &p);
	arena_free(scratch);
}

static bool is_of_lines(const struct limit *limit)
{
	return limit->kind == LIMIT_BUDGET || limit->kind == LIMIT_OPEN;
}

/* Line by line, from the best plan there is, or from one that breaks limits. */
static void fit_lines(struct within *w, const struct plan *from, int64_t moves)
{
	struct arena *scratch = arena_new();
	struct fit *f = arena_alloc(scratch, sizeof *f);
	double *mu = arena_array(scratch, double, w->m->limit_count);
	/* What lines alone decide has no price here: within a budget, money that is left is of no use. */
	for (size_t n = 0; n < w->m->limit_count; n++)
		if (!is_of_lines(&w->m->limits[n]))
			mu[n] = w->centre[n];
	fit_init(f, scratch, w->m, mu, w->unit, w->o->seed);
	fit_run(f, from->level, w->best.level ? w->best.level : from->level, moves, offer_levels,
		is_enough, w);
	arena_free(scratch);
}

/* The better of two certificates; true when the new one is. */
static bool keep_bound(struct within *w, const struct answer *answer)
{
	if (!(answer->certified > w->bound))
		return false;
	w->bound = answer->certified;
	w->certificate = answer->certificate;
	memcpy(w->centre, w->mu, w->m->limit_count * sizeof *w->mu);
	return true;
}

/* The status quo uses nothing: it says where prices are too high. It need not be a plan. */
static void add_status_quo(struct within *w)
{
	struct plan today = plan_status_quo(w->scratch, w->m);
	if (plan_route(w->scratch, w->m, &today))
		consider(w, &today);
}

/* What the routing of the best plan saves with a unit more: prices to begin with. Budgets and sites that have to be
 * open have none there and keep theirs. */
static void take_saved(struct within *w)
{
	for (size_t n = 0; n < w->m->limit_count; n++) {
		w->mu[n] = is_of_lines(&w->m->limits[n]) ? w->centre[n] : w->saved[n];
	}
	w->has_saved = false;
}

static bool is_centre(const struct within *w)
{
	for (size_t n = 0; n < w->m->limit_count; n++)
		if (w->mu[n] != w->centre[n])
			return false;
	return true;
}

/* Prices one after the other, from planes; *last and *from are where P(mu) begins. */
static void climb(
	struct within *w, int steps, double enough, struct plan *last, struct certificate *from)
{
	for (int step = 0, idle = 0; step < steps && idle < IDLE && !is_over(w) && !is_proved(w);
		step++) {
		struct answer answer;
		double height, before = w->bound;
		if (w->has_saved)
			take_saved(w);
		else if (!find_prices(w, &height) || height - before <= LEAST_RISE * fabs(before))
			break;
		/* No better prices: the best ones get the time that is left. */
		bool is_same = is_centre(w);
		if (is_same && w->o->time_limit_s <= 0)
			break;
		solve_priced(w, is_same ? 1 : STEP_TIME, is_same ? w->o->gap : 1.2 * enough, last,
			from, &answer);
		bool is_better = keep_bound(w, &answer);
		if (is_same && !is_better)
			break;
		w->radius *= is_better ? WIDER : NARROWER;
		idle = w->bound - before > 10 * LEAST_RISE * fabs(before) ? 0 : idle + 1;
		report(w, "prix des limites");
		if (answer.plan.level) {
			*last = answer.plan;
			*from = answer.certificate;
		}
	}
}

static void search(struct within *w)
{
	struct answer answer;
	const struct certificate *begin = w->o->start_certificate;
	if (begin && begin->limits)
		memcpy(w->mu, begin->limits, w->m->limit_count * sizeof *w->mu);
	memcpy(w->centre, w->mu, w->m->limit_count * sizeof *w->mu);
	w->until = STEPS_UNTIL;
	add_status_quo(w);
	solve_priced(w, FIRST_TIME, w->o->gap, w->o->start, begin, &answer);
	keep_bound(w, &answer);
	report(w, "plan sans les limites");
	if (!answer.plan.level)
		return;
	choose_units(w, &answer.plan);
	double enough = fmax(w->o->gap, answer.gap);
	struct plan last = answer.plan;
	struct certificate from = answer.certificate;
	climb(w, STEPS, enough, &last, &from);
	w->until = LINES_UNTIL;
	if (!is_proved(w) && !is_over(w))
		fit_lines(w, &last, MOVES);
	report(w, "plans dans les limites");
	w->until = LAST_UNTIL;
	climb(w, LAST_STEPS, enough, &last, &from);
}

static void settle(struct within *w, double cpu, struct answer *out)
{
	static const char *const notes[] = {
		"Les limites sont relâchées avec un prix pour chacune ; le plan donné les "
		"respecte toutes."};
	*out = (struct answer){.status = ANSWER_UNKNOWN,
		.plan = w->best,
		.bound = w->bound,
		.certificate = w->certificate,
		.certified = w->bound,
		.gap = INFINITY,
		.notes = notes,
		.note_count = 1};
	if (w->best.level) {
		double cost = w->best.cost.total;
		out->bound = fmin(w->bound, cost);
		out->gap = gap_of(w);
		out->status = is_proved(w) ? ANSWER_OPTIMAL : ANSWER_FEASIBLE;
	}
	out->seconds = clock_seconds() - w->began;
	out->cpu_seconds = clock_cpu_seconds() - cpu;
}

/* The certificate of an answer that GLPK found, from the prices of its relaxation. */
static void certify(
	struct arena *a, const struct model *m, const struct engine_options *o, struct answer *out)
{
	const double *mu = out->certificate.limits;
	struct arena *scratch = arena_new();
	if (!mu)
		mu = arena_array(a, double, m->limit_count);
	struct model priced = limit_price(scratch, m, mu);
	struct answer shown = *out;
	shown.bound = shown.plan.level ? plan_cost(&priced, &shown.plan).total : out->bound;
	siting_certify(a, &priced, o, &shown);
	out->certificate = shown.certificate;
	out->certificate.limits = mu;
	out->certified = bound_evaluate(m, &out->certificate);
	out->bound = fmax(out->bound, out->certified);
	arena_free(scratch);
}

bool within_search(struct arena *a, const struct model *m, const struct engine_options *o,
	struct answer *out, struct err *e)
{
	double cpu = clock_cpu_seconds();
	struct arena *scratch = arena_new();
	struct within *w = arena_alloc(scratch, sizeof *w);
	*w = (struct within){.m = m,
		.o = o,
		.a = a,
		.scratch = scratch,
		.began = clock_seconds(),
		.mu = arena_array(scratch, double, m->limit_count),
		.centre = arena_array(scratch, double, m->limit_count),
		.saved = arena_array(scratch, double, m->limit_count),
		.unit = arena_array(scratch, double, m->limit_count),
		.planes = planes_new(scratch, m->limit_count),
		.radius = FIRST_RADIUS,
		.bound = -INFINITY};
	search(w);
	settle(w, cpu, out);
	arena_free(scratch);
	(void)e;
	return true;
}

bool within_solve(struct arena *a, const struct model *m, const struct engine_options *o,
	struct answer *out, struct err *e)
{
	struct conflict conflict;
	if (limit_find_conflict(m, &conflict)) {
		out->status = ANSWER_INFEASIBLE;
		out->bound = INFINITY;
		return true;
	}
	if (!milp_is_small(m))
		return within_search(a, m, o, out, e);
	if (!milp_solve(a, m, o, out, e))
		return false;
	if (out->status != ANSWER_INFEASIBLE)
		certify(a, m, o, out);
	return true;
}
