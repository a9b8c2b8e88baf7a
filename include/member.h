/* Accounts and the organisations they belong to: what the API and the command line share.
 *
 * Inside a transaction of the caller, who has the right (row-level security sees to it). Each change
 * leaves an entry in the audit. */
#ifndef RECIRCUIT_MEMBER_H
#define RECIRCUIT_MEMBER_H

#include "db.h"

struct member {
	int64_t organisation;
	const char *login, *name, *role, *password;
};

/* ERR_INVALID for a login, role or password that cannot be, ERR_CONFLICT for a login that is taken,
 * ERR_NOT_FOUND without such an organisation. */
must_use bool member_create(
	struct arena *a, struct db *db, const struct member *member, int64_t *id, struct err *e);

/* Null: as it is. */
struct member_change {
	const char *name, *role;
	const char *state; /* "active" or "disabled" */
	const char *password;
};

/* *rows is the account afterwards, one row of statement person_change. All but a new name end its
 * sessions. ERR_NOT_FOUND without such an account. */
must_use bool member_change(struct arena *a, struct db *db, int64_t id,
	const struct member_change *change, struct rows *rows, struct err *e);

/* siret may be null. ERR_INVALID for a SIRET that is mistyped, ERR_CONFLICT for a name or SIRET that
 * is taken. */
must_use bool member_add_organisation(struct arena *a, struct db *db, const char *name,
	const char *siret, const char *kind, int64_t *id, struct err *e);

/* Lets planners of an organisation see the lines of a territory; again is the same. Or no longer:
 * ERR_NOT_FOUND when they could not. */
must_use bool member_add_mandate(struct arena *a, struct db *db, int64_t organisation,
	const char *level, const char *code, struct err *e);
must_use bool member_end_mandate(struct arena *a, struct db *db, int64_t organisation,
	const char *level, const char *code, struct err *e);

/* Kinds of organisations and levels of territories, as in "region|departement|epci". */
#define MEMBER_KINDS  "authority|operator|eco_organisation|state|other"
#define MEMBER_LEVELS "region|departement|epci"

#endif
