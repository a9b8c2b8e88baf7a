#include "outcome.h"

#include "check.h"
#include "economy.h"
#include "engine.h"

#include <math.h>
#include <string.h>

/* Stops the engine for whoever asked, and once the answer is sure. */
struct judge {
	const struct task *task;
	double before;
	volatile sig_atomic_t stop;
};

static void judge_progress(void *context, const struct progress *p)
{
	struct judge *j = context;
	bool is_stopped = j->task->stop && *j->task->stop;
	bool is_sure = j->task->wants_answer_only &&
		       viability_of(j->before, p->cost, p->bound) != UNDECIDED;
	j->stop = is_stopped || is_sure;
}

/* Prices of today's routing are multipliers too. Where no platform comes near to paying, no line
 * earns anything at them, and they prove at once that the status quo is the best plan. */
static double bound_today(struct arena *scratch, const struct model *m, const double *room_price)
{
	double *price = arena_array(scratch, double, m->flows * m->years * m->points);
	double *share = arena_array(scratch, double, m->sites * m->flows * m->years);
	for (size_t k = 0; k < m->flows; k++)
		for (size_t t = 0; t < m->years; t++)
			for (size_t i = 0; i < m->points; i++) {
				double least = INFINITY;
				for (size_t j = 0; j < m->sites; j++)
					if (model_line(m, j, k)->is_fixed &&
						model_line(m, j, k)->start != LEVEL_NONE)
						least = fmin(least,
							model_cost(m, i, j, k, t) +
								room_price[(j * m->flows + k) *
										   m->years +
									   t]);
				price[(k * m->years + t) * m->points + i] =
					isfinite(least) ? least : 0;
			}
	for (size_t j = 0; j < m->sites; j++) {
		size_t lines = 0;
		for (size_t k = 0; k < m->flows; k++)
			lines += model_line(m, j, k)->levels > 0;
		for (size_t k = 0; k < m->flows; k++)
			for (size_t t = 0; t < m->years && model_line(m, j, k)->levels; t++)
				share[(j * m->flows + k) * m->years + t] =
					m->site_cost[j * m->years + t] / (double)lines;
	}
	return bound_evaluate(m, &(struct certificate){.price = price, .share = share});
}

/* Whether the plan that the search begins from, its tonnes routed anew, alone shows that a platform is
 * worth it: no search is needed then for the answer. */
static bool is_shown(struct arena *scratch, const struct model *m, const struct task *task,
	double before, struct plan *p)
{
	if (!task->begin || m->is_single_sourced)
		return false;
	size_t lines = m->sites * m->flows * m->years;
	*p = (struct plan){.level = arena_array(scratch, int, lines)};
	memcpy(p->level, task->begin->level, lines * sizeof *p->level);
	struct cost cost;
	struct err broken;
	bool is_cheaper = plan_route(scratch, m, p) && p->cost.total < before &&
			  check_plan(scratch, m, p, &cost, &broken) &&
			  viability_of(before, p->cost.total, -INFINITY) == VIABLE;
	if (!is_cheaper)
		*p = (struct plan){0};
	return is_cheaper;
}

/* The status quo is a plan too, unless a rule asks for more than it does. */
static bool is_allowed(struct arena *scratch, const struct model *m, const struct plan *today)
{
	struct cost unused;
	struct err broken;
	struct model split = *m;
	split.is_single_sourced = false;
	return check_plan(scratch, &split, today, &unused, &broken);
}

static const double *keep(struct arena *a, const double *v, size_t count)
{
	double *kept = arena_array(a, double, count);
	if (v)
		memcpy(kept, v, count * sizeof *v);
	return v ? kept : NULL;
}

static struct certificate keep_certificate(
	struct arena *a, const struct model *m, const struct certificate *c)
{
	struct rounding *roundings = arena_array(a, struct rounding, c->rounding_count);
	for (size_t n = 0; n < c->rounding_count; n++) {
		bool *is_near = arena_array(a, bool, m->sites);
		memcpy(is_near, c->roundings[n].is_near, m->sites * sizeof *is_near);
		roundings[n] = c->roundings[n];
		roundings[n].is_near = is_near;
		roundings[n].price = keep(a, c->roundings[n].price, m->years);
	}
	size_t *inside = arena_array(a, size_t, c->rounding_count);
	if (c->inside)
		memcpy(inside, c->inside, c->rounding_count * sizeof *inside);
	return (struct certificate){.price = keep(a, c->price, m->flows * m->years * m->points),
		.share = keep(a, c->share, m->sites * m->flows * m->years),
		.roundings = roundings,
		.rounding_count = c->rounding_count,
		.limits = keep(a, c->limits, m->limit_count),
		.volume = keep(a, c->volume, c->rounding_count * m->years),
		.rent = keep(a, c->rent, m->sites * m->flows * m->years),
		.inside = c->inside ? inside : NULL};
}

