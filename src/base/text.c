#include "text.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool text_eq(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

bool text_starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool text_to_int64(const char *s, int64_t *out)
{
	if (!isdigit((unsigned char)*s) && *s != '-')
		return false;
	char *end;
	errno = 0;
	long long v = strtoll(s, &end, 10);
	if (errno || end == s || *end)
		return false;
	*out = v;
	return true;
}

bool text_to_double(const char *s, double *out)
{
	/* strtod also accepts blanks, "inf", "nan" and hexadecimal: a figure is none of these. */
	if (!*s || s[strspn(s, "0123456789+-.eE")])
		return false;
	char *end;
	errno = 0;
	double v = strtod(s, &end);
	if (end == s || *end || !isfinite(v))
		return false;
	*out = v;
	return true;
}

/* Bytes of the character at p, of which there are `left` bytes at least one; 0: not UTF-8. */
static size_t character(const unsigned char *p, size_t left)
{
	unsigned char c = *p, low = 0x80, high = 0xBF;
	if (c < 0x80)
		return c != 0;
	size_t length = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
	if (c < 0xC2 || c > 0xF4 || left < length)
		return 0;
	if (c == 0xE0)
		low = 0xA0; /* overlong */
	else if (c == 0xED)
		high = 0x9F; /* surrogates */
	else if (c == 0xF0)
		low = 0x90; /* overlong */
	else if (c == 0xF4)
		high = 0x8F; /* beyond U+10FFFF */
	for (size_t i = 1; i < length; i++, low = 0x80, high = 0xBF)
		if (p[i] < low || p[i] > high)
			return 0;
	return length;
}

bool text_is_utf8(const char *s, size_t n)
{
	const unsigned char *p = (const unsigned char *)s, *end = p + n;
	while (p < end) {
		size_t length = character(p, (size_t)(end - p));
		if (!length)
			return false;
		p += length;
	}
	return true;
}

void text_repair(char *s)
{
	text_drop_half_character(s);
	for (char *end = s + strlen(s); s < end;) {
		size_t length = character((const unsigned char *)s, (size_t)(end - s));
		if (!length)
			*s = '?';
		s += length ? length : 1;
	}
}

void text_drop_half_character(char *s)
{
	size_t n = strlen(s), begin = n;
	while (begin && ((unsigned char)s[begin - 1] & 0xC0) == 0x80)
		begin--;
	if (!begin || (unsigned char)s[begin - 1] < 0xC0)
		return;
	unsigned char lead = (unsigned char)s[begin - 1];
	size_t more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
	if (n - begin < more)
		s[begin - 1] = '\0';
}

char *text_trim(char *s)
{
	while (isspace((unsigned char)*s))
		s++;
	char *end = s + strlen(s);
	while (end > s && isspace((unsigned char)end[-1]))
		end--;
	*end = '\0';
	return s;
}

char *text_french_gap(struct arena *a, double gap)
{
	return arena_printf(
		a, "%s\u00a0%%", text_french_number(a, ceil(gap * 1e4 - 1e-7) / 100, 2));
}

char *text_french_number(struct arena *a, double value, int decimals)
{
	static const char thin_space[] = "\u202f";
	char plain[400];
	if (!isfinite(value))
		return arena_strdup(a, "–");
	snprintf(plain, sizeof plain, "%.*f", decimals, fabs(value));
	size_t whole = strcspn(plain, ".");
	bool is_zero = strspn(plain, "0.") == strlen(plain);
	char *out = arena_alloc(a, strlen(plain) * sizeof thin_space + sizeof "\u2212");
	char *p = out;
	if (value < 0 && !is_zero)
		p = stpcpy(p, "\u2212");
	for (size_t i = 0; i < whole; i++) {
		if (i && (whole - i) % 3 == 0)
			p = stpcpy(p, thin_space);
		*p++ = plain[i];
	}
	if (plain[whole]) {
		*p++ = ',';
		p = stpcpy(p, plain + whole + 1);
	}
	*p = '\0';
	return out;
}

char *text_pad(struct arena *a, const char *s, int width)
{
	int shown = 0;
	for (const char *p = s; *p; p++)
		shown += ((unsigned char)*p & 0xC0) != 0x80; /* continuation bytes show nothing */
	int blanks = abs(width) > shown ? abs(width) - shown : 0;
	return width < 0 ? arena_printf(a, "%s%*s", s, blanks, "")
			 : arena_printf(a, "%*s%s", blanks, "", s);
}
