#include "file.h"

#include "buf.h"
#include "text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
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
	ssize_t n;
	while ((n = read(fd, chunk, sizeof chunk)) > 0 || (n < 0 && errno == EINTR))
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

/* A device, a pipe or a socket is written to: renaming a file over it would take its place. */
static bool write_special(const char *path, const char *data, size_t len, struct err *e)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && write_all(fd, data, len);
	int why = errno;
	if (fd >= 0)
		close(fd);
	return ok || err_set(e, ERR_SYSTEM, "%s : %s", path, err_system_text(why));
}

bool file_write(const char *path, const char *data, size_t len, struct err *e)
{
	if (text_eq(path, "-")) {
		if (!write_all(STDOUT_FILENO, data, len))
			return err_set(
				e, ERR_SYSTEM, "sortie standard : %s", err_system_text(errno));
		return true;
	}
	struct stat there;
	if (stat(path, &there) == 0 && !S_ISREG(there.st_mode))
		return write_special(path, data, len, e);
	char temporary[4096];
	int n = snprintf(temporary, sizeof temporary, "%s.new", path);
	if (n < 0 || (size_t)n >= sizeof temporary)
		return err_set(e, ERR_INVALID, "chemin trop long : %s", path);
	int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0)
		return err_set(e, ERR_SYSTEM, "%s : %s", temporary, err_system_text(errno));
	bool ok = write_all(fd, data, len) && fsync(fd) == 0;
	int why = errno;
	ok = close(fd) == 0 && ok;
	if (ok && rename(temporary, path) == 0)
		return true;
	if (ok)
		why = errno;
	unlink(temporary);
	return err_set(e, ERR_SYSTEM, "%s : %s", path, err_system_text(why));
}

bool file_make_folder(const char *path, unsigned mode, struct err *e)
{
	char partial[4096];
	if (strlen(path) >= sizeof partial)
		return err_set(e, ERR_INVALID, "chemin trop long : %s", path);
	strcpy(partial, path);
	for (char *p = partial + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (mkdir(partial, 0777) != 0 && errno != EEXIST)
			return err_set(e, ERR_SYSTEM, "%s : %s", partial, err_system_text(errno));
		*p = '/';
	}
	if (mkdir(partial, mode) != 0 && errno != EEXIST)
		return err_set(e, ERR_SYSTEM, "%s : %s", partial, err_system_text(errno));
	return true;
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
