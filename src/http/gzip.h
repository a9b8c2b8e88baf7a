/* gzip, for clients that accept it. */
#ifndef RECIRCUIT_HTTP_GZIP_H
#define RECIRCUIT_HTTP_GZIP_H

#include "arena.h"

#include <stdbool.h>
#include <stddef.h>

/* Bodies below this are sent as they are: a packet is a packet. */
enum { GZIP_LEAST = 1400 };

/* True when the packed bytes are fewer; `level` as in zlib, 1 (fast) to 9 (small). */
bool gzip_pack(struct arena *a, const char *data, size_t len, int level, char **packed,
	size_t *packed_len);

/* Does an Accept-Encoding value (null: absent) take gzip? */
bool gzip_is_accepted(const char *accept_encoding);

#endif
