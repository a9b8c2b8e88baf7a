/* Lifetimes: what an arena gives is zeroed and aligned, and ends in the right order. */
#include "test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void gives_zeroed_memory_aligned_for_anything(void **state)
{
	static const char zeros[5000];
	for (size_t size = 0; size < sizeof zeros; size += 1 + size / 3) {
		char *p = arena_alloc(*state, size);
		assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
		assert_memory_equal(p, zeros, size);
		memset(p, 0xAA, size); /* the next one must not overlap */
	}
}

static void pieces_do_not_overlap(void **state)
{
	enum { PIECES = 3000 };
	unsigned char *piece[PIECES];
	size_t size[PIECES];
	uint64_t seed = 7;
	for (size_t n = 0; n < PIECES; n++) {
		size[n] = n % 500 == 0 ? 100000 + n : 1 + test_pick(&seed, 200);
		piece[n] = arena_alloc(*state, size[n]);
		memset(piece[n], (int)(n % 251), size[n]);
	}
	for (size_t n = 0; n < PIECES; n++)
		for (size_t i = 0; i < size[n]; i++)
			assert_int_equal(piece[n][i], n % 251);
}

struct witness {
	char *order;
	char name;
};

static void sign(void *object)
{
	struct witness *w = object;
	char letter[2] = {w->name, '\0'};
	strcat(w->order, letter);
}

static void releases_the_youngest_first_and_only_once(void **unused)
{
	(void)unused;
	char order[8] = "";
	struct witness a = {order, 'a'}, b = {order, 'b'}, c = {order, 'c'};
	struct arena *arena = arena_new();
	arena_defer(arena, sign, &a);
	arena_defer(arena, sign, NULL);
	arena_defer(arena, sign, &b);
	arena_reset(arena);
	assert_string_equal(order, "ba");
	arena_defer(arena, sign, &c);
	arena_free(arena);
	assert_string_equal(order, "bac");
}

static void read_own_memory(void *object)
{
	assert_string_equal(object, "still here");
}

static void a_release_may_look_at_the_arena_s_memory(void **unused)
{
	(void)unused;
	struct arena *arena = arena_new();
	arena_defer(arena, read_own_memory, arena_strdup(arena, "still here"));
	arena_alloc(arena, 1 << 21);
	arena_free(arena);
}

static void an_arena_of_nothing_can_be_freed(void **unused)
{
	(void)unused;
	arena_free(NULL);
	arena_free(arena_new());
}

static void texts_are_copied(void **state)
{
	char text[] = "déchèterie";
	char *copy = arena_strdup(*state, text), *part = arena_strndup(*state, text, 2);
	text[0] = 'X';
	assert_string_equal(copy, "déchèterie");
	assert_string_equal(part, "d\xc3");
	assert_string_equal(arena_strndup(*state, "ab", 100), "ab");
	assert_string_equal(arena_printf(*state, "%s-%03d", "run", 7), "run-007");
	char *large = arena_printf(*state, "%9000d", 1);
	assert_int_equal(strlen(large), 9000);
}

static void a_size_that_overflows_stops_the_process(void **state)
{
	pid_t child = fork();
	if (child == 0) {
		freopen("/dev/null", "w", stderr);
		signal(SIGABRT, SIG_DFL); /* cmocka and the sanitizers have handlers of their own */
		volatile size_t count = SIZE_MAX / 4;
		arena_calloc(*state, count, 8);
		_exit(0);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(gives_zeroed_memory_aligned_for_anything),
		WITH_AN_ARENA(pieces_do_not_overlap),
		cmocka_unit_test(releases_the_youngest_first_and_only_once),
		cmocka_unit_test(a_release_may_look_at_the_arena_s_memory),
		cmocka_unit_test(an_arena_of_nothing_can_be_freed),
		WITH_AN_ARENA(texts_are_copied),
		WITH_AN_ARENA(a_size_that_overflows_stops_the_process),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
