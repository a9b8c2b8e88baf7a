/* GET /api/volumes and /api/volumes/{id}: recorded lines. Whatever shows the lines of others is in the
 * audit. */
#include "answer.h"
#include "line_shown.h"
#include "routes.h"
#include "text.h"

#include <inttypes.h>

enum { PAGE_DEFAULT = 100, PAGE_MOST = 1000 };

/* ---- The filters, of lists and of files ---- */

static const struct line_filter defaults = {.limit = PAGE_DEFAULT};
static const struct field list_fields[] = {
	LINE_FILTER_FIELDS,
	{"limit", FIELD_INT, .min = 1, .max = PAGE_MOST, .label = "nombre de lignes par page",
		.offset = offsetof(struct line_filter, limit)},
};
const struct record line_list_query = RECORD(list_fields, struct line_filter, &defaults);

bool line_shown_find(struct request *rq, const struct line_filter *f, struct rows *rows,
	bool *has_next, struct err *e)
{
	struct arena *a = rq->arena;
	bool is_planner = rq->who->role == ROLE_PLANNER;
	if (f->organisation && !is_planner && f->organisation != rq->who->organisation)
		return err_set(
			e, ERR_FORBIDDEN, "Vous ne voyez que les lignes de votre organisation.");
	if ((f->from && !line_is_day(f->from)) || (f->to && !line_is_day(f->to)))
		return err_set(
			e, ERR_MALFORMED, "« from » et « to » sont des jours, comme 2026-11-29.");
	/* One more than the page tells whether there is a next one. */
	const char *params[] = {f->from, f->to, f->flow, f->point ? text_of_int(a, f->point) : NULL,
		f->state, f->public_id, f->departement, f->after ? text_of_int(a, f->after) : NULL,
		text_of_int(a, f->limit + 1),
		f->organisation ? text_of_int(a, f->organisation) : NULL};
	if (!(is_planner ? ask(rq, "line_list_all", params, 10, rows, e)
			 : ask(rq, "line_list", params, 9, rows, e)))
		return false;
	*has_next = rows->count > (size_t)f->limit;
	if (*has_next)
		rows->count = (size_t)f->limit;
	return true;
}

/* {3,17}: whose lines these are, but for the reader's own. */
static const char *others_in(const struct request *rq, const struct rows *rows, size_t *count)
{
	struct buf b;
	int64_t *seen = arena_array(rq->arena, int64_t, rows->count + 1);
	size_t n = 0;
	buf_init(&b, rq->arena, BUF_NO_LIMIT);
	for (size_t r = 0; r < rows->count; r++) {
		int64_t whose = rows_int(rows, r, 1);
		size_t i = 0;
		while (i < n && seen[i] != whose)
			i++;
		if (i < n || whose == rq->who->organisation)
			continue;
		seen[n++] = whose;
		buf_printf(&b, "%s%" PRId64, n > 1 ? "," : "{", whose);
	}
	*count = n;
	buf_putc(&b, '}');
	return n ? b.data : "{}";
}

bool line_shown_audit(struct request *rq, const char *action, bool even_own,
	const struct rows *rows, struct err *e)
{
	size_t others;
	const char *about = others_in(rq, rows, &others);
	if (!others && !even_own)
		return true;
	struct buf b;
	struct jout j;
	buf_init(&b, rq->arena, BUF_NO_LIMIT);
	jout_init(&j, &b);
	jout_open(&j, '{');
	jout_kv_text(&j, "address", rq->uri);
	jout_kv_int(&j, "lines", (int64_t)rows->count);
	jout_close(&j);
	const char *params[] = {action, b.data, about};
	return ask(rq, "audit_append", params, 3, NULL, e);
}

/* Letters, digits and what a date or an identifier has besides are themselves in an address. */
static void put_escaped(struct buf *b, const char *s)
{
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;
		bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
				(c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
		if (is_plain)
			buf_putc(b, (char)c);
		else
			buf_printf(b, "%%%02X", c);
	}
}

const char *line_shown_next(const struct request *rq, int64_t last_id)
{
	struct buf b;
	buf_init(&b, rq->arena, BUF_NO_LIMIT);
	buf_printf(&b, "%s?after=%" PRId64, rq->path, last_id);
	for (size_t i = 0; i < rq->pair_count; i++) {
		if (text_eq(rq->pairs[i].name, "after"))
			continue;
		buf_printf(&b, "&%s=", rq->pairs[i].name); /* a known name: nothing to escape */
		put_escaped(&b, rq->pairs[i].value);
	}
	return b.data;
}

bool line_list(struct request *rq, struct reply *rp, struct err *e)
{
	struct rows rows;
	bool has_next;
	if (!line_shown_find(rq, rq->query, &rows, &has_next, e) ||
		!line_shown_audit(rq, "lines.read", false, &rows, e))
		return false;
	struct jout *j = reply_json(rp);
	jout_open(j, '{');
	rows_as_list(&rows, "volumes", j);
	jout_key(j, "links"), jout_open(j, '[');
	if (has_next) {
		jout_open(j, '{');
		jout_kv_text(j, "rel", "next");
		jout_kv_text(j, "href", line_shown_next(rq, rows_int(&rows, rows.count - 1, 0)));
		jout_close(j);
	}
	jout_close(j), jout_close(j);
	return true;
}

bool line_get(struct request *rq, struct reply *rp, struct err *e)
{
	struct rows rows;
	const char *params[] = {text_of_int(rq->arena, rq->path_values[0])};
	if (!ask(rq, "line_versions", params, 1, &rows, e) || !found(&rows, "Cette ligne", e) ||
		!line_shown_audit(rq, "lines.read", false, &rows, e))
		return false;
	struct jout *j = reply_json(rp);
	jout_open(j, '{');
	for (size_t c = 0; c < rows.columns; c++) {
		jout_key(j, rows_column_name(&rows, c));
		rows_json_value(&rows, 0, c, j);
	}
	rows_as_list(&rows, "versions", j);
	jout_close(j);
	return true;
}

bool line_form(struct request *rq, struct reply *rp, struct err *e)
{
	struct rows rows;
	if (!ask(rq, "line_form", NULL, 0, &rows, e))
		return false;
	struct jout *j = reply_json(rp);
	jout_open(j, '{');
	for (size_t c = 0; c < rows.columns; c++) {
		jout_key(j, rows_column_name(&rows, c));
		rows_json_value(&rows, 0, c, j);
	}
	jout_key(j, "fields"), jout_open(j, '[');
	for (size_t i = 0; i < line_field_count(); i++) {
		struct line_field f = line_field(i);
		jout_open(j, '{');
		jout_kv_text(j, "name", f.name);
		jout_kv_text(j, "label", f.label);
		jout_kv_bool(j, "required", f.is_required);
		jout_close(j);
	}
	jout_close(j), jout_close(j);
	return true;
}
