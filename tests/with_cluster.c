/* with_cluster FOLDER COMMAND...: runs the command with RECIRCUIT_DB naming a private cluster kept
 * in FOLDER, which has the template database of tests/lib/scratch.h; stops it afterwards. */
#include "scratch.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

extern char **environ;

/* Ctrl-C is for the command; the cluster is stopped when it has ended. */
static int run(char **argv)
{
	posix_spawnattr_t how;
	sigset_t interrupt;
	sigemptyset(&interrupt);
	sigaddset(&interrupt, SIGINT);
	signal(SIGINT, SIG_IGN);
	posix_spawnattr_init(&how);
	posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigdefault(&how, &interrupt);
	pid_t pid;
	int status, why = posix_spawnp(&pid, argv[0], NULL, &how, argv, environ);
	posix_spawnattr_destroy(&how);
	if (why) {
		fprintf(stderr, "%s: %s\n", argv[0], strerror(why));
		return 127;
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return 127;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "usage: with_cluster FOLDER COMMAND...\n");
		return 64;
	}
	struct arena *a = arena_new();
	struct err e;
	const char *conninfo;
	int status = 1;
	if (!scratch_server(a, argv[1], false, &conninfo, &e)) {
		fprintf(stderr, "with_cluster: %s\n", e.message);
	} else {
		setenv("RECIRCUIT_DB", conninfo, 1);
		status = run(argv + 2);
	}
	arena_free(a);
	return status;
}
