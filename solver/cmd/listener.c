#include "listener.h"

#include "jout.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <unistd.h>

enum { SERVICE = 3 };

/* A signal can reach nothing else. */
static volatile sig_atomic_t stop_asked;

static void ask_stop(int signal)
{
	(void)signal;
	stop_asked = 1;
}

void listener_start(struct listener *l, bool is_quiet)
{
	struct sigaction action = {.sa_handler = ask_stop};
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	*l = (struct listener){is_quiet, fcntl(SERVICE, F_GETFD) != -1};
}

const volatile sig_atomic_t *listener_stop(void)
{
	return &stop_asked;
}

static void open_line(struct jout *j, struct buf *b, struct arena *scratch, const char *stage)
{
	buf_init(b, scratch, BUF_NO_LIMIT);
	jout_init(j, b);
	jout_open(j, '{');
	jout_kv_text(j, "stage", stage);
}

static void send_line(struct jout *j, struct buf *b)
{
	jout_close(j);
	buf_putc(b, '\n');
	if (write(SERVICE, b->data, b->len) < 0 && errno == EPIPE)
		stop_asked = 1; /* the worker is gone: nobody waits for the answer */
}

static void tell_service(const struct progress *p, double gap)
{
	struct arena *scratch = arena_new();
	struct buf b;
	struct jout j;
	open_line(&j, &b, scratch, p->stage);
	jout_kv_real(&j, "bound", p->bound);
	jout_kv_real(&j, "cost", p->cost);
	jout_kv_real(&j, "gap", gap);
	jout_kv_real(&j, "seconds", p->seconds);
	send_line(&j, &b);
	arena_free(scratch);
}

void listener_tell(void *context, const struct progress *p)
{
	const struct listener *l = context;
	double gap = isfinite(p->cost) ? (p->cost - p->bound) / fabs(p->cost) : INFINITY;
	if (!l->is_quiet && isinf(p->bound))
		fprintf(stderr, "%8.1f s  coût %.6g  %s\n", p->seconds, p->cost, p->stage);
	else if (!l->is_quiet)
		fprintf(stderr, "%8.1f s  borne %.6g  coût %.6g  écart %.3f %%  %s\n", p->seconds,
			p->bound, p->cost, 100 * gap, p->stage);
	if (l->has_service)
		tell_service(p, gap);
}

void listener_count(void *context, const char *stage, size_t done, size_t total, double seconds)
{
	const struct listener *l = context;
	if (!l->is_quiet)
		fprintf(stderr, "%8.1f s  %s : %zu sur %zu\n", seconds, stage, done, total);
	if (!l->has_service)
		return;
	struct arena *scratch = arena_new();
	struct buf b;
	struct jout j;
	open_line(&j, &b, scratch, arena_printf(scratch, "%s : %zu sur %zu", stage, done, total));
	jout_kv_real(&j, "seconds", seconds);
	send_line(&j, &b);
	arena_free(scratch);
}
