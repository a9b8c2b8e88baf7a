#include "executor.h"

#include "log.h"
#include "response.h"
#include "server_parts.h"
#include "text.h"

#include <signal.h>
#include <string.h>
#include <time.h>

enum { GATHER_NS = 1000000 };

/* ---- The queue ---- */

bool executors_have_room(struct executors *x, size_t limit)
{
	pthread_mutex_lock(&x->lock);
	bool has_room = x->waiting < limit;
	pthread_mutex_unlock(&x->lock);
	return has_room;
}

void executors_push(struct executors *x, struct exchange *exchange)
{
	exchange->next = NULL;
	pthread_mutex_lock(&x->lock);
	*x->last = exchange;
	x->last = &exchange->next;
	x->waiting++;
	pthread_cond_signal(&x->changed);
	pthread_mutex_unlock(&x->lock);
}

/* Clients that were answered together ask again at about the same time: after a batch, the next one
 * waits a moment for as many, because what it costs is nearly the same for one as for ten. Alone, a
 * client never waits. */
static void gather(struct executors *x)
{
	size_t wanted = x->taken[0] > x->taken[1] ? x->taken[0] : x->taken[1];
	struct timespec late;
	clock_gettime(CLOCK_MONOTONIC, &late);
	late.tv_nsec += GATHER_NS;
	late.tv_sec += late.tv_nsec / 1000000000;
	late.tv_nsec %= 1000000000;
	while (x->waiting < wanted && !x->is_closed)
		if (pthread_cond_clockwait(&x->changed, &x->lock, CLOCK_MONOTONIC, &late) != 0)
			return;
}

/* The oldest exchange, and those of its route that stand behind it, at_once in all. None when the
 * queue is closed and dry. */
static size_t pop(struct executors *x, struct exchange **list)
{
	pthread_mutex_lock(&x->lock);
	while (!x->first && !x->is_closed)
		pthread_cond_wait(&x->changed, &x->lock);
	if (x->at_once > 1 && x->first)
		gather(x);
	size_t n = 0;
	while (x->first && n < x->at_once &&
		(!n || x->first->request.route == list[0]->request.route)) {
		list[n++] = x->first;
		x->first = x->first->next;
	}
	if (!x->first)
		x->last = &x->first;
	x->waiting -= n;
	x->taken[1] = x->taken[0];
	x->taken[0] = n;
	pthread_mutex_unlock(&x->lock);
	return n;
}

/* ---- One thread ---- */

struct executor {
	struct executors *all;
	const struct server_config *config;
	struct arena *state_arena; /* lives as long as the state */
	void *state;               /* null: not open (yet, or any more) */
	struct arena *arena;       /* of the request at hand */
};

static bool decode(struct request *rq, struct err *e)
{
	const struct route *route = rq->route;
	static const struct record nothing = {0};
	const struct record *query = route->query ? route->query : &nothing;
	void *target = arena_alloc(rq->arena, query->size + 1);
	if (!record_from_query(rq->arena, query, rq->pairs, rq->pair_count, target, e))
		return false;
	rq->query = route->query ? target : NULL;
	if (!route->body)
		return true;
	rq->body = target = arena_alloc(rq->arena, route->body->size);
	return record_parse(rq->arena, route->body, rq->bytes, rq->byte_count, target, e);
}

static bool ready_state(struct executor *x, struct err *e)
{
	if (x->state || !x->config->hooks.open)
		return true;
	arena_reset(x->state_arena);
	if (x->config->hooks.open(x->state_arena, x->config->hooks.shared, &x->state, e))
		return true;
	x->state = NULL;
	return false;
}

static bool is_same_text(const char *a, const char *b)
{
	return a == b || (a && b && text_eq(a, b));
}

/* What identify looks at. */
static bool says_the_same(const struct request *a, const struct request *b)
{
	return is_same_text(a->authorization, b->authorization) &&
	       is_same_text(a->cookie, b->cookie) && is_same_text(a->origin, b->origin) &&
	       is_same_text(a->fetch_site, b->fetch_site) && is_same_text(a->host, b->host) &&
	       a->is_https == b->is_https && text_eq(a->address, b->address);
}

/* Everything that comes before the transaction. `like` (null: none) is a request just admitted that
 * says the same of who asks: it is asked once. */
static bool admit(struct executor *x, struct request *rq, const struct request *like, struct err *e)
{
	const struct server_hooks *hooks = &x->config->hooks;
	if (atomic_load(&x->all->is_hasty))
		return err_set(e, ERR_UNAVAILABLE, "le service s’arrête");
	static const struct identity visitor = {.name = ""};
	if (!ready_state(x, e))
		return false;
	rq->state = x->state;
	rq->who = like ? like->who : &visitor;
	if (!like && hooks->identify && !hooks->identify(hooks->shared, x->state, rq, e))
		return false;
	return route_allows(rq->route, rq->who, e) && decode(rq, e);
}

static bool end(struct executor *x, bool is_done, struct err *e)
{
	const struct server_hooks *hooks = &x->config->hooks;
	if (!hooks->end)
		return is_done;
	struct err after = {0};
	bool is_ended = hooks->end(x->state, is_done, &after);
	if (is_done && !is_ended)
		*e = after;
	return is_done && is_ended;
}