/* Of the plans at hand the cheapest; null when there is none. */
static const struct plan *cheapest(const struct plan *found, const struct plan *today)
{
	if (!found->level)
		return today;
	return today && today->cost.total <= found->cost.total ? today : found;
}

/* What was found: `today` is a plan at hand or null, `known` a bound proved before the search. */
static void keep_outcome(struct arena *a, const struct model *m, const struct task *task,
	const struct answer *answer, const struct plan *today, double known, struct outcome *out)
{
	/* Without a search the multipliers at hand are those it would have begun from. */
	const struct certificate *certificate = !answer->certificate.price && task->begin
							? &task->begin->certificate
							: &answer->certificate;
	size_t lines = m->sites * m->flows * m->years;
	const struct plan *best = cheapest(&answer->plan, today);
	double cost = best ? best->cost.total : NAN;
	const int *level = best ? best->level : task->begin ? task->begin->level : NULL;
	*out = (struct outcome){
		.cost = cost,
		.bound = fmin(fmax(answer->bound, known), cost),
		.level = arena_array(a, int, lines),
		.certificate = keep_certificate(a, m, certificate),
		.seconds = answer->seconds,
	};
	for (size_t n = 0; n < lines; n++)
		out->level[n] = level ? level[n] : LEVEL_NONE;
	out->gap = cost != 0 ? (cost - out->bound) / fabs(cost) : 0;
}

bool outcome_find(struct arena *a, const struct network *net, const struct task *task,
	struct outcome *out, struct err *e)
{
	struct model m;
	struct arena *scratch = arena_new();
	economy_model(scratch, net, &m);
	struct plan today = plan_status_quo(scratch, &m);
	double *room_price = arena_array(scratch, double, m.sites *m.flows *m.years);
	bool ok = model_check(&m, e);
	bool has_today = ok && plan_route_priced(scratch, &m, &today, room_price);
	struct judge judge = {.task = task, .before = has_today ? today.cost.total : NAN};
	struct plan start = {.level = task->begin ? task->begin->level : today.level};
	struct engine_options o = {
		.time_limit_s = task->time_limit_s,
		.gap = task->gap,
		.threads = task->threads,
		.seed = task->seed,
		.is_brisk = task->is_brisk,
		.start = task->begin || has_today ? &start : NULL,
		.start_certificate = task->begin && task->begin->certificate.price
					     ? &task->begin->certificate
					     : NULL,
		.stop = &judge.stop,
		.progress = judge_progress,
		.context = &judge,
	};
	bool is_plan = has_today && is_allowed(scratch, &m, &today);
	struct answer answer = {.status = ANSWER_UNKNOWN, .bound = -INFINITY};
	bool is_viable = has_today && is_shown(scratch, &m, task, judge.before, &answer.plan);
	/* A search that begins from a plan better than today's proves more than today's routing does. */
	bool is_searched = is_viable && !task->wants_answer_only;
	double known = has_today && !is_searched ? bound_today(scratch, &m, room_price) : -INFINITY;
	bool is_sure = (is_plan && viability_of(judge.before, judge.before, known) == NOT_VIABLE) ||
		       (is_viable && task->wants_answer_only);
	bool is_open = !has_today && task->wants_answer_only; /* nothing to compare with */
	ok = ok && (is_sure || is_open || engine_solve(scratch, &m, &o, &answer, e));
	if (ok && task->stop && *task->stop)
		ok = err_set(e, ERR_CANCELLED, "étude arrêtée");
	if (ok) {
		keep_outcome(a, &m, task, &answer, is_plan ? &today : NULL, known, out);
		out->before = judge.before;
		out->answer = viability_of(out->before, out->cost, out->bound);
	}
	arena_free(scratch);
	return ok;
}
