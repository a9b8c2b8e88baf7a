#include "executor.h"

#include "log.h"
#include "response.h"
#include "server_parts.h"

#include <signal.h>
#include <string.h>

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

/* The oldest exchange; null when the queue is closed and dry. */
static struct exchange *pop(struct executors *x)
{
	pthread_mutex_lock(&x->lock);
	while (!x->first && !x->is_closed)
		pthread_cond_wait(&x->changed, &x->lock);
	struct exchange *exchange = x->first;
	if (exchange) {
		x->first = exchange->next;
		if (!x->first)
			x->last = &x->first;
		x->waiting--;
	}
	pthread_mutex_unlock(&x->lock);
	return exchange;
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

static bool run(struct executor *x, struct request *rq, struct reply *rp, struct err *e)
{
	const struct server_hooks *hooks = &x->config->hooks;
	if (atomic_load(&x->all->is_hasty))
		return err_set(e, ERR_UNAVAILABLE, "le service s’arrête");
	static const struct identity visitor = {.name = ""};
	if (!ready_state(x, e))
		return false;
	rq->state = x->state;
	rq->who = &visitor;
	if (hooks->begin && !hooks->begin(hooks->shared, x->state, rq, e))
		return false;
	bool is_done = route_allows(rq->route, rq->who, e) && decode(rq, e) &&
		       rq->route->handler(rq, rp, e);
	if (!hooks->end)
		return is_done;
	struct err after = {0};
	bool is_ended = hooks->end(x->state, is_done, &after);
	if (is_done && !is_ended)
		*e = after;
	return is_done && is_ended;
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
	for (struct exchange *exchange; (exchange = pop(all));) {
		struct request *rq = &exchange->request;
		struct reply rp;
		struct err e = {0};
		rq->arena = x.arena;
		reply_init(&rp, x.arena);
		if (!run(&x, rq, &rp, &e))
			reply_error(&rp, rq->id, &e);
		exchange->sent = rp.body.len;
		exchange->response = response_make(
			rq, &rp, atomic_load(&all->server->is_stopping), &exchange->status);
		arena_reset(x.arena);
		MHD_resume_connection(exchange->connection); /* the exchange is the loop's again */
		server_wake(all->server);
	}
	arena_free(x.arena);
	arena_free(x.state_arena);
	return NULL;
}

bool executors_start(
	struct executors *x, struct server *s, struct arena *a, size_t count, struct err *e)
{
	x->server = s;
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
