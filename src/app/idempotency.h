/* Requests sent again with the same Idempotency-Key are answered as they were.
 *
 * The answer is kept in the transaction of what it answers, so that a client whose answer was lost
 * can ask again whatever happened in between. Only good answers are kept: what was refused changed
 * nothing, and is refused again. */
#ifndef RECIRCUIT_APP_IDEMPOTENCY_H
#define RECIRCUIT_APP_IDEMPOTENCY_H

#include "reply.h"
#include "request.h"

struct idempotent {
	struct request *rq;
	struct reply *rp;
	char request[65]; /* SHA-256 of method, address, type and body */
	bool is_answered; /* by what was kept */
	bool is_other;    /* the key has served another request: idempotency_refuse */
};

/* ERR_MALFORMED unless the key, if there is one, is 1 to 200 visible characters. */
must_use bool idempotency_read(
	struct request *rq, struct reply *rp, struct idempotent *i, struct err *e);

/* In the name of the organisation that the transaction works for. */
must_use bool idempotency_find(struct idempotent *list, size_t count, struct err *e);
must_use bool idempotency_keep(const struct idempotent *list, size_t count, struct err *e);

bool idempotency_refuse(const struct idempotent *i, struct err *e);

/* For a request alone, which fails when its key has served another. */
must_use bool idempotency_find_one(struct idempotent *i, struct err *e);

/* Calls the route's handler, unless the key has served this very request: its answer is then given again. Of two
 * requests at once with one key the second waits for the first. A visitor has no organisation, and so no keys. */
must_use bool idempotency_serve(struct request *rq, struct reply *rp, struct err *e);

#endif
