/* A list of JSON objects as a file that a French spreadsheet opens at a click (csv.h), from a table of
 * columns; and the parameter `format` of the routes that offer one.
 *
 *	static const struct sheet_column columns[] = {{"Indicateur", "label", false}, ...};
 *	static const struct sheet sheet = SHEET("recircuit-verdict", "figures", columns);
 *	if (sheet_is_asked(rq))
 *		return sheet_write(rq, rp, &sheet, "12", json, e);	recircuit-verdict-12.csv */
#ifndef RECIRCUIT_APP_SHEET_H
#define RECIRCUIT_APP_SHEET_H

#include "reply.h"
#include "request.h"

struct sheet_column {
	const char *head, *key; /* "above.near.value": a member of a member */
	bool is_number;         /* what is not known is an empty cell */
};

struct sheet {
	const char *stem, *list; /* of the file's name; the member that holds the lines */
	const struct sheet_column *columns;
	size_t count;
};

#define SHEET(stem, list, columns) \
	{ \
		(stem), (list), (columns), sizeof(columns) / sizeof(columns)[0] \
	}

/* ?format=json|csv: the query of such a route. */
extern const struct record sheet_query;

bool sheet_is_asked(const struct request *rq);

must_use bool sheet_write(struct request *rq, struct reply *rp, const struct sheet *sheet,
	const char *number, const char *json, struct err *e);

#endif
