/* Small text tools: strict number parsing, UTF-8, and numbers as the French write them. */
#ifndef RECIRCUIT_TEXT_H
#define RECIRCUIT_TEXT_H

#include "arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool text_eq(const char *a, const char *b);
bool text_starts(const char *s, const char *prefix);

/* The whole text is the number: no blanks, no trailing characters, no NaN, no infinity, no
 * overflow. The decimal point is a dot whatever the locale. */
bool text_to_int64(const char *s, int64_t *out);
bool text_to_double(const char *s, double *out);

/* Valid UTF-8 without zero bytes, overlong forms or surrogates (RFC 3629). */
bool text_is_utf8(const char *s, size_t n);

/* Drops the beginning of a UTF-8 character at the end of a text that was cut to fit; in place. */
void text_drop_half_character(char *s);

/* Makes a text that holds bytes from outside fit to be shown: the same, and « ? » for each byte that is not UTF-8; in
 * place. */
void text_repair(char *s);

/* Cut blanks at both ends, in place; returns the first kept character. */
char *text_trim(char *s);

/* 1234567.8 -> "1 234 567,8" with narrow no-break spaces (U+202F), for French readers. What is not
 * a finite number is a dash. */
char *text_french_number(struct arena *a, double value, int decimals);

/* 0.02105 -> "2,11 %" (no-break space): a gap is a promise, so it is rounded up, here as on the page. */
char *text_french_gap(struct arena *a, double gap);

/* Padded with blanks to `width` characters (code points, not bytes): on the left, or on the right
 * when the width is negative, as printf does for ASCII. */
char *text_pad(struct arena *a, const char *s, int width);

#endif
