/* Road distances from a router, in place of the great-circle rule.
 *
 *	struct distance_import_options o = {.name = "OSRM, novembre 2026"};
 *	struct distance_report report;
 *	if (!distance_import(a, db, bytes, len, &o, &report, e)) ...	nothing was recorded
 *
 * A CSV file (csv.h) of columns from, to, km and, where known, min. A place is the INSEE code of a
 * commune; at the start also a collection point (sinoe:1021), at the end also a site
 * (candidate:45234). One verdict a line; the good ones are kept. What a network does not find here
 * keeps to the rule. */
#ifndef RECIRCUIT_DISTANCE_IMPORT_H
#define RECIRCUIT_DISTANCE_IMPORT_H

#include "arena.h"
#include "db.h"
#include "err.h"

#include <stdbool.h>
#include <stddef.h>

/*	verdict			one		several */
#define DISTANCE_VERDICTS(X) \
	X(DISTANCE_CREATED, "créé", "créés") \
	X(DISTANCE_CHANGED, "modifié", "modifiés") \
	X(DISTANCE_SAME, "inchangé", "inchangés") \
	X(DISTANCE_REFUSED, "refusé", "refusés") \
	X(DISTANCE_OLDER, "remplacé", "remplacés") /* a later line says the same pair */

#define DISTANCE_ENUM(verdict, one, several) verdict,
enum distance_verdict { DISTANCE_VERDICTS(DISTANCE_ENUM) DISTANCE_VERDICT_COUNT };
#undef DISTANCE_ENUM

const char *distance_verdict_name(enum distance_verdict verdict, size_t count);

struct distance_line {
	size_t line;
	enum distance_verdict verdict;
	bool is_judged, is_warning;
	const char *from, *to, *remark; /* remark in French, "" without one */
	double km, minutes;             /* minutes: NaN when not said */
};

struct distance_report {
	struct distance_line *lines; /* in the order of the file */
	size_t count;
	size_t verdicts[DISTANCE_VERDICT_COUNT];
	size_t warnings;
};

struct distance_import_options {
	bool is_dry_run;
	const char *name;     /* of the matrix: importing under it again changes it */
	const char *scenario; /* id or code of the only one it is for; null: for all */
};

/* What the file says by itself: lines are refused or older, and is_judged, or still to be recorded. */
must_use bool distance_read(struct arena *a, const char *bytes, size_t len,
	struct distance_report *report, struct err *e);

/* One transaction. */
must_use bool distance_import(struct arena *a, struct db *db, const char *bytes, size_t len,
	const struct distance_import_options *o, struct distance_report *report, struct err *e);

#endif
