/* make run: everything, from an empty folder to a verdict on a map, by the path that real runs
 * take: POST -> queue -> worker -> solver -> checker -> tables -> HTTP. */
#include "app.h"
#include "clock.h"
#include "command.h"
#include "house.h"
#include "jin.h"
#include "log.h"
#include "loopback.h"
#include "migrate.h"
#include "reference.h"
#include "stop.h"
#include "text.h"
#include "worker.h"

#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct demo_options {
	const char *address;
	int64_t port;
	double time_limit_s, gap;
	bool once;
};

static const struct option_spec specs[] = {
	{"address", 'a', OPTION_TEXT, offsetof(struct demo_options, address), "ADRESSE",
		"adresse d’écoute (127.0.0.1 par défaut)"},
	{"port", 'p', OPTION_INT, offsetof(struct demo_options, port), "N",
		"port d’écoute (8080 par défaut ; 0 : un port libre)"},
	{"time-limit", 't', OPTION_REAL, offsetof(struct demo_options, time_limit_s), "S",
		"secondes données au calcul (60 par défaut)"},
	{"gap", 'g', OPTION_REAL, offsetof(struct demo_options, gap), "G",
		"écart relatif à prouver avant de s’arrêter (0,005 par défaut)"},
	{"once", 0, OPTION_FLAG, offsetof(struct demo_options, once), NULL,
		"s’arrête après le verdict au lieu de servir la carte"},
};

/* A plan never waits for a study: one worker leaves those to the other. */
enum { FOR_PLANS, FOR_ALL, WORKERS };

struct demo;

struct hand {
	struct demo *demo;
	bool is_for_plans;
	pthread_t thread;
	struct err error;
};

/* The service and the workers, each in a thread, until *stop or until the demonstration ends. */
struct demo {
	struct arena *arena;
	const struct demo_options *options;
	const struct house *house;
	const atomic_bool *interrupted; /* by a signal */
	atomic_bool stop;               /* what both threads watch */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	char url[200];   /* under lock; empty until the service listens */
	bool has_failed; /* under lock */
	struct err service_error;
	struct hand hands[WORKERS];
	double started;
};

static void stage(const struct demo *d, const char *text)
{
	printf("[%5.1f s] %s\n", clock_seconds() - d->started, text);
	fflush(stdout);
}

static void note_url(void *context, const char *url)
{
	struct demo *d = context;
	pthread_mutex_lock(&d->lock);
	snprintf(d->url, sizeof d->url, "%s", url);
	pthread_cond_signal(&d->changed);
	pthread_mutex_unlock(&d->lock);
}

static void note_failure(struct demo *d)
{
	pthread_mutex_lock(&d->lock);
	d->has_failed = true;
	pthread_cond_signal(&d->changed);
	pthread_mutex_unlock(&d->lock);
}

static bool has_failed(struct demo *d)
{
	pthread_mutex_lock(&d->lock);
	bool failed = d->has_failed;
	pthread_mutex_unlock(&d->lock);
	return failed;
}

/* What stopped the thread that failed; all are over. */
static bool say_failure(const struct demo *d, struct err *e)
{
	*e = d->service_error;
	for (int n = 0; n < WORKERS && !e->kind; n++)
		*e = d->hands[n].error;
	return false;
}

static void *serve(void *context)
{
	struct demo *d = context;
	struct app_config config = {
		.address = d->options->address,
		.port = d->options->port,
		.anonymous = "planner", /* whoever is on this machine */
		.conninfo = d->house->service,
		.queries = d->house->queries_folder,
		.web = d->house->web,
		.listening = note_url,
		.context = d,
	};
	if (!app_serve(&config, &d->stop, &d->service_error))
		note_failure(d);
	return NULL;
}

static void *work(void *context)
{
	struct hand *hand = context;
	struct demo *d = hand->demo;
	struct worker_options options = {
		.conninfo = d->house->service,
		.queries = &d->house->queries,
		.solver = d->house->solver,
		.time_limit_s = d->options->time_limit_s,
		.gap = d->options->gap,
		.threads = 2,
		.is_for_plans = hand->is_for_plans,
		.stop = &d->stop,
	};
	if (!worker_loop(&options, &hand->error))
		note_failure(d);
	return NULL;
}

/* Waits until the service listens. When it cannot, run_all says why once its thread is over. */
static bool await_url(struct demo *d)
{
	pthread_mutex_lock(&d->lock);
	while (!*d->url && !d->has_failed)
		pthread_cond_wait(&d->changed, &d->lock);
	bool ok = *d->url;
	pthread_mutex_unlock(&d->lock);
	return ok;
}

