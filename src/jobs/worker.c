#include "worker.h"

#include "child.h"
#include "clock.h"
#include "due.h"
#include "file.h"
#include "finding.h"
#include "instance.h"
#include "jin.h"
#include "log.h"
#include "store.h"
#include "text.h"
#include "upkeep.h"
#include "verdict.h"
#include "weekplan.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The lease covers a worker that hangs; one that dies is known at once by its lock. */
enum { LEASE_S = 60, BEAT_S = 1, IDLE_S = 5, ANSWER_LIMIT = 1 << 30 };

/* How late a worker at rest may notice that it must stop. */
static const double STOP_S = 0.2;

/* What the solver may take of the machine. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
static const size_t SOLVER_MEMORY = 0; /* sanitizers reserve terabytes of addresses */
#else
static const size_t SOLVER_MEMORY = (size_t)12 << 30;
#endif

/* Other shapes of an answer that plans rounds, which the solver writes. */
enum { SHAPES = 3 };
static const char *const shapes[SHAPES] = {"geojson", "csv", "sheet"};

/* Its exit status when a visit that must be made is not. */
enum { INCOMPLETE = 3 };

/* How a run ended for us. */
enum outcome { OUTCOME_DONE, OUTCOME_FAILED, OUTCOME_CANCELLED, OUTCOME_LOST, OUTCOME_STOPPED };

struct job {
	struct arena *arena;
	struct db *db;
	const struct worker_options *options;
	const char *id, *attempt, *frozen, *seed;
	const struct kind *kind;
	const char *folder, *network, *answer, *shape; /* paths */
	struct instance instance;                      /* of a plan and of a study */
	struct due due;                                /* of rounds */
	char *shapes[SHAPES];                          /* of rounds: the answer once more */
};

/* What is different between the kinds of runs (table kinds, below). */
struct kind {
	const char *name;
	/* The rows of one moment as the question, which stays in the job. */
	bool (*read)(struct job *job, struct buf *question, struct err *e);
	enum outcome (*solve)(struct job *job, struct err *e);
	/* The answer as rows; *brief becomes the run's verdict. */
	bool (*store)(struct job *job, const char *bytes, const struct jin *answer,
		const struct rows *run, const char **brief, struct err *e);
};

static void remove_folder(void *object)
{
	const struct job *job = object;
	unlink(job->network);
	unlink(job->answer);
	unlink(job->shape);
	rmdir(job->folder);
}

static bool make_folder(struct job *job, struct err *e)
{
	const char *temporary = getenv("TMPDIR");
	char *folder = arena_printf(
		job->arena, "%s/recircuit-%s-XXXXXX", temporary ? temporary : "/tmp", job->id);
	if (!mkdtemp(folder))
		return err_set(e, ERR_SYSTEM, "%s : %s", folder, err_system_text(errno));
	job->folder = folder;
	job->network = arena_printf(job->arena, "%s/network.json", folder);
	job->answer = arena_printf(job->arena, "%s/answer.json", folder);
	job->shape = arena_printf(job->arena, "%s/shape", folder);
	arena_defer(job->arena, remove_folder, job);
	return true;
}

static bool read_instance(struct job *job, struct buf *question, struct err *e)
{
	bool ok = instance_make(job->arena, job->db, job->frozen, &job->instance, e);
	*question = job->instance.network;
	return ok;
}

static bool read_week(struct job *job, struct buf *question, struct err *e)
{
	bool ok = due_make(job->arena, job->db, job->frozen, &job->due, e);
	*question = job->due.question;
	return ok;
}

/* What rests on recorded lines is read with the rights of the person who asked. */
static bool act_for_asker(struct job *job, struct err *e)
{
	struct rows rows;
	if (!db_query(job->arena, job->db, "run_act_as_asker", &job->id, 1, &rows, e))
		return false;
	return (rows.count && rows_bool(&rows, 0, 0)) ||
	       err_set(e, ERR_INVALID,
		       "ce calcul se sert des volumes enregistrés, et la personne qui l’a demandé "
		       "n’a plus "
		       "de compte qui les voie");
}

