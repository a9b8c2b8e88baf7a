#include "err.h"

#include "text.h"

#include <stdio.h>
#include <string.h>

struct kind_facts {
	int exit_status, http_status;
	const char *title;
};

#define ERR_FACTS(kind, exit_status, http_status, title) [kind] = {exit_status, http_status, title},
static const struct kind_facts facts[] = {ERR_KINDS(ERR_FACTS)};
#undef ERR_FACTS

bool err_set(struct err *e, enum err_kind kind, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	e->kind = kind;
	vsnprintf(e->message, sizeof e->message, format, args);
	va_end(args);
	text_drop_half_character(e->message);
	return false;
}

bool err_prefix(struct err *e, const char *format, ...)
{
	char said[sizeof e->message];
	memcpy(said, e->message, sizeof said);
	va_list args;
	va_start(args, format);
	int n = vsnprintf(e->message, sizeof e->message, format, args);
	va_end(args);
	if (n >= 0 && (size_t)n < sizeof e->message)
		snprintf(e->message + n, sizeof e->message - (size_t)n, "%s", said);
	text_drop_half_character(e->message);
	return false;
}

int err_exit_status(enum err_kind kind)
{
	return facts[kind].exit_status;
}

int err_http_status(enum err_kind kind)
{
	return facts[kind].http_status;
}

const char *err_title(enum err_kind kind)
{
	return facts[kind].title;
}
