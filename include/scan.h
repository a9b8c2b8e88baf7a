/* The words and numbers of a text file, one after another. The first that is wrong is the error; what is read after it is 0.
 *
 *	struct scan s = scan_begin(data, len, e);
 *	size_t sites = scan_count(&s, 1, 1000, "le nombre de sites");
 *	for (size_t j = 0; j < sites; j++)
 *		fixed[j] = scan_number(&s, 0, INFINITY, "le coût fixe d’un site");
 *	if (s.is_wrong)
 *		return false;
 *
 * White space separates; line breaks mean nothing but tell the reader where an error is. Errors are ERR_INVALID and name
 * the line. */
#ifndef RECIRCUIT_SCAN_H
#define RECIRCUIT_SCAN_H

#include "err.h"

#include <stddef.h>

enum { SCAN_WORD_MAX = 63 }; /* characters; longer words are cut, and no numbers */

struct scan {
	const char *begin, *at, *end;
	char also; /* separates words too; 0: nothing else does */
	struct err *e;
	bool is_wrong;
};

struct scan scan_begin(const char *data, size_t len, struct err *e);

/* "ligne 12 : " and these words, unless something was wrong before. Returns false. */
bool scan_wrong(struct scan *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Its length; 0 at the end. */
size_t scan_word(struct scan *s, char word[static SCAN_WORD_MAX + 1]);
/* The same, and stays before it. */
size_t scan_peek(const struct scan *s, char word[static SCAN_WORD_MAX + 1]);

/* From `least` to `most`; `what` says in French what it is. */
double scan_number(struct scan *s, double least, double most, const char *what);
void scan_numbers(
	struct scan *s, double *out, size_t count, double least, double most, const char *what);
/* A whole one. */
size_t scan_count(struct scan *s, double least, double most, const char *what);

void scan_skip_line(struct scan *s);
/* Nothing but white space is left. */
bool scan_is_done(struct scan *s);

#endif
