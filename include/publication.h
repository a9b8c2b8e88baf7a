/* Publishing a year of recorded lines as statistics: once, and so that nobody's figures follow.
 *
 *	struct publication_report r;
 *	if (!publication_make(a, db, 2025, is_dry_run, &r, e)) ...
 *
 * As the owner of the database, who sees all lines. */
#ifndef RECIRCUIT_PUBLICATION_H
#define RECIRCUIT_PUBLICATION_H

#include "db.h"

#include <stdbool.h>
#include <stddef.h>

struct publication_report {
	size_t territories, organisations;
	size_t shown, withheld, by_rule, empty; /* cells; by_rule: of those withheld */
};

/* One transaction. ERR_CONFLICT when the year is published already or not over. */
must_use bool publication_make(struct arena *a, struct db *db, int year, bool is_dry_run,
	struct publication_report *report, struct err *e);

#endif