/* The rows of one moment: one snapshot for all the queries. */
static bool read_question(struct job *job, struct err *e)
{
	struct buf question = {0};
	bool ok = db_script(job->db, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", e) &&
		  act_for_asker(job, e) && job->kind->read(job, &question, e);
	if (!ok) {
		db_rollback(job->db);
		return false;
	}
	return db_commit(job->db, e) && file_write(job->network, question.data, question.len, e);
}

static const char *real_or_null(struct arena *a, const struct jin *line, const char *key)
{
	return jin_has(line, key) ? arena_printf(a, "%.17g", jin_real(line, key, -1e300, 1e300))
				  : NULL;
}

/* One progress line of the solver, as a row. Lines we cannot read are passed over. */
static void store_progress(struct job *job, const char *text)
{
	struct arena *a = arena_new();
	struct jin line;
	struct err why = {0};
	if (jin_parse(a, text, strlen(text), &line, &why)) {
		const char *stage = jin_text(&line, "stage", 200);
		const char *params[] = {job->id, job->attempt, stage,
			real_or_null(a, &line, "bound"), real_or_null(a, &line, "cost"),
			real_or_null(a, &line, "gap"), real_or_null(a, &line, "seconds"), ""};
		struct rows rows;
		if (!jin_failed(&line) &&
			!db_query(a, job->db, "run_progress_add", params, 8, &rows, &why))
			log_event(LOG_WARN, "progress_not_stored", "run=%s why=\"%s\"", job->id,
				why.message);
	}
	arena_free(a);
}

/* A connection that was reset has forgotten who it works as. */
static bool ready(struct db *db, struct err *e)
{
	return db_ready(db, e) && db_script(db, "SET app.role = 'worker'", e);
}

/* Renews the lease. OUTCOME_DONE means: go on. */
static enum outcome heartbeat(struct job *job)
{
	struct arena *a = arena_new();
	const char *params[] = {job->id, job->attempt, arena_printf(a, "%d", LEASE_S)};
	struct rows rows;
	struct err why;
	enum outcome outcome = OUTCOME_DONE;
	if (!db_query(a, job->db, "run_heartbeat", params, 3, &rows, &why)) {
		log_event(LOG_WARN, "heartbeat_failed", "run=%s why=\"%s\"", job->id, why.message);
		if (!ready(job->db, &why))
			outcome = OUTCOME_LOST;
	} else if (!rows.count) {
		outcome = OUTCOME_LOST;
	} else if (rows_bool(&rows, 0, 0)) {
		outcome = OUTCOME_CANCELLED;
	}
	arena_free(a);
	return outcome;
}

/* Listens to the solver until it ends; keeps the lease meanwhile. */
static enum outcome follow(struct job *job, struct child *c)
{
	char line[8192];
	enum child_event event;
	double beat = clock_seconds();
	while ((event = child_wait_line(c, BEAT_S, line, sizeof line)) != CHILD_CLOSED) {
		if (event == CHILD_LINE)
			store_progress(job, line);
		if (*job->options->stop)
			return OUTCOME_STOPPED;
		if (clock_seconds() - beat < BEAT_S)
			continue;
		beat = clock_seconds();
		enum outcome outcome = heartbeat(job);
		if (outcome != OUTCOME_DONE)
			return outcome;
	}
	return OUTCOME_DONE;
}

/* What the solver said, for people: without its name, nor that of a file they never see. */
static const char *reason(const struct job *job, const char *said)
{
	const char *names[] = {"recircuit-solve", job->network, job->answer};
	for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
		size_t len = strlen(names[n]);
		if (strncmp(said, names[n], len) == 0 && strncmp(said + len, " : ", 3) == 0)
			said += len + 3;
	}
	return *said ? said : "le solveur s’est arrêté sans explication";
}

/* Runs one command of the solver to its end. `kept` is a status other than 0 that leaves an answer too. */
static enum outcome solve_keeping(
	struct job *job, const char *const argv[], int kept, struct err *e)
{
	const struct child_limits limits = {.memory_bytes = SOLVER_MEMORY};
	struct child *c;
	if (!child_start(job->arena, argv, &limits, &c, e))
		return OUTCOME_FAILED;
	enum outcome outcome = follow(job, c);
	if (outcome != OUTCOME_DONE)
		return outcome; /* the arena ends the child */
	int status = child_finish(c);
	if (status == 0 || status == kept)
		return OUTCOME_DONE;
	(void)err_set(e, status == 3 ? ERR_INFEASIBLE : ERR_SYSTEM, "%s (code %d)",
		reason(job, c->error), status);
	return OUTCOME_FAILED;
}

static enum outcome solve(struct job *job, const char *const argv[], struct err *e)
{
	return solve_keeping(job, argv, 0, e);
}

static bool read_answer(struct job *job, char **bytes, struct jin *answer, struct err *e)
{
	size_t n;
	if (file_read(job->arena, job->answer, ANSWER_LIMIT, bytes, &n, e) &&
		jin_parse(job->arena, *bytes, n, answer, e))
		return true;
	const char *why = arena_strdup(job->arena, e->message);
	return err_set(e, ERR_SYSTEM, "le solveur n’a pas laissé de réponse lisible : %s",
		reason(job, why));
}

/* The rows of a plan. */
static bool store_run(struct job *job, const char *bytes, const struct jin *answer,
	const struct rows *run, const char **verdict_brief, struct err *e)
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
	*verdict_brief = verdict.brief.data;
	return !jin_failed(answer) && db_query(a, job->db, "plan_add", plan, 9, NULL, e) &&
	       db_query(a, job->db, "plan_file_add", files, 3, NULL, e) &&
	       store_plan(a, job->db, job->id, &job->instance, answer, e);
}

