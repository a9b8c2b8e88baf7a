#include "command.h"
#include "house.h"
#include "log.h"
#include "stop.h"
#include "worker.h"

struct work_options {
	double time_limit_s, gap;
	int64_t threads;
	bool is_for_plans;
};

static const struct option_spec specs[] = {
	{"time-limit", 't', OPTION_REAL, offsetof(struct work_options, time_limit_s), "S",
		"secondes données à chaque calcul (60 par défaut)"},
	{"gap", 'g', OPTION_REAL, offsetof(struct work_options, gap), "G",
		"écart relatif à prouver avant de s’arrêter (0,005 par défaut)"},
	{"threads", 'j', OPTION_INT, offsetof(struct work_options, threads), "N",
		"fils de calcul (2 par défaut)"},
	{"plans-only", 0, OPTION_FLAG, offsetof(struct work_options, is_for_plans), NULL,
		"laisse les études, qui sont longues, aux autres"},
};

bool cmd_work(int argc, char **argv, struct err *e)
{
	static const struct usage usage = {
		.program = "recircuit",
		.name = "work",
		.arguments = "",
		.doc = "Prend les calculs demandés, un à la fois, et enregistre leurs réponses. "
		       "Plusieurs "
		       "peuvent tourner sur la même base, sur plusieurs machines.",
		.specs = specs,
		.spec_count = sizeof specs / sizeof *specs,
	};
	struct work_options o = {.time_limit_s = 60, .gap = 0.005, .threads = 2};
	bool done;
	int first;
	if (!program_options(&usage, argc, argv, &o, &done, &first, e) || done)
		return done;
	if (!worker_check_limits(o.time_limit_s, o.gap, o.threads, e))
		return false;
	struct arena *a = arena_new();
	const atomic_bool *stop;
	struct house house;
	struct db *db;
	bool ok = stop_watch(a, &stop, e) && house_open(a, &house, e) &&
		  house_connect(a, &house, &db, e);
	if (ok) {
		struct worker_options options = {
			.conninfo = house.service,
			.queries = &house.queries,
			.solver = house.solver,
			.time_limit_s = o.time_limit_s,
			.gap = o.gap,
			.threads = (int)o.threads,
			.is_for_plans = o.is_for_plans,
			.stop = stop,
		};
		log_event(LOG_INFO, "worker_started", "threads=%d", options.threads);
		ok = worker_loop(&options, e);
	}
	arena_free(a);
	return ok;
}
