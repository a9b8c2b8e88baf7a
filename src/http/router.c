#include "router.h"

#include "text.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* One segment after another: equal, or a {name} that takes a positive integer without leading
 * zeros, so that each resource has one address. */
static bool match(const char *pattern, const char *path, int64_t values[REQUEST_PATH_VALUES])
{
	size_t taken = 0;
	while (*pattern && *path) {
		if (*pattern != '{') {
			if (*pattern++ != *path++)
				return false;
			continue;
		}
		char digits[20];
		size_t n = strcspn(path, "/");
		if (n >= sizeof digits || *path < '1' || *path > '9')
			return false;
		memcpy(digits, path, n);
		digits[n] = '\0';
		assert(taken < REQUEST_PATH_VALUES);
		if (!text_to_int64(digits, &values[taken++]))
			return false;
		path += n;
		pattern += strcspn(pattern, "}") + 1;
	}
	return !*pattern && !*path;
}

const struct route *router_find(const struct route_table *table, const char *method,
	const char *path, int64_t values[REQUEST_PATH_VALUES], char *allow, size_t size)
{
	const char *wanted = text_eq(method, "HEAD") ? "GET" : method;
	allow[0] = '\0';
	for (size_t i = 0; i < table->count; i++) {
		const struct route *r = &table->list[i];
		if (!match(r->pattern, path, values))
			continue;
		if (text_eq(r->method, wanted))
			return r;
		size_t len = strlen(allow);
		snprintf(allow + len, size - len, "%s%s", len ? ", " : "",
			text_eq(r->method, "GET") ? "GET, HEAD" : r->method);
	}
	return NULL;
}

bool route_is_safe(const struct route *route)
{
	return text_eq(route->method, "GET");
}

bool route_allows(const struct route *route, const struct identity *who, struct err *e)
{
	if (!route->roles && !route->needs_account)
		return true;
	bool has_role = !route->roles || route->roles & ROLE_BIT(who->role);
	if (!who->person && (!has_role || route->needs_account))
		return err_set(e, ERR_ANONYMOUS, "Il faut être connecté pour cela.");
	if (!has_role)
		return err_set(e, ERR_FORBIDDEN, "Votre compte (%s) ne permet pas cela.",
			role_label(who->role));
	if (who->is_token && !(who->scopes & route->scopes))
		return err_set(e, ERR_FORBIDDEN, "Ce jeton ne permet pas cela.");
	return true;
}