static bool get(struct demo *d, struct arena *a, const char *path, struct jin *root, struct err *e)
{
	struct reply_text r;
	if (!loopback(a, d->url, path, NULL, &r, e))
		return false;
	if (r.status != 200)
		return err_set(e, ERR_SYSTEM, "%s répond %d : %.300s", path, r.status, r.body);
	return jin_parse(a, r.body, r.body_len, root, e);
}

/* The last run of the reference scenario that has an answer or will have one: an interrupted one is
 * in the queue again. 0 when there is none. */
static bool find_last_run(
	struct demo *d, int64_t *scenario, int64_t *run, bool *is_done, struct err *e)
{
	struct jin root;
	if (!get(d, d->arena, "/api/scenarios", &root, e))
		return false;
	*scenario = *run = 0;
	*is_done = false;
	struct jin list = jin_array(&root, "scenarios", 0, 100000);
	for (size_t n = 0; n < list.count; n++) {
		struct jin item = jin_item(&list, n);
		if (!text_eq(jin_text(&item, "code", 200), "reference"))
			continue;
		*scenario = jin_int(&item, "id", 1, INT64_MAX);
		if (!jin_has(&item, "last_run"))
			continue;
		struct jin last = jin_object(&item, "last_run");
		const char *state = jin_text(&last, "state", 50);
		*is_done = text_eq(state, "done");
		if (*is_done || text_eq(state, "queued") || text_eq(state, "running"))
			*run = jin_int(&last, "id", 1, INT64_MAX);
	}
	if (!*scenario && !jin_failed(&root))
		return err_set(e, ERR_NOT_FOUND, "le scénario de référence n’est pas dans la base");
	return !jin_failed(&root);
}

static bool ask_run(struct demo *d, int64_t scenario, int64_t *run, struct err *e)
{
	struct reply_text r;
	const char *path = arena_printf(d->arena, "/api/scenarios/%" PRId64 "/runs", scenario);
	if (!loopback(d->arena, d->url, path, "{}", &r, e))
		return false;
	const char *id = strrchr(r.location, '/');
	if (r.status != 202 || !id || !text_to_int64(id + 1, run))
		return err_set(e, ERR_SYSTEM, "%s répond %d : %.300s", path, r.status, r.body);
	return true;
}

/* One line that is rewritten in a terminal, and now and then a new one in a log. */
static void show_progress(const struct demo *d, const struct jin *run, double *shown)
{
	if (!jin_has(run, "progress"))
		return;
	struct jin p = jin_object(run, "progress");
	double now = clock_seconds();
	bool is_terminal = isatty(STDOUT_FILENO);
	if (!is_terminal && now - *shown < 10)
		return;
	*shown = now;
	printf("%s[%5.1f s] calcul : %s", is_terminal ? "\r\033[K" : "", now - d->started,
		jin_text_or(&p, "stage", 300, ""));
	/* above 100 % a gap says only that the proof has just begun */
	if (jin_has(&p, "gap") && jin_real(&p, "gap", -1e9, 1e9) < 1)
		printf(", écart %s", text_french_gap(d->arena, jin_real(&p, "gap", -1e9, 1e9)));
	printf("%s", is_terminal ? "" : "\n");
	fflush(stdout);
}

/* Follows a run to its end. False with ERR_CANCELLED when interrupted, and at once when the service
 * or the worker has failed: nobody would end the run. */
static bool follow(struct demo *d, int64_t run, struct err *e)
{
	const char *path = arena_printf(d->arena, "/api/runs/%" PRId64, run);
	struct arena *turn = arena_new();
	double shown = 0;
	bool ok = true, is_over = false;
	while (ok && !is_over) {
		struct jin root;
		if (*d->interrupted) {
			ok = err_set(e, ERR_CANCELLED,
				"interrompu ; le calcul reprendra à la prochaine fois");
			break;
		}
		arena_reset(turn);
		ok = !has_failed(d) && get(d, turn, path, &root, e);
		if (!ok)
			break;
		const char *state = jin_text(&root, "state", 50);
		is_over = !text_eq(state, "queued") && !text_eq(state, "running");
		if (!is_over) {
			show_progress(d, &root, &shown);
			clock_sleep(0.3);
		} else if (!text_eq(state, "done")) {
			ok = err_set(e, ERR_SYSTEM, "le calcul n’a pas abouti : %s",
				jin_text_or(&root, "error", 2000, state));
		}
		ok = ok && !jin_failed(&root);
	}
	arena_free(turn);
	if (isatty(STDOUT_FILENO))
		printf("\r\033[K");
	return ok;
}

/* A figure as the French write it, right-aligned. */
static const char *number(struct demo *d, double v, int decimals, int width)
{
	return text_pad(d->arena, text_french_number(d->arena, v, decimals), width);
}

