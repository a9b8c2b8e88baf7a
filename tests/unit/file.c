/* Files: read whole or refused; written whole or not at all. */
#include "file.h"

#include "test.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *in(struct arena *a, const char *folder, const char *name)
{
	return arena_printf(a, "%s/%s", folder, name);
}

static size_t entries(struct arena *a, const char *folder)
{
	char **names;
	size_t count;
	struct err e;
	assert_ok(file_list(a, folder, "", &names, &count, &e), e);
	return count;
}

static void reads_back_what_was_written(void **state)
{
	enum { SIZE = 300000 };
	const char *path = in(*state, scratch_folder(*state), "data");
	char *bytes = arena_alloc(*state, SIZE), *back;
	for (size_t i = 0; i < SIZE; i++)
		bytes[i] = (char)(i * 31 % 256);
	size_t n;
	struct err e;
	assert_ok(file_write(path, bytes, SIZE, &e), e);
	assert_ok(file_read(*state, path, SIZE, &back, &n, &e), e);
	assert_int_equal(n, SIZE);
	assert_memory_equal(back, bytes, SIZE);
	assert_int_equal(back[SIZE], '\0');
	assert_ok(file_write(path, "short", 5, &e), e);
	assert_ok(file_read(*state, path, SIZE, &back, NULL, &e), e);
	assert_string_equal(back, "short");
	assert_ok(file_write(path, "", 0, &e), e);
	assert_ok(file_read(*state, path, SIZE, &back, &n, &e), e);
	assert_int_equal(n, 0);
}

static void refuses_more_than_its_limit(void **state)
{
	const char *path = in(*state, scratch_folder(*state), "data");
	char *back;
	struct err e;
	assert_ok(file_write(path, "12345", 5, &e), e);
	assert_ok(file_read(*state, path, 5, &back, NULL, &e), e);
	assert_refused(file_read(*state, path, 4, &back, NULL, &e), e, ERR_TOO_LARGE, path);
	/* What has no size of its own must not be read for ever. */
	assert_refused(file_read(*state, "/dev/zero", 1000000, &back, NULL, &e), e, ERR_TOO_LARGE,
		"/dev/zero");
}

static void names_what_cannot_be_read(void **state)
{
	char *back;
	struct err e;
	assert_refused(file_read(*state, "/no/such/file", 9, &back, NULL, &e), e, ERR_NOT_FOUND,
		"/no/such/file");
	const char *folder = scratch_folder(*state);
	assert_refused(file_read(*state, folder, 9, &back, NULL, &e), e, ERR_SYSTEM, folder);
}

/* file_write on the standard output that `to` stands for. */
static bool write_to_stdout(const char *to, struct err *e)
{
	int saved = dup(STDOUT_FILENO), other = open(to, O_WRONLY | O_CLOEXEC);
	assert_true(saved >= 0 && other >= 0);
	fflush(stdout);
	dup2(other, STDOUT_FILENO);
	bool ok = file_write("-", "text", 4, e);
	dup2(saved, STDOUT_FILENO);
	close(saved), close(other);
	return ok;
}

static void a_full_disk_is_an_error(void **unused)
{
	(void)unused;
	struct err e;
	assert_refused(write_to_stdout("/dev/full", &e), e, ERR_SYSTEM, "sortie standard : ");
	assert_refused(file_write("/dev/full", "x", 1, &e), e, ERR_SYSTEM, "/dev/full : ");
	assert_ok(write_to_stdout("/dev/null", &e), e);
}

/* A limit on the size of files stands for a disk that fills up half-way. */
static bool write_within(const char *path, size_t limit, const char *data, size_t n, struct err *e)
{
	struct rlimit before, small;
	getrlimit(RLIMIT_FSIZE, &before);
	small = (struct rlimit){limit, before.rlim_max};
	setrlimit(RLIMIT_FSIZE, &small);
	bool ok = file_write(path, data, n, e);
	setrlimit(RLIMIT_FSIZE, &before);
	return ok;
}

static void a_half_written_file_is_never_seen(void **state)
{
	enum { SIZE = 200000 };
	const char *folder = scratch_folder(*state), *path = in(*state, folder, "plan.json");
	char *large = arena_alloc(*state, SIZE), *back;
	struct err e;
	memset(large, 'x', SIZE);
	assert_ok(file_write(path, "the old one", 11, &e), e);
	assert_refused(write_within(path, 100000, large, SIZE, &e), e, ERR_SYSTEM, path);
	assert_ok(file_read(*state, path, 100, &back, NULL, &e), e);
	assert_string_equal(back, "the old one");
	assert_int_equal(entries(*state, folder), 1); /* no rubbish beside it */
}

