#include "question.h"

#include "digest.h"
#include "economy.h"
#include "file.h"
#include "formats.h"
#include "text.h"

static bool read_network(
	struct arena *a, const char *bytes, size_t n, struct question *q, struct err *e)
{
	struct network *net = arena_one(a, struct network);
	q->network = net;
	if (!network_read(a, bytes, n, net, e))
		return false;
	economy_model(a, net, &q->model);
	return true;
}

bool question_read(struct arena *a, const char *format, bool is_single_sourced, const char *path,
	struct question *q, struct err *e)
{
	char *bytes;
	size_t n;
	bool is_network = text_eq(format, "network");
	const struct format *layout = is_network ? NULL : format_find(format);
	*q = (struct question){.path = path};
	if (!is_network && !layout)
		return err_set(e, ERR_USAGE, "format inconnu « %s » (voir --help)", format);
	if (!file_read(a, path, FORMAT_FILE_MAX, &bytes, &n, e))
		return false;
	digest_sha256(bytes, n, q->sha256);
	bool ok = is_network ? read_network(a, bytes, n, q, e)
			     : format_read(a, layout, bytes, n, &q->model, e);
	if (!ok)
		return err_prefix(e, "%s : ", path);
	q->model.is_single_sourced |= is_single_sourced;
	return model_check(&q->model, e) || err_prefix(e, "%s : ", path);
}
