#include "team.h"

#include <glpk.h>

enum { THREADS_MAX = 64 };

struct team {
	size_t jobs;
	void (*work)(void *context, size_t job, size_t thread);
	void *context;
	atomic_size_t next;
};

struct member {
	struct team *team;
	size_t number;
	pthread_t id;
};

static void take_jobs(struct member *m)
{
	size_t job;
	while ((job = atomic_fetch_add(&m->team->next, 1)) < m->team->jobs)
		m->team->work(m->team->context, job, m->number);
}

/* GLPK keeps memory for each thread that it works on. */
static void *live(void *member)
{
	take_jobs(member);
	glp_free_env();
	return NULL;
}

void team_run(size_t threads, size_t jobs, void (*work)(void *context, size_t job, size_t thread),
	void *context)
{
	struct team team = {.jobs = jobs, .work = work, .context = context};
	struct member members[THREADS_MAX];
	if (threads > THREADS_MAX)
		threads = THREADS_MAX;
	if (threads > jobs)
		threads = jobs;
	size_t started = 1;
	members[0] = (struct member){.team = &team};
	for (; started < threads; started++) {
		members[started] = (struct member){.team = &team, .number = started};
		if (pthread_create(&members[started].id, NULL, live, &members[started]))
			break; /* those there are do the work */
	}
	take_jobs(&members[0]);
	for (size_t n = 1; n < started; n++)
		pthread_join(members[n].id, NULL);
}

static void drop(void *arena)
{
	arena_free(arena);
}

struct arena **team_arenas(struct arena *a, size_t threads)
{
	struct arena **arenas = arena_array(a, struct arena *, threads);
	for (size_t t = 0; t < threads; t++)
		arena_defer(a, drop, arenas[t] = arena_new());
	return arenas;
}

void tally_add(struct tally *t, bool ok, const struct err *why)
{
	pthread_mutex_lock(&t->mutex);
	if (!ok && !t->has_failed)
		*t->e = *why;
	if (!ok)
		t->has_failed = true;
	t->done++;
	if (t->told)
		t->told(t->context, t->done, t->total);
	pthread_mutex_unlock(&t->mutex);
}
