/* Passwords: argon2id, at a cost of about a tenth of a second and 46 MiB each time, so that a stolen
 * table is of little use. To be called where that may be waited for (route.is_costly). */
#ifndef RECIRCUIT_PASSWORD_H
#define RECIRCUIT_PASSWORD_H

#include "arena.h"
#include "err.h"

#include <stdbool.h>

enum {
	PASSWORD_LEAST = 12, /* characters */
	PASSWORD_MOST = 200, /* bytes */
};

/* ERR_INVALID for a password that is too short, too long, or that its login gives away. */
must_use bool password_check_strength(const char *password, const char *login, struct err *e);

/* ERR_UNAVAILABLE when memory is out. */
must_use bool password_hash(
	struct arena *a, const char *password, const char **hash, struct err *e);

/* Whether the hash is that of the password. A null hash is nobody's: false, after as long. */
bool password_is(const char *hash, const char *password);

#endif
