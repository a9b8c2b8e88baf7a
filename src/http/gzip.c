#include "gzip.h"

#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

enum { GZIP_WINDOW = 15 + 16 /* zlib: a gzip header */, GZIP_MEMORY = 8 };

bool gzip_pack(
	struct arena *a, const char *data, size_t len, int level, char **packed, size_t *packed_len)
{
	if (len < GZIP_LEAST || len > UINT32_MAX / 2)
		return false;
	z_stream z = {0};
	if (deflateInit2(&z, level, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY, Z_DEFAULT_STRATEGY) !=
		Z_OK)
		return false;
	/* No room for more bytes than the plain copy has: then it would not pay. */
	*packed = arena_alloc(a, len);
	z.next_in = (Bytef *)(uintptr_t)data;
	z.avail_in = (uInt)len;
	z.next_out = (Bytef *)*packed;
	z.avail_out = (uInt)len;
	bool is_smaller = deflate(&z, Z_FINISH) == Z_STREAM_END;
	*packed_len = z.total_out;
	deflateEnd(&z);
	return is_smaller;
}

/* "gzip;q=0" refuses what "gzip" accepts; a bare "*" accepts too. */
bool gzip_is_accepted(const char *accept_encoding)
{
	const char *s = accept_encoding ? accept_encoding : "";
	for (; *s; s += strcspn(s, ","), s += *s == ',') {
		s += strspn(s, " \t");
		size_t n = strcspn(s, " \t;,");
		if (!(n == 4 && strncasecmp(s, "gzip", 4) == 0) && !(n == 1 && *s == '*'))
			continue;
		const char *q = s + n + strspn(s + n, " \t;");
		return strncasecmp(q, "q=", 2) != 0 || strtod(q + 2, NULL) > 0;
	}
	return false;
}