static bool store_study(struct job *job, const char *bytes, const struct jin *answer,
	const struct rows *run, const char **verdict_brief, struct err *e)
{
	struct finding f;
	(void)run;
	if (!finding_make(job->arena, job->db, &job->instance, answer, &f, e))
		return false;
	const char *study[] = {job->id, job->instance.network.data, bytes, f.report.data};
	*verdict_brief = f.brief.data;
	return db_query(job->arena, job->db, "study_add", study, 4, NULL, e);
}

static bool store_rounds(struct job *job, const char *bytes, const struct jin *answer,
	const struct rows *run, const char **verdict_brief, struct err *e)
{
	struct weekplan plan;
	(void)run;
	if (!weekplan_make(job->arena, &job->due, answer, &plan, e))
		return false;
	const char *files[] = {job->id, job->due.question.data, bytes, plan.report.data,
		job->shapes[0], job->shapes[1], job->shapes[2]};
	*verdict_brief = plan.brief.data;
	return db_query(job->arena, job->db, "rounds_add", files, 7, NULL, e) &&
	       weekplan_store_haulage(job->arena, job->db, job->id, &plan, e);
}

/* The answer, in one transaction that holds the run. */
static bool store(struct job *job, struct err *e)
{
	struct arena *a = job->arena;
	char *bytes;
	struct jin answer;
	struct rows run, rows;
	const char *own[] = {job->id, job->attempt}, *brief;
	if (!read_answer(job, &bytes, &answer, e) ||
		!db_query(a, job->db, "run_get", own, 1, &run, e) || !db_begin(job->db, e) ||
		!db_query(a, job->db, "run_hold", own, 2, &rows, e))
		return false;
	if (!rows.count)
		return err_set(e, ERR_CONFLICT, "le calcul a été repris par un autre processus");
	if (!job->kind->store(job, bytes, &answer, &run, &brief, e))
		return false;
	const char *finish[] = {job->id, job->attempt, jin_text(&answer, "sha256", 64),
		jin_text(&answer, "solver", 50), brief};
	return !jin_failed(&answer) && db_query(a, job->db, "run_finish", finish, 5, NULL, e) &&
	       db_commit(job->db, e);
}

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
	enum outcome outcome = solve(job, plan, e);
	return outcome == OUTCOME_DONE ? solve(job, check, e) : outcome;
}

/* Its limits are in the network, with all it asks. */
static enum outcome solve_study(struct job *job, struct err *e)
{
	const struct worker_options *o = job->options;
	const char *study[] = {o->solver, "study", "--quiet", "--threads",
		arena_printf(job->arena, "%d", o->threads), "--seed", job->seed, "--output",
		job->answer, job->network, NULL};
	return solve(job, study, e);
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
	enum outcome outcome = solve_keeping(job, rounds, INCOMPLETE, e);
	if (outcome == OUTCOME_DONE)
		outcome = solve_keeping(job, check, INCOMPLETE, e);
	for (size_t n = 0; n < SHAPES && outcome == OUTCOME_DONE; n++) {
		const char *write[] = {o->solver, "rounds", "--quiet", "--answer", job->answer,
			"--output-format", shapes[n], "--output", job->shape, job->network, NULL};
		size_t len;
		outcome = solve_keeping(job, write, INCOMPLETE, e);
		if (outcome == OUTCOME_DONE &&
			!file_read(a, job->shape, ANSWER_LIMIT, &job->shapes[n], &len, e))
			outcome = OUTCOME_FAILED;
	}
	return outcome;
}

static const struct kind kinds[] = {
	{"plan", read_instance, solve_plan, store_run},
	{"study", read_instance, solve_study, store_study},
	{"rounds", read_week, solve_rounds, store_rounds},
};

static const struct kind *find_kind(const char *name)
{
	size_t n = 0;
	while (!text_eq(kinds[n].name, name)) /* run_kind_check */
		n++;
	return &kinds[n];
}

static enum outcome work(struct job *job, struct err *e)
{
	if (!make_folder(job, e) || !read_question(job, e))
		return OUTCOME_FAILED;
	enum outcome outcome = job->kind->solve(job, e);
	if (outcome == OUTCOME_DONE && !store(job, e)) {
		db_rollback(job->db);
		return e->kind == ERR_CONFLICT ? OUTCOME_LOST : OUTCOME_FAILED;
	}
	return outcome;
}

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
		arena_printf(a, "%d", LEASE_S), attempts, o->is_for_plans ? "t" : "f"};
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
		.kind = find_kind(rows_text(&rows, 0, 2)),
		.seed = rows_text(&rows, 0, 3),
		.frozen = rows_text(&rows, 0, 4)};
	log_event(LOG_INFO, "run_claimed", "run=%s attempt=%s", job->id, job->attempt);
	struct err why = {0};
	enum outcome outcome = work(job, &why);
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
		if (!ready(db, &why) || !db_script(db, "LISTEN run_queued", &why) ||
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
