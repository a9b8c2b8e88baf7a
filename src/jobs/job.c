#include "job.h"

#include "child.h"
#include "clock.h"
#include "file.h"
#include "jin.h"
#include "kind.h"
#include "log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BEAT_S = 1 };

/* What the solver may take of the machine. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
static const size_t SOLVER_MEMORY = 0; /* sanitizers reserve terabytes of addresses */
#else
static const size_t SOLVER_MEMORY = (size_t)12 << 30;
#endif

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

/* What rests on recorded lines is read with the rights of the person who asked. */
static bool act_for_asker(struct job *job, struct err *e)
{
	struct rows rows;
	if (!db_query(job->arena, job->db, "run_act_as_asker", &job->id, 1, &rows, e))
		return false;
	return (rows.count && rows_bool(&rows, 0, 0)) ||
	       err_set(e, ERR_INVALID,
		       "ce calcul se sert des volumes enregistrés, et la personne qui l’a demandé "
		       "n’a plus de compte qui les voie");
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

bool job_ready(struct db *db, struct err *e)
{
	return db_ready(db, e) && db_script(db, "SET app.role = 'worker'", e);
}

/* Renews the lease. OUTCOME_DONE means: go on. */
static enum outcome heartbeat(struct job *job)
{
	struct arena *a = arena_new();
	const char *params[] = {job->id, job->attempt, arena_printf(a, "%d", JOB_LEASE_S)};
	struct rows rows;
	struct err why;
	enum outcome outcome = OUTCOME_DONE;
	if (!db_query(a, job->db, "run_heartbeat", params, 3, &rows, &why)) {
		log_event(LOG_WARN, "heartbeat_failed", "run=%s why=\"%s\"", job->id, why.message);
		if (!job_ready(job->db, &why))
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

enum outcome job_solve(struct job *job, const char *const argv[], int kept, struct err *e)
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

static bool read_answer(struct job *job, char **bytes, struct jin *answer, struct err *e)
{
	size_t n;
	if (file_read(job->arena, job->answer, JOB_ANSWER_LIMIT, bytes, &n, e) &&
		jin_parse(job->arena, *bytes, n, answer, e))
		return true;
	const char *why = arena_strdup(job->arena, e->message);
	return err_set(e, ERR_SYSTEM, "le solveur n’a pas laissé de réponse lisible : %s",
		reason(job, why));
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

enum outcome job_do(struct job *job, struct err *e)
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
