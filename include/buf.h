/* A growing byte buffer, born with a limit.
 *
 * Appending past the limit sets `is_full` and drops the bytes, so a writer checks once at the end.
 * `data` always ends in a zero byte that `len` does not count. Memory comes from the arena. */
#ifndef RECIRCUIT_BUF_H
#define RECIRCUIT_BUF_H

#include "arena.h"

#include <stdbool.h>
#include <stddef.h>

struct buf {
	struct arena *arena;
	char *data;
	size_t len;   /* bytes */
	size_t cap;   /* bytes */
	size_t limit; /* bytes */
	bool is_full;
};

#define BUF_NO_LIMIT ((size_t)1 << 40)

void buf_init(struct buf *b, struct arena *a, size_t limit);
void buf_add(struct buf *b, const char *bytes, size_t n);
void buf_puts(struct buf *b, const char *text);
void buf_putc(struct buf *b, char c);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
