#include "kind.h"

#include "file.h"
#include "finding.h"
#include "store.h"
#include "text.h"
#include "verdict.h"
#include "weekplan.h"

#include <string.h>

/* Other shapes of an answer that plans rounds, which the solver writes. */
static const char *const shapes[JOB_SHAPES] = {"geojson", "csv", "sheet"};

/* Its exit status when a visit that must be made is not. */
enum { INCOMPLETE = 3 };

/* What the run asks for itself goes before the worker's own choice. */
static bool read_limits(struct job *job, double *time_limit_s, double *gap, struct err *e)
{
	struct jin frozen;
	if (!jin_parse(job->arena, job->frozen, strlen(job->frozen), &frozen, e))
		return false;
	*time_limit_s = jin_real_or(&frozen, "time_limit_s", 1, 86400, job->options->time_limit_s);
	*gap = jin_real_or(&frozen, "gap", 0, 1, job->options->gap);
	return !jin_failed(&frozen);
}

/* ---- plans ---- */

static bool read_instance(struct job *job, struct buf *question, struct err *e)
{
	bool ok = instance_make(job->arena, job->db, job->frozen, &job->instance, e);
	*question = job->instance.network;
	return ok;
}

static enum outcome solve_plan(struct job *job, struct err *e)
{
	const struct worker_options *o = job->options;
	struct arena *a = job->arena;
	double time_limit_s, gap;
	if (!read_limits(job, &time_limit_s, &gap, e))
		return OUTCOME_FAILED;
	const char *plan[] = {o->solver, "plan", "--quiet", "--time-limit",
		arena_printf(a, "%g", time_limit_s), "--gap", arena_printf(a, "%g", gap),
		"--threads", arena_printf(a, "%d", o->threads), "--seed", job->seed, "--output",
		job->answer, job->network, NULL};
	const char *check[] = {o->solver, "check", "--bound", job->network, job->answer, NULL};
	enum outcome outcome = job_solve(job, plan, 0, e);
	return outcome == OUTCOME_DONE ? job_solve(job, check, 0, e) : outcome;
}

/* The rows of a plan. */
static bool keep_plan(struct job *job, const char *bytes, const struct jin *answer,
	const struct rows *run, const char **brief, struct err *e)
{
	struct arena *a = job->arena;
	struct verdict verdict;
	if (!verdict_make(a, job->db, &job->instance, answer, run, &verdict, e))
		return false;
	bool has_before = jin_has(answer, "status_quo");
	double cost = jin_real(answer, "cost", -1e18, 1e18), before = cost;
	if (has_before) {
		struct jin status_quo = jin_object(answer, "status_quo");
		before = jin_real(&status_quo, "total_eur", -1e18, 1e18);
	}
	const char *plan[] = {job->id, jin_text(answer, "status", 50),
		arena_printf(a, "%.17g", cost),
		arena_printf(a, "%.17g", jin_real(answer, "bound", -1e18, 1e18)),
		arena_printf(a, "%.17g", jin_real(answer, "gap", -1e9, 1e9)),
		arena_printf(a, "%.3f", jin_real(answer, "seconds", 0, 1e9)),
		arena_printf(a, "%.17g", before), verdict.reductions.data, verdict.report.data};
	const char *files[] = {job->id, job->instance.network.data, bytes};
	*brief = verdict.brief.data;
	return !jin_failed(answer) && db_query(a, job->db, "plan_add", plan, 9, NULL, e) &&
	       db_query(a, job->db, "plan_file_add", files, 3, NULL, e) &&
	       store_plan(a, job->db, job->id, &job->instance, answer, e);
}

/* ---- studies: the same question, which asks more ---- */

/* Its limits are in the network, with all it asks. */
static enum outcome solve_study(struct job *job, struct err *e)
{
	const struct worker_options *o = job->options;
	const char *study[] = {o->solver, "study", "--quiet", "--threads",
		arena_printf(job->arena, "%d", o->threads), "--seed", job->seed, "--output",
		job->answer, job->network, NULL};
	return job_solve(job, study, 0, e);
}

static bool keep_study(struct job *job, const char *bytes, const struct jin *answer,
	const struct rows *run, const char **brief, struct err *e)
{
	struct finding f;
	(void)run;
	if (!finding_make(job->arena, job->db, &job->instance, answer, &f, e))
		return false;
	const char *study[] = {job->id, job->instance.network.data, bytes, f.report.data};
	*brief = f.brief.data;
	return db_query(job->arena, job->db, "study_add", study, 4, NULL, e);
}

/* ---- rounds ---- */

static bool read_week(struct job *job, struct buf *question, struct err *e)
{
	bool ok = due_make(job->arena, job->db, job->frozen, &job->due, e);
	*question = job->due.question;
	return ok;
}

/* Rounds that leave a visit out are an answer too: it says which, and why. */
static enum outcome solve_rounds(struct job *job, struct err *e)
{
	const struct worker_options *o = job->options;
	struct arena *a = job->arena;
	double time_limit_s, gap;
	if (!read_limits(job, &time_limit_s, &gap, e))
		return OUTCOME_FAILED;
	const char *rounds[] = {o->solver, "rounds", "--quiet", "--time-limit",
		arena_printf(a, "%g", time_limit_s), "--threads", arena_printf(a, "%d", o->threads),
		"--seed", job->seed, "--output", job->answer, job->network, NULL};
	const char *check[] = {
		o->solver, "check", "--format", "rounds", job->network, job->answer, NULL};
	enum outcome outcome = job_solve(job, rounds, INCOMPLETE, e);
	if (outcome == OUTCOME_DONE)
		outcome = job_solve(job, check, INCOMPLETE, e);
	for (size_t n = 0; n < JOB_SHAPES && outcome == OUTCOME_DONE; n++) {
		const char *write[] = {o->solver, "rounds", "--quiet", "--answer", job->answer,
			"--output-format", shapes[n], "--output", job->shape, job->network, NULL};
		size_t len;
		outcome = job_solve(job, write, INCOMPLETE, e);
		if (outcome == OUTCOME_DONE &&
			!file_read(a, job->shape, JOB_ANSWER_LIMIT, &job->shapes[n], &len, e))
			outcome = OUTCOME_FAILED;
	}
	return outcome;
}

static bool keep_rounds(struct job *job, const char *bytes, const struct jin *answer,
	const struct rows *run, const char **brief, struct err *e)
{
	struct weekplan plan;
	(void)run;
	if (!weekplan_make(job->arena, &job->due, answer, &plan, e))
		return false;
	const char *files[] = {job->id, job->due.question.data, bytes, plan.report.data,
		job->shapes[0], job->shapes[1], job->shapes[2]};
	*brief = plan.brief.data;
	return db_query(job->arena, job->db, "rounds_add", files, 7, NULL, e) &&
	       haulage_store(job->arena, job->db, job->id, &plan.haulage, e);
}

static const struct kind kinds[] = {
	{"plan", read_instance, solve_plan, keep_plan},
	{"study", read_instance, solve_study, keep_study},
	{"rounds", read_week, solve_rounds, keep_rounds},
};

const struct kind *kind_find(const char *name)
{
	size_t n = 0;
	while (!text_eq(kinds[n].name, name)) /* run_kind_check */
		n++;
	return &kinds[n];
}
