#include "idempotency.h"

#include "answer.h"
#include "digest.h"
#include "router.h"
#include "text.h"

#include <string.h>

enum { KEY_MOST = 200 };

bool idempotency_read(struct request *rq, struct reply *rp, struct idempotent *i, struct err *e)
{
	*i = (struct idempotent){.rq = rq, .rp = rp};
	const char *key = rq->idempotency_key;
	if (!key)
		return true;
	size_t length = 0;
	while (key[length] > ' ' && key[length] < 0x7f)
		length++;
	if (!length || key[length] || length > KEY_MOST)
		return err_set(e, ERR_MALFORMED,
			"Idempotency-Key doit compter de 1 à %d caractères visibles.", KEY_MOST);
	char body[65];
	digest_sha256(rq->bytes ? rq->bytes : "", rq->byte_count, body);
	const char *all = arena_printf(
		rq->arena, "%s\n%s\n%s\n%s", rq->method, rq->uri, rq->type ? rq->type : "", body);
	digest_sha256(all, strlen(all), i->request);
	return true;
}

bool idempotency_refuse(const struct idempotent *i, struct err *e)
{
	return err_set(e, ERR_INVALID,
		"Idempotency-Key « %s » a déjà servi à une autre demande : prenez une clé neuve.",
		i->rq->idempotency_key);
}

static void answer(struct idempotent *i, const struct rows *rows, size_t r)
{
	i->is_other = !text_eq(rows_text(rows, r, 1), i->request);
	i->is_answered = !i->is_other;
	if (i->is_other)
		return;
	jout_raw(reply_json(i->rp), rows_text(rows, r, 4));
	i->rp->status = (int)rows_int(rows, r, 2);
	if (!rows_is_null(rows, r, 3))
		reply_header(i->rp, "Location", rows_text(rows, r, 3));
	reply_header(i->rp, "Idempotency-Replayed", "true");
}

bool idempotency_find(struct idempotent *list, size_t count, struct err *e)
{
	if (!count)
		return true;
	struct request *rq = list[0].rq;
	struct buf keys;
	buf_init(&keys, rq->arena, BUF_NO_LIMIT);
	for (size_t i = 0; i < count; i++) {
		const char *key = list[i].rq->idempotency_key;
		if (!key)
			continue;
		buf_puts(&keys, keys.len ? ",\"" : "{\"");
		for (; *key; key++) {
			if (*key == '"' || *key == '\\')
				buf_putc(&keys, '\\');
			buf_putc(&keys, *key);
		}
		buf_putc(&keys, '"');
	}
	if (!keys.len)
		return true;
	buf_putc(&keys, '}');
	struct rows rows;
	const char *params[] = {keys.data};
	if (!ask(rq, "idempotency_find", params, 1, &rows, e))
		return false;
	for (size_t r = 0; r < rows.count; r++)
		for (size_t i = 0; i < count; i++)
			if (list[i].rq->idempotency_key &&
				text_eq(list[i].rq->idempotency_key, rows_text(&rows, r, 0)))
				answer(&list[i], &rows, r);
	return true;
}

static const char *location_of(const struct reply *rp)
{
	for (size_t h = 0; h < rp->header_count; h++)
		if (text_eq(rp->headers[h].name, "Location"))
			return rp->headers[h].value;
	return NULL;
}

bool idempotency_keep(const struct idempotent *list, size_t count, struct err *e)
{
	if (!count)
		return true;
	struct request *rq = list[0].rq;
	struct buf b;
	struct jout j;
	size_t kept = 0;
	buf_init(&b, rq->arena, BUF_NO_LIMIT);
	jout_init(&j, &b);
	jout_open(&j, '[');
	for (size_t i = 0; i < count; i++) {
		const struct idempotent *it = &list[i];
		if (!it->rq->idempotency_key || it->is_answered || it->is_other || !it->rp->type)
			continue;
		kept++;
		jout_open(&j, '{');
		jout_kv_text(&j, "key", it->rq->idempotency_key);
		jout_kv_text(&j, "request", it->request);
		jout_kv_int(&j, "status", it->rp->status);
		jout_kv_text(&j, "location", location_of(it->rp));
		jout_kv_text(&j, "answer", it->rp->body.data);
		jout_close(&j);
	}
	jout_close(&j);
	const char *params[] = {b.data};
	return !kept || ask(rq, "idempotency_keep", params, 1, NULL, e);
}

bool idempotency_find_one(struct idempotent *i, struct err *e)
{
	return idempotency_find(i, 1, e) && (!i->is_other || idempotency_refuse(i, e));
}

bool idempotency_serve(struct request *rq, struct reply *rp, struct err *e)
{
	struct idempotent key;
	if (!rq->idempotency_key || !rq->who->organisation)
		return rq->route->handler(rq, rp, e);
	const char *params[] = {rq->idempotency_key};
	if (!idempotency_read(rq, rp, &key, e) ||
		!ask(rq, "idempotency_wait", params, 1, NULL, e) || !idempotency_find_one(&key, e))
		return false;
	return key.is_answered || (rq->route->handler(rq, rp, e) && idempotency_keep(&key, 1, e));
}
