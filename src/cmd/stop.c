#include "stop.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

struct watch {
	pthread_t thread;
	sigset_t signals;
	atomic_bool stop;
};

static void *wait_for_signals(void *context)
{
	struct watch *w = context;
	int signal;
	while (sigwait(&w->signals, &signal) == 0)
		if (atomic_exchange(&w->stop, true))
			_exit(128 + signal);
	return NULL;
}

static void end_watch(void *context)
{
	struct watch *w = context;
	pthread_cancel(w->thread);
	pthread_join(w->thread, NULL);
}

bool stop_watch(struct arena *a, const atomic_bool **stop, struct err *e)
{
	struct watch *w = arena_one(a, struct watch);
	sigemptyset(&w->signals);
	sigaddset(&w->signals, SIGINT);
	sigaddset(&w->signals, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &w->signals, NULL);
	int why = pthread_create(&w->thread, NULL, wait_for_signals, w);
	if (why)
		return err_set(e, ERR_SYSTEM, "fil d’exécution : %s", err_system_text(why));
	arena_defer(a, end_watch, w);
	*stop = &w->stop;
	return true;
}
