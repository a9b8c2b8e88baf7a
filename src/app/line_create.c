/* POST /api/volumes: one line. Requests that come at once are recorded at once (route_merger). */
#include "answer.h"
#include "idempotency.h"
#include "line_write.h"
#include "routes.h"
#include "text.h"

#include <inttypes.h>
#include <stdlib.h>

const struct raw_body line_body = {"application/json", LINE_BYTES_MOST};

/* A request on its way through. */
struct entry {
	struct merged *merged;
	size_t place; /* as they came */
	struct idempotent key;
	struct line_item item;
	const struct entry *twin; /* one before it with the same key; null: none */
	bool is_over;             /* nothing more to do: merged->is_done or merged->err says how */
};

static void refuse(struct entry *en)
{
	en->merged->is_done = false;
	en->is_over = true;
}

static void accept(struct entry *en)
{
	en->merged->is_done = en->is_over = true;
}

static void read_entry(struct entry *en, struct merged *m, size_t place)
{
	*en = (struct entry){.merged = m, .place = place};
	if (!idempotency_read(m->rq, m->rp, &en->key, &m->err) ||
		!line_from_json(
			m->rq->arena, m->rq->bytes, m->rq->byte_count, &en->item.line, &m->err))
		refuse(en);
}

static void find_twins(struct entry *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *key = list[i].merged->rq->idempotency_key;
		for (size_t k = 0; key && k < i && !list[i].twin; k++)
			if (list[k].merged->rq->idempotency_key &&
				text_eq(key, list[k].merged->rq->idempotency_key))
				list[i].twin = &list[k];
	}
}

static void answer(struct entry *en)
{
	struct merged *m = en->merged;
	const struct line_item *item = &en->item;
	if (item->verdict == LINE_REJECTED) {
		err_set(&m->err, ERR_INVALID, "%s", item->reason);
		refuse(en);
		return;
	}
	struct jout *j = reply_json(m->rp);
	if (item->verdict == LINE_CREATED)
		reply_created(m->rp, arena_printf(m->rq->arena, "/api/volumes/%" PRId64, item->id));
	jout_open(j, '{');
	jout_kv_text(j, "verdict", line_verdict_word(item->verdict));
	jout_kv_int(j, "id", item->id);
	jout_kv_text(j, "publicId", item->line.public_id);
	jout_kv_int(j, "version", item->version);
	if (*item->reason)
		jout_kv_text(j, "reason", item->reason);
	jout_close(j);
	accept(en);
}

/* Sent twice at once: answered as the first one was. */
static void follow_twin(struct entry *en)
{
	const struct merged *first = en->twin->merged;
	struct merged *m = en->merged;
	if (!text_eq(en->key.request, en->twin->key.request)) {
		idempotency_refuse(&en->key, &m->err);
		refuse(en);
	} else if (!first->is_done) {
		m->err = first->err;
		refuse(en);
	} else {
		jout_raw(reply_json(m->rp), first->rp->body.data);
		m->rp->status = first->rp->status;
		for (size_t h = 0; h < first->rp->header_count; h++)
			if (text_eq(first->rp->headers[h].name, "Location"))
				reply_header(m->rp, "Location", first->rp->headers[h].value);
		reply_header(m->rp, "Idempotency-Replayed", "true");
		accept(en);
	}
}

/* What is new among them is written; the others have been answered. */
static bool write_new(
	struct line_writer *w, struct arena *a, struct entry *list, size_t count, struct err *e)
{
	struct line_item *items = arena_array(a, struct line_item, count);
	struct entry **of = arena_array(a, struct entry *, count);
	size_t n = 0;
	for (size_t i = 0; i < count; i++) {
		if (list[i].is_over || list[i].twin)
			continue;
		items[n] = list[i].item;
		of[n++] = &list[i];
	}
	if (n && !line_write(w, a, items, n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		of[i]->item = items[i];
		answer(of[i]);
	}
	return true;
}

static bool find_kept(struct entry *list, struct idempotent *keys, size_t count, struct err *e)
{
	for (size_t i = 0; i < count; i++)
		keys[i] = list[i].key;
	if (!idempotency_find(keys, count, e))
		return false;
	for (size_t i = 0; i < count; i++) {
		list[i].key = keys[i];
		if (keys[i].is_other && !list[i].is_over) {
			idempotency_refuse(&keys[i], &list[i].merged->err);
			refuse(&list[i]);
		} else if (keys[i].is_answered) {
			accept(&list[i]);
		}
	}
	return true;
}

/* Requests of one person. */
static bool write_group(struct entry *list, size_t count, struct err *e)
{
	struct request *first = list[0].merged->rq;
	struct arena *a = first->arena;
	struct db *db = first->state;
	struct line_writer w;
	struct idempotent *keys = arena_array(a, struct idempotent, count);
	find_twins(list, count);
	if (!line_write_begin(a, db, first->who->is_token ? "api" : "page", &w, e) ||
		!find_kept(list, keys, count, e) || !write_new(&w, a, list, count, e))
		return false;
	size_t kept = 0;
	for (size_t i = 0; i < count; i++) {
		if (list[i].twin && !list[i].is_over)
			follow_twin(&list[i]);
		else if (list[i].merged->is_done)
			keys[kept++] = list[i].key;
	}
	return idempotency_keep(keys, kept, e) && line_write_end(&w, e);
}

/* Organisations in order, because each is locked; a token is apart from a session. */
static int by_person(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	const struct identity *p = x->merged->rq->who, *q = y->merged->rq->who;
	if (p->organisation != q->organisation)
		return p->organisation < q->organisation ? -1 : 1;
	if (p->person != q->person)
		return p->person < q->person ? -1 : 1;
	if (p->is_token != q->is_token)
		return p->is_token ? 1 : -1;
	return x->place < y->place ? -1 : 1;
}

static bool is_same_person(const struct entry *a, const struct entry *b)
{
	const struct identity *x = a->merged->rq->who, *y = b->merged->rq->who;
	return x->person == y->person && x->is_token == y->is_token;
}

bool line_create_merged(struct merged *list, size_t count, struct err *e)
{
	struct arena *a = list[0].rq->arena;
	struct entry *entries = arena_array(a, struct entry, count);
	for (size_t i = 0; i < count; i++)
		read_entry(&entries[i], &list[i], i);
	qsort(entries, count, sizeof *entries, by_person);
	for (size_t first = 0, end; first < count; first = end) {
		for (end = first + 1;
			end < count && is_same_person(&entries[first], &entries[end]);)
			end++;
		if (count > 1 && !act_as(list[0].rq, entries[first].merged->rq->who, e))
			return false;
		if (!write_group(&entries[first], end - first, e))
			return false;
	}
	return true;
}

bool line_create(struct request *rq, struct reply *rp, struct err *e)
{
	struct merged alone = {.rq = rq, .rp = rp};
	if (!line_create_merged(&alone, 1, e))
		return hide_words(rq, "line_create", e);
	if (!alone.is_done)
		*e = alone.err;
	return alone.is_done;
}