static void print_money(struct demo *d, const struct jin *cost, const char *label, const char *key)
{
	if (jin_has(cost, key))
		printf("  %s %s M€\n", text_pad(d->arena, label, -42),
			number(d, jin_real(cost, key, -1e18, 1e18) / 1e6, 1, 10));
}

static void print_platforms(struct demo *d, const struct jin *report)
{
	struct jin platforms = jin_array(report, "platforms", 0, 10000);
	if (!platforms.count)
		return;
	printf("\nPlateformes proposées\n");
	for (size_t n = 0; n < platforms.count; n++) {
		struct jin p = jin_item(&platforms, n);
		struct jin lines = jin_array(&p, "lines", 0, 100);
		printf("  %s (%s)\n", jin_text(&p, "name", 400), jin_text(&p, "region_name", 400));
		for (size_t l = 0; l < lines.count; l++) {
			struct jin line = jin_item(&lines, l);
			struct jin steps = jin_array(&line, "steps", 0, 100);
			printf("    %s :", jin_text(&line, "label", 400));
			for (size_t s = 0; s < steps.count; s++) {
				struct jin step = jin_item(&steps, s);
				printf("%s %" PRId64 " → %s t/an", s ? "," : "",
					jin_int(&step, "year", 0, 9999),
					text_french_number(d->arena,
						jin_real(&step, "capacity_t", 0, 1e12), 0));
			}
			printf("\n");
		}
	}
}

/* What the plan does at the marks, beside what would be without it. */
static void print_marks(struct demo *d, const struct jin *report)
{
	static const struct {
		const char *label, *before, *now;
	} effects[] = {
		{"tonnes", NULL, "tonnes"},
		{"véhicules-km", "vehicle_km_before", "vehicle_km"},
		{"t de CO2 du transport", "co2_t_before", "co2_t"},
		{"emplois des plateformes", NULL, "jobs"},
	};
	struct jin years = jin_array(report, "years", 1, 100);
	for (size_t t = 0; t < years.count; t++) {
		struct jin y = jin_item(&years, t);
		if (!jin_has(&y, "mark"))
			continue;
		const char *year = arena_printf(d->arena, "An %" PRId64 " (%" PRId64 ")",
			jin_int(&y, "mark", 1, 100), jin_int(&y, "year", 0, 9999));
		printf("\n  %s%s%s\n", text_pad(d->arena, year, -26),
			text_pad(d->arena, "sans", 14), text_pad(d->arena, "avec", 14));
		for (size_t n = 0; n < sizeof effects / sizeof *effects; n++) {
			bool has_before = effects[n].before && jin_has(&y, effects[n].before);
			printf("  %s%s%s\n", text_pad(d->arena, effects[n].label, -26),
				has_before
					? number(d, jin_real(&y, effects[n].before, 0, 1e15), 0, 14)
				: text_eq(effects[n].now, "jobs")
					? text_pad(d->arena, "non compté", 14)
					: text_pad(d->arena, "", 14),
				number(d, jin_real(&y, effects[n].now, 0, 1e15), 0, 14));
		}
	}
}

static void print_notes(const struct jin *notes, const char *title)
{
	for (size_t n = 0; n < notes->count; n++) {
		struct jin note = jin_item(notes, n);
		printf("%s\n  - %s", n ? "" : title, jin_value_text(&note, 4000));
	}
	printf("%s", notes->count ? "\n" : "");
}

static bool print_verdict(struct demo *d, int64_t run, struct err *e)
{
	struct jin report;
	const char *path = arena_printf(d->arena, "/api/runs/%" PRId64 "/plan", run);
	if (!get(d, d->arena, path, &report, e))
		return false;
	struct jin cost = jin_object(&report, "cost");
	struct jin sure = jin_object(&report, "confidence");
	struct jin notes = jin_array(&report, "reductions", 0, 100);
	printf("\n%s\n\n", jin_text(&report, "sentence", 4000));
	print_money(d, &cost, "Situation actuelle, valeur actualisée", "statu_quo_eur");
	print_money(d, &cost, "Avec les plateformes", "plan_eur");
	print_money(d, &cost, "Aucun plan ne peut coûter moins de", "bound_eur");
	printf("  %s %s\n", text_pad(d->arena, "Écart prouvé entre le plan et cette borne", -42),
		text_pad(d->arena, text_french_gap(d->arena, jin_real(&cost, "gap", -1e9, 1e9)),
			12));
	print_platforms(d, &report);
	print_marks(d, &report);
	static const char *const more[] = {"fee_sentence", "why_sentence", "haulage_sentence"};
	for (size_t n = 0; n < sizeof more / sizeof *more; n++)
		if (jin_has(&report, more[n]))
			printf("\n%s\n", jin_text(&report, more[n], 4000));
	printf("\nPart du coût qui repose sur des valeurs mesurées %.0f %%, publiées %.0f %%, "
	       "supposées %.0f %%.\n",
		100 * jin_real(&sure, "measured", 0, 1), 100 * jin_real(&sure, "published", 0, 1),
		100 * jin_real(&sure, "assumption", 0, 1));
	if (jin_has(&report, "volumes")) {
		struct jin volumes = jin_object(&report, "volumes");
		struct jin about = jin_array(&volumes, "notes", 0, 100);
		print_notes(&about, "\nCe qu’il faut savoir des tonnages");
	}
	print_notes(&notes, "\nCe que le calcul a simplifié");
	fflush(stdout);
	return !jin_failed(&report);
}

