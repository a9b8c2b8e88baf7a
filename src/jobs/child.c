#include "child.h"

#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void end_child(void *object)
{
	struct child *c = object;
	if (c->pid > 0) {
		kill(-c->pid, SIGKILL); /* its whole group: nobody else may hold its pipes */
		(void)child_finish(c);
	}
	if (c->progress_fd >= 0)
		close(c->progress_fd);
	if (c->error_fd >= 0)
		close(c->error_fd);
}

/* Both ends close on exec; spawning duplicates the child's ends onto 2 and 3. */
static bool open_pipes(int progress[2], int error[2], struct err *e)
{
	if (pipe2(progress, O_CLOEXEC) != 0)
		return err_set(e, ERR_SYSTEM, "pipe : %s", err_system_text(errno));
	if (pipe2(error, O_CLOEXEC) == 0)
		return true;
	close(progress[0]);
	close(progress[1]);
	return err_set(e, ERR_SYSTEM, "pipe : %s", err_system_text(errno));
}

static int spawn(pid_t *pid, const char *const argv[], int progress_fd, int error_fd)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t none, defaults;
	sigemptyset(&none);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGINT);
	sigaddset(&defaults, SIGTERM);
	sigaddset(&defaults, SIGPIPE);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&files, error_fd, 2);
	posix_spawn_file_actions_adddup2(&files, progress_fd, 3);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes,
		POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	int why = posix_spawnp(
		pid, argv[0], &files, &attributes, (char *const *)(uintptr_t)argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&files);
	return why;
}

static void limit(pid_t pid, const struct child_limits *limits)
{
	struct rlimit memory = {limits->memory_bytes, limits->memory_bytes};
	struct rlimit cpu = {limits->cpu_s, limits->cpu_s};
	struct rlimit core = {0, 0};
	if (limits->memory_bytes)
		prlimit(pid, RLIMIT_AS, &memory, NULL);
	if (limits->cpu_s)
		prlimit(pid, RLIMIT_CPU, &cpu, NULL);
	prlimit(pid, RLIMIT_CORE, &core, NULL);
}

bool child_start(struct arena *a, const char *const argv[], const struct child_limits *limits,
	struct child **out, struct err *e)
{
	int progress[2], error[2];
	if (!open_pipes(progress, error, e))
		return false;
	struct child *c = arena_one(a, struct child);
	*c = (struct child){.progress_fd = progress[0], .error_fd = error[0]};
	int why = spawn(&c->pid, argv, progress[1], error[1]);
	close(progress[1]);
	close(error[1]);
	if (why)
		c->pid = 0;
	arena_defer(a, end_child, c);
	if (why)
		return err_set(
			e, ERR_SYSTEM, "%s ne se lance pas : %s", argv[0], err_system_text(why));
	limit(c->pid, limits);
	fcntl(c->error_fd, F_SETFL, O_NONBLOCK);
	*out = c;
	return true;
}

static bool take_line(struct child *c, char *line, size_t size)
{
	char *end = memchr(c->pending, '\n', c->pending_len);
	if (!end)
		return false;
	size_t len = (size_t)(end - c->pending);
	snprintf(line, size, "%.*s", (int)len, c->pending);
	c->pending_len -= len + 1;
	memmove(c->pending, end + 1, c->pending_len);
	return true;
}

static void end_error_line(struct child *c)
{
	if (!c->half_len)
		return;
	memcpy(c->error, c->half, c->half_len);
	c->error[c->half_len] = '\0';
	text_drop_half_character(c->error);
	c->half_len = 0;
}

/* Keeps the last line of what the child says on stderr, which must be read lest the child blocks. A
 * pipe that is closed is forgotten: poll would answer at once for ever. */
static void drain_error(struct child *c)
{
	char chunk[4096];
	ssize_t n;
	while ((n = read(c->error_fd, chunk, sizeof chunk)) > 0)
		for (ssize_t i = 0; i < n; i++)
			if (chunk[i] == '\n')
				end_error_line(c);
			else if (c->half_len < sizeof c->half - 1)
				c->half[c->half_len++] = chunk[i];
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	end_error_line(c);
	close(c->error_fd);
	c->error_fd = -1;
}

enum child_event child_wait_line(struct child *c, double timeout_s, char *line, size_t size)
{
	if (take_line(c, line, size))
		return CHILD_LINE;
	struct pollfd fds[] = {
		{.fd = c->progress_fd, .events = POLLIN}, {.fd = c->error_fd, .events = POLLIN}};
	if (poll(fds, 2, (int)(timeout_s * 1000)) <= 0)
		return CHILD_QUIET;
	if (fds[1].revents)
		drain_error(c);
	if (!fds[0].revents)
		return CHILD_QUIET;
	if (c->pending_len == sizeof c->pending)
		c->pending_len = 0; /* no line of ours is that long */
	ssize_t n = read(
		c->progress_fd, c->pending + c->pending_len, sizeof c->pending - c->pending_len);
	if (n <= 0)
		return n < 0 && errno == EINTR ? CHILD_QUIET : CHILD_CLOSED;
	c->pending_len += (size_t)n;
	return take_line(c, line, size) ? CHILD_LINE : CHILD_QUIET;
}

void child_ask_stop(struct child *c)
{
	if (c->pid > 0)
		kill(c->pid, SIGTERM);
}

int child_finish(struct child *c)
{
	int status = 0;
	pid_t pid = c->pid;
	struct pollfd error = {.fd = c->error_fd, .events = POLLIN};
	while (c->error_fd >= 0 && (poll(&error, 1, -1) > 0 || errno == EINTR))
		if (error.revents)
			drain_error(c);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	c->pid = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
