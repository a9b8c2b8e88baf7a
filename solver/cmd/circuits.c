#include "circuits.h"

#include "digest.h"
#include "file.h"
#include "formats.h"
#include "lrpfile.h"
#include "text.h"
#include "vrplib.h"

static const struct reader {
	const char *format;
	bool (*read)(struct arena *a, const char *data, size_t len, struct vrp *v, struct err *e);
} readers[] = {
	{"vrplib", vrplib_read},
	{"lrp", lrpfile_read},
};

static const struct reader *reader_of(const char *format)
{
	for (size_t n = 0; n < sizeof readers / sizeof *readers; n++)
		if (text_eq(format, readers[n].format))
			return &readers[n];
	return NULL;
}

bool circuits_is_format(const char *format)
{
	return reader_of(format);
}

bool circuits_read(struct arena *a, const char *format, const char *path, struct vrp *v,
	char sha256[static 65], struct err *e)
{
	char *bytes;
	size_t n;
	if (!file_read(a, path, FORMAT_FILE_MAX, &bytes, &n, e))
		return false;
	digest_sha256(bytes, n, sha256);
	return reader_of(format)->read(a, bytes, n, v, e) || err_prefix(e, "%s : ", path);
}
