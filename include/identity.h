/* Who is asking: a visitor, or a person by a session or a token, with a role.
 *
 * A route says which roles it is for (router.h); row-level security in the database says what they
 * see (sql/migrations/0008_people.sql). A new role or scope is a line here. */
#ifndef RECIRCUIT_IDENTITY_H
#define RECIRCUIT_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*	role		name in the database and the API	shown to people */
#define ROLES(X) \
	X(ROLE_PUBLIC, "public", "visiteur") \
	X(ROLE_READER, "reader", "lecteur") \
	X(ROLE_OPERATOR, "operator", "opérateur") \
	X(ROLE_PLANNER, "planner", "planificateur") \
	X(ROLE_ADMIN, "admin", "administrateur")

#define ROLE_ENUM(role, name, label) role,
enum role { ROLES(ROLE_ENUM) ROLE_COUNT };
#undef ROLE_ENUM

/* Sets of roles, as bits. */
#define ROLE_BIT(role) (1u << (role))
enum {
	ROLES_ALL = 0, /* everybody, visitors too */
	ROLES_MEMBERS = ROLE_BIT(ROLE_READER) | ROLE_BIT(ROLE_OPERATOR) | ROLE_BIT(ROLE_PLANNER) |
			ROLE_BIT(ROLE_ADMIN),
	ROLES_PLANNING = ROLE_BIT(ROLE_PLANNER) | ROLE_BIT(ROLE_ADMIN),
	ROLES_RECORDING = ROLE_BIT(ROLE_OPERATOR),
	ROLES_ADMIN = ROLE_BIT(ROLE_ADMIN),
};

/* What a token may be used for; a person who is connected needs none.
 *	scope			name			shown to people */
#define SCOPES(X) \
	X(SCOPE_VOLUMES_READ, "volumes:read", "lire les volumes") \
	X(SCOPE_VOLUMES_WRITE, "volumes:write", "enregistrer des volumes") \
	X(SCOPE_SCENARIOS_WRITE, "scenarios:write", "créer des scénarios et lancer des calculs")

#define SCOPE_ENUM(scope, name, label) scope##_INDEX,
enum { SCOPES(SCOPE_ENUM) SCOPE_COUNT };
#undef SCOPE_ENUM
#define SCOPE_ENUM(scope, name, label) scope = 1u << scope##_INDEX,
enum scope { SCOPE_NONE, SCOPES(SCOPE_ENUM) };
#undef SCOPE_ENUM

struct identity {
	enum role role;
	int64_t person, organisation; /* 0: a visitor, whatever the role */
	const char *name;             /* "" for a visitor */
	bool is_token;
	unsigned scopes; /* of the token */
};

const char *role_name(enum role role);
const char *role_label(enum role role);
bool role_of(const char *name, enum role *role);

/* By position: 0 to SCOPE_COUNT - 1. */
const char *scope_name(size_t index);
const char *scope_label(size_t index);
/* The bit of a name; SCOPE_NONE when there is none such. */
enum scope scope_of(const char *name);

#endif
