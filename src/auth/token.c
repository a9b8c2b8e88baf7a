#include "token.h"

#include "buf.h"
#include "identity.h"
#include "secret.h"
#include "trace.h"

#include <inttypes.h>

static const char prefix[] = "rc_";
enum { HINT_CHARACTERS = 8 };

/* As PostgreSQL reads a text[]. */
static const char *scope_array(struct arena *a, unsigned scopes)
{
	struct buf b;
	buf_init(&b, a, BUF_NO_LIMIT);
	for (size_t i = 0; i < SCOPE_COUNT; i++)
		if (scopes & 1u << i)
			buf_printf(&b, "%c%s", b.len ? ',' : '{', scope_name(i));
	buf_putc(&b, '}');
	return b.data;
}

bool token_create(struct arena *a, struct db *db, const struct token_wish *wish, struct rows *rows,
	const char **secret, struct err *e)
{
	if (!wish->scopes)
		return err_set(
			e, ERR_INVALID, "Un jeton sert à quelque chose : donnez-lui une portée.");
	if (wish->days < 1 || wish->days > TOKEN_DAYS_MOST)
		return err_set(e, ERR_INVALID, "Un jeton dure de 1 à %d jours.", TOKEN_DAYS_MOST);
	*secret = secret_new(a, prefix);
	const char *params[] = {
		arena_printf(a, "%" PRId64, wish->person),
		wish->name,
		arena_strndup(a, *secret, HINT_CHARACTERS),
		secret_hash(a, *secret),
		scope_array(a, wish->scopes),
		arena_printf(a, "%" PRId64, wish->days),
	};
	if (!db_query(a, db, "token_create", params, 6, rows, e))
		return false;
	const char *details[] = {"token", rows_text(rows, 0, 0), "person", params[0], "name",
		wish->name, "scopes", params[4], NULL};
	return trace_account(a, db, wish->organisation, "tokens.create", details, e);
}

bool token_revoke(struct arena *a, struct db *db, const char *token, const char *person,
	const char *organisation, struct err *e)
{
	const char *params[] = {token, person};
	const char *details[] = {"token", token, "person", person, NULL};
	struct rows rows;
	if (!db_query(a, db, "token_revoke", params, 2, &rows, e))
		return false;
	if (!rows.count)
		return err_set(e, ERR_NOT_FOUND, "Ce jeton n’existe pas.");
	return trace_account(a, db, organisation, "tokens.revoke", details, e);
}
