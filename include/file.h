/* Whole files: read one, write one so that readers see the old or the new, never a half. */
#ifndef RECIRCUIT_FILE_H
#define RECIRCUIT_FILE_H

#include "arena.h"
#include "err.h"

#include <stddef.h>

/* The whole file, with a zero byte after it; "-" reads standard input. Refuses more than `limit`
 * bytes (ERR_TOO_LARGE). *len in bytes; may be null. */
must_use bool file_read(
	struct arena *a, const char *path, size_t limit, char **data, size_t *len, struct err *e);

/* Write beside the target, sync, rename; links and rights stay. "-" writes standard output; a device
 * or a pipe is written into. */
must_use bool file_write(const char *path, const char *data, size_t len, struct err *e);

/* Create a folder and its parents; an existing one is fine. */
must_use bool file_make_folder(const char *path, unsigned mode, struct err *e);

/* Names in a folder that end in `suffix`, sorted bytewise; hidden files are passed over. */
must_use bool file_list(struct arena *a, const char *folder, const char *suffix, char ***names,
	size_t *count, struct err *e);

#endif
