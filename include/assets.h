/* The files of the interface, read once at start and served from memory.
 *
 * Only the names found at start are served, so that no path can reach another file. Each has a
 * strong ETag and, when it pays, a gzipped copy. */
#ifndef RECIRCUIT_ASSETS_H
#define RECIRCUIT_ASSETS_H

#include "arena.h"
#include "err.h"

#include <stdbool.h>
#include <stddef.h>

struct asset {
	const char *path;           /* "/js/map.js" */
	const char *etag;           /* of the plain copy, quoted */
	const char *etag_gzip;      /* of the gzipped copy */
	struct MHD_Response *plain; /* ready to send, shared by all requests */
	struct MHD_Response *gzip;  /* null when it does not pay */
	struct MHD_Response *plain_unchanged, *gzip_unchanged; /* 304 */
	size_t len, gzip_len;                                  /* bytes */
};

struct assets {
	struct asset *list; /* sorted by path */
	size_t count;
};

must_use bool assets_load(
	struct arena *a, const char *folder, struct assets *assets, struct err *e);
/* "/" is /index.html, and a page needs not say .html: /saisie. */
const struct asset *assets_find(const struct assets *assets, const char *path);

#endif