static void names_what_cannot_be_written(void **state)
{
	const char *folder = scratch_folder(*state);
	struct err e;
	assert_refused(file_write(in(*state, folder, "no/such/plan.json"), "x", 1, &e), e,
		ERR_SYSTEM, "no/such/plan.json");
	const char *taken = in(*state, folder, "folder");
	assert_int_equal(mkdir(taken, 0755), 0);
	assert_refused(file_write(taken, "x", 1, &e), e, ERR_SYSTEM, taken);
	assert_int_equal(entries(*state, folder), 1);
	char *long_path = arena_alloc(*state, 5000);
	memset(long_path, 'a', 4999);
	assert_refused(file_write(long_path, "x", 1, &e), e, ERR_INVALID, "aaa");
}

/* Renaming over a device or a pipe would replace it by a plain file. */
static void writes_into_what_is_not_a_plain_file(void **state)
{
	const char *folder = scratch_folder(*state), *pipe = in(*state, folder, "pipe");
	assert_int_equal(mkfifo(pipe, 0600), 0);
	int fd = open(pipe, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct err e;
	char said[8] = "";
	assert_ok(file_write(pipe, "text", 4, &e), e);
	assert_int_equal(read(fd, said, sizeof said), 4);
	close(fd);
	struct stat st;
	assert_int_equal(stat(pipe, &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
	assert_int_equal(entries(*state, folder), 1);
}

/* A link may point to a folder that a service can write to while its own cannot. */
static void writes_through_a_link(void **state)
{
	const char *folder = scratch_folder(*state);
	const char *target = in(*state, folder, "target"), *link = in(*state, folder, "link");
	char *back;
	struct err e;
	assert_ok(file_write(target, "old", 3, &e), e);
	assert_int_equal(symlink("target", link), 0);
	assert_ok(file_write(link, "new", 3, &e), e);
	assert_ok(file_read(*state, target, 9, &back, NULL, &e), e);
	assert_string_equal(back, "new");
	struct stat st;
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
}

static void keeps_the_rights_of_a_file(void **state)
{
	const char *path = in(*state, scratch_folder(*state), "secret");
	struct err e;
	struct stat st;
	assert_ok(file_write(path, "a", 1, &e), e);
	assert_int_equal(chmod(path, 0600), 0);
	assert_ok(file_write(path, "b", 1, &e), e);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void makes_folders_with_their_parents(void **state)
{
	const char *folder = scratch_folder(*state), *deep = in(*state, folder, "a/b/c");
	struct err e;
	struct stat st;
	assert_ok(file_make_folder(deep, 0700, &e), e);
	assert_ok(file_make_folder(deep, 0700, &e), e);
	assert_int_equal(stat(deep, &st), 0);
	assert_true(S_ISDIR(st.st_mode) && (st.st_mode & 0777) == 0700);
	const char *file = in(*state, folder, "file");
	assert_ok(file_write(file, "x", 1, &e), e);
	assert_refused(file_make_folder(in(*state, file, "below"), 0700, &e), e, ERR_SYSTEM, file);
	assert_refused(file_make_folder(file, 0700, &e), e, ERR_SYSTEM, file);
}

static void lists_in_order_without_hidden_files(void **state)
{
	const char *folder = scratch_folder(*state);
	static const char *const made[] = {"b.sql", "a.sql", ".c.sql", "d.txt", "Z.sql", "sql"};
	char **names;
	size_t count;
	struct err e;
	for (size_t n = 0; n < sizeof made / sizeof *made; n++)
		assert_ok(file_write(in(*state, folder, made[n]), "", 0, &e), e);
	assert_ok(file_list(*state, folder, ".sql", &names, &count, &e), e);
	assert_int_equal(count, 3);
	assert_string_equal(names[0], "Z.sql");
	assert_string_equal(names[1], "a.sql");
	assert_string_equal(names[2], "b.sql");
	assert_refused(file_list(*state, "/no/such/folder", "", &names, &count, &e), e,
		ERR_NOT_FOUND, "/no/such/folder");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(reads_back_what_was_written),
		WITH_AN_ARENA(refuses_more_than_its_limit),
		WITH_AN_ARENA(names_what_cannot_be_read),
		cmocka_unit_test(a_full_disk_is_an_error),
		WITH_AN_ARENA(a_half_written_file_is_never_seen),
		WITH_AN_ARENA(names_what_cannot_be_written),
		WITH_AN_ARENA(writes_into_what_is_not_a_plain_file),
		WITH_AN_ARENA(writes_through_a_link),
		WITH_AN_ARENA(keeps_the_rights_of_a_file),
		WITH_AN_ARENA(makes_folders_with_their_parents),
		WITH_AN_ARENA(lists_in_order_without_hidden_files),
	};
	signal(SIGXFSZ, SIG_IGN); /* the limit on file sizes then is an error like any other */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
