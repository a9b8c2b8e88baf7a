#include "line_write.h"

#include "text.h"

#include <inttypes.h>
#include <string.h>

#define LINE_WORD(verdict, word, one, several) [verdict] = word,
static const char *const words[] = {LINE_VERDICTS(LINE_WORD)};
#undef LINE_WORD

const char *line_verdict_word(enum line_verdict verdict)
{
	return words[verdict];
}

const char *line_verdict_name(enum line_verdict verdict, size_t count)
{
#define LINE_NAMES(verdict, word, one, several) [verdict] = {one, several},
	static const char *const names[][2] = {LINE_VERDICTS(LINE_NAMES)};
#undef LINE_NAMES
	return names[verdict][count > 1];
}

static enum line_verdict verdict_of(const char *word)
{
	enum line_verdict v = 0;
	while (v < LINE_REJECTED && !text_eq(words[v], word))
		v++;
	return v;
}

/* ---- What statement line_write reads ---- */

static void put_int(struct jout *j, const char *key, int64_t v)
{
	if (v)
		jout_kv_int(j, key, v);
}

static void put_text(struct jout *j, const char *key, const char *s)
{
	if (s)
		jout_kv_text(j, key, s);
}

static void put_line(struct jout *j, size_t n, const struct line *l)
{
	static const char *const reasons[] = {
		[LINE_DECLARES] = NULL, [LINE_EDITS] = "EDIT", [LINE_CANCELS] = "CANCEL"};
	jout_open(j, '{');
	jout_kv_int(j, "n", (int64_t)n);
	put_text(j, "public_id", l->public_id);
	put_text(j, "reason", reasons[l->reason]);
	put_int(j, "point", l->point);
	jout_key(j, "municipalities"), jout_open(j, '[');
	for (size_t i = 0; i < l->municipality_count; i++)
		jout_text(j, l->municipalities[i]);
	jout_close(j);
	put_text(j, "flow", l->flow);
	put_text(j, "low_code", l->low_code);
	put_text(j, "day", l->day);
	put_int(j, "weight_kg", l->weight_kg);
	jout_kv_bool(j, "is_estimate", l->is_estimate);
	put_int(j, "volume_l", l->volume_l);
	put_text(j, "transport_mode", l->transport_mode);
	put_text(j, "description", l->description);
	if (l->pop != LINE_POP_UNSAID)
		jout_kv_bool(j, "is_pop", l->pop == LINE_POP_YES);
	put_text(j, "carrier_siret", l->carrier_siret);
	put_text(j, "carrier_name", l->carrier_name);
	put_text(j, "destination_siret", l->destination_siret);
	put_text(j, "destination_name", l->destination_name);
	put_text(j, "producer_siret", l->producer_siret);
	put_text(j, "producer_name", l->producer_name);
	put_text(j, "operation_code", l->operation_code);
	put_text(j, "operation_mode", l->operation_mode);
	jout_close(j);
}

/* ---- Runs of items that name no line twice ---- */

/* Places of items by public_id: open addressing, at most half full. */
struct names {
	const char **slots;
	size_t mask;
};

static struct names names_new(struct arena *a, size_t count)
{
	size_t size = 4;
	while (size < 2 * count)
		size *= 2;
	return (struct names){arena_array(a, const char *, size), size - 1};
}

/* False when it is there already. FNV-1a. */
static bool names_add(struct names *n, const char *name)
{
	uint64_t h = 14695981039346656037u;
	for (const char *s = name; *s; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211u;
	size_t i = (size_t)h & n->mask;
	for (; n->slots[i]; i = (i + 1) & n->mask)
		if (text_eq(n->slots[i], name))
			return false;
	n->slots[i] = name;
	return true;
}

/* Items from `first` up to the next one that names a line again; `count` at most. */
static size_t run_end(struct arena *a, const struct line_item *items, size_t first, size_t count)
{
	struct names names = names_new(a, count - first);
	size_t i = first;
	while (i < count && (items[i].reason || names_add(&names, items[i].line.public_id)))
		i++;
	return i;
}

static bool write_run(struct line_writer *w, struct arena *a, struct line_item *items, size_t first,
	size_t end, struct err *e)
{
	struct buf b;
	struct jout j;
	struct rows rows;
	buf_init(&b, a, BUF_NO_LIMIT);
	jout_init(&j, &b);
	jout_open(&j, '[');
	for (size_t i = first; i < end; i++)
		if (!items[i].reason)
			put_line(&j, i, &items[i].line);
	jout_close(&j);
	const char *params[] = {b.data, w->entry, w->channel};
	if (!db_query(a, w->db, "line_write", params, 3, &rows, e))
		return false;
	for (size_t r = 0; r < rows.count; r++) {
		struct line_item *item = &items[rows_int(&rows, r, 0)];
		item->verdict = verdict_of(rows_text(&rows, r, 1));
		item->reason = rows_text(&rows, r, 2);
		item->id = rows_int(&rows, r, 3);
		item->version = rows_int(&rows, r, 4);
	}
	return true;
}

/* ---- The three calls ---- */

bool line_write_begin(
	struct arena *a, struct db *db, const char *channel, struct line_writer *w, struct err *e)
{
	struct rows rows;
	*w = (struct line_writer){.arena = a, .db = db, .channel = channel};
	if (!db_query(a, db, "line_begin", NULL, 0, &rows, e))
		return false;
	w->entry = rows_text(&rows, 0, 0);
	return true;
}

bool line_write(struct line_writer *w, struct arena *a, struct line_item *items, size_t count,
	struct err *e)
{
	for (size_t i = 0; i < count; i++) {
		items[i].id = items[i].version = 0;
		if (items[i].reason)
			items[i].verdict = LINE_REJECTED;
	}
	for (size_t first = 0, end; first < count; first = end) {
		end = run_end(a, items, first, count);
		if (!write_run(w, a, items, first, end, e))
			return false;
	}
	for (size_t i = 0; i < count; i++)
		w->counts[items[i].verdict]++;
	return true;
}

void line_write_counts(const struct line_writer *w, struct jout *j)
{
	for (enum line_verdict v = 0; v < LINE_VERDICT_COUNT; v++)
		jout_kv_int(j, words[v], (int64_t)w->counts[v]);
}

bool line_write_end(struct line_writer *w, struct err *e)
{
	if (!w->counts[LINE_CREATED] && !w->counts[LINE_EDITED] && !w->counts[LINE_CANCELLED])
		return true; /* nothing has changed */
	struct buf b;
	struct jout j;
	buf_init(&b, w->arena, BUF_NO_LIMIT);
	jout_init(&j, &b);
	jout_open(&j, '{');
	line_write_counts(w, &j);
	jout_kv_text(&j, "channel", w->channel);
	jout_close(&j);
	const char *params[] = {b.data};
	return db_query(w->arena, w->db, "line_seal", params, 1, NULL, e);
}
