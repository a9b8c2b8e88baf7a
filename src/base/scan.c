#include "scan.h"

#include "text.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

struct scan scan_begin(const char *data, size_t len, struct err *e)
{
	return (struct scan){.begin = data, .at = data, .end = data + len, .e = e};
}

static size_t line_of(const struct scan *s)
{
	size_t line = 1;
	for (const char *p = s->begin; p < s->at; p++)
		line += *p == '\n';
	return line;
}

bool scan_wrong(struct scan *s, const char *format, ...)
{
	char words[sizeof s->e->message];
	va_list args;
	va_start(args, format);
	vsnprintf(words, sizeof words, format, args);
	va_end(args);
	if (!s->is_wrong)
		err_set(s->e, ERR_INVALID, "ligne %zu : %s", line_of(s), words);
	s->is_wrong = true;
	return false;
}

static bool separates(const struct scan *s, char c)
{
	return isspace((unsigned char)c) || (s->also && c == s->also);
}

size_t scan_word(struct scan *s, char word[static SCAN_WORD_MAX + 1])
{
	size_t n = 0;
	while (s->at < s->end && separates(s, *s->at))
		s->at++;
	for (; s->at < s->end && !separates(s, *s->at); n++) {
		char c = *s->at++;
		if (n < SCAN_WORD_MAX)
			word[n] = c;
	}
	word[n < SCAN_WORD_MAX ? n : SCAN_WORD_MAX] = '\0';
	return n;
}

size_t scan_peek(const struct scan *s, char word[static SCAN_WORD_MAX + 1])
{
	struct scan ahead = *s;
	return scan_word(&ahead, word);
}

double scan_number(struct scan *s, double least, double most, const char *what)
{
	char word[SCAN_WORD_MAX + 1];
	double value = 0;
	size_t n = s->is_wrong ? 0 : scan_word(s, word);
	if (!n)
		return scan_wrong(s, "le fichier s’arrête trop tôt, il manque %s", what);
	if (n > SCAN_WORD_MAX || !text_to_double(word, &value))
		return scan_wrong(s, "« %s » n’est pas un nombre valable (%s)", word, what);
	if (value < least && isinf(most))
		return scan_wrong(s, "%s vaut %.12g, moins de %g", what, value, least);
	if (value < least || value > most)
		return scan_wrong(
			s, "%s vaut %.12g, hors de %.12g à %.12g", what, value, least, most);
	return value;
}

void scan_numbers(
	struct scan *s, double *out, size_t count, double least, double most, const char *what)
{
	for (size_t n = 0; n < count && !s->is_wrong; n++)
		out[n] = scan_number(s, least, most, what);
}

size_t scan_count(struct scan *s, double least, double most, const char *what)
{
	double value = scan_number(s, least, most, what);
	if (value != floor(value))
		return scan_wrong(s, "%s doit être un nombre entier, pas %.12g", what, value);
	return (size_t)value;
}

void scan_skip_line(struct scan *s)
{
	const char *newline = memchr(s->at, '\n', (size_t)(s->end - s->at));
	s->at = newline ? newline + 1 : s->end;
}

bool scan_is_done(struct scan *s)
{
	while (s->at < s->end && isspace((unsigned char)*s->at))
		s->at++;
	return s->at == s->end;
}
