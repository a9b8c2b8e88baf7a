#include "credential.h"

#include "secret.h"
#include "text.h"

#include <string.h>
#include <strings.h>

enum { SECRET_MOST = 200 /* bytes; ours are shorter */ };

const char *credential_session(struct arena *a, const char *cookie)
{
	static const char name[] = CREDENTIAL_COOKIE "=";
	for (const char *s = cookie; s && *s;) {
		s += strspn(s, "; \t");
		size_t n = strcspn(s, ";");
		if (strncmp(s, name, sizeof name - 1) == 0 && n < SECRET_MOST)
			return arena_strndup(a, s + sizeof name - 1, n - (sizeof name - 1));
		s += n;
	}
	return NULL;
}

/* What follows "Bearer "; null when another scheme is used. */
static const char *bearer(const char *authorization)
{
	static const char scheme[] = "Bearer ";
	if (strncasecmp(authorization, scheme, sizeof scheme - 1) != 0)
		return NULL;
	authorization += sizeof scheme - 1;
	return authorization + strspn(authorization, " ");
}

bool credential_check_origin(struct arena *a, const struct credential *c, struct err *e)
{
	if (c->is_safe || c->authorization)
		return true;
	bool is_ours = true;
	if (c->fetch_site)
		is_ours = text_eq(c->fetch_site, "same-origin");
	else if (c->origin)
		is_ours = c->host &&
			  text_eq(c->origin, arena_printf(a, "%s://%s",
						     c->is_https ? "https" : "http", c->host));
	else
		is_ours = !credential_session(a, c->cookie);
	return is_ours ||
	       err_set(e, ERR_FORBIDDEN, "Cette demande ne vient pas d’une page de ce service.");
}

static struct identity *identity_of(struct arena *a, const struct rows *rows, bool is_token)
{
	struct identity *who = arena_one(a, struct identity);
	who->person = rows_int(rows, 0, 0);
	who->organisation = rows_int(rows, 0, 1);
	who->name = rows_text(rows, 0, 3);
	if (!role_of(rows_text(rows, 0, 2), &who->role))
		who->role = ROLE_PUBLIC;
	who->is_token = is_token;
	return who;
}

static unsigned scopes_of(const char *list)
{
	unsigned scopes = 0;
	char name[64];
	for (; *list; list += *list == ',') {
		size_t n = strcspn(list, ",");
		if (n < sizeof name) {
			memcpy(name, list, n);
			name[n] = '\0';
			scopes |= scope_of(name);
		}
		list += n;
	}
	return scopes;
}

static bool identify_token(struct arena *a, struct db *db, const char *token,
	const struct identity **who, struct err *e)
{
	struct rows rows = {0};
	if (token && strlen(token) < SECRET_MOST) {
		const char *params[] = {secret_hash(a, token)};
		if (!db_query(a, db, "token_identify", params, 1, &rows, e))
			return false;
	}
	if (!rows.count)
		return err_set(e, ERR_ANONYMOUS,
			"Ce jeton n’est pas connu, est périmé, ou a été révoqué.");
	struct identity *found = identity_of(a, &rows, true);
	found->scopes = scopes_of(rows_text(&rows, 0, 4));
	*who = found;
	return true;
}

bool credential_identify(struct arena *a, struct db *db, const struct credential *c,
	const struct identity *visitor, const struct identity **who, struct err *e)
{
	*who = visitor;
	if (c->authorization)
		return identify_token(a, db, bearer(c->authorization), who, e);
	const char *session = credential_session(a, c->cookie);
	if (!session)
		return true;
	struct rows rows;
	const char *params[] = {secret_hash(a, session)};
	if (!db_query(a, db, "session_identify", params, 1, &rows, e))
		return false;
	if (rows.count)
		*who = identity_of(a, &rows, false);
	return true;
}
