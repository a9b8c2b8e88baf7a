/* Who sent a request: what its headers carry, held against the database.
 *
 *	struct credential c = {.cookie = ..., .authorization = ...};
 *	if (!credential_identify(a, db, &c, &visitor, &who, e)) ...
 *
 * A token goes before a session; one that does not work is refused. A session that does not work is
 * nobody's: its holder is a visitor again. */
#ifndef RECIRCUIT_CREDENTIAL_H
#define RECIRCUIT_CREDENTIAL_H

#include "db.h"
#include "identity.h"

struct credential {
	const char *cookie, *authorization;     /* headers; null when absent */
	const char *host, *origin, *fetch_site; /* the same */
	bool is_https;                          /* as the client sees it */
	bool is_safe;                           /* the request changes nothing */
};

/* The cookie that carries a session's secret. */
#define CREDENTIAL_COOKIE "recircuit_session"

/* The secret of the session in a Cookie header; null without one. */
const char *credential_session(struct arena *a, const char *cookie);

/* A page of another site must not act through the browser of somebody who is connected here (CSRF):
 * ERR_FORBIDDEN for a request that changes something and comes from elsewhere, or, with a session,
 * does not say where it comes from. Requests with a token come from no browser. */
must_use bool credential_check_origin(struct arena *a, const struct credential *c, struct err *e);

/* Outside a transaction: the use is noted in one of its own. ERR_ANONYMOUS for a token that does
 * not work. */
must_use bool credential_identify(struct arena *a, struct db *db, const struct credential *c,
	const struct identity *visitor, const struct identity **who, struct err *e);

#endif
