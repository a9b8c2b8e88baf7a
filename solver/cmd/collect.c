#include "collect.h"

#include "clock.h"
#include "digest.h"
#include "file.h"
#include "formats.h"
#include "listener.h"
#include "planning.h"
#include "roundsheet.h"
#include "routing.h"
#include "text.h"

#include <ctype.h>

static const double TIME_TO_CLOSE = 0.05; /* of the time limit, for what comes after the search */

bool collect_is_question(const char *bytes, size_t n)
{
	while (n && isspace((unsigned char)*bytes))
		bytes++, n--;
	return n && *bytes == '{';
}

bool collect_knows_shape(const char *shape)
{
	return text_eq(shape, "json") || roundsheet_find(shape);
}

/* No cost is negative, so 0 is a bound until there is a better one. */
static void tell(void *context, double seconds, double cost)
{
	struct progress p = {.seconds = seconds, .cost = cost, .stage = "tournées"};
	listener_tell(context, &p);
}

static bool plan(struct arena *a, const struct collect_options *o, const struct collection *c,
	struct planning_head *head, struct itinerary *out, struct err *e)
{
	struct listener listener;
	struct posing posing;
	struct routing_answer found = {0};
	double began = clock_seconds();
	listener_start(&listener, o->is_quiet);
	posing_make(a, c, &posing);
	struct routing_options routing = {
		.time_limit_s = fmax(
			1e-3, o->time_limit_s * (1 - TIME_TO_CLOSE) - (clock_seconds() - began)),
		.turns = o->turns,
		.threads = (int)o->threads,
		.seed = head->seed,
		.stop = listener_stop(),
		.progress = tell,
		.context = &listener,
	};
	if (posing.vrp.places > posing.vrp.depots)
		routing_solve(a, &posing.vrp, &routing, &found);
	head->iterations = found.iterations;
	head->seconds = clock_seconds() - began;
	size_t count;
	struct outing *outings = planning_outings(a, c, &posing, &found.best, &count);
	return itinerary_make(a, c, outings, count, out, e) ||
	       err_prefix(e, "les tournées trouvées ne passent pas la vérification : ");
}

static bool read_plan(struct arena *a, const char *path, const struct collection *c,
	const char *sha256, struct jin *root, struct itinerary *out, struct err *e)
{
	char *bytes;
	size_t n;
	if (!file_read(a, path, FORMAT_FILE_MAX, &bytes, &n, e))
		return false;
	return (jin_parse(a, bytes, n, root, e) && planning_check(a, c, sha256, root, out, e)) ||
	       err_prefix(e, "%s : ", path);
}

/* What must be collected and is not: the answer is there, the status says so. */
static bool is_whole(const struct itinerary *it, struct err *e)
{
	size_t missing = 0;
	const char *first = NULL;
	for (size_t n = 0; n < it->unserved_count; n++) {
		const struct pickup *p = &it->c->pickup[it->unserved[n].pickup];
		if (!isinf(p->penalty) && ++missing)
			continue;
		first = first ? first : p->id;
	}
	missing = it->unserved_count - missing;
	if (!missing)
		return true;
	return err_set(e, ERR_INFEASIBLE,
		"%zu %s sans tournée, à commencer par la collecte « %s » ; la réponse dit pourquoi",
		missing, missing == 1 ? "passage reste" : "passages restent", first);
}

bool collect_run(struct arena *a, const struct collect_options *o, const char *path,
	const char *bytes, size_t n, struct err *e)
{
	struct collection c;
	struct itinerary it;
	char sha256[65];
	digest_sha256(bytes, n, sha256);
	if (!collection_read(a, bytes, n, &c, e))
		return err_prefix(e, "%s : ", path);
	struct planning_head head = {.sha256 = sha256,
		.seed = o->seed >= 0 ? (uint64_t)o->seed : c.seed,
		.bound = -INFINITY};
	struct jin root;
	bool ok = o->answer ? read_plan(a, o->answer, &c, sha256, &root, &it, e)
			    : plan(a, o, &c, &head, &it, e);
	if (!ok)
		return err_prefix(e, "%s : ", path);
	struct buf b;
	buf_init(&b, a, BUF_NO_LIMIT);
	roundsheet_writer *write = roundsheet_find(o->shape);
	if (write) {
		write(a, &b, &it);
	} else {
		struct jout j;
		jout_init(&j, &b);
		planning_write(a, &j, &head, &it);
		buf_putc(&b, '\n');
	}
	return file_write(o->output, b.data, b.len, e) &&
	       (o->answer || is_whole(&it, e) || err_prefix(e, "%s : ", path));
}

bool collect_check(struct arena *a, const char *output, char **paths, struct err *e)
{
	char *bytes, sha256[65];
	size_t n;
	struct collection c;
	struct itinerary it;
	struct jin root;
	if (!file_read(a, paths[0], FORMAT_FILE_MAX, &bytes, &n, e))
		return false;
	digest_sha256(bytes, n, sha256);
	if (!collection_read(a, bytes, n, &c, e))
		return err_prefix(e, "%s : ", paths[0]);
	if (!read_plan(a, paths[1], &c, sha256, &root, &it, e))
		return false;
	struct buf b;
	struct jout j;
	buf_init(&b, a, BUF_NO_LIMIT);
	jout_init(&j, &b);
	jout_open(&j, '{');
	jout_kv_bool(&j, "feasible", it.is_complete);
	jout_kv_real(&j, "cost", it.cost);
	jout_kv_text(&j, "sha256", sha256);
	jout_close(&j);
	buf_putc(&b, '\n');
	return file_write(output, b.data, b.len, e);
}
