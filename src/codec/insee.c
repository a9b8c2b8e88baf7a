#include "insee.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

bool insee_is_code(const char *s)
{
	if (strlen(s) != INSEE_LENGTH || !isdigit((unsigned char)s[0]))
		return false;
	bool is_corsican = s[0] == '2' && (s[1] == 'A' || s[1] == 'B');
	return (is_corsican || isdigit((unsigned char)s[1])) && strspn(s + 2, "0123456789") == 3;
}

const char *insee_whole_city(const char *code)
{
	static const struct {
		const char *first, *last, *city;
	} cities[] = {
		{"13201", "13216", "13055"}, /* Marseille */
		{"69381", "69389", "69123"}, /* Lyon */
		{"75101", "75120", "75056"}, /* Paris */
	};
	for (size_t i = 0; i < sizeof cities / sizeof *cities; i++)
		if (strcmp(code, cities[i].first) >= 0 && strcmp(code, cities[i].last) <= 0)
			return cities[i].city;
	return code;
}

bool insee_read(const char *s, char code[static INSEE_LENGTH + 1])
{
	size_t length = strlen(s);
	bool lacks_zero = length == INSEE_LENGTH - 1 && isdigit((unsigned char)*s);
	if (length != INSEE_LENGTH && !lacks_zero)
		return false;
	char *p = code;
	if (lacks_zero)
		*p++ = '0';
	for (; *s; s++)
		*p++ = (char)toupper((unsigned char)*s);
	*p = '\0';
	if (!insee_is_code(code))
		return false;
	memmove(code, insee_whole_city(code), INSEE_LENGTH);
	return true;
}
