/* Tokens: the keys with which programs act for a person, within scopes (identity.h). */
#ifndef RECIRCUIT_TOKEN_H
#define RECIRCUIT_TOKEN_H

#include "db.h"

enum { TOKEN_DAYS = 90, TOKEN_DAYS_MOST = 730 };

struct token_wish {
	int64_t person;
	const char *organisation; /* the person's */
	const char *name;         /* what it is for */
	unsigned scopes;          /* SCOPE_... */
	int64_t days;             /* until it expires */
};

/* Rows is one row of statement token_create; *secret is shown once and known to nobody after. */
must_use bool token_create(struct arena *a, struct db *db, const struct token_wish *wish,
	struct rows *rows, const char **secret, struct err *e);

/* ERR_NOT_FOUND when it is not that person's; again is the same. */
must_use bool token_revoke(struct arena *a, struct db *db, const char *token, const char *person,
	const char *organisation, struct err *e);

#endif
