#include "worker.h"

#include "clock.h"
#include "job.h"
#include "kind.h"
#include "log.h"
#include "text.h"
#include "upkeep.h"

#include <unistd.h>

enum { IDLE_S = 5 };

/* How late a worker at rest may notice that it must stop. */
static const double STOP_S = 0.2;

/* A connection that broke on the way says nothing of the run: whoever comes next tries it again. A
 * full disk (class 53) is worth telling. */
static bool is_cut_off(const struct job *job, const struct err *why)
{
	return why->kind == ERR_UNAVAILABLE && !text_starts(db_sqlstate(job->db), "53");
}

/* Tells the database how it ended. */
static void settle(struct job *job, enum outcome outcome, const struct err *why)
{
	static const char *const queries[] = {
		[OUTCOME_FAILED] = "run_fail",
		[OUTCOME_CANCELLED] = "run_cancelled",
		[OUTCOME_STOPPED] = "run_release",
	};
	static const char *const events[] = {"done", "failed", "cancelled", "lost", "released"};
	struct err e = {0};
	const char *params[] = {job->id, job->attempt, why->message};
	log_event(outcome == OUTCOME_FAILED ? LOG_WARN : LOG_INFO, "run_ended",
		"run=%s attempt=%s outcome=%s%s%s%s", job->id, job->attempt, events[outcome],
		outcome == OUTCOME_FAILED ? " why=\"" : "",
		outcome == OUTCOME_FAILED ? why->message : "",
		outcome == OUTCOME_FAILED ? "\"" : "");
	bool says = outcome == OUTCOME_FAILED || outcome == OUTCOME_CANCELLED ||
		    outcome == OUTCOME_STOPPED;
	if (says && !db_query(job->arena, job->db, queries[outcome], params,
			    outcome == OUTCOME_FAILED ? 3 : 2, NULL, &e))
		log_event(LOG_ERROR, "run_not_settled", "run=%s why=\"%s\"", job->id, e.message);
	if (!db_query(job->arena, job->db, "run_unlock", params, 1, NULL, &e))
		log_event(LOG_ERROR, "run_not_unlocked", "run=%s why=\"%s\"", job->id, e.message);
}

/* Takes one run if there is one. *worked says whether there was. */
static bool take_one(
	struct arena *a, struct db *db, const struct worker_options *o, bool *worked, struct err *e)
{
	char host[256] = "";
	gethostname(host, sizeof host - 1);
	const char *attempts = arena_printf(a, "%d", WORKER_ATTEMPTS);
	const char *claim[] = {arena_printf(a, "%s:%d", host, (int)getpid()),
		arena_printf(a, "%d", JOB_LEASE_S), attempts, o->is_for_plans ? "t" : "f"};
	struct rows rows;
	*worked = false;
	if (!db_query(a, db, "run_sweep", &attempts, 1, NULL, e) ||
		!db_query(a, db, "run_claim", claim, 4, &rows, e))
		return false;
	if (!rows.count)
		return true;
	struct job *job = arena_one(a, struct job);
	*job = (struct job){.arena = a,
		.db = db,
		.options = o,
		.id = rows_text(&rows, 0, 0),
		.attempt = rows_text(&rows, 0, 1),
		.kind = kind_find(rows_text(&rows, 0, 2)),
		.seed = rows_text(&rows, 0, 3),
		.frozen = rows_text(&rows, 0, 4)};
	log_event(LOG_INFO, "run_claimed", "run=%s attempt=%s", job->id, job->attempt);
	struct err why = {0};
	enum outcome outcome = job_do(job, &why);
	if (outcome == OUTCOME_FAILED && is_cut_off(job, &why))
		outcome = OUTCOME_LOST;
	settle(job, outcome, &why);
	*worked = true;
	return true;
}

bool worker_check_limits(double time_limit_s, double gap, int64_t threads, struct err *e)
{
	if (!(time_limit_s > 0 && time_limit_s <= 86400))
		return err_set(
			e, ERR_USAGE, "--time-limit est une durée en secondes, d’un jour au plus");
	if (!(gap >= 0 && gap < 1))
		return err_set(e, ERR_USAGE, "--gap va de 0 à 1, 1 exclu");
	if (threads < 1 || threads > 64)
		return err_set(e, ERR_USAGE, "--threads va de 1 à 64");
	return true;
}

/* Until a run is asked for, a while has passed or the worker must stop, which it notices at once. */
static void rest(const struct worker_options *o, struct db *db)
{
	double until = clock_seconds() + IDLE_S;
	while (!*o->stop && clock_seconds() < until && !db_wait(db, -1, STOP_S))
		;
}

bool worker_loop(const struct worker_options *o, struct err *e)
{
	struct arena *life = arena_new(), *turn = arena_new();
	struct upkeep upkeep = {0};
	struct db *db;
	bool ok = db_open_service(life, o->conninfo, o->queries, &db, e);
	while (ok && !*o->stop) {
		struct err why = {0};
		bool worked = false;
		/* LISTEN each turn: a connection that was reset has forgotten it. */
		if (!job_ready(db, &why) || !db_script(db, "LISTEN run_queued", &why) ||
			!take_one(turn, db, o, &worked, &why) ||
			!upkeep_do(turn, db, &upkeep, &why))
			log_event(LOG_WARN, "worker_turn_failed", "why=\"%s\"", why.message);
		arena_reset(turn);
		if (!worked)
			rest(o, db);
	}
	arena_free(turn);
	arena_free(life);
	return ok;
}
