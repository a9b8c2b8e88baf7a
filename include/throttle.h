/* Guessing passwords takes time: wrong ones are counted by account and by address, and after a few
 * each next one must wait twice as long.
 *
 *	throttle_enter(a, db, login, address, &gate, e)		ERR_THROTTLED: not yet
 *	... the password is looked at ...
 *	if (it was good) throttle_leave(a, db, &gate, e)	else the attempt stays counted
 *
 * In one transaction, committed whether or not the password was good. An attempt is counted before
 * the password is looked at, under a lock on both counters, so that attempts sent at once count one
 * after another. A login counts whether or not there is such an account. */
#ifndef RECIRCUIT_THROTTLE_H
#define RECIRCUIT_THROTTLE_H

#include "db.h"

struct throttle {
	const char *login, *address; /* the names of the two counters */
};

must_use bool throttle_enter(struct arena *a, struct db *db, const char *login, const char *address,
	struct throttle *t, struct err *e);
must_use bool throttle_leave(
	struct arena *a, struct db *db, const struct throttle *t, struct err *e);

#endif
