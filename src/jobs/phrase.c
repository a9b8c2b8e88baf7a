#include "phrase.h"

#include "text.h"

const char *phrase_millions(struct arena *a, double eur)
{
	return arena_printf(a, "%s\u00a0M€", text_french_number(a, eur / 1e6, 1));
}

const char *phrase_percent(struct arena *a, double share)
{
	return arena_printf(a, "%s\u00a0%%", text_french_number(a, 100 * share, 0));
}

const char *phrase_answer(const char *code)
{
	return text_eq(code, "viable")       ? "viable"
	       : text_eq(code, "not_viable") ? "non viable"
					     : "indécidé";
}

const char *phrase_list(struct arena *a, const char *const *names, size_t count)
{
	const char *list = count ? names[0] : "";
	for (size_t n = 1; n < count; n++)
		list = arena_printf(a, "%s%s%s", list, n + 1 < count ? ", " : " et ", names[n]);
	return list;
}

const char *phrase_name(const struct rows *rows, size_t of, size_t name, const char *code)
{
	for (size_t r = 0; r < rows->count; r++)
		if (text_eq(rows_text(rows, r, of), code))
			return rows_text(rows, r, name);
	return code;
}
