/* The audit made anew, outside the database: every hash of every chain, every digest of every line.
 *
 *	struct audit_report report;
 *	if (!audit_check(a, db, NULL, &report, e)) ...		it could not be read
 *	for (size_t i = 0; i < report.count; i++) show(&report.faults[i]);
 *
 * A row that was changed, removed or put in is found at its place, also when whoever did it gave it a
 * hash that fits: the next entry, or the head, vouches for it. What no chain can show is one made
 * again whole, from the change to the head: note the head elsewhere (the report gives it). */
#ifndef RECIRCUIT_AUDIT_CHECK_H
#define RECIRCUIT_AUDIT_CHECK_H

#include "db.h"

struct audit_fault {
	const char *organisation; /* its id */
	int64_t entry;
	const char *line; /* publicId; null: the entry itself */
	const char *said; /* French: what is wrong with it */
};

struct audit_chain {
	const char *organisation, *name, *hash; /* of the head */
	int64_t head, entries, lines;
};

struct audit_report {
	struct audit_chain *chains;
	size_t chain_count;
	struct audit_fault *faults; /* the first AUDIT_FAULTS of each chain */
	size_t count;
};
enum { AUDIT_FAULTS = 100 };

/* Of one organisation (its id as text), or of all (null). In a transaction of its own, at its
 * beginning: it sees one moment. */
must_use bool audit_check(struct arena *a, struct db *db, const char *organisation,
	struct audit_report *report, struct err *e);

#endif
