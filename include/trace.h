/* What is done to accounts leaves an entry in the audit, in the same transaction: in the chain of the
 * organisation of who acts, or, from the command line, where nobody is connected, of the one concerned. */
#ifndef RECIRCUIT_TRACE_H
#define RECIRCUIT_TRACE_H

#include "db.h"

/* `details` are names and values, ended by a null name; a null value is left out. */
must_use bool trace_account(struct arena *a, struct db *db, const char *organisation,
	const char *action, const char *const *details, struct err *e);

#endif
