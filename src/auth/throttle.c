#include "throttle.h"

#include "secret.h"
#include "text.h"

#include <arpa/inet.h>
#include <string.h>

/* Whoever holds an IPv6 address holds the 2^64 beside it. */
static const char *network_of(struct arena *a, const char *address)
{
	enum { NETWORK_BYTES = 8 };
	struct in6_addr v6;
	char text[INET6_ADDRSTRLEN];
	if (inet_pton(AF_INET6, address, &v6) != 1)
		return address;
	if (IN6_IS_ADDR_V4MAPPED(&v6))
		return inet_ntop(AF_INET, &v6.s6_addr[12], text, sizeof text)
			       ? arena_strdup(a, text)
			       : address;
	memset(&v6.s6_addr[NETWORK_BYTES], 0, sizeof v6.s6_addr - NETWORK_BYTES);
	return inet_ntop(AF_INET6, &v6, text, sizeof text) ? arena_printf(a, "%s/64", text)
							   : address;
}

static bool refuse(const struct rows *wait, struct err *e)
{
	int seconds = rows_int(wait, 0, 0) > 1 ? (int)rows_int(wait, 0, 0) : 1;
	if (seconds <= 60)
		err_set(e, ERR_THROTTLED,
			"Trop de mots de passe refusés. Réessayez dans %d seconde%s.", seconds,
			seconds > 1 ? "s" : "");
	else
		err_set(e, ERR_THROTTLED,
			"Trop de mots de passe refusés. Réessayez dans %d minutes.",
			(seconds + 59) / 60);
	e->retry_s = seconds;
	return false;
}

bool throttle_enter(struct arena *a, struct db *db, const char *login, const char *address,
	struct throttle *t, struct err *e)
{
	/* What was typed may be long, or a password typed in the wrong place: its hash is kept. */
	t->login = arena_printf(a, "login:%s", secret_hash(a, login));
	t->address = arena_printf(a, "address:%s", network_of(a, address));
	const char *params[] = {t->address, t->login};
	struct rows wait, counted;
	if (!db_query(a, db, "throttle_wait", params, 2, &wait, e))
		return false;
	if (rows_int(&wait, 0, 0) > 0)
		return refuse(&wait, e);
	if (!db_query(a, db, "throttle_count", params, 2, &counted, e))
		return false;
	if (counted.count == 2)
		return true;
	/* Somebody else's attempt came between. */
	return db_query(a, db, "throttle_wait", params, 2, &wait, e) && refuse(&wait, e);
}

bool throttle_leave(struct arena *a, struct db *db, const struct throttle *t, struct err *e)
{
	const char *params[] = {t->address, t->login};
	return db_query(a, db, "throttle_forgive", params, 2, NULL, e);
}
