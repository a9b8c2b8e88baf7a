/* Real collection points from a file people already have, in place of the estimated ones.
 *
 *	struct point_import_options o = {.closes_missing = true};
 *	struct point_report report;
 *	if (!point_import(a, db, bytes, len, &o, &report, e)) ...	nothing was recorded
 *	for (size_t i = 0; i < report.count; i++) show(&report.lines[i]);
 *
 * The file (CSV, see csv.h) is SINOE's `annuaire des déchèteries`: one line per site and survey
 * year, of which the latest counts, and a site that the latest survey of the file no longer has is
 * left out; or the `acteurs` of Que faire de mes objets, of which those count that take electrical
 * equipment back. Its columns tell. Every line has a verdict; good lines are recorded whatever the others are. Importing the
 * same file again changes nothing. A département with real déchèteries keeps no estimated one. */
#ifndef RECIRCUIT_POINT_IMPORT_H
#define RECIRCUIT_POINT_IMPORT_H

#include "arena.h"
#include "db.h"
#include "err.h"

#include <stdbool.h>
#include <stddef.h>

/*	verdict		one		several */
#define POINT_VERDICTS(X) \
	X(POINT_CREATED, "créé", "créés") /* a point we did not know */ \
	X(POINT_CHANGED, "modifié", "modifiés") \
	X(POINT_SAME, "inchangé", "inchangés") \
	X(POINT_REFUSED, "refusé", "refusés") \
	X(POINT_GONE, "disparu", "disparus") /* absent from the latest survey of the file */ \
	X(POINT_OUTSIDE, "hors périmètre", "hors périmètre") /* overseas */ \
	X(POINT_OLDER, "remplacé", "remplacés") /* another line says the same site, later */ \
	X(POINT_MISSING, "absent", "absents")   /* known and open, not in the file; no line */ \
	X(POINT_CLOSED, "fermé", "fermés")      /* the same, closed as asked; no line */

#define POINT_ENUM(verdict, one, several) verdict,
enum point_verdict { POINT_VERDICTS(POINT_ENUM) POINT_VERDICT_COUNT };
#undef POINT_ENUM

const char *point_verdict_name(enum point_verdict verdict, size_t count);

struct point_line {
	size_t line; /* in the file; 0 without one */
	enum point_verdict verdict;
	bool is_warning; /* recorded, but worth a look: `remark` says why */
	/* "" where unknown. Texts from the file have no control characters. */
	const char *key, *name, *commune, *commune_name, *remark; /* remark in French */
};

struct point_report {
	struct point_line *lines; /* in the order of the file, then those without a line */
	size_t count;
	size_t verdicts[POINT_VERDICT_COUNT]; /* how many of each */
	size_t warnings;
	int survey_year;          /* the latest of the file; 0: it has no years */
	size_t estimated_closed;  /* estimated points that gave way */
	size_t estimated_opened;  /* those that came back, real ones being closed */
	size_t merges_proposed;   /* pairs with points of other directories, for people to decide */
	bool is_closing_withheld; /* asked for, but a line without a site may be the missing one */
};

struct point_import_options {
	bool is_dry_run;     /* everything is worked out, nothing is kept */
	bool closes_missing; /* closes our points that the file should have and does not */
};

/* One transaction. Fails, and records nothing, when the bytes are not such a file or the database
 * has no reference data. */
must_use bool point_import(struct arena *a, struct db *db, const char *bytes, size_t len,
	const struct point_import_options *o, struct point_report *report, struct err *e);

#endif