static bool prepare(struct demo *d, bool *did_load, struct err *e)
{
	struct db *db;
	int applied;
	stage(d, "base de données prête");
	if (!db_open(d->arena, d->house->conninfo, &d->house->queries, &db, e) ||
		!migrate_apply(db, d->house->migrations, &applied, e))
		return false;
	stage(d, applied ? "schéma créé" : "schéma à jour");
	if (!reference_load(d->arena, db, d->house->sql, did_load, e))
		return false;
	stage(d, *did_load ? "données réelles chargées" : "données réelles déjà là");
	return true;
}

static bool answer(struct demo *d, bool did_load, struct err *e)
{
	int64_t scenario, run;
	bool is_done;
	if (!await_url(d))
		return false;
	stage(d, "service en marche");
	if (!find_last_run(d, &scenario, &run, &is_done, e))
		return false;
	bool is_new = !run || did_load;
	if (is_new && !ask_run(d, scenario, &run, e))
		return false;
	if (is_new || !is_done) {
		stage(d, is_new ? "calcul de référence demandé" : "calcul de référence repris");
		if (!follow(d, run, e))
			return false;
		stage(d, "calcul terminé et vérifié");
	}
	return print_verdict(d, run, e);
}

static bool start_thread(pthread_t *thread, void *(*body)(void *), void *context, struct err *e)
{
	int why = pthread_create(thread, NULL, body, context);
	return !why || err_set(e, ERR_SYSTEM, "fil d’exécution : %s", err_system_text(why));
}

static bool run_all(struct demo *d, struct err *e)
{
	bool did_load;
	pthread_t service;
	int workers = 0;
	if (!prepare(d, &did_load, e) || !start_thread(&service, serve, d, e))
		return false;
	for (; workers < WORKERS; workers++) {
		struct hand *hand = &d->hands[workers];
		*hand = (struct hand){.demo = d, .is_for_plans = workers == FOR_PLANS};
		if (!start_thread(&hand->thread, work, hand, e))
			break;
	}
	bool ok = workers == WORKERS && answer(d, did_load, e);
	if (ok && !d->options->once) {
		printf("\nLa carte : %s   (Ctrl-C pour arrêter)\n", d->url);
		fflush(stdout);
		while (!*d->interrupted && !has_failed(d))
			clock_sleep(0.2);
	}
	d->stop = true;
	pthread_join(service, NULL);
	for (int n = 0; n < workers; n++)
		pthread_join(d->hands[n].thread, NULL);
	return d->has_failed ? say_failure(d, e) : ok;
}

bool cmd_demo(int argc, char **argv, struct err *e)
{
	static const struct usage usage = {
		.program = "recircuit",
		.name = "demo",
		.arguments = "",
		.doc = "Met la base et les données en place, fait le calcul de référence, dit le "
		       "verdict "
		       "et sert la carte jusqu’à Ctrl-C.",
		.specs = specs,
		.spec_count = sizeof specs / sizeof *specs,
	};
	struct demo_options o = {.port = 8080, .time_limit_s = 60, .gap = 0.005};
	bool done;
	int first;
	if (!program_options(&usage, argc, argv, &o, &done, &first, e) || done)
		return done;
	if (!worker_check_limits(o.time_limit_s, o.gap, 2, e))
		return false;
	log_init(LOG_WARN); /* the stages are the story here */
	struct arena *a = arena_new();
	struct house house;
	struct demo d = {.arena = a, .options = &o, .house = &house, .started = clock_seconds()};
	pthread_mutex_init(&d.lock, NULL);
	pthread_cond_init(&d.changed, NULL);
	bool ok = stop_watch(a, &d.interrupted, e) && house_open(a, &house, e) && run_all(&d, e);
	if (d.interrupted && *d.interrupted)
		printf("\nArrêt.\n");
	arena_free(a); /* stops the private cluster */
	return ok;
}
