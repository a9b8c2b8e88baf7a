#include "file.h"

#include "buf.h"
#include "text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool file_read(
	struct arena *a, const char *path, size_t limit, char **data, size_t *len, struct err *e)
{
	bool is_stdin = text_eq(path, "-");
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_set(e, errno == ENOENT ? ERR_NOT_FOUND : ERR_SYSTEM, "%s : %s", path,
			err_system_text(errno));
	struct buf b;
	buf_init(&b, a, limit);
	struct stat st;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (size_t)st.st_size <= limit) {
		b.cap = (size_t)st.st_size + 1; /* one allocation for the usual case */
		b.data = arena_alloc(a, b.cap + 1);
	}
	char chunk[65536];
	ssize_t n = 0;
	while (!b.is_full && ((n = read(fd, chunk, sizeof chunk)) > 0 || (n < 0 && errno == EINTR)))
		if (n > 0)
			buf_add(&b, chunk, (size_t)n);
	int why = errno;
	if (!is_stdin)
		close(fd);
	if (n < 0)
		return err_set(e, ERR_SYSTEM, "%s : %s", path, err_system_text(why));
	if (b.is_full)
		return err_set(e, ERR_TOO_LARGE, "%s : plus de %zu octets", path, limit);
	*data = b.data;
	if (len)
		*len = b.len;
	return true;
}

static bool write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		data += n;
		len -= (size_t)n;
	}
	return true;
}

/* What is not a plain file (a device, a pipe) is written into: renaming over /dev/null would make a
 * plain file of it. */
static bool write_into(const char *path, const char *data, size_t len, struct err *e)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return err_set(e, ERR_SYSTEM, "%s : %s", path, err_system_text(errno));
	bool ok = write_all(fd, data, len);
	int why = errno;
	if (close(fd) != 0 && ok) {
		ok = false;
		why = errno;
	}
	return ok || err_set(e, ERR_SYSTEM, "%s : %s", path, err_system_text(why));
}

/* `target` is no link, so that a link stays one. A file that is there keeps its rights. */
static bool replace(
	const char *target, const struct stat *there, const char *data, size_t len, struct err *e)
{
	char temporary[PATH_MAX];
	int n = snprintf(temporary, sizeof temporary, "%s.new", target);
	if (n < 0 || (size_t)n >= sizeof temporary)
		return err_set(e, ERR_INVALID, "chemin trop long : %s", target);
	int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0)
		return err_set(e, ERR_SYSTEM, "%s : %s", target, err_system_text(errno));
	bool ok = (!there || fchmod(fd, there->st_mode & 07777) == 0) && write_all(fd, data, len) &&
		  fsync(fd) == 0;
	int why = errno;
	if (close(fd) != 0 && ok) {
		ok = false;
		why = errno;
	}
	if (ok && rename(temporary, target) == 0)
		return true;
	if (ok)
		why = errno;
	unlink(temporary);
	return err_set(e, ERR_SYSTEM, "%s : %s", target, err_system_text(why));
}

bool file_write(const char *path, const char *data, size_t len, struct err *e)
{
	char resolved[PATH_MAX];
	struct stat st;
	if (text_eq(path, "-"))
		return write_all(STDOUT_FILENO, data, len) ||
		       err_set(e, ERR_SYSTEM, "sortie standard : %s", err_system_text(errno));
	if (stat(path, &st) != 0)
		return replace(path, NULL, data, len, e);
	if (!S_ISREG(st.st_mode))
		return write_into(path, data, len, e);
	return replace(realpath(path, resolved) ? resolved : path, &st, data, len, e);
}

static bool make_one(const char *path, unsigned mode, struct err *e)
{
	struct stat st;
	if (mkdir(path, mode) == 0)
		return true;
	int why = errno;
	if (why == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return true;
	return err_set(e, ERR_SYSTEM, "%s : %s", path, err_system_text(why));
}

bool file_make_folder(const char *path, unsigned mode, struct err *e)
{
	char partial[PATH_MAX];
	if (strlen(path) >= sizeof partial)
		return err_set(e, ERR_INVALID, "chemin trop long : %s", path);
	strcpy(partial, path);
	for (char *p = partial + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (!make_one(partial, 0777, e))
			return false;
		*p = '/';
	}
	return make_one(partial, mode, e);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void close_folder(void *d)
{
	closedir(d);
}

bool file_list(struct arena *a, const char *folder, const char *suffix, char ***names,
	size_t *count, struct err *e)
{
	DIR *d = opendir(folder);
	if (!d)
		return err_set(e, errno == ENOENT ? ERR_NOT_FOUND : ERR_SYSTEM, "%s : %s", folder,
			err_system_text(errno));
	arena_defer(a, close_folder, d);
	size_t n = 0, cap = 16;
	char **list = arena_array(a, char *, cap);
	for (struct dirent *entry; (entry = readdir(d));) {
		size_t len = strlen(entry->d_name), end = strlen(suffix);
		if (entry->d_name[0] == '.' || len < end ||
			!text_eq(entry->d_name + len - end, suffix))
			continue;
		if (n == cap) {
			char **more = arena_array(a, char *, cap *= 2);
			memcpy(more, list, n * sizeof *list);
			list = more;
		}
		list[n++] = arena_strdup(a, entry->d_name);
	}
	qsort(list, n, sizeof *list, by_name);
	*names = list;
	*count = n;
	return true;
}
