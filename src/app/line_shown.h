/* Lines that are shown: the filters of lists and files, and the audit of who reads them. */
#ifndef RECIRCUIT_APP_LINE_SHOWN_H
#define RECIRCUIT_APP_LINE_SHOWN_H

#include "db.h"
#include "line.h"
#include "request.h"

struct line_filter {
	const char *from, *to; /* days */
	const char *flow, *state, *public_id, *departement, *layout;
	int64_t point, organisation, after, limit;
};

#define LINE_FILTER_TEXT(word, member, least, most, text) \
	{ \
		word, FIELD_TEXT, .min = least, .max = most, .label = text, \
				  .offset = offsetof(struct line_filter, member) \
	}
#define LINE_FILTER_ID(word, member, text) \
	{ \
		word, FIELD_INT, .min = 1, .max = 9e15, .label = text, \
				 .offset = offsetof(struct line_filter, member) \
	}
#define LINE_FILTER_FIELDS \
	LINE_FILTER_TEXT("from", from, 10, 10, "premier jour, AAAA-MM-JJ"), \
		LINE_FILTER_TEXT("to", to, 10, 10, "dernier jour, AAAA-MM-JJ"), \
		LINE_FILTER_TEXT("flow", flow, 1, 40, "flux"), \
		{"state", FIELD_TEXT, .choices = "recorded|cancelled", .label = "état", \
			.offset = offsetof(struct line_filter, state)}, \
		LINE_FILTER_TEXT( \
			"publicId", public_id, 1, LINE_PUBLIC_ID_MOST, "identifiant de la ligne"), \
		LINE_FILTER_TEXT("departement", departement, 2, 2, "code du département"), \
		LINE_FILTER_ID("point", point, "point de collecte"), \
		LINE_FILTER_ID("organisation", organisation, "organisation"), \
		LINE_FILTER_ID("after", after, "dernière ligne de la page d’avant")

/* The last recorded first. Columns as derived.line_shown: the first two are the line's id and whose it
 * is. */
must_use bool line_shown_find(struct request *rq, const struct line_filter *f, struct rows *rows,
	bool *has_next, struct err *e);

/* An entry of the audit about those whose lines are read, if there are any, or all the same. */
must_use bool line_shown_audit(struct request *rq, const char *action, bool even_own,
	const struct rows *rows, struct err *e);

/* The address of the next page. */
const char *line_shown_next(const struct request *rq, int64_t last_id);

#endif
