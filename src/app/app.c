#include "app.h"

#include "credential.h"
#include "db.h"
#include "idempotency.h"
#include "log.h"
#include "query.h"
#include "routes.h"
#include "server.h"
#include "text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* What every executor is opened with. */
struct shared {
	const char *conninfo;
	struct query_set queries;
	struct identity visitor; /* who has no account */
};

static bool open_state(struct arena *a, void *shared, void **state, struct err *e)
{
	const struct shared *s = shared;
	struct db *db;
	if (!db_open_service(a, s->conninfo, &s->queries, &db, e))
		return false;
	*state = db;
	return true;
}

static bool identify(void *shared, void *state, struct request *rq, struct err *e)
{
	const struct shared *s = shared;
	if (!db_ready(state, e))
		return false;
	const struct credential c = {
		.cookie = rq->cookie,
		.authorization = rq->authorization,
		.host = rq->host,
		.origin = rq->origin,
		.fetch_site = rq->fetch_site,
		.is_https = rq->is_https,
		.is_safe = route_is_safe(rq->route),
	};
	return credential_check_origin(rq->arena, &c, e) &&
	       credential_identify(rq->arena, state, &c, &s->visitor, &rq->who, e);
}

/* Every request is one transaction, and one that only reads cannot write. One round trip opens it,
 * tells row-level security who asks, and bounds it: a request that waits for a lock or computes for
 * ever would hold its executor. Said each time, because a connection that was reset forgets. */
static bool begin(void *state, const struct request *rq, struct err *e)
{
	char sql[512], person[24] = "", organisation[24] = "";
	static const struct identity nobody = {.name = ""};
	const struct identity *who = rq ? rq->who : &nobody;
	bool only_reads = rq && route_is_safe(rq->route) && !rq->route->leaves_trace;
	if (who->person) {
		snprintf(person, sizeof person, "%" PRId64, who->person);
		snprintf(organisation, sizeof organisation, "%" PRId64, who->organisation);
	}
	snprintf(sql, sizeof sql,
		"BEGIN%s; SET LOCAL statement_timeout = '15s'; SET LOCAL lock_timeout = '5s'; "
		"SET LOCAL app.person = '%s'; SET LOCAL app.organisation = '%s'; "
		"SET LOCAL app.role = '%s'",
		only_reads ? " READ ONLY" : "", person, organisation, role_name(who->role));
	return db_script(state, sql, e);
}

static bool end(void *state, bool is_kept, struct err *e)
{
	if (is_kept)
		return db_commit(state, e);
	db_rollback(state);
	return true;
}

static bool handle(struct request *rq, struct reply *rp, struct err *e)
{
	return rq->route->is_repeatable ? idempotency_serve(rq, rp, e)
					: rq->route->handler(rq, rp, e);
}

static bool serve(
	struct arena *a, const struct app_config *config, const atomic_bool *stop, struct err *e)
{
	struct shared *shared = arena_one(a, struct shared);
	struct assets *assets = arena_one(a, struct assets);
	struct server_config http = server_defaults();
	struct server *server;
	void *first;

	shared->conninfo = config->conninfo;
	shared->visitor = (struct identity){.name = ""};
	if (config->anonymous && text_eq(config->anonymous, role_name(ROLE_PLANNER)))
		shared->visitor.role = ROLE_PLANNER;
	if (!query_load(a, config->queries, &shared->queries, e))
		return false;
	/* A wrong address of the database is better said now than at the first request. */
	struct arena *trial = arena_new();
	bool is_there = open_state(trial, shared, &first, e);
	arena_free(trial);
	if (!is_there || (config->web && !assets_load(a, config->web, assets, e)))
		return false;

	if (config->address)
		http.address = config->address;
	if (config->executors)
		http.executors = (size_t)config->executors;
	if (config->address_connections)
		http.address_connections =
			config->address_connections < 0 ? 0 : (unsigned)config->address_connections;
	http.port = (int)config->port;
	http.is_behind_proxy = config->is_behind_proxy;
	http.routes = &app_routes;
	http.assets = config->web ? assets : NULL;
	http.hooks = (struct server_hooks){shared, open_state, identify, begin, end, handle};
	if (!server_open(a, &http, &server, e))
		return false;
	char *url = arena_printf(a, strchr(http.address, ':') ? "http://[%s]:%d/" : "http://%s:%d/",
		http.address, server_port(server));
	log_event(LOG_INFO, "listening", "url=%s executors=%zu files=%zu", url, http.executors,
		assets->count);
	if (config->listening)
		config->listening(config->context, url);
	server_run(server, stop);
	return true;
}

const struct route_table *app_route_table(void)
{
	return &app_routes;
}

static bool check_range(const char *name, int64_t value, int64_t low, int64_t high, struct err *e)
{
	if (value >= low && value <= high)
		return true;
	return err_set(e, ERR_USAGE, "%s doit être entre %d et %d", name, (int)low, (int)high);
}

/* Without an account one reads, or asks for computations too; nothing else. */
static bool check_visitor(const char *role, struct err *e)
{
	return !role || text_eq(role, role_name(ROLE_PUBLIC)) ||
	       text_eq(role, role_name(ROLE_PLANNER)) ||
	       err_set(e, ERR_USAGE, "--anonymous est « public » ou « planner », pas « %s »", role);
}

bool app_serve(const struct app_config *config, const atomic_bool *stop, struct err *e)
{
	if (!check_range("le port", config->port, 0, 65535, e) ||
		!check_range("le nombre de fils", config->executors, 0, 256, e) ||
		!check_range("le nombre de connexions par adresse", config->address_connections, -1,
			1000000, e) ||
		!check_visitor(config->anonymous, e))
		return false;
	struct arena *a = arena_new();
	bool is_done = serve(a, config, stop, e);
	arena_free(a);
	return is_done;
}
