#include "outcome.h"

#include "check.h"
#include "economy.h"
#include "explain.h"

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

/* The plan that the search begins from, its tonnes routed anew, where that alone shows that a platform
 * is worth it: no search is needed then for the answer. */
static bool is_shown(struct arena *scratch, const struct model *m, const struct task *task,
	double before, struct plan *p)
{
	if (!task->wants_answer_only || !task->begin || m->is_single_sourced)
		return false;
	size_t lines = m->sites * m->flows * m->years;
	*p = (struct plan){.level = arena_array(scratch, int, lines)};
	memcpy(p->level, task->begin->level, lines * sizeof *p->level);
	struct cost cost;
	struct err broken;
	return plan_route(scratch, m, p) && check_plan(scratch, m, p, &cost, &broken) &&
	       viability_of(before, p->cost.total, -INFINITY) == VIABLE;
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
	return (struct certificate){.price = keep(a, c->price, m->flows * m->years * m->points),
		.share = keep(a, c->share, m->sites * m->flows * m->years),
		.roundings = roundings,
		.rounding_count = c->rounding_count,
		.limits = keep(a, c->limits, m->limit_count)};
}

bool outcome_find(struct arena *a, const struct network *net, const struct task *task,
	struct outcome *out, struct err *e)
{
	struct model m;
	struct answer answer;
	struct arena *scratch = arena_new();
	economy_model(scratch, net, &m);
	struct plan today = plan_status_quo(scratch, &m);
	double *room_price = arena_array(scratch, double, m.sites *m.flows *m.years);
	bool ok = model_check(&m, e) &&
		  (plan_route_priced(scratch, &m, &today, room_price) ||
			  err_set(e, ERR_INFEASIBLE,
				  "les usines existantes ne suffisent pas à tout traiter"));
	struct judge judge = {.task = task, .before = today.cost.total};
	size_t lines = m.sites * m.flows * m.years;
	struct plan start = {.level = task->begin ? task->begin->level : today.level};
	struct engine_options o = {
		.time_limit_s = task->time_limit_s,
		.gap = task->gap,
		.threads = task->threads,
		.seed = task->seed,
		.start = &start,
		.start_certificate = task->begin && task->begin->certificate.price
					     ? &task->begin->certificate
					     : NULL,
		.stop = &judge.stop,
		.progress = judge_progress,
		.context = &judge,
	};
	/* The status quo is a plan too, unless a rule asks for more than it does. */
	struct cost unused;
	struct err broken;
	struct model split = m;
	split.is_single_sourced = false;
	bool is_plan = ok && check_plan(scratch, &split, &today, &unused, &broken);
	double known = ok ? bound_today(scratch, &m, room_price) : -INFINITY;
	answer = (struct answer){.status = ANSWER_UNKNOWN, .bound = known};
	bool is_sure =
		ok && ((is_plan && viability_of(judge.before, judge.before, known) == NOT_VIABLE) ||
			      is_shown(scratch, &m, task, judge.before, &answer.plan));
	ok = ok && (is_sure || engine_solve(scratch, &m, &o, &answer, e));
	if (ok && task->stop && *task->stop)
		ok = err_set(e, ERR_CANCELLED, "étude arrêtée");
	if (ok && !is_plan && !answer.plan.level)
		ok = answer.status == ANSWER_INFEASIBLE
			     ? explain_infeasible(scratch, &m, e)
			     : err_set(e, ERR_CANCELLED,
				       "aucun plan trouvé dans les limites du scénario");
	if (ok) {
		bool is_new = answer.plan.level &&
			      (!is_plan || answer.plan.cost.total < today.cost.total);
		const struct plan *best = is_new ? &answer.plan : &today;
		*out = (struct outcome){
			.before = today.cost.total,
			.cost = best->cost.total,
			.bound = fmin(fmax(answer.bound, known), best->cost.total),
			.level = arena_array(a, int, lines),
			.certificate = keep_certificate(a, &m, &answer.certificate),
			.seconds = answer.seconds,
		};
		memcpy(out->level, best->level, lines * sizeof *out->level);
		out->gap = out->cost != 0 ? (out->cost - out->bound) / fabs(out->cost) : 0;
		out->answer = viability_of(out->before, out->cost, out->bound);
	}
	arena_free(scratch);
	return ok;
}
