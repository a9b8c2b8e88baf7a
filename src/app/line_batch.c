/* POST /api/volumes/batch: a file of lines, one verdict each. It is read line by line and written a
 * thousand lines at a time, all in one transaction. */
#include "answer.h"
#include "idempotency.h"
#include "line_write.h"
#include "routes.h"
#include "text.h"

enum { BATCH_BYTES = 16 << 20, AT_ONCE = 1000 };

const struct raw_body line_batch_body = {"application/x-ndjson|text/csv", BATCH_BYTES};

static void release_arena(void *arena)
{
	arena_free(arena);
}

static void answer_item(struct jout *j, const struct line_item *item)
{
	jout_open(j, '{');
	jout_kv_int(j, "line", (int64_t)item->number);
	if (item->line.public_id)
		jout_kv_text(j, "publicId", item->line.public_id);
	jout_kv_text(j, "verdict", line_verdict_word(item->verdict));
	if (item->id) {
		jout_kv_int(j, "id", item->id);
		jout_kv_int(j, "version", item->version);
	}
	if (*item->reason)
		jout_kv_text(j, "reason", item->reason);
	jout_close(j);
}

/* Up to AT_ONCE of the lines that are left. */
static size_t read_some(struct line_source *source, struct arena *a, struct line_item *items)
{
	size_t n = 0;
	while (n < AT_ONCE) {
		struct err why;
		struct line_item *item = &items[n];
		*item = (struct line_item){0};
		enum line_event event = line_source_next(source, a, &item->line, &why);
		if (event == LINE_END)
			break;
		item->number = line_source_number(source);
		if (event == LINE_REFUSED)
			item->reason = arena_strdup(a, why.message);
		n++;
	}
	return n;
}

static bool write_all(struct request *rq, struct line_source *source, struct line_writer *w,
	struct jout *j, struct err *e)
{
	struct arena *some = arena_new(); /* of the lines at hand: a long file takes no more */
	arena_defer(rq->arena, release_arena, some);
	jout_key(j, "lines"), jout_open(j, '[');
	for (size_t n = AT_ONCE; n == AT_ONCE; arena_reset(some)) {
		struct line_item *items = arena_array(some, struct line_item, AT_ONCE);
		n = read_some(source, some, items);
		if (n && !line_write(w, some, items, n, e))
			return hide_words(rq, "line_write", e);
		for (size_t i = 0; i < n; i++)
			answer_item(j, &items[i]);
	}
	jout_close(j);
	return line_write_end(w, e) || hide_words(rq, "line_seal", e);
}

bool line_batch(struct request *rq, struct reply *rp, struct err *e)
{
	struct line_source *source;
	struct line_writer w;
	struct idempotent key;
	if (!rq->type) /* no body at all */
		return err_set(e, ERR_MALFORMED, "Il manque les lignes à enregistrer.");
	enum line_format format = text_eq(rq->type, "text/csv") ? LINE_CSV : LINE_JSON;
	if (!idempotency_read(rq, rp, &key, e) ||
		!line_source_open(rq->arena, rq->bytes, rq->byte_count, format, &source, e))
		return false;
	const char *channel = rq->who->is_token ? "api" : "import";
	if (!line_write_begin(rq->arena, rq->state, channel, &w, e))
		return hide_words(rq, "line_begin", e);
	if (!idempotency_find_one(&key, e) || key.is_answered)
		return key.is_answered;
	struct jout *j = reply_json(rp);
	jout_open(j, '{');
	if (!write_all(rq, source, &w, j, e))
		return false;
	line_write_counts(&w, j);
	jout_close(j);
	return idempotency_keep(&key, 1, e);
}
