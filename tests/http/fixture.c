/* A server with no product behind it, so that the promises of src/http are tested alone: handlers
 * that are slow, echo, fail or answer a lot. Prints its port, serves until SIGTERM or SIGINT.
 *
 *	fixture FOLDER [PORT]		FOLDER holds the assets */
#include "clock.h"
#include "log.h"
#include "server.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct slow_query {
	int64_t ms;
};

static const struct field slow_fields[] = {
	{"ms", FIELD_INT, .is_required = true, .max = 60000, .label = "durée en millisecondes",
		.offset = offsetof(struct slow_query, ms)},
};
static const struct record slow_record = RECORD(slow_fields, struct slow_query, NULL);

struct inner_body {
	struct texts regions;
	int64_t years;
	struct numbers values;
};

static const struct inner_body inner_defaults = {.years = 12};
static const struct field inner_fields[] = {
	{"regions", FIELD_TEXTS, .is_required = true, .min = 1, .max = 3,
		.label = "codes des régions", .offset = offsetof(struct inner_body, regions)},
	{"years", FIELD_INT, .min = 1, .max = 30, .label = "durée en années",
		.offset = offsetof(struct inner_body, years)},
	{"values", FIELD_NUMBERS, .min = -1e6, .max = 1e6, .label = "valeurs",
		.offset = offsetof(struct inner_body, values)},
};
static const struct record inner_record = RECORD(inner_fields, struct inner_body, &inner_defaults);

struct echo_body {
	const char *name, *kind;
	double gap;
	bool is_draft;
	struct inner_body inner;
};

static const struct echo_body echo_defaults = {.kind = "a", .gap = 0.01};
static const struct field echo_fields[] = {
	{"name", FIELD_TEXT, .is_required = true, .min = 1, .max = 20, .label = "nom",
		.offset = offsetof(struct echo_body, name)},
	{"kind", FIELD_TEXT, .choices = "a|b", .label = "sorte",
		.offset = offsetof(struct echo_body, kind)},
	{"gap", FIELD_REAL, .min = 0, .max = 1, .label = "écart",
		.offset = offsetof(struct echo_body, gap)},
	{"is_draft", FIELD_BOOL, .label = "brouillon",
		.offset = offsetof(struct echo_body, is_draft)},
	{"inner", FIELD_RECORD, .label = "définition", .offset = offsetof(struct echo_body, inner),
		.record = &inner_record},
};
static const struct record echo_record = RECORD(echo_fields, struct echo_body, &echo_defaults);

struct box_query {
	struct box bbox;
	const char *level;
};

static const struct field box_fields[] = {
	{"bbox", FIELD_BOX, .label = "emprise", .offset = offsetof(struct box_query, bbox)},
	{"level", FIELD_TEXT, .min = 1, .max = 10, .label = "niveau",
		.offset = offsetof(struct box_query, level)},
};
static const struct record box_record = RECORD(box_fields, struct box_query, NULL);

static bool answer_ok(struct request *rq, struct reply *rp, struct err *e)
{
	struct jout *j = reply_json(rp);
	(void)rq, (void)e;
	jout_open(j, '{'), jout_kv_text(j, "status", "ok"), jout_close(j);
	return true;
}

static bool answer_slowly(struct request *rq, struct reply *rp, struct err *e)
{
	const struct slow_query *q = rq->query;
	clock_sleep(1e-3 * (double)q->ms);
	return answer_ok(rq, rp, e);
}

