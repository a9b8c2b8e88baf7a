#include "audit_check.h"

#include "buf.h"
#include "digest.h"
#include "text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HASH = 32, PAGE = 500, LINES_PAGE = 5000 };

static const char nothing[] = "0000000000000000000000000000000000000000000000000000000000000000";

/* One chain on its way. `page` is the arena of the rows at hand. */
struct check {
	struct arena *arena, *page;
	struct db *db;
	struct audit_chain *chain;
	struct audit_report *report;
	size_t faults_before;
	int64_t seq;               /* of the last entry seen */
	char hash[2 * HASH + 1];   /* its hash, as stored */
	char before[2 * HASH + 1]; /* that of the entry before it */
	bool is_sound;             /* it makes its own hash */
	bool is_shifted; /* an entry was put in: those behind it have other numbers than they had */
};

static void put_fault(struct check *c, int64_t entry, const char *line, const char *said)
{
	struct audit_report *r = c->report;
	if (r->count - c->faults_before == AUDIT_FAULTS)
		return;
	struct audit_fault *more = arena_array(c->arena, struct audit_fault, r->count + 1);
	if (r->count)
		memcpy(more, r->faults, r->count * sizeof *more);
	r->faults = more;
	r->faults[r->count++] = (struct audit_fault){c->chain->organisation, entry,
		line ? arena_strdup(c->arena, line) : NULL, arena_strdup(c->arena, said)};
}

static void put_raw(struct buf *b, const char *hex)
{
	for (size_t i = 0; hex[i] && hex[i + 1]; i += 2) {
		char byte[3] = {hex[i], hex[i + 1], '\0'};
		buf_putc(b, (char)strtol(byte, NULL, 16));
	}
}

/* ---- Entries ---- */

static bool makes_its_hash(
	struct check *c, const char *previous, const char *text, const char *hash)
{
	struct buf b;
	char made[65];
	buf_init(&b, c->page, BUF_NO_LIMIT);
	put_raw(&b, previous);
	buf_puts(&b, text);
	digest_sha256(b.data, b.len, made);
	return text_eq(made, hash);
}

static void check_entry(struct check *c, const struct rows *rows, size_t r)
{
	int64_t seq = rows_int(rows, r, 0);
	const char *previous = rows_text(rows, r, 2), *hash = rows_text(rows, r, 3);
	bool is_sound = makes_its_hash(c, previous, rows_text(rows, r, 1), hash);
	bool is_gap = seq != c->seq + 1, follows = text_eq(previous, c->hash);
	if (seq > c->chain->head && !c->is_shifted)
		put_fault(c, seq, NULL, "a été ajoutée après la fin de la chaîne");
	if (is_gap)
		put_fault(c, c->seq + 1, NULL,
			seq == c->seq + 2
				? "a été supprimée"
				: arena_printf(c->page,
					  "a été supprimée, et les suivantes jusqu’à la %" PRId64,
					  seq - 1));
	if (!is_sound && !is_gap && !follows && c->seq && text_eq(previous, c->before)) {
		put_fault(c, c->seq, NULL, "a été insérée : les suivantes ont été décalées");
		c->is_shifted = true;
	} else if (!is_sound && !(c->is_shifted && follows))
		put_fault(c, seq, NULL, "a été modifiée");
	else if (is_sound && !is_gap && !follows && c->is_sound)
		/* Whole in itself, but not the one that this one was written after. */
		put_fault(c, c->seq ? c->seq : seq, NULL, "a été remplacée");
	memcpy(c->before, c->hash, sizeof c->before);
	snprintf(c->hash, sizeof c->hash, "%s", hash);
	c->seq = seq;
	c->is_sound = is_sound;
	c->chain->entries++;
}

static void check_end(struct check *c)
{
	int64_t head = c->chain->head;
	if (c->seq < head)
		put_fault(c, c->seq + 1, NULL,
			c->seq + 1 == head
				? "a été supprimée"
				: arena_printf(c->page,
					  "a été supprimée, et les suivantes jusqu’à la %" PRId64,
					  head));
	else if (c->seq == head && c->is_sound && !text_eq(c->hash, c->chain->hash))
		put_fault(c, head, NULL, "a été remplacée, ou la tête de la chaîne modifiée");
}

/* ---- Lines ---- */

/* The entry whose lines are being read, and their digests so far. */
struct sum {
	const struct rows *entries;
	size_t at; /* row of that entry */
	struct buf digests;
};

