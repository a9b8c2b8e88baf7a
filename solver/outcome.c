#include "outcome.h"

#include "economy.h"

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

bool outcome_find(struct arena *a, const struct network *net, const struct task *task,
	struct outcome *out, struct err *e)
{
	struct model m;
	struct answer answer;
	struct arena *scratch = arena_new();
	economy_model(scratch, net, &m);
	struct plan today = plan_status_quo(scratch, &m);
	bool ok = model_check(&m, e) &&
		  (plan_route(scratch, &m, &today) ||
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
		.stop = &judge.stop,
		.progress = judge_progress,
		.context = &judge,
	};
	ok = ok && engine_solve(scratch, &m, &o, &answer, e);
	if (ok && task->stop && *task->stop)
		ok = err_set(e, ERR_CANCELLED, "étude arrêtée");
	if (ok) {
		/* The status quo is a plan too. */
		bool is_new = answer.plan.level && answer.plan.cost.total < today.cost.total;
		const struct plan *best = is_new ? &answer.plan : &today;
		*out = (struct outcome){
			.before = today.cost.total,
			.cost = best->cost.total,
			.bound = fmin(answer.bound, best->cost.total),
			.level = arena_array(a, int, lines),
			.seconds = answer.seconds,
		};
		memcpy(out->level, best->level, lines * sizeof *out->level);
		out->gap = out->cost != 0 ? (out->cost - out->bound) / fabs(out->cost) : 0;
		out->answer = viability_of(out->before, out->cost, out->bound);
	}
	arena_free(scratch);
	return ok;
}
