/* A child that speaks in pieces, and one that closes one pipe before the other. */
#include "child.h"
#include "clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

/* Runs a shell script to its end; says how often it was heard to be quiet. */
static int run(struct arena *a, const char *script, struct child **c, int *quiet)
{
	const char *const argv[] = {"sh", "-c", script, NULL};
	char line[100];
	struct err e;
	enum child_event event;
	*quiet = 0;
	if (!child_start(a, argv, &(struct child_limits){0}, c, &e))
		fail_msg("%s", e.message);
	while ((event = child_wait_line(*c, 5, line, sizeof line)) != CHILD_CLOSED)
		*quiet += event == CHILD_QUIET;
	return child_finish(*c);
}

static int set_up(void **state)
{
	*state = arena_new();
	return 0;
}

static int tear_down(void **state)
{
	arena_free(*state);
	return 0;
}

static void a_line_that_comes_in_pieces_is_one_line(void **state)
{
	struct child *c;
	int quiet;
	assert_int_equal(run(*state,
				 "echo avant >&2; printf 'capacité ' >&2; sleep 0.2; "
				 "printf 'dépassée' >&2; sleep 0.2; echo ' en 2031' >&2; exit 3",
				 &c, &quiet),
		3);
	assert_string_equal(c->error, "capacité dépassée en 2031");
}

static void the_last_line_needs_no_newline(void **state)
{
	struct child *c;
	int quiet;
	run(*state, "echo avant >&2; printf après >&2", &c, &quiet);
	assert_string_equal(c->error, "après");
}

static void a_line_that_is_too_long_is_cut(void **state)
{
	struct child *c;
	int quiet;
	run(*state, "head -c 200000 /dev/zero | tr '\\0' x >&2", &c, &quiet);
	assert_int_equal(strlen(c->error), sizeof c->error - 1);
}

/* It used to be asked a million times a second whether it had more to say. */
static void a_closed_pipe_is_not_polled(void **state)
{
	struct child *c;
	int quiet;
	clock_t began = clock();
	run(*state, "exec 2>&-; sleep 0.7", &c, &quiet);
	assert_in_range(quiet, 0, 3);
	assert_true((double)(clock() - began) / CLOCKS_PER_SEC < 0.2);
}

static void what_it_says_after_closing_its_progress_is_heard(void **state)
{
	struct child *c;
	int quiet;
	assert_int_equal(run(*state,
				 "exec 3>&-; head -c 200000 /dev/zero | tr '\\0' x >&2; echo >&2; "
				 "echo fin >&2; exit 4",
				 &c, &quiet),
		4);
	assert_string_equal(c->error, "fin");
}

int main(void)
{
#define IN_AN_ARENA(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		IN_AN_ARENA(a_line_that_comes_in_pieces_is_one_line),
		IN_AN_ARENA(the_last_line_needs_no_newline),
		IN_AN_ARENA(a_line_that_is_too_long_is_cut),
		IN_AN_ARENA(a_closed_pipe_is_not_polled),
		IN_AN_ARENA(what_it_says_after_closing_its_progress_is_heard),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
