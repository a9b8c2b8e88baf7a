/* Secrets that are known by their hash alone: those of sessions and tokens. 256 random bits need no
 * slow hash: nobody guesses them. */
#ifndef RECIRCUIT_SECRET_H
#define RECIRCUIT_SECRET_H

#include "arena.h"

enum { SECRET_BYTES = 32 };

/* `prefix` and 43 characters of A-Z a-z 0-9 - _: 256 random bits. */
char *secret_new(struct arena *a, const char *prefix);

/* SHA-256 as PostgreSQL reads a bytea: \x and 64 digits. */
char *secret_hash(struct arena *a, const char *secret);

#endif