static bool answer_echo(struct request *rq, struct reply *rp, struct err *e)
{
	const struct echo_body *b = rq->body;
	struct jout *j = reply_json(rp);
	(void)e;
	reply_created(rp, "/echo/1");
	jout_open(j, '{');
	jout_kv_text(j, "name", b->name), jout_kv_text(j, "kind", b->kind);
	jout_kv_real(j, "gap", b->gap), jout_kv_bool(j, "is_draft", b->is_draft);
	jout_kv_int(j, "years", b->inner.years);
	jout_key(j, "regions"), jout_open(j, '[');
	for (size_t i = 0; i < b->inner.regions.count; i++)
		jout_text(j, b->inner.regions.list[i]);
	jout_close(j);
	jout_key(j, "values"), jout_open(j, '{');
	for (size_t i = 0; i < b->inner.values.count; i++)
		jout_kv_real(j, b->inner.values.list[i].name, b->inner.values.list[i].value);
	jout_close(j);
	jout_close(j);
	return true;
}

static bool answer_box(struct request *rq, struct reply *rp, struct err *e)
{
	const struct box_query *q = rq->query;
	struct jout *j = reply_json(rp);
	(void)e;
	jout_open(j, '{');
	jout_kv_bool(j, "is_given", q->bbox.is_given), jout_kv_real(j, "west", q->bbox.west);
	jout_kv_text(j, "level", q->level);
	jout_close(j);
	return true;
}

static bool answer_item(struct request *rq, struct reply *rp, struct err *e)
{
	struct jout *j = reply_json(rp);
	(void)e;
	jout_open(j, '{'), jout_kv_int(j, "id", rq->path_values[0]), jout_close(j);
	return true;
}

static bool answer_large(struct request *rq, struct reply *rp, struct err *e)
{
	struct jout *j = reply_json(rp);
	(void)rq, (void)e;
	reply_cached(rp, 60);
	jout_open(j, '[');
	for (int i = 0; i < 100000; i++)
		jout_int(j, i);
	jout_close(j);
	return true;
}

static bool answer_failure(struct request *rq, struct reply *rp, struct err *e)
{
	(void)rq, (void)rp;
	return err_set(e, ERR_SYSTEM, "secret-of-the-house");
}

static const struct route routes[] = {
	{"GET", "/ok", answer_ok, .doc = "{}"},
	{"GET", "/slow", answer_slowly, .query = &slow_record, .doc = "waits"},
	{"POST", "/echo", answer_echo, .body = &echo_record, .doc = "says what it read"},
	{"GET", "/box", answer_box, .query = &box_record, .doc = "says what it read"},
	{"GET", "/items/{id}", answer_item, .doc = "its path value"},
	{"GET", "/items/{id}/parts", answer_item, .doc = "its path value"},
	{"DELETE", "/items/{id}", answer_item, .doc = "its path value"},
	{"GET", "/large", answer_large, .doc = "590 kB"},
	{"GET", "/failure", answer_failure, .doc = "an internal error"},
};

static atomic_bool is_stopping;

static void stop(int signal_number)
{
	(void)signal_number;
	atomic_store(&is_stopping, true);
}

int main(int argc, char **argv)
{
	struct arena *a = arena_new();
	struct err e = {0};
	struct assets assets = {0};
	struct server *s;
	static const struct route_table table = {routes, sizeof routes / sizeof routes[0]};
	struct server_config config = server_defaults();
	config.routes = &table;
	config.executors = 2;
	config.queue_length = 4;
	config.body_limit = 10000;
	config.address_connections = 600;
	config.head_s = config.request_s = 2;
	config.reply_s = 3;
	config.idle_s = 6; /* more than node's fetch keeps a connection */
	config.assets = &assets;
	config.port = argc > 2 ? atoi(argv[2]) : 0;
	log_init(LOG_INFO);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGTERM, stop);
	signal(SIGINT, stop);
	if (argc < 2) {
		fprintf(stderr, "usage: fixture FOLDER [PORT]\n");
		return 64;
	}
	if (!assets_load(a, argv[1], &assets, &e) || !server_open(a, &config, &s, &e)) {
		fprintf(stderr, "fixture: %s\n", e.message);
		arena_free(a);
		return err_exit_status(e.kind);
	}
	printf("port %d\n", server_port(s));
	fflush(stdout);
	server_run(s, &is_stopping);
	printf("stopped\n");
	arena_free(a);
	return 0;
}
