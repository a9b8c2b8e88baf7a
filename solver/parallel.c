#include "parallel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

enum { THREADS_MAX = 64 };

struct loop {
	atomic_size_t next;
	size_t count;
	void (*body)(void *context, size_t n);
	void *context;
};

static void *take_turns(void *object)
{
	struct loop *loop = object;
	for (size_t n; (n = atomic_fetch_add(&loop->next, 1)) < loop->count;)
		loop->body(loop->context, n);
	return NULL;
}

void parallel_for(int threads, size_t count, void (*body)(void *context, size_t n), void *context)
{
	struct loop loop = {.count = count, .body = body, .context = context};
	pthread_t thread[THREADS_MAX];
	int started = 0;
	while (started + 1 < threads && started < THREADS_MAX && (size_t)started + 1 < count) {
		if (pthread_create(&thread[started], NULL, take_turns, &loop) != 0)
			break; /* fewer threads do the same work */
		started++;
	}
	take_turns(&loop);
	while (started)
		pthread_join(thread[--started], NULL);
}
