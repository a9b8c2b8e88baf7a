/* Recording lines: the same for one, for a file and for an import.
 *
 *	struct line_writer w;
 *	if (!line_write_begin(a, db, "api", &w, e)) ...		others of the organisation wait from here
 *	while (...)
 *		if (!line_write(&w, b, items, count, e)) ...	each item has its verdict
 *	if (!line_write_end(&w, e)) ...				the entry of the audit
 *	(commit)
 *
 * All in one transaction, in the name of the person and the organisation it works for (app.person,
 * app.organisation). Lines are recorded in order: of two with one public_id, the second meets the
 * first. A line that is refused keeps no other from being recorded. */
#ifndef RECIRCUIT_LINE_WRITE_H
#define RECIRCUIT_LINE_WRITE_H

#include "db.h"
#include "jout.h"
#include "line.h"

/*	verdict		word		shown to people, one and several */
#define LINE_VERDICTS(X) \
	X(LINE_CREATED, "created", "créée", "créées") \
	X(LINE_UNCHANGED, "unchanged", "inchangée", "inchangées") \
	X(LINE_EDITED, "edited", "corrigée", "corrigées") \
	X(LINE_CANCELLED, "cancelled", "annulée", "annulées") \
	X(LINE_REJECTED, "rejected", "refusée", "refusées")

#define LINE_ENUM(verdict, word, one, several) verdict,
enum line_verdict { LINE_VERDICTS(LINE_ENUM) LINE_VERDICT_COUNT };
#undef LINE_ENUM

const char *line_verdict_word(enum line_verdict verdict);
const char *line_verdict_name(enum line_verdict verdict, size_t count);

struct line_item {
	struct line line;
	size_t number;      /* in its file; 0: without one */
	const char *reason; /* why it is refused, when that is known before; else null. After: what
			     * there is to say of the verdict, or "" */
	enum line_verdict verdict;
	int64_t id, version; /* 0 when it is rejected */
};

struct line_writer {
	struct arena *arena;
	struct db *db;
	const char *channel; /* page, api, import */
	const char *entry;   /* of the audit */
	size_t counts[LINE_VERDICT_COUNT];
};

must_use bool line_write_begin(
	struct arena *a, struct db *db, const char *channel, struct line_writer *w, struct err *e);

/* What the verdicts say lives in `a`. A few thousand items at most. */
must_use bool line_write(struct line_writer *w, struct arena *a, struct line_item *items,
	size_t count, struct err *e);

must_use bool line_write_end(struct line_writer *w, struct err *e);

/* "created": 12, ... inside an open object. */
void line_write_counts(const struct line_writer *w, struct jout *j);

#endif
