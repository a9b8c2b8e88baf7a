#include "identity.h"

#include "text.h"

struct words {
	const char *name, *label;
};

#define WORDS(value, name, label) {name, label},
static const struct words roles[] = {ROLES(WORDS)};
static const struct words scopes[] = {SCOPES(WORDS)};
#undef WORDS

const char *role_name(enum role role)
{
	return roles[role].name;
}

const char *role_label(enum role role)
{
	return roles[role].label;
}

bool role_of(const char *name, enum role *role)
{
	for (size_t i = 0; i < ROLE_COUNT; i++) {
		if (!text_eq(roles[i].name, name))
			continue;
		*role = (enum role)i;
		return true;
	}
	return false;
}

const char *scope_name(size_t index)
{
	return scopes[index].name;
}

const char *scope_label(size_t index)
{
	return scopes[index].label;
}

enum scope scope_of(const char *name)
{
	for (size_t i = 0; i < SCOPE_COUNT; i++)
		if (text_eq(scopes[i].name, name))
			return (enum scope)(1u << i);
	return SCOPE_NONE;
}