static bool run(struct executor *x, struct request *rq, struct reply *rp, struct err *e)
{
	const struct server_hooks *hooks = &x->config->hooks;
	if (!admit(x, rq, NULL, e) || (hooks->begin && !hooks->begin(x->state, rq, e)))
		return false;
	route_handler *handle = hooks->handle ? hooks->handle : rq->route->handler;
	return end(x, handle(rq, rp, e), e);
}

static void answer(struct executor *x, struct exchange *exchange, struct reply *rp)
{
	struct server *s = x->all->server;
	exchange->sent = rp->body.len;
	exchange->response = response_make(
		&exchange->request, rp, atomic_load(&s->is_stopping), &exchange->status);
	MHD_resume_connection(exchange->connection); /* the exchange is the loop's again */
	server_wake(s);
}

static void run_alone(struct executor *x, struct exchange *exchange)
{
	struct reply rp;
	struct err e = {0};
	struct request *rq = &exchange->request;
	rq->arena = x->arena;
	reply_init(&rp, x->arena);
	if (!run(x, rq, &rp, &e))
		reply_error(&rp, rq->id, &e);
	answer(x, exchange, &rp);
}

/* One transaction for all. */
static bool run_merged(struct executor *x, struct merged *list, size_t count)
{
	const struct server_hooks *hooks = &x->config->hooks;
	struct err e = {0};
	if (hooks->begin && !hooks->begin(x->state, NULL, &e))
		return false;
	bool is_done = end(x, list[0].rq->route->merge(list, count, &e), &e);
	if (!is_done)
		log_event(LOG_WARN, "merge_failed", "requests=%zu why=\"%s\"", count, e.message);
	return is_done;
}

static void run_together(struct executor *x, struct exchange **exchanges, size_t count)
{
	struct merged *list = arena_array(x->arena, struct merged, count);
	struct reply *replies = arena_array(x->arena, struct reply, count);
	struct exchange **of = arena_array(x->arena, struct exchange *, count);
	size_t n = 0;
	for (size_t i = 0; i < count; i++) {
		struct merged *m = &list[n];
		*m = (struct merged){.rq = &exchanges[i]->request, .rp = &replies[i]};
		m->rq->arena = x->arena;
		reply_init(m->rp, x->arena);
		const struct request *like = NULL;
		for (size_t k = 0; k < n && !like; k++)
			if (says_the_same(list[k].rq, m->rq))
				like = list[k].rq;
		if (admit(x, m->rq, like, &m->err)) {
			of[n++] = exchanges[i];
			continue;
		}
		reply_error(m->rp, m->rq->id, &m->err);
		answer(x, exchanges[i], m->rp);
	}
	bool is_done = n > 1 && run_merged(x, list, n);
	for (size_t i = 0; i < n; i++) {
		if (!is_done) {
			run_alone(x, of[i]);
			continue;
		}
		if (!list[i].is_done)
			reply_error(list[i].rp, list[i].rq->id, &list[i].err);
		answer(x, of[i], list[i].rp);
	}
}

static void *executor_main(void *arg)
{
	struct executors *all = arg;
	struct executor x = {
		.all = all,
		.config = &all->server->config,
		.state_arena = arena_new(),
		.arena = arena_new(),
	};
	/* Of the thread, like its arenas: what the server's arena holds belongs to the loop. */
	struct arena *own = arena_new();
	struct exchange **list = arena_array(own, struct exchange *, all->at_once);
	for (size_t n; (n = pop(all, list)); arena_reset(x.arena)) {
		if (n > 1)
			run_together(&x, list, n);
		else
			run_alone(&x, list[0]);
	}
	arena_free(own);
	arena_free(x.arena);
	arena_free(x.state_arena);
	return NULL;
}

bool executors_start(struct executors *x, struct server *s, struct arena *a, size_t count,
	size_t at_once, struct err *e)
{
	x->server = s;
	x->at_once = at_once;
	x->threads = arena_array(a, pthread_t, count);
	x->last = &x->first;
	pthread_mutex_init(&x->lock, NULL);
	pthread_cond_init(&x->changed, NULL);
	/* Signals are for the thread that runs the loop. */
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int why = 0;
	while (!why && x->count < count) {
		why = pthread_create(&x->threads[x->count], NULL, executor_main, x);
		x->count += !why;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (why)
		return err_set(e, ERR_SYSTEM, "impossible de créer un fil d’exécution : %s",
			strerror(why));
	return true;
}

void executors_stop(struct executors *x)
{
	if (!x->server)
		return;
	pthread_mutex_lock(&x->lock);
	x->is_closed = true;
	pthread_cond_broadcast(&x->changed);
	pthread_mutex_unlock(&x->lock);
	for (size_t i = 0; i < x->count; i++)
		pthread_join(x->threads[i], NULL);
	pthread_cond_destroy(&x->changed);
	pthread_mutex_destroy(&x->lock);
	*x = (struct executors){0};
}