static void end_sum(struct check *c, struct sum *s)
{
	const char *wanted =
		rows_is_null(s->entries, s->at, 4) ? "" : rows_text(s->entries, s->at, 4);
	char made[65] = "";
	if (s->digests.len)
		digest_sha256(s->digests.data, s->digests.len, made);
	if (!text_eq(made, wanted))
		put_fault(c, rows_int(s->entries, s->at, 0), NULL,
			"n’a plus les lignes qu’elle a enregistrées : une de plus, une de moins ou "
			"une autre");
	s->digests.len = 0;
	s->at++;
}

/* Entries up to `entry`, which has lines to come, are over. */
static void go_to(struct check *c, struct sum *s, int64_t entry)
{
	while (s->at < s->entries->count && rows_int(s->entries, s->at, 0) < entry)
		end_sum(c, s);
}

static void check_line(struct check *c, struct sum *s, const struct rows *lines, size_t r)
{
	int64_t entry = rows_int(lines, r, 0);
	const char *name = rows_text(lines, r, 3), *text = rows_text(lines, r, 4);
	char made[65];
	go_to(c, s, entry);
	digest_sha256(text, strlen(text), made);
	if (!text_eq(made, rows_text(lines, r, 5)))
		put_fault(c, entry, name,
			arena_printf(
				c->page, "a été modifiée (version %s)", rows_text(lines, r, 2)));
	if (s->at < s->entries->count && rows_int(s->entries, s->at, 0) == entry)
		put_raw(&s->digests, rows_text(lines, r, 5));
	else
		put_fault(c, entry, name, "n’a plus son entrée");
	c->chain->lines++;
}

/* Those of entries first to last, which `entries` holds. */
static bool check_lines(
	struct check *c, const struct rows *entries, int64_t first, int64_t last, struct err *e)
{
	struct sum s = {.entries = entries};
	struct rows lines;
	const char *params[] = {c->chain->organisation, arena_printf(c->page, "%" PRId64, first),
		arena_printf(c->page, "%" PRId64, last), "0", "0", "0",
		arena_printf(c->page, "%d", LINES_PAGE)};
	buf_init(&s.digests, c->page, BUF_NO_LIMIT);
	do {
		if (!db_query(c->page, c->db, "audit_lines", params, 7, &lines, e))
			return false;
		for (size_t r = 0; r < lines.count; r++)
			check_line(c, &s, &lines, r);
		if (lines.count)
			for (size_t p = 0; p < 3; p++)
				params[3 + p] = rows_text(&lines, lines.count - 1, p);
	} while (lines.count == LINES_PAGE);
	go_to(c, &s, INT64_MAX);
	return true;
}

/* ---- Whole chains ---- */

static bool check_chain(struct check *c, struct err *e)
{
	struct rows entries;
	c->faults_before = c->report->count;
	snprintf(c->hash, sizeof c->hash, "%s", nothing);
	c->is_sound = true;
	do {
		arena_reset(c->page);
		const char *params[] = {c->chain->organisation,
			arena_printf(c->page, "%" PRId64, c->seq),
			arena_printf(c->page, "%d", PAGE)};
		int64_t first = c->seq + 1;
		if (!db_query(c->page, c->db, "audit_entries", params, 3, &entries, e))
			return false;
		for (size_t r = 0; r < entries.count; r++)
			check_entry(c, &entries, r);
		bool is_last = entries.count < PAGE;
		/* Lines of entries that are gone are somewhere too. */
		if (!c->is_shifted &&
			!check_lines(c, &entries, first, is_last ? INT64_MAX : c->seq, e))
			return false;
	} while (entries.count == PAGE);
	check_end(c);
	return true;
}

static void release_arena(void *arena)
{
	arena_free(arena);
}

bool audit_check(struct arena *a, struct db *db, const char *organisation,
	struct audit_report *report, struct err *e)
{
	struct rows rows;
	struct arena *page = arena_new();
	arena_defer(a, release_arena, page);
	*report = (struct audit_report){0};
	if (!db_script(db, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", e) ||
		!db_query(a, db, "audit_chains", &organisation, 1, &rows, e))
		return false;
	report->chains = arena_array(a, struct audit_chain, rows.count);
	report->chain_count = rows.count;
	for (size_t r = 0; r < rows.count; r++) {
		struct audit_chain *chain = &report->chains[r];
		*chain = (struct audit_chain){.organisation = rows_text(&rows, r, 0),
			.name = rows_text(&rows, r, 1),
			.head = rows_int(&rows, r, 2),
			.hash = rows_text(&rows, r, 3)};
		struct check c = {
			.arena = a, .page = page, .db = db, .chain = chain, .report = report};
		if (!check_chain(&c, e))
			return false;
	}
	return true;
}
